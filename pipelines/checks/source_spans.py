"""Whether the words of a row stand in its source where the row says: every source is read again and compared."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.checks.rule_result import RuleResult
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS
from pipelines.sources.source_folder import Listed, SourceError, load_source
from schemas.tables import SPECS

SPANNED = {
    "review_authors": "name",
    "review_affiliations": "affiliation",
    "review_keywords": "keyword",
    "sections": "heading",
    "sentences": "text",
    "bib_references": "raw_text",
    "reference_authors": "name_raw",
    "table_cells": "text_raw",
    "citation_markers": "marker_text",
    "option_points": "text",
    "study_modalities": "cue_text",
    "claims": "cue_text",
}
"""The words of each table that its span cuts out of the source."""

_TAG = re.compile(r"<[^<>]*>")


def _plain(words: str) -> str:
    """XML without its markup, white space folded, to compare with what a reader made of it."""
    return "".join(html.unescape(_TAG.sub("", words)).split())


def _decoded_again(review_id: str, sources: Mapping[str, Listed], source_format: str) -> str:
    """A source, decoded anew. Raises SourceError or ReadError, which name it, where it can no longer be read."""
    if review_id not in sources:
        raise SourceError("the source is no longer in raw/; put it back, or build again without it")
    source = load_source(sources[review_id])
    return FORMATS[source_format].decode(source.data, source.path)


def compare_spans(frames: Mapping[str, pl.DataFrame], sources: Mapping[str, Listed]) -> dict[str, RuleResult]:
    """By table, whether words stand where their rows say. Each source is opened once, for all tables.

    A source that cannot be opened is a fault of each table that has rows of it: none of them can be compared.
    """
    counted = dict.fromkeys(SPANNED, 0)
    faults: dict[str, list[str]] = {table: [] for table in SPANNED}
    of_review = {table: _Rows(_placed(frames[table], table)) for table in SPANNED}
    parts_of_review = _Rows(
        frames["text_parts"].select(
            "review_id", "subject_table", "subject_key", "field", "text_offset", "start_char", "end_char"
        )
    )
    for review_id, source_format in frames["reviews"].select("review_id", "source_format").iter_rows():
        has_markup = FORMATS[source_format].has_markup
        rows = {table: of_review[table].of(review_id) for table in SPANNED}
        for table in SPANNED:
            counted[table] += len(rows[table])
        try:
            source = _decoded_again(review_id, sources, source_format)
        except (SourceError, ReadError) as error:
            for table in SPANNED:
                if rows[table]:
                    faults[table].append(f"{review_id}: {len(rows[table])} rows cannot be compared: {error}")
            continue
        parts: dict[tuple[str, str, str], list[tuple[int, int, int]]] = {}
        for _, table, subject, words_of, *piece in parts_of_review.of(review_id):
            parts.setdefault((table, subject, words_of), []).append(tuple(piece))
        for table, own in SPANNED.items():
            # The entry as printed is, without its markup, the entry as it reads.
            printed = "text" if has_markup and table == "bib_references" else own
            for _, subject, words, start, end in rows[table]:
                pieces = parts.get((table, subject, printed))
                if not _stands_there(source, words, start, end, pieces, has_markup=has_markup):
                    there = source[start:end][:60]
                    faults[table].append(
                        f"{review_id} {subject}: source[{start}:{end}] is {there!r}, not {words[:60]!r}"
                    )
    return {table: RuleResult(counted[table], faults[table]) for table in SPANNED}


def _placed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    key = [name for name in SPECS[table].key if name != "review_id"]
    return frame.drop_nulls([SPANNED[table], "start_char"]).select(
        "review_id", pl.concat_str(key, separator="/"), SPANNED[table], "start_char", "end_char"
    )


def _stands_there(
    source: str, words: str, start: int, end: int, pieces: list[tuple[int, int, int]] | None, *, has_markup: bool
) -> bool:
    if pieces is not None:
        # Between the pieces may stand what is not in the source: a blank that joins lines, a comma for a tag.
        return all(source[first:last] == words[offset : offset + last - first] for offset, first, last in pieces)
    printed = source[start:end]
    return printed == words or (has_markup and _plain(printed) == _plain(words))


class _Rows:
    """The rows of a frame by review, made one review at a time."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame.sort("review_id", maintain_order=True)
        places = self.frame.with_row_index("place").group_by("review_id").agg(pl.col("place").min(), pl.len())
        self.places = {review_id: (place, n) for review_id, place, n in places.iter_rows()}

    def of(self, review_id: str) -> list[tuple[Any, ...]]:
        return self.frame.slice(*self.places.get(review_id, (0, 0))).rows()
