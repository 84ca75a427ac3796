"""The values that models accept. What they reject is tested on a release, in tests/data/test_schemas.py."""

from __future__ import annotations

import pytest

from pipelines.tables.validation import find_table_failures, passes_fast_check
from schemas.tables import SPECS
from tests import mini_tables

BOUNDED_TEXTS = {
    name: [column.name for column in spec.columns if "str_length" in dict(column.checks)]
    for name, spec in SPECS.items()
    if any("str_length" in dict(column.checks) for column in spec.columns)
}
"""The text columns that have a rule on their length, by table."""


@pytest.mark.parametrize("name", BOUNDED_TEXTS)
def test_a_text_may_have_one_character_but_not_none(name: str) -> None:
    """Surnames such as O, volumes such as 7 and headings such as X are real."""
    one, none = (mini_tables.rows(name, dict.fromkeys(BOUNDED_TEXTS[name], text)) for text in ("O", ""))
    failed = [failure.column for failure in find_table_failures(name, one)]
    assert [column for column in BOUNDED_TEXTS[name] if column in failed] == []
    failed = [failure.column for failure in find_table_failures(name, none)]
    assert [column for column in BOUNDED_TEXTS[name] if column in failed] == BOUNDED_TEXTS[name]


SENTENCE = {
    "sentence_id": 1,
    "section_id": 1,
    "paragraph_no": 1,
    "position": 1,
    "kind": "prose",
    "text": "Heels hurt.",
    "is_cited": False,
}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({}, None),
        ({"start_char": 3, "end_char": 3}, None),
        ({"text": None}, "text"),
        ({"is_cited": None}, "is_cited"),
        ({"kind": "poetry"}, "kind"),
        ({"start_char": 3, "end_char": 2}, ""),
        ({"start_char": 3, "end_char": None}, ""),
        ({"start_char": None, "end_char": 3}, ""),
    ],
)
def test_the_fast_check_agrees_with_the_model(changes: dict[str, object], column: str | None) -> None:
    frame = mini_tables.rows("sentences", {**SENTENCE, **changes})
    assert passes_fast_check("sentences", frame) is (column is None)
    failed = {failure.column or "" for failure in find_table_failures("sentences", frame)}
    if column is None:
        assert not failed
    elif column:
        assert failed == {column}
    else:
        assert failed


def test_a_column_that_may_be_null_in_a_release_without_verbatim_text_may_be_null() -> None:
    frame = mini_tables.rows("sentences", {**SENTENCE, "text": None})
    assert find_table_failures("sentences", frame, nullable=["text"]) == []
    assert passes_fast_check("sentences", frame, frozenset({"text"}))
    frame = mini_tables.rows("sentences", {**SENTENCE, "text": None, "kind": None})
    assert [failure.column for failure in find_table_failures("sentences", frame, nullable=["text"])] == ["kind"]


def test_a_key_that_occurs_twice_is_a_failure_of_each_row_with_it() -> None:
    frame = mini_tables.rows("sentences", SENTENCE, {**SENTENCE, "sentence_id": 2}, SENTENCE)
    assert {failure.row for failure in find_table_failures("sentences", frame)} == {0, 2}
