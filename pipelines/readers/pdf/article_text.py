"""Writes the parts of an article into one text and makes the `Document` of it.

Order of the text: front matter, body with its tables, reference list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.document import (
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    ReferenceEntry,
    Repair,
    Span,
    Table,
    TableRow,
    Text,
)
from pipelines.readers.errors import ReadError
from pipelines.readers.pdf.body import ArticlePart
from pipelines.readers.pdf.front_page import read_front_page
from pipelines.readers.pdf.line_joining import JoinedText, Joiner
from pipelines.readers.pdf.lines import Line
from pipelines.readers.pdf.page_contents import Page
from pipelines.readers.pdf.printed_blocks import BodyStyle
from pipelines.readers.pdf.reference_entries import PrintedEntry, find_reference_list, split_entries
from pipelines.readers.pdf.table_cells import PrintedRow, read_cells
from pipelines.readers.pdf.table_regions import TableRegion, read_label
from pipelines.readers.pdf.text_writer import NEW_PART, TextWriter
from pipelines.readers.text.back_matter import add_back_matter
from pipelines.readers.text.headings import heading_level, is_back_matter_heading
from pipelines.readers.text.lines import split_chunks, split_lines
from pipelines.readers.text.title_page import read_front_chunks

_EMPTY = Text("", ())


def write_article(
    pages: Sequence[Page],
    parts: Sequence[ArticlePart],
    heads_and_feet: Sequence[Line],
    body: BodyStyle,
    joiner: Joiner,
    name: str,
) -> Document:
    """The document of an article whose parts are in reading order; `heads_and_feet` are those of its first page."""
    if not parts:
        raise ReadError(f"{name}: the PDF has only running heads and page numbers; check that it is the whole article")
    front = read_front_page(parts, heads_and_feet, body, joiner)
    rest = [part for index, part in enumerate(parts) if index >= front.end and index not in front.late]
    reference_list = find_reference_list(rest)
    entries = split_entries(reference_list.lines) if reference_list else []
    if reference_list is None or not entries:
        raise ReadError(
            f"{name}: no reference list was found in the PDF; check that it is the whole article, or convert it to "
            "text and put the heading 'References' above the list"
        )
    article = ArticleWriter(TextWriter(pages), joiner)
    for chunk in front.chunks:
        for number, joined in enumerate(chunk):
            article.writer.add(joined, "\n" if number else NEW_PART)
    lines = split_lines(article.writer.text)
    matter, blocks = read_front_chunks(split_chunks(lines))
    if front.has_title:
        matter = replace(matter, title=lines[0].stripped())
    article.blocks.extend(blocks)
    article.write_parts(reference_list.other_parts)
    references = article.write_references(reference_list.heading, entries)
    article.add_pages_without_text(pages, name)
    return Document(
        source=article.writer.text,
        format="pdf",
        front=add_back_matter(matter, article.blocks),
        blocks=tuple(article.blocks),
        tables=tuple(article.tables),
        references=references,
        repairs=tuple(article.repairs),
        references_are_numbered=entries[0].number is not None,
        page_boxes=tuple(article.writer.boxes),
    )


class ArticleWriter:
    """Writes parts and collects the blocks, tables and repairs of the document."""

    def __init__(self, writer: TextWriter, joiner: Joiner) -> None:
        self.writer = writer
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.repairs: list[Repair] = []
        self._joiner = joiner

    def write_parts(self, parts: Sequence[ArticlePart]) -> None:
        """Write the parts of the body; text of figures is left out."""
        kind = "prose"
        for part in parts:
            if part.role == "other":
                continue
            if part.role == "table":
                self._write_table(part)
                continue
            text = self.writer.add(part.joined)
            if part.role == "heading":
                self.blocks.append(Heading(text, heading_level(text.value)))
                kind = "back" if is_back_matter_heading(text.value) else "prose"
            else:
                self.blocks.append(Paragraph(text, kind=kind if part.role == "prose" else part.role))

    def write_references(self, heading: ArticlePart, entries: Sequence[PrintedEntry]) -> tuple[ReferenceEntry, ...]:
        """Write the reference list, one entry per line, below its heading."""
        self.writer.add(heading.joined)
        references: list[ReferenceEntry] = []
        for position, entry in enumerate(entries, start=1):
            text = self.writer.add(self._joiner.join(entry.lines), "\n" if references else NEW_PART)
            references.append(ReferenceEntry(entry.number or position, text))
        return tuple(references)

    def add_pages_without_text(self, pages: Sequence[Page], name: str) -> None:
        """Add a repair for each page that has no text although others do."""
        end = len(self.writer.text)
        for page in pages:
            if not page.glyphs:
                message = f"{name}, page {page.number}: no text layer; run OCR, for instance ocrmypdf --redo-ocr"
                self.repairs.append(Repair("page_without_text", Span(end, end), message))

    def _write_table(self, part: ArticlePart) -> None:
        """Write a table: the caption, then one row per line with tabs between the cells."""
        caption = self.writer.add(part.joined)
        parts = [(region, *read_cells(region, self._joiner)) for region in part.regions]
        n_columns = max(n for _, _, n in parts)
        label = read_label(caption.value)
        assert label is not None
        assert caption.span is not None
        if n_columns == 0:
            message = f"{label[0]}: rows and columns could not be told apart; its cells are not read"
            self.repairs.append(Repair("table_without_cells", caption.span, message))
            return
        header = [[cell.joined.text for cell in row.cells] for row in parts[0][1] if row.is_header]
        rows: list[TableRow] = []
        for part_no, (_, printed, _) in enumerate(parts, start=1):
            for number, row in enumerate(printed):
                is_repeated = part_no > 1 and number < len(header)
                if is_repeated and [cell.joined.text for cell in row.cells] == header[number]:
                    continue
                rows.append(self._write_row(row, n_columns, part_no))
        end = self.writer.add_blank("")
        start = len(caption.value) - len(label[1])
        self.tables.append(
            Table(
                label=label[0],
                caption=caption.slice(start, len(caption.value)).strip() if label[1].strip() else None,
                rows=tuple(rows),
                n_parts=len(parts),
                span=Span(caption.span.start, end),
                footnotes=tuple(self._write_notes(region) for region in part.regions if region.notes),
            )
        )

    def _write_notes(self, region: TableRegion) -> Text:
        return self.writer.add(self._joiner.join(region.notes))

    def _write_row(self, row: PrintedRow, n_columns: int, part_no: int) -> TableRow:
        """Write a row; a column without text gets an empty cell unless a cell of a row above covers it."""
        cells: list[Cell] = []
        by_column = {cell.column: cell for cell in row.cells}
        column = 0
        while column < n_columns:
            printed = by_column.get(column)
            joined = printed.joined if printed else JoinedText("", ())
            text = self.writer.add(joined, "\t" if column else "\n")
            if printed:
                cells.append(Cell(text, printed.row_span, printed.column_span, row.is_header))
            elif column not in row.spanned:
                cells.append(Cell(_EMPTY, is_header=row.is_header))
            column += printed.column_span if printed else 1
        return TableRow(tuple(cells), part_no, row.is_header)
