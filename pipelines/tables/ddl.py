"""The SQL statements that define a published table in DuckDB: CREATE TABLE with its constraints, and COMMENT ON.

Takes a table's `Spec` and returns text; running it belongs to `pipelines.release.formats.duckdb_file`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.tables.column_rules import translate_checks
from pipelines.tables.sql import identifier, identifiers, literal
from schemas.tables.base import Column, Spec


def render_create_table(table: Spec) -> str:
    """The CREATE TABLE statement: types, NOT NULL, CHECK, primary key and foreign keys."""
    parts = [_column_definition(column) for column in table.columns]
    parts.append(f"PRIMARY KEY ({identifiers(table.key)})")
    parts += [
        f"FOREIGN KEY ({identifiers(key.columns)}) REFERENCES {identifier(key.table)} ({identifiers(key.references)})"
        for key in table.foreign_keys
    ]
    body = ",\n  ".join(parts)
    return f"CREATE TABLE {identifier(table.name)} (\n  {body}\n)"


def render_comments(table: Spec) -> Iterator[str]:
    """One COMMENT ON statement for the table and one for each of its columns."""
    name = identifier(table.name)
    yield f"COMMENT ON TABLE {name} IS {literal(table.description)}"
    for column in table.columns:
        yield f"COMMENT ON COLUMN {name}.{identifier(column.name)} IS {literal(_comment(column))}"


def _column_definition(column: Column) -> str:
    name = identifier(column.name)
    parts = [name, column.sql_type]
    if not column.nullable:
        parts.append("NOT NULL")
    parts += [f"CHECK ({condition})" for rule in translate_checks(column) for condition in rule.to_sql(name)]
    return " ".join(parts)


def _comment(column: Column) -> str:
    text = column.description
    if column.unit:
        text += f" [{column.unit}]"
    if column.vocabulary:
        text += f" (vocabulary: {column.vocabulary})"
    return text
