"""Every model refuses what it must: the frames are those of the built release, each broken in one way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.tables.validation import InvalidTableError, reference_failures, validate, validate_together
from schemas.tables import SPECS
from schemas.tables.base import SQL_TYPES, Column

A_QUARANTINED_SOURCE = {"review_id": "broken", "source_path": "broken", "reason": "empty"}


@pytest.fixture(scope="module")
def frames(outputs: Path) -> dict[str, pl.DataFrame]:
    """Each table of the release; a row made by hand where the release has none."""
    parquet = outputs / "latest" / "parquet"
    read = {name: pl.read_parquet(parquet / f"{name}.parquet") for name in SPECS}
    read["quarantined_sources"] = pl.DataFrame(
        [A_QUARANTINED_SOURCE], schema=SPECS["quarantined_sources"].polars_schema
    )
    return read


def values_against(column: Column) -> Iterator[tuple[str, Any]]:
    """A value against each rule of a column, NULL where it must not be, and the text that is none."""
    if not column.nullable:
        yield "null", None
    if column.dtype == pl.String:
        yield "empty", ""
    for check, arguments in column.checks:
        match check:
            case "greater_than_or_equal_to":
                yield check, arguments["min_value"] - 1
            case "less_than_or_equal_to":
                yield check, arguments["max_value"] + 1
            case "isin":
                yield check, "no such value"
            case "str_matches":
                yield check, "\n no match"
            case "str_length":
                yield check, ""
            case _:
                raise AssertionError(f"no bad value is known for the check {check}")


CASES = [
    pytest.param(name, column, value, id=f"{name}.{column.name}-{rule}")
    for name, spec in SPECS.items()
    for column in spec.columns
    for rule, value in values_against(column)
]


@pytest.mark.parametrize(("name", "column", "value"), CASES)
def test_a_value_against_a_rule_is_refused(
    name: str, column: Column, value: Any, frames: dict[str, pl.DataFrame]
) -> None:
    frame = frames[name].head(3)
    assert frame.height, f"{name} has no row to break"
    broken = pl.Series(column.name, [value], dtype=column.dtype).extend_constant(value, frame.height - 1)
    with pytest.raises(InvalidTableError) as refused:
        validate(name, frame.with_columns(broken))
    failures = [failure for failure in refused.value.failures if failure.column == column.name]
    assert {failure.row for failure in failures} >= set(range(frame.height))


@pytest.mark.parametrize("name", SPECS)
def test_a_good_frame_passes_and_a_wrong_shape_does_not(name: str, frames: dict[str, pl.DataFrame]) -> None:
    frame = frames[name]
    assert validate(name, frame).equals(frame)
    first = SPECS[name].columns[0].name
    other = pl.Int32 if frame.schema[first] == pl.String else pl.String
    for wrong in (
        frame.drop(first),
        frame.with_columns(pl.lit(1).alias("one_too_many")),
        frame.with_columns(pl.lit(None, other).alias(first)),
        pl.concat([frame, frame.head(1)]),
    ):
        with pytest.raises(InvalidTableError):
            validate(name, wrong)


SPANNED = [name for name, spec in SPECS.items() if {"start_char", "end_char"} <= set(spec.polars_schema)]


@pytest.mark.parametrize("name", [name for name in SPANNED if name != "text_parts"])
def test_a_span_that_ends_before_it_begins_is_refused(name: str, frames: dict[str, pl.DataFrame]) -> None:
    start, end = pl.lit(10, pl.Int32).alias("start_char"), pl.lit(9, pl.Int32).alias("end_char")
    with pytest.raises(InvalidTableError, match=r"source\[10:9\]"):
        validate(name, frames[name].head(1).with_columns(start, end))
    with pytest.raises(InvalidTableError):
        validate(name, frames[name].head(1).with_columns(start, pl.lit(None, pl.Int32).alias("end_char")))


def test_the_message_lists_every_failing_row_by_key_and_span(frames: dict[str, pl.DataFrame]) -> None:
    references = frames["bib_references"].with_columns(
        pl.when(pl.col("ref_no") > 69).then(pl.lit(3000, pl.Int32)).otherwise("year").alias("year")
    )
    with pytest.raises(InvalidTableError) as refused:
        validate("bib_references", references)
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("table bib_references: 2 failure(s)")
    for ref_no, line in zip((70, 71), lines[1:], strict=True):
        start, end = references.filter(pl.col("ref_no") == ref_no).select("start_char", "end_char").row(0)
        assert f"review_id=spine-metastases-review ref_no={ref_no} source[{start}:{end}]: year: '3000'" in line


FOREIGN_KEYS = [
    pytest.param(name, key, id=f"{name}.{','.join(key.columns)}->{key.table}")
    for name, spec in SPECS.items()
    for key in spec.foreign_keys
]


@pytest.mark.parametrize(("name", "key"), FOREIGN_KEYS)
def test_a_row_that_points_at_nothing_is_refused(name: str, key: Any, frames: dict[str, pl.DataFrame]) -> None:
    assert reference_failures(name, frames) == []
    last = key.columns[-1]
    dtype = SPECS[name].polars_schema[last]
    nowhere = pl.lit("nowhere" if dtype == pl.String else 999_999, dtype)
    given = frames[name].drop_nulls(key.columns[:-1]).head(2).with_columns(nowhere.alias(last))
    assert given.height
    with pytest.raises(InvalidTableError, match=f"no such row in {key.table}"):
        validate_together({**frames, name: given})


CODED = [
    pytest.param(name, column, id=f"{name}.{column.name}")
    for name, spec in SPECS.items()
    for column in spec.columns
    if column.vocabulary and column.vocabulary != "journals"
]


@pytest.mark.parametrize(("name", "column"), CODED)
def test_a_code_that_is_no_concept_is_refused(name: str, column: Column, frames: dict[str, pl.DataFrame]) -> None:
    wrong = frames[name].with_columns(pl.lit("no_such_concept").alias(column.name))
    with pytest.raises(InvalidTableError, match=f"no concept of scheme {column.vocabulary}"):
        validate_together({**frames, name: wrong})


def test_only_plain_types_are_published() -> None:
    assert set(SQL_TYPES.values()) == {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE"}
    for spec in SPECS.values():
        assert {column.sql_type for column in spec.columns} <= set(SQL_TYPES.values())


def test_a_table_comes_after_those_it_points_at() -> None:
    names = list(SPECS)
    for name, spec in SPECS.items():
        for key in spec.foreign_keys:
            assert names.index(key.table) <= names.index(name)


def test_every_column_is_described_and_every_key_declared() -> None:
    for name, spec in SPECS.items():
        columns = set(spec.polars_schema)
        assert set(spec.key) <= columns, name
        for column in spec.columns:
            assert len(column.description) > 5, f"{name}.{column.name}"
        if spec.layer not in {"vocabulary", "meta"}:
            assert spec.columns[0].name == "review_id", name
