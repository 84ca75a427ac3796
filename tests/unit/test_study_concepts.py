"""The table `study_concepts`, from cells made by hand, and the rules that a review's subject decides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.general_concepts import load_general_rules
from pipelines.curate.outcomes import find_statements
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from pipelines.curate.study_concepts import code_study_concepts
from pipelines.curate.subject_context import code_by_context, find_reviews_in_context
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables import SPECS
from schemas.tables.curated import StudyConcepts

FOLDER = Path(__file__).parents[2] / "schemas" / "vocabularies"
VOCABULARIES = load_vocabularies(FOLDER)
GENERAL = load_general_rules(FOLDER, VOCABULARIES)
RULES = load_coding_rules(FOLDER / "cues", VOCABULARIES)
NO_PARTS = pl.DataFrame(schema=SPECS["text_parts"].polars_schema)


def fields(*cells: tuple[int, str, str], column_name: str = "Results", start: int = 1000) -> pl.DataFrame:
    """`study_fields` of one table, each cell 1000 characters after the one before; cells as (row, role, text)."""
    rows = []
    parts: dict[tuple[int, str], int] = {}
    for number, (row_no, role, text) in enumerate(cells):
        parts[row_no, role] = parts.get((row_no, role), 0) + 1
        rows.append(
            {
                "review_id": "heel",
                "table_no": 1,
                "row_no": row_no,
                "role": role,
                "part_no": parts[row_no, role],
                "text": text,
                "column_name": column_name,
                "printed_row_no": row_no,
                "column_no": number + 1,
                "start_char": start * (number + 1),
                "end_char": start * (number + 1) + len(text),
            }
        )
    return pl.DataFrame(rows, schema=SPECS["study_fields"].polars_schema)


def code(
    study_fields: pl.DataFrame, text_parts: pl.DataFrame = NO_PARTS, abbreviations: Mapping[str, str] | None = None
) -> pl.DataFrame:
    defined = (abbreviations or {}).items()
    forms = [{"review_id": "heel", "short_form": short, "long_form": long} for short, long in defined]
    coded = code_study_concepts(study_fields, GENERAL, pl.DataFrame(forms, schema=ABBREVIATIONS_SCHEMA), text_parts)
    StudyConcepts.validate(coded, lazy=True)
    return coded


def concepts(study_fields: pl.DataFrame, **abbreviations: str) -> list[tuple[str, str, str]]:
    """The codes as (role, scheme, concept)."""
    return code(study_fields, abbreviations=abbreviations).select("role", "scheme", "concept_id").rows()


def test_the_role_of_a_cell_decides_what_is_looked_for() -> None:
    study = fields(
        (1, "population", "60 Danish adults with asthma"),
        (1, "intervention", "budesonide"),
        (1, "comparator", "placebo"),
        (1, "outcome_name", "FEV1"),
        (1, "reference", "Asthma trial of budesonide, Denmark"),
    )
    assert sorted(concepts(study)) == [
        ("comparator", "intervention_kind", "control"),
        ("condition", "condition", "asthma"),
        ("country", "country", "dk"),
        ("intervention", "intervention", "budesonide"),
        ("intervention", "intervention_kind", "drug"),
        ("outcome", "outcome_domain", "respiratory"),
    ]


def test_what_follows_versus_is_the_comparator() -> None:
    assert sorted(concepts(fields((1, "intervention", "warfarin versus aspirin")))) == [
        ("comparator", "intervention", "aspirin"),
        ("intervention", "intervention", "warfarin"),
        ("intervention", "intervention_kind", "drug"),
    ]


def test_the_words_and_their_place_stand_beside_the_code() -> None:
    row = code(fields((3, "dose", "oral aspirin 75 mg"))).filter(pl.col("scheme") == "intervention").row(0, named=True)
    assert (row["row_no"], row["field"], row["cue_text"]) == (3, "dose", "aspirin")
    assert (row["start_char"], row["end_char"]) == (1005, 1012)
    assert (row["rule_id"], row["confidence"]) == ("label", 0.95)


def test_a_dose_names_an_intervention_or_nothing() -> None:
    assert concepts(fields((1, "dose", "a dose of 30 mg in tablets"))) == []


def test_a_concept_counts_once_per_study_and_role() -> None:
    study = fields((1, "intervention", "aspirin"), (1, "dose", "aspirin 75 mg"), (2, "intervention", "aspirin"))
    coded = code(study).filter(pl.col("scheme") == "intervention")
    assert coded.select("row_no", "field", "start_char").rows() == [
        (1, "intervention", 1000),
        (2, "intervention", 3000),
    ]


def test_a_result_without_an_outcome_takes_it_from_the_header() -> None:
    row = code(fields((1, "result", "12 (5) vs 14 (6)"), column_name="Pain score, n")).row(0, named=True)
    assert (row["concept_id"], row["cue_text"], row["rule_id"]) == ("general", "Pain score", "column_name")
    assert (row["start_char"], row["end_char"]) == (None, None)


def test_an_abbreviation_of_the_review_is_read() -> None:
    assert ("condition", "condition", "asthma") in concepts(fields((1, "condition", "BA")), BA="bronchial asthma")


def test_words_in_a_cell_that_a_page_break_interrupts_have_their_place() -> None:
    study = fields((1, "intervention", "aspirin and warfarin")).with_columns(end_char=pl.lit(1500, pl.Int32))
    cell = {"review_id": "heel", "subject_table": "table_cells", "subject_key": "1/1/1", "field": "text_raw"}
    pieces = [
        cell | {"part_no": 1, "text_offset": 0, "start_char": 1000, "end_char": 1012},
        cell | {"part_no": 2, "text_offset": 12, "start_char": 1492, "end_char": 1500},
    ]
    text_parts = pl.DataFrame(pieces, schema=NO_PARTS.schema)
    coded = code(study, text_parts).filter(pl.col("scheme") == "intervention")
    assert coded.select("concept_id", "start_char", "end_char").rows() == [
        ("aspirin", 1000, 1007),
        ("warfarin", 1492, 1500),
    ]


def test_no_cell_gives_no_row() -> None:
    assert code(fields()).is_empty()


def test_a_title_decides_whether_a_review_is_about_the_subject() -> None:
    titles = {"a": "Treatment of spinal metastases", "b": "Statins in heart failure", "c": None}
    reviews = pl.DataFrame({"review_id": list(titles), "title": list(titles.values())})
    assert find_reviews_in_context(reviews, RULES.topics.context) == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "Metformin is the drug of choice",
        "Recurrence was lower",
        "Improved stability of the tablets",
        "Surgery is indicated",
        "Fewer fractures",
    ],
)
def test_a_word_with_another_meaning_elsewhere_needs_the_subject(text: str) -> None:
    assert find_statements(text, RULES.modalities.claims)
    assert find_statements(text, RULES.modalities_elsewhere.claims) == []


def test_other_words_count_in_every_review() -> None:
    for rules in (RULES.modalities, RULES.modalities_elsewhere):
        (statement,) = find_statements("Improved quality of life", rules.claims)
        assert (statement.outcome_id, statement.direction) == ("quality_of_life", "improved")


def test_each_review_is_read_by_the_rules_for_its_subject() -> None:
    reviews = pl.DataFrame({"review_id": ["a", "b"], "title": ["Vertebral tumours", "Asthma"]})
    frame = pl.DataFrame({"review_id": ["a", "b", "b"], "value": [1, 2, 3]})

    def coder(*, rules: object, cells: pl.DataFrame) -> pl.DataFrame:
        return cells.with_columns(is_subject=pl.lit(rules is RULES.modalities))

    coded = code_by_context(coder, reviews, RULES, cells=frame)
    assert coded.rows() == [("a", 1, True), ("b", 2, False), ("b", 3, False)]
