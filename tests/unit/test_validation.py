"""The values that models accept. What they reject is tested on a release, in tests/data/test_schemas.py."""

from __future__ import annotations

import pytest

from pipelines.tables.validation import find_table_failures
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
