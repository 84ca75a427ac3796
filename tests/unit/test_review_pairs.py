"""Rows that refer to two reviews are valid although reviews are checked in batches."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.checks.quality_checks import check_tables, merge_checks
from pipelines.common.batching import REVIEWS_PER_BATCH, split_into_batches
from pipelines.release.verify import check_together
from pipelines.tables.validation import InvalidTableError
from tests.mini_tables import frames


def pair_of(other_review_id: str) -> dict[str, pl.LazyFrame]:
    """Reviews of two batches, and a pair of the first one with another."""
    reviews = [f"r{number:03}" for number in range(REVIEWS_PER_BATCH + 1)]
    pair = {"review_id": reviews[0], "other_review_id": other_review_id, "scope": "studies"}
    tables = frames(reviews=tuple({"review_id": review} for review in reviews), review_overlap=(pair,))
    return {name: frame.lazy() for name, frame in tables.items()}


LAST = f"r{REVIEWS_PER_BATCH:03}"


def test_a_pair_of_reviews_in_two_batches_is_valid() -> None:
    check_together(pair_of(LAST))
    checks = merge_checks(check_tables(batch) for batch in split_into_batches(pair_of(LAST)))
    assert checks.filter(check_id="foreign_keys_of_review_overlap").select("n_checked", "passed").rows() == [(1, True)]


def test_a_pair_with_a_review_that_does_not_exist_is_named() -> None:
    with pytest.raises(InvalidTableError, match="other_review_id: 'r999' violates foreign key to reviews"):
        check_together(pair_of("r999"))
