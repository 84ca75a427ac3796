"""Names and values quoted for DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """A name in double quotes, so that reserved words can be used too."""
    return '"' + name.replace('"', '""') + '"'


def identifiers(names: Iterable[str]) -> str:
    """Quoted names, separated by commas."""
    return ", ".join(identifier(name) for name in names)


def literal(value: str) -> str:
    """A text in single quotes."""
    return "'" + value.replace("'", "''") + "'"
