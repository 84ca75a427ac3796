"""Cues: phrases a curator lists that tell how a text is to be read, and where they stand in it.

Belongs here: words with offsets, the little language cues are written in, finding them. What a cue means
(a design, an outcome, a direction) is the business of the module that asks. Reading the cue files is not here
but in `pipelines.curate.coding_rules`.

The language, one phrase a cell, read word by word, case and accents folded, hyphens and commas no matter:

    matched pair        these words in this order
    random*             a word that begins so
    trial|study         one of these
    non randomi*        one word, as are "nonrandomised" and "non-randomised"
    ~4                  up to four words, whatever they are, though never past the end of a clause
    $                   the end of a clause; stands last

British and American spelling are one. A phrase never reaches past `. : ; ! ?`, a spaced dash or a line's end. Finding
is linear in the text's length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.:;!?\n\u2014]|\s[-\u2013]\s")

_SHORTENED = frozenset({"vs", "al", "cf", "approx", "eg", "ie"})
"""Words whose full stop ends no sentence."""

_PREFIXES = frozenset({"non", "quasi"})
"""Read as one with the word they stand before: "non-randomised" holds no "randomised"."""


class Word(NamedTuple):
    """A word of a text: `text[start:end]`, folded in `folded`; `breaks` tells that a clause ends before it."""

    start: int
    end: int
    folded: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase and what its row of the cue file says of it."""

    phrase: str
    values: Mapping[str, str]

    @property
    def has_gap(self) -> bool:
        return "~" in self.phrase


