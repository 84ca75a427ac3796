"""The checks for unusual content of a source, each on an invented review that contains it."""

import polars as pl
import pytest

from pipelines.curate.source_issues import KINDS, collect_source_issues
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.extract.row_types import FINDINGS
from pipelines.readers.text import read_text
from tests import mini_review
from tests.study_tables import build_study_tables

FACTS = SourceFacts("heel", "heel/source.txt", "0" * 64)


def extract(text: str) -> dict[str, pl.DataFrame]:
    frames = build_frames([extract_review(FACTS, read_text(text.encode(), name="heel/source.txt"))])
    frames["studies"] = build_study_tables(frames)["studies"]
    return frames


def issues(text: str) -> pl.DataFrame:
    frames = extract(text)
    return collect_source_issues(frames, frames[FINDINGS])


def find(text: str, code: str) -> list[tuple[str, str, str]]:
    rows = issues(text).filter(pl.col("code") == code)
    return list(rows.select("subject_table", "subject_key", "message").iter_rows())


def test_a_clean_review_has_only_its_repaired_page_break() -> None:
    assert issues(mini_review.text())["code"].to_list() == ["page_break_in_sentence"]


def test_a_repaired_page_break_refers_to_its_sentence() -> None:
    text = mini_review.text()
    [row] = issues(text).to_dicts()
    assert (row["subject_table"], row["subject_key"]) == ("sentences", "5")
    assert text[row["start_char"] : row["end_char"]] == "\n\n"


def test_reports_a_label_with_another_year_than_its_reference() -> None:
    text = mini_review.text(table=mini_review.TABLE.replace("Moss 1999", "Moss 1989"))
    [(table, key, message)] = find(text, "label_disagrees_with_reference")
    assert (table, key) == ("studies", "1/1")
    assert message == "the row is labelled 'Moss 1989' but cites reference 2, which is Moss 1999"


def test_reports_the_year_of_a_row_without_a_label() -> None:
    frames = extract(mini_review.text(table=mini_review.TABLE.replace("Moss 1999", "Moss 1989")))
    frames["studies"] = frames["studies"].with_columns(study_label=pl.lit(None, pl.String))
    found = collect_source_issues(frames, frames[FINDINGS]).filter(pl.col("code") == "label_disagrees_with_reference")
    assert found["message"].to_list() == ["the row has the year 1989 but cites reference 2, which is Moss 1999"]


def test_reports_a_label_with_another_author_than_its_reference() -> None:
    text = mini_review.text(table=mini_review.TABLE.replace("Fern 2004", "Farn 2004"))
    [(_, key, message)] = find(text, "label_disagrees_with_reference")
    assert key == "1/2"
    assert "cites reference 3, which is Fern 2004" in message


def test_reports_a_label_that_two_studies_share() -> None:
    table = mini_review.TABLE.replace("Moss 1999 ²", "Fern 2004 ²")
    assert [key for _, key, _ in find(mini_review.text(table=table), "label_is_no_key")] == ["1/1", "1/2"]


def test_reports_a_volume_with_two_years() -> None:
    references = mini_review.REFERENCES.replace("2010; 13: 5", "2010; 2: 5")
    rows = find(mini_review.text(references=references), "volume_in_two_years")
    assert [key for _, key, _ in rows] == ["2", "4"]
    assert rows[0][2] == "volume 2 of Foot J has the years 1999 (reference 2), 2010 (reference 4)"


def test_reports_a_surname_with_two_spellings_and_a_shared_coauthor() -> None:
    references = mini_review.REFERENCES.replace("1. Moss A, Fern B, Ivy C", "1. Moss A, Vandermeer K, Ivy C").replace(
        "2. Moss A and Fern B", "2. Moss A and Vandemeer K"
    )
    [(_, _, message)] = find(mini_review.text(references=references), "surname_spelled_two_ways")
    assert "'Vandermeer K' (reference 1)" in message
    assert "'Vandemeer K' (reference 2)" in message


def test_ignores_short_surnames_that_differ_in_one_letter() -> None:
    references = mini_review.REFERENCES.replace("1. Moss A, Fern B, Ivy C", "1. Moss A, Wan Y, Ivy C").replace(
        "2. Moss A and Fern B", "2. Moss A and Wang Y"
    )
    assert find(mini_review.text(references=references), "surname_spelled_two_ways") == []


