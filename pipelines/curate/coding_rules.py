"""The rules that evidence is coded by, made of the vocabularies and the cue files. What they do is in the coders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.curate.interventions import ModalityRules
from pipelines.curate.outcomes import ClaimRules, claim_rules
from pipelines.curate.study_design import DesignRules, design_rules
from pipelines.curate.topics import TopicRules, topic_rules
from pipelines.vocabularies.cue_files import load_cues
from pipelines.vocabularies.matcher import Matcher
from pipelines.vocabularies.schemes import Vocabularies
from schemas.tables.base import NOT_STATED


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

    Raises VocabularyError and FileNotFoundError as `load_cues` does.
    """
    cells = load_cues(folder, vocabularies)
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
