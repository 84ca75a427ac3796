"""A printed bibliographic reference, taken apart.

Here stands how one reference string is read: where its authors end, what is title and what is journal, what year,
volume and pages are printed. What a list of references is and where it starts is the readers' matter; which journal
an abbreviation means is the normaliser's.

The string is read from both ends. What identifies the work (DOI, PMID, address) and remarks are cut off its end
(`tail`), the authors are read from its start (`names`), the locator (`2013; 100: 435–441`, `7 446–451`) backwards from
the end of what is left (`locator`); title and journal share the rest (`title`). Every pattern is anchored or works in a
window of bounded length: the time is linear in the length of the string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.document import ReferenceFields, ReferenceName
from pipelines.extract.reference_parser.locator import read_locator
from pipelines.extract.reference_parser.names import AuthorList, read_authors
from pipelines.extract.reference_parser.styles import UNRECOGNISED, recognise
from pipelines.extract.reference_parser.tail import Tail, read_tail
from pipelines.extract.reference_parser.title import Naming, split_title

_YEAR_IN_BRACKETS = re.compile(
    r"[\s.,:]{0,4}\(\s?(?:(?P<year>(?:1[5-9]|20)\d\d)[a-z]?(?:[ ,/–-][^()]{0,40})?|in press|n\.d\.)\)[\s.,:;]*"
)
_YEAR_BARE = re.compile(r"(?:\s?\.?,?\s{1,3})(?P<year>(?:1[5-9]|20)\d\d)[a-z]?(?P<after>[.,:]?)\s+")
_BEFORE_BRACKET = re.compile(r"([^().*]{2,120}?)[.,]?(?=\s{0,3}\()")
_SENTENCE_IN_CAPITALS = re.compile(
    r"((?:(?:\(?[^\W\da-z_][^\s.,]*|of|and|the|for|on|in|de|&),?[ ]){0,24}\(?[^\W\da-z_][^\s.,]*)(?=\. )"
)
_SENTENCE_END = re.compile(r"[.?!] ")
_CONTAINER = re.compile(r"(?<=\s)In:\s|(?<=[.,”] )[Ii]n:?\s(?=\*)|(?<=[.,?!] )in: |(?<=” )in ")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ParsedReference:
    """A reference string taken apart.

    `places` maps a field's name (`title`, `journal`, `year`, `volume`, `issue`, `first_page`, `last_page`,
    `article_number`, `doi`, `pmid`, `note`, and `author:1`, `author:2`, … for the listed authors) to the 0-based,
    half-open offsets where it stands in the string. `style` is the recognised printed style (`unrecognised` where none
    of those known fits). `is_exact` holds when the fields, written in that style, give the string again,
    character for character.
    """

    fields: ReferenceFields
    places: Mapping[str, Place]
    style: str
    is_exact: bool


def parse_reference(text: str) -> ParsedReference:
    """Take `text`, one reference without its number, apart; a part that is not printed is None. Never raises.

    A single number where pages stand (`17: 315`) is `first_page`, and `article_number` too where its form allows that.
    `initials` are bare letters (`M. T.` gives `MT`), `name` is as printed.
    """
    tail = read_tail(text)
    end = tail.start
    authors = read_authors(text, _skip(text, 0, end))
    position = min(authors.end, end)
    year_place, position = _year_after_authors(text, position, end, bool(authors.names))
    if not authors.names:
        authors, year_place, position = _signing_body(text, _skip(text, 0, end), end)
    by_comma = year_place is None and text[position : position + 1] == ","
    locator = read_locator(text, _skip(text, position, end), end, year_place is not None)
    if year_place is not None and text[year_place[1]] == " " and text[year_place[0] - 2] == ".":
        # `Smith J. 2015 ESC Guidelines …. Eur Heart J 2016;37:267`: the title begins with a year.
        dated = read_locator(text, year_place[0], end, False)
        if dated.places.keys() >= {"year", "volume"}:
            locator, position, year_place = dated, year_place[0], None
    position = _skip(text, position, end)
    if _has_container(text) and (container := _CONTAINER.search(text, position, end)) is not None:
        naming = Naming(_stripped(text, position, container.start()), None)
    else:
        naming = split_title(
            text,
            position,
            locator.start,
            has_locator=len(locator.places) > 0 or tail.is_ahead_of_print or tail.doi is not None,
            is_unpaged=locator.places.keys() <= {"year"} and not tail.is_ahead_of_print,
            is_dotted=len(authors.names) > 0 and "." in authors.names[0].name and "," not in authors.names[0].name,
            by_comma=by_comma,
        )
    title = naming.title
    if title is not None and naming.journal is None:
        title = _without_marks(text, title)
    found = {
        "title": title,
        "journal": naming.journal,
        "year": tail.year,
        **locator.places,
        "doi": tail.doi,
        "pmid": tail.pmid,
        "note": tail.note,
    }
    if year_place is not None:
        found["year"] = year_place
    places = {name: place for name, place in found.items() if place is not None}
    _settle_pages(text, places)
    fields = _fields(text, places, authors, tail)
    places.update(zip(map("author:{}".format, range(1, len(authors.places) + 1)), authors.places, strict=True))

    first, last = places.get("first_page"), places.get("last_page")
    style = recognise(
        text,
        fields,
        pages=_printed_before(text, first[0]) if first is not None else None,
        dash=text[first[1] : last[0]] if first is not None and last is not None else None,
        year_first=year_place is not None,
        journal_stop=naming.journal is not None and text.startswith(".", naming.journal[1]),
    )
    return ParsedReference(fields, places, style or UNRECOGNISED, style is not None)


def _has_container(text: str) -> bool:
    """A quick look that spares most strings the search for the book a chapter stands in."""
    return "In: " in text or "in: " in text or "In *" in text or "in *" in text or "” in " in text


def _printed_before(text: str, place: int) -> str:
    """The punctuation that stands before `place`."""
    start = place
    while start > 0 and text[start - 1] in " ,:;":
        start -= 1
    return text[start:place]


def _settle_pages(text: str, places: dict[str, Place]) -> None:
    """Drop a last page that repeats the first one, and enter the article number where the form shows one."""
    first, last = places.get("first_page"), places.get("last_page")
    if first is None:
        return
    if last is not None and text[first[0] : first[1]] == text[last[0] : last[1]]:
        del places["last_page"]
    if last is None and _is_article_number(text, first):
        places["article_number"] = first


def _fields(text: str, places: dict[str, Place], authors: AuthorList, tail: Tail) -> ReferenceFields:
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


def _year_after_authors(text: str, start: int, end: int, has_authors: bool) -> tuple[Place | None, int]:
    match = _YEAR_IN_BRACKETS.match(text, start, end)
    if match is None and has_authors:
        match = _YEAR_BARE.match(text, start, end)
    if match is None:
        return None, start
    return match.span("year") if match["year"] else None, match.end()


def _signing_body(text: str, start: int, end: int) -> tuple[AuthorList, Place | None, int]:
    """A body as author: the words before a year in brackets, or a first sentence in capitals that two more follow."""
    match = _BEFORE_BRACKET.match(text, start, end)
    if match is not None:
        year, after = _year_after_authors(text, match.end(), end, False)
        if year is not None:
            return _body_list(text, match.start(1), match.end(1)), year, after
    match = _SENTENCE_IN_CAPITALS.match(text, start, end)
    if match is not None and _SENTENCE_END.search(text, match.end() + 2, end) is not None:
        return _body_list(text, match.start(1), match.end(1)), None, match.end()
    return AuthorList((), (), False, start), None, start


def _body_list(text: str, start: int, end: int) -> AuthorList:
    name = text[start:end].rstrip()
    end = start + len(name)
    return AuthorList((ReferenceName(name, name, None),), ((start, end),), False, end)


def _is_article_number(text: str, place: Place) -> bool:
    """Whether a locator without a last page numbers the article, not a page.

    It does unless the form says page: a `p.` before it, or one capital letter before up to four figures (`S84`, the
    page of a supplement). A paper of one page that is printed without a range cannot be told from an article number;
    `first_page` holds the value in any case.
    """
    value = text[place[0] : place[1]]
    if text[max(0, place[0] - 3) : place[0]].rstrip(" .").endswith("p"):
        return False
    return not (value[0].isupper() and value[1:].isdigit() and len(value) <= 5)


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " .,:;\u00a0\t\n":
        start += 1
    return start


def _without_marks(text: str, place: Place) -> Place:
    """A book's title without the marks of italics around the whole of it."""
    start, end = place
    if end - start > 2 and text[start] == "*" == text[end - 1] and "*" not in text[start + 1 : end - 1]:
        return start + 1, end - 1
    return place


def _stripped(text: str, start: int, end: int) -> Place | None:
    while start < end and text[start] in ' .,;:“"*':
        start += 1
    while end > start and text[end - 1] in ' .,;:”"*':
        end -= 1
    return (start, end) if start < end else None
