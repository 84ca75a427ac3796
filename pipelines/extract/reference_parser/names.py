"""Reads the author list at the start of a reference.

Four orders of the parts of a name are supported (`Jonsson H Jr`, `Starmer, W. T.`, `King, M. L., Jr.`, `J. Smith`);
the first name decides which order the list has. An organisation (`World Health Organization`) is one name without
initials.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.document import ReferenceName
from pipelines.readers.given_names import initials_of

UPPER = "".join(chr(code) for code in (*range(0x41, 0x590), *range(0x1E00, 0x1FFF)) if chr(code).isupper())
_HYPHENS = "\\-‐‑–"
_WORD = rf"[^\W\d_][\w’'ʼ´`‘\u0300-\u036f{_HYPHENS}]{{0,40}}"
_SUFFIX = r"(?:,? (?P<suffix>(?:Jr|Sr|II|III|IV|2nd|3rd|4th)\b\.?))?"


def _build_surname_pattern(more_words: int, *, with_stops: bool) -> str:
    """A surname of up to `more_words` + 1 words; `with_stops` allows a full stop at the end of a word (`St. John`)."""
    stop = r"\.?" if with_stops else ""
    following = rf"{stop}[ \u00a0](?!(?:and|und|et) |[{UPPER}]\s)[’'‘]?{_WORD}"
    return rf"(?P<surname>(?![{UPPER}]\.)[’'‘]?{_WORD}(?:{following}){{0,{more_words}}}?)"


def _build_initials_pattern(second_letter: str) -> str:
    """Initials with full stops (`M. T.`, `Y.-M.`; with a `second_letter`, `Yu. A.`), optional after the last one."""
    return (
        rf"[{UPPER}]{second_letter}\."
        rf"(?:[ {_HYPHENS}\u00a0]{{0,2}}(?:(?!(?:Jr|Sr)\b)[{UPPER}]{second_letter}\.|[a-z]\.)){{0,4}}"
        rf"(?:[ {_HYPHENS}\u00a0]?[{UPPER}](?=[,;]|\.(?:\s+[^\sa-z]|$)))?"
    )


_PLAIN = (
    rf"[{UPPER}](?:[{_HYPHENS}]?[{UPPER}]){{0,5}}"
    rf"(?:(?! (?:II|III|IV|Jr|Sr)\b)[ \u00a0][{UPPER}]{{1,2}}(?![{UPPER}])){{0,4}}"
    rf"(?:[{_HYPHENS}][a-z](?=[,;.\s]))?(?:\.(?=[,;]|\s&))?"
)
_INITIALS = rf"(?P<initials>{_build_initials_pattern('[a-z]?')}|{_PLAIN}|[{UPPER}][a-z](?=, ))"
_DELIMITED = r"(?=\s{{0,3}}(?:[,;:(…&]|\.{stop}|\[?(?:1[6-9]|20)\d\d)|\s{{1,3}}(?:and|et|und|y|eds?)\b|\s{{0,3}}$)"
_AFTER = _DELIMITED.format(stop="")
_AFTER_SURNAME = _DELIMITED.format(stop=r"(?!\s[^\W\d]\w{0,11}\.)")
"""A full stop before an abbreviation belongs to a journal's name and does not end a surname: `J. Am. Chem. Soc.`"""

