"""Frames split into batches of whole reviews."""

from __future__ import annotations

import polars as pl

from pipelines.common.batching import count_rows, split_into_batches

REFERENCES = pl.LazyFrame({"review_id": ["b", "a", "c", "a"], "ref_no": [1, 1, 1, 2]})
NOTES = pl.LazyFrame({"review_id": ["c", "d"], "note": ["x", "y"]})
WORDS = pl.LazyFrame({"word": ["spine"]})


def test_each_review_is_whole_in_one_batch_with_all_shared_tables() -> None:
    frames = {"references": REFERENCES, "notes": NOTES, "words": WORDS}
    batches = list(split_into_batches(frames, reviews_per_batch=2))
    assert [batch["references"].rows() for batch in batches] == [[("b", 1), ("a", 1), ("a", 2)], [("c", 1)]]
    assert [batch["notes"].rows() for batch in batches] == [[], [("c", "x"), ("d", "y")]]
    assert [batch["words"].rows() for batch in batches] == [[("spine",)], [("spine",)]]


def test_without_reviews_there_is_one_batch_of_empty_frames() -> None:
    (batch,) = split_into_batches({"references": REFERENCES.clear(), "words": WORDS})
    assert batch["references"].schema == REFERENCES.collect_schema()
    assert (batch["references"].height, batch["words"].height) == (0, 1)


def test_count_rows_counts_all_frames() -> None:
    assert count_rows([REFERENCES, NOTES, WORDS]) == 7
    assert count_rows([]) == 0
