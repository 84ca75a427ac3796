"""One Parquet file a table, with the descriptions of the table and its columns inside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa

from schemas.tables.base import Spec

# large_string: Polars writes no plain Arrow `string`, and older readers do not know `string_view`.
ARROW_TYPES: Mapping[type[pl.DataType], pa.DataType] = {
    pl.String: pa.large_string(),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Float64: pa.float64(),
    pl.Boolean: pa.bool_(),
    pl.Date: pa.date32(),
}

ROW_GROUP_ROWS = 131_072


def arrow_schema(table: Spec, metadata: Mapping[str, str]) -> pa.Schema:
    """The table's Arrow schema: nullability, and as field metadata each column's description, unit and vocabulary."""
    fields = []
    for column in table.columns:
        described = {"description": column.description, "unit": column.unit, "vocabulary": column.vocabulary}
        fields.append(
            pa.field(
                column.name,
                ARROW_TYPES[column.dtype],
                nullable=column.nullable,
                metadata={key: value for key, value in described.items() if value},
            )
        )
    return pa.schema(fields, metadata=dict(metadata))


def described(table: Spec) -> dict[str, str]:
    """What stands in every Parquet file of a table, beside its columns' descriptions."""
    return {"table": table.name, "grain": table.grain, "primary_key": ", ".join(table.key)}


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