def test_reports_a_term_with_and_without_inner_capitals() -> None:
    body = mini_review.BODY.replace("Heel spurs hurt.", "SpurKnife hurts, Spur Knife does not.")
    [(table, key, message)] = find(mini_review.text(body=body), "variant_spelling")
    assert (table, key) == ("sentences", "3")
    assert message.startswith("this term is spelled 'Spur Knife' (1), 'SpurKnife' (1)")


def test_ignores_capitals_at_the_beginning_of_a_word() -> None:
    body = mini_review.BODY.replace("Many runners have them.", "Surgery and SURGERY and surgery help.")
    assert find(mini_review.text(body=body), "variant_spelling") == []


def test_reports_a_citation_beyond_the_reference_list() -> None:
    body = mini_review.BODY.replace("^{2,3}", "^{2–5}")
    [(table, key, message)] = find(mini_review.text(body=body), "dangling_citation")
    assert (table, key) == ("citation_markers", "2")
    assert message == "'^{2–5}' cites reference 5, which is not in the reference list"


def test_reports_a_reference_that_is_never_cited() -> None:
    body = mini_review.BODY.replace("⁴", "")
    assert [key for _, key, _ in find(mini_review.text(body=body), "reference_never_cited")] == ["4"]


def test_reports_a_reference_cited_out_of_order() -> None:
    filler = "".join(
        f"{number}. Moss A. On feet, part {number}. *Foot J* 2011; 14: {number}.\n" for number in range(5, 10)
    )
    sentences = "Five.⁵ Six.⁶ Seven.⁷ Nine.⁹ Eight.⁸"
    text = mini_review.text(
        body=mini_review.BODY.rstrip() + f" {sentences}\n\n", references=mini_review.REFERENCES + filler
    )
    [(_, key, message)] = find(text, "reference_cited_out_of_order")
    assert key == "8"
    assert message == "reference 8 is first cited after reference 9"


def test_reports_a_table_that_the_prose_does_not_mention() -> None:
    body = mini_review.BODY.replace(" (Table 1)", "")
    [(_, key, message)] = find(mini_review.text(body=body), "table_never_mentioned")
    assert (key, message) == ("1", "Table 1 is not mentioned in the prose")


@pytest.mark.parametrize(
    ("label", "prose"),
    [("Table 2.", "Tables 1–3"), ("TABLE 2.", "table 2"), ("Table II.", "Table 2"), ("Table 2.", "Table 1 and 2")],
)
def test_recognises_other_ways_to_mention_a_table(label: str, prose: str) -> None:
    text = mini_review.text(body=mini_review.BODY.replace("Table 1", prose))
    frames = extract(text)
    frames["source_tables"] = frames["source_tables"].with_columns(pl.lit(label).alias("label"))
    assert "table_never_mentioned" not in collect_source_issues(frames, frames[FINDINGS])["code"].to_list()


@pytest.mark.parametrize("label", ["Table", "Box 1", "Table S1", None])
def test_does_not_check_tables_without_a_number(label: str | None) -> None:
    frames = extract(mini_review.text(body=mini_review.BODY.replace(" (Table 1)", "")))
    frames["source_tables"] = frames["source_tables"].with_columns(pl.lit(label, pl.String).alias("label"))
    assert "table_never_mentioned" not in collect_source_issues(frames, frames[FINDINGS])["code"].to_list()


def test_reports_tables_and_cells_of_unusual_size() -> None:
    frames = extract(mini_review.text())
    long = frames["source_tables"].with_columns(pl.lit(2_001, pl.Int32).alias("n_rows"))
    issues = collect_source_issues({**frames, "source_tables": long}, frames[FINDINGS])
    [message] = issues.filter(pl.col("code") == "long_table")["message"].to_list()
    assert message == "Table 1 has 2001 rows; its kind and the roles of its columns follow from the first 200"
    cells = frames["table_cells"].with_columns(
        pl.when((pl.col("row_no") == 1) & (pl.col("column_no") == 2))
        .then(pl.lit("a" * 50_001))
        .otherwise("text_raw")
        .alias("text_raw")
    )
    issues = collect_source_issues({**frames, "table_cells": cells}, frames[FINDINGS])
    found = issues.filter(pl.col("code") == "long_cell").select("subject_key", "message").rows()
    assert found == [("1/1/2", "the cell has 50001 characters")]


