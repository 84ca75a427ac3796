"""The commands `export`, `diff`, `releases`, `prune` and `check`, run on releases of the shipped source."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import rispy
from pybtex.database import parse_string

from pipelines.common.settings import VOCABULARIES
from tests import mini_review
from tests.command_line import reviewmart
from tests.integration.release_frames import frames_of, publish_as, release_id


@pytest.fixture
def out(outputs: Path, tmp_path: Path) -> Path:
    """An output folder with the release `old`, then `new`: a title corrected, an issue removed, a keyword added."""
    folder = tmp_path / "outputs"
    frames = frames_of(outputs / "latest")
    publish_as(frames, folder, "old")
    references, keywords = frames["bib_references"], frames["review_keywords"]
    frames["bib_references"] = references.with_columns(
        title=pl.when(pl.col("ref_no") == 3).then(pl.lit("Corrected")).otherwise("title")
    )
    frames["source_issues"] = frames["source_issues"].sort("issue_id").head(-1)
    added = keywords.tail(1).with_columns(position=pl.lit(99, dtype=pl.Int32), keyword=pl.lit("new keyword"))
    frames["review_keywords"] = pl.concat([keywords, added])
    publish_as(frames, folder, "new")
    return folder


def test_diff_counts_rows_added_removed_and_changed(out: Path) -> None:
    done = reviewmart("diff", release_id("old"), "latest", "--out", out, "--json")
    assert done.exit_code == 0
    changes = json.loads(done.stdout)
    assert (changes["old"], changes["new"], changes["breaks"]) == (release_id("old"), release_id("new"), False)
    tables = {table["table"]: table for table in changes["tables"]}
    assert {name for name, table in tables.items() if table["status"] == "changed"} == {
        "bib_references",
        "builds",
        "review_keywords",
        "reviews",
        "source_issues",
    }
    assert tables["bib_references"]["changed_columns"] == {"title": 1}
    assert tables["bib_references"]["examples_changed"] == ["spine-metastases-review/3"]
    assert tables["source_issues"]["rows_removed"] == 1
    assert (tables["review_keywords"]["rows_added"], tables["review_keywords"]["rows_changed"]) == (1, 0)
    written = json.loads((out / "latest" / "changes.json").read_text(encoding="utf-8"))
    assert written == changes


def test_diff_as_text_names_the_rows(out: Path) -> None:
    done = reviewmart("diff", out / "releases" / release_id("old"), "--out", out)
    assert done.exit_code == 0
    assert "- 1 row changed: spine-metastases-review/3\n- changed values: `title` 1" in done.stdout
    assert "- 1 row added: spine-metastases-review/99" in done.stdout
    assert "`sentences`" not in done.stdout


def test_diff_of_different_schemas_names_breaking_changes(out: Path) -> None:
    parquet = out / "releases" / release_id("old") / "parquet"
    claims = pl.read_parquet(parquet / "claims.parquet")
    claims.with_columns(pl.col("row_no").cast(pl.Int64), extra=pl.lit(1)).write_parquet(parquet / "claims.parquet")
    (parquet / "options.parquet").unlink()
    done = reviewmart("diff", release_id("old"), "--out", out)
    assert "Queries on `claims` may have to change." in done.stdout
    assert "- column `extra` removed\n- column `row_no` retyped: Int64 to Int32" in done.stdout
    assert "## options\n\n- table added" in done.stdout


def test_diff_rejects_a_folder_that_is_not_a_release(out: Path) -> None:
    folder = out / "releases" / "r000000000000"
    folder.mkdir()
    done = reviewmart("diff", folder.name, "--out", out)
    assert done.exit_code == 1
    assert f"{folder}: not a release" in done.stderr


def test_releases_are_listed_newest_first_and_prune_keeps_latest(out: Path) -> None:
    listed = reviewmart("releases", "--out", out)
    lines = [line for line in listed.stdout.splitlines() if "UTC" in line]
    assert [release_id("new") in lines[0], "latest" in lines[0], release_id("old") in lines[1]] == [True] * 3
    # `latest` reset to the older release by hand: prune must keep it although it is not the newest.
    (out / "latest").unlink()
    (out / "latest").symlink_to(Path("releases") / release_id("old"))
    pruned = reviewmart("prune", "--keep", "1", "--out", out)
    assert pruned.stdout == f"Removed {release_id('new')}\n"
    assert [folder.name for folder in (out / "releases").iterdir()] == [release_id("old")]
    assert reviewmart("check", "--out", out).exit_code == 0
    assert reviewmart("prune", "--keep", "0", "--out", out).exit_code == 2
    assert reviewmart("releases", "--out", out / "nowhere").exit_code == 1


def test_check_names_a_changed_file(out: Path) -> None:
    file = out / "releases" / release_id("old") / "codebook.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nA remark.\n", encoding="utf-8")
    done = reviewmart("check", release_id("old"), "--out", out)
    assert done.exit_code == 1
    assert "codebook.md: changed" in done.stdout
    assert reviewmart("check", "latest", "--out", out).exit_code == 0


def entries(outputs: Path, format_: str, select: str) -> str:
    done = reviewmart("export", "--format", format_, "--select", select, "--out", outputs)
    assert done.exit_code == 0, done.stderr
    return done.stdout


FIRST_THREE = "SELECT * FROM bib_references WHERE ref_no <= 3;"


def test_export_selects_by_sql_and_all_formats_agree(outputs: Path) -> None:
    csl = json.loads(entries(outputs, "csl-json", FIRST_THREE))
    bib = parse_string(entries(outputs, "bibtex", FIRST_THREE), "bibtex").entries
    ris = rispy.loads(entries(outputs, "ris", FIRST_THREE))
    assert len(csl) == len(bib) == len(ris) == 3
    # 3. Smorgick Y, Mirovsky Y, Shalmon E, et al. … Harefuah 2007; 146: 358–363.
    third = csl[2]
    assert [author["family"] for author in third["author"][:3]] == ["Smorgick", "Mirovsky", "Shalmon"]
    assert third["author"][3:] == [{"literal": "et al."}]
    assert third["issued"] == {"date-parts": [[2007]]}
    assert (third["container-title"], third["volume"], third["page"]) == ("Harefuah", "146", "358-363")
    for entry, other in zip(csl, bib.values(), strict=True):
        people = [str(person).split(",")[0] for person in other.persons["author"]]
        assert people[:3] == [author["family"] for author in entry["author"][:3]]
        assert other.fields["title"].strip("{}") == entry["title"]
    assert [(entry["year"], entry["volume"], entry["start_page"]) for entry in ris] == [
        ("2013", "100", "435"),
        ("2016", "16", "937"),
        ("2007", "146", "358"),
    ]


@pytest.mark.parametrize("select", ["SELECT 1", "SELECT nonsense FROM", "DROP TABLE bib_references"])
def test_export_rejects_a_query_without_the_required_columns(select: str, outputs: Path) -> None:
    done = reviewmart("export", "--format", "ris", "--select", select, "--out", outputs)
    assert done.exit_code == 1
    assert "The query must return review_id and ref_no" in done.stderr


def test_export_refuses_a_query_that_selects_no_reference(outputs: Path) -> None:
    done = reviewmart(
        "export", "--format", "ris", "--select", "SELECT * FROM bib_references WHERE ref_no = 72", "--out", outputs
    )
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No reference is selected by: SELECT * FROM bib_references WHERE ref_no = 72" in done.stderr


def test_export_writes_the_citation_matrix_of_studies(outputs: Path, tmp_path: Path) -> None:
    file = tmp_path / "matrix.csv"
    select = "SELECT review_id, ref_no FROM study_references"
    done = reviewmart("export", "--format", "citation-matrix", "--select", select, "--to", file, "--out", outputs)
    matrix = pl.read_csv(file)
    assert done.stdout == f"{len(matrix)} works: {file}\n"
    assert matrix.columns == ["work_id", "work", "title", "year", "spine-metastases-review"]
    assert set(matrix["spine-metastases-review"]) == {1}
    # Danzig 1980 ²⁴, a row of the first table, is 24. Danzig LA, … Spine (Phila Pa 1976) 1980; 5: 395–398.
    assert "Danzig 1980" in set(matrix["work"])


def test_the_example_of_export_selects_references(outputs: Path) -> None:
    shown = " ".join(reviewmart("export", "--help").stdout.split())
    select = shown.partition('--select "')[2].partition('"')[0]
    assert len(json.loads(entries(outputs, "csl-json", select))) > 0


def test_export_writes_a_file_or_says_why_it_cannot(outputs: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.bib"
    done = reviewmart("export", "--format", "bibtex", "--to", file, "--out", outputs)
    assert done.stdout == f"71 references: {file}\n"
    assert len(parse_string(file.read_text(encoding="utf-8"), "bibtex").entries) == 71
    refused = reviewmart("export", "--format", "bibtex", "--to", tmp_path / "none" / "all.bib", "--out", outputs)
    assert refused.exit_code == 1
    assert "name another file with --to" in refused.stderr


@pytest.fixture(scope="module")
def without_verbatim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The release of `reviewmart build --no-verbatim`, built from the shipped source."""
    folder = tmp_path_factory.mktemp("no-verbatim")
    done = reviewmart("build", "--no-verbatim", "--out", folder)
    assert done.exit_code == 0, done.stderr
    yield folder
    shutil.rmtree(folder)


