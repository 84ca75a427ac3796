"""How long an operator waits: until the pages answer, for a rebuild, and for what a one-line edit touches.

    python -m tests.benchmarks.operations

Everything is made in a temporary folder, of the shipped source. The rebuild is launched as the button of the pages
launches it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.common.settings import VOCABULARIES
from pipelines.orchestration.staleness import graph_of, last_made, stale
from tests.integration.operations import World

ROOT = Path(__file__).parents[2]
LAUNCH = """mutation {launchPipelineExecution(executionParams: {selector: {repositoryName: "__repository__",
  repositoryLocationName: "reviewmart", pipelineName: "rebuild_all"}, mode: "default"})
  {... on LaunchRunSuccess {run {runId}}}}"""
RUN = "{runsOrError {... on Runs {results {status startTime endTime}}}}"


def seconds(work: Callable[[], Any]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def asked(url: str, query: str) -> dict[str, Any]:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        data: dict[str, Any] = json.load(answer)["data"]
        return data


def until(is_so: Callable[[], bool]) -> None:
    while True:
        try:
            if is_so():
                return
        except (OSError, urllib.error.URLError, KeyError):
            pass
        time.sleep(0.2)


def pages(folder: Path) -> None:
    """`dagster dev` from a cold start, and a rebuild of all from its pages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "home"
    home.mkdir()
    shutil.copy(ROOT / "dagster.yaml", home)
    server = subprocess.Popen(
        [sys.executable, "-m", "dagster", "dev", "-w", ROOT / "workspace.yaml", "-p", str(port)],
        env=os.environ | {"DAGSTER_HOME": str(home), "REVIEWMART_OUT": str(folder / "outputs")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        start = seconds(lambda: until(lambda: bool(asked(url, "{assetNodes{id}}")["assetNodes"])))
        print(f"dagster dev until the pages list the assets: {start:.1f} s")

        def rebuild() -> None:
            asked(url, LAUNCH)
            until(lambda: asked(url, RUN)["runsOrError"]["results"][0]["status"] in ("SUCCESS", "FAILURE"))

        whole = seconds(rebuild)
        run = asked(url, RUN)["runsOrError"]["results"][0]
        print(
            f"rebuild_all from the pages: {whole:.1f} s from click to end, the run itself "
            f"{run['endTime'] - run['startTime']:.1f} s ({run['status']})"
        )
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)


def command_line(folder: Path) -> None:
    build = [sys.executable, "-m", "pipelines.cli", "build", "--raw", ROOT / "raw", "--out", folder / "built"]
    for name in ("first", "unchanged"):
        print(
            f"reviewmart build, {name}: {seconds(lambda: subprocess.run(build, check=True, capture_output=True)):.1f} s"
        )


def edits(folder: Path) -> None:
    """What the sensor on the vocabularies rebuilds after a line is added to a file."""
    world = World(folder / "world", dg.DagsterInstance.ephemeral())
    shutil.copytree(ROOT / "raw", world.raw)
    shutil.copytree(VOCABULARIES, world.folder / "vocabularies")
    assert world.run("rebuild_all").success
    from pipelines.orchestration.assets import ASSETS
    from pipelines.orchestration.assets.release_assets import files_now

    graph = graph_of(ASSETS)
    for name, line in (
        ("imaging.csv", "shadow_play,,Shadow play,,,,,A picture made by shadows."),
        ("modality.csv", "leeching,,Leeching,,,,,Treatment with leeches."),
        ("journals.csv", "foot_j,Foot J,Foot Journal,,,"),
    ):
        with (world.folder / "vocabularies" / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        names = list(stale(graph, last_made(world.instance, graph), files_now(world.folders)))
        started = time.monotonic()
        ran = world.run("rebuild_changed", [dg.AssetKey.from_user_string(item) for item in names])
        assert ran.success, ran.failures
        print(
            f"a line in {name}: {len(names)} of {len(graph)} assets run, {len(ran.kept)} of them kept as they were, "
            f"{time.monotonic() - started:.1f} s; made anew: {', '.join(sorted(ran.computed))}"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        pages(Path(made))
        command_line(Path(made))
        edits(Path(made))
