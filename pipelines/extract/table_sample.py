"""Takes the cells from which the kind of a table and the roles of its columns are decided.

Takes a printed table and the citations in its cells, and gives the texts of headers and of the first body rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.document import Cell, Citation, Table
from pipelines.extract.table_grid import count_header_rows, iterate_cells

CellCitations = Mapping[tuple[int, int], Sequence[Citation]]
"""The citations in the cells of a table, by row index and index of the cell within its row, from 0."""

MAX_SAMPLED_ROWS = 200
"""Body rows in a sample; a longer table is judged by its beginning."""

_LETTER = re.compile(r"[^\W\d_]")


class SampledCell(NamedTuple):
    """The text of a cell without the numbers that cite, and how many works it cites."""

    text: str
    n_cited: int


@dataclass(frozen=True, slots=True)
class TableSample:
    """The filled body cells of the first rows, by row index (from 0) and column number (from 1).

    A cell over more than half of the columns is a heading within the body and is left out.
    """

    cells: Mapping[tuple[int, int], SampledCell]
    rows: Sequence[int]
    n_columns: int

    def column(self, column_no: int) -> list[SampledCell]:
        return [self.cells[row, column_no] for row in self.rows if (row, column_no) in self.cells]

    def row(self, row: int, first_column: int = 1) -> dict[int, SampledCell]:
        """The cells of a row by column number, from `first_column`."""
        return {
            column_no: self.cells[row, column_no]
            for column_no in range(first_column, self.n_columns + 1)
            if (row, column_no) in self.cells
        }


def collect_headers(table: Table) -> list[list[str]]:
    """The header cells of each column from top to bottom; cells without a letter or sign of a number are left out."""
    headers: list[list[str]] = []
    n_header_rows = count_header_rows(table)
    for row_index, _, column, cell in iterate_cells(table):
        end = column - 1 + cell.column_span
        headers += [[] for _ in range(end - len(headers))]
        text = cell.text.value
        if row_index < n_header_rows and re.search(r"[^\W\d_]|[%#]", text):
            for levels in headers[column - 1 : end]:
                levels.append(text)
    return headers


def sample_table(table: Table, n_columns: int, citations: CellCitations) -> TableSample:
    """The filled cells of the first `MAX_SAMPLED_ROWS` body rows."""
    n_header_rows = count_header_rows(table)
    cells: dict[tuple[int, int], SampledCell] = {}
    rows: list[int] = []
    for row_index, cell_index, column, cell in iterate_cells(table):
        if row_index >= n_header_rows + MAX_SAMPLED_ROWS:
            break
        if row_index < n_header_rows:
            continue
        if not rows or rows[-1] != row_index:
            rows.append(row_index)
        sampled = sample_cell(cell, citations.get((row_index, cell_index), ()))
        is_heading = cell.column_span > 1 and cell.column_span * 2 > n_columns
        if (sampled.text or sampled.n_cited) and not is_heading:
            cells[row_index, column] = sampled
    return TableSample(cells, rows, n_columns)


def sample_cell(cell: Cell, citations: Sequence[Citation]) -> SampledCell:
    """The cell without the numbers that cite; a citation in words (`Kim et al., 2017`) stays, for it names a study."""
    text = cell.text.value
    for citation in reversed(citations):
        if not _LETTER.search(text, citation.start, citation.end):
            text = text[: citation.start] + text[citation.end :]
    n_cited = len({number for citation in citations for number in citation.ref_nos})
    return SampledCell(text.strip(" \n\t[](),;."), n_cited)
