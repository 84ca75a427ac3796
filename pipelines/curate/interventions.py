"""Codes the treatment modalities of studies and the role of each, from the method and outcome cells.

Takes the rows of `studies` and returns the table `study_modalities`. The role follows from the words between two
treatments ("A after B", "A or B", "A with B"). Which words name a modality is data
(`schemas/vocabularies/modality.csv`); claims in the outcome cell are read in `outcomes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.curate.claim_rules import ClaimRules
from pipelines.curate.outcomes import find_statements
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import ROW_KEY, cell_pieces, map_to_source
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.matcher import Label, Match, Matcher
from schemas.tables import SPECS

_WORD = re.compile(r"[^\W_]+")
_ADJUVANT = "adjuvant_therapy_unspecified"
_ALTERNATIVE = "a_or_b"
_LATER_TREATMENT = frozenset({"a_after_b", "a_before_b"})
"""By these rules the second treatment named is the primary one, and the first its adjuvant."""
# Characters before a treatment in which the words of a list are looked for.
_ADDITION_WINDOW = 15
_METHOD_ADDITION_WINDOW = 20
_NOT_GIVEN_WINDOW = 30


@dataclass(frozen=True, slots=True)
class ModalityRules:
    """How modalities and their roles are recognised.

    `matcher` finds the `labels` of the modality scheme, `tops` gives the level-1 ancestor of each concept, and
    `unspecified` are the concepts that only name a kind of treatment: those on level 1 and those called unspecified.
    """

    matcher: Matcher
    labels: tuple[Label, ...]
    tops: Mapping[str, str]
    unspecified: frozenset[str]
    claims: ClaimRules
    words: CodingWords


@dataclass(frozen=True, slots=True)
class Modality:
    """A modality of a study; `start` and `end` are offsets in the cell that `field` names."""

    concept_id: str
    role: str
    field: str
    start: int
    end: int
    rule_id: str
    confidence: float


def code_study_modalities(
    studies: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`study_modalities`: one row per study, modality and role.

    Takes the tables of those names and `abbreviations` of `review_context`. A study has each modality once. The span is
    NULL if the cue is not in the source in this form.
    """
    short_forms = short_forms_by_review(abbreviations)
    rows = []
    for study in studies.sort(ROW_KEY).iter_rows(named=True):
        cells = {"method": study["method"] or "", "outcome": study["outcome"] or ""}
        for modality in code_study(**cells, rules=rules, abbreviations=short_forms.get(study["review_id"], {})):
            rows.append(
                {
                    **{column: study[column] for column in ROW_KEY},
                    "concept_id": modality.concept_id,
                    "role": modality.role,
                    "field": modality.field,
                    "cue_text": cells[modality.field][modality.start : modality.end],
                    "start_char": modality.start,
                    "end_char": modality.end,
                    "rule_id": modality.rule_id,
                    "confidence": modality.confidence,
                }
            )
    coded = pl.DataFrame(rows, schema=SPECS["study_modalities"].polars_schema)
    pieces = [
        cell_pieces(studies, field, table_cells, text_parts).with_columns(pl.lit(field).alias("field"))
        for field in ("method", "outcome")
    ]
    return map_to_source(coded, pl.concat(pieces), [*ROW_KEY, "field"])


def find_arms(coded: Sequence[Modality]) -> tuple[str, str] | None:
    """The concepts of the two treatments that a study may compare: comparator and primary, or "A or B"; otherwise None.

    `coded` are the modalities of the study, as `code_study` returns them.
    """
    arms = [modality for modality in coded if modality.field == "method" and modality.role in ("primary", "comparator")]
    if len(arms) == 2 and (arms[1].role == "comparator" or arms[1].rule_id == _ALTERNATIVE):
        return arms[0].concept_id, arms[1].concept_id
    return None


