"""A DuckDB database in memory with given tables and the views of a release."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl

from pipelines.release.views import create_views


@contextmanager
def open_mart(tables: Mapping[str, pl.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with these tables and all views."""
    with duckdb.connect() as connection:
        for name, frame in tables.items():
            # Without constraints, because these rows only have the columns that the views need.
            connection.register("frame", frame.to_arrow())
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM frame')
            connection.unregister("frame")
        create_views(connection)
        yield connection
