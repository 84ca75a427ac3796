"""What the cells of a column hold, and the cells by which a table is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.document import Cell, Citation, Text
from pipelines.extract.cell_contents import (
    MAX_TESTED,
    TELLING_CONTENTS,
    has_a_word,
    has_words,
    is_numeric_result,
    is_rating,
    is_score,
    share_of,
)
from pipelines.extract.table_grid import count_header_rows, iterate_cells
from pipelines.extract.table_sample import MAX_SAMPLED_ROWS, collect_headers, sample_cell, sample_table
from tests.printed_tables import heading_row, printed_table


def test_a_share_is_that_of_the_filled_cells_judged_by_their_beginning() -> None:
    assert share_of(["ab", "", "12", "cd"], has_a_word) == pytest.approx(2 / 3)
    assert share_of(["", ""], has_a_word) == 0
    assert share_of(["." * (MAX_TESTED - 2) + "ab"], has_a_word) == 1
    assert share_of(["." * (MAX_TESTED - 1) + "ab"], has_a_word) == 0


@pytest.mark.parametrize(
    ("text", "is_result"),
    [
        ("↑", True),
        ("5 ± 2", True),
        ("5%", True),
        ("5 %", True),
        ("p = 0.5", True),
        ("P<0.05", True),
        ("(1.2–3)", True),
        ("(12, 13)", True),
        ("5/7", True),
        ("5", False),
        ("%", False),
        ("sp = 3", False),
        ("a/b", False),
    ],
)
def test_signs_of_a_measured_result(text: str, is_result: bool) -> None:
    assert is_numeric_result(text) is is_result


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("7/9", True),
        ("7", True),
        ("★★★", True),
        ("12345678", True),
        ("123456789", False),
        ("7 of 9", False),
        ("", False),
    ],
)
def test_a_score_has_at_most_eight_digits_and_signs(text: str, score: bool) -> None:
    assert is_score(text) is score


def test_a_rating_is_a_whole_cell() -> None:
    assert is_rating("Low risk")
    assert not is_rating("Low risk of falls")
    assert has_words("country")("in Belgium")
    assert not has_words("country")("Belgiums")


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("2015a", ["year"]),
        ("in 2015", []),
        ("n = 45", ["sample_size"]),
        ("45", []),
        ("Belgium", ["country"]),
    ],
)
def test_what_the_cells_of_a_column_hold(text: str, roles: list[str]) -> None:
    found = [role for role, test, _ in TELLING_CONTENTS if test(text)]
    assert found[: len(roles)] == roles or not roles
    assert bool(found) == bool(roles)


def test_a_number_that_cites_is_no_part_of_a_cell_but_a_citation_in_words_is() -> None:
    text = "Kim et al. (2017), (12), 13"
    cited = Cell(Text.from_source(text, 0, len(text)))
    citations = [
        Citation(0, 17, (5,), (False,)),
        Citation(20, 22, (12,), (False,)),
        Citation(25, 27, (12, 13), (False, False)),
    ]
    assert sample_cell(cited, citations) == ("Kim et al. (2017", 3)
    assert sample_cell(cited, []).n_cited == 0


def test_headers_are_collected_by_column_from_top_to_bottom() -> None:
    table = printed_table("Study | Group", "< | n", "< | 12", "Kim | %", headers=3)
    # A number in the header is no name of a column; what is below the header is no header.
    assert collect_headers(table) == [["Study"], ["Group", "n"]]
    assert collect_headers(printed_table("# | %", headers=1)) == [["#"], ["%"]]
    assert count_header_rows(table) == 3
    assert count_header_rows(printed_table("a", "b", headers=2)) == 2


def test_a_cell_beside_one_that_spans_rows_is_in_the_next_column() -> None:
    table = printed_table("a | b", "< | c", "d | e", headers=0)
    assert [(row, cell, column, printed.text.value) for row, cell, column, printed in iterate_cells(table)] == [
        (0, 0, 1, "a"),
        (0, 1, 2, "b"),
        (1, 0, 2, "c"),
        (2, 0, 1, "d"),
        (2, 1, 2, "e"),
    ]


@pytest.mark.parametrize(("width", "is_sampled"), [(1, True), (2, True), (3, False), (4, False)])
def test_a_cell_over_more_than_half_of_the_columns_is_a_heading(width: int, is_sampled: bool) -> None:
    table = printed_table("a | b | c | d", "e | f | g | h")
    table = replace(table, rows=(*table.rows, heading_row("Later studies", width)))
    sample = sample_table(table, 4, {})
    assert ((2, 1) in sample.cells) is is_sampled
    assert list(sample.rows) == [1, 2]
    assert [item.text for item in sample.column(1)] == ["e", *(["Later studies"] if is_sampled else [])]
    assert {column: item.text for column, item in sample.row(1, 3).items()} == {3: "g", 4: "h"}


def test_a_long_table_is_judged_by_its_first_rows() -> None:
    table = printed_table("a | b", *("c | d" for _ in range(MAX_SAMPLED_ROWS + 1)))
    assert len(sample_table(table, 2, {}).rows) == MAX_SAMPLED_ROWS
    table = printed_table("a | b", *("c | d" for _ in range(MAX_SAMPLED_ROWS)))
    assert len(sample_table(table, 2, {}).rows) == MAX_SAMPLED_ROWS
