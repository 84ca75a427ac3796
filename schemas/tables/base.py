"""The building blocks of table models: columns, keys, the base classes and the `@table` decorator.

A published table is described once, by its pandera model. `spec` turns a model into a `Spec` of plain values, from
which the Parquet metadata, the DuckDB constraints and comments, the data package, the codebook and Dagster's column
schema are rendered. The models themselves are in the other modules of this package.
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
from pandera.api.polars.components import Column as PanderaColumn
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
"""The published types and their SQL names. Others are left out because R's Parquet readers fail on them."""

CODE = r"^[a-z][a-z0-9_]*$"
"""The pattern of codes and concept ids: lower_snake."""

REVIEW_ID = r"^[a-z0-9][a-z0-9._-]*$"
"""The pattern of review ids, which are names of folders."""

NOT_STATED = "not_stated"
"""The concept id, in any scheme, of a row whose source does not state the value."""


def column(
    description: str,
    *,
    nullable: bool = False,
    unit: str | None = None,
    vocabulary: str | None = None,
    verbatim: bool = False,
    codes: Mapping[str, str] | None = None,
    **checks: Any,
) -> Any:
    """Declare a column of a table: its meaning and the rules for its values.

    `unit` is the unit of measurement and `vocabulary` the concept scheme of its codes. `verbatim` marks the source's
    own wording, which is NULL in a release without verbatim text; facts such as names, numbers and titles of cited
    works are not verbatim. `codes` are the values that the column may hold, with their meaning (see `code_lists`).
    `checks` are pandera's: those that `pipelines/tables/column_rules.py` translates (`ge`, `le`, `isin`, `str_matches`,
    `str_length`).
    """
    if codes is not None:
        checks["isin"] = list(codes)
    return pa.Field(
        description=description,
        nullable=nullable,
        metadata={"unit": unit, "vocabulary": vocabulary, "verbatim": verbatim, "codes": codes or {}},
        **checks,
    )


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` refer to a row of `table` by its columns `references`; if one of them is NULL, they refer to no row."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.references:
            object.__setattr__(self, "references", self.columns)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as plain values. `checks` are the names of pandera's checks with their arguments.

    `codes` are the values that a column with a closed list may hold, with their meaning; empty for other columns.
    """

    name: str
    dtype: type[pl.DataType]
    description: str
    nullable: bool
    unit: str | None
    vocabulary: str | None
    verbatim: bool
    codes: Mapping[str, str]
    checks: tuple[tuple[str, Mapping[str, Any]], ...]

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.dtype]


@dataclass(frozen=True, slots=True)
class Spec:
    """A table as plain values.

    `grain` completes the sentence "One row per …"; `note` says what to mind when using the table. `column_sources`
    gives for each column the input columns, as (table, column), that it is derived from; it is empty for tables that
    are read from a source.
    """

    name: str
    layer: str
    grain: str
    note: str
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    columns: tuple[Column, ...]
    column_sources: Mapping[str, tuple[tuple[str, str], ...]]

    @property
    def description(self) -> str:
        return f"One row per {self.grain}." + (f" {self.note}" if self.note else "")

    @property
    def polars_schema(self) -> dict[str, type[pl.DataType]]:
        return {item.name: item.dtype for item in self.columns}


def _rejects_empty_text(check: Check) -> bool:
    rule = check.statistics or {}
    return (
        (check.name == "isin" and "" not in rule["allowed_values"])
        or (check.name == "str_matches" and re.match(rule["pattern"], "") is None)
        or (check.name == "str_length" and (rule.get("min_value") or 0) >= 1)
    )


class TableModel(pa.DataFrameModel):
    """The base class of every table model: exactly the declared columns, with exactly the declared types."""

    class Config:
        strict = True
        coerce = False

    @classmethod
    def to_schema(cls) -> DataFrameSchema:
        """The schema of the model, which also refuses empty text: a missing value is NULL."""
        schema: DataFrameSchema = super().to_schema()
        for item in schema.columns.values():
            if item.dtype.type == pl.String and not any(_rejects_empty_text(check) for check in item.checks):
                item.checks = [*item.checks, Check.str_length(min_value=1)]
        return schema


class ReviewTable(TableModel):
    """The base class of tables whose rows belong to a review."""

    review_id: pl.String = column("The review: the name of its folder in raw/", str_matches=REVIEW_ID)


class SpannedTable(ReviewTable):
    """The base class of tables whose rows are printed in the source, at `source[start_char:end_char]`."""

    start_char: pl.Int32 = column(
        "Start of the printed words: 0-based, in Unicode code points of the decoded source",
        unit="code point",
        nullable=True,
        ge=0,
    )
    end_char: pl.Int32 = column(
        "End of the printed words (exclusive), in Unicode code points of the decoded source",
        unit="code point",
        nullable=True,
        ge=0,
    )

    @pa.dataframe_check(description="start_char ≤ end_char, and either both or neither are NULL", error="span")
    def span_is_whole(cls, data: PolarsData) -> pl.LazyFrame:  # noqa: N805
        start, end = pl.col("start_char"), pl.col("end_char")
        return data.lazyframe.select(
            ((start.is_null() & end.is_null()) | (end >= start).fill_null(value=False)).alias("span")
        )


SPAN = ("start_char", "end_char")
"""The columns of a span; every table with a span has them last."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The arguments of `@table`."""

    layer: str
    grain: str
    note: str
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    column_sources: Mapping[str, str]


DECLARED: dict[type[TableModel], Declaration] = {}
"""Every model declared with `@table`, in order: a table comes after those that its foreign keys refer to."""

Model = TypeVar("Model", bound=type[TableModel])


def table(
    *,
    layer: str,
    grain: str,
    key: tuple[str, ...],
    foreign_keys: tuple[ForeignKey, ...] = (),
    column_sources: Mapping[str, str] | None = None,
    note: str = "",
) -> Callable[[Model], Model]:
    """Declare a model as a published table.

    `grain` is a noun phrase without article that completes "One row per …"; `key` is the primary key. Tables of the
    layers curated and analysis give `column_sources`, the column lineage that Dagster shows: columns of the table,
    separated by spaces, → the columns that they are derived from, as `table.column`, separated by spaces. A vocabulary
    file has no columns and is left out there.

    A decorator is used because pandera takes every attribute of a model for a column.
    """

    def declare(model: Model) -> Model:
        DECLARED[model] = Declaration(layer, grain, note, key, foreign_keys, column_sources or {})
        return model

    return declare


@cache
def spec(model: type[TableModel]) -> Spec:
    """The declared table as plain values; its name is the model's name in lower_snake.

    Raises TypeError if a column has a type that is not published or if `column_sources` does not match the columns.
    """
    schema = model.to_schema()
    declaration = DECLARED[model]
    names = [name for name in schema.columns if name not in SPAN]
    names += [name for name in SPAN if name in schema.columns]
    return Spec(
        name=table_name(model),
        layer=declaration.layer,
        grain=declaration.grain,
        note=declaration.note,
        key=declaration.key,
        foreign_keys=declaration.foreign_keys,
        columns=tuple(_plain_column(model, name, schema.columns[name]) for name in names),
        column_sources=_plain_sources(model, names),
    )


def _plain_column(model: type[TableModel], name: str, declared: PanderaColumn) -> Column:
    dtype = declared.dtype.type
    dtype = dtype if isinstance(dtype, type) else type(dtype)
    if dtype not in SQL_TYPES:
        raise TypeError(
            f"{model.__name__}.{name} has the type {dtype}, which is not published; use one of "
            f"{list(SQL_TYPES.values())} (SQL_TYPES in schemas/tables/base.py)"
        )
    metadata = declared.metadata or {}
    return Column(
        name=name,
        dtype=dtype,
        description=declared.description or "",
        nullable=declared.nullable,
        unit=metadata.get("unit"),
        vocabulary=metadata.get("vocabulary"),
        verbatim=metadata.get("verbatim", False),
        codes=metadata.get("codes", {}),
        checks=tuple((str(check.name), dict(check.statistics or {})) for check in declared.checks),
    )


def _plain_sources(model: type[TableModel], columns: list[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    declaration = DECLARED[model]
    plain = {}
    for names, sources in declaration.column_sources.items():
        split = tuple((table, column) for table, _, column in (source.partition(".") for source in sources.split()))
        plain.update(dict.fromkeys(names.split(), split))
    wrong = sorted(set(plain) ^ set(columns))
    if wrong and (plain or declaration.layer == "analysis"):
        raise TypeError(
            f"{model.__name__}: column_sources of @table in schemas/tables must name exactly the columns of the "
            f"table; missing or unknown: {', '.join(wrong)}"
        )
    return plain


def table_name(model: type[TableModel]) -> str:
    """`BibReferences` → `bib_references`."""
    name = model.__name__
    return "".join(
        f"_{letter.lower()}" if letter.isupper() and index else letter.lower() for index, letter in enumerate(name)
    )
