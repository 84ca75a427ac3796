"""The overlap of invented reviews, and of a published citation matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from pipelines.link import overlap
from pipelines.link.overlap import corpus_overlap, review_overlap
from tests.mini_tables import Record, rows

CCAR_REVIEWS = ("chasan_2014", "gilinsky_2015", "guo_2016", "middleton_2014", "morton_2014", "peacock_2014")
CCAR_MATRIX = {
    "cheung_2011": (1, 1, 1, 0, 0, 1),
    "clark_2009": (0, 0, 0, 1, 0, 0),
    "ferrara_2011": (1, 1, 1, 0, 0, 1),
    "hu_2012": (1, 1, 1, 0, 0, 0),
    "ji_2011": (0, 0, 1, 0, 0, 0),
    "kim_2012": (1, 1, 1, 0, 0, 1),
    "mcintyre_2012": (1, 1, 1, 0, 0, 1),
    "peterson_1995": (0, 1, 0, 0, 0, 0),
    "ratner_2008": (1, 1, 1, 0, 1, 1),
    "reinhardt_2012": (1, 1, 1, 0, 0, 1),
    "shek_2014": (0, 1, 1, 0, 1, 0),
    "shyam_2013": (1, 1, 1, 0, 1, 0),
    "wein_1999": (1, 1, 1, 0, 1, 0),
    "yu_2012": (0, 0, 1, 0, 0, 0),
}
"""The example of the R package ccaR 0.1.0 (`inst/extdata/test.csv`): which review includes which study."""


def cite(*cited: tuple[str, int, str]) -> pl.DataFrame:
    """`reference_works` from (review_id, ref_no, work_id)."""
    return rows(
        "reference_works", *({"review_id": review, "ref_no": ref, "work_id": work} for review, ref, work in cited)
    )


def overlap_of(
    reference_works: pl.DataFrame,
    study_references: Sequence[Record] = (),
    studies: Sequence[Record] = (),
    works: Mapping[str, Record] | None = None,
    review_years: Mapping[str, int] | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of `corpus_overlap` by scope and assumption."""
    cited = sorted(set(reference_works["work_id"]))
    reviews = rows(
        "reviews",
        *({"review_id": review, "publication_year": year} for review, year in (review_years or {}).items()),
    )
    frame = corpus_overlap(
        reference_works,
        rows("study_references", *study_references),
        rows("studies", *studies),
        rows("works", *({"work_id": work, **(works or {}).get(work, {})} for work in cited)),
        reviews,
    )
    return {(row.pop("scope"), row.pop("assumption")): row for row in frame.to_dicts()}


def of_study(review: str, row_no: int, ref_no: int, **columns: object) -> dict[str, object]:
    return {
        "review_id": review,
        "table_no": 1,
        "row_no": row_no,
        "ref_no": ref_no,
        "is_from_range": False,
        "rule_id": "cited_in_key_cell",
        **columns,
    }


def ccar_example() -> pl.DataFrame:
    return cite(
        *(
            (review, number, work)
            for number, (work, cells) in enumerate(CCAR_MATRIX.items(), 1)
            for review, cell in zip(CCAR_REVIEWS, cells, strict=True)
            if cell
        )
    )


def test_corpus_overlap_of_a_published_matrix_is_29_of_70() -> None:
    counted = overlap_of(ccar_example())["all_references", "as_printed"]
    assert counted == {"n_reviews": 6, "n_works": 14, "n_occurrences": 43, "n_impossible": 0, "cca": 29 / 70}


def test_review_overlap_of_a_published_matrix() -> None:
    pairs = review_overlap(ccar_example(), rows("study_references"))
    cca = {(row["review_id"], row["other_review_id"]): row["cca"] for row in pairs.to_dicts()}
    assert cca["gilinsky_2015", "guo_2016"] == 10 / 13
    assert cca["chasan_2014", "gilinsky_2015"] == 9 / 11
    assert cca["morton_2014", "peacock_2014"] == 1 / 9
    assert not any("middleton_2014" in pair for pair in cca), "its one study is in no other review"
    assert len(cca) == 10


def test_pairs_are_the_same_when_reviews_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = review_overlap(ccar_example(), rows("study_references"))
    monkeypatch.setattr(overlap, "_REVIEWS_AT_ONCE", 2)
    assert review_overlap(ccar_example(), rows("study_references")).equals(whole)


def test_a_work_that_a_review_lists_twice_counts_once() -> None:
    pairs = review_overlap(
        cite(("a", 1, "w1"), ("a", 2, "w1"), ("b", 1, "w1"), ("b", 2, "w2")), rows("study_references")
    )
    assert pairs.to_dicts() == [
        {
            "review_id": "a",
            "other_review_id": "b",
            "scope": "all_references",
            "n_works": 1,
            "n_other_works": 2,
            "n_shared": 1,
            "cca": 0.5,
        }
    ]


