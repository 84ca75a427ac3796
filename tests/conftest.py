"""Fixtures that several folders of tests share: the release of the shipped source, and the coding rules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from pipelines.common.settings import VOCABULARIES
from pipelines.curate.coding_rules import CodingRules, load_coding_rules
from pipelines.curate.general_concepts import GeneralRules, load_general_rules
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.study_design import DesignRules
from pipelines.vocabularies.csv_files import load_vocabularies

ROOT = Path(__file__).parents[1]

# Rich wraps at the width that it finds when the command line is imported; pytest-xdist sets 80 columns.
os.environ["COLUMNS"] = "400"


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder like outputs/ with the release of the shipped source, built once per test run for all workers."""
    # Imported here: tests of single functions need no Dagster.
    from rich.console import Console

    from pipelines.orchestration.run_build import run_build

    own = tmp_path_factory.getbasetemp()
    out = (own if worker_id == "master" else own.parent) / "outputs"
    with FileLock(out.with_suffix(".lock")):
        if not (out / "latest").exists():
            run_build(ROOT / "raw", out, Console(quiet=True))
    return out


@pytest.fixture(scope="session")
def mart(outputs: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release's DuckDB file, read-only."""
    with duckdb.connect(str(outputs / "latest" / "reviewmart.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def coding_rules() -> CodingRules:
    """The rules made of the project's vocabularies and cues."""
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES))


@pytest.fixture(scope="session")
def general_rules() -> GeneralRules:
    """The rules of the general schemes."""
    return load_general_rules(VOCABULARIES, load_vocabularies(VOCABULARIES))


@pytest.fixture(scope="session")
def modality_rules(coding_rules: CodingRules) -> ModalityRules:
    return coding_rules.modalities


@pytest.fixture(scope="session")
def design_rules(coding_rules: CodingRules) -> DesignRules:
    return coding_rules.designs
