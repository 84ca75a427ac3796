"""Reads the claims of studies and options in reviews of any subject, as rows of the table `claims`.

Takes a study or a point of an option and the general rules. The outcomes are domains of the scheme `outcome_domain`.
How a cell is read is in `cell_claims`; here it gets the outcomes that its row and column name, and the study's arms.
Offsets are within the cell or point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipelines.curate.cell_claims import (
    ADVERSE_EVENTS,
    CellClaim,
    GeneralClaimRules,
    NamedOutcome,
    TreatmentWords,
    find_cell_claims,
)
from pipelines.curate.claim_rows import POINT_KEY, ClaimRow, polarity_of_column
from pipelines.curate.general_concepts import DOMAIN, Found, find_outcome_domains
from pipelines.curate.outcome_directions import NEUTRAL, NOT_DIRECTIONAL
from pipelines.curate.outcome_mentions import is_treatment_or_statistic
from pipelines.curate.study_arms import MAX_ARM_LENGTH
from pipelines.curate.study_records import TREATMENT_ROLES, StudyRecord
from pipelines.vocabularies.cue_phrases import split_words
from schemas.tables.base import NOT_STATED
from schemas.tables.curated import RESULT_ROLES

_MAX_NAME_LENGTH = 100
"""A longer cell does not name an outcome; it describes more than that."""


def read_study_claims(
    study: StudyRecord, rules: GeneralClaimRules, abbreviations: Mapping[str, str]
) -> Iterator[ClaimRow]:
    """The claims of all result cells of a study."""
    treatment = _find_treatment_words(study, rules)
    for cell in study.cells(*RESULT_ROLES):
        named = _find_named_outcomes(study, cell, treatment, rules, abbreviations)
        for claim in find_cell_claims(cell["text"], named, treatment, rules, abbreviations):
            yield {**study.place_of(cell), **_to_general_columns(cell["text"], claim)}


def _find_treatment_words(study: StudyRecord, rules: GeneralClaimRules) -> TreatmentWords:
    arms = study.find_arms(rules.concepts, rules.words)
    words = frozenset(word.folded for cell in study.cells(*TREATMENT_ROLES) for word in split_words(cell["text"]))
    if arms is None or max(len(arms.intervention.text), len(arms.comparator.text)) > MAX_ARM_LENGTH:
        return TreatmentWords(words=words)
    return TreatmentWords(arms.intervention.text, arms.comparator.text, words)


def _find_named_outcomes(
    study: StudyRecord,
    cell: Mapping[str, str],
    treatment: TreatmentWords,
    rules: GeneralClaimRules,
    abbreviations: Mapping[str, str],
) -> list[NamedOutcome]:
    """The outcomes that the outcome cell of the same printed row names, else those of the column's header."""
    for other in study.cells("outcome_name"):
        if other["printed_row_no"] == cell["printed_row_no"] and len(other["text"]) <= _MAX_NAME_LENGTH:
            domains = find_outcome_domains(other["text"], rules.concepts, abbreviations)
            if domains:
                return _name_outcomes(other["text"], domains, "outcome_name", rules)
    header = cell["column_name"] or ""
    domains = [
        found
        for found in find_outcome_domains(header, rules.concepts, abbreviations, is_name=False)
        if not is_treatment_or_statistic(header[found.start : found.end], treatment.words, rules.words)
    ]
    named = _name_outcomes(header, domains, "column_name", rules)
    if not named and cell["role"] == ADVERSE_EVENTS:
        return [NamedOutcome(ADVERSE_EVENTS, header or "adverse events", "column_role")]
    return named


def _name_outcomes(name: str, domains: Sequence[Found], rule_id: str, rules: GeneralClaimRules) -> list[NamedOutcome]:
    """The outcomes of a name, without the specimen that another one is measured in ("IL-6 in urine")."""
    measured = [
        found
        for found in domains
        if not {word.folded for word in split_words(name[found.start : found.end])} <= rules.words.specimen_words
    ]
    return [NamedOutcome(found.concept_id, name, rule_id) for found in measured or domains]


def read_point_claims(
    point: Mapping[str, str], rules: GeneralClaimRules, abbreviations: Mapping[str, str]
) -> Iterator[ClaimRow]:
    """The claims of a point; its column says what they mean for the patient."""
    text, column = point["text"], point["polarity"]
    place = {name: point[name] for name in POINT_KEY}
    claims = find_cell_claims(text, [], TreatmentWords(), rules, abbreviations)
    for claim in claims:
        polarity = polarity_of_column(column) if claim.polarity == NEUTRAL else claim.polarity
        yield {**place, **_to_general_columns(text, claim), "polarity": polarity}
    if not claims:
        columns = {"text": text, "cue_text": text, "start_char": 0, "end_char": len(text), "outcome_scheme": DOMAIN}
        codes = {"outcome_id": NOT_STATED, "amount": NOT_STATED, "direction": NOT_DIRECTIONAL, "is_hedged": False}
        rule = {"rule_id": "no_outcome", "confidence": 0.5, "is_comparative": False}
        yield {**place, **columns, **codes, **rule, "polarity": polarity_of_column(column)}


def _to_general_columns(text: str, claim: CellClaim) -> ClaimRow:
    return {
        "text": text[claim.first : claim.last],
        "outcome_scheme": DOMAIN,
        "outcome_id": claim.outcome_id,
        "outcome_text": claim.outcome_text,
        "amount": claim.amount,
        "is_significant": claim.is_significant,
        "is_comparative": claim.compares,
        "direction": claim.direction,
        "polarity": claim.polarity,
        "is_hedged": claim.is_hedged,
        "cue_text": text[claim.start : claim.end],
        "start_char": claim.start,
        "end_char": claim.end,
        "rule_id": claim.rule_id,
        "confidence": claim.confidence,
    }
