"""Tells texts that may state a quantity from those that cannot, so that most sentences need not be split into tokens.

Takes a text and the words of `cues/quantity.csv` and `cues/units.csv`. A text without hints has no number next to a
unit, a counted noun or a label; a text with hints need not state a quantity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.vocabularies.quantity_words import QuantityWords, find_unit, fold_lexeme

_AFTER_NUMBER = re.compile(r"\d[^\w%‰]{0,3}(%|‰|[^\W\d_]+(?:\W{1,2}[^\W\d_]+){0,5})")
_WORD = re.compile(r"[^\W_]+")
_SIGNS = re.compile(r"±|\+\s?/|\+[-−–]|\d\s?/\s?\d|\b[pPnNrR]\s?[=<>:≤≥]|\d\s?\(\s?\d+(?:[.,·]\d+)?\s?%|♂|♀")
_NAMING_GROUPS = frozenset(("statistic", "age_after", "measure"))
_NAMING_INTERVALS = frozenset(("ci", "sd", "se", "iqr"))
_NOUN_GROUPS = frozenset(("subject", "subject_one", "enrolled"))
_LONGEST_NOUN = 6


@dataclass(frozen=True, slots=True)
class HintWords:
    """`naming` are words that name a quantity wherever they are, `nouns` those that do so after a number."""

    words: QuantityWords
    naming: frozenset[str]
    naming_phrases: tuple[frozenset[str], ...]
    nouns: frozenset[str]


def build_hint_words(words: QuantityWords) -> HintWords:
    naming, phrases = set(), []
    nouns = {spelling for spelling, (_, kind) in words.units.items() if kind == "time"}
    for listed in words.phrases.values():
        for phrase, cues in listed:
            lexemes = [part for lexeme in phrase for part in _WORD.findall(lexeme)]
            if any(cue.group in _NOUN_GROUPS for cue in cues):
                nouns.update(lexemes)
            elif any(cue.group in _NAMING_GROUPS or cue.meaning in _NAMING_INTERVALS | {"age"} for cue in cues):
                if len(lexemes) == 1 and len(lexemes[0]) > 1:
                    naming.add(lexemes[0])
                elif len(lexemes) > 1:
                    phrases.append(frozenset(lexemes))
    return HintWords(words, frozenset(naming), tuple(phrases), frozenset(nouns))


def may_state_quantities(text: str, hints: HintWords) -> bool:
    """Whether a text has a number with a word or a sign that can make a quantity of it."""
    if _SIGNS.search(text) is not None:
        return True
    printed = _WORD.findall(text)
    words = set(map(fold_lexeme, printed))
    if not hints.naming.isdisjoint(words):
        return True
    for chunk in _AFTER_NUMBER.findall(text):
        following = _WORD.findall(chunk)
        if not following:  # a percent sign
            return True
        unit = find_unit(hints.words.units, following[0])
        if (unit is not None and unit[1] != "other") or not hints.nouns.isdisjoint(map(fold_lexeme, following)):
            return True
    if any(phrase <= words for phrase in hints.naming_phrases):
        return True
    return not words.isdisjoint(hints.words.numbers) and _counts_in_words(printed, hints)


def _counts_in_words(printed: list[str], hints: HintWords) -> bool:
    """Whether a number that is written as a word has a noun or a time near it: `twelve obese patients`."""
    words = list(map(fold_lexeme, printed))
    return any(
        word in hints.words.numbers and not hints.nouns.isdisjoint(words[index + 1 : index + 1 + _LONGEST_NOUN])
        for index, word in enumerate(words)
    )
