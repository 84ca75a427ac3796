"""Compares the numbers that a clause prints for the arms: "79% vs. 59%", "4.7 h in group A and 6.1 h in group B".

Takes a parsed text and a clause and returns whether the intervention's number is higher. Numbers are given to the arms
next to them, or in the order in which the arms are named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.amounts.arm_mentions import ArmMention
from pipelines.curate.amounts.arm_names import COMPARATOR, INTERVENTION

_VALUE = re.compile(
    r"(?<![\w.,·/])(?<![A-Za-z][-–])(?P<sign>[-−–+] ?)?(?P<number>\d{1,7}(?:[.·]\d{1,6})?)"
    r"(?:\s?/\s?(?P<total>\d{1,7}(?:[.·]\d{1,6})?))?(?![-–][A-Za-z])(?P<percent>\s?%(?!\s?(?:CI|confidence)))?"
)
_SPREAD_BEFORE = re.compile(
    r"(?:±|\+/[-−–]|\bSDs?\b|\bSEM?\b|\d\s?(?:[-−–]|to)|n\s?=|\d\s(?:out\s)?of(?: the)?|\bdifference(?: of| was)?:?)"
    r"\s?[£$€]?$",
    re.IGNORECASE,
)
"""Before a number that is a spread, an end of a range, a size of a group or a difference."""

_LABEL = r"at|weeks?|days?|months?|phase|grade|stage|level|least|table|fig\.?"
_LABEL_BEFORE = re.compile(rf"\b(?:{_LABEL})\s$", re.IGNORECASE)
_TIME_BEFORE = re.compile(r"\b(?:after|by|within|during|over|for)\s$", re.IGNORECASE)
_TIME_UNIT = re.compile(
    r"\s?-?(?:weeks?|wks?|months?|mo|days?|d|hours?|h|min|minutes?|years?|y|s|sec)\b", re.IGNORECASE
)
_GROUP_BEFORE = re.compile(r"\b(?:groups?|arms?)\s$", re.IGNORECASE)
_GROUP_NUMBER = re.compile(r"\d(?![\d.·])(?!\s?%)")
_CONFIDENCE_LEVEL = re.compile(r"9[059](?:\.\d)?\s?%?,?\s?(?:CI|confidence)", re.IGNORECASE)
_COMPARING = re.compile(r"\b(?:vs|versus|compared|than|against|and)\b")
_FROM_BEFORE = re.compile(r"(?<!ranged )(?<!varied )\bfrom\s$")
_TO_BEFORE = re.compile(r"\bto\s$")
_MAX_REGION = 600
"""Characters of a sentence in which numbers are looked for."""

_MAX_MARK_LENGTH = 60
_MAX_REPEAT_GAP = 12
_MAX_BRACKET_GAP = 40
_LOOK_BACK = 16


class NumberComparison(NamedTuple):
    """1 if the intervention's number is higher, -1 if it is lower; `text[start:end]` are the numbers."""

    sign: int
    start: int
    end: int


class _Value(NamedTuple):
    start: int
    end: int
    value: float
    is_percent: bool
    is_first: bool = False
    """Whether it is the first number of a change: "from 10 to 18"."""


def compare_numbers(parsed: AmountText, clause: AmountClause, span: tuple[int, int]) -> NumberComparison | None:
    """The comparison of the numbers that the sentence prints for both arms, if possible after the outcome at `span`."""
    start = clause.start
    stop = min(parsed.sentence_ends[clause.sentence], start + _MAX_REGION)
    inside = parsed.arms[_arm_number(parsed, start) : _arm_number(parsed, stop)]
    arms = [arm for arm in inside if arm.arm in (INTERVENTION, COMPARATOR)]
    values = _find_values(parsed, start, stop)
    later = [value for value in values if value.start >= span[1]]
    # "44 % in one arm had pain against 29 % in the other": the first number comes before the outcome.
    is_split = any(arm.end <= span[0] for arm in arms) and any(arm.start >= span[1] for arm in arms)
    return _compare(_pair(parsed.text, values if is_split or len(later) < 2 else later, _drop_repeated(arms)))


def _arm_number(parsed: AmountText, place: int) -> int:
    return bisect_left(parsed.arms, place, key=lambda arm: arm.start)


def _find_values(parsed: AmountText, start: int, stop: int) -> list[_Value]:
    """The results among the numbers of a stretch of the text; shares only, if there are two or more."""
    text = parsed.text
    values: list[_Value] = []
    for match in _VALUE.finditer(text, start, stop):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if _is_covered(parsed, match.start("number")):
            continue
        value = _read_value(match)
        if values and values[-1].is_first and _TO_BEFORE.search(before):
            # "From 10 to 18" is a change of 8.
            values[-1] = values[-1]._replace(end=value.end, value=value.value - values[-1].value, is_first=False)
        elif _is_no_result(text, match, before):
            continue
        elif values and _is_aside_of(text, values[-1], value):
            # "17 (27.4%)" is a share, "8 (5–11)" has a range in brackets.
            values[-1] = value if value.is_percent else values[-1]
        else:
            values.append(value._replace(is_first=_FROM_BEFORE.search(before) is not None))
    shares = [value for value in values if value.is_percent]
    return shares if len(shares) > 1 else values


