"""Reads the header of a table column: which roles it names (`Study design, n` names a design and a sample size).

Takes the levels of a header and gives roles in the order in which they are printed. The words that name each role are
data (`schemas/vocabularies/cues/table_words.csv`); how they combine is decided here. The cells of the column are not
looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipelines.readers.reading_patterns import HEADER_ROLES, built_once
from pipelines.vocabularies.word_lists import reading_words

NOTHING = "nothing"
"""The role of phrases that name no role although one of their words does (`reference gene`)."""

KIND = "kind"
"""The role of words that take their role from what they are kinds of (`Type of surgery`)."""

MAX_HEADER_LENGTH = 200
"""A longer cell is a text, not a header."""

_VAGUE = frozenset((KIND, NOTHING))
_MAX_PHRASE = 5
_SUPERSCRIPT = re.compile(r"\^\{[^{}]{0,40}\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[%#/,;&+:()\[\]–—|]")
_ONLY_PLURAL = frozenset(("pros", "cons"))
_SEPARATORS = frozenset("/,;&+:–—|") | {"and", "or", "versus", "vs"}
_PREPOSITIONS = frozenset(
    ("of", "for", "in", "on", "to", "by", "with", "from", "during", "at", "per", "after", "under", "than", "that")
)
_BRACKETS = frozenset("()[]")
_COUNTS = frozenset(("number", "n", "total"))
_GROUPS = frozenset(("group", "arm"))
_ABBREVIATED_NUMBER = frozenset(("no", "nos", "nr", "num", "nb", "#"))


class HeaderRoles(NamedTuple):
    """The roles that a header names, in order, each once.

    `is_weak` says that its words have these roles only in a table that is known to report studies (`Time`, `Level`).
    """

    roles: tuple[str, ...] = ()
    is_weak: bool = True


class _Phrase(NamedTuple):
    start: int
    end: int
    role: str
    is_weak: bool


def read_header(levels: Sequence[str]) -> HeaderRoles:
    """The roles that the header of a column names, from its cells from top to bottom.

    The lowest level that names a role decides: below `Intervention`, `Duration` is a duration.
    """
    for level in reversed(levels):
        found = read_header_cell(level)
        if found.roles:
            return found
    return HeaderRoles()


def read_header_cell(header: str) -> HeaderRoles:
    """The roles that one header cell names.

    - Of the words before a preposition the last one that names a role decides (`Treatment outcomes` is an outcome,
      `Results of the trial` are results); the words after it only if those before it name none.
    - Parts between commas, slashes or `and` can each name a role.
    - Words in brackets decide only if there is no role outside, but a count makes a sample size (`Patients (n)`).
    - A column that names the study names nothing else (`Author, year, country`).
    """
    if len(header) > MAX_HEADER_LENGTH:
        return HeaderRoles()
    tokens = _split_tokens(header)
    outside, inside = _read_parts(tokens)
    found = outside or [phrase for phrase in inside if phrase.role != NOTHING]
    if "study" in [phrase.role for phrase in outside] or {"reference", "year"}.issubset(
        phrase.role for phrase in (*outside, *inside)
    ):
        return HeaderRoles(("study",), is_weak=False)
    if len(found) > 1:
        # `Results: metabolites` is about results, `Type (n)` about numbers.
        found = [phrase for phrase in found if phrase.role not in (NOTHING, KIND, "item")] or found[:1]
    roles = [phrase.role for phrase in found]
    if roles == [KIND] and len(tokens) == 1:
        roles = [NOTHING]
    if not _COUNTS.isdisjoint(tokens):
        is_of_groups = tokens[0] in _COUNTS or not _GROUPS.isdisjoint(tokens)
        counted = {"population", "intervention", "comparator"} if is_of_groups else {"population"}
        roles = ["sample_size" if role in counted else role for role in roles]
    if "sample_size" in roles and "result" in roles:
        roles.remove("sample_size")
    return HeaderRoles(tuple(dict.fromkeys(roles)), all(phrase.is_weak for phrase in found))


def _read_parts(tokens: Sequence[str]) -> tuple[list[_Phrase], list[_Phrase]]:
    """The deciding phrases of the parts outside brackets and of those inside."""
    phrases = list(_find_phrases(tokens))
    outside: list[_Phrase] = []
    inside: list[_Phrase] = []
    depth = start = 0
    for number, token in enumerate([*tokens, "/"]):
        is_in_phrase = any(phrase.start <= number < phrase.end for phrase in phrases)
        if is_in_phrase or (token not in _SEPARATORS and token not in _BRACKETS):
            continue
        decisive = _choose_phrase(tokens, [phrase for phrase in phrases if start <= phrase.start < number])
        if decisive is not None:
            (inside if depth else outside).append(decisive)
        depth += (token in "([") - (token in ")]")
        depth = max(depth, 0)
        start = number + 1
    return outside, inside


def _choose_phrase(tokens: Sequence[str], phrases: Sequence[_Phrase]) -> _Phrase | None:
    """The phrase that decides the role of a part of a header."""
    head: _Phrase | None = None
    for phrase in phrases:
        if head is not None:
            is_counted = head.role == "sample_size" and phrase.role == "population"
            if is_counted:
                return phrase._replace(role="sample_size")
            if head.role != KIND and not _PREPOSITIONS.isdisjoint(tokens[head.end : phrase.start]):
                break
        if head is None or head.role in _VAGUE or phrase.role not in _VAGUE:
            head = phrase
    # A number of anything but people or animals (`Number of genes`) is not a sample size.
    if head is not None and head.role == "sample_size" and tokens[head.end : head.end + 1] == ["of"]:
        return head._replace(role=NOTHING)
    return head


def _find_phrases(tokens: Sequence[str]) -> Iterator[_Phrase]:
    """The longest phrases of the word lists, from left to right."""
    lexicon, weak = _lexicon()
    start = 0
    while start < len(tokens):
        for end in range(min(len(tokens), start + _MAX_PHRASE), start, -1):
            words = tuple(tokens[start:end])
            if (role := lexicon.get(words)) is not None:
                yield _Phrase(start, end, role, words in weak)
                start = end - 1
                break
        start += 1


def _split_tokens(header: str) -> list[str]:
    # A hyphen joins words, unless it has a blank on one side.
    bare = re.sub(r"\s-|-\s", " – ", _SUPERSCRIPT.sub(" ", header)).replace("-", " ")
    tokens = []
    for token in _TOKEN.findall(bare):
        # `OR` is an odds ratio unless the whole header is in capitals.
        if token == "OR" and (bare.strip() == "OR" or not bare.isupper()):
            tokens += ["odds", "ratio"]
        else:
            tokens.append(_fold_token(token))
    return [
        "number" if token in _ABBREVIATED_NUMBER and len(tokens) > 1 else token for token in tokens if token != "the"
    ]


def _fold_token(token: str) -> str:
    folded = token.casefold()
    return folded if folded in _ONLY_PLURAL else _to_singular(folded)


def _to_singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


@built_once
def _lexicon() -> tuple[Mapping[tuple[str, ...], str], frozenset[tuple[str, ...]]]:
    """The role of each phrase, and the weak phrases."""
    roles = {tuple(_split_tokens(phrase)): role for role in HEADER_ROLES for phrase in reading_words(f"header_{role}")}
    return roles, frozenset(tuple(_split_tokens(phrase)) for phrase in reading_words("weak_header"))
