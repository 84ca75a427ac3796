"""The tables of an article: each `table-wrap` as rows of cells with their spans.

Reads HTML tables and the CALS model (`tgroup`, `row`, `entry`). Spans are not filled in here: a cell occurs once, where
it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.document import Cell, Citation, Span, Table, TableRow, Text
from pipelines.readers.xml.cell_spans import read_span
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.ref_lists import RefLists
from pipelines.readers.xml.xrefs import read_citations

_SECTIONS = ("thead", "tbody", "tfoot", "tgroup")
_EMPTY = Text("", ())
_CELLS = ("td", "th", "entry")


def read_table(tree: Tree, wrap: int, references: RefLists) -> Table | None:
    """The table in a `table-wrap`; None if it has no rows (a picture of a table).

    Several `table` elements in it are its printed parts and are joined; a repeated header is left out.
    """
    rows: list[TableRow] = []
    header: list[list[str]] = []
    part_no = 0
    for node in _find_tables(tree, wrap):
        part = [
            _row(tree, row, part_no + 1, in_header, columns, references)
            for row, in_header, columns in _find_rows(tree, node, False, {})
        ]
        if not part:
            continue
        part_no += 1
        part_header = [[cell.text.value for cell in row.cells] for row in part if row.is_header]
        if part_header and part_header == header:
            part = [row for row in part if not row.is_header]
        header = header or part_header
        rows += part
    if not rows:
        return None
    caption = tree.child(wrap, "caption")
    caption_text, caption_citations = (None, ()) if caption is None else _text_and_citations(tree, caption, references)
    foot = tree.child(wrap, "table-wrap-foot")
    notes = (
        [] if foot is None else [_text_and_citations(tree, note, references) for note in _find_footnotes(tree, foot)]
    )
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


def _text_and_citations(tree: Tree, node: int, references: RefLists) -> tuple[Text, tuple[Citation, ...]]:
    first, last = node + 1, tree.end_tags[node] + 1
    text, offsets = tree.text_between(first, last)
    if not text.value or text.value.isspace():
        return _EMPTY, ()
    if last - first < 3:  # no element inside
        return text, ()
    return text, read_citations(tree, first, last, text, offsets, references)


def _find_footnotes(tree: Tree, foot: int) -> Iterator[int]:
    """The footnotes of a table: each `fn`, and each paragraph outside one."""
    for child in tree.children(foot):
        name = tree.names[child]
        if name == "fn-group":
            yield from _find_footnotes(tree, child)
        elif name in ("fn", "p", "attrib"):
            yield child


def _find_tables(tree: Tree, parent: int) -> Iterator[int]:
    for child in tree.children(parent):
        name = tree.names[child]
        if name == "table":
            yield child
        elif name == "alternatives":
            yield from _find_tables(tree, child)


def _find_rows(
    tree: Tree, node: int, in_header: bool, columns: dict[str, int]
) -> Iterator[tuple[int, bool, dict[str, int]]]:
    """The rows of a table in printed order, whether each is in its head, and its columns by name (CALS)."""
    for child in tree.children(node):
        name = tree.names[child]
        if name in ("tr", "row"):
            yield child, in_header, columns
        elif name == "colspec":
            column = tree.attributes(child).get("colname")
            if column:
                columns[column] = len(columns)
        elif name in _SECTIONS:
            yield from _find_rows(tree, child, in_header or name == "thead", {} if name == "tgroup" else columns)


def _row(
    tree: Tree, row: int, part_no: int, in_header: bool, columns: dict[str, int], references: RefLists
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
                row_span = read_span(attributes.get("morerows"), plus=1)
                first, last = columns.get(attributes.get("namest", "")), columns.get(attributes.get("nameend", ""))
                if first is not None and last is not None:
                    column_span = max(1, last - first + 1)
            else:
                row_span, column_span = read_span(attributes.get("rowspan")), read_span(attributes.get("colspan"))
        text, citations = _text_and_citations(tree, node, references)
        cells.append(Cell(text, row_span, column_span, in_header or name == "th", citations))
    return TableRow(tuple(cells), part_no, in_header)
