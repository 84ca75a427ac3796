"""One DuckDB file with all tables: keys, NOT NULL, CHECK, comments and views, rendered from the models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.release.views import add_views
from pipelines.tables.sql import identifier, literal
from schemas.tables.base import Column, Spec

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that opens the file; a file in a newer format opens in none of the older ones."""

BLOCK_SIZE = 16_384
"""Bytes in a block. Every column and key takes whole blocks; with the usual 256 KiB a small release takes 33 MB."""


def write_database(path: Path, tables: Mapping[str, Spec], parquet: Path) -> None:
    """Build the database from the Parquet files of a release.

    Tables come in the order given, which must put each after those its foreign keys name. `path` must not exist:
    a file written over another may meet the other's leftover write-ahead log.
    """
    with duckdb.connect() as connection:
        options = f"STORAGE_VERSION {literal(STORAGE_VERSION)}, BLOCK_SIZE {BLOCK_SIZE}"
        connection.execute(f"ATTACH {literal(str(path))} AS mart ({options})")
        connection.execute("USE mart")
        # One transaction: else each of some five hundred statements waits for the disk.
        connection.execute("BEGIN TRANSACTION")
        for table in tables.values():
            connection.execute(create_table(table))
            _fill(connection, table, parquet / f"{table.name}.parquet")
            connection.execute(";\n".join(comments(table)))
        add_views(connection)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT mart")
        connection.execute("USE memory")
        connection.execute("DETACH mart")


def _fill(connection: duckdb.DuckDBPyConnection, table: Spec, file: Path) -> None:
    order = _names(table.key)
    insert = f"INSERT INTO {identifier(table.name)} BY NAME SELECT * FROM read_parquet({literal(str(file))}) AS new"
    itself = [key for key in table.foreign_keys if key.table == table.name]
    if not itself:
        connection.execute(f"{insert} ORDER BY {order}")
        return
    # A row must not come in the same statement as the row that it points at: roots first, then level by level.
    name = identifier(table.name)
    placed = " AND ".join(
        f"({_names(key.columns[-1:])} IS NULL OR ({_names(key.columns)}) IN "
        f"(SELECT ({_names(key.references)}) FROM {name}))"
        for key in itself
    )
    missing = f"({order}) NOT IN (SELECT ({order}) FROM {name})"
    while connection.execute(f"{insert} WHERE {placed} AND {missing} ORDER BY {order}").fetchall() != [(0,)]:
        pass


def create_table(table: Spec) -> str:
    """The CREATE TABLE statement of a table."""
    parts = [_column(column) for column in table.columns]
    parts.append(f"PRIMARY KEY ({_names(table.key)})")
    parts += [
        f"FOREIGN KEY ({_names(key.columns)}) REFERENCES {identifier(key.table)} ({_names(key.references)})"
        for key in table.foreign_keys
    ]
    body = ",\n  ".join(parts)
    return f"CREATE TABLE {identifier(table.name)} (\n  {body}\n)"


def comments(table: Spec) -> Iterable[str]:
    """COMMENT ON statements for the table and each of its columns."""
    name = identifier(table.name)
    yield f"COMMENT ON TABLE {name} IS {literal(f'One row is {table.grain}.')}"
    for column in table.columns:
        yield f"COMMENT ON COLUMN {name}.{identifier(column.name)} IS {literal(describe(column))}"


def describe(column: Column) -> str:
    """A column's description with its unit and vocabulary, as it is shown beside the column."""
    text = column.description
    if column.unit:
        text += f" [{column.unit}]"
    if column.vocabulary:
        text += f" (vocabulary: {column.vocabulary})"
    return text


def _names(columns: Iterable[str]) -> str:
    return ", ".join(identifier(name) for name in columns)


def _column(column: Column) -> str:
    parts = [identifier(column.name), column.sql_type]
    if not column.nullable:
        parts.append("NOT NULL")
    parts += [f"CHECK ({rule})" for rule in _rules(column)]
    return " ".join(parts)


def _rules(column: Column) -> Iterable[str]:
    name = identifier(column.name)
    for check, arguments in column.checks:
        match check:
            case "greater_than_or_equal_to":
                yield f"{name} >= {arguments['min_value']}"
            case "less_than_or_equal_to":
                yield f"{name} <= {arguments['max_value']}"
            case "isin":
                yield f"{name} IN ({', '.join(_value(item) for item in arguments['allowed_values'])})"
            case "str_matches":
                pattern = arguments["pattern"]
                yield f"regexp_matches({name}, {literal(getattr(pattern, 'pattern', pattern))})"
            case "str_length":
                if arguments.get("min_value") is not None:
                    yield f"length({name}) >= {arguments['min_value']}"
                if arguments.get("max_value") is not None:
                    yield f"length({name}) <= {arguments['max_value']}"
            case _:
                raise NotImplementedError(f"{column.name}: no SQL is known for the check {check}; add it here")


def _value(item: Any) -> str:
    return literal(item) if isinstance(item, str) else str(item)
