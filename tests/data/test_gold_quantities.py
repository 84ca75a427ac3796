"""The quantities of short texts, compared with those read by hand (`gold_quantities.csv`).

The gold has all quantities of each text, and texts whose numbers are none. Texts of the first review are given in full,
those of other articles are excerpts of at most 17 words. Round 1 was read before the rules were written; rounds 2 to 4
were sampled from further articles and read before the rules ran on them (see docs/accuracy.md).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.quantities import Quantity, find_quantities
from pipelines.curate.quantities.columns import NO_COLUMN, read_column

TEXTS = ("kind", "unit", "sign", "interval_kind")
NUMBERS = ("value", "value_low", "value_high", "numerator", "denominator", "deviation")

Facts = tuple[str | float | None, ...]


class Span(NamedTuple):
    """A quantity: its place in the text and all that is stated."""

    start: int
    end: int
    facts: Facts


class Score(NamedTuple):
    """Counts of found, wrong and missed quantities, and of found ones whose span is exact."""

    found: int
    wrong: int
    missed: int
    exact: int

    @property
    def f1(self) -> float:
        return 2 * self.found / (2 * self.found + self.wrong + self.missed)


def load_gold() -> dict[str, list[dict[str, str]]]:
    texts: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (Path(__file__).parent / "gold_quantities.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            texts[row["text_id"]].append(row)
    return texts


GOLD = load_gold()


def _gold_span(row: Mapping[str, str]) -> Span:
    facts = [row[name] or None for name in TEXTS], [float(row[name]) if row[name] else None for name in NUMBERS]
    return Span(int(row["start"]), int(row["end"]), (*facts[0], *facts[1]))


def _found_span(quantity: Quantity) -> Span:
    return Span(quantity.start, quantity.end, tuple(getattr(quantity, name) for name in (*TEXTS, *NUMBERS)))


def score(rules: CodingRules, **selection: str) -> Score:
    """A quantity is found if its span overlaps that of the gold and all of its facts are equal."""
    found = wrong = missed = exact = 0
    tokeniser = rules.quantities.tokeniser
    for rows in GOLD.values():
        if any(rows[0][name] != value for name, value in selection.items()):
            continue
        is_cell = rows[0]["place"].startswith("cell")
        column = read_column(rows[0]["column_name"], tokeniser) if is_cell else NO_COLUMN
        expected = [_gold_span(row) for row in rows if row["kind"]]
        for quantity in map(_found_span, find_quantities(rows[0]["text"], rules.quantities, column)):
            match = next(
                (
                    span
                    for span in expected
                    if span.facts == quantity.facts and span.start < quantity.end and quantity.start < span.end
                ),
                None,
            )
            if match is None:
                wrong += 1
                continue
            expected.remove(match)
            found += 1
            exact += match[:2] == quantity[:2]
        missed += len(expected)
    return Score(found, wrong, missed, exact)


@pytest.mark.parametrize(("half", "floor"), [("development", 0.98), ("held_out", 0.96)])
def test_quantities_agree_with_the_gold(half: str, floor: float, coding_rules: CodingRules) -> None:
    result = score(coding_rules, half=half)
    precision, recall = result.found / (result.found + result.wrong), result.found / (result.found + result.missed)
    print(f"{half}: {result}, precision {precision:.3f}, recall {recall:.3f}, F1 {result.f1:.3f}")
    assert result.f1 >= floor
    assert result.exact / result.found >= 0.98


@pytest.mark.parametrize("round_no", ["0", "1", "2", "3", "4"])
def test_each_round_of_the_gold_agrees(round_no: str, coding_rules: CodingRules) -> None:
    result = score(coding_rules, round=round_no)
    print(f"round {round_no}: {result}, F1 {result.f1:.3f}")
    assert result.f1 >= 0.95


def test_every_quantity_of_the_first_review_is_found_and_no_other(coding_rules: CodingRules) -> None:
    assert score(coding_rules, origin="spine-metastases-review") == Score(5, 0, 0, 5)


def test_the_gold_has_enough_quantities_in_both_halves_and_texts_without_any() -> None:
    rows = [row for rows in GOLD.values() for row in rows]
    counts = {
        half: sum(bool(row["kind"]) for row in rows if row["half"] == half) for half in ("development", "held_out")
    }
    assert counts == {"development": 434, "held_out": 927}
    assert sum(not rows[0]["kind"] for rows in GOLD.values()) > 300
    assert len({row["kind"] for row in rows} - {""}) >= 15


def test_gold_spans_are_in_their_texts_and_excerpts_are_short() -> None:
    for rows in GOLD.values():
        text = rows[0]["text"]
        assert {row["text"] for row in rows} == {text}
        if rows[0]["round"] != "0":
            assert len(text.split()) <= 17
        for row in rows:
            assert not row["kind"] or 0 <= int(row["start"]) < int(row["end"]) <= len(text)
