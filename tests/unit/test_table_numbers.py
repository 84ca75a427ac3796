"""Table numbers in labels and prose."""

import pytest

from pipelines.extract.table_numbers import find_table_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Table 1", {1}),
        ("TABLE 1.", {1}),
        ("Table I", {1}),
        ("Table XIV", {14}),
        ("Tables IV and IX", {4, 9}),
        ("as Tables 1–3 show", {1, 2, 3}),
        ("(Tables 1 to 3, and 5)", {1, 2, 3, 5}),
        ("Table 2 and Table 4", {2, 4}),
        ("Tables 1, S1 and 2", {1, 2}),
        ("Table 2a", {2}),
        ("Tables 1A–1C", {1}),
        ("Table 3 (b) and 4", {3, 4}),
        ("Tab. 7", {7}),
        # A range of more than thirty is taken for its two ends.
        ("Tables 1–31", set(range(1, 32))),
        ("Tables 1–32", {1, 32}),
        ("tables 3–1", {1, 3}),
        ("Table1", {1}),
        ("na tabela 1, as tablas 2, 3, les tableaux 4–5, Tabellen 6", {1, 2, 3, 4, 5, 6}),
        ("tablets 2, tabs 3", {3}),
        # What follows a number is not always another table.
        ("Table 1 shows that 12 patients", {1}),
        ("Table 1, 12 of them", {1}),
        ("Table S1", set()),
        ("the table of 12 tablets", set()),
        ("Table", set()),
        ("Box 1", set()),
        ("Table 1990", set()),
    ],
)
def test_finds_table_numbers(text: str, numbers: set[int]) -> None:
    assert find_table_numbers(text) == numbers


def test_a_long_list_of_numbers_does_not_hang() -> None:
    assert find_table_numbers("Tables " + "1, " * 50_000 + "x") == {1}
    assert find_table_numbers("Tables 1" + " , " * 50_000 + "x") == {1}
    assert find_table_numbers("Tables 1" + " " * 50_000 + "x") == {1}
