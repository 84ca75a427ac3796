"""Pairs of references that are cited together, and pairs of authors that are listed together."""

import polars as pl

from pipelines.analysis.mart_frames import finish, join_distinct, share
from schemas.tables.analysis import Coauthorships, Cocitations

LARGEST_GROUP = 200
"""The size above which a group is left out, because it lists items rather than relating them.

A group of n items has n (n - 1) / 2 pairs: 19,900 for this size.
"""


def list_group_members(frame: pl.DataFrame, group: list[str], item: str) -> pl.DataFrame:
    """The distinct items of each group: (*group, item), without NULLs and groups larger than LARGEST_GROUP."""
    distinct = frame.select(*group, item).drop_nulls().unique()
    return distinct.filter(pl.len().over(group) <= LARGEST_GROUP)


def pair_members(members: pl.DataFrame, group: list[str], item: str) -> pl.DataFrame:
    """Every pair of items of a group, from `list_group_members`: (*group, {item}_a, {item}_b) with a < b."""
    first, second = f"{item}_a", f"{item}_b"
    return (
        members.lazy()
        .rename({item: first})
        .join(members.lazy().rename({item: second}), on=group)
        .filter(pl.col(first) < pl.col(second))
        .collect()
    )


def cocitations(citation_markers: pl.DataFrame, citation_mentions: pl.DataFrame) -> pl.DataFrame:
    """The table `cocitations`: one row per pair of references cited by one marker or in one sentence (Small 1973)."""
    pair = ["review_id", "ref_no_a", "ref_no_b"]
    mentions = citation_mentions.select("review_id", "marker_id", "ref_no").join(
        citation_markers.select("review_id", "marker_id", "context", "sentence_id"), on=["review_id", "marker_id"]
    )
    marker = ["review_id", "marker_id", "context"]
    sentence = ["review_id", "sentence_id"]
    prose = pl.col("context") == "prose"
    by_marker = (
        pair_members(list_group_members(mentions, marker, "ref_no"), marker, "ref_no")
        .group_by(pair)
        .agg(n_markers_prose=prose.sum(), n_markers_table=(~prose).sum())
    )
    in_sentences = list_group_members(mentions, sentence, "ref_no")
    by_sentence = pair_members(in_sentences, sentence, "ref_no").group_by(pair).agg(n_sentences=pl.len())
    citing = in_sentences.group_by("review_id", "ref_no").agg(n=pl.len())
    both = pl.col("n_sentences")
    return finish(
        by_marker.join(by_sentence, on=pair, how="full", coalesce=True)
        .join(citing.rename({"ref_no": "ref_no_a", "n": "n_a"}), on=["review_id", "ref_no_a"], how="left")
        .join(citing.rename({"ref_no": "ref_no_b", "n": "n_b"}), on=["review_id", "ref_no_b"], how="left")
        .with_columns(pl.col("^n_.*$").fill_null(0).cast(pl.Int64))
        .with_columns(n_sentences_either=pl.col("n_a") + pl.col("n_b") - both)
        .with_columns(jaccard=share("n_sentences", "n_sentences_either")),
        Cocitations,
    )


def coauthorships(bib_references: pl.DataFrame, reference_authors: pl.DataFrame) -> pl.DataFrame:
    """The table `coauthorships`: one row per pair of authors listed on one reference."""
    reference = ["review_id", "ref_no"]
    listed = reference_authors.select(
        *reference, author=pl.concat_str("surname", "initials", "suffix", separator=" ", ignore_nulls=True)
    )
    return finish(
        pair_members(list_group_members(listed, reference, "author"), reference, "author")
        .join(bib_references.select(*reference, "year", "authors_truncated"), on=reference)
        .group_by("review_id", "author_a", "author_b")
        .agg(
            n_references=pl.len(),
            n_truncated=pl.col("authors_truncated").sum(),
            ref_nos=join_distinct(pl.col("ref_no")),
            first_year=pl.col("year").min(),
            last_year=pl.col("year").max(),
        ),
        Coauthorships,
    )
