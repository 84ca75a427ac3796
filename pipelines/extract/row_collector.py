"""Collects the rows of one review; shared by the builders of front matter, reference, prose and table rows.

It adds citation markers, findings and texts in several pieces, and reports malformed values. All builders of a review
use the same collector, because citation markers are numbered across prose and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TypeVar

from pipelines.document import Span, Text
from pipelines.extract.citations import PlacedCitation
from pipelines.extract.row_types import (
    CitationMarkerRow,
    CitationMentionRow,
    ReaderFindingRow,
    ReviewRows,
    ScatteredText,
    make_fast_constructor,
)

Value = TypeVar("Value", int, str)

_new_marker = make_fast_constructor(CitationMarkerRow)
_new_mention = make_fast_constructor(CitationMentionRow)
_new_scattered_text = make_fast_constructor(ScatteredText)


class RowCollector:
    """The rows of one review so far. `listed_ref_nos` are the numbers of its reference list."""

    def __init__(self, review_id: str, listed_ref_nos: Set[int]) -> None:
        self.review_id = review_id
        self.listed_ref_nos = listed_ref_nos
        self.rows = ReviewRows()

    def add_finding(
        self,
        code: str,
        message: str,
        span: Span | None,
        *,
        subject_table: str | None = None,
        subject_key: str | None = None,
    ) -> None:
        self.rows.reader_findings.append(
            ReaderFindingRow(
                review_id=self.review_id,
                code=code,
                subject_table=subject_table,
                subject_key=subject_key,
                message=message,
                start_char=span.start if span else None,
                end_char=span.end if span else None,
            )
        )

    def normalise_or_report(
        self,
        normalise: Callable[[Value], Value | None],
        value: Value | None,
        *,
        table: str,
        key: str,
        column: str,
        span: Span | None = None,
    ) -> Value | None:
        """The value in its published form; None, with a finding, if it has none."""
        if value is None:
            return None
        normalised = normalise(value)
        if normalised is None:
            self.add_finding(
                "malformed_value",
                f"'{value}' is not a valid {column}; left out",
                span,
                subject_table=table,
                subject_key=key,
            )
        return normalised

    def add_text_parts(self, table: str, field: str, text: Text, *key: int) -> None:
        """Record the pieces of a text, unless it is one unbroken stretch of the source.

        `key` is the key of the row after `review_id`.
        """
        pieces = text.pieces
        if len(pieces) == 1 and pieces[0].length == len(text.value):
            return
        self.rows.text_parts.append(
            _new_scattered_text(
                review_id=self.review_id,
                subject_table=table,
                subject_key="/".join(map(str, key)),
                field=field,
                pieces=pieces,
            )
        )

    def add_citation(
        self,
        context: str,
        placed: PlacedCitation,
        *,
        section_id: int | None = None,
        sentence_id: int | None = None,
        table_no: int | None = None,
        row_no: int | None = None,
        column_no: int | None = None,
    ) -> None:
        """Add a citation marker and its mentions; a number missing from the reference list becomes a finding."""
        citation = placed.citation
        printed = placed.text.slice(citation.start, citation.end)
        start, end = printed.bounds
        marker_id = len(self.rows.citation_markers) + 1
        self.rows.citation_markers.append(
            _new_marker(
                review_id=self.review_id,
                marker_id=marker_id,
                context=context,
                section_id=section_id,
                sentence_id=sentence_id,
                table_no=table_no,
                row_no=row_no,
                column_no=column_no,
                marker_text=printed.value,
                n_refs=len(citation.ref_nos),
                start_char=start,
                end_char=end,
            )
        )
        self.add_text_parts("citation_markers", "marker_text", printed, marker_id)
        for ref_no, is_from_range in zip(citation.ref_nos, citation.from_range, strict=True):
            if ref_no in self.listed_ref_nos:
                self.rows.citation_mentions.append(
                    _new_mention(
                        review_id=self.review_id, marker_id=marker_id, ref_no=ref_no, is_from_range=is_from_range
                    )
                )
            else:
                self.add_finding(
                    "dangling_citation",
                    f"'{printed.value}' cites reference {ref_no}, which is not in the reference list",
                    printed.span,
                    subject_table="citation_markers",
                    subject_key=str(marker_id),
                )
