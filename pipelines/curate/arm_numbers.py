"""Compares the numbers that a clause prints for two arms ("79% vs. 59%", in the order in which the arms are named)."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.curate.amount_clauses import AmountClause, AmountText


class NumberComparison(NamedTuple):
    sign: int
    start: int
    end: int


def compare_numbers(parsed: AmountText, clause: AmountClause, span: tuple[int, int]) -> NumberComparison | None:
    return None
