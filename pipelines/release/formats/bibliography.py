"""The references of a release as bibliographies: CSL-JSON, BibTeX and RIS.

Only what the reference list states is written. A reference that names a journal, book or site is exported as an
article in it, any other as a document of no stated kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import rispy
from pybtex.database import BibliographyData, Entry, Person

from pipelines.release.files import DATABASE

ALL = "SELECT review_id, ref_no FROM bib_references"


class SelectionError(ValueError):
    """A query selects no references; the message says what it must return."""


@dataclass(frozen=True, slots=True)
class Author:
    """`initials` is None where the author is a group or the list prints none."""

    surname: str
    initials: str | None
    suffix: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as the review prints it. `key` names it within the release: review_id and number."""

    key: str
    authors: tuple[Author, ...]
    authors_truncated: bool
    title: str | None
    journal: str | None
    year: int | None
    volume: str | None
    issue: str | None
    first_page: str | None
    last_page: str | None
    article_number: str | None
    language: str | None
    note: str | None
    doi: str | None
    pmid: str | None

    @property
    def pages(self) -> str | None:
        return f"{self.first_page}-{self.last_page}" if self.last_page else self.first_page


_COLUMNS = {
    name: "journal_raw" if name == "journal" else name
    for name in Reference.__dataclass_fields__
    if name not in ("key", "authors")
}
"""The columns of bib_references by the fields they fill."""


def read_references(release: Path, select: str = ALL) -> list[Reference]:
    """The references that a query over the release returns by review_id and ref_no, in the order of these.

    Raises SelectionError where the query fails or returns other columns, and where the release has no database.
    """
    database = release / DATABASE
    if not database.is_file():
        raise SelectionError(f"{database}: missing; name the folder of a release")
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            connection.execute(f"CREATE TEMP TABLE selected AS SELECT review_id, ref_no FROM ({select.rstrip(' ;')}\n)")
        except duckdb.Error as error:
            raise SelectionError(f"{error}\nThe query must return review_id and ref_no, such as: {ALL}") from error
        listed = connection.execute(
            "SELECT review_id, ref_no, surname, initials, suffix FROM reference_authors "
            "SEMI JOIN selected USING (review_id, ref_no) ORDER BY review_id, ref_no, position"
        ).fetchall()
        rows = connection.execute(
            f"SELECT review_id, ref_no, {', '.join(_COLUMNS.values())} FROM bib_references "
            "SEMI JOIN selected USING (review_id, ref_no) ORDER BY review_id, ref_no"
        ).fetchall()
    authors: dict[tuple[str, int], list[Author]] = {}
    for review_id, ref_no, *name in listed:
        authors.setdefault((review_id, ref_no), []).append(Author(*name))
    return [
        Reference(
            key=f"{review_id}-{ref_no}",
            authors=tuple(authors.get((review_id, ref_no), ())),
            **dict(zip(_COLUMNS, values, strict=True)),
        )
        for review_id, ref_no, *values in rows
    ]


def csl_json(references: Iterable[Reference]) -> str:
    """As CSL-JSON, the input of citeproc, Zotero and pandoc."""
    return json.dumps([_csl(reference) for reference in references], indent=2, ensure_ascii=False) + "\n"


def bibtex(references: Iterable[Reference]) -> str:
    """As BibTeX in UTF-8. Titles are braced, so that styles keep their capitals as printed."""
    entries = {}
    for reference in references:
        entry = Entry("article" if reference.journal else "misc", _bibtex_fields(reference))
        people = [_person(author) for author in reference.authors]
        if reference.authors_truncated and people:
            people.append(Person("others"))
        if people:
            entry.persons["author"] = people
        entries[reference.key] = entry
    written: str = BibliographyData(entries=entries).to_string("bibtex")
    return written


def ris(references: Iterable[Reference]) -> str:
    """As RIS."""
    written: str = rispy.dumps([_ris(reference) for reference in references], implementation=_PlainRis)
    return written


class _PlainRis(rispy.RisWriter):  # type: ignore[misc]
    """RIS without the number that rispy puts above each entry, on which stricter readers stumble."""

    def set_header(self, count: int) -> str:  # noqa: ARG002
        return ""


FORMATS: Mapping[str, Callable[[Iterable[Reference]], str]] = {"csl-json": csl_json, "bibtex": bibtex, "ris": ris}


def _csl(reference: Reference) -> dict[str, Any]:
    fields = {
        "id": reference.key,
        "type": "article-journal" if reference.journal else "document",
        "author": [_csl_name(author) for author in reference.authors],
        "title": reference.title,
        "container-title": reference.journal,
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.pages,
        "number": reference.article_number,
        "language": reference.language,
        "note": reference.note,
        "DOI": reference.doi,
        "PMID": reference.pmid,
    }
    return {name: value for name, value in fields.items() if value}


def _csl_name(author: Author) -> dict[str, str]:
    if author.initials is None:
        return {"literal": author.surname}
    name = {"family": author.surname, "given": author.initials}
    return {**name, "suffix": author.suffix} if author.suffix else name


def _bibtex_fields(reference: Reference) -> dict[str, str]:
    fields = {
        "title": f"{{{_braced(reference.title)}}}" if reference.title else None,
        "journal": reference.journal,
        "year": str(reference.year) if reference.year else None,
        "volume": reference.volume,
        "number": reference.issue,
        "pages": f"{reference.first_page}--{reference.last_page}" if reference.last_page else reference.first_page,
        "eid": reference.article_number,
        "language": reference.language,
        "note": reference.note,
        "doi": reference.doi,
        "pmid": reference.pmid,
    }
    return {name: value if name == "title" else _braced(value) for name, value in fields.items() if value}


def _braced(text: str) -> str:
    """Text without braces of its own, for they are markup here and a single one would end the field."""
    return text.replace("{", "(").replace("}", ")")


def _person(author: Author) -> Person:
    if author.initials is None:
        return Person(last=f"{{{_braced(author.surname)}}}")
    return Person(first=_braced(author.initials), last=_braced(author.surname), lineage=_braced(author.suffix or ""))


def _ris(reference: Reference) -> dict[str, Any]:
    fields = {
        "type_of_reference": "JOUR" if reference.journal else "GEN",
        "id": reference.key,
        "authors": [_ris_name(author) for author in reference.authors],
        "title": reference.title,
        "secondary_title": reference.journal,
        "year": str(reference.year) if reference.year else None,
        "volume": reference.volume,
        "number": reference.issue,
        "start_page": reference.first_page,
        "end_page": reference.last_page,
        "custom7": reference.article_number,
        "language": reference.language,
        "notes": [reference.note] if reference.note else None,
        "doi": reference.doi,
        "accession_number": reference.pmid,
    }
    return {name: value for name, value in fields.items() if value}


def _ris_name(author: Author) -> str:
    parts = [author.surname, author.initials or "", author.suffix or ""]
    while not parts[-1]:
        parts.pop()
    return ", ".join(parts)
