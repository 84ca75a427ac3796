"""Bibliographic data of a review from the lines of its front matter: journal, volume, pages, year, DOI, dates, licence.

Takes labelled chunks of lines and completes a `FrontMatter`. Authors and affiliations are in `author_lists`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from pipelines.document import FrontMatter, Text
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.lines import LabelledChunk, join_lines

DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]{1,200})")
_DOI_LINE = re.compile(r"(?:doi\s*:?\s*|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[^\n]{0,200}?\b((?:19|20)\d\d)\b", re.IGNORECASE)
_VOLUME_AND_PAGES = re.compile(
    r"(?:vol(?:ume)?\.?\s*)?(\d{1,4})\s?(?:\(([^()\s]{1,20})\))?[\s:,]{1,3}"
    r"([A-Za-z]{0,3}\d{1,9}[A-Za-z]?)(?:\s?[–-]\s?([A-Za-z]{0,3}\d{1,9}[A-Za-z]?))?"
)
"""`48(4) 1–12`: volume, issue, first and last page."""
_JOURNAL_CITATION = re.compile(
    r"([^\d.;]{4,120}?)[.,]?\s+((?:19|20)\d\d)\s?;\s?(\d{1,4})\s?(?:\(([^()]{1,20})\))?\s?:\s?"
    r"([A-Za-z]{0,3}\d{1,9})(?:\s?[–-]\s?([A-Za-z]{0,3}\d{1,9}))?\.?"
)
"""`J Cast Res. 2011;12(3):101-110.`: journal, year, volume, issue, first and last page."""

_JOURNAL = r"([A-Z][^\d.;:()]{2,100}?(?:\. ?[A-Z][^\d.;:()]{1,40}?){0,4})\.?"
_YEAR = r"((?:19|20)\d\d)"
_PAGES = r"([A-Za-z]{0,3}\d{1,9}[A-Za-z]?)(?:\s?[–-]\s?([A-Za-z]{0,3}\d{1,9}))?"
_RUNNING_HEADS = tuple(
    re.compile(rf"(?:.{{2,80}}?\bet al\.?:?,?\s+)?{pattern}\W*(?:doi\b.*|https?:.*)?", re.IGNORECASE | re.DOTALL)
    for pattern in (
        # `Thureau et al. BMC Cancer (2021) 21:117`
        rf"(?-i:{_JOURNAL})\s*\({_YEAR}\),?\s+(\d{{1,4}})\s?(?:\(([^()]{{1,20}})\))?\s?:\s?{_PAGES}",
        # `Kaur et al. J Invent Nerve Inj 2010, 5:3`
        rf"(?-i:{_JOURNAL}),?\s+{_YEAR},\s?(\d{{1,4}})\s?(?:\(([^()]{{1,20}})\))?\s?:\s?{_PAGES}",
    )
)
"""Forms of a running head with journal, year, volume, issue, first and last page."""
_VOLUME_AND_YEAR = re.compile(
    rf"(?-i:{_JOURNAL}),?\s+vol(?:ume)?\.?\s*(\d{{1,4}})(?:,?\s*(?:no|issue)\.?\s*(\w{{1,10}}))?,?\s+(?:[A-Za-z]{{3,9}}\.?\s+)?{_YEAR}\W*",
    re.IGNORECASE,
)
"""`Iran J Invent Med, Vol. 21, No. 10, Oct 2018`: journal, volume, issue, year."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_DATE = (
    r"((?:\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\.?,?\s+\d{4})|(?:[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
    r"|(?:\d{4}-\d{2}-\d{2}))"
)
_RECEIVED = re.compile(rf"\breceived\b\s*(?:on|:|date:)?\s*{_DATE}", re.IGNORECASE)
_ACCEPTED = re.compile(rf"\baccepted\b\s*(?:on|:|for publication:?|date:)?\s*{_DATE}", re.IGNORECASE)


@built_once
def _history_date_start() -> re.Pattern[str]:
    return re.compile(rf"(?:date\s+)?{any_phrase('history_date')}\b", re.IGNORECASE)


