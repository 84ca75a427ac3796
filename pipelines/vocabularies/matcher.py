"""The one matcher: where a vocabulary's labels stand in a text, and the abbreviations a text defines.

Belongs here: folding of words, search, the rule for overlaps, abbreviations. What a match means (a role, a topic,
a direction) is the business of the module that asks. It knows labels, no concept, file or review.

How words are folded, label and text alike, so that only the pattern of letters counts:

- case, accents and ligatures (`ß`, `ﬁ`, `İ`); invisible characters inside a word (soft hyphen) are passed over;
- blank, hyphen, dash, slash, apostrophe and square bracket between words are one and the same;
- digits stand apart from letters, so that `3D`, `3-D` and `3 D`, or `18F` and `[18F]`, are alike;
- British and American: `-our`, `-ise`, `-yse`, `ae`, `oe`; a regular plural is its singular.

A match begins and ends on a word's bounds (`Radiosurgery` holds no surgery, `HT29` no HT; a superscript citation mark
bounds a word) and does not run over a full stop, comma, colon, semicolon or round bracket that the label lacks.
A label in capitals is an abbreviation and matches in capitals only (`RFA`, `RFAs`, not `rfa`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff" + _UNSEEN
_RAISED = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089"
_TOKEN = re.compile(rf"\d+|(?:[^\W\d_{_RAISED}][{_MARKS}]*)+")
_BREAK = re.compile(r"[.,;:!?()]")
_CONJUNCTION = frozenset({"and", "or", "versus", "vs", "to"})
_LONGEST_COORDINATE = 4


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a concept. `needs_definition`: it counts only where the document says what it is short for."""

    scheme: str
    concept_id: str
    label: str
    label_type: str
    needs_definition: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A label found: `text[start:end]` is what was printed, the words or the abbreviation that stands for them."""

    start: int
    end: int
    scheme: str
    concept_id: str
    label: str
    label_type: str


class _Token(NamedTuple):
    """A word of the text. `gap` is what parts it from the word before: a blank, a mark, or nothing (`18F`)."""

    start: int
    end: int
    surface: str
    folded: str
    gap: str


@dataclass(frozen=True, slots=True)
class _Entry:
    rank: int
    label: Label
    capitals: str | None


class _Candidate(NamedTuple):
    first: int
    last: int
    start: int
    end: int
    folded_length: int
    entry: _Entry


class Matcher:
    """Finds labels in texts.

    Of candidates that overlap the longest in the text wins (`cervical carcinoma` over `cervical`), then the leftmost,
    then the one whose label was given first: give the labels scheme by scheme, the scheme that is to win first.

    A shared last word is read with each of its coordinates: in `thoracic and lumbar spine`, once `lumbar spine` is
    found, `thoracic` matches the label `thoracic spine`; likewise `breast, lung and colon cancer`.

    Time is linear in the text for a given vocabulary (Aho–Corasick).
    """

    def __init__(self, labels: Iterable[Label]) -> None:
        self._automaton = ahocorasick.Automaton()
        self._entries: dict[str, list[_Entry]] = {}
        self._first_words: set[str] = set()
        for rank, label in enumerate(labels):
            tokens = _tokens(label.label)
            key = _joined(tokens)[0]
            if key and not label.needs_definition:
                self._first_words.add(tokens[0].folded)
                self._entries.setdefault(key, []).append(_Entry(rank, label, _capitals(label.label)))
        for key in self._entries:
            self._automaton.add_word(key, key)
        if self._entries:
            self._automaton.make_automaton()

    def find(self, text: str, abbreviations: Mapping[str, str] | None = None) -> list[Match]:
        """The matches in `text`, in its order, none overlapping another.

        `abbreviations` is what the document defines (`defined_abbreviations`). One of them found in the text is read
        as its long form, which then overrules a label of the vocabulary spelt like it.
        """
        if not abbreviations and not self._may_hold_a_label(text):
            return []
        tokens = _tokens(text)
        candidates = list(self._candidates(tokens))
        shortened = _abbreviated(tokens, text, abbreviations or {})
        if shortened:
            spans = {(tokens[first].start, tokens[last].end) for first, last, _ in shortened}
            candidates = [found for found in candidates if (found.start, found.end) not in spans]
            candidates.extend(self._candidates(_expanded(tokens, shortened)))
        chosen, taken = _without_overlap(candidates, len(text))
        chosen.extend(self._coordinates(tokens, chosen, taken))
        return [_match(found) for found in sorted(chosen, key=lambda found: found.start)]

    def _may_hold_a_label(self, text: str) -> bool:
        """False where no word of the text begins a label: most texts, and found out at a fraction of the time."""
        return any(fold_word(word) in self._first_words for word in _TOKEN.findall(text))

    def _candidates(self, tokens: Sequence[_Token]) -> Iterator[_Candidate]:
        haystack, starts, ends = _joined(tokens)
        for last_character, key in self._automaton.iter(haystack):
            end = last_character + 1
            first, last = starts.get(end - len(key)), ends.get(end)
            if first is None or last is None or _is_glued(tokens, first) or _is_glued(tokens, last + 1):
                continue
            yield from self._spelt_so(key, tokens, first, last)

    def _spelt_so(self, key: str, tokens: Sequence[_Token], first: int, last: int) -> Iterator[_Candidate]:
        for entry in self._entries[key]:
            if entry.capitals is None or _has_capitals(tokens, first, last, entry.capitals):
                yield _Candidate(first, last, tokens[first].start, tokens[last].end, len(key), entry)

    def _coordinates(
        self, tokens: Sequence[_Token], chosen: Sequence[_Candidate], taken: bytearray
    ) -> list[_Candidate]:
        """Labels whose last words stand only at the end of the list they share; marks what they take."""
        by_start = {token.start: number for number, token in enumerate(tokens)}
        by_end = {token.end: number for number, token in enumerate(tokens)}
        coordinates = []
        for found in chosen:
            first, last = by_start[found.start], by_end[found.end]
            for head in range(first + 1, last + 1):
                shared = _joined(tokens[head : last + 1])[0]
                left = first
                while (end := _before_conjunction(tokens, left)) is not None:
                    coordinate = self._coordinate(tokens, end, shared, taken)
                    if coordinate is None:
                        break
                    _take(taken, coordinate)
                    coordinates.append(coordinate)
                    left = coordinate.first
        return coordinates

    def _coordinate(self, tokens: Sequence[_Token], last: int, shared: str, taken: bytearray) -> _Candidate | None:
        """The longest run of free words that ends with token `last` and makes a label with the shared words."""
        best = None
        for first in range(last, max(-1, last - _LONGEST_COORDINATE), -1):
            if taken.find(1, tokens[first].start, tokens[first].end) >= 0:
                break
            key = f"{_joined(tokens[first : last + 1])[0]} {shared}"
            for entry in self._entries.get(key, ())[:1]:
                if entry.capitals is None and not _is_glued(tokens, first):
                    best = _Candidate(first, last, tokens[first].start, tokens[last].end, len(key), entry)
        return best


def _without_overlap(candidates: list[_Candidate], length: int) -> tuple[list[_Candidate], bytearray]:
    """The candidates that win, and the characters of the text they take."""
    taken = bytearray(length)
    chosen = []
    for found in sorted(candidates, key=lambda c: (c.start - c.end, c.start, -c.folded_length, c.entry.rank)):
        if taken.find(1, found.start, found.end) < 0:
            _take(taken, found)
            chosen.append(found)
    return chosen, taken


def _take(taken: bytearray, found: _Candidate) -> None:
    taken[found.start : found.end] = b"\x01" * (found.end - found.start)


def _match(found: _Candidate) -> Match:
    label = found.entry.label
    return Match(found.start, found.end, label.scheme, label.concept_id, label.label, label.label_type)


def folded(text: str) -> str:
    """The folded form of a label or a text: what two spellings that match have in common; '' where there is no word."""
    return _joined(_tokens(text))[0]


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for word in _TOKEN.finditer(text):
        start = word.start()
        gap = text[end:start]
        # Most gaps are one blank.
        mark = _BREAK.search(gap) if gap != " " and tokens else None
        parting = mark.group() if mark else " " if gap else ""
        end = word.end()
        printed = word.group()
        tokens.append(_Token(start, end, printed, fold_word(printed), parting))
    return tokens


def _joined(tokens: Sequence[_Token]) -> tuple[str, dict[int, int], dict[int, int]]:
    """The folded text, and which token starts and which ends at an offset of it."""
    parts: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    length = 0
    for number, token in enumerate(tokens):
        if number:
            parts.append(token.gap or " ")
            length += 1
        starts[length] = number
        parts.append(token.folded)
        length += len(token.folded)
        ends[length] = number
    return "".join(parts), starts, ends


def _is_glued(tokens: Sequence[_Token], number: int) -> bool:
    return 0 < number < len(tokens) and not tokens[number].gap


def fold_word(word: str) -> str:
    """A word without what does not tell it apart; see the module's docstring."""
    return _fold_word(word) if len(word) <= 40 else _fold_characters(word)


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    plain = _fold_characters(word)
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-3] + "y" if plain.endswith("ies") and len(plain) > 4 else plain[:-1]
    # "approaches" and "headaches" lose their "es", so "headache" its "e".
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
    return "".join(character for character in decomposed if character.isalnum())


