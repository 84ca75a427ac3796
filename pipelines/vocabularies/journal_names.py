"""Journals: which one a printed name is, and the nearest known ones for a name that no vocabulary has.

A name is matched whole, once folded, against the names in `journals.csv`: *Spine*, *Spine J* and *Eur Spine J* are
three journals. Nothing is merged on likeness; likeness only suggests.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

from pipelines.vocabularies.schemes import Vocabularies, journal_key, journal_names

_LEAST_LIKENESS = 70.0
_LONGEST_NAME = 300


def match_journal(journal_raw: str, vocabularies: Vocabularies) -> str | None:
    """The id of the journal that goes by this printed name; None where none does."""
    return _index(vocabularies).get(journal_key(journal_raw))


def suggest_journals(journal_raw: str, vocabularies: Vocabularies, limit: int = 3) -> list[str]:
    """The abbreviations of the known journals whose names are most like the printed one, the likest first."""
    return list(_likest(journal_raw, vocabularies, limit))


# The same few thousand journals come up in review after review.
@lru_cache(maxsize=16384)
def _likest(journal_raw: str, vocabularies: Vocabularies, limit: int) -> tuple[str, ...]:
    index = _index(vocabularies)
    key = journal_key(journal_raw[:_LONGEST_NAME])
    likest = process.extract(key, list(index), scorer=fuzz.ratio, limit=limit * 2, score_cutoff=_LEAST_LIKENESS)
    ids = dict.fromkeys(index[name] for name, _, _ in likest)
    return tuple(vocabularies.journals[journal_id].abbreviation for journal_id in ids)[:limit]


@lru_cache(maxsize=4)
def _index(vocabularies: Vocabularies) -> dict[str, str]:
    return {
        journal_key(name): journal.journal_id
        for journal in vocabularies.journals.values()
        for name in journal_names(journal)
    }
