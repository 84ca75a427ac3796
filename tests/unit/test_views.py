"""The views and macros, tested on an invented review (three references, two studies, an option, two sections) and on
an invented corpus of three reviews that share two works."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from pipelines.analysis import ANALYSES
from pipelines.release.views import DEFINITIONS, MACROS, VIEWS, Macro, View, create_views, parse_definition
from pipelines.tables.ddl import render_create_table
from schemas.tables import SPECS
from tests.mini_mart import open_mart
from tests.mini_tables import frames

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
        {
            "claim_id": 1,
            "table_no": 1,
            "row_no": 1,
            "ref_no": 2,
            "outcome_scheme": "outcome",
            "outcome_id": "pain",
            "direction": "improved",
        },
        {
            "claim_id": 2,
            "table_no": 1,
            "row_no": 1,
            "ref_no": 2,
            "outcome_scheme": "outcome",
            "outcome_id": "pain",
            "direction": "worsened",
        },
        {
            "claim_id": 3,
            "table_no": 1,
            "row_no": 2,
            "ref_no": 10,
            "outcome_scheme": "outcome",
            "outcome_id": "pain",
            "direction": "improved",
        },
        {
            "claim_id": 4,
            "table_no": 2,
            "row_no": 1,
            "point_no": 1,
            "outcome_scheme": "outcome",
            "outcome_id": "cost",
            "direction": "worsened",
        },
    ],
    "claim_modalities": [
        {"claim_id": claim, "modality_id": "arc", "modality_group_id": "beam", "rule_id": "before_verb"}
        for claim in (1, 2, 3, 4)
    ],
    "reference_designs": [
        {"ref_no": 1, "design_id": "not_stated", "basis": "not_stated"},
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
    with open_mart(tables) as connection:
        yield connection


def query(mart: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return mart.execute(sql).fetchall()


def test_views_run_on_the_declared_tables_and_are_empty_without_rows() -> None:
    with duckdb.connect() as connection:
        for spec in SPECS.values():
            connection.execute(render_create_table(spec))
        create_views(connection)
        for name in VIEWS:
            assert connection.execute(f"FROM {name}").fetchall() == []


def test_every_view_column_and_macro_has_a_comment(mart: duckdb.DuckDBPyConnection) -> None:
    commented = query(mart, "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL")
    assert {name for (name,) in commented} == set(VIEWS)
    uncommented = query(
        mart,
        "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name LIKE 'v\\_%' ESCAPE '\\' "
        "AND comment IS NULL",
    )
    assert uncommented == []
    commented = query(mart, "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NOT NULL")
    assert {name for (name,) in commented} == set(MACROS)


def test_views_describe_only_columns_that_they_have(mart: duckdb.DuckDBPyConnection) -> None:
    for name, view in VIEWS.items():
        columns = {row[0] for row in query(mart, f"DESCRIBE {name}")}
        assert set(view.columns) <= columns, name


def test_views_are_created_after_the_views_they_use() -> None:
    position = {definition.name: number for number, definition in enumerate(DEFINITIONS)}
    assert position["v_references"] < position["v_cocitations"]
    assert position["v_references_by_year"] < position["v_references_by_decade"]
    assert position["v_modality_by_year"] < position["modality_by_period"]


def test_column_comments_are_inherited_from_the_named_tables_and_views(mart: duckdb.DuckDBPyConnection) -> None:
    def comment(table: str, column: str) -> object:
        return query(
            mart,
            f"SELECT comment FROM duckdb_columns() WHERE table_name = '{table}' AND column_name = '{column}'",
        )[0][0]

    titles = [column.description for column in SPECS["bib_references"].columns if column.name == "title"]
    assert comment("v_option_references", "title") == comment("v_references", "title") == titles[0]
    assert comment("v_option_references", "reference") == VIEWS["v_references"].columns["reference"]


def test_parses_the_header_of_a_file() -> None:
    text = (
        "-- One row per year,\n-- zeros included.\n--\n-- Columns:\n--   n: References\n--     of this year\n"
        "-- Other columns as in: bib_references, v_references\n\nCREATE VIEW v_years AS\nSELECT 1 AS n;\n"
    )
    assert parse_definition("v_years", text) == View(
        name="v_years",
        statement="CREATE VIEW v_years AS\nSELECT 1 AS n;",
        comment="One row per year, zeros included.",
        columns={"n": "References of this year"},
        described_in=("bib_references", "v_references"),
    )
    macro = parse_definition("of", "-- A macro.\n--\n-- Example: FROM of(1)\nCREATE MACRO of(n) AS TABLE SELECT n;\n")
    assert macro == Macro("of", "CREATE MACRO of(n) AS TABLE SELECT n;", "A macro.", "FROM of(1)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CREATE VIEW v AS SELECT 1;\n", r"v\.sql: write a header"),
        ("-- A view.\nCREATE VIEW w AS SELECT 1;\n", r"v\.sql: creates w"),
        (
            "-- A view.\n-- Columns:\n-- n: too far left\nCREATE VIEW v AS SELECT 1 AS n;\n",
            r"v\.sql: write '--   column",
        ),
        ("-- A macro.\nCREATE MACRO v(n) AS TABLE SELECT n;\n", r"v\.sql: a macro needs a line '-- Example"),
    ],
)
def test_rejects_a_malformed_file_by_its_name(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_definition("v", text)


@pytest.mark.parametrize("macro", MACROS.values(), ids=lambda macro: macro.name)
def test_the_example_of_every_macro_runs(mart: duckdb.DuckDBPyConnection, macro: Macro) -> None:
    query(mart, macro.example)


def test_references_without_author_year_or_journal_keep_their_row(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT ref_no, reference, journal, designs, ocebm_level, modalities FROM v_references") == [
        (1, "Muller 1998", "J Odd Res", None, None, "Arc"),
        (2, "Lee 2011", "Spine (Phila Pa 1976)", "Case report", 4, None),
        (10, None, None, None, None, None),
    ]


def test_reference_usage_lists_the_most_mentioned_reference_first(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT ref_no, n_mentions FROM v_reference_usage") == [(2, 3), (1, 1), (10, 1)]


def test_years_and_decades_without_references_have_rows(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT count(*), sum(n), max(n_cumulative), max(n_total) FROM v_references_by_year") == [
        (14, 2, 2, 2)
    ]
    assert query(mart, "SELECT decade, n, share FROM v_references_by_decade") == [
        (1990, 1, 0.5),
        (2000, 0, 0.0),
        (2010, 1, 0.5),
    ]


def test_the_gap_map_has_a_cell_for_outcomes_without_claims(mart: duckdb.DuckDBPyConnection) -> None:
    cells = query(
        mart,
        "SELECT modality, outcome, n_claims, n_improved, n_worsened, n_studies, ref_nos, strongest_level, is_gap "
        "FROM v_evidence_gap_map",
    )
    # Without claims the outcome not_stated has no row. The claim on cost is left out, because an option makes it.
    # References are sorted as numbers: 2 before 10.
    assert cells == [
        ("Beam", "Cost", 0, 0, 0, 0, None, None, True),
        ("Beam", "Pain", 3, 2, 1, 2, "2; 10", 4, False),
        ("Surgery", "Cost", 0, 0, 0, 0, None, None, True),
        ("Surgery", "Pain", 0, 0, 0, 0, None, None, True),
    ]


def test_studies_wide_has_a_column_per_role_and_direction(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        "SELECT study_label, primary_modalities, adjuvant_modalities, improved, worsened, designs FROM v_studies_wide",
    ) == [
        ("Lee 2011", "Arc", "Open surgery", "Pain", "Pain", "Case report"),
        ("Oak 2010", "Arc", None, "Pain", None, None),
    ]


def test_claims_distinguish_studies_from_options(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT claim_id, subject, subject_kind, modalities, outcome FROM v_claims") == [
        (1, "Lee 2011", "study", "Arc", "Pain"),
        (2, "Lee 2011", "study", "Arc", "Pain"),
        (3, "Oak 2010", "study", "Arc", "Pain"),
        (4, "Arc", "option", "Arc", "Cost"),
    ]


def test_an_option_has_only_the_references_of_its_row(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT option, ref_no FROM v_option_references") == [("Arc", 2), ("Arc", 10)]


def test_a_section_without_prose_or_citations_has_a_row(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        "SELECT heading, n_sentences, n_cited_sentences, share_cited_sentences, n_mentions, n_references, ref_nos "
        "FROM v_section_references",
    ) == [("Introduction", 2, 1, 0.5, 2, 2, "1; 2"), ("Silence", 0, 0, None, 0, 0, None)]


def test_self_citations_match_surname_and_first_initial(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT name, ref_no, listed_as FROM v_self_citations") == [("Zoé Müller", 1, "Muller Z")]


def test_designs_of_a_modality_add_up_to_its_references(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT modality, design, n, n_total FROM v_designs_by_modality") == [
        ("Beam", "Design not stated", 1, 1),
        ("Not stated", "Case report", 1, 1),
    ]


def test_macros_return_the_rows_of_one_reference(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT context, place, text FROM mentions_of('r', 2)") == [
        ("prose", "Introduction", "Both hold.1,2"),
        ("table", "Table 1", "Lee 2011"),
        ("table", "Table 2", None),
    ]
    assert query(mart, "SELECT ref_no, n_sentences, n_markers_table FROM cited_with('r', 2)") == [(1, 1, 0), (10, 0, 1)]


def test_words_are_cut_out_of_the_source_by_code_points() -> None:
    with open_mart(frames(source_texts=({"text": "Ḿ😀e\u0301 heels"},))) as mart:
        assert query(mart, "FROM source_words('heel', 1, 4)") == [("😀e\u0301",)]
        assert query(mart, "FROM source_words('heel', 5, 10)") == [("heels",)]


def test_periods_without_references_have_rows(mart: duckdb.DuckDBPyConnection) -> None:
    rows = query(
        mart,
        "SELECT period_start, n_references, n_references_total, share_references "
        "FROM modality_by_period('r', 10) WHERE modality = 'Beam'",
    )
    assert rows == [(1990, 1, 1, 1.0), (2000, 0, 0, None), (2010, 0, 1, 0.0)]


def test_narrower_returns_the_concept_and_its_descendants(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT concept_id FROM narrower('modality', 'beam')") == [("beam",), ("arc",)]


def _cited(review: str, ref_no: int, work: str, **columns: object) -> dict[str, object]:
    return {"review_id": review, "ref_no": ref_no, "work_id": work, **columns}


@pytest.fixture(name="corpus", scope="module")
def _corpus() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three reviews. All cite the work `fern`, of which a and c print the title right; b and c cite `moss`."""
    with open_mart(
        frames(
            reviews=(
                {"review_id": "a", "title": "On heels", "publication_year": 2012},
                {"review_id": "b", "title": "On arches", "publication_year": 2010},
                {"review_id": "c", "title": "On toes"},
            ),
            bib_references=(
                {"review_id": "a", "ref_no": 1, "title": "Heel spurs", "year": 2004},
                {"review_id": "a", "ref_no": 2, "title": "Heel spurs", "year": 2004},
                {"review_id": "b", "ref_no": 7, "title": "Hell spurs", "year": 2004},
                {"review_id": "b", "ref_no": 8, "title": "Moss on feet", "year": 2011},
                {"review_id": "c", "ref_no": 1, "title": "Heel Spurs.", "year": 2004},
                {"review_id": "c", "ref_no": 2, "title": "Moss on feet", "year": 2009},
            ),
            works=(
                {
                    "work_id": "fern",
                    "first_author": "Fern",
                    "title": "Heel spurs",
                    "year": 2004,
                    "n_reviews": 3,
                    "n_references": 4,
                },
                {"work_id": "moss", "title": "Moss on feet", "year": 2011, "n_reviews": 2, "n_references": 2},
                {"work_id": "arch", "title": "On arches", "year": 2010, "n_reviews": 0, "n_references": 0},
            ),
            reference_works=(
                _cited("a", 1, "fern"),
                _cited("a", 2, "fern"),
                _cited("b", 7, "fern"),
                _cited("b", 8, "moss"),
                _cited("c", 1, "fern"),
                _cited("c", 2, "moss"),
            ),
            review_works=({"review_id": "b", "work_id": "arch"},),
            work_variants=(
                {"work_id": "fern", "field": "title", "value": "Heel spurs", "is_majority": True},
                {"work_id": "fern", "field": "title", "value": "Heel Spurs.", "is_majority": True},
                {"work_id": "fern", "field": "title", "value": "Hell spurs", "is_majority": False},
                {"work_id": "moss", "field": "year", "value": "2009", "is_majority": False},
                {"work_id": "moss", "field": "year", "value": "2011", "is_majority": True},
            ),
            review_overlap=(
                {
                    "review_id": "a",
                    "other_review_id": "b",
                    "scope": "all_references",
                    "n_works": 1,
                    "n_other_works": 2,
                    "n_shared": 1,
                    "cca": 0.5,
                },
            ),
            citation_markers=(
                {"review_id": "a", "marker_id": 1, "context": "prose", "section_id": 1},
                {"review_id": "a", "marker_id": 2, "context": "table"},
                {"review_id": "b", "marker_id": 1, "context": "prose"},
                {"review_id": "c", "marker_id": 1, "context": "prose"},
            ),
            citation_mentions=(
                {"review_id": "a", "marker_id": 1, "ref_no": 1},
                {"review_id": "a", "marker_id": 2, "ref_no": 2},
                {"review_id": "b", "marker_id": 1, "ref_no": 8},
                {"review_id": "c", "marker_id": 1, "ref_no": 1},
            ),
            sections=({"review_id": "a", "section_id": 1, "heading": "Results"},),
            reference_usage=(
                {"review_id": "a", "ref_no": 1, "n_mentions": 1, "n_mentions_prose": 1},
                {"review_id": "a", "ref_no": 2, "n_mentions": 1, "n_mentions_prose": 0},
                {"review_id": "b", "ref_no": 8, "n_mentions": 1, "n_mentions_prose": 1},
            ),
            study_references=(
                {"review_id": "a", "table_no": 1, "row_no": 1, "ref_no": 1},
                {"review_id": "a", "table_no": 1, "row_no": 2, "ref_no": 1},
                {"review_id": "b", "table_no": 3, "row_no": 1, "ref_no": 7},
                {"review_id": "c", "table_no": 1, "row_no": 1, "ref_no": 1},
            ),
            study_concepts=tuple(
                {
                    "review_id": review,
                    "table_no": table,
                    "row_no": 1,
                    "scheme": "intervention",
                    "concept_id": concept,
                    "role": role,
                }
                for review, table, concept, role in (
                    ("a", 1, "insole", "intervention"),
                    ("a", 1, "rest", "comparator"),
                    ("b", 3, "insole", "intervention"),
                    ("b", 3, "laser", "intervention"),
                )
            ),
            claims=(
                {
                    "review_id": "a",
                    "claim_id": 1,
                    "table_no": 1,
                    "row_no": 1,
                    "outcome_id": "pain",
                    "direction": "improved",
                },
                {
                    "review_id": "b",
                    "claim_id": 1,
                    "table_no": 3,
                    "row_no": 1,
                    "outcome_id": "pain",
                    "direction": "no_difference",
                },
                {
                    "review_id": "c",
                    "claim_id": 1,
                    "table_no": 1,
                    "row_no": 1,
                    "outcome_id": "cost",
                    "direction": "worsened",
                },
            ),
            reference_designs=(
                {"review_id": "a", "ref_no": 1, "design_id": "cohort_study", "basis": "stated"},
                {"review_id": "b", "ref_no": 7, "design_id": "not_stated", "basis": "not_stated"},
                {"review_id": "c", "ref_no": 1, "design_id": "cohort_study", "basis": "stated"},
            ),
        )
    ) as connection:
        yield connection


