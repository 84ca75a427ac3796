"""Document → the rows of the extracted tables: what is printed, numbered and tied together, nothing interpreted.

The order of a row's values is the order of the columns in `schemas.tables.extracted`; a row of `text_parts` has all the
pieces of a text. Rows and not frames come out, so that a batch of reviews makes one frame a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, TypeVar

import polars as pl

from pipelines.document import Block, Document, Heading, ReferenceEntry, Span, Table, Text
from pipelines.extract import value_formats as shapes
from pipelines.extract.citations import PlacedCitation, document_citations
from pipelines.extract.reference_parser import ParsedReference, parse_reference
from pipelines.extract.sentences import sentence_spans
from pipelines.extract.table_roles import grid, table_roles
from pipelines.readers.formats import FORMATS
from schemas.tables import SPECS

Row = tuple[Any, ...]
Value = TypeVar("Value", int, str)
Rows = dict[str, list[Row]]

PARTS = "text_parts"
TABLES = (
    "reviews",
    "review_authors",
    "review_affiliations",
    "review_author_affiliations",
    "review_funding",
    "review_keywords",
    "sections",
    "sentences",
    "bib_references",
    "reference_authors",
    "source_tables",
    "table_cells",
    "citation_markers",
    "citation_mentions",
    PARTS,
)
"""The tables that one pass over a Document fills."""

FINDINGS = "reader_findings"
"""What the reader repaired and what a citation points at in vain: rows for `source_issues`, not a table of its own."""

FINDINGS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "review_id": pl.String,
    "code": pl.String,
    "subject_table": pl.String,
    "subject_key": pl.String,
    "message": pl.String,
    "start_char": pl.Int32,
    "end_char": pl.Int32,
}


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a source besides its contents; `path` is relative to raw/."""

    review_id: str
    path: str
    sha256: str
    language: str | None = None
    licence: str | None = None
    doi: str | None = None


def extract_review(source: SourceFacts, document: Document) -> Rows:
    """The rows of all of `TABLES`, and of `FINDINGS`, for one review."""
    rows: Rows = {name: [] for name in (*TABLES, FINDINGS)}
    roles = [table_roles(table) for table in document.tables]
    extraction = _Extraction(source.review_id, {entry.ref_no for entry in document.references}, rows)
    extraction.front(source, document)
    extraction.references(document)
    of_block: dict[int, list[PlacedCitation]] = {}
    of_table: dict[int, list[PlacedCitation]] = {}
    for citation in document_citations(document, roles):
        if citation.block_no is not None:
            of_block.setdefault(citation.block_no, []).append(citation)
        elif citation.table_no is not None:
            of_table.setdefault(citation.table_no, []).append(citation)
    extraction.prose(document, of_block)
    for place, table in enumerate(document.tables):
        extraction.table(place + 1, table, roles[place], of_table.get(place, []))
    for repair in document.repairs:
        extraction.finding(repair.code, None, None, repair.message, repair.span)
    return rows


def frames_of(batch: Iterable[Rows]) -> dict[str, pl.DataFrame]:
    """One frame a table from the rows of several reviews."""
    gathered: Rows = {name: [] for name in (*TABLES, FINDINGS)}
    for rows in batch:
        for name, values in rows.items():
            gathered[name].extend(values)
    return {
        name: _text_parts(values)
        if name == PARTS
        else _frame(values, FINDINGS_SCHEMA if name == FINDINGS else SPECS[name].polars_schema)
        for name, values in gathered.items()
    }


def _frame(rows: Sequence[Row], schema: Mapping[str, Any]) -> pl.DataFrame:
    # Column by column: from rows Polars takes several times as long.
    return _of_columns(list(zip(*rows, strict=True)) or [()] * len(schema), schema)


def _of_columns(columns: Sequence[Sequence[Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(
        [pl.Series(name, values, dtype) for (name, dtype), values in zip(schema.items(), columns, strict=True)]
    )


def _text_parts(rows: Sequence[Row]) -> pl.DataFrame:
    """A row a piece, from rows of a text each: review_id, table, key, field, and the text's pieces."""
    *columns, of_texts = list(zip(*rows, strict=True)) or [()] * 5
    strings = dict.fromkeys(("review_id", "subject_table", "subject_key", "field"), pl.String)
    texts = _of_columns([*columns, list(map(len, of_texts))], {**strings, "n": pl.Int32})
    # Three numbers a piece, one after the other.
    numbers = pl.Series(list(chain.from_iterable(chain.from_iterable(of_texts))), dtype=pl.Int32)
    places = pl.DataFrame(
        [numbers.gather_every(3, at).alias(name) for at, name in enumerate(("text_offset", "start_char", "length"))]
    )
    of_text = texts.with_columns(pl.int_ranges(1, pl.col("n") + 1).alias("part_no")).explode("part_no").drop_nulls()
    whole = pl.concat([of_text, places], how="horizontal").with_columns(
        (pl.col("start_char") + pl.col("length")).alias("end_char")
    )
    return whole.select(pl.col(name).cast(dtype) for name, dtype in SPECS[PARTS].polars_schema.items())


class _Extraction:
    """The numbering of one review's rows while they are made."""

    def __init__(self, review_id: str, ref_nos: set[int], rows: Rows) -> None:
        self.review_id = review_id
        self.ref_nos = ref_nos
        self.rows = rows
        self.marker_id = 0
        self.sentence_id = 0

    def add(self, table: str, *values: Any, span: Span | None) -> None:
        self.rows[table].append((self.review_id, *values, *_offsets(span)))

    def finding(
        self, code: str, subject_table: str | None, subject_key: str | None, message: str, span: Span | None
    ) -> None:
        self.rows[FINDINGS].append((self.review_id, code, subject_table, subject_key, message, *_offsets(span)))

    def shaped(
        self,
        shape: Callable[[Value], Value | None],
        value: Value | None,
        table: str,
        key: str,
        span: Span | None = None,
    ) -> Value | None:
        """The value in the shape it is published in; where it has none it is left out and reported."""
        found = None if value is None else shape(value)
        if found is None and value is not None:
            words = f"'{value}' is no {shape.__name__}; left out"
            self.finding("malformed_value", table, key, words, span)
        return found

    def parts(self, table: str, key: str, field: str, text: Text) -> None:
        """Where the words of a row do not stand in one stretch of the source, each of the stretches."""
        if len(text.pieces) == 1 and text.pieces[0].length == len(text.value):
            return
        self.rows[PARTS].append((self.review_id, table, key, field, text.pieces))

    def front(self, source: SourceFacts, document: Document) -> None:
        front = document.front
        self.add(
            "reviews",
            front.title.value if front.title else None,
            front.journal.value if front.journal else None,
            front.volume,
            front.issue,
            "–".join(page for page in (front.first_page, front.last_page) if page) or None,
            self.shaped(shapes.year, front.publication_year, "reviews", source.review_id),
            front.publication_year_basis,
            front.article_type,
            self.shaped(shapes.doi, front.doi, "reviews", source.review_id) or source.doi,
            _date(front.date_received),
            _date(front.date_accepted),
            self.shaped(shapes.language, front.language, "reviews", source.review_id) or source.language,
            "\n".join(paragraph.value for paragraph in front.abstract) or None,
            document.format,
            source.path,
            source.sha256,
            len(document.source),
            front.licence or source.licence,
            span=Span(0, len(document.source)),
        )
        affiliation_nos = {}
        for number, affiliation in enumerate(front.affiliations, start=1):
            affiliation_nos[affiliation.key] = number
            self.add("review_affiliations", number, affiliation.key, affiliation.text.value, span=affiliation.text.span)
            self.parts("review_affiliations", str(number), "affiliation", affiliation.text)
        for position, author in enumerate(front.authors, start=1):
            self.add(
                "review_authors",
                position,
                author.name.value,
                author.surname,
                author.given_names,
                author.orcid,
                self.shaped(shapes.email, author.email, "review_authors", str(position), author.name.span),
                author.is_corresponding,
                author.is_equal_contribution,
                span=author.name.span,
            )
            self.parts("review_authors", str(position), "name", author.name)
            numbers = {affiliation_nos[key] for key in author.affiliations if key in affiliation_nos}
            self.rows["review_author_affiliations"].extend(
                (self.review_id, position, number) for number in sorted(numbers)
            )
        for number, award in enumerate(front.awards, start=1):
            self.add("review_funding", number, award.funder, award.award_number, span=award.text.span)
        for position, keyword in enumerate(front.keywords, start=1):
            self.add("review_keywords", position, keyword.value, span=keyword.span)
            self.parts("review_keywords", str(position), "keyword", keyword)

    def prose(self, document: Document, of_block: Mapping[int, list[PlacedCitation]]) -> None:
        """Sections, sentences and the citations in prose. Text before the first heading has a section without one."""
        kinds = _section_kinds(document.blocks)
        open_sections: list[tuple[int, int]] = []  # (section_id, level), outermost first
        n_children: dict[int | None, int] = {}
        section_id = 0
        paragraph_no = 0

        def open_section(heading: Text | None, level: int, kind: str) -> None:
            nonlocal section_id, paragraph_no
            while open_sections and open_sections[-1][1] >= level:
                open_sections.pop()
            parent = open_sections[-1][0] if open_sections else None
            n_children[parent] = n_children.get(parent, 0) + 1
            section_id += 1
            paragraph_no = 0
            open_sections.append((section_id, level))
            self.add(
                "sections",
                section_id,
                n_children[parent],
                level,
                heading.value if heading else None,
                kind,
                parent,
                span=heading.span if heading else None,
            )
            if heading:
                self.parts("sections", str(section_id), "heading", heading)

        for position, block in enumerate(document.blocks):
            if isinstance(block, Heading):
                open_section(block.text, block.level, kinds[position])
                continue
            if not open_sections:
                open_section(None, 1, kinds[position])
            paragraph_no += 1
            self.paragraph(section_id, paragraph_no, block.kind, block.text, of_block.get(position, []))

    def paragraph(
        self, section_id: int, paragraph_no: int, kind: str, text: Text, citations: list[PlacedCitation]
    ) -> None:
        following = 0
        sentences = self.rows["sentences"]
        for ordinal, (start, end) in enumerate(sentence_spans(text.value), start=1):
            self.sentence_id += 1
            sentence = text.slice(start, end)
            first = following
            while following < len(citations) and citations[following].citation.start < end:
                following += 1
            is_cited = following > first
            sentences.append(
                (
                    *(self.review_id, self.sentence_id, section_id, paragraph_no, ordinal, kind),
                    *(sentence.value, is_cited, *sentence.bounds),
                )
            )
            self.parts("sentences", str(self.sentence_id), "text", sentence)
            for citation in citations[first:following]:
                self.marker("prose", citation, section_id=section_id, sentence_id=self.sentence_id)

    def marker(
        self,
        context: str,
        placed: PlacedCitation,
        *,
        section_id: int | None = None,
        sentence_id: int | None = None,
        cell: tuple[int | None, int | None, int | None] = (None, None, None),
    ) -> None:
        self.marker_id += 1
        citation = placed.citation
        printed = placed.text.slice(citation.start, citation.end)
        self.rows["citation_markers"].append(
            (
                *(self.review_id, self.marker_id, context, section_id, sentence_id, *cell),
                *(printed.value, len(citation.ref_nos), *printed.bounds),
            )
        )
        self.parts("citation_markers", str(self.marker_id), "marker_text", printed)
        for ref_no, is_from_range in zip(citation.ref_nos, citation.from_range, strict=True):
            if ref_no in self.ref_nos:
                self.rows["citation_mentions"].append((self.review_id, self.marker_id, ref_no, is_from_range))
            else:
                self.finding(
                    "dangling_citation",
                    "citation_markers",
                    str(self.marker_id),
                    f"'{printed.value}' points at reference {ref_no}, which the reference list does not have",
                    printed.span,
                )

    def references(self, document: Document) -> None:
        references, authors = self.rows["bib_references"], self.rows["reference_authors"]
        has_markup = FORMATS[document.format].has_markup
        for entry in document.references:
            ref_no, text, fields = entry
            parsed = None
            if fields is None:
                parsed = parse_reference(text.value)
                fields = parsed.fields
            key = str(ref_no)
            title = _field_text(entry, parsed, "title")
            start, end = text.bounds
            span = None if start is None or end is None else Span(start, end)
            references.append(
                (
                    self.review_id,
                    ref_no,
                    text.value if has_markup or start is None else document.source[start:end],
                    text.value,
                    fields.title,
                    *(title.bounds if title else (None, None)),
                    fields.journal,
                    None,
                    self.shaped(shapes.year, fields.year, "bib_references", key, span),
                    fields.volume,
                    fields.issue,
                    fields.first_page,
                    fields.last_page,
                    fields.article_number,
                    fields.is_ahead_of_print,
                    self.shaped(shapes.language, fields.language, "bib_references", key, span),
                    fields.note,
                    self.shaped(shapes.doi, fields.doi, "bib_references", key, span),
                    self.shaped(shapes.pmid, fields.pmid, "bib_references", key, span),
                    fields.authors_truncated,
                    parsed.is_exact if parsed else None,
                    *(start, end),
                )
            )
            self.parts("bib_references", key, "text", text)
            if title:
                self.parts("bib_references", key, "title", title)
            if parsed is None:
                authors.extend(
                    [
                        (self.review_id, ref_no, position, *author, None, None)
                        for position, author in enumerate(fields.authors, start=1)
                    ]
                )
                continue
            for position, author in enumerate(fields.authors, start=1):
                name = _field_text(entry, parsed, f"author:{position}")
                bounds = name.bounds if name else (None, None)
                authors.append((self.review_id, ref_no, position, *author, *bounds))
                if name:
                    self.parts("reference_authors", f"{ref_no}/{position}", "name_raw", name)

    def table(self, table_no: int, table: Table, roles: Sequence[str], citations: list[PlacedCitation]) -> None:
        names = _column_names(table, len(roles))
        n_header_rows = _n_header_rows(table)
        self.add(
            "source_tables",
            table_no,
            table.label,
            table.caption.value if table.caption else None,
            _table_kind(roles),
            table.n_parts,
            len(table.rows) - n_header_rows,
            len(roles),
            span=table.span,
        )
        of_cell: dict[tuple[int | None, int | None], list[PlacedCitation]] = {}
        for citation in citations:
            of_cell.setdefault((citation.row_no, citation.column_no), []).append(citation)
        # Citations of the caption and the notes have no cell.
        for citation in of_cell.pop((None, None), []):
            self.marker("table", citation, cell=(table_no, None, None))
        cells = self.rows["table_cells"]
        for place, cell_no, column_no, cell in grid(table):
            row_no = place + 1 - n_header_rows
            inside = of_cell.get((place, cell_no), [])
            value = cell.text.value
            row = table.rows[place]
            cells.append(
                (
                    *(self.review_id, table_no, row_no, column_no, row.part_no),
                    *(names[column_no - 1], roles[column_no - 1], cell.is_header or row.is_header),
                    *(cell.row_span, cell.column_span, value or None, _without(value, inside) or None),
                    *cell.text.bounds,
                )
            )
            if value:
                self.parts("table_cells", f"{table_no}/{row_no}/{column_no}", "text_raw", cell.text)
            for citation in inside:
                self.marker("table", citation, cell=(table_no, row_no, column_no))


def _n_header_rows(table: Table) -> int:
    """The header rows at the top; one further down is a heading among the rows."""
    return next((place for place, row in enumerate(table.rows) if not row.is_header), len(table.rows))


def _column_names(table: Table, n_columns: int) -> list[str | None]:
    """What the header rows at the top say over each column, joined by ' | '."""
    names: list[list[str]] = [[] for _ in range(n_columns)]
    n_header_rows = _n_header_rows(table)
    for place, _, column_no, cell in grid(table):
        if place >= n_header_rows:
            break
        words = " ".join(cell.text.value.split())
        for name in names[column_no - 1 : column_no - 1 + cell.column_span]:
            if words and words not in name:
                name.append(words)
    return [" | ".join(name) or None for name in names]


def _table_kind(roles: Sequence[str]) -> str:
    if "option" in roles and {"advantages", "disadvantages"} & set(roles):
        return "options"
    return "evidence" if "study" in roles and {"method", "outcome"} & set(roles) else "other"


def _without(text: str, citations: list[PlacedCitation]) -> str:
    """The words without their citation markers, white space folded."""
    if not citations:
        return " ".join(text.split())
    kept = []
    start = 0
    for placed in citations:
        kept.append(text[start : placed.citation.start])
        start = placed.citation.end
    kept.append(text[start:])
    return " ".join("".join(kept).split())


def _section_kinds(blocks: Sequence[Block]) -> list[str]:
    """For each block what stands in the section that it opens: the kind of the first paragraph from there on."""
    kinds: list[str] = []
    kind = "prose"
    for block in reversed(blocks):
        if not isinstance(block, Heading):
            kind = block.kind if block.kind in {"abstract", "back"} else "prose"
        kinds.append(kind)
    return kinds[::-1]


def _field_text(entry: ReferenceEntry, parsed: ParsedReference | None, field: str) -> Text | None:
    """A parsed field's own words; None where the field is not given or the source tags the fields itself."""
    if parsed is None or field not in parsed.places:
        return None
    return entry.text.slice(*parsed.places[field])


def _offsets(span: Span | None) -> tuple[int | None, int | None]:
    return (span.start, span.end) if span else (None, None)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
