"""Reads the author list at the start of a reference.

Four orders of the parts of a name are supported (`Jonsson H Jr`, `Starmer, W. T.`, `King, M. L., Jr.`, `J. Smith`);
the first name decides which order the list has. Given names may be in full (`Smith, John`, `John Smith and Mary Lee`).
An organisation (`World Health Organization`) is one name without initials.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.document import ReferenceName
from pipelines.extract.reference_parser.name_patterns import (
    AFTER_LAST_NAME,
    ANY_NAME,
    BETWEEN,
    EDITORS,
    ELLIPSIS,
    ET_AL,
    FULL_NAME,
    FULL_NAMES,
    GIVEN_AND_MIDDLE,
    GIVEN_FIRST,
    GIVEN_FIRST_IN_LIST,
    INITIALS_FIRST,
    JOINERS,
    LABELLED_BY_LETTER,
    LAST,
    LAST_WITH_PLAIN_INITIALS_FIRST,
    LOWER_OR_SIGN,
    LOWER_WORD,
    NO_LETTERS,
    ORDERS,
    ORGANISATION,
    ORGANISATION_WORD,
    PIECE,
    PLAIN_INITIALS_FIRST,
    SEPARATORS,
    SHORT_LAST,
    SOLE,
    SOLE_WITH_ONE_INITIAL,
    WITH_GIVEN_NAMES,
    WORD_ALONE,
    YEAR_AFTER,
)
from pipelines.readers.given_names import initials_of


@dataclass(frozen=True, slots=True)
class AuthorList:
    """The names with their offsets. `end` is the offset of the first character after the list and its `et al.`."""

    names: tuple[ReferenceName, ...]
    places: tuple[tuple[int, int], ...]
    is_truncated: bool
    end: int


def read_authors(text: str, start: int) -> AuthorList:
    """The author list that begins at `start`. If no name is found there, it is empty and its `end` is `start`."""
    order, first = _match_order(text, start)
    if first is None or (order is PLAIN_INITIALS_FIRST and ORGANISATION_WORD.search(first["surname"]) is not None):
        full_names = _read_full_names(text, start)
        if full_names is not None:
            return full_names
        order, first = _match_unusual_name(text, start)
        if first is None:
            return AuthorList((), (), False, start)
    names: list[ReferenceName] = []
    places: list[tuple[int, int]] = []
    is_truncated = False
    end = start
    match: re.Match[str] | None = first
    while match is not None:
        names.append(_to_reference_name(match))
        end = match.end()
        places.append((match.start(), match.start() + len(names[-1].name)))
        if text.startswith(", ", end) and text[end + 2 : end + 3] not in LOWER_OR_SIGN:
            following = end + 2
            next_name = order.match(text, following)
            if next_name is not None:
                match = next_name
                continue
        et_al = ET_AL.match(text, end)
        if et_al is not None:
            return AuthorList(tuple(names), tuple(places), True, et_al.end())
        between = BETWEEN.match(text, end)
        if between is None or between.end() == end:
            break
        following = between.end()
        if not between.group().strip():
            match = _match_without_separator(text, following, match)
            continue
        is_truncated = is_truncated or ELLIPSIS.search(between.group()) is not None
        match = order.match(text, following)
        if match is None:
            match = (
                _match_other_order(text, following, order)
                or _match_name_before_organisation(text, following)
                or _match_organisation(text, following)
                or LAST.match(text, following)
                or _match_with_given_names(text, following, order)
                or _match_single_name(text, following, order, is_last=between.group().strip(" ,;") in {"and", "&"})
            )
    editors = EDITORS.match(text, end)
    if editors is not None:
        end = editors.end()
    return AuthorList(tuple(names), tuple(places), is_truncated, end)


def read_rest_of_authors(text: str, authors: AuthorList, end: int) -> AuthorList:
    """The list continued up to `end`, where a year shows that it ends, although some names have no usual form."""
    names, places, is_truncated = list(authors.names), list(authors.places), authors.is_truncated
    position = authors.end
    while position < end:
        et_al = ET_AL.match(text, position, end)
        if et_al is not None:
            is_truncated, position = True, et_al.end()
            continue
        position = _skip_separators(text, position, end)
        match = (
            _match_organisation(text[:end], position)
            or _match_order(text[:end], position)[1]
            or LAST.match(text, position, end)
            or FULL_NAME.match(text, position, end)
            or ANY_NAME.match(text, position, end)
        )
        if match is None:
            break
        names.append(_to_reference_name(match))
        places.append((match.start(), match.start() + len(names[-1].name)))
        position = match.end()
    return AuthorList(tuple(names), tuple(places), is_truncated, end)


def _skip_separators(text: str, start: int, end: int) -> int:
    match = SEPARATORS.match(text, start, end)
    return match.end() if match is not None else start


def _read_full_names(text: str, start: int) -> AuthorList | None:
    """A list of at least two names with given names in full; None if there is none at `start`.

    `Toki Seiichi, Hara Naho` begins with surnames, `John Smith and Mary Jones` with given names.
    """
    listed = FULL_NAMES.match(text, start)
    if listed is None or ORGANISATION_WORD.search(listed.group()) is not None:
        return None
    end = listed.end()
    is_given_first = " and " in listed.group() or GIVEN_AND_MIDDLE.search(text, start, end) is not None
    pattern = GIVEN_FIRST if is_given_first else FULL_NAME
    matches = [pattern.fullmatch(text, *piece.span()) for piece in PIECE.finditer(text, start, end)]
    names = [match for match in matches if match is not None]
    if len(names) < len(matches):
        return None
    return AuthorList(tuple(map(_to_reference_name, names)), tuple(match.span() for match in names), False, end)


def _match_order(text: str, start: int) -> tuple[re.Pattern[str], re.Match[str] | None]:
    """The first order in which a name begins at `start`, and that name."""
    for order in ORDERS:
        match = order.match(text, start)
        if match is not None:
            return order, match
    return ORDERS[0], None


def _match_unusual_name(text: str, start: int) -> tuple[re.Pattern[str], re.Match[str] | None]:
    """A first name that has no usual form, and the order of the names after it."""
    match = SOLE.match(text, start)
    if match is not None:
        return ORDERS[0], match
    for match in (_match_organisation(text, start), WORD_ALONE.match(text, start)):
        between = BETWEEN.match(text, match.end()) if match is not None else None
        if between is not None and between.group().strip():
            order, following = _match_order(text, between.end())
            if following is not None:
                return order, match
    inverted = WITH_GIVEN_NAMES[ORDERS[1]].match(text, start)
    if inverted is not None and _is_name_continued(text, inverted.end(), ORDERS[1], may_end_with_stop=False):
        return ORDERS[1], inverted
    return ORDERS[0], _match_name_before_name(text, start) or _match_single_name_at_start(text, start)


def _match_name_before_name(text: str, start: int) -> re.Match[str] | None:
    """A name that only a blank separates from the next: `Ma J Ren D, Wu G`."""
    match = LAST.match(text, start)
    return match if match is not None and _match_without_separator(text, match.end() + 1, match) is not None else None


def _match_without_separator(text: str, start: int, previous: re.Match[str]) -> re.Match[str] | None:
    """A name that follows another after a blank; only after names whose end a title could not have."""
    if previous.re is SHORT_LAST:
        return _match_organisation(text, start)
    if previous.re is not LAST:
        return None
    match = ORDERS[0].match(text, start)
    if match is None or text[match.end() : match.end() + 1] not in {",", ";"}:
        return None
    is_title = LABELLED_BY_LETTER.match(match.group()) or LOWER_WORD.search(match.group())
    return None if is_title else match


def _match_single_name_at_start(text: str, start: int) -> re.Match[str] | None:
    """A person with one initial and no full stop before the title, or with a single name before `et al`."""
    match = SOLE_WITH_ONE_INITIAL.match(text, start)
    if match is not None and LABELLED_BY_LETTER.match(match.group()) is None:
        return match
    match = WORD_ALONE.match(text, start)
    if match is None or (ET_AL.match(text, match.end()) is None and YEAR_AFTER.match(text, match.end()) is None):
        return None
    return match


def _match_with_given_names(text: str, start: int, order: re.Pattern[str]) -> re.Match[str] | None:
    """A name with given names in full among others, `Smith J, Jones Mary, Lee K`."""
    pattern = WITH_GIVEN_NAMES.get(order)
    match = pattern.match(text, start) if pattern is not None else None
    if match is None or not _is_name_continued(text, match.end(), order, may_end_with_stop=order not in INITIALS_FIRST):
        return None
    return match


def _is_name_continued(text: str, end: int, order: re.Pattern[str], *, may_end_with_stop: bool) -> bool:
    """Whether the author list goes on or ends after a name, so that the name is not the beginning of a title."""
    if ET_AL.match(text, end) is not None:
        return True
    last = AFTER_LAST_NAME.match(text, end)
    if last is not None:
        return may_end_with_stop or last.group()[-1].isdigit()
    between = BETWEEN.match(text, end)
    if between is None or not between.group().strip():
        return False
    if order.match(text, between.end()) is not None:
        return True
    if order is ORDERS[1] and GIVEN_FIRST_IN_LIST.match(text, between.end()) is not None:
        return True
    following = WITH_GIVEN_NAMES[order].match(text, between.end())
    return following is not None and order not in INITIALS_FIRST


def _match_other_order(text: str, start: int, order: re.Pattern[str]) -> re.Match[str] | None:
    """A name in another order than the first name: `Smith, J., A. Jones, and B. White`."""
    if order is ORDERS[1]:
        return (
            ORDERS[2].match(text, start)
            or ORDERS[3].match(text, start)
            or GIVEN_FIRST_IN_LIST.match(text, start)
            or ORDERS[0].match(text, start)
        )
    if order is ORDERS[2]:
        return ORDERS[1].match(text, start)
    if order is PLAIN_INITIALS_FIRST:
        return LAST_WITH_PLAIN_INITIALS_FIRST.match(text, start)
    return None


def _match_single_name(text: str, start: int, order: re.Pattern[str], *, is_last: bool) -> re.Match[str] | None:
    """A person with a single name among others: `Jha P, Shashi, Rustagi A`. `is_last` says that it follows an `and`."""
    match = WORD_ALONE.match(text, start)
    if match is None or order in INITIALS_FIRST:
        return None
    end = match.end()
    if (
        (is_last and text[end : end + 1] in {".", ","})
        or text.startswith(". ", end)
        or ET_AL.match(text, end) is not None
    ):
        return match
    between = BETWEEN.match(text, end)
    if between is None or not between.group().strip():
        return None
    return match if order.match(text, between.end()) is not None else None


def _match_organisation(text: str, start: int) -> re.Match[str] | None:
    """The name of an organisation; unlike a stretch of title, it is capitalised throughout."""
    match = ORGANISATION.match(text, start)
    if match is None or any(word[0].islower() and word not in JOINERS for word in match.group().split()):
        return None
    return match


def _match_name_before_organisation(text: str, start: int) -> re.Match[str] | None:
    """A name that only a blank separates from an organisation: `Numasaki H Registration Committee for …`."""
    match = SHORT_LAST.match(text, start)
    return match if match is not None and _match_organisation(text, match.end() + 1) is not None else None


def _to_reference_name(match: re.Match[str]) -> ReferenceName:
    try:
        surname, initials, suffix = match.group("surname", "initials", "suffix")
    except IndexError:  # A test before would double the time for the usual names.
        return _to_other_reference_name(match)
    if not initials.isalpha():
        initials = initials.translate(NO_LETTERS)
    return ReferenceName(match.group(), surname, initials, suffix.rstrip(".") if suffix else None)


def _to_other_reference_name(match: re.Match[str]) -> ReferenceName:
    """An organisation, a person with a single name, or a person with given names in full."""
    if "given" in match.re.groupindex:
        return ReferenceName(match.group(), match["surname"], initials_of(match["given"], match["surname"]))
    name = match.group().rstrip()
    return ReferenceName(name, name, None)
