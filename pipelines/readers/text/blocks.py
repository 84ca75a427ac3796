"""The body of a plain-text source: headings, paragraphs made whole again, captions and tables, in reading order.

What a page break cut is joined here. Front matter and reference list are read elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from pipelines.document import Block, Heading, Paragraph, Repair, Span, Table, Text, join_texts
from pipelines.readers.text.lines import MARK, Chunk, Line, Place, join_lines, split_chunks, words
from pipelines.readers.text.printed_tables import TableDraft, build_table, is_continued_mark, table_caption

_FIGURE = re.compile(
    r"(?:supplement\w+\s+|extended data\s+)?(?:figure|fig\.?|scheme|box|chart|plate|graph|diagram)\s*"
    r"(?:[A-Z]?\d{1,3}[A-Za-z]?|[IVX]{1,5})\s*(?:[.:|]|\s[–—-])\s*(?=\S)(?![,;)]|(?-i:[a-z]))",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•●▪◦‣∙*–—-]\s+\S")
_NUMBERED_HEADING = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
_TRAILING_MARKS = re.compile(rf"(?:\s?(?:{MARK}|\[\d[\d,;–\- ]{{0,60}}\])){{1,4}}$")
_MARK_ENDS = tuple("}]⁰¹²³⁴⁵⁶⁷⁸⁹")
_ITEM_END = re.compile(r"; (?:and|or)$")
_CLOSERS = "\"'”’)]}»*"
_ABBREVIATION_END = re.compile(
    r"(?:^|[\s(])(?:et al|e\.g|i\.e|cf|vs|Figs?|Refs?|Eqs?|Nos?|Drs?|approx|ca|viz|resp|spp|Prof|St|Tables?)\.$"
)
_SENTENCE_INSIDE = re.compile(r"[a-z)\]]{3}\. +[A-Z]")
_SENTENCE_OPENING = re.compile(
    r"(?:This|These|We|It|They|However|Moreover|Furthermore|Although|When|While|If|There|Our|Thus|Therefore|Since|Because)\b"
    r"|(?:In|For|To|During|At|On|By|With|From|After|Among|According|As|Under|Based)\b[^,]{3,150}, "
)
_WEAK_END = words(
    "a an the of and or in on at to for with by from as is are was were be been has have had that which who whose "
    "than into onto between among via per not no its their this these those such can could may might will would "
    "should when while where but if both either through during within without under over about"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|does|did|shows?|showed|showing"
    r"|includes?|included|found|reported|suggests?|suggested|consists?|occurs?|leads?|led|causes?|caused)\b"
)
_BACK_HEADING = re.compile(
    r"(?:\d{1,2}\.?\s+)?(?:declarations?\b.*|funding\b.*|acknowledge?ments?\b.*|(?:potential\s+)?conflicts?\s+of\s+interests?\b.*"
    r"|(?:declaration\s+of\s+)?compet\w+\s+(?:financial\s+)?interests?\b.*|disclosures?\b.*|author(?:s|['’]s|s['’])?\s+contributions?\b.*"
    r"|authors?['’]?\s+(?:information|details|note)\b.*|orcid\b.*|data\s+(?:availability|sharing|accessibility)\b.*|availability\s+of\b.*"
    r"|ethic\w*\b.{0,60}|consent\b.*|supplement\w*\s+(?:materials?|data|information|files?)\b.*|grant\s+support\b.*"
    r"|financial\s+(?:support|disclosure)\b.*|sources?\s+of\s+(?:funding|support)\b.*|(?:financial\s+)?support\b"
    r"|abbreviations?(?:\s+used)?|provenance\b.*|institutional\s+review\b.*|informed\s+consent\b.*)",
    re.IGNORECASE,
)
_FOOTNOTE_START = re.compile(
    r"[*†‡§¶#∗]|\^\{|[⁰¹²³⁴⁵⁶⁷⁸⁹]|\(?(?-i:[a-zα-ω])\s?[.)]\s|"
    r"(?:notes?|abbreviations?(?:\s+used)?|sources?|key|legend|footnotes?)\s*[:.]|"
    r"(?:notes?|abbreviations?)\s|(?:adapted|modified|reproduced|reprinted|compiled|taken|data)\s+(?:with|from|are|were|by)\b|"
    r"according\s+to\b.{0,40}$|values\s+(?:are|represent|in|with)\b|[NnPp]\s*[=<>]|n\.?[ads]\.?\s*[:=,]|"
    r"(?:\d\s*=)",
    re.IGNORECASE,
)
_ABBREVIATION_LIST = re.compile(r"([^\s:=,;—–()]{1,20}(?: [^\s:=,;—–()]{1,10}){0,2}) ?([:=—–,;]) ?\S")

Kind = Literal["text", "caption", "continued", "figure", "rows"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines that belong together by their form, before what surrounds them is looked at."""

    kind: Kind
    lines: Chunk


