"""Files of frames: written at once or in batches, complete or not at all; unfinished files are removed after a day."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.orchestration.frame_files import ORPHAN_SECONDS, frame_version, write_frame


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


def test_removes_an_unfinished_frame_after_a_day(tmp_path: Path) -> None:
    orphan, recent, finished = (
        tmp_path / name for name in (".new-sentences-1", ".new-sentences-2", "sentences.parquet")
    )
    long_ago = time.time() - ORPHAN_SECONDS - 1
    for path, written in ((orphan, long_ago), (recent, long_ago + 60), (finished, long_ago)):
        path.write_bytes(b"frame")
        os.utime(path, (written, written))
    written_frame = write_frame("anything", [pl.DataFrame({"a": [1]})], tmp_path)
    assert set(tmp_path.iterdir()) == {recent, finished, written_frame.path}
