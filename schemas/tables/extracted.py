"""The extracted tables: what is printed, nothing interpreted; every row carries its span in the source.

Rows are counted from 1. Ids are numbers within their review, in the order of the source.
"""

import polars as pl

from schemas.tables.base import CODE, ForeignKey, OfReview, Spanned, column, table

TO_REVIEW = ForeignKey(("review_id",), "reviews")
TO_REFERENCE = ForeignKey(("review_id", "ref_no"), "bib_references")
TO_SECTION = ForeignKey(("review_id", "section_id"), "sections")
TO_SOURCE_TABLE = ForeignKey(("review_id", "table_no"), "source_tables")

CELL_ROLES = (
    "study",
    "method",
    "outcome",
    "option",
    "advantages",
    "disadvantages",
    "references",
    "other",
)

DOI = r"^10\.[0-9]{4,9}/\S+$"


@table(
    layer="extracted",
    grain="a source document",
    key=("review_id",),
)
class Reviews(Spanned):
    title: pl.String = column("Title as printed", nullable=True)
    journal: pl.String = column("Journal as printed", nullable=True)
    volume: pl.String = column("Volume as printed", nullable=True)
    issue: pl.String = column("Issue as printed", nullable=True)
    pages: pl.String = column("Pages as printed: a range or an article number", nullable=True)
    publication_year: pl.Int32 = column("Year of publication", nullable=True, unit="year", ge=1500, le=2100)
    publication_year_basis: pl.String = column(
        "What the year rests on: the words or the XML element that state it", nullable=True
    )
    article_type: pl.String = column("Article type where the source states one", nullable=True)
    doi: pl.String = column("DOI, without a resolver in front", nullable=True, str_matches=DOI)
    date_received: pl.Date = column("Date on which the journal received the manuscript", nullable=True)
    date_accepted: pl.Date = column("Date on which the journal accepted the manuscript", nullable=True)
    language: pl.String = column(
        "Language of the text, ISO 639-1, where the source or its source.toml states it",
        nullable=True,
        str_matches=r"^[a-z]{2,3}$",
    )
    abstract: pl.String = column("Abstract, its paragraphs joined by a line break", nullable=True, verbatim=True)
    source_format: pl.String = column("Format of the source", isin=["text", "jats"])
    source_path: pl.String = column("The source, relative to the folder raw/ it stands in")
    source_sha256: pl.String = column("SHA-256 of the source's bytes, in hexadecimal", str_matches=r"^[0-9a-f]{64}$")
    source_chars: pl.Int32 = column("Length of the decoded source", unit="code point", ge=1)
    licence: pl.String = column("Licence or reuse terms, as source.toml or the XML states them", nullable=True)


