"""Frames kept in Parquet files between assets: written batch by batch, with what is told of them counted on the way."""

from __future__ import annotations

import hashlib
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import polars as pl
import pyarrow.parquet as pq

from pipelines.tables.parquet_schema import arrow_schema, described
from schemas.tables import SPECS

HEAD_ROWS = 5
ROWS_AT_ONCE = 131_072
_ASIDE = ".new-"

LEFT_AFTER = 24 * 60 * 60
"""Seconds after which a file that nobody wrote to or named is one that a killed process left."""


@dataclass(frozen=True, slots=True)
class Written:
    """A frame in a file that has not got its name yet.

    `version` is a hash of columns, types and rows in their order; `head` has the first rows, `n_nulls` the NULLs of
    each column.
    """

    path: Path
    n_rows: int
    version: str
    head: pl.DataFrame
    n_nulls: Mapping[str, int]

    @property
    def n_columns(self) -> int:
        return self.head.width


def write_frame(name: str, batches: Iterable[pl.DataFrame], folder: Path) -> Written:
    """Write the batches of a frame, at least one, beside where it belongs; with descriptions where it is published.

    Whatever a batch raises is raised, and nothing is left. What killed processes left long ago is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    batches = iter(batches)
    first = next(batches)
    schema = arrow_schema(SPECS[name], described(SPECS[name])) if name in SPECS else first.to_arrow().schema
    digest = _Digest(first.schema)
    n_rows, n_nulls, head = 0, dict.fromkeys(first.columns, 0), first.clear()
    with _aside(name, folder) as path:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in _with(first, batches):
                digest.add(batch)
                n_rows += batch.height
                for column, n in batch.null_count().row(0, named=True).items():
                    n_nulls[column] += n
                if head.height < HEAD_ROWS:
                    head = pl.concat([head, batch.head(HEAD_ROWS - head.height)])
                writer.write_table(batch.to_arrow().cast(schema))
        return Written(path, n_rows, digest.value, head, n_nulls)


def frame_version(frame: pl.DataFrame | pl.LazyFrame) -> str:
    """The version that the frame has where `write_frame` writes it."""
    lazy = frame.lazy()
    digest = _Digest(lazy.collect_schema())
    for batch in lazy.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True):
        digest.add(batch)
    return digest.value


class _Digest:
    """A hash of columns, types and rows in their order, however the rows come in batches.

    Of the rows and not of a file's bytes: how a frame is cut into buffers shows in the bytes.
    """

    def __init__(self, schema: Mapping[str, pl.DataType]) -> None:
        self._hash = hashlib.sha256(repr(list(schema.items())).encode())

    def add(self, batch: pl.DataFrame) -> None:
        self._hash.update(array("Q", batch.hash_rows(seed=0)).tobytes())

    @property
    def value(self) -> str:
        return self._hash.hexdigest()


def _with(first: pl.DataFrame, others: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    yield first
    yield from others


def _sweep(folder: Path) -> None:
    for path in folder.glob(f"{_ASIDE}*"):
        with suppress(FileNotFoundError):  # another process sweeps too, or gives the file its name
            if time.time() - path.stat().st_mtime > LEFT_AFTER:
                path.unlink()


@contextmanager
def _aside(name: str, folder: Path) -> Iterator[Path]:
    """A new file beside the others; removed where what writes it fails."""
    path = folder / f"{_ASIDE}{name}-{uuid4().hex}"
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
