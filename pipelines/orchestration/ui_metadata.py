"""What the UI shows of a frame: its rows, its gaps, its first rows, its chart, and which columns its own come from.

Only renders. Whether a frame is valid is decided by `pipelines.tables.validation` and `pipelines.checks`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

from pipelines.analysis import charts
from pipelines.orchestration.column_sources import DERIVED
from pipelines.orchestration.frame_files import Written

LONGEST_CELL = 60


def shown(name: str, written: Written, *, picture: bool) -> dict[str, Any]:
    """The metadata of a materialisation of `name`."""
    metadata: dict[str, Any] = {
        "dagster/row_count": written.n_rows,
        "preview": dg.MetadataValue.md(markdown_table(written.head)),
        "nulls": dg.MetadataValue.md(null_shares(written.n_nulls, written.n_rows)),
    }
    lineage = column_lineage(name)
    if lineage:
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(lineage)
    if picture and written.n_rows and name in charts.CHARTS:
        png = base64.b64encode(charts.png(name, pl.read_parquet(written.path))).decode()
        metadata["chart"] = dg.MetadataValue.md(f"![{name}](data:image/png;base64,{png})")
    return metadata


def markdown_table(frame: pl.DataFrame) -> str:
    """The frame as a Markdown table; long cells are cut, and NULL is an empty cell."""
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + " --- |" * frame.width]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines)


def null_shares(n_nulls: Mapping[str, int], n_rows: int) -> str:
    """The columns that have NULLs, with how many and the share of the rows."""
    if not n_rows:
        return "no rows"
    gaps = [(name, n, f"{n / n_rows:.0%}") for name, n in n_nulls.items() if n]
    if not gaps:
        return "no column has NULLs"
    return markdown_table(pl.DataFrame(gaps, schema=["column", "NULLs", "share"], orient="row"))


def column_lineage(name: str) -> Mapping[str, list[dg.TableColumnDep]]:
    """Which columns of its inputs each column of a curated or analysis table is made from; none for other tables."""
    return {
        column: [dg.TableColumnDep(asset_key=dg.AssetKey(table), column_name=source) for table, source in sources]
        for column, sources in DERIVED.get(name, {}).items()
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    # What Markdown would take for its own.
    return "".join(f"\\{letter}" if letter in "|*_`[]<>\\^~" else letter for letter in text)
