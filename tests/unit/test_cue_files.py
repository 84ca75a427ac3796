"""Invalid edits of the cue files: each is rejected with the file, the line and the fix."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.outcome_directions import _combine
from pipelines.curate.study_design import find_title_designs
from pipelines.readers.reading_patterns import WORD_LISTS
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.cue_files import _ALLOWED_VALUES, _COLUMNS
from pipelines.vocabularies.schemes import VocabularyError

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture
def cues(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VOCABULARIES / "cues", tmp_path / "cues"))


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("design.csv", "no_such_design,a phrase,stated,0.9,", "not a concept of evidence"),
        ("design.csv", "case_report,a [phrase,stated,0.9,", r"'\[phrase' is not a word"),
        ("design.csv", "case_report,~3 phrase,stated,0.9,", "begin and end with a word"),
        ("design.csv", "case_report,a phrase,guessed,0.9,", "write one of stated, inferred"),
        ("design.csv", "case_report,a phrase,stated,sure,", "is not a number from 0 to 1"),
        ("design.csv", "case_report,case series,stated,0.9,", "already"),
        ("design_rank.csv", "case_report,study,first,,", "is not a number"),
        ("outcome.csv", "a phrase,no_such_outcome,term,better,,", "not a concept of outcome"),
        ("outcome.csv", "a phrase,pain,verb,better,,", "write one of term, statement, block"),
        ("outcome.csv", "a phrase,pain,term,bigger,,", "more_is 'bigger' is unknown"),
        ("outcome.csv", "a phrase,pain,term,better,upwards,", "not a concept of direction"),
        (
            "outcome.csv",
            "a phrase,pain,term,better,,maybe,",
            "needs_context 'maybe' is unknown; write one of nothing, yes",
        ),
        ("direction.csv", "a phrase,upwards,,", "sense 'upwards' is unknown"),
        ("hedge.csv", "a phrase,before,", "scope 'before' is unknown"),
        ("context.csv", "spine|,", "'' is not a word"),
        ("context.csv", "vertebra*,", "already"),
        ("hedge.csv", ",after,", "begin and end with a word"),
        ("coding_words.csv", "no_such_list,word,", "word_list 'no_such_list' is unknown; write one of absence_words, "),
        ("coding_words.csv", "patients,people,", "'people' of patients is already on line .*; delete one of them"),
        ("coding_words.csv", "patients,,", "word_list or word is missing; fill in both columns"),
        ("coding_words.csv", "patients,older people,", "'older people' is not a single word; write one word per row"),
        (
            "coding_words.csv",
            "radiation_modalities,radio,",
            "'radio' is not a concept of modality; add it to modality.csv",
        ),
        ("coding_words.csv", "randomised_designs,radio,", "'radio' is not a concept of evidence"),
    ],
)
def test_rejects_an_invalid_row(file: str, line: str, message: str, cues: Path) -> None:
    path = cues / file
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    with path.open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")
    with pytest.raises(VocabularyError, match=message) as raised:
        load_coding_rules(cues, load_vocabularies(VOCABULARIES))
    assert str(raised.value).startswith(f"cues/{file}, line {n_lines + 1}: ")


def test_names_a_missing_file(cues: Path) -> None:
    (cues / "hedge.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"hedge\.csv"):
        load_coding_rules(cues, load_vocabularies(VOCABULARIES))


def test_a_new_cue_needs_no_code(cues: Path) -> None:
    with (cues / "design.csv").open("a", encoding="utf-8") as opened:
        opened.write("case_report,one of a kind,stated,0.9,\n")
    rules = load_coding_rules(cues, load_vocabularies(VOCABULARIES)).designs
    assert [design.design_id for design in find_title_designs("Braces: one of a kind", rules)] == ["case_report"]


def test_names_a_missing_word_list_file(cues: Path) -> None:
    (cues / "coding_words.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"coding_words\.csv"):
        load_coding_rules(cues, load_vocabularies(VOCABULARIES))


def test_rejects_a_missing_word_list(cues: Path) -> None:
    path = cues / "coding_words.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("patients,")), encoding="utf-8")
    message = r"^cues/coding_words\.csv: word_list patients is missing; restore at least one word of each list$"
    with pytest.raises(VocabularyError, match=message):
        load_coding_rules(cues, load_vocabularies(VOCABULARIES))


def test_vocab_check_rejects_an_unknown_word_list(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(VOCABULARIES, tmp_path / "vocabularies"))
    with (folder / "cues" / "coding_words.csv").open("a", encoding="utf-8") as opened:
        opened.write("patient,someone,\n")
    result = CliRunner().invoke(app, ["vocab", "check", "--vocabularies", str(folder)], env={"COLUMNS": "2000"})
    assert result.exit_code == 1
    assert "cues/coding_words.csv, line " in result.output
    assert "word_list 'patient' is unknown; write one of " in result.output


def test_a_new_word_needs_no_code(cues: Path) -> None:
    with (cues / "coding_words.csv").open("a", encoding="utf-8") as opened:
        opened.write("count_words,Neunzehn,\n")
    title = "Braces: results of neunzehn randomised trials"
    vocabularies = load_vocabularies(VOCABULARIES)
    before = load_coding_rules(VOCABULARIES / "cues", vocabularies).designs
    after = load_coding_rules(cues, vocabularies).designs
    assert find_title_designs(title, before)[0].design_id == "not_stated"
    assert find_title_designs(title, after)[0].design_id == "randomised_controlled_trial"


def test_words_are_compared_in_either_spelling(cues: Path) -> None:
    with (cues / "coding_words.csv").open("a", encoding="utf-8") as opened:
        opened.write("preference_words,favoured,\n")
    words = load_coding_rules(cues, load_vocabularies(VOCABULARIES)).claims.words
    assert "favored" in words.preference_words


README = (VOCABULARIES / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_column_value_and_word_list() -> None:
    names = {column for columns in _COLUMNS.values() for column in columns}
    names |= {value for allowed in _ALLOWED_VALUES.values() for values in allowed.values() for value in values}
    names |= WORD_LISTS | {field.name for field in fields(CodingWords)}
    assert sorted(name for name in names if name and f"`{name}`" not in README) == []


def test_the_readme_gives_the_direction_of_each_sense() -> None:
    table = re.findall(r"^\| `(\w+)` \| [^|]+ \| `(\w+)` \| `(\w+)` \|$", README, re.MULTILINE)
    assert [sense for sense, _, _ in table] == list(_ALLOWED_VALUES["direction.csv"]["sense"])
    assert table == [(sense, _combine(sense, "better"), _combine(sense, "worse")) for sense, _, _ in table]
