"""The claims of studies and options in reviews of any subject: which outcome a cell is about, and what it says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipelines.curate.cell_claims import GeneralClaimRules
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_claims import read_point_claims, read_study_claims
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.study_records import StudyRecord

PLACE = {"review_id": "r", "table_no": 1, "row_no": 1, "ref_no": 1}


@pytest.fixture(scope="module")
def rules(coding_rules: CodingRules, general_rules: GeneralRules) -> GeneralClaimRules:
    return GeneralClaimRules(general_rules, coding_rules.amounts, coding_rules.claims.hedges)


def make_field(role: str, text: str, *, header: str | None = None, row: int = 1) -> dict[str, object]:
    place = {**PLACE, "part_no": 1, "printed_row_no": row, "column_no": 1, "start_char": 0, "end_char": len(text)}
    return {**place, "role": role, "text": text, "column_name": header}


def read(rules: GeneralClaimRules, *fields: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """The outcome, amount and rule of the claims of a study with these cells."""
    study = StudyRecord({**PLACE, "method": None}, fields)  # type: ignore[arg-type]
    return [
        (str(row["outcome_id"]), str(row["amount"]), str(row["rule_id"])) for row in read_study_claims(study, rules, {})
    ]


DRUG = make_field("intervention", "Metformin versus placebo")


def test_a_cell_of_numbers_is_about_the_outcome_of_its_row_else_of_its_column(rules: GeneralClaimRules) -> None:
    result = make_field("result", "↓ (p < 0.05)", header="Mortality")
    same_row = make_field("outcome_name", "Back pain")
    other_row = make_field("outcome_name", "Back pain", row=2)
    assert read(rules, DRUG, same_row, result) == [("musculoskeletal", "lower", "outcome_name")]
    assert read(rules, DRUG, other_row, result) == [("mortality_survival", "lower", "column_name")]
    assert read(rules, DRUG, make_field("result", "↓ (p < 0.05)")) == []


@pytest.mark.parametrize(("length", "rule_id"), [(100, "outcome_name"), (101, "column_name")])
def test_a_cell_of_more_than_100_characters_names_no_outcome(
    length: int, rule_id: str, rules: GeneralClaimRules
) -> None:
    name = make_field("outcome_name", "Back pain".ljust(length, "."))
    ((_, _, found),) = read(rules, DRUG, name, make_field("result", "↓ (p < 0.05)", header="Mortality"))
    assert found == rule_id


def test_a_cell_of_adverse_events_is_about_them_without_a_telling_header(rules: GeneralClaimRules) -> None:
    assert read(rules, DRUG, make_field("adverse_events", "NS")) == [("adverse_events", "no_difference", "column_role")]
    assert read(rules, DRUG, make_field("adverse_events", "NS", header="Mortality")) == [
        ("mortality_survival", "no_difference", "column_name")
    ]
    assert read(rules, DRUG, make_field("result", "NS")) == []


def test_the_treatment_in_a_header_is_no_outcome(rules: GeneralClaimRules) -> None:
    result = make_field("result", "↓ (p < 0.05)", header="Diet")
    assert read(rules, make_field("intervention", "Diet versus placebo"), result) == []


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("Urine: cholesterol", ["metabolism_and_nutrition"]),
        ("Urine", ["renal_and_urinary"]),
        ("Cholesterol, back pain", ["metabolism_and_nutrition", "musculoskeletal"]),
    ],
)
def test_what_an_outcome_is_measured_in_is_no_outcome_beside_it(
    name: str, outcomes: list[str], rules: GeneralClaimRules
) -> None:
    found = read(rules, DRUG, make_field("outcome_name", name), make_field("result", "↓ (p < 0.05)"))
    assert [outcome for outcome, _, _ in found] == outcomes


def test_a_study_names_its_arms_unless_they_are_long(rules: GeneralClaimRules) -> None:
    result = make_field("result", "Mortality was higher with quintamol.")
    arms = make_field("intervention", "Metformin versus quintamol")
    assert [row[:2] for row in read(rules, arms, result)] == [("mortality_survival", "lower")]


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("Mortality was lower", "advantage", ("mortality_survival", "lower", "favourable", 0, 19)),
        ("Mortality was lower", "disadvantage", ("mortality_survival", "lower", "favourable", 0, 19)),
        ("Mortality was seen", "disadvantage", ("mortality_survival", "not_stated", "unfavourable", 0, 9)),
        ("Sold in boxes", "advantage", ("not_stated", "not_stated", "favourable", 0, 13)),
        ("Sold in boxes", "disadvantage", ("not_stated", "not_stated", "unfavourable", 0, 13)),
    ],
)
def test_the_column_of_a_point_says_what_a_mere_mention_means(
    text: str, column: str, expected: tuple[str, str, str, int, int], rules: GeneralClaimRules
) -> None:
    point = {**PLACE, "point_no": 1, "text": text, "polarity": column}
    (row,) = read_point_claims(point, rules, {})  # type: ignore[arg-type]
    assert (row["outcome_id"], row["amount"], row["polarity"], row["start_char"]) == expected[:4]
    assert text.startswith(str(row["cue_text"]))
    assert row["outcome_scheme"] == "outcome_domain"
    assert row["point_no"] == 1
    if row["outcome_id"] == "not_stated":
        assert (row["end_char"], row["rule_id"], row["is_hedged"], row["is_comparative"]) == (
            expected[4],
            "no_outcome",
            False,
            False,
        )
