"""A file of a release as the descriptions name it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.common.hashing import hash_file

DATABASE = "reviewmart.duckdb"
MANIFEST = "MANIFEST.sha256"
MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".cff": "application/yaml",
    ".duckdb": "application/vnd.duckdb",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".R": "text/x-r-source",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}


DESCRIPTIONS: Mapping[str, str] = {
    DATABASE: "All tables in one DuckDB file, with keys, comments, views and macros",
    MANIFEST: "SHA-256 of every other file of the release",
    "CHANGES.md": "What changed since the release before",
    "changes.json": "What changed since the release before, for programs",
    "CITATION.cff": "How to cite the release, and the reviews that it was made from",
    "LICENCE.md": "Terms of use",
    "codebook.html": "Every table and column, with what they hold, as a page",
    "codebook.md": "Every table and column, with what they hold",
    "croissant.json": "The Parquet files as Croissant record sets",
    "csv/load.R": "Reads the CSV files into R with the types of their columns",
    "datapackage.json": "The tables as a Data Package",
    "vocabularies/concepts.ttl": "The concept schemes as SKOS",
    "vocabularies/mappings.sssom.tsv": "The mappings of concepts to published vocabularies as SSSOM",
}
"""What the files are that hold no single table."""


@dataclass(frozen=True, slots=True)
class File:
    """A file by its path in the release, with the SHA-256 and the number of its bytes."""

    path: str
    sha256: str
    n_bytes: int

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[Path(self.path).suffix]


def files_of(folder: Path) -> dict[str, File]:
    """The files that are there so far, by path. The database is left out: its bytes differ from build to build."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != DATABASE)
    found = [File(path.relative_to(folder).as_posix(), hash_file(path), path.stat().st_size) for path in paths]
    return {file.path: file for file in found}


def to_json(value: Any) -> str:
    """JSON as it is published: indented by two, letters as they are, a line break at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
