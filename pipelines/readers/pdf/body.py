"""What each printed block is, and the paragraphs that columns and pages cut.

Takes the blocks of all pages in reading order and gives `ArticlePart`s: headings, whole paragraphs, captions,
footnotes, tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.readers.pdf.line_joining import JoinedText, Joiner
from pipelines.readers.pdf.lines import Line, Style
from pipelines.readers.pdf.printed_blocks import BodyStyle, PrintedBlock
from pipelines.readers.pdf.table_regions import TableRegion, is_continued_mark, is_figure_caption
from pipelines.readers.text.bibliographic_lines import begins_with_history_date
from pipelines.readers.text.blocks import is_cut
from pipelines.readers.text.function_words import WEAK_ENDS
from pipelines.readers.text.headings import SENTENCE_END_INSIDE

Role = Literal["heading", "prose", "caption", "footnote", "table", "other"]

_N_FOLLOWING = 3
"""So many blocks after a block tell whether it is a heading."""
_LEAST_HEADING = 0.7
"""The share of the body's size that a heading has at least."""
_SENTENCE = re.compile(r"[^\W\d_]{2,}\s+(?:\S+\s+){3,}\S")
_SECTION_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.)\s*[|:]?\s+(?=[^\W\d_])")
_MAX_RUN_IN = 120
_LIST_ITEM = re.compile(r"(?:[•●▪◦‣∙■□➢➤✓·*–—-]|\(?[a-z0-9]{1,3}[.)])\s+")


@dataclass(slots=True)
class ArticlePart:
    """A heading, paragraph, caption or table: its role, its text with its lines, and the printed parts of a table."""

    role: Role
    joined: JoinedText
    style: Style
    regions: list[TableRegion] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.joined.text

    @property
    def first_line(self) -> Line:
        return self.joined.lines[0].line

    @property
    def last_line(self) -> Line:
        return self.joined.lines[-1].line

    @property
    def lines(self) -> list[Line]:
        return [item.line for item in self.joined.lines]


@dataclass(slots=True)
class BodyReader:
    """Turns printed blocks into parts.

    The open paragraph is the last one, which may go on in the next column or on the next page; `_open_block` is the
    last block read into it.
    """

    body: BodyStyle
    joiner: Joiner
    parts: list[ArticlePart] = field(default_factory=list)
    _open: ArticlePart | None = None
    _open_block: PrintedBlock | None = None

    def read(self, blocks: Sequence[PrintedBlock]) -> None:
        """Read the blocks of a page."""
        for index, block in enumerate(blocks):
            self._read_block(block, blocks[index + 1 : index + 1 + _N_FOLLOWING])

    def add_table(self, region: TableRegion) -> None:
        """Add a table, or a further part of one that began on a page before."""
        for part in self.parts:
            if part.regions and part.regions[0].label.casefold() == region.label.casefold():
                part.regions.append(region)
                return
        self.parts.append(ArticlePart("table", self.joiner.join(region.caption), region.caption[0].style, [region]))

    def _read_block(self, block: PrintedBlock, following: Sequence[PrintedBlock]) -> None:
        role = find_role(block, following, self.body)
        joined = self.joiner.join(block.lines)
        if role == "prose" and self._open is not None and self._continues(block, joined.text):
            self._open.joined = self.joiner.join_texts(self._open.joined, joined)
            self._open_block = block
            return
        last = self.parts[-1] if self.parts else None
        if role == "heading" and last and last.role == "heading" and _goes_on(last, block):
            last.joined = self.joiner.join_texts(last.joined, joined)
            return
        place = _end_of_run_in_heading(block, joined) if role == "prose" else 0
        if place:
            heading, joined = joined.split([place])
            self.parts.append(ArticlePart("heading", heading.without_end("."), block.style))
        part = ArticlePart(role, joined, block.style)
        self.parts.append(part)
        if role == "prose":
            self._open, self._open_block = part, block
        elif role == "heading":
            self._open = self._open_block = None

    def _continues(self, block: PrintedBlock, text: str) -> bool:
        """Whether a block continues the open paragraph, which a column, a page, a figure or a formula cuts."""
        if self._open is None or self._open_block is None or not _is_like(self._open.style, block.style):
            return False
        if not is_cut(self._open.text) or _LIST_ITEM.match(text):
            return False
        if text[:1].islower() or text[:1] in "(),;–—[":
            return True
        # Directly below the open paragraph, a gap has ended it.
        is_below = self.parts[-1] is self._open and _is_directly_below(self._open_block, block)
        return not is_below and (self._open_block.is_full or not block.is_indented)