def test_the_scope_studies_counts_references_of_evidence_tables_only() -> None:
    cited = cite(("a", 1, "w1"), ("a", 2, "w2"), ("b", 1, "w1"), ("b", 2, "w2"), ("b", 3, "w3"))
    included = [of_study("a", 1, 1), of_study("b", 1, 1), of_study("b", 2, 3, is_from_range=True)]
    pairs = review_overlap(cited, rows("study_references", *included))
    assert [(row["scope"], row["n_works"], row["n_other_works"], row["n_shared"]) for row in pairs.to_dicts()] == [
        ("all_references", 2, 3, 2),
        ("studies", 1, 2, 1),
    ]
    counted = overlap_of(cited, included)
    assert counted["studies", "as_printed"] == {
        "n_reviews": 2,
        "n_works": 2,
        "n_occurrences": 3,
        "n_impossible": 0,
        "cca": 0.5,
    }
    assert counted["all_references", "as_printed"]["cca"] == 2 / 3


def test_publications_that_a_row_lists_under_one_name_are_one_study() -> None:
    cited = cite(("a", 1, "w1"), ("a", 2, "w2"), ("b", 1, "w2"), ("b", 2, "w3"), ("c", 1, "w3"), ("c", 2, "w4"))
    included = [
        of_study("a", 1, 1),
        of_study("a", 1, 2),
        of_study("b", 1, 1),
        of_study("b", 1, 2),
        of_study("c", 1, 1),
        of_study("c", 2, 2),
    ]
    named = [
        {"review_id": review, "table_no": 1, "row_no": row_no, "first_author": "Fern", "study_label": "Fern 2001"}
        for review, row_no in (("a", 1), ("b", 1), ("c", 1), ("c", 2))
    ]
    counted = overlap_of(cited, included, named)
    assert counted["studies", "as_printed"]["n_works"] == 4
    by_study = counted["studies", "one_per_study"]
    # w1, w2 and w3 are one study, which all three reviews include; w4 is another.
    assert (by_study["n_works"], by_study["n_occurrences"], by_study["cca"]) == (2, 4, 0.5)


@pytest.mark.parametrize(
    ("label", "columns", "n_works"),
    [
        ("Fern 2001, 2004", {}, 1),
        ("Fern and colleagues", {}, 1),
        ("Fern 2001, 2004", {"is_from_range": True}, 2),
        ("Fern 2001", {"rule_id": "cited_in_row"}, 2),
        ("Fern 2001, Moss 2004", {}, 2),
        ("Fern 2001, Fern 2004", {}, 2),
        ("First trials", {}, 2),
        (None, {}, 2),
    ],
)
def test_references_of_a_row_are_one_study_only_under_one_name(
    label: str | None, columns: Mapping[str, object], n_works: int
) -> None:
    counted = overlap_of(
        cite(("a", 1, "w1"), ("a", 2, "w2")),
        [of_study("a", 1, 1), of_study("a", 1, 2, **columns)],
        [{"review_id": "a", "table_no": 1, "row_no": 1, "first_author": "Fern", "study_label": label}],
        works={"w1": {"first_author": "Fern"}, "w2": {"first_author": "Moss"}},
    )
    assert counted["studies", "one_per_study"]["n_works"] == n_works


def test_chronological_leaves_out_works_that_are_later_than_the_review() -> None:
    cited = cite(("a", 1, "w1"), ("b", 1, "w1"), ("b", 2, "w2"), ("b", 3, "w3"), ("b", 4, "undated"))
    counted = overlap_of(
        cited,
        works={"w1": {"year": 2001}, "w2": {"year": 2010}, "w3": {"year": 2011}},
        review_years={"a": 2010, "b": 2020},
    )
    # Review a of 2010 can include w2 of the same year, but not w3.
    assert counted["all_references", "chronological"] == {
        "n_reviews": 2,
        "n_works": 4,
        "n_occurrences": 5,
        "n_impossible": 1,
        "cca": 1 / 3,
    }
    assert counted["all_references", "as_printed"]["cca"] == 1 / 4


def test_a_review_that_cites_a_later_work_could_include_it() -> None:
    cited = cite(("a", 1, "w1"), ("b", 1, "w1"))
    counted = overlap_of(cited, works={"w1": {"year": 2011}}, review_years={"a": 2010, "b": 2010})
    assert counted["all_references", "chronological"]["n_impossible"] == 0
    assert counted["all_references", "chronological"]["cca"] == 1


def test_one_review_overlaps_with_none() -> None:
    cited = cite(("a", 1, "w1"), ("a", 2, "w2"))
    assert review_overlap(cited, rows("study_references")).is_empty()
    counted = overlap_of(cited)
    assert len(counted) == 6
    assert counted["all_references", "as_printed"] == {
        "n_reviews": 1,
        "n_works": 2,
        "n_occurrences": 2,
        "n_impossible": 0,
        "cca": None,
    }
    assert counted["studies", "chronological"]["n_reviews"] == 0


def test_reviews_that_share_nothing_have_a_cca_of_0() -> None:
    assert overlap_of(cite(("a", 1, "w1"), ("b", 1, "w2")))["all_references", "as_printed"]["cca"] == 0
