"""The dictionary of all published columns: as a table, and to read as Markdown and HTML, rendered from the models.

What is counted (missing values, examples, codes) is counted in the frames of the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import polars as pl

from schemas.tables.base import Column, ForeignKey, Spec

EXAMPLE_CHARS = 60


def codebook_frame(tables: Mapping[str, Spec]) -> pl.DataFrame:
    """One row is a column of a published table; key (table_name, column_name)."""
    rows = []
    for table in tables.values():
        targets = {name: key.table for key in table.foreign_keys for name in key.columns[-1:]}
        for ordinal, column in enumerate(table.columns, start=1):
            rows.append(
                (
                    table.name,
                    column.name,
                    ordinal,
                    column.sql_type,
                    column.description,
                    column.unit,
                    column.vocabulary,
                    column.nullable,
                    column.name in table.key,
                    targets.get(column.name),
                )
            )
    return pl.DataFrame(rows, schema=tables["codebook"].polars_schema, orient="row")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a column holds: its share of NULLs (None in an empty table), an example, and the counts of its codes."""

    missing: float | None
    example: str | None
    codes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What a table holds: its rows, and the facts of each column, by name."""

    n_rows: int
    columns: Mapping[str, Facts]


def facts(table: Spec, frame: pl.LazyFrame) -> TableFacts:
    """The facts of a table. A column's example is its first value, cut to `EXAMPLE_CHARS`."""
    names = [column.name for column in table.columns]
    coded = [
        column.name
        for column in table.columns
        if column.vocabulary or any(check == "isin" for check, _ in column.checks)
    ]
    asked = [
        frame.select(pl.len().alias("")),
        frame.select(pl.col(names).null_count()),
        frame.select(pl.col(names).drop_nulls().first()),
        *(frame.drop_nulls(name).group_by(name).agg(pl.len()) for name in coded),
    ]
    n_rows, n_nulls, first, *counts = pl.collect_all(asked)
    codes = {
        name: tuple(sorted(counted.iter_rows(), key=lambda row: (-row[1], row[0])))
        for name, counted in zip(coded, counts, strict=True)
    }
    height = n_rows.item()
    return TableFacts(
        height,
        {
            name: Facts(
                missing=n_nulls[name].item() / height if height else None,
                example=None if first[name].item() is None else _short(str(first[name].item())),
                codes=codes.get(name, ()),
            )
            for name in names
        },
    )


def codebook_markdown(tables: Mapping[str, Spec], known: Mapping[str, TableFacts]) -> str:
    """The codebook to read: each table with its grain, key and rows, a line a column, and the counts of codes."""
    lines = ["# Codebook", ""]
    for table in tables.values():
        found_in = known[table.name]
        lines += [f"## {table.name}", "", f"One row is {table.grain}. {_rows(found_in.n_rows)}.", ""]
        lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}.", ""]
        lines += [f"{_names(key)} → `{key.table}`.\n" for key in table.foreign_keys]
        lines += [
            "| column | type | missing | example | description | unit | vocabulary |",
            "| --- | --- | ---: | --- | --- | --- | --- |",
        ]
        described = [(column, found_in.columns[column.name]) for column in table.columns]
        for column, found in described:
            cells = (
                f"`{column.name}`",
                column.sql_type,
                _missing(column, found),
                _cell(found.example or ""),
                _cell(column.description),
                column.unit or "",
                column.vocabulary or "",
            )
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
        for column, found in described:
            if found.codes:
                counts = ", ".join(f"`{code}` {n:,}" for code, n in found.codes)
                lines += [f"Codes of `{column.name}`: {counts}.", ""]
    return "\n".join(lines)


def codebook_html(tables: Mapping[str, Spec], known: Mapping[str, TableFacts], title: str) -> str:
    """The same as one page of HTML that needs nothing else."""
    body = [f"<h1>Codebook</h1><p>{escape(title)}</p>", "<nav><ul>"]
    body += [f'<li><a href="#{name}">{name}</a></li>' for name in tables]
    body.append("</ul></nav>")
    for table in tables.values():
        found_in = known[table.name]
        body.append(f'<section id="{table.name}"><h2>{table.name}</h2>')
        body.append(f"<p>One row is {escape(table.grain)}. {_rows(found_in.n_rows)}.</p>")
        body.append(f"<p>Key: {', '.join(f'<code>{name}</code>' for name in table.key)}.</p>")
        for key in table.foreign_keys:
            names = ", ".join(f"<code>{name}</code>" for name in key.columns)
            body.append(f'<p>{names} → <a href="#{key.table}">{key.table}</a>.</p>')
        head = ("column", "type", "missing", "example", "description", "unit", "vocabulary")
        cells = "".join(f'<th scope="col">{name}</th>' for name in head)
        body.append(f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>')
        described = [(column, found_in.columns[column.name]) for column in table.columns]
        for column, found in described:
            cells = "".join(
                f"<td>{escape(text)}</td>"
                for text in (
                    column.sql_type,
                    _missing(column, found),
                    found.example or "",
                    column.description,
                    column.unit or "",
                    column.vocabulary or "",
                )
            )
            body.append(f'<tr><th scope="row"><code>{column.name}</code></th>{cells}</tr>')
        body.append("</tbody></table></div>")
        for column, found in described:
            if found.codes:
                counts = ", ".join(f"<code>{escape(code)}</code> {n:,}" for code, n in found.codes)
                body.append(f"<p>Codes of <code>{column.name}</code>: {counts}.</p>")
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


def _names(key: ForeignKey) -> str:
    return ", ".join(f"`{name}`" for name in key.columns)


def _rows(n_rows: int) -> str:
    return "1 row" if n_rows == 1 else f"{n_rows:,} rows"


def _missing(column: Column, found: Facts) -> str:
    if not column.nullable:
        return "never"
    return "" if found.missing is None else f"{found.missing:.1%}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= EXAMPLE_CHARS else text[: EXAMPLE_CHARS - 1] + "…"


def _cell(text: str) -> str:
    """Text for a cell of a Markdown table: what would end the cell or begin markup is escaped."""
    return "".join(f"\\{letter}" if letter in "|\\`*_<[" else letter for letter in text)
