"""How far the reviews of a corpus cite the same works: the tables `review_overlap` and `corpus_overlap`.

The measure is the corrected covered area (CCA; Pieper et al. 2014, doi 10.1016/j.jclinepi.2013.11.007): the share of
filled cells in the matrix of works by reviews, after one cell per work is taken out. Cells that cannot be filled are
taken out too in the chronological count (Bougioukas et al. 2021, doi 10.1016/j.jclinepi.2020.12.004).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.tables.table_frames import shape_table
from schemas.tables.base import spec
from schemas.tables.code_lists import OVERLAP_ASSUMPTIONS, OVERLAP_SCOPES
from schemas.tables.linked import CorpusOverlap, ReviewOverlap

_REVIEWS_AT_ONCE = 500
"""Reviews that are paired with all others in one step. Limits the memory of the join."""

_STUDY = ["review_id", "table_no", "row_no"]


def find_included_works(reference_works: pl.DataFrame, study_references: pl.DataFrame) -> pl.DataFrame:
    """One row per scope, review and work that the review includes in this scope: scope, review_id, work_id."""
    of_studies = reference_works.join(study_references, on=["review_id", "ref_no"], how="semi")
    return pl.concat(
        frame.select(pl.lit(scope).alias("scope"), "review_id", "work_id").unique()
        for scope, frame in (("all_references", reference_works), ("studies", of_studies))
    )


def review_overlap(reference_works: pl.DataFrame, study_references: pl.DataFrame) -> pl.DataFrame:
    """The table `review_overlap`: pairs of reviews that share a work, by scope."""
    included = find_included_works(reference_works, study_references).with_columns(
        n_works=pl.len().over("scope", "review_id")
    )
    n_union = pl.col("n_works") + pl.col("n_other_works") - pl.col("n_shared")
    pairs = pl.concat(_count_shared_works(included))
    return shape_table(
        pairs.with_columns(pl.col("^n_.*$").cast(pl.Int64)).with_columns(cca=pl.col("n_shared") / n_union),
        spec(ReviewOverlap),
    )


def _count_shared_works(included: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs that share a work with their numbers of works, for `_REVIEWS_AT_ONCE` reviews after the other."""
    other = included.rename({"review_id": "other_review_id", "n_works": "n_other_works"})
    pair = ["scope", "review_id", "other_review_id", "n_works", "n_other_works"]
    reviews = included["review_id"].unique().sort()
    for first in range(0, max(len(reviews), 1), _REVIEWS_AT_ONCE):
        batch = included.filter(pl.col("review_id").is_in(reviews.slice(first, _REVIEWS_AT_ONCE).implode()))
        yield (
            batch.lazy()
            .join(other.lazy(), on=["scope", "work_id"])
            .filter(pl.col("review_id") < pl.col("other_review_id"))
            .group_by(pair)
            .agg(n_shared=pl.len())
            .collect()
        )


def corpus_overlap(
    reference_works: pl.DataFrame,
    study_references: pl.DataFrame,
    studies: pl.DataFrame,
    works: pl.DataFrame,
    reviews: pl.DataFrame,
) -> pl.DataFrame:
    """The table `corpus_overlap`: the overlap of all reviews under each scope and assumption."""
    included = find_included_works(reference_works, study_references)
    same_study = _find_same_studies(reference_works, study_references, studies, works)
    by_study = (
        included.join(same_study, on="work_id", how="left")
        .select("scope", "review_id", pl.coalesce("study", "work_id").alias("work_id"))
        .unique()
    )
    printed = _count_included(included)
    impossible = _count_impossible(included, works, reviews)
    counts = pl.concat(
        [
            printed.with_columns(assumption=pl.lit("as_printed")),
            _count_included(by_study).with_columns(assumption=pl.lit("one_per_study")),
            printed.join(impossible, on="scope").with_columns(assumption=pl.lit("chronological")),
        ],
        how="diagonal",
    )
    every = pl.DataFrame({"scope": list(OVERLAP_SCOPES)}).join(
        pl.DataFrame({"assumption": list(OVERLAP_ASSUMPTIONS)}), how="cross"
    )
    n_free = pl.col("n_works") * pl.col("n_reviews") - pl.col("n_works") - pl.col("n_impossible")
    return shape_table(
        every.join(counts, on=["scope", "assumption"], how="left")
        .with_columns(pl.col("^n_.*$").fill_null(0).cast(pl.Int64))
        .with_columns(cca=pl.when(n_free > 0).then((pl.col("n_occurrences") - pl.col("n_works")) / n_free)),
        spec(CorpusOverlap),
    )


def _count_included(included: pl.DataFrame) -> pl.DataFrame:
    return included.group_by("scope").agg(
        n_reviews=pl.col("review_id").n_unique(), n_works=pl.col("work_id").n_unique(), n_occurrences=pl.len()
    )


def _count_impossible(included: pl.DataFrame, works: pl.DataFrame, reviews: pl.DataFrame) -> pl.DataFrame:
    """By scope, the pairs of a review and a work that is later than it, but for those where it cites the work."""
    dated = included.join(works.select("work_id", "year"), on="work_id").join(
        reviews.select("review_id", review_year="publication_year"), on="review_id"
    )
    works_of_year = dated.unique(["scope", "work_id"]).group_by("scope", "year").agg(n_works=pl.len())
    reviews_of_year = dated.unique(["scope", "review_id"]).group_by("scope", "review_year").agg(n_reviews=pl.len())
    is_later = pl.col("year") > pl.col("review_year")
    cited = dated.group_by("scope").agg(n_cited=is_later.fill_null(value=False).sum())
    return (
        works_of_year.join(reviews_of_year, on="scope")
        .group_by("scope")
        .agg(n_later=(pl.col("n_works") * pl.col("n_reviews")).filter(is_later).sum())
        .join(cited, on="scope")
        .select("scope", n_impossible=pl.col("n_later").cast(pl.Int64) - pl.col("n_cited").cast(pl.Int64))
    )


def _find_same_studies(
    reference_works: pl.DataFrame, study_references: pl.DataFrame, studies: pl.DataFrame, works: pl.DataFrame
) -> pl.DataFrame:
    """The works that a row of an evidence table cites as one study: work_id and `study`, the lowest of their ids.

    A row states that its works are one study if its label names one author once, none of the other first authors, and
    lists the works there, not as a range. Works of two such rows are one study if the rows have a work in common.
    """
    label, author, other = pl.col("study_label"), pl.col("first_author"), pl.col("work_author")
    names_another = label.str.contains(other, literal=True) & ~author.str.contains(other, literal=True)
    listed = (
        study_references.filter((pl.col("rule_id") == "cited_in_key_cell") & ~pl.col("is_from_range"))
        .join(studies.filter(label.str.count_matches(author, literal=True) == 1), on=_STUDY)
        .join(reference_works, on=["review_id", "ref_no"])
        .join(works.select("work_id", work_author="first_author"), on="work_id")
        .filter(~names_another.fill_null(value=False).any().over(_STUDY))
        .select(row=pl.concat_str(*_STUDY, separator="/"), work_id="work_id", study="work_id")
        .filter(pl.col("work_id").n_unique().over("row") > 1)
    )
    # The lowest id spreads through rows and works until it has reached every work of the study.
    while True:
        spread = listed.with_columns(study=pl.col("study").min().over("row")).with_columns(
            study=pl.col("study").min().over("work_id")
        )
        if spread["study"].equals(listed["study"]):
            return listed.select("work_id", "study").unique()
        listed = spread
