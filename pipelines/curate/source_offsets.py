"""Maps offsets within a field to offsets in the source.

Coders return offsets within one field, such as a title or a cell. In the source the field is either printed in one
piece or interrupted by a page break, markup or an entity; `text_parts` lists the pieces of interrupted fields. The
functions `…_pieces` return the pieces of a field, and `map_to_source` uses them to map the offsets of coded rows.
"""

from __future__ import annotations

import polars as pl

ROW_KEY = ["review_id", "table_no", "row_no"]
FIELD_KEY = [*ROW_KEY, "role", "part_no"]
REFERENCE_KEY = ["review_id", "ref_no"]
PIECE_COLUMNS = ["text_offset", "piece_start", "piece_end"]
"""A piece of a field: its offset within the field, and its start and end (exclusive) in the source."""


def title_pieces(bib_references: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    """The pieces of the titles of references: `REFERENCE_KEY` and `PIECE_COLUMNS`."""
    unbroken = unbroken_pieces(bib_references, REFERENCE_KEY, "title", "title_start_char", "title_end_char")
    parts = text_parts.filter((pl.col("subject_table") == "bib_references") & (pl.col("field") == "title"))
    broken = parts.with_columns(pl.col("subject_key").cast(pl.Int32).alias("ref_no"))
    return pl.concat([unbroken, _broken_pieces(broken, REFERENCE_KEY)])


def cell_pieces(rows: pl.DataFrame, field: str, table_cells: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    """The pieces of a field of `studies` or `options` that contains the text of a cell: `ROW_KEY`, `PIECE_COLUMNS`."""
    start, end = f"{field}_start_char", f"{field}_end_char"
    unbroken = unbroken_pieces(rows, ROW_KEY, field, start, end)
    # Not joined by row: a cell that spans rows belongs to a study in each of them.
    table_key = ["review_id", "table_no"]
    cells = table_cells.select(
        *table_key,
        pl.col("start_char").alias(start),
        pl.format("{}/{}/{}", "table_no", "row_no", "column_no").alias("subject_key"),
    )
    broken = (
        rows.select(*ROW_KEY, start)
        .join(cells, on=[*table_key, start])
        .join(
            _cell_parts(text_parts),
            on=["review_id", "subject_key"],
        )
    )
    return pl.concat([unbroken, _broken_pieces(broken, ROW_KEY)])


def field_pieces(study_fields: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    """The pieces of the cells in `study_fields`: `FIELD_KEY` and `PIECE_COLUMNS`."""
    unbroken = unbroken_pieces(study_fields, FIELD_KEY, "text", "start_char", "end_char")
    cells = study_fields.select(
        *FIELD_KEY, pl.format("{}/{}/{}", "table_no", "printed_row_no", "column_no").alias("subject_key")
    )
    broken = cells.join(
        _cell_parts(text_parts),
        on=["review_id", "subject_key"],
    )
    return pl.concat([unbroken, _broken_pieces(broken, FIELD_KEY)])


def text_pieces(texts: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    """The pieces of texts of several tables: text_no and `PIECE_COLUMNS`.

    `texts` has a number for each text (text_no), its text and span, and the key of its parts in `text_parts`:
    review_id, subject_table, subject_key and field.
    """
    key = ["review_id", "subject_table", "subject_key", "field"]
    broken = text_parts.join(texts.select("text_no", *key), on=key)
    return pl.concat(
        [unbroken_pieces(texts, ["text_no"], "text", "start_char", "end_char"), _broken_pieces(broken, ["text_no"])]
    )


def unbroken_pieces(rows: pl.DataFrame, key: list[str], field: str, start: str, end: str) -> pl.DataFrame:
    """The pieces of a field in the rows where it is printed in one piece: `key` and `PIECE_COLUMNS`.

    `start` and `end` are the columns with the span of the field in the source. A longer span than the field means that
    the field is interrupted.
    """
    is_unbroken = pl.col(end) - pl.col(start) == pl.col(field).str.len_chars()
    return rows.filter(is_unbroken).select(
        *key,
        pl.lit(0, pl.Int32).alias("text_offset"),
        pl.col(start).alias("piece_start"),
        pl.col(end).alias("piece_end"),
    )


def _cell_parts(text_parts: pl.DataFrame) -> pl.DataFrame:
    """The rows of `text_parts` about the texts of table cells."""
    return text_parts.filter((pl.col("subject_table") == "table_cells") & (pl.col("field") == "text_raw"))


def _broken_pieces(parts: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return parts.select(
        *key, "text_offset", pl.col("start_char").alias("piece_start"), pl.col("end_char").alias("piece_end")
    )


def map_to_source(coded: pl.DataFrame, pieces: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The coded rows with `start_char` and `end_char` mapped from the field to the source.

    Both are NULL if the first or the last character of the cue is not in a piece of the field. `on` is the key that
    rows and pieces share.
    """
    numbered = coded.with_row_index("order").with_columns((pl.col("end_char") - 1).alias("last_char"))
    for offset in ("start_char", "last_char"):
        mapped = (
            numbered.filter(pl.col(offset).is_not_null())
            .select("order", *on, offset)
            .sort(offset)
            .join_asof(
                pieces.sort("text_offset"),
                left_on=offset,
                right_on="text_offset",
                by=on,
                strategy="backward",
                check_sortedness=False,
            )
            .with_columns((pl.col("piece_start") + pl.col(offset) - pl.col("text_offset")).alias("in_source"))
            .select("order", pl.when(pl.col("in_source") < pl.col("piece_end")).then("in_source").alias(offset))
        )
        numbered = numbered.drop(offset).join(mapped, on="order", how="left")
    is_mapped = pl.col("start_char").is_not_null() & pl.col("last_char").is_not_null()
    return (
        numbered.sort("order")
        .with_columns(
            pl.when(is_mapped).then("start_char").alias("start_char"),
            pl.when(is_mapped).then(pl.col("last_char") + 1).cast(pl.Int32).alias("end_char"),
        )
        .select(coded.columns)
    )
