"""Releases of a review of one sentence: what a folder has to contain, what damages it, which releases are removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.release import ReleaseError
from pipelines.release.folders import latest_release
from pipelines.release.history import list_releases, prune_releases
from pipelines.release.manifest import MANIFEST, check_hashes, is_unmodified, write_manifest
from pipelines.release.promote import TEMPORARY_PREFIX, temporary_folder
from pipelines.release.publish import publish_release
from pipelines.release.verify import check_database, check_release
from pipelines.tables.validation import InvalidTableError
from tests.mini_tables import Record, frames

REVIEW = {"title": "Heels", "source_format": "text", "source_path": "heel.txt", "source_sha256": "0" * 64}
SECTION = {"section_id": 1, "position": 1, "level": 1, "heading": "Heels", "kind": "prose"}
SENTENCE = {
    "sentence_id": 1,
    "section_id": 1,
    "paragraph_no": 1,
    "position": 1,
    "kind": "prose",
    "text": "Heels hurt.",
    "is_cited": False,
    "start_char": 6,
    "end_char": 17,
}


def make_frames(release_id: str, *, verbatim: bool = True, **changes: tuple[Record, ...]) -> dict[str, pl.LazyFrame]:
    build = {
        "release_id": release_id,
        "schema_version": "1.0.0",
        "code_version": "1",
        "code_sha256": "a" * 64,
        "vocabularies_sha256": "b" * 64,
        "inputs_sha256": "c" * 64,
        "is_verbatim": verbatim,
        "n_reviews": 1,
        "n_quarantined": 0,
    }
    review = {**REVIEW, "source_chars": 17, "start_char": 0, "end_char": 17}
    tables: Mapping[str, tuple[Record, ...]] = {
        "reviews": (review,),
        "sections": (SECTION,),
        "sentences": (SENTENCE,),
        **changes,
    }
    made = frames(**tables)
    made["builds"] = pl.DataFrame([build], schema=made["builds"].schema)
    return {name: frame.lazy() for name, frame in made.items()}


def make_id(number: int) -> str:
    return f"r{number:012x}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with release 1."""
    out = tmp_path_factory.mktemp("published")
    publish_release(make_frames(make_id(1)), out, make_id(1))
    return out


@pytest.fixture
def out(published: Path, tmp_path: Path) -> Path:
    """A copy of that folder, which a test may change."""
    return Path(shutil.copytree(published, tmp_path / "out", symlinks=True))


def failed(release: Path) -> list[tuple[str, str]]:
    return [(result.check, result.detail) for result in check_release(release) if not result.passed]


def write_manifest_again(release: Path) -> None:
    (release / MANIFEST).unlink()
    write_manifest(release)


def add_release(out: Path, number: int, *, age: int) -> Path:
    """Copy release 1 under another id, as if it had been published `age` seconds ago."""
    release = out / "releases" / make_id(number)
    if not release.exists():
        shutil.copytree(out / "releases" / make_id(1), release)
    moment = 1_600_000_000 - age
    os.utime(release / MANIFEST, (moment, moment))
    return release


def test_a_release_as_published_passes_every_check(published: Path) -> None:
    release = published / "latest"
    assert failed(release) == []
    details = {result.check: result.detail for result in check_release(release)}
    assert details["schema and keys of sentences"] == "1 rows"
    assert details["schema and keys of studies"] == "0 rows"
    # One row each in builds, reviews, sections and sentences
    assert details["reviewmart.duckdb has the rows of the Parquet files"].startswith("4 rows in ")
    n_files = sum(path.is_file() for path in release.resolve().rglob("*"))
    assert details[f"hashes of {MANIFEST}"] == f"{n_files - 1} files are unchanged since publication"


def test_hashes_name_every_file_that_is_missing_added_or_changed(out: Path) -> None:
    release = out / "latest"
    assert is_unmodified(release)
    (release / "CHANGES.md").unlink()
    (release / "notes.txt").write_text("mine")
    (release / "codebook.md").write_text("shorter")
    with pytest.raises(ReleaseError, match=r"CHANGES.md: missing; notes.txt: not in .*; codebook.md: changed; rem"):
        check_hashes(release)
    assert not is_unmodified(release)
    ((check, _),) = failed(release)
    assert check == f"hashes of {MANIFEST}"


def test_a_folder_without_a_manifest_is_no_complete_release(out: Path) -> None:
    (out / "latest" / MANIFEST).unlink()
    with pytest.raises(ReleaseError, match="missing; the release is incomplete"):
        check_hashes(out / "latest")
    assert not is_unmodified(out / "latest")


def test_a_release_has_a_parquet_file_of_every_table(out: Path) -> None:
    release = out / "latest"
    (release / "parquet" / "studies.parquet").unlink()
    write_manifest_again(release)
    ((check, detail),) = failed(release)
    assert check == f"hashes of {MANIFEST}"
    assert "the Parquet file of studies is missing" in detail


def test_the_database_has_the_rows_of_the_parquet_files(out: Path) -> None:
    release = out / "latest"
    with duckdb.connect(str(release / "reviewmart.duckdb")) as connection:
        connection.execute("UPDATE sentences SET text = 'Heels ache.'")
    with pytest.raises(ReleaseError, match="table sentences has 1 rows, its Parquet file 1, 1 differ"):
        check_database(release)
    with duckdb.connect(str(release / "reviewmart.duckdb")) as connection:
        connection.execute("DELETE FROM sentences")
    with pytest.raises(ReleaseError, match="table sentences has 0 rows, its Parquet file 1, 0 differ"):
        check_database(release)


