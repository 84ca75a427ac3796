"""Rules for all analysis tables: the model's shape, empty output for empty input, and independence of reviews."""

import inspect

import polars as pl
import pytest

from pipelines.analysis import ANALYSES
from pipelines.analysis.charts import bars_by_key
from schemas.tables import SPECS, TABLES
from tests.mini_tables import rows

EMPTY = {name: pl.DataFrame([], schema=spec.polars_schema) for name, spec in SPECS.items()}


def run(name: str, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    analysis = ANALYSES[name]
    return analysis(**{table: tables[table] for table in inspect.signature(analysis).parameters})


def analyse_all(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    done = dict(tables)
    for name in ANALYSES:
        done[name] = run(name, done)
    return {name: done[name] for name in ANALYSES}


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
            | {
                "claim_id": 1,
                "table_no": 1,
                "row_no": 1,
                "ref_no": 2,
                "outcome_scheme": "outcome",
                "outcome_id": "pain",
                "direction": "improved",
            }
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
def test_every_function_makes_a_declared_table_of_the_analysis_layer(name: str) -> None:
    assert SPECS[name].layer == "analysis"


def test_every_declared_table_of_the_layer_has_a_function() -> None:
    assert set(ANALYSES) == {name for name, spec in SPECS.items() if spec.layer == "analysis"}


@pytest.mark.parametrize("name", ANALYSES)
def test_empty_tables_make_an_empty_table(name: str) -> None:
    frame = run(name, EMPTY)
    assert frame.is_empty()
    assert dict(frame.schema) == SPECS[name].polars_schema


def test_tables_satisfy_their_models_and_are_sorted_by_key() -> None:
    for name, frame in analyse_all(EMPTY | small_review("a", 0) | VOCABULARY).items():
        assert not frame.is_empty(), name
        TABLES[name].validate(frame, lazy=True)
        assert frame.columns == list(SPECS[name].polars_schema)
        assert frame.equals(frame.sort(SPECS[name].key)), name
        assert frame.select(SPECS[name].key).is_unique().all(), name


def test_a_review_without_references_has_only_a_row_of_review_currency() -> None:
    lone = EMPTY | {"reviews": rows("reviews", {"review_id": "lone", "publication_year": 2020})}
    frames = analyse_all(lone)
    assert frames.pop("review_currency").select("review_id", "n_references", "n_dated", "price_index").rows() == [
        ("lone", 0, 0, None)
    ]
    assert all(frame.is_empty() for frame in frames.values())


def test_reviews_are_counted_separately() -> None:
    first, second = small_review("a", 0), small_review("b", 7)
    together = {name: pl.concat([second[name], first[name]]) for name in first}
    frames = analyse_all(EMPTY | together | VOCABULARY)
    for review, alone in (("a", first), ("b", second)):
        expected = analyse_all(EMPTY | alone | VOCABULARY)
        for name in ANALYSES:
            assert frames[name].filter(pl.col("review_id") == review).equals(expected[name]), (review, name)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    tables = EMPTY | small_review("a", 0) | VOCABULARY
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in tables.items()}
    expected = analyse_all(tables)
    for name, frame in analyse_all(shuffled).items():
        assert frame.equals(expected[name]), name


def bars(name: str, frame: pl.DataFrame) -> tuple[str, list[dict[str, object]]]:
    """Title and bars of the chart."""
    chart = bars_by_key(name, frame).to_dict()
    (values,) = chart["datasets"].values()
    return chart["title"], values


def test_a_table_without_a_specific_chart_has_bars_by_key() -> None:
    frame = rows("reference_usage", *({"review_id": "a", "ref_no": no, "n_mentions": no} for no in range(1, 21)))
    title, values = bars("reference_usage", frame)
    assert title == "reference_usage: n_mentions by ref_no (the first 15 of 20)"
    assert values[0] == {"row": "20", "n_mentions": 20}
    assert len(values) == 15


@pytest.mark.parametrize("name", ANALYSES)
def test_every_table_can_be_drawn_as_bars_by_key(name: str) -> None:
    frame = analyse_all(EMPTY | small_review("a", 0) | VOCABULARY)[name]
    title, values = bars(name, frame)
    assert title.startswith(f"{name}: n")
    assert values
