"""Differences between the tables of a build and those of the last release.

They are shown but not published, because the same inputs must give the same release.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.checks.policies import POLICIES
from schemas.tables import SPECS

COMPARED_TABLES = [name for name, spec in SPECS.items() if spec.layer in ("extracted", "curated")]
"""The tables whose numbers of rows are compared."""


def find_drift(frames: Mapping[str, pl.LazyFrame], last: Path) -> list[str]:
    """The reviews that only the last release has, and the tables whose number of rows differs by more than a tenth.

    Rows are counted for the reviews that both have. `last` is the folder with the last release's Parquet files;
    `frames` must include `reviews`.
    """
    findings = []
    before = pl.scan_parquet(last / "reviews.parquet").select("review_id")
    both = frames["reviews"].join(before, on="review_id", how="semi").select("review_id")
    removed = before.join(both, on="review_id", how="anti").sort("review_id").collect()
    findings += [f"{review_id}: only in the last release" for review_id in removed["review_id"]]
    for name, frame in frames.items():
        path = last / f"{name}.parquet"
        if not path.exists():
            continue
        counts = pl.collect_all(
            rows.select("review_id").join(both, on="review_id", how="semi").select(pl.len())
            for rows in (pl.scan_parquet(path), frame)
        )
        n_before, n_now = (count.item() for count in counts)
        if 1 - abs(n_now - n_before) / max(n_before, 1) < POLICIES["drift"].min_share:
            findings.append(f"{name}: {n_now:,} rows; the last release has {n_before:,} for the same reviews")
    return findings
