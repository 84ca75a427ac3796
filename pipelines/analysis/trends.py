"""Counts by year of publication: per modality and study design, and per modality."""

import polars as pl

from pipelines.analysis.mart_frames import fill_years, finish, share
from pipelines.analysis.modality_levels import pair_with_ancestors, pair_with_top_level
from schemas.tables.analysis import ModalityTrends, PublicationTrends
from schemas.tables.base import NOT_STATED


def select_stated_designs(reference_designs: pl.DataFrame) -> pl.DataFrame:
    """The designs that are stated in words, not inferred: (review_id, ref_no, design_id, ocebm_level)."""
    return reference_designs.filter(pl.col("basis") == "stated").select(
        "review_id", "ref_no", "design_id", "ocebm_level"
    )


def publication_trends(
    bib_references: pl.DataFrame,
    reference_topics: pl.DataFrame,
    reference_designs: pl.DataFrame,
    concepts: pl.DataFrame,
) -> pl.DataFrame:
    """The table `publication_trends`: one row per year, level-1 modality and stated design, zero-filled."""
    reference = ["review_id", "ref_no"]
    dated = bib_references.select("review_id", "ref_no", "year").drop_nulls("year")
    modalities = (
        reference_topics.filter(pl.col("scheme") == "modality")
        .join(pair_with_top_level(concepts), on="concept_id")
        .select("review_id", "ref_no", "modality_group_id")
        .unique()
    )
    designs = select_stated_designs(reference_designs).select("review_id", "ref_no", "design_id").unique()
    coded = (
        dated.join(modalities, on=reference, how="left")
        .join(designs, on=reference, how="left")
        .with_columns(pl.col("modality_group_id", "design_id").fill_null(NOT_STATED))
    )
    counts = coded.group_by("review_id", "year", "modality_group_id", "design_id").agg(n=pl.len())
    totals = dated.group_by("review_id", "year").agg(n_total=pl.len())
    pairs = coded.select("review_id", "modality_group_id", "design_id").unique()
    return finish(
        fill_years(dated)
        .join(pairs, on="review_id")
        .join(counts, on=["review_id", "year", "modality_group_id", "design_id"], how="left")
        .join(totals, on=["review_id", "year"], how="left")
        .with_columns(pl.col("n", "n_total").fill_null(0))
        .with_columns(share=share("n", "n_total")),
        PublicationTrends,
    )


def modality_trends(
    bib_references: pl.DataFrame,
    reference_topics: pl.DataFrame,
    studies: pl.DataFrame,
    study_modalities: pl.DataFrame,
    concepts: pl.DataFrame,
) -> pl.DataFrame:
    """The table `modality_trends`: one row per year and modality of any level, zero-filled.

    References are counted by the modalities in their titles, rows of evidence tables by their coded modalities.
    """
    ancestors = pair_with_ancestors(concepts)
    cell = ["review_id", "year", "modality_id", "level"]
    study = ["review_id", "table_no", "row_no"]
    references = bib_references.select("review_id", "ref_no", "year").drop_nulls("year")
    rows = (
        studies.select(*study, "ref_no", label_year="year")
        .join(references, on=["review_id", "ref_no"], how="left")
        .select(*study, year=pl.coalesce("year", "label_year"))
        .drop_nulls("year")
    )
    by_title = (
        reference_topics.filter(pl.col("scheme") == "modality")
        .join(ancestors, on="concept_id")
        .select("review_id", "ref_no", "modality_id", "level")
        .unique()
        .join(references, on=["review_id", "ref_no"])
    )
    by_row = (
        study_modalities.filter(pl.col("role") != "comparator")
        .join(ancestors, on="concept_id")
        .select(*study, "modality_id", "level")
        .unique()
        .join(rows, on=study)
    )
    modalities = pl.concat(part.select("review_id", "modality_id", "level") for part in (by_title, by_row)).unique()
    years = fill_years(pl.concat(part.select("review_id", "year") for part in (references, rows)))
    return finish(
        years.join(modalities, on="review_id")
        .join(by_title.group_by(cell).agg(n_references=pl.len()), on=cell, how="left")
        .join(by_row.group_by(cell).agg(n_studies=pl.len()), on=cell, how="left")
        .join(
            references.group_by("review_id", "year").agg(n_references_total=pl.len()),
            on=["review_id", "year"],
            how="left",
        )
        .join(rows.group_by("review_id", "year").agg(n_studies_total=pl.len()), on=["review_id", "year"], how="left")
        .with_columns(pl.col("^n_.*$").fill_null(0))
        .with_columns(
            share_references=share("n_references", "n_references_total"),
            share_studies=share("n_studies", "n_studies_total"),
        ),
        ModalityTrends,
    )