def test_a_release_without_verbatim_text_has_everything_else(without_verbatim: Path, outputs: Path) -> None:
    bare, full = (frames_of(folder / "latest") for folder in (without_verbatim, outputs))
    assert bare["sentences"]["text"].null_count() == full["sentences"].height
    assert bare["table_cells"]["text_raw"].null_count() == full["table_cells"].height
    columns = ["review_id", "claim_id", "outcome_id", "direction", "polarity", "start_char", "end_char", "rule_id"]
    assert bare["claims"].select(columns).equals(full["claims"].select(columns))
    checks = [frames["quality_checks"].select("check_id", "severity", "n_checked", "passed") for frames in (bare, full)]
    assert checks[0].equals(checks[1])
    assert (without_verbatim / "latest").resolve().name != (outputs / "latest").resolve().name
    assert reviewmart("check", "--out", without_verbatim).exit_code == 0


def test_a_release_without_verbatim_text_contains_no_sentence_of_the_source(
    without_verbatim: Path, outputs: Path
) -> None:
    sentences = [text for text in frames_of(outputs / "latest")["sentences"]["text"] if len(text) > 60]
    for file in (without_verbatim / "latest").resolve().rglob("*"):
        if file.suffix in (".csv", ".md", ".html", ".json", ".cff", ".tsv", ".ttl"):
            text = file.read_text(encoding="utf-8")
            assert [sentence for sentence in sentences if sentence in text] == [], file.name