@built_once
def _licence() -> re.Pattern[str]:
    issuer, word, kind = any_phrase("licence_issuer"), any_phrase("licence_word"), any_phrase("licence_kind")
    return re.compile(
        r"\bCC[- ]?(?:BY(?:-(?:NC|ND|SA)){0,2}|0)(?:[ -]\d\.\d)?\b"
        rf"|{issuer} [A-Z][^.;\n]{{3,80}}?{word}(?: \d\.\d)?"
        rf"|{issuer} {kind}[\w -]{{0,60}}\d\.\d"
    )


def is_bibliographic_line(text: str) -> bool:
    """Whether a line has the form of a copyright, DOI, volume, journal or date line."""
    return bool(
        begins_with_history_date(text)
        or _COPYRIGHT.match(text)
        or _DOI_LINE.match(text)
        or _VOLUME_AND_PAGES.fullmatch(text)
        or _JOURNAL_CITATION.fullmatch(text)
    )


def begins_with_history_date(text: str) -> bool:
    """Whether a line begins with `Received`, `Date accepted` or the like."""
    return _history_date_start().match(text) is not None


def find_licence(text: str) -> str | None:
    """The first licence that a text names: `CC BY 4.0`, `Creative Commons Attribution License 4.0`."""
    match = _licence().search(text)
    return match.group(0) if match else None


def add_bibliographic_data(matter: FrontMatter, labelled: list[LabelledChunk]) -> FrontMatter:
    """Add journal, volume, pages, year, DOI, dates and licence; the first of each counts."""
    previous: Text | None = None
    for label, chunk in labelled:
        text = join_lines(chunk)
        value = text.value
        volume = _VOLUME_AND_PAGES.fullmatch(value) if len(value) < 80 else None
        if volume and matter.volume is None:
            matter = replace(
                matter,
                volume=volume.group(1),
                issue=volume.group(2),
                first_page=volume.group(3),
                last_page=volume.group(4),
            )
            if previous is not None and previous != matter.title and matter.journal is None:
                matter = replace(matter, journal=previous)
        elif matter.volume is None and len(value) < 250:
            matter = _add_citation_line(matter, text)
        copyright_line = _COPYRIGHT.match(value)
        if copyright_line and matter.publication_year is None:
            matter = replace(
                matter,
                publication_year=int(copyright_line.group(1)),
                publication_year_basis="copyright_line",
            )
        if label != "abstract":
            matter = _add_doi_dates_licence(matter, value)
        previous = text if label == "head" else None
    return matter


def _add_citation_line(matter: FrontMatter, text: Text) -> FrontMatter:
    """Add journal, year, volume, issue and pages from the journal's own citation, a running head or a running foot."""
    for pattern in (_JOURNAL_CITATION, *_RUNNING_HEADS):
        match = pattern.fullmatch(text.value)
        if match:
            return replace(
                matter,
                journal=text.slice(*match.span(1)).strip(),
                publication_year=int(match.group(2)),
                publication_year_basis="citation_line",
                volume=match.group(3),
                issue=match.group(4),
                first_page=match.group(5),
                last_page=match.group(6),
            )
    match = _VOLUME_AND_YEAR.fullmatch(text.value)
    if match:
        return replace(
            matter,
            journal=text.slice(*match.span(1)).strip(),
            volume=match.group(2),
            issue=match.group(3),
            publication_year=int(match.group(4)),
            publication_year_basis="citation_line",
        )
    return matter


def _add_doi_dates_licence(matter: FrontMatter, value: str) -> FrontMatter:
    doi = DOI.search(value)
    if doi and matter.doi is None:
        matter = replace(matter, doi=doi.group(1).rstrip(".,;)"))
    received, accepted = _RECEIVED.search(value), _ACCEPTED.search(value)
    if received and matter.date_received is None:
        matter = replace(matter, date_received=iso_date(received.group(1)))
    if accepted and matter.date_accepted is None:
        matter = replace(matter, date_accepted=iso_date(accepted.group(1)))
    if matter.licence is None:
        matter = replace(matter, licence=find_licence(value))
    return matter


def iso_date(text: str) -> str | None:
    """`9 July 2019`, `July 9, 2019` or `2019-07-09` as `2019-07-09`; None if the day does not exist."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    word = re.search(r"[A-Za-z]{3,9}(?=[\s.,])", text)
    month = _MONTHS.get(word.group(0).casefold()) if word else None
    try:
        if month is None:
            year, month, day = numbers
        else:
            day, year = numbers
        return date(year, month, day).isoformat()
    except ValueError:
        return None
