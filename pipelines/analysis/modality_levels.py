"""Which broader modalities a modality falls under. No counting here."""

import polars as pl


def with_ancestors(concepts: pl.DataFrame) -> pl.DataFrame:
    """(concept_id, modality_id, level): each concept of the scheme modality with itself and every broader one.

    `level` is that of modality_id. The vocabulary is a forest of a few levels, so a join a level finds them all.
    """
    scheme = concepts.filter(pl.col("scheme") == "modality").select("concept_id", "parent_id", "level")
    step = scheme.select("concept_id", "level", "parent_id", modality_id="concept_id")
    found = [step]
    for _ in range(1, scheme["level"].max() or 1):  # type: ignore[arg-type]
        step = step.select("concept_id", modality_id="parent_id").join(
            scheme.rename({"concept_id": "modality_id"}), on="modality_id"
        )
        found.append(step.select("concept_id", "level", "parent_id", "modality_id"))
    return pl.concat(found).select("concept_id", "modality_id", "level")


def broadest(concepts: pl.DataFrame) -> pl.DataFrame:
    """(concept_id, modality_id): each modality with the one of level 1 that it falls under."""
    return with_ancestors(concepts).filter(pl.col("level") == 1).select("concept_id", "modality_id")