def _capitals(label: str) -> str | None:
    """The letters of a label that is an abbreviation, that is, has capitals and no small letter; None for another."""
    letters = "".join(character for character in label if character.isalpha())
    return letters if letters and letters.isupper() else None


def _has_capitals(tokens: Sequence[_Token], first: int, last: int, capitals: str) -> bool:
    surface = "".join(token.surface for token in tokens[first : last + 1])
    letters = "".join(character for character in surface if character.isalpha())
    return letters in (capitals, capitals + "s")


def _before_conjunction(tokens: Sequence[_Token], number: int) -> int | None:
    """The token that stands, past `and`, `or` or a comma, before token `number`; None where none does."""
    if number < 1:
        return None
    if tokens[number].gap == ",":
        return number - 1
    joins = tokens[number - 1].folded in _CONJUNCTION and tokens[number].gap == " "
    if not joins or number < 2 or tokens[number - 1].gap not in (" ", ","):
        return None
    return number - 2


def _abbreviated(tokens: Sequence[_Token], text: str, abbreviations: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Where an abbreviation of the document stands: first and last token, and its long form."""
    if not abbreviations:
        return []
    forms = {_letters(short): (short, long) for short, long in abbreviations.items() if _letters(short)}
    most = max(len(_TOKEN.findall(short)) for short, _ in forms.values())
    found = []
    number = 0
    while number < len(tokens):
        step = 1
        if not _is_glued(tokens, number):
            for last in range(min(number + most, len(tokens)) - 1, number - 1, -1):
                if _is_glued(tokens, last + 1):
                    continue
                printed = _letters(text[tokens[number].start : tokens[last].end])
                form = forms.get(printed) or forms.get(printed.removesuffix("s"))
                if form:
                    found.append((number, last, form[1]))
                    step = last - number + 1
                    break
        number += step
    return found


def _letters(short: str) -> str:
    return "".join(character for character in short if character.isalnum())


def _expanded(tokens: Sequence[_Token], shortened: Sequence[tuple[int, int, str]]) -> list[_Token]:
    """The tokens with each abbreviation replaced by its long form's, all of which stand where it stands."""
    expanded: list[_Token] = []
    done = 0
    for first, last, long in shortened:
        expanded.extend(tokens[done:first])
        start, end = tokens[first].start, tokens[last].end
        for number, word in enumerate(_tokens(long)):
            gap = word.gap if number else tokens[first].gap
            expanded.append(_Token(start, end, word.surface, word.folded, gap))
        done = last + 1
    expanded.extend(tokens[done:])
    return expanded
