"""The hierarchy of the scheme modality: which broader modalities a modality belongs to."""

import polars as pl


def pair_with_ancestors(concepts: pl.DataFrame) -> pl.DataFrame:
    """Each modality paired with itself and every broader one: (concept_id, modality_id, level of modality_id)."""
    scheme = concepts.filter(pl.col("scheme") == "modality").select("concept_id", "parent_id", "level")
    step = scheme.select("concept_id", "level", "parent_id", modality_id="concept_id")
    steps = [step]
    # One join per level: the vocabulary is a forest of a few levels.
    for _ in range(1, scheme["level"].max() or 1):  # type: ignore[arg-type]
        step = step.select("concept_id", modality_id="parent_id").join(
            scheme.rename({"concept_id": "modality_id"}), on="modality_id"
        )
        steps.append(step.select("concept_id", "level", "parent_id", "modality_id"))
    return pl.concat(steps).select("concept_id", "modality_id", "level")


def pair_with_top_level(concepts: pl.DataFrame) -> pl.DataFrame:
    """Each modality with the modality of level 1 that it belongs to: (concept_id, modality_group_id)."""
    pairs = pair_with_ancestors(concepts).filter(pl.col("level") == 1)
    return pairs.select("concept_id", modality_group_id="modality_id")
