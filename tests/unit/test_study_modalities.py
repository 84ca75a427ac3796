"""Modalities of invented study rows and the part each plays."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.interventions import (
    ModalityRules,
    arms,
    code_row,
    modality_findings,
    nearest_labels,
    study_modalities,
)
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables import SPECS
from tests.hang import must_end

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture(scope="module")
def rules() -> ModalityRules:
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).modalities


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
        ("Surgery or radiotherapy", "", {SURGERY: "primary", RADIOTHERAPY: "comparator"}),
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
def test_roles(method: str, outcome: str, expected: dict[str, str], rules: ModalityRules) -> None:
    assert {found.concept_id: found.role for found in code_row(method, outcome, rules, {})} == expected


def test_arms_only_where_two_are_compared(rules: ModalityRules) -> None:
    assert arms("Surgery or radiotherapy", "", rules, {}) == (SURGERY, RADIOTHERAPY)
    assert arms("Surgery and radiotherapy", "", rules, {}) is None
    assert arms("Surgery", "", rules, {}) is None


def test_abbreviations_of_the_document_are_read(rules: ModalityRules) -> None:
    short = {"BSRT": "stereotactic body radiation therapy"}
    assert [found.concept_id for found in code_row("BSRT", "", rules, short)] == ["sbrt"]
    assert code_row("BSRT", "", rules, {}) == []


def _studies(methods: list[str | None], outcome: str = "") -> pl.DataFrame:
    rows = [
        ("r", 1, number, method, outcome, 50, 50 + len(method or ""), None, None)
        for number, method in enumerate(methods, start=1)
    ]
    columns = ["review_id", "table_no", "row_no", "method", "outcome"]
    columns += ["method_start_char", "method_end_char", "outcome_start_char", "outcome_end_char"]
    return pl.DataFrame(rows, schema=columns, orient="row", schema_overrides={"method": pl.String})


def test_table_marks_the_field_and_places_the_cue(rules: ModalityRules) -> None:
    coded = study_modalities(_studies(["Open surgery"], "It was better than radiotherapy for pain."), rules, {})
    assert coded.schema == SPECS["study_modalities"].polars_schema
    first, second = coded.iter_rows(named=True)
    assert (first["concept_id"], first["field"], first["cue_text"]) == ("open_surgery", "method", "Open surgery")
    assert (first["start_char"], first["end_char"]) == (50, 62)
    assert (second["concept_id"], second["field"], second["start_char"]) == (RADIOTHERAPY, "outcome", None)


def test_findings(rules: ModalityRules) -> None:
    found = modality_findings(
        _studies(
            ["Ketamine", "Radiosurgery after surgical", "Vertebroplasti", "Surgery and ketamine", "Surgery", None]
        ),
        rules,
        {},
    )
    assert found.select("row_no", "code").rows() == [
        (1, "unknown_modality"),
        (2, "cut_off_cell"),
        (3, "unknown_modality"),
        (4, "unknown_modality"),
    ]
    assert found["message"][0].startswith("'Ketamine' is no known modality")
    assert "schemas/vocabularies/modality.csv" in found["message"][0]
    assert "vertebroplasty" in found["message"][2]
    assert "'ketamine'" in found["message"][3]


def test_nearest_labels_are_near(rules: ModalityRules) -> None:
    assert nearest_labels("kyphoplasti", rules)[0] == "kyphoplasty"
    assert nearest_labels("zzzzzz", rules) == []


@pytest.mark.parametrize(
    "cell",
    ["a" * 100_000, "xq," * 33_000, "surgery and radiotherapy after " * 3300, "(" * 100_000, "αβγ " * 25_000],
)
def test_hostile_cells_do_not_hang(cell: str, rules: ModalityRules) -> None:
    with must_end():
        code_row(cell, cell, rules, {})
        modality_findings(_studies([cell], cell), rules, {})
