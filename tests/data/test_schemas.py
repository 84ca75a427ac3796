"""Every model rejects invalid frames: frames of the built release, each broken in one way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.tables.validation import (
    InvalidTableError,
    find_reference_failures,
    validate,
    validate_across_reviews,
    validate_together,
)
from schemas.tables import SPECS, base
from schemas.tables.base import SQL_TYPES, Column

A_VARIANT = {
    "field": "year",
    "value": "2004",
    "n_reviews": 1,
    "n_references": 1,
    "is_majority": True,
    "value_source": "heel/1",
}
AN_OVERLAP = {"scope": "studies", "n_works": 2, "n_other_works": 2, "n_shared": 1, "cca": 1 / 3}
OF_ALL_REVIEWS = {"works": "work_id", "work_variants": "work_id", "corpus_overlap": "scope"}
"""The first column of tables that do not begin with review_id, because a row is about all reviews."""
A_PAGE_BOX = {"start_char": 0, "end_char": 20, "page_no": 1, "x0": 56.7, "y0": 70.9, "x1": 283.5, "y1": 80.4}
A_QUARANTINED_SOURCE = {"review_id": "broken", "source_path": "broken", "reason": "empty"}


@pytest.fixture(scope="module")
def frames(outputs: Path) -> dict[str, pl.DataFrame]:
    """Each table of the release; tables that are empty there have a row made by hand."""
    parquet = outputs / "latest" / "parquet"
    read = {name: pl.read_parquet(parquet / f"{name}.parquet") for name in SPECS}
    read["quarantined_sources"] = pl.DataFrame(
        [A_QUARANTINED_SOURCE], schema=SPECS["quarantined_sources"].polars_schema
    )
    read["page_boxes"] = pl.DataFrame(
        [{**A_PAGE_BOX, "review_id": read["reviews"]["review_id"][0]}], schema=SPECS["page_boxes"].polars_schema
    )
    a_variant = {**A_VARIANT, "work_id": read["works"]["work_id"][0]}
    read["work_variants"] = pl.DataFrame([a_variant], schema=SPECS["work_variants"].polars_schema)
    a_pair = dict.fromkeys(("review_id", "other_review_id"), read["reviews"]["review_id"][0])
    read["review_overlap"] = pl.DataFrame([{**AN_OVERLAP, **a_pair}], schema=SPECS["review_overlap"].polars_schema)
    return read


def invalid_values(column: Column) -> Iterator[tuple[str, Any]]:
    """For each rule of a column a value that breaks it, plus NULL if it is not nullable and the empty text."""
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
                raise AssertionError(f"add a value that breaks the check {check} to invalid_values")


@pytest.mark.parametrize("name", SPECS)
def test_rejects_every_value_that_breaks_a_rule(name: str, frames: dict[str, pl.DataFrame]) -> None:
    cases = [(column, rule, value) for column in SPECS[name].columns for rule, value in invalid_values(column)]
    assert frames[name].height, f"{name} has no row to break"
    # One row per case, in which only the value of this case is wrong.
    rows = [{**frames[name].row(0, named=True), column.name: value} for column, _, value in cases]
    with pytest.raises(InvalidTableError) as raised:
        validate(name, pl.DataFrame(rows, schema=frames[name].schema))
    failures = [failure for failure in raised.value.failures if failure.rule != "unique primary key"]
    found = {(failure.column, failure.row) for failure in failures}
    accepted = [
        f"{column.name}: {rule} ({value!r})"
        for row, (column, rule, value) in enumerate(cases)
        if (column.name, row) not in found
    ]
    assert accepted == []


@pytest.mark.parametrize("name", SPECS)
def test_accepts_a_valid_frame_and_rejects_wrong_columns_types_and_duplicate_keys(
    name: str, frames: dict[str, pl.DataFrame]
) -> None:
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


@pytest.mark.parametrize("name", [name for name in SPANNED if name not in ("page_boxes", "text_parts")])
def test_rejects_a_span_that_ends_before_it_starts_or_lacks_its_end(name: str, frames: dict[str, pl.DataFrame]) -> None:
    start, end = pl.lit(10, pl.Int32).alias("start_char"), pl.lit(9, pl.Int32).alias("end_char")
    with pytest.raises(InvalidTableError, match=r"source\[10:9\]"):
        validate(name, frames[name].head(1).with_columns(start, end))
    with pytest.raises(InvalidTableError):
        validate(name, frames[name].head(1).with_columns(start, pl.lit(None, pl.Int32).alias("end_char")))


def test_the_message_lists_every_failing_row_by_key_and_span(frames: dict[str, pl.DataFrame]) -> None:
    references = frames["bib_references"].with_columns(
        pl.when(pl.col("ref_no") > 69).then(pl.lit(3000, pl.Int32)).otherwise("year").alias("year")
    )
    with pytest.raises(InvalidTableError) as raised:
        validate("bib_references", references)
    lines = str(raised.value).splitlines()
    assert lines[0].startswith("table bib_references: 2 failure(s)")
    for ref_no, line in zip((70, 71), lines[1:], strict=True):
        start, end = references.filter(pl.col("ref_no") == ref_no).select("start_char", "end_char").row(0)
        assert f"review_id=spine-metastases-review ref_no={ref_no} source[{start}:{end}]: year: '3000'" in line


FOREIGN_KEYS = [
    pytest.param(name, key, id=f"{name}.{','.join(key.columns)}->{key.table}")
    for name, spec in SPECS.items()
    for key in spec.foreign_keys
]


def validate_whole(frames: dict[str, pl.DataFrame]) -> None:
    validate_together(frames)
    validate_across_reviews({name: frame.lazy() for name, frame in frames.items()})


@pytest.mark.parametrize(("name", "key"), FOREIGN_KEYS)
def test_rejects_a_foreign_key_to_a_missing_row(name: str, key: Any, frames: dict[str, pl.DataFrame]) -> None:
    assert find_reference_failures(name, frames) == []
    last = key.columns[-1]
    dtype = SPECS[name].polars_schema[last]
    nowhere = pl.lit("nowhere" if dtype == pl.String else 999_999, dtype)
    given = frames[name].drop_nulls(key.columns[:-1]).head(2).with_columns(nowhere.alias(last))
    assert given.height
    wrong = {**frames, name: given}
    with pytest.raises(InvalidTableError, match=f"foreign key to {key.table}"):
        validate_whole(wrong)


CODED = [
    pytest.param(name, column, id=f"{name}.{column.name}")
    for name, spec in SPECS.items()
    for column in spec.columns
    if column.vocabulary and column.vocabulary != "journals"
]


@pytest.mark.parametrize(("name", "column"), CODED)
def test_rejects_a_code_that_its_scheme_lacks(name: str, column: Column, frames: dict[str, pl.DataFrame]) -> None:
    wrong = frames[name].with_columns(pl.lit("no_such_concept").alias(column.name))
    with pytest.raises(InvalidTableError, match=f"concept of scheme {column.vocabulary}"):
        validate_together({**frames, name: wrong})


def test_only_plain_types_are_published() -> None:
    assert set(SQL_TYPES.values()) == {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE"}
    for spec in SPECS.values():
        assert {column.sql_type for column in spec.columns} <= set(SQL_TYPES.values())


def test_a_table_comes_after_those_that_its_foreign_keys_refer_to() -> None:
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
            assert spec.columns[0].name == OF_ALL_REVIEWS.get(name, "review_id"), name


class LanguageCounts(base.ReviewTable):
    """A model that is declared only for the tests below."""

    language: pl.String = base.column("Language of the cited works", str_length={"min_value": 1})
    n: pl.Int32 = base.column("Number of references", ge=1)


def declare(monkeypatch: pytest.MonkeyPatch, column_sources: dict[str, str]) -> None:
    declaration = base.Declaration("analysis", "language", "A note.", ("review_id", "language"), (), column_sources)
    model: type[base.TableModel] = LanguageCounts
    monkeypatch.setitem(base.DECLARED, model, declaration)
    base.spec.cache_clear()


def test_column_sources_are_split_into_columns_and_their_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, {"review_id": "a.review_id", "language n": "a.language b.code"})
    declared = base.spec(LanguageCounts)
    inputs = (("a", "language"), ("b", "code"))
    assert declared.column_sources == {"review_id": (("a", "review_id"),), "language": inputs, "n": inputs}
    assert declared.description == "One row per language. A note."


@pytest.mark.parametrize(
    ("column_sources", "wrong"),
    [({}, "language, n, review_id"), ({"review_id language": "a.b"}, "n"), ({"review_id language n m": "a.b"}, "m")],
)
def test_rejects_column_sources_that_do_not_match_the_columns(
    column_sources: dict[str, str], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, column_sources)
    with pytest.raises(TypeError, match=rf"LanguageCounts: column_sources .* unknown: {wrong}$"):
        base.spec(LanguageCounts)
