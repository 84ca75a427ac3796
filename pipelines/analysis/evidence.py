"""The claims of a review's studies for each modality, and the study designs behind them."""

import polars as pl

from pipelines.analysis.mart_frames import finish, join_distinct, share
from pipelines.analysis.trends import select_stated_designs
from schemas.tables.analysis import EvidenceMap


def evidence_map(claims: pl.DataFrame, claim_modalities: pl.DataFrame, reference_designs: pl.DataFrame) -> pl.DataFrame:
    """The table `evidence_map`: one row per modality, outcome and direction.

    Designs are ranked by the Oxford levels of 2011 (OCEBM) for treatment questions. Claims of options are left out,
    because an option is not a study.
    """
    cell = ["review_id", "modality_id", "outcome_id", "direction"]
    study_claims = claim_modalities.select("review_id", "claim_id", "modality_id", "modality_group_id").join(
        claims.filter(pl.col("point_no").is_null()), on=["review_id", "claim_id"]
    )
    designs = (
        study_claims.select(*cell, "ref_no")
        .unique()
        .join(select_stated_designs(reference_designs), on=["review_id", "ref_no"])
        .with_columns(strongest_level=pl.col("ocebm_level").min().over(cell))
    )
    strongest = designs.group_by(cell).agg(
        n_design_stated=pl.col("ref_no").n_unique(),
        strongest_level=pl.col("strongest_level").first(),
        strongest_designs=join_distinct(pl.col("design_id").filter(pl.col("ocebm_level") == pl.col("strongest_level"))),
    )
    return finish(
        study_claims.group_by(*cell, "modality_group_id")
        .agg(
            n_claims=pl.len(),
            n_hedged=pl.col("is_hedged").sum(),
            n_favourable=(pl.col("polarity") == "favourable").sum(),
            n_unfavourable=(pl.col("polarity") == "unfavourable").sum(),
            n_studies=pl.struct("table_no", "row_no").n_unique(),
            n_references=pl.col("ref_no").drop_nulls().n_unique(),
            ref_nos=join_distinct(pl.col("ref_no")),
        )
        .with_columns(n_claims_total=pl.col("n_claims").sum().over("review_id", "modality_id", "outcome_id"))
        .with_columns(share=share("n_claims", "n_claims_total"))
        .join(strongest, on=cell, how="left")
        .with_columns(pl.col("n_design_stated").fill_null(0)),
        EvidenceMap,
    )
