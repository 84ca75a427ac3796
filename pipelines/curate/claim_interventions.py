"""Which treatments a claim is about.

Belongs here: the choice between what a claim's own sentence names and what its row is coded to. Where in a sentence a
treatment stands is found in `statements`; the treatments of a row in `study_modalities`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.curate.interventions import Modality, ModalityRules, arms, code_row
from pipelines.curate.outcomes import Subject, statements
from pipelines.curate.source_offsets import ROW
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
_KIND_FACTOR = 0.8
"""A statement that names only the kind of what its row is coded to ("surgery" for a laminectomy) is less sure."""


@dataclass(frozen=True, slots=True)
class About:
    """A treatment that a claim is about; `start`, `end` are offsets in the cell that `field` names, or NULL."""

    concept_id: str
    role: str | None
    field: str | None
    start: int | None
    end: int | None
    rule_id: str
    confidence: float


def about(
    subjects: Sequence[Subject], comparator: str | None, coded: Sequence[Modality], tops: Mapping[str, str]
) -> list[About]:
    """What a claim of a study is about: what its words name, else what its row is coded to by role.

    What the words name counts as far as the row is coded to it, or to something of that kind. By role it is the arm
    that the claim does not name as comparator: of "more expensive than EBRT" in a study of EBRT against SBRT, that is
    SBRT; where both arms are coded alike, the primary one; where there is neither, whatever the row is coded to.
    """
    roles = {modality.concept_id: modality.role for modality in coded}
    found: dict[str, About] = {}
    for subject in subjects:
        confidence = _CONFIDENCE[subject.rule_id]
        named = [subject.concept_id] if subject.concept_id in roles else []
        if not named:
            named = [
                concept_id
                for concept_id in roles
                if tops[concept_id] == tops[subject.concept_id] and concept_id != comparator
            ]
            confidence = round(confidence * _KIND_FACTOR, 3)
        for concept_id in named:
            found.setdefault(
                concept_id,
                About(
                    concept_id,
                    roles[concept_id],
                    "outcome",
                    subject.start,
                    subject.end,
                    subject.rule_id,
                    confidence,
                ),
            )
    return list(found.values()) or _by_role(comparator, coded)


def _by_role(comparator: str | None, coded: Sequence[Modality]) -> list[About]:
    if not coded:
        return [About(NOT_STATED, None, None, None, None, NOT_STATED, 1.0)]
    choices = (
        [modality for modality in coded if modality.role == "primary" and modality.concept_id != comparator],
        [modality for modality in coded if modality.role == "comparator" and modality.concept_id != comparator],
        [modality for modality in coded if modality.role == "primary"],
        coded,
    )
    chosen = next(choice for choice in choices if choice)
    rule_id = "role_in_study"
    return [
        About(
            modality.concept_id,
            modality.role,
            modality.field,
            modality.start,
            modality.end,
            rule_id,
            _CONFIDENCE[rule_id],
        )
        for modality in chosen
    ]


def of_option(matches: Sequence[Match]) -> list[About]:
    """What the claims of an option's points are about: what the option's own cell names."""
    named = {match.concept_id: match for match in reversed(matches)}
    rule_id = "option_named"
    return [
        About(concept_id, None, "option", match.start, match.end, rule_id, _CONFIDENCE[rule_id])
        for concept_id, match in reversed(named.items())
    ] or _by_role(None, ())


def claim_modalities(
    studies: pl.DataFrame,
    options: pl.DataFrame,
    claims: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: Mapping[str, Mapping[str, str]],
) -> pl.DataFrame:
    """`claim_modalities`: claim × modality that it is about.

    `studies` has review_id, table_no, row_no, method and outcome, `options` the first three and option, `claims` is the
    table that was made of the same rows. Offsets count in the cell that the column `field` names, which stands beside
    the model's columns together with the row's key.
    """
    rows = []
    cells = {row[:3]: row[3:] for row in studies.select(*ROW, "method", "outcome").iter_rows()}
    named = {row[:3]: row[3] for row in options.select(*ROW, "option").iter_rows()}
    for key, claim_ids in _claims_of_rows(claims):
        review_id = key[0]
        short = abbreviations.get(review_id, {})
        if key in cells:
            method, outcome = (cell or "" for cell in cells[key])
            coded = code_row(method, outcome, rules, short)
            found = statements(
                outcome, rules.claims, rules.matcher.find(outcome, short), arms(method, outcome, rules, short)
            )
            texts = {"method": method, "outcome": outcome}
            of_claims = [about(made.subjects, made.comparator, coded, rules.tops) for made in found]
        else:
            option = named.get(key) or ""
            texts = {"option": option}
            of_claims = [of_option(rules.matcher.find(option, short))] * len(claim_ids)
        for claim_id, treatments in zip(claim_ids, of_claims, strict=True):
            rows += [_row(key, claim_id, treatment, texts, rules) for treatment in treatments]
    of_row: dict[str, pl.DataType | type[pl.DataType]] = {"table_no": pl.Int32, "row_no": pl.Int32, "field": pl.String}
    return pl.DataFrame(rows, schema={**SPECS["claim_modalities"].polars_schema, **of_row})


def _claims_of_rows(claims: pl.DataFrame) -> Iterator[tuple[tuple[str, int, int], list[int]]]:
    grouped = claims.sort("review_id", "claim_id").group_by(ROW, maintain_order=True).agg("claim_id")
    for review_id, table_no, row_no, claim_ids in grouped.iter_rows():
        yield (review_id, table_no, row_no), claim_ids


def _row(
    key: tuple[str, int, int], claim_id: int, treatment: About, texts: Mapping[str, str], rules: ModalityRules
) -> dict[str, object]:
    words = texts.get(treatment.field or "", "")
    return {
        **dict(zip(ROW, key, strict=True)),
        "claim_id": claim_id,
        "modality_id": treatment.concept_id,
        "modality_group_id": rules.tops.get(treatment.concept_id, NOT_STATED),
        "role": treatment.role,
        "field": treatment.field,
        "cue_text": words[treatment.start : treatment.end] or None,
        "start_char": treatment.start,
        "end_char": treatment.end,
        "rule_id": treatment.rule_id,
        "confidence": treatment.confidence,
    }
