"""The abbreviations that a review defines."""

from __future__ import annotations

from pipelines.curate.review_context import find_abbreviations
from tests.mini_tables import Record, rows


def abbreviations(sentences: list[Record], cells: list[Record]) -> dict[str, str]:
    """The long form of each short form that these sentences and cells define."""
    found = find_abbreviations(rows("sentences", *sentences), rows("table_cells", *cells))
    return dict(found.select("short_form", "long_form").iter_rows())


def test_the_first_definition_in_the_source_counts() -> None:
    later: Record = {"text": "Return time (RT) was short.", "start_char": 90}
    earlier: Record = {"text_raw": "Radiation therapy (RT)", "start_char": 10}
    assert abbreviations([later], [earlier]) == {"RT": "Radiation therapy"}
    assert abbreviations([{**later, "start_char": 5}], [earlier]) == {"RT": "Return time"}


def test_a_cell_without_a_place_comes_after_all_others() -> None:
    placed: Record = {"text": "Radiation therapy (RT) was given.", "start_char": 10}
    unplaced: Record = {"text_raw": "Return time (RT), stay time (ST)", "start_char": None}
    assert abbreviations([placed], [unplaced]) == {"RT": "Radiation therapy", "ST": "stay time"}
