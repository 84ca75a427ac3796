"""A text parsed into clauses, each with the words of amount and the arms in it.

Takes a text, its arm mentions and the rules. What is in brackets, p-values and intervals are set aside first, so that
"no significant (p > 0.05) effect" reads as one phrase. What the words mean together is decided in `amounts`.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from pipelines.curate.amounts.amount_events import SYMBOL_BEFORE, Event, find_events, is_within
from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_mentions import ArmMention
from pipelines.curate.amounts.significance import SignificanceMark, find_significance_marks
from pipelines.curate.grammar import CLAUSE_OPENERS, COORDINATORS, NEGATORS
from pipelines.vocabularies.cue_phrases import Word, split_words

_MAX_ASIDE = 400
"""Longer bracketed text is not set aside."""

_MAX_CLAUSE_WORDS = 100
"""Longer clauses are cut, which bounds the work per clause."""

_MAX_SUBJECT_WORDS = 15
_END_MARKS = frozenset(".?!\n")
_PREDICATE_LIMITS = COORDINATORS | CLAUSE_OPENERS | {"than", "compared"}

_NO_OBJECT = (
    COORDINATORS | CLAUSE_OPENERS | {"than", "with", "by", "at", "after", "compared", "to", "as", "when", "for"}
)
"""After a word of amount they do not name what has the amount."""

_MEANS = frozenset({"by", "through", "via"})
"""Before a gerund they open a clause: "reduced tumours by increasing apoptosis"."""

_Item = TypeVar("_Item", Event, ArmMention)


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
    """The words, clauses, asides and marks of significance of a text.

    `plain` is the text with spaces for asides and marks. Clauses have the arms outside the asides, `arms` has them all.
    """

    def __init__(self, text: str, arms: Sequence[ArmMention], rules: AmountRules) -> None:
        self.text = text
        self.rules = rules
        self.asides = find_asides(text)
        self.marks: list[SignificanceMark] = find_significance_marks(text)
        self.plain = _set_aside(text, [*self.asides, *((mark.start, mark.end) for mark in self.marks)])
        self.marks = sorted([*self.marks, *self._read_asides()], key=lambda mark: (mark.start, mark.end))
        self.words: list[Word] = split_words(self.plain)
        self.arms = sorted(arms)
        plain_arms = [arm for arm in self.arms if self.plain[arm.start] == text[arm.start]]
        self._is_verb = [
            word.folded in rules.verbs and not is_within(plain_arms, word.start, word.end) for word in self.words
        ]
        events = find_events(self.plain, self.words, plain_arms, rules)
        self.clauses: list[AmountClause] = []
        self.sentence_ends: list[int] = []
        for sentence, (first, last) in enumerate(self._split_sentences()):
            for begin, end in self._split_clauses(first, last, events):
                start, stop = self._find_start(begin), self._find_start(end)
                inside = tuple(_between(events, start, stop)), tuple(_between(plain_arms, start, stop))
                self.clauses.append(AmountClause(begin, end, start, stop, sentence, *inside))
            self.sentence_ends.append(self.clauses[-1].end)
        if not self.words:
            # A cell of nothing but signs and numbers: "↑", "NS", "OR 1.5 (1.1–2.0)".
            self.clauses.append(AmountClause(0, 0, 0, len(text), 0, tuple(events), tuple(plain_arms)))
            self.sentence_ends.append(len(text))

    def folded(self, first: int, last: int) -> list[str]:
        """The folded words from `first` to `last` (exclusive); numbers below 0 count as 0."""
        return [word.folded for word in self.words[max(0, first) : max(0, last)]]

    def word_number(self, place: int) -> int:
        """The number of the first word that starts at or after a character."""
        return bisect_left(self.words, place, key=lambda word: word.start)

    def clause_number(self, place: int) -> int | None:
        """The number of the clause that a character belongs to."""
        number = bisect_left(self.clauses, place + 1, key=lambda clause: clause.start) - 1
        return number if number >= 0 else None

    def sentence_span(self, place: int) -> tuple[int, int]:
        """The start and end of the sentence that a character belongs to, without blanks at its ends."""
        number = min(bisect_left(self.sentence_ends, place + 1), len(self.sentence_ends) - 1)
        start, end = self.sentence_ends[number - 1] if number else 0, self.sentence_ends[number]
        sentence = self.text[start:end]
        return start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip())

    def has_verb(self, first: int, last: int) -> bool:
        """Whether a finite verb that is not part of an arm's name is among words `first` to `last` (exclusive)."""
        return any(self._is_verb[max(0, first) : max(0, last)])

    def gap_before(self, number: int) -> str:
        """What is between a word and the word before it."""
        return self.plain[self.words[number - 1].end : self.words[number].start]

    def _read_asides(self) -> list[SignificanceMark]:
        """A mark for each aside that says whether something is significant: "(not significant)"."""
        marks = []
        for start, end in self.asides:
            words = split_words(self.text[start:end])
            for hit in self.rules.amounts.find_all(words):
                sense = hit.cue.values["sense"]
                if sense in ("significant", "not_significant"):
                    before = {word.folded for word in words[max(0, hit.first - 3) : hit.first]}
                    is_significant = sense == "significant" and NEGATORS.isdisjoint(before)
                    marks.append(SignificanceMark(start, end, is_significant))
                    break
        return marks

    def _find_start(self, number: int) -> int:
        """The place where a clause that begins with word `number` begins, with an arrow or sign before the word."""
        if number == 0:
            return 0
        if number == len(self.words):
            return len(self.text)
        start, gap = self.words[number].start, self.gap_before(number)
        match = SYMBOL_BEFORE.search(gap, max(0, len(gap) - 5))
        return start - len(gap) + match.start() if match else start

    def _split_sentences(self) -> list[tuple[int, int]]:
        starts = [
            number
            for number, word in enumerate(self.words)
            if number == 0 or (word.breaks and self._ends_sentence(number))
        ]
        return list(zip(starts, [*starts[1:], len(self.words)], strict=True)) if starts else []

    def _ends_sentence(self, number: int) -> bool:
        marks = _END_MARKS.intersection(self.gap_before(number))
        previous = self.words[number - 1]
        # "S. aureus"
        is_short = previous.end - previous.start <= 3 and self.plain[self.words[number].start].islower()
        return bool(marks) and not (marks == {"."} and is_short)

    def _split_clauses(self, first: int, last: int, events: Sequence[Event]) -> list[tuple[int, int]]:
        own_events = _between(events, self._find_start(first), self._find_start(last))
        event_starts = {event.start for event in own_events}
        joined = self._find_joined_amounts(own_events)
        starts = [first]
        has_verb, has_event = False, False
        for number in range(first, last):
            word = self.words[number]
            if number > starts[-1] and (
                self._opens_clause(number, last)
                or number - starts[-1] >= _MAX_CLAUSE_WORDS
                or (has_verb and has_event and self._begins_predicate(number, last))
                or number in joined
            ):
                starts.append(number)
                has_verb, has_event = False, False
            has_verb = has_verb or self._is_verb[number]
            has_event = has_event or word.start in event_starts
        return list(zip(starts, [*starts[1:], last], strict=True))

    def _find_joined_amounts(self, events: Sequence[Event]) -> set[int]:
        """The words at which a list goes on to the next amount: "reduced pain, improved mood and increased sleep".

        Each amount of the list has an outcome of its own after it, so "lower and more stable scores" is not a list.
        """
        joined = set()
        for previous, event in itertools.pairwise(events):
            if previous.last >= event.first:
                continue
            if event.first == event.last:
                # "No change in weight ↓pain"
                if previous.first < previous.last and self.plain[event.end : event.end + 1].isalnum():
                    joined.add(event.first)
                continue
            opener = event.first
            if self.words[opener - 1].folded in COORDINATORS:
                opener -= 1
            has_mark = opener < event.first or "," in self.gap_before(opener)
            has_outcome = opener - previous.last >= 1 and event.last < len(self.words) and self.names_object(event)
            if has_mark and has_outcome and self.names_object(previous):
                joined.add(opener)
        return joined

    def names_object(self, event: Event) -> bool:
        """Whether what has the amount follows its word: "reduced pain", "reduction in pain"."""
        following = self.words[event.last] if event.last < len(self.words) else None
        if following is None or following.breaks or "," in self.gap_before(event.last):
            return False
        return following.folded not in _NO_OBJECT and not self._is_verb[event.last]

    def _opens_clause(self, number: int, last: int) -> bool:
        word = self.words[number]
        if word.folded in CLAUSE_OPENERS:
            return not self._is_inserted(number, last)
        return (
            word.folded == "except"
            or (word.breaks and ";" in self.gap_before(number))
            or self.folded(number, number + 2) == ["with", "no"]
            or (word.folded == "without" and self._names_difference(number + 1))
            or (word.folded in _MEANS and any(word.endswith("ing") for word in self.folded(number + 1, number + 2)))
        )

    def _names_difference(self, number: int) -> bool:
        """Whether a difference is named right there: "without significant differences between groups"."""
        return any(word.startswith("differ") for word in self.folded(number, number + 3))

    def _is_inserted(self, number: int, last: int) -> bool:
        """Whether a clause goes on after "but": "slightly but not significantly higher", "HDL, but not LDL, was"."""
        if self.folded(number, number + 2) != ["but", "not"]:
            return False
        if any(word.endswith("ly") for word in self.folded(number + 2, number + 3)):
            return True
        return any("," in self.gap_before(following) for following in range(number + 2, min(last, number + 6)))

    def _begins_predicate(self, number: int, last: int) -> bool:
        """Whether a word such as "and" joins two predicates: a verb follows before the next such word."""
        word = self.words[number].folded
        if word in ("with", "as"):
            if "," not in self.gap_before(number) or word == "with":
                return "," in self.gap_before(number)
        elif word not in COORDINATORS:
            return False
        for following in range(number + 1, min(last, number + 1 + _MAX_SUBJECT_WORDS)):
            if self.words[following].folded in _PREDICATE_LIMITS:
                return False
            if self._is_verb[following]:
                return True
        return False


def find_asides(text: str) -> list[tuple[int, int]]:
    """The outermost pairs of brackets of at most `_MAX_ASIDE` characters, as spans with the brackets.

    Brackets around the whole text are none.
    """
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
    whole = len(text.strip())
    return [(start, end) for start, end in asides if end - start < whole]


def _set_aside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spaces instead of the spans."""
    parts, place = [], 0
    for start, end in sorted(spans):
        begin = max(start, place)
        if end > begin:
            parts += [text[place:begin], " " * (end - begin)]
            place = end
    return "".join([*parts, text[place:]])


def _between(items: Sequence[_Item], start: int, stop: int) -> Sequence[_Item]:
    low = bisect_left(items, start, key=lambda item: item.start)
    return items[low : bisect_left(items, stop, key=lambda item: item.start)]
