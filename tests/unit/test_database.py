"""Connections to DuckDB leave the standard output alone."""

from pathlib import Path

import duckdb

from pipelines.release.database import connect_duckdb
from tests.conftest import ROOT


def test_no_progress_bar_is_written_to_the_output(tmp_path: Path) -> None:
    file = tmp_path / "a.duckdb"
    duckdb.connect(str(file)).close()
    for place in (None, file):
        with connect_duckdb(place) as connection:
            assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_every_connection_of_the_product_is_made_there() -> None:
    modules = [path for path in (ROOT / "pipelines").rglob("*.py") if "duckdb.connect(" in path.read_text("utf-8")]
    assert [path.name for path in modules] == ["database.py"]
