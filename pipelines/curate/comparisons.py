"""Builds the table `comparisons`: which two arms a study compares, on which outcome, and what the review says of it.

Takes studies with their cells and their claims. The arms are those that the words of a claim name or, for a claim that
compares without naming them, those of the study's treatment cells (`study_arms`). A study that states two arms but has
no claim about them is one comparison without an outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from pipelines.curate.amounts import NEITHER
from pipelines.curate.amounts.arm_mentions import ArmMention, find_arm_mentions
from pipelines.curate.amounts.arm_names import COMPARATOR, INTERVENTION
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import INTERVENTION as INTERVENTION_SCHEME
from pipelines.curate.general_concepts import GeneralRules, find_interventions
from pipelines.curate.outcome_directions import IMPROVED, NO_DIFFERENCE, WORSENED
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import FIELD_KEY, ROW_KEY, field_pieces, map_to_source
from pipelines.curate.study_arms import Arm, StudyArms, split_listed_arms
from pipelines.curate.study_records import StudyRecord, collect_studies
from pipelines.curate.subject_context import find_reviews_in_context
from schemas.tables import SPECS
from schemas.tables.base import NOT_STATED

_MODALITY = "modality"
_FAVOURS = {IMPROVED: INTERVENTION, WORSENED: COMPARATOR, NO_DIFFERENCE: NEITHER}
_SWAPPED = {INTERVENTION: COMPARATOR, COMPARATOR: INTERVENTION}
_CONFIDENCE = {
    "claim_comparator": 0.9,
    "arm_named": 0.8,
    "comparator_cell": 0.85,
    "versus": 0.85,
    "control_listed": 0.75,
}

_Row = dict[str, Any]


class _ArmCode(NamedTuple):
    """An arm as a concept and as printed; the concept is None if the vocabularies do not know the words."""

    scheme: str | None
    concept_id: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class _Coder:
    """Codes the words of arms of one review."""

    rules: CodingRules
    general: GeneralRules
    abbreviations: Mapping[str, str]
    is_of_subject: bool

    def code(self, arm: Arm) -> _ArmCode:
        """The first concept that the words of an arm name: a modality in reviews of the subject."""
        if self.is_of_subject:
            matches = self.rules.modalities.matcher.find(arm.text, self.abbreviations)
            return _ArmCode(_MODALITY, matches[0].concept_id, arm.text) if matches else _ArmCode(None, None, arm.text)
        found = find_interventions(arm.text, self.general, self.abbreviations)
        first = next((item for item in found if item.scheme == INTERVENTION_SCHEME), next(iter(found), None))
        return _ArmCode(first.scheme, first.concept_id, arm.text) if first else _ArmCode(None, None, arm.text)

    def without_modality(self, text: str) -> str:
        """The words of an arm that do not name its modality: "single-session" of "single-session SRS"."""
        for match in reversed(self.rules.modalities.matcher.find(text, self.abbreviations)):
            text = f"{text[: match.start]} {text[match.end :]}"
        return text


def code_comparisons(
    reviews: pl.DataFrame,
    studies: pl.DataFrame,
    study_fields: pl.DataFrame,
    claims: pl.DataFrame,
    claim_modalities: pl.DataFrame,
    rules: CodingRules,
    general: GeneralRules,
    abbreviations: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`comparisons`: one row per comparison of two arms that a claim states, or else a study.

    Takes the tables of those names and `abbreviations` of `review_context`. The span is that of the claim, or of the
    words for the intervention.
    """
    short_forms = short_forms_by_review(abbreviations)
    in_context = set(find_reviews_in_context(reviews, rules.topics.context))
    claims_by_study = _group(claims.filter(pl.col("point_no").is_null()).sort("review_id", "claim_id"), ROW_KEY)
    treatments = _group(claim_modalities.sort("review_id", "claim_id", "modality_id"), ["review_id", "claim_id"])
    rows: list[_Row] = []
    for study in collect_studies(studies, study_fields):
        coder = _Coder(rules, general, short_forms.get(study.review_id, {}), study.review_id in in_context)
        own = claims_by_study.get(tuple(study.row[name] for name in ROW_KEY), [])
        rows.extend(_compare(study, own, treatments, coder))
    of_cell = {"role": pl.String, "part_no": pl.Int32}
    schema: dict[str, type[pl.DataType]] = {**SPECS["comparisons"].polars_schema, **of_cell}
    coded = pl.DataFrame(rows, schema=schema).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("review_id").alias("comparison_id")
    )
    is_of_claim = pl.col("claim_id").is_not_null()
    of_studies = map_to_source(coded.filter(~is_of_claim), field_pieces(study_fields, text_parts), FIELD_KEY)
    both = pl.concat([coded.filter(is_of_claim), of_studies])
    return both.drop("role", "part_no").sort("review_id", "comparison_id")


def _group(frame: pl.DataFrame, key: Sequence[str]) -> dict[tuple[object, ...], list[_Row]]:
    grouped: dict[tuple[object, ...], list[_Row]] = {}
    for row in frame.iter_rows(named=True):
        grouped.setdefault(tuple(row[name] for name in key), []).append(row)
    return grouped


