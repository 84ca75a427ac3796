"""The form of the findings that are published as `source_issues`, shared by everything that finds them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

Frames = Mapping[str, pl.DataFrame]

FINDING = ("review_id", "code", "subject_table", "subject_key", "message", "start_char", "end_char")
"""The columns of a finding of a reader, coder or check."""


def subject_key(*columns: str) -> pl.Expr:
    """The key of a row (without review_id) as one text."""
    return pl.concat_str([pl.col(name).cast(pl.String) for name in columns], separator="/").alias("subject_key")


def to_findings(frame: pl.DataFrame, key: tuple[str, ...], message: pl.Expr) -> pl.DataFrame:
    """One finding per row of a table with this key (without review_id)."""
    return frame.select("review_id", subject_key(*key), message.alias("message"), "start_char", "end_char")
