"""What a killed build leaves is taken away by the next; what a running one holds is not."""

import os
import time
from pathlib import Path

import polars as pl
from filelock import FileLock

from pipelines.orchestration.frame_files import LEFT_AFTER, write_frame
from pipelines.orchestration.run_build import frames_folder


def test_the_frames_of_a_killed_build_go_and_those_of_a_running_one_stay(tmp_path: Path) -> None:
    killed, running = tmp_path / ".frames-killed", tmp_path / ".frames-running"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "sentences.parquet").write_bytes(b"frame")
    (killed / ".lock").touch()
    (tmp_path / ".frames").mkdir()
    with FileLock(running / ".lock"):
        with frames_folder(tmp_path) as first, frames_folder(tmp_path) as second:
            assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == sorted(
                [".frames", ".frames-running", first.name, second.name]
            )
        assert (running / "sentences.parquet").read_bytes() == b"frame"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [".frames", ".frames-running"]


def test_a_frame_that_was_never_finished_goes_after_a_day(tmp_path: Path) -> None:
    left, fresh, kept = (tmp_path / name for name in (".new-sentences-1", ".new-sentences-2", "sentences.parquet"))
    long_ago = time.time() - LEFT_AFTER - 1
    for path, written in ((left, long_ago), (fresh, long_ago + 60), (kept, long_ago)):
        path.write_bytes(b"frame")
        os.utime(path, (written, written))
    made = write_frame("anything", [pl.DataFrame({"a": [1]})], tmp_path)
    assert set(tmp_path.iterdir()) == {fresh, kept, made.path}
