"""Reads the words that name quantities: `cues/quantity.csv` (phrases) and `cues/units.csv` (units of measurement).

Takes the folder of the cue files and gives `QuantityWords`. Phrases are split by `split_lexemes`, as the texts are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

from pipelines.vocabularies.csv_files import read_rows
from pipelines.vocabularies.schemes import Row, VocabularyError

QUANTITY_CUES = "quantity.csv"
UNITS = "units.csv"

LEXEME = r"[^\W\d_]\.(?:[^\W\d_]\.)+|[^\W\d_]\w*(?:[-–'’]\w+)*"
"""A word: `S.D.`, or letters and digits that may be joined by a hyphen or an apostrophe (`follow-up`)."""

MEASURES = (
    "p_value",
    "sample_size",
    "hazard_ratio",
    "odds_ratio",
    "risk_ratio",
    "risk_difference",
    "number_needed_to_treat",
    "mean_difference",
    "standardised_mean_difference",
    "correlation",
    "heterogeneity",
)
_MEANINGS: Mapping[str, tuple[str, ...] | None] = {
    "number": None,
    "measure": MEASURES,
    "statistic": ("mean", "median"),
    "interval": ("ci", "sd", "se", "iqr", "range"),
    "sign": ("<", "<=", ">", ">=", "~"),
    "sign_after": ("<=", ">="),
    "subject": None,
    "subject_one": None,
    "enrolled": ("person",),
    "context": ("age", "follow_up", "duration", "dose", "given", "weight", "content"),
    "age_after": ("age",),
    "named": ("", "small"),
    "solution": ("",),
    "change": ("",),
    "arm": ("", "treatment"),
    "percentage": ("",),
    "number_label": ("",),
    "population": ("",),
}
"""The groups of cues, and what their cues can mean; None if the meaning is checked otherwise."""

UNIT_KINDS = ("percent", "time", "dose", "volume", "concentration", "portion", "other")
DIVISOR_KINDS = ("dose_divisor", "rate_divisor", "other_divisor")

_LEXEMES = re.compile(rf"{LEXEME}|\S")
_LONGEST_CASED = 3
_LONGEST_ABBREVIATION = 6


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase means: its group and its meaning in the file."""

    group: str
    meaning: str


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """The phrases and the units.

    `phrases` has the phrases by their first lexeme, longest first, each with its cues. `numbers` has the values of
    number words. `units` has (unit, kind) by spelling, `divisors` the same for what a unit can be divided by.
    """

    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Cue, ...]], ...]]
    numbers: Mapping[str, float]
    units: Mapping[str, tuple[str, str]]
    divisors: Mapping[str, tuple[str, str]]


@lru_cache(maxsize=65_536)
def fold_lexeme(lexeme: str) -> str:
    """The form in which lexemes are compared: abbreviations in capitals keep their case, other words have none.

    `OR` is an odds ratio, `or` is not.
    """
    if len(lexeme) <= _LONGEST_ABBREVIATION and lexeme.upper() == lexeme and len(lexeme) > 1:
        return lexeme
    return lexeme.casefold().replace("’", "'")


def split_lexemes(text: str) -> list[str]:
    """The lexemes of a phrase: words and single other characters."""
    return _LEXEMES.findall(text)


def find_unit(spellings: Mapping[str, tuple[str, str]], printed: str) -> tuple[str, str] | None:
    """(unit, kind) of a printed unit. Case counts in short spellings only: `mg` is no `MG`, but `Weeks` are `weeks`."""
    found = spellings.get(printed)
    return found if found or len(printed) <= _LONGEST_CASED else spellings.get(printed.casefold())


