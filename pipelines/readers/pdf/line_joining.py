"""Lines joined to running text: words that a hyphen divides at the end of a line are made whole.

The words of the document itself decide whether the hyphen belongs to the word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipelines.readers.pdf.lines import Line
from pipelines.vocabularies.word_lists import reading_words

_WORD = re.compile(r"[^\W\d_]{2,}+(?:[-‐][^\W\d_]{2,}+)*+")
_HEAD = re.compile(r"([^\W_]+)[-‐\u00ad]$")
_TAIL = re.compile(r"[^\W\d_]+")
_DASH = re.compile(r"[—–]\w")
_LINE_END = 60
"""So many characters before the end of a line contain its last word."""
_HYPHENS = ("-", "‐", "\u00ad")
_JOINTS = ("/", "-", "–", "‐")


class JoinedLine(NamedTuple):
    """A line of a joined text and the offset at which it begins in the text."""

    start: int
    line: Line


class JoinedText(NamedTuple):
    """Lines as one text, and where each begins."""

    text: str
    lines: tuple[JoinedLine, ...]

    @classmethod
    def of(cls, line: Line) -> JoinedText:
        """The text of one line."""
        return cls(line.text, (JoinedLine(0, line),))

    def without_end(self, sign: str) -> JoinedText:
        """The text without a sign at its end."""
        return self._slice(0, len(self.text) - len(sign)) if self.text.endswith(sign) else self

    def split(self, places: Sequence[int]) -> list[JoinedText]:
        """The text cut at these offsets; white space around the cuts is left out."""
        bounds = [0, *places, len(self.text)]
        return [self._slice(start, end) for start, end in pairwise(bounds)]

    def _slice(self, start: int, end: int) -> JoinedText:
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        text = self.text[start:end].rstrip()
        ends = [*(line.start for line in self.lines[1:]), len(self.text)]
        lines = (
            JoinedLine(max(0, line.start - start), line.line)
            for line, line_end in zip(self.lines, ends, strict=True)
            if line_end > start and line.start < start + len(text)
        )
        return JoinedText(text, tuple(lines))


class Joiner:
    """Joins lines with the words of one document."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            # The last word of a line may be half a word.
            for word in _WORD.findall(line.text)[: -1 if line.text.endswith(_HYPHENS) else None]:
                self._words[word.casefold()] += 1
        self._hyphenated = Counter(word.split("-")[0] for word in self._words if "-" in word)

    def join(self, lines: Sequence[Line]) -> JoinedText:
        """The text of lines below each other."""
        joined = JoinedText("", ())
        for line in lines:
            joined = self.join_texts(joined, JoinedText.of(line))
        return joined

    def join_texts(self, text: JoinedText, following: JoinedText) -> JoinedText:
        """A text and what follows it on the next line, column or page."""
        if not text.text:
            return following
        value = self.join_words(text.text, following.text)
        shift = len(value) - len(following.text)
        moved = (JoinedLine(start + shift, line) for start, line in following.lines)
        return JoinedText(value, (*text.lines, *moved))

    def join_words(self, text: str, following: str) -> str:
        """The words of a line, or of the text so far, and those of the next line."""
        end = text[-_LINE_END:]
        head = _HEAD.search(end)
        if head is None:
            is_joint = (text.endswith(_JOINTS) and text[-2:-1] not in ("", " ")) or _DASH.match(following)
            return text + ("" if is_joint else " ") + following
        tail = _TAIL.match(following)
        if text.endswith("\u00ad"):
            return text[:-1] + following
        if tail is None or not tail.group(0)[0].islower() or not head.group(1).isalpha():
            return text + following
        return (text if self._keeps_hyphen(head.group(1), tail.group(0)) else text[:-1]) + following

    def _keeps_hyphen(self, head: str, tail: str) -> bool:
        first, second = head.casefold(), tail.casefold()
        n_whole, n_hyphenated = self._words[first + second], self._words[f"{first}-{second}"]
        if n_whole or n_hyphenated:
            return n_hyphenated > n_whole
        if head.isupper() or any(char.isupper() for char in head[1:]):
            return True
        if self._hyphenated[first] > 1 and len(first) > 2:
            return True
        are_words = self._words[first] > 0 and self._words[second] > 0
        return are_words and min(len(first), len(second)) > 3 and first not in reading_words("closed_compound_start")
