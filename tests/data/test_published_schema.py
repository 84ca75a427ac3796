"""The published schema changes only with its version, and a new version is announced.

`published_schema.csv` beside this file is the schema as it was last announced: table, column, type, whether it may be
missing, and its place in the key. To announce a change: raise `SCHEMA_VERSION`, describe it in CHANGELOG.md, and write
the file anew with `python -m tests.data.test_published_schema`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from schemas.tables import SCHEMA_VERSION, SPECS

ROOT = Path(__file__).parents[2]
ANNOUNCED = Path(__file__).with_name("published_schema.csv")
HEADER = ("schema_version", "table_name", "column_name", "type", "nullable", "key_position")

Column = tuple[str, str]
Properties = tuple[str, str, str]
Schema = dict[Column, Properties]


def of_models() -> Schema:
    return {
        (name, column.name): (
            column.sql_type,
            str(column.nullable).lower(),
            str(table.key.index(column.name) + 1) if column.name in table.key else "",
        )
        for name, table in SPECS.items()
        for column in table.columns
    }


def announced() -> tuple[str, Schema]:
    with ANNOUNCED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (version,) = {row["schema_version"] for row in rows}
    return version, {
        (row["table_name"], row["column_name"]): (row["type"], row["nullable"], row["key_position"]) for row in rows
    }


def complaints(old_version: str, old: Schema, version: str, new: Schema) -> list[str]:
    """What stands against publishing `new` as `version` after `old` was published as `old_version`."""
    major, minor, _ = (int(part) for part in version.split("."))
    old_major, old_minor, _ = (int(part) for part in old_version.split("."))
    broken = [column for column in old if new.get(column) != old[column]]
    added = [column for column in new if column not in old]
    found = []
    if broken and major <= old_major:
        names = ", ".join(".".join(column) for column in broken)
        found.append(f"{names}: dropped, renamed or changed; raise the first number of SCHEMA_VERSION {version}")
    if added and not broken and (major, minor) <= (old_major, old_minor):
        names = ", ".join(".".join(column) for column in added)
        found.append(f"{names}: added; raise the second number of SCHEMA_VERSION {version}")
    return found


def test_the_schema_changes_only_with_its_version() -> None:
    version, old = announced()
    assert complaints(version, old, SCHEMA_VERSION, of_models()) == []


def test_the_announced_schema_is_this_one_and_stands_in_the_changelog() -> None:
    assert announced() == (SCHEMA_VERSION, of_models()), f"write {ANNOUNCED.name} anew, as its test's docstring says"
    assert f"### Schema {SCHEMA_VERSION}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


OLD: Schema = {("t", "a"): ("INTEGER", "false", "1"), ("t", "b"): ("VARCHAR", "true", "")}


@pytest.mark.parametrize(
    ("change", "version", "refused"),
    [
        ({}, "1.2.0", ""),
        ({("t", "c"): ("DATE", "true", "")}, "1.2.0", "t.c: added; raise the second"),
        ({("t", "c"): ("DATE", "true", "")}, "1.3.0", ""),
        ({("t", "b"): ("BIGINT", "true", "")}, "1.3.0", "t.b: dropped, renamed or changed; raise the first"),
        ({("t", "b"): ("BIGINT", "true", "")}, "2.0.0", ""),
        ({("t", "b"): ("VARCHAR", "false", "")}, "1.2.0", "t.b: dropped, renamed or changed; raise the first"),
        ({("t", "b"): None}, "1.3.0", "t.b: dropped, renamed or changed; raise the first"),
        ({("t", "b"): None, ("t", "beta"): ("VARCHAR", "true", "")}, "2.0.0", ""),
    ],
)
def test_a_change_asks_for_its_number(change: dict[Column, Properties | None], version: str, refused: str) -> None:
    new = {column: properties for column, properties in {**OLD, **change}.items() if properties is not None}
    found = complaints("1.2.0", OLD, version, new)
    assert "; ".join(found).startswith(refused)
    assert bool(found) == bool(refused)


if __name__ == "__main__":
    with ANNOUNCED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows((SCHEMA_VERSION, *column, *properties) for column, properties in of_models().items())