def _end_of_run_in_heading(block: PrintedBlock, joined: JoinedText) -> int:
    """The offset after a numbered heading that a paragraph begins with, in another font than its text; 0 without one.

    `2.1. Search Strategy. We searched …`
    """
    number = _SECTION_NUMBER.match(joined.text)
    if number is None or block.lines[0].lead == block.style.font:
        return 0
    words = [word for line in block.lines[:3] for word in line.words]
    n = next((index for index, word in enumerate(words) if word.font == block.style.font), 0)
    heading = " ".join(word.text for word in words[:n])
    is_heading_text = heading.endswith((".", ":")) and number.end() < len(heading) < _MAX_RUN_IN
    return len(heading) if is_heading_text and joined.text.startswith(heading) else 0


def _is_directly_below(above: PrintedBlock, block: PrintedBlock) -> bool:
    last, first = above.lines[-1], block.lines[0]
    return (
        last.page_no == first.page_no
        and 0 < first.baseline - last.baseline < 4 * first.style.size
        and first.x0 < last.x1
        and first.x1 > above.left
    )


def _goes_on(last: ArticlePart, block: PrintedBlock) -> bool:
    """Whether a heading is a further line of the last one."""
    line, previous = block.lines[0], last.last_line
    return (
        line.page_no == previous.page_no
        and last.style == block.style
        and last.text.isupper() == " ".join(line.text for line in block.lines).isupper()
        and 0 < line.baseline - previous.baseline < 1.6 * line.style.size
        and _SECTION_NUMBER.match(line.text) is None
    )


def _is_like(style: Style, other: Style) -> bool:
    return abs(style.size - other.size) <= 0.6


def find_role(block: PrintedBlock, following: Sequence[PrintedBlock], body: BodyStyle) -> Role:
    """What a block is, by its font, its form and what follows."""
    text = " ".join(line.text for line in block.lines)
    if is_continued_mark(text):
        return "other"
    if is_figure_caption(text):
        return "caption"
    if is_heading(block, text, following, body):
        return "heading"
    style = block.style
    if body.is_size_of(style):
        is_prose = len(block.lines) > 1 or _SENTENCE.search(text) or style.font in body.fonts or text.endswith(".")
        return "prose" if is_prose else "other"
    is_sentence = len(block.lines) > 1 or text.endswith((".", "?", "!"))
    if is_sentence and _SENTENCE.search(text) and len(text) > 40:
        return "footnote" if style.size < body.size else "prose"
    return "other"


def is_heading(block: PrintedBlock, text: str, following: Sequence[PrintedBlock], body: BodyStyle) -> bool:
    """Whether a block heads what follows: short, in a font that the text is not in."""
    if len(block.lines) > 4 or len(text) > 220 or len(text) < 3:
        return False
    if text.rstrip()[-1] in ",;" or (text.endswith(".") and _SECTION_NUMBER.match(text) is None):
        return False
    if begins_with_history_date(text):
        return False
    if SENTENCE_END_INSIDE.search(text) or text.rsplit(" ", 1)[-1] in WEAK_ENDS or len(text.split()) > 30:
        return False
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 3 or len(letters) < 0.5 * len(text.replace(" ", "")):
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "\"“‘'(¿" or not text[0].isascii()):
        return False
    style = block.style
    if style.size < body.size - 0.6 and not (
        style.size > _LEAST_HEADING * body.size and _is_above_text(block, following, body)
    ):
        return False
    lines = block.lines
    is_bold = min(line.bold for line in lines) > 0.85
    is_italic = min(line.italic for line in lines) > 0.85
    is_caps = all(char.isupper() for char in letters)
    is_larger = style.size > body.size + 0.6
    is_other_font = style.font not in body.fonts and all(line.lead == style.font for line in lines)
    return is_bold or is_italic or is_caps or is_larger or is_other_font


def _is_above_text(block: PrintedBlock, following: Sequence[PrintedBlock], body: BodyStyle) -> bool:
    """Whether a block in small type is above prose in another font: of the body, or of its own size.

    Between them may be further headings.
    """
    for other in following:
        text = " ".join(line.text for line in other.lines)
        if other.style.font == block.style.font:
            return False
        if _SENTENCE.search(text) and (body.is_size_of(other.style) or abs(other.style.size - block.style.size) < 0.8):
            return True
        if len(other.lines) > 3 or len(text) > 150:
            return False
    return False
