"""Hashes of everything that determines a release: sources, code, vocabularies and options.

The release id is derived from these hashes only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipelines.common.hashing import hash_files
from pipelines.common.settings import PIPELINES, SCHEMAS

CODE_SUFFIXES = (".py", ".sql", ".jinja", ".js", ".css")
"""The files that count as code. Vocabularies (CSV) are hashed separately."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """SHA-256 hashes, in hexadecimal, of the sources, the code and the vocabularies; `options` is plain text."""

    inputs: str
    code: str
    vocabularies: str
    options: str = ""

    @property
    def release_id(self) -> str:
        text = f"{self.inputs}\n{self.code}\n{self.vocabularies}\n{self.options}"
        return "r" + hashlib.sha256(text.encode()).hexdigest()[:12]


def build_options(*, verbatim: bool) -> str:
    """The options of a build as text for `compute_fingerprint`; empty for the defaults."""
    return "" if verbatim else "no verbatim text"


def compute_fingerprint(sources: Iterable[tuple[str, str]], vocabularies: Path, options: str = "") -> Fingerprint:
    """The fingerprint of a build of these sources by the code that is running now.

    A source is a pair of its review_id and the hash of its folder; the order of sources does not matter.
    """
    lines = "".join(f"{review_id} {digest}\n" for review_id, digest in sorted(sources))
    return Fingerprint(
        inputs=hashlib.sha256(lines.encode()).hexdigest(),
        code=code_hash(),
        vocabularies=hash_files(vocabularies, vocabularies.rglob("*.csv")),
        options=options,
    )


@cache
def code_hash() -> str:
    """The hash of all code and table models, and of the version of Polars, which determines the bytes of Parquet."""
    digest = hashlib.sha256(f"polars {version('polars')}\n".encode())
    for folder in (PIPELINES, SCHEMAS):
        files = (path for path in folder.rglob("*") if path.suffix in CODE_SUFFIXES)
        digest.update(hash_files(folder, files).encode())
    return digest.hexdigest()
