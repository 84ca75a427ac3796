"""Finds the labels of vocabularies in a text.

Takes labels and returns matches with offsets. Works on labels only; unaware of concepts, files and reviews. The
caller decides what a match means (a role, a topic, a direction). The abbreviations of a text come from `abbreviations`.

Labels and texts are folded before they are compared:

- case, accents and ligatures (`ß`, `ﬁ`, `İ`) are removed, and invisible characters within a word (soft hyphen) skipped;
- space, hyphen, dash, slash, apostrophe and square bracket between words are equal;
- digits are separated from letters, so `3D`, `3-D` and `3 D` are equal, and so are `18F` and `[18F]`;
- Greek letters are separated from others and read by name, so `TNFα`, `TNF-α` and `TNF alpha` are equal;
- British and American spelling are equal: `-our`, `-ise`, `-yse`, `ae`, `oe`; so are regular plural and singular.

A match begins and ends at word boundaries (`Radiosurgery` does not match "surgery", `HT29` does not match "HT"; a
superscript citation marker ends a word), but not with a participle that a hyphen binds to the word before it
(`colon-targeted drug` does not match "targeted drug"). It contains no full stop, comma, colon, semicolon or round
bracket unless the label does. A label in capitals is an abbreviation and matches only capitals (`RFA`, `RFAs`, not
`rfa`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff" + _INVISIBLE
_SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089"
_GREEK = "\u0370-\u03ff\u1f00-\u1fff\u00b5"
_TOKEN = re.compile(rf"\d+|(?:[^\W\d_{_SUPERSCRIPTS}{_GREEK}][{_MARKS}]*)+|(?:[{_GREEK}][{_MARKS}]*)+", re.UNICODE)
_GREEK_NAMES = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ω": "omega",
}
_BREAK = re.compile(r"[.,;:!?()]")
_HYPHENS = frozenset("-\u2010\u2011")
_CONJUNCTIONS = frozenset({"and", "or", "versus", "vs", "to"})
_MAX_COORDINATE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a concept; with `needs_definition` it counts only if the document defines it as an abbreviation."""

    scheme: str
    concept_id: str
    label: str
    label_type: str
    needs_definition: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """An occurrence of a label; `text[start:end]` is the printed words or an abbreviation of them."""

    start: int
    end: int
    scheme: str
    concept_id: str
    label: str
    label_type: str


