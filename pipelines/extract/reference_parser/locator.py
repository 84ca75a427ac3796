"""Reads year, volume, issue and pages at the end of a printed reference, after `tail` has been cut off.

Pages that JATS tags (`fpage`, `page-range`) are read in `readers/jats/ref_list.py`, the review's own pages in
`readers/jats/article_meta.py` and `readers/text/bibliographic_lines.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WINDOW = 90
"""Characters before the end that are searched for a locator; keeps the time independent of the string's length."""

_PAGE = r"(?:e\d{5}-\d\d(?!\d)|[A-Za-z]{0,8}[-.]?\d+(?:[A-Za-z]{1,3}\d*)?(?:\.[a-z]?\d+)?)"
_DASH = r"(?:\s?[–—−‐-]{1,2}\s?|\sto\s)"
_PAGE_LABEL = r"(?:(?:[Pp]p?\.|[Pp]p?(?=[\s\d])|[Pp]ages?|pii:|[Aa]rt(?:icle|\.)(?:\s(?:ID|[Nn]o\.|number))?)\s?)?"
_RANGE = rf"{_PAGE_LABEL}(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?"
_MORE_PAGES = (
    r"(?:(?:[,;]\s?|[,;.]\s(?:quiz|discussion|author reply):?\s|\s(?=e\d))[A-Za-z]?\d{1,5}(?:[–-]\d{1,5})?){0,3}"
)
_ROMAN = rf"(?P<first_page>[ivxlcIVXLC]{{1,8}}){_DASH}(?P<last_page>[ivxlcIVXLC]{{1,8}})"
_VOLUME = r"(?P<volume>(?:[A-Z]{1,3}-?)?\d{1,5}(?:[A-Za-z]{1,2}|-[A-Z])?(?:\s?[–/‐-]\s?\d{1,4}[A-Za-z]?)?)"
_ISSUE = (
    r"(?:\s?\(\s?(?P<issue>[^()]{1,40})\)"
    r"|[\s,]{1,2}(?P<part>(?:Suppl(?:ement)?\b\.?|Pt\b\.?)(?:\s?\w{1,4})?)(?=\s?[:,\s])"
    r"|\s(?P<second>\d{1,3}[A-Z]?)(?=:)|\.(?P<decimal>\d{1,3})(?=\s\()|\s(?:LNCS|LNAI|LNBI)(?=[\s:,])"
    r"|,?\s(?:[Nn]o\.?|[Nn]r?\.|№|n°|[Ii]ss(?:ue|\.)?)\s?(?P<numbered>[\w–/-]{1,12}))?"
)
_ISSUE_GROUPS = frozenset(("part", "second", "decimal", "numbered"))
_SUPPLEMENT = r"(?P<issue>Suppl(?:ement)?\b\.?(?:\s?\w{1,4})?)"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)[a-z]?"
_DATE = (
    rf"{_YEAR}(?:[ ,]\s?[A-Z][a-z]{{2,8}}\.?(?:[ /–-]\s?(?:\d{{1,2}}|[A-Z][a-z]{{2}})){{0,3}}"
    r"|(?:\s\d{1,2}){1,2}(?=;))?"
    r"(?:\s?\[[^\[\]]{1,40}\])?\s?"
)
_NUMBER = r"(?:\s?(?:[Nn]o\.?|[Nn]r?\.|№|n°|[Ii]ss(?:ue|\.)?|[Nn]umber)\s?(?P<issue>[\w–/-]{1,12})[.,:]?)?"
_LABELLED_VOLUME = (
    rf"(?:[Vv]ol(?:ume|\.)?|[Vv]\.)\s?{_VOLUME}[.,:]?(?:\s?\((?!\d{{4}}\))(?P<part>[^()]{{1,40}})\)[.,:]?)?{_NUMBER}"
)
_LABELLED_PAGES = rf"(?:\s?{_PAGE_LABEL}(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?)?"
_FULL_RANGE = rf"(?:pp?\.?\s?)?(?P<first_page>{_PAGE}){_DASH}(?P<last_page>{_PAGE})"


def _compile(*patterns: str, end: str = r"[\s.,;]*$") -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<![^\s.,;:*)\]]){pattern}{end}") for pattern in patterns)


