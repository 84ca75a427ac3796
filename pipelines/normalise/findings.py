"""What no vocabulary knows, and what contradicts itself: findings of the coding, for `source_issues`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.normalise.claims import claim_findings
from pipelines.normalise.journals import suggest_journals
from pipelines.normalise.study_modalities import ModalityRules, modality_findings
from pipelines.normalise.vocabulary import Vocabularies


def study_findings(
    studies: pl.DataFrame, claims: pl.DataFrame, rules: ModalityRules, abbreviations: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """One row is an oddity of a study: review_id, code, subject_table, subject_key, message, start_char, end_char."""
    row = ["review_id", "table_no", "row_no"]
    found = pl.concat([modality_findings(studies, rules, abbreviations), claim_findings(studies, claims)])
    return found.join(studies.select(*row, "start_char", "end_char"), on=row, how="left").select(
        "review_id",
        "code",
        pl.lit("studies").alias("subject_table"),
        pl.format("{}/{}", "table_no", "row_no").alias("subject_key"),
        "message",
        "start_char",
        "end_char",
    )


def journal_findings(bib_references: pl.DataFrame, vocabularies: Vocabularies) -> pl.DataFrame:
    """A row is a printed journal that the vocabulary does not know, where a review first cites it; columns as above."""
    unknown = (
        bib_references.filter(pl.col("journal_raw").is_not_null() & pl.col("journal_id").is_null())
        .sort("review_id", "ref_no")
        .group_by("review_id", "journal_raw", maintain_order=True)
        .agg(pl.col("ref_no", "start_char", "end_char").first(), pl.len().alias("n"))
    )
    hints = {}
    for name in unknown["journal_raw"].unique():
        near = suggest_journals(name, vocabularies)
        hints[name] = f"; nearest known: {', '.join(near)}" if near else ""
    return unknown.select(
        "review_id",
        pl.lit("unknown_journal").alias("code"),
        pl.lit("bib_references").alias("subject_table"),
        pl.col("ref_no").cast(pl.String).alias("subject_key"),
        pl.format(
            "'{}' ({} reference(s)) is no known journal; add it to schemas/vocabularies/journals.csv{}",
            "journal_raw",
            "n",
            pl.col("journal_raw").replace_strict(hints, return_dtype=pl.String),
        ).alias("message"),
        "start_char",
        "end_char",
    )
