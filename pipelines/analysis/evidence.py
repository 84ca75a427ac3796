"""What the studies of a review claim for which modality, and on what designs the claims rest."""

import polars as pl

from pipelines.analysis.mart_frames import as_list, finish, share
from pipelines.analysis.trends import stated_designs
from schemas.tables.analysis import EvidenceMap


def evidence_map(claims: pl.DataFrame, claim_modalities: pl.DataFrame, reference_designs: pl.DataFrame) -> pl.DataFrame:
    """`evidence_map`: modality × outcome × direction, ranked by the Oxford levels of 2011 (OCEBM) for treatment.

    Claims of options are left out, for an option is no study.
    """
    cell = ["review_id", "modality_id", "outcome_id", "direction"]
    claimed = claim_modalities.select("review_id", "claim_id", "modality_id", "modality_group_id").join(
        claims.filter(pl.col("point_no").is_null()), on=["review_id", "claim_id"]
    )
    designs = (
        claimed.select(*cell, "ref_no")
        .unique()
        .join(stated_designs(reference_designs), on=["review_id", "ref_no"])
        .with_columns(strongest_level=pl.col("ocebm_level").min().over(cell))
    )
    strongest = designs.group_by(cell).agg(
        n_design_stated=pl.col("ref_no").n_unique(),
        strongest_level=pl.col("strongest_level").first(),
        strongest_designs=as_list(pl.col("design_id").filter(pl.col("ocebm_level") == pl.col("strongest_level"))),
    )
    return finish(
        claimed.group_by(*cell, "modality_group_id")
        .agg(
            n_claims=pl.len(),
            n_hedged=pl.col("is_hedged").sum(),
            n_favourable=(pl.col("polarity") == "favourable").sum(),
            n_unfavourable=(pl.col("polarity") == "unfavourable").sum(),
            n_studies=pl.struct("table_no", "row_no").n_unique(),
            n_references=pl.col("ref_no").drop_nulls().n_unique(),
            ref_nos=as_list(pl.col("ref_no")),
        )
        .with_columns(n_claims_total=pl.col("n_claims").sum().over("review_id", "modality_id", "outcome_id"))
        .with_columns(share=share("n_claims", "n_claims_total"))
        .join(strongest, on=cell, how="left")
        .with_columns(pl.col("n_design_stated").fill_null(0)),
        EvidenceMap,
    )
