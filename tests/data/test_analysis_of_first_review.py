"""The analysis tables and views of the shipped review, compared with a reading of its text.

Every expected value was read or counted in raw/spine-metastases-review/source.txt; none was copied from a build.
"""

from typing import Any

import duckdb
import pytest

ONLY = "review_id = 'spine-metastases-review'"


def query(mart: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return mart.execute(sql).fetchall()


def first_column(mart: duckdb.DuckDBPyConnection, sql: str) -> list[object]:
    return [row[0] for row in query(mart, sql)]


def test_references_by_decade(mart: duckdb.DuckDBPyConnection) -> None:
    # 1980s: 7, 24, 25, 26. 1990s: 4, 5, 8, 12, 18. 2000s: 3, 6, 9, 10, 19, 27, 30, 31, 32, 37, 38, 39, 65, 70, 71.
    assert query(mart, f"SELECT decade, n, n_total FROM v_references_by_decade WHERE {ONLY}") == [
        (1980, 4, 71),
        (1990, 5, 71),
        (2000, 15, 71),
        (2010, 47, 71),
    ]


def test_references_by_year_include_years_without_references(mart: duckdb.DuckDBPyConnection) -> None:
    years = dict(query(mart, f"SELECT year, n FROM v_references_by_year WHERE {ONLY}"))
    assert sorted(years) == list(range(1980, 2019))
    assert years[1980] == 2  # 7 and 24
    assert years[2013] == 10  # 1, 29, 36, 43, 44, 45, 46, 49, 58, 66
    assert years[2018] == 1  # 20, ahead of print
    assert [year for year in range(1980, 2019) if years[year] == 0] == [
        *range(1981, 1988),
        *range(1989, 1994),
        1997,
        1999,
        2002,
        2008,
    ]


def test_currency_against_2019(mart: duckdb.DuckDBPyConnection) -> None:
    names = "publication_year, n_references, n_dated, oldest_year, newest_year, median_age, n_after_publication"
    assert query(mart, f"SELECT {names} FROM review_currency WHERE {ONLY}") == [(2019, 71, 71, 1980, 2018, 6.0, 0)]
    # 2014 and later: 5 + 6 + 9 + 5 + 1; 2009 to 2013: 5 + 1 + 7 + 3 + 10.
    n_5, index, n_10, share = query(
        mart,
        "SELECT n_within_5_years, price_index, n_within_10_years, share_within_10_years "
        f"FROM review_currency WHERE {ONLY}",
    )[0]
    assert (n_5, n_10) == (26, 52)
    assert index == pytest.approx(26 / 71)
    assert share == pytest.approx(52 / 71)


def test_journals_with_spine_in_their_names_are_not_merged(mart: duckdb.DuckDBPyConnection) -> None:
    journals = dict(query(mart, f"SELECT journal, n FROM journal_ranking WHERE {ONLY}"))
    assert journals["Spine (Phila Pa 1976)"] == 7  # 6, 20, 24, 26, 28, 30, 31
    assert journals["J Neurosurg Spine"] == 7  # 34, 40, 41, 42, 43, 63, 70
    assert journals["Eur Spine J"] == 3  # 4, 5, 27
    assert journals["Spine J"] == 2  # 2, 22
    assert sum(journals.values()) == 71
    ranks = dict(query(mart, f"SELECT journal, rank FROM journal_ranking WHERE {ONLY} AND n >= 3"))
    assert ranks == {
        "Spine (Phila Pa 1976)": 1,
        "J Neurosurg Spine": 1,
        "Eur Spine J": 3,
        "Int J Radiat Oncol Biol Phys": 3,  # 15, 48, 52
    }


def test_references_that_prose_cites_only_in_groups(mart: duckdb.DuckDBPyConnection) -> None:
    assert first_column(mart, f"SELECT ref_no FROM reference_usage WHERE {ONLY} AND only_in_groups_prose") == [
        *(4, 5, 6, 15, 16, 17, 26, 28, 29, 31, 32, 33, 35, 36, 37, 38, 39, 40, 41, 44, 45, 46, 47, 48, 49, 50),
        *(53, 56, 58, 59, 60, 61, 64, 65, 69, 70),
    ]


def test_references_cited_only_in_groups_in_prose_and_tables(mart: duckdb.DuckDBPyConnection) -> None:
    # 69 and 70 have a table row, but share it with 49.
    assert first_column(mart, f"SELECT ref_no FROM reference_usage WHERE {ONLY} AND only_in_groups") == [
        *(6, 15, 17, 29, 32, 33, 35, 47, 48, 53, 58, 59, 60, 65, 69, 70),
    ]


def test_references_without_a_row_in_table_1_or_in_any_table(mart: duckdb.DuckDBPyConnection) -> None:
    in_no_table = [
        *(1, 2, 3, *range(6, 16), *range(17, 24), 29, 32, 33, 35, 47, 48, 53, 58, 59, 60, 65, 67, 68),
    ]
    assert first_column(mart, f"SELECT ref_no FROM reference_usage WHERE {ONLY} AND NOT has_table_row") == in_no_table
    without_study_row = sorted([*in_no_table, 66, 69, 70, 71])  # these four are in Table 2 only
    assert (
        first_column(mart, f"SELECT ref_no FROM reference_usage WHERE {ONLY} AND NOT has_study_row")
        == without_study_row
    )


def test_the_most_used_references(mart: duckdb.DuckDBPyConnection) -> None:
    # 63: ten times in prose, of which {1,30,34,58–64} and twice {63,67}; and once in Table 1.
    names = "n_mentions, n_mentions_prose, n_mentions_table, n_mentions_alone_prose, n_sentences"
    assert query(mart, f"SELECT {names} FROM reference_usage WHERE {ONLY} AND ref_no = 63") == [(11, 10, 1, 7, 10)]
    # 51: after "bisphosphonates" and after "chemotherapy" in one sentence, {28,51}, and in another.
    assert query(mart, f"SELECT {names} FROM reference_usage WHERE {ONLY} AND ref_no = 51") == [(5, 4, 1, 3, 3)]
    assert first_column(mart, f"SELECT ref_no FROM v_reference_usage WHERE {ONLY} LIMIT 4") == [63, 34, 55, 30]
    assert query(
        mart,
        "SELECT sum(n_mentions_prose), sum(n_mentions_table), min(n_mentions), min(n_mentions_total) "
        f"FROM reference_usage WHERE {ONLY}",
    ) == [(130, 47, 1, 177)]


def test_references_by_section(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        "SELECT heading, n_markers, n_mentions, n_references, ref_nos FROM v_section_references "
        f"WHERE {ONLY} AND kind = 'prose' LIMIT 3",
    ) == [
        ("Introduction", 5, 5, 3, "1; 2; 3"),
        ("Spine metastases in cancer", 18, 22, 19, "; ".join(str(number) for number in range(4, 23))),
        ("Mechanisms of spine metastases in cancer", 7, 8, 4, "3; 8; 12; 23"),
    ]
    assert query(
        mart,
        "SELECT n_markers, n_mentions, n_references FROM v_section_references "
        f"WHERE {ONLY} AND heading = 'Treatment evolution of spine metastases'",
    ) == [(48, 95, 52)]


def test_pairs_cited_together(mart: duckdb.DuckDBPyConnection) -> None:
    # In two sentences: {4,5} with {4,6}, and {4,5,26–29}; 8 and 12 among the cancers, and {8,12}; {29–36} and
    # {1,30,34,58–64}; {63,67} twice.
    assert query(
        mart,
        "SELECT ref_no_a, ref_no_b, n_sentences, n_markers_prose FROM v_cocitations "
        f"WHERE {ONLY} AND n_sentences > 1 ORDER BY ALL",
    ) == [(4, 5, 2, 2), (8, 12, 2, 1), (30, 34, 2, 2), (63, 67, 2, 2)]
    # Pairs in sentences: 36 + 21 + 28 + 276 + 15 + 3 + 45 + 1 + 1 + 1 + 3, minus the duplicates (4, 5) and (30, 34);
    # and of the 21 pairs of Table 2's row on radiosurgery the 14 that no sentence has.
    assert query(mart, f"SELECT count(*), count(*) FILTER (n_sentences = 0) FROM v_cocitations WHERE {ONLY}") == [
        (442, 14)
    ]


def test_authors_listed_together(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        f"SELECT author_a, author_b, ref_nos, first_year, last_year FROM v_coauthorships WHERE {ONLY} "
        "AND n_references > 1 ORDER BY n_references DESC, author_a, author_b",
    ) == [
        ("Chung CK", "Sohn S", "2; 54; 56", 2014, 2016),
        ("Allaoui M", "Zairi F", "1; 34", 2012, 2013),
        ("Bouras A", "Zairi F", "58; 64", 2013, 2017),
        ("Chung CK", "Sohn MJ", "54; 56", 2014, 2016),
        ("Marinho P", "Zairi F", "1; 58", 2013, 2013),
        ("Sohn MJ", "Sohn S", "54; 56", 2014, 2016),
    ]
    # 64 references list three authors, three list two (10, 20, 28): 195 pairs, of which seven occur twice.
    assert query(mart, f"SELECT count(*) FROM v_coauthorships WHERE {ONLY}") == [(188,)]


def test_the_review_does_not_cite_its_authors(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, f"FROM v_self_citations WHERE {ONLY}") == []


def test_options_and_their_references(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(
        mart,
        "SELECT row_no, string_agg(ref_no::VARCHAR, ', ' ORDER BY ref_no) FROM v_option_references "
        f"WHERE {ONLY} GROUP BY row_no ORDER BY row_no",
    ) == [(1, "55"), (2, "55"), (3, "37, 38, 42, 43, 52, 56, 66"), (4, "49, 69, 70"), (5, "71")]


def test_modalities_that_improve_pain(mart: duckdb.DuckDBPyConnection) -> None:
    # Table 1: surgery in Jonsson 1994, Cho, Liang, Rao, Yang 2017 (plus adjuvant therapy) and Yang 2015 (open and
    # minimal access alike); radiosurgery in Heron, Kim (SBRT with helical tomotherapy) and Sohn 2014; …
    cells = query(
        mart,
        "SELECT modality_group_id, n_improved, n_claims, ref_nos FROM v_evidence_gap_map "
        f"WHERE {ONLY} AND outcome_id = 'pain' AND NOT is_gap ORDER BY modality_group_id",
    )
    assert cells == [
        ("external_radiotherapy", 2, 2, "38; 44"),
        ("minimally_invasive_surgery", 1, 1, "61"),
        ("other", 1, 1, "51"),
        ("stereotactic_radiotherapy", 3, 3, "42; 44; 54"),
        ("surgery", 6, 6, "4; 28; 36; 51; 57; 61"),
        ("vertebral_augmentation_ablation", 2, 2, "50; 62"),
    ]


def test_a_claim_about_cost_belongs_to_the_more_expensive_arm(mart: duckdb.DuckDBPyConnection) -> None:
    # "SBRT was more expensive", of a row whose first method is EBRT.
    assert query(
        mart,
        f"SELECT modality_id, direction, n_claims, ref_nos FROM evidence_map WHERE {ONLY} AND outcome_id = 'cost'",
    ) == [("sbrt", "worsened", 1, "41")]


def test_the_strongest_design_is_stated_in_a_title(mart: duckdb.DuckDBPyConnection) -> None:
    # Of 42 ("… experience") and 54 ("a multicenter, matched-pair study") the latter; the title of 62 states none.
    assert query(
        mart,
        "SELECT modality_id, strongest_level, strongest_designs FROM evidence_map "
        f"WHERE {ONLY} AND outcome_id = 'pain' AND modality_id IN ('stereotactic_radiosurgery', 'vertebroplasty')",
    ) == [("stereotactic_radiosurgery", 3, "matched_pair_analysis"), ("vertebroplasty", None, None)]


def test_outcomes_that_only_the_table_of_options_mentions(mart: duckdb.DuckDBPyConnection) -> None:
    # Only Table 2 mentions bone marrow and compression fractures.
    assert first_column(
        mart,
        f"SELECT outcome_id FROM v_evidence_gap_map WHERE {ONLY} "
        "GROUP BY outcome_id HAVING bool_and(is_gap) ORDER BY outcome_id",
    ) == ["haematological", "vertebral_fracture"]


def test_studies_by_year(mart: duckdb.DuckDBPyConnection) -> None:
    totals = dict(query(mart, f"SELECT DISTINCT year, n_studies_total FROM modality_trends WHERE {ONLY}"))
    assert sum(totals.values()) == 34
    assert totals[2013] == 6  # Donanzam, Katsoulakis, Kim, Lee, Lee, Liang
    assert first_column(
        mart,
        "SELECT year FROM v_modality_by_year "
        f"WHERE {ONLY} AND modality_id = 'external_stabilisation' AND n_studies > 0",
    ) == [1980, 1988]  # Danzig, Grillo Ruggieri


def test_the_evidence_map_counts_every_claim_of_a_study(mart: duckdb.DuckDBPyConnection) -> None:
    assert query(mart, "SELECT count(*) FROM claims ANTI JOIN claim_modalities USING (review_id, claim_id)") == [(0,)]
    of_studies = "SELECT count(*) FROM claim_modalities JOIN claims USING (review_id, claim_id) WHERE point_no IS NULL"
    assert query(mart, "SELECT sum(n_claims) FROM evidence_map") == query(mart, of_studies)


def test_a_claim_is_about_the_modality_in_its_sentence_rather_than_all_of_its_row(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    # Row 12, radiosurgery after surgery: "Patients receiving a higher radiosurgical dose could get a better outcome."
    # Row 34: "… screw fixation followed by early radiation therapy was an effective and safe treatment option …".
    named = query(
        mart,
        "SELECT row_no, outcome_id, string_agg(m.cue_text, ' | ' ORDER BY m.start_char) "
        "FROM claim_modalities AS m JOIN claims AS k USING (review_id, claim_id) "
        f"WHERE {ONLY} AND table_no = 1 AND row_no IN (12, 34) "
        "GROUP BY k.claim_id, row_no, outcome_id ORDER BY k.claim_id",
    )
    assert named == [
        (12, "effectiveness_unspecified", "Spine radiosurgery | surgery"),
        (12, "safety_tolerability", "Spine radiosurgery | surgery"),
        (12, "local_tumour_control", "Spine radiosurgery | surgery"),
        (12, "effectiveness_unspecified", "radiosurgical"),
        (34, "safety_tolerability", "Long-segment percutaneous screw fixation | radiation therapy"),
        (34, "spinal_stability", "Long-segment percutaneous screw fixation | radiation therapy"),
        (34, "local_tumour_control", "Long-segment percutaneous screw fixation | radiation therapy"),
    ]
