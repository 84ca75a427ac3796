"""Finds author names that may be two spellings of one person's name; candidates are reported, never merged.

Takes `reference_authors` and returns pairs of names with the references they occur in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import polars as pl
from rapidfuzz.distance import OSA

from pipelines.vocabularies.matcher import fold_word

_MIN_SURNAME_LENGTH = 5
_MAX_EDITED_SHARE = 0.25
_SCHEMA = {
    "review_id": pl.String,
    "name_a": pl.String,
    "ref_nos_a": pl.String,
    "name_b": pl.String,
    "ref_nos_b": pl.String,
    "edit_distance": pl.Int32,
    "shared_coauthors": pl.String,
}


class _Name(NamedTuple):
    surname: str
    initials: str
    printed: str


def find_similar_names(reference_authors: pl.DataFrame) -> pl.DataFrame:
    """One row per pair of names of a review that may be one person; key review_id, name_a, name_b.

    `reference_authors` has the columns review_id, ref_no, surname and initials. Two names are a pair if

    - their surnames have the same first letter and at least five letters, and at most a quarter of them differ (optimal
      string alignment: swapping neighbours is one edit);
    - the initials of one begin with those of the other;
    - they share a co-author and never occur in the same author list.

    So Vieillard and Vielliard are a pair; Wan and Wang are not. `ref_nos_a`, `ref_nos_b` and `shared_coauthors` are
    lists joined by `; `. Printed author lists are often truncated, so a pair without a shared co-author may be missed.
    """
    rows = [
        {"review_id": review_id, **pair}
        for (review_id,), authors in reference_authors.group_by("review_id", maintain_order=True)
        for pair in _find_pairs(authors)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _find_pairs(authors: pl.DataFrame) -> Iterator[dict[str, str | int]]:
    """The pairs of one review, ordered by their printed names."""
    author_lists: dict[int, list[_Name]] = defaultdict(list)
    ref_nos: dict[_Name, set[int]] = defaultdict(set)
    for ref_no, surname, initials in authors.select("ref_no", "surname", "initials").iter_rows():
        name = _Name(
            surname="".join(fold_word(word) for word in surname.split()),
            initials=(initials or "").replace(".", "").upper(),
            printed=f"{surname} {initials}" if initials else surname,
        )
        author_lists[ref_no].append(name)
        ref_nos[name].add(ref_no)
    # Only names in the same block are compared, which keeps long author lists fast.
    blocks: dict[tuple[str, str], list[_Name]] = defaultdict(list)
    for name in sorted(ref_nos, key=lambda name: name.printed):
        if len(name.surname) >= _MIN_SURNAME_LENGTH and name.initials:
            blocks[name.surname[0], name.initials[0]].append(name)
    similar = [pair for block in blocks.values() for pair in combinations(block, 2) if _are_similar(*pair)]
    for name, other in sorted(similar, key=lambda pair: (pair[0].printed, pair[1].printed)):
        if not ref_nos[name].isdisjoint(ref_nos[other]):
            continue
        coauthors, other_coauthors = (
            {author for ref_no in ref_nos[each] for author in author_lists[ref_no]} for each in (name, other)
        )
        shared = coauthors & other_coauthors
        if shared:
            yield {
                "name_a": name.printed,
                "ref_nos_a": _join_numbers(ref_nos[name]),
                "name_b": other.printed,
                "ref_nos_b": _join_numbers(ref_nos[other]),
                "edit_distance": OSA.distance(name.surname, other.surname),
                "shared_coauthors": "; ".join(sorted(author.printed for author in shared)),
            }


def _are_similar(name: _Name, other: _Name) -> bool:
    if not (name.initials.startswith(other.initials) or other.initials.startswith(name.initials)):
        return False
    max_edits = int(min(len(name.surname), len(other.surname)) * _MAX_EDITED_SHARE)
    distance = OSA.distance(name.surname, other.surname, score_cutoff=max_edits)
    return name.printed != other.printed and distance <= max_edits


def _join_numbers(numbers: set[int]) -> str:
    return "; ".join(str(number) for number in sorted(numbers))
