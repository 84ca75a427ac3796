"""Tells the arms of a comparison apart by their names: by words, abbreviations and letters.

Takes the words of a text and the phrases for both arms and returns which words name which arm. General words such as
"placebo group" are read in `arm_mentions`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipelines.curate.amounts.phrase_mentions import TOKEN, match_roots
from pipelines.curate.grammar import FUNCTION_WORDS
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.matcher import fold_word

INTERVENTION, COMPARATOR = "intervention", "comparator"

GROUP_WORDS = frozenset({"group", "arm", "cohort"})
WITHOUT = re.compile(r"\b(?:no|not|without|non)\b", re.IGNORECASE)
_LETTERS_IN_BRACKETS = re.compile(r"\(([^\W\d_]{1,6})\)")
_MAX_PHRASE_TOKENS = 80
_MAX_UNIT_LENGTH = 4
_MAX_ACRONYM_LENGTH = 6
_MAX_ACRONYMS = 500
"""Distinct abbreviations of a text that are compared with the phrases; a longer list is no prose."""


class ArmToken(NamedTuple):
    """A word of a text, `text[start:end]`. A number and its unit are one ("40 mg"), so are "group" and its letter."""

    start: int
    end: int
    printed: str
    stem: str


def mark_names(tokens: Sequence[ArmToken], intervention: str, comparator: str, words: CodingWords) -> dict[int, str]:
    """The numbers of the words that name an arm, with the arm."""
    own, other = find_telling_words(intervention, words), find_telling_words(comparator, words)
    marked: dict[int, str] = {}
    _mark_words(tokens, own - other, other, INTERVENTION, words, marked)
    _mark_words(tokens, other - own, own, COMPARATOR, words, marked)
    if own == other and WITHOUT.search(intervention + " " + comparator):
        # "With reminders" against "without reminders", or the other way round
        plain = COMPARATOR if WITHOUT.search(intervention) else INTERVENTION
        _mark_words(tokens, own, frozenset(), plain, words, marked)
    _mark_acronyms(tokens, intervention, comparator, marked)
    _mark_group_letters(tokens, intervention, comparator, marked)
    _mark_other_label(tokens, marked)
    return marked


def tokenise(text: str) -> list[ArmToken]:
    """The words of a text."""
    tokens: list[ArmToken] = []
    for match in TOKEN.finditer(text):
        start, end, printed = match.start(), match.end(), match.group()
        stem = fold_word(printed)
        if tokens:
            last = tokens[-1]
            is_near = start - last.end <= 1
            is_unit = last.printed[0].isdigit() and not printed[0].isdigit() and len(printed) <= _MAX_UNIT_LENGTH
            if is_near and is_unit and last.printed.replace(".", "").isdigit():
                tokens[-1] = ArmToken(last.start, end, text[last.start : end], last.stem + stem)
                continue
            is_label = len(printed) == 1 or printed.isdigit() or set(printed) <= {"I", "V"}
            if is_near and is_label and last.stem in GROUP_WORDS and printed != "a":
                tokens[-1] = ArmToken(last.start, end, text[last.start : end], f"{last.stem} {stem}")
                continue
        tokens.append(ArmToken(start, end, printed, stem))
    return tokens


def find_telling_words(phrase: str, words: CodingWords) -> frozenset[str]:
    """The folded words of a phrase that may tell an arm from the other: no numbers, measures and general words."""
    ignored = FUNCTION_WORDS | words.measure_words | words.neutral_words | words.general_arm_words
    return frozenset(
        token.stem
        for token in tokenise(phrase)[:_MAX_PHRASE_TOKENS]
        if len(token.printed) > 1
        and not token.printed.isdigit()
        and token.stem not in ignored
        and token.printed.casefold() not in ignored
    )


def list_bracket_letters(phrase: str) -> list[str]:
    """The short words in brackets: "M" and "L" of "metformin (M) plus lifestyle (L)"."""
    return _LETTERS_IN_BRACKETS.findall(phrase)


def _mark_words(
    tokens: Sequence[ArmToken],
    telling: frozenset[str],
    others: frozenset[str],
    arm: str,
    words: CodingWords,
    marked: dict[int, str],
) -> None:
    """Mark the telling words and those with their root ("implanted" for "implant") that resemble none of the others."""
    stems = {token.stem for token in tokens}
    similar = match_roots(stems, telling).keys() - match_roots(stems, others).keys() - words.general_arm_words
    named = telling | similar
    for number, token in enumerate(tokens):
        if token.stem in named:
            marked[number] = arm


def _mark_acronyms(tokens: Sequence[ArmToken], intervention: str, comparator: str, marked: dict[int, str]) -> None:
    """Mark words in capitals whose letters fit one arm better than the other: "UCC" for usual clinical care."""
    known: dict[str, str | None] = {}
    for number, token in enumerate(tokens):
        letters = token.printed.removesuffix("s")
        if number in marked or not 2 <= len(letters) <= _MAX_ACRONYM_LENGTH or not letters.isupper():
            continue
        if letters not in known and len(known) < _MAX_ACRONYMS:
            own, other = (_fit_acronym(letters.casefold(), phrase) for phrase in (intervention, comparator))
            known[letters] = None if own == other else INTERVENTION if own > other else COMPARATOR
        arm = known.get(letters)
        if arm is not None:
            marked[number] = arm


def _fit_acronym(letters: str, phrase: str) -> int:
    """How well an abbreviation fits a phrase: 4 if the phrase prints it in brackets, 0 if not at all."""
    printed = "".join(list_bracket_letters(phrase)).casefold()
    initials = _initials(phrase)
    if letters == printed:
        return 4
    if letters == initials:
        return 3
    if letters in initials:
        return 2
    if len(letters) > 2 and letters[0] == initials[:1] and _is_subsequence(letters, initials):
        return 1
    return 1 if len(letters) > 2 and _abbreviates_words(letters, phrase) else 0


def _abbreviates_words(letters: str, phrase: str) -> bool:
    """Whether letters abbreviate one to three words in a row, all of their initials included ("TXA")."""
    words = [match.group().casefold() for match in TOKEN.finditer(phrase)][:_MAX_PHRASE_TOKENS]
    for first in range(len(words)):
        for last in range(first + 1, min(first + 3, len(words)) + 1):
            run = words[first:last]
            initials = "".join(word[0] for word in run)
            is_near = letters[0] == initials[0] and _is_subsequence(initials, letters)
            if is_near and _is_subsequence(letters, "".join(run)) and max(map(len, run)) > len(letters):
                return True
    return False


def _is_subsequence(letters: str, initials: str) -> bool:
    remaining = iter(initials)
    return all(letter in remaining for letter in letters)


@lru_cache(maxsize=1024)
def _initials(phrase: str) -> str:
    words = [match.group() for match in TOKEN.finditer(phrase)][:_MAX_PHRASE_TOKENS]
    return "".join(word[0].casefold() for word in words if word.casefold() not in FUNCTION_WORDS and word[0].isalpha())


def _mark_group_letters(tokens: Sequence[ArmToken], intervention: str, comparator: str, marked: dict[int, str]) -> None:
    """Mark "group S" if a word of one arm only begins with the letter ("saline"), likewise "S group"."""
    printed = [set(list_bracket_letters(phrase.casefold())) for phrase in (intervention, comparator)]
    initials = [set(_initials(phrase)) for phrase in (intervention, comparator)]
    for number, token in enumerate(tokens):
        if number in marked:
            continue
        words = token.printed.split()
        letter = words[-1] if len(words) == 2 and fold_word(words[0]) in GROUP_WORDS else ""
        following = tokens[number + 1].stem if number + 1 < len(tokens) else ""
        if len(token.printed) == 1 and following in GROUP_WORDS:
            letter = token.printed
        if len(letter) == 1 and letter.isalpha() and letter.isupper():
            low = letter.casefold()
            for first, second in (printed, initials):
                if (low in first) != (low in second):
                    marked[number] = INTERVENTION if low in first else COMPARATOR
                    break


def _mark_other_label(tokens: Sequence[ArmToken], marked: dict[int, str]) -> None:
    """If the text has two labels, such as "group 1" and "group 2", and one arm has one, the other arm has the other."""
    labels: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        words = token.stem.split()
        if len(words) == 2 and words[0] in GROUP_WORDS:
            labels.setdefault(token.stem, []).append(number)
    if len(labels) != 2:
        return
    first, second = labels.values()
    for known, unknown in ((first, second), (second, first)):
        arm = marked.get(known[0])
        if arm is not None and unknown[0] not in marked:
            other = COMPARATOR if arm == INTERVENTION else INTERVENTION
            marked.update(dict.fromkeys(unknown, other))
            return
