"""Reference list → rows of `bib_references` and `reference_authors`.

An entry whose fields the source tags is taken as tagged; any other entry is parsed. Journals are not identified here.
"""

from __future__ import annotations

from typing import NamedTuple

from pipelines.document import Document, ReferenceEntry, ReferenceFields, Span, Text
from pipelines.extract import value_formats
from pipelines.extract.reference_parser import ParsedReference, parse_reference
from pipelines.extract.reference_parser.tail import find_language
from pipelines.extract.row_collector import RowCollector
from pipelines.extract.row_types import make_fast_constructor
from pipelines.readers.formats import FORMATS


class BibReferenceRow(NamedTuple):
    """`journal_id` is None here: journals are looked up when the table is stored."""

    review_id: str
    ref_no: int
    text_raw: str
    text: str
    title: str | None
    title_start_char: int | None
    title_end_char: int | None
    journal_raw: str | None
    journal_id: None
    year: int | None
    volume: str | None
    issue: str | None
    first_page: str | None
    last_page: str | None
    article_number: str | None
    is_ahead_of_print: bool
    language: str | None
    note: str | None
    doi: str | None
    pmid: str | None
    authors_truncated: bool
    is_exact_parse: bool | None
    start_char: int | None
    end_char: int | None


class ReferenceAuthorRow(NamedTuple):
    review_id: str
    ref_no: int
    position: int
    name_raw: str
    surname: str
    initials: str | None
    suffix: str | None
    start_char: int | None
    end_char: int | None


_NO_BOUNDS = (None, None)
_new_reference = make_fast_constructor(BibReferenceRow)
_new_author = make_fast_constructor(ReferenceAuthorRow)


def add_reference_rows(collector: RowCollector, document: Document) -> None:
    """Add the rows of all entries of the reference list."""
    for entry in document.references:
        parsed = parse_reference(entry.text.value) if entry.fields is None else None
        fields = parsed.fields if parsed else entry.fields or ReferenceFields()
        _add_reference(collector, document, entry, fields, parsed)
        _add_authors(collector, entry, fields, parsed)


def _add_reference(
    collector: RowCollector,
    document: Document,
    entry: ReferenceEntry,
    fields: ReferenceFields,
    parsed: ParsedReference | None,
) -> None:
    table, key = "bib_references", str(entry.ref_no)
    start, end = entry.text.bounds
    span = None if start is None or end is None else Span(start, end)
    # In a source with markup, the stretch between start and end has tags that are not printed.
    is_cut_out = span is not None and not FORMATS[document.format].has_markup
    title = _slice_parsed_field(entry, parsed, "title")
    title_start, title_end = title.bounds if title else _NO_BOUNDS
    normalise = collector.normalise_or_report
    collector.rows.bib_references.append(
        _new_reference(
            review_id=collector.review_id,
            ref_no=entry.ref_no,
            text_raw=document.source[start:end] if is_cut_out else entry.text.value,
            text=entry.text.value,
            title=fields.title,
            title_start_char=title_start,
            title_end_char=title_end,
            journal_raw=fields.journal,
            journal_id=None,
            year=normalise(value_formats.normalise_year, fields.year, table=table, key=key, column="year", span=span),
            volume=fields.volume,
            issue=fields.issue,
            first_page=fields.first_page,
            last_page=fields.last_page,
            article_number=fields.article_number,
            is_ahead_of_print=fields.is_ahead_of_print,
            language=normalise(
                value_formats.normalise_language,
                fields.language or (find_language(fields.note) if fields.note else None),
                table=table,
                key=key,
                column="language",
                span=span,
            ),
            note=fields.note,
            doi=normalise(value_formats.normalise_doi, fields.doi, table=table, key=key, column="doi", span=span),
            pmid=normalise(value_formats.normalise_pmid, fields.pmid, table=table, key=key, column="pmid", span=span),
            authors_truncated=fields.authors_truncated,
            is_exact_parse=parsed.is_exact if parsed else None,
            start_char=start,
            end_char=end,
        )
    )
    collector.add_text_parts(table, "text", entry.text, entry.ref_no)
    if title:
        collector.add_text_parts(table, "title", title, entry.ref_no)


def _add_authors(
    collector: RowCollector, entry: ReferenceEntry, fields: ReferenceFields, parsed: ParsedReference | None
) -> None:
    review_id, ref_no, authors = collector.review_id, entry.ref_no, collector.rows.reference_authors
    for position, author in enumerate(fields.authors, start=1):
        name = _slice_parsed_field(entry, parsed, f"author:{position}") if parsed else None
        start, end = name.bounds if name else _NO_BOUNDS
        authors.append(
            _new_author(
                review_id=review_id,
                ref_no=ref_no,
                position=position,
                name_raw=author.name,
                surname=author.surname,
                initials=author.initials,
                suffix=author.suffix,
                start_char=start,
                end_char=end,
            )
        )
        if name:
            collector.add_text_parts("reference_authors", "name_raw", name, ref_no, position)


def _slice_parsed_field(entry: ReferenceEntry, parsed: ParsedReference | None, field: str) -> Text | None:
    """The words that the parser assigned to a field; None if it assigned none or the source tags the fields itself."""
    if parsed is None or field not in parsed.places:
        return None
    return entry.text.slice(*parsed.places[field])
