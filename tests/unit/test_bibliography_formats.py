"""References as BibTeX, CSL-JSON and RIS, of a work with every field and of one with almost none."""

from __future__ import annotations

import json

from pipelines.release.formats.bibliography import (
    CitedAuthor,
    CitedReference,
    render_bibtex,
    render_csl_json,
    render_ris,
)

FULL = CitedReference(
    key="heel-1",
    authors=(CitedAuthor("Moss", "AB", "Jr"), CitedAuthor("Heel Study Group", None, None)),
    authors_truncated=True,
    title="Braces {and} heels",
    journal="Spine",
    year=1999,
    volume="12",
    issue="3",
    first_page="10",
    last_page="19",
    article_number=None,
    language="German",
    note="In press",
    doi="10.1000/x",
    pmid="123",
)
BARE = CitedReference(
    key="heel-2",
    authors=(),
    authors_truncated=False,
    title="Heels",
    journal=None,
    year=None,
    volume=None,
    issue=None,
    first_page="7",
    last_page=None,
    article_number="e5",
    language=None,
    note=None,
    doi=None,
    pmid=None,
)


def test_bibtex_has_all_fields_and_marks_a_truncated_author_list() -> None:
    first, second = render_bibtex([FULL, BARE]).strip().split("\n\n")
    assert first.startswith("@article{heel-1,")
    assert 'author = "Moss, Jr, AB and {Heel Study Group} and others"' in first
    assert 'title = "{Braces (and) heels}"' in first
    assert 'pages = "10--19"' in first
    assert second.startswith("@misc{heel-2,")
    assert "author" not in second
    assert 'pages = "7"' in second
    assert 'eid = "e5"' in second


def test_csl_json_names_groups_literally() -> None:
    full, bare = json.loads(render_csl_json([FULL, BARE]))
    assert full["author"] == [
        {"family": "Moss", "given": "AB", "suffix": "Jr"},
        {"literal": "Heel Study Group"},
        {"literal": "et al."},
    ]
    assert (full["type"], full["page"], full["issued"]) == ("article-journal", "10-19", {"date-parts": [[1999]]})
    assert bare == {"id": "heel-2", "type": "document", "title": "Heels", "page": "7", "number": "e5"}


def test_ris_has_one_line_per_author() -> None:
    lines = render_ris([FULL, BARE]).splitlines()
    assert [line for line in lines if line.startswith("AU")] == [
        "AU  - Moss, AB, Jr",
        "AU  - Heel Study Group",
        "AU  - et al.",
    ]
    assert [line for line in lines if line.startswith("TY")] == ["TY  - JOUR", "TY  - GEN"]
    assert "SP  - 10" in lines
    assert "EP  - 19" in lines
