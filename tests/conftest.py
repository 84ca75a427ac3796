"""The published release of the shipped source, built once a test run."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like outputs/, with `latest` in it."""
    # Imported here: tests of single functions need no Dagster.
    from rich.console import Console

    from pipelines.orchestration.run_build import run_build

    out = tmp_path_factory.mktemp("outputs")
    run_build(ROOT / "raw", out, Console(quiet=True))
    return out


@pytest.fixture(scope="session")
def mart(outputs: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release's DuckDB file, read-only."""
    with duckdb.connect(str(outputs / "latest" / "reviewmart.duckdb"), read_only=True) as connection:
        yield connection
