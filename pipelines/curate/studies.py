"""Builds `studies`, `study_fields` and `study_references` from the evidence tables of a review.

A study takes one row of a printed table, or several if the following rows do not name another study; in a transposed
table it takes a column. `find_study_cells` lays this out once; the three tables are read from its result. The contents
of cells are coded elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.curate.source_offsets import ROW_KEY
from pipelines.extract.study_labels import find_years, is_study_label, parse_study_label
from pipelines.extract.table_roles import KEY_ROLES
from pipelines.tables.table_frames import shape_table
from schemas.tables import SPECS
from schemas.tables.code_lists import FIELD_ROLES

TABLE_KEY = ["review_id", "table_no"]
CELL_KEY = [*TABLE_KEY, "printed_row_no", "column_no"]

_COPIED = ("review_id", "table_no", "column_no", "column_name", "text", "text_raw", "start_char", "end_char")

STUDY_CELLS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "review_id": pl.String,
    "table_no": pl.Int32,
    "row_no": pl.Int32,
    "printed_row_no": pl.Int32,
    "column_no": pl.Int32,
    "role": pl.String,
    "column_name": pl.String,
    "group_label": pl.String,
    "text": pl.String,
    "text_raw": pl.String,
    "start_char": pl.Int32,
    "end_char": pl.Int32,
}


@dataclass(frozen=True, slots=True)
class _PlacedCell:
    """A filled cell: `line` and `position` are row and column, or column and row in a transposed table."""

    line: int
    position: int
    n_lines: int
    n_positions: int
    roles: tuple[str, ...]
    row: Mapping[str, Any]


@dataclass(slots=True)
class _Line:
    """A printed line of a table: the cells printed in it and those from earlier lines that reach into it."""

    number: int
    own: list[_PlacedCell] = field(default_factory=list)
    covering: list[_PlacedCell] = field(default_factory=list)


def find_study_cells(
    source_tables: pl.DataFrame,
    table_cells: pl.DataFrame,
    column_roles: pl.DataFrame,
    citation_markers: pl.DataFrame,
) -> pl.DataFrame:
    """One row per study, cell that reports it and role of the cell; columns `STUDY_CELLS_SCHEMA`.

    `row_no` is the study: the row that names it, or its column in a transposed table. `printed_row_no` and `column_no`
    are the place of the cell. Cells without a role have role `other`. A heading within the table is the `group_label`
    of the studies below it.
    """
    tables = source_tables.filter(pl.col("kind") == "evidence").select(
        *TABLE_KEY, "n_columns", "n_rows", "is_transposed"
    )
    cells = table_cells.join(tables, on=TABLE_KEY).filter(
        pl.col("text_raw").is_not_null() & (~pl.col("is_header") | pl.col("is_transposed"))
    )
    cited = set(
        citation_markers.filter(pl.col("context") == "table")
        .drop_nulls("column_no")
        .select(*ROW_KEY, "column_no")
        .iter_rows()
    )
    roles: dict[tuple[Any, ...], tuple[str, ...]] = {
        (review_id, table_no, column_no): tuple(names)
        for review_id, table_no, column_no, names in column_roles.sort(*TABLE_KEY, "column_no", "position")
        .group_by(*TABLE_KEY, "column_no", maintain_order=True)
        .agg("role")
        .iter_rows()
    }
    rows: list[dict[str, Any]] = []
    for _, table in cells.sort(*ROW_KEY, "column_no").group_by(TABLE_KEY, maintain_order=True):
        rows.extend(_read_table(list(table.iter_rows(named=True)), roles, cited))
    return pl.DataFrame(rows, schema=STUDY_CELLS_SCHEMA)


def _read_table(
    cells: Sequence[Mapping[str, Any]],
    roles: Mapping[tuple[Any, ...], tuple[str, ...]],
    cited: set[tuple[Any, ...]],
) -> Iterator[dict[str, Any]]:
    """The rows of `find_study_cells` of one table, whose filled cells are given in the order of rows and columns."""
    lines = _lay_out(cells, roles)
    n_positions = cells[0]["n_rows"] if cells[0]["is_transposed"] else cells[0]["n_columns"]
    has_labels = any("study" in cell.roles for line in lines for cell in line.own)
    group_label: str | None = None
    study_no: int | None = None
    for line in lines:
        if _is_heading(line, n_positions):
            heading = line.own[0].row
            group_label = heading["text"] or heading["text_raw"]
            names_study = is_study_label(heading["text_raw"]) or _cell_key(heading) in cited
            # A heading may name the study that the rows below it report.
            study_no = line.number if names_study and not has_labels else None
            continue
        if any(KEY_ROLES.intersection(cell.roles) for cell in line.own):
            study_no = line.number
        elif study_no is None:
            continue
        reporting = [*line.covering, *line.own] if study_no == line.number else line.own
        if len(reporting) < 2 and study_no == line.number:
            study_no = None
            continue
        for cell in sorted(reporting, key=lambda cell: cell.position):
            for role in cell.roles or ("other",):
                yield {
                    **{name: cell.row[name] for name in _COPIED},
                    "row_no": study_no,
                    "printed_row_no": cell.row["row_no"],
                    "role": role,
                    "group_label": group_label,
                }


def _lay_out(cells: Sequence[Mapping[str, Any]], roles: Mapping[tuple[Any, ...], tuple[str, ...]]) -> list[_Line]:
    """The lines of a table in order; the first column of a transposed table, which names its rows, is left out."""
    lines: dict[int, _Line] = {}
    placed = []
    own_roles: tuple[str, ...]
    for cell in cells:
        if cell["is_transposed"]:
            if cell["column_no"] == 1:
                continue
            own_roles = () if cell["role"] == "other" else (cell["role"],)
            item = _PlacedCell(
                cell["column_no"], cell["row_no"], cell["column_span"], cell["row_span"], own_roles, cell
            )
        else:
            own_roles = roles.get((cell["review_id"], cell["table_no"], cell["column_no"]), ())
            item = _PlacedCell(
                cell["row_no"], cell["column_no"], cell["row_span"], cell["column_span"], own_roles, cell
            )
        placed.append(item)
        lines.setdefault(item.line, _Line(item.line)).own.append(item)
    for item in placed:
        if item.n_lines > 1:
            for number in range(item.line + 1, item.line + item.n_lines):
                if number in lines:
                    lines[number].covering.append(item)
    return [lines[number] for number in sorted(lines)]


def _is_heading(line: _Line, n_positions: int) -> bool:
    """Whether a line only holds a heading: one cell over most of the table, or one in its first column."""
    if len(line.own) != 1 or line.covering:
        return False
    (cell,) = line.own
    return 2 * cell.n_positions > n_positions or cell.position == 1


def _cell_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["review_id"], row["table_no"], row["row_no"], row["column_no"]


def studies(
    study_cells: pl.DataFrame,
    study_references: pl.DataFrame,
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row per study in an evidence table; key (review_id, table_no, row_no).

    Takes `find_study_cells` and `study_references`. If several cells of a study have the same role, the first one
    counts. `ref_no` is the only reference of the study; NULL if it has none or several.
    """
    rows = (
        study_cells.sort(*ROW_KEY, "printed_row_no", "column_no")
        .group_by(ROW_KEY, maintain_order=True)
        .agg(
            pl.col("start_char").min(),
            pl.col("end_char").max(),
            pl.col("group_label").first(),
            *(
                pl.col(column).filter(pl.col("role") == role).first().alias(f"{role}_{column}")
                for role in ("study", "reference", "year", "intervention", "result", "outcome_name")
                for column in ("text", "text_raw", "start_char", "end_char")
            ),
        )
        .with_columns(
            _first_words("study_text", "study_text_raw", "reference_text").alias("study_label"),
            *(
                pl.when(pl.col("result_text_raw").is_not_null())
                .then(f"result_{column}")
                .otherwise(f"outcome_name_{column}")
                .alias(f"outcome_{column}")
                for column in ("text_raw", "start_char", "end_char")
            ),
        )
    )
    labels = [parse_study_label(label or "") for label in rows["study_label"]]
    years = [find_years(text or "") for text in rows["year_text"]]
    labelled = rows.with_columns(
        pl.Series("first_author", [author for author, _ in labels], pl.String),
        pl.Series(
            "year",
            [
                year or (printed[0] if len(printed) == 1 else None)
                for (_, year), printed in zip(labels, years, strict=True)
            ],
            pl.Int32,
        ),
    )
    ref_nos = pl.col("ref_no").unique()
    single = study_references.group_by(ROW_KEY).agg(pl.when(ref_nos.len() == 1).then(pl.col("ref_no").first()))
    return shape_table(
        labelled.join(single, on=ROW_KEY, how="left", validate="1:1")
        .join(_reference_labels(bib_references, reference_authors), on=["review_id", "ref_no"], how="left")
        .with_columns(
            (
                (_fold_letters("first_author") == _fold_letters("ref_surname")) & (pl.col("year") == pl.col("ref_year"))
            ).alias("label_matches_reference"),
            pl.col("intervention_text_raw").alias("method"),
            pl.col("intervention_start_char").alias("method_start_char"),
            pl.col("intervention_end_char").alias("method_end_char"),
            pl.col("outcome_text_raw").alias("outcome"),
        ),
        SPECS["studies"],
    )


