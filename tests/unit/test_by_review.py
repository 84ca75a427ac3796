"""Frames in batches of whole reviews, and what is counted of them on the way into a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.checks.quality_table import together
from pipelines.checks.rule_result import RuleResult
from pipelines.common.batching import in_batches, n_rows
from pipelines.orchestration.frame_files import frame_version, write_frame
from schemas.tables import SPECS

REFERENCES = pl.LazyFrame({"review_id": ["b", "a", "c", "a"], "ref_no": [1, 1, 1, 2]})
NOTES = pl.LazyFrame({"review_id": ["c", "d"], "note": ["x", "y"]})
WORDS = pl.LazyFrame({"word": ["spine"]})
COLUMNS = SPECS["quality_checks"].polars_schema


def test_each_review_comes_once_and_whole_with_all_that_is_of_no_review() -> None:
    frames = {"references": REFERENCES, "notes": NOTES, "words": WORDS}
    batches = list(in_batches(frames, reviews_at_once=2))
    assert [batch["references"].rows() for batch in batches] == [[("b", 1), ("a", 1), ("a", 2)], [("c", 1)]]
    assert [batch["notes"].rows() for batch in batches] == [[], [("c", "x"), ("d", "y")]]
    assert [batch["words"].rows() for batch in batches] == [[("spine",)], [("spine",)]]


def test_where_there_is_no_review_the_frames_come_once_and_empty() -> None:
    (batch,) = in_batches({"references": REFERENCES.clear(), "words": WORDS})
    assert batch["references"].schema == REFERENCES.collect_schema()
    assert (batch["references"].height, batch["words"].height) == (0, 1)


def test_rows_of_all_frames_are_counted() -> None:
    assert n_rows([REFERENCES, NOTES, WORDS]) == 7
    assert n_rows([]) == 0


def test_a_frame_in_batches_is_written_as_the_frame_in_one(tmp_path: Path) -> None:
    frame = pl.DataFrame({"review_id": ["a", "a", "b"], "note": ["x", None, None]})
    whole = write_frame("findings", [frame], tmp_path)
    parted = write_frame("findings", [frame.head(1), frame.clear(), frame.tail(2)], tmp_path)
    assert pl.read_parquet(parted.path).equals(pl.read_parquet(whole.path))
    assert parted.version == whole.version == frame_version(frame) == frame_version(pl.scan_parquet(whole.path))
    assert (parted.n_rows, parted.n_nulls, parted.head.rows()) == (3, {"review_id": 0, "note": 2}, frame.rows())


def test_of_a_frame_that_fails_in_its_second_batch_nothing_is_left(tmp_path: Path) -> None:
    def batches() -> Iterator[pl.DataFrame]:
        yield pl.DataFrame({"review_id": ["a"]})
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        write_frame("findings", batches(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_counts_of_some_reviews_and_of_others_are_those_of_both() -> None:
    both = RuleResult(3, ["a: gone"]) + RuleResult(4, ["b: gone"])
    assert (both.n_checked, both.n_findings, both.message) == (7, 2, "a: gone\nb: gone")
    uncoded = RuleResult(10, n_faults=2) + RuleResult(5, n_faults=0)
    assert (uncoded.n_findings, uncoded.message) == (2, "2 of 15 have no code")
    assert (RuleResult(3) + RuleResult(4)).message is None


def test_of_many_faults_only_those_that_are_shown_are_kept() -> None:
    one = RuleResult(100, [f"a: row {number}" for number in range(25)])
    both = one + RuleResult(100, [f"b: row {number}" for number in range(15)])
    assert (len(one.faults), one.n_findings) == (10, 25)
    assert (len(both.faults), both.n_checked, both.n_findings) == (10, 200, 40)
    assert both.message is not None
    assert both.message.splitlines()[0] == "a: row 0"
    assert both.message.splitlines()[9:] == ["a: row 9", "and 30 more"]


def test_names_at_fault_are_counted_over_all_reviews_before_the_first_are_shown() -> None:
    one = RuleResult(5, n_faults=3, names=Counter({"Spine J": 2, "Cureus": 1}))
    other = RuleResult(5, n_faults=2, names=Counter({"Cureus": 2}))
    assert (one + other).message == "'Cureus' (3)\n'Spine J' (2)"


def test_a_check_that_fails_in_one_batch_fails() -> None:
    rows = {"check_id": "spans", "subject_table": "sections", "description": "d", "severity": "error"}
    good = pl.DataFrame([{**rows, "n_checked": 5, "n_findings": 0, "passed": True, "message": None}], schema=COLUMNS)
    bad = pl.DataFrame([{**rows, "n_checked": 2, "n_findings": 1, "passed": False, "message": "m"}], schema=COLUMNS)
    assert together([good, bad]).row(0)[4:] == (7, 1, False, "m")
