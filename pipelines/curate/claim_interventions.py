"""Decides which treatments a claim is about: those that its words name, otherwise those that its row is coded to.

Takes `studies`, `options` and the `claims` coded from them and returns the table `claim_modalities`. Which treatments a
sentence names is found in `clause_treatments`; the treatments of a row are coded in `interventions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.curate.clause_treatments import Subject
from pipelines.curate.interventions import Modality, ModalityRules, code_study, find_arms
from pipelines.curate.outcomes import find_statements
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import ROW_KEY, cell_pieces, map_to_source
from pipelines.vocabularies.matcher import Match
from schemas.tables import SPECS
from schemas.tables.base import NOT_STATED

_CONFIDENCE = {
    "before_verb": 0.9,
    "earlier_clause": 0.8,
    "agent": 0.8,
    "earlier_sentence": 0.75,
    "role_in_study": 0.5,
    "option_named": 0.9,
}
_GENERAL_NAME_FACTOR = 0.8
"""Lowers the confidence if the words name only the kind of what the row is coded to ("surgery" for a laminectomy)."""


@dataclass(frozen=True, slots=True)
class ClaimTreatment:
    """A treatment that a claim is about; `start` and `end` are offsets in the cell that `field` names, or None."""

    concept_id: str
    role: str | None
    field: str | None
    start: int | None
    end: int | None
    rule_id: str
    confidence: float


def code_claim_modalities(
    studies: pl.DataFrame,
    options: pl.DataFrame,
    claims: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`claim_modalities`: one row per claim of the scheme `outcome` and modality that it is about.

    `claims` must have been coded from the same `studies` and `options` with the same rules; `abbreviations` comes from
    `review_context`. The span is NULL if the treatment is not stated or its words are not in the source in this form.
    """
    short_forms = short_forms_by_review(abbreviations)
    studies_by_key = {_row_key(row): row for row in studies.iter_rows(named=True)}
    options_by_key = {_row_key(row): row for row in options.iter_rows(named=True)}
    rows = []
    of_scheme = claims.filter(pl.col("outcome_scheme") == "outcome").sort("review_id", "claim_id")
    grouped = of_scheme.group_by(ROW_KEY, maintain_order=True).agg("claim_id")
    for group in grouped.iter_rows(named=True):
        key, claim_ids = _row_key(group), group["claim_id"]
        defined = short_forms.get(group["review_id"], {})
        if key in studies_by_key:
            study = studies_by_key[key]
            texts = {"method": study["method"] or "", "outcome": study["outcome"] or ""}
            treatments = _find_study_treatments(texts["method"], texts["outcome"], rules, defined)
        else:
            texts = {"option": options_by_key[key]["option"] or "" if key in options_by_key else ""}
            treatments = [find_option_treatments(rules.matcher.find(texts["option"], defined))] * len(claim_ids)
        for claim_id, claim_treatments in zip(claim_ids, treatments, strict=True):
            for treatment in claim_treatments:
                place = {column: group[column] for column in ROW_KEY}
                rows.append({**place, "claim_id": claim_id, **_to_columns(treatment, texts, rules)})
    schema = SPECS["claim_modalities"].polars_schema
    mapping_columns = {"table_no": pl.Int32(), "row_no": pl.Int32(), "field": pl.String()}
    coded = pl.DataFrame(rows, schema={**schema, **mapping_columns})
    pieces = [
        cell_pieces(frame, field, table_cells, text_parts).with_columns(pl.lit(field).alias("field"))
        for frame, field in ((studies, "method"), (studies, "outcome"), (options, "option"))
    ]
    mapped = map_to_source(coded, pl.concat(pieces), [*ROW_KEY, "field"])
    return mapped.select(list(schema)).sort("review_id", "claim_id", "modality_id")


