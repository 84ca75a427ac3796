"""What holds for every mart: its model's shape, no rows from no rows, and no review that changes another's counts."""

import inspect

import polars as pl
import pytest

from pipelines.analysis import ANALYSES
from schemas.tables import SPECS, TABLES

EMPTY = {name: pl.DataFrame([], schema=spec.polars_schema) for name, spec in SPECS.items()}


def run(name: str, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    analysis = ANALYSES[name]
    return analysis(**{table: tables[table] for table in inspect.signature(analysis).parameters})


def analyse_all(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    done = dict(tables)
    for name in ANALYSES:
        done[name] = run(name, done)
    return {name: done[name] for name in ANALYSES}


def rows(table: str, *records: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(records), schema=SPECS[table].polars_schema)


def small_review(review_id: str, shift: int) -> dict[str, pl.DataFrame]:
    """Two references, one sentence that cites both, one study row; `shift` moves the years."""
    one = {"review_id": review_id}
    return {
        "reviews": rows("reviews", one | {"publication_year": 2010 + shift}),
        "sections": rows("sections", one | {"section_id": 1, "heading": "Introduction"}),
        "bib_references": rows(
            "bib_references",
            one | {"ref_no": 1, "year": 2001 + shift, "journal_raw": "J Odd Res", "authors_truncated": True},
            one | {"ref_no": 2, "year": 2003 + shift, "journal_raw": "J Odd Res", "authors_truncated": False},
        ),
        "reference_authors": rows(
            "reference_authors",
            one | {"ref_no": 1, "position": 1, "name_raw": "Ash B", "surname": "Ash", "initials": "B"},
            one
            | {"ref_no": 1, "position": 2, "name_raw": "Yew C Jr", "surname": "Yew", "initials": "C", "suffix": "Jr"},
        ),
        "citation_markers": rows(
            "citation_markers",
            one | {"marker_id": 1, "context": "prose", "section_id": 1, "sentence_id": 1, "n_refs": 2},
            one | {"marker_id": 2, "context": "table", "table_no": 1, "row_no": 1, "n_refs": 1},
        ),
        "citation_mentions": rows(
            "citation_mentions",
            one | {"marker_id": 1, "ref_no": 1},
            one | {"marker_id": 1, "ref_no": 2},
            one | {"marker_id": 2, "ref_no": 2},
        ),
        "studies": rows("studies", one | {"table_no": 1, "row_no": 1, "ref_no": 2}),
        "study_modalities": rows(
            "study_modalities", one | {"table_no": 1, "row_no": 1, "concept_id": "radiosurgery", "role": "primary"}
        ),
        "claims": rows(
            "claims",
            one
            | {"claim_id": 1, "table_no": 1, "row_no": 1, "ref_no": 2, "outcome_id": "pain", "direction": "improved"}
            | {"polarity": "favourable", "is_hedged": False},
        ),
        "claim_modalities": rows(
            "claim_modalities",
            one | {"claim_id": 1, "modality_id": "radiosurgery", "modality_group_id": "radiosurgery"},
        ),
        "reference_designs": rows(
            "reference_designs", one | {"ref_no": 2, "design_id": "case_report", "basis": "stated", "ocebm_level": 4}
        ),
        "reference_topics": rows(
            "reference_topics", one | {"ref_no": 1, "scheme": "modality", "concept_id": "radiosurgery"}
        ),
    }


VOCABULARY = {
    "concepts": rows("concepts", {"scheme": "modality", "concept_id": "radiosurgery", "level": 1}),
    "journals": EMPTY["journals"],
}


@pytest.mark.parametrize("name", ANALYSES)
def test_every_mart_is_a_declared_table_of_the_analysis_layer(name: str) -> None:
    assert SPECS[name].layer == "analysis"


def test_every_declared_table_of_the_layer_has_a_mart() -> None:
    assert set(ANALYSES) == {name for name, spec in SPECS.items() if spec.layer == "analysis"}


@pytest.mark.parametrize("name", ANALYSES)
def test_no_rows_make_no_rows(name: str) -> None:
    made = run(name, EMPTY)
    assert made.is_empty()
    assert dict(made.schema) == SPECS[name].polars_schema


def test_marts_keep_their_models_and_are_sorted_by_key() -> None:
    for name, made in analyse_all(EMPTY | small_review("a", 0) | VOCABULARY).items():
        assert not made.is_empty(), name
        TABLES[name].validate(made, lazy=True)
        assert made.columns == list(SPECS[name].polars_schema)
        assert made.equals(made.sort(SPECS[name].key)), name
        assert made.select(SPECS[name].key).is_unique().all(), name


def test_a_review_without_references_has_a_currency_and_nothing_else() -> None:
    lone = EMPTY | {"reviews": rows("reviews", {"review_id": "lone", "publication_year": 2020})}
    made = analyse_all(lone)
    assert made.pop("review_currency").select("review_id", "n_references", "n_dated", "price_index").rows() == [
        ("lone", 0, 0, None)
    ]
    assert all(frame.is_empty() for frame in made.values())


def test_reviews_side_by_side_are_counted_apart() -> None:
    first, second = small_review("a", 0), small_review("b", 7)
    together = {name: pl.concat([second[name], first[name]]) for name in first}
    made = analyse_all(EMPTY | together | VOCABULARY)
    for review, alone in (("a", first), ("b", second)):
        expected = analyse_all(EMPTY | alone | VOCABULARY)
        for name in ANALYSES:
            assert made[name].filter(pl.col("review_id") == review).equals(expected[name]), (review, name)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    tables = EMPTY | small_review("a", 0) | VOCABULARY
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in tables.items()}
    expected = analyse_all(tables)
    for name, made in analyse_all(shuffled).items():
        assert made.equals(expected[name]), name
