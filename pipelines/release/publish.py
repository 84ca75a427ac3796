"""A release: written aside, checked, then promoted in one step; and the check that can be run on it ever after.

`outputs/releases/<release_id>/` is immutable, `outputs/latest` is a link to the newest whole release. Nothing is
computed here: the frames come in whole. What the files hold is `contents`' matter.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from pipelines.common.batching import in_batches
from pipelines.release.contents import write_release
from pipelines.release.files import DATABASE, MANIFEST
from pipelines.release.folders import ReleaseError, check_hashes, is_untouched, latest_release, releases_folder
from pipelines.release.verbatim import published_specs
from pipelines.tables.sql import identifier, literal
from pipelines.tables.validation import InvalidTableError, table_failures, validate_together
from schemas.tables import SPECS
from schemas.tables.base import Spec

ASIDE = ".building-"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """A check of a release: what it looked at, whether all was well, and in words what it saw."""

    check: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A release that is there. `published` is when it was written, `n_bytes` the size of all its files."""

    release_id: str
    published: datetime
    n_reviews: int
    is_verbatim: bool
    n_bytes: int
    is_latest: bool


def publish(frames: Mapping[str, pl.LazyFrame], out: Path, release_id: str) -> Path:
    """Write a release of all tables, their rows in the order of their keys, and point `latest` at it.

    Returns the release's folder. A release of that id that is there already and whole is kept as it is. `latest`
    changes in one step, at the end: whatever fails before leaves it as it was. One process publishes at a time;
    another waits for it.

    Raises InvalidTableError where the frames break their models, and ReleaseError where the disk refuses.
    """
    releases = releases_folder(out)
    with _refusals(out):
        releases.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            _remove_leftovers(releases)
            target = releases / release_id
            if not (target.is_dir() and all(finding.passed for finding in check_release(target))):
                _write_and_promote(frames, target, latest_release(out))
            _point_latest(out, target)
    return target


def releases(out: Path) -> list[Listed]:
    """The releases that are there, the newest first. Raises ReleaseError for one that is damaged."""
    latest = latest_release(out)
    listed = []
    for folder in _release_folders(out):
        try:
            columns = ["n_reviews", "is_verbatim"]
            n_reviews, is_verbatim = pl.read_parquet(_parquet(folder, "builds"), columns=columns).row(0)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise ReleaseError(f"{_unreadable_builds(folder, error)}; remove the folder of that release") from error
        listed.append(
            Listed(
                release_id=folder.name,
                published=datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC),
                n_reviews=n_reviews,
                is_verbatim=is_verbatim,
                n_bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
                is_latest=folder == latest,
            )
        )
    return listed


def prune(out: Path, keep: int) -> list[str]:
    """Remove all but the `keep` newest releases, and never the one that `latest` points at. Returns their ids.

    A reader that has a file of a removed release open keeps it. Raises ValueError for a `keep` below 1, and
    ReleaseError where the disk refuses.
    """
    if keep < 1:
        raise ValueError(f"--keep {keep}: at least one release stays; give 1 or more")
    with _refusals(out), _alone(out):
        latest = latest_release(out)
        kept = [folder for folder in _release_folders(out) if folder == latest]
        kept += [folder for folder in _release_folders(out) if folder != latest][: keep - len(kept)]
        removed = [folder for folder in _release_folders(out) if folder not in kept]
        for folder in removed:
            # Renamed first: half a release must never stand under its name.
            folder.rename(folder.with_name(f"{ASIDE}{folder.name}-removed"))
        _remove_leftovers(releases_folder(out))
    return [folder.name for folder in removed]


def _release_folders(out: Path) -> list[Path]:
    folders = [
        folder.resolve()
        for folder in releases_folder(out).glob("*")
        if not folder.name.startswith(".") and (folder / MANIFEST).is_file()
    ]
    return sorted(folders, key=lambda folder: ((folder / MANIFEST).stat().st_mtime_ns, folder.name), reverse=True)


def check_release(release: Path) -> list[Finding]:
    """Whether a release is whole: hashes, schemas, keys and counts. Each check is reported, passed or not."""
    findings = [_check(f"hashes of {MANIFEST}", lambda: _check_hashes(release))]
    if not findings[0].passed:
        return findings
    frames = {name: pl.scan_parquet(_parquet(release, name)) for name in SPECS}
    try:
        is_verbatim = bool(frames["builds"].select(pl.col("is_verbatim").all()).collect().item())
    except pl.exceptions.PolarsError as error:
        detail = f"{_unreadable_builds(release, error)}; remove the release and build it again"
        return [*findings, Finding("schema and keys of builds", passed=False, detail=detail)]
    tables = published_specs(verbatim=is_verbatim)
    for name in SPECS:
        findings.append(_check(f"schema and keys of {name}", lambda n=name: _check_table(tables[n], frames[n])))  # type: ignore[misc]
    findings.append(_check("foreign keys and codes between tables", lambda: _check_together(frames)))
    findings.append(_check(f"{DATABASE} holds the rows of the Parquet files", lambda: _check_database(release)))
    return findings


