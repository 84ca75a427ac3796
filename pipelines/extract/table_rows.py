"""A printed table → rows of `source_tables` and `table_cells`, with the citations in its cells.

Body rows count from 1; header rows count down from 0. The meaning of the columns comes from `extract.table_roles`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.document import Table
from pipelines.extract.citations import PlacedCitation
from pipelines.extract.row_collector import RowCollector
from pipelines.extract.row_types import make_fast_constructor
from pipelines.extract.table_roles import iterate_cells


class SourceTableRow(NamedTuple):
    review_id: str
    table_no: int
    label: str | None
    caption: str | None
    kind: str
    n_parts: int
    n_rows: int
    n_columns: int
    start_char: int | None
    end_char: int | None


class TableCellRow(NamedTuple):
    review_id: str
    table_no: int
    row_no: int
    column_no: int
    part_no: int
    column_name: str | None
    role: str
    is_header: bool
    row_span: int
    column_span: int
    text_raw: str | None
    text: str | None
    start_char: int | None
    end_char: int | None


_new_cell = make_fast_constructor(TableCellRow)


def add_table_rows(
    collector: RowCollector, table_no: int, table: Table, roles: Sequence[str], citations: Sequence[PlacedCitation]
) -> None:
    """`roles` has one role per column; `citations` are those in the table's caption, cells and notes."""
    n_header_rows = _count_header_rows(table)
    _add_source_table(collector, table_no, table, roles, n_header_rows)
    citations_by_cell: dict[tuple[int | None, int | None], list[PlacedCitation]] = {}
    for citation in citations:
        citations_by_cell.setdefault((citation.row_no, citation.column_no), []).append(citation)
    # Citations in the caption and the notes belong to no cell.
    for citation in citations_by_cell.pop((None, None), []):
        collector.add_citation("table", citation, table_no=table_no)
    review_id, cells = collector.review_id, collector.rows.table_cells
    names = _join_column_names(table, len(roles), n_header_rows)
    for row_index, cell_index, column_no, cell in iterate_cells(table):
        row = table.rows[row_index]
        row_no = row_index + 1 - n_header_rows
        cell_citations = citations_by_cell.get((row_index, cell_index), [])
        value = cell.text.value
        start, end = cell.text.bounds
        cells.append(
            _new_cell(
                review_id=review_id,
                table_no=table_no,
                row_no=row_no,
                column_no=column_no,
                part_no=row.part_no,
                column_name=names[column_no - 1],
                role=roles[column_no - 1],
                is_header=cell.is_header or row.is_header,
                row_span=cell.row_span,
                column_span=cell.column_span,
                text_raw=value or None,
                text=_remove_citations(value, cell_citations) or None,
                start_char=start,
                end_char=end,
            )
        )
        if value:
            collector.add_text_parts("table_cells", "text_raw", cell.text, table_no, row_no, column_no)
        for citation in cell_citations:
            collector.add_citation("table", citation, table_no=table_no, row_no=row_no, column_no=column_no)


def _add_source_table(
    collector: RowCollector, table_no: int, table: Table, roles: Sequence[str], n_header_rows: int
) -> None:
    collector.rows.source_tables.append(
        SourceTableRow(
            review_id=collector.review_id,
            table_no=table_no,
            label=table.label,
            caption=table.caption.value if table.caption else None,
            kind=_classify_table(roles),
            n_parts=table.n_parts,
            n_rows=len(table.rows) - n_header_rows,
            n_columns=len(roles),
            start_char=table.span.start if table.span else None,
            end_char=table.span.end if table.span else None,
        )
    )


def _count_header_rows(table: Table) -> int:
    """The number of header rows at the top. A header row further down is a heading within the body."""
    return next((index for index, row in enumerate(table.rows) if not row.is_header), len(table.rows))


def _join_column_names(table: Table, n_columns: int, n_header_rows: int) -> list[str | None]:
    """The name of each column: its header cells from top to bottom, joined by ' | '."""
    names: list[list[str]] = [[] for _ in range(n_columns)]
    for row_index, _, column_no, cell in iterate_cells(table):
        if row_index >= n_header_rows:
            break
        words = " ".join(cell.text.value.split())
        for name in names[column_no - 1 : column_no - 1 + cell.column_span]:
            if words and words not in name:
                name.append(words)
    return [" | ".join(name) or None for name in names]


def _classify_table(roles: Sequence[str]) -> str:
    if "option" in roles and {"advantages", "disadvantages"} & set(roles):
        return "options"
    return "evidence" if "study" in roles and {"method", "outcome"} & set(roles) else "other"


def _remove_citations(text: str, citations: Sequence[PlacedCitation]) -> str:
    """The text without its citation markers, white space collapsed."""
    if not citations:
        return " ".join(text.split())
    stretches = []
    start = 0
    for placed in citations:
        stretches.append(text[start : placed.citation.start])
        start = placed.citation.end
    stretches.append(text[start:])
    return " ".join("".join(stretches).split())