@dataclass(slots=True)
class Body:
    """The blocks and tables read so far, and the paragraph that may go on after a page break."""

    place: Place
    blocks: list[Block] = field(default_factory=list)
    drafts: list[TableDraft] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    open_at: int | None = None
    open_parts: list[Text] = field(default_factory=list)
    between: set[str] = field(default_factory=set)
    kind: str = "prose"

    def close(self) -> None:
        """Nothing goes on with the open paragraph any more; it is put together."""
        if self.open_at is not None and len(self.open_parts) > 1:
            block = self.blocks[self.open_at]
            assert isinstance(block, Paragraph)
            self.blocks[self.open_at] = Paragraph(_join(self.open_parts), kind=block.kind)
        self.open_at = None
        self.open_parts = []
        self.between = set()


def read_body(lines: list[Line], place: Place) -> tuple[list[Block], list[Table], list[Repair]]:
    """Blocks, tables and repairs of the lines between front matter and reference list, in reading order."""
    body = Body(place)
    units = _units(lines)
    index = 0
    after_table = False
    while index < len(units):
        unit = units[index]
        following = units[index + 1] if index + 1 < len(units) else None
        if unit.kind == "caption":
            index = _read_caption(body, units, index)
            after_table = True
            continue
        if unit.kind == "rows":
            _read_rows(body, unit, units[index - 1] if index else None)
            after_table = True
        elif unit.kind == "continued":
            pass
        elif unit.kind == "figure":
            body.blocks.append(Paragraph(join_lines(unit.lines), kind="caption"))
            body.between.add("figure")
        elif after_table and _is_footnote(body, unit, following):
            body.drafts[-1].footnotes.extend(line.stripped() for line in unit.lines)
        else:
            after_table = False
            for part in _paragraphs(unit.lines):
                _read_text(body, part, following)
        index += 1
    body.close()
    tables = [build_table(draft, place, body.repairs) for draft in body.drafts]
    return body.blocks, tables, body.repairs


def is_heading(lines: Chunk, following: Chunk | None) -> bool:
    """Whether one line by itself heads what follows: short, no end of a sentence, and not the first half of one."""
    if len(lines) != 1:
        return False
    text = lines[0].text.strip()
    if (
        not text
        or len(text) > 220
        or without_marks(text)[-1:] in ("", ".", ";", ",", ":")
        or "\t" in text
        or _BULLET.match(text)
    ):
        return False
    first = text[0]
    if not (first.isupper() or first.isdigit() or first in "\"“‘'(¿" or not first.isascii()) or _SENTENCE_INSIDE.search(
        text
    ):
        return False
    parts = text.split()
    if len(parts) > 30 or parts[-1] in _WEAK_END or (parts[-1].isdigit() and len(parts) > 12):
        return False
    if following is None:
        return False
    start = following[0].text.strip()
    if start[:1].islower() and len(parts) > 2 and not _NUMBERED_HEADING.match(text):
        return start.split()[0] != start.split()[0].lower()
    is_title_case = sum(word[:1].isupper() for word in parts) * 2 > len(parts)
    if len(parts) > 7 and not is_title_case and _SENTENCE_OPENING.match(text) and not text.endswith("?"):
        return False
    return (
        is_title_case
        or text.endswith("?")
        or len(parts) < 7
        or not (_VERB.search(text) or _TRAILING_MARKS.search(text))
    )


