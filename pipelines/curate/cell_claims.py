"""Reads what a cell of a study states about outcomes, for reviews of any subject.

Takes the text of a cell, the outcomes that its row and column name, and the study's arms, and returns one `CellClaim`
per outcome and amount. An outcome is a domain of the general scheme; the words of the cell name it or, if they do not,
the row or the column. The amount of the outcome is read in `amounts`; whether more of it is better is told by words
(`cues/coding_words.csv`). Reviews of spine oncology have a finer reader in `outcomes`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipelines.curate.amounts import HIGHER, NO_DIFFERENCE, NOT_STATED, Amount, Outcome, find_amount
from pipelines.curate.amounts.amount_clauses import AmountText
from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_mentions import find_arm_mentions
from pipelines.curate.general_concepts import Found, GeneralRules
from pipelines.curate.outcome_directions import (
    FAVOURABLE,
    IMPROVED,
    NEUTRAL,
    NOT_DIRECTIONAL,
    SAFE,
    UNFAVOURABLE,
    WORSENED,
)
from pipelines.curate.outcome_mentions import find_statement_outcomes
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.cue_phrases import CueFinder, split_words

ADVERSE_EVENTS = "adverse_events"

_CONTEXT_CONFIDENCE = 0.8
"""Lowers the confidence if the outcome is named outside the cell."""

_NO_AMOUNT_CONFIDENCE = 0.6
_MAX_NAME_WORDS = 3
_MIN_HARM_LETTERS = 7
"""The least length of a harm within a compound: `hepatotoxicity`, but not `adverse`."""
_NUMBERS = re.compile(r"[\d.,;:%±+−–\-/()\[\]<>=≤≥*~\s]+|\b(?:[pnN]|CI|SD|SE|IQR|OR|RR|HR|MD|mean|median)\b")
_BULLET = re.compile(r"(?:^|\s)(?:[-–—]\s|[•▪●·]\s?)(?=\W?[^\W\d_])")
_POLARITIES = {IMPROVED: FAVOURABLE, SAFE: FAVOURABLE, WORSENED: UNFAVOURABLE}


@dataclass(frozen=True, slots=True)
class GeneralClaimRules:
    """The rules for general claims: outcome domains, amounts, and hedges with their words."""

    concepts: GeneralRules
    amounts: AmountRules
    hedges: CueFinder

    @property
    def words(self) -> CodingWords:
        return self.amounts.words


class TreatmentWords(NamedTuple):
    """The words for a study's arms, None if it does not state two, and the folded words of its treatment cells.

    A word of the treatment names no outcome: "both diets" in a study of a diet.
    """

    intervention: str | None = None
    comparator: str | None = None
    words: frozenset[str] = frozenset()


class NamedOutcome(NamedTuple):
    """An outcome that the row or the column of a cell names; `rule_id` says which of the two."""

    concept_id: str
    phrase: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class CellClaim:
    """An outcome statement of a cell; `text[start:end]` is its cue, `text[first:last]` its sentence.

    `compares` says whether the arms of the study are compared.
    """

    outcome_id: str
    outcome_text: str
    amount: str
    direction: str
    polarity: str
    is_significant: bool | None
    is_hedged: bool
    compares: bool
    start: int
    end: int
    first: int
    last: int
    rule_id: str
    confidence: float


def find_cell_claims(
    text: str,
    named: Sequence[NamedOutcome],
    treatment: TreatmentWords,
    rules: GeneralClaimRules,
    abbreviations: Mapping[str, str] | None = None,
) -> list[CellClaim]:
    """The outcome statements of a cell, in the order of the text.

    `named` are the outcomes that its row or column names; they count if the cell itself names none. A cell that reports
    nothing ("NR") and prose whose outcome only the column names and which states no amount have no claim.
    """
    if rules.words.is_missing_value(text):
        return []
    cell = _Cell(text, treatment, rules)
    outcomes = find_statement_outcomes(cell.parsed, rules.concepts, treatment.words, abbreviations)
    if outcomes:
        return _drop_repetitions([cell.read_mention(found) for found in outcomes])
    claims = [cell.read_named(outcome) for outcome in named]
    return [claim for claim in claims if claim.amount != NOT_STATED or _is_number(text)]


def _is_number(text: str) -> bool:
    """Whether a cell holds numbers and hardly a word."""
    return any(character.isdigit() for character in text) and len(_NUMBERS.sub("", text)) <= len(text) / 2


class _Cell:
    """A cell parsed for its amounts and hedges. The items of a list are sentences."""

    def __init__(self, text: str, treatment: TreatmentWords, rules: GeneralClaimRules) -> None:
        lined = _BULLET.sub(lambda match: "\n" + " " * (len(match.group()) - 1), text)
        arms = find_arm_mentions(lined, treatment.intervention, treatment.comparator, rules.amounts)
        self.text = text
        self.rules = rules
        self.parsed = AmountText(lined, arms, rules.amounts)
        words = split_words(lined)
        self.hedges = sorted(words[hit.first].start for hit in rules.hedges.find_all(words))

    def read_mention(self, found: Found) -> CellClaim:
        """The claim of an outcome that the cell names."""
        end = _find_name_end(self.parsed, found.end, self.rules.words)
        amount = find_amount(self.parsed, Outcome(self.text[found.start : end], found.start, end))
        start, stop = found.start, end
        first, last = self.parsed.sentence_span(found.start)
        if amount.end > amount.start and first <= amount.start and amount.end <= last:
            start, stop = min(start, amount.start), max(stop, amount.end)
        named = NamedOutcome(found.concept_id, amount.outcome.phrase, found.rule_id)
        return self._to_claim(named, amount, (start, stop), (first, last), found.confidence)

    def read_named(self, outcome: NamedOutcome) -> CellClaim:
        """The claim of an outcome that the row or the column names."""
        amount = find_amount(self.parsed, Outcome(outcome.phrase))
        if self._is_mixed():
            amount = replace(amount, amount=NOT_STATED, in_both=None)
        whole = len(self.text) - len(self.text.lstrip()), len(self.text.rstrip())
        if amount.end == amount.start:
            return self._to_claim(outcome, amount, whole, whole, _CONTEXT_CONFIDENCE)
        first, last = self.parsed.sentence_span(amount.start)
        sentence = min(first, amount.start), max(last, amount.end)
        return self._to_claim(outcome, amount, (amount.start, amount.end), sentence, _CONTEXT_CONFIDENCE)

    def _is_mixed(self) -> bool:
        """Whether some things go up and others do not, so that an outcome named outside has no single amount."""
        senses = {event.sense for clause in self.parsed.clauses for event in clause.events}
        return len(senses & {"up", "down", "same"}) > 1

    def _to_claim(
        self,
        outcome: NamedOutcome,
        amount: Amount,
        cue: tuple[int, int],
        sentence: tuple[int, int],
        confidence: float,
    ) -> CellClaim:
        value, direction = _judge(amount, outcome, self.rules.words)
        certainty = _NO_AMOUNT_CONFIDENCE if value == NOT_STATED else amount.confidence
        return CellClaim(
            outcome_id=outcome.concept_id,
            outcome_text=outcome.phrase,
            amount=value,
            direction=direction,
            polarity=_POLARITIES.get(direction, NEUTRAL),
            is_significant=amount.is_significant,
            is_hedged=bisect_left(self.hedges, sentence[0]) < bisect_left(self.hedges, sentence[1]),
            compares=amount.compares and value != NOT_STATED,
            start=cue[0],
            end=cue[1],
            first=sentence[0],
            last=sentence[1],
            rule_id=outcome.rule_id,
            confidence=round(confidence * certainty, 3),
        )


def _judge(amount: Amount, outcome: NamedOutcome, words: CodingWords) -> tuple[str, str]:
    """The amount and the direction of an outcome.

    "Better" and "worse" say the direction themselves, and of an outcome that is neither a benefit nor a harm they do
    not say whether there is more or less of it. A change in both arms is one against before.
    """
    if amount.rule_id == "absence" and outcome.concept_id == ADVERSE_EVENTS and not amount.compares:
        return NOT_STATED, SAFE
    value = amount.in_both or amount.amount
    if value == NO_DIFFERENCE:
        return value, NO_DIFFERENCE
    if value == NOT_STATED:
        return value, NOT_DIRECTIONAL
    valence = find_valence(outcome.phrase, outcome.concept_id, outcome.rule_id, words)
    if amount.is_judged:
        is_better = (value == HIGHER) == (_is_counted_up(amount.outcome.phrase, words))
        return (value if valence else NOT_STATED), (IMPROVED if is_better else WORSENED)
    if valence == 0:
        return value, NOT_DIRECTIONAL
    return value, IMPROVED if (value == HIGHER) == (valence > 0) else WORSENED


def _is_counted_up(phrase: str, words: CodingWords) -> bool:
    """Whether `amounts` takes an improvement of an outcome for more of it."""
    return words.harm_words.isdisjoint(word.folded for word in split_words(phrase))


def find_valence(phrase: str, outcome_id: str, rule_id: str, words: CodingWords) -> int:
    """1 if more of an outcome is better for the patient, -1 if it is worse, 0 if neither its words nor its domain tell.

    The last telling word decides: "pain relief" is a benefit, "relapse" a harm. A disease is a harm.
    """
    valence = (outcome_id in words.benefit_domains) - (outcome_id in words.harm_domains or rule_id == "condition")
    for word in split_words(phrase):
        if _is_harm(word.folded, words):
            valence = -1
        elif word.folded in words.benefit_words:
            valence = 1
    return valence


def _is_harm(folded: str, words: CodingWords) -> bool:
    """Whether a word, its singular, or the last part of a compound such as "hepatotoxicity" names a harm."""
    last_parts = (folded[start:] for start in range(3, len(folded) - _MIN_HARM_LETTERS + 1))
    return not words.harm_words.isdisjoint((folded, folded.removesuffix("s"), *last_parts))


def _find_name_end(parsed: AmountText, end: int, words: CodingWords) -> int:
    """The end of an outcome's name that goes on with words that tell whether more of it is better ("pain relief")."""
    number = parsed.word_number(end)
    for following in range(number, min(number + _MAX_NAME_WORDS, len(parsed.words))):
        word = parsed.words[following]
        if word.breaks or parsed.gap_before(following).strip() if following else False:
            break
        if word.folded in words.harm_words or word.folded in words.benefit_words:
            end = word.end
        elif word.folded not in words.measure_words:
            break
    return end


def _drop_repetitions(claims: Sequence[CellClaim]) -> list[CellClaim]:
    """The claims of a cell, with one per outcome and amount of a sentence.

    A mention without an amount says nothing beside one of the same outcome with an amount.
    """
    stated = {claim.outcome_id for claim in claims if claim.amount != NOT_STATED}
    kept: dict[tuple[str, str, int], CellClaim] = {}
    for claim in claims:
        if claim.amount != NOT_STATED or claim.outcome_id not in stated:
            first = claim.first if claim.amount != NOT_STATED else 0
            kept.setdefault((claim.outcome_id, claim.amount, first), claim)
    return list(kept.values())