def test_releases_names_a_damaged_release(out: Path) -> None:
    (out / "releases" / release_id("old") / "parquet" / "builds.parquet").write_bytes(b"torn")
    done = reviewmart("releases", "--out", out)
    assert done.exit_code == 1
    assert f"{release_id('old')}/parquet/builds.parquet: cannot be read" in done.stderr


def test_commands_take_folders_from_the_environment(out: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REVIEWMART_OUT", str(out))
    assert release_id("old") in reviewmart("releases").stdout
    coverage = reviewmart("vocab", "coverage", release_id("old"))
    assert coverage.exit_code == 0
    assert "modality" in coverage.stdout
    # A build uses these vocabularies, so a release built from other vocabularies does not count as up to date.
    shutil.copytree(VOCABULARIES, tmp_path / "vocabularies")
    (tmp_path / "vocabularies" / "imaging.csv").write_text("no such header\n", encoding="utf-8")
    monkeypatch.setenv("REVIEWMART_VOCABULARIES", str(tmp_path / "vocabularies"))
    assert reviewmart("vocab", "check").exit_code == 1
    assert reviewmart("build", "--out", tmp_path / "built").exit_code == 1


def test_add_works_in_a_folder_that_contains_only_a_readme(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "README.md").write_text("Sources go here.", encoding="utf-8")
    (tmp_path / "heel.txt").write_text(mini_review.text(), encoding="utf-8")
    done = reviewmart("add", tmp_path / "heel.txt", "--id", "heel", "--raw", raw)
    assert done.exit_code == 0, done.stderr
    assert (raw / "heel" / "source.toml").is_file()


def test_build_and_add_name_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    (tmp_path / "heel.txt").write_text(mini_review.text(), encoding="utf-8")
    built = reviewmart("build", "--out", tmp_path / "file")
    added = reviewmart("add", tmp_path / "heel.txt", "--raw", tmp_path / "file")
    for done in (built, added):
        assert done.exit_code == 1
        assert f"{tmp_path / 'file'}: is a file, or inside one; name a folder with --" in done.stderr.replace("\n", "")


def test_without_verbatim_text_the_codebook_marks_columns_as_nullable(without_verbatim: Path, outputs: Path) -> None:
    sentence = (pl.col("table_name") == "sentences") & (pl.col("column_name") == "text")
    is_nullable = [
        frames_of(folder / "latest")["codebook"].filter(sentence)["is_nullable"].item()
        for folder in (outputs, without_verbatim)
    ]
    assert is_nullable == [False, True]