def without_marks(text: str) -> str:
    """The end of a text (300 characters) without the citations it closes with."""
    return _TRAILING_MARKS.sub("", text[-300:]) if text[-1:] in _MARK_ENDS else text[-300:]


def is_cut(text: str) -> bool:
    """Whether a paragraph stops before its sentence does."""
    bare = without_marks(text).rstrip(_CLOSERS + " ")
    return bool(bare) and bare[-1] not in ".?!:;…。"


def _units(lines: list[Line]) -> list[Unit]:
    units: list[Unit] = []
    chunks = split_chunks(lines)
    for number, chunk in enumerate(chunks):
        tabbed = [index for index, line in enumerate(chunk) if line.has_tab]
        if not tabbed:
            units.extend(_plain_units(chunk))
            continue
        first, last = _row_bounds(chunk, tabbed, units, chunks[number + 1] if number + 1 < len(chunks) else [])
        units.extend(_plain_units(chunk[:first]))
        rows = chunk[first:last]
        is_table = (
            len(rows) > 1
            or (units and units[-1].kind in ("caption", "continued", "rows"))
            or rows[0].text.strip().count("\t") > 1
        )
        if not any(line.text.strip() for line in rows):
            continue
        units.append(Unit("rows" if is_table else "text", rows))
        units.extend(_plain_units(chunk[last:]))
    return _without_rowless_captions(units)


def _row_bounds(chunk: Chunk, tabbed: list[int], units: list[Unit], following: Chunk) -> tuple[int, int]:
    """Where the rows of a chunk begin and end. A row that spans the table prints no tab: it is a row where it stands
    between rows, at the head of a part (the caption being above) or at its end (the part being continued)."""
    first, last = tabbed[0], tabbed[-1] + 1
    if units and units[-1].kind == "caption" and first < 3 and not table_caption(chunk[0]):
        caption = table_caption(units[-1].lines[0])
        if caption and (caption.caption or caption.is_continued or len(units[-1].lines) > 1):
            first = 0
    if following and is_continued_mark(following[0].text):
        last = len(chunk)
    return first, last


def _plain_units(lines: Chunk) -> list[Unit]:
    units: list[Unit] = []
    for line in lines:
        if is_continued_mark(line.text):
            units.append(Unit("continued", [line]))
        elif table_caption(line):
            units.append(Unit("caption", [line]))
        elif not units and _FIGURE.match(line.text.strip()):
            units.append(Unit("figure", [line]))
        elif units and units[-1].kind in ("text", "figure", "caption"):
            units[-1].lines.append(line)
        else:
            units.append(Unit("text", [line]))
    return units


def _without_rowless_captions(units: list[Unit]) -> list[Unit]:
    """Lines that begin like a caption but head no rows are text: `Table 1 shows …`."""
    checked: list[Unit] = []
    for index, unit in enumerate(units):
        if unit.kind == "caption" and index + 1 < len(units) and _is_one_column(units[index + 1]):
            units[index + 1] = Unit("rows", units[index + 1].lines)
        after = [other.kind for other in units[index + 1 : index + 3]]
        caption = table_caption(unit.lines[0]) if unit.kind == "caption" else None
        heads_rows = after[:1] == ["rows"] or after == ["text", "rows"]
        if caption is None or (heads_rows and (after[0] == "rows" or caption.caption is None)):
            checked.append(unit)
        elif caption.caption is not None and _is_caption_text(unit.lines[0], caption.label_span.end):
            checked.append(Unit("figure", unit.lines))
        else:
            checked.append(Unit("text", unit.lines))
    return checked


