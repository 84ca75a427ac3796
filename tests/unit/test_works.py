"""References of invented reviews are linked to works."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from pipelines.link.form_pairs import find_pairs
from pipelines.link.work_records import build_records, find_forms
from pipelines.link.work_words import WorkWords
from pipelines.link.works import (
    reference_works,
    review_works,
    work_members,
    work_values,
    work_variants,
    works,
)
from tests.mini_tables import frames

WORDS = WorkWords(preprint_servers=frozenset({"bioRxiv"}), notice_openings=frozenset({"erratum", "reply to", "re:"}))
EXTRACTED = ("bib_references", "reference_authors", "reviews", "review_authors")
HEEL: Mapping[str, Any] = {
    "title": "Radiotherapy of heel spurs in runners: a cohort",
    "journal_raw": "Foot J",
    "journal_id": "foot_j",
    "year": 2004,
    "volume": "12",
    "first_page": "101",
    "last_page": "110",
    "author": "Fern",
}


def link(
    *reviews: Sequence[Mapping[str, Any]], about: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[str, pl.DataFrame]:
    """The linked tables of reviews named a, b, … with these references; `about` are fields of a review itself."""
    names = [chr(ord("a") + number) for number in range(len(reviews))]
    references, authors = [], []
    for review_id, listed in zip(names, reviews, strict=True):
        for ref_no, reference in enumerate(listed, 1):
            place = {"review_id": review_id, "ref_no": ref_no}
            references.append({**place, **{name: value for name, value in reference.items() if name != "author"}})
            if reference.get("author"):
                authors.append({**place, "position": 1, "surname": reference["author"]})
    given = frames(
        reviews=tuple({"review_id": name, **(about or {}).get(number, {})} for number, name in enumerate(names)),
        bib_references=tuple(references),
        reference_authors=tuple(authors),
    )
    extracted = {name: given[name] for name in EXTRACTED}
    members = work_members(build_records(**extracted, words=WORDS))
    values = work_values(members, **extracted)
    return {
        "works": works(members, values),
        "reference_works": reference_works(members),
        "review_works": review_works(members),
        "work_variants": work_variants(values),
    }


def is_one_work(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    linked = link([first], [second])
    return linked["reference_works"]["work_id"].n_unique() == 1


@pytest.mark.parametrize(
    ("change", "rule_id"),
    [
        ({}, "same_fields"),
        ({"title": "RADIOTHERAPY of Heel Spurs in runners – a cohort."}, "same_fields"),
        ({"first_page": None, "last_page": None}, "same_title"),
        ({"year": 2005}, "same_title"),
        ({"author": "Moss"}, "same_title"),
        ({"title": "Radiotherapy of heel spur in runner: a cohort"}, "similar_title"),
        ({"title": "Radiotherapy of heel spurs in runners"}, "similar_title"),
        ({"title": None}, "same_place"),
        ({"volume": "12 Suppl 1", "first_page": "S101", "last_page": "S110"}, "same_fields"),
    ],
)
def test_another_printing_of_a_reference_is_the_same_work(change: Mapping[str, Any], rule_id: str) -> None:
    linked = link([HEEL], [{**HEEL, **change}])["reference_works"]
    assert linked["work_id"].n_unique() == 1
    assert linked["rule_id"].to_list() == [rule_id, rule_id]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Erratum: Radiotherapy of heel spurs in runners: a cohort", "first_page": "400", "last_page": None},
        {"title": "Re:Radiotherapy of heel spurs in runners: a cohort"},
        {"title": "Reply to: Radiotherapy of heel spurs in runners: a cohort"},
        {"journal_raw": "bioRxiv", "journal_id": "biorxiv", "volume": None, "first_page": None, "last_page": None},
        # A conference abstract has a place of its own.
        {"journal_raw": "Heel Abstr", "journal_id": "heel_abstr", "volume": "3", "first_page": "7", "last_page": None},
        {"title": "Radiotherapy of heel spurs in runners: a cohort, part 2", "first_page": "300", "last_page": "309"},
        {"title": "Surgery of flat feet in dancers: a survey", "author": "Moss"},
    ],
)
def test_a_related_publication_is_another_work(change: Mapping[str, Any]) -> None:
    assert not is_one_work(HEEL, {**HEEL, **change})


def test_identifiers_join_a_translation() -> None:
    german = {
        **HEEL,
        "title": "Strahlentherapie des Fersensporns",
        "journal_raw": None,
        "journal_id": None,
        "volume": None,
    }
    assert not is_one_work(HEEL, german)
    identifier = {"doi": "10.9999/HEEL.1."}
    linked = link([{**HEEL, **identifier}], [{**german, "doi": "10.9999/heel.1"}])
    assert linked["reference_works"]["rule_id"].to_list() == ["same_doi", "same_doi"]
    assert linked["works"]["doi"].drop_nulls().to_list() == ["10.9999/heel.1"]


def test_different_identifiers_keep_equal_references_apart() -> None:
    assert not is_one_work({**HEEL, "doi": "10.9999/heel.1"}, {**HEEL, "doi": "10.9999/heel.2"})


def test_a_doi_that_two_different_works_share_does_not_join_them() -> None:
    other = {"title": "Insoles for flat feet", "author": "Moss", "year": 1999, "journal_raw": "Sole", "volume": "3"}
    shared = {"doi": "10.9999/heel.1"}
    linked = link([{**HEEL, **shared}], [{**other, **shared}], [HEEL])
    ids = linked["reference_works"]["work_id"].to_list()
    assert ids[0] == ids[2] != ids[1]
    assert linked["works"]["work_id"].is_unique().all()


def test_references_without_title_and_year_stay_apart() -> None:
    empty = {"journal_raw": "Foot J", "volume": None}
    untitled = {"title": None, "year": None, "journal_raw": None}
    linked = link([untitled, untitled], [untitled, {**empty, "title": "Heel", "author": None}])
    assert linked["reference_works"]["work_id"].n_unique() == 4
    assert set(linked["reference_works"]["rule_id"]) == {"single_reference"}


def test_a_short_title_is_one_work_only_in_one_place() -> None:
    editorial = {**HEEL, "title": "Editorial"}
    assert is_one_work(editorial, {**editorial, "last_page": None})
    assert not is_one_work(editorial, {**editorial, "volume": "13", "first_page": "5", "last_page": "6"})


def test_many_references_with_one_title_take_linear_time() -> None:
    def seconds(n: int) -> float:
        listed = [
            {**HEEL, "title": "Editorial", "author": None, "volume": str(number), "first_page": str(number + 7)}
            for number in range(n)
        ]
        start = time.perf_counter()
        linked = link(listed)
        assert linked["reference_works"]["work_id"].n_unique() == n
        return time.perf_counter() - start

    seconds(100)
    assert seconds(4000) < 8 * seconds(1000) + 0.5


def test_the_same_review_twice_is_one_work_with_the_same_references() -> None:
    about = {"title": "Treatment of heel spurs: a review", "doi": "10.9999/review.1", "publication_year": 2021}
    linked = link([HEEL], [HEEL], about={0: about, 1: about})
    assert linked["review_works"]["work_id"].n_unique() == 1
    assert linked["works"].sort("n_reviews")["n_reviews"].to_list() == [0, 2]


def test_a_review_that_another_cites_is_what_it_prints_about_itself() -> None:
    about = {
        "title": "Treatment of heel spurs in runners: a review",
        "doi": "10.9999/review.1",
        "publication_year": 2021,
    }
    cited = {"title": "Treatment of heel spurs in runners, a revue", "doi": "10.9999/review.1", "year": 2020}
    linked = link([], [cited], about={0: about})
    assert (
        linked["review_works"].filter(pl.col("review_id") == "a")["work_id"].to_list()
        == linked["reference_works"]["work_id"].to_list()
    )
    [work] = linked["works"].filter(pl.col("n_references") == 1).to_dicts()
    assert (work["title"], work["title_source"], work["year"], work["n_reviews"]) == (about["title"], "a", 2021, 1)


def test_values_are_those_of_most_reviews_and_the_others_are_variants() -> None:
    doi = {"doi": "10.9999/heel.1"}
    linked = link(
        [{**HEEL, **doi}], [{**HEEL, **doi, "year": 2005}], [{**HEEL, **doi, "title": str(HEEL["title"]).upper()}]
    )
    [work] = linked["works"].filter(pl.col("n_references") > 0).to_dicts()
    assert (work["year"], work["year_source"], work["n_reviews"], work["n_references"]) == (2004, "a/1", 3, 3)
    variants = linked["work_variants"].select("field", "value", "n_reviews", "is_majority", "value_source").rows()
    assert variants == [("year", "2004", 2, True, "a/1"), ("year", "2005", 1, False, "b/1")]


def test_ids_stay_when_a_review_is_added() -> None:
    doi = {"doi": "10.9999/heel.1"}
    before = link([{**HEEL, **doi}])["reference_works"]["work_id"].to_list()
    after = link([{**HEEL, **doi}], [HEEL], [{**HEEL, "year": 2005}])["reference_works"]
    assert after["work_id"].to_list() == before * 3


def test_no_references_make_no_works() -> None:
    linked = link()
    assert {name: len(frame) for name, frame in linked.items()} == dict.fromkeys(linked, 0)


def test_the_order_of_reviews_does_not_change_the_pairs() -> None:
    given = [HEEL, {**HEEL, "year": 2005}, {**HEEL, "title": "Radiotherapy of heel spurs in runners"}]
    rows = []
    for order in (given, given[::-1]):
        tables = frames(
            bib_references=tuple(
                {"ref_no": no, **{name: value for name, value in reference.items() if name != "author"}}
                for no, reference in enumerate(order, 1)
            )
        )
        forms, _ = find_forms(build_records(**{name: tables[name] for name in EXTRACTED}, words=WORDS))
        rows.append((forms.rows(), find_pairs(forms).rows()))
    assert rows[0] == rows[1]
