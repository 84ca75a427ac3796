"""The linked tables: the works that the references of all reviews are, and the overlap of reviews by their works."""

from pathlib import Path

import polars as pl

from pipelines.link import overlap
from pipelines.link import works as work_tables
from pipelines.link.work_records import build_records
from pipelines.link.work_words import load_work_words
from pipelines.orchestration.assets.vocabulary_assets import WORKS
from pipelines.orchestration.failure_policy import raise_as_failure
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import table_asset


@table_asset(on_error=raise_as_failure, deps=[WORKS], group="linked")
def work_records(
    folders: Folders,
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
    reviews: pl.DataFrame,
    review_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row per reference and review, with its fields in the form in which works are compared."""
    words = load_work_words(Path(folders.vocabularies) / "cues")
    return build_records(bib_references, reference_authors, reviews, review_authors, words)


work_members = table_asset(on_error=raise_as_failure, group="linked", across_reviews=True)(work_tables.work_members)
work_values = table_asset(on_error=raise_as_failure, group="linked", across_reviews=True)(work_tables.work_values)
works = table_asset(on_error=raise_as_failure)(work_tables.works)
work_variants = table_asset(on_error=raise_as_failure)(work_tables.work_variants)
reference_works = table_asset(on_error=raise_as_failure)(work_tables.reference_works)
review_works = table_asset(on_error=raise_as_failure)(work_tables.review_works)
review_overlap = table_asset(on_error=raise_as_failure, across_reviews=True)(overlap.review_overlap)
corpus_overlap = table_asset(on_error=raise_as_failure)(overlap.corpus_overlap)
