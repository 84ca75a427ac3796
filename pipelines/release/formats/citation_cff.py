"""`CITATION.cff` (Citation File Format 1.2.0) of a release: how to cite it, and the reviews that it was made from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from pipelines.release.description import AUTHORS, KEYWORDS, LICENCE_NAME, About, Source


def citation_cff(release: About, published: date) -> str:
    """The file as YAML. Strings are written as JSON writes them, which YAML reads."""
    return "\n".join(_lines(release, published)) + "\n"


def _lines(release: About, published: date) -> Iterable[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {_text('Cite the release that you used by its version, and the reviews that its rows come from.')}"
    yield "type: dataset"
    yield f"title: {_text(release.title)}"
    yield f"abstract: {_text(release.description)}"
    yield "authors:"
    yield f"  - name: {_text(AUTHORS)}"
    yield f"version: {_text(release.version)}"
    yield f"date-released: {_text(published.isoformat())}"
    if not release.is_verbatim:
        yield f"license: {LICENCE_NAME}"
    yield "identifiers:"
    yield f"  - type: other\n    value: {_text(release.release_id)}\n    description: {_text('Id of the release')}"
    yield "keywords:"
    yield from (f"  - {_text(word)}" for word in KEYWORDS)
    if release.sources:
        yield "references:"
    for source in release.sources:
        yield from _reference(source)


def _reference(source: Source) -> Iterable[str]:
    yield "  - type: article"
    yield f"    title: {_text(source.name)}"
    yield "    authors:"
    # The format wants an author, and knows this word for none.
    yield from (f"      - name: {_text(name)}" for name in source.authors or ("anonymous",))
    if source.journal:
        yield f"    journal: {_text(source.journal)}"
    if source.year:
        yield f"    year: {source.year}"
    if source.doi:
        yield f"    doi: {_text(source.doi)}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
