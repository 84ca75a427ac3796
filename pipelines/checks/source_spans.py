"""Compare the words of published rows with their sources: every source is read again and cut at the rows' spans.

Takes the tables and the sources of some reviews and returns one RuleResult per table.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from pipelines.checks.rule_result import RuleResult
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS
from pipelines.sources.source_folder import ListedSource, SourceError, load_source
from schemas.tables import SPECS

SPANNED_COLUMNS = {
    "review_authors": "name",
    "review_affiliations": "affiliation",
    "review_keywords": "keyword",
    "sections": "heading",
    "sentences": "text",
    "bib_references": "text_raw",
    "reference_authors": "name_raw",
    "table_cells": "text_raw",
    "citation_markers": "marker_text",
    "option_points": "text",
    "study_modalities": "cue_text",
    "claims": "cue_text",
    "quantities": "text",
}
"""The column of each compared table whose words the row's span cuts out of the source."""

_TAG = re.compile(r"<[^<>]*>")
_TEX = re.compile(r"<tex-math\b.*?</tex-math>", re.DOTALL)
"""Readers leave it out if the formula is in MathML, too."""


class _Piece(NamedTuple):
    """The words from `offset` on are at `source[start:end]`."""

    offset: int
    start: int
    end: int


def compare_spans(frames: Mapping[str, pl.DataFrame], sources: Mapping[str, ListedSource]) -> dict[str, RuleResult]:
    """For each table, whether its words are in the source at their spans. Each source is read once for all tables.

    A source that cannot be read is a finding for each table with rows from it, because they cannot be compared.
    """
    n_checked = dict.fromkeys(SPANNED_COLUMNS, 0)
    findings: dict[str, list[str]] = {table: [] for table in SPANNED_COLUMNS}
    rows_by_review = {table: _RowsByReview(_spanned_rows(frames[table], table)) for table in SPANNED_COLUMNS}
    pieces_by_review = _RowsByReview(
        frames["text_parts"].select(
            "review_id", "subject_table", "subject_key", "field", "text_offset", "start_char", "end_char"
        )
    )
    for review_id, source_format in frames["reviews"].select("review_id", "source_format").iter_rows():
        has_markup = FORMATS[source_format].has_markup
        rows = {table: rows_by_review[table].of(review_id) for table in SPANNED_COLUMNS}
        for table in SPANNED_COLUMNS:
            n_checked[table] += len(rows[table])
        try:
            source = _decode_source(review_id, sources, source_format)
        except (SourceError, ReadError) as error:
            for table in SPANNED_COLUMNS:
                if rows[table]:
                    findings[table].append(f"{review_id}: {len(rows[table])} row(s) cannot be compared: {error}")
            continue
        pieces: dict[tuple[str, str, str], list[_Piece]] = {}
        for _, table, key, column, *piece in pieces_by_review.of(review_id):
            pieces.setdefault((table, key, column), []).append(_Piece(*piece))
        for table, column in SPANNED_COLUMNS.items():
            # With markup, text_raw is the entry without it, so its pieces are those of `text`.
            in_pieces = "text" if has_markup and table == "bib_references" else column
            for _, key, words, start, end in rows[table]:
                parts = pieces.get((table, key, in_pieces))
                if not _matches_source(source, words, start, end, parts, has_markup=has_markup):
                    printed = source[start:end][:60]
                    findings[table].append(
                        f"{review_id} {key}: source[{start}:{end}] is {printed!r}, not {words[:60]!r}"
                    )
    return {table: RuleResult.from_findings(n_checked[table], findings[table]) for table in SPANNED_COLUMNS}


def _decode_source(review_id: str, sources: Mapping[str, ListedSource], source_format: str) -> str:
    """Read and decode a source again. Raises SourceError or ReadError, which name it, if that fails."""
    if review_id not in sources:
        raise SourceError("the source was removed from raw/; put it back, or build again without it")
    source = load_source(sources[review_id])
    return FORMATS[source_format].decode(source.data, source.path)


def _spanned_rows(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The rows that have words and a span: review_id, key without review_id, words, start_char, end_char."""
    key = [name for name in SPECS[table].key if name != "review_id"]
    words = SPANNED_COLUMNS[table]
    return frame.drop_nulls([words, "start_char"]).select(
        "review_id", pl.concat_str(key, separator="/"), words, "start_char", "end_char"
    )


def _matches_source(
    source: str, words: str, start: int, end: int, pieces: list[_Piece] | None, *, has_markup: bool
) -> bool:
    if pieces is not None:
        # Between pieces the words may have characters that are not in the source: a space for a line break, a comma
        # for a tag.
        return all(source[first:last] == words[offset : offset + last - first] for offset, first, last in pieces)
    printed = source[start:end]
    if not has_markup:
        return printed == words
    return _strip_markup(words) in {_strip_markup(form) for form in (printed, _TEX.sub("", printed))}


def _strip_markup(words: str) -> str:
    """XML without tags, entities and white space, for comparison with the words that a reader made of it."""
    return "".join(html.unescape(_TAG.sub("", words)).split())


class _RowsByReview:
    """The rows of a frame by review. Tuples are made for one review at a time, to save memory."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame.sort("review_id", maintain_order=True)
        starts = self.frame.with_row_index("start").group_by("review_id").agg(pl.col("start").min(), pl.len())
        self.slices = {review_id: (start, length) for review_id, start, length in starts.iter_rows()}

    def of(self, review_id: str) -> list[tuple[Any, ...]]:
        return self.frame.slice(*self.slices.get(review_id, (0, 0))).rows()
