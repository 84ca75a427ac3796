"""The scorer of PDF readers: an article agrees with itself, and each kind of mistake lowers its measure."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.readers.jats import read_jats
from tests.benchmarks.pdf import Tables, describe, extract, longest_ascent, score

ARTICLE = Path(__file__).parent / "jats" / "review.xml"


@pytest.fixture(scope="module")
def gold() -> Tables:
    return extract(read_jats(ARTICLE.read_bytes(), name="review"), "review")


def test_article_agrees_with_itself(gold: Tables) -> None:
    assert describe(score(gold, gold)) == ["1.000"] * 7


def test_nothing_found_scores_nothing(gold: Tables) -> None:
    nothing = {name: frame.clear() for name, frame in gold.items()}
    assert describe(score(gold, nothing)) == ["0.000"] * 7


def test_other_order_of_sentences_lowers_the_text_only(gold: Tables) -> None:
    turned = {**gold, "sentences": gold["sentences"].with_columns(sentence_id=-pl.col("sentence_id"))}
    counts = score(gold, turned)
    assert counts["text_right"] < counts["text_gold"]
    assert counts["references_right"] == counts["references_gold"]


def test_wrong_year_is_a_found_reference_with_a_wrong_record(gold: Tables) -> None:
    references = gold["bib_references"].with_columns(year=pl.col("year") + 1)
    counts = score(gold, {**gold, "bib_references": references})
    dated = gold["bib_references"]["year"].drop_nulls().len()
    assert counts["references_right"] == counts["references_gold"]
    assert counts["records_right"] == counts["references_gold"] - dated


def test_table_without_its_first_row_keeps_the_cells_of_the_others(gold: Tables) -> None:
    cells = gold["table_cells"]
    first = cells.filter(pl.col("row_no") == pl.col("row_no").max().over("table_no"))
    counts = score(gold, {**gold, "table_cells": cells.join(first, on=["table_no", "row_no", "column_no"], how="anti")})
    assert 0 < counts["cells_right"] < counts["cells_gold"]


def test_longest_ascent_skips_what_is_out_of_order() -> None:
    assert longest_ascent([1, 9, 2, 3, 3, 8]) == 4
    assert longest_ascent([]) == 0
