"""What the report of the first review holds, against the printed article and the release's own views."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import altair as alt
import duckdb
import pytest

from pipelines.release.report.figures import FIGURES
from pipelines.release.report.pictures import fill_in
from pipelines.release.report.queries import open_database
from pipelines.release.report.reading_text import read_review_text
from tests.report_chunks import read_chunks

REVIEW = "spine-metastases-review"


@pytest.fixture(scope="module")
def page(outputs: Path) -> Path:
    return outputs / "latest" / "report.html"


@pytest.fixture(scope="module")
def chunks(page: Path) -> dict[str, Any]:
    return read_chunks(page)


@pytest.fixture(scope="module")
def scope(chunks: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = chunks["scope-0"]
    return rows


@pytest.fixture(scope="module")
def text(chunks: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = chunks["text-0"]
    return content


def cells_of(text: dict[str, Any], table_no: int, row_no: int) -> list[dict[str, Any]]:
    [table] = [block for block in text["blocks"] if block["kind"] == "table" and block["table_no"] == table_no]
    return [cell for cell in table["cells"] if cell["row_no"] == row_no]


def test_counts_are_those_of_the_article(scope: dict[str, list[dict[str, Any]]]) -> None:
    counts = {row["name"]: row["n"] for row in scope["counts"]}
    # 71 entries in the list, 34 rows in Table 1, two tables of which the second compares options of radiotherapy.
    assert (counts["references"], counts["studies"], counts["tables"]) == (71, 34, 2)
    assert (counts["evidence_tables"], counts["options_tables"]) == (1, 1)
    assert (counts["references_cited"], counts["references_with_year"], counts["works"]) == (71, 71, 71)
    assert (counts["result_cells"], counts["result_cells_with_claim"]) == (34, 34)


def test_gap_map_agrees_with_the_view(scope: dict[str, list[dict[str, Any]]], mart: duckdb.DuckDBPyConnection) -> None:
    groups = {
        (cell["row_group"], cell["column_group"]): (cell["n_studies"], cell["level"])
        for cell in scope["gap_cells"]
        if cell["map"] == "modality" and cell["row_concept"] is None and cell["column_concept"] is None
    }
    of_view = mart.execute(
        "SELECT modality_group_id, outcome_id, n_studies, strongest_level FROM v_evidence_gap_map WHERE n_studies > 0"
    ).fetchall()
    assert groups == {(modality, outcome): (n, level) for modality, outcome, n, level in of_view}
    assert groups["surgery", "pain"] == (6, 4)


def test_studies_behind_a_cell_are_as_many_as_it_says(scope: dict[str, list[dict[str, Any]]]) -> None:
    for cell in scope["gap_cells"]:
        behind = {
            (row["table_no"], row["row_no"])
            for row in scope["gap_studies"]
            if row["map"] == cell["map"]
            and row["row_group"] == cell["row_group"]
            and row["column_group"] == cell["column_group"]
            and cell["row_concept"] in (None, row["row_concept"])
            and cell["column_concept"] in (None, row["column_concept"])
        }
        assert len(behind) == cell["n_studies"], cell


def test_directions_of_a_study_are_summed_up(scope: dict[str, list[dict[str, Any]]]) -> None:
    by_row = {(row["row_no"], row["outcome_id"]): row["direction"] for row in scope["directions"]}
    # Row 4: "Surgery was well tolerated and could relieve the pain caused by spine metastases."
    assert by_row[4, "pain"] == "improved"
    assert by_row[4, "safety_tolerability"] == "safe_tolerable"
    # Row 13 says that acute toxicity was more likely, and that side-effects were similar.
    assert by_row[13, "adverse_events"] == "mixed"
    # Row 2 recommends a treatment and reports no outcome.
    assert by_row[2, "treatment_indication"] == "not_directional"


def test_references_and_studies_are_counted_once_per_design(scope: dict[str, list[dict[str, Any]]]) -> None:
    assert sum(row["n"] for row in scope["references_by_design"]) == 71
    assert sum(row["n"] for row in scope["studies_by_design"]) == 34
    # Danzig 1980 and Grillo Ruggieri 1988, Ono 1988 are the oldest rows of Table 1.
    assert [(row["year"], row["n"]) for row in scope["studies_by_design"][:2]] == [(1980, 1), (1988, 2)]


def test_study_counts_once_in_each_of_its_interventions(scope: dict[str, list[dict[str, Any]]]) -> None:
    # Danzig 1980: a halo cast, with chemotherapy and radiotherapy.
    of_1980 = {row["intervention"]: row["n"] for row in scope["studies_by_intervention"] if row["year"] == 1980}
    assert of_1980 == {
        "External stabilisation": 1,
        "External-beam radiotherapy (non-stereotactic)": 1,
        "Systemic drug therapy": 1,
    }


def test_bradford_zones_hold_a_third_each(scope: dict[str, list[dict[str, Any]]]) -> None:
    zones = [(row["zone"], row["n_journals"], row["n_references"]) for row in scope["bradford_zones"]]
    assert zones == [(1, 6, 24), (2, 17, 24), (3, 23, 23)]
    assert [(row["journal"], row["n"]) for row in scope["journals"][:2]] == [
        ("J Neurosurg Spine", 7),
        ("Spine (Phila Pa 1976)", 7),
    ]


def test_citations_by_section_are_those_of_the_sections(scope: dict[str, list[dict[str, Any]]]) -> None:
    assert [(row["heading"], row["n"]) for row in scope["citations_by_section"]] == [
        ("Introduction", 5),
        ("Spine metastases in cancer", 22),
        ("Mechanisms of spine metastases in cancer", 8),
        ("Treatment evolution of spine metastases", 95),
    ]


def test_cell_marks_the_words_of_its_claim(text: dict[str, Any]) -> None:
    label, method, outcome = cells_of(text, 1, 1)
    assert label["text"] == "Danzig 1980 ²⁴"
    assert [(label["text"][start:end], kind) for start, end, kind, _ in label["marks"]] == [("²⁴", "citation")]
    assert ("Halo cast", "intervention") in [(method["text"][s:e], kind) for s, e, kind, _ in method["marks"]]
    claims = [(outcome["text"][s:e], target) for s, e, kind, target in outcome["marks"] if kind == "claim"]
    assert claims == [("protect the cord", "1")]
    assert text["claims"][0]["outcome_id"] == "neurological_function"


def test_every_citation_is_marked_where_it_is_printed(text: dict[str, Any], mart: duckdb.DuckDBPyConnection) -> None:
    printed = dict(mart.execute("SELECT marker_id::VARCHAR, marker_text FROM citation_markers").fetchall())
    pieces = [sentence for block in text["blocks"] for sentence in block.get("sentences", [])]
    pieces += [cell for block in text["blocks"] for cell in block.get("cells", [])]
    marked = {
        target: piece["text"][start:end]
        for piece in pieces
        for start, end, kind, target in piece["marks"]
        if kind == "citation"
    }
    assert marked == printed


def test_words_behind_a_page_break_are_marked_where_they_read(text: dict[str, Any]) -> None:
    sentences = {
        sentence["sentence_id"]: sentence for block in text["blocks"] for sentence in block.get("sentences", [])
    }
    # A page break cuts this sentence after "crude"; its citation is behind the break.
    sentence = sentences[54]
    assert sentence["text"].endswith("vertebral compression fracture of 14%.⁶⁶")
    [[start, end, kind, _]] = sentence["marks"]
    assert (sentence["text"][start:end], kind) == ("⁶⁶", "citation")


def test_finding_between_pieces_leads_to_what_it_is_about(text: dict[str, Any]) -> None:
    # The page break that cuts reference 31 is not part of its text.
    [issue] = [row for row in text["issues"] if row["code"] == "reference_cut"]
    assert (issue["subject_table"], issue["subject_key"]) == ("bib_references", "31")


def test_blocks_are_in_the_order_of_the_article(text: dict[str, Any]) -> None:
    headings = [block["heading"] for block in text["blocks"] if block["kind"] == "heading"]
    assert headings[:3] == ["Abstract", "Introduction", "Spine metastases in cancer"]
    kinds = [block["kind"] for block in text["blocks"]]
    first_table = kinds.index("table")
    before = [block["heading"] for block in text["blocks"][:first_table] if block["kind"] == "heading"]
    assert before[-1] == "Treatment evolution of spine metastases"


@pytest.mark.parametrize("name", FIGURES)
def test_specification_is_valid_vega_lite(name: str, scope: dict[str, list[dict[str, Any]]]) -> None:
    figure = FIGURES[name]
    spec = fill_in(figure.spec, scope.get(name.removesuffix("_cumulated"), []))
    alt.Chart.from_dict({"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec})


def test_page_allows_no_request_and_no_foreign_script(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert page.stat().st_size <= 3_000_000


def test_pictures_have_captions_and_text(outputs: Path) -> None:
    folder = outputs / "latest" / "report"
    svg = (folder / "evidence_gap_map_modality.svg").read_text(encoding="utf-8")
    assert "Stereotactic radiotherapy" in svg
    captions = (folder / "captions.md").read_text(encoding="utf-8")
    for picture in folder.glob("*.svg"):
        assert picture.with_suffix(".png").read_bytes().startswith(b"\x89PNG"), picture
        assert f"`{picture.name}`" in captions


def test_reader_leaves_nothing_of_the_prose_out(outputs: Path, mart: duckdb.DuckDBPyConnection) -> None:
    with open_database(outputs / "latest") as connection:
        text = read_review_text(connection, REVIEW)
    shown = [sentence["text"] for block in text["blocks"] for sentence in block.get("sentences", [])]
    assert shown == [row[0] for row in mart.execute("SELECT text FROM sentences ORDER BY sentence_id").fetchall()]
