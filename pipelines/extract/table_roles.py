"""Decides what a printed table is (evidence, study quality, options, other) and gives its columns their roles.

A table is an evidence table if its rows are studies and its columns report them. Both are read from headers and cells:
headers are read in `column_headers`; a column without a telling header gets its role from its cells. In a transposed
table the studies are columns, and the rows have roles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.document import Table
from pipelines.extract.cell_contents import (
    TELLING_CONTENTS,
    CellTest,
    describes_participants,
    has_a_word,
    has_words,
    is_rating,
    is_result,
    is_score,
    share_of,
)
from pipelines.extract.column_headers import NOTHING, HeaderRoles, read_header
from pipelines.extract.study_labels import is_study_label
from pipelines.extract.table_grid import count_header_rows, iterate_cells
from pipelines.extract.table_sample import (
    CellCitations,
    SampledCell,
    TableSample,
    collect_headers,
    sample_cell,
    sample_table,
)

TableKind = Literal["evidence", "quality", "options", "other"]

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
KEY_ROLES = frozenset(("study", "reference"))
"""The roles of cells that name or cite the study."""

_POINTS = frozenset(("advantages", "disadvantages"))
_MAX_CITED = 3
_MIN_SHARE_OF_STUDIES = 0.6
_MIN_SHARE_IN_SURE_TABLE = 0.25
_MIN_SHARE_OF_KEYED_ROWS = 0.2
_MIN_QUALITY_COLUMNS = 3
_MIN_SHARE_OF_RATINGS = 0.7
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


def read_header_roles(tables: Sequence[Table]) -> list[list[HeaderRoles]]:
    """The roles that the headers of each table name, by column.

    A table without any header continues the previous one if both have as many columns.
    """
    roles: list[list[HeaderRoles]] = []
    for table in tables:
        headers = collect_headers(table)
        own = [read_header(levels) for levels in headers]
        is_bare = not any(levels for levels in headers)
        roles.append(list(roles[-1]) if is_bare and roles and len(roles[-1]) == len(own) else own)
    return roles


def read_table(table: Table, header_roles: Sequence[HeaderRoles], citations: CellCitations) -> TableReading:
    """The kind of a table and the roles of its columns. `header_roles` is one item of `read_header_roles`."""
    sample = sample_table(table, len(header_roles), citations)
    columns = [sample.column(number) for number in range(1, sample.n_columns + 1)]
    roles = [list(header.roles) for header in header_roles]
    if not _POINTS.isdisjoint(_sure_roles(roles, header_roles)) and not _has_role(roles, "study"):
        return TableReading("options" if _assign_options(roles) else "other", _freeze_options(roles))
    if _has_role(roles, "option") and not _has_role(roles, "intervention", "method"):
        _replace(roles, "option", "method")
    _find_key_columns(roles, columns)
    rows_are_studies = _rows_are_studies(sample, roles, header_roles)
    if _is_quality_table(table, sample, roles, rows_are_studies):
        return TableReading("quality", tuple(_quality_role(names) for names in roles))
    if rows_are_studies:
        _assign_roles_by_cells(roles, columns)
        if _reports_studies(roles, header_roles):
            _resolve_ambiguous_roles(roles, columns)
            return TableReading("evidence", tuple(tuple(dict.fromkeys(names)) for names in roles))
    elif (transposed := _read_transposed(table, sample, citations)) is not None:
        return transposed
    return TableReading("other", tuple(tuple(name for name in names if name in KEY_ROLES) for names in roles))


def _share(line: Sequence[SampledCell], test: CellTest) -> float:
    return share_of([cell.text for cell in line], test)


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


def _find_key_columns(roles: list[list[str]], columns: Sequence[Sequence[SampledCell]]) -> None:
    """Find the columns that name or cite the studies, if headers do not tell or tell too little."""
    references = [number for number, names in enumerate(roles) if names == ["reference"]]
    if not _has_role(roles, "study"):
        for number in references:
            if _share(columns[number], is_study_label) > 0.5:
                roles[number][:] = ["study"]
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
            n_bare = sum(not cell.text and cell.n_cited > 0 for cell in line)
            if not names and n_bare and n_bare >= _MIN_SHARE_OF_STUDIES * len(line):
                roles[number][:] = ["reference"]
                return


def _rows_are_studies(sample: TableSample, roles: Sequence[Sequence[str]], headers: Sequence[HeaderRoles]) -> bool:
    """Whether most rows name a study or cite one to three works in the columns that do so.

    The rows of a column with the header `Study` may do so in any column; beside two columns that surely report
    studies, some rows that do are enough, because trials have names that no rule recognises (`SPORT`).
    """
    is_headed = any("study" in header.roles for header in headers)
    is_sure = is_headed and _count_sure(roles, headers) > 1
    min_share = _MIN_SHARE_IN_SURE_TABLE if is_sure else _MIN_SHARE_OF_STUDIES
    keys = [number for number, names in enumerate(roles, start=1) if KEY_ROLES & set(names)]
    n_keyed = n_studies = n_filled = 0
    for row in sample.rows:
        cells = sample.row(row)
        key_cells = [cells[number] for number in keys if number in cells]
        n_filled += len(cells) > 1
        if key_cells:
            n_keyed += 1
            citing = cells.values() if is_headed else key_cells
            n_studies += any(0 < cell.n_cited <= _MAX_CITED for cell in citing) or any(
                is_study_label(cell.text) for cell in key_cells
            )
    return n_keyed > 0 and n_studies >= min_share * n_keyed and n_keyed >= _MIN_SHARE_OF_KEYED_ROWS * n_filled


def _reports_studies(roles: Sequence[Sequence[str]], headers: Sequence[HeaderRoles]) -> bool:
    """Whether columns report what studies did or found, in a table that is not a list of plants, genes or drugs."""
    if not _has_role(roles, *_FINDINGS):
        return False
    key = next(number for number, names in enumerate(roles) if KEY_ROLES & set(names))
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


def _resolve_ambiguous_roles(roles: list[list[str]], columns: Sequence[Sequence[SampledCell]]) -> None:
    """Replace the roles that only the other columns or the cells can tell."""
    for names, line in zip(roles, columns, strict=True):
        if names == ["intervention"] and _share(line, has_a_word) < 0.2:
            names.clear()  # Ticks that say which kind of intervention it was.
    for names, line in zip(roles, columns, strict=True):
        if "outcome" in names:
            is_name = _has_role(roles, "result") and _share(line, is_result) < 0.5
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
        if _share(line, has_words("assay")) >= 0.3:
            names.pop(index)
        elif _share(line, has_words("design")) >= 0.3:
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


def _find_described_interventions(roles: list[list[str]], columns: Sequence[Sequence[SampledCell]]) -> None:
    """Without a column of their own, interventions are described in long texts about design or participants."""
    for names, line in zip(roles, columns, strict=True):
        is_long = 2 * sum(len(cell.text) >= _MIN_DESCRIPTION for cell in line) > len(line)
        if names and is_long and set(names) <= {"design", "population"}:
            if "population" not in names and _share(line, describes_participants) >= 0.5:
                names.append("population")
            names.append("intervention")


# Roles by cells


def _assign_roles_by_cells(roles: list[list[str]], columns: Sequence[Sequence[SampledCell]]) -> None:
    """Give a role to columns whose header names none, if most of their cells have telling contents."""
    for names, line in zip(roles, columns, strict=True):
        if names or len(line) < 2:
            continue
        for role, test, share in TELLING_CONTENTS:
            if _share(line, test) >= share:
                names.append(role)
                break


# Study quality


def _is_quality_table(
    table: Table, sample: TableSample, roles: Sequence[Sequence[str]], rows_are_studies: bool
) -> bool:
    """Whether a table rates the quality of studies or of evidence."""
    others = [number for number, names in enumerate(roles, start=1) if not KEY_ROLES & set(names)]
    if _names_quality(roles, len(others)):
        return True
    caption = table.caption.value if table.caption else ""
    is_named = _has_role(roles, "quality") or has_words("caption")(caption)
    return is_named and rows_are_studies and bool(others) and _holds_ratings(sample, others)


def _names_quality(roles: Sequence[Sequence[str]], n_lines: int) -> bool:
    """Whether the headers of at least half of the `n_lines` columns or rows name a rating of quality."""
    n_quality = sum("quality" in names for names in roles)
    return n_quality >= _MIN_QUALITY_COLUMNS and 2 * n_quality >= n_lines


def _holds_ratings(sample: TableSample, columns: Sequence[int], *, allows_scores: bool = True) -> bool:
    cells = [cell.text for column_no in columns for cell in sample.column(column_no)]
    n_ratings = sum(is_rating(text) or (allows_scores and is_score(text)) for text in cells)
    return len(columns) >= _MIN_QUALITY_COLUMNS and bool(cells) and n_ratings >= _MIN_SHARE_OF_RATINGS * len(cells)


def _quality_role(names: Sequence[str]) -> tuple[str, ...]:
    keys = tuple(name for name in names if name in KEY_ROLES)
    return keys or ("quality",)


# Transposed tables


def _read_transposed(table: Table, sample: TableSample, citations: CellCitations) -> TableReading | None:
    """The reading of a table whose columns are studies and whose first column names what is reported; or None."""
    label_row = _find_label_row(table, citations)
    if label_row is None:
        return None
    rows = [row for row in sample.rows if row > label_row]
    headers = [read_header([sample.cells[row, 1].text] if (row, 1) in sample.cells else []) for row in rows]
    roles = [list(header.roles) for header in headers]
    lines = [list(sample.row(row, first_column=2).values()) for row in rows]
    is_rated = _holds_ratings(sample, range(2, sample.n_columns + 1), allows_scores=False)
    kind: TableKind
    if is_rated or _names_quality(roles, len(rows)):
        kind, roles = "quality", [["quality"] for _ in rows]
    elif _count_sure(roles, headers) > 1 and _has_role(roles, *_FINDINGS):
        kind = "evidence"
        _resolve_ambiguous_roles(roles, lines)
    else:
        return None
    row_roles = {row: tuple(dict.fromkeys(names)) for row, names in zip(rows, roles, strict=True)}
    return TableReading(kind, ((),) * sample.n_columns, {**row_roles, label_row: ("study",)})


def _find_label_row(table: Table, citations: CellCitations) -> int | None:
    """The last header row, or without one the first row, if it names a study in most columns after the first."""
    label_row = max(count_header_rows(table) - 1, 0)
    cells = [
        sample_cell(cell, citations.get((row_index, cell_index), ()))
        for row_index, cell_index, column, cell in iterate_cells(table)
        if row_index == label_row and column > 1 and cell.text.value
    ]
    n_studies = sum(is_study_label(cell.text) or 0 < cell.n_cited <= _MAX_CITED for cell in cells)
    return label_row if n_studies >= max(_MIN_STUDY_COLUMNS, _MIN_SHARE_OF_STUDIES * len(cells)) else None
