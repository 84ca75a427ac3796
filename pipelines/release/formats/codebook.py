"""The codebook: a description of every published column and code, as tables, as Markdown and as HTML.

Descriptions are rendered from the table models; missing values, examples and codes are counted in the frames of the
release. The pages are rendered from `release/templates`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.release.page_templates import render_page
from pipelines.release.views import DEFINITIONS, Macro
from schemas.tables.base import Column, Spec

EXAMPLE_CHARS = 60

LAYERS: Mapping[str, tuple[str, str]] = {
    "extracted": ("As printed", "What the sources print, with the place of each row in the source."),
    "curated": ("Coded", "Studies, claims and codes, each with the words that it rests on and their place."),
    "linked": ("Linked", "What the reviews of the corpus share: works, and the overlap of reviews."),
    "analysis": ("Summarised", "Counts over the other tables."),
    "vocabulary": ("Vocabularies", "The concepts and journals that codes refer to."),
    "meta": ("About the release", "The build, its checks, and these descriptions as tables."),
}
"""Heading and description of each layer, in the order of the page."""

START_HERE = (
    "A reference is a row of bib_references, and v_references adds its label, design and use. A place where it is "
    "cited is a row of citation_mentions. What studies report is in studies and claims, as text in v_studies_wide and "
    "v_claims. What several reviews share is in works (v_works). Tables of reviews begin with review_id; columns of "
    "the same name join. start_char and end_char cut the words of a row out of the source. NULL means that the source "
    "does not say, not_stated that nothing was found where a code is required. Codes of closed lists are defined "
    "below and in the table codes, concepts of schemes in the table concepts."
)


def build_codebook_frame(tables: Mapping[str, Spec]) -> pl.DataFrame:
    """The table `codebook`: one row per column of a published table; key (table_name, column_name)."""
    rows = []
    for table in tables.values():
        # Only the last column of a composite key names the row; the others say which review or table it belongs to.
        targets = {key.columns[-1]: key.table for key in table.foreign_keys}
        rows += [
            {
                "table_name": table.name,
                "column_name": column.name,
                "position": position,
                "column_type": column.sql_type,
                "description": column.description,
                "unit": column.unit,
                "vocabulary": column.vocabulary,
                "is_nullable": column.nullable,
                "is_key": column.name in table.key,
                "references_table": targets.get(column.name),
            }
            for position, column in enumerate(table.columns, start=1)
        ]
    return pl.DataFrame(rows, schema=tables["codebook"].polars_schema)


def build_codes_frame(tables: Mapping[str, Spec]) -> pl.DataFrame:
    """The table `codes`: one row per code of a closed list and column that may hold it."""
    rows = [
        {"table_name": table.name, "column_name": column.name, "code": code, "position": position, "meaning": meaning}
        for table in tables.values()
        for column in table.columns
        for position, (code, meaning) in enumerate(column.codes.items(), start=1)
    ]
    return pl.DataFrame(rows, schema=tables["codes"].polars_schema)


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A summary of the values in a column.

    `missing` is the share of NULLs (None in an empty table), `example` the first value, `codes` the number of rows per
    code, most frequent first.
    """

    missing: float | None
    example: str | None
    codes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A summary of a table; `columns` is keyed by column name."""

    n_rows: int
    columns: Mapping[str, ColumnSummary]


def summarise_table(table: Spec, frame: pl.LazyFrame) -> TableSummary:
    """Count the rows, missing values and codes of a table. Examples are cut to `EXAMPLE_CHARS` characters."""
    names = [column.name for column in table.columns]
    coded = [column.name for column in table.columns if column.vocabulary or column.codes]
    queries = [
        frame.select(pl.len()),
        frame.select(pl.col(names).null_count()),
        frame.select(pl.col(names).drop_nulls().first()),
        *(frame.drop_nulls(name).group_by(name).agg(pl.len()) for name in coded),
    ]
    length, n_nulls, first, *code_counts = pl.collect_all(queries)
    codes = {
        name: tuple(sorted(counts.iter_rows(), key=lambda code_and_count: (-code_and_count[1], code_and_count[0])))
        for name, counts in zip(coded, code_counts, strict=True)
    }
    n_rows = length.item()
    return TableSummary(
        n_rows,
        {
            name: ColumnSummary(
                missing=n_nulls[name].item() / n_rows if n_rows else None,
                example=None if first[name].item() is None else _shorten(str(first[name].item())),
                codes=codes.get(name, ()),
            )
            for name in names
        },
    )


def render_codebook_markdown(tables: Mapping[str, Spec], summaries: Mapping[str, TableSummary], title: str) -> str:
    """Render the codebook as Markdown: by layer, each table with its keys, columns and codes; then the views."""
    return _render("codebook.md.jinja", tables, summaries, title)


def render_codebook_html(tables: Mapping[str, Spec], summaries: Mapping[str, TableSummary], title: str) -> str:
    """Render the same codebook as one self-contained HTML page."""
    return _render("codebook.html.jinja", tables, summaries, title)


def _render(template: str, tables: Mapping[str, Spec], summaries: Mapping[str, TableSummary], title: str) -> str:
    layers = [
        {
            "title": heading,
            "description": description,
            "tables": [
                _describe_table(table, summaries[table.name]) for table in tables.values() if table.layer == layer
            ],
        }
        for layer, (heading, description) in LAYERS.items()
    ]
    views = [
        {"name": view.name, "comment": view.comment, "example": view.example if isinstance(view, Macro) else None}
        for view in sorted(DEFINITIONS, key=lambda view: (isinstance(view, Macro), view.name))
    ]
    return render_page(template, title=title, start_here=START_HERE, layers=layers, views=views)


def _describe_table(table: Spec, summary: TableSummary) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": table.description,
        "rows": "1 row" if summary.n_rows == 1 else f"{summary.n_rows:,} rows",
        "key": table.key,
        "foreign_keys": table.foreign_keys,
        "columns": [_describe_column(column, summary.columns[column.name]) for column in table.columns],
    }


def _describe_column(column: Column, summary: ColumnSummary) -> dict[str, Any]:
    counts = dict(summary.codes)
    codes = (
        [(code, meaning, f"{counts.get(code, 0):,}") for code, meaning in column.codes.items()]
        if column.codes
        else [(code, "", f"{n:,}") for code, n in summary.codes]
    )
    return {
        "name": column.name,
        "type": column.sql_type,
        "missing": _missing(column, summary),
        "example": summary.example or "",
        "description": column.description,
        "unit": column.unit or "",
        "vocabulary": column.vocabulary or "",
        "codes": codes,
        "has_meanings": bool(column.codes),
    }


def _missing(column: Column, summary: ColumnSummary) -> str:
    if not column.nullable:
        return "never"
    if summary.missing is None:
        return ""
    return "none" if summary.missing == 0 else f"{summary.missing:.1%}" if summary.missing >= 0.0005 else "< 0.1%"


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= EXAMPLE_CHARS else text[: EXAMPLE_CHARS - 1] + "…"
