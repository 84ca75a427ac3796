"""Reads what the header of a table column says of the numbers below it: their kind, unit, statistic and interval.

Takes the printed header (`column_name`, its levels joined by ` | `) and gives a `ColumnContext`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.curate.quantities.stated_numbers import END, NOTHING_EXPECTED, Expected
from pipelines.curate.quantities.tokens import Token, Tokeniser, Unit
from pipelines.vocabularies.quantity_words import MEASURES, find_unit

_LONGEST_HEADER = 300
_CONTEXT_KINDS = ("age", "follow_up", "dose", "duration")


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What a header says of bare numbers: their kind, unit and statistic, what brackets hold, and the arm.

    `speaks_of` are the subjects of its words (age, dose, follow_up, duration), also if bare numbers have no kind.
    """

    kind: str | None = None
    unit: Unit | None = None
    statistic: str | None = None
    expected: Expected = NOTHING_EXPECTED
    speaks_of: frozenset[str] = frozenset()
    subject: str | None = None
    is_population: bool = False
    arm: str | None = None
    is_cell: bool = False


NO_COLUMN = ColumnContext()
"""The context of a sentence."""


def read_column(name: str | None, tokeniser: Tokeniser) -> ColumnContext:
    """The context of a cell, by the header of its column. A lower level of the header counts before a higher one."""
    context = ColumnContext(is_cell=True)
    for level in reversed((name or "")[:_LONGEST_HEADER].split(" | ")):
        context = _merge(context, _read_level(level, tokeniser))
    return context


def _merge(lower: ColumnContext, upper: ColumnContext) -> ColumnContext:
    kind = lower.kind or upper.kind
    if lower.kind == "estimate" and upper.kind in MEASURES and upper.kind not in ("sample_size", "p_value"):
        kind = upper.kind
    return ColumnContext(
        kind=kind,
        unit=lower.unit or upper.unit,
        statistic=lower.statistic or upper.statistic,
        expected=Expected(
            lower.expected.intervals or upper.expected.intervals,
            lower.expected.has_counts or upper.expected.has_counts,
        ),
        speaks_of=lower.speaks_of | upper.speaks_of,
        subject=lower.subject or upper.subject,
        is_population=lower.is_population or upper.is_population,
        arm=lower.arm or upper.arm,
        is_cell=True,
    )


def _read_level(level: str, tokeniser: Tokeniser) -> ColumnContext:
    tokens = tokeniser.split(level)
    measures = [
        meaning
        for token, after in zip(tokens, [*tokens, END][1:], strict=True)
        # `P. falciparum` is no p-value.
        if (meaning := token.meaning("measure")) is not None and (after.text != "." or len(token.text) > 1)
    ]
    statistics = [meaning for token in tokens if (meaning := token.meaning("statistic")) is not None]
    intervals = tuple(meaning for token in tokens if (meaning := token.meaning("interval")) is not None)
    subjects = [
        meaning
        for token in tokens
        if (meaning := token.meaning("subject") or token.meaning("subject_one")) is not None and token.text != "case"
    ]
    contexts = frozenset(meaning for token in tokens if (meaning := token.meaning("context")) is not None)
    has_percent = any(token.meaning("percentage") is not None for token in tokens)
    has_n = "sample_size" in measures
    kind = _find_kind(tokens, measures, subjects, contexts, has_percent=has_percent, n_intervals=len(intervals))
    if kind is None and statistics and not contexts:
        kind = statistics[0]
    elif kind is None and "ci" in intervals:
        kind = "estimate"
    unit = _find_unit(level, tokens, tokeniser)
    if kind is None and not contexts and unit is not None and unit.kind == "time":
        kind = "duration"
    return ColumnContext(
        kind=kind,
        unit=unit,
        statistic=statistics[0] if statistics else None,
        expected=Expected(intervals, has_counts=has_n and has_percent),
        speaks_of=contexts,
        subject=subjects[0] if subjects else None,
        is_population="person" in subjects or any(token.meaning("population") is not None for token in tokens),
        arm=_find_arm(level, tokens),
    )


def _find_kind(
    tokens: Sequence[Token],
    measures: Sequence[str],
    subjects: Sequence[str],
    contexts: frozenset[str],
    *,
    has_percent: bool,
    n_intervals: int,
) -> str | None:
    labels = [measure for measure in measures if measure != "sample_size"]
    if labels:
        return labels[0]
    if has_percent:
        return "percentage"
    if any(token.meaning("number_label") is not None for token in tokens) and subjects:
        return "study_count" if subjects[0] == "study" and len(set(subjects)) == 1 else "sample_size"
    for kind in _CONTEXT_KINDS:
        if kind in contexts:
            return kind
    if "sample_size" in measures:
        return "sample_size"
    is_about_people = bool(subjects) and "study" not in subjects
    is_population = any(token.meaning("population") is not None for token in tokens)
    if (is_about_people or is_population) and n_intervals == 0:
        return "sample_size"
    return None


def _find_unit(level: str, tokens: Sequence[Token], tokeniser: Tokeniser) -> Unit | None:
    """The unit in brackets or after a comma: `Age (years)`, `Dose, mg/kg`; or a time that the header begins with."""
    if tokens and tokens[0].kind == "word" and tokens[0].text.endswith("s"):
        first = find_unit(tokeniser.words.units, tokens[0].text)
        if first is not None and first[1] == "time":
            return Unit(*first)
    for token in tokens:
        if token.text in ("(", "[", ",", "in"):
            place = token.end + (1 if level[token.end : token.end + 1] == " " else 0)
            found = tokeniser.units.read(level, place)
            if found is not None and level[found[1] : found[1] + 1] in ("", ")", "]", ",", ";"):
                return found[0]
    return None


def _find_arm(level: str, tokens: Sequence[Token]) -> str | None:
    """The header up to its first bracket, if a word of it names an arm and none asks for something else."""
    head = []
    for token in tokens:
        if token.kind == "sign" and token.text in "([,;:|":
            break
        head.append(token)
    if not 0 < len(head) <= 5 or not any(token.meaning("arm") == "" for token in head):
        return None
    asks = ("measure", "statistic", "context", "number_label", "percentage", "population")
    if any(token.meaning(group) is not None for token in head for group in asks):
        return None
    return level[head[0].start : head[-1].end]
