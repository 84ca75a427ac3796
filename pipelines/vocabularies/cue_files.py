"""Reading `schemas/vocabularies/cues/`: the phrases by which designs, outcomes, directions and topics are coded.

Holds the files and what a well-formed row of them is. The rules that are made of the rows are in
`pipelines.curate.coding_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.vocabularies.csv_files import read_rows
from pipelines.vocabularies.cue_phrases import compile_phrase
from pipelines.vocabularies.schemes import Row, Vocabularies, VocabularyError

_COLUMNS = {
    "design.csv": ("design_id", "cue", "basis", "confidence", "note"),
    "design_rank.csv": ("design_id", "group", "rank", "axis", "note"),
    "outcome.csv": ("cue", "outcome_id", "kind", "more_is", "direction", "note"),
    "direction.csv": ("cue", "sense", "compares", "note"),
    "hedge.csv": ("cue", "scope", "note"),
    "context.csv": ("cue", "note"),
}
_ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    "design.csv": {"basis": ("stated", "inferred")},
    "outcome.csv": {"kind": ("term", "statement", "block"), "more_is": ("", "better", "worse")},
    "direction.csv": {
        "sense": ("good", "bad", "up", "down", "high", "low", "same", "differ", "has"),
        "compares": ("", "yes"),
    },
    "hedge.csv": {"scope": ("after", "clause")},
}
_CONCEPTS: dict[str, dict[str, str]] = {
    "design.csv": {"design_id": "evidence"},
    "design_rank.csv": {"design_id": "evidence"},
    "outcome.csv": {"outcome_id": "outcome", "direction": "direction"},
}


def load_cues(folder: Path, vocabularies: Vocabularies) -> dict[str, list[Mapping[str, str]]]:
    """The rows of each cue file of `folder` (`schemas/vocabularies/cues`), by file name, as column to cell.

    Raises VocabularyError, which names the file, the line and the fix, for a cue that cannot be read, occurs twice or
    names an unknown concept, and for a value that a column does not allow; FileNotFoundError for a missing file.
    """
    rows = {name: read_rows(folder / name, columns) for name, columns in _COLUMNS.items()}
    for name, file_rows in rows.items():
        _check(name, file_rows, vocabularies)
    return {name: [row.cells for row in found] for name, found in rows.items()}


def _check(name: str, rows: Sequence[Row], vocabularies: Vocabularies) -> None:
    file = f"cues/{name}"
    lines: dict[str, int] = {}
    for row in rows:
        for column, scheme in _CONCEPTS.get(name, {}).items():
            concept_id = row.cells[column]
            if concept_id and concept_id not in vocabularies.schemes[scheme].concepts:
                raise VocabularyError(
                    file, row.line, f"'{concept_id}' is no concept of {scheme}", f"add it to {scheme}.csv or correct it"
                )
        for column, allowed in _ALLOWED.get(name, {}).items():
            if row.cells[column] not in allowed:
                known = ", ".join(value or "nothing" for value in allowed)
                raise VocabularyError(
                    file, row.line, f"{column} '{row.cells[column]}' is unknown", f"write one of {known}"
                )
        if name == "design_rank.csv":
            if not row.cells["rank"].isdigit():
                raise VocabularyError(file, row.line, f"rank '{row.cells['rank']}' is no number", "write 1, 2, 3 …")
            continue
        if name == "design.csv":
            _check_confidence(file, row)
        cue = row.cells["cue"]
        if not cue and name == "outcome.csv":
            continue
        try:
            compile_phrase(cue)
        except ValueError as error:
            raise VocabularyError(file, row.line, str(error), "see the head of pipelines/normalise/cues.py") from error
        if cue in lines:
            raise VocabularyError(file, row.line, f"cue '{cue}' stands on line {lines[cue]} already", "delete one")
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
        raise VocabularyError(file, row.line, f"confidence '{confidence}' is not from 0 to 1", "write, say, 0.9")
