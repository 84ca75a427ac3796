"""Modalities of invented studies and their roles."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.curate.coding_findings import find_modality_issues
from pipelines.curate.interventions import ModalityRules, code_study, code_study_modalities, find_arms
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from schemas.tables import SPECS
from tests.hang import must_end

SURGERY, RADIOTHERAPY, SRS = "surgery_unspecified", "radiotherapy_unspecified", "stereotactic_radiosurgery"


@pytest.mark.parametrize(
    ("method", "outcome", "expected"),
    [
        ("Radiosurgery", "", {SRS: "primary"}),
        ("Surgery and chemotherapy", "", {SURGERY: "primary", "chemotherapy": "concurrent"}),
        ("Surgery combined with chemotherapy", "", {SURGERY: "primary", "chemotherapy": "concurrent"}),
        ("Surgery with chemotherapy", "", {SURGERY: "primary", "chemotherapy": "concurrent"}),
        ("Surgery plus adjuvant chemotherapy", "", {SURGERY: "primary", "chemotherapy": "adjuvant"}),
        ("Surgery followed by radiotherapy", "", {SURGERY: "primary", RADIOTHERAPY: "adjuvant"}),
        ("Radiosurgery after surgery", "", {SRS: "adjuvant", SURGERY: "primary"}),
        ("Radiotherapy before surgery", "", {RADIOTHERAPY: "adjuvant", SURGERY: "primary"}),
        ("Surgery or radiotherapy", "", {SURGERY: "primary", RADIOTHERAPY: "primary"}),
        ("Surgery versus radiotherapy", "", {SURGERY: "primary", RADIOTHERAPY: "comparator"}),
        ("Surgery compared with radiotherapy", "", {SURGERY: "primary", RADIOTHERAPY: "comparator"}),
        ("Kyphoplasty with bone cement", "", {"kyphoplasty": "primary", "bone_cement": "component"}),
        (
            "Surgery and radiotherapy",
            "Surgery had fewer complications than radiotherapy.",
            {SURGERY: "primary", RADIOTHERAPY: "comparator"},
        ),
        (
            "Surgery and radiotherapy",
            "Surgery followed by early radiotherapy relieved pain.",
            {SURGERY: "primary", RADIOTHERAPY: "adjuvant"},
        ),
        (
            "Surgery",
            "Surgery plus adjuvant therapy helped.",
            {SURGERY: "primary", "adjuvant_therapy_unspecified": "adjuvant"},
        ),
        ("Surgery", "Surgery was better than radiotherapy for pain.", {SURGERY: "primary", RADIOTHERAPY: "comparator"}),
        ("Surgery", "Surgery suits patients unfit for radiotherapy.", {SURGERY: "primary"}),
        (
            "Kyphoplasty",
            "The surgery was safe. Kyphoplasty relieved pain.",
            {"kyphoplasty": "primary", SURGERY: "primary"},
        ),
        ("Vertebroplasty", "Vertebral augmentation was safe.", {"vertebroplasty": "primary"}),
        ("Ketamine", "Ketamine was safe.", {}),
        ("", "", {}),
    ],
)
def test_codes_modalities_with_their_roles(
    method: str, outcome: str, expected: dict[str, str], modality_rules: ModalityRules
) -> None:
    assert {
        modality.concept_id: modality.role for modality in code_study(method, outcome, modality_rules, {})
    } == expected


def test_a_study_has_arms_only_if_it_compares_two_treatments(modality_rules: ModalityRules) -> None:
    assert find_arms(code_study("Surgery or radiotherapy", "", modality_rules, {})) == (SURGERY, RADIOTHERAPY)
    assert find_arms(code_study("Surgery and radiotherapy", "", modality_rules, {})) is None
    assert find_arms(code_study("Surgery", "", modality_rules, {})) is None


def test_expands_the_abbreviations_of_the_review(modality_rules: ModalityRules) -> None:
    abbreviations = {"BSRT": "stereotactic body radiation therapy"}
    assert [modality.concept_id for modality in code_study("BSRT", "", modality_rules, abbreviations)] == ["sbrt"]
    assert code_study("BSRT", "", modality_rules, {}) == []


NO_ABBREVIATIONS = pl.DataFrame(schema=ABBREVIATIONS_SCHEMA)


def _studies(methods: list[str | None], outcome: str = "") -> pl.DataFrame:
    """`studies` with these method cells at offset 50; the place of the outcome cell is unknown."""
    rows = [
        {
            "review_id": "r",
            "table_no": 1,
            "row_no": row_no,
            "method": method,
            "outcome": outcome,
            "method_start_char": 50,
            "method_end_char": 50 + len(method or ""),
        }
        for row_no, method in enumerate(methods, start=1)
    ]
    return pl.DataFrame(rows, schema=SPECS["studies"].polars_schema)


def test_table_names_the_field_and_locates_the_cue_in_the_source(modality_rules: ModalityRules) -> None:
    coded = code_study_modalities(
        _studies(["Open surgery"], "It was better than radiotherapy for pain."),
        modality_rules,
        NO_ABBREVIATIONS,
        pl.DataFrame(schema=SPECS["table_cells"].polars_schema),
        pl.DataFrame(schema=SPECS["text_parts"].polars_schema),
    )
    assert coded.schema == SPECS["study_modalities"].polars_schema
    first, second = coded.iter_rows(named=True)
    assert (first["concept_id"], first["field"], first["cue_text"]) == ("open_surgery", "method", "Open surgery")
    assert (first["start_char"], first["end_char"]) == (50, 62)
    assert (second["concept_id"], second["field"], second["start_char"]) == (RADIOTHERAPY, "outcome", None)


@pytest.mark.parametrize(
    "cell",
    ["a" * 100_000, "xq," * 33_000, "surgery and radiotherapy after " * 3300, "(" * 100_000, "αβγ " * 25_000],
)
def test_hostile_cells_do_not_hang(cell: str, modality_rules: ModalityRules) -> None:
    with must_end():
        code_study(cell, cell, modality_rules, {})
        find_modality_issues(_studies([cell], cell), modality_rules, NO_ABBREVIATIONS)