def _is_one_column(unit: Unit) -> bool:
    """Whether lines below a caption are the rows of a table with one column: several, of no width that prose has."""
    if unit.kind != "text" or len(unit.lines) < 2:
        return False
    lengths = [len(line.text) for line in unit.lines]
    return min(lengths[:-1]) < 0.6 * max(lengths) or min(lengths) > 160


def _is_caption_text(line: Line, label_end: int) -> bool:
    """A caption whose table is missing: its label is followed by a full stop or colon and a capital."""
    return re.match(r"\s?[.:|]\s*[^\W\d_a-z]", line.text[label_end - line.start :]) is not None


def _read_caption(body: Body, units: list[Unit], index: int) -> int:
    """Reads a caption and the rows below it; gives the index of the unit after them."""
    lines = units[index].lines
    caption = table_caption(lines[0])
    assert caption is not None
    parts = [caption.caption] if caption.caption else []
    parts.extend(line.stripped() for line in lines[1:])
    index += 1
    if units[index].kind == "text":
        parts.append(join_lines(units[index].lines))
        index += 1
    last = body.drafts[-1] if body.drafts else None
    marked = len(units) > 1 and units[index - 2].kind == "continued" if index >= 2 else False
    if last and last.label and last.label.casefold() == caption.label.casefold() and (caption.is_continued or marked):
        last.parts.append(list(units[index].lines))
    else:
        text = join_texts(parts, " ") if parts else None
        body.drafts.append(TableDraft(caption.label, text, caption.label_span, [list(units[index].lines)]))
    body.between.add("table")
    return index + 1


def _read_rows(body: Body, unit: Unit, before: Unit | None) -> None:
    """Reads rows that no caption heads: a further part, the rest of a part that a page break cut, or a table."""
    last = body.drafts[-1] if body.drafts else None
    if last and before and before.kind == "continued":
        last.parts.append(list(unit.lines))
    elif last and before and before.kind == "rows" and _same_width(last.parts[-1][-1], unit.lines[0]):
        body.repairs.append(
            Repair(
                "page_break_in_table",
                Span(last.end, unit.lines[0].start),
                f"{last.label or 'a table'}: rows on both sides of a blank line were joined",
            )
        )
        last.parts[-1].extend(unit.lines)
    else:
        body.drafts.append(TableDraft(None, None, None, [list(unit.lines)]))
    body.between.add("table")


def _same_width(line: Line, other: Line) -> bool:
    return line.text.count("\t") == other.text.count("\t")


def _paragraphs(lines: Chunk) -> list[Chunk]:
    """Lines of a chunk parted into paragraphs: a line that fills the width or stops short of a sentence goes on."""
    if len(lines) == 1:
        return [lines]
    width = max(len(line.text) for line in lines)
    paragraphs = [[lines[0]]]
    for previous, line in pairwise(lines):
        text = previous.text.rstrip()
        goes_on = is_cut(text) or (40 < width < 160 and len(text) > 0.75 * width)
        if goes_on and not _BULLET.match(line.text.strip()):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _read_text(body: Body, lines: Chunk, following: Unit | None) -> None:
    text = join_lines(lines)
    if not text.value:
        return
    if body.open_at is not None:
        if _goes_on(body, lines, text.value, following):
            _join_open(body, text)
            return
        if _stands_between(body, text.value, following):
            body.blocks.append(Paragraph(text, kind=body.kind))
            return
    if is_heading(lines, following.lines if following else None):
        body.close()
        match = _NUMBERED_HEADING.match(text.value)
        level = match.group(1).count(".") + 1 if match else 1
        body.blocks.append(Heading(text, level))
        body.kind = "back" if _BACK_HEADING.fullmatch(text.value) else "prose"
        return
    body.close()
    body.blocks.append(Paragraph(text, kind=body.kind))
    body.open_at = len(body.blocks) - 1
    body.open_parts = [text]


