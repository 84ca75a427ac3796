"""Connections to DuckDB, in memory or to the database of a release."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def connect_duckdb(file: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an existing database, only for reading, or to a new one in memory.

    DuckDB writes a progress bar to the standard output as soon as a query takes two seconds, even if that is a file,
    and would put it into an export. It is switched off.
    """
    with duckdb.connect(str(file), read_only=True) if file else duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection
