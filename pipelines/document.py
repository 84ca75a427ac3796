"""The one in-memory model of a review, the same for every source format.

A reader (`pipelines.readers`) turns bytes into a `Document`, and everything downstream works on the `Document` without
knowing which reader made it. This module contains values only: no parsing, no I/O.

Offsets are 0-based, half-open and count Unicode code points of the decoded source. Values that a document has by the
thousand are named tuples, which are several times as fast to make as frozen dataclasses; the others are dataclasses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the source: `source[start:end]` is the printed text."""

    start: int
    end: int


class Piece(NamedTuple):
    """`length` characters of a `Text` from `offset` on, which are verbatim in the source from `start` on.

    Characters of a `Text` that no piece covers are not in the source in this form: a blank that joins two lines, a
    resolved character entity.
    """

    offset: int
    start: int
    length: int


_AFTER_ANY_START = 1 << 62


class Text(NamedTuple):
    """A string as it reads, and the places of its characters in the source.

    `pieces` are ordered by `offset` and do not overlap. A text that is one stretch of the source has one piece; a
    paragraph that a page break cuts in two has two.
    """

    value: str
    pieces: tuple[Piece, ...]

    @classmethod
    def from_source(cls, source: str, start: int, end: int) -> Text:
        """The text of `source[start:end]`, verbatim."""
        return cls(source[start:end], (Piece(0, start, end - start),))

    def slice(self, start: int, end: int) -> Text:
        """The text of `value[start:end]`, with the pieces of these characters."""
        pieces = self.pieces
        # Bisects tuples by their first field, `offset`, which is unique; a key function would cost much more.
        first = bisect_right(pieces, (start, _AFTER_ANY_START)) - 1
        last = bisect_left(pieces, (end,), max(0, first))
        inside = pieces[max(0, first) : last]
        if not inside:
            return Text(self.value[start:end], ())
        new = tuple.__new__
        moved = [new(Piece, (offset - start, source_start, length)) for offset, source_start, length in inside]
        # Only the first and the last piece can be cut.
        offset, source_start, length = moved[0]
        if offset < 0:
            moved[0] = Piece(0, source_start - offset, length + offset)
        offset, source_start, length = moved[-1]
        if offset + length > end - start:
            moved[-1] = Piece(offset, source_start, end - start - offset)
        if moved[0].length <= 0:
            del moved[0]
        return Text(self.value[start:end], tuple(moved))

    def strip(self) -> Text:
        """This text without white space at its ends."""
        start = len(self.value) - len(self.value.lstrip())
        if not start and not self.value[-1:].isspace():
            return self
        return self.slice(start, max(start, len(self.value.rstrip())))

    @property
    def bounds(self) -> tuple[int, int] | tuple[None, None]:
        """`span` as two values: start and end, or None and None."""
        pieces = self.pieces
        if not pieces:
            return None, None
        _, first_start, first_length = pieces[0]
        if len(pieces) == 1:
            return first_start, first_start + first_length
        return first_start, max([start + length for _, start, length in pieces])

    @property
    def span(self) -> Span | None:
        """The stretch of the source from the first to the last character; None if no character is in the source."""
        start, end = self.bounds
        return None if start is None or end is None else Span(start, end)

    @property
    def parts(self) -> tuple[Span, ...]:
        """The stretches of the source that the pieces cover."""
        return tuple(Span(piece.start, piece.start + piece.length) for piece in self.pieces)


