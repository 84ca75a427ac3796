"""Parses one printed bibliographic reference into authors, title, journal, year, volume and pages.

Finding the reference list is left to the readers; identifying the journal of an abbreviation to `vocabularies`.

The string is read from both ends. Identifiers (DOI, PMID, address) and remarks are cut off its end (`tail`), authors
are read from its start (`names`) and the locator (`2013; 100: 435–441`, `7 446–451`) from the end of the remainder
(`locator`); title and journal share the rest (`title`). Every pattern is anchored or limited to a window of bounded
length, so the time is linear in the length of the string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.document import ReferenceFields, ReferenceName
from pipelines.extract.reference_parser.locator import read_locator
from pipelines.extract.reference_parser.names import AuthorList, read_authors, read_rest_of_authors
from pipelines.extract.reference_parser.styles import UNRECOGNISED, recognise_style
from pipelines.extract.reference_parser.tail import Tail, read_tail
from pipelines.extract.reference_parser.title import Naming, find_thesis_title, split_title

_YEAR_IN_BRACKETS = re.compile(
    r"[\s.,:]{0,4}[(\[]\s?(?:(?P<year>(?:1[5-9]|20)\d\d)[a-z]?(?:[ ,/–-][^()\[\]]{0,40})?|in press|n\.d\.)[)\]]"
    r"[\s.,:;]*"
)
_LATE_YEAR = re.compile(r"\((?P<year>(?:1[5-9]|20)\d\d)[a-z]?\)[\s.,:;]*")
_MIN_TITLE_WORD = 4
_MIN_TITLE_WORDS = 2
_MAX_OTHER_NAMES = 400
"""Characters after the last recognised author in which a year in brackets still ends the author list."""
_YEAR_BARE = re.compile(r"(?:\s?\.?,?\s{1,3})(?P<year>(?:1[5-9]|20)\d\d)[a-z]?(?:[.,:;]?\s+|\.(?=[^\W\d_]))")
_BEFORE_BRACKET = re.compile(r"([^().*]{2,120}?)[.,]?(?=\s{0,3}\()")
_SENTENCE_IN_CAPITALS = re.compile(
    r"((?:(?:\(?[^\W\da-z_][^\s.,]*|of|and|the|for|on|in|de|&),?[ ]){0,24}\(?[^\W\da-z_][^\s.,]*)(?=\. )"
)
_SENTENCE_END = re.compile(r"[.?!] ")
_CONTAINER = re.compile(r"(?<=\s)In:\s|(?<=[.,”] )[Ii]n:?\s(?=\*)|(?<=[.,?!] )in: |(?<=” )in ")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ParsedReference:
    """A parsed reference string.

    `places` maps the name of a field (`title`, `journal`, `year`, `volume`, `issue`, `first_page`, `last_page`,
    `article_number`, `doi`, `pmid`, `note`, and `author:1`, `author:2`, … for the listed authors) to its 0-based,
    half-open offsets in the string. `style` is the recognised printed style, or `unrecognised` if none fits.
    `is_exact` is true if the fields, written in that style, reproduce the string character for character.
    """

    fields: ReferenceFields
    places: Mapping[str, Place]
    style: str
    is_exact: bool


def parse_reference(text: str) -> ParsedReference:
    """Parse one reference without its number. A part that is not printed is None. Never raises.

    A single number in the place of pages (`17: 315`) is `first_page`, and also `article_number` if its form allows.
    `initials` are letters only (`M. T.` gives `MT`); `name` is as printed.
    """
    tail = read_tail(text)
    end = tail.start
    authors = read_authors(text, _skip(text, 0, end))
    position = min(authors.end, end)
    year_place, position = _read_year_after_authors(text, position, end, bool(authors.names))
    if not authors.names:
        authors, year_place, position = _read_corporate_author(text, _skip(text, 0, end), end)
    is_comma_separated = year_place is None and text[position : position + 1] == ","
    locator = read_locator(text, _skip(text, position, end), end, year_place is not None)
    if year_place is None and tail.year is not None and not {"year", "volume"} & locator.places.keys():
        locator = read_locator(text, _skip(text, position, end), end, True)
    if year_place is not None and text[year_place[1]] == " " and text[year_place[0] - 2] == ".":
        # `Smith J. 2015 ESC Guidelines …. Eur Heart J 2016;37:267`: the title begins with a year.
        locator_with_year = read_locator(text, year_place[0], end, False)
        if locator_with_year.places.keys() >= {"year", "volume"}:
            locator, position, year_place = locator_with_year, year_place[0], None
    if year_place is None and tail.year is None and "year" not in locator.places:
        late_year = _LATE_YEAR.search(text, position, min(end, position + _MAX_OTHER_NAMES))
        if late_year is not None and _has_only_names(text[position : late_year.start()]):
            authors = read_rest_of_authors(text, authors, late_year.start())
            year_place, position = late_year.span("year"), late_year.end()
            locator = read_locator(text, position, end, True)
    position = _skip(text, position, end)
    if _may_have_container(text) and (container := _CONTAINER.search(text, position, end)) is not None:
        naming = Naming(_strip(text, position, container.start()), None)
    elif (
        not locator.places.keys() >= {"volume", "first_page"}
        and (thesis := find_thesis_title(text, position, end)) is not None
    ):
        naming = Naming(thesis, None)
        locator.places.pop("volume", None)
    else:
        naming = split_title(
            text,
            position,
            locator.start,
            has_locator=len(locator.places) > 0 or tail.is_ahead_of_print or tail.doi is not None,
            is_unpaged=locator.places.keys() <= {"year"} and not tail.is_ahead_of_print,
            is_dotted=len(authors.names) > 0 and "." in authors.names[0].name and "," not in authors.names[0].name,
            is_comma_separated=is_comma_separated,
        )
    title = naming.title
    if title is not None and naming.journal is None:
        title = _strip_italics(text, title)
    optional_places = {
        "title": title,
        "journal": naming.journal,
        "year": tail.year,
        **locator.places,
        "doi": tail.doi,
        "pmid": tail.pmid,
        "note": tail.note,
    }
    if year_place is not None:
        optional_places["year"] = year_place
    places = {name: place for name, place in optional_places.items() if place is not None}
    _correct_pages(text, places)
    fields = _cut_out_fields(text, places, authors, tail)
    places.update(zip(map("author:{}".format, range(1, len(authors.places) + 1)), authors.places, strict=True))

    first, last = places.get("first_page"), places.get("last_page")
    style = recognise_style(
        text,
        fields,
        pages=_read_punctuation_before(text, first[0]) if first is not None else None,
        dash=text[first[1] : last[0]] if first is not None and last is not None else None,
        is_year_first=year_place is not None,
        has_journal_stop=naming.journal is not None and text.startswith(".", naming.journal[1]),
    )
    return ParsedReference(fields, places, style or UNRECOGNISED, style is not None)


def _has_only_names(stretch: str) -> bool:
    """Whether a stretch may be author names: hardly any of its words begin in lower case, as those of a title do."""
    lower_words = [word for word in stretch.split() if word[0].islower() and len(word) >= _MIN_TITLE_WORD]
    return len(lower_words) < _MIN_TITLE_WORDS


def _may_have_container(text: str) -> bool:
    """A quick test that spares most strings the search for the book that contains a chapter."""
    return "In: " in text or "in: " in text or "In *" in text or "in *" in text or "” in " in text


def _read_punctuation_before(text: str, end: int) -> str:
    start = end
    while start > 0 and text[start - 1] in " ,:;":
        start -= 1
    return text[start:end]


def _correct_pages(text: str, places: dict[str, Place]) -> None:
    """Drop a last page that repeats the first, and add the article number if the form of the locator shows one."""
    first, last = places.get("first_page"), places.get("last_page")
    if first is None:
        return
    if last is not None and text[first[0] : first[1]] == text[last[0] : last[1]]:
        del places["last_page"]
    if last is None and _is_article_number(text, first):
        places["article_number"] = first


def _cut_out_fields(text: str, places: dict[str, Place], authors: AuthorList, tail: Tail) -> ReferenceFields:
    printed = {name: text[start:end] for name, (start, end) in places.items()}
    get = printed.get
    return ReferenceFields(
        authors=authors.names,
        authors_truncated=authors.is_truncated,
        title=get("title"),
        journal=get("journal"),
        year=int(printed["year"]) if "year" in printed else None,
        volume=get("volume"),
        issue=get("issue"),
        first_page=get("first_page"),
        last_page=get("last_page"),
        article_number=get("article_number"),
        is_ahead_of_print=tail.is_ahead_of_print,
        language=tail.language,
        note=get("note"),
        doi=get("doi"),
        pmid=get("pmid"),
    )


def _read_year_after_authors(text: str, start: int, end: int, has_authors: bool) -> tuple[Place | None, int]:
    match = _YEAR_IN_BRACKETS.match(text, start, end)
    if match is None and has_authors:
        match = _YEAR_BARE.match(text, start, end)
    if match is None:
        return None, start
    return match.span("year") if match["year"] else None, match.end()


def _read_corporate_author(text: str, start: int, end: int) -> tuple[AuthorList, Place | None, int]:
    """An organisation as author: the words before a year in brackets, or a capitalised sentence before two others.

    Returns the author, the place of the year and the position after them.
    """
    match = _BEFORE_BRACKET.match(text, start, end)
    if match is not None:
        year, after = _read_year_after_authors(text, match.end(), end, False)
        if year is not None:
            return _make_single_author(text, match.start(1), match.end(1)), year, after
    match = _SENTENCE_IN_CAPITALS.match(text, start, end)
    if match is not None and _SENTENCE_END.search(text, match.end() + 2, end) is not None:
        return _make_single_author(text, match.start(1), match.end(1)), None, match.end()
    return AuthorList((), (), False, start), None, start


def _make_single_author(text: str, start: int, end: int) -> AuthorList:
    name = text[start:end].rstrip()
    end = start + len(name)
    return AuthorList((ReferenceName(name, name, None),), ((start, end),), False, end)


def _is_article_number(text: str, place: Place) -> bool:
    """Whether a locator without a last page is an article number rather than a page.

    It is, unless its form indicates a page: a `p.` before it, or one capital letter before up to four digits (`S84`,
    the page of a supplement). A one-page paper printed without a range cannot be distinguished from an article number;
    `first_page` has the value in both cases.
    """
    value = text[place[0] : place[1]]
    if text[max(0, place[0] - 3) : place[0]].rstrip(" .").endswith("p"):
        return False
    return not (value[0].isupper() and value[1:].isdigit() and len(value) <= 5)


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " .,:;\u00a0\t\n":
        start += 1
    return start


def _strip_italics(text: str, place: Place) -> Place:
    """A book's title without the italics markers around the whole title."""
    start, end = place
    if end - start > 2 and text[start] == "*" == text[end - 1] and "*" not in text[start + 1 : end - 1]:
        return start + 1, end - 1
    return place


def _strip(text: str, start: int, end: int) -> Place | None:
    while start < end and text[start] in ' .,;:“"*':
        start += 1
    while end > start and text[end - 1] in ' .,;:”"*':
        end -= 1
    return (start, end) if start < end else None
