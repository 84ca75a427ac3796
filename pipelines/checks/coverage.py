"""How much of what was read the vocabularies know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from schemas.tables.base import NOT_STATED


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
