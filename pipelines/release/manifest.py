"""The manifest of a release, `MANIFEST.sha256`: writing it, and checking the files of a release against it.

Needs neither Polars nor DuckDB, because a build of unchanged inputs ends here, before they are loaded.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.common.hashing import hash_file
from pipelines.release import ReleaseError

MANIFEST = "MANIFEST.sha256"


def write_manifest(release: Path) -> None:
    """Write the SHA-256 and path of every file of a release, in the format of `sha256sum`."""
    paths = sorted(path for path in release.rglob("*") if path.is_file() and path != release / MANIFEST)
    lines = [f"{hash_file(path)}  {path.relative_to(release).as_posix()}\n" for path in paths]
    (release / MANIFEST).write_text("".join(lines), encoding="utf-8")


def check_hashes(release: Path, except_for: tuple[str, ...] = ()) -> list[str]:
    """The paths of the files in the manifest. Raises ReleaseError if a file is missing, added or changed.

    Files whose paths begin with one of `except_for` are not looked at.
    """
    manifest = release / MANIFEST
    if not manifest.is_file():
        raise ReleaseError(f"{manifest}: missing; the release is incomplete, build it again")
    published = {}
    for line in manifest.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        published[name] = digest
    present = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()} - {MANIFEST}
    if except_for:
        published = {name: digest for name, digest in published.items() if not name.startswith(except_for)}
        present = {name for name in present if not name.startswith(except_for)}
    problems = [f"{name}: missing" for name in sorted(published.keys() - present)]
    problems += [f"{name}: not in {MANIFEST}" for name in sorted(present - published.keys())]
    problems += [
        f"{name}: changed"
        for name in sorted(published.keys() & present)
        if hash_file(release / name) != published[name]
    ]
    if problems:
        raise ReleaseError(f"{release}: {'; '.join(problems)}; remove the release and build it again")
    return list(published)


def is_unmodified(release: Path) -> bool:
    """Whether all files of the release are as published; False also if they cannot be read."""
    try:
        check_hashes(release)
    except (ReleaseError, OSError):
        return False
    return True
