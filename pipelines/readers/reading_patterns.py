"""The words by which readers recognise parts of a review, as regular expressions.

Takes the name of a word list in `schemas/vocabularies/cues/reading_words.csv` and gives the text of a pattern, from
which a reader builds its patterns. How phrases are written in the file:

    works cited           these words in this order, with any white space between
    figure|fig.           one of these words
    supplement*           a word that begins like this
    historical *          any word in place of the asterisk
    publisher's note      either apostrophe
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

from pipelines.common.hashing import hash_file
from pipelines.common.settings import default_vocabularies
from pipelines.vocabularies.schemes import VocabularyError
from pipelines.vocabularies.word_lists import READING_WORDS, forget_reading_words, read_word_rows, reading_words

WORD_LISTS = frozenset(
    (
        *("abstract_heading", "abstract_label", "affiliation_word", "after_references_heading"),
        *("after_references_start", "ahead_of_print", "award_number_label", "back_matter_heading"),
        *("back_matter_heading_short_start", "back_matter_heading_start", "capital_name_particle", "contact_label"),
        *("continued_mark", "correspondence_label", "equal_contribution", "equal_contribution_note", "figure_label"),
        *("figure_label_prefix", "first_section_heading", "front_matter_line", "front_matter_start", "funder_lead"),
        *("funding_heading", "history_date", "hyphen_prefix", "journal_abbreviation", "keywords_label"),
        *(
            "licence_issuer",
            "licence_kind",
            "licence_word",
            "line_end_abbreviation",
            "name_particle",
            "reference_list_heading",
            "regulation_label",
            "reporting_verb",
        ),
        *("table_label", "table_label_prefix", "table_note_label", "table_note_opening", "table_note_origin"),
        "thesis_label",
    )
)
"""The word lists that readers use; notes in the file explain each."""

Built = TypeVar("Built")
_forget_built: list[Callable[[], None]] = []
_hash_in_use: str | None = None


def any_phrase(word_list: str) -> str:
    """A pattern that matches any phrase of a word list, longer phrases first. Raises KeyError for an unknown list."""
    return _any_of(_phrase_pattern(phrase) for phrase in _longest_first(reading_words(word_list)))


def built_once(build: Callable[[], Built]) -> Callable[[], Built]:
    """Decorator of a function that builds a pattern or a set of word lists: the result is kept until words change."""
    cached = cache(build)
    _forget_built.append(cached.cache_clear)
    return cached


def use_current_words() -> str:
    """Read the words again if their file has changed since this process read it; returns the hash of the file.

    Raises VocabularyError, which names the line and the fix, for a broken file, and FileNotFoundError if it is missing.
    """
    global _hash_in_use  # noqa: PLW0603
    vocabularies = Path(default_vocabularies())
    current = hash_file(vocabularies / READING_WORDS)
    if current != _hash_in_use:
        check_reading_words(vocabularies)
        forget_reading_words()
        for forget in _forget_built:
            forget()
        _hash_in_use = current
    return current


def check_reading_words(vocabularies: Path) -> None:
    """Check the file of reading words in a folder of vocabularies. Raises as `use_current_words` does."""
    for row in read_word_rows(vocabularies / READING_WORDS, WORD_LISTS):
        phrase = row.cells["word"]
        if not all(alternative for word in phrase.split() for alternative in word.split("|")):
            problem = f"'{phrase}' has an empty alternative"
            raise VocabularyError(READING_WORDS, row.line, problem, "write a word on both sides of '|'")


def _phrase_pattern(phrase: str) -> str:
    return r"\s+".join(_any_of(map(_word_pattern, _longest_first(word.split("|")))) for word in phrase.split())


def _word_pattern(word: str) -> str:
    if word == "*":
        return r"\w+"
    stem = re.escape(word.removesuffix("*")).replace("'", "['’]")
    return rf"{stem}\w*" if word.endswith("*") else stem


def _longest_first(words: Collection[str]) -> list[str]:
    """The words in a fixed order, in which a word comes before those that it begins with."""
    return sorted(words, key=lambda word: (-len(word), word))


def _any_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
