"""Helpers for all analysis tables: shape of the result, shares, years without gaps, and lists as text."""

import polars as pl

from pipelines.tables.table_frames import shape_table
from schemas.tables.base import TableModel, spec


def finish(frame: pl.DataFrame, model: type[TableModel]) -> pl.DataFrame:
    """`frame` with the model's columns in their order and types, sorted by the model's key."""
    return shape_table(frame, spec(model))


def share(part: str, whole: str) -> pl.Expr:
    """`part` / `whole`; NULL if `whole` is 0."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def fill_years(dated: pl.DataFrame) -> pl.DataFrame:
    """Every year from a review's first to its last: (review_id, year), from a frame with at least these columns."""
    return (
        dated.drop_nulls("year")
        .group_by("review_id")
        .agg(first=pl.col("year").min(), last=pl.col("year").max())
        .select("review_id", year=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32))
        .explode("year", empty_as_null=False)
    )


def join_distinct(values: pl.Expr) -> pl.Expr:
    """In an aggregation: the distinct values in ascending order as '3; 17; 42'; NULL if empty."""
    distinct = values.drop_nulls().unique().sort()
    return pl.when(distinct.len() > 0).then(distinct.cast(pl.String).str.join("; "))
