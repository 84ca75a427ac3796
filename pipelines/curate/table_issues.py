"""Finds what is odd about the printed tables of a source.

Takes the extracted tables of a batch of reviews and gives findings as `finding_frames` describes them.
"""

from __future__ import annotations

import polars as pl

from pipelines.curate.finding_frames import Frames, to_findings
from pipelines.extract.table_numbers import explode_table_numbers
from pipelines.extract.table_sample import MAX_SAMPLED_ROWS

MAX_ROWS = 2_000
"""Rows of a table that is not worth a finding."""

MAX_CELL_LENGTH = 50_000
"""Characters of a cell that is not worth a finding."""

_NAME = pl.coalesce(pl.col("label").str.strip_chars(" .:"), pl.lit("a table without a label"))


def find_unmentioned_tables(frames: Frames) -> pl.DataFrame:
    """Tables whose number no sentence mentions. Tables without a number are not checked."""
    mentioned = explode_table_numbers(frames["sentences"].filter(pl.col("kind") != "caption"), "text")
    tables = explode_table_numbers(frames["source_tables"], "label")
    cited = tables.join(mentioned, on=["review_id", "number"], how="semi")
    key = ["review_id", "table_no"]
    rows = tables.join(cited, on=key, how="anti").unique(key, maintain_order=True)
    return to_findings(rows, ("table_no",), pl.format("{} is not mentioned in the prose", "label"))


def find_unrecognised_tables(frames: Frames) -> pl.DataFrame:
    rows = frames["source_tables"].filter(pl.col("kind") == "other")
    message = pl.format("{} is not recognised as a table of studies or options", _NAME)
    return to_findings(rows, ("table_no",), message)


def find_long_tables(frames: Frames) -> pl.DataFrame:
    """Tables with more than `MAX_ROWS` rows."""
    rows = frames["source_tables"].filter(pl.col("n_rows") > MAX_ROWS)
    message = pl.format(
        f"{{}} has {{}} rows; its kind and the roles of its columns follow from the first {MAX_SAMPLED_ROWS}",
        _NAME,
        "n_rows",
    )
    return to_findings(rows, ("table_no",), message)


def find_long_cells(frames: Frames) -> pl.DataFrame:
    """Cells with more than `MAX_CELL_LENGTH` characters."""
    length = pl.col("text_raw").str.len_chars()
    rows = frames["table_cells"].filter(length > MAX_CELL_LENGTH)
    return to_findings(rows, ("table_no", "row_no", "column_no"), pl.format("the cell has {} characters", length))


def find_uneven_headers(frames: Frames) -> pl.DataFrame:
    """Tables whose header covers another number of columns than their rows do."""
    key = ["review_id", "table_no"]
    last_column = pl.col("column_no") + pl.col("column_span") - 1
    is_header = pl.col("row_no") < 1
    widths = (
        frames["table_cells"]
        .group_by(key)
        .agg(
            last_column.filter(is_header).max().alias("header_width"),
            last_column.filter(~is_header).max().alias("body_width"),
        )
    )
    rows = frames["source_tables"].join(widths.filter(pl.col("header_width") != pl.col("body_width")), on=key)
    message = pl.format("the header of {} covers {} columns, its rows {}", _NAME, "header_width", "body_width")
    return to_findings(rows.sort(key), ("table_no",), message)
