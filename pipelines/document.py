"""The one in-memory model of a review, whatever format it came in.

A reader (`pipelines.readers`) turns bytes into a `Document`; everything downstream works on the `Document` and
does not know which reader made it. Only values live here: no parsing, no I/O.

Offsets are 0-based, half-open and count Unicode code points of the decoded source. What a document holds by the
thousand is a named tuple, which is made several times as fast as a frozen dataclass; all else is the latter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the source: `source[start:end]` is what was printed."""

    start: int
    end: int


class Piece(NamedTuple):
    """`length` characters of a `Text`, from `offset` on, that stand in the source from `start` on, to the letter.

    Characters of a `Text` that no piece covers are not in the source as they stand: a blank that joins two lines,
    a resolved character entity.
    """

    offset: int
    start: int
    length: int


_BEHIND = 1 << 62


class Text(NamedTuple):
    """A string as it reads, and where its characters stand in the source.

    `pieces` are in the order of `offset` and do not overlap. A paragraph that a page break cuts in two has two
    pieces; one that stands in the source unbroken has one.
    """

    value: str
    pieces: tuple[Piece, ...]

    @classmethod
    def unbroken(cls, source: str, start: int, end: int) -> Text:
        """The text that stands in `source[start:end]`, to the letter."""
        return cls(source[start:end], (Piece(0, start, end - start),))

    def slice(self, start: int, end: int) -> Text:
        """The part of this text from character `start` to `end` of `value`, with its own pieces."""
        pieces = self.pieces
        # Compared as tuples, by `offset` first: no other piece has the same, and a key function would cost much more.
        first = bisect_right(pieces, (start, _BEHIND)) - 1
        last = bisect_left(pieces, (end,), max(0, first))
        inside = pieces[max(0, first) : last]
        if not inside:
            return Text(self.value[start:end], ())
        new = tuple.__new__
        moved = [new(Piece, (offset - start, place, length)) for offset, place, length in inside]
        # Only the pieces at the ends can be cut.
        offset, place, length = moved[0]
        if offset < 0:
            moved[0] = Piece(0, place - offset, length + offset)
        offset, place, length = moved[-1]
        if offset + length > end - start:
            moved[-1] = Piece(offset, place, end - start - offset)
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
        """Start and end of the stretch of the source from the first to the last character; None where there is none."""
        pieces = self.pieces
        if not pieces:
            return None, None
        _, begin, length = pieces[0]
        if len(pieces) == 1:
            return begin, begin + length
        return begin, max([start + length for _, start, length in pieces])

    @property
    def span(self) -> Span | None:
        """The stretch of the source from the first to the last character; None where nothing stands in the source."""
        start, end = self.bounds
        return None if start is None or end is None else Span(start, end)

    @property
    def parts(self) -> tuple[Span, ...]:
        """The stretches of the source this text is put together from; one where it is unbroken."""
        return tuple(Span(piece.start, piece.start + piece.length) for piece in self.pieces)


def join_texts(parts: list[Text], separator: str = "") -> Text:
    """One text from several, `separator` between them; the separator stands nowhere in the source."""
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
    """What a reader put right so that the text reads whole; `span` covers what it took away or bridged.

    `code` is lower_snake and says the kind: `page_break_in_sentence`, `table_in_sentence`, `reference_cut`,
    `stray_bullet`, `leading_space`, `line_hyphen`, ….
    """

    code: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Author:
    """An author of the review, as the front matter has it."""

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
    """`key` is what an author's `affiliations` names: the printed mark or the XML id."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Award:
    """A funder and, where one is given, its grant number; `text` is the words that name both."""

    funder: str
    award_number: str | None
    text: Text


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a review says of itself. Dates are ISO 8601 (`2019-07-09`), years four digits; nothing is guessed."""

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
    """A printed citation that the source itself tags (an XML `xref`); `start`, `end` are offsets into the block's text.

    `ref_nos` are the references it points at, with `from_range` telling for each whether a printed range implies it.
    """

    start: int
    end: int
    ref_nos: tuple[int, ...]
    from_range: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    text: Text
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose, whole. `citations` is None where the source tags none: they are then found in the words."""

    text: Text
    citations: tuple[Citation, ...] | None = None
    kind: str = "prose"
    """`prose`, `abstract`, `caption`, `footnote` or `back` (declarations, funding, acknowledgements)."""


Block = Heading | Paragraph


class Cell(NamedTuple):
    """A printed cell of a table; an empty cell has an empty text. Spans are counted in rows and columns."""

    text: Text
    row_span: int = 1
    column_span: int = 1
    is_header: bool = False
    citations: tuple[Citation, ...] | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of cells; `part_no` is the printed part (from 1) it stands in."""

    cells: tuple[Cell, ...]
    part_no: int
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table, its parts joined, a repeated header given once. `span` runs from its label to its last cell."""

    label: str | None
    caption: Text | None
    rows: tuple[TableRow, ...]
    n_parts: int
    span: Span | None
    footnotes: tuple[Text, ...] = ()
    caption_citations: tuple[Citation, ...] | None = None
    """The citations in the caption; None where the source tags none and they must be found in the words."""
    footnote_citations: tuple[tuple[Citation, ...], ...] | None = None
    """The citations in each footnote; None where the source tags none and they must be found in the words."""


class ReferenceName(NamedTuple):
    name: str
    surname: str
    initials: str | None
    suffix: str | None = None


class ReferenceFields(NamedTuple):
    """A reference taken apart. Strings are as printed, without the punctuation around them; None is `not given`."""

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
    """An entry of the reference list. `fields` is None where the source gives only the string, which is then parsed.

    `ref_no` is the printed number, or the place in the list (from 1) where the list is not numbered.
    """

    ref_no: int
    text: Text
    fields: ReferenceFields | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A review as read. `source` is the decoded source that all offsets count in; `format` names its reader."""

    source: str
    format: str
    front: FrontMatter
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    references: tuple[ReferenceEntry, ...]
    repairs: tuple[Repair, ...] = ()
    references_are_numbered: bool = field(default=True)
