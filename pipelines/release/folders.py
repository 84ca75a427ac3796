"""Where releases stand, and whether a release's files are the ones that were published.

Light on purpose: a build of unchanged inputs ends here, before Polars, DuckDB or Dagster would be loaded.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.common.hashing import hash_file
from pipelines.release.files import MANIFEST


class ReleaseError(RuntimeError):
    """A release cannot be written or is not whole; the message names the file and the mend."""


def releases_folder(out: Path) -> Path:
    """The folder that holds a folder for each release."""
    return out / "releases"


def latest_release(out: Path) -> Path | None:
    """The folder that `outputs/latest` points at; None where there is no release yet."""
    latest = out / "latest"
    return latest.resolve() if latest.exists() else None


def find_release(named: Path, out: Path) -> Path:
    """A release named by its folder, or by its id (or `latest`) in the folder of releases."""
    places = (named, releases_folder(out) / named, out / named)
    return next((place for place in places if place.is_dir()), named)


def is_latest(out: Path, release_id: str) -> bool:
    """Whether `latest` points at this release and its files are the ones that were published."""
    latest = latest_release(out)
    return latest is not None and latest.name == release_id and is_untouched(latest)


def is_untouched(release: Path) -> bool:
    """Whether the release's files are the ones that were published; False where they cannot be read."""
    try:
        check_hashes(release)
    except (ReleaseError, OSError):
        return False
    return True


def check_hashes(release: Path) -> list[str]:
    """The names of the files in the manifest. Raises ReleaseError where one is missing, added or changed."""
    manifest = release / MANIFEST
    if not manifest.is_file():
        raise ReleaseError(f"{manifest}: missing; this is no whole release, build it again")
    named = {}
    for line in manifest.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        named[name] = digest
    there = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = [f"{name}: missing" for name in sorted(named.keys() - there)]
    wrong += [f"{name}: not in {MANIFEST}" for name in sorted(there - named.keys())]
    wrong += [f"{name}: changed" for name in sorted(named.keys() & there) if hash_file(release / name) != named[name]]
    if wrong:
        raise ReleaseError(f"{release}: {'; '.join(wrong)}; remove the release and build it again")
    return list(named)
