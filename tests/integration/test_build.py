"""`reviewmart build`: the release it publishes, the inputs it rejects, and that a failed build changes nothing."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.orchestration.assets import extracted_assets as extracted
from pipelines.sources.source_folder import ListedSource, list_sources
from pipelines.vocabularies.journal_index import JournalIndex
from tests import mini_review
from tests.mini_review import add_source

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "400"})


def build(raw: Path, out: Path) -> Result:
    return run("build", "--raw", str(raw), "--out", str(out))


@pytest.fixture(scope="module")
def outputs_with_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outputs folder with a release of the invented review."""
    folder = tmp_path_factory.mktemp("released")
    add_source(folder / "raw", "heel", mini_review.text().encode())
    result = build(folder / "raw", folder / "outputs")
    assert result.exit_code == 0, result.output
    return folder / "outputs"


def read_state(out: Path) -> dict[str, bytes]:
    """Read all files of an outputs folder except the cache, and the target of `latest`."""
    paths = [path for path in out.rglob("*") if path.is_file() and ".cache" not in path.parts]
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
    return files | {"latest ->": str((out / "latest").readlink()).encode()}


def test_identical_inputs_give_the_same_release_id_and_bytes(outputs: Path, tmp_path: Path) -> None:
    result = build(ROOT / "raw", tmp_path / "again")
    assert result.exit_code == 0, result.output
    first, second = (outputs / "latest").resolve(), (tmp_path / "again" / "latest").resolve()
    assert first.name == second.name
    names = sorted(path.name for path in (first / "parquet").iterdir())
    assert names == sorted(path.name for path in (second / "parquet").iterdir())
    for name in names:
        assert (first / "parquet" / name).read_bytes() == (second / "parquet" / name).read_bytes(), name


def test_a_build_of_unchanged_inputs_changes_nothing(outputs_with_release: Path) -> None:
    before = read_state(outputs_with_release)
    result = build(outputs_with_release.parent / "raw", outputs_with_release)
    assert result.exit_code == 0
    assert "Nothing has changed" in result.output
    assert read_state(outputs_with_release) == before


def test_check_accepts_an_intact_release_and_names_a_changed_file(outputs_with_release: Path, tmp_path: Path) -> None:
    intact = run("check", str(outputs_with_release / "latest"))
    assert intact.exit_code == 0, intact.output
    assert "FAIL" not in intact.output

    copy = tmp_path / "release"
    for path in (outputs_with_release / "latest").resolve().rglob("*"):
        if path.is_file():
            target = copy / path.relative_to((outputs_with_release / "latest").resolve())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    parquet = copy / "parquet" / "studies.parquet"
    pl.read_parquet(parquet).with_columns(year=pl.lit(1900, pl.Int32)).write_parquet(parquet)
    changed = run("check", str(copy))
    assert changed.exit_code == 1
    assert "parquet/studies.parquet: changed" in changed.output


GAP = mini_review.REFERENCES.replace("3. Fern", "5. Fern").replace("4. Ivy C. Which", "6. Ivy C. Which")
TWICE = mini_review.REFERENCES.replace("3. Fern", "2. Fern")
A_CELL_TOO_MANY = mini_review.TABLE.replace("Surgery could relieve pain.", "Surgery could relieve pain.\tand more")

BROKEN = {
    "an empty file": (b"", ["empty"]),
    "bytes that are not UTF-8": (b"\xff\xfe\x00Review", ["UTF-8"]),
    "no reference list": (mini_review.text(references="").encode(), ["reference"]),
    "a gap in the numbering": (mini_review.text(references=GAP).encode(), ["2", "5"]),
    "one number twice": (mini_review.text(references=TWICE).encode(), ["2"]),
    "a cell too many": (mini_review.text(table=A_CELL_TOO_MANY).encode(), ["Table 1", "4"]),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_names_an_unreadable_source_and_publishes_nothing(
    kind: str, outputs_with_release: Path, tmp_path: Path
) -> None:
    data, words = BROKEN[kind]
    add_source(tmp_path / "raw", "heel", data)
    before = read_state(outputs_with_release)
    result = build(tmp_path / "raw", outputs_with_release)
    assert result.exit_code == 1
    assert "heel/source.txt" in result.output
    for word in words:
        assert word in result.output
    assert "Nothing was published; the latest release is still r" in result.output
    assert read_state(outputs_with_release) == before


def test_detects_a_changed_byte_and_prints_both_hashes(tmp_path: Path) -> None:
    data = mini_review.text().encode()
    folder = add_source(tmp_path / "raw", "heel", data)
    expected_hash = (folder / "source.toml").read_text().split('"')[5]
    (folder / "source.txt").write_bytes(data.replace(b"painful", b"Painful"))
    result = build(tmp_path / "raw", tmp_path / "outputs")
    assert result.exit_code == 1
    assert str(tmp_path / "raw") in result.output
    assert "heel/source.txt: the file is not the one" in result.output
    assert expected_hash in result.output
    assert "sha256 of the file" in result.output
    assert not (tmp_path / "outputs" / "latest").exists()


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (None, "source.toml: missing"),
        ("file = ", "not valid TOML"),
        ('file = "source.txt"\nformat = "text"\n', "sha256: Field required"),
        ('file = "../source.txt"\nformat = "text"\nsha256 = "' + "0" * 64 + '"\n', "file: "),
        ('file = "source.txt"\nformat = "docx"\nsha256 = "' + "0" * 64 + '"\n', "format: "),
        ('file = "gone.txt"\nformat = "text"\nsha256 = "' + "0" * 64 + '"\n', "gone.txt: cannot be read"),
    ],
)
def test_names_a_missing_or_invalid_source_toml(toml: str | None, words: str, tmp_path: Path) -> None:
    folder = add_source(tmp_path / "raw", "heel", mini_review.text().encode(), toml=toml or "")
    if toml is None:
        (folder / "source.toml").unlink()
    result = build(tmp_path / "raw", tmp_path / "outputs")
    assert result.exit_code == 1
    assert f"{tmp_path / 'raw'}: no source could be read" in result.output
    assert "\nheel/" in result.output
    assert words in result.output


