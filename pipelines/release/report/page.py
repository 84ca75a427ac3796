"""Renders `report.html`: one file with its styles, scripts and data, which makes no request.

The data stand in the page as compressed chunks: one per scope, one per review with its text, one per table. The page
unpacks a chunk when it shows it. A large corpus does not fit into a page; what is left out is listed in it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
from markupsafe import Markup

from pipelines.release.description import ReleaseDescription
from pipelines.release.page_templates import render_page
from pipelines.release.report.figures import FIGURES
from pipelines.release.report.queries import Row, fetch_rows
from pipelines.release.report.reading_text import read_review_text
from pipelines.release.report.scopes import ALL_REVIEWS, MAX_ROWS, Scope, with_network
from schemas.tables import SPECS

MAX_SCOPES_BYTES = 4_000_000
"""Largest size of the counts and charts of single reviews in a page."""
MAX_TEXTS_BYTES = 5_500_000
"""Largest size of the texts of reviews in a page."""
MAX_TABLES_BYTES = 1_000_000
"""Largest size of the rows of tables in a page."""

SCRIPTS = (
    "dom.js",
    "data.js",
    "figures.js",
    "overview.js",
    "gap_map.js",
    "effect_directions.js",
    "study_card.js",
    "bibliometrics.js",
    "reader.js",
    "tables.js",
    "changes.js",
    "main.js",
)
"""The scripts of the page, in the order in which they are loaded."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the data, packed: JSON, compressed with gzip, as base64."""

    name: str
    content: str

    @classmethod
    def pack(cls, name: str, value: Any) -> Chunk:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        # Without a time stamp, so that the same data give the same bytes.
        return cls(name, base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())


def render_report(
    connection: duckdb.DuckDBPyConnection,
    release: ReleaseDescription,
    reviews: Sequence[Row],
    concepts: Sequence[Row],
    scopes: dict[str, Scope],
    changes: Row,
) -> str:
    """Render the page.

    `reviews` and `concepts` are the rows of the queries of these names, `scopes` those of `read_scopes`, and `changes`
    is the content of `changes.json`.
    """
    order = sorted(range(len(reviews)), key=lambda place: (-reviews[place]["n_studies"], place))
    scope_chunks = pack_within(
        MAX_SCOPES_BYTES, ((f"scope-{place}", with_network(scopes[reviews[place]["review_id"]])) for place in order)
    )
    text_chunks = []
    if release.is_verbatim:
        texts = ((f"text-{place}", read_review_text(connection, reviews[place]["review_id"])) for place in order)
        text_chunks = pack_within(MAX_TEXTS_BYTES, texts)
    tables = _list_tables(connection)
    table_chunks = _pack_tables(connection, tables)
    chunks = [Chunk.pack("scope-all", with_network(scopes[ALL_REVIEWS])), *scope_chunks, *text_chunks, *table_chunks]
    contents = {
        "release": {"title": release.title, "is_verbatim": release.is_verbatim},
        "reviews": reviews,
        "concepts": concepts,
        "codes": fetch_rows(connection, "SELECT table_name, column_name, code, meaning FROM codes ORDER BY ALL"),
        "tables": tables,
        "figures": {name: asdict(figure) for name, figure in FIGURES.items()},
        "changes": changes,
        "chunks": [chunk.name for chunk in chunks],
    }
    scripts = [bundle_vega(), _isolate_script("\n".join(_read_page_file(name) for name in SCRIPTS))]
    hashes = " ".join(f"'sha256-{_hash_script(script)}'" for script in scripts)
    return render_page(
        "report.html.jinja",
        title=release.title,
        style=Markup(_read_page_file("report.css")),
        scripts=[Markup(script) for script in scripts],
        policy=f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:",
        contents=Chunk.pack("contents", contents).content,
        chunks=[asdict(chunk) for chunk in chunks],
        counts=Counter({row["name"]: row["n"] for row in scopes[ALL_REVIEWS]["counts"]}),
        citation=release.citation,
    )


def pack_within(max_bytes: int, values: Iterator[tuple[str, Any]]) -> list[Chunk]:
    """Pack values until the next one would exceed the size. Those after it are not looked at."""
    chunks, n_bytes = [], 0
    for name, value in values:
        chunk = Chunk.pack(name, value)
        n_bytes += len(chunk.content)
        if n_bytes > max_bytes:
            break
        chunks.append(chunk)
    return chunks


def _list_tables(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    return [
        {
            "name": name,
            "layer": table.layer,
            "description": table.description,
            "n_rows": _count_rows(connection, name),
            "key": list(table.key),
        }
        for name, table in SPECS.items()
    ]


def _pack_tables(connection: duckdb.DuckDBPyConnection, tables: Sequence[Row]) -> list[Chunk]:
    """The rows of the tables, small tables first, as far as they fit."""
    sizes: list[tuple[int, str]] = sorted((table["n_rows"], table["name"]) for table in tables)
    return pack_within(
        MAX_TABLES_BYTES,
        (
            (
                f"table-{name}",
                _columns_and_rows(fetch_rows(connection, f"FROM {name} ORDER BY {', '.join(SPECS[name].key)}")),
            )
            for n_rows, name in sizes
            # A table of this size would not fit; it need not be read to see that.
            if n_rows <= MAX_ROWS
        ),
    )


def _columns_and_rows(rows: Sequence[Row]) -> Row:
    """Rows as lists, because they are many."""
    return {"columns": list(rows[0]) if rows else [], "rows": [list(row.values()) for row in rows]}


def _count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    counted: tuple[int] | None = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return counted[0] if counted else 0


def _read_page_file(name: str) -> str:
    return (files("pipelines.release.report") / "static" / name).read_text(encoding="utf-8")


def _hash_script(script: str) -> str:
    """The hash by which the content security policy of the page knows a script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def bundle_vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script. Making it takes a second."""
    import vl_convert

    script: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # the stub asks for a snippet
    # The end of a script element must not occur in a script.
    return _isolate_script(script.replace("</script", "<\\/script"))


def _isolate_script(script: str) -> str:
    """Keep the names of a script out of those of other scripts."""
    return f"(() => {{\n{script}\n}})();"
