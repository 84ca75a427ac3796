"""Parquet files with the frames between assets: written batch by batch, while rows and NULLs are counted."""

from __future__ import annotations

import hashlib
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from uuid import uuid4

import polars as pl
import pyarrow.parquet as pq

from pipelines.tables.parquet_schema import build_arrow_schema, build_table_metadata
from schemas.tables import SPECS

HEAD_ROWS = 5
ROWS_PER_BATCH = 131_072
_TEMPORARY_PREFIX = ".new-"

ORPHAN_SECONDS = 24 * 60 * 60
"""A temporary file not written to for this many seconds was left behind by a process that was killed."""


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """A frame in a temporary file, which the I/O manager moves to its final path.

    `version` is a hash of the columns, the types and the rows in their order. `head` contains the first rows, `n_nulls`
    the number of NULLs per column.
    """

    path: Path
    n_rows: int
    version: str
    head: pl.DataFrame
    n_nulls: Mapping[str, int]

    @property
    def n_columns(self) -> int:
        return self.head.width


def write_frame(name: str, batches: Iterable[pl.DataFrame], folder: Path) -> WrittenFrame:
    """Write the batches of a frame, at least one, to a temporary file in `folder`.

    The file of a published table carries the descriptions of its columns. If a batch raises an error, the file is
    removed. Temporary files that killed processes left behind are removed first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_orphans(folder)
    batches = iter(batches)
    first = next(batches)
    schema = (
        build_arrow_schema(SPECS[name], build_table_metadata(SPECS[name])) if name in SPECS else first.to_arrow().schema
    )
    digest = _FrameDigest(first.schema)
    n_rows, n_nulls, head = 0, dict.fromkeys(first.columns, 0), first.clear()
    with _temporary_file(name, folder) as path:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in chain([first], batches):
                digest.add(batch)
                n_rows += batch.height
                for column, n in batch.null_count().row(0, named=True).items():
                    n_nulls[column] += n
                if head.height < HEAD_ROWS:
                    head = pl.concat([head, batch.head(HEAD_ROWS - head.height)])
                writer.write_table(batch.to_arrow().cast(schema))
        return WrittenFrame(path, n_rows, digest.value, head, n_nulls)


def frame_version(frame: pl.DataFrame | pl.LazyFrame) -> str:
    """Return the version that `write_frame` gives this frame."""
    lazy = frame.lazy()
    digest = _FrameDigest(lazy.collect_schema())
    for batch in lazy.collect_batches(chunk_size=ROWS_PER_BATCH, maintain_order=True):
        digest.add(batch)
    return digest.value


class _FrameDigest:
    """A hash of the columns, the types and the rows in their order, regardless of how the rows are split into batches.

    It does not hash the bytes of a file, which depend on how the frame is split into buffers.
    """

    def __init__(self, schema: Mapping[str, pl.DataType]) -> None:
        self._hash = hashlib.sha256(repr(list(schema.items())).encode())

    def add(self, batch: pl.DataFrame) -> None:
        self._hash.update(array("Q", batch.hash_rows(seed=0)).tobytes())

    @property
    def value(self) -> str:
        return self._hash.hexdigest()


def _remove_orphans(folder: Path) -> None:
    for path in folder.glob(f"{_TEMPORARY_PREFIX}*"):
        with suppress(FileNotFoundError):  # another process has removed the file or moved it to its final path
            if time.time() - path.stat().st_mtime > ORPHAN_SECONDS:
                path.unlink()


@contextmanager
def _temporary_file(name: str, folder: Path) -> Iterator[Path]:
    """Give the path of a new temporary file, which is removed if an error is raised."""
    path = folder / f"{_TEMPORARY_PREFIX}{name}-{uuid4().hex}"
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