def test_each_pair_of_reviews_is_listed_from_both_sides(corpus: duckdb.DuckDBPyConnection) -> None:
    assert query(
        corpus,
        "SELECT review_id, title, other_title, n_works, n_other_works, share_of_works, cca, overlap "
        "FROM v_review_overlap",
    ) == [
        ("a", "On heels", "On arches", 1, 2, 1.0, 0.5, "very_high"),
        ("b", "On arches", "On heels", 2, 1, 0.5, 0.5, "very_high"),
    ]


@pytest.mark.parametrize(
    ("cca", "overlap"),
    [
        (0.05, "slight"),
        (0.0501, "moderate"),
        (0.10, "moderate"),
        (0.1001, "high"),
        (0.15, "high"),
        (0.1501, "very_high"),
    ],
)
def test_overlap_has_the_limits_of_pieper(corpus: duckdb.DuckDBPyConnection, cca: float, overlap: str) -> None:
    corpus.execute("BEGIN")
    corpus.execute("UPDATE review_overlap SET cca = ?", [cca])
    assert query(corpus, "SELECT DISTINCT overlap FROM v_review_overlap") == [(overlap,)]
    corpus.execute("ROLLBACK")


def test_the_citation_matrix_has_a_row_for_a_work_that_a_review_lists_twice(
    corpus: duckdb.DuckDBPyConnection,
) -> None:
    assert query(
        corpus,
        "SELECT work_id, work, review_id, ref_nos, is_in_scope_studies, n_mentions, n_mentions_prose, n_study_rows "
        "FROM v_citation_matrix",
    ) == [
        ("fern", "Fern 2004", "a", "1; 2", True, 2, 1, 2),
        ("fern", "Fern 2004", "b", "7", True, 0, 0, 1),
        ("fern", "Fern 2004", "c", "1", True, 0, 0, 1),
        ("moss", "2011", "b", "8", False, 1, 1, 0),
        ("moss", "2011", "c", "2", False, 0, 0, 0),
    ]


