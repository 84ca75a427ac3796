"""Reads named word lists from a CSV file of `schemas/vocabularies/cues/`, one row per word of a list.

Keeps the reading words in memory as well. Which lists exist and what each is for is declared in
`readers/reading_patterns.py` for `reading_words.csv` and in `vocabularies/coding_words.py` for `coding_words.csv`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from pipelines.common.settings import default_vocabularies
from pipelines.vocabularies.csv_files import read_rows
from pipelines.vocabularies.schemes import Row, VocabularyError

COLUMNS = ("word_list", "word", "note")
READING_WORDS = "cues/reading_words.csv"
TABLE_WORDS = "cues/table_words.csv"


def load_word_lists(path: Path, names: Collection[str] | None = None) -> Mapping[str, frozenset[str]]:
    """The word lists of a file, by name. Raises VocabularyError and FileNotFoundError as `read_word_rows` does."""
    lists: dict[str, set[str]] = {}
    for row in read_word_rows(path, names):
        lists.setdefault(row.cells["word_list"], set()).add(row.cells["word"])
    return {name: frozenset(words) for name, words in lists.items()}


def read_word_rows(path: Path, names: Collection[str] | None = None) -> list[Row]:
    """The rows of a word list file.

    Raises VocabularyError, which names the file, the line and the fix, for a row without a list or a word, for a word
    that a list contains twice and, if `names` is given, for any other list and for a missing one. Raises
    FileNotFoundError for a missing file.
    """
    file = f"{path.parent.name}/{path.name}"
    rows = read_rows(path, COLUMNS)
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        name, word = row.cells["word_list"], row.cells["word"]
        if not name or not word:
            raise VocabularyError(file, row.line, "word_list or word is missing", "fill in both columns")
        if names is not None and name not in names:
            raise VocabularyError(
                file, row.line, f"word_list '{name}' is unknown", f"write one of {', '.join(sorted(names))}"
            )
        if (name, word) in lines:
            raise VocabularyError(
                file, row.line, f"'{word}' of {name} is already on line {lines[name, word]}", "delete one of them"
            )
        lines[name, word] = row.line
    _reject_missing_lists(file, names or (), {name for name, _ in lines})
    return rows


def _reject_missing_lists(file: str, names: Iterable[str], present: Collection[str]) -> None:
    missing = sorted(set(names) - set(present))
    if missing:
        raise VocabularyError(
            file, None, f"word_list {', '.join(missing)} is missing", "restore at least one word of each list"
        )


def reading_words(name: str) -> frozenset[str]:
    """A list of the words by which the parts of a review and of its tables are recognised.

    The lists are those of `READING_WORDS` and `TABLE_WORDS`. Raises KeyError for an unknown list.
    """
    return _load_cached(Path(default_vocabularies()))[name]


def forget_reading_words() -> None:
    """Make `reading_words` read the files again."""
    _load_cached.cache_clear()


@cache
def _load_cached(vocabularies: Path) -> Mapping[str, frozenset[str]]:
    return {**load_word_lists(vocabularies / READING_WORDS), **load_word_lists(vocabularies / TABLE_WORDS)}
