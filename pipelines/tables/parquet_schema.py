"""The Arrow schema and the metadata of a table's Parquet file, rendered from the table's `Spec`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pyarrow as pa

from schemas.tables.base import Spec

# large_string: Polars does not write Arrow's `string`, and older readers cannot read `string_view`.
ARROW_TYPES: Mapping[type[pl.DataType], pa.DataType] = {
    pl.String: pa.large_string(),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Float64: pa.float64(),
    pl.Boolean: pa.bool_(),
    pl.Date: pa.date32(),
}


def build_arrow_schema(table: Spec, metadata: Mapping[str, str]) -> pa.Schema:
    """The table's Arrow schema: nullability, with description, unit and vocabulary as metadata of each field."""
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


def build_table_metadata(table: Spec) -> dict[str, str]:
    """The file-level metadata that every Parquet file of the table has."""
    note = {"note": table.note} if table.note else {}
    return {"table": table.name, "grain": table.grain, **note, "primary_key": ", ".join(table.key)}
