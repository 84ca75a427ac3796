"""What a release is made of, as hashes: sources, code and vocabularies. The release id derives from nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipelines.common.hashing import hash_files
from pipelines.common.settings import PIPELINES, SCHEMAS

CODE_SUFFIXES = (".py", ".sql")
"""The files that count as code; vocabularies (CSV) have a hash of their own."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """SHA-256, in hexadecimal, of each thing a release derives from."""

    inputs: str
    code: str
    vocabularies: str
    options: str = ""

    @property
    def release_id(self) -> str:
        whole = f"{self.inputs}\n{self.code}\n{self.vocabularies}\n{self.options}"
        return "r" + hashlib.sha256(whole.encode()).hexdigest()[:12]


def build_options(*, verbatim: bool) -> str:
    """The options of a build in words; empty for the defaults."""
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


@cache
def code_hash() -> str:
    """The hash of all code and table models, and of the version of Polars, which writes the Parquet files."""
    digest = hashlib.sha256(f"polars {version('polars')}\n".encode())
    for folder in (PIPELINES, SCHEMAS):
        files = (path for path in folder.rglob("*") if path.suffix in CODE_SUFFIXES)
        digest.update(hash_files(folder, files).encode())
    return digest.hexdigest()