def test_rejects_a_raw_folder_without_a_review(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "README.md").write_text("no review")
    result = build(tmp_path / "raw", tmp_path / "outputs")
    assert result.exit_code == 1
    assert "contains no review" in result.output
    assert not (tmp_path / "outputs").exists()


def test_one_broken_source_does_not_stop_the_others(tmp_path: Path) -> None:
    add_source(tmp_path / "raw", "heel", mini_review.text().encode())
    add_source(tmp_path / "raw", "broken", b"")
    result = build(tmp_path / "raw", tmp_path / "outputs")
    assert result.exit_code == 0, result.output
    assert "left out: broken" in result.output
    parquet = tmp_path / "outputs" / "latest" / "parquet"
    assert pl.read_parquet(parquet / "reviews.parquet")["review_id"].to_list() == ["heel"]
    quarantined = pl.read_parquet(parquet / "quarantined_sources.parquet")
    assert quarantined["review_id"].to_list() == ["broken"]
    assert "empty" in quarantined["reason"].item()


def test_a_table_that_breaks_its_model_stops_the_build_and_lists_the_rows(
    outputs_with_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The years that break the model are inserted after parsing, because the parser would not produce them."""

    def with_bad_years(name: str, rows: pl.DataFrame, journals: JournalIndex) -> pl.DataFrame:
        frame = with_journal_ids(name, rows, journals)
        if name != "bib_references":
            return frame
        return frame.with_columns(
            pl.when(pl.col("ref_no") >= 3).then(pl.lit(3000, pl.Int32)).otherwise("year").alias("year")
        )

    with_journal_ids = extracted.with_journal_ids
    monkeypatch.setattr(extracted, "with_journal_ids", with_bad_years)
    text = mini_review.text() + "\n"  # differs from the source of the published release
    add_source(tmp_path / "raw", "heel", text.encode())
    before = read_state(outputs_with_release)
    result = build(tmp_path / "raw", outputs_with_release)
    assert result.exit_code == 1
    assert "table bib_references: 2 failure(s)" in result.output
    for ref_no, entry in ((3, "Fern B. Radiotherapy"), (4, "Ivy C. Which")):
        assert f"ref_no={ref_no} source[{text.index(entry)}:" in result.output
    assert read_state(outputs_with_release) == before


def test_a_citation_beyond_the_reference_list_is_reported_but_does_not_stop_the_release(tmp_path: Path) -> None:
    text = mini_review.text(body=mini_review.BODY.replace("^{2,3}", "^{2–5}"))
    add_source(tmp_path / "raw", "heel", text.encode())
    result = build(tmp_path / "raw", tmp_path / "outputs")
    assert result.exit_code == 0, result.output
    parquet = tmp_path / "outputs" / "latest" / "parquet"
    checks = {row["check_id"]: row for row in pl.read_parquet(parquet / "quality_checks.parquet").to_dicts()}
    assert checks["mentions_counted_of_citation_mentions"]["passed"]
    citations_resolve = checks["citations_resolve_of_citation_markers"]
    assert (citations_resolve["n_findings"], citations_resolve["passed"]) == (1, False)
    assert citations_resolve["message"] == "heel: '^{2–5}' cites reference 5, which is not in the reference list"
    markers = pl.read_parquet(parquet / "citation_markers.parquet")
    assert markers.filter(pl.col("marker_text") == "^{2–5}")["n_refs"].to_list() == [4]


def test_a_damaged_last_release_does_not_stop_the_next_one(tmp_path: Path) -> None:
    add_source(tmp_path / "raw", "heel", mini_review.text().encode())
    assert build(tmp_path / "raw", tmp_path / "outputs").exit_code == 0
    damaged = (tmp_path / "outputs" / "latest").resolve()
    (damaged / "parquet" / "reviews.parquet").write_bytes(b"PAR1")
    add_source(tmp_path / "raw", "heel", (mini_review.text() + "\n").encode())
    result = build(tmp_path / "raw", tmp_path / "outputs")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "outputs" / "latest").resolve() != damaged


def test_a_source_added_changed_or_removed_during_the_build_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    for review_id in ("ankle", "heel", "knee"):
        add_source(raw, review_id, f"{mini_review.text()}\n{review_id}".encode())

    def list_after_changes_in_raw(folder: Path) -> list[ListedSource]:
        add_source(raw, "heel", mini_review.text().encode())
        add_source(raw, "toe", (mini_review.text() + "\n").encode())
        shutil.rmtree(raw / "knee", ignore_errors=True)
        return list_sources(folder)

    monkeypatch.setattr(extracted, "list_sources", list_after_changes_in_raw)
    result = build(raw, tmp_path / "outputs")
    assert result.exit_code == 1
    assert "error: heel, knee, toe: changed, added or removed in raw/ while the build ran; build again" in result.output
    assert not (tmp_path / "outputs" / "latest").exists()
