"""Reads the claims of studies and options in reviews of spine oncology, as rows of the table `claims`.

Takes a study or a point of an option and the coding rules. The outcomes are those of the scheme `outcome`; how a
sentence is read is in `outcomes`. Offsets are within the cell or point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.curate.amounts import HIGHER, LOWER, Outcome, find_amounts
from pipelines.curate.amounts import NO_DIFFERENCE as SAME_AMOUNT
from pipelines.curate.claim_rows import POINT_KEY, ClaimRow, polarity_of_column
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.interventions import code_study, find_arms
from pipelines.curate.outcome_directions import IMPROVED, NO_DIFFERENCE, NOT_DIRECTIONAL, WORSENED
from pipelines.curate.outcomes import Statement, find_statements
from pipelines.curate.study_records import StudyRecord
from schemas.tables.base import NOT_STATED

_SCHEME = "outcome"


def read_study_claims(study: StudyRecord, rules: CodingRules, abbreviations: Mapping[str, str]) -> Iterator[ClaimRow]:
    """The claims of the study's first result cell, or without one of its outcome cell (`studies.outcome`)."""
    cells = study.cells("result") or study.cells("outcome_name")
    if not cells:
        return
    cell, modalities = cells[0], rules.modalities
    outcome, method = cell["text"], str(study.row["method"] or "")
    arms = find_arms(code_study(method, outcome, modalities, abbreviations))
    matches = modalities.matcher.find(outcome, abbreviations)
    for statement in find_statements(outcome, modalities.claims, matches, arms):
        yield {**study.place_of(cell), **_to_columns(outcome, statement, rules)}


def read_point_claims(
    point: Mapping[str, str], rules: CodingRules, abbreviations: Mapping[str, str]
) -> Iterator[ClaimRow]:
    """The claims of a point of an option; one without an outcome if it names none."""
    text, column, modalities = point["text"], point["polarity"], rules.modalities
    matches = modalities.matcher.find(text, abbreviations)
    statements = find_statements(text, modalities.claims, matches, column=column)
    for statement in statements or [_state_no_outcome(text, column)]:
        yield {**{name: point[name] for name in POINT_KEY}, **_to_columns(text, statement, rules)}


def _state_no_outcome(text: str, column: str) -> Statement:
    """The claim of a point that names no outcome: only its column says what it means for the patient."""
    return Statement(
        outcome_id=NOT_STATED,
        direction=NOT_DIRECTIONAL,
        polarity=polarity_of_column(column),
        comparator=None,
        is_hedged=False,
        compares=False,
        start=0,
        end=len(text),
        first=0,
        last=len(text),
        rule_id="no_outcome",
        confidence=0.5,
    )


def _to_columns(text: str, statement: Statement, rules: CodingRules) -> ClaimRow:
    """The columns of a statement of a field with this text, with offsets within the field."""
    sentence = text[statement.first : statement.last]
    name = text[statement.name_start : statement.name_end] if statement.name_start is not None else None
    return {
        "text": sentence,
        "outcome_scheme": _SCHEME,
        "outcome_id": statement.outcome_id,
        "outcome_text": name,
        "amount": _to_amount(statement, rules.claims.harms),
        "is_significant": find_amounts(sentence, [Outcome(name or "")], [], rules.amounts)[0].is_significant,
        "is_comparative": statement.compares or statement.comparator is not None,
        "direction": statement.direction,
        "polarity": statement.polarity,
        "comparator_concept_id": statement.comparator,
        "is_hedged": statement.is_hedged,
        "cue_text": text[statement.start : statement.end],
        "start_char": statement.start,
        "end_char": statement.end,
        "rule_id": statement.rule_id,
        "confidence": statement.confidence,
    }


def _to_amount(statement: Statement, harms: frozenset[str]) -> str:
    """The amount that follows from a direction: an improvement is less of a harm and more of anything else."""
    if statement.direction == NO_DIFFERENCE:
        return SAME_AMOUNT
    if statement.direction not in (IMPROVED, WORSENED):
        return NOT_STATED
    return HIGHER if (statement.direction == IMPROVED) != (statement.outcome_id in harms) else LOWER