def _unreadable_builds(release: Path, error: Exception) -> str:
    return f"{_parquet(release, 'builds')}: cannot be read ({str(error).splitlines()[0]})"


def _check(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, passed=True, detail=look())
    except (InvalidTableError, ReleaseError, OSError, duckdb.Error) as error:
        return Finding(name, passed=False, detail=str(error))


def _check_hashes(release: Path) -> str:
    named = check_hashes(release)
    missing = [name for name in SPECS if f"parquet/{name}.parquet" not in named]
    if missing:
        raise ReleaseError(f"{release}: no Parquet file of {', '.join(missing)}; remove the release and build it again")
    return f"{len(named)} files are the ones that were published"


def _check_table(table: Spec, frame: pl.LazyFrame) -> str:
    nullable = [column.name for column in table.columns if column.nullable]
    height = 0
    for some in in_batches({table.name: frame}):
        failures = table_failures(table.name, some[table.name], nullable=nullable)
        if failures:
            raise InvalidTableError(failures, some)
        height += some[table.name].height
    return f"{height} rows"


def _check_together(frames: Mapping[str, pl.LazyFrame]) -> str:
    for some in in_batches(frames):
        validate_together(some)
    return f"{sum(len(table.foreign_keys) for table in SPECS.values())} foreign keys resolve"


def _check_database(release: Path) -> str:
    n_rows = 0
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        for name, table in SPECS.items():
            columns = ", ".join(identifier(column.name) for column in table.columns)
            stored = f"SELECT {columns} FROM {identifier(name)}"
            published = f"SELECT {columns} FROM read_parquet({literal(str(_parquet(release, name)))})"
            # Sums over the rows' hashes: to look for each row among the others would take memory for all of them.
            count = "SELECT count(*), sum(hash(found)::HUGEINT) FROM ({}) AS found"
            in_database, in_parquet = (
                connection.execute(count.format(rows)).fetchall()[0] for rows in (stored, published)
            )
            if in_database != in_parquet:
                query = f"SELECT count(*) FROM ({stored} EXCEPT ALL {published})"
                different = connection.execute(query).fetchall()[0][0]
                raise ReleaseError(
                    f"{release / DATABASE}: table {name} has {in_database[0]} rows, its Parquet file {in_parquet[0]}, "
                    f"{different} differ; remove the release and build it again"
                )
            n_rows += in_database[0]
    return f"{n_rows} rows in {len(SPECS)} tables"


def _write_and_promote(frames: Mapping[str, pl.LazyFrame], target: Path, before: Path | None) -> None:
    aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=target.parent))
    try:
        _write_checked(frames, aside, before if before and before != target and is_untouched(before) else None)
        if target.exists():
            # Not whole, or the check before would have kept it.
            target.rename(target.with_name(f"{ASIDE}{target.name}-broken"))
        aside.chmod(0o755)
        aside.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_checked(frames: Mapping[str, pl.LazyFrame], aside: Path, before: Path | None) -> None:
    """Write a release and see that it holds the frames, as their models want them.

    The database refuses what breaks a model, for its constraints are rendered from the models; it then says less than
    the models themselves, which are asked for the rows. Codes are looked up here.
    """
    try:
        write_release(frames, aside, before)
    except duckdb.ConstraintException as error:
        for some in in_batches(frames):
            failures = [failure for name in SPECS for failure in table_failures(name, some[name])]
            if failures:
                raise InvalidTableError(failures, some) from error
            validate_together(some)
        raise ReleaseError(f"the database refuses a row: {error}") from error
    _check_together({name: pl.scan_parquet(_parquet(aside, name)) for name in SPECS})
    _check_database(aside)
    for path in [*aside.rglob("*"), aside]:
        _sync(path)


@contextmanager
def _refusals(out: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    # A commit that cannot be written is a TransactionException: nobody else writes to the file.
    except (OSError, duckdb.IOException, duckdb.TransactionException, pl.exceptions.ComputeError) as error:
        raise ReleaseError(
            f"{out}: the release could not be written ({error}); the last release stands. "
            "Free disk space or mend the permissions and build again."
        ) from error


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Let one process at a time change the releases; another says that it waits, and waits."""
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


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that a power cut after the promotion finds it whole."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _point_latest(out: Path, target: Path) -> None:
    new = out / ".latest.new"
    new.unlink(missing_ok=True)
    new.symlink_to(target.relative_to(out), target_is_directory=True)
    new.replace(out / "latest")
    _sync(out)


def _remove_leftovers(releases: Path) -> None:
    for leftover in releases.glob(f"{ASIDE}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _parquet(release: Path, name: str) -> Path:
    return release / "parquet" / f"{name}.parquet"
