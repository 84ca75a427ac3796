"""Use, age and journals of references. A review of six references, written for these tests:

Introduction   s1  Everyone agrees.{1–3}  s2  One does not,{2} and neither does another.{4}
Methods        s3  We did as before.{1,4}
Table 1        row 1 (a study) cites 3; Table 2, row 1 (an option) cites 3,5
reference 6 is never cited
"""

import polars as pl
import pytest

from pipelines.analysis.cited_references import journal_ranking, reference_usage, review_currency
from tests.mini_tables import rows


def markers() -> pl.DataFrame:
    prose = {"context": "prose"}
    table = {"context": "table"}
    return rows(
        "citation_markers",
        prose | {"marker_id": 1, "section_id": 1, "sentence_id": 1, "n_refs": 3},
        prose | {"marker_id": 2, "section_id": 1, "sentence_id": 2, "n_refs": 1},
        prose | {"marker_id": 3, "section_id": 1, "sentence_id": 2, "n_refs": 1},
        prose | {"marker_id": 4, "section_id": 2, "sentence_id": 3, "n_refs": 2},
        table | {"marker_id": 5, "table_no": 1, "row_no": 1, "n_refs": 1},
        table | {"marker_id": 6, "table_no": 2, "row_no": 1, "n_refs": 2},
    )


def mentions() -> pl.DataFrame:
    cited = {1: (1, 2, 3), 2: (2,), 3: (4,), 4: (1, 4), 5: (3,), 6: (3, 5)}
    return rows("citation_mentions", *({"marker_id": m, "ref_no": ref} for m, refs in cited.items() for ref in refs))


@pytest.fixture(name="usage")
def _usage() -> dict[int, dict[str, object]]:
    frame = reference_usage(
        rows("bib_references", *({"ref_no": number} for number in (6, 5, 4, 3, 2, 1))),
        markers(),
        mentions(),
        rows("sections", {"section_id": 1, "heading": "Introduction"}, {"section_id": 2, "heading": "Methods"}),
        rows("studies", {"table_no": 1, "row_no": 1, "ref_no": 3}),
    )
    return {row["ref_no"]: row for row in frame.to_dicts()}


def column(usage: dict[int, dict[str, object]], name: str) -> list[object]:
    return [usage[number][name] for number in range(1, 7)]


def test_mentions_are_counted_in_prose_and_in_tables(usage: dict[int, dict[str, object]]) -> None:
    assert column(usage, "n_mentions_prose") == [2, 2, 1, 2, 0, 0]
    assert column(usage, "n_mentions_table") == [0, 0, 2, 0, 1, 0]
    assert column(usage, "n_mentions") == [2, 2, 3, 2, 1, 0]
    assert column(usage, "n_mentions_total") == [10] * 6
    assert column(usage, "share_mentions") == pytest.approx([0.2, 0.2, 0.3, 0.2, 0.1, 0.0])


def test_sentences_and_sections_are_counted_once(usage: dict[int, dict[str, object]]) -> None:
    assert column(usage, "n_sentences") == [2, 2, 1, 2, 0, 0]
    assert column(usage, "n_sections") == [2, 1, 1, 2, 0, 0]
    assert column(usage, "first_section") == ["Introduction"] * 4 + [None, None]


def test_only_in_groups_separates_prose_from_tables_and_false_from_never_mentioned(
    usage: dict[int, dict[str, object]],
) -> None:
    # 1 is cited by {1–3} and {1,4}; 3 by {1–3} and alone in Table 1; 5 in a table only; 6 nowhere.
    assert column(usage, "only_in_groups") == [True, False, False, False, True, None]
    assert column(usage, "only_in_groups_prose") == [True, False, True, False, None, None]
    assert column(usage, "smallest_group") == [2, 1, 1, 1, 2, None]


def test_a_row_of_options_is_a_table_row_but_not_a_study_row(usage: dict[int, dict[str, object]]) -> None:
    assert column(usage, "n_table_rows") == [0, 0, 2, 0, 1, 0]
    assert column(usage, "n_study_rows") == [0, 0, 1, 0, 0, 0]
    assert column(usage, "has_table_row") == [False, False, True, False, True, False]
    assert column(usage, "has_study_row") == [False, False, True, False, False, False]


