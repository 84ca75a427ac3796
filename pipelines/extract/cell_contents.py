"""Tells what the cells of a table column hold: countries, designs, participants, results, ratings.

Works on the text of single cells. The words are data (lists `cells_…` of `cues/table_words.csv`); signs and numbers are
patterns here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pipelines.readers.reading_patterns import CELL_WORD_LISTS, any_phrase, built_once
from pipelines.vocabularies.word_lists import reading_words

CellTest = Callable[[str], bool]

MAX_TESTED = 400
"""Characters of a cell that are looked at."""

_NUMERIC_RESULT = re.compile(r"[↑↓↔→±]|\d\s?%|\bp\s?[<=>]|\(\d[\d.]{0,9}\s?[-–,;]\s?\d|\d/\d", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2}")
_SCORE = re.compile(r"[\d.,/*★\s]{1,8}")
_YEAR = re.compile(r"(?:19|20)\d\d[a-z]?")
_COUNT = re.compile(r"\bn\s?=\s?\d+", re.IGNORECASE)


def share_of(cells: Sequence[str], test: CellTest) -> float:
    """The share of filled cells for which a test holds; 0 if none is filled."""
    filled = [text[:MAX_TESTED] for text in cells if text]
    return sum(map(test, filled)) / len(filled) if filled else 0.0


def has_words(name: str) -> CellTest:
    """A test for the words of the list `cells_{name}`."""
    return lambda text: _patterns()[f"cells_{name}"].search(text) is not None


def has_a_word(text: str) -> bool:
    return _WORD.search(text) is not None


def describes_participants(text: str) -> bool:
    return has_words("population")(text) or _COUNT.search(text) is not None


def is_result(text: str) -> bool:
    return has_words("result")(text) or is_numeric_result(text)


def is_numeric_result(text: str) -> bool:
    """Whether a cell has signs of a measured result: an arrow, a percentage, a p-value, an interval."""
    return _NUMERIC_RESULT.search(text) is not None


def is_rating(text: str) -> bool:
    """Whether a cell only holds a rating in words or signs (`Low risk`, `✓`, `?`)."""
    return text.casefold() in reading_words("cells_quality")


def is_score(text: str) -> bool:
    """Whether a cell only holds a number that may be a rating (`7/9`)."""
    return _SCORE.fullmatch(text) is not None


def _is_year(text: str) -> bool:
    return _YEAR.fullmatch(text) is not None


def _is_count(text: str) -> bool:
    return _COUNT.match(text) is not None


TELLING_CONTENTS: tuple[tuple[str, CellTest, float], ...] = (
    ("year", _is_year, 0.8),
    ("country", has_words("country"), 0.7),
    ("sample_size", _is_count, 0.6),
    ("design", has_words("design"), 0.6),
    ("result", has_words("result"), 0.5),
    ("population", has_words("population"), 0.6),
    ("result", is_numeric_result, 0.6),
)
"""Roles, what the cells of such a column hold, and the share of filled cells that must hold it; the first that does."""


@built_once
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(rf"(?<!\w){any_phrase(name)}(?!\w)", re.IGNORECASE) for name in CELL_WORD_LISTS}
