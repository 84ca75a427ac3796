"""Reads the words around a number: its sign and label, the cues before and after it, and the name of its interval.

Takes the tokens of a text and the place of a number. The modules that decide on kinds use it; words come from
`cues/quantity.csv`, and words of grammar are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.quantities.columns import ColumnContext
from pipelines.curate.quantities.stated_numbers import Expected, StatedNumber, at, is_confidence_level
from pipelines.curate.quantities.tokens import Token

_SIGNS_OF = {"<": "<＜", ">": ">＞", "<=": "≤≦⩽", ">=": "≥≧⩾", "~": "~≈∼≃≅"}
SIGNS = {printed: sign for sign, all_printed in _SIGNS_OF.items() for printed in all_printed}
"""The meaning of a printed sign."""

RATIOS = frozenset(("hazard_ratio", "odds_ratio", "risk_ratio"))
EFFECTS = RATIOS | {"mean_difference", "standardised_mean_difference", "risk_difference", "number_needed_to_treat"}
_SHORT_LABELS = frozenset(("sample_size", "correlation"))
"""Kinds whose labels are single letters: a sign must follow the label."""

FILLERS = frozenset(
    (
        *(",", ":", "=", "of", "was", "is", "were", "are", "at", "[", "]", "(", ")", "value", "values"),
        *("equal", "equals", "to", ";", "–", "-"),
    )
)
"""Between a label and its number: `hazard ratio (HR) of 0.75`."""

LINKING = frozenset(
    (
        *("—", "–", "-", "of", "was", "is", "were", "are", "=", ":", "(", "to", "from", "between", "at", "["),
        *("being",),
    )
)
"""Directly between words that name a number and the number."""

FAR, NEAR = 8, 12
"""Numbers of tokens within which words belong to a number."""

FIRST_YEAR, LAST_YEAR = 1900, 2035
_SMALL = 9


class Reading(NamedTuple):
    """What a number is. `first` is the token where its words begin, label and sign included; see `CONFIDENCE`."""

    kind: str
    number: StatedNumber
    first: int
    rule_id: str
    sign: str | None = None
    statistic: str | None = None


class Lead(NamedTuple):
    """What precedes a number: its sign, its label (a kind) and the token where both begin."""

    first: int
    sign: str | None = None
    has_equals: bool = False
    label: str | None = None
    label_is_adjacent: bool = False


def read_lead(tokens: Sequence[Token], index: int) -> Lead:
    """The sign and the label before the number at `index`."""
    place, first = index - 1, index
    sign, has_equals = None, False
    while True:
        token = at(tokens, place)
        found = SIGNS.get(token.text) or token.meaning("sign")
        if found is None and token.text != "=":
            break
        if found is None:
            has_equals = True
        else:
            sign = _join_signs(found, sign, has_equals=has_equals)
            first = place
        place -= 1
    if sign is None:
        place = index - 1
    label, label_place, is_adjacent = _find_label(tokens, place)
    is_letter = label in _SHORT_LABELS and len(at(tokens, label_place).text) == 1
    if is_letter and not (has_equals or sign or at(tokens, index - 1).text in (":", "=")):
        label = None
    if label is not None and is_adjacent:
        first = label_place
    return Lead(first, sign, has_equals, label, is_adjacent)


def _join_signs(found: str, sign: str | None, *, has_equals: bool) -> str:
    if has_equals and found in "<>":
        return found + "="
    return found if sign is None or sign == "~" else sign


def _find_label(tokens: Sequence[Token], place: int) -> tuple[str | None, int, bool]:
    """The label that ends at `place` or before words that may follow a label; whether only signs lie between."""
    is_adjacent = True
    for back in range(FAR):
        token = at(tokens, place - back)
        kind = token.meaning("measure")
        if kind is not None:
            return kind, place - back, is_adjacent
        is_level = token.kind == "number" and is_confidence_level(tokens, place - back)
        if not (token.text in FILLERS or token.meaning("interval") == "ci" or is_level):
            break
        if token.kind != "sign" and token.meaning("interval") is None and not is_level:
            is_adjacent = False
    return None, place, False


def expect_before(tokens: Sequence[Token], index: int, column: ColumnContext) -> Expected:
    """The kinds of interval that the words before a number or the header name: `median (IQR) age of`."""
    named = tuple(
        meaning
        for token in reversed(tokens[max(0, index - NEAR + 1) : index])
        if token.cues and (meaning := token.meaning("interval")) is not None
    )
    has_statistic = column.statistic is not None or find_before(tokens, index, "statistic") is not None
    return Expected(named or column.expected.intervals, column.expected.has_counts, has_statistic)


def find_before(tokens: Sequence[Token], index: int, group: str, reach: int = FAR) -> str | None:
    """The nearest cue of a group before `index` in the same clause, with no other number between."""
    for place in range(index - 1, max(-1, index - reach - 1), -1):
        token = tokens[place]
        if token.cues and (meaning := token.meaning(group)) is not None:
            return meaning
        if token.kind == "sign" and token.text in (";", ".", "|"):
            return None
        if token.kind == "number" and not is_confidence_level(tokens, place):
            return None
    return None


def find_after(tokens: Sequence[Token], index: int, group: str, reach: int = 3) -> str | None:
    """The nearest cue of a group after `index`, with no sign but a hyphen or an apostrophe between."""
    for ahead in range(1, reach + 1):
        token = at(tokens, index + ahead)
        meaning = token.meaning(group)
        if meaning is not None:
            return meaning
        if token.kind != "word" and token.text not in ("'", "’", "-"):
            return None
    return None


def find_interval_name(tokens: Sequence[Token], place: int) -> str | None:
    """The kind of interval that is named directly before a number: `CI 1.2–2.9`, `IQR = 3`."""
    has_equals = False
    for back in range(4):
        token = at(tokens, place - back)
        if token.meaning("interval") is not None:
            return token.meaning("interval")
        has_equals = has_equals or token.text == "="
        is_filler = token.text in FILLERS and (has_equals or token.text not in ")]")
        if not is_filler and not (token.kind == "number" and is_confidence_level(tokens, place - back)):
            return None
    return None


def find_effect(tokens: Sequence[Token], index: int) -> str | None:
    """The measure of effect that the words before a number with a confidence interval name."""
    for back in range(1, 2 * NEAR):
        token = at(tokens, index - back)
        if token.kind == "end" or token.text == ".":
            return None
        kind = token.meaning("measure")
        if kind in EFFECTS:
            return kind
    return None


def is_name(tokens: Sequence[Token], number: StatedNumber) -> bool:
    """Whether the number is part of a name: `type 2`, `Table 3`, `group 1`."""
    named = at(tokens, number.first - 1).meaning("named")
    return named is not None and (named != "small" or (number.value is not None and number.value <= _SMALL))


def is_whole(number: StatedNumber) -> bool:
    if number.interval_kind == "range":
        return number.value_low == int(number.value_low or 0) and number.value_high == int(number.value_high or 0)
    return number.is_count


def extend_to(tokens: Sequence[Token], number: StatedNumber, last: int) -> StatedNumber:
    return number._replace(last=last, end=tokens[last].end)
