"""A printed table → rows of `source_tables`, `column_roles` and `table_cells`, with the citations in its cells.

Body rows count from 1; header rows count down from 0. The meaning of the columns comes from `extract.table_roles`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.document import Table
from pipelines.extract.citations import PlacedCitation
from pipelines.extract.column_headers import HeaderRoles
from pipelines.extract.row_collector import RowCollector
from pipelines.extract.row_types import make_fast_constructor
from pipelines.extract.table_grid import count_header_rows, iterate_cells
from pipelines.extract.table_roles import TableReading, read_table


class SourceTableRow(NamedTuple):
    review_id: str
    table_no: int
    label: str | None
    caption: str | None
    kind: str
    is_transposed: bool
    n_parts: int
    n_rows: int
    n_columns: int
    start_char: int | None
    end_char: int | None


class ColumnRoleRow(NamedTuple):
    review_id: str
    table_no: int
    column_no: int
    role: str
    position: int
    column_name: str | None


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
    collector: RowCollector,
    table_no: int,
    table: Table,
    header_roles: Sequence[HeaderRoles],
    citations: Sequence[PlacedCitation],
) -> None:
    """`header_roles` is the table's item of `read_header_roles`; `citations` are those in caption, cells and notes."""
    citations_by_cell: dict[tuple[int, int], list[PlacedCitation]] = {}
    for placed in citations:
        # Citations in the caption and the notes belong to no cell.
        if placed.row_no is None or placed.column_no is None:
            collector.add_citation("table", placed, table_no=table_no)
        else:
            citations_by_cell.setdefault((placed.row_no, placed.column_no), []).append(placed)
    reading = read_table(
        table, header_roles, {cell: [placed.citation for placed in found] for cell, found in citations_by_cell.items()}
    )
    n_header_rows = count_header_rows(table)
    names = _join_column_names(table, len(header_roles), n_header_rows)
    _add_source_table(collector, table_no, table, reading, n_header_rows)
    _add_column_roles(collector, table_no, reading, names)
    review_id, cells = collector.review_id, collector.rows.table_cells
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
                role=next(iter(reading.roles_at(row_index, column_no)), "other"),
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
    collector: RowCollector, table_no: int, table: Table, reading: TableReading, n_header_rows: int
) -> None:
    collector.rows.source_tables.append(
        SourceTableRow(
            review_id=collector.review_id,
            table_no=table_no,
            label=table.label,
            caption=table.caption.value if table.caption else None,
            kind=reading.kind,
            is_transposed=reading.is_transposed,
            n_parts=table.n_parts,
            n_rows=len(table.rows) - n_header_rows,
            n_columns=len(reading.column_roles),
            start_char=table.span.start if table.span else None,
            end_char=table.span.end if table.span else None,
        )
    )


def _add_column_roles(
    collector: RowCollector, table_no: int, reading: TableReading, names: Sequence[str | None]
) -> None:
    for column_no, (roles, name) in enumerate(zip(reading.column_roles, names, strict=True), start=1):
        for position, role in enumerate(roles, start=1):
            collector.rows.column_roles.append(
                ColumnRoleRow(
                    review_id=collector.review_id,
                    table_no=table_no,
                    column_no=column_no,
                    role=role,
                    position=position,
                    column_name=name,
                )
            )


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


_EMPTY_BRACKETS = re.compile(r"[\[({][\s,;–-]{0,20}[\])}]")
_BLANK_BEFORE_MARK = re.compile(r"\s+(?=[,.;:)\]](?:\s|$))")


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
    return _close_holes(" ".join("".join(stretches).split()))


def _close_holes(text: str) -> str:
    """The text without brackets that only held citations, and without the blank that these leave before a comma."""
    return _BLANK_BEFORE_MARK.sub("", " ".join(_EMPTY_BRACKETS.sub("", text).split()))
