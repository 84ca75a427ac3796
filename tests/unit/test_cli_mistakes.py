"""Commands that are given something missing, empty or of the wrong kind say what is wrong and what to do."""

from pathlib import Path

import pytest

from tests.command_line import reviewmart


def message(*arguments: str | Path) -> str:
    """The error message of a command that fails."""
    done = reviewmart(*arguments)
    assert done.exit_code == 1, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "Errno" not in done.stderr
    return " ".join(done.stderr.removeprefix("error: ").split())


def test_version_is_that_of_the_package() -> None:
    done = reviewmart("--version")
    assert (done.exit_code, done.stdout) == (0, "reviewmart 0.1.0\n")


@pytest.mark.parametrize(
    "command",
    [
        ["check", "nosuch"],
        ["report", "nosuch"],
        ["vocab", "coverage", "nosuch"],
        ["export", "--format", "ris", "--release", "nosuch"],
        ["worklist", "citations", "--n", "3", "--release", "nosuch"],
        ["diff", "nosuch", "nosuch"],
    ],
)
def test_unknown_release_is_named_with_the_way_to_list_releases(command: list[str]) -> None:
    assert message(*command) == "nosuch: no such release; `reviewmart releases --out outputs` lists them"


def test_file_is_no_release(tmp_path: Path) -> None:
    file = tmp_path / "release.duckdb"
    file.write_bytes(b"")
    assert message("check", file).startswith(f"{file}: no such release")


def test_raw_and_corpus_exclude_each_other(tmp_path: Path) -> None:
    words = message("build", "--raw", tmp_path, "--corpus", tmp_path)
    assert words.startswith("--raw and --corpus: name one of them")


def test_corpus_goes_with_a_raw_folder_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWMART_RAW", str(tmp_path / "raw"))
    assert message("build", "--corpus", tmp_path).startswith(f"{tmp_path}: contains no review")


def test_vocabularies_must_be_a_folder(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    assert message("vocab", "check", "--vocabularies", missing) == (
        f"{missing}: no such folder; name a folder of vocabularies with --vocabularies"
    )


def test_missing_vocabulary_file_is_named(tmp_path: Path) -> None:
    words = message("vocab", "check", "--vocabularies", tmp_path)
    assert words.startswith(f"{tmp_path / 'modality.csv'}: missing; copy it from the vocabularies")


def test_verdicts_that_are_missing_are_named(tmp_path: Path) -> None:
    missing = tmp_path / "verdicts.csv"
    assert message("worklist", "score", missing) == (
        f"{missing}: cannot be read as CSV in UTF-8 (No such file or directory)"
    )
