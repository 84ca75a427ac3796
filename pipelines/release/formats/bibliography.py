"""The references of a release as bibliographies: CSL-JSON, BibTeX and RIS.

Contains only fields that the reference list states. A reference that names a journal, book or site is exported as an
article in it, any other reference as a generic document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rispy
from pybtex.database import BibliographyData, Entry, Person

from pipelines.release.formats.reference_selection import ALL_REFERENCES, open_selection


@dataclass(frozen=True, slots=True)
class CitedAuthor:
    """An author of a cited work as printed. `initials` is None for a group, or if none are printed."""

    surname: str
    initials: str | None
    suffix: str | None


@dataclass(frozen=True, slots=True)
class CitedReference:
    """A reference as the review prints it. `key` is unique in the release: review_id and number."""

    key: str
    authors: tuple[CitedAuthor, ...]
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
    for name in CitedReference.__dataclass_fields__
    if name not in ("key", "authors")
}
"""The column of `bib_references` for each field of a CitedReference."""


def read_references(release: Path, select: str = ALL_REFERENCES) -> list[CitedReference]:
    """Read the references whose review_id and ref_no a query on the release returns, sorted by these.

    Raises SelectionError if they cannot be selected (see `open_selection`).
    """
    with open_selection(release, select) as connection:
        author_rows = connection.execute(
            "SELECT review_id, ref_no, surname, initials, suffix FROM reference_authors "
            "SEMI JOIN selected USING (review_id, ref_no) ORDER BY review_id, ref_no, position"
        ).fetchall()
        reference_rows = connection.execute(
            f"SELECT review_id, ref_no, {', '.join(_COLUMNS.values())} FROM bib_references "
            "SEMI JOIN selected USING (review_id, ref_no) ORDER BY review_id, ref_no"
        ).fetchall()
    authors: dict[tuple[str, int], list[CitedAuthor]] = {}
    for review_id, ref_no, surname, initials, suffix in author_rows:
        authors.setdefault((review_id, ref_no), []).append(CitedAuthor(surname, initials, suffix))
    return [
        CitedReference(
            key=f"{review_id}-{ref_no}",
            authors=tuple(authors.get((review_id, ref_no), ())),
            **dict(zip(_COLUMNS, values, strict=True)),
        )
        for review_id, ref_no, *values in reference_rows
    ]


def render_csl_json(references: Iterable[CitedReference]) -> str:
    """Render CSL-JSON, the input format of citeproc, Zotero and pandoc."""
    return json.dumps([_csl_item(reference) for reference in references], indent=2, ensure_ascii=False) + "\n"


def render_bibtex(references: Iterable[CitedReference]) -> str:
    """Render BibTeX in UTF-8. Titles are in braces, so that styles keep their capitals as printed."""
    entries = {}
    for reference in references:
        entry = Entry("article" if reference.journal else "misc", _bibtex_fields(reference))
        persons = [_bibtex_person(author) for author in reference.authors]
        if reference.authors_truncated and persons:
            persons.append(Person("others"))
        if persons:
            entry.persons["author"] = persons
        entries[reference.key] = entry
    text: str = BibliographyData(entries=entries).to_string("bibtex")
    return text


def render_ris(references: Iterable[CitedReference]) -> str:
    """Render RIS."""
    text: str = rispy.dumps([_ris_entry(reference) for reference in references], implementation=_UnnumberedRisWriter)
    return text


class _UnnumberedRisWriter(rispy.RisWriter):  # type: ignore[misc]
    """Writes RIS without the entry numbers that rispy adds, because strict readers reject them."""

    def set_header(self, count: int) -> str:  # noqa: ARG002
        return ""


FORMATS: Mapping[str, Callable[[Iterable[CitedReference]], str]] = {
    "csl-json": render_csl_json,
    "bibtex": render_bibtex,
    "ris": render_ris,
}


def _list_authors(reference: CitedReference) -> list[CitedAuthor]:
    """The authors, with "et al." as the last one if the list is cut: CSL-JSON and RIS have no mark for it."""
    return [*reference.authors, *([CitedAuthor("et al.", None, None)] if reference.authors_truncated else [])]


def _csl_item(reference: CitedReference) -> dict[str, Any]:
    fields = {
        "id": reference.key,
        "type": "article-journal" if reference.journal else "document",
        "author": [_csl_name(author) for author in _list_authors(reference)],
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


def _csl_name(author: CitedAuthor) -> dict[str, str]:
    if author.initials is None:
        return {"literal": author.surname}
    name = {"family": author.surname, "given": author.initials}
    return {**name, "suffix": author.suffix} if author.suffix else name


def _bibtex_fields(reference: CitedReference) -> dict[str, str]:
    fields = {
        "title": f"{{{_replace_braces(reference.title)}}}" if reference.title else None,
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
    return {name: value if name == "title" else _replace_braces(value) for name, value in fields.items() if value}


def _replace_braces(text: str) -> str:
    """Replace braces by parentheses: braces are BibTeX markup, and an unbalanced one would end the field."""
    return text.replace("{", "(").replace("}", ")")


def _bibtex_person(author: CitedAuthor) -> Person:
    if author.initials is None:
        return Person(last=f"{{{_replace_braces(author.surname)}}}")
    return Person(
        first=_replace_braces(author.initials),
        last=_replace_braces(author.surname),
        lineage=_replace_braces(author.suffix or ""),
    )


def _ris_entry(reference: CitedReference) -> dict[str, Any]:
    fields = {
        "type_of_reference": "JOUR" if reference.journal else "GEN",
        "id": reference.key,
        "authors": [_ris_name(author) for author in _list_authors(reference)],
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


def _ris_name(author: CitedAuthor) -> str:
    parts = [author.surname, author.initials or "", author.suffix or ""]
    while not parts[-1]:
        parts.pop()
    return ", ".join(parts)
