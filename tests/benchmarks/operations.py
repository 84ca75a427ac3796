"""Waiting times of an operator: the start of Dagster UI, a full rebuild, and the rebuild after an edit of a vocabulary.

    python -m tests.benchmarks.operations

Uses the source in raw/ and writes to a temporary folder. The rebuild is launched by the same GraphQL request as the
button in the UI sends.
"""

from __future__ import annotations

import argparse
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
from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.assets.release_assets import current_file_versions
from pipelines.orchestration.staleness import build_asset_graph, find_stale_assets, latest_records
from tests.integration.operations import Deployment

ROOT = Path(__file__).parents[2]
LAUNCH = """mutation {launchPipelineExecution(executionParams: {selector: {repositoryName: "__repository__",
  repositoryLocationName: "reviewmart", pipelineName: "rebuild_all"}, mode: "default"})
  {... on LaunchRunSuccess {run {runId}}}}"""
RUN = "{runsOrError {... on Runs {results {status startTime endTime}}}}"


def measure_seconds(work: Callable[[], Any]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def send_query(url: str, query: str) -> dict[str, Any]:
    """Send a GraphQL query to Dagster's webserver and return its data."""
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        data: dict[str, Any] = json.load(response)["data"]
        return data


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds; a server that does not respond yet counts as not fulfilled."""
    while True:
        try:
            if condition():
                return
        except (OSError, urllib.error.URLError, KeyError):
            pass
        time.sleep(0.2)


def measure_ui(folder: Path) -> None:
    """Print the time of a cold start of `dagster dev` and of a full rebuild launched in the UI."""
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        port = free_socket.getsockname()[1]
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
        start = measure_seconds(lambda: wait_until(lambda: bool(send_query(url, "{assetNodes{id}}")["assetNodes"])))
        print(f"dagster dev until the UI lists the assets: {start:.1f} s")

        def rebuild() -> None:
            send_query(url, LAUNCH)
            wait_until(lambda: send_query(url, RUN)["runsOrError"]["results"][0]["status"] in ("SUCCESS", "FAILURE"))

        total = measure_seconds(rebuild)
        run = send_query(url, RUN)["runsOrError"]["results"][0]
        print(
            f"rebuild_all from the UI: {total:.1f} s from click to end, the run itself "
            f"{run['endTime'] - run['startTime']:.1f} s ({run['status']})"
        )
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)


def measure_command_line(folder: Path) -> None:
    """Print the time of a first `reviewmart build` and of one with unchanged inputs."""
    command = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "build",
        "--raw",
        str(ROOT / "raw"),
        "--out",
        str(folder / "built"),
    ]
    for name in ("first", "unchanged"):
        seconds = measure_seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        print(f"reviewmart build, {name}: {seconds:.1f} s")


def measure_vocabulary_edits(folder: Path) -> None:
    """Print what the sensor on the vocabularies rebuilds after a line is added to a file, and how long that takes."""
    deployment = Deployment(folder / "deployment", dg.DagsterInstance.ephemeral())
    shutil.copytree(ROOT / "raw", deployment.raw)
    shutil.copytree(VOCABULARIES, deployment.folder / "vocabularies")
    assert deployment.run("rebuild_all").success
    graph = build_asset_graph(ASSETS)
    for name, line in (
        ("imaging.csv", "shadow_play,,Shadow play,,,,,A picture made by shadows."),
        ("modality.csv", "leeching,,Leeching,,,,,Treatment with leeches."),
        ("journals.csv", "foot_j,Foot J,Foot Journal,,,"),
    ):
        with (deployment.folder / "vocabularies" / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        records = latest_records(deployment.instance, graph)
        stale = find_stale_assets(graph, records, current_file_versions(deployment.folders))
        started = time.monotonic()
        run = deployment.run("rebuild_changed", [dg.AssetKey.from_user_string(asset) for asset in stale])
        assert run.success, run.failures
        print(
            f"a line in {name}: {len(stale)} of {len(graph)} assets run, {len(run.reused)} of these reused, "
            f"{time.monotonic() - started:.1f} s; made again: {', '.join(sorted(run.computed))}"
        )


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        measure_ui(folder)
        measure_command_line(folder)
        measure_vocabulary_edits(folder)


if __name__ == "__main__":
    main()
