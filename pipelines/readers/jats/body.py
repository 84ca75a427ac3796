"""The blocks of an article in reading order: headings, paragraphs, captions, footnotes, and the tables among them.

Sentences are made later, from the paragraphs. A paragraph that a float stands in stays whole; one that a list or a
quotation stands in is cut there, and the list's items are paragraphs of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.document import Block, Heading, Paragraph, Repair, Span, Table
from pipelines.readers.jats.element_tree import Tree
from pipelines.readers.jats.ref_list import References
from pipelines.readers.jats.table_wrap import read_table
from pipelines.readers.jats.xrefs import read_citations

_SECTIONS = frozenset(["sec", "ack", "app", "glossary", "notes", "bio"])
_CUTTING = frozenset(
    ["list", "def-list", "disp-quote", "boxed-text", "verse-group", "statement", "speech", "array", "p"]
)
_ASIDE = frozenset(["fn", "fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "media"])
_SILENT = frozenset(
    [
        "title",
        "label",
        "subtitle",
        "object-id",
        "sec-meta",
        "ref",
        "alt-text",
        "long-desc",
        "graphic",
        "permissions",
        "attrib",
        "sig-block",
        "disp-formula",
        "disp-formula-group",
        "inline-formula",
        "alternatives",
        "related-article",
        "related-object",
    ]
)
_INNER = _CUTTING | _ASIDE


@dataclass(slots=True)
class Blocks:
    """What the walk has found so far, in reading order."""

    tree: Tree
    references: References
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def read(self, node: int, level: int, kind: str) -> None:
        """Everything inside `node`; `level` is that of the headings directly inside, `kind` that of its paragraphs."""
        for child in self.tree.children(node):
            self._read_one(child, level, kind)

    def read_abstract(self, abstract: int) -> None:
        """The paragraphs of an abstract; a structured one's titles stand before their first paragraphs."""
        self.read(abstract, 1, "abstract")

    def _read_one(self, node: int, level: int, kind: str) -> None:
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
            self._read_flow(node + 1, tree.closes[node] + 1, "footnote")
        elif name in ("def-item", "tr", "verse-line"):
            self._read_flow(node + 1, tree.closes[node] + 1, kind)
        elif name not in _SILENT:
            self.read(node, level, kind)

    def _read_paragraph(self, node: int, level: int, kind: str) -> None:
        tree = self.tree
        first, close = node + 1, tree.closes[node]
        if _INNER.isdisjoint(tree.names[first:close]):
            self._read_flow(first, close + 1, kind)
            return
        asides = []
        for child in tree.children(node):
            if tree.names[child] in _CUTTING:
                self._read_flow(first, child + 1, kind)
                self._read_one(child, level, kind)
                first = tree.closes[child] + 1
            else:
                asides.append(child)
        self._read_flow(first, close + 1, kind)
        for aside in asides:
            self._read_asides(aside, level, kind)

    def _read_asides(self, node: int, level: int, kind: str) -> None:
        """The floats and footnotes at or inside a part of a paragraph, which its text leaves out."""
        if self.tree.names[node] in _ASIDE:
            self._read_one(node, level, kind)
        elif not _ASIDE.isdisjoint(self.tree.names[node + 1 : self.tree.closes[node]]):
            for child in self.tree.children(node):
                self._read_asides(child, level, kind)

    def _read_caption(self, caption: int) -> None:
        for child in self.tree.children(caption):
            if self.tree.names[child] == "title":
                self._read_flow(child + 1, self.tree.closes[child] + 1, "caption")
            else:
                self._read_one(child, 1, "caption")

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

    def _read_flow(self, first: int, last: int, kind: str) -> None:
        text, offsets = self.tree.flow(first, last)
        if text.value and not text.value.isspace():
            citations = read_citations(self.tree, first, last, text, offsets, self.references)
            self.blocks.append(Paragraph(text, citations, kind))
