"""Findings of the coders begin with the printed place."""

from pathlib import Path

import polars as pl

from pipelines.curate.claims import code_claims
from pipelines.curate.coding_findings import find_study_issues
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from pipelines.curate.studies import option_points, options, studies
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.text import read_text
from tests import mini_review

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"
TABLE = """
Table 4. Studies of heel spurs.

Author and year	Intervention	Results
Moss 1999 ²	Unheard-of balm	Twelve heels were seen.

"""


def extract(text: str) -> dict[str, pl.DataFrame]:
    document = read_text(text.encode(), name="heel/source.txt")
    return build_frames([extract_review(SourceFacts("heel", "heel/source.txt", "0" * 64), document)])


def find_issues(frames: dict[str, pl.DataFrame], rules: ModalityRules) -> list[tuple[str, str, str]]:
    """The findings as (code, place, problem)."""
    tables, cells = frames["source_tables"], frames["table_cells"]
    rows = studies(
        tables,
        cells,
        frames["citation_markers"],
        frames["citation_mentions"],
        frames["bib_references"],
        frames["reference_authors"],
    )
    abbreviations = pl.DataFrame(schema=ABBREVIATIONS_SCHEMA)
    claims = code_claims(rows, option_points(options(tables, cells)), rules, abbreviations, cells, frames["text_parts"])
    issues = find_study_issues(rows, claims, rules, abbreviations, tables, cells)
    assert issues["subject_key"].unique().to_list() == ["1/1"]
    return [(code, *message.split(": ", 1)) for code, message in issues.select("code", "message").iter_rows()]


def test_names_the_place_by_its_printed_label_and_header(modality_rules: ModalityRules) -> None:
    [(code, place, problem), (other_code, other_place, other_problem)] = find_issues(
        extract(mini_review.text(table=TABLE)), modality_rules
    )
    assert (code, place) == ("unknown_modality", "Table 4, row 1, column Intervention")
    assert problem.startswith("'Unheard-of balm' is not a known modality")
    assert (other_code, other_place) == ("no_claim", "Table 4, row 1, column Results")
    assert other_problem.startswith("no outcome statement is recognised in 'Twelve heels were seen.'")


def test_names_a_table_without_label_and_headers_by_its_number_in_the_source(modality_rules: ModalityRules) -> None:
    frames = extract(mini_review.text(table=TABLE))
    missing = pl.lit(None, pl.String)
    frames["source_tables"] = frames["source_tables"].with_columns(missing.alias("label"))
    frames["table_cells"] = frames["table_cells"].with_columns(missing.alias("column_name"))
    assert [place for _, place, _ in find_issues(frames, modality_rules)] == [
        "table without a label (number 1 in the source), row 1, the method column",
        "table without a label (number 1 in the source), row 1, the outcome column",
    ]
