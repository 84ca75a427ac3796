"""Pairs that stand together: references cited together, authors listed together."""

import polars as pl

from pipelines.analysis.mart_frames import as_list, finish, share
from schemas.tables.analysis import Coauthorships, Cocitations

LARGEST_GROUP = 200
"""A group of n makes n (n - 1) / 2 pairs: 19,900 here. A larger one lists and does not relate; it is left out whole."""


def members(frame: pl.DataFrame, group: list[str], item: str) -> pl.DataFrame:
    """(*group, item), distinct and without NULLs; groups of more than LARGEST_GROUP items are left out."""
    distinct = frame.select(*group, item).drop_nulls().unique()
    return distinct.filter(pl.len().over(group) <= LARGEST_GROUP)


def pairs(of_groups: pl.DataFrame, group: list[str], item: str) -> pl.DataFrame:
    """(*group, {item}_a, {item}_b) with a before b: every two items of a group, from the rows of `members`."""
    first, second = f"{item}_a", f"{item}_b"
    return (
        of_groups.lazy()
        .rename({item: first})
        .join(of_groups.lazy().rename({item: second}), on=group)
        .filter(pl.col(first) < pl.col(second))
        .collect()
    )


def cocitations(citation_markers: pl.DataFrame, citation_mentions: pl.DataFrame) -> pl.DataFrame:
    """`cocitations`: two references cited together (Small 1973), by one marker or in one sentence."""
    pair = ["review_id", "ref_no_a", "ref_no_b"]
    mentions = citation_mentions.select("review_id", "marker_id", "ref_no").join(
        citation_markers.select("review_id", "marker_id", "context", "sentence_id"), on=["review_id", "marker_id"]
    )
    marker = ["review_id", "marker_id", "context"]
    sentence = ["review_id", "sentence_id"]
    prose = pl.col("context") == "prose"
    by_marker = (
        pairs(members(mentions, marker, "ref_no"), marker, "ref_no")
        .group_by(pair)
        .agg(n_markers_prose=prose.sum(), n_markers_table=(~prose).sum())
    )
    in_sentences = members(mentions, sentence, "ref_no")
    by_sentence = pairs(in_sentences, sentence, "ref_no").group_by(pair).agg(n_sentences=pl.len())
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
    """`coauthorships`: two authors listed on one reference, a lower bound where author lists are cut off."""
    reference = ["review_id", "ref_no"]
    listed = reference_authors.select(
        *reference, author=pl.concat_str("surname", "initials", "suffix", separator=" ", ignore_nulls=True)
    )
    return finish(
        pairs(members(listed, reference, "author"), reference, "author")
        .join(bib_references.select(*reference, "year", "authors_truncated"), on=reference)
        .group_by("review_id", "author_a", "author_b")
        .agg(
            n_references=pl.len(),
            n_truncated=pl.col("authors_truncated").sum(),
            ref_nos=as_list(pl.col("ref_no")),
            first_year=pl.col("year").min(),
            last_year=pl.col("year").max(),
        ),
        Coauthorships,
    )
