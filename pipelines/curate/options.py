"""Builds `options` and `option_points` from the tables of a review that compare options.

Takes the extracted tables and returns one table per function, each named after its table.
"""

from __future__ import annotations

import polars as pl

from pipelines.curate.source_offsets import ROW_KEY
from pipelines.tables.table_frames import shape_table
from schemas.tables import SPECS


def options(source_tables: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """One row per option in a table that compares options; key (review_id, table_no, row_no)."""
    tables = source_tables.filter(pl.col("kind") == "options").select("review_id", "table_no")
    body = table_cells.filter(~pl.col("is_header")).join(tables, on=["review_id", "table_no"], how="semi")
    rows = (
        body.sort(*ROW_KEY, "column_no")
        .group_by(ROW_KEY)
        .agg(
            pl.col("start_char").min(),
            pl.col("end_char").max(),
            pl.col("text_raw").is_not_null().any().alias("is_filled"),
            *(
                pl.col(field).filter(pl.col("role") == role).first().alias(f"{role}{suffix}")
                for role in ("option", "advantages", "disadvantages")
                for field, suffix in (("text_raw", ""), ("start_char", "_start_char"), ("end_char", "_end_char"))
            ),
        )
    )
    return shape_table(rows.filter("is_filled"), SPECS["options"])


def option_points(options: pl.DataFrame) -> pl.DataFrame:
    """One row per advantage or disadvantage of an option; key (review_id, table_no, row_no, point_no)."""
    rows = []
    for option in options.sort(ROW_KEY).iter_rows(named=True):
        point_no = 0
        for polarity in ("advantage", "disadvantage"):
            text = option[f"{polarity}s"]
            offset, last = option[f"{polarity}s_start_char"], option[f"{polarity}s_end_char"]
            # The points of a cell that is interrupted by markup or entities have no offsets.
            is_unbroken = text is not None and offset is not None and last - offset == len(text)
            for start, end in split_points(text) if text else []:
                point_no += 1
                rows.append(
                    {
                        **{column: option[column] for column in ROW_KEY},
                        "point_no": point_no,
                        "polarity": polarity,
                        "text": text[start:end],
                        "start_char": offset + start if is_unbroken else None,
                        "end_char": offset + end if is_unbroken else None,
                    }
                )
    return pl.DataFrame(rows, schema=SPECS["option_points"].polars_schema)


def split_points(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of the points of a cell that separates them with semicolons; empty points are skipped.

    A semicolon within brackets does not separate points. The full stop at the end of the last point belongs to it.
    """
    points = []
    depth = start = 0
    for position, character in enumerate(f"{text};"):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif character == ";" and (depth == 0 or position == len(text)):
            piece = text[start:position]
            if piece.strip():
                points.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
            start = position + 1
    return points