_SURNAME = _build_surname_pattern(4, with_stops=True)
_SURNAME_WITHOUT_STOPS = _build_surname_pattern(4, with_stops=False)
_SHORT_SURNAME = _build_surname_pattern(1, with_stops=False)
_ORDERS = (
    re.compile(rf"{_SURNAME}[ \u00a0]{_INITIALS}{_SUFFIX}{_AFTER}"),
    re.compile(rf"{_SURNAME},\s?{_INITIALS}{_SUFFIX}{_AFTER}"),
    re.compile(rf"{_SURNAME}{_SUFFIX[:-1]},?\s{_INITIALS}{_AFTER}"),
    re.compile(rf"(?P<initials>{_build_initials_pattern('')})\s?{_SURNAME_WITHOUT_STOPS}{_SUFFIX}{_AFTER_SURNAME}"),
    re.compile(rf"(?P<initials>{_PLAIN})\s{_SURNAME_WITHOUT_STOPS}{_SUFFIX}(?=,| and | & )"),
)
_PLAIN_INITIALS_FIRST = _ORDERS[4]
_LAST_WITH_PLAIN_INITIALS_FIRST = re.compile(
    rf"(?P<initials>{_PLAIN})\s{_SURNAME_WITHOUT_STOPS}{_SUFFIX}(?=\.\s|[.,]?\s[(\[]?(?:1[6-9]|20)\d\d)"
)
_INITIALS_FIRST = frozenset(_ORDERS[3:])
_LAST = re.compile(rf"{_SURNAME} (?P<initials>[{UPPER}]{{1,5}}){_SUFFIX}(?=\s[“\"‘]?[^\W\d_])")
"""The last name of a list, separated from the title only by a blank: `Dauer WT, Worman HJ The nuclear envelope`."""
_SHORT_LAST = re.compile(
    rf"(?=[{UPPER}]){_SHORT_SURNAME} (?P<initials>[{UPPER}]{{1,3}})(?P<suffix>)?(?= [{UPPER}][a-z])"
)
_SOLE = re.compile(
    rf"(?!(?:The|A|An|On|In|Is|Are|Of|For)\b){_SHORT_SURNAME} (?P<initials>[{UPPER}]{{2}})(?P<suffix>)?"
    rf"(?=\s[{UPPER}][a-z]+\s)"
)
"""The only author, separated from the title only by a blank. Needs two initials; compare `Vitamin D Status`."""
_SOLE_WITH_ONE_INITIAL = re.compile(
    rf"(?!(?:The|A|An|On|In|Is|Are|Of|For)\b)(?P<surname>[{UPPER}][\w’'{_HYPHENS}]{{1,30}}) (?P<initials>[{UPPER}])"
    rf"(?P<suffix>)?(?=\s[{UPPER}][a-z]+\s[a-z(])"
)
_LOWER_WORD = re.compile(r"(?:^|\s)(?!(?:de|den|der|da|di|la|le|van|von)\s)[a-z]|^(?:The|An?)\s")
_LABELLED_BY_LETTER = re.compile(
    r"(?:Vitamins?|Hepatitis|Influenza|Types?|Groups?|Class|Stages?|Grades?|Phases?|Factors?|Complex|Coenzyme|Proteins?"
    r"|Tables?|Figures?|Panels?|Immunoglobulin|Cytochrome)\s"
)
"""Words before a letter that is no initial."""
_GIVEN = (
    rf"(?P<given>[{UPPER}][^\W\d_]{{1,20}}(?:[ {_HYPHENS}](?:[{UPPER}][^\W\d_]{{1,20}}|[{UPPER}]\.?)){{0,3}})"
    r"(?=\s{0,3}(?:[,;(\[&.]|$)|\s(?:and|und|y)\s)"
)
_WITH_GIVEN_NAMES = {
    _ORDERS[0]: re.compile(rf"(?P<surname>[{UPPER}]{_WORD}(?: (?:de|van|von|der|da|di) {_WORD})?) {_GIVEN}"),
    _ORDERS[1]: re.compile(rf"{_SURNAME_WITHOUT_STOPS}, ?{_GIVEN}"),
    _ORDERS[3]: re.compile(
        rf"(?P<given>[{UPPER}][^\W\d_]{{2,20}}(?: [{UPPER}]\.?)?) (?P<surname>[{UPPER}]{_WORD})(?=,|\sand\s)"
    ),
}
"""Given names in full, in the order of the other names of the list."""
_FULL_NAME = re.compile(
    rf"(?P<surname>[{UPPER}]{_WORD}) (?P<given>[{UPPER}][^\W\d_]{{1,20}}(?: [{UPPER}]\.?)?)(?![\w.])"
)
_GIVEN_FIRST = re.compile(
    rf"(?P<given>[{UPPER}][^\W\d_]{{1,20}}(?: [{UPPER}]\.?)?) "
    rf"(?P<surname>(?:(?:de|van|von|der|da|di) ){{0,2}}[{UPPER}]{_WORD})"
)
_GIVEN_FIRST_IN_LIST = re.compile(rf"{_GIVEN_FIRST.pattern}(?=,? and |\.\s|, [{UPPER}]|\s?\(|,? \[?(?:1[6-9]|20)\d\d)")
_GIVEN_AND_MIDDLE = re.compile(rf"[{UPPER}][^\W\d_]{{1,20}} [{UPPER}]\.? [{UPPER}]")
_ANY_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}}\.?")
_SEPARATORS = re.compile(r"(?:[\s,;.&…]|and\s){0,10}")
_PIECE = re.compile(r"(?<![^\s,;&])(?!and\s|& )[^\s,;&][^,;&]{0,60}?(?=\s?[,;&]|\sand\s|\s?$)")
_FULL_NAME_PARTS = (
    rf"[{UPPER}][\w’'-]{{1,20}}(?: (?:[{UPPER}]\.?|(?:de|van|von|der|da|di)|[{UPPER}][\w’'{_HYPHENS}]{{1,20}})){{1,3}}"
)
_FULL_NAMES = re.compile(
    rf"{_FULL_NAME_PARTS}(?:(?:[,;]\s?(?:and |& )?| and | & ){_FULL_NAME_PARTS}){{1,40}}"
    r"(?=\.?,?\s?[(\[]?(?:1[6-9]|20)\d\d|\.\s?[^\W\d_])"
)
_YEAR_AFTER = re.compile(r",? (?:1[6-9]|20)\d\d[a-z]?[.,:]")
_AFTER_LAST_NAME = re.compile(r"\s{0,2}[.,]?\s{0,2}[(\[]?(?:1[6-9]|20)\d\d|\.\s?[^\W\d_]")
_WORD_ALONE = re.compile(rf"[{UPPER}]{_WORD}(?=[\s,;.])")
_ORGANISATION_WORDS = (
    r"\b(?:Consortium|Group|Network|Project|Team|Society|Committee|Collaborati\w+|Collaborators|Investigators|Initiative"
    r"|Organi[sz]ation|Association|Program(?:me)?|Institute|Foundation|Council|Members|Cent(?:er|re)|Alliance|Commission"
    r"|Federation|Agency|Ministry|Department|Authority|Academy|Union|University|Board|Office|Bureau|Service|Panel|Party)\b"
)
_ORGANISATION_WORD = re.compile(_ORGANISATION_WORDS, re.IGNORECASE)
_ORGANISATION = re.compile(
    r"(?:(?:the|on behalf of|for the) |\d{1,4} )?[^,;.()\d]{0,80}?(?:\([A-Z]{2,8}\) (?:\w{1,20} ){0,3}|(?:19|20)\d\d )?"
    rf"{_ORGANISATION_WORDS}[^,;.()\d]{{0,60}}(?=\s{{0,3}}[,;.(]|$)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s{0,3}(?:\.(?=\s&))?[,;]{0,2}\s{0,3}(?:(?:…|\.{3})\s{0,3})?(?:(?:and|und|y)\s{1,3}|&\s{0,3})?")
