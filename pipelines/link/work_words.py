"""The words by which works are told apart: the lists of `cues/work_words.csv`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.vocabularies.word_lists import load_word_lists

WORK_WORDS = "work_words.csv"


@dataclass(frozen=True, slots=True)
class WorkWords:
    """The word lists; a field has the name of its list in the file."""

    preprint_servers: frozenset[str]
    """Names of servers: a preprint and the article in a journal are two works."""
    notice_openings: frozenset[str]
    """Words that begin the title of a notice, comment or reply about another work ("Erratum")."""


def load_work_words(folder: Path) -> WorkWords:
    """The word lists of `work_words.csv` in `folder` (`schemas/vocabularies/cues`).

    Raises VocabularyError, which names the file, the line and the fix, for an unknown or missing list and for a word
    that a list contains twice; FileNotFoundError for a missing file.
    """
    return WorkWords(**load_word_lists(folder / WORK_WORDS, {item.name for item in fields(WorkWords)}))
