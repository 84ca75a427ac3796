"""Validate frames against their models in `schemas.tables`: columns, types, values, keys, foreign keys and codes.

Takes frames and returns failures or raises InvalidTableError. It decides nothing else: whether a failure stops a build
is declared in `pipelines.checks.policies`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl
from pandera.api.polars.container import DataFrameSchema
from pandera.errors import SchemaErrors

from pipelines.tables.column_rules import translate_checks
from schemas.tables import SPECS, TABLES
from schemas.tables.base import SPAN, ForeignKey

ID_VOCABULARIES = frozenset({"journals"})
"""Vocabularies that have a table of their own instead of a concept scheme; a foreign key checks their ids."""

_SPAN_CHECK = "span"
"""The only check over several columns that `passes_fast_check` evaluates."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that a table breaks. `row` is the index of the row in the frame; None if the whole table breaks it."""

    table: str
    rule: str
    column: str | None = None
    row: int | None = None
    value: str | None = None


class InvalidTableError(ValueError):
    """A table breaks its model. The message lists every failing row by its key and its span in the source."""

    def __init__(self, failures: list[Failure], frames: Mapping[str, pl.DataFrame]) -> None:
        self.failures = failures
        super().__init__("\n".join(_message_lines(failures, frames)))


def validate(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its columns in the model's order. Raises InvalidTableError with all failures."""
    failures = find_table_failures(name, frame)
    if failures:
        raise InvalidTableError(failures, {name: frame})
    return frame.select(list(SPECS[name].polars_schema))


def validate_together(frames: Mapping[str, pl.DataFrame]) -> None:
    """Raise InvalidTableError if a row refers to a missing row or concept. `frames` must have all tables."""
    failures = [failure for name in frames for failure in find_reference_failures(name, frames)]
    if failures:
        raise InvalidTableError(failures, frames)


def validate_across_reviews(frames: Mapping[str, pl.LazyFrame]) -> None:
    """Raise InvalidTableError if a row refers to another review that is missing.

    `frames` must have all tables, whole: a batch of reviews does not have the other review.
    """
    for name, table in SPECS.items():
        keys = [key for key in table.foreign_keys if _crosses_reviews(key)]
        if not keys:
            continue
        targets = {key.table: frames[key.table].select(key.references).collect() for key in keys}
        whole = {**targets, name: frames[name].collect()}
        failures = [failure for key in keys for failure in _dangling_rows(name, key, whole)]
        if failures:
            raise InvalidTableError(failures, whole)


def find_table_failures(name: str, frame: pl.DataFrame, nullable: Iterable[str] = ()) -> list[Failure]:
    """The failures within one table: columns, types, nullability, value rules and the primary key.

    `nullable` names columns that may be NULL here even if the model forbids it.
    """
    optional = frozenset(nullable)
    failures = []
    if not passes_fast_check(name, frame, optional):
        try:
            # Of a lazy frame pandera checks only the schema, not the values.
            _schema(name, optional).validate(frame, lazy=True)
        except SchemaErrors as error:
            failures = [_from_failure_case(name, case) for case in error.failure_cases.to_dicts()]
    return failures + _key_failures(name, frame)


def find_reference_failures(name: str, frames: Mapping[str, pl.DataFrame]) -> list[Failure]:
    """The rows of a table whose foreign keys or codes refer to nothing in the other tables.

    Foreign keys to another review are left to `validate_across_reviews`.
    """
    table = SPECS[name]
    keys = [key for key in table.foreign_keys if not _crosses_reviews(key)]
    failures = [failure for key in keys for failure in _dangling_rows(name, key, frames)]
    frame = frames[name].with_row_index("row_index")
    for column in table.columns:
        if column.vocabulary is None or column.vocabulary in ID_VOCABULARIES:
            continue
        concepts = frames["concepts"].filter(pl.col("scheme") == column.vocabulary)["concept_id"]
        value = pl.col(column.name)
        unknown = frame.filter(value.is_not_null() & ~value.is_in(concepts.implode()))
        failures += [
            Failure(name, f"concept of scheme {column.vocabulary}", column.name, row["row_index"], row[column.name])
            for row in unknown.to_dicts()
        ]
    return failures


def _crosses_reviews(key: ForeignKey) -> bool:
    """Whether the key may refer to a row of another review than that of the row itself."""
    return "review_id" in key.references and "review_id" not in key.columns


def _dangling_rows(name: str, key: ForeignKey, frames: Mapping[str, pl.DataFrame]) -> list[Failure]:
    """The rows of a table in which a foreign key refers to no row."""
    complete = frames[name].with_row_index("row_index").drop_nulls(list(key.columns))
    target = frames[key.table].select(key.references)
    dangling = complete.join(target, left_on=key.columns, right_on=key.references, how="anti", nulls_equal=False)
    return [
        Failure(
            name,
            f"foreign key to {key.table}",
            ", ".join(key.columns),
            row["row_index"],
            ", ".join(str(row[part]) for part in key.columns),
        )
        for row in dangling.to_dicts()
    ]


def passes_fast_check(name: str, frame: pl.DataFrame, nullable: frozenset[str] = frozenset()) -> bool:
    """Whether one Polars query shows that the frame satisfies its model; False if pandera has to decide.

    Pandera takes about 20 ms per table for any number of rows, which is long compared with reading a batch of reviews.
    """
    rules = _fast_rules(name, nullable)
    if rules is None or dict(frame.schema) != SPECS[name].polars_schema:
        return False
    return all(frame.select(rule.all().alias(str(number)) for number, rule in enumerate(rules)).row(0))


@cache
def _schema(name: str, nullable: frozenset[str]) -> DataFrameSchema:
    schema: DataFrameSchema = TABLES[name].to_schema()
    return schema.update_columns({column: {"nullable": True} for column in nullable}) if nullable else schema


@cache
def _fast_rules(name: str, nullable: frozenset[str]) -> list[pl.Expr] | None:
    """The model as expressions that are true for every valid row; None if only pandera can evaluate one of them."""
    frame_checks = [check.error for check in _schema(name, nullable).checks]
    if frame_checks not in ([], [_SPAN_CHECK]):
        return None
    columns = SPECS[name].columns
    rules = [
        pl.col(column.name).is_not_null() for column in columns if not column.nullable and column.name not in nullable
    ]
    rules += [
        rule.to_polars(pl.col(column.name)).fill_null(value=True)
        for column in columns
        for rule in translate_checks(column)
    ]
    if frame_checks:
        start, end = (pl.col(column) for column in SPAN)
        rules.append((start.is_null() & end.is_null()) | (end >= start).fill_null(value=False))
    return rules


def _key_failures(name: str, frame: pl.DataFrame) -> list[Failure]:
    key = list(SPECS[name].key)
    if not set(key) <= set(frame.columns):
        return []
    duplicated = frame.select(key).is_duplicated()
    return [
        Failure(
            name,
            "unique primary key",
            ", ".join(key),
            row,
            ", ".join(str(value) for value in frame.select(key).row(row)),
        )
        for row in duplicated.arg_true().to_list()
    ]


def _from_failure_case(name: str, case: Mapping[str, object]) -> Failure:
    column = case["column"]
    row = case["index"]
    value = case["failure_case"]
    return Failure(
        table=name,
        rule=str(case["check"]),
        column=None if column in (None, name, TABLES[name].__name__) else str(column),
        row=row if isinstance(row, int) else None,
        value=None if value is None else str(value),
    )


def _message_lines(failures: list[Failure], frames: Mapping[str, pl.DataFrame]) -> Iterable[str]:
    for table in dict.fromkeys(failure.table for failure in failures):
        of_table = [failure for failure in failures if failure.table == table]
        yield f"table {table}: {len(of_table)} failure(s) against its model in schemas/tables"
        frame = frames[table]
        for failure in of_table:
            place = "table" if failure.row is None else _place(table, frame, failure.row)
            column = f" {failure.column}:" if failure.column else ""
            yield f"  {place}:{column} {failure.value!r} violates {failure.rule}"


def _place(table: str, frame: pl.DataFrame, row: int) -> str:
    values = frame.row(row, named=True)
    key = " ".join(f"{name}={values[name]}" for name in SPECS[table].key if name in values)
    span = f" source[{values['start_char']}:{values['end_char']}]" if set(SPAN) <= set(values) else ""
    return f"row {key}{span}"
