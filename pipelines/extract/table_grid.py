"""Locates the cells of a printed table, some of which span rows or columns."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.document import Cell, Table


def iterate_cells(table: Table) -> Iterator[tuple[int, int, int, Cell]]:
    """Yields (row index, cell index within the row, column number, cell) for each cell.

    The indices count from 0. The column number counts from 1 and allows for cells that span rows or columns.
    """
    covered: dict[int, int] = {}  # column → last row that a cell from above covers
    for row_index, row in enumerate(table.rows):
        column = 1
        for cell_index, cell in enumerate(row.cells):
            while covered.get(column, -1) >= row_index:
                column += 1
            yield row_index, cell_index, column, cell
            if cell.row_span > 1:
                for covered_column in range(column, column + cell.column_span):
                    covered[covered_column] = row_index + cell.row_span - 1
            column += cell.column_span


def count_header_rows(table: Table) -> int:
    """The number of header rows at the top. A header row further down is a heading within the body."""
    return next((index for index, row in enumerate(table.rows) if not row.is_header), len(table.rows))
