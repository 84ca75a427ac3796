"""Gives a frame the shape of a published table: its columns in their order and types, sorted by its key."""

from __future__ import annotations

import polars as pl

from schemas.tables.base import Spec


def shape_table(frame: pl.DataFrame, table: Spec) -> pl.DataFrame:
    """`frame` with the table's columns in their order and types, sorted by its key; other columns are left out."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in table.polars_schema.items()).sort(table.key)
