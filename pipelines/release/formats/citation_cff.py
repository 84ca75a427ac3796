"""`CITATION.cff` (Citation File Format 1.2.0): how to cite a release, and the reviews it is made from.

Title, authors and licence are those of `release/description.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from pipelines.release.description import AUTHORS, KEYWORDS, LICENCE_NAME, ReleaseDescription, SourceReview


def render_citation_cff(release: ReleaseDescription, published: date) -> str:
    """Render the file as YAML. Strings are written in JSON syntax, which YAML includes."""
    return "\n".join(_lines(release, published)) + "\n"


def _lines(release: ReleaseDescription, published: date) -> Iterable[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {_quote('Cite the release that you used, with its version, and the reviews its rows come from.')}"
    yield "type: dataset"
    yield f"title: {_quote(release.title)}"
    yield f"abstract: {_quote(release.description)}"
    yield "authors:"
    yield f"  - name: {_quote(AUTHORS)}"
    yield f"version: {_quote(release.version)}"
    yield f"date-released: {_quote(published.isoformat())}"
    if not release.is_verbatim:
        yield f"license: {LICENCE_NAME}"
    yield "identifiers:"
    yield f"  - type: other\n    value: {_quote(release.release_id)}\n    description: {_quote('Id of the release')}"
    yield "keywords:"
    yield from (f"  - {_quote(word)}" for word in KEYWORDS)
    if release.sources:
        yield "references:"
    for source in release.sources:
        yield from _reference(source)


def _reference(source: SourceReview) -> Iterable[str]:
    yield "  - type: article"
    yield f"    title: {_quote(source.name)}"
    yield "    authors:"
    # The format requires an author; this word means that none is known.
    yield from (f"      - name: {_quote(name)}" for name in source.authors or ("anonymous",))
    if source.journal:
        yield f"    journal: {_quote(source.journal)}"
    if source.year:
        yield f"    year: {source.year}"
    if source.doi:
        yield f"    doi: {_quote(source.doi)}"


def _quote(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
