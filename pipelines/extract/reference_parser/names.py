"""Reads the author list at the start of a reference.

Four orders of the parts of a name are supported (`Jonsson H Jr`, `Starmer, W. T.`, `King, M. L., Jr.`, `J. Smith`);
the first name decides which order the list has. An organisation (`World Health Organization`) is one name without
initials.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.document import ReferenceName

UPPER = "".join(chr(code) for code in (*range(0x41, 0x590), *range(0x1E00, 0x1FFF)) if chr(code).isupper())
_HYPHENS = "\\-‐‑–"
_WORD = rf"[^\W\d_][\w’'ʼ´`‘\u0300-\u036f{_HYPHENS}]{{0,40}}"
_SUFFIX = r"(?:,? (?P<suffix>(?:Jr|Sr|II|III|IV|2nd|3rd|4th)\b\.?))?"


def _build_surname_pattern(more_words: int, *, with_stops: bool) -> str:
    """A surname of up to `more_words` + 1 words; `with_stops` allows a full stop at the end of a word (`St. John`)."""
    stop = r"\.?" if with_stops else ""
    following = rf"{stop}[ \u00a0](?!(?:and|und|et) )[’'‘]?{_WORD}"
    return rf"(?P<surname>(?![{UPPER}]\.)[’'‘]?{_WORD}(?:{following}){{0,{more_words}}}?)"


def _build_initials_pattern(second_letter: str) -> str:
    """Initials with full stops (`M. T.`, `Y.-M.`; with a `second_letter`, `Yu. A.`), optional after the last one."""
    return (
        rf"[{UPPER}]{second_letter}\."
        rf"(?:[ {_HYPHENS}\u00a0]{{0,2}}(?:(?!(?:Jr|Sr)\b)[{UPPER}]{second_letter}\.|[a-z]\.)){{0,4}}"
        rf"(?:[ {_HYPHENS}\u00a0]?[{UPPER}](?=[,;]|\.(?:\s+[^\sa-z]|$)))?"
    )


_PLAIN = rf"[{UPPER}](?:(?! (?:II|III|IV|Jr|Sr)\b)[ {_HYPHENS}\u00a0]?[{UPPER}]){{0,4}}(?:\.(?=[,;]))?"
_INITIALS = rf"(?P<initials>{_build_initials_pattern('[a-z]?')}|{_PLAIN}|[{UPPER}][a-z](?=, ))"
_DELIMITED = r"(?=\s{{0,3}}(?:[,;:(…&]|\.{stop}|(?:1[6-9]|20)\d\d)|\s{{1,3}}(?:and|et|und|y|eds?)\b|\s{{0,3}}$)"
_AFTER = _DELIMITED.format(stop="")
_AFTER_SURNAME = _DELIMITED.format(stop=r"(?!\s\w{1,12}\.)")
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
_INITIALS_FIRST = frozenset(_ORDERS[3:])
_LAST = re.compile(rf"{_SURNAME} (?P<initials>[{UPPER}]{{1,4}}){_SUFFIX}(?=\s[^\W\d_])")
"""The last name of a list, separated from the title only by a blank: `Dauer WT, Worman HJ The nuclear envelope`."""
_SOLE = re.compile(
    rf"(?!(?:The|A|An|On|In|Is|Are|Of|For)\b){_SHORT_SURNAME} (?P<initials>[{UPPER}]{{2}})(?P<suffix>)?"
    rf"(?=\s[{UPPER}][a-z]+\s)"
)
"""The only author, separated from the title only by a blank. Needs two initials; compare `Vitamin D Status`."""
_WORD_ALONE = re.compile(rf"[{UPPER}]{_WORD}(?=[\s,;.])")
_ORGANISATION = re.compile(
    r"(?:(?:the|on behalf of|for the) )?[^,;.()\d]{0,80}?\b(?:Consortium|Group|Network|Project|Team|Society|Committee"
    r"|Collaborati\w+|Collaborators|Investigators|Initiative|Organi[sz]ation|Association|Program(?:me)?|Institute"
    r"|Foundation|Council|Members|Cent(?:er|re)|Alliance|Commission|Federation|Agency|Ministry|Department)\b"
    r"[^,;.()\d]{0,60}(?=\s{0,3}[,;.(]|$)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s{0,3}[,;]{0,2}\s{0,3}(?:(?:…|\.{3})\s{0,3})?(?:(?:and|und)\s{1,3}|&\s{0,3})?")
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
    order, first = _ORDERS[0], None
    for order in _ORDERS:
        first = order.match(text, start)
        if first is not None:
            break
    if first is None:
        order = _ORDERS[0]
        first = _SOLE.match(text, start) or _match_organisation_before_names(text, start)
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
        if between is None or between.end() == end or not between.group().strip():
            break
        following = between.end()
        is_truncated = is_truncated or _ELLIPSIS.search(between.group()) is not None
        match = order.match(text, following)
        if match is None:
            match = (
                _match_other_order(text, following, order)
                or _match_organisation(text, following)
                or _LAST.match(text, following)
                or _match_single_name(text, following, order, is_last=between.group().strip(" ,;") in {"and", "&"})
            )
    editors = _EDITORS.match(text, end)
    if editors is not None:
        end = editors.end()
    return AuthorList(tuple(names), tuple(places), is_truncated, end)


def _match_other_order(text: str, start: int, order: re.Pattern[str]) -> re.Match[str] | None:
    """A name in another order than the first name: `Smith, J., A. Jones, and B. White`."""
    if order is _ORDERS[1]:
        return _ORDERS[2].match(text, start) or _ORDERS[3].match(text, start) or _ORDERS[0].match(text, start)
    if order is _ORDERS[2]:
        return _ORDERS[1].match(text, start)
    return None


def _match_single_name(text: str, start: int, order: re.Pattern[str], *, is_last: bool) -> re.Match[str] | None:
    """A person with a single name among others: `Jha P, Shashi, Rustagi A`. `is_last` says that it follows an `and`."""
    match = _WORD_ALONE.match(text, start)
    if match is None or order in _INITIALS_FIRST:
        return None
    end = match.end()
    if (is_last and text[end : end + 1] in {".", ","}) or _ET_AL.match(text, end) is not None:
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


def _match_organisation_before_names(text: str, start: int) -> re.Match[str] | None:
    """An organisation at the head of a list of persons: `Reference Strains Consortium, Nelson KE, Weinstock GM`."""
    organisation = _match_organisation(text, start)
    if organisation is None:
        return None
    between = _BETWEEN.match(text, organisation.end())
    if between is None or not between.group().strip() or _ORDERS[0].match(text, between.end()) is None:
        return None
    return organisation


def _to_reference_name(match: re.Match[str]) -> ReferenceName:
    if "surname" not in match.re.groupindex:
        name = match.group().rstrip()
        return ReferenceName(name, name, None)
    surname, initials, suffix = match.group("surname", "initials", "suffix")
    if not initials.isalpha():
        initials = initials.translate(_NO_LETTERS)
    return ReferenceName(match.group(), surname, initials, suffix.rstrip(".") if suffix else None)
