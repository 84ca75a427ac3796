"""The views and macros on a review made by hand: three references, a study, an option, two sections."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from pipelines.analysis import ANALYSES
from pipelines.release.formats.duckdb_file import create_table
from pipelines.release.views import MACROS, VIEWS, add_views
from schemas.tables import SPECS

R = {"review_id": "r"}
REVIEW_TABLES: dict[str, list[dict[str, object]]] = {
    "reviews": [{"publication_year": 2012}],
    "review_authors": [
        {"position": 1, "name": "Zoé Müller", "surname": "Müller", "given_names": "Zoé"},
        {"position": 2, "name": "A Lee", "surname": "Lee", "given_names": "A"},
    ],
    "sections": [
        {"section_id": 1, "level": 1, "heading": "Introduction", "kind": "prose"},
        {"section_id": 2, "level": 1, "heading": "Silence", "kind": "prose"},
    ],
    "sentences": [
        {"sentence_id": 1, "section_id": 1, "text": "Both hold.1,2", "is_cited": True},
        {"sentence_id": 2, "section_id": 1, "text": "Nobody knows.", "is_cited": False},
    ],
    "bib_references": [
        {"ref_no": 1, "title": "One", "year": 1998, "journal_raw": "J Odd Res"},
        {"ref_no": 2, "title": "Two", "year": 2011, "journal_raw": "Spine", "journal_id": "spine"},
        {"ref_no": 10, "title": "Ten", "year": None},
    ],
    "reference_authors": [
        {"ref_no": 1, "position": 1, "name_raw": "Muller Z", "surname": "Muller", "initials": "Z"},
        {"ref_no": 2, "position": 1, "name_raw": "Lee B", "surname": "Lee", "initials": "B"},
    ],
    "source_tables": [{"table_no": 1, "label": "Table 1"}, {"table_no": 2, "label": "Table 2"}],
    "table_cells": [{"table_no": 1, "row_no": 1, "column_no": 1, "text": "Lee 2011"}],
    "citation_markers": [
        {"marker_id": 1, "context": "prose", "section_id": 1, "sentence_id": 1, "marker_text": "1,2", "n_refs": 2},
        {"marker_id": 2, "context": "table", "table_no": 1, "row_no": 1, "marker_text": "2", "n_refs": 1},
        {"marker_id": 3, "context": "table", "table_no": 2, "row_no": 1, "marker_text": "2,10", "n_refs": 2},
    ],
    "citation_mentions": [
        {"marker_id": marker, "ref_no": ref} for marker, ref in ((1, 1), (1, 2), (2, 2), (3, 2), (3, 10))
    ],
    "studies": [
        {"table_no": 1, "row_no": 1, "ref_no": 2, "study_label": "Lee 2011", "method": "Arc after open surgery"},
        {"table_no": 1, "row_no": 2, "ref_no": 10, "study_label": "Oak 2010", "method": "Open surgery"},
    ],
    "options": [{"table_no": 2, "row_no": 1, "option": "Arc"}],
    "study_modalities": [
        {"table_no": 1, "row_no": 1, "concept_id": "arc", "role": "primary"},
        {"table_no": 1, "row_no": 1, "concept_id": "open", "role": "adjuvant"},
        {"table_no": 1, "row_no": 2, "concept_id": "arc", "role": "primary"},
    ],
    "claims": [
        {"claim_id": 1, "table_no": 1, "row_no": 1, "ref_no": 2, "outcome_id": "pain", "direction": "improved"},
        {"claim_id": 2, "table_no": 1, "row_no": 1, "ref_no": 2, "outcome_id": "pain", "direction": "worsened"},
        {"claim_id": 3, "table_no": 1, "row_no": 2, "ref_no": 10, "outcome_id": "pain", "direction": "improved"},
        {"claim_id": 4, "table_no": 2, "row_no": 1, "point_no": 1, "outcome_id": "cost", "direction": "worsened"},
    ],
    "claim_modalities": [
        {"claim_id": claim, "modality_id": "arc", "modality_group_id": "beam", "rule_id": "before_verb"}
        for claim in (1, 2, 3, 4)
    ],
    "reference_designs": [
        {"ref_no": 1, "design_id": "not_stated", "basis": "stated"},
        {"ref_no": 2, "design_id": "case_report", "basis": "stated", "ocebm_level": 4},
    ],
    "reference_topics": [{"ref_no": 1, "scheme": "modality", "concept_id": "arc"}],
}
CONCEPTS = (
    ("modality", "beam", None, 1, "Beam"),
    ("modality", "arc", "beam", 2, "Arc"),
    ("modality", "surgery", None, 1, "Surgery"),
    ("modality", "open", "surgery", 2, "Open surgery"),
    ("outcome", "pain", None, 1, "Pain"),
    ("outcome", "cost", None, 1, "Cost"),
    ("outcome", "not_stated", None, 1, "No outcome named"),
    ("evidence", "case_report", None, 1, "Case report"),
    ("evidence", "not_stated", None, 1, "Design not stated"),
)


@pytest.fixture(name="mart", scope="module")
def _mart() -> Iterator[duckdb.DuckDBPyConnection]:
    tables = {name: pl.DataFrame([], schema=spec.polars_schema) for name, spec in SPECS.items()}
    for name, records in REVIEW_TABLES.items():
        tables[name] = pl.DataFrame([R | record for record in records], schema=SPECS[name].polars_schema)
    names = ("scheme", "concept_id", "parent_id", "level", "pref_label")
    tables["concepts"] = pl.DataFrame(
        [dict(zip(names, concept, strict=True)) for concept in CONCEPTS], schema=SPECS["concepts"].polars_schema
    )
    tables["journals"] = pl.DataFrame(
        [{"journal_id": "spine", "abbreviation": "Spine (Phila Pa 1976)"}], schema=SPECS["journals"].polars_schema
    )
    for name, analysis in ANALYSES.items():
        tables[name] = analysis(**{table: tables[table] for table in analysis.__annotations__ if table != "return"})
    with duckdb.connect() as connection:
        for name, frame in tables.items():
            # Without the constraints: these rows are only as whole as the views need them.
            connection.register("frame", frame.to_arrow())
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM frame')
            connection.unregister("frame")
        add_views(connection)
        yield connection


def query(mart: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return mart.execute(sql).fetchall()


def test_the_views_stand_on_the_tables_as_declared_and_are_empty_with_them() -> None:
    with duckdb.connect() as connection:
        for spec in SPECS.values():
            connection.execute(create_table(spec))
        add_views(connection)
        for view in VIEWS:
            assert connection.execute(f"FROM {view.name}").fetchall() == []


def test_every_view_column_and_macro_has_a_comment(mart: duckdb.DuckDBPyConnection) -> None:
    named = query(mart, "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL")
    assert {name for (name,) in named} == {view.name for view in VIEWS}
    bare = query(
        mart,
        "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name LIKE 'v\\_%' ESCAPE '\\' "
        "AND comment IS NULL",
    )
    assert bare == []
    named = query(mart, "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NOT NULL")
    assert {name for (name,) in named} == {macro.name for macro in MACROS}


def test_no_view_describes_a_column_it_does_not_have(mart: duckdb.DuckDBPyConnection) -> None:
    for view in VIEWS:
        has = {row[0] for row in query(mart, f"DESCRIBE {view.name}")}
        assert set(view.columns) <= has, view.name


@pytest.mark.parametrize("macro", MACROS, ids=lambda macro: macro.name)
def test_every_macros_example_runs(mart: duckdb.DuckDBPyConnection, macro: object) -> None:
    query(mart, macro.example)  # type: ignore[attr-defined]


def test_references_keep_one_row_each_with_what_is_known(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT ref_no, reference, journal, designs, ocebm_level, modalities FROM v_references") == [
        (1, "Muller 1998", "J Odd Res", None, None, "Arc"),
        (2, "Lee 2011", "Spine (Phila Pa 1976)", "Case report", 4, None),
        (10, None, None, None, None, None),
    ]


def test_usage_comes_with_the_most_used_first(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT ref_no, n_mentions FROM v_reference_usage") == [(2, 3), (1, 1), (10, 1)]


def test_empty_years_and_decades_are_there(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT count(*), sum(n), max(n_cumulative), max(n_total) FROM v_references_by_year") == [
        (14, 2, 2, 2)
    ]
    assert query(mart, "SELECT decade, n, share FROM v_references_by_decade") == [
        (1990, 1, 0.5),
        (2000, 0, 0.0),
        (2010, 1, 0.5),
    ]


def test_the_gap_map_has_a_cell_for_what_is_never_said(mart: duckdb.DuckDBPyConnection) -> None:
    cells = query(
        mart,
        "SELECT modality, outcome, n_claims, n_improved, n_worsened, n_studies, ref_nos, strongest_level, is_gap "
        "FROM v_evidence_gap_map",
    )
    # Saying nothing is no outcome to be missing, and the option's point on cost is no study's claim.
    # References stand in the order of their numbers, 2 before 10.
    assert cells == [
        ("Beam", "Cost", 0, 0, 0, 0, None, None, True),
        ("Beam", "Pain", 3, 2, 1, 2, "2; 10", 4, False),
        ("Surgery", "Cost", 0, 0, 0, 0, None, None, True),
        ("Surgery", "Pain", 0, 0, 0, 0, None, None, True),
    ]


def test_studies_show_roles_and_directions_side_by_side(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        "SELECT study_label, primary_modalities, adjuvant_modalities, improved, worsened, designs FROM v_studies_wide",
    ) == [
        ("Lee 2011", "Arc", "Open surgery", "Pain", "Pain", "Case report"),
        ("Oak 2010", "Arc", None, "Pain", None, None),
    ]


def test_claims_tell_studies_from_options(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT claim_id, subject, subject_kind, modalities, outcome FROM v_claims") == [
        (1, "Lee 2011", "study", "Arc", "Pain"),
        (2, "Lee 2011", "study", "Arc", "Pain"),
        (3, "Oak 2010", "study", "Arc", "Pain"),
        (4, "Arc", "option", "Arc", "Cost"),
    ]


def test_an_option_has_the_references_of_its_row_only(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT option, ref_no FROM v_option_references") == [("Arc", 2), ("Arc", 10)]


def test_a_section_without_prose_or_citation_is_there(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        "SELECT heading, n_sentences, n_cited_sentences, share_cited_sentences, n_mentions, n_references, ref_nos "
        "FROM v_section_references",
    ) == [("Introduction", 2, 1, 0.5, 2, 2, "1; 2"), ("Silence", 0, 0, None, 0, 0, None)]


def test_self_citation_asks_for_surname_and_initial(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT name, ref_no, listed_as FROM v_self_citations") == [("Zoé Müller", 1, "Muller Z")]


def test_designs_by_modality_add_up_to_the_modalitys_references(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT modality, design, n, n_total FROM v_designs_by_modality") == [
        ("Beam", "Design not stated", 1, 1),
        ("Not stated", "Case report", 1, 1),
    ]


def test_macros_answer_for_one_reference(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT context, place, text FROM mentions_of('r', 2)") == [
        ("prose", "Introduction", "Both hold.1,2"),
        ("table", "Table 1", "Lee 2011"),
        ("table", "Table 2", None),
    ]
    assert query(mart, "SELECT ref_no, n_sentences, n_markers_table FROM cited_with('r', 2)") == [(1, 1, 0), (10, 0, 1)]


def test_periods_keep_their_empty_ones(mart: duckdb.DuckDBPyConnection) -> None:
    found = query(
        mart,
        "SELECT period_start, n_references, n_references_total, share_references "
        "FROM modality_by_period('r', 10) WHERE modality = 'Beam'",
    )
    assert found == [(1990, 1, 1, 1.0), (2000, 0, 0, None), (2010, 0, 1, 0.0)]


def test_narrower_is_the_concept_and_what_is_under_it(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT concept_id FROM narrower('modality', 'beam')") == [("beam",), ("arc",)]
