"""Which treatments a claim is about, in sentences made up for it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.claim_interventions import about, claim_modalities
from pipelines.curate.claims import claims
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.interventions import Modality, ModalityRules
from pipelines.curate.outcomes import Subject
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables import SPECS

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture(scope="module")
def rules() -> ModalityRules:
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).modalities


def _one_row(**cells: object) -> dict[str, object]:
    return {"review_id": "r", "table_no": 1, "row_no": 1, **cells}


def _named(method: str, outcome: str, rules: ModalityRules) -> list[tuple[str, list[str]]]:
    """Of each claim of a study the outcome and the words of the treatments that it is about."""
    study = _one_row(method=method, outcome=outcome, outcome_start_char=0, outcome_end_char=len(outcome))
    studies = pl.DataFrame([study], schema=SPECS["studies"].polars_schema)
    points = pl.DataFrame(schema=SPECS["option_points"].polars_schema)
    options = pl.DataFrame(schema=SPECS["options"].polars_schema)
    made = claims(studies, points, rules, {})
    coded = claim_modalities(studies, options, made, rules, {})
    of_claims: dict[int, list[str]] = {}
    for claim_id, field, cue in coded.select("claim_id", "field", "cue_text").iter_rows():
        of_claims.setdefault(claim_id, []).append(f"{field}: {cue}" if field != "outcome" else cue)
    return [(outcome_id, of_claims[claim_id]) for claim_id, outcome_id in made.select("claim_id", "outcome_id").rows()]


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
        # The row is coded to a kind of what the sentence names.
        ("Laminectomy", "Surgery relieved pain.", [("pain", ["Surgery"])]),
    ],
)
def test_a_claim_is_about_what_its_words_name(
    method: str, outcome: str, expected: list[tuple[str, list[str]]], rules: ModalityRules
) -> None:
    assert _named(method, outcome, rules) == expected


def test_the_points_of_an_option_are_about_what_its_cell_names(rules: ModalityRules) -> None:
    option = pl.DataFrame([_one_row(option="Balloon kyphoplasty")], schema=SPECS["options"].polars_schema)
    point = _one_row(point_no=1, polarity="advantage", text="Relieves pain", start_char=0, end_char=13)
    points = pl.DataFrame([point], schema=SPECS["option_points"].polars_schema)
    studies = pl.DataFrame(schema=SPECS["studies"].polars_schema)
    made = claims(studies, points, rules, {})
    coded = claim_modalities(studies, option, made, rules, {})
    assert coded.select("claim_id", "modality_id", "modality_group_id", "cue_text", "rule_id").rows() == [
        (1, "kyphoplasty", "vertebral_augmentation_ablation", "Balloon kyphoplasty", "option_named")
    ]


TOPS = {"open": "surgery", "robotic": "surgery", "arc": "beam", "beam": "beam"}


def _by_role(*roles: tuple[str, str], comparator: str | None = None) -> list[tuple[str, str | None, str]]:
    coded = [Modality(concept, role, "method", 0, 1, "rule", 0.9) for concept, role in roles]
    return [(made.concept_id, made.role, made.rule_id) for made in about((), comparator, coded, TOPS)]


def test_by_role_a_claim_is_about_the_arm_it_does_not_name_as_comparator() -> None:
    arms = (("open", "primary"), ("arc", "comparator"))
    assert _by_role(*arms) == [("open", "primary", "role_in_study")]
    assert _by_role(*arms, comparator="arc") == [("open", "primary", "role_in_study")]
    assert _by_role(*arms, comparator="open") == [("arc", "comparator", "role_in_study")]


def test_by_role_two_arms_of_one_modality_are_that_modality() -> None:
    assert _by_role(("arc", "primary"), comparator="arc") == [("arc", "primary", "role_in_study")]
    assert _by_role(("arc", "primary"), ("open", "adjuvant"), comparator="arc") == [("arc", "primary", "role_in_study")]


def test_by_role_an_adjuvant_carries_a_claim_only_where_nothing_else_does() -> None:
    assert _by_role(("robotic", "primary"), ("arc", "adjuvant")) == [("robotic", "primary", "role_in_study")]
    assert _by_role(("arc", "adjuvant")) == [("arc", "adjuvant", "role_in_study")]


def test_a_claim_of_an_uncoded_study_is_kept() -> None:
    assert _by_role() == [("not_stated", None, "not_stated")]


def test_a_kind_that_is_named_stands_for_what_the_row_is_coded_to_but_not_for_the_comparator() -> None:
    coded = [
        Modality("open", "primary", "method", 0, 1, "rule", 0.9),
        Modality("robotic", "comparator", "method", 2, 3, "rule", 0.9),
    ]
    made = about((Subject("surgery", 5, 12, "before_verb"),), "robotic", coded, {**TOPS, "surgery": "surgery"})
    assert [(found.concept_id, found.field, found.start, found.confidence) for found in made] == [
        ("open", "outcome", 5, 0.72)
    ]
