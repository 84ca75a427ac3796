"""The blocks, tables and repairs of a plain-text source's body, in reading order.

Takes the lines without front matter and reference list. Joins paragraphs that a page break, a table or a figure cuts,
and collects the rows of tables, which become `Table`s in `printed_tables`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.document import Block, Heading, Paragraph, Repair, Span, Table, Text, join_texts
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.headings import BULLET, heading_level, is_back_matter_heading, is_heading
from pipelines.readers.text.line_units import Unit, split_units
from pipelines.readers.text.lines import (
    Chunk,
    Line,
    SourceName,
    join_cut_parts,
    join_lines,
    without_trailing_citations,
)
from pipelines.readers.text.printed_tables import TableDraft, build_table, read_table_caption

_LIST_ITEM_END = re.compile(r"; (?:and|or)$")
_CLOSING_SIGNS = "\"'”’)]}»*"
_ABBREVIATION_ENTRY = re.compile(r"([^\s:=,;—–()]{1,20}(?: [^\s:=,;—–()]{1,10}){0,2}) ?([:=—–,;]) ?\S")
_LETTER_NOTE = re.compile(r"(?:[a-zα-ω]|[a-z]{2,4}:|[a-z]{1,3} ?=)\W")


@built_once
def _line_end_abbreviation() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s(]){any_phrase('line_end_abbreviation')}\.$")


@built_once
def _table_note_start() -> re.Pattern[str]:
    return re.compile(
        r"[*†‡§¶#∗]|\^\{|[⁰¹²³⁴⁵⁶⁷⁸⁹]|\(?(?-i:[a-zα-ω])\s?[.)]\s|"
        rf"{any_phrase('table_note_label')}\s*[:.]|{any_phrase('table_note_opening')}\s|"
        rf"{any_phrase('table_note_origin')}\s+(?:with|from|are|were|by)\b|"
        r"according\s+to\b.{0,40}$|values\s+(?:are|represent|in|with)\b|[NnPp]\s*[=<>]|n\.?[ads]\.?\s*[:=,]|"
        r"(?:\d\s*=)",
        re.IGNORECASE,
    )


@dataclass(slots=True)
class _Body:
    """The blocks and tables read so far.

    The open paragraph is the one that may continue after a page break: `open_index` is its index in `blocks`,
    `open_parts` are its parts so far, and `kinds_between` says what was read after the last of them (`table`,
    `figure`). `kind` is the kind of new paragraphs.
    """

    source: SourceName
    blocks: list[Block] = field(default_factory=list)
    tables: list[TableDraft] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    open_index: int | None = None
    open_parts: list[Text] = field(default_factory=list)
    kinds_between: set[str] = field(default_factory=set)
    kind: str = "prose"

    def close_paragraph(self) -> None:
        """End the open paragraph and join its parts."""
        if self.open_index is not None and len(self.open_parts) > 1:
            block = self.blocks[self.open_index]
            assert isinstance(block, Paragraph)
            self.blocks[self.open_index] = Paragraph(join_cut_parts(self.open_parts, "-‐"), kind=block.kind)
        self.open_index = None
        self.open_parts = []
        self.kinds_between = set()


def read_body(lines: list[Line], source: SourceName) -> tuple[list[Block], list[Table], list[Repair]]:
    """Read the lines between front matter and reference list. Raises ReadError for a table row with an extra cell."""
    body = _Body(source)
    units = split_units(lines)
    index = 0
    after_table = False
    while index < len(units):
        unit = units[index]
        following = units[index + 1] if index + 1 < len(units) else None
        if unit.kind == "caption":
            index = _read_captioned_rows(body, units, index)
            after_table = True
            continue
        if unit.kind == "rows":
            _read_rows(body, unit, units[index - 1] if index else None)
            after_table = True
        elif unit.kind == "continued":
            pass
        elif unit.kind == "figure":
            body.blocks.append(Paragraph(join_lines(unit.lines), kind="caption"))
            body.kinds_between.add("figure")
        elif after_table and _is_table_note(body, unit, following):
            body.tables[-1].footnotes.extend(line.stripped() for line in unit.lines)
        else:
            after_table = False
            for paragraph in _split_paragraphs(unit.lines):
                _read_paragraph(body, paragraph, following)
        index += 1
    body.close_paragraph()
    tables = [build_table(table, source, body.repairs) for table in body.tables]
    return body.blocks, tables, body.repairs


def is_cut(text: str) -> bool:
    """Whether a paragraph ends within a sentence."""
    end = without_trailing_citations(text).rstrip(_CLOSING_SIGNS + " ")
    return bool(end) and end[-1] not in ".?!:;…。"


def _read_captioned_rows(body: _Body, units: list[Unit], index: int) -> int:
    """Read a caption and the rows below it; returns the index of the unit after them."""
    lines = units[index].lines
    caption = read_table_caption(lines[0])
    assert caption is not None
    parts = [caption.caption] if caption.caption else []
    parts.extend(line.stripped() for line in lines[1:])
    follows_continued_mark = index > 0 and units[index - 1].kind == "continued"
    index += 1
    if units[index].kind == "text":
        parts.append(join_lines(units[index].lines))
        index += 1
        # With text in between, only the caption itself can mark a further part.
        follows_continued_mark = False
    rows = list(units[index].lines)
    last = body.tables[-1] if body.tables else None
    is_same_label = last is not None and last.label is not None and last.label.casefold() == caption.label.casefold()
    if last and is_same_label and (caption.is_continued or follows_continued_mark):
        last.parts.append(rows)
    else:
        text = join_texts(parts, " ") if parts else None
        body.tables.append(TableDraft(caption.label, text, caption.label_span, [rows]))
    body.kinds_between.add("table")
    return index + 1


def _read_rows(body: _Body, unit: Unit, before: Unit | None) -> None:
    """Read rows without a caption: a further part, the rest of a part that a page break cut, or a table."""
    last = body.tables[-1] if body.tables else None
    if last and before and before.kind == "continued":
        last.parts.append(list(unit.lines))
    elif last and before and before.kind == "rows" and _have_same_width(last.parts[-1][-1], unit.lines[0]):
        body.repairs.append(
            Repair(
                "page_break_in_table",
                Span(last.end, unit.lines[0].start),
                f"{last.label or 'a table'}: rows on both sides of a blank line were joined",
            )
        )
        last.parts[-1].extend(unit.lines)
    else:
        body.tables.append(TableDraft(None, None, None, [list(unit.lines)]))
    body.kinds_between.add("table")


def _have_same_width(line: Line, other: Line) -> bool:
    return line.text.count("\t") == other.text.count("\t")


def _split_paragraphs(lines: Chunk) -> list[Chunk]:
    """The paragraphs of a chunk: one goes on after a line that fills the width or ends within a sentence."""
    if len(lines) == 1:
        return [lines]
    width = max(len(line.text) for line in lines)
    paragraphs = [[lines[0]]]
    for previous, line in pairwise(lines):
        text = previous.text.rstrip()
        goes_on = is_cut(text) or (40 < width < 160 and len(text) > 0.75 * width)
        if goes_on and not BULLET.match(line.text.strip()):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _read_paragraph(body: _Body, lines: Chunk, following: Unit | None) -> None:
    """Read lines as the continuation of the open paragraph, a paragraph inside it, a heading or a new paragraph."""
    text = join_lines(lines)
    if not text.value:
        return
    if body.open_index is not None:
        if _continues_paragraph(body, lines, text.value, following):
            _join_open_paragraph(body, text)
            return
        if _interrupts_paragraph(body, text.value, following):
            body.blocks.append(Paragraph(text, kind=body.kind))
            return
    body.close_paragraph()
    if is_heading(lines, following.lines if following else None):
        body.blocks.append(Heading(text, heading_level(text.value)))
        body.kind = "back" if is_back_matter_heading(text.value) else "prose"
        return
    body.blocks.append(Paragraph(text, kind=body.kind))
    body.open_index = len(body.blocks) - 1
    body.open_parts = [text]


def _continues_paragraph(body: _Body, lines: Chunk, text: str, following: Unit | None) -> bool:
    """Whether these lines continue the open paragraph."""
    last = body.open_parts[-1].value
    start = lines[0].text.strip()
    if _line_end_abbreviation().search(last[-12:]):
        return start[:1].islower() or start[:1].isdigit()
    if without_trailing_citations(last).endswith(";") and len(last) > 150 and start[:1].islower():
        return True
    if not is_cut(last) or BULLET.match(start) or _LIST_ITEM_END.search(last[-8:]):
        return False
    if start[:1].islower() or start[:1] in "(),;–—":
        return True
    if BULLET.match(body.open_parts[0].value):
        return False
    return not (
        is_heading(lines, following.lines if following else None) or _interrupts_paragraph(body, text, following)
    )


def _interrupts_paragraph(body: _Body, text: str, following: Unit | None) -> bool:
    """Whether a whole paragraph is printed between two parts of the open one, as a box or a displaced column is."""
    if following is None or following.kind != "text" or is_cut(text) or not is_cut(body.open_parts[-1].value):
        return False
    return following.lines[0].text.strip()[:1].islower()


def _join_open_paragraph(body: _Body, text: Text) -> None:
    before, this = body.open_parts[-1].span, text.span
    assert before is not None
    assert this is not None
    code, cause = "page_break_in_sentence", "a page break"
    if "table" in body.kinds_between:
        code, cause = "table_in_sentence", "a table"
    elif "figure" in body.kinds_between:
        code, cause = "figure_in_sentence", "a caption"
    body.repairs.append(
        Repair(code, Span(before.end, this.start), f"{cause} cuts the sentence here; the paragraph was joined")
    )
    body.open_parts.append(text)
    body.kinds_between = set()


def _is_table_note(body: _Body, unit: Unit, following: Unit | None) -> bool:
    """Whether text below a table is a note to it and not prose."""
    if not body.tables:
        return False
    text = unit.lines[0].text.strip()
    is_open = body.open_index is not None and is_cut(body.open_parts[-1].value)
    if is_open and text[:1].islower():
        return _LETTER_NOTE.match(text) is not None and not text.startswith("a ")
    if _table_note_start().match(text) or _is_abbreviation_list(text):
        return True
    if len(unit.lines) > 1:
        return True
    next_text = following.lines[0].text.strip() if following and following.kind == "text" else ""
    return is_open and len(text) < 400 and next_text[:1].islower()


def _is_abbreviation_list(text: str) -> bool:
    """`DON: deoxynivalenol; nd: not detected`, `CNT, carbon nanotubes`, `BMI = body mass index`."""
    first = _ABBREVIATION_ENTRY.match(text)
    if not first:
        return False
    word, sign = first.group(1), first.group(2)
    is_short = len(word) <= 4 and word.islower()
    is_abbreviation = sum(char.isupper() for char in word) > 1 or not word.replace(" ", "").isalpha()
    if sign in ",;":
        return " " not in word and (is_abbreviation or word in "♂♀") and not word[0].isdigit()
    if sign in "—–":
        return " " not in word and is_abbreviation
    is_initial = len(word) <= 3 and word[0].isupper()
    return is_short or is_abbreviation or is_initial or (sign == "=" and len(word) < 12)