class Hit(NamedTuple):
    """A cue found: words `first` to `last` (half-open) of the text."""

    first: int
    last: int
    cue: Cue


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written with blanks between them."""
    return frozenset(listed.split())


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    # Less than `matcher.fold_word` does: a cue is often the beginning of a word (`analys*`), so plurals and "-lyse"
    # stay as printed; and what is no letter stays, so that a cue with it is refused.
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    if len(plain) > 5:
        plain = plain.replace("our", "or").replace("ae", "e")
        plain = re.sub(r"(?<=\w{3})is(e[ds]?|ing|ation)$", r"iz\1", plain)
    return plain


def words(text: str) -> list[Word]:
    """The words of `text` in their order."""
    found: list[Word] = []
    previous = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap = text[previous:start]
        printed = match.group()
        breaks = False
        # Most gaps are one blank.
        if gap != " " and found and _STOP.search(gap) is not None:
            # A decimal point stands between two figures: it ends no clause.
            decimal = gap == "." and text[previous - 1].isdigit() and printed[0].isdigit()
            shortened = gap.startswith(".") and found[-1].folded in _SHORTENED
            breaks = not decimal and not shortened
        word = Word(start, end, _fold(printed), breaks)
        if found and found[-1].folded in _PREFIXES and not breaks:
            prefix = found.pop()
            word = Word(prefix.start, word.end, prefix.folded + word.folded, prefix.breaks)
        found.append(word)
        previous = end
    return found


@dataclass(frozen=True, slots=True)
class _Element:
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    gap: int = 0
    is_end: bool = False

    def fits(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.prefixes)


def _element(part: str, phrase: str) -> _Element:
    if part == "$":
        return _Element(frozenset(), (), is_end=True)
    if part.startswith("~"):
        if not part[1:].isdigit() or not 1 <= int(part[1:]) <= 9:
            raise ValueError(f"cue {phrase!r}: {part!r} must be ~1 to ~9")
        return _Element(frozenset(), (), int(part[1:]))
    exact: list[str] = []
    prefixes: list[str] = []
    for choice in part.split("|"):
        word = _fold(choice.removesuffix("*"))
        if _WORD.fullmatch(word) is None:
            raise ValueError(f"cue {phrase!r}: {choice!r} is no word; write letters and figures, then * if it goes on")
        (prefixes if choice.endswith("*") else exact).append(word)
    return _Element(frozenset(exact), tuple(prefixes))


def compile_phrase(phrase: str) -> tuple[_Element, ...]:
    """The phrase taken apart. Raises ValueError naming the phrase and what is wrong with it."""
    parts: list[str] = []
    for part in (part for chunk in phrase.split() for part in _split_hyphens(chunk)):
        if parts and parts[-1] in _PREFIXES:
            prefix = parts.pop()
            parts.append("|".join(prefix + choice for choice in part.split("|")))
        else:
            parts.append(part)
    elements = tuple(_element(part, phrase) for part in parts)
    if not elements or elements[0].gap or elements[0].is_end or elements[-1].gap:
        raise ValueError(f"cue {phrase!r}: it must begin and end with a word")
    if any(element.is_end for element in elements[:-1]):
        raise ValueError(f"cue {phrase!r}: $ stands last, nowhere else")
    if any(one.gap and other.gap for one, other in pairwise(elements)):
        raise ValueError(f"cue {phrase!r}: two gaps in a row; write one")
    return elements


def _split_hyphens(chunk: str) -> list[str]:
    return [chunk] if "|" in chunk else chunk.replace("-", " ").replace("'", " ").split()


_Compiled = tuple[tuple[_Element, ...], Cue]

_KEPT = 65_536


class CueFinder:
    """Finds a set of cues in a text's words."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._exact: dict[str, list[_Compiled]] = {}
        self._prefix: dict[str, list[_Compiled]] = {}
        for cue in cues:
            compiled = (compile_phrase(cue.phrase), cue)
            for word in compiled[0][0].exact:
                self._exact.setdefault(word, []).append(compiled)
            for prefix in compiled[0][0].prefixes:
                self._prefix.setdefault(prefix, []).append(compiled)
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._first: dict[str, tuple[_Compiled, ...]] = {}
        self._of_pair: dict[tuple[str, str], tuple[_Compiled, ...]] = {}

    def all(self, text_words: Sequence[Word]) -> list[Hit]:
        """Every cue found, overlapping ones too, in the order of the text."""
        hits = []
        for index, word in enumerate(text_words):
            candidates = self._first.get(word.folded)
            if candidates is None:
                candidates = self._beginning(word.folded)
            if not candidates:
                continue
            # Many cues begin with "in", few of them go on as the text does.
            behind = text_words[index + 1 : index + 2]
            following = behind[0].folded if behind and not behind[0].breaks else ""
            going_on = self._of_pair.get((word.folded, following))
            if going_on is None:
                going_on = self._going_on(word.folded, following, candidates)
            for elements, cue in going_on:
                last = _match(elements, text_words, index)
                if last is not None:
                    hits.append(Hit(index, last, cue))
        return hits

    def _beginning(self, word: str) -> tuple[_Compiled, ...]:
        """The cues whose first word this may be."""
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                found.extend(self._prefix.get(word[:length], ()))
        if len(self._first) < _KEPT:
            self._first[word] = tuple(found)
        return tuple(found)

    def _going_on(self, word: str, following: str, candidates: Iterable[_Compiled]) -> tuple[_Compiled, ...]:
        """Those of the cues that may go on with the word `following` of the same clause, '' where it has no more."""
        found = tuple(
            (elements, cue)
            for elements, cue in candidates
            if len(elements) == 1 or elements[1].gap or elements[1].is_end or elements[1].fits(following)
        )
        if len(self._of_pair) < _KEPT:
            self._of_pair[word, following] = found
        return found


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of `hits` those that do not overlap: the longest wins, and of equals the first."""
    taken: list[Hit] = []
    used: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.first - hit.last, hit.first)):
        if used.isdisjoint(range(hit.first, hit.last)):
            used.update(range(hit.first, hit.last))
            taken.append(hit)
    return sorted(taken, key=lambda hit: hit.first)


def _match(elements: Sequence[_Element], text_words: Sequence[Word], index: int) -> int | None:
    """The end of the shortest match from `index` on, whose word fits the first element.

    Gaps are at most nine words, so this is bounded work.
    """
    ends = {index + 1}
    gap = 0
    for element in elements[1:]:
        if element.gap:
            gap = element.gap
            continue
        if element.is_end:
            ends = {end for end in ends if end == len(text_words) or text_words[end].breaks}
            return min(ends) if ends else None
        reached: set[int] = set()
        if not gap and len(ends) == 1:
            # Most elements: the one next word fits, or nothing does.
            (at,) = ends
            if at == len(text_words) or text_words[at].breaks or not element.fits(text_words[at].folded):
                return None
            ends = {at + 1}
            continue
        for begin in ends:
            for at in range(begin, min(begin + gap + 1, len(text_words))):
                if text_words[at].breaks:
                    break
                if element.fits(text_words[at].folded):
                    reached.add(at + 1)
        if not reached:
            return None
        ends, gap = reached, 0
    return min(ends)
