"""Every translation of a column rule accepts the same values, and an unknown check names the file to edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaErrors

from pipelines.tables.column_rules import RULES, translate_checks
from pipelines.tables.ddl import render_comments, render_create_table
from schemas.tables import SPECS
from schemas.tables.base import SQL_TYPES, Column


@dataclass(frozen=True)
class RuleCase:
    """A check with its arguments in pandera, values that it accepts or not, and its expected renderings."""

    check: str
    arguments: dict[str, Any]
    accepted: list[Any]
    rejected: list[Any]
    sql: list[str]
    words: list[str]
    frictionless: dict[str, Any]

    @property
    def dtype(self) -> type[pl.DataType]:
        return {str: pl.String, int: pl.Int32, float: pl.Float64}[type(self.accepted[0])]

    @property
    def column(self) -> Column:
        return Column("c", self.dtype, "A column", True, None, None, False, {}, ((self.check, self.arguments),))


CASES = [
    RuleCase(
        "greater_than_or_equal_to",
        {"min_value": 1},
        [1, 2],
        [0, -1],
        ['"c" >= 1'],
        ["≥ 1"],
        {"minimum": 1},
    ),
    RuleCase(
        "less_than_or_equal_to",
        {"max_value": 0.5},
        [0.5, -2.0],
        [0.51],
        ['"c" <= 0.5'],
        ["≤ 0.5"],
        {"maximum": 0.5},
    ),
    RuleCase(
        "isin",
        {"allowed_values": ["a", "it's"]},
        ["a", "it's"],
        ["b", "A", ""],
        ["\"c\" IN ('a', 'it''s')"],
        ["one of a, it's"],
        {"enum": ["a", "it's"]},
    ),
    RuleCase(
        "str_matches",
        {"pattern": r"^[a-z]+$"},
        ["ab"],
        ["1", "a1", ""],
        ["regexp_matches(\"c\", '^[a-z]+$')"],
        ["matches ^[a-z]+$"],
        {"pattern": r"^[a-z]+$"},
    ),
    # Pandera matches at the start of a value even if the pattern does not say so.
    RuleCase(
        "str_matches",
        {"pattern": "[a-z]"},
        ["a1"],
        ["1a"],
        ["regexp_matches(\"c\", '^[a-z]')"],
        ["matches ^[a-z]"],
        {"pattern": "^[a-z]"},
    ),
    RuleCase(
        "str_length",
        {"min_value": 1, "max_value": None, "exact_value": None},
        ["a", "äöü"],
        [""],
        ['length("c") >= 1'],
        ["not empty"],
        {"minLength": 1},
    ),
    RuleCase(
        "str_length",
        {"min_value": 2, "max_value": 3, "exact_value": None},
        ["äö", "äöü"],
        ["ä", "äöüß"],
        ['length("c") >= 2', 'length("c") <= 3'],
        ["≥ 2 characters", "≤ 3 characters"],
        {"minLength": 2, "maxLength": 3},
    ),
    RuleCase(
        "str_length",
        {"min_value": None, "max_value": None, "exact_value": 2},
        ["äö"],
        ["ä", "äöü"],
        ['length("c") >= 2', 'length("c") <= 2'],
        ["≥ 2 characters", "≤ 2 characters"],
        {"minLength": 2, "maxLength": 2},
    ),
]

every_rule = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.words[-1]}")


def test_every_translated_check_has_a_case() -> None:
    assert {case.check for case in CASES} == set(RULES)


@every_rule
def test_renderings_of_a_rule(case: RuleCase) -> None:
    (rule,) = translate_checks(case.column)
    assert rule.to_sql('"c"') == case.sql
    assert rule.to_words() == case.words
    assert rule.to_frictionless() == case.frictionless


@every_rule
def test_polars_sql_and_pandera_accept_the_same_values(case: RuleCase) -> None:
    (rule,) = translate_checks(case.column)
    values = [*case.accepted, *case.rejected, None]
    expected = [True] * len(case.accepted) + [False] * len(case.rejected) + [True]
    frame = pl.DataFrame({"c": pl.Series(values, dtype=case.dtype)})
    assert frame.select(rule.to_polars(pl.col("c")).fill_null(value=True))["c"].to_list() == expected

    table = f"CREATE TABLE t (c {SQL_TYPES[case.dtype]}, " + ", ".join(f"CHECK ({sql})" for sql in case.sql) + ")"
    with duckdb.connect() as connection:
        connection.execute(table)
        for value, is_accepted in zip(values, expected, strict=True):
            if is_accepted:
                connection.execute("INSERT INTO t VALUES (?)", [value])
            else:
                with pytest.raises(duckdb.ConstraintException):
                    connection.execute("INSERT INTO t VALUES (?)", [value])

    check = getattr(pa.Check, case.check)(**case.arguments)
    schema = pa.DataFrameSchema({"c": pa.Column(case.dtype, check, nullable=True)})
    for value, is_accepted in zip(values, expected, strict=True):
        one = pl.DataFrame({"c": pl.Series([value], dtype=case.dtype)})
        if is_accepted:
            schema.validate(one, lazy=True)
        else:
            with pytest.raises(SchemaErrors):
                schema.validate(one, lazy=True)


def test_every_check_of_the_models_is_translated() -> None:
    for spec in SPECS.values():
        for column in spec.columns:
            assert len(translate_checks(column)) == len(column.checks)


def test_an_unknown_check_names_the_file_to_edit() -> None:
    column = replace(CASES[0].column, name="n_rows", checks=(("greater_than", {"min_value": 1}),))
    with pytest.raises(NotImplementedError, match=r"n_rows: .*greater_than.* pipelines/tables/column_rules\.py"):
        translate_checks(column)


def test_create_table_has_types_checks_and_keys() -> None:
    statement = render_create_table(SPECS["reference_topics"])
    assert '"ref_no" INTEGER NOT NULL CHECK ("ref_no" >= 1)' in statement
    assert 'PRIMARY KEY ("review_id", "ref_no", "scheme", "concept_id")' in statement
    assert 'FOREIGN KEY ("scheme", "concept_id") REFERENCES "concepts" ("scheme", "concept_id")' in statement


def test_comments_have_grain_unit_and_vocabulary() -> None:
    comments = list(render_comments(SPECS["claims"]))
    assert comments[0].startswith(
        "COMMENT ON TABLE \"claims\" IS 'One row per claim of a study or of an option''s point about an outcome. "
    )
    assert any(comment.endswith("(vocabulary: direction)'") for comment in comments)
    assert any("[code point]'" in comment for comment in comments)
    assert len(comments) == 1 + len(SPECS["claims"].columns)
