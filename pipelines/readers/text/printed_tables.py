"""Tables of a plain-text source: tab-separated rows under a caption, put together from their printed parts.

Which lines belong to a table is decided in `text_body`; here they become a `Table`. What a column means is not
decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipelines.document import Cell, Repair, Span, Table, TableRow, Text
from pipelines.readers.text.lines import Line, Place, cut

_CAPTION = re.compile(
    r"\s*((?:(?:supplement(?:ary|al)|appendix|online)\s+)?(?:table|tab\.|box|exhibit|chart)\s*"
    r"(?:[A-Z]{0,2}[.-]?\d{1,3}(?:[.-]\d{1,3})?[A-Za-z]?|[IVXLC]{1,7}))\b(\s*[.:|–—-]?\s*)",
    re.IGNORECASE,
)
_CONTINUED_CAPTION = re.compile(r"\(?\s*(?:continued|cont(?:inu)?ed|cont['’]?d?)\s*[.)]*\s*\.?", re.IGNORECASE)
_CONTINUED = re.compile(
    r"\s*\(\s*(?:table\s+\S{1,8}\s+)?(?:continued|cont\.?|cont['’]d)[^()]{0,40}\)\s*", re.IGNORECASE
)

_MAX_HEADER_ROWS = 6


@dataclass(slots=True)
class TableDraft:
    """A table while its parts are gathered. `parts` holds the rows of each printed part."""

    label: str | None
    caption: Text | None
    label_span: Span | None
    parts: list[list[Line]]
    footnotes: list[Text] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The offset after the last row."""
        return self.parts[-1][-1].span.end


@dataclass(frozen=True, slots=True)
class TableCaption:
    """A caption line taken apart; `is_continued` where it stands above a later part of the table."""

    label: str
    label_span: Span
    caption: Text | None
    is_continued: bool


def table_caption(line: Line) -> TableCaption | None:
    """The caption a line prints, if it begins as one; whether rows follow is for the caller to see."""
    found = _CAPTION.match(line.text)
    if not found:
        return None
    rest = cut(line.text, found.end(), len(line.text), line.start)
    label = " ".join(found.group(1).split())
    span = Span(line.start + found.start(1), line.start + found.end(1))
    is_continued = _CONTINUED_CAPTION.fullmatch(rest.value) is not None
    return TableCaption(label, span, rest if rest.value and not is_continued else None, is_continued)


def is_continued_mark(text: str) -> bool:
    """True for a line that prints only `(continued)`."""
    return len(text) < 80 and _CONTINUED.fullmatch(text) is not None


def build_table(draft: TableDraft, place: Place, repairs: list[Repair]) -> Table:
    """The table of a draft: parts joined, a header repeated at the head of a part given once.

    A row with fewer cells than the table has columns is filled up with empty cells at its end. Raises ReadError
    for a row with more.
    """
    parts = [[line.text.rstrip(" \r").split("\t") for line in part] for part in draft.parts]
    first = [_key(cells) for cells in parts[0]]
    n_repeated = [_common_head(first, [_key(cells) for cells in part]) for part in parts[1:]]
    n_headers = min((n for n in n_repeated if n), default=0) or _n_header_rows(parts[0])
    n_repeated = [min(n, n_headers) for n in n_repeated]
    width = _width(parts, n_headers, n_repeated)
    rows = []
    row_no = 0
    for part_no, part in enumerate(draft.parts, start=1):
        skip = n_repeated[part_no - 2] if part_no > 1 else 0
        for line in part[skip:]:
            row_no += 1
            is_header = part_no == 1 and row_no <= n_headers
            cells = _cells(line, is_header)
            while len(cells) > width and not cells[-1].text.value:
                cells.pop()
            if len(cells) > width:
                raise place.error(
                    line,
                    f"{draft.label or 'a table without a label'}, row {row_no} has {len(cells)} cells where the table "
                    f"has {width} columns; the first that is too many is {cells[width].text.value[:60]!r}.",
                    "Take the tab that is too many out of the row, or add the column to the header.",
                )
            cells.extend(Cell(Text("", ()), is_header=is_header) for _ in range(width - len(cells)))
            rows.append(TableRow(tuple(cells), part_no, is_header))
        if part_no > 1:
            repairs.append(
                Repair(
                    "table_parts_joined",
                    Span(draft.parts[part_no - 2][-1].span.end, part[min(skip, len(part) - 1)].start),
                    f"{draft.label or 'a table'}: part {part_no} was joined to the part before",
                )
            )
    start = draft.label_span.start if draft.label_span else draft.parts[0][0].start
    return Table(draft.label, draft.caption, tuple(rows), len(parts), Span(start, draft.end), tuple(draft.footnotes))


def _key(cells: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in cells)


def _common_head(first: list[tuple[str, ...]], part: list[tuple[str, ...]]) -> int:
    """How many rows at the head of a part repeat those of the first part, its last row never being one."""
    n = 0
    while n < min(len(first), len(part) - 1, _MAX_HEADER_ROWS) and first[n] == part[n]:
        n += 1
    return n


def _n_header_rows(rows: list[list[str]]) -> int:
    """How many rows head a table that is printed in one part.

    The first one does. A further one does where the rows above leave columns open under a cell that spans them,
    and it fills such a column and nothing in the first column, unless that is open too.
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


def _width(parts: list[list[list[str]]], n_headers: int, n_repeated: list[int]) -> int:
    """How many columns the table has: those of its header, or more where most rows of its body have more."""
    header = max(len(cells) for cells in parts[0][:n_headers])
    body = Counter(
        len(cells)
        for index, part in enumerate(parts)
        for cells in part[(n_repeated[index - 1] if index else n_headers) :]
    )
    if not body:
        return header
    commonest, count = max(body.items(), key=lambda item: (item[1], item[0]))
    return max(header, commonest) if count > 1 and 2 * count > body.total() else header


def _cells(line: Line, is_header: bool) -> list[Cell]:
    cells = []
    start = 0
    for text in line.text.split("\t"):
        cells.append(Cell(cut(text, 0, len(text), line.start + start), is_header=is_header))
        start += len(text) + 1
    return cells