def _find_study_treatments(
    method: str, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]
) -> list[list[ClaimTreatment]]:
    """The treatments of each claim of a study, in the order of the claims."""
    coded = code_study(method, outcome, rules, abbreviations)
    modalities = rules.matcher.find(outcome, abbreviations)
    statements = find_statements(outcome, rules.claims, modalities, find_arms(coded))
    return [
        find_claim_treatments(statement.subjects, statement.comparator, coded, rules.tops) for statement in statements
    ]


def find_claim_treatments(
    subjects: Sequence[Subject], comparator: str | None, coded: Sequence[Modality], tops: Mapping[str, str]
) -> list[ClaimTreatment]:
    """The treatments that a claim of a study is about: those its words name, otherwise those of the row by role.

    A name counts if the row is coded to it or to something of the same kind (`tops` gives the level-1 concept). By
    role, the claim is about the arm that is not its comparator: "more expensive than EBRT" in a study of EBRT against
    SBRT is about SBRT. If both arms have the same code, it is about the primary one; without arms, about all
    modalities of the row.
    """
    roles = {modality.concept_id: modality.role for modality in coded}
    treatments: dict[str, ClaimTreatment] = {}
    for subject in subjects:
        confidence = _CONFIDENCE[subject.rule_id]
        concept_ids = [subject.concept_id] if subject.concept_id in roles else []
        if not concept_ids:
            concept_ids = [
                concept_id
                for concept_id in roles
                if tops[concept_id] == tops[subject.concept_id] and concept_id != comparator
            ]
            confidence = round(confidence * _GENERAL_NAME_FACTOR, 3)
        for concept_id in concept_ids:
            treatment = ClaimTreatment(
                concept_id, roles[concept_id], "outcome", subject.start, subject.end, subject.rule_id, confidence
            )
            treatments.setdefault(concept_id, treatment)
    return list(treatments.values()) or _find_by_role(comparator, coded)


def _find_by_role(comparator: str | None, coded: Sequence[Modality]) -> list[ClaimTreatment]:
    if not coded:
        return [ClaimTreatment(NOT_STATED, None, None, None, None, NOT_STATED, 1.0)]
    choices = (
        [modality for modality in coded if modality.role == "primary" and modality.concept_id != comparator],
        [modality for modality in coded if modality.role == "comparator" and modality.concept_id != comparator],
        [modality for modality in coded if modality.role == "primary"],
        coded,
    )
    rule_id = "role_in_study"
    return [
        ClaimTreatment(
            modality.concept_id,
            modality.role,
            modality.field,
            modality.start,
            modality.end,
            rule_id,
            _CONFIDENCE[rule_id],
        )
        for modality in next(choice for choice in choices if choice)
    ]


def find_option_treatments(matches: Sequence[Match]) -> list[ClaimTreatment]:
    """The treatments that the claims of an option's points are about: those that the option's own cell names."""
    first_matches: dict[str, Match] = {}
    for match in matches:
        first_matches.setdefault(match.concept_id, match)
    rule_id = "option_named"
    return [
        ClaimTreatment(concept_id, None, "option", match.start, match.end, rule_id, _CONFIDENCE[rule_id])
        for concept_id, match in first_matches.items()
    ] or _find_by_role(None, ())


def _row_key(row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(row[column] for column in ROW_KEY)


def _to_columns(treatment: ClaimTreatment, texts: Mapping[str, str], rules: ModalityRules) -> dict[str, object]:
    """The columns of a treatment, with offsets within its field; `texts` are the fields of the row."""
    text = texts.get(treatment.field or "", "")
    return {
        "modality_id": treatment.concept_id,
        "modality_group_id": rules.tops.get(treatment.concept_id, NOT_STATED),
        "role": treatment.role,
        "field": treatment.field,
        "cue_text": text[treatment.start : treatment.end] or None,
        "start_char": treatment.start,
        "end_char": treatment.end,
        "rule_id": treatment.rule_id,
        "confidence": treatment.confidence,
    }
