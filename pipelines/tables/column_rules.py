"""Every check that a column may declare, translated to Polars, SQL, words and Table Schema constraints.

Takes the checks of a `schemas.tables.base.Column`. To use another of pandera's checks in a model, add a class here and
list it in `RULES`. Rules over several columns (keys, spans) do not belong here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.tables.sql import literal
from schemas.tables.base import Column


class ColumnRule(ABC):
    """A check with its arguments. NULL satisfies every rule; nullability is declared separately."""

    @abstractmethod
    def to_polars(self, value: pl.Expr) -> pl.Expr:
        """An expression that is true if `value` satisfies the rule and NULL if `value` is NULL."""

    @abstractmethod
    def to_sql(self, name: str) -> list[str]:
        """Conditions for CHECK constraints on the column whose quoted name is `name`."""

    @abstractmethod
    def to_words(self) -> list[str]:
        """Phrases short enough for a label."""

    @abstractmethod
    def to_frictionless(self) -> dict[str, Any]:
        """Field constraints of Table Schema (Frictionless Data)."""


@dataclass(frozen=True, slots=True)
class AtLeast(ColumnRule):
    min_value: float

    def to_polars(self, value: pl.Expr) -> pl.Expr:
        return value.ge(self.min_value)

    def to_sql(self, name: str) -> list[str]:
        return [f"{name} >= {self.min_value}"]

    def to_words(self) -> list[str]:
        return [f"≥ {self.min_value}"]

    def to_frictionless(self) -> dict[str, Any]:
        return {"minimum": self.min_value}


@dataclass(frozen=True, slots=True)
class AtMost(ColumnRule):
    max_value: float

    def to_polars(self, value: pl.Expr) -> pl.Expr:
        return value.le(self.max_value)

    def to_sql(self, name: str) -> list[str]:
        return [f"{name} <= {self.max_value}"]

    def to_words(self) -> list[str]:
        return [f"≤ {self.max_value}"]

    def to_frictionless(self) -> dict[str, Any]:
        return {"maximum": self.max_value}


@dataclass(frozen=True, slots=True)
class OneOf(ColumnRule):
    allowed_values: Sequence[Any]

    def to_polars(self, value: pl.Expr) -> pl.Expr:
        return value.is_in(list(self.allowed_values))

    def to_sql(self, name: str) -> list[str]:
        values = [literal(item) if isinstance(item, str) else str(item) for item in self.allowed_values]
        return [f"{name} IN ({', '.join(values)})"]

    def to_words(self) -> list[str]:
        return ["one of " + ", ".join(str(item) for item in self.allowed_values)]

    def to_frictionless(self) -> dict[str, Any]:
        return {"enum": list(self.allowed_values)}


@dataclass(frozen=True, slots=True)
class Matches(ColumnRule):
    pattern: Any
    """A regular expression, as text or compiled. Like pandera, it is matched at the start of the value."""

    @property
    def anchored(self) -> str:
        pattern = str(getattr(self.pattern, "pattern", self.pattern))
        return pattern if pattern.startswith("^") else f"^{pattern}"

    def to_polars(self, value: pl.Expr) -> pl.Expr:
        return value.str.contains(self.anchored)

    def to_sql(self, name: str) -> list[str]:
        return [f"regexp_matches({name}, {literal(self.anchored)})"]

    def to_words(self) -> list[str]:
        return [f"matches {self.anchored}"]

    def to_frictionless(self) -> dict[str, Any]:
        return {"pattern": self.anchored}


@dataclass(frozen=True, slots=True)
class HasLength(ColumnRule):
    """Lengths are in Unicode code points."""

    min_value: int | None = None
    max_value: int | None = None
    exact_value: int | None = None

    @property
    def shortest(self) -> int | None:
        return self.min_value if self.exact_value is None else self.exact_value

    @property
    def longest(self) -> int | None:
        return self.max_value if self.exact_value is None else self.exact_value

    def to_polars(self, value: pl.Expr) -> pl.Expr:
        length = value.str.len_chars()
        if self.longest is None:
            return length.ge(self.shortest or 0)
        return length.is_between(self.shortest or 0, self.longest)

    def to_sql(self, name: str) -> list[str]:
        bounds = ((">=", self.shortest), ("<=", self.longest))
        return [f"length({name}) {sign} {n}" for sign, n in bounds if n is not None]

    def to_words(self) -> list[str]:
        if (self.shortest, self.longest) == (1, None):
            return ["not empty"]
        bounds = (("≥", self.shortest), ("≤", self.longest))
        return [f"{sign} {n} characters" for sign, n in bounds if n is not None]

    def to_frictionless(self) -> dict[str, Any]:
        bounds = {"minLength": self.shortest, "maxLength": self.longest}
        return {key: n for key, n in bounds.items() if n is not None}


RULES: Mapping[str, type[ColumnRule]] = {
    "greater_than_or_equal_to": AtLeast,
    "less_than_or_equal_to": AtMost,
    "isin": OneOf,
    "str_matches": Matches,
    "str_length": HasLength,
}
"""The class for each of pandera's checks; its fields are named after the check's arguments."""


def translate_checks(column: Column) -> list[ColumnRule]:
    """The rules of a column, in the order declared. Raises NotImplementedError for a check that `RULES` lacks."""
    rules = []
    for check, arguments in column.checks:
        if check not in RULES:
            raise NotImplementedError(
                f"column {column.name}: the check {check} has no translation; add one to RULES in "
                "pipelines/tables/column_rules.py"
            )
        rules.append(RULES[check](**arguments))
    return rules
