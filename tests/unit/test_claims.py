"""The claims of studies and of options: their numbers, their places in the source, and points without an outcome."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.options import split_points
from schemas.tables import SPECS
from tests.claim_tables import code_subject_claims
from tests.hang import HOSTILE_CELLS, must_end


def test_split_points_ignores_empty_points_and_semicolons_in_brackets() -> None:
    text = " relieves pain; (a; b) cheap ;; slow. "
    assert [text[start:end] for start, end in split_points(text)] == ["relieves pain", "(a; b) cheap", "slow."]
    assert split_points("") == split_points(" ; ") == []


def _studies(*cells: tuple[str, str]) -> pl.DataFrame:
    """`studies` with these method and outcome cells, in rows from 1; the outcome of row 2 begins at offset 200."""
    rows = [
        {
            "review_id": "r",
            "table_no": 1,
            "row_no": row_no,
            "ref_no": 1,
            "method": method,
            "outcome": outcome,
            "outcome_start_char": 100 * row_no,
            "outcome_end_char": 100 * row_no + len(outcome),
        }
        for row_no, (method, outcome) in enumerate(cells, start=1)
    ]
    return pl.DataFrame(rows, schema=SPECS["studies"].polars_schema)


def _points(*points: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(points, schema=SPECS["option_points"].polars_schema)


def test_table_numbers_claims_and_locates_cues_in_the_source(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    outcome = "Surgery relieved pain. It was safe."
    claims = code_subject_claims(_studies(("Surgery", outcome)), coding_rules, general_rules)
    assert claims.schema == SPECS["claims"].polars_schema
    assert claims["claim_id"].to_list() == [1, 2]
    assert claims["text"].to_list() == ["Surgery relieved pain.", "It was safe."]
    for row in claims.iter_rows(named=True):
        assert outcome[row["start_char"] - 100 : row["end_char"] - 100] == row["cue_text"]


@pytest.mark.parametrize(
    ("outcome", "amount"),
    [
        # An improvement is more survival, but less pain and fewer complications.
        ("Surgery improved survival.", "higher"),
        ("Surgery had shorter survival.", "lower"),
        ("Surgery relieved pain.", "lower"),
        ("Surgery had more complications.", "higher"),
        ("Surgery did not improve survival.", "no_difference"),
        ("Surgery was feasible.", "not_stated"),
    ],
)
def test_a_direction_implies_an_amount(
    outcome: str, amount: str, coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    (row,) = code_subject_claims(_studies(("Surgery", outcome)), coding_rules, general_rules).iter_rows(named=True)
    assert row["amount"] == amount
    assert row["outcome_text"] in outcome


def test_claims_are_numbered_in_the_order_of_rows_and_of_the_text(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    studies = _studies(("Surgery", "Surgery was safe. It relieved pain (p = 0.01)."), ("Bracing", "Bracing was cheap."))
    claims = code_subject_claims(studies.reverse(), coding_rules, general_rules)
    assert claims.select("claim_id", "row_no", "outcome_id", "is_significant", "is_comparative").rows() == [
        (1, 1, "safety_tolerability", None, False),
        (2, 1, "pain", True, False),
        (3, 2, "cost", None, False),
    ]


def test_keeps_a_point_without_an_outcome(coding_rules: CodingRules, general_rules: GeneralRules) -> None:
    place = {"review_id": "r", "table_no": 2, "row_no": 1, "point_no": 1}
    point = {"polarity": "advantage", "text": "Combines two things", "start_char": 5, "end_char": 24}
    claims = code_subject_claims(_studies(("Surgery", "")), coding_rules, general_rules, _points(place | point))
    (row,) = claims.iter_rows(named=True)
    assert (row["outcome_id"], row["direction"], row["polarity"]) == ("not_stated", "not_directional", "favourable")
    assert (row["start_char"], row["end_char"], row["cue_text"]) == (5, 24, "Combines two things")


@pytest.mark.parametrize("text", HOSTILE_CELLS)
def test_hostile_cells_do_not_hang(text: str) -> None:
    with must_end():
        split_points(text)
