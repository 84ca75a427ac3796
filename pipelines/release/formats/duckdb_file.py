"""The DuckDB file: all tables with keys, constraints and comments, and the views.

Loads the Parquet files of a release. The SQL of tables is rendered in `pipelines.tables.ddl`; views are SQL files in
`pipelines.release.views`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.release.database import connect_duckdb
from pipelines.release.views import create_views
from pipelines.tables.ddl import render_comments, render_create_table
from pipelines.tables.sql import identifier, identifiers, literal
from schemas.tables.base import Spec

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that can open the file. Older versions cannot open files in a newer format."""

BLOCK_SIZE = 16_384
"""Bytes per block. Every column and key takes whole blocks: with the default of 256 KiB a small release takes 33 MB."""


def write_database(path: Path, tables: Mapping[str, Spec], parquet: Path) -> None:
    """Build the database from the Parquet files of a release.

    Tables are created in the given order; a table must come after those that its foreign keys reference. `path` must
    not exist, because DuckDB would replay a write-ahead log that a previous file of that name left behind.
    """
    with connect_duckdb() as connection:
        options = f"STORAGE_VERSION {literal(STORAGE_VERSION)}, BLOCK_SIZE {BLOCK_SIZE}"
        connection.execute(f"ATTACH {literal(str(path))} AS mart ({options})")
        connection.execute("USE mart")
        # One transaction, because otherwise each of about five hundred statements would wait for the disk.
        connection.execute("BEGIN TRANSACTION")
        for table in tables.values():
            connection.execute(render_create_table(table))
            _load_rows(connection, table, parquet / f"{table.name}.parquet")
            connection.execute(";\n".join(render_comments(table)))
        create_views(connection)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT mart")
        connection.execute("USE memory")
        connection.execute("DETACH mart")


def _load_rows(connection: duckdb.DuckDBPyConnection, table: Spec, file: Path) -> None:
    name, key = identifier(table.name), identifiers(table.key)
    insert = f"INSERT INTO {name} BY NAME SELECT * FROM read_parquet({literal(str(file))}) AS new"
    self_references = [foreign_key for foreign_key in table.foreign_keys if foreign_key.table == table.name]
    if not self_references:
        connection.execute(f"{insert} ORDER BY {key}")
        return
    # DuckDB rejects a row that is inserted by the same statement as the row it references. So one statement per level:
    # first the roots, then the rows whose parents are present, until a statement inserts no rows.
    has_parents = " AND ".join(
        f"({identifiers(foreign_key.columns[-1:])} IS NULL OR ({identifiers(foreign_key.columns)}) IN "
        f"(SELECT ({identifiers(foreign_key.references)}) FROM {name}))"
        for foreign_key in self_references
    )
    is_missing = f"({key}) NOT IN (SELECT ({key}) FROM {name})"
    while connection.execute(f"{insert} WHERE {has_parents} AND {is_missing} ORDER BY {key}").fetchall() != [(0,)]:
        pass
