"""The codebook: a description of every published column, as a table, as Markdown and as HTML.

Descriptions are rendered from the table models; missing values, examples and codes are counted in the frames of the
release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import polars as pl

from schemas.tables.base import Column, ForeignKey, Spec

EXAMPLE_CHARS = 60


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
                "ordinal": ordinal,
                "column_type": column.sql_type,
                "description": column.description,
                "unit": column.unit,
                "vocabulary": column.vocabulary,
                "is_nullable": column.nullable,
                "is_key": column.name in table.key,
                "references_table": targets.get(column.name),
            }
            for ordinal, column in enumerate(table.columns, start=1)
        ]
    return pl.DataFrame(rows, schema=tables["codebook"].polars_schema)


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
    coded = [
        column.name
        for column in table.columns
        if column.vocabulary or any(check == "isin" for check, _ in column.checks)
    ]
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


def render_codebook_markdown(tables: Mapping[str, Spec], summaries: Mapping[str, TableSummary]) -> str:
    """Render the codebook as Markdown: per table its description, keys, columns and counts of codes."""
    lines = ["# Codebook", ""]
    for table in tables.values():
        summary = summaries[table.name]
        lines += [f"## {table.name}", "", f"{table.description} {_count_rows(summary.n_rows)}.", ""]
        lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}.", ""]
        lines += [f"{_join_columns(key)} → `{key.table}`.\n" for key in table.foreign_keys]
        lines += [
            "| column | type | missing | example | description | unit | vocabulary |",
            "| --- | --- | ---: | --- | --- | --- | --- |",
        ]
        for column in table.columns:
            cells = (
                f"`{column.name}`",
                column.sql_type,
                _missing(column, summary.columns[column.name]),
                _escape_cell(summary.columns[column.name].example or ""),
                _escape_cell(column.description),
                column.unit or "",
                column.vocabulary or "",
            )
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
        for name, column_summary in summary.columns.items():
            if column_summary.codes:
                counts = ", ".join(f"`{code}` {n:,}" for code, n in column_summary.codes)
                lines += [f"Codes of `{name}`: {counts}.", ""]
    return "\n".join(lines)


def render_codebook_html(tables: Mapping[str, Spec], summaries: Mapping[str, TableSummary], title: str) -> str:
    """Render the same codebook as one self-contained HTML page."""
    body = [f"<h1>Codebook</h1><p>{escape(title)}</p>", "<nav><ul>"]
    body += [f'<li><a href="#{name}">{name}</a></li>' for name in tables]
    body.append("</ul></nav>")
    for table in tables.values():
        summary = summaries[table.name]
        body.append(f'<section id="{table.name}"><h2>{table.name}</h2>')
        body.append(f"<p>{escape(table.description)} {_count_rows(summary.n_rows)}.</p>")
        body.append(f"<p>Key: {', '.join(f'<code>{name}</code>' for name in table.key)}.</p>")
        for key in table.foreign_keys:
            names = ", ".join(f"<code>{name}</code>" for name in key.columns)
            body.append(f'<p>{names} → <a href="#{key.table}">{key.table}</a>.</p>')
        header = ("column", "type", "missing", "example", "description", "unit", "vocabulary")
        cells = "".join(f'<th scope="col">{name}</th>' for name in header)
        body.append(f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>')
        for column in table.columns:
            values = (
                column.sql_type,
                _missing(column, summary.columns[column.name]),
                summary.columns[column.name].example or "",
                column.description,
                column.unit or "",
                column.vocabulary or "",
            )
            cells = "".join(f"<td>{escape(text)}</td>" for text in values)
            body.append(f'<tr><th scope="row"><code>{column.name}</code></th>{cells}</tr>')
        body.append("</tbody></table></div>")
        for name, column_summary in summary.columns.items():
            if column_summary.codes:
                counts = ", ".join(f"<code>{escape(code)}</code> {n:,}" for code, n in column_summary.codes)
                body.append(f"<p>Codes of <code>{name}</code>: {counts}.</p>")
        body.append("</section>")
    return _PAGE.replace("{body}", "\n".join(body))


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Codebook</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1a1a1a; }
nav ul { columns: 14rem; padding: 0; list-style: none; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
th, td { border-bottom: 1px solid #ddd; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
.wide { overflow-x: auto; }
a { color: #0b57a4; }
</style>
</head>
<body>
{body}
</body>
</html>
"""


def _join_columns(key: ForeignKey) -> str:
    return ", ".join(f"`{name}`" for name in key.columns)


def _count_rows(n_rows: int) -> str:
    return "1 row" if n_rows == 1 else f"{n_rows:,} rows"


def _missing(column: Column, summary: ColumnSummary) -> str:
    if not column.nullable:
        return "never"
    return "" if summary.missing is None else f"{summary.missing:.1%}"


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= EXAMPLE_CHARS else text[: EXAMPLE_CHARS - 1] + "…"


def _escape_cell(text: str) -> str:
    """Escape characters that would end a cell of a Markdown table or begin markup."""
    return "".join(f"\\{char}" if char in "|\\`*_<[" else char for char in text)
