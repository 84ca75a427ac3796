"""Which arms a study compares and what its claims say of them, in invented studies."""

from __future__ import annotations

import polars as pl

from pipelines.curate.claim_interventions import code_claim_modalities
from pipelines.curate.claims import code_claims
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.comparisons import code_comparisons
from pipelines.curate.general_concepts import GeneralRules
from schemas.tables import SPECS
from tests.claim_tables import NO_ABBREVIATIONS, NO_POINTS, NO_TEXT_PARTS, SPINE_TITLE, make_reviews, make_study_fields


def _compare(method: str, outcome: str, coding: CodingRules, general: GeneralRules, *, title: str) -> pl.DataFrame:
    """The table `comparisons` of a study with these cells; the outcome begins at offset 100."""
    study = {"review_id": "r", "table_no": 1, "row_no": 1, "method": method, "outcome": outcome}
    places = {"method_start_char": 0, "method_end_char": len(method)}
    places |= {"outcome_start_char": 100, "outcome_end_char": 100 + len(outcome)}
    studies = pl.DataFrame([study | places], schema=SPECS["studies"].polars_schema)
    reviews, fields = make_reviews("r", title=title), make_study_fields(studies)
    claims = code_claims(reviews, studies, fields, NO_POINTS, coding, general, NO_ABBREVIATIONS, NO_TEXT_PARTS)
    options = pl.DataFrame(schema=SPECS["options"].polars_schema)
    cells = pl.DataFrame(schema=SPECS["table_cells"].polars_schema)
    treatments = code_claim_modalities(
        studies, options, claims, coding.modalities, NO_ABBREVIATIONS, cells, NO_TEXT_PARTS
    )
    return code_comparisons(
        reviews, studies, fields, claims, treatments, coding, general, NO_ABBREVIATIONS, NO_TEXT_PARTS
    )


def test_a_claim_of_a_spine_review_names_both_modalities(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    method, outcome = "SBRT and EBRT", "SBRT had less toxicity than EBRT."
    (row,) = _compare(method, outcome, coding_rules, general_rules, title=SPINE_TITLE).iter_rows(named=True)
    assert (row["intervention_id"], row["comparator_id"], row["comparator_text"]) == (
        "sbrt",
        "conventional_ebrt",
        "EBRT",
    )
    assert (row["outcome_id"], row["amount"], row["favours"]) == ("adverse_events", "lower", "intervention")
    assert (row["claim_id"], row["rule_id"]) == (1, "claim_comparator")


def test_both_arms_may_be_the_same_modality(coding_rules: CodingRules, general_rules: GeneralRules) -> None:
    method = "Single-session (SS) and multi-session (MS) radiosurgery (SRS)"
    outcome = "SS and MS SRS were effective. SS SRS was better for pain control. MS SRS had fewer complications."
    rows = _compare(method, outcome, coding_rules, general_rules, title=SPINE_TITLE)
    assert rows.select("outcome_id", "intervention_text", "comparator_text", "favours").rows() == [
        ("pain", "Single-session (SS)", "multi-session (MS) radiosurgery (SRS)", "intervention"),
        ("adverse_events", "multi-session (MS) radiosurgery (SRS)", "Single-session (SS)", "intervention"),
    ]
    assert set(rows["intervention_id"]) == set(rows["comparator_id"]) == {"stereotactic_radiosurgery"}


def test_alternatives_that_no_claim_compares_are_no_comparison(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    rows = _compare("EBRT or SBRT", "Both relieved pain.", coding_rules, general_rules, title=SPINE_TITLE)
    assert rows.is_empty()
    assert rows.schema == SPECS["comparisons"].polars_schema


def test_the_cells_of_any_review_state_the_arms(coding_rules: CodingRules, general_rules: GeneralRules) -> None:
    method, outcome = "Metformin versus placebo", "Mortality was higher in the placebo group (p = 0.01)."
    (row,) = _compare(method, outcome, coding_rules, general_rules, title="Drugs for diabetes").iter_rows(named=True)
    assert (row["intervention_scheme"], row["intervention_id"]) == ("intervention", "metformin")
    assert (row["comparator_scheme"], row["comparator_id"]) == ("intervention_kind", "control")
    assert (row["outcome_scheme"], row["outcome_id"]) == ("outcome_domain", "mortality_survival")
    assert (row["amount"], row["favours"], row["is_significant"]) == ("lower", "intervention", True)
    assert outcome[row["start_char"] - 100 : row["end_char"] - 100] == "Mortality was higher"


def test_arms_without_a_comparing_claim_are_one_comparison_without_outcome(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    method = "Metformin versus unheardofium"
    (row,) = _compare(method, "NR", coding_rules, general_rules, title="Drugs for diabetes").iter_rows(named=True)
    assert (row["claim_id"], row["outcome_id"], row["amount"], row["favours"]) == (
        None,
        None,
        "not_stated",
        "not_stated",
    )
    assert (row["comparator_id"], row["comparator_text"]) == (None, "unheardofium")
    assert (row["start_char"], row["end_char"]) == (0, 9)
