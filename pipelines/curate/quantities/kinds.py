"""Decides what a number is: a sample size, a percentage, a dose, a p-value …, and which words say so.

Takes the tokens of a text, a number read by `stated_numbers` and the header of its column; gives a `Reading`, or
None for a number without a meaning that is stated. Words come from `cues/quantity.csv`; the modules hold how they
combine.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.quantities.columns import ColumnContext
from pipelines.curate.quantities.context import (
    EFFECTS,
    FIRST_YEAR,
    LAST_YEAR,
    LINKING,
    RATIOS,
    SIGNS,
    Lead,
    Reading,
    extend_to,
    find_before,
    find_effect,
    find_interval_name,
    is_whole,
    read_lead,
)
from pipelines.curate.quantities.counts import (
    count_as,
    counts_studies,
    find_noun,
    read_counted,
    read_other_group,
    read_pair,
)
from pipelines.curate.quantities.stated_numbers import CLOSING, DASHES, OPENING, StatedNumber, at
from pipelines.curate.quantities.tokens import Token, Unit
from pipelines.curate.quantities.units import read_by_unit


def read_kind(
    tokens: Sequence[Token], number: StatedNumber, column: ColumnContext, earlier: Reading | None, age: Reading | None
) -> Reading | None:
    """What a number is; `earlier` is the reading before it in the same text, `age` the last age, for enumerations."""
    if at(tokens, number.last + 1).text == "±":
        return None
    lead = read_lead(tokens, number.first)
    number, sign = _read_sign_after(tokens, number, lead.sign)
    reading = (
        _read_labelled(tokens, number, lead)
        or read_by_unit(tokens, number, column, age)
        or read_counted(tokens, number, lead)
        or _read_by_words(tokens, number, column, lead, age)
        or read_pair(tokens, number, lead, earlier)
        or _read_by_column(tokens, number, column, lead)
        or _read_parallel(tokens, number, lead, earlier)
    )
    return None if reading is None else _with_sign(tokens, reading, sign, lead)


def _with_sign(tokens: Sequence[Token], reading: Reading, sign: str | None, lead: Lead) -> Reading:
    if reading.kind == "p_value" and sign is None:
        sign = "="
    # `over 8 weeks` means during them, `over 8 years of age` more.
    if reading.kind in ("duration", "follow_up") and at(tokens, lead.first).text == "over":
        sign = None
    first = min(reading.first, lead.first) if sign not in (None, "=") else reading.first
    return reading._replace(sign=sign, first=first)


def _read_sign_after(
    tokens: Sequence[Token], number: StatedNumber, sign: str | None
) -> tuple[StatedNumber, str | None]:
    token = at(tokens, number.last + 1)
    after = token.meaning("sign_after")
    if after is not None and sign is None and number.value is not None:
        return number._replace(last=number.last + 1, end=token.end), after
    return number, sign


def _read_labelled(tokens: Sequence[Token], number: StatedNumber, lead: Lead) -> Reading | None:
    """A number with a label of its own: `p < 0.05`, `n = 45`, `HR 0.75 (95% CI 0.60–0.93)`."""
    kind = lead.label
    first = lead.first if lead.label_is_adjacent else number.first
    if kind is None:
        if number.interval_kind == "ci" and not number.is_percentage:
            kind = find_effect(tokens, number.first)
            return Reading(kind, number, number.first, "context_word") if kind else None
        return None
    if kind == "p_value":
        is_probability = number.value is not None and 0 <= number.value <= 1 and number.unit is None
        is_stated = lead.has_equals or lead.sign is not None or number.value != int(number.value or 0)
        return Reading(kind, number, first, "printed_label") if is_probability and is_stated else None
    if kind == "sample_size":
        if number.is_percentage:
            return Reading("percentage", number, first, "printed_label")
        if number.unit is not None or not is_whole(number):
            return None
        noun = find_noun(tokens, number)
        if noun is None and counts_studies(tokens, number):
            return Reading("study_count", number._replace(unit=Unit("study", "subject")), first, "context_word")
        if noun is None:
            return Reading(kind, number, first, "printed_label")
        return count_as(tokens, number, first, noun, "printed_label")
    if kind in EFFECTS and number.unit is not None and kind in RATIOS:
        return None
    if kind in EFFECTS and number.value is None:
        return None
    if kind in RATIOS and number.interval_kind is None and is_whole(number) and not (lead.has_equals or lead.sign):
        return None
    if kind == "correlation" and not (number.value is not None and -1 <= number.value <= 1):
        return None
    if kind == "heterogeneity" and not number.is_percentage and not lead.has_equals:
        return None
    return Reading(kind, number, first, "printed_label")


def _read_by_words(
    tokens: Sequence[Token], number: StatedNumber, column: ColumnContext, lead: Lead, age: Reading | None
) -> Reading | None:
    """A number without unit and label whose interval or whose words before say what it is."""
    if number.unit is not None or at(tokens, number.first - 1).text == "±":
        return None
    context = find_before(tokens, number.first, "context", 7)
    statistic = find_before(tokens, number.first, "statistic")
    # `aged 17 to 59 years (median 37`, `20–28 years old (24.3 ± 3.3)`
    reach = 4 if statistic is not None else 2
    is_in_age = age is not None and number.first - age.number.last <= reach
    has_age = context == "age" or column.kind == "age" or is_in_age
    if number.deviation is not None and column.kind == "percentage":
        number = number._replace(unit=Unit("%", "percent"))
        return Reading("percentage", number, number.first, "column_name", statistic=column.statistic)
    if number.deviation is not None or number.interval_kind == "iqr":
        kind = "median" if number.interval_kind == "iqr" else "mean"
        if has_age:
            unit = column.unit if column.kind == "age" else None
            named = statistic or column.statistic
            return Reading("age", number._replace(unit=unit), number.first, "context_word", statistic=named)
        if column.kind in EFFECTS | {"age", "follow_up", "duration", "dose"}:
            return None
        unit = column.unit
        return Reading(
            statistic or kind, number._replace(unit=unit), number.first, "interval", statistic=statistic or kind
        )
    before = at(tokens, lead.first - 1)
    is_linked = before.text in LINKING or before.meaning("statistic") is not None
    is_linked = is_linked or "age" in (before.meaning("context"), at(tokens, number.first - 1).meaning("context"))
    named = find_interval_name(tokens, lead.first - 1)
    if named is not None:
        return _read_interval_alone(tokens, number, named)
    if context == "age" and is_linked and number.interval_kind in (None, "range"):
        return Reading("age", number, number.first, "context_word", statistic=statistic)
    if number.interval_kind == "ci" and column.kind == "percentage":
        return Reading("percentage", number._replace(unit=Unit("%", "percent")), number.first, "column_name")
    if number.interval_kind == "ci":
        kind = column.kind if column.kind in EFFECTS or column.kind in ("mean", "median") else "estimate"
        return Reading(kind or "estimate", number, number.first, "interval", statistic=statistic)
    if statistic is not None and is_linked and find_before(tokens, number.first, "interval", 3) is None:
        return Reading(statistic, number, number.first, "context_word", statistic=statistic)
    if statistic is not None and number.interval_kind in ("range", "not_stated") and number.value is not None:
        return Reading(statistic, number, number.first, "context_word", statistic=statistic)
    return None


def _read_interval_alone(tokens: Sequence[Token], number: StatedNumber, named: str) -> Reading | None:
    """A confidence interval whose estimate is not next to it; other intervals alone are no quantities."""
    joint, high = at(tokens, number.last + 1), at(tokens, number.last + 2)
    if named == "ci" and number.value is not None and joint.text in (",", ";") and high.kind == "number":
        pair = number._replace(value=None, value_low=number.value, value_high=high.value)
        number = extend_to(tokens, pair, number.last + 2)
    if named != "ci" or number.value is not None:
        return None
    kind = find_effect(tokens, number.first) or "estimate"
    return Reading(kind, number._replace(interval_kind="ci"), number.first, "interval")


def _read_by_column(tokens: Sequence[Token], number: StatedNumber, column: ColumnContext, lead: Lead) -> Reading | None:
    """A bare number of a cell, by the header of its column."""
    kind = column.kind
    if kind is None or number.numerator is not None or number.unit is not None:
        return None
    if not _is_bare(tokens, number, lead, kind):
        return None
    if kind == "p_value" and not (number.value is not None and 0 <= number.value <= 1):
        return None
    if kind in ("sample_size", "study_count"):
        if not is_whole(number) or number.interval_kind not in (None, "range"):
            return None
        subject = column.subject
        unit = Unit(subject, "subject") if subject and (kind == "study_count" or subject != "study") else None
        return Reading(kind, number._replace(unit=unit), number.first, "column_name")
    if kind == "percentage":
        if "ci" in column.expected.intervals and number.value is None:
            return Reading("estimate", number._replace(interval_kind="ci"), number.first, "column_name")
        return Reading(kind, number._replace(unit=Unit("%", "percent")), number.first, "column_name")
    if kind == "estimate" or kind in EFFECTS:
        if number.value is None and "ci" in column.expected.intervals:
            number = number._replace(interval_kind="ci")
        elif number.value is None or kind == "estimate":
            return None
        return Reading(kind, number, number.first, "column_name")
    if kind == "duration" and number.value is not None and FIRST_YEAR <= number.value <= LAST_YEAR:
        return None
    if kind == "dose" and (column.unit is None or column.unit.kind == "time"):
        return None
    unit = column.unit if kind in ("age", "dose", "duration", "follow_up", "mean", "median") else None
    return Reading(kind, number._replace(unit=unit), number.first, "column_name", statistic=column.statistic)


def _is_bare(tokens: Sequence[Token], number: StatedNumber, lead: Lead, column_kind: str) -> bool:
    """Whether a number is by itself: at the start of the cell, or after a label with a colon, between signs."""
    before, after = at(tokens, lead.first - 1), at(tokens, number.last + 1)
    starts = before.kind == "end" or before.text in (":", "=", ";", "/", "|") or before.meaning("arm") is not None
    if column_kind == "p_value" and lead.sign is not None:
        return True
    is_enclosed = before.text in OPENING and at(tokens, lead.first - 2).kind == "end" and after.text in CLOSING
    is_in_list = before.text in (",", "(") and at(tokens, lead.first - 2).kind == "number"
    is_in_list = is_in_list or before.text in DASHES or (before.kind == "number" and before.unit is None)
    is_followed = (
        after.kind in ("end", "citation", "number")
        or after.text in DASHES
        or after.text in OPENING
        or after.text in (",", ";", "/", "|", ".", "*", "†", "‡")
    )
    return (
        is_enclosed
        or (starts and (is_followed or after.kind == "word"))
        or (is_in_list and (is_followed or after.text in SIGNS))
    )


def _read_parallel(
    tokens: Sequence[Token], number: StatedNumber, lead: Lead, earlier: Reading | None
) -> Reading | None:
    """A number that is joined to one that was read, and means the same: `a mean of 5.2 (SD 1.1) and 6.3`."""
    if earlier is None or number.numerator is not None:
        return None
    if earlier.kind == "sample_size" and number.is_count and number.unit is None:
        return read_other_group(tokens, number, earlier)
    between = tokens[earlier.number.last + 1 : lead.first]
    if number.unit is not None and number.unit != earlier.number.unit:
        return None
    if earlier.kind not in ("mean", "median", "age") or earlier.rule_id in ("unit", "column_name"):
        return None
    is_joined = 0 < len(between) <= 4 and between[-1].text in ("and", "or", "vs", "versus", "to")
    if not is_joined or find_noun(tokens, number) is not None or at(tokens, number.last + 1).text == "of":
        return None
    return Reading(earlier.kind, number, number.first, "parallel", statistic=earlier.statistic)