@pytest.mark.parametrize(("n_rows", "is_reported"), [(2_000, False), (2_001, True)])
def test_a_long_table_has_more_than_2000_rows(n_rows: int, is_reported: bool) -> None:
    frames = extract(mini_review.text())
    frames["source_tables"] = frames["source_tables"].with_columns(pl.lit(n_rows, pl.Int32).alias("n_rows"))
    codes = collect_source_issues(frames, frames[FINDINGS])["code"].to_list()
    assert ("long_table" in codes) is is_reported


@pytest.mark.parametrize(("length", "is_reported"), [(50_000, False), (50_001, True)])
def test_a_long_cell_has_more_than_50000_characters(length: int, is_reported: bool) -> None:
    frames = extract(mini_review.text())
    frames["table_cells"] = frames["table_cells"].with_columns(pl.lit("a" * length).alias("text_raw"))
    codes = collect_source_issues(frames, frames[FINDINGS])["code"].to_list()
    assert ("long_cell" in codes) is is_reported


def test_two_rows_of_one_study_may_share_its_label() -> None:
    table = mini_review.TABLE.replace("Fern 2004 ³", "Moss 1999 ²")
    assert find(mini_review.text(table=table), "label_is_no_key") == []


def test_the_commonest_spelling_comes_first_and_the_rarest_is_the_place() -> None:
    sentence = "SpurKnife hurts. SpurKnife helps. A spur knife hurts."
    text = mini_review.text(body=mini_review.BODY.replace("Heel spurs hurt.", sentence))
    [(table, key, message)] = find(text, "variant_spelling")
    assert message.startswith("this term is spelled 'SpurKnife' (2), 'spur knife' (1)")
    # After two sentences of the abstract
    assert (table, key) == ("sentences", "5")


@pytest.mark.parametrize(
    ("start", "end", "subject"),
    [
        # The shortest row around a finding, else the shortest beside it, up to eight characters after it
        (551, 560, ("sentences", "5")),
        (521, 560, ("sentences", "4")),
        (795, 796, ("bib_references", "1")),
        (794, 795, (None, None)),
        (0, 5, (None, None)),
    ],
)
def test_a_finding_is_about_the_row_around_it_or_right_after_it(
    start: int, end: int, subject: tuple[str | None, str | None]
) -> None:
    frames = extract(mini_review.text())
    finding = frames[FINDINGS].with_columns(
        pl.lit(start, pl.Int32).alias("start_char"), pl.lit(end, pl.Int32).alias("end_char")
    )
    row = collect_source_issues(frames, finding).filter(pl.col("code") == "page_break_in_sentence").row(0, named=True)
    assert (row["subject_table"], row["subject_key"]) == subject


def test_reports_a_header_of_another_width_than_the_rows() -> None:
    frames = extract(mini_review.text())
    narrow = frames["table_cells"].filter((pl.col("row_no") > 0) | (pl.col("column_no") < 3))
    issues = collect_source_issues({**frames, "table_cells": narrow}, frames[FINDINGS])
    [message] = issues.filter(pl.col("code") == "table_with_uneven_header")["message"].to_list()
    assert message == "the header of Table 1 covers 2 columns, its rows 3"


def test_reports_a_reference_that_is_listed_twice() -> None:
    again = "5. Moss A and Fern B. Surgery of the Heel Spur: a case report. *Foot J* 1999; 2: 10–12.\n"
    rows = find(mini_review.text(references=mini_review.REFERENCES + again), "reference_listed_twice")
    assert [key for _, key, _ in rows] == ["2", "5"]


def test_a_leading_space_refers_to_the_reference_after_it() -> None:
    references = mini_review.REFERENCES.replace("3. Fern", " 3. Fern")
    assert [(table, key) for table, key, _ in find(mini_review.text(references=references), "leading_space")] == [
        ("bib_references", "3")
    ]


def test_rejects_a_finding_of_an_undeclared_kind() -> None:
    frames = build_frames([extract_review(FACTS, read_text(mini_review.text().encode(), name="heel"))])
    undeclared = frames[FINDINGS].with_columns(pl.lit("never_heard_of").alias("code"))
    with pytest.raises(KeyError, match="never_heard_of"):
        collect_source_issues(frames, undeclared)


def test_codes_of_kinds_are_unique() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_reports_a_table_of_neither_studies_nor_options() -> None:
    table = "\nTable 1. Shoes.\n\nShoe\tColour\nBoot\tBrown\n\n"
    [(subject, key, message)] = find(mini_review.text(table=table), "table_not_recognised")
    assert (subject, key) == ("source_tables", "1")
    assert message == ("Table 1 is not recognised as a table of studies or options")
