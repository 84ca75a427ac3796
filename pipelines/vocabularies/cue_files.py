"""Reads `schemas/vocabularies/cues/`: the phrases and words by which designs, outcomes and topics are coded.

Defines the files and validates their rows. The rules made from them are in `pipelines.curate.coding_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.vocabularies.coding_words import CodingWords, load_coding_words
from pipelines.vocabularies.csv_files import read_rows
from pipelines.vocabularies.cue_phrases import compile_phrase
from pipelines.vocabularies.quantity_words import QuantityWords, load_quantity_words
from pipelines.vocabularies.schemes import Row, Vocabularies, VocabularyError

_COLUMNS = {
    "design.csv": ("design_id", "cue", "basis", "confidence", "note"),
    "design_rank.csv": ("design_id", "group", "rank", "axis", "note"),
    "outcome.csv": ("cue", "outcome_id", "kind", "more_is", "direction", "needs_context", "note"),
    "direction.csv": ("cue", "sense", "compares", "note"),
    "amount.csv": ("cue", "sense", "note"),
    "arm.csv": ("cue", "arm", "after_noun", "note"),
    "hedge.csv": ("cue", "scope", "note"),
    "context.csv": ("cue", "note"),
}
_GENERAL_COLUMNS = {
    "intervention_kind.csv": ("cue", "kind_id", "strength", "note"),
    "outcome_domain.csv": ("cue", "domain_id", "strength", "note"),
    "name_endings.csv": ("ending", "kind_id", "note"),
}
_ALLOWED_VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "design.csv": {"basis": ("stated", "inferred")},
    "outcome.csv": {
        "kind": ("term", "statement", "block"),
        "more_is": ("", "better", "worse"),
        "needs_context": ("", "yes"),
    },
    "direction.csv": {
        "sense": ("good", "bad", "up", "down", "high", "low", "same", "differ", "has"),
        "compares": ("", "yes"),
    },
    "amount.csv": {
        "sense": (
            "up",
            "down",
            "better",
            "worse",
            "favors",
            "same",
            "differ",
            "effect",
            "significant",
            "not_significant",
            "none",
        )
    },
    "arm.csv": {"after_noun": ("", "no"), "arm": ("intervention", "comparator", "both", "between", "baseline", "none")},
    "hedge.csv": {"scope": ("after", "clause")},
    "intervention_kind.csv": {"strength": ("strong", "weak")},
    "outcome_domain.csv": {"strength": ("strong", "weak")},
}
_CONCEPT_SCHEMES: dict[str, dict[str, str]] = {
    "design.csv": {"design_id": "evidence"},
    "design_rank.csv": {"design_id": "evidence"},
    "outcome.csv": {"outcome_id": "outcome", "direction": "direction"},
    "intervention_kind.csv": {"kind_id": "intervention_kind"},
    "outcome_domain.csv": {"domain_id": "outcome_domain"},
    "name_endings.csv": {"kind_id": "intervention_kind"},
}


@dataclass(frozen=True, slots=True)
class CueFiles:
    """The contents of the cue files.

    `rows` has the rows of each file of phrases by file name, a row as cells by column; `words` the lists of single
    words, `quantities` the words that name quantities.
    """

    rows: Mapping[str, Sequence[Mapping[str, str]]]
    words: CodingWords
    quantities: QuantityWords


def load_cues(folder: Path, vocabularies: Vocabularies) -> CueFiles:
    """The cue files of `folder` (`schemas/vocabularies/cues`).

    Raises VocabularyError, which names the file, the line and the fix, for a cue with invalid syntax, a duplicate
    cue, an unknown concept, and a value that a column does not allow, and as `load_coding_words` and
    `load_quantity_words` do. Raises
    FileNotFoundError for a missing file.
    """
    return CueFiles(
        _load_rows(folder, _COLUMNS, vocabularies), load_coding_words(folder, vocabularies), load_quantity_words(folder)
    )


def load_general_cues(folder: Path, vocabularies: Vocabularies) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The rows of the cue files of the general schemes, by file name, as cells by column. Raises as `load_cues`."""
    return _load_rows(folder, _GENERAL_COLUMNS, vocabularies)


def _load_rows(
    folder: Path, columns_by_file: Mapping[str, Sequence[str]], vocabularies: Vocabularies
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    rows = {name: read_rows(folder / name, columns) for name, columns in columns_by_file.items()}
    for name, file_rows in rows.items():
        _check_rows(name, file_rows, vocabularies)
    return {name: [row.cells for row in file_rows] for name, file_rows in rows.items()}


def _check_rows(name: str, rows: Sequence[Row], vocabularies: Vocabularies) -> None:
    file = f"cues/{name}"
    lines: dict[str, int] = {}
    for row in rows:
        for column, scheme in _CONCEPT_SCHEMES.get(name, {}).items():
            concept_id = row.cells[column]
            if concept_id and concept_id not in vocabularies.schemes[scheme].concepts:
                raise VocabularyError(
                    file,
                    row.line,
                    f"'{concept_id}' is not a concept of {scheme}",
                    f"add it to {scheme}.csv or correct it",
                )
        for column, allowed in _ALLOWED_VALUES.get(name, {}).items():
            if row.cells[column] not in allowed:
                choices = ", ".join(value or "nothing" for value in allowed)
                raise VocabularyError(
                    file, row.line, f"{column} '{row.cells[column]}' is unknown", f"write one of {choices}"
                )
        if name == "design_rank.csv":
            if not row.cells["rank"].isdigit():
                raise VocabularyError(file, row.line, f"rank '{row.cells['rank']}' is not a number", "write 1, 2, 3 …")
            continue
        if name == "name_endings.csv":
            if not row.cells["ending"].isalpha():
                raise VocabularyError(file, row.line, f"ending '{row.cells['ending']}' is not letters", "correct it")
            continue
        if name == "design.csv":
            _check_confidence(file, row)
        cue = row.cells["cue"]
        if not cue and name == "outcome.csv":
            continue
        try:
            compile_phrase(cue)
        except ValueError as error:
            fix = "see the docstring of pipelines/vocabularies/cue_phrases.py"
            raise VocabularyError(file, row.line, str(error), fix) from error
        if cue in lines:
            raise VocabularyError(file, row.line, f"cue '{cue}' is already on line {lines[cue]}", "delete one of them")
        lines[cue] = row.line


def _check_confidence(file: str, row: Row) -> None:
    confidence = row.cells["confidence"]
    if not row.cells["design_id"] and not confidence:
        return
    try:
        number = float(confidence)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise VocabularyError(
            file, row.line, f"confidence '{confidence}' is not a number from 0 to 1", "write a number such as 0.9"
        )
