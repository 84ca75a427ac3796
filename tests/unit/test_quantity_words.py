"""Invalid edits of `cues/quantity.csv` and `cues/units.csv`, and the forms in which words are compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.curate.quantities import build_quantity_rules, find_quantities
from pipelines.vocabularies.quantity_words import fold_lexeme, load_quantity_words
from pipelines.vocabularies.schemes import VocabularyError

CUES = Path(__file__).parents[2] / "schemas" / "vocabularies" / "cues"


@pytest.fixture
def cues(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CUES, tmp_path / "cues"))


def _append(path: Path, line: str) -> int:
    """Append a line and return its number."""
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    return len(text.splitlines()) + 1


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("quantity.csv", "no_such_group,word,,", "cue_group 'no_such_group' is unknown; write one of age_after, arm"),
        (
            "quantity.csv",
            "measure,blorp,volume_of_blorp,",
            "meaning 'volume_of_blorp' is unknown; write one of p_value",
        ),
        ("quantity.csv", "number,dozen,twelve,", "meaning 'twelve' is not a number; write it in digits"),
        ("quantity.csv", "subject,llamas,,", "the meaning is missing; write the unit, such as person"),
        ("quantity.csv", "subject,patients,person,", "'patients' of subject is already on line"),
        ("quantity.csv", "sign,more| than,>,", r"'more\| than' is not a phrase; write a word, or words with \|"),
        ("units.csv", "stone,stone,heavy,", "kind 'heavy' is unknown; write one of percent, time"),
        ("units.csv", "sevennight,weeks,time,", "spelling 'weeks' is empty or listed twice"),
    ],
)
def test_rejects_an_invalid_row(file: str, line: str, message: str, cues: Path) -> None:
    number = _append(cues / file, line)
    with pytest.raises(VocabularyError, match=message) as raised:
        load_quantity_words(cues)
    assert str(raised.value).startswith(f"cues/{file}, line {number}: ")


def test_names_a_group_without_cues(cues: Path) -> None:
    lines = (cues / "quantity.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("change,")]
    (cues / "quantity.csv").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(VocabularyError, match="cue_group change is missing; restore at least one cue of each group"):
        load_quantity_words(cues)


def test_a_new_noun_and_a_new_unit_need_no_code(cues: Path) -> None:
    _append(cues / "quantity.csv", "subject,llamas,animal,")
    _append(cues / "units.csv", "spoon,spoon;spoons,dose,")
    rules = build_quantity_rules(load_quantity_words(cues))
    found = [
        (quantity.kind, quantity.value, quantity.unit) for quantity in find_quantities("12 llamas got 3 spoons.", rules)
    ]
    assert found == [("sample_size", 12, "animal"), ("dose", 3, "spoon")]


def test_only_abbreviations_in_capitals_keep_their_case() -> None:
    assert [fold_lexeme(word) for word in ("OR", "or", "Patients", "P", "Cohen’s")] == [
        "OR",
        "or",
        "patients",
        "p",
        "cohen's",
    ]
