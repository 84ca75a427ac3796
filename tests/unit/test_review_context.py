"""The abbreviations that a review defines."""

from __future__ import annotations

import polars as pl

from pipelines.curate.review_context import find_abbreviations, find_reference_passages, short_forms_by_review
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


def test_short_forms_are_kept_apart_by_review() -> None:
    sentences = [
        rows("sentences", {"text": "Radiation therapy (RT)", "start_char": 1}, review_id="b"),
        rows("sentences", {"text": "Return time (RT)", "start_char": 1}, review_id="a"),
    ]
    found = find_abbreviations(pl.concat(sentences), rows("table_cells"))
    assert found.rows() == [("a", "RT", "Return time"), ("b", "RT", "Radiation therapy")]
    assert short_forms_by_review(found) == {"a": {"RT": "Return time"}, "b": {"RT": "Radiation therapy"}}


def test_a_passage_is_about_one_reference_and_unbroken_ones_come_first() -> None:
    sentences = rows(
        "sentences",
        {"sentence_id": 1, "text": "One.", "start_char": 10, "end_char": 14},
        {"sentence_id": 2, "text": "One twice.", "start_char": 30, "end_char": 40},
        {"sentence_id": 3, "text": "Two.", "start_char": 50, "end_char": 54},
        {"sentence_id": 4, "text": "Cut by a page.", "start_char": 0, "end_char": 90},
        {"sentence_id": 5, "text": "None.", "start_char": 60, "end_char": 65},
    )
    # Sentence 2 cites reference 1 twice, sentence 3 two references.
    placed = [(1, 1, 1), (2, 2, 1), (3, 2, 1), (4, 3, 1), (5, 3, 2), (6, 4, 1), (7, None, 3)]
    markers = rows("citation_markers", *({"marker_id": marker, "sentence_id": at} for marker, at, _ in placed))
    mentions = rows("citation_mentions", *({"marker_id": marker, "ref_no": ref_no} for marker, _, ref_no in placed))
    cell = {"table_no": 1, "row_no": 1, "ref_no": 1, "outcome": "Cell.", "outcome_start_char": 20}
    studies = rows(
        "studies",
        {**cell, "outcome_end_char": 25},
        {**cell, "row_no": 2, "ref_no": None, "outcome_end_char": 25},
        {**cell, "row_no": 3, "outcome": None},
    )
    found = find_reference_passages(sentences, markers, mentions, studies)
    assert found.select("ref_no", "text", "start_char").rows() == [
        (1, "One.", 10),
        (1, "Cell.", 20),
        (1, "One twice.", 30),
        (1, "Cut by a page.", 0),
    ]
