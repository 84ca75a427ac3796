"""Where the words that a code rests on stand in the source, also where their field is put together from stretches.

Coders count in the words of one field. Here these offsets are carried over into the source, by the field's pieces: one
where the field stands in the source unbroken, else those of `text_parts`.
"""

from __future__ import annotations

import polars as pl

PIECE = ["text_offset", "piece_start", "piece_end"]
ROW = ["review_id", "table_no", "row_no"]


def counted_in_itself(frame: pl.DataFrame, field: str, start: str, end: str) -> pl.DataFrame:
    """The frame with the field's place given as from 0 to its length, so that a coder counts in the field's words."""
    length = pl.col(field).str.len_chars().cast(pl.Int32)
    return frame.with_columns(
        pl.when(pl.col(field).is_not_null()).then(pl.lit(0, pl.Int32)).alias(start), length.alias(end)
    )


def title_pieces(bib_references: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    """The pieces of each reference's title: review_id, ref_no, and `PIECE`."""
    key = ["review_id", "ref_no"]
    whole = _unbroken(bib_references, key, "title", "title_start_char", "title_end_char")
    broken = text_parts.filter((pl.col("subject_table") == "bib_references") & (pl.col("field") == "title"))
    return pl.concat([whole, _parts(broken.with_columns(pl.col("subject_key").cast(pl.Int32).alias("ref_no")), key)])


def cell_pieces(rows: pl.DataFrame, field: str, table_cells: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    """The pieces of a field of `studies`, which is a cell's words: review_id, table_no, row_no, `PIECE`."""
    start, end = f"{field}_start_char", f"{field}_end_char"
    whole = _unbroken(rows, ROW, field, start, end)
    cells = table_cells.select(
        *ROW,
        pl.col("start_char").alias(start),
        pl.format("{}/{}/{}", "table_no", "row_no", "column_no").alias("subject_key"),
    )
    broken = (
        rows.select(*ROW, start)
        .join(cells, on=[*ROW, start])
        .join(
            text_parts.filter((pl.col("subject_table") == "table_cells") & (pl.col("field") == "text_raw")),
            on=["review_id", "subject_key"],
        )
    )
    return pl.concat([whole, _parts(broken, ROW)])


def point_pieces(option_points: pl.DataFrame) -> pl.DataFrame:
    """The pieces of the options' points that stand in the source unbroken: keys of `option_points`, `PIECE`."""
    return _unbroken(option_points, [*ROW, "point_no"], "text", "start_char", "end_char")


def in_source(coded: pl.DataFrame, pieces: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The coded rows with `start_char`, `end_char` counted in the source; both NULL where the words are not there."""
    numbered = coded.with_row_index("order").with_columns((pl.col("end_char") - 1).alias("last_char"))
    for place in ("start_char", "last_char"):
        placed = (
            numbered.filter(pl.col(place).is_not_null())
            .select("order", *on, place)
            .sort(place)
            .join_asof(
                pieces.sort("text_offset"),
                left_on=place,
                right_on="text_offset",
                by=on,
                strategy="backward",
                check_sortedness=False,
            )
            .with_columns((pl.col("piece_start") + pl.col(place) - pl.col("text_offset")).alias("there"))
            .select("order", pl.when(pl.col("there") < pl.col("piece_end")).then("there").alias(place))
        )
        numbered = numbered.drop(place).join(placed, on="order", how="left")
    is_there = pl.col("start_char").is_not_null() & pl.col("last_char").is_not_null()
    return (
        numbered.sort("order")
        .with_columns(
            pl.when(is_there).then("start_char").alias("start_char"),
            pl.when(is_there).then(pl.col("last_char") + 1).cast(pl.Int32).alias("end_char"),
        )
        .select(coded.columns)
    )


def _unbroken(frame: pl.DataFrame, key: list[str], field: str, start: str, end: str) -> pl.DataFrame:
    is_whole = pl.col(end) - pl.col(start) == pl.col(field).str.len_chars()
    return frame.filter(is_whole).select(
        *key,
        pl.lit(0, pl.Int32).alias("text_offset"),
        pl.col(start).alias("piece_start"),
        pl.col(end).alias("piece_end"),
    )


def _parts(broken: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return broken.select(
        *key, "text_offset", pl.col("start_char").alias("piece_start"), pl.col("end_char").alias("piece_end")
    )
