"""Finds citations by author and year in plain text: `(Grichko and Glick, 2001a,b; Li et al., 2013)`, `Glick (2014)`.

Used for lists of references that are not numbered. An author and a year cite a reference if exactly one entry of the
list agrees with them; what agrees with none or several is no citation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.document import Citation, ReferenceEntry
from pipelines.extract.reference_parser import parse_reference

_YEAR = r"(?:1[89]|20)\d\d"
_YEARS = re.compile(rf"(?<![\d.,/–-]){_YEAR}[a-z]?(?:\s?[,;/]\s?(?:{_YEAR}[a-z]?|[a-z](?![\w.])))*+(?![\d%])(?:\s?\))?")
_ONE_YEAR = re.compile(rf"({_YEAR})?([a-z]?)")
_PARTICLES = "[Vv]an|[Vv]on|[Dd]e|[Dd]el|[Dd]er|[Dd]en|[Dd]i|[Dd]a|[Dd]os|[Ll]a|[Ll]e|[Tt]en|[Tt]er|[Ee]l|[Aa]l"
_NAME = rf"(?:(?:{_PARTICLES})[ -]){{0,3}}[^\W\d_a-z][\w'’‐-]{{1,40}}"
_AUTHORS = re.compile(
    rf"({_NAME}(?:\s{_NAME}){{0,2}})"
    rf"(?:(?:\s*,\s*{_NAME}){{0,6}}\s*,?\s+(?:and|&|et|und|y)\s+({_NAME}(?:\s{_NAME})?)(?!\s+al\b))?"
    r"(\s*,?\s+(?:et\s+al\.?|and\s+(?:co-?workers|colleagues)))?"
    r"(?:[’']s?)?\s*,?\s*[(\[]?\s*$"
)
_LEFT = 160
"""So many characters before a year can contain its authors."""
_NOT_LETTERS = re.compile(r"[^a-z]+")


class _CitedEntry(NamedTuple):
    ref_no: int
    second: str | None
    n_authors: int
    is_truncated: bool
    suffix: str


class AuthorYearIndex:
    """The entries of a reference list by the first author's surname and the year."""

    def __init__(self, references: Sequence[ReferenceEntry]) -> None:
        self._entries: dict[tuple[str, int], list[_CitedEntry]] = defaultdict(list)
        for entry in references:
            fields = entry.fields or parse_reference(entry.text.value).fields
            if not fields.authors or fields.year is None:
                continue
            printed = re.search(rf"\b{fields.year}([a-z])\b", entry.text.value)
            second = _plain(fields.authors[1].surname) if len(fields.authors) > 1 else None
            cited = _CitedEntry(
                entry.ref_no, second, len(fields.authors), fields.authors_truncated, printed.group(1) if printed else ""
            )
            self._entries[_plain(fields.authors[0].surname), fields.year].append(cited)

    def find(self, text: str) -> list[Citation]:
        """The citations of a text, in order; each is from the first author to the last year."""
        citations: list[Citation] = []
        position = 0
        for years in _YEARS.finditer(text):
            left = max(position, years.start() - _LEFT)
            authors = _AUTHORS.search(text, left, years.start())
            if authors is None:
                continue
            start, ref_nos = self._resolve(authors, years.group(0))
            if ref_nos:
                # The parenthesis after `Glick (2014)` belongs to the citation, that after `(Glick, 2014)` does not.
                end = years.end()
                if years.group(0).endswith(")") and "(" not in text[start:end]:
                    end = years.start() + len(years.group(0).rstrip(") "))
                citations.append(Citation(start, end, tuple(ref_nos), (False,) * len(ref_nos)))
                position = end
        return citations

    def _resolve(self, authors: re.Match[str], years: str) -> tuple[int, list[int]]:
        """The offset of the first author and the references that authors and years agree with."""
        for start, name in _names(authors):
            found: list[int] = []
            for year, suffix in _split_years(years):
                entry = self._match(_plain(name), year, suffix, authors)
                if entry is not None and entry.ref_no not in found:
                    found.append(entry.ref_no)
            if found:
                return start, found
        return authors.start(), []

    def _match(self, surname: str, year: int, suffix: str, authors: re.Match[str]) -> _CitedEntry | None:
        entries = self._entries.get((surname, year), [])
        second, is_et_al = authors.group(2), authors.group(3) is not None
        if suffix:
            entries = _keep_agreeing(entries, [entry.suffix == suffix for entry in entries])
        if is_et_al:
            entries = _keep_agreeing(entries, [entry.n_authors > 1 or entry.is_truncated for entry in entries])
        elif second is not None:
            entries = _keep_agreeing(entries, [entry.second == _plain(second) for entry in entries])
        else:
            entries = _keep_agreeing(entries, [entry.n_authors == 1 and not entry.is_truncated for entry in entries])
        return entries[0] if len(entries) == 1 else None


def _keep_agreeing(entries: list[_CitedEntry], agrees: list[bool]) -> list[_CitedEntry]:
    """The entries that agree; a single entry of its author and year is meant even if it does not."""
    if len(entries) == 1:
        return entries
    return [entry for entry, is_agreeing in zip(entries, agrees, strict=True) if is_agreeing]


def _plain(name: str) -> str:
    """A surname without case, accents, blanks and hyphens."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKD", name).casefold())


def _names(authors: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The words that may be the first author's surname, the longest first: `However Smith`, then `Smith`."""
    name = authors.group(1)
    for match in re.finditer(r"(?:^|\s)(?=\S)", name):
        yield authors.start(1) + match.end(), name[match.end() :]


def _split_years(printed: str) -> Iterator[tuple[int, str]]:
    """`2001a,b` as (2001, a) and (2001, b)."""
    year = 0
    for part in re.split(r"\s?[,;/]\s?", printed.rstrip(") ")):
        match = _ONE_YEAR.fullmatch(part.strip())
        if match is None:
            continue
        year = int(match.group(1) or year)
        yield year, match.group(2)
