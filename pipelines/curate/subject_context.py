"""Chooses the rules for each review: words that mean something else elsewhere count only in reviews of the subject.

A review is about the subject, the spine and its tumours, if its title has a phrase of `cues/context.csv`. In other
reviews "the drug of choice" is no treatment indication and a "recurrence" no growth of a tumour.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from pipelines.curate.coding_rules import CodingRules
from pipelines.vocabularies.cue_phrases import CueFinder, split_words


def code_by_context(
    coder: Callable[..., pl.DataFrame], reviews: pl.DataFrame, rules: CodingRules, **frames: pl.DataFrame
) -> pl.DataFrame:
    """The rows that `coder` makes of `frames`, each review read by the rules for its subject, in the order of reviews.

    The coder is called with `frames` and `rules`, the rules of treatments and claims. Every frame has `review_id`.
    """
    inside = find_reviews_in_context(reviews, rules.topics.context)
    if len(inside) == reviews.height:
        return coder(rules=rules.modalities, **frames)
    parts = []
    for chosen, is_inside in ((rules.modalities, True), (rules.modalities_elsewhere, False)):
        is_chosen = pl.col("review_id").is_in(inside) == is_inside
        parts.append(coder(rules=chosen, **{name: frame.filter(is_chosen) for name, frame in frames.items()}))
    return pl.concat(parts).sort("review_id", maintain_order=True)


def find_reviews_in_context(reviews: pl.DataFrame, context: CueFinder) -> list[str]:
    """The reviews whose title has a phrase of the context, by id."""
    titles = reviews.select("review_id", pl.col("title").fill_null("")).iter_rows()
    return [review_id for review_id, title in titles if context.find_all(split_words(title))]
