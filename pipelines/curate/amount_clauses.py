"""A text parsed into clauses, each with the words of amount and the arms in it.

Takes a text, its arm mentions and the rules. What is in brackets, p-values and intervals are set aside first, so that
"no significant (p > 0.05) effect" reads as one phrase. What the words mean together is decided in `amounts`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.amount_rules import AmountRules
from pipelines.curate.arm_mentions import ArmMention
from pipelines.curate.grammar import AUXILIARIES, CLAUSE_OPENERS, COORDINATORS, NEGATORS
from pipelines.curate.significance import SignificanceMark, find_significance_marks
from pipelines.vocabularies.cue_phrases import Word, select_longest, split_words

_MAX_ASIDE = 400
"""Longer bracketed text is not set aside."""

_MAX_CLAUSE_WORDS = 100
_MAX_NEGATION_DISTANCE = 6
_SYMBOLS = (
    dict.fromkeys("↑⬆▲↗⇑⇧", "up") | dict.fromkeys("↓⬇▼↘⇓⇩", "down") | dict.fromkeys("↔=≈≅⟷⇔→", "same")
)
_PLUS_OR_MINUS = {"+": "up", "\u2212": "down", "-": "down"}
_SYMBOL = re.compile(
    "(?P<symbol>[" + "".join(_SYMBOLS) + "])"
    r"|(?:^|(?<=[,;\n/]))\s{0,3}(?P<sign>[+\u2212])(?:\s{0,2}(?=[^\W\d])|\s{0,3}$)",
)
_SYMBOL_BEFORE = re.compile("(?<=[,;:.\\n/ ])[" + "".join(_SYMBOLS) + r"+\u2212]\s{0,3}$")
_FROM_TO = re.compile(r"(\d{1,7}(?:[.,]\d{1,6})?)\s?[%\w/]{0,8}\s{0,2}$"), re.compile(r"\s{0,2}(\d{1,7}(?:[.,]\d{1,6})?)")
_TIMES = (["twice"], ["thrice"], ["half"], ["times"])
"""Before "as high as" they say that it is not the same."""

_END_MARKS = frozenset(".?!\n")


class Event(NamedTuple):
    """A word of amount: words `first` to `last` (exclusive), `text[start:end]`, its sense, and whether it is negated."""

    first: int
    last: int
    start: int
    end: int
    sense: str
    is_negated: bool


class AmountClause(NamedTuple):
    """Words `first` to `last` (exclusive) of sentence `sentence`, with what is in `text[start:end]`."""

    first: int
    last: int
    start: int
    end: int
    sentence: int
    events: tuple[Event, ...]
    arms: tuple[ArmMention, ...]


class AmountText:
    """The words, clauses, asides and marks of significance of a text."""

    def __init__(self, text: str, arms: Sequence[ArmMention], rules: AmountRules) -> None:
        self.text = text
        self.rules = rules
        self.marks: list[SignificanceMark] = find_significance_marks(text)
        self.asides = find_asides(text)
        self.plain = _set_aside(text, [*self.asides, *((mark.start, mark.end) for mark in self.marks)])
        self._read_asides()
        self.words: list[Word] = split_words(self.plain)
        self.all_arms = sorted(arms)
        plain_arms = [arm for arm in self.all_arms if self.plain[arm.start] == text[arm.start]]
        self._is_verb = [
            word.folded in rules.verbs and not _is_within(plain_arms, word.start, word.end) for word in self.words
        ]
        events = self._find_events(plain_arms)
        self.clauses: list[AmountClause] = []
        self.sentence_ends: list[int] = []
        for number, (first, last) in enumerate(self._split_sentences()):
            for begin, end in self._split_clauses(first, last, events):
                start = self._find_start(begin)
                stop = self._find_start(end)
                self.clauses.append(
                    AmountClause(
                        begin,
                        end,
                        start,
                        stop,
                        number,
                        tuple(_between(events, start, stop)),
                        tuple(_between(plain_arms, start, stop)),
                    )
                )
            self.sentence_ends.append(self.clauses[-1].end)
        if not self.words:
            # A cell of nothing but signs and numbers: "↑", "NS", "OR 1.5 (1.1-2.0)".
            self.clauses.append(AmountClause(0, 0, 0, len(text), 0, tuple(events), tuple(plain_arms)))
            self.sentence_ends.append(len(text))

    def _find_start(self, number: int) -> int:
        """The place where a clause that begins with word `number` begins, with an arrow or sign before the word."""
        if number == 0:
            return 0
        if number == len(self.words):
            return len(self.text)
        start = self.words[number].start
        gap = self.plain[self.words[number - 1].end : start]
        match = _SYMBOL_BEFORE.search(gap)
        return start - len(gap) + match.start() if match else start

    def folded(self, first: int, last: int) -> list[str]:
        return [word.folded for word in self.words[max(0, first) : max(0, last)]]

    def word_number(self, place: int) -> int:
        """The number of the first word that starts at or after a character."""
        return bisect_left(self.words, place, key=lambda word: word.start)

    def has_verb(self, first: int, last: int) -> bool:
        return any(self._is_verb[max(0, first) : max(0, last)])

    def _read_asides(self) -> None:
        """Add marks for asides that say whether something is significant: "(not significant)"."""
        for start, end in self.asides:
            words = split_words(self.text[start:end])
            hits = [
                hit
                for hit in self.rules.amounts.find_all(words)
                if hit.cue.values["sense"] in ("significant", "not_significant")
            ]
            if hits:
                before = {word.folded for word in words[max(0, hits[0].first - 3) : hits[0].first]}
                is_significant = hits[0].cue.values["sense"] == "significant" and NEGATORS.isdisjoint(before)
                insort(self.marks, SignificanceMark(start, end, is_significant), key=lambda mark: mark.start)

    def _find_events(self, arms: Sequence[ArmMention]) -> list[Event]:
        events = []
        hits = [hit for hit in self.rules.amounts.find_all(self.words) if not self._follows_times(hit.first)]
        for hit in select_longest(hits):
            sense = hit.cue.values["sense"]
            start, end = self.words[hit.first].start, self.words[hit.last - 1].end
            if self.words[hit.first].folded == "similarly" and (hit.first == 0 or self.words[hit.first].breaks):
                continue
            if sense == "none" or _is_within(arms, start, end) or self._is_quantity(hit.first, hit.last):
                continue
            events.append(Event(hit.first, hit.last, start, end, sense, self._is_negated(hit.first, hit.last, arms)))
        for match in _SYMBOL.finditer(self.plain):
            sense = _read_symbol(self.plain, match)
            if sense is not None:
                number = self.word_number(match.start())
                events.append(Event(number, number, match.start(), match.end(), sense, False))
        return sorted(events, key=lambda event: (event.start, event.end))

    def _follows_times(self, first: int) -> bool:
        return self.words[first].folded == "as" and self.folded(first - 1, first) in _TIMES

    def _is_quantity(self, first: int, last: int) -> bool:
        """Whether "more than" is followed by a number: "in more than 20 patients"."""
        following = self.folded(last, last + 2)
        return len(following) == 2 and following[0] == "than" and following[1][0].isdigit()

    def _is_negated(self, first: int, last: int, arms: Sequence[ArmMention]) -> bool:
        return self._has_negator_before(first, arms) or self._has_negator_after(last)

    def _has_negator_before(self, before: int, arms: Sequence[ArmMention]) -> bool:
        for number in range(before - 1, max(0, before - _MAX_NEGATION_DISTANCE) - 1, -1):
            word, following = self.words[number], self.words[number + 1]
            if following.breaks:
                return False
            if "," in self.plain[word.end : following.start] and before - number > 2:
                return False
            if word.folded in COORDINATORS:
                # "no statistically or clinically significant difference"
                if not (self.words[number - 1].folded.endswith("ly") and following.folded.endswith("ly")):
                    return False
                continue
            if word.folded in NEGATORS and following.folded != "only" and not _overlaps(arms, word.start, word.end):
                return True
            if word.folded in self.rules.words.failure_words and following.folded == "to":
                return True
        return False

    def _has_negator_after(self, last: int) -> bool:
        """"A difference was not found"."""
        following = self.folded(last, last + 4)
        if "not" not in following:
            return False
        place = following.index("not")
        return (
            0 < place < 3
            and set(following[:place]) <= AUXILIARIES
            and not any(word.breaks for word in self.words[last : last + place + 1])
            and bool(set(following[place + 1 :]) & self.rules.words.neutral_words)
        )

    def _split_sentences(self) -> list[tuple[int, int]]:
        starts = []
        for number, word in enumerate(self.words):
            if number == 0 or (word.breaks and self._ends_sentence(number)):
                starts.append(number)
        return list(zip(starts, [*starts[1:], len(self.words)], strict=True)) if starts else []

    def _ends_sentence(self, number: int) -> bool:
        gap = self.plain[self.words[number - 1].end : self.words[number].start]
        if not _END_MARKS.intersection(gap):
            return False
        is_full_stop = not set("?!\n") & set(gap)
        previous = self.words[number - 1]
        # "S. aureus", "min. 30"
        return not (is_full_stop and self.plain[self.words[number].start].islower() and previous.end - previous.start <= 3)

    def _split_clauses(self, first: int, last: int, events: Sequence[Event]) -> list[tuple[int, int]]:
        starts = [first]
        has_verb, has_event = False, False
        for number in range(first, last):
            word = self.words[number]
            if number > starts[-1] and (
                (word.folded in CLAUSE_OPENERS and not self._is_inserted(number, last))
                or word.folded == "except"
                or (word.breaks and ";" in self.plain[self.words[number - 1].end : word.start])
                or self.folded(number, number + 2) == ["with", "no"]
                or number - starts[-1] >= _MAX_CLAUSE_WORDS
                or (has_verb and has_event and self._begins_clause(number, last))
            ):
                starts.append(number)
                has_verb, has_event = False, False
            has_verb = has_verb or self._is_verb[number]
            place = bisect_left(events, word.start, key=lambda event: event.start)
            has_event = has_event or (place < len(events) and events[place].start == word.start)
        return list(zip(starts, [*starts[1:], last], strict=True))

    def _is_inserted(self, number: int, last: int) -> bool:
        """Whether "but not A" between commas is inserted into a clause."""
        if self.folded(number, number + 2) != ["but", "not"]:
            return False
        if self.folded(number + 2, number + 3)[:1] and self.words[number + 2].folded.endswith("ly"):
            # "Slightly but not significantly higher"
            return True
        return any(
            "," in self.plain[self.words[following].end : self.words[following + 1].start]
            for following in range(number + 1, min(last - 1, number + 5))
        )

    def _begins_clause(self, number: int, last: int) -> bool:
        """Whether a coordinator at word `number` joins two predicates: a verb follows before the next coordinator."""
        gap = self.plain[self.words[number - 1].end : self.words[number].start]
        word = self.words[number].folded
        if word not in COORDINATORS and not (word in ("with", "as") and "," in gap):
            return False
        if word == "with":
            return True
        for following in range(number + 1, min(last, number + 16)):
            folded = self.words[following].folded
            if folded in COORDINATORS or folded in CLAUSE_OPENERS or folded in ("than", "compared"):
                return False
            if self._is_verb[following]:
                return True
        return False


def find_asides(text: str) -> list[tuple[int, int]]:
    """The outermost pairs of brackets of at most `_MAX_ASIDE` characters, as spans with the brackets."""
    asides: list[tuple[int, int]] = []
    stack: list[tuple[int, str]] = []
    for match in re.finditer(r"[()\[\]]", text):
        mark, place = match.group(), match.start()
        if mark in "([":
            stack.append((place, mark))
        elif stack and stack[-1][1] == ("(" if mark == ")" else "["):
            start, _ = stack.pop()
            if place - start <= _MAX_ASIDE:
                while asides and asides[-1][0] > start:
                    asides.pop()
                asides.append((start, place + 1))
    whole = text.strip()
    return [(start, end) for start, end in asides if end - start < len(whole)]


def _read_symbol(text: str, match: re.Match[str]) -> str | None:
    """The sense of an arrow or sign; None for "n = 12" and for an arrow that is no statement."""
    sign = match["sign"]
    if sign:
        return _PLUS_OR_MINUS[sign]
    symbol, place = match["symbol"], match.start("symbol")
    following = text[place + 1 : place + 8].lstrip()
    if symbol == "=":
        is_equation = following[:1].isdigit() or following[:1] in "-\u2212\u2013+.<>"
        return "same" if not is_equation else None
    if symbol == "→":
        before, after = _FROM_TO
        first, second = before.search(text, max(0, place - 20), place), after.match(text, place + 1)
        if first and second:
            start, stop = (float(number[1].replace(",", ".")) for number in (first, second))
            return "up" if stop > start else "down" if stop < start else "same"
    return _SYMBOLS[symbol]


def _set_aside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spaces instead of the spans."""
    parts, place = [], 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        start = max(start, place)
        parts.append(text[place:start])
        parts.append(" " * (end - start))
        place = end
    return "".join([*parts, text[place:]])


def _overlaps(arms: Sequence[ArmMention], start: int, end: int) -> bool:
    place = bisect_left(arms, end, key=lambda arm: arm.start)
    return bool(place) and arms[place - 1].end > start


def _is_within(arms: Sequence[ArmMention], start: int, end: int) -> bool:
    place = bisect_left(arms, start + 1, key=lambda arm: arm.start)
    return bool(place) and arms[place - 1].end >= end


def _between(items: Sequence, start: int, stop: int) -> Sequence:  # type: ignore[type-arg]
    low = bisect_left(items, start, key=lambda item: item.start)
    return items[low : bisect_left(items, stop, key=lambda item: item.start)]
