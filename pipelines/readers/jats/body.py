"""The blocks of an article in reading order: headings, paragraphs, captions and footnotes; the tables among them.

Takes elements of the tree and gives `Block`s and `Table`s. A paragraph stays whole around a float or a footnote; a list
or a quotation in it ends it, and the list's items are paragraphs themselves. Sentences are found later.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.document import Block, Heading, Paragraph, Repair, Span, Table
from pipelines.readers.jats.table_wrap import read_table
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.ref_lists import RefLists
from pipelines.readers.xml.xrefs import read_citations

_SECTIONS = frozenset(["sec", "ack", "app", "glossary", "notes", "bio"])
_ENDING_PARAGRAPH = frozenset(
    ["list", "def-list", "disp-quote", "boxed-text", "verse-group", "statement", "speech", "array", "p"]
)
_ASIDE = frozenset(["fn", "fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "media"])
_NOT_READ = frozenset(
    (
        *("title", "label", "subtitle", "object-id", "sec-meta", "ref", "alt-text", "long-desc", "graphic"),
        *("permissions", "attrib", "sig-block", "disp-formula", "disp-formula-group", "inline-formula", "alternatives"),
        *("related-article", "related-object"),
    )
)
_IN_PARAGRAPH = _ENDING_PARAGRAPH | _ASIDE


@dataclass(slots=True)
class BlockReader:
    """Collects blocks, tables and repairs in reading order, part by part of an article."""

    tree: Tree
    references: RefLists
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def read(self, node: int, level: int, kind: str) -> None:
        """Read everything inside `node`: headings directly inside get `level`, paragraphs get `kind`."""
        for child in self.tree.children(node):
            self._read_element(child, level, kind)

    def _read_element(self, node: int, level: int, kind: str) -> None:
        tree, name = self.tree, self.tree.names[node]
        if name == "p":
            self._read_paragraph(node, level, kind)
        elif name in _SECTIONS:
            title = tree.child(node, "title")
            if title is not None and kind != "abstract":
                text = tree.text(title)
                if text.value:
                    self.blocks.append(Heading(text, level))
            self.read(node, level + 1, kind)
        elif name == "table-wrap":
            self._read_table(node)
        elif name in ("fig", "supplementary-material", "media"):
            caption = tree.child(node, "caption")
            if caption is not None:
                self._read_caption(caption)
            self.read(node, level, "caption")
        elif name == "caption":
            return
        elif name == "fn":
            self._add_paragraph(node + 1, tree.end_tags[node] + 1, "footnote")
        elif name in ("def-item", "tr", "verse-line"):
            self._add_paragraph(node + 1, tree.end_tags[node] + 1, kind)
        elif name not in _NOT_READ:
            self.read(node, level, kind)

    def _read_paragraph(self, node: int, level: int, kind: str) -> None:
        tree = self.tree
        first, end_tag = node + 1, tree.end_tags[node]
        if _IN_PARAGRAPH.isdisjoint(tree.names[first:end_tag]):
            self._add_paragraph(first, end_tag + 1, kind)
            return
        asides = []
        for child in tree.children(node):
            if tree.names[child] in _ENDING_PARAGRAPH:
                self._add_paragraph(first, child + 1, kind)
                self._read_element(child, level, kind)
                first = tree.end_tags[child] + 1
            else:
                asides.append(child)
        self._add_paragraph(first, end_tag + 1, kind)
        for aside in asides:
            self._read_asides(aside, level, kind)

    def _read_asides(self, node: int, level: int, kind: str) -> None:
        """Read the floats and footnotes at or inside a node of a paragraph, which its text leaves out."""
        if self.tree.names[node] in _ASIDE:
            self._read_element(node, level, kind)
        elif not _ASIDE.isdisjoint(self.tree.names[node + 1 : self.tree.end_tags[node]]):
            for child in self.tree.children(node):
                self._read_asides(child, level, kind)

    def _read_caption(self, caption: int) -> None:
        for child in self.tree.children(caption):
            if self.tree.names[child] == "title":
                self._add_paragraph(child + 1, self.tree.end_tags[child] + 1, "caption")
            else:
                self._read_element(child, 1, "caption")

    def _read_table(self, wrap: int) -> None:
        tree = self.tree
        table = read_table(tree, wrap, self.references)
        if table is not None:
            self.tables.append(table)
        else:
            label = tree.string(tree.child(wrap, "label")) or "a table without label"
            self.repairs.append(
                Repair(
                    "table_without_cells",
                    Span(tree.start(wrap), tree.end(wrap)),
                    f"{label} is given as a picture only; its cells are not read",
                )
            )

    def _add_paragraph(self, first: int, last: int, kind: str) -> None:
        """Add the paragraph that is `texts[first:last]`, unless it is blank."""
        text, offsets = self.tree.text_between(first, last)
        if text.value and not text.value.isspace():
            citations = read_citations(self.tree, first, last, text, offsets, self.references)
            self.blocks.append(Paragraph(text, citations, kind))
