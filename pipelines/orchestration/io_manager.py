"""Keeps frames in Parquet files between assets."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import polars as pl
from upath import UPath

from pipelines.orchestration.frame_files import Written


class ParquetFrames(dg.UPathIOManager):
    """Keeps each asset's frame in a Parquet file: takes what `write_frame` wrote, gives what is asked for.

    An input of type `pl.LazyFrame` reads nothing until it is asked for rows; any other is the whole frame.
    """

    extension = ".parquet"

    def dump_to_path(self, context: dg.OutputContext, obj: Written, path: UPath) -> None:  # noqa: ARG002
        obj.path.replace(Path(str(path)))

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pl.DataFrame | pl.LazyFrame:
        frame = pl.scan_parquet(Path(str(path)))
        return frame if context.dagster_type.typing_type is pl.LazyFrame else frame.collect()
