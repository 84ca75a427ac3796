"""Patterns of author names: the orders of the parts of a name, names without a usual form, organisations.

A pattern has the groups `surname`, `initials` and `suffix`, or `surname` and `given` for given names in full, or none
of them for an organisation and a person with a single name. How they make a list is in `names`.
"""

from __future__ import annotations

import re

UPPER = "".join(chr(code) for code in (*range(0x41, 0x590), *range(0x1E00, 0x1FFF)) if chr(code).isupper())
HYPHENS = "\\-‐‑–"
WORD = rf"[^\W\d_][\w’'ʼ´`‘\u0300-\u036f{HYPHENS}]{{0,40}}"
SUFFIX = r"(?:,? (?P<suffix>(?:Jr|Sr|II|III|IV|2nd|3rd|4th)\b\.?))?"


def _build_surname_pattern(more_words: int, *, with_stops: bool) -> str:
    """A surname of up to `more_words` + 1 words; `with_stops` allows a full stop at the end of a word (`St. John`)."""
    stop = r"\.?" if with_stops else ""
    following = rf"{stop}[ \u00a0](?!(?:and|und|et) |[{UPPER}]\s)[’'‘]?{WORD}"
    return rf"(?P<surname>(?![{UPPER}]\.)[’'‘]?{WORD}(?:{following}){{0,{more_words}}}?)"


def _build_initials_pattern(second_letter: str) -> str:
    """Initials with full stops (`M. T.`, `Y.-M.`; with a `second_letter`, `Yu. A.`), optional after the last one."""
    return (
        rf"[{UPPER}]{second_letter}\."
        rf"(?:[ {HYPHENS}\u00a0]{{0,2}}(?:(?!(?:Jr|Sr)\b)[{UPPER}]{second_letter}\.|[a-z]\.)){{0,4}}"
        rf"(?:[ {HYPHENS}\u00a0]?[{UPPER}](?=[,;]|\.(?:\s+[^\sa-z]|$)))?"
    )


PLAIN = (
    rf"[{UPPER}](?:[{HYPHENS}]?[{UPPER}]){{0,5}}"
    rf"(?:(?! (?:II|III|IV|Jr|Sr)\b)[ \u00a0][{UPPER}]{{1,2}}(?![{UPPER}])){{0,4}}"
    rf"(?:[{HYPHENS}][a-z](?=[,;.\s]))?(?:\.(?=[,;]|\s&))?"
)
INITIALS = rf"(?P<initials>{_build_initials_pattern('[a-z]?')}|{PLAIN}|[{UPPER}][a-z](?=, ))"
DELIMITED = r"(?=\s{{0,3}}(?:[,;:(…&]|\.{stop}|\[?(?:1[6-9]|20)\d\d)|\s{{1,3}}(?:and|et|und|y|eds?)\b|\s{{0,3}}$)"
AFTER = DELIMITED.format(stop="")
AFTER_SURNAME = DELIMITED.format(stop=r"(?!\s[^\W\d]\w{0,11}\.)")
"""A full stop before an abbreviation belongs to a journal's name and does not end a surname: `J. Am. Chem. Soc.`"""

