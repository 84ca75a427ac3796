"""The lines of a body in units that belong together by their form: text, captions, table rows, figures.

Takes lines and gives `Unit`s in reading order. Which paragraph or table a unit belongs to is decided in `blocks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.lines import Chunk, Line, split_chunks
from pipelines.readers.text.printed_tables import is_continued_mark, read_table_caption

UnitKind = Literal["text", "caption", "continued", "figure", "rows"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines of one kind: `caption` is that of a table, `continued` a line `(continued)`, `rows` have tabs."""

    kind: UnitKind
    lines: Chunk


@built_once
def _figure_caption() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_phrase('figure_label_prefix')}\s+)?{any_phrase('figure_label')}\s*"
        r"(?:[A-Z]?\d{1,3}[A-Za-z]?|[IVX]{1,5})\s*(?:[.:|]|\s[–—-])\s*(?=\S)(?![,;)]|(?-i:[a-z]))",
        re.IGNORECASE,
    )


def split_units(lines: list[Line]) -> list[Unit]:
    """The units of the body, in reading order; blank lines are left out."""
    units: list[Unit] = []
    chunks = split_chunks(lines)
    for number, chunk in enumerate(chunks):
        tabbed = [index for index, line in enumerate(chunk) if line.has_tab]
        if not tabbed:
            units.extend(_split_untabbed(chunk))
            continue
        first, last = _row_bounds(chunk, tabbed, units, chunks[number + 1] if number + 1 < len(chunks) else [])
        units.extend(_split_untabbed(chunk[:first]))
        rows = chunk[first:last]
        is_table = (
            len(rows) > 1
            or (units and units[-1].kind in ("caption", "continued", "rows"))
            or rows[0].text.strip().count("\t") > 1
        )
        if not any(line.text.strip() for line in rows):
            continue
        units.append(Unit("rows" if is_table else "text", rows))
        units.extend(_split_untabbed(chunk[last:]))
    return _check_captions(units)


def _row_bounds(chunk: Chunk, tabbed: list[int], units: list[Unit], following: Chunk) -> tuple[int, int]:
    """The first row of a chunk and the line after its last row.

    A row that spans the table has no tab. It is a row between other rows, at the start of a part (below the caption)
    and at its end (before `(continued)`).
    """
    first, last = tabbed[0], tabbed[-1] + 1
    if units and units[-1].kind == "caption" and first < 3 and not read_table_caption(chunk[0]):
        caption = read_table_caption(units[-1].lines[0])
        if caption and (caption.caption or caption.is_continued or len(units[-1].lines) > 1):
            first = 0
    if following and is_continued_mark(following[0].text):
        last = len(chunk)
    return first, last


def _split_untabbed(lines: Chunk) -> list[Unit]:
    units: list[Unit] = []
    for line in lines:
        if is_continued_mark(line.text):
            units.append(Unit("continued", [line]))
        elif read_table_caption(line):
            units.append(Unit("caption", [line]))
        elif not units and _figure_caption().match(line.text.strip()):
            units.append(Unit("figure", [line]))
        elif units and units[-1].kind in ("text", "figure", "caption"):
            units[-1].lines.append(line)
        else:
            units.append(Unit("text", [line]))
    return units


def _check_captions(units: list[Unit]) -> list[Unit]:
    """Change the kind of captions without rows below them: `Table 1 shows …` is text, a table's caption a figure's."""
    checked: list[Unit] = []
    for index, unit in enumerate(units):
        if unit.kind == "caption" and index + 1 < len(units) and _is_one_column(units[index + 1]):
            units[index + 1] = Unit("rows", units[index + 1].lines)
        kinds_after = [other.kind for other in units[index + 1 : index + 3]]
        caption = read_table_caption(unit.lines[0]) if unit.kind == "caption" else None
        has_rows = kinds_after[:1] == ["rows"] or kinds_after == ["text", "rows"]
        if caption is None or (has_rows and (kinds_after[0] == "rows" or caption.caption is None)):
            checked.append(unit)
        elif caption.caption is not None and _is_caption_text(unit.lines[0], caption.label_span.end):
            checked.append(Unit("figure", unit.lines))
        else:
            checked.append(Unit("text", unit.lines))
    return checked


def _is_one_column(unit: Unit) -> bool:
    """Whether lines below a caption are the rows of a one-column table: several, and not as wide as prose."""
    if unit.kind != "text" or len(unit.lines) < 2:
        return False
    lengths = [len(line.text) for line in unit.lines]
    return min(lengths[:-1]) < 0.6 * max(lengths) or min(lengths) > 160


def _is_caption_text(line: Line, label_end: int) -> bool:
    """Whether a full stop or colon and a capital follow the label, as in a caption whose table is missing."""
    return re.match(r"\s?[.:|]\s*[^\W\d_a-z]", line.text[label_end - line.start :]) is not None
