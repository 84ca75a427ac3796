"""The text of a review as the report's reader shows it: headings, paragraphs, tables and references in the order of the
source, with the words that citations, codes and findings rest on marked.

Places are offsets in the text of a piece (a sentence, a cell, an entry of the reference list), not in the source.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from math import inf
from typing import NamedTuple

import duckdb

from pipelines.release.report.queries import Row, fetch_rows, run_query


class PieceKey(NamedTuple):
    """A piece of text: the table and the key of its row, as in text_parts."""

    subject_table: str
    subject_key: str


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters of a piece: those of the source from `start_char` to `end_char` stand at `text_offset`."""

    piece: PieceKey
    text_offset: int
    start_char: int
    end_char: int


Marks = list[list[object]]
"""Marked words of a piece: start and end in its text, kind and target."""


def read_review_text(connection: duckdb.DuckDBPyConnection, review_id: str) -> Row:
    """The text and the coded rows of a review, ready to be written as JSON.

    `blocks` is the running text in the order of the source, `references` the reference list; `claims`, `codes` and
    `issues` are the rows that marks lead to.
    """
    marks = locate_marks(_read_parts(connection, review_id), run_query(connection, "marks", review=review_id))
    pages = run_query(connection, "reading_pages", review=review_id)
    return {
        "blocks": _build_blocks(connection, review_id, marks, pages),
        "references": [
            {
                **row,
                **find_page(pages, row.pop("start_char")),
                "marks": marks.get(PieceKey("bib_references", str(row["ref_no"])), []),
            }
            for row in run_query(connection, "reading_references", review=review_id)
        ],
        **{
            name: run_query(connection, f"reading_{name}", review=review_id)
            for name in ("claims", "codes", "issues", "citations")
        },
    }


def find_page(pages: Sequence[Row], start_char: int | None) -> Row:
    """The place on a page of what begins at an offset of the source, as `page`, `x` and `y`; empty if there is none.

    `pages` are the printed lines of the review in the order of the source.
    """
    if start_char is None or not pages:
        return {}
    index = bisect_right(pages, start_char, key=lambda line: line["start_char"]) - 1
    line = pages[max(0, index)]
    return {"page": line["page_no"], "x": line["x"], "y": line["y"]}


def _read_parts(connection: duckdb.DuckDBPyConnection, review_id: str) -> list[Part]:
    """The parts of all pieces of a review, in the order of the source."""
    listed = fetch_rows(
        connection,
        "SELECT subject_table, subject_key, field, text_offset, start_char, end_char FROM text_parts "
        "WHERE review_id = $review ORDER BY ALL",
        {"review": review_id},
    )
    parts_of = defaultdict(list)
    for row in listed:
        parts_of[row["subject_table"], row["subject_key"], row["field"]].append(row)
    parts = []
    for word in run_query(connection, "words", review=review_id):
        if word["text"] is None or word["start_char"] is None:
            continue
        key = PieceKey(word["subject_table"], word["subject_key"])
        contiguous = [{**word, "text_offset": 0}]
        for row in parts_of.get((*key, word["field"]), contiguous):
            parts.append(Part(key, row["text_offset"], row["start_char"], row["end_char"]))
    return sorted(parts, key=lambda part: (part.start_char, part.end_char))


def locate_marks(parts: Sequence[Part], marks: Iterable[Row]) -> dict[PieceKey, Marks]:
    """Where the marks lie in the pieces. A mark outside all pieces, as in a title page, is left out."""
    starts = [part.start_char for part in parts]
    # The furthest end so far: no part before the first with a larger one reaches as far as the mark.
    ends = list(accumulate((part.end_char for part in parts), max))
    located: dict[PieceKey, Marks] = {}
    for mark in marks:
        extents: dict[PieceKey, tuple[int, int]] = {}
        for part in parts[bisect_right(ends, mark["start_char"]) : bisect_left(starts, mark["end_char"])]:
            if part.end_char <= mark["start_char"]:
                continue
            shift = part.text_offset - part.start_char
            start = max(mark["start_char"], part.start_char) + shift
            end = min(mark["end_char"], part.end_char) + shift
            first, last = extents.get(part.piece, (start, end))
            extents[part.piece] = min(first, start), max(last, end)
        for piece, (start, end) in extents.items():
            located.setdefault(piece, []).append([start, end, mark["kind"], mark["target"]])
    return located


def _build_blocks(
    connection: duckdb.DuckDBPyConnection, review_id: str, marks: dict[PieceKey, Marks], pages: Sequence[Row]
) -> list[Row]:
    """Headings, paragraphs and tables, in the order of the source; tables without a place in it come last."""
    placed: list[tuple[float, Row]] = []
    for section in run_query(connection, "reading_sections", review=review_id):
        block = {"kind": "heading", "level": section["level"], "heading": section["heading"]}
        placed.append((section["start_char"], block))
    sentences = run_query(connection, "reading_sentences", review=review_id)
    for _, paragraph in groupby(sentences, key=lambda row: (row["section_id"], row["paragraph_no"])):
        listed = list(paragraph)
        # The places in the source are for sorting; the page, which holds thousands of sentences, does not need them.
        shown = [
            {
                "sentence_id": sentence["sentence_id"],
                "text": sentence["text"],
                "marks": marks.get(PieceKey("sentences", str(sentence["sentence_id"])), []),
            }
            for sentence in listed
        ]
        placed.append((listed[0]["start_char"], {"kind": "paragraph", "sentences": shown}))
    cells = defaultdict(list)
    for cell in run_query(connection, "reading_cells", review=review_id):
        key = PieceKey("table_cells", f"{cell['table_no']}/{cell['row_no']}/{cell['column_no']}")
        cells[cell.pop("table_no")].append({**cell, "marks": marks.get(key, [])})
    for table in run_query(connection, "reading_tables", review=review_id):
        block = {"kind": "table", **table, "cells": cells[table["table_no"]]}
        placed.append((inf if table["start_char"] is None else table["start_char"], block))
    # Headings come before what begins at the same place; sorting keeps the order of equal places.
    placed.sort(key=lambda item: item[0])
    return [{**block, **find_page(pages, None if start == inf else int(start))} for start, block in placed]
