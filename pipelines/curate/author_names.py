"""Author names that are spelt nearly alike: candidates for one person under two spellings, reported, never merged."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

import polars as pl
from rapidfuzz.distance import OSA

from pipelines.vocabularies.matcher import fold_word

_SHORTEST_SURNAME = 5
_LARGEST_SHARE_EDITED = 0.25
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


def near_misses(reference_authors: pl.DataFrame) -> pl.DataFrame:
    """Pairs of names of a review that may be one person; key review_id, name_a, name_b.

    `reference_authors` has the columns review_id, ref_no, surname and initials. Two names make a pair when

    - their surnames begin alike, have five letters or more and differ in at most a quarter of them, counting a
      swap of neighbours as one edit (optimal string alignment);
    - the initials of one begin those of the other;
    - they share a co-author and never stand in one author list together.

    So Vieillard and Vielliard are a pair, Wan and Wang are none. `ref_nos_a`, `ref_nos_b` and `shared_coauthors` are
    lists joined by `; `. Author lists in references are cut short, so a pair may lack the co-author that would show it.
    """
    rows: list[tuple[object, ...]] = []
    for (review_id,), authors in reference_authors.group_by("review_id", maintain_order=True):
        rows.extend((review_id, *pair) for pair in _pairs(authors))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _pairs(authors: pl.DataFrame) -> list[tuple[str, str, str, str, int, str]]:
    lists: dict[int, list[_Name]] = defaultdict(list)
    refs: dict[_Name, set[int]] = defaultdict(set)
    for ref_no, surname, initials in authors.select("ref_no", "surname", "initials").iter_rows():
        name = _Name(
            "".join(fold_word(word) for word in surname.split()),
            (initials or "").replace(".", "").upper(),
            f"{surname} {initials}" if initials else surname,
        )
        lists[ref_no].append(name)
        refs[name].add(ref_no)
    blocks: dict[tuple[str, str], list[_Name]] = defaultdict(list)
    for name in sorted(refs, key=lambda name: name.printed):
        if len(name.surname) >= _SHORTEST_SURNAME and name.initials:
            blocks[name.surname[0], name.initials[0]].append(name)
    pairs = []
    for block in blocks.values():
        for one, other in combinations(block, 2):
            if _are_alike(one, other):
                beside = {name for ref_no in refs[one] for name in lists[ref_no]}
                if other not in beside:
                    pairs.append((one, other, beside & {name for ref_no in refs[other] for name in lists[ref_no]}))
    return [
        (
            one.printed,
            _joined(refs[one]),
            other.printed,
            _joined(refs[other]),
            OSA.distance(one.surname, other.surname),
            "; ".join(sorted(coauthor.printed for coauthor in shared)),
        )
        for one, other, shared in sorted(pairs, key=lambda pair: (pair[0].printed, pair[1].printed))
        if shared
    ]


def _are_alike(one: _Name, other: _Name) -> bool:
    if not (one.initials.startswith(other.initials) or other.initials.startswith(one.initials)):
        return False
    most = int(min(len(one.surname), len(other.surname)) * _LARGEST_SHARE_EDITED)
    return one.printed != other.printed and OSA.distance(one.surname, other.surname, score_cutoff=most) <= most


def _joined(ref_nos: set[int]) -> str:
    return "; ".join(str(ref_no) for ref_no in sorted(ref_nos))
