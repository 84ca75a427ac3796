"""Where marked words lie in the pieces of text that the report's reader shows."""

import pytest

from pipelines.release.report.reading_text import Part, PieceKey, find_page, locate_marks

SENTENCE = PieceKey("sentences", "1")
CELL = PieceKey("table_cells", "1/2/3")


def mark(start: int, end: int) -> dict[str, object]:
    return {"kind": "claim", "target": "7", "start_char": start, "end_char": end}


def place(parts: list[Part], start: int, end: int) -> dict[PieceKey, list[list[object]]]:
    return locate_marks(parts, [mark(start, end)])


def test_offsets_count_from_the_start_of_the_piece() -> None:
    assert place([Part(SENTENCE, 0, 100, 150)], 110, 115) == {SENTENCE: [[10, 15, "claim", "7"]]}


def test_mark_over_a_gap_covers_the_text_on_both_sides() -> None:
    # "spine metas" + page break + "tases": the piece reads without the break.
    parts = [Part(SENTENCE, 0, 100, 111), Part(SENTENCE, 11, 130, 135)]
    assert place(parts, 106, 135) == {SENTENCE: [[6, 16, "claim", "7"]]}
    assert place(parts, 131, 133) == {SENTENCE: [[12, 14, "claim", "7"]]}


def test_mark_over_two_pieces_is_in_both() -> None:
    parts = [Part(SENTENCE, 0, 100, 110), Part(CELL, 0, 110, 120)]
    assert place(parts, 105, 112) == {SENTENCE: [[5, 10, "claim", "7"]], CELL: [[0, 2, "claim", "7"]]}


@pytest.mark.parametrize(("start", "end"), [(90, 100), (110, 120), (0, 5)])
def test_mark_beside_a_piece_is_left_out(start: int, end: int) -> None:
    assert place([Part(SENTENCE, 0, 100, 110)], start, end) == {}


def test_piece_inside_another_does_not_hide_it() -> None:
    # A cell inside a longer piece that begins before it and ends after it.
    parts = [Part(SENTENCE, 0, 100, 200), Part(CELL, 0, 110, 120)]
    assert place(parts, 150, 160) == {SENTENCE: [[50, 60, "claim", "7"]]}
    assert place(parts, 115, 118) == {SENTENCE: [[15, 18, "claim", "7"]], CELL: [[5, 8, "claim", "7"]]}


LINES = [
    {"start_char": 10, "page_no": 1, "x": 57, "y": 100},
    {"start_char": 40, "page_no": 1, "x": 57, "y": 112},
    {"start_char": 80, "page_no": 2, "x": 300, "y": 70},
]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (10, {"page": 1, "x": 57, "y": 100}),
        (79, {"page": 1, "x": 57, "y": 112}),
        (80, {"page": 2, "x": 300, "y": 70}),
        (500, {"page": 2, "x": 300, "y": 70}),
        (None, {}),
    ],
)
def test_page_is_that_of_the_printed_line(start: int | None, expected: dict[str, int]) -> None:
    assert find_page(LINES, start) == expected


def test_source_without_pages_has_none() -> None:
    assert find_page([], 10) == {}
