"""Caches the extracted rows of reviews on disk, so that a review is read only once unless source or code change.

A part is a folder that one worker writes completely and nobody changes afterwards. It has one Parquet file per table
and one that lists its reviews with the hash of their files. This module does not depend on the columns of the tables.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl
from filelock import FileLock

_SOURCES_READ = "sources_read"
_TEMPORARY = ".new-"


class SourceKey(NamedTuple):
    """A review and the hash of its files (`ListedSource.sha256`): the key under which its rows are cached."""

    review_id: str
    sha256: str


@contextmanager
def open_cache(cache: Path, code: str) -> Iterator[CacheParts]:
    """The parts in `cache` that this version of the code wrote. Other processes wait until the context ends.

    Removes parts of other versions, and unfinished parts that a killed build left.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / ".lock"):
        folder = cache / code
        for path in cache.iterdir():
            if path.is_dir() and path != folder:
                shutil.rmtree(path)
        folder.mkdir(exist_ok=True)
        for unfinished in folder.glob(f"{_TEMPORARY}*"):
            shutil.rmtree(unfinished)
        yield CacheParts(folder)


def write_part(folder: Path, frames: Mapping[str, pl.DataFrame], keys: Sequence[SourceKey]) -> None:
    """Write these frames as a part in `folder`; `keys` are the reviews whose rows they have.

    The part is written under a temporary name and then renamed, so that every part is complete.
    """
    name = hashlib.sha256("".join(f"{review_id} {sha256}\n" for review_id, sha256 in keys).encode()).hexdigest()[:20]
    temporary = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=folder))
    for table, frame in frames.items():
        frame.write_parquet(temporary / f"{table}.parquet", compression="lz4", statistics=False)
    _build_keys_frame(keys).write_parquet(temporary / f"{_SOURCES_READ}.parquet")
    part = folder / name
    shutil.rmtree(part, ignore_errors=True)
    try:
        temporary.rename(part)
    except OSError:
        # Another worker got the same batch and finished first. It wrote the same.
        if not part.is_dir():
            raise
        shutil.rmtree(temporary)


@dataclass(frozen=True, slots=True)
class CacheParts:
    """The parts in a folder."""

    folder: Path

    def find_parts_by_source(self) -> dict[SourceKey, Path]:
        """The part that has the rows of each review; if several parts have them, always the same one."""
        return {
            key: part
            for part in sorted(self.folder.iterdir())
            if not part.name.startswith(".")
            for key in _read_keys(part)
        }

    def prune(self, needed: Collection[Path]) -> None:
        """Remove the parts that are not in `needed`."""
        for part in self.folder.iterdir():
            if part not in needed:
                shutil.rmtree(part)


def scan_parts(table: str, review_ids: Mapping[Path, Sequence[str]]) -> pl.LazyFrame:
    """The rows of a table for the given reviews of each part, sorted by review_id."""
    frames = [
        pl.scan_parquet(part / f"{table}.parquet").filter(pl.col("review_id").is_in(wanted))
        for part, wanted in review_ids.items()
    ]
    return pl.concat(frames).sort("review_id", maintain_order=True)


def _build_keys_frame(keys: Sequence[SourceKey]) -> pl.DataFrame:
    columns = {"review_id": [key.review_id for key in keys], "sha256": [key.sha256 for key in keys]}
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, pl.String))


def _read_keys(part: Path) -> list[SourceKey]:
    rows = pl.read_parquet(part / f"{_SOURCES_READ}.parquet").iter_rows(named=True)
    return [SourceKey(review_id=row["review_id"], sha256=row["sha256"]) for row in rows]
