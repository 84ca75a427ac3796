"""A release without the sources' own wording: the same tables and columns, but the verbatim columns are NULL.

`schemas.tables` declares which columns are verbatim. Offsets, codes and hashes are kept, so that anyone who has the
source can look up the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from schemas.tables import SPECS
from schemas.tables.base import Spec


def published_specs(*, verbatim: bool) -> Mapping[str, Spec]:
    """The table specifications of a release; without verbatim text, verbatim columns are nullable."""
    return SPECS if verbatim else {name: _with_nullable_verbatim(table) for name, table in SPECS.items()}


def without_verbatim(frames: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """The frames with NULL in every verbatim column."""
    return {
        name: frame.with_columns(
            pl.lit(None, dtype=column.dtype).alias(column.name) for column in SPECS[name].columns if column.verbatim
        )
        for name, frame in frames.items()
    }


def _with_nullable_verbatim(table: Spec) -> Spec:
    columns = tuple(replace(column, nullable=column.nullable or column.verbatim) for column in table.columns)
    return replace(table, columns=columns)
