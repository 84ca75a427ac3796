"""Decides what a number of something is: a sample size, a number of studies, a count of a count.

Takes the tokens of a text and the number; finds the counted noun after it, or the words before it that ask for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.quantities.context import (
    FAR,
    FIRST_YEAR,
    LAST_YEAR,
    LINKING,
    NEAR,
    Lead,
    Reading,
    extend_to,
    is_name,
    is_whole,
)
from pipelines.curate.quantities.stated_numbers import CLOSING, DASHES, OPENING, StatedNumber, at
from pipelines.curate.quantities.tokens import Token, Unit

_STOPS = frozenset(
    (
        *("of", "in", "with", "and", "or", "to", "from", "for", "at", "by", "the", "a", "an", "were", "was"),
        *("is", "are", "had", "have", "has", "who", "that", "which", "on", "per", "vs", "versus", "as", "than"),
        *("between", "during", "after", "before", "within", "into", "over", "under", "against", "but", "not"),
        *("if", "while", "whereas", "only", "out", "each", "every", "also"),
    )
)
"""They end the words between a number and the noun that it counts."""

_YEAR_WORDS = frozenset(("in", "since", "until", "during", "from", "by", "year", "early", "late", "mid"))
_LONGEST_NOUN = 5
_SMALLEST_TOTAL = 10
"""A count of a smaller total in brackets can be a date or a fraction: `(3/8)`."""


def read_counted(tokens: Sequence[Token], number: StatedNumber, lead: Lead) -> Reading | None:
    """A number of people, animals, samples or studies; a count of a count."""
    if number.unit is not None or is_name(tokens, number):
        return None
    if number.numerator is not None:
        return _read_share(tokens, number)
    if number.interval_kind not in (None, "range") or not is_whole(number):
        return None
    label = at(tokens, number.first - 2).meaning("subject") if at(tokens, number.first - 1).text == ":" else None
    if label is not None and label != "study":
        return Reading("sample_size", number._replace(unit=Unit(label, "subject")), number.first, "context_word")
    if _is_total(tokens, number):
        return Reading("sample_size", number, number.first, "context_word")
    noun = find_noun(tokens, number) or _find_enrolled(tokens, number)
    if noun is None:
        return _read_joined(tokens, number)
    before = at(tokens, lead.first - 1)
    if before.text in _YEAR_WORDS and number.value is not None and FIRST_YEAR <= number.value <= LAST_YEAR:
        return None
    if tokens[number.first].text.casefold() == "one" or (number.value == 1 and noun[1] == "study"):
        return None
    return count_as(tokens, number, number.first, noun, "counted_noun")


def _read_share(tokens: Sequence[Token], number: StatedNumber) -> Reading | None:
    """A count of a count without a percentage: `5 of 6 males`, `an infected person (84/348)`."""
    noun = find_noun(tokens, number)
    if noun is not None and noun[1] != "study":
        return Reading("percentage", extend_to(tokens, number, noun[0]), number.first, "counted_noun")
    is_enclosed = at(tokens, number.first - 1).text in OPENING and at(tokens, number.last + 1).text in CLOSING
    is_about_people = any(
        token.meaning("subject") is not None or token.meaning("subject_one") is not None
        for token in tokens[max(0, number.first - NEAR) : number.first]
    )
    is_large = (number.denominator or 0) >= _SMALLEST_TOTAL
    if noun is None and is_enclosed and is_about_people and is_large:
        return Reading("percentage", number, number.first, "counted_noun")
    return None


def find_noun(tokens: Sequence[Token], number: StatedNumber) -> tuple[int, str] | None:
    """The counted noun after a number, as (token, what it is): `40 healthy adults`, `65-patient`."""
    place = number.last + 1
    if at(tokens, place).text in DASHES and at(tokens, place + 1).meaning("subject_one") is not None:
        return place + 1, at(tokens, place + 1).meaning("subject_one") or ""
    if at(tokens, place).text == "(":
        place = _skip_brackets(tokens, number, place)
    found = None
    for ahead in range(_LONGEST_NOUN):
        token = at(tokens, place + ahead)
        if token.kind != "word" or token.text in _STOPS:
            break
        noun = token.meaning("subject")
        if noun is None and number.value == 1 and ahead < 2:
            noun = token.meaning("subject_one")
        if noun is not None:
            found = (place + ahead, noun)
        elif found is not None:
            break
    return found


def _skip_brackets(tokens: Sequence[Token], number: StatedNumber, place: int) -> int:
    """The token after brackets that count the same: `27 (20 men, 7 women) volunteers`, `twelve (12) patients`."""
    repeated, closing = at(tokens, place + 1), at(tokens, place + 2)
    if repeated.kind == "number" and repeated.value == number.value and closing.text == ")":
        return place + 3
    has_people = False
    for ahead in range(1, NEAR):
        token = at(tokens, place + ahead)
        has_people = has_people or token.meaning("subject") == "person"
        if token.text == ")":
            return place + ahead + 1 if has_people else place
    return place


def _find_enrolled(tokens: Sequence[Token], number: StatedNumber) -> tuple[int, str] | None:
    """People who are named by what was done to them: `44 recruited`, `64 were included`."""
    place = number.last + 1
    if at(tokens, place).text in ("were", "was"):
        place += 1
    meaning = at(tokens, place).meaning("enrolled")
    return None if meaning is None else (place, meaning)


def _is_total(tokens: Sequence[Token], number: StatedNumber) -> bool:
    """Whether the words before say that the number is a sample size: `the number of participants was 805`."""
    if at(tokens, number.first - 1).text not in LINKING:
        return False
    has_size, subject = False, None
    for back in range(2, FAR):
        token = at(tokens, number.first - back)
        if token.kind not in ("word", "sign") or token.text in (".", ";"):
            break
        subject = subject or token.meaning("subject")
        has_size = has_size or token.text in ("number", "total")
        if token.text == "sample size" or (has_size and subject is not None and subject != "study"):
            return True
    return False


def counts_studies(tokens: Sequence[Token], number: StatedNumber) -> bool:
    """Whether `(n = 15)` counts studies, by the noun before it or by a count of studies just after it."""
    for back in range(2, FAR):
        token = at(tokens, number.first - back)
        noun = token.meaning("subject")
        if noun is not None or token.text in (".", ";") or token.kind in ("number", "end"):
            if noun == "study":
                return True
            break
    return any(
        at(tokens, number.last + ahead).kind == "number"
        and (find_noun(tokens, number._replace(last=number.last + ahead)) or (0, ""))[1] == "study"
        for ahead in range(2, 6)
    )


def count_as(tokens: Sequence[Token], number: StatedNumber, first: int, noun: tuple[int, str], rule_id: str) -> Reading:
    place, subject = noun
    kind = "study_count" if subject == "study" else "sample_size"
    number = number._replace(unit=Unit(subject, "subject"))
    is_next = all(token.kind == "word" or token.text in DASHES for token in tokens[number.last + 1 : place])
    return Reading(kind, extend_to(tokens, number, place) if is_next else number, first, rule_id)


def _read_joined(tokens: Sequence[Token], number: StatedNumber) -> Reading | None:
    """The first of two numbers of the same: `34 and 32 studies`."""
    joint, second = at(tokens, number.last + 1), at(tokens, number.last + 2)
    if joint.text not in ("and", "or", "vs", "versus") or second.kind != "number" or not second.is_count or second.unit:
        return None
    noun = find_noun(tokens, number._replace(last=number.last + 2))
    if noun is None:
        return None
    kind = "study_count" if noun[1] == "study" else "sample_size"
    return Reading(kind, number._replace(unit=Unit(noun[1], "subject")), number.first, "parallel")


def read_pair(tokens: Sequence[Token], number: StatedNumber, lead: Lead, earlier: Reading | None) -> Reading | None:
    """The second of two sample sizes: `male/female: 103/92`."""
    if earlier is None or earlier.kind != "sample_size" or not number.is_count or number.unit is not None:
        return None
    if [token.text for token in tokens[earlier.number.last + 1 : lead.first]] != ["/"]:
        return None
    return Reading("sample_size", number._replace(unit=earlier.number.unit), number.first, "parallel")


def read_other_group(tokens: Sequence[Token], number: StatedNumber, earlier: Reading) -> Reading | None:
    """The size of a second group: `140 students in the intervention group and 102 in the control group`."""
    if at(tokens, number.first - 1).text != "and" or at(tokens, number.last + 1).text not in ("in", "to", "for"):
        return None
    following = tokens[number.last + 2 : number.last + 7]
    if not any(token.meaning("arm") is not None for token in following):
        return None
    return Reading("sample_size", number._replace(unit=earlier.number.unit), number.first, "parallel")
