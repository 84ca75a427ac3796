"""Named lists of words, read from a CSV file of `schemas/vocabularies/cues/`.

A row is a word of a list. What the words mean to a reader or a coder is decided where the list is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipelines.common.settings import default_vocabularies
from pipelines.vocabularies.csv_files import read_rows
from pipelines.vocabularies.schemes import VocabularyError

COLUMNS = ("word_list", "word", "note")
READING_WORDS = "cues/reading_words.csv"


def load_word_lists(path: Path) -> Mapping[str, frozenset[str]]:
    """The lists of a file by name.

    Raises VocabularyError, which names file, line and fix, for a row without a list or a word and for a word that is
    listed twice; FileNotFoundError for a missing file.
    """
    file = f"{path.parent.name}/{path.name}"
    lines: dict[tuple[str, str], int] = {}
    for row in read_rows(path, COLUMNS):
        name, word = row.cells["word_list"], row.cells["word"]
        if not name or not word:
            raise VocabularyError(file, row.line, "the list or the word is missing", "fill in both columns")
        if (name, word) in lines:
            raise VocabularyError(
                file, row.line, f"'{word}' of {name} is also on line {lines[name, word]}", "delete one of the two"
            )
        lines[name, word] = row.line
    lists: dict[str, set[str]] = {}
    for name, word in lines:
        lists.setdefault(name, set()).add(word)
    return {name: frozenset(words) for name, words in lists.items()}


def reading_words(name: str) -> frozenset[str]:
    """A list of the words that readers recognise parts of a review by. Raises KeyError for an unknown list."""
    return _lists(Path(default_vocabularies()) / READING_WORDS)[name]


@cache
def _lists(path: Path) -> Mapping[str, frozenset[str]]:
    return load_word_lists(path)
