"""How the tables differ from those of the last release.

Its numbers are not published: the same inputs must give the same release.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.checks.policies import POLICIES
from schemas.tables import SPECS

COMPARED = [name for name, spec in SPECS.items() if spec.layer in ("extracted", "curated")]
"""The tables whose numbers of rows are compared."""


def drifted(frames: Mapping[str, pl.LazyFrame], last: Path) -> list[str]:
    """The reviews that are gone, and the tables whose rows for the reviews in both differ by more than a tenth."""
    changed = []
    before = pl.scan_parquet(last / "reviews.parquet").select("review_id")
    both = frames["reviews"].join(before, on="review_id", how="semi").select("review_id")
    gone = before.join(both, on="review_id", how="anti").sort("review_id").collect()
    changed += [f"{review_id}: the last release has it" for (review_id,) in gone.iter_rows()]
    for name, frame in frames.items():
        path = last / f"{name}.parquet"
        if not path.exists():
            continue
        n_before, n_now = (
            counted.item()
            for counted in pl.collect_all(
                rows.select("review_id").join(both, on="review_id", how="semi").select(pl.len())
                for rows in (pl.scan_parquet(path), frame)
            )
        )
        if 1 - abs(n_now - n_before) / max(n_before, 1) < POLICIES["drift"].least:
            changed.append(f"{name}: {n_now:,} rows, the last release has {n_before:,} for the same reviews")
    return changed