class _Token(NamedTuple):
    """A word of a text; `gap` separates it from the previous word: a space, a punctuation mark, or '' (`18F`)."""

    start: int
    end: int
    surface: str
    folded: str
    gap: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A label as a matcher looks it up: `rank` is its place among all labels.

    `capitals` are the letters of an abbreviation, which must be printed in capitals; None for other labels.
    """

    rank: int
    label: Label
    capitals: str | None


class Lexicon(Protocol):
    """The labels of a matcher by their folded form, in which words are joined as in `fold_text`."""

    def count_words(self, first_word: str) -> int:
        """The number of words of the longest label that begins with this folded word; 0 if none does."""

    def find(self, key: str) -> Sequence[Entry]:
        """The labels with this folded form, by rank."""


class ListedLabels:
    """The lexicon of a small vocabulary: labels that are folded one by one. Labels that need a definition are left out.

    Pass the labels scheme by scheme, the preferred scheme first.
    """

    def __init__(self, labels: Iterable[Label]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self._word_counts: dict[str, int] = {}
        for rank, label in enumerate(labels):
            tokens = _tokenise(label.label)
            if tokens and not label.needs_definition:
                first = tokens[0].folded
                self._word_counts[first] = max(len(tokens), self._word_counts.get(first, 0))
                entry = Entry(rank, label, required_capitals(label.label))
                self._entries.setdefault(_join_folded(tokens), []).append(entry)

    def count_words(self, first_word: str) -> int:
        return self._word_counts.get(first_word, 0)

    def find(self, key: str) -> Sequence[Entry]:
        return self._entries.get(key, ())


class _Candidate(NamedTuple):
    first: int
    last: int
    start: int
    end: int
    folded_length: int
    entry: Entry


class Matcher:
    """Finds labels in texts.

    Of overlapping candidates the longest in the text wins (`cervical carcinoma` over `cervical`), then the leftmost,
    then the one whose label has the lowest rank.

    A last word that several items share belongs to each of them: in `thoracic and lumbar spine`, once `lumbar spine`
    has matched, `thoracic` matches the label `thoracic spine`; likewise `breast, lung and colon cancer`.

    Takes linear time in the length of the text for a given vocabulary: at each word, the label's words are looked up.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def find(self, text: str, abbreviations: Mapping[str, str] | None = None) -> list[Match]:
        """The matches in `text`, in order and without overlaps.

        `abbreviations` are those that the document defines (`defined_abbreviations`). Each occurrence of one is read as
        its long form, which takes precedence over a label that is spelt like the short form.
        """
        if not abbreviations and not self._may_contain_label(text):
            return []
        tokens = _tokenise(text)
        candidates = list(self._find_candidates(tokens))
        short_forms = _find_short_forms(tokens, text, abbreviations or {})
        if short_forms:
            spans = {(tokens[first].start, tokens[last].end) for first, last, _ in short_forms}
            candidates = [candidate for candidate in candidates if (candidate.start, candidate.end) not in spans]
            candidates.extend(self._find_candidates(_expand_short_forms(tokens, short_forms)))
        candidates = [candidate for candidate in candidates if not _is_bound(text, candidate.start)]
        chosen, taken = _resolve_overlaps(candidates, len(text))
        chosen.extend(self._find_coordinates(tokens, chosen, taken))
        return [_to_match(candidate) for candidate in sorted(chosen, key=lambda candidate: candidate.start)]

    def _may_contain_label(self, text: str) -> bool:
        """Whether a word of the text begins a label: a cheap test that rules out most texts."""
        return any(self._lexicon.count_words(fold_word(word)) for word in _TOKEN.findall(text))

    def _find_candidates(self, tokens: Sequence[_Token]) -> Iterator[_Candidate]:
        for first, token in enumerate(tokens):
            n_words = self._lexicon.count_words(token.folded)
            if not n_words or _is_attached(tokens, first):
                continue
            key = ""
            for last in range(first, min(first + n_words, len(tokens))):
                key += (tokens[last].gap or " ") + tokens[last].folded if key else token.folded
                if _is_attached(tokens, last + 1):
                    continue
                for entry in self._lexicon.find(key):
                    if entry.capitals is None or _has_capitals(tokens, first, last, entry.capitals):
                        yield _Candidate(first, last, token.start, tokens[last].end, len(key), entry)

    def _find_coordinates(
        self, tokens: Sequence[_Token], chosen: Sequence[_Candidate], taken: bytearray
    ) -> list[_Candidate]:
        """Labels whose last words are printed only at the end of an enumeration; marks their characters as taken."""
        by_start = {token.start: number for number, token in enumerate(tokens)}
        by_end = {token.end: number for number, token in enumerate(tokens)}
        coordinates = []
        for candidate in chosen:
            first, last = by_start[candidate.start], by_end[candidate.end]
            for head in range(first + 1, last + 1):
                shared = _join_folded(tokens[head : last + 1])
                left = first
                while (end := _skip_conjunction(tokens, left)) is not None:
                    coordinate = self._find_coordinate(tokens, end, shared, taken)
                    if coordinate is None:
                        break
                    _mark_taken(taken, coordinate)
                    coordinates.append(coordinate)
                    left = coordinate.first
        return coordinates

    def _find_coordinate(self, tokens: Sequence[_Token], last: int, shared: str, taken: bytearray) -> _Candidate | None:
        """The longest run of free words that ends with token `last` and, followed by the shared words, is a label."""
        best = None
        for first in range(last, max(-1, last - _MAX_COORDINATE_WORDS), -1):
            if taken.find(1, tokens[first].start, tokens[first].end) >= 0:
                break
            key = f"{_join_folded(tokens[first : last + 1])} {shared}"
            for entry in self._lexicon.find(key)[:1]:
                if entry.capitals is None and not _is_attached(tokens, first):
                    best = _Candidate(first, last, tokens[first].start, tokens[last].end, len(key), entry)
        return best


def _is_bound(text: str, start: int) -> bool:
    """Whether a participle starts here that belongs to the word before it, as in `colon-targeted`."""
    word = _TOKEN.match(text, start) if text[max(0, start - 1) : start] in _HYPHENS else None
    return word is not None and word.group().casefold().endswith("ed")


def _resolve_overlaps(candidates: list[_Candidate], length: int) -> tuple[list[_Candidate], bytearray]:
    """The winning candidates, and a flag per character of the text: 1 if one of them covers it."""
    taken = bytearray(length)
    chosen = []
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.start, -c.folded_length, c.entry.rank)):
        if taken.find(1, candidate.start, candidate.end) < 0:
            _mark_taken(taken, candidate)
            chosen.append(candidate)
    return chosen, taken


def _mark_taken(taken: bytearray, candidate: _Candidate) -> None:
    taken[candidate.start : candidate.end] = b"\x01" * (candidate.end - candidate.start)


def _to_match(candidate: _Candidate) -> Match:
    label = candidate.entry.label
    return Match(candidate.start, candidate.end, label.scheme, label.concept_id, label.label, label.label_type)


