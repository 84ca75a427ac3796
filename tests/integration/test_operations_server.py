"""The settings for a server, tried with a temporary PostgreSQL: the daemon runs sensors, PostgreSQL records runs."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.common.settings import VOCABULARIES
from tests import mini_review
from tests.mini_review import add_source

ROOT = Path(__file__).parents[2]
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
SLOW = 240
"""Seconds that a run may take on a busy machine."""

pytestmark = [
    pytest.mark.skipif(not BINARIES, reason="PostgreSQL is not installed (Debian: postgresql)"),
    pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv is not installed (Debian: util-linux)"),
]
pytest.importorskip("dagster_postgres", reason="dagster-postgres is not installed")


def unprivileged(*command: str | Path) -> list[str | Path]:
    """Make root run a command as nobody, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[int]:
    """Start a PostgreSQL server with a database `reviewmart` and give its port."""
    folder = Path("/tmp") / f"reviewmart-test-{os.getpid()}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    bin_folder = BINARIES[-1].parent
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        port: int = free_socket.getsockname()[1]
    data = folder / "data"
    log = (tmp_path / "postgres.log").open("w")
    try:
        create_cluster = unprivileged(bin_folder / "initdb", "--no-sync", "-D", data, "-U", "reviewmart", "-A", "trust")
        subprocess.run(create_cluster, check=True, capture_output=True, cwd="/")
        server = subprocess.Popen(
            # fsync=off is faster; the data need not survive a crash.
            unprivileged(
                bin_folder / "postgres",
                *("-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-c", "fsync=off"),
            ),
            stdout=log,
            stderr=log,
            cwd="/",
        )
        try:
            deadline = time.monotonic() + 60
            create_database: list[str | Path] = [
                bin_folder / "createdb",
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-U",
                "reviewmart",
                "reviewmart",
            ]
            while subprocess.run(create_database, check=False, capture_output=True, cwd="/").returncode:
                assert time.monotonic() < deadline, (tmp_path / "postgres.log").read_text()
                time.sleep(0.5)
            yield port
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    finally:
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_the_daemon_runs_the_sensor_and_postgres_records_the_run(postgres: int, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings = (ROOT / "docs" / "deployment" / "dagster.yaml").read_text(encoding="utf-8")
    assert settings.count("port: 5432") == 1
    (home / "dagster.yaml").write_text(settings.replace("port: 5432", f"port: {postgres}"), encoding="utf-8")
    add_source(tmp_path / "raw", "heel", mini_review.text().encode())
    shutil.copytree(VOCABULARIES, tmp_path / "vocabularies")
    environment = os.environ | {
        "DAGSTER_HOME": str(home),
        "DAGSTER_PG_HOST": "127.0.0.1",
        "DAGSTER_PG_USER": "reviewmart",
        "DAGSTER_PG_PASSWORD": "none",
        "DAGSTER_PG_DB": "reviewmart",
        "REVIEWMART_RAW": str(tmp_path / "raw"),
        "REVIEWMART_OUT": str(tmp_path / "outputs"),
        "REVIEWMART_SENSOR_SECONDS": "5",
        "REVIEWMART_VOCABULARIES": str(tmp_path / "vocabularies"),
    }
    command = [sys.executable, "-m", "dagster"]
    workspace = ["-w", str(ROOT / "workspace.yaml")]
    started = subprocess.run(
        [*command, "sensor", "start", "changes_in_raw", *workspace],
        check=False,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SLOW,
    )
    assert started.returncode == 0, started.stderr
    with (tmp_path / "daemon.log").open("w") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "dagster._daemon", "run", *workspace],
            env=environment,
            cwd=tmp_path,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with pytest.MonkeyPatch.context() as patch:
            for key, value in environment.items():
                patch.setenv(key, value)
            with dg.DagsterInstance.from_config(str(home)) as instance:
                assert "PostgresRunStorage" in type(instance.run_storage).__name__
                deadline = time.monotonic() + SLOW
                while not (runs := instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]))):
                    assert daemon.poll() is None, (tmp_path / "daemon.log").read_text()
                    assert not instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
                    assert time.monotonic() < deadline, (tmp_path / "daemon.log").read_text()
                    time.sleep(1)
                assert [run.job_name for run in runs] == ["rebuild_changed"]
                assert runs[0].tags["dagster/sensor_name"] == "changes_in_raw"
    finally:
        os.killpg(daemon.pid, signal.SIGINT)
        try:
            daemon.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(daemon.pid, signal.SIGKILL)
    assert (tmp_path / "outputs" / "latest" / "reviewmart.duckdb").is_file()
