"""Reading `schemas/vocabularies/cues/`: the words by which designs, outcomes, directions and topics are coded.

Belongs here: the files, what a well-formed row of them is, and the rules made of them and the vocabularies. What the
rules do is in `pipelines.normalise`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.normalise.cues import compile_phrase
from pipelines.normalise.matcher import Matcher
from pipelines.normalise.statements import ClaimRules, claim_rules
from pipelines.normalise.study_design import DesignRules, design_rules
from pipelines.normalise.study_modalities import ModalityRules
from pipelines.normalise.topics import TopicRules, topic_rules
from pipelines.normalise.vocabulary import Row, Vocabularies, VocabularyError
from pipelines.vocabulary_files import read_rows
from schemas.tables.base import NOT_STATED

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


@dataclass(frozen=True, slots=True)
class CodingRules:
    """All that coding evidence needs beyond the text itself."""

    designs: DesignRules
    modalities: ModalityRules
    topics: TopicRules

    @property
    def claims(self) -> ClaimRules:
        return self.modalities.claims


def load_coding_rules(folder: Path, vocabularies: Vocabularies) -> CodingRules:
    """The rules from the cue files of `folder` (`schemas/vocabularies/cues`) and the vocabularies.

    Raises VocabularyError, which names the file, the line and the mend, for a cue that cannot be read, stands twice or
    names an unknown concept, and for a value that a column does not allow; FileNotFoundError for a missing file.
    """
    rows = {name: read_rows(folder / name, columns) for name, columns in _COLUMNS.items()}
    for name, file_rows in rows.items():
        _check(name, file_rows, vocabularies)
    cells: dict[str, list[Mapping[str, str]]] = {name: [row.cells for row in found] for name, found in rows.items()}
    claims = claim_rules(
        _labels(vocabularies, "outcome"), cells["outcome.csv"], cells["direction.csv"], cells["hedge.csv"]
    )
    evidence = vocabularies.schemes["evidence"].concepts
    levels = {
        mapping.concept_id: int(mapping.object_id.partition(":")[2])
        for mapping in vocabularies.mappings
        if mapping.scheme == "evidence" and mapping.object_id.startswith("ocebm:")
    }
    designs = design_rules(
        _labels(vocabularies, "evidence"),
        cells["design.csv"],
        cells["design_rank.csv"],
        levels,
        [concept.concept_id for concept in evidence.values() if concept.parent_id == "non_treatment_clinical"],
    )
    scheme = vocabularies.schemes["modality"]
    labels = vocabularies.labels("modality")
    modalities = ModalityRules(
        Matcher(labels),
        tuple(labels),
        {concept_id: scheme.top(concept_id).concept_id for concept_id in scheme.concepts},
        frozenset(
            concept_id
            for concept_id, concept in scheme.concepts.items()
            if concept.level == 1 or concept_id.endswith("_unspecified")
        ),
        claims,
    )
    topics = topic_rules(vocabularies, [row["cue"] for row in cells["context.csv"]])
    return CodingRules(designs, modalities, topics)


def _labels(vocabularies: Vocabularies, scheme: str) -> list[tuple[str, str]]:
    """The labels of a scheme as they stand in texts; those made up for order ("…, unspecified", "a / b") are not."""
    return [
        (label.concept_id, label.label)
        for label in vocabularies.labels(scheme)
        if not label.needs_definition and label.concept_id != NOT_STATED and not set('()/,"') & set(label.label)
    ]


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