def test_a_row_that_breaks_its_model_fails_the_check_of_its_table(out: Path) -> None:
    release = out / "latest"
    path = release / "parquet" / "sentences.parquet"
    pl.read_parquet(path).with_columns(kind=pl.lit("poetry"), section_id=pl.lit(2, pl.Int32)).write_parquet(path)
    write_manifest_again(release)
    assert [check for check, _ in failed(release)] == [
        "schema and keys of sentences",
        "foreign keys and codes between tables",
        "reviewmart.duckdb has the rows of the Parquet files",
    ]


def test_unreadable_builds_end_the_checks(out: Path) -> None:
    release = out / "latest"
    (release / "parquet" / "builds.parquet").write_bytes(b"no Parquet")
    write_manifest_again(release)
    results = check_release(release)
    assert [(result.check, result.passed) for result in results] == [
        (f"hashes of {MANIFEST}", True),
        ("schema and keys of builds", False),
    ]
    with pytest.raises(ReleaseError, match=r"builds.parquet: cannot be read .*; remove the folder of that release"):
        list_releases(out)


def test_publishing_the_same_id_keeps_the_release_and_repairs_a_damaged_one(out: Path) -> None:
    release = out / "releases" / make_id(1)
    made = (release / MANIFEST).stat().st_mtime_ns
    assert publish_release(make_frames(make_id(1)), out, make_id(1)) == release
    assert (release / MANIFEST).stat().st_mtime_ns == made
    (release / "codebook.md").write_text("shorter")
    publish_release(make_frames(make_id(1)), out, make_id(1))
    assert is_unmodified(release)


def test_a_release_without_verbatim_text_has_the_offsets_only(tmp_path: Path) -> None:
    release = publish_release(make_frames(make_id(2), verbatim=False), tmp_path / "new" / "out", make_id(2))
    assert failed(release) == []
    sentences = pl.read_parquet(release / "parquet" / "sentences.parquet")
    assert sentences.select("text", "start_char", "end_char", "kind").rows() == [(None, 6, 17, "prose")]
    assert [summary.is_verbatim for summary in list_releases(tmp_path / "new" / "out")] == [False]


def test_changes_are_those_since_the_latest_unmodified_release(out: Path) -> None:
    second = {**SENTENCE, "sentence_id": 2, "position": 2, "text": "They do."}
    changed = make_frames(make_id(2), sentences=(SENTENCE, second))
    release = publish_release(changed, out, make_id(2))
    assert make_id(1) in (release / "CHANGES.md").read_text()
    assert latest_release(out) == release
    (release / "codebook.md").write_text("shorter")
    damaged_before = publish_release(make_frames(make_id(3)), out, make_id(3))
    assert make_id(2) not in (damaged_before / "CHANGES.md").read_text()


def test_frames_that_break_a_rule_leave_latest_and_no_unfinished_folder(out: Path) -> None:
    broken = make_frames(make_id(2), sentences=({**SENTENCE, "section_id": 9},))
    with pytest.raises(InvalidTableError, match="sentences"):
        publish_release(broken, out, make_id(2))
    assert latest_release(out) == (out / "releases" / make_id(1)).resolve()
    assert [folder.name for folder in (out / "releases").iterdir()] == [make_id(1)]


def test_lists_complete_releases_newest_first(out: Path) -> None:
    add_release(out, 1, age=50)
    add_release(out, 2, age=10)
    add_release(out, 3, age=90)
    (add_release(out, 4, age=0) / MANIFEST).unlink()
    add_release(out, 5, age=0).rename(out / "releases" / f"{TEMPORARY_PREFIX}5")
    summaries = list_releases(out)
    assert [(summary.release_id, summary.is_latest) for summary in summaries] == [
        (make_id(2), False),
        (make_id(1), True),
        (make_id(3), False),
    ]
    assert [summary.published.timestamp() for summary in summaries] == [1_599_999_990, 1_599_999_950, 1_599_999_910]
    files = [path for path in (out / "releases" / make_id(1)).rglob("*") if path.is_file()]
    assert {summary.n_bytes for summary in summaries} == {sum(path.stat().st_size for path in files)}
    assert {(summary.n_reviews, summary.is_verbatim) for summary in summaries} == {(1, True)}


@pytest.mark.parametrize(
    ("keep", "removed"),
    [
        # `latest` is release 1, the third by age; it is kept and counts.
        (1, [2, 3, 4]),
        (2, [3, 4]),
        (3, [4]),
        (4, []),
        (5, []),
    ],
)
def test_prune_keeps_the_newest_and_latest(keep: int, removed: list[int], out: Path) -> None:
    for number, age in ((2, 10), (3, 20), (1, 30), (4, 40)):
        add_release(out, number, age=age)
    leftover = out / "releases" / f"{TEMPORARY_PREFIX}x"
    leftover.mkdir()
    assert prune_releases(out, keep) == [make_id(number) for number in removed]
    left = {folder.name for folder in (out / "releases").iterdir()} - {leftover.name}
    assert left == {make_id(number) for number in {1, 2, 3, 4} - set(removed)}
    assert not leftover.exists()


def test_prune_before_the_first_release_removes_nothing_and_refuses_to_remove_all(tmp_path: Path) -> None:
    assert prune_releases(tmp_path, 1) == []
    with pytest.raises(ValueError, match="--keep 0: at least one release must be kept"):
        prune_releases(tmp_path, 0)


def test_a_temporary_folder_goes_unless_it_was_renamed(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as folder:
        (folder / "file").write_text("half")
    assert not folder.exists()
    with temporary_folder(tmp_path) as folder:
        folder.rename(tmp_path / "kept")
    assert (tmp_path / "kept").is_dir()
