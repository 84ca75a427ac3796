"""What the rest of a review says that coding a cell or a title needs: its short forms, and its words on a reference."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.vocabularies.abbreviations import defined_abbreviations

ABBREVIATIONS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "review_id": pl.String,
    "short_form": pl.String,
    "long_form": pl.String,
}


def abbreviations(sentences: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """The short forms that a review defines where it first uses them; key (review_id, short_form)."""
    texts = pl.concat(
        [
            sentences.select("review_id", "text", "start_char"),
            table_cells.select("review_id", pl.col("text_raw").alias("text"), "start_char").drop_nulls("text"),
        ]
    ).filter(pl.col("text").str.contains("(", literal=True))
    whole = (
        texts.sort("review_id", "start_char", nulls_last=True)
        .group_by("review_id", maintain_order=True)
        .agg(pl.col("text").str.join("\n"))
    )
    rows = [
        (review_id, short, long)
        for review_id, text in whole.iter_rows()
        for short, long in defined_abbreviations(text).items()
    ]
    return pl.DataFrame(rows, schema=ABBREVIATIONS_SCHEMA, orient="row")


def by_review(abbreviations: pl.DataFrame) -> dict[str, dict[str, str]]:
    """The short forms and what they stand for, by review."""
    found: dict[str, dict[str, str]] = {}
    for review_id, short, long in abbreviations.iter_rows():
        found.setdefault(review_id, {})[short] = long
    return found


def words_on_references(
    sentences: pl.DataFrame, citation_markers: pl.DataFrame, citation_mentions: pl.DataFrame, studies: pl.DataFrame
) -> pl.DataFrame:
    """What the review says of one reference alone: columns review_id, ref_no, text, start_char.

    A row is a sentence of prose that cites this reference and no other, or the outcome cell of a study's row.
    `start_char` is NULL where the words do not stand in the source in one stretch.
    """
    of_sentence = citation_markers.filter(pl.col("sentence_id").is_not_null()).join(
        citation_mentions, on=["review_id", "marker_id"]
    )
    alone = (
        of_sentence.group_by("review_id", "sentence_id")
        .agg(pl.col("ref_no").unique().alias("ref_nos"))
        .filter(pl.col("ref_nos").list.len() == 1)
        .select("review_id", "sentence_id", pl.col("ref_nos").list.first().alias("ref_no"))
    )
    is_unbroken = pl.col("end_char") - pl.col("start_char") == pl.col("text").str.len_chars()
    said = sentences.join(alone, on=["review_id", "sentence_id"]).select(
        "review_id", "ref_no", "text", pl.when(is_unbroken).then("start_char").alias("start_char")
    )
    cells = studies.filter(pl.col("ref_no").is_not_null() & pl.col("outcome").is_not_null()).select(
        "review_id", "ref_no", pl.col("outcome").alias("text"), pl.col("outcome_start_char").alias("start_char")
    )
    return pl.concat([said, cells]).sort("review_id", "ref_no", "start_char", nulls_last=True)
