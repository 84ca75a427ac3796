"""Builds `studies`, `options` and `option_points` from the tables of a review whose columns have recognised roles.

Takes the extracted tables and returns one table per function, each named after its table. All functions are columnar.
The contents of cells are coded elsewhere.
"""

from __future__ import annotations

import polars as pl

from pipelines.curate.claims import split_points
from pipelines.curate.source_offsets import ROW_KEY
from pipelines.extract.table_roles import parse_study_label
from schemas.tables import SPECS


def studies(
    source_tables: pl.DataFrame,
    table_cells: pl.DataFrame,
    citation_markers: pl.DataFrame,
    citation_mentions: pl.DataFrame,
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row per study in an evidence table; key (review_id, table_no, row_no).

    If several columns have the same role, the first one counts. A row with an empty study cell, or with no other filled
    cell (a heading within the table), is not a study. `ref_no` is the only reference cited in the study and reference
    columns, or else in the whole row; NULL if it cites none or several.
    """
    rows = _join_roles(source_tables, table_cells, "evidence")
    rows = rows.filter(pl.col("study_text").is_not_null() & (pl.col("n_filled") > 1))
    labels = [parse_study_label(label) for label in rows["study_text"]]
    labelled = rows.with_columns(
        pl.Series("first_author", [author for author, _ in labels], pl.String),
        pl.Series("year", [year for _, year in labels], pl.Int32),
    )
    references = _find_cited_references(table_cells, citation_markers, citation_mentions)
    cited = labelled.join(references, on=ROW_KEY, how="left", validate="1:1")
    first_authors = reference_authors.filter(pl.col("position") == 1).select(
        "review_id", "ref_no", pl.col("surname").alias("ref_surname")
    )
    years = bib_references.select("review_id", "ref_no", pl.col("year").alias("ref_year"))
    has_same_author = _fold_letters("first_author") == _fold_letters("ref_surname")
    return _select_columns(
        cited.join(years, on=["review_id", "ref_no"], how="left")
        .join(first_authors, on=["review_id", "ref_no"], how="left")
        .with_columns(
            (has_same_author & (pl.col("year") == pl.col("ref_year"))).alias("label_matches_reference"),
            pl.col("study_text").alias("study_label"),
            pl.col("method_text_raw").alias("method"),
            pl.col("outcome_text_raw").alias("outcome"),
        ),
        "studies",
    )


def options(source_tables: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """One row per option in a table that compares options; key (review_id, table_no, row_no)."""
    rows = _join_roles(source_tables, table_cells, "options")
    return _select_columns(
        rows.with_columns(
            pl.col("option_text_raw").alias("option"),
            pl.col("advantages_text_raw").alias("advantages"),
            pl.col("disadvantages_text_raw").alias("disadvantages"),
        ),
        "options",
    )


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


def _join_roles(source_tables: pl.DataFrame, table_cells: pl.DataFrame, kind: str) -> pl.DataFrame:
    """One row per body row of the tables of a kind, with columns per role: `method_text_raw`, `method_start_char`, …"""
    tables = source_tables.filter(pl.col("kind") == kind).select("review_id", "table_no")
    body = table_cells.filter(~pl.col("is_header")).join(tables, on=["review_id", "table_no"], how="semi")
    rows = (
        body.sort(*ROW_KEY, "column_no")
        .group_by(ROW_KEY)
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
    return rows.filter(pl.col("n_filled") > 0).sort(ROW_KEY)


def _find_cited_references(
    table_cells: pl.DataFrame, citation_markers: pl.DataFrame, citation_mentions: pl.DataFrame
) -> pl.DataFrame:
    """The reference of each table row that cites a single one, NULL for several: `ROW_KEY` and ref_no."""
    cell = [*ROW_KEY, "column_no"]
    mentions = (
        citation_markers.filter(pl.col("context") == "table")
        .join(citation_mentions, on=["review_id", "marker_id"])
        .join(table_cells.select(*cell, "role"), on=cell)
        .with_columns(pl.col("role").is_in(["study", "references"]).alias("is_in_study_column"))
    )
    in_study_columns = mentions.filter("is_in_study_column")
    in_other_rows = mentions.join(in_study_columns, on=ROW_KEY, how="anti")
    ref_nos = pl.col("ref_no").unique()
    return (
        pl.concat([in_study_columns, in_other_rows])
        .group_by(ROW_KEY)
        .agg(pl.when(ref_nos.len() == 1).then(pl.col("ref_no").first()).alias("ref_no"))
    )


def _fold_letters(column: str) -> pl.Expr:
    """The letters of a column without case and diacritics."""
    return (
        pl.col(column)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"[^\p{L}]", "")
        .str.to_lowercase()
    )


def _select_columns(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    return frame.select([pl.col(column).cast(dtype) for column, dtype in SPECS[table].polars_schema.items()]).sort(
        ROW_KEY
    )