def code_study(method: str, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> list[Modality]:
    """The modalities of a study from its two cells, one per concept, in the order of the text.

    `abbreviations` are the short forms that the review defines.
    """
    coded = _code_method(method, outcome, rules, abbreviations)
    return coded + _code_outcome(outcome, coded, rules, abbreviations)


def _code_method(method: str, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> list[Modality]:
    matches = _drop_general_kinds(rules.matcher.find(method, abbreviations), rules)
    coded: dict[str, Modality] = {}
    for number, match in enumerate(matches):
        if match.concept_id in coded:
            continue
        role, rule_id, confidence = "primary", "first_named", 0.95
        if number:
            previous = matches[number - 1]
            confidence = 0.9
            role, rule_id = _find_role(previous, match, method, outcome, rules, abbreviations)
            if rule_id in _LATER_TREATMENT and previous.concept_id in coded:
                earlier = coded[previous.concept_id]
                coded[previous.concept_id] = replace(earlier, role="adjuvant", rule_id=rule_id, confidence=0.9)
        coded[match.concept_id] = Modality(
            match.concept_id, role, "method", match.start, match.end, rule_id, confidence
        )
    return list(coded.values())


def _drop_general_kinds(matches: Sequence[Match], rules: ModalityRules) -> list[Match]:
    """The matches without level-1 concepts that another match names more precisely."""
    precise = {rules.tops[match.concept_id] for match in matches if match.concept_id not in rules.unspecified}
    return [
        match
        for match in matches
        if rules.tops[match.concept_id] != match.concept_id or match.concept_id not in precise
    ]


def _find_role(
    previous: Match,
    match: Match,
    method: str,
    outcome: str,
    rules: ModalityRules,
    abbreviations: Mapping[str, str],
) -> tuple[str, str]:
    """The role of `match`, which the method cell names after `previous`, and the id of the rule."""
    listed = rules.words
    between = word_set(method[previous.end : match.start])
    before = word_set(method[: match.start][-_METHOD_ADDITION_WINDOW:])
    if listed.comparing_words & between:
        return "comparator", "a_versus_b"
    if listed.alternative_words & between:
        return "primary", _ALTERNATIVE
    if listed.sequel_words & between or listed.addition_words & (before | word_set(match.label)):
        return "adjuvant", "a_followed_by_b"
    if listed.after_words & between:
        return "primary", "a_after_b"
    if listed.before_words & between:
        return "primary", "a_before_b"
    if listed.joining_words & between:
        return "concurrent", "a_combined_with_b"
    if _outcome_adds(match, outcome, rules, abbreviations):
        return "adjuvant", "outcome_adds"
    top, previous_top = rules.tops[match.concept_id], rules.tops[previous.concept_id]
    if listed.means_words & between:
        is_added = top in listed.augmenting_modalities and previous_top not in listed.radiation_modalities
        return ("concurrent", "a_with_added_b") if is_added else ("component", "a_with_b")
    if _outcome_compares(previous, match, outcome, rules, abbreviations):
        return "comparator", "outcome_compares"
    return ("component", "a_and_b_of_a_kind") if top == previous_top else ("concurrent", "a_and_b")


def _outcome_compares(
    previous: Match, match: Match, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]
) -> bool:
    """Whether a statement of the outcome cell compares the two treatments."""
    arms = (previous.concept_id, match.concept_id)
    statements = find_statements(outcome, rules.claims, rules.matcher.find(outcome, abbreviations), arms)
    return any(statement.comparator in arms for statement in statements)


def _outcome_adds(match: Match, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> bool:
    """Whether the outcome cell describes the treatment as added to another one."""
    for mention in rules.matcher.find(outcome, abbreviations):
        before = outcome[max(0, mention.start - _ADDITION_WINDOW) : mention.start]
        if mention.concept_id == match.concept_id and word_set(before) & rules.words.addition_words:
            return True
        if mention.concept_id == _ADJUVANT and rules.tops[match.concept_id] in rules.words.augmenting_modalities:
            return True
    return False


def _code_outcome(
    outcome: str, in_method: Sequence[Modality], rules: ModalityRules, abbreviations: Mapping[str, str]
) -> list[Modality]:
    """The modalities that only the outcome cell names, without general words for treatments coded more precisely."""
    listed = rules.words
    matches = rules.matcher.find(outcome, abbreviations)
    concepts_in_method = {modality.concept_id for modality in in_method}
    kinds_in_method = {rules.tops[concept_id] for concept_id in concepts_in_method}
    concepts = {match.concept_id for match in matches} | concepts_in_method
    precise = {rules.tops[concept_id] for concept_id in concepts if concept_id not in rules.unspecified}
    statements = find_statements(outcome, rules.claims, matches)
    comparators = {statement.comparator for statement in statements if statement.comparator}
    coded: dict[str, Modality] = {}
    for match in matches:
        concept_id, top = match.concept_id, rules.tops[match.concept_id]
        if concept_id in concepts_in_method or concept_id in coded:
            continue
        is_general = concept_id in rules.unspecified and concept_id != _ADJUVANT
        if is_general and (top in kinds_in_method or top in precise):
            continue
        near = word_set(outcome[max(0, match.start - _ADDITION_WINDOW) : match.start])
        if listed.not_given_words & word_set(outcome[max(0, match.start - _NOT_GIVEN_WINDOW) : match.start]):
            continue
        before = word_set(outcome[outcome.rfind(".", 0, match.start) + 1 : match.start])
        is_before_verb = rules.claims.finite_verbs.isdisjoint(before)
        if concept_id in comparators:
            role, rule_id = "comparator", "outcome_compares"
        elif concept_id == _ADJUVANT or near & listed.addition_words:
            role, rule_id = "adjuvant", "outcome_adds"
        elif top in kinds_in_method:
            role, rule_id = "component", "outcome_details"
        elif len(before) <= 2:
            role, rule_id = "primary", "outcome_subject"
        elif is_before_verb and listed.means_words & near:
            role, rule_id = "component", "outcome_subject_with"
        else:
            role, rule_id = "concurrent", "outcome_mentions"
        coded[concept_id] = Modality(concept_id, role, "outcome", match.start, match.end, rule_id, 0.75)
    return list(coded.values())


def word_set(text: str) -> frozenset[str]:
    """The different words of a text without case."""
    return frozenset(word.casefold() for word in _WORD.findall(text))
