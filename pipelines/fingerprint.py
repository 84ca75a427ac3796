"""What a release is made of, by hash: sources, code and vocabularies. The release id derives from it alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pipelines
import schemas

CODE = Path(pipelines.__file__).parent
SCHEMAS = Path(schemas.__file__).parent
VOCABULARIES = SCHEMAS / "vocabularies"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """SHA-256 in hexadecimal of each thing a release derives from."""

    inputs: str
    code: str
    vocabularies: str
    options: str = ""

    @property
    def release_id(self) -> str:
        whole = f"{self.inputs}\n{self.code}\n{self.vocabularies}\n{self.options}"
        return "r" + hashlib.sha256(whole.encode()).hexdigest()[:12]


def build_options(*, verbatim: bool) -> str:
    """The options of a build as words; none for what it does by default."""
    return "" if verbatim else "no verbatim text"


def fingerprint(sources: Iterable[tuple[str, str]], vocabularies: Path, options: str = "") -> Fingerprint:
    """The fingerprint of a build of these sources (review_id, hash of its folder) by the code as it runs now."""
    lines = "".join(f"{review_id} {digest}\n" for review_id, digest in sorted(sources))
    return Fingerprint(
        inputs=hashlib.sha256(lines.encode()).hexdigest(),
        code=code_hash(),
        vocabularies=hash_files(vocabularies, vocabularies.rglob("*.csv")),
        options=options,
    )


def hash_folder(folder: Path) -> str:
    """One hash over the names and contents of a folder's files; hidden files do not count."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return hash_files(
        folder, (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    )


@cache
def code_hash() -> str:
    """The hash of the code and the models, and of the version of the library that writes the Parquet files."""
    digest = hashlib.sha256(f"polars {version('polars')}\n".encode())
    for folder in (CODE, SCHEMAS):
        digest.update(hash_files(folder, folder.rglob("*.py")).encode())
    return digest.hexdigest()


def hash_files(folder: Path, files: Iterable[Path]) -> str:
    """One hash over the names (below `folder`) and contents of files, whatever order they come in."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(folder).as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
