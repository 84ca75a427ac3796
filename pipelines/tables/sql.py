"""Names and words as DuckDB's SQL wants them written."""


def identifier(name: str) -> str:
    """A name in double quotes, so that no word is reserved."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text in single quotes."""
    return "'" + value.replace("'", "''") + "'"