def test_works_of_most_reviews_come_first_and_uncited_ones_are_left_out(corpus: duckdb.DuckDBPyConnection) -> None:
    assert query(
        corpus,
        "SELECT work_id, n_reviews, n_reviews_studies, n_mentions, n_mentions_prose, is_review_of_corpus FROM v_works",
    ) == [("fern", 3, 3, 2, 1, False), ("moss", 2, 0, 1, 1, False)]


def test_disagreements_compare_the_reviews_that_state_a_code(corpus: duckdb.DuckDBPyConnection) -> None:
    # The two reviews that state a design agree, and only one review has a claim on cost.
    assert query(
        corpus,
        "SELECT work_id, aspect, outcome_id, review_id, codes, n_reviews, n_common FROM v_coding_disagreements",
    ) == [
        ("fern", "direction", "pain", "a", "improved", 2, 0),
        ("fern", "direction", "pain", "b", "no_difference", 2, 0),
        ("fern", "intervention", None, "a", "insole", 2, 1),
        ("fern", "intervention", None, "b", "insole; laser", 2, 1),
    ]


def test_citation_ages_need_both_years(corpus: duckdb.DuckDBPyConnection) -> None:
    assert query(corpus, "SELECT review_id, ref_no, context, heading, citation_age FROM v_citation_ages") == [
        ("a", 1, "prose", "Results", 8),
        ("a", 2, "table", None, 8),
        ("b", 8, "prose", None, -1),
    ]


