"""Extracted tables → what the rows of recognised tables report: studies, options and the options' points.

Only who says what where is worked out here; what the words mean is coded elsewhere. All functions are columnar.
"""

from __future__ import annotations

import polars as pl

from pipelines.curate.claims import split_points
from pipelines.curate.source_offsets import ROW
from pipelines.extract.table_roles import label_parts
from schemas.tables import SPECS


def studies(
    source_tables: pl.DataFrame,
    table_cells: pl.DataFrame,
    citation_markers: pl.DataFrame,
    citation_mentions: pl.DataFrame,
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row is a row of an evidence table; key (review_id, table_no, row_no).

    Where several columns have the same role, the first counts. A row with an empty study cell, or with nothing else
    filled (a heading among the rows), reports no study. `ref_no` is the one reference that the row's study and
    reference columns cite, or else the whole row; rows that cite none or several have none.
    """
    rows = _rows_of(source_tables, table_cells, "evidence")
    rows = rows.filter(pl.col("study_text").is_not_null() & (pl.col("n_filled") > 1))
    labels = [label_parts(label) for label in rows["study_text"]]
    labelled = rows.with_columns(
        pl.Series("first_author", [author for author, _ in labels], pl.String),
        pl.Series("year", [year for _, year in labels], pl.Int32),
    )
    cited = labelled.join(_cited(table_cells, citation_markers, citation_mentions), on=ROW, how="left", validate="1:1")
    first_authors = reference_authors.filter(pl.col("position") == 1).select(
        "review_id", "ref_no", pl.col("surname").alias("ref_surname")
    )
    years = bib_references.select("review_id", "ref_no", pl.col("year").alias("ref_year"))
    return _as_table(
        cited.join(years, on=["review_id", "ref_no"], how="left")
        .join(first_authors, on=["review_id", "ref_no"], how="left")
        .with_columns(
            ((_folded("first_author") == _folded("ref_surname")) & (pl.col("year") == pl.col("ref_year"))).alias(
                "label_matches_reference"
            ),
            pl.col("study_text").alias("study_label"),
            pl.col("method_text_raw").alias("method"),
            pl.col("outcome_text_raw").alias("outcome"),
        ),
        "studies",
    )


def options(source_tables: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """One row is a row of a table that compares options; key (review_id, table_no, row_no)."""
    rows = _rows_of(source_tables, table_cells, "options")
    return _as_table(
        rows.with_columns(
            pl.col("option_text_raw").alias("option"),
            pl.col("advantages_text_raw").alias("advantages"),
            pl.col("disadvantages_text_raw").alias("disadvantages"),
        ),
        "options",
    )


def option_points(options: pl.DataFrame) -> pl.DataFrame:
    """One row is an advantage or disadvantage of an option; key (review_id, table_no, row_no, point_no)."""
    rows = []
    for option in options.sort(ROW).iter_rows(named=True):
        point_no = 0
        for polarity in ("advantage", "disadvantage"):
            text = option[f"{polarity}s"]
            offset, last = option[f"{polarity}s_start_char"], option[f"{polarity}s_end_char"]
            # A cell with markup or entities stands in the source in pieces: its parts have no place to count from.
            is_unbroken = text is not None and offset is not None and last - offset == len(text)
            for start, end in split_points(text) if text else []:
                point_no += 1
                span = (offset + start, offset + end) if is_unbroken else (None, None)
                rows.append((*(option[name] for name in ROW), point_no, polarity, text[start:end], *span))
    return pl.DataFrame(rows, schema=SPECS["option_points"].polars_schema, orient="row")


def _rows_of(source_tables: pl.DataFrame, table_cells: pl.DataFrame, kind: str) -> pl.DataFrame:
    """A row a body row of the tables of a kind, a set of columns a role: `method_text_raw`, `method_start_char`, …."""
    of_kind = source_tables.filter(pl.col("kind") == kind).select("review_id", "table_no")
    body = table_cells.filter(~pl.col("is_header")).join(of_kind, on=["review_id", "table_no"], how="semi")
    wide = (
        body.sort(*ROW, "column_no")
        .group_by(ROW)
        .agg(
            pl.col("start_char").min(),
            pl.col("end_char").max(),
            pl.col("text_raw").is_not_null().sum().alias("n_filled"),
            *(
                pl.col(field).filter(pl.col("role") == role).first().alias(f"{role}_{field}")
                for role in ("study", "method", "outcome", "option", "advantages", "disadvantages")
                for field in ("text", "text_raw", "start_char", "end_char")
            ),
        )
    )
    return wide.filter(pl.col("n_filled") > 0).sort(ROW)


def _cited(table_cells: pl.DataFrame, citation_markers: pl.DataFrame, citation_mentions: pl.DataFrame) -> pl.DataFrame:
    cell = [*ROW, "column_no"]
    mentions = (
        citation_markers.filter(pl.col("context") == "table")
        .join(citation_mentions, on=["review_id", "marker_id"])
        .join(table_cells.select(*cell, "role"), on=cell)
        .with_columns(pl.col("role").is_in(["study", "references"]).alias("is_of_study"))
    )
    named = mentions.filter("is_of_study")
    elsewhere = mentions.join(named, on=ROW, how="anti")
    refs = pl.col("ref_no").unique()
    return (
        pl.concat([named, elsewhere])
        .group_by(ROW)
        .agg(pl.when(refs.len() == 1).then(pl.col("ref_no").first()).alias("ref_no"))
    )


def _folded(name: str) -> pl.Expr:
    """Letters only, without case and diacritics."""
    return (
        pl.col(name)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"[^\p{L}]", "")
        .str.to_lowercase()
    )


def _as_table(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.select([pl.col(column).cast(dtype) for column, dtype in SPECS[name].polars_schema.items()]).sort(ROW)
