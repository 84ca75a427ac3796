"""Studies, their fields and their references from printed tables, on small articles in JATS XML."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.jats import read_jats
from tests.study_tables import build_study_tables

REFERENCES = (("Ek", 1999), ("Bo", 2001), ("Su", 2003), ("Su", 2003), ("Kaur", 2017), ("Kaur", 2018))


def article(*rows: str, header: str = "Study|Treatment|Results") -> str:
    """An article with one table. Cells are separated by `|`; `[1]` is a tagged citation; `#` begins attributes."""
    body = "".join(f"<tr>{''.join(map(_cell, row.split('|')))}</tr>" for row in rows)
    head = "".join(f"<th>{text}</th>" for text in header.split("|"))
    references = "".join(
        f'<ref id="r{number}"><element-citation publication-type="journal"><person-group person-group-type="author">'
        f"<name><surname>{surname}</surname><given-names>A</given-names></name></person-group>"
        f"<article-title>Casts {number}</article-title><source>Bone J</source><year>{year}</year>"
        "</element-citation></ref>"
        for number, (surname, year) in enumerate(REFERENCES, start=1)
    )
    return (
        "<article><front><article-meta><title-group><article-title>Casts</article-title></title-group></article-meta>"
        "</front><body><sec><title>Results</title><p>Text.</p>"
        f"<table-wrap><label>Table 1</label><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"</table-wrap></sec></body><back><ref-list>{references}</ref-list></back></article>"
    )


def _cell(text: str) -> str:
    text, _, attributes = text.partition("#")
    while "[" in text:
        before, _, rest = text.partition("[")
        number, _, text = rest.partition("]")
        text = f'{before}(<xref ref-type="bibr" rid="r{number}">{number}</xref>){text}'
    return f"<td {attributes}>{text}</td>" if attributes else f"<td>{text}</td>"


def study_tables(xml: str) -> dict[str, pl.DataFrame]:
    document = read_jats(xml.encode(), name="heel.xml")
    frames = build_frames([extract_review(SourceFacts("heel", "heel.xml", "0" * 64), document)])
    return build_study_tables(frames)


def fields(tables: dict[str, pl.DataFrame], role: str) -> list[tuple[int, int, str]]:
    """The fields with a role as (row_no, part_no, text)."""
    selected = tables["study_fields"].filter(pl.col("role") == role)
    return selected.select("row_no", "part_no", "text").rows()


def test_one_row_is_one_study() -> None:
    tables = study_tables(article("Ek 1999 [1]|Cast|Good union", "Bo 2001 [2]|Vest|No difference"))
    studies = tables["studies"].select("row_no", "study_label", "first_author", "year", "ref_no", "method", "outcome")
    assert studies.rows() == [
        (1, "Ek 1999", "Ek", 1999, 1, "Cast", "Good union"),
        (2, "Bo 2001", "Bo", 2001, 2, "Vest", "No difference"),
    ]
    assert tables["studies"]["label_matches_reference"].to_list() == [True, True]
    assert fields(tables, "reference") == [(1, 1, "Ek 1999 (1)"), (2, 1, "Bo 2001 (2)")]


def test_rows_below_a_study_continue_it() -> None:
    tables = study_tables(
        article(
            "Ek 1999 [1]|IL-6|2.0 (0.1)",
            "|CRP|0.8 (0.2)",
            "||9.1 (6.4)",
            "Bo 2001 [2]|CRP|1.1 (0.7)",
            header="Study|Outcomes|Pre [mean (SD)]",
        )
    )
    assert tables["studies"].select("row_no", "ref_no").rows() == [(1, 1), (4, 2)]
    assert fields(tables, "outcome_name") == [(1, 1, "IL-6"), (1, 2, "CRP"), (4, 1, "CRP")]
    assert fields(tables, "result") == [
        (1, 1, "2.0 (0.1)"),
        (1, 2, "0.8 (0.2)"),
        (1, 3, "9.1 (6.4)"),
        (4, 1, "1.1 (0.7)"),
    ]
    places = tables["study_fields"].filter(pl.col("text") == "9.1 (6.4)").select("printed_row_no", "column_no")
    assert places.rows() == [(3, 3)]


def test_a_cell_over_several_rows_belongs_to_each_study() -> None:
    tables = study_tables(article("Ek 1999 [1]|Cast#rowspan='2'|Good", "Bo 2001 [2]|Bad", "Su 2003 [3]|Vest|Fair"))
    assert tables["studies"].select("row_no", "method", "outcome").rows() == [
        (1, "Cast", "Good"),
        (2, "Cast", "Bad"),
        (3, "Vest", "Fair"),
    ]


def test_a_label_over_several_rows_is_one_study() -> None:
    tables = study_tables(article("Ek 1999 [1]#rowspan='2'|Cast|Good", "Vest|Bad", "Bo 2001 [2]|Cast|Fair"))
    assert tables["studies"].select("row_no", "ref_no").rows() == [(1, 1), (3, 2)]
    assert fields(tables, "intervention") == [(1, 1, "Cast"), (1, 2, "Vest"), (3, 1, "Cast")]


def test_a_heading_groups_the_studies_below_it() -> None:
    tables = study_tables(
        article(
            "Adults#colspan='3'", "Ek 1999 [1]|Cast|Good", "Children||", "Bo 2001 [2]|Vest|Bad", "Su 2003 [3]|Cast|Fair"
        )
    )
    assert tables["studies"].select("row_no", "group_label").rows() == [(2, "Adults"), (4, "Children"), (5, "Children")]


def test_a_study_may_have_several_references() -> None:
    tables = study_tables(article("Kaur et al., 2017, 2018 [5] [6]|Cast|Good", "Bo 2001 [2]|Vest|Bad"))
    first = tables["studies"].row(0, named=True)
    assert (first["first_author"], first["year"], first["ref_no"]) == ("Kaur", 2017, None)
    references = tables["study_references"].select("row_no", "ref_no", "rule_id").rows()
    assert references == [(1, 5, "cited_in_key_cell"), (1, 6, "cited_in_key_cell"), (2, 2, "cited_in_key_cell")]


def test_an_uncited_label_is_matched_to_the_only_reference_with_its_author_and_year() -> None:
    tables = study_tables(article("Ek, 1999|Cast|Good", "Su 2003|Vest|Bad", "Kaur et al. 2017, 2018|Cast|Fair"))
    references = tables["study_references"].select("row_no", "ref_no", "rule_id").rows()
    # Two references are by Su and of 2003.
    assert references == [(1, 1, "label_matches"), (3, 5, "label_matches"), (3, 6, "label_matches")]


def test_numbers_in_a_reference_column_name_the_studies() -> None:
    tables = study_tables(
        article("Rats|Cast|Good|[2]", "Mice|Vest|Bad|[1]", header="Animal model|Treatment|Effects|Reference")
    )
    assert tables["studies"].select("row_no", "study_label", "ref_no").rows() == [(1, None, 2), (2, None, 1)]
    assert fields(tables, "population") == [(1, 1, "Rats"), (2, 1, "Mice")]


def test_citations_elsewhere_in_a_row_count_if_the_label_has_none() -> None:
    tables = study_tables(article("First trial|Cast|Good [3]", "Second trial|Vest|Bad [4]"))
    assert tables["study_references"].select("row_no", "ref_no", "rule_id").rows() == [
        (1, 3, "cited_in_row"),
        (2, 4, "cited_in_row"),
    ]


def test_a_column_with_two_roles_fills_two_fields() -> None:
    tables = study_tables(
        article(
            "Ek 1999 [1]|Trial, 12 adults|Good",
            "Bo 2001 [2]|Cohort, 9 adults|Bad",
            header="Study|Design/participants|Results",
        )
    )
    assert (
        fields(tables, "design")
        == fields(tables, "population")
        == [(1, 1, "Trial, 12 adults"), (2, 1, "Cohort, 9 adults")]
    )


def test_the_year_column_counts_if_the_label_has_no_year() -> None:
    tables = study_tables(
        article("Ek et al. [1]|1999|Cast|Good", "Bo [2]|2000–2001|Vest|Bad", header="Author|Year|Treatment|Results")
    )
    assert tables["studies"]["year"].to_list() == [1999, None]


def test_the_studies_of_a_transposed_table_are_its_columns() -> None:
    xml = article(
        "Study design|Trial|Cohort|Trial",
        "Treatment|Cast|Vest|Belt",
        "Results|Good|Bad|Fair",
        header="|Ek 1999|Bo 2001|Su 2003",
    )
    tables = study_tables(xml)
    assert tables["studies"].select("row_no", "study_label", "ref_no", "method", "outcome").rows() == [
        (2, "Ek 1999", 1, "Cast", "Good"),
        (3, "Bo 2001", 2, "Vest", "Bad"),
        (4, "Su 2003", None, "Belt", "Fair"),
    ]
    places = tables["study_fields"].filter(pl.col("text") == "Belt").select("row_no", "printed_row_no", "column_no")
    assert places.rows() == [(4, 2, 4)]


def test_a_row_with_only_a_label_is_no_study() -> None:
    tables = study_tables(article("Ek 1999 [1]|Cast|Good", "Bo 2001 [2]||", "Su 2003 [3]|Vest|Bad"))
    assert tables["studies"]["row_no"].to_list() == [1, 3]


def test_fields_are_the_cells_as_printed() -> None:
    xml = article("Ek 1999 [1]|Cast|Good (A) [2] as said", "Bo 2001 [2]|Vest|Bad")
    tables = study_tables(xml)
    result = tables["study_fields"].filter((pl.col("role") == "result") & (pl.col("row_no") == 1)).row(0, named=True)
    assert result["text"] == "Good (A) (2) as said"
    assert xml[result["start_char"] : result["start_char"] + 8] == "Good (A)"


@pytest.mark.parametrize("rows", [(), ("||",), ("Ek 1999||",)])
def test_a_table_without_studies_gives_no_rows(rows: tuple[str, ...]) -> None:
    tables = study_tables(article(*rows))
    assert tables["studies"].is_empty()
    assert tables["study_fields"].is_empty()