def load_quantity_words(folder: Path) -> QuantityWords:
    """The words in `quantity.csv` and `units.csv` of `folder` (`schemas/vocabularies/cues`).

    Raises VocabularyError, which names the file, the line and the fix, for an unknown or missing group, a meaning that
    the group does not allow, an unknown kind of unit, and a phrase or a spelling that is listed twice;
    FileNotFoundError for a missing file.
    """
    numbers: dict[str, float] = {}
    phrases: dict[tuple[str, ...], list[Cue]] = {}
    lines: dict[tuple[str, tuple[str, ...]], int] = {}
    groups = set()
    for row in read_rows(folder / QUANTITY_CUES, ("cue_group", "cue", "meaning", "note")):
        cue = _check_cue(row)
        groups.add(cue.group)
        for phrase in _expand_alternatives(row):
            if (cue.group, phrase) in lines:
                earlier = lines[cue.group, phrase]
                problem = f"'{' '.join(phrase)}' of {cue.group} is already on line {earlier}"
                raise VocabularyError(f"cues/{QUANTITY_CUES}", row.line, problem, "delete one of them")
            lines[cue.group, phrase] = row.line
            if cue.group == "number":
                numbers[phrase[0]] = float(cue.meaning)
            else:
                phrases.setdefault(phrase, []).append(cue)
    missing = sorted(set(_MEANINGS) - groups)
    if missing:
        problem = f"cue_group {', '.join(missing)} is missing"
        raise VocabularyError(f"cues/{QUANTITY_CUES}", None, problem, "restore at least one cue of each group")
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[Cue, ...]]]] = {}
    for phrase, cues in sorted(phrases.items(), key=lambda item: -len(item[0])):
        by_first.setdefault(phrase[0], []).append((phrase, tuple(cues)))
    units, divisors = _load_units(folder)
    return QuantityWords({first: tuple(found) for first, found in by_first.items()}, numbers, units, divisors)


def _check_cue(row: Row) -> Cue:
    file, group, meaning = f"cues/{QUANTITY_CUES}", row.cells["cue_group"], row.cells["meaning"]
    if group not in _MEANINGS:
        raise VocabularyError(
            file, row.line, f"cue_group '{group}' is unknown", f"write one of {', '.join(sorted(_MEANINGS))}"
        )
    allowed = _MEANINGS[group]
    if allowed is not None and meaning not in allowed:
        choices = ", ".join(value or "nothing" for value in allowed)
        raise VocabularyError(file, row.line, f"meaning '{meaning}' is unknown", f"write one of {choices}")
    if group == "number" and not meaning.isdecimal():
        raise VocabularyError(file, row.line, f"meaning '{meaning}' is not a number", "write it in digits")
    if group.startswith("subject") and not meaning:
        raise VocabularyError(file, row.line, "the meaning is missing", "write the unit, such as person")
    return Cue(group, meaning)


def _expand_alternatives(row: Row) -> list[tuple[str, ...]]:
    """The phrases of a cell, as lexemes: `risk|rate ratio` is two."""
    words = [word.split("|") for word in row.cells["cue"].split()]
    if not words or not all(all(alternatives) for alternatives in words):
        raise VocabularyError(
            f"cues/{QUANTITY_CUES}", row.line, f"'{row.cells['cue']}' is not a phrase", "write a word, or words with |"
        )
    return [tuple(map(fold_lexeme, split_lexemes(" ".join(phrase)))) for phrase in product(*words)]


def _load_units(folder: Path) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    units: dict[str, tuple[str, str]] = {}
    divisors: dict[str, tuple[str, str]] = {}
    for row in read_rows(folder / UNITS, ("unit", "spellings", "kind", "note")):
        unit, kind = row.cells["unit"], row.cells["kind"]
        if kind not in UNIT_KINDS + DIVISOR_KINDS:
            raise VocabularyError(
                f"cues/{UNITS}",
                row.line,
                f"kind '{kind}' is unknown",
                f"write one of {', '.join(UNIT_KINDS + DIVISOR_KINDS)}",
            )
        listed = divisors if kind in DIVISOR_KINDS else units
        for spelling in (part.strip() for part in row.cells["spellings"].split(";")):
            if not spelling or spelling in listed:
                raise VocabularyError(
                    f"cues/{UNITS}", row.line, f"spelling '{spelling}' is empty or listed twice", "delete one of them"
                )
            listed[spelling] = (unit, kind)
    return units, divisors
