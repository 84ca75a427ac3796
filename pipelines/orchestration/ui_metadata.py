"""Render the metadata that the UI shows of a stored frame: row count, NULLs, first rows, chart and column lineage.

Whether a frame is valid is decided in `pipelines.tables.validation` and `pipelines.checks`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

from pipelines.analysis import charts
from pipelines.orchestration.frame_files import WrittenFrame
from schemas.tables import SPECS

MAX_CELL_LENGTH = 60


def materialization_metadata(name: str, written: WrittenFrame, *, with_chart: bool) -> dict[str, Any]:
    """Return the metadata of a materialisation of the asset `name`; the chart only if it has one and has rows."""
    metadata: dict[str, Any] = {
        "dagster/row_count": written.n_rows,
        "preview": dg.MetadataValue.md(render_markdown_table(written.head)),
        "nulls": dg.MetadataValue.md(render_null_shares(written.n_nulls, written.n_rows)),
    }
    lineage = column_lineage(name)
    if lineage:
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(lineage)
    if with_chart and written.n_rows and name in charts.CHARTS:
        png = base64.b64encode(charts.render_png(name, pl.read_parquet(written.path))).decode()
        metadata["chart"] = dg.MetadataValue.md(f"![{name}](data:image/png;base64,{png})")
    return metadata


def render_markdown_table(frame: pl.DataFrame) -> str:
    """Render a frame as a Markdown table. Long values are truncated; NULL is an empty cell."""
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + " --- |" * frame.width]
    lines += ["| " + " | ".join(_render_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines)


def render_null_shares(n_nulls: Mapping[str, int], n_rows: int) -> str:
    """Render the number and share of NULLs for each column that has any."""
    if not n_rows:
        return "The table is empty."
    shares = [(name, n, f"{n / n_rows:.0%}") for name, n in n_nulls.items() if n]
    if not shares:
        return "No column contains NULL."
    return render_markdown_table(pl.DataFrame(shares, schema=["column", "NULLs", "share"], orient="row"))


def column_lineage(name: str) -> Mapping[str, list[dg.TableColumnDep]]:
    """Return the input columns that each column of a curated or analysis table derives from; empty for other tables."""
    column_sources = SPECS[name].column_sources if name in SPECS else {}
    return {
        column: [dg.TableColumnDep(asset_key=dg.AssetKey(table), column_name=source) for table, source in sources]
        for column, sources in column_sources.items()
    }


def _render_cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    if len(text) > MAX_CELL_LENGTH:
        text = text[: MAX_CELL_LENGTH - 1] + "…"
    return "".join(f"\\{letter}" if letter in "|*_`[]<>\\^~" else letter for letter in text)
