"""Builds of many reviews: from plain files, again after a change, with duplicates, and after a killed build."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from tests import mini_review
from tests.mini_review import add_source

ROOT = Path(__file__).parents[2]
JATS = (ROOT / "tests" / "unit" / "jats" / "review.xml").read_text(encoding="utf-8")


def build(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["build", *arguments], env={"COLUMNS": "400"})


def text(number: int) -> bytes:
    words = mini_review.text().replace("10.9999/heel.2021.1", f"10.9999/heel.{number}")
    return words.replace("Heel spurs hurt", f"Heel spurs hurt {number} runners").encode()


def parquet(out: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(out / "latest" / "parquet" / f"{table}.parquet")


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / "latest" / "parquet").iterdir()}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(3):
        (folder / f"Heel {number}.txt").write_bytes(text(number))
    (folder / "marked.xml").write_text(JATS, encoding="utf-8")
    (folder / "zz-again.xml").write_text(JATS, encoding="utf-8")
    (folder / "torn.xml").write_text(JATS[: len(JATS) // 2], encoding="utf-8")
    return folder


def test_builds_a_release_from_a_folder_of_plain_files(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "outputs"
    result = build("--corpus", str(corpus), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert parquet(out, "reviews")["review_id"].to_list() == ["heel-0", "heel-1", "heel-2", "marked"]
    left_out = dict(parquet(out, "quarantined_sources").select("review_id", "reason").iter_rows())
    assert left_out.keys() == {"torn", "zz-again"}
    assert "torn.xml" in left_out["torn"]
    assert "its bytes are those of review marked, which is kept" in left_out["zz-again"]
    assert "left out: torn: " in result.output
    checks = parquet(out, "quality_checks").filter(pl.col("check_id") == "table_not_recognised")
    kinds = parquet(out, "source_tables")["kind"]
    assert checks.select("n_checked", "n_findings").row(0) == (kinds.len(), (kinds == "other").sum())
    assert {"evidence", "other"} <= set(kinds)
    for table in ("sentences", "bib_references", "citation_mentions", "studies"):
        assert {"heel-0", "heel-1", "heel-2"} <= set(parquet(out, table)["review_id"]), table


def test_an_incremental_build_equals_a_full_build(corpus: Path, tmp_path: Path) -> None:
    out, fresh = tmp_path / "outputs", tmp_path / "fresh"
    assert build("--corpus", str(corpus), "--out", str(out)).exit_code == 0
    (corpus / "Heel 1.txt").write_bytes(text(1).replace(b"painful", b"quite painful"))
    (corpus / "zz-again.xml").unlink()
    assert build("--corpus", str(corpus), "--out", str(out)).exit_code == 0
    assert build("--corpus", str(corpus), "--out", str(fresh)).exit_code == 0
    assert files(out) == files(fresh)
    assert "Nothing has changed" in build("--corpus", str(corpus), "--out", str(out)).output


def test_leaves_out_duplicate_sources(tmp_path: Path) -> None:
    add_source(tmp_path / "raw", "one", text(1))
    add_source(tmp_path / "raw", "two", text(2))
    add_source(tmp_path / "raw", "two-again", text(2))
    result = build("--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "outputs"))
    assert result.exit_code == 0, result.output
    assert parquet(tmp_path / "outputs", "reviews")["review_id"].to_list() == ["one", "two"]
    assert "left out: two-again" in result.output


def test_a_build_killed_while_reading_leaves_a_valid_cache(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "outputs"
    command = [sys.executable, "-m", "pipelines.cli", "build", "--corpus", str(corpus), "--out", str(out)]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list((out / ".cache").glob("*/.new-*")) and not list((out / ".cache").glob("*/*")):
        assert time.monotonic() < deadline, "the build did not start to read"
        assert started.poll() is None
        time.sleep(0.005)
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    assert not (out / "latest").exists()
    result = build("--corpus", str(corpus), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert parquet(out, "reviews").height == 4
    assert not list((out / ".cache").glob("*/.new-*"))


def test_publishes_nothing_if_no_source_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "empty.txt").write_bytes(b"")
    for _ in range(2):
        result = build("--corpus", str(tmp_path / "corpus"), "--out", str(tmp_path / "outputs"))
        assert result.exit_code == 1
        assert "no source could be read" in result.output
        assert not (tmp_path / "outputs" / "latest").exists()
