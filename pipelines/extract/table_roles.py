"""Decides what a printed table is (evidence, study quality, options, other) and gives its columns their roles.

A table is an evidence table if its rows are studies and its columns report them. Both are read from headers and cells:
headers are read in `column_headers`; a column without a telling header gets its role from its cells. In a transposed
table the studies are columns, and the rows have roles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipelines.document import Cell, Citation, Table
from pipelines.extract.column_headers import NOTHING, HeaderRoles, read_header
from pipelines.extract.study_labels import is_study_label
from pipelines.extract.table_grid import count_header_rows, iterate_cells
from pipelines.readers.reading_patterns import CELL_WORD_LISTS, any_phrase, built_once
from pipelines.vocabularies.word_lists import reading_words

TableKind = Literal["evidence", "quality", "options", "other"]

CellCitations = Mapping[tuple[int, int], Sequence[Citation]]
"""The citations in the cells of a table, by row index and index of the cell within its row, from 0."""

MAX_SAMPLED_ROWS = 200
"""Body rows from which kind and roles are decided; a longer table is judged by its beginning."""

_PICO = frozenset(
    (
        *("design", "population", "sample_size", "condition", "intervention", "comparator", "dose", "duration"),
        *("follow_up", "outcome_name", "outcome", "result", "adverse_events", "objective", "method"),
    )
)
_FINDINGS = frozenset(("intervention", "method", "result", "outcome", "outcome_name", "adverse_events"))
_STUDY_DESCRIPTORS = frozenset(
    ("design", "sample_size", "country", "year", "objective", "comparator", "follow_up", "quality", "duration")
)
"""Roles that only studies have; without them a table that begins with plants, genes or drugs is a list of these."""
_KEY_ROLES = frozenset(("study", "reference"))
_POINTS = frozenset(("advantages", "disadvantages"))
_MAX_CITED = 3
_MIN_SHARE_OF_STUDIES = 0.6
_MIN_SHARE_IN_SURE_TABLE = 0.25
_MIN_SHARE_OF_KEYED_ROWS = 0.2
_MIN_QUALITY_COLUMNS = 3
_MIN_STUDY_COLUMNS = 3
_MIN_DESCRIPTION = 60
"""Characters of a cell that describes a study rather than naming its design."""


@dataclass(frozen=True, slots=True)
class TableReading:
    """The kind of a table and the roles of its columns, in column order; a column may have several roles or none.

    In a transposed table `row_roles` has the roles of the rows by row index, and columns have no roles.
    """

    kind: TableKind
    column_roles: tuple[tuple[str, ...], ...]
    row_roles: Mapping[int, tuple[str, ...]] | None = None

    @property
    def is_transposed(self) -> bool:
        return self.row_roles is not None

    def roles_at(self, row_index: int, column_no: int) -> tuple[str, ...]:
        """The roles of a cell."""
        if self.row_roles is not None:
            return self.row_roles.get(row_index, ()) if column_no > 1 else ()
        return self.column_roles[column_no - 1]


class _Line(NamedTuple):
    """A row or a column of body cells: the text of each filled cell without citations, and how many works it cites."""

    texts: list[str]
    n_cited: list[int]


@dataclass(slots=True)
class _Grid:
    """The sampled cells of a table: header texts by column, and body cells by (row index, column number)."""

    headers: list[list[str]]
    body: dict[tuple[int, int], tuple[str, int]]
    n_columns: int
    rows: list[int]


def read_header_roles(tables: Sequence[Table]) -> list[list[HeaderRoles]]:
    """The roles that the headers of each table name, by column.

    A table without any header continues the previous one if both have as many columns.
    """
    roles: list[list[HeaderRoles]] = []
    for table in tables:
        headers = _collect_headers(table)
        own = [read_header(levels) for levels in headers]
        is_bare = not any(levels for levels in headers)
        roles.append(list(roles[-1]) if is_bare and roles and len(roles[-1]) == len(own) else own)
    return roles


def read_table(table: Table, header_roles: Sequence[HeaderRoles], citations: CellCitations) -> TableReading:
    """The kind of a table and the roles of its columns. `header_roles` is one item of `read_header_roles`."""
    grid = _sample_grid(table, len(header_roles), citations)
    columns = [_column(grid, number) for number in range(1, grid.n_columns + 1)]
    roles = [list(header.roles) for header in header_roles]
    if _POINTS.intersection(*[set().union(*roles)]) and not _has_role(roles, "study"):
        return TableReading("options" if _assign_options(roles) else "other", _freeze_options(roles))
    if _has_role(roles, "option") and not _has_role(roles, "intervention", "method"):
        _replace(roles, "option", "method")
    _find_key_columns(roles, columns)
    rows_are_studies = _rows_are_studies(grid, roles, header_roles)
    if _is_quality_table(table, grid, roles, rows_are_studies):
        return TableReading("quality", tuple(_quality_role(names) for names in roles))
    if rows_are_studies:
        _assign_roles_by_cells(roles, columns)
        if _reports_studies(roles, header_roles):
            _resolve_ambiguous_roles(roles, columns)
            return TableReading("evidence", tuple(tuple(names) for names in roles))
    elif (transposed := _read_transposed(table, grid, citations)) is not None:
        return transposed
    return TableReading("other", tuple(tuple(name for name in names if name in _KEY_ROLES) for names in roles))


def _collect_headers(table: Table) -> list[list[str]]:
    """The header cells of each column from top to bottom; a cell without a letter is left out."""
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


def _sample_grid(table: Table, n_columns: int, citations: CellCitations) -> _Grid:
    n_header_rows = count_header_rows(table)
    body: dict[tuple[int, int], tuple[str, int]] = {}
    headers: list[list[str]] = [[] for _ in range(n_columns)]
    rows: list[int] = []
    for row_index, cell_index, column, cell in iterate_cells(table):
        if row_index >= n_header_rows + MAX_SAMPLED_ROWS:
            break
        cited = citations.get((row_index, cell_index), ())
        if row_index < n_header_rows:
            headers[column - 1].append(cell.text.value)
            continue
        if not rows or rows[-1] != row_index:
            rows.append(row_index)
        if cell.column_span > 1 and cell.column_span * 2 > n_columns:
            continue  # A heading within the body.
        text = _strip_citations(cell, cited)
        n_cited = len({number for citation in cited for number in citation.ref_nos})
        if text or n_cited:
            body[row_index, column] = (text, n_cited)
    return _Grid(headers, body, n_columns, rows)


def _strip_citations(cell: Cell, citations: Sequence[Citation]) -> str:
    """The text of a cell without the numbers that cite; a citation in words (`Kim et al., 2017`) names a study."""
    text = cell.text.value
    for citation in reversed(citations):
        if not re.search(r"[^\W\d_]", text[citation.start : citation.end]):
            text = text[: citation.start] + text[citation.end :]
    return text.strip(" \n\t[](),;.")


def _column(grid: _Grid, number: int) -> _Line:
    return _line([grid.body[row, number] for row in grid.rows if (row, number) in grid.body])


def _row(grid: _Grid, row: int) -> _Line:
    return _line([grid.body[row, number] for number in range(2, grid.n_columns + 1) if (row, number) in grid.body])


def _line(cells: Sequence[tuple[str, int]]) -> _Line:
    return _Line([text for text, _ in cells], [n_cited for _, n_cited in cells])


def _has_role(roles: Sequence[Sequence[str]], *names: str) -> bool:
    return any(name in column for column in roles for name in names)


def _replace(roles: list[list[str]], name: str, other: str | None) -> None:
    for column in roles:
        if name in column:
            index = column.index(name)
            column[index : index + 1] = [other] if other is not None and other not in column else []


# Options


def _assign_options(roles: list[list[str]]) -> bool:
    """Make a column the options that the table compares, if no header does; False if there is no such column."""
    if _has_role(roles, "option"):
        return True
    candidates = [
        *(column for column in roles if {"method", "intervention", "item"} & set(column)),
        *(column for column in roles if not column),
    ]
    if candidates:
        candidates[0][:] = ["option"]
    return bool(candidates)


def _freeze_options(roles: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    known = {"option", "advantages", "disadvantages", "reference"}
    # A column of both advantages and disadvantages is neither.
    return tuple(
        () if _POINTS.issubset(column) else tuple(name for name in column if name in known) for column in roles
    )


# Rows that are studies


def _find_key_columns(roles: list[list[str]], columns: Sequence[_Line]) -> None:
    """Find the columns that name or cite the studies, if headers do not tell or tell too little."""
    references = [number for number, names in enumerate(roles) if names == ["reference"]]
    if not _has_role(roles, "study"):
        for number in references:
            if _share(columns[number], is_study_label) > 0.5:
                roles[number][:] = ["study"]
                references.remove(number)
                break
    if not _has_role(roles, "study"):
        unread = [number for number, names in enumerate(roles) if not names]
        for number in unread:
            if _share(columns[number], is_study_label) >= _MIN_SHARE_OF_STUDIES:
                roles[number][:] = ["study"]
                return
    if not _has_role(roles, "study", "reference"):
        for number, names in enumerate(roles):
            line = columns[number]
            n_bare = sum(not text and n > 0 for text, n in zip(line.texts, line.n_cited, strict=True))
            if not names and n_bare and n_bare >= _MIN_SHARE_OF_STUDIES * len(line.texts):
                roles[number][:] = ["reference"]
                return


def _rows_are_studies(grid: _Grid, roles: Sequence[Sequence[str]], headers: Sequence[HeaderRoles]) -> bool:
    """Whether most rows name a study or cite one to three works in the columns that do so.

    The rows of a column with the header `Study` may do so in any column; beside two columns that surely report
    studies, some rows that do are enough, because trials have names that no rule recognises (`SPORT`).
    """
    is_headed = any("study" in header.roles for header in headers)
    is_sure = is_headed and _count_sure(roles, headers) > 1
    min_share = _MIN_SHARE_IN_SURE_TABLE if is_sure else _MIN_SHARE_OF_STUDIES
    keys = [number for number, names in enumerate(roles, start=1) if _KEY_ROLES & set(names)]
    n_keyed = n_studies = n_filled = 0
    for row in grid.rows:
        cells = {
            number: grid.body[row, number] for number in range(1, grid.n_columns + 1) if (row, number) in grid.body
        }
        key_cells = [cells[number] for number in keys if number in cells]
        n_filled += len(cells) > 1
        if key_cells:
            n_keyed += 1
            citing = cells.values() if is_headed else key_cells
            n_studies += any(0 < n_cited <= _MAX_CITED for _, n_cited in citing) or any(
                is_study_label(text) for text, _ in key_cells
            )
    return n_keyed > 0 and n_studies >= min_share * n_keyed and n_keyed >= _MIN_SHARE_OF_KEYED_ROWS * n_filled


def _reports_studies(roles: Sequence[Sequence[str]], headers: Sequence[HeaderRoles]) -> bool:
    """Whether columns report what studies did or found, in a table that is not a list of plants, genes or drugs."""
    if not _has_role(roles, *_FINDINGS):
        return False
    key = next(number for number, names in enumerate(roles) if _KEY_ROLES & set(names))
    first = next(number for number, names in enumerate(roles) if names != [NOTHING])
    is_list = first < key and (_PICO | _STUDY_DESCRIPTORS).isdisjoint(roles[first])
    if is_list and _STUDY_DESCRIPTORS.isdisjoint(_sure_roles(roles, headers)):
        return False
    n_sure = _count_sure(roles, headers)
    n_pico = sum(not _PICO.isdisjoint(names) for names in roles)
    if any("study" in header.roles for header in headers):
        return n_sure > 0 or n_pico > 1
    return n_sure > 1 or (key == 0 and "study" in roles[0] and n_sure > 0)


def _sure_roles(roles: Sequence[Sequence[str]], headers: Sequence[HeaderRoles]) -> set[str]:
    """The roles of columns whose headers name them in words that have no other meaning."""
    return {name for names, header in zip(roles, headers, strict=True) if not header.is_weak for name in names}


def _count_sure(roles: Sequence[Sequence[str]], headers: Sequence[HeaderRoles]) -> int:
    """The number of columns that surely report a study."""
    pairs = zip(roles, headers, strict=True)
    return sum(not header.is_weak and not _PICO.isdisjoint(names) for names, header in pairs)


def _resolve_ambiguous_roles(roles: list[list[str]], columns: Sequence[_Line]) -> None:
    """Replace the roles that only the other columns or the cells can tell."""
    for names, line in zip(roles, columns, strict=True):
        if names == ["intervention"] and _share(line, _WORD.search) < 0.2:
            names.clear()  # Ticks that say which kind of intervention it was.
    for names, line in zip(roles, columns, strict=True):
        if "outcome" in names:
            is_name = _has_role(roles, "result") and _share(line, _is_result) < 0.5
            names[names.index("outcome")] = "outcome_name" if is_name else "result"
    if not _has_role(roles, "result"):
        _replace(roles, "outcome_name", "result")
    for names in roles:
        if "result" in names and "outcome_name" in names:
            names.remove("outcome_name")
    for names, line in zip(roles, columns, strict=True):
        if "method" not in names:
            continue
        index = names.index("method")
        if _share(line, _has_words("cells_assay")) >= 0.3:
            names.pop(index)
        elif _share(line, _has_words("cells_design")) >= 0.3:
            names[index : index + 1] = [] if "design" in names else ["design"]
        elif not _has_role(roles, "intervention"):
            names[index] = "intervention"
        else:
            names.pop(index)
    items = [names for names in roles if "item" in names]
    for number, names in enumerate(items):
        is_intervention = number == 0 or not _has_role(roles, "intervention")
        names[:] = ["intervention"] if is_intervention else []
    _replace(roles, "kind", None if _has_role(roles, "intervention") else "intervention")
    _replace(roles, NOTHING, None)
    for name in ("option", "advantages", "disadvantages"):
        _replace(roles, name, "comment")
    if not _has_role(roles, "intervention"):
        _find_described_interventions(roles, columns)


def _find_described_interventions(roles: list[list[str]], columns: Sequence[_Line]) -> None:
    """Without a column of their own, interventions are described in long texts about design or participants."""
    for names, line in zip(roles, columns, strict=True):
        if names and set(names) <= {"design", "population"}:
            n_long = sum(len(text) >= _MIN_DESCRIPTION for text in line.texts)
            if 2 * n_long > len(line.texts):
                if "population" not in names and _share(line, _describes_participants) >= 0.5:
                    names.append("population")
                names.append("intervention")


# Roles by cells


def _assign_roles_by_cells(roles: list[list[str]], columns: Sequence[_Line]) -> None:
    """Give a role to columns whose header names none, if most of their cells have telling contents."""
    for names, line in zip(roles, columns, strict=True):
        if names or len(line.texts) < 2:
            continue
        for role, is_content, share in _CONTENTS:
            if _share(line, is_content) >= share:
                names.append(role)
                break


def _has_words(word_list: str) -> Callable[[str], object]:
    return lambda text: _find_words(word_list, text)


def _describes_participants(text: str) -> bool:
    return _find_words("cells_population", text) or _COUNT.search(text) is not None


def _is_result(text: str) -> bool:
    return _find_words("cells_result", text) or _is_numeric_result(text)


def _is_numeric_result(text: str) -> bool:
    return _NUMERIC_RESULT.search(text) is not None


_NUMERIC_RESULT = re.compile(r"[↑↓↔→±]|\d\s?%|\bp\s?[<=>]|\(\d[\d.]{0,9}\s?[-–,;]\s?\d|\d/\d", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2}")
_SCORE = re.compile(r"[\d.,/*★\s]{1,8}")
_YEAR = re.compile(r"(?:19|20)\d\d[a-z]?")
_COUNT = re.compile(r"\bn\s?=\s?\d+", re.IGNORECASE)

_CONTENTS: tuple[tuple[str, Callable[[str], object], float], ...] = (
    ("year", _YEAR.fullmatch, 0.8),
    ("country", _has_words("cells_country"), 0.7),
    ("sample_size", _COUNT.match, 0.6),
    ("design", _has_words("cells_design"), 0.6),
    ("result", _has_words("cells_result"), 0.5),
    ("population", _has_words("cells_population"), 0.6),
    ("result", _is_numeric_result, 0.6),
)
"""Roles, what a cell of such a column holds, and the share of filled cells that must hold it."""


@built_once
def _cell_patterns() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(rf"(?<!\w){any_phrase(name)}(?!\w)", re.IGNORECASE) for name in CELL_WORD_LISTS}


def _find_words(word_list: str, text: str) -> bool:
    return _cell_patterns()[word_list].search(text) is not None


def _share(line: _Line, is_content: Callable[[str], object]) -> float:
    """The share of filled cells of a line for which a test holds."""
    filled = [text for text in line.texts if text]
    return sum(bool(is_content(text[:400])) for text in filled) / len(filled) if filled else 0.0


# Study quality


def _is_quality_table(table: Table, grid: _Grid, roles: Sequence[Sequence[str]], rows_are_studies: bool) -> bool:
    """Whether a table rates the quality of studies or of evidence."""
    n_quality = sum("quality" in names for names in roles)
    others = [number for number, names in enumerate(roles, start=1) if not _KEY_ROLES & set(names)]
    if n_quality >= _MIN_QUALITY_COLUMNS and 2 * n_quality >= len(others):
        return True
    caption = table.caption.value if table.caption else ""
    is_named = n_quality > 0 or _find_words("cells_caption", caption)
    return is_named and rows_are_studies and bool(others) and _holds_ratings(grid, others)


def _holds_ratings(grid: _Grid, columns: Sequence[int], *, allows_numbers: bool = True) -> bool:
    ratings = reading_words("cells_quality")
    cells = [grid.body[row, column][0] for row in grid.rows for column in columns if (row, column) in grid.body]
    n_ratings = sum(
        text.casefold() in ratings or (allows_numbers and _SCORE.fullmatch(text) is not None) for text in cells
    )
    return len(columns) >= _MIN_QUALITY_COLUMNS and bool(cells) and n_ratings >= 0.7 * len(cells)


def _quality_role(names: Sequence[str]) -> tuple[str, ...]:
    keys = tuple(name for name in names if name in _KEY_ROLES)
    return keys or ("quality",)


# Transposed tables


def _read_transposed(table: Table, grid: _Grid, citations: CellCitations) -> TableReading | None:
    """The reading of a table whose columns are studies and whose first column names what is reported; or None."""
    label_row = _find_label_row(table, citations)
    if label_row is None:
        return None
    rows = [row for row in grid.rows if row > label_row]
    headers = [read_header([grid.body.get((row, 1), ("", 0))[0]]) for row in rows]
    roles = [list(header.roles) for header in headers]
    lines = [_row(grid, row) for row in rows]
    n_quality = sum("quality" in names for names in roles)
    is_rated = _holds_ratings(grid, range(2, grid.n_columns + 1), allows_numbers=False)
    kind: TableKind
    if is_rated or (n_quality >= _MIN_QUALITY_COLUMNS and 2 * n_quality >= len(rows)):
        kind, roles = "quality", [["quality"] for _ in rows]
    elif _count_sure(roles, headers) > 1 and _has_role(roles, *_FINDINGS):
        kind = "evidence"
        _resolve_ambiguous_roles(roles, lines)
    else:
        return None
    row_roles = {row: tuple(names) for row, names in zip(rows, roles, strict=True)}
    return TableReading(kind, ((),) * grid.n_columns, {**row_roles, label_row: ("study",)})


def _find_label_row(table: Table, citations: CellCitations) -> int | None:
    """The last header row, or without one the first row, if it names a study in most columns after the first."""
    label_row = max(count_header_rows(table) - 1, 0)
    cells = [
        (cell, citations.get((row_index, cell_index), ()))
        for row_index, cell_index, column, cell in iterate_cells(table)
        if row_index == label_row and column > 1 and cell.text.value
    ]
    n_studies = sum(
        is_study_label(_strip_citations(cell, cited))
        or 0 < len({number for citation in cited for number in citation.ref_nos}) <= _MAX_CITED
        for cell, cited in cells
    )
    return label_row if n_studies >= max(_MIN_STUDY_COLUMNS, _MIN_SHARE_OF_STUDIES * len(cells)) else None
