"""Makes printed tables from lines of text, for tests of what a table is and says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipelines.document import Cell, Citation, Table, TableRow, Text
from pipelines.extract.table_roles import TableReading, read_header_roles, read_table

_CITED = re.compile(r"\[(\d+(?:,\d+)*)\]")


def printed_table(*rows: str, headers: int = 1, caption: str | None = None) -> Table:
    """A table from rows whose cells are separated by `|`; `<` continues the cell above, `[1,2]` cites references."""
    cells = [[text.strip() for text in row.split("|")] for row in rows]
    spans = {
        (number, column): 1 + next((n for n, below in enumerate(cells[number + 1 :]) if below[column] != "<"), 0)
        for number, row in enumerate(cells)
        for column, text in enumerate(row)
        if number + 1 < len(cells) and column < len(cells[number + 1]) and cells[number + 1][column] == "<"
    }
    return Table(
        "Table 1",
        _whole(caption) if caption else None,
        tuple(
            TableRow(
                tuple(
                    Cell(_whole(text), row_span=spans.get((number, column), 1), citations=_find_citations(text))
                    for column, text in enumerate(row)
                    if text != "<"
                ),
                1,
                number < headers,
            )
            for number, row in enumerate(cells)
        ),
        1,
        None,
    )


def heading_row(text: str, columns: int) -> TableRow:
    """A row with one cell over all columns."""
    return TableRow((Cell(_whole(text), column_span=columns, citations=()),), 1)


def read_printed_table(table: Table) -> TableReading:
    """The kind of a table and the roles of its columns."""
    citations: Mapping[tuple[int, int], tuple[Citation, ...]] = {
        (number, index): cell.citations
        for number, row in enumerate(table.rows)
        for index, cell in enumerate(row.cells)
        if cell.citations
    }
    return read_table(table, read_header_roles([table])[0], citations)


def _whole(value: str) -> Text:
    return Text.from_source(value, 0, len(value))


def _find_citations(text: str) -> tuple[Citation, ...]:
    return tuple(
        Citation(match.start(), match.end(), numbers, (False,) * len(numbers))
        for match in _CITED.finditer(text)
        for numbers in [tuple(int(number) for number in match.group(1).split(","))]
    )
