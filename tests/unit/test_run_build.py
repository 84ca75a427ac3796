"""The temporary frames of a build: those of a killed build are removed, those of a running one are kept."""

from pathlib import Path

from filelock import FileLock

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
