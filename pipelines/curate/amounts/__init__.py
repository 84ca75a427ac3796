"""Reads the amount of an outcome in one arm of a comparison against the other: higher, lower or no difference.

Takes a text (a sentence, a cell), mentions of outcomes and mentions of arms, and returns one `Amount` per outcome. An
amount is not a benefit: "recurrence was higher in the placebo group" is `lower` for the intervention. A difference that
the text calls not significant is `no_difference`. The text is parsed in `amount_clauses`; words are data
(`schemas/vocabularies/cues/amount.csv` and `arm.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.amounts.amount_events import Event, has_negator_after
from pipelines.curate.amounts.amount_phrases import find_governing, multiply_senses
from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_mentions import BETWEEN, ArmMention, find_arm_mentions
from pipelines.curate.amounts.arm_names import COMPARATOR, INTERVENTION
from pipelines.curate.amounts.arm_numbers import compare_numbers
from pipelines.curate.amounts.arm_order import compares_arms, find_marker, find_orientation
from pipelines.curate.amounts.clause_significance import (
    SIGNIFICANCE_SENSES,
    Significance,
    find_ratio,
    find_significance,
)
from pipelines.curate.amounts.continuations import is_about_other_arm, is_at_time, is_bare, refers_back
from pipelines.curate.amounts.phrase_mentions import find_phrase_mentions
from pipelines.vocabularies.cue_phrases import split_words

HIGHER, LOWER, NO_DIFFERENCE = "higher", "lower", "no_difference"
NOT_STATED = "not_stated"
NEITHER = "neither"

_LIST_MARK = re.compile(r"[,;]|\band\b|\bor\b")
_MEASURED_BY = re.compile(
    r"\b(?:according to|assessed|measured|evaluated|determined|scored|defined|on the|by the|using)\b|\(", re.IGNORECASE
)
"""After one of these a phrase lists how an outcome is measured."""

_ABSENCE_WORDS = frozenset({"no", "without", "neither", "nor"})
_MAX_ABSENCE_DISTANCE = 4
_MAX_CONTINUATIONS = 4
_MAX_MENTIONS = 20
_SURE_SCORE = 0.75
"""A text that mentions an outcome this well is not read as if the outcome were given by its context."""


_Item = TypeVar("_Item", Event, ArmMention)


class Outcome(NamedTuple):
    """An outcome: its words, and where the text mentions it; None if it is given by the context, such as a column."""

    phrase: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """The amount of an outcome in the intervention arm against the comparator; `text[start:end]` is its cue.

    `amount` is higher, lower, no_difference or not_stated; `higher_arm` is the arm with more of it: intervention,
    comparator, neither or not_stated. `is_significant` is None if the text does not say. `compares` says whether the
    arms are compared, `is_judged` whether the words say "better" or "worse" instead of "more" or "less". `in_both` is
    the change that both arms are said to have ("pain improved in both groups"), which is no difference between them.
    """

    outcome: Outcome
    amount: str
    is_significant: bool | None
    higher_arm: str
    start: int
    end: int
    rule_id: str
    confidence: float
    compares: bool = False
    is_judged: bool = False
    in_both: str | None = None


class _Reading(NamedTuple):
    """What a clause says: sign 1 or -1 for the intervention, 0 for no difference, None if it has no direction.

    `compares` says whether it compares the arms; "pain improved in both groups" does not. `is_judged` says whether its
    words are "better" or "worse". `sign_in_both` is that of a change in both arms.
    """

    sign: int | None
    is_significant: bool | None
    start: int
    end: int
    rule_id: str
    confidence: float
    compares: bool = True
    is_judged: bool = False
    sign_in_both: int | None = None


class _Place(NamedTuple):
    """An outcome in a clause: words `first` to `last` (exclusive), characters `start` to `end`, and its polarity.

    The polarity is 1 if an improvement is more of the outcome, -1 if it is less. An outcome that the context gives has
    no words.
    """

    outcome: Outcome
    first: int
    last: int
    start: int
    end: int
    polarity: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def find_amounts(
    text: str, outcomes: Sequence[Outcome], arms: Sequence[ArmMention], rules: AmountRules
) -> list[Amount]:
    """One amount per outcome, in the order given. The time is linear in the length of the text per outcome."""
    parsed = AmountText(text, arms, rules)
    return [find_amount(parsed, outcome) for outcome in outcomes]


def read_amount(
    text: str, outcome: str, intervention: str | None, comparator: str | None, rules: AmountRules
) -> Amount:
    """The amount of an outcome that is given in words, as are the arms: that of its best mention which has one.

    A text that hardly mentions the outcome is read as if the context gave it.
    """
    arms = find_arm_mentions(text, intervention, comparator, rules)
    mentions = find_phrase_mentions(text, outcome, rules.words.measure_words)
    best = sorted(mentions, key=lambda mention: -mention.score)[:_MAX_MENTIONS]
    outcomes = [Outcome(outcome, mention.start, mention.end) for mention in best]
    if not best or best[0].score < _SURE_SCORE:
        outcomes.append(Outcome(outcome))
    amounts = find_amounts(text, outcomes, arms, rules)
    return next((amount for amount in amounts if amount.amount != NOT_STATED), amounts[0])


def find_amount(parsed: AmountText, outcome: Outcome) -> Amount:
    """The amount of one outcome in a parsed text."""
    polarity = _find_polarity(parsed, outcome)
    if outcome.start is not None:
        reading = _read_mention(parsed, outcome, outcome.start, polarity)
    else:
        reading = None
        for clause in parsed.clauses:
            if not is_about_other_arm(parsed, clause):
                reading = _combine(reading, _read_clause(parsed, clause, _locate(parsed, clause, outcome, polarity)))
    if reading is None:
        return Amount(outcome, NOT_STATED, None, NOT_STATED, 0, 0, "none", 0.0)
    amount = _to_amount(reading.sign)
    if reading.is_significant is False:
        amount = NO_DIFFERENCE
    arm = {HIGHER: INTERVENTION, LOWER: COMPARATOR, NO_DIFFERENCE: NEITHER}.get(amount, NOT_STATED)
    return Amount(
        outcome=outcome,
        amount=amount,
        is_significant=reading.is_significant,
        higher_arm=arm,
        start=reading.start,
        end=reading.end,
        rule_id=reading.rule_id,
        confidence=reading.confidence,
        compares=reading.compares,
        is_judged=reading.is_judged,
        in_both=None if reading.sign_in_both is None else _to_amount(reading.sign_in_both),
    )


def _to_amount(sign: int | None) -> str:
    return NOT_STATED if sign is None else {1: HIGHER, -1: LOWER, 0: NO_DIFFERENCE}[sign]


def _find_polarity(parsed: AmountText, outcome: Outcome) -> int:
    """1 if an improvement of the outcome is more of it, -1 if it is less ("pain", but not "pain relief")."""
    rules, phrase = parsed.rules, outcome.phrase
    head = _MEASURED_BY.split(phrase, maxsplit=1)[0]
    if outcome.start is not None and _LIST_MARK.search(head):
        # Of several outcomes the one that is mentioned counts.
        phrase = parsed.text[outcome.start : outcome.end]
    words = split_words(phrase)
    senses = {hit.cue.values["sense"] for hit in rules.amounts.find_all(words)}
    is_harm = any(word.folded in rules.words.harm_words for word in words)
    return -1 if is_harm and not senses & {"up", "down", "better"} else 1


def _locate(parsed: AmountText, clause: AmountClause, outcome: Outcome, polarity: int) -> _Place:
    if outcome.start is None or outcome.end is None:
        return _Place(Outcome(outcome.phrase), clause.first, clause.first, clause.start, clause.start, polarity)
    first, last = parsed.word_number(outcome.start), parsed.word_number(outcome.end)
    return _Place(outcome, first, last, outcome.start, outcome.end, polarity)


def _read_mention(parsed: AmountText, outcome: Outcome, start: int, polarity: int) -> _Reading | None:
    """The reading of the clause that mentions the outcome, with what the clauses after it add."""
    number = parsed.clause_number(start)
    if number is None:
        return None
    here = parsed.clauses[number]
    reading = _read_clause(parsed, here, _locate(parsed, here, outcome, polarity))
    goes_on = True
    for clause in parsed.clauses[number + 1 : number + 1 + _MAX_CONTINUATIONS]:
        place = _locate(parsed, clause, Outcome(outcome.phrase), polarity)
        if is_at_time(parsed, clause, outcome.phrase) and not is_at_time(parsed, here, outcome.phrase):
            # "... did not differ at 6 months, but was lower at 18 months"
            return _read_clause(parsed, clause, place) or reading
        is_about_all = is_bare(parsed, clause)
        goes_on = goes_on and (is_about_all or refers_back(parsed, clause))
        if not goes_on and not (is_about_all and any(arm.arm == BETWEEN for arm in clause.arms)):
            # A later "there was no difference between groups" is about all outcomes before it.
            continue
        if not is_about_other_arm(parsed, clause):
            reading = _combine(reading, _read_clause(parsed, clause, place))
    return reading


def _combine(first: _Reading | None, added: _Reading | None) -> _Reading | None:
    """The reading of two clauses about one outcome: what compares the arms counts more, what is added later wins."""
    if first is None or added is None:
        return first or added
    if added.sign is None:
        significance = added.is_significant if added.is_significant is not None else first.is_significant
        return first._replace(is_significant=significance)
    if first.sign is None or (added.compares and not first.compares):
        return added
    if first.sign == 0 and added.sign != 0 and added.is_significant:
        return added
    return added if added.sign == 0 and added.compares else first


def _read_clause(parsed: AmountText, clause: AmountClause, place: _Place) -> _Reading | None:
    clause = clause._replace(arms=_outside(clause.arms, place), events=_outside(clause.events, place))
    amounts = [event for event in clause.events if event.sense not in SIGNIFICANCE_SENSES]
    is_named = place.outcome.start is not None
    chain, rule_id = find_governing(parsed, clause, amounts, (place.first, place.last), place.span, is_named=is_named)
    significance = find_significance(parsed, clause, chain, place.span)
    if not chain:
        if significance.is_significant is None:
            return _read_absence(parsed, clause, place)
        return _read_significance(parsed, clause, place, significance)
    if chain[-1].first < place.first and has_negator_after(parsed.words, place.last, parsed.rules):
        # "A difference in mood was not found"
        chain = [event._replace(is_negated=True) for event in chain]
    if any(event.is_negated or event.sense == "same" for event in chain):
        return _read_sameness(parsed, clause, chain, rule_id, significance)
    return _read_direction(parsed, clause, place, chain, rule_id, significance)


def _outside(items: tuple[_Item, ...], place: _Place) -> tuple[_Item, ...]:
    """The events or arms that are not part of the outcome."""
    return tuple(item for item in items if item.end <= place.start or item.start >= place.end)


def _read_absence(parsed: AmountText, clause: AmountClause, place: _Place) -> _Reading | None:
    """The reading of "no adverse events occurred"; None if that is said of one arm only."""
    arms = {arm.arm for arm in clause.arms}
    for number in range(place.first - 1, max(clause.first, place.first - _MAX_ABSENCE_DISTANCE) - 1, -1):
        word = parsed.words[number]
        if word.folded in _ABSENCE_WORDS:
            if arms in ({INTERVENTION}, {COMPARATOR}):
                return None
            return _Reading(0, None, word.start, max(word.end, place.end), "absence", 0.7, compares=bool(arms))
    return None


def _read_significance(parsed: AmountText, clause: AmountClause, place: _Place, significance: Significance) -> _Reading:
    """The reading of a clause without words of amount: "(p = 0.2)", "OR 1.5 (1.1–2.0)", "12 % against 25 %"."""
    start, end = significance.start, significance.end
    if not significance.is_significant:
        return _Reading(0, False, start, end, "significance", 0.8)
    ratio = find_ratio(parsed, clause, place.end)
    if ratio is not None:
        words = {word.folded for word in split_words(place.outcome.phrase)}
        is_survival = not words.isdisjoint(parsed.rules.words.survival_words)
        sign = (1 if ratio > 1 else -1) * (-1 if is_survival else 1)
        return _Reading(sign, True, start, end, "ratio", 0.7)
    numbers = compare_numbers(parsed, clause, place.span)
    if numbers is not None:
        return _Reading(numbers.sign, True, numbers.start, numbers.end, "numbers", 0.75)
    return _Reading(None, True, start, end, "significance", 0.8)


def _read_sameness(
    parsed: AmountText, clause: AmountClause, chain: Sequence[Event], rule_id: str, significance: Significance
) -> _Reading:
    """The reading of "did not differ" and "similar"; without direction for "not similar"."""
    start, end = min(event.start for event in chain), max(event.end for event in chain)
    compares = compares_arms(parsed, clause, chain)
    if any(event.is_negated for event in chain if event.sense != "same"):
        if not compares and COMPARATOR in {arm.arm for arm in clause.arms}:
            # "Pain did not change in the control group"
            return _Reading(None, None, start, end, rule_id, 0.9, compares)
        return _Reading(0, False, start, end, rule_id, 0.9, compares)
    if any(event.is_negated for event in chain):
        return _Reading(None, None, start, end, rule_id, 0.5)
    is_significant = False if significance.is_significant is False else None
    return _Reading(0, is_significant, start, end, rule_id, 0.9, compares)


def _read_direction(
    parsed: AmountText,
    clause: AmountClause,
    place: _Place,
    chain: Sequence[Event],
    rule_id: str,
    significance: Significance,
) -> _Reading:
    """The reading of "higher", "improved", "greater reduction", and of a mere difference through its numbers."""
    is_significant = significance.is_significant
    start, end = min(event.start for event in chain), max(event.end for event in chain)
    sign = multiply_senses(chain, place.polarity)
    if is_significant is False:
        return _Reading(
            0, False, start, end, rule_id if sign is None else "not_significant", 0.6 if sign is None else 0.9
        )
    later = {arm.arm for arm in clause.arms if arm.start >= end}
    names_both = {INTERVENTION, COMPARATOR} <= later and find_marker(parsed, clause, chain) is None
    is_difference = any(event.sense == "differ" or event.is_change for event in chain)
    if is_significant and (is_difference if sign is None else names_both):
        numbers = compare_numbers(parsed, clause, place.span)
        if numbers is not None:
            # "It fell by 30 % in one arm and by 12 % in the other"
            is_fall = sign == -1 and parsed.text[max(0, numbers.start - 3) : numbers.start] == "by "
            return _Reading(
                -numbers.sign if is_fall else numbers.sign, True, numbers.start, numbers.end, "numbers", 0.7
            )
    if sign is None:
        return _Reading(None, is_significant, start, end, rule_id, 0.6)
    orientation = find_orientation(parsed, clause, chain)
    return _Reading(
        sign * orientation.sign,
        is_significant,
        start,
        end,
        rule_id,
        orientation.confidence,
        orientation.compares,
        is_judged=chain[-1].sense in ("better", "worse", "favors"),
        sign_in_both=sign if orientation.sign == 0 else None,
    )
