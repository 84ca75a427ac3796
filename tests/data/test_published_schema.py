"""The published schema changes only with its version, and every version is announced in the changelog."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.tables import published_schema
from pipelines.tables.published_schema import (
    ColumnName,
    Properties,
    Schema,
    build_schema,
    find_announcement_faults,
    next_version,
    read_announced,
    write_announced,
)
from schemas.tables import PUBLISHED_SCHEMA, SCHEMA_VERSION


def test_the_schema_is_announced_with_its_version_and_in_the_changelog() -> None:
    faults = find_announcement_faults()
    assert faults == [], "\n".join(faults)
    assert read_announced() == (SCHEMA_VERSION, build_schema())


OLD: Schema = {("t", "a"): ("INTEGER", "false", "1"), ("t", "b"): ("VARCHAR", "true", "")}


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ({}, "1.2.0"),
        ({("t", "c"): ("DATE", "true", "")}, "1.3.0"),
        ({("t", "b"): ("BIGINT", "true", "")}, "2.0.0"),
        ({("t", "b"): ("VARCHAR", "false", "")}, "2.0.0"),
        ({("t", "b"): None}, "2.0.0"),
        ({("t", "b"): None, ("t", "beta"): ("VARCHAR", "true", "")}, "2.0.0"),
    ],
)
def test_each_kind_of_change_raises_its_number(change: dict[ColumnName, Properties | None], version: str) -> None:
    new = {column: properties for column, properties in {**OLD, **change}.items() if properties is not None}
    assert next_version("1.2.0", OLD, new) == version


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the announced schema, to write."""
    copy = tmp_path / "published_schema.csv"
    copy.write_bytes(PUBLISHED_SCHEMA.read_bytes())
    monkeypatch.setattr(published_schema, "PUBLISHED_SCHEMA", copy)
    return copy


def test_faults_name_the_column_the_command_and_the_files(announced: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    added = {**build_schema(), ("studies", "country"): ("VARCHAR", "true", "")}
    monkeypatch.setattr(published_schema, "build_schema", lambda: added)
    (fault,) = find_announcement_faults()
    for words in ("studies.country", "just schema", "schemas/published_schema.csv", "CHANGELOG.md"):
        assert words in fault
    major, minor, _ = SCHEMA_VERSION.split(".")
    version = write_announced()
    assert version == f"{major}.{int(minor) + 1}.0"
    assert read_announced() == (version, added)
    assert find_announcement_faults() == [
        f'CHANGELOG.md: add the heading "### Schema {version}" and describe the change below it'
    ]


def test_writing_an_unchanged_schema_changes_nothing(announced: Path) -> None:
    before = announced.read_bytes()
    assert write_announced() == SCHEMA_VERSION
    assert announced.read_bytes() == before
