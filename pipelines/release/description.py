"""What a release says of itself: title, version, sources, terms of use and how to cite it.

Read off the tables, so that every rendering (Parquet metadata, data package, RO-Crate, Croissant, citation file) says
the same. How any of them is written does not belong here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from pipelines.common.batching import n_rows
from schemas.tables import SPECS

AUTHORS = "The reviewmart authors"
NAME = "reviewmart"
LICENCE_NAME = "CC-BY-4.0"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_FILE = "LICENCE.md"
KEYWORDS = ("meta-research", "bibliometrics", "evidence synthesis", "systematic reviews", "citations")


@dataclass(frozen=True, slots=True)
class Source:
    """A review that the release was made from. `authors` are names as printed, `sha256` is that of its bytes."""

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
    def address(self) -> str | None:
        return f"https://doi.org/{self.doi}" if self.doi else None


@dataclass(frozen=True, slots=True)
class About:
    """A release in words. The hashes are SHA-256 over the code, the vocabularies and the inputs."""

    release_id: str
    schema_version: str
    code_version: str
    code_sha256: str
    vocabularies_sha256: str
    inputs_sha256: str
    is_verbatim: bool
    sources: tuple[Source, ...]
    n_rows: int

    @property
    def version(self) -> str:
        """The schema's version with the release as its build: 1.0.0+r0123456789ab."""
        return f"{self.schema_version}+{self.release_id}"

    @property
    def title(self) -> str:
        return f"{NAME}: tables, references and citations of {_reviews(len(self.sources))}"

    @property
    def description(self) -> str:
        text = (
            f"{self.n_rows:,} rows in {len(SPECS)} tables made from {_reviews(len(self.sources))}: what is printed, "
            "with offsets into the source; treatment modality, outcome and study design coded against published "
            "vocabularies; and counts over both."
        )
        return text if self.is_verbatim else f"{text} The sources' own wording is left out."

    @property
    def licence(self) -> str:
        """The terms in one line."""
        if not self.is_verbatim:
            return LICENCE_NAME
        return (
            f"{LICENCE_NAME} for what the release adds to its sources (structure, offsets, codes, counts, "
            f"vocabularies); the sources' own wording stays under their terms, see {LICENCE_FILE}"
        )

    @property
    def citation(self) -> str:
        return f"{AUTHORS}. {self.title} [data set]. Release {self.release_id}, schema {self.schema_version}."

    @property
    def metadata(self) -> dict[str, str]:
        """What stands in every Parquet file, the same for the same inputs."""
        return {
            "title": self.title,
            "release_id": self.release_id,
            "schema_version": self.schema_version,
            "licence": self.licence,
            "citation": self.citation,
        }


def about(frames: Mapping[str, pl.LazyFrame], *, is_verbatim: bool) -> About:
    """What the tables say of the release that they make."""
    build = frames["builds"].collect().row(0, named=True)
    authors = {
        str(key[0]): tuple(part["name"])
        for key, part in frames["review_authors"].sort("review_id", "position").collect().group_by("review_id")
    }
    sources = tuple(
        Source(
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
    return About(
        release_id=build["release_id"],
        schema_version=build["schema_version"],
        code_version=build["code_version"],
        code_sha256=build["code_sha256"],
        vocabularies_sha256=build["vocabularies_sha256"],
        inputs_sha256=build["inputs_sha256"],
        is_verbatim=is_verbatim,
        sources=sources,
        n_rows=n_rows(frames.values()),
    )


def publication_date() -> date:
    """The day of publication, UTC: that of SOURCE_DATE_EPOCH where it is set, else today.

    It stands in the files that cite and describe the release and in none of the tables, so that the same inputs give
    the same tables on any day; with SOURCE_DATE_EPOCH set they give the same descriptions too.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return now.date()


def licence_markdown(release: About) -> str:
    """The terms of use, to read."""
    lines = ["# Terms of use", ""]
    lines += [
        f"The structure, offsets, codes, counts and vocabularies are published under "
        f"[{LICENCE_TITLE}]({LICENCE_ADDRESS}). Cite the release as `CITATION.cff` says.",
        "",
    ]
    columns = [
        f"`{table.name}.{column.name}`" for table in SPECS.values() for column in table.columns if column.verbatim
    ]
    if release.is_verbatim:
        lines += [
            "The sources' own wording is quoted here so that every code can be checked. It stays under the terms of "
            f"its source. It stands in {', '.join(columns)}.",
        ]
    else:
        lines += [f"The sources' own wording is left out: {', '.join(columns)} are NULL."]
    lines += ["", "| source | doi | terms as the source states them |", "| --- | --- | --- |"]
    for source in release.sources:
        terms = " ".join((source.licence or "not stated").split()).replace("|", "\\|")
        lines.append(f"| {source.name.replace('|', chr(92) + '|')} | {source.doi or ''} | {terms} |")
    return "\n".join([*lines, ""])


def _reviews(n: int) -> str:
    return "1 review" if n == 1 else f"{n:,} reviews"
