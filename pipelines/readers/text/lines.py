"""Lines of a plain-text source and the texts put together from them.

What every part of the text reader needs and nothing that knows what a line means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.document import Piece, Span, Text, join_texts
from pipelines.readers.errors import ReadError

MARK = r"(?:\^\{[^{}\n]{0,80}\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
"""A superscript in either notation: `^{4,5}` or `²⁴`."""

_BLANK = " \r\f\v\u00a0\u200b\u2028\u2029\ufeff"
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source without its line break; `start` is its offset, `number` counts from 1."""

    text: str
    start: int
    number: int

    @property
    def is_blank(self) -> bool:
        """True where nothing is printed. A line of tabs is a row of empty cells and not blank."""
        return not self.text.strip(_BLANK)

    @property
    def has_tab(self) -> bool:
        return "\t" in self.text

    def stripped(self, skip: int = 0) -> Text:
        """What the line prints, from character `skip` on, without the white space around it."""
        return cut(self.text, skip, len(self.text), self.start)

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


Chunk = list[Line]
"""Lines with no blank line between them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Names the file in messages."""

    name: str

    def error(self, line: Line | None, found: str, mend: str) -> ReadError:
        """The error to raise: file, line and offset, what was found there, what to do."""
        where = f", line {line.number} (character {line.start})" if line else ""
        return ReadError(f"{self.name}{where}: {found} {mend}")


def cut(text: str, start: int, end: int, offset: int) -> Text:
    """`text[start:end]` without white space at its ends; `offset` is where `text` stands in the source."""
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
    """Runs of lines that blank lines part."""
    chunks: list[Chunk] = []
    fresh = True
    for line in lines:
        if line.is_blank:
            fresh = True
            continue
        if fresh:
            chunks.append([])
            fresh = False
        chunks[-1].append(line)
    return chunks


def join_lines(lines: list[Line]) -> Text:
    """The lines as one text, a blank for each line break."""
    return join_texts([line.stripped() for line in lines], " ")


def plain_mark(mark: str) -> str:
    """The characters of a superscript: `1,*` for `^{1,*}`, `24` for `²⁴`."""
    return re.sub(r"^\^\{|\}$", "", mark).translate(_PLAIN_DIGITS)


def words(text: str) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(text.split())