_LABELLED = _compile(
    # vol. 12, no. 3, pp. 123–125, 2004      v. 12, n. 3, p. 123–125      Vol. 12 No. 3
    rf"{_LABELLED_VOLUME}{_LABELLED_PAGES}(?:[.,]?\s?\(?(?:(?:[A-Z][a-z]{{2,8}}\.?|\d{{1,2}})\s)?{_YEAR}\)?)?",
    # 2010. V. 12. № 3. P. 123–125      2010; vol. 12, p. 123
    rf"{_DATE}[.,;:]\s{_LABELLED_VOLUME}{_LABELLED_PAGES}",
    # vol. 12, no. 3, 2004, pp. 123–125      Vol. 12 (2004), pp. 123–125
    rf"{_LABELLED_VOLUME},?\s\(?(?:[A-Z][a-z]{{2,8}}\.?\s)?{_YEAR}\)?,{_LABELLED_PAGES}",
    rf"{_DATE};\s?{_LABELLED_VOLUME}{_LABELLED_PAGES}",
)[::-1]
_WITH_SEMICOLON = _compile(
    # 2013; 100: 435–441      2014;51(4):949–957      2020; 1–14      2017; p. 201704949      1985;7
    # 1962 9;Suppl 1:217–22      2003; 19(S2); ii246–ii55
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}\s?[:,;]\s?{_RANGE}{_MORE_PAGES}",
    rf"{_DATE};\s?{_SUPPLEMENT}\s?:\s?{_RANGE}",
    rf"{_DATE};\s?(?P<first_page>\d+){_DASH}(?P<last_page>\d+)",
    rf"{_DATE};\s?pp?\.\s?(?P<first_page>{_PAGE})",
    rf"{_DATE};\s?{_ROMAN}",
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}\s?[:,]\s?{_ROMAN}",
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}",
)
_WITH_YEAR = _compile(
    # (1967) 157:697–700
    rf"\({_YEAR}\)[;:,.]?\s?{_VOLUME}{_ISSUE}(?:\s?[:,]\s?|(?<=\))\s){_RANGE}",
    # 2015: 527–564      2016: 65, 1–8
    rf"{_DATE}:\s?{_RANGE}",
    rf"{_DATE}:\s?{_VOLUME}{_ISSUE}\s?[,:]\s?{_RANGE}",
    # 2011, 4, 3167–3192      2016 13(6): 577
    rf"{_YEAR},\s?{_VOLUME}{_ISSUE}\s?[,:]\s?{_RANGE}",
    rf"{_YEAR}\.?\s{_VOLUME}{_ISSUE}\s?:\s?{_RANGE}",
    # 12 (2004) 123–125      12, 123–125 (2004)      12(3), 123–125 (2004)      12:123–125, 2004
    rf"{_VOLUME}{_ISSUE}\s?,?\s?\({_YEAR}\)[,:]?\s?{_RANGE}",
    rf"{_VOLUME}{_ISSUE}\s?[,:]\s?{_RANGE}\s?[,;]?\s?\({_YEAR}\)",
    rf"{_VOLUME}{_ISSUE}\s?[:,]\s?{_RANGE}[.,;]\s{_YEAR}",
    # 2014, pp. 12–34      1978 p. 345–52      2012 320–332 p.
    rf"{_YEAR}[,;:.]?\s?pp?\.?\s?(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?",
    rf"{_YEAR}[,;:.]?\s(?P<first_page>\d+){_DASH}(?P<last_page>\d+)\spp?",
    rf"\({_YEAR}\)[;:,.]?\s?{_VOLUME}{_ISSUE}",
)
_AFTER_YEAR = _compile(
    # 7 446–451      65, 2119–2135      9:153      7(1): e30251      27 355.2
    rf"{_VOLUME}{_ISSUE}\s?(?:[,:;]\s?|\s|\.\s(?=pp?\.)|(?<=\))){_RANGE}{_MORE_PAGES}",
    rf"{_VOLUME}\.\s?(?P<first_page>\d+){_DASH}(?P<last_page>\d+)",
    rf"pp?\.?\s?(?P<first_page>{_PAGE})(?:{_DASH}(?P<last_page>{_PAGE}))?",
    rf"(?P<first_page>\d+){_DASH}(?P<last_page>\d+)",
    rf"{_VOLUME}{_ISSUE}\s?(?:[,:;]\s?|\s){_ROMAN}",
    rf"{_VOLUME}{_ISSUE}",
)
_YEAR_ALONE = _compile(rf"\(?{_DATE}\)?")
_BEFORE_OTHER_TEXT = _compile(
    rf"{_DATE};\s?{_VOLUME}?{_ISSUE}\s?[:,]\s?{_RANGE}",
    rf"\({_YEAR}\)[;:,.]?\s?{_VOLUME}{_ISSUE}\s?[:,]\s?{_RANGE}",
    rf"{_VOLUME}{_ISSUE}\s?[,:]\s?{_RANGE}\s?[,;]?\s?\({_YEAR}\)",
    rf"{_YEAR},\s?{_VOLUME}{_ISSUE}\s?[,:]\s?{_FULL_RANGE}",
    end=r"(?![\w–-])",
)
_AFTER_YEAR_BEFORE_OTHER_TEXT = _compile(
    rf"(?:[Vv]ol\.?\s?)?{_VOLUME}{_ISSUE}\s?[,:]\s?{_FULL_RANGE}", end=r"(?![\w–-])"
)
"""Locators that are recognised even if words follow that belong to no field."""
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
    if "Vol" in window or "vol" in window or " v." in window or " V." in window:
        patterns = _LABELLED + patterns
    patterns += _WITH_YEAR if is_year_known else _WITH_YEAR + _YEAR_ALONE
    locator = Locator(end, {})
    for pattern in patterns:
        match = pattern.search(window)
        if match is not None:
            locator = _to_locator(match, begin)
            break
    if locator.places.keys() >= {"volume", "first_page"} or not any(map(str.isdigit, window)):
        return locator
    return _find_locator_before_other_text(text, start, end, is_year_known) or locator


def _find_locator_before_other_text(text: str, start: int, end: int, is_year_known: bool) -> Locator | None:
    """The last complete locator that other words follow: `172, 2002–2020. Erratum in 173`."""
    begin = max(start, end - 3 * _WINDOW)
    window = text[begin:end]
    for pattern in _BEFORE_OTHER_TEXT + (_AFTER_YEAR_BEFORE_OTHER_TEXT if is_year_known else ()):
        matches = list(pattern.finditer(window))
        if matches:
            return _to_locator(matches[-1], begin)
    return None


def _to_locator(match: re.Match[str], offset: int) -> Locator:
    places = {}
    for name in match.re.groupindex:
        begin, end = match.span(name)
        if begin >= 0:
            places["issue" if name in _ISSUE_GROUPS else name] = (offset + begin, offset + end)
    return Locator(offset + match.start(), places)
