"""Publish a release: write it to a temporary folder, verify it, and promote it.

`releases/<release_id>/` never changes afterwards; `latest` is a link to the newest complete release. Takes the finished
frames of all tables and computes nothing. What the files contain belongs to `contents`, checks belong to `verify`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines.common.batching import split_into_batches
from pipelines.release import ReleaseError
from pipelines.release.contents import write_release
from pipelines.release.files import parquet_file
from pipelines.release.folders import latest_release, releases_folder
from pipelines.release.manifest import is_unmodified
from pipelines.release.promote import (
    lock_releases,
    point_latest_at,
    promote_release,
    raise_disk_errors_as_release_errors,
    remove_leftovers,
    temporary_folder,
)
from pipelines.release.verify import check_database, check_release, check_together
from pipelines.tables.validation import (
    InvalidTableError,
    find_table_failures,
    validate_across_reviews,
    validate_together,
)
from schemas.tables import SPECS


def publish_release(frames: Mapping[str, pl.LazyFrame], out: Path, release_id: str) -> Path:
    """Write a release of all tables, their rows in the order of their keys, and point `latest` at it.

    Returns the release's folder. If a complete release with this id exists, it is kept as it is. `latest` changes in
    one step at the end; if anything fails before that, it is unchanged. One process publishes at a time; others wait.

    Raises InvalidTableError if the frames violate their models, and ReleaseError if the disk cannot be written.
    """
    releases = releases_folder(out)
    with raise_disk_errors_as_release_errors(out):
        releases.mkdir(parents=True, exist_ok=True)
        with lock_releases(out):
            remove_leftovers(releases)
            target = releases / release_id
            is_complete = target.is_dir() and all(result.passed for result in check_release(target))
            if not is_complete:
                previous = latest_release(out)
                has_previous = previous is not None and previous != target and is_unmodified(previous)
                with temporary_folder(releases) as folder:
                    _write_and_verify(frames, folder, previous if has_previous else None)
                    promote_release(folder, target)
            point_latest_at(target, out)
    return target


def _write_and_verify(frames: Mapping[str, pl.LazyFrame], folder: Path, previous: Path | None) -> None:
    """Write a release and check that it contains the frames and that they satisfy their models.

    The constraints of the database are rendered from the models, so it rejects rows that violate them. Its error names
    one row at most; the models are then asked for all of them. Codes are checked here, because the database has no
    constraint for them.
    """
    try:
        write_release(frames, folder, previous)
    except duckdb.ConstraintException as error:
        for batch in split_into_batches(frames):
            failures = [failure for name in SPECS for failure in find_table_failures(name, batch[name])]
            if failures:
                raise InvalidTableError(failures, batch) from error
            validate_together(batch)
        validate_across_reviews(frames)
        raise ReleaseError(f"the database rejects a row: {error}") from error
    check_together({name: pl.scan_parquet(parquet_file(folder, name)) for name in SPECS})
    check_database(folder)
