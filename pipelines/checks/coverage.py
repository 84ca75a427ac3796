"""The share of subjects (studies, references) that have a code of a scheme.

Takes published tables and returns counts. Which share is expected is declared in `policies`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from schemas.tables.base import NOT_STATED


@dataclass(frozen=True, slots=True)
class CodedScheme:
    """A scheme with the table of its subjects, the table of their codes, and the key that both share."""

    name: str
    subjects: str
    codes: str
    key: tuple[str, ...]


CODED_SCHEMES = (
    CodedScheme("modality", "studies", "study_modalities", ("review_id", "table_no", "row_no")),
    CodedScheme("outcome", "studies", "claims", ("review_id", "table_no", "row_no")),
    CodedScheme("evidence", "bib_references", "reference_designs", ("review_id", "ref_no")),
    CodedScheme("modality in titles", "bib_references", "reference_topics", ("review_id", "ref_no")),
)
"""The schemes whose coverage is reported for a release."""


def measure_coverage(scheme: str, subjects: pl.DataFrame, coded: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The number of subjects that have a code: one row with scheme, n_subjects, n_coded and share.

    A subject is a distinct value of `key` in `subjects`. It counts as coded if `coded` has at least one row for it
    whose concept is not `not_stated`. `share` is NULL without subjects.
    """
    concepts = [column for column in ("concept_id", "design_id", "outcome_id") if column in coded.columns]
    stated = coded.filter(*(pl.col(column).ne_missing(NOT_STATED) for column in concepts)).select(key).unique()
    base = subjects.select(key).unique()
    n_subjects, n_coded = base.height, base.join(stated, on=list(key), how="semi").height
    share = n_coded / n_subjects if n_subjects else None
    return pl.DataFrame(
        [{"scheme": scheme, "n_subjects": n_subjects, "n_coded": n_coded, "share": share}],
        schema={"scheme": pl.String, "n_subjects": pl.Int32, "n_coded": pl.Int32, "share": pl.Float64},
    )


def measure_release_coverage(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per scheme of `CODED_SCHEMES`. Of the topics only those of the scheme modality are counted."""
    topics = frames["reference_topics"].filter(pl.col("scheme") == "modality")
    tables = {**frames, "reference_topics": topics}
    return pl.concat(
        [
            measure_coverage(scheme.name, tables[scheme.subjects], tables[scheme.codes], scheme.key)
            for scheme in CODED_SCHEMES
        ]
    )
