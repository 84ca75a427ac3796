"""Records of extracted rows → one frame per table, matched by column name.

The order in which `schemas/` declares the columns decides the order of a frame's columns and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from pipelines.document import Piece
from pipelines.extract.front_matter_rows import (
    PageBoxRow,
    ReviewAffiliationRow,
    ReviewAuthorAffiliationRow,
    ReviewAuthorRow,
    ReviewFundingRow,
    ReviewKeywordRow,
    ReviewRow,
    SourceTextRow,
)
from pipelines.extract.prose_rows import SectionRow, SentenceRow
from pipelines.extract.reference_rows import BibReferenceRow, ReferenceAuthorRow
from pipelines.extract.row_types import (
    FINDINGS,
    QUARANTINED,
    TABLES,
    TEXT_PARTS,
    CitationMarkerRow,
    CitationMentionRow,
    QuarantinedSourceRow,
    ReaderFindingRow,
    ReviewRows,
    ScatteredText,
)
from pipelines.extract.table_rows import ColumnRoleRow, SourceTableRow, TableCellRow
from schemas.tables import SPECS

ROW_TYPES: Mapping[str, type[NamedTuple]] = {
    "reviews": ReviewRow,
    "source_texts": SourceTextRow,
    "page_boxes": PageBoxRow,
    "review_authors": ReviewAuthorRow,
    "review_affiliations": ReviewAffiliationRow,
    "review_author_affiliations": ReviewAuthorAffiliationRow,
    "review_funding": ReviewFundingRow,
    "review_keywords": ReviewKeywordRow,
    "sections": SectionRow,
    "sentences": SentenceRow,
    "bib_references": BibReferenceRow,
    "reference_authors": ReferenceAuthorRow,
    "source_tables": SourceTableRow,
    "column_roles": ColumnRoleRow,
    "table_cells": TableCellRow,
    "citation_markers": CitationMarkerRow,
    "citation_mentions": CitationMentionRow,
    TEXT_PARTS: ScatteredText,
    FINDINGS: ReaderFindingRow,
    QUARANTINED: QuarantinedSourceRow,
}
"""The record type of each table; the fields of a record are columns, except in `text_parts`."""

FINDINGS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "review_id": pl.String,
    "code": pl.String,
    "subject_table": pl.String,
    "subject_key": pl.String,
    "message": pl.String,
    "start_char": pl.Int32,
    "end_char": pl.Int32,
}

_PIECE_COLUMNS = {"offset": "text_offset", "start": "start_char", "length": "length"}
"""The columns of the fields of a `Piece`."""


class ColumnMismatchError(TypeError):
    """The rows built for a table lack one of its columns, or have one that it does not declare."""


def build_frames(batch: Iterable[ReviewRows]) -> dict[str, pl.DataFrame]:
    """One frame per table from the rows of several reviews.

    Raises ColumnMismatchError, which names table and column, if the records of a table do not have its columns.
    """
    reviews = list(batch)
    return {
        table: build_frame(table, list(chain.from_iterable(getattr(rows, table) for rows in reviews)))
        for table in (*TABLES, FINDINGS)
    }


def build_frame(table: str, records: Sequence[Any]) -> pl.DataFrame:
    """The frame of one table, from records of its type in `ROW_TYPES`. Raises ColumnMismatchError."""
    schema = FINDINGS_SCHEMA if table == FINDINGS else SPECS[table].polars_schema
    if table == TEXT_PARTS:
        parts = _build_text_parts(records)
        _check_columns(table, parts.columns, schema)
        return parts.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    _check_columns(table, ROW_TYPES[table]._fields, schema)
    columns = _transpose(records, ROW_TYPES[table]._fields)
    return pl.DataFrame([pl.Series(name, columns[name], dtype) for name, dtype in schema.items()])


def _transpose(records: Sequence[Any], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    # Transposed here, because Polars takes several times as long to build a frame from rows.
    values: list[Sequence[Any]] = list(zip(*records, strict=True)) or [()] * len(names)
    return dict(zip(names, values, strict=True))


def _check_columns(table: str, given: Collection[str], declared: Collection[str]) -> None:
    if missing := [name for name in declared if name not in given]:
        raise ColumnMismatchError(f"table {table}: no value is given for column {', '.join(missing)}")
    if unknown := [name for name in given if name not in declared]:
        raise ColumnMismatchError(f"table {table}: column {', '.join(unknown)} is not declared in schemas/tables")


def _build_text_parts(texts: Sequence[ScatteredText]) -> pl.DataFrame:
    """One row per piece of each text."""
    columns = _transpose(texts, ScatteredText._fields)
    pieces = columns.pop("pieces")
    frame = pl.DataFrame(
        [
            *(pl.Series(name, values, pl.String) for name, values in columns.items()),
            pl.Series("n_pieces", list(map(len, pieces)), pl.Int32),
        ]
    )
    part_no = pl.int_ranges(1, pl.col("n_pieces") + 1).alias("part_no")
    rows = frame.with_columns(part_no).drop("n_pieces").explode("part_no").drop_nulls("part_no")
    # Flattened to three numbers per piece; building a frame from the pieces themselves takes several times as long.
    numbers = pl.Series(list(chain.from_iterable(chain.from_iterable(pieces))), dtype=pl.Int32)
    places = pl.DataFrame(
        [
            numbers.gather_every(len(Piece._fields), index).alias(_PIECE_COLUMNS[name])
            for index, name in enumerate(Piece._fields)
        ]
    )
    return pl.concat([rows, places], how="horizontal").select(
        pl.exclude("length"), (pl.col("start_char") + pl.col("length")).alias("end_char")
    )
