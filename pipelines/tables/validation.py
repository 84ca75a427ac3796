"""Whether frames are what their models in `schemas.tables` say: columns, types, values, keys, foreign keys, codes.

Pure functions on frames. What to do about a failure is the caller's: the build stops on `InvalidTableError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from pandera.api.polars.container import DataFrameSchema
from pandera.errors import SchemaErrors

from schemas.tables import TABLES
from schemas.tables.base import SPAN, Spec, Table, spec

UNCODED = frozenset({"journals"})
"""Vocabularies that are tables of their own and not concept schemes; a foreign key guards their ids."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that does not hold: of a row where `row` is its index in the frame, else of the table."""

    table: str
    rule: str
    column: str | None = None
    row: int | None = None
    value: str | None = None


class InvalidTableError(ValueError):
    """A table is not what its model says; the message lists every failing row by its key and its span in the source."""

    def __init__(self, failures: list[Failure], frames: Mapping[str, pl.DataFrame]) -> None:
        self.failures = failures
        super().__init__("\n".join(_lines(failures, frames)))


def validate(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its columns in the order of the model, or InvalidTableError with all that is wrong with it."""
    failures = table_failures(name, frame)
    if failures:
        raise InvalidTableError(failures, {name: frame})
    return frame.select(TABLES_COLUMNS[name])


def validate_together(frames: Mapping[str, pl.DataFrame]) -> None:
    """Raise InvalidTableError where a row points at a row or a concept that is not there. All tables must be given."""
    failures = [failure for name in frames for failure in reference_failures(name, frames)]
    if failures:
        raise InvalidTableError(failures, frames)


def table_failures(name: str, frame: pl.DataFrame, nullable: Iterable[str] = ()) -> list[Failure]:
    """What breaks the table's own rules: columns, types, nullability, value rules and the primary key.

    `nullable` names columns that may be NULL here, whatever the model says.
    """
    model = TABLES[name]
    schema = _schema(model, frozenset(nullable))
    failures = []
    if not _is_seen_to_hold(schema, spec(model), frame):
        try:
            # An eager frame: of a lazy one pandera checks the schema only and lets bad values pass.
            schema.validate(frame, lazy=True)
        except SchemaErrors as error:
            failures = [_from_case(name, case) for case in error.failure_cases.to_dicts()]
    return failures + _key_failures(spec(model), frame)


@cache
def _schema(model: type[Table], nullable: frozenset[str]) -> DataFrameSchema:
    schema: DataFrameSchema = model.to_schema()
    return schema.update_columns({name: {"nullable": True} for name in nullable}) if nullable else schema


def reference_failures(name: str, frames: Mapping[str, pl.DataFrame]) -> list[Failure]:
    """The rows of a table whose foreign keys or codes name nothing in the other tables."""
    declared = spec(TABLES[name])
    frame = frames[name].with_row_index("row_index")
    failures = []
    for key in declared.foreign_keys:
        given = frame.drop_nulls(list(key.columns))
        target = frames[key.table].select(key.references)
        dangling = given.join(target, left_on=key.columns, right_on=key.references, how="anti", nulls_equal=False)
        failures += [
            Failure(
                name,
                f"no such row in {key.table}",
                ", ".join(key.columns),
                row["row_index"],
                ", ".join(str(row[part]) for part in key.columns),
            )
            for row in dangling.to_dicts()
        ]
    for item in declared.columns:
        if item.vocabulary is None or item.vocabulary in UNCODED:
            continue
        known = frames["concepts"].filter(pl.col("scheme") == item.vocabulary)["concept_id"]
        unknown = frame.filter(pl.col(item.name).is_not_null() & ~pl.col(item.name).is_in(known.implode()))
        failures += [
            Failure(name, f"no concept of scheme {item.vocabulary}", item.name, row["row_index"], row[item.name])
            for row in unknown.to_dicts()
        ]
    return failures


def _is_seen_to_hold(schema: DataFrameSchema, declared: Spec, frame: pl.DataFrame) -> bool:
    """Whether one quick look shows that the model holds; False where it does not, or where the look is not enough.

    Pandera takes some 20 ms a table however few its rows are, which is long beside reading a batch of reviews.
    """
    of_frame = [check.error for check in schema.checks]
    if dict(frame.schema) != declared.polars_schema or of_frame not in ([], ["span"]):
        return False
    rules = [
        pl.col(column.name).is_not_null() for column in declared.columns if not schema.columns[column.name].nullable
    ]
    for column in declared.columns:
        for check, arguments in column.checks:
            rule = _rule(pl.col(column.name), check, arguments)
            if rule is None:
                return False
            rules.append(rule.fill_null(value=True))
    if of_frame:
        start, end = (pl.col(name) for name in SPAN)
        rules.append((start.is_null() & end.is_null()) | (end >= start).fill_null(value=False))
    return all(frame.select(rule.all().alias(str(number)) for number, rule in enumerate(rules)).row(0))


def _rule(value: pl.Expr, check: str, arguments: Mapping[str, Any]) -> pl.Expr | None:
    """Where a declared check holds; None where only pandera knows."""
    match check:
        case "greater_than_or_equal_to":
            return value.ge(arguments["min_value"])
        case "less_than_or_equal_to":
            return value.le(arguments["max_value"])
        case "isin":
            return value.is_in(list(arguments["allowed_values"]))
        case "str_matches" if str(arguments["pattern"]).startswith("^"):
            return value.str.contains(arguments["pattern"])
        case "str_length":
            length = value.str.len_chars()
            low, high = arguments.get("min_value") or 0, arguments.get("max_value")
            return length >= low if high is None else length.is_between(low, high)
    return None


def _key_failures(declared: Spec, frame: pl.DataFrame) -> list[Failure]:
    key = list(declared.key)
    if not set(key) <= set(frame.columns):
        return []
    doubled = frame.select(key).is_duplicated()
    return [
        Failure(
            declared.name,
            "the primary key is there twice",
            ", ".join(key),
            row,
            ", ".join(str(value) for value in frame.select(key).row(row)),
        )
        for row in doubled.arg_true().to_list()
    ]


def _from_case(name: str, case: Mapping[str, object]) -> Failure:
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


def _lines(failures: list[Failure], frames: Mapping[str, pl.DataFrame]) -> Iterable[str]:
    for table in dict.fromkeys(failure.table for failure in failures):
        of_table = [failure for failure in failures if failure.table == table]
        yield f"table {table}: {len(of_table)} failure(s) against schemas/tables"
        frame = frames[table]
        for failure in of_table:
            place = "table" if failure.row is None else _place(table, frame, failure.row)
            column = f" {failure.column}:" if failure.column else ""
            yield f"  {place}:{column} {failure.value!r} breaks {failure.rule}"


def _place(table: str, frame: pl.DataFrame, row: int) -> str:
    values = frame.row(row, named=True)
    key = " ".join(f"{name}={values[name]}" for name in spec(TABLES[table]).key if name in values)
    span = f" source[{values['start_char']}:{values['end_char']}]" if set(SPAN) <= set(values) else ""
    return f"row {key}{span}"


TABLES_COLUMNS: Mapping[str, list[str]] = {
    name: [item.name for item in spec(model).columns] for name, model in TABLES.items()
}
