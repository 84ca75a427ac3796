"""Cue phrases: a small pattern language for phrases that curators list, and a finder for them.

Splits a text into folded words with offsets and returns where the cues of a `CueFinder` occur. The caller
decides what a cue means (a design, an outcome, a direction). The files are read in `cue_files`.

One phrase per cell, matched word by word. Case, accents, hyphens and commas are ignored, and British and American
spelling are equal:

    matched pair        these words in this order
    random*             a word that begins with these letters
    *itis               a word that ends with these letters; not as the first word
    #                   a number in digits
    trial|study         one of these words
    non randomi*        matches "non-randomised" and "nonrandomised", which are read as one word
    ~4                  up to four arbitrary words within the clause
    ^                   the beginning of a clause; only at the beginning of a phrase
    $                   the end of a clause; only at the end of a phrase

A match never crosses the end of a clause: `. : ; ! ?`, a dash between spaces, or a line break. The work is linear in
the length of the text.
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
_CLAUSE_END = re.compile(r"[.:;!?\n\u2014]|\s[-\u2013]\s")

_ABBREVIATED = frozenset({"vs", "al", "cf", "approx", "eg", "ie"})
"""Words whose full stop does not end a sentence."""

_NUMBER, _START = "#", "^"

_PREFIXES = frozenset({"non", "quasi"})
"""Joined with the next word, so that "non-randomised" does not contain the word "randomised"."""

_CACHE_SIZE = 65_536


class Word(NamedTuple):
    """A word of a text: `text[start:end]`, its folded form, and whether a clause ends before it (`breaks`)."""

    start: int
    end: int
    folded: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase and the cells of its row in the cue file."""

    phrase: str
    values: Mapping[str, str]

    @property
    def has_gap(self) -> bool:
        return "~" in self.phrase

    @property
    def begins_clause(self) -> bool:
        return self.phrase.startswith(_START)


class Hit(NamedTuple):
    """An occurrence of a cue: words `first` to `last` (exclusive) of the text."""

    first: int
    last: int
    cue: Cue


@lru_cache(maxsize=_CACHE_SIZE)
def fold_cue_word(word: str) -> str:
    """The form in which the words of cues and texts are compared: without case, accents and British spelling.

    It folds less than `matcher.fold_word`: cues are often the beginnings of words (`analys*`), so plurals and "-lyse"
    are kept, and non-letters are kept so that a cue that contains one is rejected.
    """
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    if len(plain) > 5:
        plain = plain.replace("our", "or").replace("ae", "e")
        plain = re.sub(r"(?<=\w{3})is(e[ds]?|ing|ation)$", r"iz\1", plain)
    return plain


def split_words(text: str) -> list[Word]:
    """The words of `text` in order."""
    result: list[Word] = []
    previous_end = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap = text[previous_end:start]
        printed = match.group()
        breaks = False
        # Fast path: most gaps are a single space.
        if gap != " " and result and _CLAUSE_END.search(gap) is not None:
            # A decimal point between digits does not end a clause.
            is_decimal = gap == "." and text[previous_end - 1].isdigit() and printed[0].isdigit()
            is_abbreviation = gap.startswith(".") and result[-1].folded in _ABBREVIATED
            breaks = not is_decimal and not is_abbreviation
        word = Word(start, end, fold_cue_word(printed), breaks)
        if result and result[-1].folded in _PREFIXES and not breaks:
            prefix = result.pop()
            word = Word(prefix.start, word.end, prefix.folded + word.folded, prefix.breaks)
        result.append(word)
        previous_end = end
    return result


