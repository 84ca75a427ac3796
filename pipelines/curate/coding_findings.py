"""What no vocabulary knows, and what contradicts itself: findings of the coding, for `source_issues`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.curate.claims import claim_findings
from pipelines.curate.interventions import ModalityRules, modality_findings
from pipelines.curate.source_offsets import ROW
from pipelines.vocabularies.journal_names import suggest_journals
from pipelines.vocabularies.schemes import Vocabularies


def study_findings(
    studies: pl.DataFrame,
    claims: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: Mapping[str, Mapping[str, str]],
    source_tables: pl.DataFrame,
    table_cells: pl.DataFrame,
) -> pl.DataFrame:
    """One row is an oddity of a study: review_id, code, subject_table, subject_key, message, start_char, end_char.

    The message begins with the place as printed: `Table 2, row 3, column Intervention: …`.
    """
    found = pl.concat([modality_findings(studies, rules, abbreviations), claim_findings(studies, claims)])
    labels = source_tables.select("review_id", "table_no", pl.col("label").str.strip_chars(" .:").alias("label"))
    columns = (
        table_cells.filter(~pl.col("is_header"))
        .sort(*ROW, "column_no")
        # Of several columns of a role the first counts.
        .unique([*ROW, "role"], keep="first", maintain_order=True)
        .select(*ROW, pl.col("role").alias("field"), "column_name")
    )
    place = pl.format(
        "{}, row {}, {}",
        pl.coalesce("label", pl.format("table without a label (number {} in the source)", "table_no")),
        "row_no",
        pl.coalesce(pl.format("column {}", "column_name"), pl.format("the column of the {}", "field")),
    )
    return (
        found.join(studies.select(*ROW, "start_char", "end_char"), on=ROW, how="left", maintain_order="left")
        .join(labels, on=["review_id", "table_no"], how="left", maintain_order="left")
        .join(columns, on=[*ROW, "field"], how="left", maintain_order="left")
        .select(
            "review_id",
            "code",
            pl.lit("studies").alias("subject_table"),
            pl.format("{}/{}", "table_no", "row_no").alias("subject_key"),
            pl.format("{}: {}", place, "message").alias("message"),
            "start_char",
            "end_char",
        )
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
