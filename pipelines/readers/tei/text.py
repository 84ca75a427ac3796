"""The blocks of an article in GROBID's order: headings, paragraphs, captions and footnotes; the tables among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.document import Block, Cell, Citation, Heading, Paragraph, Repair, Span, Table, TableRow, Text
from pipelines.readers.xml.cell_spans import read_span
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.ref_lists import RefLists
from pipelines.readers.xml.xrefs import read_citations

_TABLE_LABEL = re.compile(r"(?:supplementary )?table\s+[\dIVXS][\w.-]{0,5}?(?=\s*[.:]|\s|$)", re.IGNORECASE)
_MAX_HEADER_ROWS = 3
_REFERENCE = "ref"


@dataclass(slots=True)
class TextReader:
    """Collects blocks, tables and repairs in reading order, part by part of an article."""

    tree: Tree
    references: RefLists
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def read_abstract(self, node: int) -> None:
        """Read the paragraphs of the abstract."""
        for paragraph in self.tree.descendants(node, "p"):
            self._add_paragraph(paragraph, "abstract")

    def read_body(self, node: int) -> None:
        """Read the sections of the body, and the figures, tables and notes after them."""
        for child in self.tree.children(node):
            self._read_element(child, "prose")

    def read_back(self, node: int) -> None:
        """Read acknowledgements, declarations and annexes; the reference list is not text."""
        for part in self.tree.children(node):
            if self.tree.attributes(part).get("type") != "references":
                self._read_element(part, "back")

    def _read_element(self, node: int, kind: str) -> None:
        tree, name = self.tree, self.tree.names[node]
        if name in ("div", "list"):
            for child in tree.children(node):
                self._read_element(child, kind)
        elif name == "head":
            self._add_heading(node)
        elif name in ("p", "item"):
            self._add_paragraph(node, kind)
        elif name == "note":
            self._add_paragraph(node, "footnote")
        elif name == "figure":
            self._read_figure(node)

    def _add_heading(self, node: int) -> None:
        text = self.tree.text(node)
        if text.value:
            # "2.1." is the number of a section of the second level.
            number = self.tree.attributes(node).get("n", "").strip(".")
            self.blocks.append(Heading(text, number.count(".") + 1))

    def _add_paragraph(self, node: int, kind: str) -> None:
        text, citations = self._read_text(node)
        if text.value:
            self.blocks.append(Paragraph(text, citations, kind))

    def _read_text(self, node: int) -> tuple[Text, tuple[Citation, ...]]:
        first, last = node + 1, self.tree.end_tags[node] + 1
        text, offsets = self.tree.text_between(first, last)
        return text, read_citations(self.tree, first, last, text, offsets, self.references, _REFERENCE)

    def _read_figure(self, node: int) -> None:
        description = self.tree.child(node, "figDesc")
        if self.tree.attributes(node).get("type") != "table":
            if description is not None:
                self._add_paragraph(description, "caption")
            return
        table = self._read_table(node, description)
        if table is not None:
            self.tables.append(table)
            return
        label = self.tree.string(self.tree.child(node, "head")) or "a table without label"
        span = Span(self.tree.start(node), self.tree.end(node))
        self.repairs.append(Repair("table_without_cells", span, f"{label}: GROBID found no cells in it"))

    def _read_table(self, node: int, description: int | None) -> Table | None:
        """The table in a `figure`; None if it has no row.

        GROBID tags no headers. The first row is taken for one, and so are the rows after it whose first cell is empty,
        as in a header of several levels.
        """
        tree = self.tree
        printed = [row for part in tree.descendants(node, "table") for row in tree.descendants(part, "row")]
        rows = [cells for row in printed if (cells := [self._read_cell(cell) for cell in tree.children(row)])]
        if not rows:
            return None
        n_header = 1
        while n_header < min(_MAX_HEADER_ROWS, len(rows) - 1) and not rows[n_header][0].text.value:
            n_header += 1
        label, caption, citations = self._read_caption(node, description)
        return Table(
            label=label,
            caption=caption,
            rows=tuple(
                TableRow(tuple(cell._replace(is_header=place < n_header) for cell in cells), 1, place < n_header)
                for place, cells in enumerate(rows)
            ),
            n_parts=1,
            span=Span(tree.start(node), tree.end(node)),
            caption_citations=citations,
        )

    def _read_cell(self, node: int) -> Cell:
        text, citations = self._read_text(node)
        attributes = self.tree.attributes(node)
        return Cell(text, read_span(attributes.get("rows")), read_span(attributes.get("cols")), False, citations)

    def _read_caption(self, node: int, description: int | None) -> tuple[str | None, Text | None, tuple[Citation, ...]]:
        """Label and caption. GROBID's `head` has the label and may have the beginning of the caption."""
        tree = self.tree
        head = tree.child(node, "head")
        text = tree.text(head) if head is not None else Text("", ())
        match = _TABLE_LABEL.match(text.value)
        number = tree.string(tree.child(node, "label"))
        label = match.group() if match else (f"Table {number}" if number else None)
        if description is not None and tree.string(description):
            caption, citations = self._read_text(description)
            return label, caption, citations
        rest = text.slice(match.end(), len(text.value)) if match else text
        start = len(rest.value) - len(rest.value.lstrip(" .:"))
        rest = rest.slice(start, len(rest.value))
        return label, rest if rest.value else None, ()
