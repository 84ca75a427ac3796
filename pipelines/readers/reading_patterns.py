"""The words by which parts of a review and of its tables are recognised, as regular expressions.

Takes the name of a word list in `reading_words.csv` or `table_words.csv` of `schemas/vocabularies/cues/` and gives the
text of a pattern, from which a reader builds its patterns. How phrases are written in the files:

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

from pipelines.common.hashing import hash_files
from pipelines.common.settings import default_vocabularies
from pipelines.vocabularies.schemes import Row, VocabularyError
from pipelines.vocabularies.word_lists import (
    READING_WORDS,
    TABLE_WORDS,
    forget_reading_words,
    read_word_rows,
    reading_words,
)
from schemas.tables.code_lists import COLUMN_ROLES

WORD_LISTS = frozenset(
    (
        *("abstract_heading", "abstract_label", "academic_degree", "affiliation_word", "after_references_heading"),
        *("author_details_heading", "closed_compound_start"),
        *("after_references_start", "ahead_of_print", "award_number_label", "back_matter_heading"),
        *("back_matter_heading_short_start", "back_matter_heading_start", "capital_name_particle", "contact_label"),
        *("continued_mark", "correspondence_label", "equal_contribution", "equal_contribution_note", "figure_label"),
        *("figure_label_prefix", "first_section_heading", "front_matter_label", "front_matter_line"),
        *("front_matter_start", "funder_lead", "funding_heading", "history_date", "hyphen_prefix"),
        *("journal_abbreviation", "keywords_label", "licence_issuer", "licence_kind", "licence_word"),
        *("line_end_abbreviation", "name_particle", "reference_list_heading", "regulation_label", "reporting_verb"),
        *("table_label", "table_label_prefix", "table_note_label", "table_note_opening", "table_note_origin"),
        "thesis_label",
    )
)
"""The word lists that readers use; notes in the file explain each."""

HEADER_ROLES = (*COLUMN_ROLES, "outcome", "method", "item", "kind", "nothing")
"""What the header of a table column can name: the lists `header_…` of the table words."""

CELL_WORD_LISTS = tuple(
    f"cells_{name}"
    for name in (
        "design",
        "population",
        "result",
        "assay",
        "country",
        "quality",
        "caption",
        "no_author",
    )
)
"""The lists of words that tell what the cells of a table column hold."""

_LISTS_BY_FILE = {
    READING_WORDS: WORD_LISTS,
    TABLE_WORDS: frozenset((*(f"header_{role}" for role in HEADER_ROLES), "weak_header", *CELL_WORD_LISTS)),
}

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
    """Read the words again if a file has changed since this process read it; returns the hash of the files.

    Raises VocabularyError, which names the line and the fix, for a broken file, and FileNotFoundError if one is
    missing.
    """
    global _hash_in_use  # noqa: PLW0603
    vocabularies = Path(default_vocabularies())
    current = hash_files(vocabularies, [vocabularies / file for file in _LISTS_BY_FILE])
    if current != _hash_in_use:
        check_reading_words(vocabularies)
        forget_reading_words()
        for forget in _forget_built:
            forget()
        _hash_in_use = current
    return current


def check_reading_words(vocabularies: Path) -> None:
    """Check the files of reading and table words in a folder of vocabularies. Raises as `use_current_words` does."""
    for file, word_lists in _LISTS_BY_FILE.items():
        rows = read_word_rows(vocabularies / file, word_lists)
        for row in rows:
            phrase = row.cells["word"]
            if not all(alternative for word in phrase.split() for alternative in word.split("|")):
                problem = f"'{phrase}' has an empty alternative"
                raise VocabularyError(file, row.line, problem, "write a word on both sides of '|'")
        _reject_second_roles(file, rows)


def _reject_second_roles(file: str, rows: Iterable[Row]) -> None:
    """Raise VocabularyError if a phrase is in two of the lists `header_…`."""
    roles: dict[str, str] = {}
    for row in rows:
        name, phrase = row.cells["word_list"], row.cells["word"]
        if name.startswith("header_") and roles.setdefault(phrase, name) != name:
            problem = f"'{phrase}' of {name} is in {roles[phrase]} too"
            raise VocabularyError(file, row.line, problem, "delete one of them; a header phrase names one role")


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
