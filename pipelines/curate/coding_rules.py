"""Builds the rules of all coders from the vocabularies and the cue files.

Takes the folder of the cue files and the loaded vocabularies. The coders' modules apply the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.curate.amounts.amount_rules import AmountRules, build_amount_rules
from pipelines.curate.claim_rules import ClaimRules, build_claim_rules
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.quantities import QuantityRules, build_quantity_rules
from pipelines.curate.study_design import DesignRules, build_design_rules
from pipelines.curate.topics import TopicRules, build_topic_rules, is_vague
from pipelines.vocabularies.cue_files import CueFiles, load_cues
from pipelines.vocabularies.matcher import ListedLabels, Matcher
from pipelines.vocabularies.schemes import Vocabularies
from schemas.tables.base import NOT_STATED

_OTHER_QUESTIONS = "non_treatment_clinical"
"""The concept above the designs whose question is not one of treatment."""


@dataclass(frozen=True, slots=True)
class CodingRules:
    """The rules of all coders; `modalities_elsewhere` for reviews of other subjects (see `subject_context`)."""

    designs: DesignRules
    modalities: ModalityRules
    modalities_elsewhere: ModalityRules
    topics: TopicRules
    quantities: QuantityRules
    amounts: AmountRules

    @property
    def claims(self) -> ClaimRules:
        return self.modalities.claims


def load_coding_rules(folder: Path, vocabularies: Vocabularies) -> CodingRules:
    """The rules from the cue files of `folder` (`schemas/vocabularies/cues`) and the vocabularies.

    Raises VocabularyError and FileNotFoundError as `load_cues` does.
    """
    cues = load_cues(folder, vocabularies)
    return CodingRules(
        designs=_build_design_rules(vocabularies, cues),
        modalities=_build_modality_rules(vocabularies, cues, in_context=True),
        modalities_elsewhere=_build_modality_rules(vocabularies, cues, in_context=False),
        topics=build_topic_rules(vocabularies, [row["cue"] for row in cues.rows["context.csv"]]),
        quantities=build_quantity_rules(cues.quantities),
        amounts=build_amount_rules(cues.rows["amount.csv"], cues.rows["arm.csv"], cues.words),
    )


def _build_design_rules(vocabularies: Vocabularies, cues: CueFiles) -> DesignRules:
    evidence = vocabularies.schemes["evidence"].concepts
    return build_design_rules(
        _printed_labels(vocabularies, "evidence"),
        cues.rows["design.csv"],
        cues.rows["design_rank.csv"],
        {
            mapping.concept_id: int(mapping.object_id.partition(":")[2])
            for mapping in vocabularies.mappings
            if mapping.scheme == "evidence" and mapping.object_id.startswith("ocebm:")
        },
        [concept.concept_id for concept in evidence.values() if concept.parent_id == _OTHER_QUESTIONS],
        cues.words,
    )


def _build_modality_rules(vocabularies: Vocabularies, cues: CueFiles, *, in_context: bool) -> ModalityRules:
    scheme = vocabularies.schemes["modality"]
    labels = tuple(label for label in vocabularies.labels("modality") if in_context or not is_vague(label))
    claims = build_claim_rules(
        _printed_labels(vocabularies, "outcome"),
        cues.rows["outcome.csv"],
        cues.rows["direction.csv"],
        cues.rows["hedge.csv"],
        cues.words,
        in_context=in_context,
    )
    return ModalityRules(
        matcher=Matcher(ListedLabels(labels)),
        labels=labels,
        tops={concept_id: scheme.top(concept_id).concept_id for concept_id in scheme.concepts},
        unspecified=frozenset(
            concept_id
            for concept_id, concept in scheme.concepts.items()
            if concept.level == 1 or concept_id.endswith("_unspecified")
        ),
        claims=claims,
        words=cues.words,
    )


def _printed_labels(vocabularies: Vocabularies, scheme: str) -> list[tuple[str, str]]:
    """The labels of a scheme that occur in texts, as (concept, label).

    Left out are abbreviations, and labels made for lists of concepts ("…, unspecified", "a / b").
    """
    return [
        (label.concept_id, label.label)
        for label in vocabularies.labels(scheme)
        if not label.needs_definition and label.concept_id != NOT_STATED and not set('()/,"') & set(label.label)
    ]
