"""Where releases are: `releases/<release_id>/` in the output folder, and the link `latest` to one of them.

Needs neither Polars nor DuckDB, because a build of unchanged inputs ends here, before they are loaded.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.release.manifest import is_unmodified


def releases_folder(out: Path) -> Path:
    """The folder that contains one folder per release."""
    return out / "releases"


def latest_release(out: Path) -> Path | None:
    """The folder that `latest` points at; None before the first release."""
    latest = out / "latest"
    return latest.resolve() if latest.exists() else None


def find_release(name: Path, out: Path) -> Path:
    """Find a release by its folder, or by its id (or `latest`) in the output folder.

    If no release matches, returns `name` unchanged; no folder exists at that path then.
    """
    candidates = (name, releases_folder(out) / name, out / name)
    return next((folder for folder in candidates if folder.is_dir()), name)


def is_up_to_date(out: Path, release_id: str) -> bool:
    """Whether `latest` points at this release and all its files are as published."""
    latest = latest_release(out)
    return latest is not None and latest.name == release_id and is_unmodified(latest)
