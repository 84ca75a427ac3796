"""Runs the queries of the report on the database of a release and returns their rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from pipelines.release.database import connect_duckdb
from pipelines.release.files import DATABASE

Row = dict[str, Any]
"""A row of a query, by column name."""


@contextmanager
def open_database(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database of a release for reading, with the temporary tables that the queries share."""
    with connect_duckdb(release / DATABASE) as connection:
        connection.execute(_read_query("prepare"))
        yield connection


def run_query(connection: duckdb.DuckDBPyConnection, name: str, **parameters: str) -> list[Row]:
    """Run the query `queries/<name>.sql`."""
    return fetch_rows(connection, _read_query(name), parameters)


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, str] | None = None
) -> list[Row]:
    """Run a query and return its rows, in values that JSON can hold: dates are text."""
    result = connection.execute(query, parameters)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, map(_as_json_value, row), strict=True)) for row in result.fetchall()]


def _as_json_value(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@cache
def _read_query(name: str) -> str:
    return (files("pipelines.release.report") / "queries" / f"{name}.sql").read_text(encoding="utf-8")
