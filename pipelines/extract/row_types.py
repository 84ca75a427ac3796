"""The rows that one review gives, in one list per table, and the record types that several row builders share.

The fields of a record are the columns of its table in `schemas.tables.extracted`, in any order: records are built and
turned into frames by name. The other record types are beside the functions that build them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MethodType
from typing import Any, NamedTuple, TypeVar, cast

from pipelines.document import Piece

FINDINGS = "reader_findings"
"""Findings of reading and extraction (repairs, malformed values, dangling citations) for `source_issues`."""

TEXT_PARTS = "text_parts"
QUARANTINED = "quarantined_sources"

RowType = TypeVar("RowType", bound=type[tuple[Any, ...]])


def make_fast_constructor(row_type: RowType) -> RowType:
    """The constructor of a record type, to be called with keyword arguments.

    Calling the class itself takes twice as long, because it copies the keyword arguments into a dict first.
    """
    return cast("RowType", MethodType(row_type.__new__, row_type))


class CitationMarkerRow(NamedTuple):
    review_id: str
    marker_id: int
    context: str
    section_id: int | None
    sentence_id: int | None
    table_no: int | None
    row_no: int | None
    column_no: int | None
    marker_text: str
    n_refs: int
    start_char: int | None
    end_char: int | None


class CitationMentionRow(NamedTuple):
    review_id: str
    marker_id: int
    ref_no: int
    is_from_range: bool


class ScatteredText(NamedTuple):
    """A text that is not one unbroken stretch of the source; gives one row of `text_parts` per piece."""

    review_id: str
    subject_table: str
    subject_key: str
    field: str
    pieces: tuple[Piece, ...]


class ReaderFindingRow(NamedTuple):
    review_id: str
    code: str
    subject_table: str | None
    subject_key: str | None
    message: str
    start_char: int | None
    end_char: int | None


class QuarantinedSourceRow(NamedTuple):
    review_id: str
    source_path: str
    reason: str


@dataclass(slots=True)
class ReviewRows:
    """The rows of one review, in one list per table; the lists are named after the tables."""

    reviews: list[Any] = field(default_factory=list)
    source_texts: list[Any] = field(default_factory=list)
    page_boxes: list[Any] = field(default_factory=list)
    review_authors: list[Any] = field(default_factory=list)
    review_affiliations: list[Any] = field(default_factory=list)
    review_author_affiliations: list[Any] = field(default_factory=list)
    review_funding: list[Any] = field(default_factory=list)
    review_keywords: list[Any] = field(default_factory=list)
    sections: list[Any] = field(default_factory=list)
    sentences: list[Any] = field(default_factory=list)
    bib_references: list[Any] = field(default_factory=list)
    reference_authors: list[Any] = field(default_factory=list)
    source_tables: list[Any] = field(default_factory=list)
    column_roles: list[Any] = field(default_factory=list)
    table_cells: list[Any] = field(default_factory=list)
    citation_markers: list[CitationMarkerRow] = field(default_factory=list)
    citation_mentions: list[CitationMentionRow] = field(default_factory=list)
    text_parts: list[ScatteredText] = field(default_factory=list)
    reader_findings: list[ReaderFindingRow] = field(default_factory=list)


TABLES = tuple(item.name for item in fields(ReviewRows) if item.name != FINDINGS)
"""The published tables that one pass over a Document fills."""
