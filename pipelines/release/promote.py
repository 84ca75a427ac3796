"""How the output folder changes: one process at a time, and in steps that leave a complete `latest` if interrupted.

A release is written under a temporary name, renamed when it is complete, and `latest` is replaced last. The contents
of a release do not matter here.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from pipelines.release import ReleaseError

TEMPORARY_PREFIX = ".building-"
"""Folders with this prefix are unfinished or discarded releases; every publish and prune deletes them."""

log = logging.getLogger(__name__)


@contextmanager
def raise_disk_errors_as_release_errors(out: Path) -> Iterator[None]:
    """Turn errors of the file system, also those that DuckDB and Polars report, into a ReleaseError."""
    try:
        yield
    # DuckDB reports a commit that cannot be written as a TransactionException; no other process writes to the file.
    except (OSError, duckdb.IOException, duckdb.TransactionException, pl.exceptions.ComputeError) as error:
        raise ReleaseError(
            f"{out}: the release could not be written ({error}); the previous release is unchanged. "
            "Free disk space or fix the permissions and build again."
        ) from error


@contextmanager
def lock_releases(out: Path) -> Iterator[None]:
    """Let one process at a time change the releases; another logs that it waits, and waits."""
    lock = FileLock(out / ".publish.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.warning("%s: another process is publishing there; waiting until it is done", out)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def temporary_folder(releases: Path) -> Iterator[Path]:
    """A new folder for a release that is being written; removed at the end unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=releases))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def promote_release(written: Path, target: Path) -> None:
    """Give a completely written release its final name. A damaged release of that name is moved out of the way."""
    for path in [*written.rglob("*"), written]:
        _flush_to_disk(path)
    if target.exists():
        target.rename(target.with_name(f"{TEMPORARY_PREFIX}{target.name}-broken"))
    written.chmod(0o755)
    written.rename(target)
    _flush_to_disk(target.parent)


def point_latest_at(target: Path, out: Path) -> None:
    """Replace the link `latest` in one step."""
    new = out / ".latest.new"
    new.unlink(missing_ok=True)
    new.symlink_to(target.relative_to(out), target_is_directory=True)
    new.replace(out / "latest")
    _flush_to_disk(out)


def remove_releases(folders: list[Path], releases: Path) -> None:
    """Delete releases. They are renamed first, so that an interruption never leaves half a release under its name."""
    for folder in folders:
        folder.rename(folder.with_name(f"{TEMPORARY_PREFIX}{folder.name}-removed"))
    remove_leftovers(releases)


def remove_leftovers(releases: Path) -> None:
    """Delete what interrupted publishes and prunes left behind."""
    for leftover in releases.glob(f"{TEMPORARY_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _flush_to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that it survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
