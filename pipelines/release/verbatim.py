"""A release without the sources' own wording: the same tables and columns, the verbatim ones NULL.

Which columns are verbatim is declared in `schemas.tables`. Offsets, codes and hashes stay, so that whoever holds the
source can cut the words out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from schemas.tables import SPECS
from schemas.tables.base import Spec


def published_specs(*, verbatim: bool) -> Mapping[str, Spec]:
    """The tables as a release holds them: without verbatim text, the columns for it may be NULL."""
    return SPECS if verbatim else {name: _opened(table) for name, table in SPECS.items()}


def without_verbatim(frames: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """The frames with every verbatim column NULL."""
    return {
        name: frame.with_columns(
            pl.lit(None, dtype=column.dtype).alias(column.name) for column in SPECS[name].columns if column.verbatim
        )
        for name, frame in frames.items()
    }


def _opened(table: Spec) -> Spec:
    columns = tuple(replace(column, nullable=column.nullable or column.verbatim) for column in table.columns)
    return replace(table, columns=columns)