def join_texts(parts: list[Text], separator: str = "") -> Text:
    """Join texts with `separator`, which no piece covers."""
    values: list[str] = []
    pieces: list[Piece] = []
    length = 0
    for number, part in enumerate(parts):
        if number:
            values.append(separator)
            length += len(separator)
        for piece in part.pieces:
            pieces.append(Piece(length + piece.offset, piece.start, piece.length))
        values.append(part.value)
        length += len(part.value)
    return Text("".join(values), tuple(pieces))


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that a reader made so that a text reads as one; `span` covers what it removed or bridged.

    `code` is lower_snake and names the kind: `page_break_in_sentence`, `table_in_sentence`, `reference_cut`,
    `stray_bullet`, `leading_space`, `line_hyphen`, ….
    """

    code: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Author:
    """An author of the review, from the front matter. `affiliations` are keys of `Affiliation`."""

    name: Text
    surname: str
    given_names: str | None
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None
    email: str | None = None
    is_corresponding: bool = False
    is_equal_contribution: bool = False


@dataclass(frozen=True, slots=True)
class Affiliation:
    """An affiliation of the review's authors; `key` is the printed mark or the XML id by which authors refer to it.

    `country` is the country that the source tags.
    """

    key: str
    text: Text
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """A funder and, if given, its grant number; `text` contains both."""

    funder: str
    award_number: str | None
    text: Text


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The review's own bibliographic data. Dates are ISO 8601 (`2019-07-09`), years four digits; nothing is guessed.

    `publication_year_basis` names the date or line that the year is from.
    """

    title: Text | None = None
    journal: Text | None = None
    volume: str | None = None
    issue: str | None = None
    first_page: str | None = None
    last_page: str | None = None
    publication_year: int | None = None
    publication_year_basis: str | None = None
    doi: str | None = None
    date_received: str | None = None
    date_accepted: str | None = None
    language: str | None = None
    article_type: str | None = None
    licence: str | None = None
    authors: tuple[Author, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    keywords: tuple[Text, ...] = ()
    abstract: tuple[Text, ...] = ()
    awards: tuple[Award, ...] = ()


class Citation(NamedTuple):
    """A citation marker that the source tags (an XML `xref`); `start` and `end` are offsets in the block's text.

    `from_range` says for each of `ref_nos` whether only a printed range implies it.
    """

    start: int
    end: int
    ref_nos: tuple[int, ...]
    from_range: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section; the outermost sections have level 1."""

    text: Text
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A whole paragraph. `citations` is None if the source does not tag them; they are then found in the words."""

    text: Text
    citations: tuple[Citation, ...] | None = None
    kind: str = "prose"
    """`prose`, `abstract`, `caption`, `footnote` or `back` (declarations, funding, acknowledgements)."""


Block = Heading | Paragraph


class Cell(NamedTuple):
    """A printed cell of a table; `row_span` and `column_span` count rows and columns. An empty cell has an empty text.

    `citations` is as in `Paragraph`.
    """

    text: Text
    row_span: int = 1
    column_span: int = 1
    is_header: bool = False
    citations: tuple[Citation, ...] | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of cells; `part_no` is the number, from 1, of the printed part of the table that contains it."""

    cells: tuple[Cell, ...]
    part_no: int
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table with its parts joined; the header of a part that repeats the first part's is left out.

    `span` is from the label to the last cell.
    """

    label: str | None
    caption: Text | None
    rows: tuple[TableRow, ...]
    n_parts: int
    span: Span | None
    footnotes: tuple[Text, ...] = ()
    caption_citations: tuple[Citation, ...] | None = None
    """The citations in the caption; None if the source does not tag them."""
    footnote_citations: tuple[tuple[Citation, ...], ...] | None = None
    """The citations in each footnote; None if the source does not tag them."""


class ReferenceName(NamedTuple):
    """An author of a reference; a group has its whole name as `surname`."""

    name: str
    surname: str
    initials: str | None
    suffix: str | None = None


class ReferenceFields(NamedTuple):
    """The fields of a reference, as printed, without the punctuation around them; None if not given."""

    authors: tuple[ReferenceName, ...] = ()
    authors_truncated: bool = False
    title: str | None = None
    journal: str | None = None
    year: int | None = None
    volume: str | None = None
    issue: str | None = None
    first_page: str | None = None
    last_page: str | None = None
    article_number: str | None = None
    is_ahead_of_print: bool = False
    language: str | None = None
    note: str | None = None
    doi: str | None = None
    pmid: str | None = None


class ReferenceEntry(NamedTuple):
    """An entry of the reference list. `fields` is None if the source gives only the string, which is then parsed.

    `ref_no` is the printed number, or the position in the list (from 1) if the list is not numbered.
    """

    ref_no: int
    text: Text
    fields: ReferenceFields | None = None


class PageBox(NamedTuple):
    """A stretch of the source and the box on a page that it was read from, for sources that are laid out.

    Coordinates are points from the left and the top of the page, without the rotation that the file asks for; `page_no`
    counts from 1.
    """

    start: int
    end: int
    page_no: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Document:
    """A review as read. All offsets count in `source`, the decoded source; `format` names the reader's format."""

    source: str
    format: str
    front: FrontMatter
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    references: tuple[ReferenceEntry, ...]
    repairs: tuple[Repair, ...] = ()
    references_are_numbered: bool = field(default=True)
    page_boxes: tuple[PageBox, ...] = ()
