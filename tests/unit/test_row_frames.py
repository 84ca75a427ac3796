"""Rows become frames by column name: neither the order of declarations nor a mistyped column changes a value."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.common.workers import SerialEngine
from pipelines.extract import row_frames
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.prose_rows import SectionRow
from pipelines.extract.reading_batches import ingest_sources
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import ROW_TYPES, ColumnMismatchError, build_frames
from pipelines.extract.row_types import FINDINGS, TABLES, ReviewRows, make_fast_constructor
from pipelines.readers.text import read_text
from pipelines.sources.source_folder import list_sources
from schemas.tables import SPECS
from schemas.tables.base import Spec
from tests import mini_review
from tests.mini_review import add_source

ALL_TABLES = (*TABLES, "quarantined_sources")


def exchange_declarations(table: str, first: str, second: str) -> Spec:
    """The table's declaration with two of its columns exchanged."""
    columns = {column.name: column for column in SPECS[table].columns}
    exchanged = {first: second, second: first}
    return replace(SPECS[table], columns=tuple(columns[exchanged.get(name, name)] for name in columns))


def stored_tables(folder: Path, cache: Path) -> dict[str, pl.DataFrame]:
    with ingest_sources(list_sources(folder), cache, engine=SerialEngine()) as ingestion:
        return {table: pl.concat(ingestion.read_batches(table)) for table in ALL_TABLES}


def sample_rows() -> ReviewRows:
    document = read_text(mini_review.text().encode(), name="heel/source.txt")
    return extract_review(SourceFacts("heel", "heel/source.txt", "0" * 64), document)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A review with rows in most tables, and two sources that are quarantined."""
    raw = tmp_path / "raw"
    add_source(raw, "heel", mini_review.text().encode())
    add_source(raw, "heel-again", mini_review.text().encode())
    add_source(raw, "broken", b"", toml="file =")
    return raw


def test_exchanging_two_declarations_changes_no_value(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = stored_tables(folder, tmp_path / "cache")
    exchanged = {
        "bib_references": ("volume", "issue"),
        "reviews": ("title", "journal"),
        "reference_authors": ("surname", "initials"),
        "quarantined_sources": ("source_path", "reason"),
        "text_parts": ("text_offset", "start_char"),
    }
    for table, (first, second) in exchanged.items():
        monkeypatch.setitem(SPECS, table, exchange_declarations(table, first, second))
    tables = stored_tables(folder, tmp_path / "other-cache")
    assert all(tables[table].equals(expected[table].select(tables[table].columns)) for table in ALL_TABLES)
    assert all(tables[table].columns != expected[table].columns for table in exchanged)


def test_reversing_all_declarations_changes_no_value(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = stored_tables(folder, tmp_path / "cache")
    for table in ALL_TABLES:
        backwards = replace(SPECS[table], columns=SPECS[table].columns[::-1])
        monkeypatch.setitem(SPECS, table, backwards)
    findings_schema = dict(reversed(list(row_frames.FINDINGS_SCHEMA.items())))
    monkeypatch.setattr(row_frames, "FINDINGS_SCHEMA", findings_schema)
    tables = stored_tables(folder, tmp_path / "other-cache")
    assert all(tables[table].columns == expected[table].columns[::-1] for table in ALL_TABLES)
    assert all(tables[table].equals(expected[table].select(tables[table].columns)) for table in ALL_TABLES)


@pytest.mark.parametrize("table", ["sections", "text_parts", FINDINGS])
def test_a_column_without_a_value_is_an_error(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    declare_column(table, "colour", monkeypatch)
    with pytest.raises(ColumnMismatchError, match=f"table {table}: no value is given for column colour"):
        build_frames([sample_rows()])


def declare_column(table: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if table == FINDINGS:
        schema: Mapping[str, type[pl.DataType]] = {**row_frames.FINDINGS_SCHEMA, name: pl.String}
        monkeypatch.setattr(row_frames, "FINDINGS_SCHEMA", schema)
    else:
        last = SPECS[table].columns[-1]
        spec = replace(SPECS[table], columns=(*SPECS[table].columns, replace(last, name=name)))
        monkeypatch.setitem(SPECS, table, spec)


def test_an_undeclared_column_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(SPECS["sections"], columns=tuple(item for item in SPECS["sections"].columns if item.name != "kind"))
    monkeypatch.setitem(SPECS, "sections", spec)
    with pytest.raises(ColumnMismatchError, match="table sections: column kind is not declared"):
        build_frames([sample_rows()])


def test_a_mismatch_stops_the_build_instead_of_quarantining_every_source(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare_column("sections", "colour", monkeypatch)
    with pytest.raises(ColumnMismatchError, match="table sections: no value is given for column colour"):
        stored_tables(folder, tmp_path / "cache")


@pytest.mark.parametrize("construct", [SectionRow, make_fast_constructor(SectionRow)])
def test_a_record_names_a_missing_or_misspelt_column(construct: type[SectionRow]) -> None:
    row = next(iter(sample_rows().sections))._asdict()
    with pytest.raises(TypeError, match=r"SectionRow\.__new__.*'kind'"):
        construct(**{name: value for name, value in row.items() if name != "kind"})
    with pytest.raises(TypeError, match=r"SectionRow\.__new__.*'knid'"):
        construct(**row | {"knid": "prose"})
    assert construct(**row) == SectionRow(**row)


def test_every_extracted_table_has_a_record_type() -> None:
    assert set(ROW_TYPES) == {*ALL_TABLES, FINDINGS}
    extracted = {name for name, spec in SPECS.items() if spec.layer == "extracted"}
    assert extracted <= set(ROW_TYPES)
