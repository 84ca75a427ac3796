"""The treatments that a claim is about, in invented sentences."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from pipelines.curate.claim_interventions import code_claim_modalities, find_claim_treatments
from pipelines.curate.clause_treatments import Subject
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.interventions import Modality
from schemas.tables import SPECS
from tests.claim_tables import NO_ABBREVIATIONS, NO_TEXT_PARTS, code_subject_claims


def _frame(table: str, *rows: Mapping[str, object]) -> pl.DataFrame:
    """A table whose rows are in the first row of the first table of a review."""
    place = {"review_id": "r", "table_no": 1, "row_no": 1}
    return pl.DataFrame([{**place, **row} for row in rows], schema=SPECS[table].polars_schema)


def _code(
    studies: pl.DataFrame, options: pl.DataFrame, points: pl.DataFrame, rules: CodingRules, general: GeneralRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `claims` and `claim_modalities`."""
    claims = code_subject_claims(studies, rules, general, points)
    context = (NO_ABBREVIATIONS, _frame("table_cells"), NO_TEXT_PARTS)
    return claims, code_claim_modalities(studies, options, claims, rules.modalities, *context)


def _named_treatments(
    method: str, outcome: str, rules: CodingRules, general: GeneralRules
) -> list[tuple[str, list[str]]]:
    """For each claim of a study its outcome and the words of its treatments, with the field unless it is `outcome`."""
    study = {"method": method, "outcome": outcome, "outcome_start_char": 0, "outcome_end_char": len(outcome)}
    fields = pl.when(pl.col("rule_id") == "role_in_study").then(pl.lit("method: ")).otherwise(pl.lit(""))
    claims, modalities = _code(_frame("studies", study), _frame("options"), _frame("option_points"), rules, general)
    words = (
        modalities.with_columns((fields + pl.col("cue_text")).alias("words"))
        .sort("claim_id", "start_char", nulls_last=True)
        .group_by("claim_id", maintain_order=True)
        .agg("words")
    )
    return list(claims.join(words, on="claim_id").sort("claim_id").select("outcome_id", "words").iter_rows())


@pytest.mark.parametrize(
    ("method", "outcome", "expected"),
    [
        (
            "Vertebroplasty and kyphoplasty",
            "Vertebroplasty and kyphoplasty relieved pain. Kyphoplasty had fewer complications than vertebroplasty.",
            [("pain", ["Vertebroplasty", "kyphoplasty"]), ("adverse_events", ["Kyphoplasty"])],
        ),
        (
            "Surgery and chemotherapy",
            "Surgery combined with chemotherapy prolonged survival, but the risk of complications was high.",
            [("survival", ["Surgery", "chemotherapy"]), ("adverse_events", ["Surgery", "chemotherapy"])],
        ),
        (
            "Surgery",
            "Surgery was safe. It could relieve pain.",
            [("safety_tolerability", ["Surgery"]), ("pain", ["Surgery"])],
        ),
        ("Surgery", "Pain was relieved in most patients.", [("pain", ["method: Surgery"])]),
        (
            "Surgery and radiotherapy",
            "Patients got benefit from surgery.",
            [("effectiveness_unspecified", ["surgery"])],
        ),
        (
            "Surgery",
            "Surgery relieved pain in patients who were treated with chemotherapy and radiotherapy.",
            [("pain", ["Surgery"])],
        ),
        # The sentence names the kind of treatment that the row is coded to.
        ("Laminectomy", "Surgery relieved pain.", [("pain", ["Surgery"])]),
    ],
)
def test_a_claim_is_about_the_treatments_that_its_words_name(
    method: str,
    outcome: str,
    expected: list[tuple[str, list[str]]],
    coding_rules: CodingRules,
    general_rules: GeneralRules,
) -> None:
    assert _named_treatments(method, outcome, coding_rules, general_rules) == expected


def test_claims_of_an_option_are_about_the_treatment_in_its_own_cell(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    option = {"option": "Balloon kyphoplasty"}
    point = {"point_no": 1, "polarity": "advantage", "text": "Relieves pain", "start_char": 0, "end_char": 13}
    points = _frame("option_points", point)
    _, modalities = _code(_frame("studies"), _frame("options", option), points, coding_rules, general_rules)
    assert modalities.select("claim_id", "modality_id", "modality_group_id", "cue_text", "rule_id").rows() == [
        (1, "kyphoplasty", "vertebral_augmentation_ablation", "Balloon kyphoplasty", "option_named")
    ]


TOPS = {"open": "surgery", "robotic": "surgery", "arc": "beam", "beam": "beam"}


def _by_role(*roles: tuple[str, str], comparator: str | None = None) -> list[tuple[str, str | None, str]]:
    """The treatments of a claim that names none, in a study with these modalities and roles."""
    coded = [Modality(concept, role, "method", 0, 1, "rule", 0.9) for concept, role in roles]
    treatments = find_claim_treatments((), comparator, coded, TOPS)
    return [(treatment.concept_id, treatment.role, treatment.rule_id) for treatment in treatments]


def test_by_role_a_claim_is_about_the_arm_that_is_not_its_comparator() -> None:
    arms = (("open", "primary"), ("arc", "comparator"))
    assert _by_role(*arms) == [("open", "primary", "role_in_study")]
    assert _by_role(*arms, comparator="arc") == [("open", "primary", "role_in_study")]
    assert _by_role(*arms, comparator="open") == [("arc", "comparator", "role_in_study")]


def test_by_role_two_arms_with_the_same_modality_give_that_modality() -> None:
    assert _by_role(("arc", "primary"), comparator="arc") == [("arc", "primary", "role_in_study")]
    assert _by_role(("arc", "primary"), ("open", "adjuvant"), comparator="arc") == [("arc", "primary", "role_in_study")]


def test_by_role_an_adjuvant_counts_only_without_another_treatment() -> None:
    assert _by_role(("robotic", "primary"), ("arc", "adjuvant")) == [("robotic", "primary", "role_in_study")]
    assert _by_role(("arc", "adjuvant")) == [("arc", "adjuvant", "role_in_study")]


def test_keeps_a_claim_of_an_uncoded_study() -> None:
    assert _by_role() == [("not_stated", None, "not_stated")]


def test_a_general_name_refers_to_the_coded_treatment_of_that_kind_but_not_to_the_comparator() -> None:
    coded = [
        Modality("open", "primary", "method", 0, 1, "rule", 0.9),
        Modality("robotic", "comparator", "method", 2, 3, "rule", 0.9),
    ]
    subject = Subject("surgery", 5, 12, "before_verb")
    treatments = find_claim_treatments((subject,), "robotic", coded, {**TOPS, "surgery": "surgery"})
    assert [(found.concept_id, found.field, found.start, found.confidence) for found in treatments] == [
        ("open", "outcome", 5, 0.72)
    ]
