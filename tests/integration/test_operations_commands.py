"""Dagster's own commands find the project from any folder."""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def test_dg_and_dagster_load_the_same_module_under_the_same_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["dg"]["project"]
    (location,) = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))["load_from"]
    module = location["python_module"]
    assert project["code_location_target_module"] == module["module_name"] == "pipelines.definitions"
    assert project["code_location_name"] == module["location_name"] == "reviewmart"


def run_command(folder: Path, *command: str | Path) -> str:
    """Return the output of a command started in a new folder. Fails if it leaves files there or in ROOT."""
    home, start = folder / "home", folder / "start"
    home.mkdir()
    start.mkdir()
    (home / "dagster.yaml").write_bytes((ROOT / "dagster.yaml").read_bytes())
    before = {path for path in ROOT.iterdir() if path.name != ".git"}
    environment = os.environ | {"DAGSTER_HOME": str(home), "HOME": str(folder), "REVIEWMART_OUT": str(folder / "out")}
    result = subprocess.run(
        [sys.executable, *command], check=False, cwd=start, env=environment, capture_output=True, text=True, timeout=240
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert not list(start.iterdir())
    assert not (folder / ".dagster").exists()
    assert {path for path in ROOT.iterdir() if path.name != ".git"} - before <= {ROOT / ".pytest_cache"}
    return result.stdout + result.stderr


def test_the_workspace_loads_from_any_folder(tmp_path: Path) -> None:
    output = run_command(tmp_path, "-m", "dagster", "definitions", "validate", "-w", ROOT / "workspace.yaml")
    assert "All code locations passed validation" in output


@pytest.mark.skipif(not importlib.util.find_spec("dagster_dg_cli"), reason="dg is not installed (dagster-dg-cli)")
def test_dg_finds_the_project_from_any_folder(tmp_path: Path) -> None:
    dg = "from dagster_dg_cli.cli import main; main()"
    assert "All definitions loaded" in run_command(tmp_path, "-c", dg, "check", "defs", "--target-path", ROOT)