def study_fields(study_cells: pl.DataFrame) -> pl.DataFrame:
    """One row per study, role and cell with the role; key (review_id, table_no, row_no, role, part_no)."""
    key = [*ROW_KEY, "role"]
    fields = (
        study_cells.with_columns(pl.col("role").replace("study", "reference"), pl.col("text_raw").alias("text"))
        .filter(pl.col("role").is_in(FIELD_ROLES))
        .sort(*key, "printed_row_no", "column_no")
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(key).alias("part_no"))
    )
    return shape_table(fields, SPECS["study_fields"])


def study_references(
    study_cells: pl.DataFrame,
    citation_markers: pl.DataFrame,
    citation_mentions: pl.DataFrame,
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row per study and reference that it is reported in; key (review_id, table_no, row_no, ref_no).

    These are the references cited in the cells that name or cite the study, else in any of its cells. A study that
    cites none has the reference with the author and year of its label, if the list has exactly one.
    """
    cells = study_cells.group_by(*ROW_KEY, *CELL_KEY[2:], maintain_order=True).agg(
        pl.col("role").is_in(list(KEY_ROLES)).any().alias("is_key"), pl.col("text_raw").first()
    )
    markers = citation_markers.filter(pl.col("context") == "table").select(
        *TABLE_KEY, "marker_id", "column_no", pl.col("row_no").alias("printed_row_no")
    )
    mentions = cells.join(markers, on=CELL_KEY).join(citation_mentions, on=["review_id", "marker_id"])
    in_keys = mentions.filter("is_key").with_columns(pl.lit("cited_in_key_cell").alias("rule_id"))
    in_rows = mentions.join(in_keys, on=ROW_KEY, how="anti").with_columns(pl.lit("cited_in_row").alias("rule_id"))
    cited = pl.concat([in_keys, in_rows]).select(*ROW_KEY, "ref_no", "is_from_range", "rule_id")
    uncited = cells.filter("is_key").join(cited, on=ROW_KEY, how="anti")
    matched = _match_labels(uncited, bib_references, reference_authors)
    one_each = (
        pl.concat([cited, matched])
        .group_by(*ROW_KEY, "ref_no")
        .agg(pl.col("is_from_range").all(), pl.col("rule_id").first())
    )
    return shape_table(one_each, SPECS["study_references"])


def _match_labels(
    key_cells: pl.DataFrame, bib_references: pl.DataFrame, reference_authors: pl.DataFrame
) -> pl.DataFrame:
    """The references that uncited labels name by author and year: `ROW_KEY`, ref_no, is_from_range, rule_id."""
    rows = [
        {**{name: cell[name] for name in ROW_KEY}, "first_author": author, "year": year}
        for cell in key_cells.iter_rows(named=True)
        if is_study_label(cell["text_raw"])
        for author, _ in [parse_study_label(cell["text_raw"])]
        for year in find_years(cell["text_raw"])
    ]
    labels = pl.DataFrame(
        rows,
        schema={**{name: STUDY_CELLS_SCHEMA[name] for name in ROW_KEY}, "first_author": pl.String, "year": pl.Int32},
    )
    named = _reference_labels(bib_references, reference_authors).with_columns(
        _fold_letters("ref_surname").alias("name")
    )
    unique = named.filter(pl.len().over("review_id", "name", "ref_year") == 1)
    return (
        labels.with_columns(_fold_letters("first_author").alias("name"))
        .join(unique, left_on=["review_id", "name", "year"], right_on=["review_id", "name", "ref_year"])
        .select(
            *ROW_KEY, "ref_no", pl.lit(value=False).alias("is_from_range"), pl.lit("label_matches").alias("rule_id")
        )
    )


def _reference_labels(bib_references: pl.DataFrame, reference_authors: pl.DataFrame) -> pl.DataFrame:
    """review_id, ref_no, ref_year and ref_surname (of the first author) of each reference."""
    first_authors = reference_authors.filter(pl.col("position") == 1).select(
        "review_id", "ref_no", pl.col("surname").alias("ref_surname")
    )
    return bib_references.select("review_id", "ref_no", pl.col("year").alias("ref_year")).join(
        first_authors, on=["review_id", "ref_no"], how="left"
    )


def _first_words(*columns: str) -> pl.Expr:
    """The first of the columns that contains a letter."""
    return pl.coalesce(pl.when(pl.col(column).str.contains(r"\p{L}")).then(column) for column in columns)


def _fold_letters(column: str) -> pl.Expr:
    """The letters of a column without case and diacritics."""
    return (
        pl.col(column)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"[^\p{L}]", "")
        .str.to_lowercase()
    )
