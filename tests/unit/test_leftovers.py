"""A build removes the files that killed builds left behind, but not those of running builds."""

import os
import time
from pathlib import Path

import polars as pl
from filelock import FileLock

from pipelines.orchestration.frame_files import ORPHAN_SECONDS, write_frame
from pipelines.orchestration.run_build import temporary_frames_folder


def test_removes_the_frames_of_a_killed_build_but_not_of_a_running_one(tmp_path: Path) -> None:
    killed, running = tmp_path / ".frames-killed", tmp_path / ".frames-running"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "sentences.parquet").write_bytes(b"frame")
    (killed / ".lock").touch()
    (tmp_path / ".frames").mkdir()
    with FileLock(running / ".lock"):
        with temporary_frames_folder(tmp_path) as first, temporary_frames_folder(tmp_path) as second:
            assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == sorted(
                [".frames", ".frames-running", first.name, second.name]
            )
        assert (running / "sentences.parquet").read_bytes() == b"frame"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [".frames", ".frames-running"]


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
