"""SHA-256 of files and folders. What the hashes are used for is decided by the callers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def hash_folder(folder: Path) -> str:
    """One hash over the names and contents of a folder's files; hidden files are left out."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return hash_files(
        folder, (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    )


def hash_files(folder: Path, files: Iterable[Path]) -> str:
    """One hash over the names (below `folder`) and contents of files; their order does not matter."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(folder).as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