_ET_AL = re.compile(
    r"[\s,;]{0,4}(?:\band\s)?\b(?:et\.?\s?al\b\.*|and (?:others|colleagues|coworkers)\b\.?)", re.IGNORECASE
)
_LOWER_OR_SIGN = frozenset("aeu&….")
_NO_LETTERS = dict.fromkeys(map(ord, " .\u00a0-‐‑–"))
_JOINERS = frozenset(["on", "behalf", "of", "for", "the", "and", "in", "de", "la", "des", "du", "et", "für"])
_ELLIPSIS = re.compile(r"…|\.{3}")
_EDITORS = re.compile(r"[\s,]{0,3}[(\[]?\b[Ee]ds?\b\.?[)\]]?")


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
    if first is None or (order is _PLAIN_INITIALS_FIRST and _ORGANISATION_WORD.search(first["surname"]) is not None):
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
        if text.startswith(", ", end) and text[end + 2 : end + 3] not in _LOWER_OR_SIGN:
            following = end + 2
            next_name = order.match(text, following)
            if next_name is not None:
                match = next_name
                continue
        et_al = _ET_AL.match(text, end)
        if et_al is not None:
            return AuthorList(tuple(names), tuple(places), True, et_al.end())
        between = _BETWEEN.match(text, end)
        if between is None or between.end() == end:
            break
        following = between.end()
        if not between.group().strip():
            match = _match_without_separator(text, following, match)
            continue
        is_truncated = is_truncated or _ELLIPSIS.search(between.group()) is not None
        match = order.match(text, following)
        if match is None:
            match = (
                _match_other_order(text, following, order)
                or _match_name_before_organisation(text, following)
                or _match_organisation(text, following)
                or _LAST.match(text, following)
                or _match_with_given_names(text, following, order)
                or _match_single_name(text, following, order, is_last=between.group().strip(" ,;") in {"and", "&"})
            )
    editors = _EDITORS.match(text, end)
    if editors is not None:
        end = editors.end()
    return AuthorList(tuple(names), tuple(places), is_truncated, end)


