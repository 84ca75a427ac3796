"""One Parquet file per table; its metadata describe the table and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.tables.parquet_schema import build_arrow_schema, build_table_metadata
from schemas.tables.base import Spec

ROW_GROUP_ROWS = 131_072


def write_parquet(frame: pl.LazyFrame, table: Spec, path: Path, metadata: Mapping[str, str]) -> None:
    """Write a table with `metadata`, its name, grain and key in the file's metadata. Rows are in the order of the key.

    Rows are streamed. For a given version of Polars the bytes depend only on the frame, the model and `metadata`.
    """
    file_metadata = {**build_table_metadata(table), **metadata}
    frame.select([column.name for column in table.columns]).sink_parquet(
        path,
        compression="zstd",
        row_group_size=ROW_GROUP_ROWS,
        metadata=file_metadata,
        arrow_schema=build_arrow_schema(table, file_metadata),
    )
