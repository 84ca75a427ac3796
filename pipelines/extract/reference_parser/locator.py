"""Reads year, volume, issue and pages at the end of a printed reference, after `tail` has been cut off.

Pages that JATS tags (`fpage`, `page-range`) are read in `readers/jats/ref_list.py`, the review's own pages in
`readers/jats/article_meta.py` and `readers/text/bibliographic_lines.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WINDOW = 90
"""Characters before the end that are searched for a locator; keeps the time independent of the string's length."""

_PAGE = r"(?:e\d{5}-\d\d(?!\d)|[A-Za-z]{0,5}[-.]?\d+(?:[A-Za-z]{1,3}\d*)?(?:\.[a-z]?\d+)?)"
_DASH = r"\s?[–—−‐-]{1,2}\s?"
_RANGE = rf"(?:pp?\.?\s?)?(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?"
_MORE_PAGES = r"(?:(?:[,;]\s?|[,;.]\s(?:quiz|discussion|author reply)\s)[A-Za-z]?\d{1,5}(?:[–-]\d{1,5})?){0,3}"
_ROMAN = rf"(?P<first_page>[ivxlc]{{1,8}}){_DASH}(?P<last_page>[ivxlc]{{1,8}})"
_VOLUME = r"(?P<volume>(?:[A-Z]{1,3}-?)?\d{1,5}(?:[A-Za-z]{1,2}|-[A-Z])?(?:\s?[–/‐-]\s?\d{1,4}[A-Za-z]?)?)"
_ISSUE = (
    r"(?:\s?\(\s?(?P<issue>[^()]{1,40})\)"
    r"|[\s,]{1,2}(?P<part>(?:Suppl(?:ement)?\b\.?|Pt\b\.?)(?:\s?\w{1,4})?)(?=\s?[:,\s]))?"
)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)[a-z]?"
_DATE = rf"{_YEAR}(?:[ ,]\s?[A-Z][a-z]{{2,8}}\.?(?:[ –-]\s?(?:\d{{1,2}}|[A-Z][a-z]{{2}})){{0,3}})?"
_NUMBER = r"(?:\s?(?:[Nn]o\.?|[Ii]ss(?:ue|\.)?|[Nn]umber)\s?(?P<issue>[\w–/-]{1,12}),?)?"


def _compile(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?:(?<=[\s.,;:*)\]])|^){pattern}[\s.,;]*$") for pattern in patterns)


_WITH_SEMICOLON = _compile(
    # 2013; 100: 435–441      2014;51(4):949–957      2020; 1–14      2017; p. 201704949      1985;7
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}\s?[:,]\s?{_RANGE}{_MORE_PAGES}",
    rf"{_DATE};\s?(?P<first_page>\d+){_DASH}(?P<last_page>\d+)",
    rf"{_DATE};\s?pp?\.\s?(?P<first_page>{_PAGE})",
    rf"{_DATE};\s?{_ROMAN}",
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}\s?[:,]\s?{_ROMAN}",
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}",
)
_WITH_YEAR = _compile(
    # (1967) 157:697–700
    rf"\({_YEAR}\)[;:,.]?\s?{_VOLUME}{_ISSUE}\s?[:,]\s?{_RANGE}",
    # 2015: 527–564
    rf"{_DATE}:\s?{_RANGE}",
    # 2011, 4, 3167–3192
    rf"{_YEAR},\s?{_VOLUME}{_ISSUE}\s?[,:]\s?{_RANGE}",
    # 12 (2004) 123–125      12, 123–125 (2004)      12(3), 123–125 (2004)      12:123–125, 2004
    rf"{_VOLUME}{_ISSUE}\s?,?\s?\({_YEAR}\)[,:]?\s?{_RANGE}",
    rf"{_VOLUME}{_ISSUE}\s?[,:]\s?{_RANGE}\s?[,;]?\s?\({_YEAR}\)",
    rf"{_VOLUME}{_ISSUE}\s?:\s?{_RANGE},\s{_YEAR}",
    # vol. 12, no. 3, pp. 123–125, 2004
    rf"[Vv]ol(?:ume|\.)?\s?{_VOLUME},?{_NUMBER}(?:\s?(?:[Aa]rticle(?: ID)?\s?)?{_RANGE})?"
    rf"(?:,?\s?\(?(?:[A-Z][a-z]{{2,8}}\.?\s)?{_YEAR}\)?)?",
    # 2014, pp. 12–34
    rf"{_YEAR}[,;:.]\s?pp?\.?\s?(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?",
    rf"\({_YEAR}\)[;:,.]?\s?{_VOLUME}{_ISSUE}",
)
_AFTER_YEAR = _compile(
    # 7 446–451      65, 2119–2135      9:153      7(1): e30251      27 355.2
    rf"(?:[Vv]ol\.?\s?)?{_VOLUME}{_ISSUE}\s?(?:[,:;]\s?|\s|\.\s(?=pp?\.)){_RANGE}",
    rf"pp?\.?\s?(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?",
    rf"(?P<first_page>\d+){_DASH}(?P<last_page>\d+)",
    rf"{_VOLUME}{_ISSUE}\s?(?:[,:;]\s?|\s){_ROMAN}",
    rf"{_VOLUME}{_ISSUE}",
)
_YEAR_ALONE = _compile(rf"\(?{_DATE}\)?")
_AFTER_ITALICS = re.compile(
    rf"\s(?P<year>\d{{4}})(?:;\s{{1,2}}(?P<volume>[^\s:;](?:[^:;]{{0,38}}[^\s:;.])?))?(?::\s{{1,2}}{_RANGE})?[\s.]*$|[\s.]*$"
)

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Locator:
    """`start` is where the locator begins; `places` has the offsets of each part that is printed."""

    start: int
    places: dict[str, Place]


def read_locator(text: str, start: int, end: int, is_year_known: bool) -> Locator:
    """The locator that ends at `end`. If none is printed, its `start` is `end` and its `places` are empty.

    `is_year_known` says that the year was printed after the authors, so that the locator has none.
    """
    begin = max(start, end - _WINDOW)
    window = text[begin:end]
    italics = window.rfind("*")
    if italics >= 0:
        match = _AFTER_ITALICS.match(window, italics + 1)
        if match is not None:
            return _to_locator(match, begin)
    patterns = _AFTER_YEAR if is_year_known else ()
    if ";" in window:
        patterns += _WITH_SEMICOLON
    patterns += _WITH_YEAR if is_year_known else _WITH_YEAR + _YEAR_ALONE
    for pattern in patterns:
        match = pattern.search(window)
        if match is not None:
            return _to_locator(match, begin)
    return Locator(end, {})


def _to_locator(match: re.Match[str], offset: int) -> Locator:
    places = {}
    for name in match.re.groupindex:
        begin, end = match.span(name)
        if begin >= 0:
            places["issue" if name == "part" else name] = (offset + begin, offset + end)
    return Locator(offset + match.start(), places)
