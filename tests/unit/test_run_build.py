"""Parts of a build: its steps, and its temporary frames, which a killed build leaves behind."""

from pathlib import Path

import dagster as dg
from filelock import FileLock

from pipelines.orchestration.asset_checks import ASSET_CHECKS
from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.resources import Folders, build_resources
from pipelines.orchestration.run_build import layers_of_steps, temporary_frames_folder


def test_every_step_of_a_build_has_a_layer(tmp_path: Path) -> None:
    # The progress bar counts the steps by their layers.
    definitions = dg.Definitions(
        assets=ASSETS,
        asset_checks=ASSET_CHECKS,
        jobs=[dg.define_asset_job("build", selection=dg.AssetSelection.all())],
        resources=build_resources(Folders(raw="raw", out="outputs", vocabularies="cues", frames=str(tmp_path))),
    )
    steps = {node.name for node in definitions.resolve_job_def("build").graph.nodes}
    assert steps == layers_of_steps().keys()


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
