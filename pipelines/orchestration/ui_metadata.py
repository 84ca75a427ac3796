"""Render the metadata that the UI shows of a stored frame: row count, NULLs, first rows, chart and column lineage.

Whether a frame is valid is decided in `pipelines.tables.validation` and `pipelines.checks`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.analysis import charts
from pipelines.orchestration.frame_files import WrittenFrame
from pipelines.release.files import PAGE, PICTURES
from schemas.tables import SPECS

MAX_CELL_LENGTH = 60

CHARTS_OF_RELEASE = ("evidence_gap_map_modality", "evidence_gap_map_general", "references_by_design")
"""Charts of the report that the page of the asset `release` shows, if the release has them."""


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
        metadata["chart"] = _picture(name, charts.render_png(name, pl.read_parquet(written.path)))
    return metadata


def report_metadata(release: Path, *, with_charts: bool) -> dict[str, Any]:
    """Return the metadata of the asset `release` about its report: where the page is, and its first charts."""
    metadata: dict[str, Any] = {"report": dg.MetadataValue.path(str(release / PAGE))}
    if with_charts:
        # Imported late because it takes long.
        import vl_convert

        for name in CHARTS_OF_RELEASE:
            picture = release / PICTURES / f"{name}.svg"
            if picture.is_file():
                png = vl_convert.svg_to_png(picture.read_text(encoding="utf-8"))
                metadata[name.replace("_", " ")] = _picture(name, png)
    return metadata


def _picture(name: str, png: bytes) -> dg.MarkdownMetadataValue:
    return dg.MetadataValue.md(f"![{name}](data:image/png;base64,{base64.b64encode(png).decode()})")


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