def _goes_on(body: Body, lines: Chunk, text: str, following: Unit | None) -> bool:
    """Whether these lines go on with the open paragraph."""
    last = body.open_parts[-1].value
    start = lines[0].text.strip()
    if _ABBREVIATION_END.search(last[-12:]):
        return start[:1].islower() or start[:1].isdigit()
    if without_marks(last).endswith(";") and len(last) > 150 and start[:1].islower():
        return True
    if not is_cut(last) or _BULLET.match(start) or _ITEM_END.search(last[-8:]):
        return False
    if start[:1].islower() or start[:1] in "(),;–—":
        return True
    if _BULLET.match(body.open_parts[0].value):
        return False
    return not (is_heading(lines, following.lines if following else None) or _stands_between(body, text, following))


def _stands_between(body: Body, text: str, following: Unit | None) -> bool:
    """Whether a whole paragraph stands between the halves of the open one, as a box or a displaced column does."""
    if following is None or following.kind != "text" or is_cut(text) or not is_cut(body.open_parts[-1].value):
        return False
    return following.lines[0].text.strip()[:1].islower()


def _join_open(body: Body, text: Text) -> None:
    assert body.open_at is not None
    before = body.open_parts[-1].span
    this = text.span
    assert before is not None
    assert this is not None
    code = "page_break_in_sentence"
    what = "a page break"
    if "table" in body.between:
        code, what = "table_in_sentence", "a table"
    elif "figure" in body.between:
        code, what = "figure_in_sentence", "a caption"
    body.repairs.append(
        Repair(code, Span(before.end, this.start), f"{what} cuts the sentence here; the paragraph was joined")
    )
    body.open_parts.append(text)
    body.between = set()


def _join(parts: list[Text]) -> Text:
    """Parts of a paragraph joined with a blank, and with none after a hyphen that a line ends with."""
    joined: list[Text] = []
    for index, part in enumerate(parts):
        if index and not re.search(r"\w[-‐]$", parts[index - 1].value[-2:]):
            joined.append(Text(" ", ()))
        joined.append(part)
    return join_texts(joined)


def _is_footnote(body: Body, unit: Unit, following: Unit | None) -> bool:
    """Whether text below a table is a note to it, and not the prose that goes on."""
    if not body.drafts:
        return False
    text = unit.lines[0].text.strip()
    is_open = body.open_at is not None and is_cut(body.open_parts[-1].value)
    if is_open and text[:1].islower():
        return re.match(r"(?:[a-zα-ω]|[a-z]{2,4}:|[a-z]{1,3} ?=)\W", text) is not None and not text.startswith("a ")
    if _FOOTNOTE_START.match(text) or _is_abbreviation_list(text):
        return True
    if len(unit.lines) > 1:
        return True
    next_text = following.lines[0].text.strip() if following and following.kind == "text" else ""
    return is_open and len(text) < 400 and next_text[:1].islower()


def _is_abbreviation_list(text: str) -> bool:
    """`DON: deoxynivalenol; nd: not detected`, `CNT, carbon nanotubes`, `BMI = body mass index`."""
    head = _ABBREVIATION_LIST.match(text)
    if not head:
        return False
    word, sign = head.group(1), head.group(2)
    is_short = len(word) <= 4 and word.islower()
    is_coded = sum(char.isupper() for char in word) > 1 or not word.replace(" ", "").isalpha()
    if sign in ",;":
        return " " not in word and (is_coded or word in "♂♀") and not word[0].isdigit()
    if sign in "—–":
        return " " not in word and is_coded
    return is_short or is_coded or (sign == "=" and len(word) < 12) or (len(word) <= 3 and word[0].isupper())
