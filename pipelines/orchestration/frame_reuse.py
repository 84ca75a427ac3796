"""Decide whether the frames that an asset stored before can be used again instead of being computed."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipelines.common.batching import split_into_batches
from pipelines.orchestration.frame_files import frame_version
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.staleness import build_asset_graph, find_staleness_reason, latest_records

REUSE_TAG = "reviewmart/reuse"
"""Tag of a run that reuses the frames of assets whose inputs and code are unchanged."""


def reusable_frames(context: dg.AssetExecutionContext, folders: Folders) -> dict[str, pl.LazyFrame] | None:
    """Return the stored frames of this step by asset, or None if any of them has to be computed.

    They are reusable if the run is tagged with `REUSE_TAG`, if the inputs and the code of every asset of the step are
    those of its latest materialisation, and if its stored frame has the data version recorded there.
    """
    if REUSE_TAG not in context.run.tags:
        return None
    graph = build_asset_graph([context.assets_def])
    records = latest_records(context.instance, {*graph, *(name for node in graph.values() for name in node.inputs)})
    if any(find_staleness_reason(node, records.get(name), records) for name, node in graph.items()):
        return None
    frames = {name: frame for name in graph if (frame := folders.scan_frame(name)) is not None}
    is_intact = all(name in frames and records[name].data_version == frame_version(frames[name]) for name in graph)
    return frames if is_intact else None


def split_frame(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield a stored frame in batches of whole reviews, or whole if it has no `review_id`."""
    return (batch["frame"] for batch in split_into_batches({"frame": frame}))
