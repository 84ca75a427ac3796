"""The description of a release: title, version, sources, terms of use and citation.

Made from the tables once, so that all formats (Parquet metadata, data package, RO-Crate, Croissant, citation file) say
the same. The formats themselves belong to `formats`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from pipelines.common.batching import count_rows
from schemas.tables import SPECS

AUTHORS = "The reviewmart authors"
NAME = "reviewmart"
LICENCE_NAME = "CC-BY-4.0"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_FILE = "LICENCE.md"
KEYWORDS = ("meta-research", "bibliometrics", "evidence synthesis", "systematic reviews", "citations")


@dataclass(frozen=True, slots=True)
class SourceReview:
    """A review that the release is made from. `authors` are names as printed; `sha256` is the hash of the source file.

    `licence` is the terms of use as the source states them, `path` the source file relative to raw/.
    """

    review_id: str
    title: str | None
    authors: tuple[str, ...]
    journal: str | None
    year: int | None
    doi: str | None
    licence: str | None
    path: str
    sha256: str

    @property
    def name(self) -> str:
        return self.title or self.review_id

    @property
    def url(self) -> str | None:
        return f"https://doi.org/{self.doi}" if self.doi else None


@dataclass(frozen=True, slots=True)
class ReleaseDescription:
    """A release as its metadata describe it. The hashes are SHA-256 over the code, the vocabularies and the inputs."""

    release_id: str
    schema_version: str
    code_version: str
    code_sha256: str
    vocabularies_sha256: str
    inputs_sha256: str
    is_verbatim: bool
    sources: tuple[SourceReview, ...]
    n_rows: int

    @property
    def version(self) -> str:
        """Schema version and release id as a semantic version with build metadata: 1.0.0+r0123456789ab."""
        return f"{self.schema_version}+{self.release_id}"

    @property
    def title(self) -> str:
        return f"{NAME}: tables, references and citations of {_count_reviews(len(self.sources))}"

    @property
    def description(self) -> str:
        text = (
            f"{self.n_rows:,} rows in {len(SPECS)} tables made from {_count_reviews(len(self.sources))}: the printed "
            "content, with offsets into the source; treatment modality, outcome and study design, coded with published "
            "vocabularies; and counts of both."
        )
        return text if self.is_verbatim else f"{text} The sources' own wording is left out."

    @property
    def licence(self) -> str:
        """The terms of use in one line."""
        if not self.is_verbatim:
            return LICENCE_NAME
        return (
            f"{LICENCE_NAME} for what the release adds to its sources (structure, offsets, codes, counts, "
            f"vocabularies); the sources' own wording remains under their terms, see {LICENCE_FILE}"
        )

    @property
    def citation(self) -> str:
        return f"{AUTHORS}. {self.title} [data set]. Release {self.release_id}, schema {self.schema_version}."

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata in every Parquet file; the same for the same inputs."""
        return {
            "title": self.title,
            "release_id": self.release_id,
            "schema_version": self.schema_version,
            "licence": self.licence,
            "citation": self.citation,
        }


def describe_release(frames: Mapping[str, pl.LazyFrame], *, is_verbatim: bool) -> ReleaseDescription:
    """Describe the release that contains these tables."""
    build = frames["builds"].collect().row(0, named=True)
    authors = {
        str(key[0]): tuple(part["name"])
        for key, part in frames["review_authors"].sort("review_id", "position").collect().group_by("review_id")
    }
    sources = tuple(
        SourceReview(
            review_id=row["review_id"],
            title=row["title"],
            authors=authors.get(row["review_id"], ()),
            journal=row["journal"],
            year=row["publication_year"],
            doi=row["doi"],
            licence=row["licence"],
            path=row["source_path"],
            sha256=row["source_sha256"],
        )
        for row in frames["reviews"].sort("review_id").collect().iter_rows(named=True)
    )
    return ReleaseDescription(
        release_id=build["release_id"],
        schema_version=build["schema_version"],
        code_version=build["code_version"],
        code_sha256=build["code_sha256"],
        vocabularies_sha256=build["vocabularies_sha256"],
        inputs_sha256=build["inputs_sha256"],
        is_verbatim=is_verbatim,
        sources=sources,
        n_rows=count_rows(frames.values()),
    )


def publication_date() -> date:
    """The day of publication in UTC: the day of SOURCE_DATE_EPOCH if it is set, otherwise today.

    Only the files that cite and describe the release contain it, so the same inputs give the same tables on any day.
    With SOURCE_DATE_EPOCH set, the descriptions are reproducible too.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return now.date()


def render_licence(release: ReleaseDescription) -> str:
    """`LICENCE.md`: the terms of use of the release, and of each source."""
    lines = ["# Terms of use", ""]
    lines += [
        f"The structure, offsets, codes, counts and vocabularies are published under "
        f"[{LICENCE_TITLE}]({LICENCE_URL}). Cite the release as described in `CITATION.cff`.",
        "",
    ]
    columns = [
        f"`{table.name}.{column.name}`" for table in SPECS.values() for column in table.columns if column.verbatim
    ]
    if release.is_verbatim:
        lines += [
            "The sources' own wording is quoted so that every code can be checked. It remains under the terms of its "
            f"source. These columns contain it: {', '.join(columns)}.",
        ]
    else:
        lines += [f"The sources' own wording is left out. These columns are NULL: {', '.join(columns)}."]
    lines += ["", "| source | DOI | terms as stated by the source |", "| --- | --- | --- |"]
    for source in release.sources:
        terms = " ".join((source.licence or "not stated").split()).replace("|", "\\|")
        lines.append(f"| {source.name.replace('|', chr(92) + '|')} | {source.doi or ''} | {terms} |")
    return "\n".join([*lines, ""])


def _count_reviews(n: int) -> str:
    return "1 review" if n == 1 else f"{n:,} reviews"
