"""How much of what was read the vocabularies know, and what the unknown words come nearest to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.normalise.matcher import Label, folded
from schemas.tables.base import NOT_STATED

_LEAST_LIKENESS = 60.0
_LONGEST_TERM = 300


def coverage(scheme: str, subjects: pl.DataFrame, coded: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """How many of the subjects have a code of the scheme: one row with scheme, n_subjects, n_coded, share.

    A subject is a value of `key` in `subjects`; it is coded when `coded` holds it, be it once or often. Rows of `coded`
    with the concept `not_stated` are no code. `share` is null where there is no subject.
    """
    concepts = [column for column in ("concept_id", "design_id", "outcome_id") if column in coded.columns]
    known = coded.filter(*(pl.col(column).ne_missing(NOT_STATED) for column in concepts)).select(key).unique()
    base = subjects.select(key).unique()
    n_subjects, n_coded = base.height, base.join(known, on=list(key), how="semi").height
    return pl.DataFrame(
        [(scheme, n_subjects, n_coded, n_coded / n_subjects if n_subjects else None)],
        schema={"scheme": pl.String, "n_subjects": pl.Int32, "n_coded": pl.Int32, "share": pl.Float64},
        orient="row",
    )


def nearest_labels(term: str, labels: Iterable[Label], limit: int = 3) -> list[str]:
    """The labels most like a term, the likest first, at most one a concept; none where nothing comes near."""
    known = {label.label: label for label in labels}
    return _nearest(term, known, {text: folded(text) for text in known}, limit)


def unknown_terms(terms: Iterable[str], labels: Iterable[Label], limit: int = 3) -> pl.DataFrame:
    """Each term no vocabulary knows, how often it was met and what it comes nearest to; the commonest first.

    Columns term (key), n_times and nearest_labels (joined by `; `, null where nothing comes near).
    """
    known = {label.label: label for label in labels}
    keys = {text: folded(text) for text in known}
    counts = sorted(Counter(terms).items(), key=lambda item: (-item[1], item[0]))
    return pl.DataFrame(
        [(term, n_times, "; ".join(_nearest(term, known, keys, limit)) or None) for term, n_times in counts],
        schema={"term": pl.String, "n_times": pl.Int32, "nearest_labels": pl.String},
        orient="row",
    )


def _nearest(term: str, known: dict[str, Label], keys: dict[str, str], limit: int) -> list[str]:
    likest = process.extract(
        folded(term[:_LONGEST_TERM]), keys, scorer=fuzz.token_sort_ratio, limit=limit * 4, score_cutoff=_LEAST_LIKENESS
    )
    nearest: dict[tuple[str, str], str] = {}
    for _, _, text in likest:
        nearest.setdefault((known[text].scheme, known[text].concept_id), text)
    return list(nearest.values())[:limit]


CODED = (
    ("modality", "studies", "study_modalities", ("review_id", "table_no", "row_no")),
    ("outcome", "studies", "claims", ("review_id", "table_no", "row_no")),
    ("evidence", "bib_references", "reference_designs", ("review_id", "ref_no")),
    ("modality in titles", "bib_references", "reference_topics", ("review_id", "ref_no")),
)
"""What is coded in a release: the scheme, the table of its subjects, the table of codes, the subjects' key."""


def release_coverage(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`coverage` of each of `CODED`: one row a scheme. Topics are counted where they are of the scheme modality."""
    topics = frames["reference_topics"].filter(pl.col("scheme") == "modality")
    tables = {**frames, "reference_topics": topics}
    return pl.concat([coverage(name, tables[subjects], tables[coded], key) for name, subjects, coded, key in CODED])
