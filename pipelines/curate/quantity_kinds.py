"""Decides what an amount is: a sample size, a percentage, a dose, a p-value …, and which words say so.

Takes the tokens of a text, an amount read by `quantity_amounts` and the header of its column; gives a `Reading`, or
None for a number without a meaning that is stated. Words come from `cues/quantity.csv`; the modules hold how they
combine.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.quantity_amounts import CLOSING, DASHES, OPENING, Amount, at
from pipelines.curate.quantity_columns import ColumnContext
from pipelines.curate.quantity_context import (
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
from pipelines.curate.quantity_counts import (
    count_as,
    counts_studies,
    find_noun,
    read_counted,
    read_other_group,
    read_pair,
)
from pipelines.curate.quantity_tokens import Token, Unit
from pipelines.curate.quantity_units import read_by_unit


def read_kind(
    tokens: Sequence[Token], amount: Amount, column: ColumnContext, earlier: Reading | None, age: Reading | None
) -> Reading | None:
    """What an amount is; `earlier` is the reading before it in the same text, `age` the last age, for enumerations."""
    if at(tokens, amount.last + 1).text == "±":
        return None
    lead = read_lead(tokens, amount.first)
    amount, sign = _read_sign_after(tokens, amount, lead.sign)
    reading = (
        _read_labelled(tokens, amount, lead)
        or read_by_unit(tokens, amount, column, age)
        or read_counted(tokens, amount, lead)
        or _read_by_words(tokens, amount, column, lead, age)
        or read_pair(tokens, amount, lead, earlier)
        or _read_by_column(tokens, amount, column, lead)
        or _read_parallel(tokens, amount, lead, earlier)
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


def _read_sign_after(tokens: Sequence[Token], amount: Amount, sign: str | None) -> tuple[Amount, str | None]:
    token = at(tokens, amount.last + 1)
    after = token.meaning("sign_after")
    if after is not None and sign is None and amount.value is not None:
        return amount._replace(last=amount.last + 1, end=token.end), after
    return amount, sign


def _read_labelled(tokens: Sequence[Token], amount: Amount, lead: Lead) -> Reading | None:
    """An amount with a label of its own: `p < 0.05`, `n = 45`, `HR 0.75 (95% CI 0.60–0.93)`."""
    kind = lead.label
    first = lead.first if lead.label_is_adjacent else amount.first
    if kind is None:
        if amount.interval_kind == "ci" and not amount.is_percentage:
            kind = find_effect(tokens, amount.first)
            return Reading(kind, amount, amount.first, "context_word") if kind else None
        return None
    if kind == "p_value":
        is_probability = amount.value is not None and 0 <= amount.value <= 1 and amount.unit is None
        is_stated = lead.has_equals or lead.sign is not None or amount.value != int(amount.value or 0)
        return Reading(kind, amount, first, "printed_label") if is_probability and is_stated else None
    if kind == "sample_size":
        if amount.is_percentage:
            return Reading("percentage", amount, first, "printed_label")
        if amount.unit is not None or not is_whole(amount):
            return None
        noun = find_noun(tokens, amount)
        if noun is None and counts_studies(tokens, amount):
            return Reading("study_count", amount._replace(unit=Unit("study", "subject")), first, "context_word")
        if noun is None:
            return Reading(kind, amount, first, "printed_label")
        return count_as(tokens, amount, first, noun, "printed_label")
    if kind in EFFECTS and amount.unit is not None and kind in RATIOS:
        return None
    if kind in EFFECTS and amount.value is None:
        return None
    if kind in RATIOS and amount.interval_kind is None and is_whole(amount) and not (lead.has_equals or lead.sign):
        return None
    if kind == "correlation" and not (amount.value is not None and -1 <= amount.value <= 1):
        return None
    if kind == "heterogeneity" and not amount.is_percentage and not lead.has_equals:
        return None
    return Reading(kind, amount, first, "printed_label")


def _read_by_words(
    tokens: Sequence[Token], amount: Amount, column: ColumnContext, lead: Lead, age: Reading | None
) -> Reading | None:
    """An amount without unit and label whose interval or whose words before say what it is."""
    if amount.unit is not None or at(tokens, amount.first - 1).text == "±":
        return None
    context = find_before(tokens, amount.first, "context", 7)
    statistic = find_before(tokens, amount.first, "statistic")
    # `aged 17 to 59 years (median 37`, `20–28 years old (24.3 ± 3.3)`
    reach = 4 if statistic is not None else 2
    is_in_age = age is not None and amount.first - age.amount.last <= reach
    has_age = context == "age" or column.kind == "age" or is_in_age
    if amount.deviation is not None and column.kind == "percentage":
        amount = amount._replace(unit=Unit("%", "percent"))
        return Reading("percentage", amount, amount.first, "column_name", statistic=column.statistic)
    if amount.deviation is not None or amount.interval_kind == "iqr":
        kind = "median" if amount.interval_kind == "iqr" else "mean"
        if has_age:
            unit = column.unit if column.kind == "age" else None
            named = statistic or column.statistic
            return Reading("age", amount._replace(unit=unit), amount.first, "context_word", statistic=named)
        if column.kind in EFFECTS | {"age", "follow_up", "duration", "dose"}:
            return None
        unit = column.unit
        return Reading(
            statistic or kind, amount._replace(unit=unit), amount.first, "interval", statistic=statistic or kind
        )
    before = at(tokens, lead.first - 1)
    is_linked = before.text in LINKING or before.meaning("statistic") is not None
    is_linked = is_linked or "age" in (before.meaning("context"), at(tokens, amount.first - 1).meaning("context"))
    named = find_interval_name(tokens, lead.first - 1)
    if named is not None:
        return _read_interval_alone(tokens, amount, named)
    if context == "age" and is_linked and amount.interval_kind in (None, "range"):
        return Reading("age", amount, amount.first, "context_word", statistic=statistic)
    if amount.interval_kind == "ci" and column.kind == "percentage":
        return Reading("percentage", amount._replace(unit=Unit("%", "percent")), amount.first, "column_name")
    if amount.interval_kind == "ci":
        kind = column.kind if column.kind in EFFECTS or column.kind in ("mean", "median") else "estimate"
        return Reading(kind or "estimate", amount, amount.first, "interval", statistic=statistic)
    if statistic is not None and is_linked and find_before(tokens, amount.first, "interval", 3) is None:
        return Reading(statistic, amount, amount.first, "context_word", statistic=statistic)
    if statistic is not None and amount.interval_kind in ("range", "not_stated") and amount.value is not None:
        return Reading(statistic, amount, amount.first, "context_word", statistic=statistic)
    return None


def _read_interval_alone(tokens: Sequence[Token], amount: Amount, named: str) -> Reading | None:
    """A confidence interval whose estimate is not next to it; other intervals alone are no quantities."""
    joint, high = at(tokens, amount.last + 1), at(tokens, amount.last + 2)
    if named == "ci" and amount.value is not None and joint.text in (",", ";") and high.kind == "number":
        pair = amount._replace(value=None, value_low=amount.value, value_high=high.value)
        amount = extend_to(tokens, pair, amount.last + 2)
    if named != "ci" or amount.value is not None:
        return None
    kind = find_effect(tokens, amount.first) or "estimate"
    return Reading(kind, amount._replace(interval_kind="ci"), amount.first, "interval")


def _read_by_column(tokens: Sequence[Token], amount: Amount, column: ColumnContext, lead: Lead) -> Reading | None:
    """A bare number of a cell, by the header of its column."""
    kind = column.kind
    if kind is None or amount.numerator is not None or amount.unit is not None:
        return None
    if not _is_bare(tokens, amount, lead, kind):
        return None
    if kind == "p_value" and not (amount.value is not None and 0 <= amount.value <= 1):
        return None
    if kind in ("sample_size", "study_count"):
        if not is_whole(amount) or amount.interval_kind not in (None, "range"):
            return None
        subject = column.subject
        unit = Unit(subject, "subject") if subject and (kind == "study_count" or subject != "study") else None
        return Reading(kind, amount._replace(unit=unit), amount.first, "column_name")
    if kind == "percentage":
        if "ci" in column.expected.intervals and amount.value is None:
            return Reading("estimate", amount._replace(interval_kind="ci"), amount.first, "column_name")
        return Reading(kind, amount._replace(unit=Unit("%", "percent")), amount.first, "column_name")
    if kind == "estimate" or kind in EFFECTS:
        if amount.value is None and "ci" in column.expected.intervals:
            amount = amount._replace(interval_kind="ci")
        elif amount.value is None or kind == "estimate":
            return None
        return Reading(kind, amount, amount.first, "column_name")
    if kind == "duration" and amount.value is not None and FIRST_YEAR <= amount.value <= LAST_YEAR:
        return None
    if kind == "dose" and (column.unit is None or column.unit.kind == "time"):
        return None
    unit = column.unit if kind in ("age", "dose", "duration", "follow_up", "mean", "median") else None
    return Reading(kind, amount._replace(unit=unit), amount.first, "column_name", statistic=column.statistic)


def _is_bare(tokens: Sequence[Token], amount: Amount, lead: Lead, column_kind: str) -> bool:
    """Whether a number stands by itself: at the start of the cell, or after a label with a colon, between signs."""
    before, after = at(tokens, lead.first - 1), at(tokens, amount.last + 1)
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


def _read_parallel(tokens: Sequence[Token], amount: Amount, lead: Lead, earlier: Reading | None) -> Reading | None:
    """A number that is joined to one that was read, and means the same: `a mean of 5.2 (SD 1.1) and 6.3`."""
    if earlier is None or amount.numerator is not None:
        return None
    if earlier.kind == "sample_size" and amount.is_count and amount.unit is None:
        return read_other_group(tokens, amount, earlier)
    between = tokens[earlier.amount.last + 1 : lead.first]
    if amount.unit is not None and amount.unit != earlier.amount.unit:
        return None
    if earlier.kind not in ("mean", "median", "age") or earlier.rule_id in ("unit", "column_name"):
        return None
    is_joined = 0 < len(between) <= 4 and between[-1].text in ("and", "or", "vs", "versus", "to")
    if not is_joined or find_noun(tokens, amount) is not None or at(tokens, amount.last + 1).text == "of":
        return None
    return Reading(earlier.kind, amount, amount.first, "parallel", statistic=earlier.statistic)
