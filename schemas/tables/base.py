"""How a published table is described: a pandera model is the one place where its columns, keys and grain stand.

`Table` is the base of every model; `Spec` is a model as plain values, from which the Parquet metadata, the DuckDB
constraints and comments, the data package, the codebook and Dagster's column schema are rendered. No table is
declared here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.api.checks import Check
from pandera.api.polars.container import DataFrameSchema
from pandera.api.polars.types import PolarsData

SQL_TYPES: Mapping[type[pl.DataType], str] = {
    pl.String: "VARCHAR",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
}
"""The only types that are published (R readers break on others) and their SQL names."""

CODE = r"^[a-z][a-z0-9_]*$"
"""Codes and concept ids are lower_snake."""

NOT_STATED = "not_stated"
"""The concept, of whatever scheme, that a row is given where its source does not say."""


def column(
    description: str,
    *,
    nullable: bool = False,
    unit: str | None = None,
    vocabulary: str | None = None,
    verbatim: bool = False,
    **checks: Any,
) -> Any:
    """A column of a table: what it means, and the rules its values keep.

    `unit` is the unit of measurement, `vocabulary` the concept scheme that codes come from; `verbatim` marks the
    source's own wording, which a release without verbatim text leaves NULL (facts such as names, titles of cited works
    and numbers are none); `checks` are pandera's (`ge`, `le`, `isin`, `str_matches`, …).
    """
    return pa.Field(
        description=description,
        nullable=nullable,
        metadata={"unit": unit, "vocabulary": vocabulary, "verbatim": verbatim},
        **checks,
    )


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of a table name a row of `table` by its `references` columns; a NULL among them names none."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.references:
            object.__setattr__(self, "references", self.columns)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as plain values. `checks` are pandera's, by name, with their arguments."""

    name: str
    dtype: type[pl.DataType]
    description: str
    nullable: bool
    unit: str | None
    vocabulary: str | None
    verbatim: bool
    checks: tuple[tuple[str, Mapping[str, Any]], ...]

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.dtype]


@dataclass(frozen=True, slots=True)
class Spec:
    """A table as plain values: `grain` says what one row is."""

    name: str
    layer: str
    grain: str
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    columns: tuple[Column, ...]

    @property
    def polars_schema(self) -> dict[str, type[pl.DataType]]:
        return {item.name: item.dtype for item in self.columns}


def _refuses_empty(check: Check) -> bool:
    rule = check.statistics or {}
    return (
        (check.name == "isin" and "" not in rule["allowed_values"])
        or (check.name == "str_matches" and re.match(rule["pattern"], "") is None)
        or (check.name == "str_length" and (rule.get("min_value") or 0) >= 1)
    )


class Table(pa.DataFrameModel):
    """The base of every table model: exactly the declared columns, with exactly the declared types."""

    class Config:
        strict = True
        coerce = False

    @classmethod
    def to_schema(cls) -> DataFrameSchema:
        """The schema of the model, by which no text is empty: what is missing is NULL."""
        schema: DataFrameSchema = super().to_schema()
        for item in schema.columns.values():
            if item.dtype.type == pl.String and not any(_refuses_empty(check) for check in item.checks):
                item.checks = [*item.checks, Check.str_length(min_value=1)]
        return schema


class OfReview(Table):
    """A table whose rows belong to a review."""

    review_id: pl.String = column("The review: the name of its folder in raw/", str_matches=r"^[a-z0-9][a-z0-9._-]*$")


class Spanned(OfReview):
    """A table whose rows stand in the source at `source[start_char:end_char]`."""

    start_char: pl.Int32 = column(
        "Where the printed words begin: 0-based, in Unicode code points of the decoded source",
        unit="code point",
        nullable=True,
        ge=0,
    )
    end_char: pl.Int32 = column(
        "Where the printed words end (exclusive), in Unicode code points of the decoded source",
        unit="code point",
        nullable=True,
        ge=0,
    )

    @pa.dataframe_check(description="end_char is not before start_char, and both are given or neither", error="span")
    def span_is_whole(cls, data: PolarsData) -> pl.LazyFrame:  # noqa: N805
        start, end = pl.col("start_char"), pl.col("end_char")
        return data.lazyframe.select(
            ((start.is_null() & end.is_null()) | (end >= start).fill_null(value=False)).alias("span")
        )


SPAN = ("start_char", "end_char")


@dataclass(frozen=True, slots=True)
class Declaration:
    layer: str
    grain: str
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]


DECLARED: dict[type[Table], Declaration] = {}
"""Every model that `table` declares, in the order of declaration: a table comes after those its foreign keys name."""

Model = TypeVar("Model", bound=type[Table])


def table(
    *, layer: str, grain: str, key: tuple[str, ...], foreign_keys: tuple[ForeignKey, ...] = ()
) -> Callable[[Model], Model]:
    """Declare a model as a published table: its layer, what one row is, its primary key and its foreign keys.

    A decorator and not class variables, because pandera takes every attribute of a model for a column.
    """

    def declare(model: Model) -> Model:
        DECLARED[model] = Declaration(layer, grain, key, foreign_keys)
        return model

    return declare


def _plain_checks(checks: list[Check]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return tuple((str(check.name), dict(check.statistics or {})) for check in checks)


@cache
def spec(model: type[Table]) -> Spec:
    """The table that a model declares, as plain values; its name is the model's own name in lower_snake.

    Raises TypeError where a column has a type that is not published.
    """
    schema = model.to_schema()
    columns = []
    names = [name for name in schema.columns if name not in SPAN]
    names += [name for name in SPAN if name in schema.columns]
    for name in names:
        declared = schema.columns[name]
        dtype = declared.dtype.type
        dtype = dtype if isinstance(dtype, type) else type(dtype)
        if dtype not in SQL_TYPES:
            raise TypeError(
                f"{model.__name__}.{name}: {dtype} is no published type; use one of {list(SQL_TYPES.values())}"
            )
        metadata = declared.metadata or {}
        columns.append(
            Column(
                name=name,
                dtype=dtype,
                description=declared.description,
                nullable=declared.nullable,
                unit=metadata.get("unit"),
                vocabulary=metadata.get("vocabulary"),
                verbatim=metadata.get("verbatim", False),
                checks=_plain_checks(declared.checks),
            )
        )
    declaration = DECLARED[model]
    return Spec(
        name=table_name(model),
        layer=declaration.layer,
        grain=declaration.grain,
        key=declaration.key,
        foreign_keys=declaration.foreign_keys,
        columns=tuple(columns),
    )


def table_name(model: type[Table]) -> str:
    """`BibReferences` → `bib_references`."""
    name = model.__name__
    return "".join(
        f"_{letter.lower()}" if letter.isupper() and index else letter.lower() for index, letter in enumerate(name)
    )
