"""SHA-256 hashes of files and folders, in hexadecimal. Callers decide how to use them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def hash_folder(folder: Path) -> str:
    """Hash the names and contents of a folder's files, at any depth. Hidden files and folders are ignored."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return hash_files(
        folder, (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    )


def hash_files(folder: Path, files: Iterable[Path]) -> str:
    """Hash the names (relative to `folder`) and contents of files; the order of `files` does not matter."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(folder).as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """Hash the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
