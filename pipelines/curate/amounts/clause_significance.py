"""Finds whether a clause says that the difference in an outcome is significant.

Takes a parsed clause, its words of amount and the place of the outcome. Words ("not significant") count before
p-values and intervals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.amounts.amount_events import Event
from pipelines.curate.amounts.continuations import is_bare
from pipelines.curate.amounts.significance import SignificanceMark

_MAX_MARK_GAP = 60
"""Characters between an interval and the p-value of the same comparison."""

_MAX_ASIDE_GAP = 3
_MAX_MARKS = 20
_MAX_CLAUSES = 6
"""Clauses after that of the outcome in which its p-value may be."""


SIGNIFICANCE_SENSES = frozenset({"significant", "not_significant"})


class Significance(NamedTuple):
    """Whether the difference is significant, None if the clause does not say, and the place that says so."""

    is_significant: bool | None
    start: int
    end: int


def find_significance(
    parsed: AmountText, clause: AmountClause, chain: Sequence[Event], span: tuple[int, int]
) -> Significance:
    """What the clause says about the outcome at `span`, which the words of amount `chain` are about."""
    words = [event for event in clause.events if event.sense in SIGNIFICANCE_SENSES]
    mark = _find_mark(parsed, clause, chain, span)
    if words:
        anchor = chain[0].first if chain else parsed.word_number(span[0])
        nearest = min(words, key=lambda event: abs(event.first - anchor))
        is_trend = nearest.sense == "not_significant" and not nearest.is_negated
        # "Tended to be lower (p = 0.008)"
        if not (is_trend and mark and mark.is_significant):
            is_significant = nearest.sense == "significant" and not nearest.is_negated
            return Significance(is_significant, nearest.start, nearest.end)
    if mark is None:
        return Significance(None, clause.start, clause.start)
    return Significance(mark.is_significant, mark.start, mark.end)


def find_ratio(parsed: AmountText, clause: AmountClause, place: int) -> float | None:
    """The first odds, risk or hazard ratio of the clause after a place."""
    low = bisect_left(parsed.marks, place, key=lambda mark: mark.start)
    for mark in parsed.marks[low : low + 4]:
        if mark.ratio is not None and mark.start < clause.end:
            return mark.ratio
    return None


def _find_mark(
    parsed: AmountText, clause: AmountClause, chain: Sequence[Event], span: tuple[int, int]
) -> SignificanceMark | None:
    """The p-value or interval that belongs to the outcome: right after it, or else the first after its words."""
    stop = parsed.sentence_ends[clause.sentence]
    low = bisect_left(parsed.marks, clause.start, key=lambda mark: mark.start)
    high = bisect_left(parsed.marks, stop, key=lambda mark: mark.start)
    marks = [mark for mark in parsed.marks[low : min(high, low + _MAX_MARKS)] if mark.is_significant is not None]
    if not marks:
        return None
    number = bisect_left(parsed.asides, span[1], key=lambda aside: aside[0])
    for start, end in parsed.asides[number : number + 1]:
        inside = [mark for mark in marks if start < mark.start < end]
        if start - span[1] <= _MAX_ASIDE_GAP and inside:
            return inside[-1]
    end = max([span[1], *(event.end for event in chain)])
    later = [mark for mark in marks if mark.start >= end]
    chosen = later[0] if later else marks[-1]
    near = [mark for mark in later[1:2] if mark.start - chosen.end < _MAX_MARK_GAP]
    if not chosen.is_p_value and near and near[0].is_p_value:
        chosen = near[0]
    return chosen if chosen.start < clause.end or _is_rest_bare(parsed, clause, chosen.start) else None


def _is_rest_bare(parsed: AmountText, clause: AmountClause, place: int) -> bool:
    """Whether the clauses after this one, up to a place, are about nothing else."""
    number, last = parsed.clause_number(clause.start), parsed.clause_number(place)
    if number is None or last is None or last - number > _MAX_CLAUSES:
        return False
    return all(not rest.events or is_bare(parsed, rest) for rest in parsed.clauses[number + 1 : last + 1])
