"""What references and reviews print about the works that they are, in the same columns for both."""

from __future__ import annotations

import polars as pl

REVIEW_ITSELF = 0
"""The `ref_no` of a review as a work that others may cite."""


def list_printed_works(
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
    reviews: pl.DataFrame,
    review_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row per reference, and one per review (`ref_no` = `REVIEW_ITSELF`); what is not printed is NULL.

    The other columns are title (of a book its name), first_author (a surname or group), year, journal (NULL for a
    book), journal_id, volume, first_page, last_page, doi (in lower case) and pmid.
    """
    reference = ["review_id", "ref_no"]
    is_book = pl.col("title").is_null() & pl.col("volume").is_null()
    references = bib_references.join(
        _first_authors(reference_authors, reference), on=reference, how="left", maintain_order="left"
    ).select(
        *reference,
        pl.when(is_book).then("journal_raw").otherwise("title").alias("title"),
        "first_author",
        "year",
        pl.when(~is_book).then("journal_raw").alias("journal"),
        "journal_id",
        "volume",
        "first_page",
        "last_page",
        "doi",
        "pmid",
    )
    own = reviews.join(
        _first_authors(review_authors, ["review_id"]), on="review_id", how="left", maintain_order="left"
    ).select(
        "review_id",
        pl.lit(REVIEW_ITSELF, pl.Int32).alias("ref_no"),
        "title",
        "first_author",
        pl.col("publication_year").alias("year"),
        "journal",
        "journal_id",
        "volume",
        pl.col("pages").str.extract(r"^\s*([^\s–-]+)", 1).alias("first_page"),
        pl.col("pages").str.extract(r"[–-]\s*([^\s–-]+)\s*$", 1).alias("last_page"),
        "doi",
        pl.lit(None, pl.String).alias("pmid"),
    )
    return pl.concat([references, own]).with_columns(pl.col("doi").str.to_lowercase().str.strip_chars_end("./"))


def _first_authors(authors: pl.DataFrame, record: list[str]) -> pl.DataFrame:
    return authors.filter(pl.col("position") == 1).select(*record, first_author="surname")
