"""The extracted tables: the printed content of the sources, not interpreted, each row with its span in the source.

Rows are counted from 1. Ids are numbers within their review, in the order of the source.
"""

import polars as pl

from schemas.tables import code_lists
from schemas.tables.base import CODE, ForeignKey, ReviewTable, SpannedTable, column, table

TO_REVIEW = ForeignKey(("review_id",), "reviews")
TO_REFERENCE = ForeignKey(("review_id", "ref_no"), "bib_references")
TO_SECTION = ForeignKey(("review_id", "section_id"), "sections")
TO_SENTENCE = ForeignKey(("review_id", "sentence_id"), "sentences")
TO_CELL = ForeignKey(("review_id", "table_no", "row_no", "column_no"), "table_cells")
TO_SOURCE_TABLE = ForeignKey(("review_id", "table_no"), "source_tables")

DOI = r"^10\.[0-9]{4,9}/\S+$"


@table(
    layer="extracted",
    grain="source document",
    key=("review_id",),
    foreign_keys=(ForeignKey(("journal_id",), "journals"),),
)
class Reviews(SpannedTable):
    title: pl.String = column("Title as printed", nullable=True)
    journal: pl.String = column("Journal as printed", nullable=True)
    journal_id: pl.String = column(
        "The journal that journal names, if it is known", nullable=True, vocabulary="journals", str_matches=CODE
    )
    volume: pl.String = column("Volume as printed", nullable=True)
    issue: pl.String = column("Issue as printed", nullable=True)
    pages: pl.String = column("Pages as printed: a range or an article number", nullable=True)
    publication_year: pl.Int32 = column("Year of publication", nullable=True, unit="year", ge=1500, le=2100)
    publication_year_basis: pl.String = column(
        "Evidence for the year: the words or the XML element that state it", nullable=True
    )
    article_type: pl.String = column("Article type, if the source states one", nullable=True)
    doi: pl.String = column("DOI, without a resolver in front", nullable=True, str_matches=DOI)
    date_received: pl.Date = column("Date on which the journal received the manuscript", nullable=True)
    date_accepted: pl.Date = column("Date on which the journal accepted the manuscript", nullable=True)
    language: pl.String = column(
        "Language of the text (ISO 639-1), if the source or its source.toml states it",
        nullable=True,
        str_matches=r"^[a-z]{2,3}$",
    )
    abstract: pl.String = column("Abstract, its paragraphs joined by a line break", nullable=True, verbatim=True)
    source_format: pl.String = column("Format of the source", codes=code_lists.SOURCE_FORMATS)
    source_path: pl.String = column("Path of the source, relative to the folder raw/")
    source_sha256: pl.String = column("SHA-256 of the source's bytes, in hexadecimal", str_matches=r"^[0-9a-f]{64}$")
    source_chars: pl.Int32 = column("Length of the decoded source", unit="code point", ge=1)
    licence: pl.String = column("Licence or reuse terms, as stated in source.toml or the XML", nullable=True)


@table(
    layer="extracted",
    grain="source document, with its text",
    note="The words of a row of any other table are the characters from start_char to end_char, counted from 0.",
    key=("review_id",),
    foreign_keys=(TO_REVIEW,),
)
class SourceTexts(ReviewTable):
    text: pl.String = column("The decoded source, in which offsets count", str_length={"min_value": 1}, verbatim=True)


@table(
    layer="extracted",
    grain="printed line of a source that is laid out in pages",
    note=(
        "Only sources read from a PDF have rows. A row of any other table is printed in the boxes whose characters "
        "overlap those from its start_char to its end_char. Coordinates count from the left and the top of the page, "
        "before the rotation that the file may ask for."
    ),
    key=("review_id", "start_char"),
    foreign_keys=(TO_REVIEW,),
)
class PageBoxes(ReviewTable):
    start_char: pl.Int32 = column("Start of the line in the source", ge=0, unit="code point")
    end_char: pl.Int32 = column("End of the line in the source (exclusive)", ge=1, unit="code point")
    page_no: pl.Int32 = column("Page of the file, from 1", ge=1)
    x0: pl.Float64 = column("Left edge of the line", unit="pt")
    y0: pl.Float64 = column("Upper edge of the line", unit="pt")
    x1: pl.Float64 = column("Right edge of the line", unit="pt")
    y1: pl.Float64 = column("Lower edge of the line", unit="pt")


