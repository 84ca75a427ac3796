"""The cue files as a curator may break them: each broken edit is refused with file, line and mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.study_design import designs_of_title
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.schemes import VocabularyError

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture
def cues(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VOCABULARIES / "cues", tmp_path / "cues"))


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("design.csv", "no_such_design,a phrase,stated,0.9,", "no concept of evidence"),
        ("design.csv", "case_report,a [phrase,stated,0.9,", r"'\[phrase' is no word"),
        ("design.csv", "case_report,~3 phrase,stated,0.9,", "begin and end with a word"),
        ("design.csv", "case_report,a phrase,guessed,0.9,", "write one of stated, inferred"),
        ("design.csv", "case_report,a phrase,stated,sure,", "is not from 0 to 1"),
        ("design.csv", "case_report,case series,stated,0.9,", "already"),
        ("design_rank.csv", "case_report,study,first,,", "is no number"),
        ("outcome.csv", "a phrase,no_such_outcome,term,better,,", "no concept of outcome"),
        ("outcome.csv", "a phrase,pain,verb,better,,", "write one of term, statement, block"),
        ("outcome.csv", "a phrase,pain,term,bigger,,", "more_is 'bigger' is unknown"),
        ("outcome.csv", "a phrase,pain,term,better,upwards,", "no concept of direction"),
        ("direction.csv", "a phrase,upwards,,", "sense 'upwards' is unknown"),
        ("hedge.csv", "a phrase,before,", "scope 'before' is unknown"),
        ("context.csv", "spine|,", "'' is no word"),
        ("context.csv", "vertebra*,", "already"),
        ("hedge.csv", ",after,", "begin and end with a word"),
    ],
)
def test_broken_edit(file: str, line: str, message: str, cues: Path) -> None:
    path = cues / file
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    with path.open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")
    with pytest.raises(VocabularyError, match=message) as caught:
        load_coding_rules(cues, load_vocabularies(VOCABULARIES))
    assert str(caught.value).startswith(f"cues/{file}, line {n_lines + 1}: ")


def test_a_missing_file_is_named(cues: Path) -> None:
    (cues / "hedge.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"hedge\.csv"):
        load_coding_rules(cues, load_vocabularies(VOCABULARIES))


def test_a_new_cue_needs_no_code(cues: Path) -> None:
    with (cues / "design.csv").open("a", encoding="utf-8") as opened:
        opened.write("case_report,one of a kind,stated,0.9,\n")
    rules = load_coding_rules(cues, load_vocabularies(VOCABULARIES)).designs
    assert [design.design_id for design in designs_of_title("Braces: one of a kind", rules)] == ["case_report"]
