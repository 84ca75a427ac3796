"""Tables in batches of whole reviews, so that memory does not grow with the number of reviews.

Every table but those of the vocabularies and of the release itself begins with `review_id`, and no row of one review
bears on those of another: whatever is computed of some reviews' rows is right for them. Where tables lie and what is
computed is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

REVIEWS_AT_ONCE = 64
"""Some 100,000 rows of the largest table."""


def in_batches(
    frames: Mapping[str, pl.LazyFrame], reviews_at_once: int = REVIEWS_AT_ONCE
) -> Iterator[dict[str, pl.DataFrame]]:
    """The frames, each time with the rows of some reviews only; a frame without `review_id` comes whole every time.

    Reviews come in the order of their ids, each once. Where there is no review, the frames come once, with no rows.
    """
    of_reviews = {name: frame for name, frame in frames.items() if "review_id" in frame.collect_schema()}
    others = [name for name in frames if name not in of_reviews]
    whole = dict(zip(others, pl.collect_all([frames[name] for name in others]), strict=True))
    found = pl.collect_all([frame.select(pl.col("review_id").unique()) for frame in of_reviews.values()])
    ids = pl.concat([pl.Series("review_id", [], pl.String), *(frame["review_id"] for frame in found)]).unique().sort()
    for first in range(0, max(ids.len(), 1), reviews_at_once):
        some = ids.slice(first, reviews_at_once)
        # First and last: of a file in this order only the row groups in question are read.
        is_among = (
            pl.col("review_id").is_between(pl.lit(some[0]), pl.lit(some[-1])) if len(some) else pl.lit(value=False)
        )
        rows = pl.collect_all([frame.filter(is_among) for frame in of_reviews.values()])
        yield {**whole, **dict(zip(of_reviews, rows, strict=True))}


def n_rows(frames: Iterable[pl.LazyFrame]) -> int:
    """The rows of all the frames."""
    return sum(counted.item() for counted in pl.collect_all([frame.select(pl.len()) for frame in frames]))
