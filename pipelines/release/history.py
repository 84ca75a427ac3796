"""The releases in an output folder: listing them and removing old ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines.release import ReleaseError
from pipelines.release.files import parquet_file
from pipelines.release.folders import latest_release, releases_folder
from pipelines.release.manifest import MANIFEST
from pipelines.release.promote import lock_releases, raise_disk_errors_as_release_errors, remove_releases
from pipelines.release.verify import explain_unreadable_builds


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """A published release. `published` is the time at which it was written, `n_bytes` the size of all its files."""

    release_id: str
    published: datetime
    n_reviews: int
    is_verbatim: bool
    n_bytes: int
    is_latest: bool


def list_releases(out: Path) -> list[ReleaseSummary]:
    """The releases in an output folder, newest first. Raises ReleaseError for a damaged one."""
    latest = latest_release(out)
    summaries = []
    for folder in _release_folders(out):
        try:
            build = pl.read_parquet(parquet_file(folder, "builds"), columns=["n_reviews", "is_verbatim"])
        except (OSError, pl.exceptions.PolarsError) as error:
            explanation = explain_unreadable_builds(folder, error)
            raise ReleaseError(f"{explanation}; remove the folder of that release") from error
        summaries.append(
            ReleaseSummary(
                release_id=folder.name,
                published=datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC),
                n_reviews=build["n_reviews"].item(),
                is_verbatim=build["is_verbatim"].item(),
                n_bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
                is_latest=folder == latest,
            )
        )
    return summaries


def prune_releases(out: Path, keep: int) -> list[str]:
    """Remove all but the `keep` newest releases; `latest` is always among those kept. Returns the removed ids.

    A reader that has a file of a removed release open can go on reading it. Raises ValueError if `keep` is below 1, and
    ReleaseError if the disk cannot be written.
    """
    if keep < 1:
        raise ValueError(f"--keep {keep}: at least one release must be kept; give 1 or more")
    with raise_disk_errors_as_release_errors(out), lock_releases(out):
        latest = latest_release(out)
        newest_first = _release_folders(out)
        others = [folder for folder in newest_first if folder != latest]
        n_others_kept = keep - (len(newest_first) - len(others))
        removed = others[n_others_kept:]
        remove_releases(removed, releases_folder(out))
    return [folder.name for folder in removed]


def _release_folders(out: Path) -> list[Path]:
    """The folders of complete releases, newest first."""
    folders = [
        folder.resolve()
        for folder in releases_folder(out).glob("*")
        if not folder.name.startswith(".") and (folder / MANIFEST).is_file()
    ]
    return sorted(folders, key=lambda folder: ((folder / MANIFEST).stat().st_mtime_ns, folder.name), reverse=True)
