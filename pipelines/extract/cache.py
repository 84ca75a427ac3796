"""The extracted rows of reviews, kept on disk in parts, so that a review is read once for as long as nothing changes.

A part is a folder that is written whole by one worker and never changed: a Parquet file a table, and one that names the
reviews in it with the hash of what was read. Only keeping and finding stands here; what the rows are does not matter.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from filelock import FileLock

READ = "sources_read"
READ_SCHEMA: Mapping[str, type[pl.DataType]] = {"review_id": pl.String, "sha256": pl.String}
_ASIDE = ".new-"

Known = dict[tuple[str, str], Path]
"""The part that holds a review, by its review_id and the hash of its files."""


@contextmanager
def parts_of(cache: Path, code: str) -> Iterator[Parts]:
    """The parts in `cache` that this code made. One process has them at a time; another waits.

    Parts that other code made, and what a killed build left half written, are removed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / ".lock"):
        folder = cache / code
        for other in cache.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other)
        folder.mkdir(exist_ok=True)
        for left in folder.glob(f"{_ASIDE}*"):
            shutil.rmtree(left)
        yield Parts(folder)


def write_part(folder: Path, frames: Mapping[str, pl.DataFrame], read: Sequence[tuple[str, str]]) -> None:
    """Write a part of these frames, made of the reviews `read` (review_id, hash of its files).

    It is written aside and renamed, so that a part that is there is whole.
    """
    name = hashlib.sha256("".join(f"{review_id} {digest}\n" for review_id, digest in read).encode()).hexdigest()[:20]
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    for table, frame in frames.items():
        frame.write_parquet(aside / f"{table}.parquet", compression="lz4", statistics=False)
    pl.DataFrame(list(read), schema=READ_SCHEMA, orient="row").write_parquet(aside / f"{READ}.parquet")
    part = folder / name
    shutil.rmtree(part, ignore_errors=True)
    try:
        aside.rename(part)
    except OSError:
        # Another worker was given the same batch and was quicker: what it wrote is the same.
        if not part.is_dir():
            raise
        shutil.rmtree(aside)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts in a folder."""

    folder: Path

    def known(self) -> Known:
        """Which reviews the parts hold. Of a review that is in two, one counts, always the same."""
        return {
            (review_id, digest): part
            for part in sorted(self.folder.iterdir())
            if not part.name.startswith(".")
            for review_id, digest in pl.read_parquet(part / f"{READ}.parquet").iter_rows()
        }

    def prune(self, needed: Collection[Path]) -> None:
        """Remove the parts that are not among `needed`."""
        for part in self.folder.iterdir():
            if part not in needed:
                shutil.rmtree(part)


def scan(table: str, review_ids: Mapping[Path, Sequence[str]]) -> pl.LazyFrame:
    """The rows of a table for the given reviews of each part, in the order of review_id."""
    frames = [
        pl.scan_parquet(part / f"{table}.parquet").filter(pl.col("review_id").is_in(wanted))
        for part, wanted in review_ids.items()
    ]
    return pl.concat(frames).sort("review_id", maintain_order=True)