SURNAME = _build_surname_pattern(4, with_stops=True)
SURNAME_WITHOUT_STOPS = _build_surname_pattern(4, with_stops=False)
SHORT_SURNAME = _build_surname_pattern(1, with_stops=False)
ORDERS = (
    re.compile(rf"{SURNAME}[ \u00a0]{INITIALS}{SUFFIX}{AFTER}"),
    re.compile(rf"{SURNAME},\s?{INITIALS}{SUFFIX}{AFTER}"),
    re.compile(rf"{SURNAME}{SUFFIX[:-1]},?\s{INITIALS}{AFTER}"),
    re.compile(rf"(?P<initials>{_build_initials_pattern('')})\s?{SURNAME_WITHOUT_STOPS}{SUFFIX}{AFTER_SURNAME}"),
    re.compile(rf"(?P<initials>{PLAIN})\s{SURNAME_WITHOUT_STOPS}{SUFFIX}(?=,| and | & )"),
)
PLAIN_INITIALS_FIRST = ORDERS[4]
LAST_WITH_PLAIN_INITIALS_FIRST = re.compile(
    rf"(?P<initials>{PLAIN})\s{SURNAME_WITHOUT_STOPS}{SUFFIX}(?=\.\s|[.,]?\s[(\[]?(?:1[6-9]|20)\d\d)"
)
INITIALS_FIRST = frozenset(ORDERS[3:])
LAST = re.compile(rf"{SURNAME} (?P<initials>[{UPPER}]{{1,5}}){SUFFIX}(?=\s[“\"‘]?[^\W\d_])")
"""The last name of a list, separated from the title only by a blank: `Dauer WT, Worman HJ The nuclear envelope`."""
SHORT_LAST = re.compile(rf"(?=[{UPPER}]){SHORT_SURNAME} (?P<initials>[{UPPER}]{{1,3}})(?P<suffix>)?(?= [{UPPER}][a-z])")
SOLE = re.compile(
    rf"(?!(?:The|A|An|On|In|Is|Are|Of|For)\b){SHORT_SURNAME} (?P<initials>[{UPPER}]{{2}})(?P<suffix>)?"
    rf"(?=\s[{UPPER}][a-z]+\s)"
)
"""The only author, separated from the title only by a blank. Needs two initials; compare `Vitamin D Status`."""
SOLE_WITH_ONE_INITIAL = re.compile(
    rf"(?!(?:The|A|An|On|In|Is|Are|Of|For)\b)(?P<surname>[{UPPER}][\w’'{HYPHENS}]{{1,30}}) (?P<initials>[{UPPER}])"
    rf"(?P<suffix>)?(?=\s[{UPPER}][a-z]+\s[a-z(])"
)
LOWER_WORD = re.compile(r"(?:^|\s)(?!(?:de|den|der|da|di|la|le|van|von)\s)[a-z]|^(?:The|An?)\s")
LABELLED_BY_LETTER = re.compile(
    r"(?:Vitamins?|Hepatitis|Influenza|Types?|Groups?|Class|Stages?|Grades?|Phases?|Factors?|Complex|Coenzyme|Proteins?"
    r"|Tables?|Figures?|Panels?|Immunoglobulin|Cytochrome)\s"
)
"""Words before a letter that is no initial."""
GIVEN = (
    rf"(?P<given>[{UPPER}][^\W\d_]{{1,20}}(?:[ {HYPHENS}](?:[{UPPER}][^\W\d_]{{1,20}}|[{UPPER}]\.?)){{0,3}})"
    r"(?=\s{0,3}(?:[,;(\[&.]|$)|\s(?:and|und|y)\s)"
)
WITH_GIVEN_NAMES = {
    ORDERS[0]: re.compile(rf"(?P<surname>[{UPPER}]{WORD}(?: (?:de|van|von|der|da|di) {WORD})?) {GIVEN}"),
    ORDERS[1]: re.compile(rf"{SURNAME_WITHOUT_STOPS}, ?{GIVEN}"),
    ORDERS[3]: re.compile(
        rf"(?P<given>[{UPPER}][^\W\d_]{{2,20}}(?: [{UPPER}]\.?)?) (?P<surname>[{UPPER}]{WORD})(?=,|\sand\s)"
    ),
}
"""Given names in full, in the order of the other names of the list."""
FULL_NAME = re.compile(rf"(?P<surname>[{UPPER}]{WORD}) (?P<given>[{UPPER}][^\W\d_]{{1,20}}(?: [{UPPER}]\.?)?)(?![\w.])")
GIVEN_FIRST = re.compile(
    rf"(?P<given>[{UPPER}][^\W\d_]{{1,20}}(?: [{UPPER}]\.?)?) "
    rf"(?P<surname>(?:(?:de|van|von|der|da|di) ){{0,2}}[{UPPER}]{WORD})"
)
GIVEN_FIRST_IN_LIST = re.compile(rf"{GIVEN_FIRST.pattern}(?=,? and |\.\s|, [{UPPER}]|\s?\(|,? \[?(?:1[6-9]|20)\d\d)")
GIVEN_AND_MIDDLE = re.compile(rf"[{UPPER}][^\W\d_]{{1,20}} [{UPPER}]\.? [{UPPER}]")
ANY_NAME = re.compile(rf"{WORD}(?: {WORD}){{0,4}}\.?")
SEPARATORS = re.compile(r"(?:[\s,;.&…]|and\s){0,10}")
PIECE = re.compile(r"(?<![^\s,;&])(?!and\s|& )[^\s,;&][^,;&]{0,60}?(?=\s?[,;&]|\sand\s|\s?$)")
FULL_NAME_PARTS = (
    rf"[{UPPER}][\w’'-]{{1,20}}(?: (?:[{UPPER}]\.?|(?:de|van|von|der|da|di)|[{UPPER}][\w’'{HYPHENS}]{{1,20}})){{1,3}}"
)
FULL_NAMES = re.compile(
    rf"{FULL_NAME_PARTS}(?:(?:[,;]\s?(?:and |& )?| and | & ){FULL_NAME_PARTS}){{1,40}}"
    r"(?=\.?,?\s?[(\[]?(?:1[6-9]|20)\d\d|\.\s?[^\W\d_])"
)
YEAR_AFTER = re.compile(r",? (?:1[6-9]|20)\d\d[a-z]?[.,:]")
AFTER_LAST_NAME = re.compile(r"\s{0,2}[.,]?\s{0,2}[(\[]?(?:1[6-9]|20)\d\d|\.\s?[^\W\d_]")
WORD_ALONE = re.compile(rf"[{UPPER}]{WORD}(?=[\s,;.])")
ORGANISATION_WORDS = (
    r"\b(?:Consortium|Group|Network|Project|Team|Society|Committee|Collaborati\w+|Collaborators|Investigators|Initiative"
    r"|Organi[sz]ation|Association|Program(?:me)?|Institute|Foundation|Council|Members|Cent(?:er|re)|Alliance|Commission"
    r"|Federation|Agency|Ministry|Department|Authority|Academy|Union|University|Board|Office|Bureau|Service|Panel|Party)\b"
)
ORGANISATION_WORD = re.compile(ORGANISATION_WORDS, re.IGNORECASE)
ORGANISATION = re.compile(
    r"(?:(?:the|on behalf of|for the) |\d{1,4} )?[^,;.()\d]{0,80}?(?:\([A-Z]{2,8}\) (?:\w{1,20} ){0,3}|(?:19|20)\d\d )?"
    rf"{ORGANISATION_WORDS}[^,;.()\d]{{0,60}}(?=\s{{0,3}}[,;.(]|$)",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s{0,3}(?:\.(?=\s&))?[,;]{0,2}\s{0,3}(?:(?:…|\.{3})\s{0,3})?(?:(?:and|und|y)\s{1,3}|&\s{0,3})?")
ET_AL = re.compile(
    r"[\s,;]{0,4}(?:\band\s)?\b(?:et\.?\s?al\b\.*|and (?:others|colleagues|coworkers)\b\.?)", re.IGNORECASE
)
LOWER_OR_SIGN = frozenset("aeu&….")
NO_LETTERS = dict.fromkeys(map(ord, " .\u00a0-‐‑–"))
JOINERS = frozenset(["on", "behalf", "of", "for", "the", "and", "in", "de", "la", "des", "du", "et", "für"])
ELLIPSIS = re.compile(r"…|\.{3}")
EDITORS = re.compile(r"[\s,]{0,3}[(\[]?\b[Ee]ds?\b\.?[)\]]?")