def test_a_row_that_cites_a_reference_twice_counts_once() -> None:
    twice = {"context": "table", "table_no": 1, "row_no": 1, "n_refs": 1}
    frame = reference_usage(
        rows("bib_references", {"ref_no": 1}),
        rows("citation_markers", twice | {"marker_id": 1, "column_no": 1}, twice | {"marker_id": 2, "column_no": 3}),
        rows("citation_mentions", {"marker_id": 1, "ref_no": 1}, {"marker_id": 2, "ref_no": 1}),
        rows("sections"),
        rows("studies", {"table_no": 1, "row_no": 1}),
    )
    assert frame.select("n_mentions", "n_table_rows", "n_study_rows", "n_sentences").row(0) == (2, 1, 1, 0)


def currency(published: int | None, *years: int | None) -> dict[str, object]:
    frame = review_currency(
        rows("reviews", {"publication_year": published}),
        rows("bib_references", *({"ref_no": number, "year": year} for number, year in enumerate(years, start=1))),
    )
    return frame.to_dicts()[0]


def test_ages_of_exactly_five_and_ten_years_are_within() -> None:
    frame = currency(2020, 2015, 2014, 2010, 2009)  # ages 5, 6, 10, 11
    assert (frame["n_within_5_years"], frame["price_index"]) == (1, 0.25)
    assert (frame["n_within_10_years"], frame["share_within_10_years"]) == (3, 0.75)
    assert (frame["median_age"], frame["mean_age"]) == (8.0, 8.0)


def test_shares_have_the_dated_references_as_base() -> None:
    frame = currency(2020, 2019, None, None, 1980)
    assert (frame["n_references"], frame["n_dated"], frame["price_index"]) == (4, 2, 0.5)
    assert (frame["oldest_year"], frame["newest_year"]) == (1980, 2019)


def test_a_reference_younger_than_the_review_counts_as_recent_and_in_n_after_publication() -> None:
    frame = currency(2020, 2021, 2000)
    assert (frame["n_after_publication"], frame["n_within_5_years"]) == (1, 1)


def test_ages_are_null_without_a_year_of_publication() -> None:
    frame = currency(None, 2019, 1980)
    ages = ("median_age", "n_within_5_years", "price_index", "share_within_10_years", "n_after_publication")
    assert [frame[name] for name in ages] == [None] * 5
    assert (frame["n_dated"], frame["oldest_year"], frame["newest_year"]) == (2, 1980, 2019)


def test_shares_are_null_without_dated_references() -> None:
    frame = currency(2020, None)
    assert (frame["n_references"], frame["n_dated"], frame["price_index"], frame["median_age"]) == (1, 0, None, None)


def test_journals_with_similar_names_are_not_merged() -> None:
    frame = journal_ranking(
        rows(
            "bib_references",
            {"ref_no": 1, "journal_raw": "Spine (Phila Pa 1976)", "journal_id": "spine", "year": 2001},
            {"ref_no": 2, "journal_raw": "Spine", "journal_id": "spine", "year": 1999},
            {"ref_no": 3, "journal_raw": "Spine J", "journal_id": "spine_j", "year": 2010},
            {"ref_no": 4, "journal_raw": "Eur Spine J", "year": None},
            {"ref_no": 5, "journal_raw": "Spine J Suppl"},
            {"ref_no": 6, "journal_raw": None},
            {"ref_no": 7, "journal_raw": "Eur Spine J"},
            {"ref_no": 8, "journal_raw": "Spine", "journal_id": "spine"},
        ),
        pl.DataFrame(
            {
                "journal_id": ["spine", "spine_j", "unused"],
                "abbreviation": ["Spine (Phila Pa 1976)", "Spine J", "Other J"],
            }
        ),
        rows("citation_mentions", {"marker_id": 1, "ref_no": 1}, {"marker_id": 2, "ref_no": 1}),
    )
    assert frame.select(
        "journal", "journal_id", "rank", "n", "n_total", "n_mentions", "first_year", "last_year"
    ).rows() == [
        ("Eur Spine J", None, 2, 2, 7, 0, None, None),
        ("Spine (Phila Pa 1976)", "spine", 1, 3, 7, 2, 1999, 2001),
        ("Spine J", "spine_j", 3, 1, 7, 0, 2010, 2010),
        ("Spine J Suppl", None, 3, 1, 7, 0, None, None),
    ]