def read_rest_of_authors(text: str, authors: AuthorList, end: int) -> AuthorList:
    """The list continued up to `end`, where a year shows that it ends, although some names have no usual form."""
    names, places, is_truncated = list(authors.names), list(authors.places), authors.is_truncated
    position = authors.end
    while position < end:
        et_al = _ET_AL.match(text, position, end)
        if et_al is not None:
            is_truncated, position = True, et_al.end()
            continue
        position = _skip_separators(text, position, end)
        match = (
            _match_organisation(text[:end], position)
            or _match_order(text[:end], position)[1]
            or _LAST.match(text, position, end)
            or _FULL_NAME.match(text, position, end)
            or _ANY_NAME.match(text, position, end)
        )
        if match is None:
            break
        names.append(_to_reference_name(match))
        places.append((match.start(), match.start() + len(names[-1].name)))
        position = match.end()
    return AuthorList(tuple(names), tuple(places), is_truncated, end)


def _skip_separators(text: str, start: int, end: int) -> int:
    match = _SEPARATORS.match(text, start, end)
    return match.end() if match is not None else start


def _read_full_names(text: str, start: int) -> AuthorList | None:
    """A list of at least two names with given names in full; None if there is none at `start`.

    `Toki Seiichi, Hara Naho` begins with surnames, `John Smith and Mary Jones` with given names.
    """
    listed = _FULL_NAMES.match(text, start)
    if listed is None or _ORGANISATION_WORD.search(listed.group()) is not None:
        return None
    end = listed.end()
    is_given_first = " and " in listed.group() or _GIVEN_AND_MIDDLE.search(text, start, end) is not None
    pattern = _GIVEN_FIRST if is_given_first else _FULL_NAME
    matches = [pattern.fullmatch(text, *piece.span()) for piece in _PIECE.finditer(text, start, end)]
    names = [match for match in matches if match is not None]
    if len(names) < len(matches):
        return None
    return AuthorList(tuple(map(_to_reference_name, names)), tuple(match.span() for match in names), False, end)


def _match_order(text: str, start: int) -> tuple[re.Pattern[str], re.Match[str] | None]:
    """The first order in which a name begins at `start`, and that name."""
    for order in _ORDERS:
        match = order.match(text, start)
        if match is not None:
            return order, match
    return _ORDERS[0], None


def _match_unusual_name(text: str, start: int) -> tuple[re.Pattern[str], re.Match[str] | None]:
    """A first name that has no usual form, and the order of the names after it."""
    match = _SOLE.match(text, start)
    if match is not None:
        return _ORDERS[0], match
    for match in (_match_organisation(text, start), _WORD_ALONE.match(text, start)):
        between = _BETWEEN.match(text, match.end()) if match is not None else None
        if between is not None and between.group().strip():
            order, following = _match_order(text, between.end())
            if following is not None:
                return order, match
    inverted = _WITH_GIVEN_NAMES[_ORDERS[1]].match(text, start)
    if inverted is not None and _is_name_continued(text, inverted.end(), _ORDERS[1], may_end_with_stop=False):
        return _ORDERS[1], inverted
    return _ORDERS[0], _match_name_before_name(text, start) or _match_single_name_at_start(text, start)


def _match_name_before_name(text: str, start: int) -> re.Match[str] | None:
    """A name that only a blank separates from the next: `Ma J Ren D, Wu G`."""
    match = _LAST.match(text, start)
    return match if match is not None and _match_without_separator(text, match.end() + 1, match) is not None else None


def _match_without_separator(text: str, start: int, previous: re.Match[str]) -> re.Match[str] | None:
    """A name that follows another after a blank; only after names whose end a title could not have."""
    if previous.re is _SHORT_LAST:
        return _match_organisation(text, start)
    if previous.re is not _LAST:
        return None
    match = _ORDERS[0].match(text, start)
    if match is None or text[match.end() : match.end() + 1] not in {",", ";"}:
        return None
    is_title = _LABELLED_BY_LETTER.match(match.group()) or _LOWER_WORD.search(match.group())
    return None if is_title else match


