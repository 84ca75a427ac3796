"""What the marts share: the shape of a finished table, shares, years without gaps, and lists as text.

Nothing here knows what is counted.
"""

import polars as pl

from schemas.tables.base import Table, spec


def finish(frame: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """`frame` with the model's columns in their order and types, sorted by the model's key."""
    table = spec(model)
    return frame.select(pl.col(name).cast(dtype) for name, dtype in table.polars_schema.items()).sort(table.key)


def share(part: str, whole: str) -> pl.Expr:
    """`part` / `whole`, NULL where there is no whole."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def years_without_gaps(dated: pl.DataFrame) -> pl.DataFrame:
    """(review_id, year): every year from a review's first to its last in `dated`, which has at least these columns."""
    return (
        dated.drop_nulls("year")
        .group_by("review_id")
        .agg(first=pl.col("year").min(), last=pl.col("year").max())
        .select("review_id", year=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32))
        .explode("year", empty_as_null=False)
    )


def as_list(values: pl.Expr) -> pl.Expr:
    """In an aggregation: the distinct values in ascending order as '3; 17; 42', NULL where there are none."""
    known = values.drop_nulls().unique().sort()
    return pl.when(known.len() > 0).then(known.cast(pl.String).str.join("; "))