def _compare(
    study: StudyRecord, claims: Sequence[_Row], treatments: Mapping[tuple[object, ...], list[_Row]], coder: _Coder
) -> Iterator[_Row]:
    """The comparisons of a study, in the order of its claims."""
    stated = study.find_arms(coder.general, coder.rules.amounts.words)
    listed = _find_arms_of_one_concept(study, coder) if coder.is_of_subject and stated is None else None
    n_rows = 0
    for claim in claims:
        row = None
        if claim["comparator_concept_id"] is not None:
            row = _read_named_comparator(claim, treatments.get((claim["review_id"], claim["claim_id"]), []), coder)
        elif listed is not None:
            row = _read_named_arm(claim, listed, coder)
        elif stated is not None and claim["is_comparative"]:
            row = _to_row(claim, coder.code(stated.intervention), coder.code(stated.comparator), stated.rule_id)
        if row is not None:
            n_rows += 1
            yield row
    if stated is not None and not n_rows:
        yield _state_arms(study, stated, coder)


def _read_named_comparator(claim: _Row, treatments: Sequence[_Row], coder: _Coder) -> _Row | None:
    """The comparison of a claim whose comparator is coded; None if the claim is about no treatment."""
    subjects = [row for row in treatments if row["modality_id"] not in (NOT_STATED, claim["comparator_concept_id"])]
    if not subjects:
        return None
    text = claim["text"]
    named = {match.concept_id: match for match in coder.rules.modalities.matcher.find(text, coder.abbreviations)}
    match = named.get(claim["comparator_concept_id"])
    words = text[match.start : match.end] if match else None
    return _to_row(
        claim,
        _ArmCode(_MODALITY, subjects[0]["modality_id"], subjects[0]["cue_text"]),
        _ArmCode(_MODALITY, claim["comparator_concept_id"], words),
        "claim_comparator",
    )


def _find_arms_of_one_concept(study: StudyRecord, coder: _Coder) -> StudyArms | None:
    """The two arms that an intervention cell lists if both are the same modality ("single- and multi-session SRS")."""
    method = study.row["method"]
    if method is None:
        return None
    matches = coder.rules.modalities.matcher.find(str(method), coder.abbreviations)
    if len({match.concept_id for match in matches}) != 1:
        return None
    return split_listed_arms(str(method))


def _read_named_arm(claim: _Row, arms: StudyArms, coder: _Coder) -> _Row | None:
    """The comparison of a claim about one of two arms that its words name before the direction; otherwise None."""
    direction = claim["direction"]
    if direction not in _FAVOURS:
        return None
    first_words, second_words = (coder.without_modality(arm.text) for arm in (arms.intervention, arms.comparator))
    mentions = find_arm_mentions(claim["text"], first_words, second_words, coder.rules.amounts)
    place = claim["text"].find(claim["cue_text"])
    named = _name_one_arm([mention for mention in mentions if mention.start < max(place, 0) or place <= 0])
    if named is None or not claim["is_comparative"]:
        return None
    first, second = arms.intervention, arms.comparator
    if named == COMPARATOR:
        first, second = second, first
    both = coder.code(arms.intervention), coder.code(arms.comparator)
    known = next((code for code in both if code.concept_id is not None), both[0])
    return _to_row(claim, known._replace(text=first.text), known._replace(text=second.text), "arm_named")


def _name_one_arm(mentions: Sequence[ArmMention]) -> str | None:
    arms = {mention.arm for mention in mentions}
    return arms.pop() if len(arms) == 1 and arms <= set(_SWAPPED) else None


def _to_row(claim: _Row, intervention: _ArmCode, comparator: _ArmCode, rule_id: str) -> _Row:
    copied = ("review_id", "table_no", "row_no", "claim_id", "outcome_scheme", "outcome_id", "amount")
    return {
        **{name: claim[name] for name in (*copied, "is_significant", "start_char", "end_char")},
        **_name_arms(intervention, comparator),
        "favours": _FAVOURS.get(claim["direction"], NOT_STATED),
        "rule_id": rule_id,
        "confidence": round(_CONFIDENCE[rule_id] * claim["confidence"], 3),
    }


def _state_arms(study: StudyRecord, arms: StudyArms, coder: _Coder) -> _Row:
    """The comparison of a study whose cells state two arms and whose claims say nothing about them."""
    place = {"role": arms.intervention.field, "part_no": arms.intervention.part_no}
    return {
        **{name: study.row[name] for name in ROW_KEY},
        **place,
        **_name_arms(coder.code(arms.intervention), coder.code(arms.comparator)),
        "amount": NOT_STATED,
        "favours": NOT_STATED,
        "start_char": arms.intervention.start,
        "end_char": arms.intervention.end,
        "rule_id": arms.rule_id,
        "confidence": _CONFIDENCE[arms.rule_id],
    }


def _name_arms(intervention: _ArmCode, comparator: _ArmCode) -> _Row:
    return {
        f"{name}_{part}": value
        for name, arm in (("intervention", intervention), ("comparator", comparator))
        for part, value in (("scheme", arm.scheme), ("id", arm.concept_id), ("text", arm.text))
    }
