"""The first review, set as a PDF in two columns by a browser and read back, gives what its text gives."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.readers.pdf import read_pdf
from pipelines.readers.text import read_text
from tests.benchmarks.pdf import Tables, extract, normalise, read_edges, score
from tests.browser import CHROMIUM
from tests.conftest import ROOT

typeset_review = pytest.importorskip("tests.typeset_review", reason="playwright is not installed")

pytestmark = [
    pytest.mark.ui,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]

SOURCE = ROOT / "raw" / "spine-metastases-review" / "source.txt"
NOT_COMPARED = ("source_format", "source_chars", "end_char")
"""Columns of `reviews` that differ because the source does."""


@pytest.fixture(scope="module")
def both() -> tuple[Tables, Tables]:
    """The extracted tables of the text and of the PDF."""
    document = read_text(SOURCE.read_bytes(), name="source.txt")
    pdf = typeset_review.typeset(document, "Chen et al. 7")
    return extract(document, "review"), extract(read_pdf(pdf, name="review.pdf"), "review")


def words(table: pl.DataFrame, column: str) -> list[str]:
    """The values of a column without what typesetting changes: the notation of superscripts, hyphens, blanks."""
    return [normalise(value) for value in table[column]]


def test_review_itself(both: tuple[Tables, Tables]) -> None:
    text, pdf = (tables["reviews"].drop(NOT_COMPARED) for tables in both)
    assert pdf.to_dicts() == text.to_dicts()


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("review_authors", ("surname", "given_names", "email", "is_corresponding", "is_equal_contribution")),
        ("review_affiliations", ("mark", "affiliation")),
        ("review_keywords", ("keyword",)),
        ("review_funding", ("funder", "grant_number")),
        ("sections", ("heading", "level", "kind")),
        ("reference_authors", ("ref_no", "position", "surname", "initials")),
        (
            "bib_references",
            ("ref_no", "title", "journal_raw", "year", "volume", "issue", "first_page", "last_page", "doi", "note"),
        ),
        ("source_tables", ("label", "caption")),
        ("column_roles", ("table_no", "column_no", "role")),
    ],
)
def test_values_are_those_of_the_text(both: tuple[Tables, Tables], table: str, columns: tuple[str, ...]) -> None:
    text, pdf = (tables[table].select(columns).to_dicts() for tables in both)
    assert len(text) > 1
    for row in (*text, *pdf) if table == "bib_references" else ():
        # No word list tells whether the hyphen of `cost-effectiveness` at the end of a line belongs to the word.
        row["title"] = normalise(row["title"])
    assert pdf == text


def test_sentences_citations_and_cells(both: tuple[Tables, Tables]) -> None:
    text, pdf = both
    assert words(pdf["sentences"], "text") == words(text["sentences"], "text")
    assert words(pdf["table_cells"], "text_raw") == words(text["table_cells"], "text_raw")
    assert len(read_edges(text, {})) == 127
    assert read_edges(pdf, {}) == read_edges(text, {})
    for context in ("prose", "table"):
        cited = [
            tables["citation_markers"]
            .filter(pl.col("context") == context)
            .join(tables["citation_mentions"], on=["review_id", "marker_id"])["ref_no"]
            .to_list()
            for tables in both
        ]
        assert cited[1] == cited[0]


def test_scorer_finds_everything(both: tuple[Tables, Tables]) -> None:
    counts = score(*both)
    for measure in ("text", "headings", "references", "citations", "tables", "cells"):
        assert counts[f"{measure}_right"] == counts[f"{measure}_gold"] > 0
    assert counts["records_right"] == 71
