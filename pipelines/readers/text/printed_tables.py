"""Tables of a plain-text source: tab-separated rows under a caption, joined from their printed parts.

Takes the lines that `blocks` has collected for a table and gives a `Table`. The roles of columns are found in
`pipelines.extract.table_roles`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipelines.document import Cell, Repair, Span, Table, TableRow, Text
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.lines import Line, SourceName, cut

_MAX_HEADER_ROWS = 6


TABLE_NUMBER = r"(?:[A-Z]{0,2}[.-]?\d{1,3}(?:[.-]\d{1,3})?[A-Za-z]?|[IVXLC]{1,7})"
"""The number in the label of a table: `2`, `S3`, `A.1`, `IV`."""


@built_once
def _caption_start() -> re.Pattern[str]:
    return re.compile(
        rf"\s*((?:{any_phrase('table_label_prefix')}\s+)?{any_phrase('table_label')}\s*"
        rf"{TABLE_NUMBER})\b(\s*[.:|–—-]?\s*)",
        re.IGNORECASE,
    )


@built_once
def _continued_caption() -> re.Pattern[str]:
    return re.compile(rf"\(?\s*{any_phrase('continued_mark')}\s*[.)]*\s*\.?", re.IGNORECASE)


@built_once
def _continued_line() -> re.Pattern[str]:
    return re.compile(
        rf"\s*\(\s*(?:table\s+\S{{1,8}}\s+)?{any_phrase('continued_mark')}[^()]{{0,40}}\)\s*", re.IGNORECASE
    )


@dataclass(slots=True)
class TableDraft:
    """A table whose parts are being collected; `parts` has the rows of each printed part."""

    label: str | None
    caption: Text | None
    label_span: Span | None
    parts: list[list[Line]]
    footnotes: list[Text] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The offset of the end of the last row."""
        return self.parts[-1][-1].span.end


@dataclass(frozen=True, slots=True)
class TableCaption:
    """A caption line; `is_continued` if it is printed above a further part of the table."""

    label: str
    label_span: Span
    caption: Text | None
    is_continued: bool


def read_table_caption(line: Line) -> TableCaption | None:
    """The caption of a table in a line that begins like one. Whether rows follow is not checked."""
    match = _caption_start().match(line.text)
    if not match:
        return None
    rest = cut(line.text, match.end(), len(line.text), line.start)
    label = " ".join(match.group(1).split())
    span = Span(line.start + match.start(1), line.start + match.end(1))
    is_continued = _continued_caption().fullmatch(rest.value) is not None
    return TableCaption(label, span, rest if rest.value and not is_continued else None, is_continued)


def is_continued_mark(text: str) -> bool:
    """Whether a line is only `(continued)` or the like."""
    return len(text) < 80 and _continued_line().fullmatch(text) is not None


def build_table(draft: TableDraft, source: SourceName, repairs: list[Repair]) -> Table:
    """Join the parts of a table, without the headers that further parts repeat; adds a repair for each part joined.

    A row with fewer cells than the table has columns gets empty cells at its end. Raises ReadError for a row with more.
    """
    parts = [[line.text.rstrip(" \r").split("\t") for line in part] for part in draft.parts]
    first_part = [_squeeze(cells) for cells in parts[0]]
    n_repeated = [_count_repeated_rows(first_part, [_squeeze(cells) for cells in part]) for part in parts[1:]]
    n_headers = min((n for n in n_repeated if n), default=0) or _count_header_rows(parts[0])
    n_repeated = [min(n, n_headers) for n in n_repeated]
    width = _count_columns(parts, n_headers, n_repeated)
    rows = []
    row_no = 0
    for part_no, part in enumerate(draft.parts, start=1):
        skip = n_repeated[part_no - 2] if part_no > 1 else 0
        for line in part[skip:]:
            row_no += 1
            is_header = part_no == 1 and row_no <= n_headers
            cells = _split_cells(line, is_header)
            while len(cells) > width and not cells[-1].text.value:
                cells.pop()
            if len(cells) > width:
                raise source.error(
                    line,
                    f"{draft.label or 'a table without a label'}, row {row_no} has {len(cells)} cells, but the table "
                    f"has {width} columns; the first extra cell is {cells[width].text.value[:60]!r}.",
                    "Remove the extra tab from the row, or add the column to the header.",
                )
            cells.extend(Cell(Text("", ()), is_header=is_header) for _ in range(width - len(cells)))
            rows.append(TableRow(tuple(cells), part_no, is_header))
        if part_no > 1:
            repairs.append(
                Repair(
                    "table_parts_joined",
                    Span(draft.parts[part_no - 2][-1].span.end, part[min(skip, len(part) - 1)].start),
                    f"{draft.label or 'a table'}: part {part_no} was joined to the previous part",
                )
            )
    start = draft.label_span.start if draft.label_span else draft.parts[0][0].start
    return Table(draft.label, draft.caption, tuple(rows), len(parts), Span(start, draft.end), tuple(draft.footnotes))


def _squeeze(cells: list[str]) -> tuple[str, ...]:
    """The cells without differences in white space, to compare rows."""
    return tuple(" ".join(cell.split()) for cell in cells)


def _count_repeated_rows(first: list[tuple[str, ...]], part: list[tuple[str, ...]]) -> int:
    """The number of rows at the start of a part that repeat those of the first part; its last row is not counted."""
    n = 0
    while n < min(len(first), len(part) - 1, _MAX_HEADER_ROWS) and first[n] == part[n]:
        n += 1
    return n


def _count_header_rows(rows: list[list[str]]) -> int:
    """The number of header rows of a table that is printed in one part.

    The first row is one. So is a further row if a cell of the rows above spans columns, and the row fills one of these
    columns, and fills the first column only if the rows above leave it empty.
    """
    if not rows:
        return 0
    filled = [bool(cell.strip()) for cell in rows[0]]
    n = 1
    while n < min(len(rows) - 1, _MAX_HEADER_ROWS):
        first_filled = next((index for index, is_filled in enumerate(filled) if is_filled), len(filled))
        spanned = [index for index in range(first_filled + 1, len(filled)) if not filled[index]]
        row = [bool(cell.strip()) for cell in rows[n]]
        row += [False] * (len(filled) - len(row))
        below = [index for index, is_filled in enumerate(row) if is_filled]
        fits = (
            bool(spanned)
            and any(row[index] for index in spanned)
            and (not row[0] or not filled[0])
            and all(not filled[index] or index + 1 in spanned or index == 0 for index in below if index < len(filled))
        )
        if not fits:
            break
        filled = [above or here for above, here in zip(filled, row, strict=False)]
        n += 1
    return n


def _count_columns(parts: list[list[list[str]]], n_headers: int, n_repeated: list[int]) -> int:
    """The number of columns: that of the header, or more if most rows of the body have more."""
    header = max(len(cells) for cells in parts[0][:n_headers])
    body = Counter(
        len(cells)
        for index, part in enumerate(parts)
        for cells in part[(n_repeated[index - 1] if index else n_headers) :]
    )
    if not body:
        return header
    most_common, count = max(body.items(), key=lambda item: (item[1], item[0]))
    return max(header, most_common) if count > 1 and 2 * count > body.total() else header


def _split_cells(line: Line, is_header: bool) -> list[Cell]:
    cells = []
    start = 0
    for text in line.text.split("\t"):
        cells.append(Cell(cut(text, 0, len(text), line.start + start), is_header=is_header))
        start += len(text) + 1
    return cells
