"""Collects what a review as a whole contributes to the coding of single cells and titles.

These are the abbreviations that the review defines, and the sentences and cells that are about a single reference.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.vocabularies.abbreviations import defined_abbreviations

ABBREVIATIONS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "review_id": pl.String,
    "short_form": pl.String,
    "long_form": pl.String,
}


def find_abbreviations(sentences: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """One row per abbreviation that a review defines; key (review_id, short_form), columns `ABBREVIATIONS_SCHEMA`.

    The first definition of a short form counts, in the order of the source.
    """
    texts = pl.concat(
        [
            sentences.select("review_id", "text", "start_char"),
            table_cells.select("review_id", pl.col("text_raw").alias("text"), "start_char").drop_nulls("text"),
        ]
    ).filter(pl.col("text").str.contains("(", literal=True))
    reviews = (
        texts.sort("review_id", "start_char", nulls_last=True)
        .group_by("review_id", maintain_order=True)
        .agg(pl.col("text").str.join("\n"))
    )
    rows = [
        {"review_id": review["review_id"], "short_form": short_form, "long_form": long_form}
        for review in reviews.iter_rows(named=True)
        for short_form, long_form in defined_abbreviations(review["text"]).items()
    ]
    return pl.DataFrame(rows, schema=ABBREVIATIONS_SCHEMA)


def short_forms_by_review(abbreviations: pl.DataFrame) -> dict[str, dict[str, str]]:
    """The long form of each short form, by review."""
    by_review: dict[str, dict[str, str]] = {}
    for row in abbreviations.iter_rows(named=True):
        by_review.setdefault(row["review_id"], {})[row["short_form"]] = row["long_form"]
    return by_review


def find_reference_passages(
    sentences: pl.DataFrame, citation_markers: pl.DataFrame, citation_mentions: pl.DataFrame, studies: pl.DataFrame
) -> pl.DataFrame:
    """One row per passage about a single reference: review_id, ref_no, text, start_char, end_char.

    A passage is a sentence that cites this reference and no other, or the outcome cell of a study of this reference.
    Its span is longer than its text if the text is interrupted in the source.
    """
    cited_in_sentences = citation_markers.filter(pl.col("sentence_id").is_not_null()).join(
        citation_mentions, on=["review_id", "marker_id"]
    )
    with_one_reference = (
        cited_in_sentences.group_by("review_id", "sentence_id")
        .agg(pl.col("ref_no").unique().alias("ref_nos"))
        .filter(pl.col("ref_nos").list.len() == 1)
        .select("review_id", "sentence_id", pl.col("ref_nos").list.first().alias("ref_no"))
    )
    in_prose = sentences.join(with_one_reference, on=["review_id", "sentence_id"]).select(
        "review_id", "ref_no", "text", "start_char", "end_char"
    )
    in_tables = studies.filter(pl.col("ref_no").is_not_null() & pl.col("outcome").is_not_null()).select(
        "review_id",
        "ref_no",
        pl.col("outcome").alias("text"),
        pl.col("outcome_start_char").alias("start_char"),
        pl.col("outcome_end_char").alias("end_char"),
    )
    is_interrupted = pl.col("end_char") - pl.col("start_char") != pl.col("text").str.len_chars()
    return pl.concat([in_prose, in_tables]).sort("review_id", "ref_no", is_interrupted, "start_char", nulls_last=True)
