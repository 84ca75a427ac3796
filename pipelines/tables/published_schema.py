"""The published schema as it was last announced, in `schemas/published_schema.csv`, and what a change of it needs.

Run `just schema` (`python -m pipelines.tables.published_schema`) after a published column or table was added, renamed,
retyped or removed: it raises the schema version and writes the file, which has one row per published column.
"""

from __future__ import annotations

import csv

from pipelines.common.settings import ROOT
from schemas.tables import PUBLISHED_SCHEMA, SPECS

CHANGELOG = ROOT / "CHANGELOG.md"
HEADER = ("schema_version", "table_name", "column_name", "type", "nullable", "key_position")

ColumnName = tuple[str, str]
"""Table and column."""

Properties = tuple[str, str, str]
"""SQL type, `true` or `false` for nullable, and position in the primary key (empty if not part of it)."""

Schema = dict[ColumnName, Properties]


def build_schema() -> Schema:
    """The published schema as the models in `schemas/tables` declare it."""
    return {
        (name, column.name): (
            column.sql_type,
            str(column.nullable).lower(),
            str(table.key.index(column.name) + 1) if column.name in table.key else "",
        )
        for name, table in SPECS.items()
        for column in table.columns
    }


def read_announced() -> tuple[str, Schema]:
    """The version and the schema that were last announced."""
    with PUBLISHED_SCHEMA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (version,) = {row["schema_version"] for row in rows}
    return version, {
        (row["table_name"], row["column_name"]): (row["type"], row["nullable"], row["key_position"]) for row in rows
    }


def next_version(version: str, old: Schema, new: Schema) -> str:
    """The version under which `new` has to be published after `old` was published as `version`."""
    major, minor, _ = (int(part) for part in version.split("."))
    if any(new.get(column) != properties for column, properties in old.items()):
        return f"{major + 1}.0.0"
    if new.keys() - old.keys():
        return f"{major}.{minor + 1}.0"
    return version


def write_announced() -> str:
    """Write the file from the models, under the version that the changes require. Returns the version."""
    version, old = read_announced()
    new = build_schema()
    version = next_version(version, old, new)
    with PUBLISHED_SCHEMA.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows((version, *column, *properties) for column, properties in new.items())
    return version


def find_announcement_faults() -> list[str]:
    """What is still to do before the schema of the models is announced, each step with the file it concerns."""
    version, old = read_announced()
    new = build_schema()
    changed = sorted({".".join(column) for column in old.keys() | new.keys() if old.get(column) != new.get(column)})
    if changed:
        return [
            f"{', '.join(changed)}: added, dropped, renamed or retyped; run `just schema`, which writes "
            "schemas/published_schema.csv under a new version, and describe the change in CHANGELOG.md"
        ]
    if f"### Schema {version}\n" not in CHANGELOG.read_text(encoding="utf-8"):
        return [f'CHANGELOG.md: add the heading "### Schema {version}" and describe the change below it']
    return []


if __name__ == "__main__":
    announced = write_announced()
    print(f"{PUBLISHED_SCHEMA.relative_to(ROOT)}: written for schema {announced}")
    print(*find_announcement_faults(), sep="\n")
