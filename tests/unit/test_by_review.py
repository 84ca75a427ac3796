"""Frames split into batches of whole reviews, written in batches, and checked in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.checks.quality_checks import merge_checks
from pipelines.checks.rule_result import RuleResult
from pipelines.common.batching import count_rows, split_into_batches
from pipelines.orchestration.frame_files import frame_version, write_frame
from schemas.tables import SPECS

REFERENCES = pl.LazyFrame({"review_id": ["b", "a", "c", "a"], "ref_no": [1, 1, 1, 2]})
NOTES = pl.LazyFrame({"review_id": ["c", "d"], "note": ["x", "y"]})
WORDS = pl.LazyFrame({"word": ["spine"]})
COLUMNS = SPECS["quality_checks"].polars_schema


def test_each_review_is_whole_in_one_batch_with_all_shared_tables() -> None:
    frames = {"references": REFERENCES, "notes": NOTES, "words": WORDS}
    batches = list(split_into_batches(frames, reviews_per_batch=2))
    assert [batch["references"].rows() for batch in batches] == [[("b", 1), ("a", 1), ("a", 2)], [("c", 1)]]
    assert [batch["notes"].rows() for batch in batches] == [[], [("c", "x"), ("d", "y")]]
    assert [batch["words"].rows() for batch in batches] == [[("spine",)], [("spine",)]]


def test_without_reviews_there_is_one_batch_of_empty_frames() -> None:
    (batch,) = split_into_batches({"references": REFERENCES.clear(), "words": WORDS})
    assert batch["references"].schema == REFERENCES.collect_schema()
    assert (batch["references"].height, batch["words"].height) == (0, 1)


def test_count_rows_counts_all_frames() -> None:
    assert count_rows([REFERENCES, NOTES, WORDS]) == 7
    assert count_rows([]) == 0


def test_writing_in_batches_gives_the_same_file_as_writing_at_once(tmp_path: Path) -> None:
    frame = pl.DataFrame({"review_id": ["a", "a", "b"], "note": ["x", None, None]})
    whole = write_frame("findings", [frame], tmp_path)
    in_batches = write_frame("findings", [frame.head(1), frame.clear(), frame.tail(2)], tmp_path)
    assert pl.read_parquet(in_batches.path).equals(pl.read_parquet(whole.path))
    assert in_batches.version == whole.version == frame_version(frame) == frame_version(pl.scan_parquet(whole.path))
    assert (in_batches.n_rows, in_batches.n_nulls, in_batches.head.rows()) == (
        3,
        {"review_id": 0, "note": 2},
        frame.rows(),
    )


def test_a_failing_batch_leaves_no_file(tmp_path: Path) -> None:
    def batches() -> Iterator[pl.DataFrame]:
        yield pl.DataFrame({"review_id": ["a"]})
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        write_frame("findings", batches(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_results_of_two_batches_add_up() -> None:
    both = RuleResult.from_findings(3, ["a: gone"]) + RuleResult.from_findings(4, ["b: gone"])
    assert (both.n_checked, both.n_findings, both.message) == (7, 2, "a: gone\nb: gone")
    uncoded = RuleResult(10, 2) + RuleResult(5, 0)
    assert (uncoded.n_findings, uncoded.message) == (2, "2 of 15 have no code")
    assert (RuleResult(3) + RuleResult(4)).message is None


def test_only_the_listed_findings_are_kept() -> None:
    one = RuleResult.from_findings(100, [f"a: row {number}" for number in range(25)])
    both = one + RuleResult.from_findings(100, [f"b: row {number}" for number in range(15)])
    assert (len(one.listed), one.n_findings) == (10, 25)
    assert (len(both.listed), both.n_checked, both.n_findings) == (10, 200, 40)
    assert both.message is not None
    assert both.message.splitlines()[0] == "a: row 0"
    assert both.message.splitlines()[9:] == ["a: row 9", "and 30 more"]


def test_unknown_names_are_counted_over_all_batches() -> None:
    one = RuleResult(5, 3, unknown_names=Counter({"Spine J": 2, "Cureus": 1}))
    other = RuleResult(5, 2, unknown_names=Counter({"Cureus": 2}))
    assert (one + other).message == "'Cureus' (3)\n'Spine J' (2)"


def test_a_check_that_fails_in_one_batch_fails() -> None:
    rows = {"check_id": "spans", "subject_table": "sections", "description": "d", "severity": "error"}
    good = pl.DataFrame([{**rows, "n_checked": 5, "n_findings": 0, "passed": True, "message": None}], schema=COLUMNS)
    bad = pl.DataFrame([{**rows, "n_checked": 2, "n_findings": 1, "passed": False, "message": "m"}], schema=COLUMNS)
    assert merge_checks([good, bad]).row(0)[4:] == (7, 1, False, "m")