def _is_no_result(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a number is a spread, a time, a label or the level of an interval."""
    place = match.start("number")
    is_time = _TIME_UNIT.match(text, match.end("number")) is not None and _TIME_BEFORE.search(before) is not None
    is_group = _GROUP_BEFORE.search(before) is not None and _GROUP_NUMBER.match(text, place) is not None
    is_range = bool(match["sign"]) and before[-1:].isdigit()
    is_other = _SPREAD_BEFORE.search(before) or _LABEL_BEFORE.search(before) or _CONFIDENCE_LEVEL.match(text, place)
    return is_time or is_group or is_range or is_other is not None


def _read_value(match: re.Match[str]) -> _Value:
    number = float(match["number"].replace("·", "."))
    if match["sign"] and match["sign"].strip() in "-−–":
        number = -number
    if match["total"] and match["total"].isdigit() and match["number"].isdigit() and number <= int(match["total"]) > 0:
        return _Value(match.start("number"), match.end("total"), 100 * number / float(match["total"]), True)
    return _Value(match.start("number"), match.end("number"), number, bool(match["percent"]))


def _is_covered(parsed: AmountText, place: int) -> bool:
    """Whether a place is part of a p-value, an interval or the name of an arm."""
    number = bisect_left(parsed.marks, place + 1, key=lambda mark: mark.start)
    marks = parsed.marks[max(0, number - 2) : number]
    if any(place < mark.end and mark.end - mark.start < _MAX_MARK_LENGTH for mark in marks):
        return True
    number = _arm_number(parsed, place + 1)
    return number > 0 and parsed.arms[number - 1].end > place


def _is_aside_of(text: str, last: _Value, value: _Value) -> bool:
    """Whether a value is in brackets that follow the last one: "17 (27.4%)", "3.6 cm (range, 2-6)"."""
    between = text[last.end : value.start]
    opening = max(between.rfind("("), between.rfind("["))
    if opening < 0 or max(between.rfind(")"), between.rfind("]")) > opening:
        return False
    return len(between[:opening].split()) <= 2 and len(between) < _MAX_BRACKET_GAP


def _drop_repeated(arms: Sequence[ArmMention]) -> list[ArmMention]:
    """The arms without those that another mention of the same arm just precedes: "metformin (MET)"."""
    kept: list[ArmMention] = []
    for arm in arms:
        if not kept or kept[-1].arm != arm.arm or arm.start - kept[-1].end > _MAX_REPEAT_GAP:
            kept.append(arm)
    return kept


def _pair(text: str, values: Sequence[_Value], arms: Sequence[ArmMention]) -> list[tuple[_Value, str]]:
    """The values with their arms; empty if they cannot be told."""
    if not values or not arms:
        return []
    if len(arms) == 1 and len(values) == 2:
        return _pair_with_one(text, values, arms[0])
    if {arm.arm for arm in arms} != {INTERVENTION, COMPARATOR}:
        return []
    places = sorted([*((value.start, True) for value in values), *((arm.start, False) for arm in arms)])
    is_value = [item[1] for item in places]
    if sum(first != second for first, second in pairwise(is_value)) == 1:
        # "12 and 18 in A and B, respectively"
        if len(values) == len(arms):
            return [(value, arm.arm) for value, arm in zip(values, arms, strict=True)]
        if len(values) == 2:
            other = next(arm.arm for arm in arms if arm.arm != arms[0].arm)
            return [(values[0], arms[0].arm), (values[1], other)]
    return _pair_nearest(values, arms) if len(values) == 2 else _pair_neighbours(values, arms)


def _pair_with_one(text: str, values: Sequence[_Value], arm: ArmMention) -> list[tuple[_Value, str]]:
    """Two values, one of which is next to the only arm: "20 % compared to 44 % in the control group"."""
    if not _COMPARING.search(text, values[0].end, values[1].start):
        return []
    near, far = sorted(values, key=lambda value: min(abs(value.end - arm.start), abs(value.start - arm.end)))
    return [(near, arm.arm), (far, COMPARATOR if arm.arm == INTERVENTION else INTERVENTION)]


def _pair_neighbours(values: Sequence[_Value], arms: Sequence[ArmMention]) -> list[tuple[_Value, str]]:
    """The values right before the arms if the text begins with a value ("12 in A, 18 in B"), else those after them."""
    precedes = values[0].start < arms[0].start
    pairs = []
    for arm in arms:
        if precedes:
            place = bisect_left(values, arm.start, key=lambda value: value.start) - 1
        else:
            place = bisect_left(values, arm.end, key=lambda value: value.start)
        if not 0 <= place < len(values):
            continue
        low, high = sorted((values[place].start, arm.start))
        if not any(low < other.start < high for other in arms):
            pairs.append((values[place], arm.arm))
    return pairs


def _pair_nearest(values: Sequence[_Value], arms: Sequence[ArmMention]) -> list[tuple[_Value, str]]:
    """Two values with the two arms, so that each is as near to its arm as possible."""

    def measure(value: _Value, kind: str) -> int:
        return min(max(arm.start - value.end, value.start - arm.end, 0) for arm in arms if arm.arm == kind)

    first, second = values
    straight = measure(first, INTERVENTION) + measure(second, COMPARATOR)
    crossed = measure(first, COMPARATOR) + measure(second, INTERVENTION)
    if straight <= crossed:
        return [(first, INTERVENTION), (second, COMPARATOR)]
    return [(first, COMPARATOR), (second, INTERVENTION)]


def _compare(pairs: Sequence[tuple[_Value, str]]) -> NumberComparison | None:
    own = [value for value, arm in pairs if arm == INTERVENTION]
    other = [value for value, arm in pairs if arm == COMPARATOR]
    if not own or not other or len({value.is_percent for value, _ in pairs}) > 1:
        return None
    signs = {(first.value > second.value) - (first.value < second.value) for first in own for second in other}
    if len(signs) != 1 or signs == {0}:
        return None
    places = [value for value, _ in pairs]
    return NumberComparison(signs.pop(), min(value.start for value in places), max(value.end for value in places))
