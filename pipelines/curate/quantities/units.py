"""Decides what a number with a printed unit is: a percentage, an age, a follow-up, a duration, a dose, a mean.

Takes the tokens of a text, the number and the header of its column.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.quantities.columns import ColumnContext
from pipelines.curate.quantities.context import (
    FAR,
    NEAR,
    Reading,
    find_after,
    find_before,
    find_interval_name,
    read_lead,
)
from pipelines.curate.quantities.stated_numbers import OPENING, StatedNumber, at
from pipelines.curate.quantities.tokens import Token

_DURATION_WORDS = frozenset(("for", "after", "over", "during", "within", "every", "in", "of"))
"""Before a time that is no age."""


def read_by_unit(
    tokens: Sequence[Token], number: StatedNumber, column: ColumnContext, age: Reading | None
) -> Reading | None:
    """A percentage, a time, a dose, or the mean of another measured value, by the printed unit."""
    unit = number.unit
    before = at(tokens, number.first - 1)
    if unit is None or before.text == "±" or (before.text == "per" and "/" not in unit.name):
        return None
    if before.text == "/" and (at(tokens, number.first - 2).unit is not None or unit.kind not in ("time", "percent")):
        return None
    if unit.kind == "percent":
        after = at(tokens, number.last + 1)
        if (at(tokens, number.last + 2) if after.text == "(" else after).meaning("solution") is not None:
            return None
        statistic = find_before(tokens, number.first, "statistic")
        return Reading("percentage", number, number.first, "unit", statistic=statistic)
    if unit.kind == "time":
        return _read_time(tokens, number, column, age)
    statistic = _find_statistic(tokens, number)
    speaks_of = _find_context(tokens, number)
    is_weight = "weight" in (speaks_of, *column.speaks_of) and "dose" not in column.speaks_of
    if is_weight or speaks_of == "content" or unit.kind == "other":
        return Reading(statistic, number, number.first, "context_word", statistic=statistic) if statistic else None
    is_given = speaks_of == "dose" or "dose" in column.speaks_of
    is_dose = is_given or unit.kind == "dose" or (speaks_of == "given" and unit.kind != "concentration")
    is_measured = statistic is not None and not is_given and (number.deviation is not None or speaks_of != "given")
    if not is_dose or is_measured:
        return Reading(statistic, number, number.first, "context_word", statistic=statistic) if statistic else None
    return Reading("dose", number, number.first, "unit", statistic=statistic)


def _find_context(tokens: Sequence[Token], number: StatedNumber) -> str | None:
    """What the words around a number speak of: a dose, a weight, a content."""
    if _has_content(tokens, number):
        return "content"
    before = find_before(tokens, number.first, "context", NEAR)
    return before or find_after(tokens, number.last, "context", FAR)


def _has_content(tokens: Sequence[Token], number: StatedNumber) -> bool:
    """Whether a list of contents precedes: `contained 131 mg Mn, 145 mg Fe`."""
    for back in range(1, 2 * NEAR):
        token = at(tokens, number.first - back)
        context = token.meaning("context")
        if context is not None or token.kind == "end" or token.text in (".", ";"):
            return context == "content"
    return False


def _find_statistic(tokens: Sequence[Token], number: StatedNumber) -> str | None:
    """Whether a number is a mean or a median, by the words before it or by its deviation or interval."""
    named = find_before(tokens, number.first, "statistic")
    if named is not None:
        return named
    if number.interval_kind == "iqr":
        return "median"
    return "mean" if number.deviation is not None else None


def _read_time(
    tokens: Sequence[Token], number: StatedNumber, column: ColumnContext, age: Reading | None
) -> Reading | None:
    """An age, a follow-up or a duration; a mean or a median of another time."""
    after = at(tokens, number.last + 1)
    statistic = find_before(tokens, number.first, "statistic")
    if any(token.is_age for token in tokens[number.first : number.last + 1]):
        return Reading("age", number, number.first, "unit", statistic=statistic)
    if after.meaning("age_after") is not None:
        number = number._replace(last=number.last + 1, end=after.end)
        return Reading("age", number, number.first, "unit", statistic=statistic)
    before = at(tokens, number.first - 1)
    if find_interval_name(tokens, number.first - 1) in ("iqr", "sd", "se"):
        return None
    if after.text in ("ago", "old") or before.text == "every" or before.meaning("named") == "":
        return None
    context = _find_time_context(tokens, number)
    if context in ("age", "follow_up"):
        return Reading(context, number, number.first, "context_word", statistic=statistic)
    is_age_column = "age" in column.speaks_of or (column.is_population and number.unit and number.unit.name == "year")
    if context != "duration" and is_age_column and before.text not in _DURATION_WORDS:
        return Reading("age", number, number.first, "column_name", statistic=statistic or column.statistic)
    if any(
        token.meaning("context") == "age" or token.meaning("age_after")
        for token in tokens[number.first : number.last + 1]
    ):
        return Reading("age", number, number.first, "context_word", statistic=statistic)
    if context != "duration" and column.kind == "follow_up":
        return Reading("follow_up", number, number.first, "column_name", statistic=statistic or column.statistic)
    if age is not None and _continues_age(tokens, number, age):
        return Reading("age", number, number.first, "parallel", statistic=statistic)
    statistic = statistic or _find_statistic(tokens, number)
    is_duration = context == "duration" or column.kind == "duration" or before.text in _DURATION_WORDS - {"of"}
    if statistic is not None and not is_duration:
        return Reading(statistic, number, number.first, "context_word", statistic=statistic)
    return Reading("duration", number, number.first, "unit", statistic=statistic)


def _find_time_context(tokens: Sequence[Token], number: StatedNumber) -> str | None:
    """What the words around a time speak of. A follow-up or an age counts before a duration: `follow-up period of`."""
    if find_after(tokens, number.last, "context") == "follow_up":
        return "follow_up"
    opening, noun = at(tokens, number.first - 1), at(tokens, number.first - 2)
    is_opened = opening.text in OPENING or opening.text == "," or opening.meaning("sign") is not None
    is_described = number.interval_kind in ("range", "not_stated") and noun.meaning("arm") is not None
    is_after_people = is_opened and (noun.meaning("subject") == "person" or is_described)
    if is_after_people and number.unit is not None and number.unit.name == "year":
        return "age"
    context = find_before(tokens, number.first, "context")
    if context != "duration":
        return context
    is_follow_up = any(at(tokens, number.first - back).meaning("context") == "follow_up" for back in range(1, FAR))
    return "follow_up" if is_follow_up else context


def _continues_age(tokens: Sequence[Token], number: StatedNumber, earlier: Reading) -> bool:
    """Whether a later time is an age like the first: `the age of 30–50 years for men and 30–55 years for women`."""
    is_near = number.first - earlier.number.last <= NEAR
    is_joined = number.first - earlier.number.last == 2 and tokens[number.first - 1].text in ("and", "to", "-", "–")
    is_same_unit = is_joined or (earlier.number.unit is not None and earlier.number.unit == number.unit)
    before = at(tokens, read_lead(tokens, number.first).first - 1).text
    return is_near and is_same_unit and before not in _DURATION_WORDS
