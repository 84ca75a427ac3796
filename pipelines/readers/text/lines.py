"""Lines of a plain-text source, and texts made of them.

Shared by all parts of the text reader. Unaware of what lines mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.document import Piece, Span, Text, join_texts
from pipelines.readers.errors import ReadError

MARK = r"(?:\^\{[^{}\n]{0,80}\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
"""A superscript in either notation: `^{4,5}` or `²⁴`."""

_BLANK = " \r\f\v\u00a0\u200b\u2028\u2029\ufeff"
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TRAILING_CITATIONS = re.compile(rf"(?:\s?(?:{MARK}|\[\d[\d,;–\- ]{{0,60}}\])){{1,4}}$")
_CITATION_ENDS = tuple("}]⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source without its line break; `start` is its offset, `number` counts from 1."""

    text: str
    start: int
    number: int

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed. A line of tabs is not blank: it is a row of empty cells."""
        return not self.text.strip(_BLANK)

    @property
    def has_tab(self) -> bool:
        return "\t" in self.text

    def stripped(self, skip: int = 0) -> Text:
        """The text of the line from character `skip` on, without the white space around it."""
        return cut(self.text, skip, len(self.text), self.start)

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


Chunk = list[Line]
"""Lines without a blank line between them."""


class LabelledChunk(NamedTuple):
    """A chunk of the front matter; the labels are explained in `title_page`."""

    label: str
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class SourceName:
    """The name of the file, for messages."""

    name: str

    def error(self, line: Line | None, problem: str, fix: str) -> ReadError:
        """The error to raise; its message has the file, the line and offset, the problem and the fix."""
        where = f", line {line.number} (character {line.start})" if line else ""
        return ReadError(f"{self.name}{where}: {problem} {fix}")


def cut(text: str, start: int, end: int, offset: int) -> Text:
    """`text[start:end]` without white space at its ends; `offset` is the offset of `text` in the source."""
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    part = part.strip()
    return Text(part, (Piece(0, offset + start + left, len(part)),)) if part else Text("", ())


def split_lines(source: str) -> list[Line]:
    """The lines of a source; `\\r\\n` and `\\n` end a line, and offsets count both."""
    lines = []
    start = 0
    for number, text in enumerate(source.split("\n"), start=1):
        lines.append(Line(text.removesuffix("\r"), start, number))
        start += len(text) + 1
    return lines


def split_chunks(lines: list[Line]) -> list[Chunk]:
    """The lines in chunks, which blank lines separate."""
    chunks: list[Chunk] = []
    is_new = True
    for line in lines:
        if line.is_blank:
            is_new = True
            continue
        if is_new:
            chunks.append([])
            is_new = False
        chunks[-1].append(line)
    return chunks


def join_lines(lines: list[Line]) -> Text:
    """The lines as one text, with a blank for each line break."""
    return join_texts([line.stripped() for line in lines], " ")


def join_cut_parts(parts: list[Text], joints: str) -> Text:
    """Join parts of a text that a page break cut: with a blank, but directly after a word that ends with a joint.

    `joints` are the characters of a hyphen or a slash, a plain hyphen first.
    """
    joined: list[Text] = []
    for index, part in enumerate(parts):
        if index and not re.search(rf"\w[{joints}]$", parts[index - 1].value[-2:]):
            joined.append(Text(" ", ()))
        joined.append(part)
    return join_texts(joined)


def without_trailing_citations(text: str) -> str:
    """The last 300 characters of a text without the citations at its end."""
    return _TRAILING_CITATIONS.sub("", text[-300:]) if text[-1:] in _CITATION_ENDS else text[-300:]


def ends_with_citation(text: str) -> bool:
    """Whether a text ends with a superscript or a number in brackets."""
    return _TRAILING_CITATIONS.search(text) is not None


def plain_mark(mark: str) -> str:
    """The characters of a superscript: `1,*` for `^{1,*}`, `24` for `²⁴`."""
    return re.sub(r"^\^\{|\}$", "", mark).translate(_PLAIN_DIGITS)
