"""The command `report`, on copies of the release of the shipped source."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.common.hashing import hash_file
from pipelines.release import ReleaseError
from pipelines.release.manifest import check_hashes
from pipelines.release.report.write_report import rewrite_report
from tests.command_line import reviewmart
from tests.integration.release_frames import frames_of, publish_as, release_id
from tests.report_chunks import read_chunks


@pytest.fixture
def release(outputs: Path, tmp_path: Path) -> Path:
    """A copy of the release of the shipped source."""
    folder = tmp_path / "outputs" / "releases" / (outputs / "latest").resolve().name
    shutil.copytree(outputs / "latest", folder)
    return folder


def test_same_code_writes_the_same_report(release: Path, tmp_path: Path) -> None:
    manifest = (release / "MANIFEST.sha256").read_text(encoding="utf-8")
    done = reviewmart("report", release.name, "--out", tmp_path / "outputs")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{release / 'report.html'}: 1.")
    assert (release / "MANIFEST.sha256").read_text(encoding="utf-8") == manifest


def test_report_of_other_code_is_replaced_and_described(release: Path) -> None:
    page, extra = release / "report.html", release / "report" / "old_chart.svg"
    page.write_text("from older code", encoding="utf-8")
    extra.write_text("<svg/>", encoding="utf-8")
    rewrite_report(release)
    assert page.stat().st_size > 1_000_000
    assert not extra.exists()
    assert "report.html" in check_hashes(release)
    crate = json.loads((release / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    [entity] = [entity for entity in crate["@graph"] if entity["@id"] == "report.html"]
    assert (entity["sha256"], entity["encodingFormat"]) == (hash_file(page), "text/html")
    assert not [entity for entity in crate["@graph"] if "old_chart" in entity["@id"]]


def test_release_without_a_report_gets_one(release: Path) -> None:
    (release / "report.html").unlink()
    shutil.rmtree(release / "report")
    assert rewrite_report(release) == release / "report.html"
    assert "report/captions.md" in check_hashes(release)


def test_damaged_release_is_refused_and_unchanged(release: Path) -> None:
    (release / "CITATION.cff").write_text("changed", encoding="utf-8")
    before = hash_file(release / "report.html")
    done = reviewmart("report", release)
    assert done.exit_code == 1
    assert "CITATION.cff: changed" in done.stderr
    assert hash_file(release / "report.html") == before


def test_release_with_other_tables_is_refused(release: Path) -> None:
    studies = release / "parquet" / "studies.parquet"
    pl.read_parquet(studies).drop("method").write_parquet(studies)
    lines = (release / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.endswith("parquet/studies.parquet")]
    described = "\n".join([*kept, f"{hash_file(studies)}  parquet/studies.parquet"]) + "\n"
    (release / "MANIFEST.sha256").write_text(described, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"made with other tables than this version .* \(studies\); build it again"):
        rewrite_report(release)


def test_unknown_release_is_named(tmp_path: Path) -> None:
    done = reviewmart("report", "r000000000000", "--out", tmp_path)
    assert done.exit_code == 1
    assert "r000000000000: no such release; `reviewmart releases --out" in done.stderr


def test_report_without_verbatim_text_has_no_words_of_the_source(outputs: Path, tmp_path: Path) -> None:
    frames = frames_of(outputs / "latest")
    folder = publish_as(frames, tmp_path / "outputs", "codes-only", verbatim=False)
    chunks = read_chunks(folder / "report.html")
    assert not [name for name in chunks if name.startswith("text-")]
    assert "protect the cord" not in json.dumps(chunks)
    assert chunks["contents"]["release"]["is_verbatim"] is False
    assert {row["name"]: row["n"] for row in chunks["scope-0"]["counts"]}["studies"] == 34


def test_report_shows_the_changes_since_the_last_release(outputs: Path, tmp_path: Path) -> None:
    frames = frames_of(outputs / "latest")
    publish_as(frames, tmp_path / "outputs", "old")
    frames["review_keywords"] = frames["review_keywords"].head(-1)
    folder = publish_as(frames, tmp_path / "outputs", "new")
    changes = read_chunks(folder / "report.html")["contents"]["changes"]
    assert (changes["old"], changes["new"]) == (release_id("old"), release_id("new"))
    [table] = [table for table in changes["tables"] if table["table"] == "review_keywords"]
    assert (table["status"], table["rows_removed"]) == ("changed", 1)
