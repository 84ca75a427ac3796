"""Writes a worklist as CSV, to be filled in, and as a page to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pipelines.release.page_templates import render_page
from pipelines.release.worklist.citations import CitationItem
from pipelines.release.worklist.verdicts import VERDICTS

_COLUMNS = (
    "item_id",
    "review_id",
    "review",
    "section",
    "sentence",
    "marker",
    "ref_no",
    "reference",
    "doi_link",
    "pubmed_link",
)
_TO_FILL_IN = ("verdict", "reader", "comment")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet program would run a cell that begins with one of these."""


def render_csv(items: Sequence[CitationItem]) -> str:
    """One row per item, in the order of the items, with empty columns verdict, reader and comment."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_COLUMNS, *_TO_FILL_IN))
    for item in items:
        writer.writerow((*(_cell(getattr(item, name)) for name in _COLUMNS), *("" for _ in _TO_FILL_IN)))
    return text.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def render_sheet(items: Sequence[CitationItem], source: str) -> str:
    """The same items as one self-contained HTML page, with the marker highlighted and boxes to tick.

    `source` says where the items come from, such as the id of the release.
    """
    return render_page("citations.html.jinja", items=items, source=source, verdicts=VERDICTS)
