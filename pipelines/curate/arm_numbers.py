"""Compares the numbers that a clause prints for the arms: "79% vs. 59%", "4.7 h in group A and 6.1 h in group B".

Takes a parsed text and a clause and returns whether the intervention's number is higher. Numbers are given to the arms
next to them, or in the order in which the arms are named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.amount_clauses import AmountClause, AmountText
from pipelines.curate.arm_mentions import ArmMention
from pipelines.curate.arm_names import COMPARATOR, INTERVENTION

_VALUE = re.compile(
    r"(?<![\w.,·/])(?<![A-Za-z][-–])(?P<sign>[-−–+] ?)?(?P<number>\d{1,7}(?:[.·]\d{1,6})?)"
    r"(?:\s?/\s?(?P<total>\d{1,7}(?:[.·]\d{1,6})?))?(?![-–][A-Za-z])(?P<percent>\s?%(?!\s?(?:CI|confidence)))?(?P<unit>\s?[A-Za-zµμ/]{0,12})"
)
_SPREAD_BEFORE = re.compile(
    r"(?:±|\+/[-−–]|\bSD\b|\bSE[M]?\b|\d\s?(?:[-−–]|to)|n\s?=|\d\s(?:out\s)?of(?: the)?|\bdifference(?: of| was)?:?)\s?[£$€]?$",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    r"\b(?:at|after|by|within|during|over|for|week|weeks|day|days|month|months|phase|grade|stage|level|least)\s$",
    re.IGNORECASE,
)
_TIME_UNIT = re.compile(
    r"\s?-?(?:weeks?|wks?|months?|mo|days?|d|hours?|h|min|minutes?|years?|y|s|sec)\b", re.IGNORECASE
)
_ALWAYS_LABEL = re.compile(
    r"\b(?:at|week|weeks|day|days|month|months|phase|grade|stage|level|least|table|fig\.?)\s$", re.IGNORECASE
)
_GROUP_BEFORE = re.compile(r"\b(?:groups?|arms?)\s$", re.IGNORECASE)
_CONFIDENCE_LEVEL = re.compile(r"9[059](?:\.\d)?\s?%?,?\s?(?:CI|confidence)", re.IGNORECASE)
_COMPARING = re.compile(r"\b(?:vs|versus|compared|than|against|and)\b")
_FROM_BEFORE, _TO_BEFORE = re.compile(r"(?<!ranged )(?<!varied )\bfrom\s$"), re.compile(r"\bto\s$")
_MAX_REGION = 600
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
    """The comparison of the first numbers that the text prints for both arms after the outcome (`span`)."""
    stop = parsed.sentence_ends[clause.sentence]
    start = clause.start
    stop = min(stop, start + _MAX_REGION)
    values = _find_values(parsed, max(start, span[1]), stop)
    if len(values) < 2:
        values = _find_values(parsed, start, stop)
    arms = [
        arm
        for arm in parsed.arms[_place(parsed.arms, start) : _place(parsed.arms, stop)]
        if arm.arm in (INTERVENTION, COMPARATOR)
    ]
    return _compare(_pair(parsed.text, values, _drop_repeated(arms)))


def _place(arms: Sequence[ArmMention], place: int) -> int:
    return bisect_left(arms, place, key=lambda arm: arm.start)


def _find_values(parsed: AmountText, start: int, stop: int) -> list[_Value]:
    text = parsed.text
    values: list[_Value] = []
    for match in _VALUE.finditer(text, start, stop):
        place = match.start("number")
        if _is_in_mark(parsed, place) or _is_in_arm(parsed, place):
            continue
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if values and values[-1].is_first and _TO_BEFORE.search(before):
            # "From 10 to 18" is a change of 8.
            first, last = values[-1], _read_value(match)
            values[-1] = first._replace(end=last.end, value=last.value - first.value, is_first=False)
            continue
        is_time = _TIME_UNIT.match(text, match.end("number")) is not None
        if _SPREAD_BEFORE.search(before) or _ALWAYS_LABEL.search(before) or (is_time and _TIME_BEFORE.search(before)):
            continue
        if (
            _GROUP_BEFORE.search(before)
            and match["number"].isdigit()
            and len(match["number"]) == 1
            and not match["percent"]
        ):
            continue
        if match["sign"] and before[-1:].isdigit():
            continue
        if _CONFIDENCE_LEVEL.match(text, place):
            continue
        value = _read_value(match)._replace(is_first=_FROM_BEFORE.search(before) is not None)
        if values and _is_aside_of(text, values[-1], value):
            # "17 (27.4%)" is a share, "8 (5-11)" has a range in brackets.
            if value.is_percent:
                values[-1] = value
            continue
        values.append(value)
    if sum(value.is_percent for value in values) >= 2:
        return [value for value in values if value.is_percent]
    return values


def _read_value(match: re.Match[str]) -> _Value:
    number = float(match["number"].replace("·", "."))
    if match["sign"] and match["sign"].strip() in "-−–":
        number = -number
    if match["total"] and match["total"].isdigit() and match["number"].isdigit() and number <= int(match["total"]) > 0:
        return _Value(match.start("number"), match.end("total"), 100 * number / float(match["total"]), True)
    return _Value(match.start("number"), match.end("number"), number, bool(match["percent"]))


def _is_in_mark(parsed: AmountText, place: int) -> bool:
    number = bisect_left(parsed.marks, place + 1, key=lambda mark: mark.start)
    return any(
        mark.start <= place < mark.end and mark.end - mark.start < 60
        for mark in parsed.marks[max(0, number - 2) : number]
    )


def _is_in_arm(parsed: AmountText, place: int) -> bool:
    number = _place(parsed.arms, place + 1)
    return bool(number) and parsed.arms[number - 1].end > place


def _is_aside_of(text: str, last: _Value, value: _Value) -> bool:
    """Whether a value is in brackets that follow the last one: "17 (27.4%)", "3.6 cm (range, 2-6)"."""
    between = text[last.end : value.start]
    opening = max(between.rfind("("), between.rfind("["))
    if opening < 0 or max(between.rfind(")"), between.rfind("]")) > opening:
        return False
    return len(between[:opening].split()) <= 2 and len(between) < 40


def _drop_repeated(arms: Sequence[ArmMention]) -> list[ArmMention]:
    kept: list[ArmMention] = []
    for arm in arms:
        if not kept or kept[-1].arm != arm.arm or arm.start - kept[-1].end > 12:
            kept.append(arm)
    return kept


def _pair(parsed_text: str, values: Sequence[_Value], arms: Sequence[ArmMention]) -> list[tuple[_Value, str]]:
    """The values with their arms; empty if they cannot be told."""
    if not values or not arms:
        return []
    if len(arms) == 1 and len(values) == 2:
        if not _COMPARING.search(parsed_text[values[0].end : values[1].start]):
            return []
        # "20 % compared to 44 % in the control group": the other number is that of the other arm.
        near, far = sorted(
            values, key=lambda value: min(abs(value.end - arms[0].start), abs(value.start - arms[0].end))
        )
        return [(near, arms[0].arm), (far, COMPARATOR if arms[0].arm == INTERVENTION else INTERVENTION)]
    if {arm.arm for arm in arms} != {INTERVENTION, COMPARATOR}:
        return []
    items = sorted([*((value.start, "value", value) for value in values), *((arm.start, "arm", arm) for arm in arms)])
    kinds = [kind for _, kind, _ in items]
    n_switches = sum(first != second for first, second in zip(kinds, kinds[1:], strict=False))
    if len(values) == len(arms) and n_switches == 1:
        return [(value, arm.arm) for value, arm in zip(values, arms, strict=True)]
    if n_switches == 1 and len(values) == 2:
        first = arms[0]
        second = next(arm for arm in arms if arm.arm != first.arm)
        return [(values[0], first.arm), (values[1], second.arm)]
    if len(values) == 2:
        return _pair_nearest(values, arms)
    is_value_first = kinds[0] == "value"
    pairs: list[tuple[_Value, str]] = []
    for number in range(len(items) - 1):
        here, following = items[number], items[number + 1]
        if is_value_first and here[1] == "value" and following[1] == "arm":
            pairs.append((here[2], following[2].arm))  # type: ignore[union-attr,arg-type]
        elif not is_value_first and here[1] == "arm" and following[1] == "value":
            pairs.append((following[2], here[2].arm))  # type: ignore[union-attr,arg-type]
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
