"""Finds the journal that a printed name or an ISSN stands for, among the curated journals and those of NLM's list.

Takes the curated journals (`journals.csv`) and the derived file `general/journals.csv.xz`, which `derive_journals`
writes. A folded name must equal one of a journal's names as a whole: *Spine*, *Spine J* and *Eur Spine J* are three
journals. A name that abbreviates the words of exactly one title is that title; likeness alone never decides.
"""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines.vocabularies.journal_keys import content_words, journal_key, shorten_name
from pipelines.vocabularies.schemes import Journal, VocabularyError, journal_names
from schemas.tables import SPECS

FILE = "journals.csv.xz"
COLUMNS = ("journal_id", "abbreviation", "title", "issn_print", "issn_online", "nlm_id", "keys")
SEPARATOR = "|"
CURATED, NLM = "curated", "nlm"

_MIN_PREFIX = 4
"""The least number of letters of an unknown abbreviation."""


class JournalIndex:
    """The journals by name and ISSN. `rows` has the columns `COLUMNS`; a key belongs to one row.

    A journal of the list that is also curated has the id, the names and the title that curators gave it.
    """

    def __init__(self, curated: Mapping[str, Journal], rows: pl.DataFrame) -> None:
        self._curated = curated
        by_nlm_id = {journal.nlm_id: journal.journal_id for journal in curated.values() if journal.nlm_id}
        self._rows = rows.with_columns(
            pl.col("nlm_id").replace(by_nlm_id).alias("curated_id"),
        ).with_columns(
            pl.when(pl.col("curated_id") != pl.col("nlm_id")).then("curated_id").otherwise("journal_id").alias("own_id")
        )
        self._ids: list[str] = self._rows["own_id"].to_list()
        self._numbers = {journal_id: number for number, journal_id in enumerate(self._ids)}
        keys = self._rows.select(
            pl.int_range(pl.len()).alias("number"), pl.col("keys").str.split(SEPARATOR).alias("key")
        ).explode("key")
        self._numbers_by_key: dict[str, int] = dict(zip(keys["key"].to_list(), keys["number"].to_list(), strict=True))
        self._curated_by_key = {
            journal_key(name): journal.journal_id for journal in curated.values() for name in journal_names(journal)
        }
        self._found: dict[str, str | None] = {}

    def find(self, name: str) -> str | None:
        """The id of the journal with this printed name; None if it is unknown or the name of several."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> str | None:
        for form in (name, *shorten_name(name)):
            key = journal_key(form)
            if key in self._curated_by_key:
                return self._curated_by_key[key]
            if key in self._numbers_by_key:
                return self._ids[self._numbers_by_key[key]]
        return self._find_abbreviated(name)

    def find_by_issn(self, issn: str) -> str | None:
        """The id of the journal with this ISSN, of the print or the online edition."""
        return self._ids_by_issn.get(issn.upper())

    def __getitem__(self, journal_id: str) -> tuple[Journal, str]:
        """The journal with this id, and the list that it is from: curated or nlm. Raises KeyError for an unknown id."""
        if journal_id in self._curated:
            return self._curated[journal_id], CURATED
        row = self._rows.row(self._numbers[journal_id], named=True)
        return Journal(
            journal_id=journal_id,
            abbreviation=row["abbreviation"],
            title=row["title"],
            alt_titles=(),
            issn_print=row["issn_print"] or None,
            issn_online=row["issn_online"] or None,
            nlm_id=row["nlm_id"] or None,
        ), NLM

    @cached_property
    def _ids_by_issn(self) -> dict[str, str]:
        pairs = [
            (issn, journal_id)
            for column in ("issn_online", "issn_print")
            for issn, journal_id in zip(self._rows[column].to_list(), self._ids, strict=True)
            if issn
        ]
        curated = [
            (issn, journal.journal_id)
            for journal in self._curated.values()
            for issn in (journal.issn_print, journal.issn_online)
            if issn
        ]
        return dict([*pairs, *curated])

    def _find_abbreviated(self, name: str) -> str | None:
        """The journal whose title the words of a name abbreviate, if there is exactly one.

        A word is the word of the title, an abbreviation that NLM uses for it, or, if it is neither a word nor an
        abbreviation of NLM's list, its first letters.
        """
        words = content_words(journal_key(name))
        if len(words) < 2:
            return None
        titles = self._titles.get("".join(word[0] for word in words), ())
        numbers = {
            number for title, number in titles if len(title) == len(words) and all(map(self._abbreviates, words, title))
        }
        return self._ids[numbers.pop()] if len(numbers) == 1 else None

    def _abbreviates(self, short: str, long: str) -> bool:
        if short == long or long in self._long_forms.get(short, ()):
            return True
        is_known = short in self._long_forms or short in self._title_words
        return not is_known and len(short) >= _MIN_PREFIX and long.startswith(short)

    @cached_property
    def _titles(self) -> dict[str, list[tuple[tuple[str, ...], int]]]:
        """The content words of each title, and of each without subtitle, by their first letters."""
        titles: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, title in enumerate(self._rows["title"].to_list()):
            for form in dict.fromkeys(content_words(journal_key(form)) for form in (title, *shorten_name(title))):
                titles.setdefault("".join(word[0] for word in form), []).append((form, number))
        return titles

    @cached_property
    def _title_words(self) -> set[str]:
        return {word for forms in self._titles.values() for form, _ in forms for word in form}

    @cached_property
    def _long_forms(self) -> dict[str, set[str]]:
        """The words of titles for each word of NLM's abbreviations, where both have as many words."""
        long_forms: dict[str, set[str]] = {}
        abbreviations = [content_words(journal_key(name)) for name in self._rows["abbreviation"].to_list()]
        for forms in self._titles.values():
            for form, number in forms:
                if len(form) == len(abbreviations[number]):
                    for short, long in zip(abbreviations[number], form, strict=True):
                        if short != long and short[0] == long[0]:
                            long_forms.setdefault(short, set()).add(long)
        return long_forms


def journals_frame(journals: JournalIndex, journal_ids: Iterable[str]) -> pl.DataFrame:
    """`journals`: one row per journal of these ids; key journal_id."""
    rows = [{**asdict(journal), "source": source} for journal, source in map(journals.__getitem__, journal_ids)]
    columns = SPECS["journals"].polars_schema
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=columns)


def load_journal_index(folder: Path, curated: Mapping[str, Journal]) -> JournalIndex:
    """The index of the derived file in `folder` (`schemas/vocabularies/general`) and the curated journals.

    Raises VocabularyError if the file is damaged or has other columns, and FileNotFoundError if it is missing.
    """
    fix = "restore it, or write it again with `just journals`"
    try:
        text = lzma.decompress((folder / FILE).read_bytes()).decode()
    except (lzma.LZMAError, UnicodeDecodeError) as error:
        raise VocabularyError(FILE, None, f"the file is damaged ({error})", fix) from error
    rows = pl.read_csv(io.StringIO(text), infer_schema=False).fill_null("")
    if tuple(rows.columns) != COLUMNS:
        raise VocabularyError(FILE, 1, f"the columns are not {','.join(COLUMNS)}", fix)
    return JournalIndex(curated, rows)
