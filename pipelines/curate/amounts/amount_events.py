"""Finds the words and signs of amount in a text, and whether they are negated.

Takes the words of a text, in which brackets and p-values are blank, and the places of its arms; returns events in the
order of the text. Arrows ("↑ EPO", "= weight") are events without a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_mentions import ArmMention
from pipelines.curate.grammar import AUXILIARIES, COORDINATORS, NEGATORS
from pipelines.vocabularies.cue_phrases import Word, select_longest

_SYMBOLS = dict.fromkeys("↑⬆▲↗⇑⇧", "up") | dict.fromkeys("↓⬇▼↘⇓⇩", "down") | dict.fromkeys("↔=≈≅⟷⇔→", "same")
SIGNS = {"+": "up", "\u2212": "down"}
_ANY_SYMBOL = "".join(_SYMBOLS)
_SYMBOL = re.compile(
    rf"(?P<symbol>[{_ANY_SYMBOL}])"
    r"|(?:^|(?<=[,;\n/]))\s{0,3}(?P<sign>[+\u2212])(?:\s{0,2}(?=[^\W\d])|\s{0,3}$)"
)
SYMBOL_BEFORE = re.compile(rf"(?<=[,;:.\n/ ])[{_ANY_SYMBOL}+\u2212]\s{{0,3}}$")
"""An arrow or sign at the end of what is between two words."""

_NUMBER_BEFORE = re.compile(r"(\d{1,7}(?:[.,]\d{1,6})?)\s?[%\w/]{0,8}\s{0,2}$")
_NUMBER_AFTER = re.compile(r"\s{0,2}(\d{1,7}(?:[.,]\d{1,6})?)")
_LETTERS_BEFORE = re.compile(r"[^\W\d_]{2}[)\]]?\s{0,2}$")
_LETTERS_AFTER = re.compile(r"\s{0,2}[^\W\d_]{2}")
_TIMES = frozenset({"twice", "thrice", "half", "times"})
"""Before "as high as" they say that it is not the same."""

_MAX_NEGATION_DISTANCE = 6


class Event(NamedTuple):
    """A word of amount: words `first` to `last` (exclusive), `text[start:end]`, its sense, and whether it is negated.

    `is_change` is true of "change" and its forms, whose direction only numbers can tell.
    """

    first: int
    last: int
    start: int
    end: int
    sense: str
    is_negated: bool
    is_change: bool = False


def find_events(plain: str, words: Sequence[Word], arms: Sequence[ArmMention], rules: AmountRules) -> list[Event]:
    """The events of a text whose words are `words`; words that are part of an arm's name are none."""
    events = []
    hits = [hit for hit in rules.amounts.find_all(words) if not _follows_times(words, hit.first)]
    for hit in select_longest(hits):
        first, last, sense = hit.first, hit.last, hit.cue.values["sense"]
        start, end = words[first].start, words[last - 1].end
        is_adverb = words[first].folded == "similarly" and (first == 0 or words[first].breaks)
        if sense == "none" or is_adverb or is_within(arms, start, end) or _is_quantity(words, last):
            continue
        is_negated = _has_negator_before(plain, words, first, arms, rules) or has_negator_after(words, last, rules)
        events.append(Event(first, last, start, end, sense, is_negated, words[first].folded.startswith("chang")))
    for match in _SYMBOL.finditer(plain):
        symbol_sense = _read_symbol(plain, match)
        if symbol_sense is not None:
            number = bisect_left(words, match.start(), key=lambda word: word.start)
            events.append(Event(number, number, match.start(), match.end(), symbol_sense, False))
    return sorted(events, key=lambda event: (event.start, event.end))


def is_within(arms: Sequence[ArmMention], start: int, end: int) -> bool:
    """Whether a span is part of one of the arms, which are sorted and do not overlap."""
    place = bisect_left(arms, start + 1, key=lambda arm: arm.start)
    return bool(place) and arms[place - 1].end >= end


def _follows_times(words: Sequence[Word], first: int) -> bool:
    return words[first].folded == "as" and first > 0 and words[first - 1].folded in _TIMES


def _is_quantity(words: Sequence[Word], last: int) -> bool:
    """Whether a word of amount before word `last` is followed by a number: "in more than 20 patients"."""
    following = [word.folded for word in words[last : last + 2]]
    return len(following) == 2 and following[0] == "than" and following[1][0].isdigit()


def _has_negator_before(
    plain: str, words: Sequence[Word], before: int, arms: Sequence[ArmMention], rules: AmountRules
) -> bool:
    """Whether a negator applies to word `before`: "did not significantly differ", but not "the no-treatment group"."""
    for number in range(before - 1, max(0, before - _MAX_NEGATION_DISTANCE) - 1, -1):
        word, following = words[number], words[number + 1]
        if following.breaks or (before - number > 2 and "," in plain[word.end : following.start]):
            return False
        if word.folded in COORDINATORS:
            # "No statistically or clinically significant difference"
            if not number or not (words[number - 1].folded.endswith("ly") and following.folded.endswith("ly")):
                return False
            continue
        is_failure = word.folded in rules.words.failure_words and following.folded == "to"
        is_negator = word.folded in NEGATORS and following.folded != "only"
        # "The no-treatment group" and "zorbadine, but not placebo, reduced pain" negate an arm.
        is_of_arm = is_within(arms, word.start, word.end) or (
            word.folded == "not" and is_within(arms, following.start, following.end)
        )
        if is_failure or (is_negator and not is_of_arm):
            return True
    return False


def has_negator_after(words: Sequence[Word], last: int, rules: AmountRules) -> bool:
    """Whether the words from `last` on negate the words before them: "a difference was not found"."""
    following = [word.folded for word in words[last : last + 4]]
    if "not" not in following:
        return False
    place = following.index("not")
    return (
        0 < place < 3
        and set(following[:place]) <= AUXILIARIES
        and not any(word.breaks for word in words[last : last + place + 1])
        and not rules.words.neutral_words.isdisjoint(following[place + 1 :])
    )


def _read_symbol(plain: str, match: re.Match[str]) -> str | None:
    """The sense of an arrow or sign; None for "n = 12". "12 → 20" is up."""
    if match["sign"]:
        return SIGNS[match["sign"]]
    symbol, place = match["symbol"], match.start("symbol")
    if symbol == "=":
        gap = plain[place + 1 : place + 8]
        following = gap.lstrip()[:1]
        # Blank is what a p-value has been set aside from: "* = p < 0.05".
        is_equation = following.isdigit() or following in {*"-\u2212\u2013+.<>"} or (not following and len(gap) > 3)
        return None if is_equation else "same"
    if symbol == "→":
        first = _NUMBER_BEFORE.search(plain, max(0, place - 20), place)
        second = _NUMBER_AFTER.match(plain, place + 1)
        if first and second:
            start, stop = (float(number[1].replace(",", ".")) for number in (first, second))
            return "up" if stop > start else "down" if stop < start else "same"
        if _LETTERS_BEFORE.search(plain, max(0, place - 20), place) and _LETTERS_AFTER.match(plain, place + 1):
            # "Pretreatment → less damage"
            return None
    return _SYMBOLS[symbol]
