"""Matches printed journal names to the journals of `journals.csv`.

A folded name must equal one of a journal's names as a whole: *Spine*, *Spine J* and *Eur Spine J* are three journals.
Similarity is used only to suggest journals for an unknown name, never to merge.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

from pipelines.vocabularies.schemes import Vocabularies, journal_key, journal_names

_MIN_SIMILARITY = 70.0
_MAX_NAME_LENGTH = 300


def match_journal(journal_raw: str, vocabularies: Vocabularies) -> str | None:
    """The id of the journal with this printed name, or None."""
    return _ids_by_key(vocabularies).get(journal_key(journal_raw))


def suggest_journals(journal_raw: str, vocabularies: Vocabularies, limit: int = 3) -> list[str]:
    """The abbreviations of the journals whose names are most similar to the printed name, best first."""
    return list(_most_similar(journal_raw, vocabularies, limit))


# Cached because the same few thousand journals recur across reviews.
@lru_cache(maxsize=16384)
def _most_similar(journal_raw: str, vocabularies: Vocabularies, limit: int) -> tuple[str, ...]:
    ids_by_key = _ids_by_key(vocabularies)
    key = journal_key(journal_raw[:_MAX_NAME_LENGTH])
    similar = process.extract(key, list(ids_by_key), scorer=fuzz.ratio, limit=limit * 2, score_cutoff=_MIN_SIMILARITY)
    ids = dict.fromkeys(ids_by_key[name] for name, _, _ in similar)
    return tuple(vocabularies.journals[journal_id].abbreviation for journal_id in ids)[:limit]


@lru_cache(maxsize=4)
def _ids_by_key(vocabularies: Vocabularies) -> dict[str, str]:
    return {
        journal_key(name): journal.journal_id
        for journal in vocabularies.journals.values()
        for name in journal_names(journal)
    }
