"""One Parquet file per table, with the descriptions of the table and its columns inside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.tables.parquet_schema import arrow_schema, described
from schemas.tables.base import Spec

ROW_GROUP_ROWS = 131_072


def write_parquet(frame: pl.LazyFrame, table: Spec, path: Path, metadata: Mapping[str, str]) -> None:
    """Write a table, whose rows stand in the order of its key, with `metadata` beside its name, grain and key.

    The rows go through in batches. The bytes depend on the frame, the model and `metadata` only (for one version of
    Polars).
    """
    about = {**described(table), **metadata}
    frame.select([column.name for column in table.columns]).sink_parquet(
        path,
        compression="zstd",
        row_group_size=ROW_GROUP_ROWS,
        metadata=about,
        arrow_schema=arrow_schema(table, about),
    )
