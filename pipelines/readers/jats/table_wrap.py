"""The tables of an article: `table-wrap` with the tables in it, as rows of cells with their spans.

HTML-like tables and the CALS form (`tgroup`, `row`, `entry`) are read. Spans are not filled in here: a cell is given
once, where it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.document import Cell, Citation, Span, Table, TableRow, Text
from pipelines.readers.jats.element_tree import Tree
from pipelines.readers.jats.ref_list import References
from pipelines.readers.jats.xrefs import read_citations

_SECTIONS = ("thead", "tbody", "tfoot", "tgroup")
_EMPTY = Text("", ())
_CELLS = ("td", "th", "entry")
_WIDEST = 1000
"""The most rows or columns a cell may span; HTML's own limit for columns."""


def read_table(tree: Tree, wrap: int, references: References) -> Table | None:
    """The table in a `table-wrap`; None where it holds no rows (a picture of a table).

    Several `table` elements in one wrap are its printed parts: one after the other, a repeated header given once.
    """
    rows: list[TableRow] = []
    header: list[list[str]] = []
    part_no = 0
    for node in _tables(tree, wrap):
        part = [
            _row(tree, row, part_no + 1, in_header, columns, references)
            for row, in_header, columns in _rows(tree, node, False, {})
        ]
        if not part:
            continue
        part_no += 1
        own_header = [[cell.text.value for cell in row.cells] for row in part if row.is_header]
        if own_header and own_header == header:
            part = [row for row in part if not row.is_header]
        header = header or own_header
        rows += part
    if not rows:
        return None
    caption = tree.child(wrap, "caption")
    caption_text, caption_citations = (None, ()) if caption is None else _cited(tree, caption, references)
    foot = tree.child(wrap, "table-wrap-foot")
    notes = [] if foot is None else [_cited(tree, note, references) for note in _footnotes(tree, foot)]
    return Table(
        label=tree.string(tree.child(wrap, "label")),
        caption=caption_text,
        rows=tuple(rows),
        n_parts=part_no,
        span=Span(tree.start(wrap), tree.end(wrap)),
        footnotes=tuple(text for text, _ in notes),
        caption_citations=caption_citations,
        footnote_citations=tuple(citations for _, citations in notes),
    )


def _cited(tree: Tree, node: int, references: References) -> tuple[Text, tuple[Citation, ...]]:
    first, last = node + 1, tree.closes[node] + 1
    text, offsets = tree.flow(first, last)
    if not text.value or text.value.isspace():
        return _EMPTY, ()
    if last - first < 3:  # it holds no element
        return text, ()
    return text, read_citations(tree, first, last, text, offsets, references)


def _footnotes(tree: Tree, foot: int) -> Iterator[int]:
    """The footnotes of a table: each `fn`, and each paragraph outside one."""
    for child in tree.children(foot):
        name = tree.names[child]
        if name == "fn-group":
            yield from _footnotes(tree, child)
        elif name in ("fn", "p", "attrib"):
            yield child


def _tables(tree: Tree, parent: int) -> Iterator[int]:
    for child in tree.children(parent):
        name = tree.names[child]
        if name == "table":
            yield child
        elif name == "alternatives":
            yield from _tables(tree, child)


def _rows(
    tree: Tree, node: int, in_header: bool, columns: dict[str, int]
) -> Iterator[tuple[int, bool, dict[str, int]]]:
    """The rows of a table in printed order, whether each stands in its head, and the names of its columns (CALS)."""
    for child in tree.children(node):
        name = tree.names[child]
        if name in ("tr", "row"):
            yield child, in_header, columns
        elif name == "colspec":
            column = tree.attributes(child).get("colname")
            if column:
                columns[column] = len(columns)
        elif name in _SECTIONS:
            yield from _rows(tree, child, in_header or name == "thead", {} if name == "tgroup" else columns)


def _row(
    tree: Tree, row: int, part_no: int, in_header: bool, columns: dict[str, int], references: References
) -> TableRow:
    names, tags = tree.names, tree.tags
    cells = []
    for node in tree.children(row):
        name = names[node]
        if name not in _CELLS:
            continue
        row_span = column_span = 1
        if "span" in tags[node] or name == "entry":
            attributes = tree.attributes(node)
            if name == "entry":
                row_span = _span(attributes.get("morerows"), more=1)
                first, last = columns.get(attributes.get("namest", "")), columns.get(attributes.get("nameend", ""))
                if first is not None and last is not None:
                    column_span = max(1, last - first + 1)
            else:
                row_span, column_span = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        text, citations = _cited(tree, node, references)
        cells.append(Cell(text, row_span, column_span, in_header or name == "th", citations))
    return TableRow(tuple(cells), part_no, in_header)


def _span(value: str | None, more: int = 0) -> int:
    if value is None or (value == "1" and not more) or not value.strip().isdecimal():
        return 1
    return max(1, min(_WIDEST, int(value.strip()[:6]) + more))