def _match_single_name_at_start(text: str, start: int) -> re.Match[str] | None:
    """A person with one initial and no full stop before the title, or with a single name before `et al`."""
    match = _SOLE_WITH_ONE_INITIAL.match(text, start)
    if match is not None and _LABELLED_BY_LETTER.match(match.group()) is None:
        return match
    match = _WORD_ALONE.match(text, start)
    if match is None or (_ET_AL.match(text, match.end()) is None and _YEAR_AFTER.match(text, match.end()) is None):
        return None
    return match


def _match_with_given_names(text: str, start: int, order: re.Pattern[str]) -> re.Match[str] | None:
    """A name with given names in full among others, `Smith J, Jones Mary, Lee K`."""
    pattern = _WITH_GIVEN_NAMES.get(order)
    match = pattern.match(text, start) if pattern is not None else None
    if match is None or not _is_name_continued(
        text, match.end(), order, may_end_with_stop=order not in _INITIALS_FIRST
    ):
        return None
    return match


def _is_name_continued(text: str, end: int, order: re.Pattern[str], *, may_end_with_stop: bool) -> bool:
    """Whether the author list goes on or ends after a name, so that the name is not the beginning of a title."""
    if _ET_AL.match(text, end) is not None:
        return True
    last = _AFTER_LAST_NAME.match(text, end)
    if last is not None:
        return may_end_with_stop or last.group()[-1].isdigit()
    between = _BETWEEN.match(text, end)
    if between is None or not between.group().strip():
        return False
    if order.match(text, between.end()) is not None:
        return True
    if order is _ORDERS[1] and _GIVEN_FIRST_IN_LIST.match(text, between.end()) is not None:
        return True
    following = _WITH_GIVEN_NAMES[order].match(text, between.end())
    return following is not None and order not in _INITIALS_FIRST


def _match_other_order(text: str, start: int, order: re.Pattern[str]) -> re.Match[str] | None:
    """A name in another order than the first name: `Smith, J., A. Jones, and B. White`."""
    if order is _ORDERS[1]:
        return (
            _ORDERS[2].match(text, start)
            or _ORDERS[3].match(text, start)
            or _GIVEN_FIRST_IN_LIST.match(text, start)
            or _ORDERS[0].match(text, start)
        )
    if order is _ORDERS[2]:
        return _ORDERS[1].match(text, start)
    if order is _PLAIN_INITIALS_FIRST:
        return _LAST_WITH_PLAIN_INITIALS_FIRST.match(text, start)
    return None


def _match_single_name(text: str, start: int, order: re.Pattern[str], *, is_last: bool) -> re.Match[str] | None:
    """A person with a single name among others: `Jha P, Shashi, Rustagi A`. `is_last` says that it follows an `and`."""
    match = _WORD_ALONE.match(text, start)
    if match is None or order in _INITIALS_FIRST:
        return None
    end = match.end()
    if (
        (is_last and text[end : end + 1] in {".", ","})
        or text.startswith(". ", end)
        or _ET_AL.match(text, end) is not None
    ):
        return match
    between = _BETWEEN.match(text, end)
    if between is None or not between.group().strip():
        return None
    return match if order.match(text, between.end()) is not None else None


def _match_organisation(text: str, start: int) -> re.Match[str] | None:
    """The name of an organisation; unlike a stretch of title, it is capitalised throughout."""
    match = _ORGANISATION.match(text, start)
    if match is None or any(word[0].islower() and word not in _JOINERS for word in match.group().split()):
        return None
    return match


def _match_name_before_organisation(text: str, start: int) -> re.Match[str] | None:
    """A name that only a blank separates from an organisation: `Numasaki H Registration Committee for …`."""
    match = _SHORT_LAST.match(text, start)
    return match if match is not None and _match_organisation(text, match.end() + 1) is not None else None


def _to_reference_name(match: re.Match[str]) -> ReferenceName:
    try:
        surname, initials, suffix = match.group("surname", "initials", "suffix")
    except IndexError:  # A test before would double the time for the usual names.
        return _to_other_reference_name(match)
    if not initials.isalpha():
        initials = initials.translate(_NO_LETTERS)
    return ReferenceName(match.group(), surname, initials, suffix.rstrip(".") if suffix else None)


def _to_other_reference_name(match: re.Match[str]) -> ReferenceName:
    """An organisation, a person with a single name, or a person with given names in full."""
    if "given" in match.re.groupindex:
        return ReferenceName(match.group(), match["surname"], initials_of(match["given"], match["surname"]))
    name = match.group().rstrip()
    return ReferenceName(name, name, None)