@dataclass(frozen=True, slots=True)
class _Element:
    """One part of a compiled phrase: a word pattern, a gap of up to `gap` words, or the end of a clause."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...] = ()
    gap: int = 0
    is_end: bool = False

    def matches(self, word: str) -> bool:
        return (
            word in self.exact
            or word.startswith(self.prefixes)
            or word.endswith(self.suffixes)
            or (_NUMBER in self.exact and word.isdigit())
        )


def _compile_element(part: str, phrase: str) -> _Element:
    if part == "$":
        return _Element(frozenset(), (), is_end=True)
    if part.startswith("~"):
        if not part[1:].isdigit() or not 1 <= int(part[1:]) <= 9:
            raise ValueError(f"cue {phrase!r}: {part!r} must be ~1 to ~9")
        return _Element(frozenset(), (), gap=int(part[1:]))
    exact: list[str] = []
    prefixes: list[str] = []
    suffixes: list[str] = []
    for choice in part.split("|"):
        if choice == _NUMBER:
            exact.append(choice)
            continue
        letters = choice.removeprefix("*") if choice.startswith("*") else choice.removesuffix("*")
        word = fold_cue_word(letters)
        if _WORD.fullmatch(word) is None:
            raise ValueError(
                f"cue {phrase!r}: {choice!r} is not a word; write letters and digits, with * only at the beginning "
                "or the end"
            )
        (suffixes if choice.startswith("*") else prefixes if choice.endswith("*") else exact).append(word)
    return _Element(frozenset(exact), tuple(prefixes), tuple(suffixes))


@lru_cache(maxsize=_CACHE_SIZE)
def compile_phrase(phrase: str) -> tuple[_Element, ...]:
    """The elements of a phrase. Raises ValueError, which names the phrase and the fault, for invalid syntax."""
    parts: list[str] = []
    for part in (part for chunk in phrase.split() for part in _split_hyphens(chunk)):
        if parts and parts[-1] in _PREFIXES:
            prefix = parts.pop()
            parts.append("|".join(prefix + choice for choice in part.split("|")))
        else:
            parts.append(part)
    elements = tuple(_compile_element(part, phrase) for part in parts if part != _START)
    if not elements or elements[0].gap or elements[0].is_end or elements[-1].gap:
        raise ValueError(f"cue {phrase!r}: it must begin and end with a word")
    if elements[0].suffixes:
        raise ValueError(f"cue {phrase!r}: its first word must be exact or a beginning of a word")
    if _START in parts[1:]:
        raise ValueError(f"cue {phrase!r}: ^ is allowed only at the beginning")
    if any(element.is_end for element in elements[:-1]):
        raise ValueError(f"cue {phrase!r}: $ is allowed only at the end")
    if any(element.gap and following.gap for element, following in pairwise(elements)):
        raise ValueError(f"cue {phrase!r}: two gaps in a row; write one")
    return elements


def _split_hyphens(chunk: str) -> list[str]:
    return [chunk] if "|" in chunk else chunk.replace("-", " ").replace("'", " ").split()


_CompiledCue = tuple[tuple[_Element, ...], Cue]


class CueFinder:
    """Finds the occurrences of a set of cues in the words of a text."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._by_first_word: dict[str, list[_CompiledCue]] = {}
        self._by_first_prefix: dict[str, list[_CompiledCue]] = {}
        for cue in cues:
            compiled = (compile_phrase(cue.phrase), cue)
            for word in compiled[0][0].exact:
                self._by_first_word.setdefault(word, []).append(compiled)
            for prefix in compiled[0][0].prefixes:
                self._by_first_prefix.setdefault(prefix, []).append(compiled)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._by_first_prefix})
        self._first_cache: dict[str, tuple[_CompiledCue, ...]] = {}
        self._pair_cache: dict[tuple[str, str], tuple[_CompiledCue, ...]] = {}

    def find_all(self, text_words: Sequence[Word]) -> list[Hit]:
        """All occurrences, including overlapping ones, in the order of the text."""
        hits = []
        for index, word in enumerate(text_words):
            candidates = self._first_cache.get(word.folded)
            if candidates is None:
                candidates = self._find_by_first_word(word.folded)
            if not candidates:
                continue
            # Many cues begin with a word like "in", but few of them continue as the text does.
            following_words = text_words[index + 1 : index + 2]
            second = following_words[0].folded if following_words and not following_words[0].breaks else ""
            remaining = self._pair_cache.get((word.folded, second))
            if remaining is None:
                remaining = self._filter_by_second_word(word.folded, second, candidates)
            begins_clause = index == 0 or word.breaks
            for elements, cue in remaining:
                if cue.begins_clause and not begins_clause:
                    continue
                last = _match(elements, text_words, index)
                if last is not None:
                    hits.append(Hit(index, last, cue))
        return hits

    def _find_by_first_word(self, word: str) -> tuple[_CompiledCue, ...]:
        cues = list(self._by_first_word.get(word, ()))
        if word.isdigit():
            cues.extend(self._by_first_word.get(_NUMBER, ()))
        for length in self._prefix_lengths:
            if length <= len(word):
                cues.extend(self._by_first_prefix.get(word[:length], ()))
        if len(self._first_cache) < _CACHE_SIZE:
            self._first_cache[word] = tuple(cues)
        return tuple(cues)

    def _filter_by_second_word(
        self, word: str, second: str, candidates: Iterable[_CompiledCue]
    ) -> tuple[_CompiledCue, ...]:
        """The candidates that may continue with the word `second`; '' means that the clause ends."""
        cues = tuple(
            (elements, cue)
            for elements, cue in candidates
            if len(elements) == 1 or elements[1].gap or elements[1].is_end or elements[1].matches(second)
        )
        if len(self._pair_cache) < _CACHE_SIZE:
            self._pair_cache[word, second] = cues
        return cues


def select_longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that remain when of overlapping ones the longest is kept, and the first of equally long ones."""
    selected: list[Hit] = []
    used: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.first - hit.last, hit.first)):
        if used.isdisjoint(range(hit.first, hit.last)):
            used.update(range(hit.first, hit.last))
            selected.append(hit)
    return sorted(selected, key=lambda hit: hit.first)


def _match(elements: Sequence[_Element], text_words: Sequence[Word], index: int) -> int | None:
    """The end of the shortest match that begins at word `index`, which matches the first element; None if none does.

    Gaps are at most nine words long, so the work is bounded.
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
            # Fast path for most elements: the next word matches, or nothing does.
            (at,) = ends
            if at == len(text_words) or text_words[at].breaks or not element.matches(text_words[at].folded):
                return None
            ends = {at + 1}
            continue
        for begin in ends:
            for at in range(begin, min(begin + gap + 1, len(text_words))):
                if text_words[at].breaks:
                    break
                if element.matches(text_words[at].folded):
                    reached.add(at + 1)
        if not reached:
            return None
        ends, gap = reached, 0
    return min(ends)
