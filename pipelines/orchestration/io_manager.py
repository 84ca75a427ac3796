"""The I/O manager that stores the frame of each asset in a Parquet file and loads it for the assets downstream."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import polars as pl
from upath import UPath

from pipelines.orchestration.frame_files import WrittenFrame


class ParquetFrames(dg.UPathIOManager):
    """Moves the file of a `WrittenFrame` to its final path, and loads it as the type that the input asks for.

    An input of type `pl.LazyFrame` reads nothing until it is collected; any other type gets the whole frame.
    """

    extension = ".parquet"

    def dump_to_path(self, context: dg.OutputContext, obj: WrittenFrame, path: UPath) -> None:  # noqa: ARG002
        obj.path.replace(Path(str(path)))

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pl.DataFrame | pl.LazyFrame:
        frame = pl.scan_parquet(Path(str(path)))
        return frame if context.dagster_type.typing_type is pl.LazyFrame else frame.collect()
