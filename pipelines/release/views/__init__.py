"""The views and macros of the DuckDB file, one `.sql` file each: the common questions of an analyst.

To add one, add a file to this folder. It has a header of comment lines, then one `CREATE VIEW` or
`CREATE MACRO … AS TABLE` statement, whose name is that of the file:

    -- One row per year: the comment on the view or macro, on one or more lines.
    --
    -- Columns:
    --   n: The comment on a column of the view; further lines of it are indented more
    --     than the first one
    -- Other columns as in: bib_references, v_references
    -- Example: FROM my_macro(2019)

`Columns` and `Other columns as in` are for views: a column without its own line gets the comment of the first of
these tables and views that has a column of that name. `Example` is for macros: a call, which is added to the comment.

Views and macros that use no other are created first, then those that use only these, and so on, each group in
alphabetical order; a file uses those whose names its statement contains. A view only joins, labels and counts rows of
the tables; a number that needs an explanation belongs to `pipelines.analysis`. Statements must run in every DuckDB from
1.2 on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipelines.tables.sql import identifier, literal
from schemas.tables import SPECS

FOLDER = Path(__file__).parent

_COLUMNS = "Columns:"
_OTHER_COLUMNS = "Other columns as in:"
_EXAMPLE = "Example:"
_FILE = re.compile(r"(?P<header>(?:--.*\n)+)\n*(?P<statement>CREATE (?P<kind>VIEW|MACRO) (?P<name>\w+).*)", re.DOTALL)
_COLUMN = re.compile(r"  (\w+): (.+)")


@dataclass(frozen=True, slots=True)
class View:
    """`columns` has the view's own column comments; `described_in` names tables and views that describe the others."""

    name: str
    statement: str
    comment: str
    columns: Mapping[str, str]
    described_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """A table macro: a view with parameters. `example` is a call."""

    name: str
    statement: str
    comment: str
    example: str


def parse_definition(name: str, text: str) -> View | Macro:
    """Parse the file `<name>.sql`. Raises ValueError if it does not have the format that this module describes."""
    match = _FILE.fullmatch(text)
    if match is None:
        raise ValueError(f"{name}.sql: write a header of '-- ' lines, then a CREATE VIEW or CREATE MACRO statement")
    if match["name"] != name:
        raise ValueError(f"{name}.sql: creates {match['name']}; give the file and the {match['kind'].lower()} one name")
    parts = _split_header(match["header"])
    comment, statement = " ".join(parts[""].split()), match["statement"].strip()
    if match["kind"] == "VIEW":
        described_in = tuple(re.findall(r"\w+", parts[_OTHER_COLUMNS]))
        return View(name, statement, comment, _parse_columns(name, parts[_COLUMNS]), described_in)
    example = " ".join(parts[_EXAMPLE].split())
    if not example:
        raise ValueError(f"{name}.sql: a macro needs a line '-- {_EXAMPLE} …' that shows a call")
    return Macro(name, statement, comment, example)


def _split_header(header: str) -> dict[str, str]:
    """The text of each part of a header by its keyword; the comment comes first and has the keyword ''."""
    parts = {"": "", _COLUMNS: "", _OTHER_COLUMNS: "", _EXAMPLE: ""}
    current = ""
    for line in header.splitlines():
        text = line.removeprefix("--").removeprefix(" ")
        keyword = next((key for key in (_COLUMNS, _OTHER_COLUMNS, _EXAMPLE) if text.startswith(key)), None)
        if keyword is not None:
            current, text = keyword, text.removeprefix(keyword)
        parts[current] += f"{text}\n"
    return parts


def _parse_columns(name: str, text: str) -> dict[str, str]:
    columns: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        match = _COLUMN.fullmatch(line)
        if match:
            columns[match[1]] = match[2]
        elif columns:
            columns[next(reversed(columns))] += f" {line.strip()}"
        else:
            raise ValueError(f"{name}.sql: write '--   column: comment' under '-- {_COLUMNS}', not '--{line}'")
    return columns


def _sort_by_dependency(definitions: Iterable[View | Macro]) -> Iterator[View | Macro]:
    by_name = {definition.name: definition for definition in definitions}
    sorter = TopologicalSorter(
        {
            name: (by_name.keys() & set(re.findall(r"\w+", definition.statement))) - {name}
            for name, definition in by_name.items()
        }
    )
    sorter.prepare()
    while sorter.is_active():
        for name in sorted(sorter.get_ready()):
            yield by_name[name]
            sorter.done(name)


DEFINITIONS = tuple(
    _sort_by_dependency(parse_definition(path.stem, path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.sql"))
)
"""All views and macros in the order of their creation."""

VIEWS = {definition.name: definition for definition in DEFINITIONS if isinstance(definition, View)}
MACROS = {definition.name: definition for definition in DEFINITIONS if isinstance(definition, Macro)}


def describe_column(view: View, column: str) -> str:
    """The comment on a column of a view. Raises KeyError if nothing describes the column."""
    description = _find_description(view, column)
    if description is None:
        raise KeyError(f"{view.name}.{column}: add it under '{_COLUMNS}' in {view.name}.sql")
    return description


def _find_description(view: View, column: str) -> str | None:
    if column in view.columns:
        return view.columns[column]
    for name in view.described_in:
        if name in VIEWS:
            description = _find_description(VIEWS[name], column)
        else:
            description = next((item.description for item in SPECS[name].columns if item.name == column), None)
        if description is not None:
            return description
    return None


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create all views and macros, with their comments, in a database that contains the tables."""
    for definition in DEFINITIONS:
        try:
            connection.execute(definition.statement)
        except duckdb.Error as error:
            error.add_note(f"in {FOLDER / definition.name}.sql")
            raise
        if isinstance(definition, Macro):
            comment = literal(f"{definition.comment} Example: {definition.example}")
            connection.execute(f"COMMENT ON MACRO TABLE {definition.name} IS {comment}")
            continue
        connection.execute(f"COMMENT ON VIEW {definition.name} IS {literal(definition.comment)}")
        for column, *_ in connection.execute(f"DESCRIBE {definition.name}").fetchall():
            comment = literal(describe_column(definition, column))
            connection.execute(f"COMMENT ON COLUMN {definition.name}.{identifier(column)} IS {comment}")
