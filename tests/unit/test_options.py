"""The options of a table that compares options, and their advantages and disadvantages one by one."""

from __future__ import annotations

import pytest

from pipelines.curate.options import option_points, options, split_points
from tests.mini_tables import Record, rows


def make_cell(row_no: int, column_no: int, role: str, text: str | None, start: int | None) -> Record:
    place = {"table_no": 1, "row_no": row_no, "column_no": column_no, "role": role, "is_header": row_no == 0}
    end = None if start is None or text is None else start + len(text)
    return {**place, "text_raw": text, "start_char": start, "end_char": end}


CELLS = (
    make_cell(0, 1, "option", "Option", 0),
    make_cell(1, 1, "option", "Brace", 10),
    make_cell(1, 2, "advantages", "cheap; light", 20),
    make_cell(1, 3, "disadvantages", "itches", 40),
    make_cell(2, 1, "option", None, None),
    make_cell(2, 2, "advantages", None, None),
    make_cell(3, 2, "advantages", "quick", 60),
    make_cell(3, 3, "disadvantages", None, None),
)


def test_a_row_of_an_option_table_that_is_not_empty_is_an_option() -> None:
    table = {"table_no": 1, "kind": "options"}
    found = options(rows("source_tables", table), rows("table_cells", *CELLS))
    columns = ("row_no", "option", "advantages", "disadvantages", "advantages_start_char", "start_char", "end_char")
    assert found.select(columns).rows() == [
        (1, "Brace", "cheap; light", "itches", 20, 10, 46),
        (3, None, "quick", None, 60, 60, 65),
    ]
    assert options(rows("source_tables", {**table, "kind": "evidence"}), rows("table_cells", *CELLS)).is_empty()


def test_points_are_numbered_through_both_columns_with_their_places() -> None:
    found = option_points(
        options(rows("source_tables", {"table_no": 1, "kind": "options"}), rows("table_cells", *CELLS))
    )
    assert found.select("row_no", "point_no", "polarity", "text", "start_char", "end_char").rows() == [
        (1, 1, "advantage", "cheap", 20, 25),
        (1, 2, "advantage", "light", 27, 32),
        (1, 3, "disadvantage", "itches", 40, 46),
        (3, 1, "advantage", "quick", 60, 65),
    ]


@pytest.mark.parametrize(("start", "end"), [(20, 33), (None, None), (20, 31)])
def test_the_points_of_an_interrupted_cell_have_no_place(start: int | None, end: int | None) -> None:
    option = {"table_no": 1, "row_no": 1, "advantages": "cheap; light"}
    place = {"advantages_start_char": start, "advantages_end_char": end}
    found = option_points(rows("options", {**option, **place}))
    assert found.select("text", "start_char", "end_char").rows() == [("cheap", None, None), ("light", None, None)]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("a; b", ["a", "b"]),
        ("a (b; c); d", ["a (b; c)", "d"]),
        ("a [b; c]; d", ["a [b; c]", "d"]),
        ("a ((b; c); d); e", ["a ((b; c); d)", "e"]),
        # A bracket that nothing opened does not count; one that nothing closes reaches to the end.
        ("a); b; c", ["a)", "b", "c"]),
        ("a) (b; c)); d", ["a) (b; c))", "d"]),
        ("a (b; c", ["a (b; c"]),
        (";; a.;", ["a."]),
    ],
)
def test_a_semicolon_outside_brackets_separates_points(text: str, points: list[str]) -> None:
    assert [text[start:end] for start, end in split_points(text)] == points