@table(
    layer="extracted",
    grain="author of the review",
    key=("review_id", "position"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewAuthors(SpannedTable):
    position: pl.Int32 = column("Position in the author list, from 1", ge=1)
    name: pl.String = column("Name as printed", str_length={"min_value": 1})
    surname: pl.String = column("Surname", str_length={"min_value": 1})
    given_names: pl.String = column("Given names or initials as printed", nullable=True)
    orcid: pl.String = column(
        "ORCID iD, without a resolver in front",
        nullable=True,
        str_matches=r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$",
    )
    email: pl.String = column("E-mail address, if one is printed", nullable=True, str_matches=r"^\S+@\S+$")
    is_corresponding: pl.Boolean = column("Whether the source names them as corresponding author")
    is_equal_contribution: pl.Boolean = column("Whether the source states that they contributed equally")


@table(
    layer="extracted",
    grain="affiliation printed in the review",
    key=("review_id", "affiliation_no"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewAffiliations(SpannedTable):
    affiliation_no: pl.Int32 = column("Position among the affiliations, from 1", ge=1)
    mark: pl.String = column("The mark that links authors to it, as printed or tagged")
    affiliation: pl.String = column("Affiliation as printed, without its mark", str_length={"min_value": 1})
    country: pl.String = column("Country as tagged; NULL if the source does not tag it", nullable=True)


@table(
    layer="extracted",
    grain="author and affiliation",
    key=("review_id", "position", "affiliation_no"),
    foreign_keys=(
        ForeignKey(("review_id", "position"), "review_authors"),
        ForeignKey(("review_id", "affiliation_no"), "review_affiliations"),
    ),
)
class ReviewAuthorAffiliations(ReviewTable):
    position: pl.Int32 = column("The author: position in the review's author list", ge=1)
    affiliation_no: pl.Int32 = column("The affiliation", ge=1)


@table(
    layer="extracted",
    grain="grant or funder that the review acknowledges",
    key=("review_id", "funding_no"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewFunding(SpannedTable):
    funding_no: pl.Int32 = column("Position among the grants, from 1", ge=1)
    funder: pl.String = column("Funder or programme as printed", str_length={"min_value": 1})
    grant_number: pl.String = column("Grant number as printed", nullable=True)


@table(
    layer="extracted",
    grain="keyword of the review",
    key=("review_id", "position"),
    foreign_keys=(TO_REVIEW,),
)
class ReviewKeywords(SpannedTable):
    position: pl.Int32 = column("Position among the keywords, from 1", ge=1)
    keyword: pl.String = column("Keyword as printed", str_length={"min_value": 1})


@table(
    layer="extracted",
    grain="section of the review",
    note="The span is that of its heading.",
    key=("review_id", "section_id"),
    foreign_keys=(
        TO_REVIEW,
        ForeignKey(("review_id", "parent_section_id"), "sections", ("review_id", "section_id")),
    ),
)
class Sections(SpannedTable):
    section_id: pl.Int32 = column("Number of the section in the order of the source, from 1", ge=1)
    position: pl.Int32 = column("Position among the sections of the same parent, from 1", ge=1)
    level: pl.Int32 = column("Depth of the heading, 1 at the top", ge=1)
    heading: pl.String = column("Heading as printed; NULL for text before the first heading", nullable=True)
    kind: pl.String = column("Kind of text in it", codes=code_lists.SECTION_KINDS)
    parent_section_id: pl.Int32 = column("The section that contains this one", nullable=True, ge=1)


@table(
    layer="extracted",
    grain="sentence of running text",
    note="A sentence that a page break or a table interrupts is joined.",
    key=("review_id", "sentence_id"),
    foreign_keys=(TO_SECTION,),
)
class Sentences(SpannedTable):
    sentence_id: pl.Int32 = column("Number of the sentence in the order of the source, from 1", ge=1)
    section_id: pl.Int32 = column("The section that contains it", ge=1)
    paragraph_no: pl.Int32 = column("The paragraph within its section, from 1", ge=1)
    position: pl.Int32 = column("Position within its paragraph, from 1", ge=1)
    kind: pl.String = column("Kind of the paragraph that contains it", codes=code_lists.SENTENCE_KINDS)
    text: pl.String = column(
        "The sentence as it reads, with its citation markers; if a page break or a table interrupts it, its pieces "
        "are in text_parts",
        str_length={"min_value": 1},
        verbatim=True,
    )
    is_cited: pl.Boolean = column("Whether it contains a citation marker")


@table(
    layer="extracted",
    grain="entry of the review's reference list",
    key=("review_id", "ref_no"),
    foreign_keys=(TO_REVIEW, ForeignKey(("journal_id",), "journals")),
)
class BibReferences(SpannedTable):
    ref_no: pl.Int32 = column("Printed number; in a list without numbers, the position, from 1", ge=1)
    text_raw: pl.String = column("The entry as printed, including page-break artefacts", nullable=True, verbatim=True)
    text: pl.String = column("The entry as it reads, rejoined if a page break cuts it", nullable=True, verbatim=True)
    title: pl.String = column("Title of the cited work", nullable=True)
    title_start_char: pl.Int32 = column("Start of the title in the source", nullable=True, ge=0, unit="code point")
    title_end_char: pl.Int32 = column(
        "End of the title in the source (exclusive)", nullable=True, ge=0, unit="code point"
    )
    journal_raw: pl.String = column("Journal, book or site as printed", nullable=True)
    journal_id: pl.String = column(
        "The journal that journal_raw names, if it is known",
        nullable=True,
        vocabulary="journals",
    )
    year: pl.Int32 = column("Year of publication", nullable=True, unit="year", ge=1500, le=2100)
    volume: pl.String = column("Volume as printed", nullable=True)
    issue: pl.String = column("Issue as printed", nullable=True)
    first_page: pl.String = column(
        "First page as printed, with its letters, or the single locator printed in its place", nullable=True
    )
    last_page: pl.String = column("Last page as printed; NULL if one page or an article number is given", nullable=True)
    article_number: pl.String = column(
        "The locator in first_page repeated, if it is an article number rather than a page", nullable=True
    )
    is_ahead_of_print: pl.Boolean = column("Whether it is cited as published ahead of print")
    language: pl.String = column(
        "Language of the cited work (ISO 639-1), if a note or a tag states it",
        nullable=True,
        str_matches=r"^[a-z]{2,3}$",
    )
    note: pl.String = column("Note as printed, such as [Article in French, English abstract]", nullable=True)
    doi: pl.String = column("DOI as printed, without a resolver in front", nullable=True, str_matches=DOI)
    pmid: pl.String = column("PubMed id", nullable=True, str_matches=r"^[0-9]{1,9}$")
    authors_truncated: pl.Boolean = column("Whether the author list ends in et al.")
    is_exact_parse: pl.Boolean = column(
        "Whether the fields, written back in the source's style, give the printed entry character for character; "
        "NULL if the source tags the fields itself",
        nullable=True,
    )


@table(
    layer="extracted",
    grain="listed author of a reference",
    key=("review_id", "ref_no", "position"),
    foreign_keys=(TO_REFERENCE,),
)
class ReferenceAuthors(SpannedTable):
    ref_no: pl.Int32 = column("The reference", ge=1)
    position: pl.Int32 = column("Position in the author list, from 1", ge=1)
    name_raw: pl.String = column("Name as printed", str_length={"min_value": 1})
    surname: pl.String = column("Surname with its particles, or the name of a group", str_length={"min_value": 1})
    initials: pl.String = column("Initials: letters without full stops or spaces", nullable=True)
    suffix: pl.String = column("Suffix such as Jr or III", nullable=True)


@table(
    layer="extracted",
    grain="printed table, its parts joined",
    key=("review_id", "table_no"),
    foreign_keys=(TO_REVIEW,),
)
class SourceTables(SpannedTable):
    table_no: pl.Int32 = column("Number of the table in the order of the source, from 1", ge=1)
    label: pl.String = column("Label as printed", nullable=True)
    caption: pl.String = column("Caption as printed", nullable=True, verbatim=True)
    kind: pl.String = column("Kind of table, by what its rows are", codes=code_lists.TABLE_KINDS)
    is_transposed: pl.Boolean = column("Whether the studies are columns instead of rows")
    n_parts: pl.Int32 = column("Parts that it is printed in", ge=1)
    n_rows: pl.Int32 = column("Number of rows below the headers", ge=0)
    n_columns: pl.Int32 = column("Number of columns", ge=0)


@table(
    layer="extracted",
    grain="column of a table and role of the column",
    note=(
        "Roles come from the header or, if it does not tell, from the cells. Columns without a role are left out, as "
        "are transposed tables, whose rows have roles (table_cells.role)."
    ),
    key=("review_id", "table_no", "column_no", "role"),
    foreign_keys=(TO_SOURCE_TABLE,),
)
class ColumnRoles(ReviewTable):
    table_no: pl.Int32 = column("The table", ge=1)
    column_no: pl.Int32 = column("Column, from 1", ge=1)
    role: pl.String = column("What the column says about a study or an option", codes=code_lists.COLUMN_ROLES)
    position: pl.Int32 = column("Position among the roles of the column, from 1", ge=1)
    column_name: pl.String = column("The column's header, its levels joined by ' | '", nullable=True, verbatim=True)


@table(
    layer="extracted",
    grain="printed cell of a table, empty cells included",
    key=("review_id", "table_no", "row_no", "column_no"),
    foreign_keys=(TO_SOURCE_TABLE,),
)
class TableCells(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column(
        "Row, from 1 for the first below the headers; headers count down from 0, the last header row being 0"
    )
    column_no: pl.Int32 = column("Column, from 1", ge=1)
    part_no: pl.Int32 = column("The printed part of the table that contains it, from 1", ge=1)
    column_name: pl.String = column("The column's header, its levels joined by ' | '", nullable=True, verbatim=True)
    role: pl.String = column(
        "First role of its column, or of its row in a transposed table; other if it has none",
        codes=code_lists.CELL_ROLES,
    )
    is_header: pl.Boolean = column("Whether it is a header")
    row_span: pl.Int32 = column("Rows that it covers, downwards; the other rows have no cell for this column", ge=1)
    column_span: pl.Int32 = column(
        "Columns that it covers, to the right; the other columns have no cell for this row", ge=1
    )
    text_raw: pl.String = column("The cell as printed; NULL if it is empty", nullable=True, verbatim=True)
    text: pl.String = column(
        "The cell without citation markers, white space collapsed; NULL if nothing is left",
        nullable=True,
        verbatim=True,
    )


@table(
    layer="extracted",
    grain="printed citation, in prose or in a table",
    key=("review_id", "marker_id"),
    foreign_keys=(
        TO_REVIEW,
        TO_SECTION,
        ForeignKey(("review_id", "sentence_id"), "sentences"),
        TO_SOURCE_TABLE,
    ),
)
class CitationMarkers(SpannedTable):
    marker_id: pl.Int32 = column("Number of the marker, prose first, each in the order of the source, from 1", ge=1)
    context: pl.String = column("Whether it is printed in prose or in a table", codes=code_lists.MARKER_CONTEXTS)
    section_id: pl.Int32 = column("The section, for a marker in prose", nullable=True, ge=1)
    sentence_id: pl.Int32 = column("The sentence, for a marker in prose", nullable=True, ge=1)
    table_no: pl.Int32 = column("The table, for a marker in a table", nullable=True, ge=1)
    row_no: pl.Int32 = column("The row, for a marker in a table", nullable=True)
    column_no: pl.Int32 = column("The column, for a marker in a table", nullable=True, ge=1)
    marker_text: pl.String = column("The marker as printed", str_length={"min_value": 1})
    n_refs: pl.Int32 = column("References it points at, ranges expanded, including those that are not listed", ge=0)


@table(
    layer="extracted",
    grain="marker and reference that it points at",
    key=("review_id", "marker_id", "ref_no"),
    foreign_keys=(ForeignKey(("review_id", "marker_id"), "citation_markers"), TO_REFERENCE),
)
class CitationMentions(ReviewTable):
    marker_id: pl.Int32 = column("The marker", ge=1)
    ref_no: pl.Int32 = column("The reference", ge=1)
    is_from_range: pl.Boolean = column("Whether its number is implied by a printed range instead of being printed")


@table(
    layer="extracted",
    grain="piece of a text that is not contiguous in the source",
    key=("review_id", "subject_table", "subject_key", "field", "part_no"),
    foreign_keys=(TO_REVIEW,),
)
class TextParts(ReviewTable):
    subject_table: pl.String = column("The table of the row", str_matches=CODE)
    subject_key: pl.String = column("The row's key without review_id, its parts joined by '/'")
    field: pl.String = column("The column that contains the words", str_matches=CODE)
    part_no: pl.Int32 = column("Position among the pieces, in reading order, from 1", ge=1)
    text_offset: pl.Int32 = column("Start of the piece within the words", ge=0, unit="code point")
    start_char: pl.Int32 = column("Start of the piece in the source", ge=0, unit="code point")
    end_char: pl.Int32 = column("End of the piece in the source (exclusive)", ge=0, unit="code point")
