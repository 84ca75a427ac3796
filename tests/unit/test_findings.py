"""Findings of the coding name their place as it is printed."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.claims import claims
from pipelines.curate.coding_findings import study_findings
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.studies import option_points, options, studies
from pipelines.extract.review_rows import SourceFacts, extract_review, frames_of
from pipelines.readers.text import read_text
from pipelines.vocabularies.csv_files import load_vocabularies
from tests import mini_review

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"
TABLE = """
Table 4. Studies of heel spurs.

Author and year	Intervention	Results
Moss 1999 ²	Unheard-of balm	Twelve heels were seen.

"""


@pytest.fixture(name="rules", scope="module")
def _rules() -> ModalityRules:
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).modalities


def extracted(text: str) -> dict[str, pl.DataFrame]:
    document = read_text(text.encode(), name="heel/source.txt")
    return frames_of([extract_review(SourceFacts("heel", "heel/source.txt", "0" * 64), document)])


def found(frames: dict[str, pl.DataFrame], rules: ModalityRules) -> list[tuple[str, str, str]]:
    tables, cells = frames["source_tables"], frames["table_cells"]
    rows = studies(
        tables,
        cells,
        frames["citation_markers"],
        frames["citation_mentions"],
        frames["bib_references"],
        frames["reference_authors"],
    )
    coded = claims(rows, option_points(options(tables, cells)), rules, {})
    findings = study_findings(rows, coded, rules, {}, tables, cells)
    assert findings["subject_key"].unique().to_list() == ["1/1"]
    return [(code, *message.split(": ", 1)) for code, message in findings.select("code", "message").iter_rows()]


def test_the_place_is_named_by_the_printed_label_and_header(rules: ModalityRules) -> None:
    [(code, place, words), (other_code, other_place, other_words)] = found(
        extracted(mini_review.text(table=TABLE)), rules
    )
    assert (code, place) == ("unknown_modality", "Table 4, row 1, column Intervention")
    assert words.startswith("'Unheard-of balm' is no known modality")
    assert (other_code, other_place) == ("no_claim", "Table 4, row 1, column Results")
    assert other_words.startswith("no outcome statement is found in 'Twelve heels were seen.'")


def test_a_table_without_label_and_headers_is_named_by_its_place_in_the_source(rules: ModalityRules) -> None:
    frames = extracted(mini_review.text(table=TABLE))
    nothing = pl.lit(None, pl.String)
    frames["source_tables"] = frames["source_tables"].with_columns(nothing.alias("label"))
    frames["table_cells"] = frames["table_cells"].with_columns(nothing.alias("column_name"))
    assert [place for _, place, _ in found(frames, rules)] == [
        "table without a label (number 1 in the source), row 1, the column of the method",
        "table without a label (number 1 in the source), row 1, the column of the outcome",
    ]