def test_reference_years_have_the_deviation_from_their_neighbours(corpus: duckdb.DuckDBPyConnection) -> None:
    assert query(
        corpus, "SELECT year, n, median_5_years, deviation, top_work, top_work_reviews FROM v_reference_years"
    ) == [
        (2004, 4, 0, 4, "Heel spurs", 3),
        (2005, 0, 0, 0, None, None),
        (2006, 0, 0, 0, None, None),
        (2007, 0, 0, 0, None, None),
        (2008, 0, 0, 0, None, None),
        (2009, 1, 0, 1, None, None),
        (2010, 0, 0.5, -0.5, None, None),
        (2011, 1, 1, 0, "Moss on feet", 2),
    ]


def test_bibliographic_errors_need_a_majority_of_three_reviews(corpus: duckdb.DuckDBPyConnection) -> None:
    assert query(
        corpus, "SELECT review_id, field, n_compared, n_different, share_different FROM v_bibliographic_errors"
    ) == [
        ("a", "title", 2, 0, 0.0),
        ("a", "year", 2, 0, 0.0),
        ("b", "title", 1, 1, 1.0),
        ("b", "year", 1, 0, 0.0),
        ("c", "title", 1, 0, 0.0),
        ("c", "year", 1, 0, 0.0),
    ]