def fold_text(text: str) -> str:
    """The folded form of a label or text, equal for spellings that match each other; '' if the text has no words."""
    return _join_folded(_tokenise(text))


def _tokenise(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for word in _TOKEN.finditer(text):
        start = word.start()
        gap = text[end:start]
        # Fast path: most gaps are a single space.
        mark = _BREAK.search(gap) if gap != " " and tokens else None
        separator = mark.group() if mark else " " if gap else ""
        end = word.end()
        printed = word.group()
        tokens.append(_Token(start, end, printed, fold_word(printed), separator))
    return tokens


def _join_folded(tokens: Sequence[_Token]) -> str:
    """The folded words, joined by their gaps; an empty gap (`18F`) becomes a space."""
    return "".join((token.gap or " ") + token.folded if number else token.folded for number, token in enumerate(tokens))


def _is_attached(tokens: Sequence[_Token], number: int) -> bool:
    """Whether a token follows the previous one without a gap, as `F` in `18F`."""
    return 0 < number < len(tokens) and not tokens[number].gap


def fold_word(word: str) -> str:
    """The folded form of one word, by the rules in the module's docstring."""
    return _fold_word(word) if len(word) <= 40 else _fold_characters(word)


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    plain = _fold_characters(word)
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-3] + "y" if plain.endswith("ies") and len(plain) > 4 else plain[:-1]
    # "headaches" has become "headache" and "approaches" "approache": remove the "e", also from the singular "headache".
    if plain.endswith(("che", "she", "sse", "xe")):
        plain = plain[:-1]
    if len(plain) < 5:
        return plain
    plain = plain.replace("ae", "e").replace("oe", "e")
    if len(plain) > 5:
        plain = plain.replace("our", "or")
    plain = re.sub(r"(?<=.{3})is(e|ed|er|ing|ation)$", r"iz\1", plain)
    return re.sub(r"lys(e|ed|er|ing)$", r"lyz\1", plain)


def _fold_characters(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    plain = "".join(character for character in decomposed if character.isalnum())
    return _GREEK_NAMES.get(plain, plain)


def required_capitals(label: str) -> str | None:
    """The letters of a label that is an abbreviation (all its letters are capitals); None for any other label."""
    letters = "".join(character for character in label if character.isalpha())
    return letters if letters and letters.isupper() else None


def _has_capitals(tokens: Sequence[_Token], first: int, last: int, capitals: str) -> bool:
    surface = "".join(token.surface for token in tokens[first : last + 1])
    letters = "".join(character for character in surface if character.isalpha())
    return letters in (capitals, capitals + "s")


def _skip_conjunction(tokens: Sequence[_Token], number: int) -> int | None:
    """The token before token `number` once `and`, `or` or a comma between them is skipped; None without one."""
    if number < 1:
        return None
    if tokens[number].gap == ",":
        return number - 1
    is_joined = tokens[number - 1].folded in _CONJUNCTIONS and tokens[number].gap == " "
    if not is_joined or number < 2 or tokens[number - 1].gap not in (" ", ","):
        return None
    return number - 2


def _find_short_forms(
    tokens: Sequence[_Token], text: str, abbreviations: Mapping[str, str]
) -> list[tuple[int, int, str]]:
    """The occurrences of the document's abbreviations: first token, last token (inclusive) and long form."""
    if not abbreviations:
        return []
    forms = {letters: form for form in abbreviations.items() if (letters := _alphanumerics(form[0]))}
    max_tokens = max(len(_TOKEN.findall(short)) for short, _ in forms.values())
    occurrences = []
    number = 0
    while number < len(tokens):
        step = 1
        if not _is_attached(tokens, number):
            for last in range(min(number + max_tokens, len(tokens)) - 1, number - 1, -1):
                if _is_attached(tokens, last + 1):
                    continue
                printed = _alphanumerics(text[tokens[number].start : tokens[last].end])
                form = forms.get(printed) or forms.get(printed.removesuffix("s"))
                if form:
                    occurrences.append((number, last, form[1]))
                    step = last - number + 1
                    break
        number += step
    return occurrences


def _alphanumerics(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _expand_short_forms(tokens: Sequence[_Token], short_forms: Sequence[tuple[int, int, str]]) -> list[_Token]:
    """The tokens with each short form replaced by its long form, which keeps the offsets of the short form."""
    expanded: list[_Token] = []
    done = 0
    for first, last, long in short_forms:
        expanded.extend(tokens[done:first])
        start, end = tokens[first].start, tokens[last].end
        for number, word in enumerate(_tokenise(long)):
            gap = word.gap if number else tokens[first].gap
            expanded.append(_Token(start, end, word.surface, word.folded, gap))
        done = last + 1
    expanded.extend(tokens[done:])
    return expanded