@table(
    layer="extracted",
    grain="an author of the review",
    key=("review_id", "position"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewAuthors(Spanned):
    position: pl.Int32 = column("Place in the author list, from 1", ge=1)
    name: pl.String = column("Name as printed", str_length={"min_value": 1})
    surname: pl.String = column("Surname", str_length={"min_value": 1})
    given_names: pl.String = column("Given names or initials as printed", nullable=True)
    orcid: pl.String = column(
        "ORCID iD, without a resolver in front",
        nullable=True,
        str_matches=r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$",
    )
    email: pl.String = column("E-mail address where one is printed", nullable=True, str_matches=r"^\S+@\S+$")
    is_corresponding: pl.Boolean = column("Whether the source names them as corresponding author")
    is_equal_contribution: pl.Boolean = column("Whether the source says that they contributed equally")


@table(
    layer="extracted",
    grain="an affiliation that the review prints",
    key=("review_id", "affiliation_no"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewAffiliations(Spanned):
    affiliation_no: pl.Int32 = column("Place among the affiliations, from 1", ge=1)
    mark: pl.String = column("The mark that ties authors to it, as printed or tagged")
    affiliation: pl.String = column("Affiliation as printed, without its mark", str_length={"min_value": 1})


@table(
    layer="extracted",
    grain="an author at an affiliation",
    key=("review_id", "position", "affiliation_no"),
    foreign_keys=(
        ForeignKey(("review_id", "position"), "review_authors"),
        ForeignKey(("review_id", "affiliation_no"), "review_affiliations"),
    ),
)
class ReviewAuthorAffiliations(OfReview):
    position: pl.Int32 = column("The author: place in the review's author list", ge=1)
    affiliation_no: pl.Int32 = column("The affiliation", ge=1)


@table(
    layer="extracted",
    grain="a grant or funder that the review acknowledges",
    key=("review_id", "funding_no"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewFunding(Spanned):
    funding_no: pl.Int32 = column("Place among the grants, from 1", ge=1)
    funder: pl.String = column("Funder or programme as printed", str_length={"min_value": 1})
    grant_number: pl.String = column("Grant number as printed", nullable=True)


@table(
    layer="extracted",
    grain="a keyword of the review",
    key=("review_id", "position"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewKeywords(Spanned):
    position: pl.Int32 = column("Place among the keywords, from 1", ge=1)
    keyword: pl.String = column("Keyword as printed", str_length={"min_value": 1})


@table(
    layer="extracted",
    grain="a heading's section; the span is the heading's",
    key=("review_id", "section_id"),
    foreign_keys=(
        TO_REVIEW,
        ForeignKey(("review_id", "parent_section_id"), "sections", ("review_id", "section_id")),
    ),
)
class Sections(Spanned):
    section_id: pl.Int32 = column("Number of the section in the order of the source, from 1", ge=1)
    ordinal: pl.Int32 = column("Place among the sections of the same parent, from 1", ge=1)
    level: pl.Int32 = column("Depth of the heading, 1 at the top", ge=1)
    heading: pl.String = column("Heading as printed; NULL for text that stands under none", nullable=True)
    kind: pl.String = column(
        "What stands in it: prose (the body), abstract, or back (declarations, funding, acknowledgements)",
        isin=["prose", "abstract", "back"],
    )
    parent_section_id: pl.Int32 = column("The section that holds this one", nullable=True, ge=1)


@table(
    layer="extracted",
    grain="a sentence of prose, whole again where a page break or a table cut it",
    key=("review_id", "sentence_id"),
    foreign_keys=(TO_SECTION,),
)
class Sentences(Spanned):
    sentence_id: pl.Int32 = column("Number of the sentence in the order of the source, from 1", ge=1)
    section_id: pl.Int32 = column("The section it stands in", ge=1)
    paragraph_no: pl.Int32 = column("The paragraph within its section, from 1", ge=1)
    ordinal: pl.Int32 = column("Place within its paragraph, from 1", ge=1)
    kind: pl.String = column(
        "What kind of paragraph it stands in",
        isin=["prose", "abstract", "caption", "footnote", "back"],
    )
    text: pl.String = column(
        "The sentence with its citation markers, as it reads; where a page break or a table cut it, "
        "its stretches are in text_parts",
        str_length={"min_value": 1},
        verbatim=True,
    )
    is_cited: pl.Boolean = column("Whether a citation marker stands in it")


@table(
    layer="extracted",
    grain="an entry of the review's reference list",
    key=("review_id", "ref_no"),
    foreign_keys=(TO_REVIEW, ForeignKey(("journal_id",), "journals")),
)
class BibReferences(Spanned):
    ref_no: pl.Int32 = column("Printed number, or place in a list without numbers, from 1", ge=1)
    raw_text: pl.String = column("The entry as printed, page-break artefacts and all", nullable=True, verbatim=True)
    text: pl.String = column(
        "The entry as it reads, put together again where a page break cut it", nullable=True, verbatim=True
    )
    title: pl.String = column("Title of the cited work", nullable=True)
    title_start_char: pl.Int32 = column("Where the title begins in the source", nullable=True, ge=0, unit="code point")
    title_end_char: pl.Int32 = column("Where the title ends in the source", nullable=True, ge=0, unit="code point")
    journal_raw: pl.String = column("Journal, book or site as printed", nullable=True)
    journal_id: pl.String = column(
        "The journal that journal_raw names, where the vocabulary knows it",
        nullable=True,
        vocabulary="journals",
    )
    year: pl.Int32 = column("Year of publication", nullable=True, unit="year", ge=1500, le=2100)
    volume: pl.String = column("Volume as printed", nullable=True)
    issue: pl.String = column("Issue as printed", nullable=True)
    first_page: pl.String = column(
        "First page as printed, with its letters, or the single locator that stands there", nullable=True
    )
    last_page: pl.String = column(
        "Last page as printed; NULL where one page or an article number is given", nullable=True
    )
    article_number: pl.String = column(
        "The locator in first_page once more, where it is an article number and no page", nullable=True
    )
    is_ahead_of_print: pl.Boolean = column("Whether it is cited as published ahead of print")
    language: pl.String = column(
        "Language of the cited work where a note or a tag states it, ISO 639-1",
        nullable=True,
        str_matches=r"^[a-z]{2,3}$",
    )
    note: pl.String = column("Note as printed, such as [Article in French, English abstract]", nullable=True)
    doi: pl.String = column("DOI as printed, without a resolver in front", nullable=True, str_matches=DOI)
    pmid: pl.String = column("PubMed id", nullable=True, str_matches=r"^[0-9]{1,9}$")
    authors_truncated: pl.Boolean = column("Whether the author list ends in et al.")
    is_exact_parse: pl.Boolean = column(
        "Whether the fields, written back in the source's style, give the printed entry character for character; "
        "NULL where the source tags the fields itself",
        nullable=True,
    )


@table(
    layer="extracted",
    grain="a listed author of a reference",
    key=("review_id", "ref_no", "position"),
    foreign_keys=(TO_REFERENCE,),
)
class ReferenceAuthors(Spanned):
    ref_no: pl.Int32 = column("The reference", ge=1)
    position: pl.Int32 = column("Place in the author list, from 1", ge=1)
    name_raw: pl.String = column("Name as printed", str_length={"min_value": 1})
    surname: pl.String = column("Surname with its particles, or the name of a group", str_length={"min_value": 1})
    initials: pl.String = column("Initials, letters without stops or blanks", nullable=True)
    suffix: pl.String = column("Suffix such as Jr or III", nullable=True)


@table(
    layer="extracted",
    grain="a printed table, its parts joined",
    key=("review_id", "table_no"),
    foreign_keys=(TO_REVIEW,),
)
class SourceTables(Spanned):
    table_no: pl.Int32 = column("Number of the table in the order of the source, from 1", ge=1)
    label: pl.String = column("Label as printed", nullable=True)
    caption: pl.String = column("Caption as printed", nullable=True, verbatim=True)
    kind: pl.String = column(
        "What its headers show it to be: an evidence table (a study a row), a comparison of options, or other",
        isin=["evidence", "options", "other"],
    )
    n_parts: pl.Int32 = column("Parts it is printed in", ge=1)
    n_rows: pl.Int32 = column("Rows below the headers", ge=0)
    n_columns: pl.Int32 = column("Columns", ge=0)


@table(
    layer="extracted",
    grain="a printed cell of a table, its empty ones included",
    key=("review_id", "table_no", "row_no", "column_no"),
    foreign_keys=(TO_SOURCE_TABLE,),
)
class TableCells(Spanned):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column(
        "Row, from 1 for the first below the headers; headers count down from 0, the last header row being 0"
    )
    column_no: pl.Int32 = column("Column, from 1", ge=1)
    part_no: pl.Int32 = column("The printed part of the table it stands in, from 1", ge=1)
    column_name: pl.String = column(
        "What the column's header says, its levels joined by ' | '", nullable=True, verbatim=True
    )
    role: pl.String = column("What the column holds, by its header", isin=list(CELL_ROLES))
    is_header: pl.Boolean = column("Whether it is a header")
    row_span: pl.Int32 = column("Rows it covers, downwards; the others have no cell of their own here", ge=1)
    column_span: pl.Int32 = column("Columns it covers, to the right; the others have no cell of their own here", ge=1)
    text_raw: pl.String = column("The cell as printed; NULL where it is empty", nullable=True, verbatim=True)
    text: pl.String = column(
        "The cell without citation markers, white space folded; NULL where nothing is left",
        nullable=True,
        verbatim=True,
    )


@table(
    layer="extracted",
    grain="a printed citation, in prose or in a table",
    key=("review_id", "marker_id"),
    foreign_keys=(
        TO_REVIEW,
        TO_SECTION,
        ForeignKey(("review_id", "sentence_id"), "sentences"),
        TO_SOURCE_TABLE,
    ),
)
class CitationMarkers(Spanned):
    marker_id: pl.Int32 = column("Number of the marker, prose first, each in the order of the source, from 1", ge=1)
    context: pl.String = column("Where it stands", isin=["prose", "table"])
    section_id: pl.Int32 = column("The section, for a marker in prose", nullable=True, ge=1)
    sentence_id: pl.Int32 = column("The sentence, for a marker in prose", nullable=True, ge=1)
    table_no: pl.Int32 = column("The table, for a marker in a table", nullable=True, ge=1)
    row_no: pl.Int32 = column("The row, for a marker in a table", nullable=True)
    column_no: pl.Int32 = column("The column, for a marker in a table", nullable=True, ge=1)
    marker_text: pl.String = column("The marker as printed", str_length={"min_value": 1})
    n_refs: pl.Int32 = column("References it points at, ranges expanded, also those that are not listed", ge=0)


@table(
    layer="extracted",
    grain="a reference that a marker points at",
    key=("review_id", "marker_id", "ref_no"),
    foreign_keys=(ForeignKey(("review_id", "marker_id"), "citation_markers"), TO_REFERENCE),
)
class CitationMentions(OfReview):
    marker_id: pl.Int32 = column("The marker", ge=1)
    ref_no: pl.Int32 = column("The reference", ge=1)
    is_from_range: pl.Boolean = column("Whether its number is not printed but lies inside a printed range")


@table(
    layer="extracted",
    grain="a stretch of the source of a row whose words do not stand in one",
    key=("review_id", "subject_table", "subject_key", "field", "part_no"),
    foreign_keys=(TO_REVIEW,),
)
class TextParts(OfReview):
    subject_table: pl.String = column("The table of the row", str_matches=CODE)
    subject_key: pl.String = column("The row's key after review_id, its parts joined by '/'")
    field: pl.String = column("The column that holds the words", str_matches=CODE)
    part_no: pl.Int32 = column("Place among the stretches, in reading order, from 1", ge=1)
    text_offset: pl.Int32 = column("Where the stretch begins in the words", ge=0, unit="code point")
    start_char: pl.Int32 = column("Where the stretch begins in the source", ge=0, unit="code point")
    end_char: pl.Int32 = column("Where the stretch ends in the source (exclusive)", ge=0, unit="code point")
