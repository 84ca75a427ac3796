"""Split frames into batches of whole reviews, so that memory use does not grow with the number of reviews.

Rows of different reviews are independent, so batches can be processed separately. Tables without `review_id`
(vocabularies, and tables about the release itself) go whole into every batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

REVIEWS_PER_BATCH = 64
"""Gives batches of about 100,000 rows of the largest table."""


def split_into_batches(
    frames: Mapping[str, pl.LazyFrame], reviews_per_batch: int = REVIEWS_PER_BATCH
) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield the frames repeatedly, each time with the rows of the next reviews; frames without `review_id` come whole.

    Reviews are in the order of their ids, and each is in one batch only. Without any review there is one batch, in
    which the frames of reviews are empty.
    """
    by_review = {name: frame for name, frame in frames.items() if "review_id" in frame.collect_schema()}
    other_names = [name for name in frames if name not in by_review]
    whole = dict(zip(other_names, pl.collect_all([frames[name] for name in other_names]), strict=True))
    id_frames = pl.collect_all([frame.select(pl.col("review_id").unique()) for frame in by_review.values()])
    ids = pl.concat([pl.Series("review_id", [], pl.String), *(frame["review_id"] for frame in id_frames)])
    ids = ids.unique().sort()
    for first in range(0, max(ids.len(), 1), reviews_per_batch):
        batch_ids = ids.slice(first, reviews_per_batch)
        # A range, not a set of ids: in a file sorted by review_id only the row groups in the range are read.
        is_in_batch = (
            pl.col("review_id").is_between(pl.lit(batch_ids[0]), pl.lit(batch_ids[-1]))
            if len(batch_ids)
            else pl.lit(value=False)
        )
        rows = pl.collect_all([frame.filter(is_in_batch) for frame in by_review.values()])
        yield {**whole, **dict(zip(by_review, rows, strict=True))}


def count_rows(frames: Iterable[pl.LazyFrame]) -> int:
    """Count the rows of all frames together."""
    return sum(counted.item() for counted in pl.collect_all([frame.select(pl.len()) for frame in frames]))
