"""White space as it looks on the page: runs collapsed to one blank, and none at the ends of a text.

Takes chunks of characters with their offsets in the source and gives a `Text`. Unaware of elements: the caller says
where a blank is needed between two chunks.

The states of a `TextWriter`:

              characters                     white space or a separating tag
         ┌──────────────────┐              ┌─────────────────────────────────┐
         │                  ▼              │                                 ▼
    AT THE START       IN THE WORDS ───────┘                           BLANK PENDING
                            ▲                                                │
                            └───────── one blank, then the characters ───────┘

White space at the start and a blank that is still pending at the end are dropped. A piece covers the blank if it is the
character of the source directly before the others; any other blank (for a line break, for a tag, for white space at the
end of the previous chunk) is in the text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import repeat

from pipelines.document import Piece, Text

WHITE_SPACE = " \t\r\n"
_WORDS = re.compile(r"[^ \t\r\n]+(?: [^ \t\r\n]+)*")


def needs_cleaning(value: str) -> bool:
    """Whether `value` has white space to collapse, or at its ends."""
    return "\n" in value or "  " in value or value[:1] == " " or value[-1:] == " " or "\t" in value or "\r" in value


def needs_collapsing(value: str) -> bool:
    """Whether `value` has white space other than single blanks."""
    return "\n" in value or "  " in value or "\t" in value or "\r" in value


def without_outer_blanks(chunk: str) -> tuple[int, int]:
    """The stretch of a chunk without the one blank it may have at either end; empty for a blank alone."""
    if chunk == " ":
        return 1, 1
    return int(chunk[0] == " "), len(chunk) - (chunk[-1] == " ")


def word_spans(chunk: str) -> Iterator[tuple[int, int]]:
    """The stretches of a chunk in which words are one blank apart."""
    return (match.span() for match in _WORDS.finditer(chunk))


def make_text(value: str, pieces: Sequence[tuple[int, int, int]]) -> Text:
    """A Text of pieces that are given as plain tuples (offset, start, length)."""
    # A named tuple's own constructor takes twice as long.
    return Text(value, tuple(map(tuple.__new__, repeat(Piece), pieces)))


def unwrap(value: str, chunks: Sequence[str], starts: Sequence[int]) -> tuple[Text, list[int]]:
    """The text of chunks whose only white space to collapse is single line ends.

    `value` is the joined chunks with a blank for each line end, `starts` has the offset of each chunk in the source.
    Returns the text, and the offset in `value` of each chunk and of the end.
    """
    offset = 0
    offsets = [0]
    pieces: list[tuple[int, int, int]] = []
    for chunk, start in zip(chunks, starts, strict=True):
        if "\n" in chunk:
            line_start = start
            for line in chunk.split("\n"):
                if line:
                    pieces.append((offset + line_start - start, line_start, len(line)))
                line_start += len(line) + 1
        elif chunk:
            pieces.append((offset, start, len(chunk)))
        offset += len(chunk)
        offsets.append(offset)
    return make_text(value, pieces), offsets


class TextWriter:
    """A text written chunk by chunk, its white space collapsed. `blank_pending` is set if a blank must come next."""

    __slots__ = ("_chunks", "_pieces", "blank_pending", "length")

    def __init__(self) -> None:
        self._chunks: list[str] = []
        self._pieces: list[tuple[int, int, int]] = []
        self.length = 0
        self.blank_pending = False

    def write_resolved(self, characters: str) -> None:
        """Write characters that the source has only as a reference (`&#x2013;`)."""
        if self.blank_pending and self.length:
            self._chunks.append(" ")
            self.length += 1
        self.blank_pending = False
        self._chunks.append(characters)
        self.length += len(characters)

    def write(self, chunk: str, source_start: int) -> None:
        """Write a chunk that begins in the source at `source_start`."""
        for word, end in word_spans(chunk) if needs_collapsing(chunk) else (without_outer_blanks(chunk),):
            if word == end:
                break
            start = word
            if self.length and (self.blank_pending or start):
                if start and chunk[start - 1] == " ":
                    start -= 1
                else:
                    self._chunks.append(" ")
                    self.length += 1
            self.blank_pending = False
            self._pieces.append((self.length, source_start + start, end - start))
            self._chunks.append(chunk[start:end])
            self.length += end - start
        self.blank_pending = chunk[-1] in WHITE_SPACE

    def text(self) -> Text:
        """The text written so far."""
        return make_text("".join(self._chunks), self._pieces)
