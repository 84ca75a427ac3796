"""The Arrow schema of a table's Parquet file, with the descriptions of the table and its columns inside."""

from __future__ import annotations

from collections.abc import Mapping

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
