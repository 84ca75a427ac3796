"""The files of a release: their names, descriptions, media types, sizes and hashes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.common.hashing import hash_file
from pipelines.release.manifest import MANIFEST
from schemas.tables.base import Spec

DATABASE = "reviewmart.duckdb"
PAGE = "report.html"
PICTURES = "report"
"""The folder of the report's charts as pictures."""
MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".cff": "application/yaml",
    ".duckdb": "application/vnd.duckdb",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".R": "text/x-r-source",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}


DESCRIPTIONS: Mapping[str, str] = {
    DATABASE: "All tables in one DuckDB file, with keys, comments, views and macros",
    MANIFEST: "SHA-256 of every other file of the release",
    "CHANGES.md": "Changes since the previous release",
    "changes.json": "Changes since the previous release, machine-readable",
    "CITATION.cff": "How to cite the release, and the reviews it is made from",
    "LICENCE.md": "Terms of use",
    "codebook.html": "All tables and columns with their descriptions, as a web page",
    "codebook.md": "All tables and columns with their descriptions",
    "croissant.json": "The Parquet files as Croissant record sets",
    "csv/load.R": "Reads the CSV files into R with the types of their columns",
    "datapackage.json": "The tables as a Data Package",
    PAGE: "Charts, texts and tables of the release in one page for a browser, without the internet",
    f"{PICTURES}/captions.md": "Captions of the charts in this folder",
    "vocabularies/concepts.ttl": "The concept schemes as SKOS",
    "vocabularies/mappings.sssom.tsv": "The mappings of concepts to published vocabularies as SSSOM",
}
"""Descriptions of the files that do not contain a single table, by path."""

PICTURE_DESCRIPTION = f"A chart of the report; its caption is in {PICTURES}/captions.md"


def describe_file(path: str, tables: Mapping[str, Spec]) -> str:
    """Describe a file of a release, given the tables by name."""
    if path in DESCRIPTIONS:
        return DESCRIPTIONS[path]
    if path.startswith(f"{PICTURES}/"):
        return PICTURE_DESCRIPTION
    return tables[Path(path).stem].description


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release. `path` is relative to the release, `sha256` is in hexadecimal, `n_bytes` is its size."""

    path: str
    sha256: str
    n_bytes: int

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[Path(self.path).suffix]


def list_files(release: Path) -> dict[str, ReleaseFile]:
    """The files written so far, by path. The database is left out, because its bytes differ from build to build."""
    paths = sorted(path for path in release.rglob("*") if path.is_file() and path.name != DATABASE)
    files = [ReleaseFile(path.relative_to(release).as_posix(), hash_file(path), path.stat().st_size) for path in paths]
    return {file.path: file for file in files}


def parquet_file(release: Path, table: str) -> Path:
    return release / "parquet" / f"{table}.parquet"


def dump_json(value: Any) -> str:
    """JSON as published: indented by two spaces, non-ASCII letters unescaped, a line break at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
