"""Reads numbers: a number with what is printed around it, such as its range, its interval, its unit and its counts.

Takes the tokens of a text and the place of a number; gives an `StatedNumber`. What the number is about (its kind) is
decided in `kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pipelines.curate.quantities.tokens import Token, Unit

DASHES = frozenset("-–—−‐‑")
OPENING = frozenset("([")
CLOSING = frozenset(")]")
_SEPARATORS = frozenset(",;")
_LINKS = frozenset((*(",", ":", "=", "of", "was", "is", "from", "between", "[", "]", "(", ")", "–", "-"),))
"""Between the name of an interval and its numbers: `95% CI: [1.2 to 3.4]`."""
_LONGEST_LINK = 3
_ARTICLES = frozenset(("the", "these", "those", "all", "a", "total", "of"))
_CONFIDENCE_LEVELS = (80, 99.99)

_JOINTS = frozenset((",", "and", "or", "to", "vs", "versus"))
_EQUAL_SIGNS = frozenset("=<>≤≥~≈")
_LONGEST_LIST = 6
_SMALLEST_TOTAL = 10
"""`one of 227` counts, `one of two` does not."""
_SHARED_UNITS = ("percent", "time", "dose", "volume", "concentration")
_YEAR_WORDS = frozenset(("in", "since", "until", "during", "by", "year"))
_FIRST_YEAR, _LAST_YEAR = 1980, 2035
_CITED_NUMBERS = re.compile(r"\d+")

END = Token("end", 0, 0, "")


class StatedNumber(NamedTuple):
    """The tokens `first` to `last` and what they state.

    `value` is None for a range (`value_low` to `value_high`) and for counts without a percentage. `deviation` is the
    number after ±, a standard deviation or error, or the width of an interquartile range; `interval_kind` says which
    (`not_stated` if nothing does). `end` is the place in the text where the number ends.
    """

    first: int
    last: int
    end: int
    value: float | None
    unit: Unit | None = None
    value_low: float | None = None
    value_high: float | None = None
    interval_kind: str | None = None
    deviation: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    is_count: bool = False

    @property
    def is_percentage(self) -> bool:
        return self.unit is not None and self.unit.kind == "percent"


class Expected(NamedTuple):
    """What the words before the number or the column's header say of numbers in brackets.

    `intervals` are the kinds of interval that they name, `has_counts` says that counts stand with percentages,
    `has_statistic` that the number is a mean or a median.
    """

    intervals: Collection[str] = ()
    has_counts: bool = False
    has_statistic: bool = False


NOTHING_EXPECTED = Expected()


def at(tokens: Sequence[Token], index: int) -> Token:
    """The token at an index; `END` beyond the ends of the text."""
    return tokens[index] if 0 <= index < len(tokens) else END


def is_confidence_level(tokens: Sequence[Token], index: int) -> bool:
    """Whether a number is the level of an interval (`95% CI`, `CI 95%`)."""
    token = tokens[index]
    low, high = _CONFIDENCE_LEVELS
    if token.unit is None or token.unit.kind != "percent" or not low <= token.value <= high:
        return False
    after = at(tokens, index + 1)
    if after.text in OPENING or after.text in DASHES:
        after = at(tokens, index + 2)
    return "ci" in (at(tokens, index - 1).meaning("interval"), after.meaning("interval"))


def read_number(tokens: Sequence[Token], index: int, expected: Expected = NOTHING_EXPECTED) -> StatedNumber:
    """The number that begins with the number at `index`."""
    number = _read_core(tokens, index)
    if number.deviation is not None:
        kind = next((kind for kind in ("sd", "se") if kind in expected.intervals), "not_stated")
        return number._replace(interval_kind=kind)
    if number.value is None and number.numerator is None:
        return number
    if number.is_percentage:
        number = _read_counts(tokens, number)
    elif number.is_count and number.unit is None:
        number = _read_share(tokens, number, has_counts=expected.has_counts)
    return _read_interval(tokens, number, expected)


def _amount(tokens: Sequence[Token], first: int, last: int, value: float | None, unit: Unit | None) -> StatedNumber:
    token = tokens[last]
    return StatedNumber(first, last, max(token.end, token.unit_end), value, unit)


def _read_core(tokens: Sequence[Token], index: int) -> StatedNumber:
    """A number, a range, a number ± another, or a count of a count."""
    token, joint, other = tokens[index], at(tokens, index + 1), at(tokens, index + 2)
    unit = token.unit or other.unit
    if other.kind == "number":
        if joint.text == "±":
            number = _amount(tokens, index, index + 2, token.value, unit or _find_shared_unit(tokens, index + 2))
            return number._replace(deviation=abs(other.value), interval_kind="not_stated")
        if _is_range(tokens, index):
            number = _amount(tokens, index, index + 2, None, other.unit or token.unit)
            return number._replace(value_low=token.value, value_high=other.value, interval_kind="range")
        is_pair = at(tokens, index + 3).text == "/" or _is_pair_label(tokens, index)
        if joint.text == "/" and _are_counts(token, other) and not is_pair:
            return _share(tokens, index, index + 2)
    if joint.text == "of" or (joint.text == "out" and other.text == "of"):
        place = index + (2 if joint.text == "of" else 3)
        while at(tokens, place).text in _ARTICLES and place < index + 6:
            place += 1
        if at(tokens, place).kind == "number" and _are_counts(token, tokens[place]):
            is_pronoun = token.text.casefold() == "one" and tokens[place].value < _SMALLEST_TOTAL
            if not is_pronoun:
                return _share(tokens, index, place)
    number = _amount(tokens, index, index, token.value, token.unit or _find_shared_unit(tokens, index))
    return number._replace(is_count=token.is_count)


def _find_shared_unit(tokens: Sequence[Token], index: int) -> Unit | None:
    """The unit that is printed once after several numbers: `35.7 vs. 37%`, `10, 20 and 30 mg`."""
    before = at(tokens, index - 1)
    if (
        before.text in _EQUAL_SIGNS
        or (at(tokens, index + 1).text == "to" and before.text not in ("±", "from"))
        or before.meaning("named") is not None
        or before.meaning("measure") is not None
    ):
        return None
    is_inside = before.text == "," and at(tokens, index - 2).kind == "number"
    is_closed = False
    for length in range(_LONGEST_LIST):
        joint, place = at(tokens, index + 1), index + 2
        if joint.text == "," and at(tokens, place).text in ("and", "or"):
            joint, place = at(tokens, place), place + 1
        if joint.text == "vs" and at(tokens, place).text == ".":
            place += 1
        if joint.text not in _JOINTS or at(tokens, place).kind != "number":
            return None
        is_closed = is_closed or joint.text != "," or length > 0 or is_inside
        if at(tokens, place + 1).text == "±" and at(tokens, place + 2).kind == "number":
            place += 2
        unit = tokens[place].unit
        if unit is not None:
            is_level = is_confidence_level(tokens, place)
            is_shared = unit.kind in _SHARED_UNITS or before.text == "±"
            return unit if is_closed and not is_level and is_shared else None
        index = place
    return None


def _is_pair_label(tokens: Sequence[Token], index: int) -> bool:
    """Whether the label before a number names two numbers: `male/female: 103/92`."""
    return at(tokens, index - 1).text in (":", "=") and at(tokens, index - 3).text == "/"


def _share(tokens: Sequence[Token], index: int, place: int) -> StatedNumber:
    number = _amount(tokens, index, place, None, None)
    counts = (int(tokens[index].value), int(tokens[place].value))
    return number._replace(numerator=counts[0], denominator=counts[1], is_count=True)


def _are_counts(count: Token, total: Token) -> bool:
    return (
        count.is_count
        and total.is_count
        and count.unit is None
        and total.unit is None
        and 0 <= count.value <= total.value
        and total.value > 0
    )


def _is_range(tokens: Sequence[Token], index: int) -> bool:
    low, joint, high = tokens[index], tokens[index + 1], tokens[index + 2]
    if not low.value < high.value or (low.unit and high.unit != low.unit):
        return False
    if joint.text in DASHES:
        after = at(tokens, index + 3)
        is_chain = after.text in DASHES and after.start == high.end and at(tokens, index + 4).kind == "number"
        return not is_chain
    if joint.text == "to":
        if at(tokens, index - 1).text != "from":
            return True
        return not _is_change(tokens, index)
    return joint.text == "and" and any(at(tokens, index - back).text == "between" for back in (1, 2))


def _is_change(tokens: Sequence[Token], index: int) -> bool:
    """Whether `from 5% to 10%` is a change (`rose from`) and not a range (`ranged from`)."""
    for back in range(2, 10):
        token = at(tokens, index - back)
        if token.meaning("interval") == "range" or token.text in (".", ";"):
            return False
        if token.meaning("change") is not None:
            return True
    return False


def _read_counts(tokens: Sequence[Token], number: StatedNumber) -> StatedNumber:
    """The counts in brackets after a percentage: `(12/45)`, `(12 of 45)`, `(n = 12)`, `(12)`."""
    place = number.last + 1
    for _ in range(3):  # `60% of patients (3 of 5)`
        if at(tokens, place).kind == "word" and at(tokens, place).meaning("interval") is None:
            place += 1
    is_listed = at(tokens, place).text in _SEPARATORS and at(tokens, place + 2).text == "/"
    if at(tokens, place).text not in OPENING and not is_listed:
        return number
    place += 1
    if at(tokens, place).text == "n":
        place += 2
    count = at(tokens, place)
    if count.kind != "number" or not count.is_count or count.unit is not None:
        return number
    inner = _read_core(tokens, place)
    closing = inner.last + 1
    while at(tokens, closing).meaning("subject") is not None:
        closing += 1
    after = at(tokens, closing)
    is_adjacent = at(tokens, number.last + 1).text in OPENING
    if is_listed and inner.numerator is not None and after.text in CLOSING:
        return number._replace(numerator=inner.numerator, denominator=inner.denominator, last=inner.last, end=inner.end)
    if after.text in CLOSING or (after.text in _SEPARATORS and inner.numerator is not None):
        end = after.end if after.text in CLOSING else inner.end
        last = closing if after.text in CLOSING else inner.last
        if inner.numerator is not None:
            return number._replace(numerator=inner.numerator, denominator=inner.denominator, last=last, end=end)
        if inner.value is not None and is_adjacent and inner.is_count:
            return number._replace(numerator=int(inner.value), last=last, end=end)
    return number


def _read_share(tokens: Sequence[Token], number: StatedNumber, *, has_counts: bool) -> StatedNumber:
    """The percentage after a count: `12 (27%)`, `12/45 patients (27%)`, `n = 12, 27%`; `12 (27)` if expected."""
    place = number.last + 1
    has_noun = number.numerator is not None
    while at(tokens, place).kind == "word" and place < number.last + 4:
        has_noun = has_noun or at(tokens, place).meaning("subject") is not None or number.value == 1
        place += 1
    opening = at(tokens, place)
    is_year = number.value is not None and _FIRST_YEAR <= number.value <= _LAST_YEAR
    if is_year and at(tokens, number.first - 1).text in _YEAR_WORDS:
        return number
    if place > number.last + 1 and (not has_noun or at(tokens, number.first - 1).meaning("named") is not None):
        return number
    is_listed = opening.text in _SEPARATORS and (
        at(tokens, number.first - 1).text == "=" or (number.numerator is not None and place == number.last + 1)
    )
    if opening.text not in OPENING and not is_listed and opening.text not in (";", ","):
        return number
    share = at(tokens, place + 1)
    if share.kind != "number" or share.value < 0 or (opening.text in (";", ",") and not is_listed):
        return number
    is_percent = share.unit is not None and share.unit.kind == "percent"
    closing = at(tokens, place + 2)
    is_bare = share.unit is None and has_counts and closing.text in CLOSING
    if not (is_percent or is_bare) or not (closing.text in CLOSING or closing.text in _SEPARATORS):
        return number
    end = max(share.end, share.unit_end)
    last = place + 1
    if closing.text in CLOSING and not is_listed:
        end, last = closing.end, place + 2
    counts = number if number.numerator is not None else number._replace(numerator=int(number.value or 0))
    total = _find_total(tokens, last, counts) if counts.denominator is None else None
    if total is not None:
        end, last = tokens[total].end, total
        counts = counts._replace(denominator=int(tokens[total].value))
    return counts._replace(value=share.value, unit=share.unit or Unit("%", "percent"), last=last, end=end)


def _find_total(tokens: Sequence[Token], last: int, number: StatedNumber) -> int | None:
    """The total after a count and its percentage: `682 (72.2%) of the 944 patients`."""
    if at(tokens, last + 1).text != "of":
        return None
    place = last + 2
    while at(tokens, place).text in _ARTICLES and place < last + 5:
        place += 1
    total = at(tokens, place)
    is_total = (
        total.kind == "number" and total.is_count and total.unit is None and total.value > (number.numerator or 0)
    )
    return place if is_total else None


def _read_interval(tokens: Sequence[Token], number: StatedNumber, expected: Expected) -> StatedNumber:
    """The number with the interval, deviation or range that follows it, in brackets or after a comma."""
    place = number.last + 1
    place = place + 1 if at(tokens, place).meaning("age_after") is not None else number.last + 1
    opening = at(tokens, place)
    is_bracketed = opening.text in OPENING
    if is_bracketed or opening.text in _SEPARATORS:
        place += 1
    if is_bracketed and at(tokens, place).text == "age":
        place += 1
    name, place = _read_interval_name(tokens, place)
    has_sign = at(tokens, place).text == "±"
    if has_sign:
        place += 1
    low = at(tokens, place)
    if low.kind != "number" or (name is None and not is_bracketed):
        return _read_citation_like(tokens, number, expected) if opening.kind == "citation" else number
    joint, high = at(tokens, place + 1), at(tokens, place + 2)
    is_pair = high.kind == "number" and (joint.text in DASHES or joint.text in ("to", "and", ",", ";", "/"))
    if is_pair and name not in ("sd", "se"):
        return _close_pair(tokens, number, name, place, expected, is_bracketed=is_bracketed)
    is_closed = joint.text in CLOSING or joint.text in _SEPARATORS or name is not None
    if name in ("sd", "se", "iqr") or (has_sign and is_bracketed):
        kind: str | None = name or "not_stated"
    elif name is None and is_closed and joint.text in CLOSING and low.unit is None:
        kind = next((kind for kind in ("sd", "se", "iqr") if kind in expected.intervals), None)
    else:
        kind = None
    if kind is None or (low.unit is not None and number.unit is not None and low.unit != number.unit):
        return number
    return _extend(
        tokens, number._replace(deviation=abs(low.value), interval_kind=kind), place, is_bracketed=is_bracketed
    )


def _read_interval_name(tokens: Sequence[Token], place: int) -> tuple[str | None, int]:
    """The kind of interval that is named at a place, with the level of confidence, and the place of its numbers."""
    start = place
    if at(tokens, place).kind == "number" and is_confidence_level(tokens, place):
        place += 1
        if at(tokens, place).text in OPENING or at(tokens, place).text in DASHES:
            place += 1
    name = at(tokens, place).meaning("interval")
    if name is None:
        return None, start
    place += 1
    if at(tokens, place).text in OPENING and at(tokens, place + 1).meaning("interval") == name:
        place += 3
    if at(tokens, place).kind == "number" and is_confidence_level(tokens, place):
        place += 1
    for _ in range(_LONGEST_LINK):
        if at(tokens, place).text in _LINKS:
            place += 1
    return name, place


def _close_pair(
    tokens: Sequence[Token],
    number: StatedNumber,
    name: str | None,
    place: int,
    expected: Expected,
    *,
    is_bracketed: bool,
) -> StatedNumber:
    low, high = tokens[place], tokens[place + 2]
    upper = abs(high.value) if high.text[:1] in DASHES and low.value > high.value else high.value
    if name is None:
        is_closed = at(tokens, place + 3).text in CLOSING or at(tokens, place + 3).text in _SEPARATORS
        is_around = number.value is not None and low.value <= number.value <= upper
        if not (is_closed and is_around):
            return number
        name = next((kind for kind in ("ci", "iqr", "range") if kind in expected.intervals), "not_stated")
    if low.value > upper:
        return number
    widened = number._replace(value_low=low.value, value_high=upper, interval_kind=name)
    return _extend(tokens, widened, place + 2, is_bracketed=is_bracketed)


def _read_citation_like(tokens: Sequence[Token], number: StatedNumber, expected: Expected) -> StatedNumber:
    """`24 [18–30]` looks like a citation; it is an interval if a mean or a median is before it that it includes."""
    token = at(tokens, number.last + 1)
    numbers = [float(part) for part in _CITED_NUMBERS.findall(token.text)]
    is_expected = expected.has_statistic or bool(expected.intervals)
    if len(numbers) != 2 or not is_expected or number.value is None or not numbers[0] <= number.value <= numbers[1]:
        return number
    kind = next((kind for kind in ("ci", "iqr", "range") if kind in expected.intervals), "not_stated")
    return number._replace(
        value_low=numbers[0], value_high=numbers[1], interval_kind=kind, last=number.last + 1, end=token.end
    )


def _extend(tokens: Sequence[Token], number: StatedNumber, last: int, *, is_bracketed: bool) -> StatedNumber:
    """The number up to the token `last`, with the bracket that closes it and a unit behind the bracket."""
    token = tokens[last]
    end, unit = max(token.end, token.unit_end), number.unit or token.unit
    if is_bracketed:
        closing = at(tokens, last + 1)
        if closing.text in CLOSING and at(tokens, last + 2).text in CLOSING:
            last, closing = last + 1, at(tokens, last + 2)
        if closing.text in CLOSING:
            last, end = last + 1, closing.end
            if closing.unit is not None:
                unit, end = unit or closing.unit, closing.unit_end if unit is None else end
    return number._replace(last=last, end=end, unit=unit)
