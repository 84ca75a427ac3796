"""Decides in which direction a clause says an outcome went, and what that means for the patient.

Takes a parsed clause and a mention of an outcome and returns a `Judgement`. The governing words are found in
`governing_words`; negation and hedging are read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pipelines.curate.clauses import Clause, ParsedText
from pipelines.curate.governing_words import (
    find_absence,
    find_direction_before,
    find_inner_direction,
    find_outer_direction,
    find_predicate,
    find_verb_after,
    is_cause,
    is_comparator,
)
from pipelines.curate.grammar import (
    ABILITY_WORDS,
    COORDINATORS,
    NEGATORS,
    PASSIVE_AUXILIARIES,
    PURPOSE_ENDS,
    PURPOSE_PREPOSITIONS,
)
from pipelines.vocabularies.cue_phrases import Hit

IMPROVED, WORSENED, NO_DIFFERENCE = "improved", "worsened", "no_difference"
SAFE, NOT_DIRECTIONAL = "safe_tolerable", "not_directional"
FAVOURABLE, UNFAVOURABLE, NEUTRAL = "favourable", "unfavourable", "neutral"

INDICATION = "treatment_indication"
"""The outcome of a mere recommendation; it has no direction."""

_EFFECTIVENESS = "effectiveness_unspecified"
_OPPOSITE = {IMPROVED: WORSENED, WORSENED: IMPROVED}
_MAX_NEGATION_DISTANCE = 6
_MAX_COMPARISON_DISTANCE = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """The direction and polarity of an outcome mention.

    Words `first` to `last` (exclusive) are the cue, `governor` is the hit that gave the direction, and `compares` says
    whether the words compare with something.
    """

    direction: str
    polarity: str
    first: int
    last: int
    governor: Hit
    rule_id: str
    confidence: float
    compares: bool = False


def judge_mention(parsed: ParsedText, clause: Clause, mention: Hit, comparator: str | None) -> Judgement | None:
    """The judgement of an outcome mention, or None if the clause claims nothing about that outcome.

    `comparator` is the treatment that the clause names as what it compares with.
    """
    kind = mention.cue.values["kind"]
    if kind == "block" or is_comparator(parsed, clause, mention) or is_cause(parsed, clause, mention):
        return None
    if kind == "statement":
        return _judge_statement(parsed, clause, mention, comparator)
    return _judge_term(parsed, clause, mention)


def _judge_term(parsed: ParsedText, clause: Clause, term: Hit) -> Judgement | None:
    """An outcome that takes its direction from a governing word or, without one, from itself ("pain relief")."""
    more_is = term.cue.values["more_is"]
    before = find_inner_direction(clause, term) or find_direction_before(parsed, clause, term)
    is_subject, predicate = find_predicate(parsed, clause, term, crosses_and=before is None)
    governor, rule_id, confidence = predicate, "predicate", 0.85
    if governor is None:
        governor, rule_id, confidence = before, "governing_word", 0.9
    if governor is None:
        governor, rule_id, confidence = find_verb_after(parsed, clause, term), "predicate", 0.8
    if governor is not None:
        return _judge_governed(parsed, clause, term, governor, rule_id, confidence)
    absence = find_absence(parsed, clause, term)
    if absence is not None:
        direction = SAFE if more_is == "worse" else NO_DIFFERENCE
        return Judgement(direction, _polarity(direction), absence, term.last, term, "free_of", 0.85)
    direction = term.cue.values["direction"]
    if direction:
        negators = _find_negators(parsed, clause, term.first)
        polarity = _polarity(direction, FAVOURABLE)
        if negators:
            direction, polarity = _negate(direction, more_is, negators)
        return Judgement(direction, polarity, term.first, term.last, term, "word_itself", 0.7)
    if is_subject and parsed.rules.barriers.isdisjoint(parsed.folded(clause.first, term.first)):
        return Judgement(NOT_DIRECTIONAL, NEUTRAL, term.first, term.last, term, "reported", 0.5)
    return None


def _judge_governed(
    parsed: ParsedText, clause: Clause, term: Hit, governor: Hit, rule_id: str, confidence: float
) -> Judgement:
    """An outcome with a governing word, which a further word may modify or negate."""
    more_is = term.cue.values["more_is"]
    sense = governor.cue.values["sense"]
    outer = find_outer_direction(parsed, clause, governor)
    direction = _combine(sense, more_is)
    if outer is not None and sense not in ("same", "differ"):
        match outer.cue.values["sense"]:
            case "down" | "low" | "bad":
                direction = _OPPOSITE.get(direction, direction)
            case "same":
                direction = NO_DIFFERENCE
            case "differ":
                direction = NOT_DIRECTIONAL
    first = min(governor.first, term.first, outer.first if outer else governor.first)
    last = max(governor.last, term.last)
    polarity = _polarity(direction)
    negators = _find_negators(parsed, clause, governor.first if rule_id == "predicate" else first)
    if negators and sense != "same":
        direction, polarity = _negate(direction, more_is, negators)
    compares = any(
        hit.cue.values["compares"] == "yes"
        and hit.last <= term.last
        and governor.first - hit.last <= _MAX_COMPARISON_DISTANCE
        for hit in clause.directions
        if hit.first <= governor.first
    ) or (outer is not None and outer.cue.values["compares"] == "yes")
    return Judgement(direction, polarity, first, last, governor, rule_id, confidence, compares)


def _judge_statement(parsed: ParsedText, clause: Clause, mention: Hit, comparator: str | None) -> Judgement | None:
    """Words that state an outcome and its direction at once ("safe"), unless another word changes the direction."""
    values = mention.cue.values
    more_is = values["more_is"]
    outcome_id = values["outcome_id"]
    if outcome_id == _EFFECTIVENESS and _names_endpoint(parsed, clause, mention):
        return None
    direction = values["direction"]
    unmodified = {"better": FAVOURABLE, "worse": UNFAVOURABLE}.get(more_is, NEUTRAL)
    polarity = _polarity(direction, unmodified)
    first, last, compares = mention.first, mention.last, False
    for modifier in clause.directions:
        sense = modifier.cue.values["sense"]
        if sense in ("up", "down", "same") and (_spans(modifier, mention) or modifier.last == mention.first):
            direction = _combine(sense, more_is)
            polarity = _polarity(direction)
            first, last = modifier.first, max(modifier.last, mention.last)
            compares = modifier.cue.values["compares"] == "yes"
    negators = _find_negators(parsed, clause, first)
    if negators and direction == NOT_DIRECTIONAL:
        is_negated_harm = outcome_id in parsed.rules.harms and more_is == "better"
        polarity = UNFAVOURABLE if unmodified == FAVOURABLE else FAVOURABLE
        direction = WORSENED if is_negated_harm else NOT_DIRECTIONAL
    elif negators and direction != NO_DIFFERENCE:
        direction, polarity = _negate(direction, more_is, negators)
    if comparator is not None and direction == NOT_DIRECTIONAL and outcome_id != INDICATION and more_is:
        direction = IMPROVED if polarity == FAVOURABLE else WORSENED
    return Judgement(direction, polarity, first, last, mention, "statement", 0.95, compares)


def _spans(outer: Hit, inner: Hit) -> bool:
    """Whether a hit with a gap begins before and ends after another one."""
    return outer.first < inner.first and inner.last < outer.last


def _names_endpoint(parsed: ParsedText, clause: Clause, mention: Hit) -> bool:
    """Whether later words name the outcome of "effective", as in "effective for pain control"."""
    ends = [hit.last for hit in clause.directions if _spans(hit, mention)]
    for number in range(max([mention.last, *ends]), clause.last):
        word = parsed.words[number].folded
        if word in PURPOSE_ENDS:
            return False
        if word in PURPOSE_PREPOSITIONS:
            later = [hit for hit in clause.outcomes if hit.first > number and hit.cue.values["kind"] == "term"]
            return any(
                _judge_term(parsed, clause, hit) is not None
                and parsed.rules.barriers.isdisjoint(parsed.folded(number + 1, hit.first))
                for hit in later[:3]
            )
    return False


def _combine(sense: str, more_is: str) -> str:
    """The direction that a word of this sense gives an outcome of which more is better or worse."""
    is_benefit = more_is == "better"
    match sense:
        case "good":
            return IMPROVED
        case "bad":
            return WORSENED
        case "up" | "high" | "has":
            return IMPROVED if is_benefit else WORSENED
        case "down":
            return WORSENED if is_benefit else IMPROVED
        case "low":
            return WORSENED if is_benefit else SAFE
        case "same":
            return NO_DIFFERENCE
    return NOT_DIRECTIONAL


def _polarity(direction: str, otherwise: str = NEUTRAL) -> str:
    """What a direction means for the patient; `otherwise` if the statement has no direction."""
    if direction in (IMPROVED, SAFE):
        return FAVOURABLE
    if direction == WORSENED:
        return UNFAVOURABLE
    return NEUTRAL if direction == NO_DIFFERENCE else otherwise


def _negate(direction: str, more_is: str, negators: frozenset[str]) -> tuple[str, str]:
    """Direction and polarity of a negated statement.

    "Did not improve" reports that no difference was found; "cannot improve" describes the treatment.
    """
    if direction == IMPROVED:
        return (NOT_DIRECTIONAL, UNFAVOURABLE) if negators & ABILITY_WORDS else (NO_DIFFERENCE, NEUTRAL)
    if direction == WORSENED:
        return (NO_DIFFERENCE, NEUTRAL) if more_is == "worse" else (NOT_DIRECTIONAL, NEUTRAL)
    if direction == SAFE:
        return WORSENED, UNFAVOURABLE
    return NOT_DIRECTIONAL, NEUTRAL


def _find_negators(parsed: ParsedText, clause: Clause, before: int) -> frozenset[str]:
    """The words in front of word `before`, with "not" among them, if one of them negates it; otherwise empty."""
    if ("no", "evidence") in pairwise(parsed.folded(clause.first, before)):
        return frozenset({"not"})
    words: set[str] = set()
    is_negated = False
    for number in range(before - 1, max(clause.first, before - _MAX_NEGATION_DISTANCE) - 1, -1):
        word = parsed.words[number].folded
        if word in COORDINATORS:
            break
        following = parsed.words[number + 1].folded
        if (word in NEGATORS and following != "only") or word in parsed.rules.words.failure_words:
            is_negated = True
        words.add(word)
    return frozenset(words | {"not"}) if is_negated else frozenset()


def judge_bare_mention(parsed: ParsedText, clause: Clause, mention: Hit, column: str) -> Judgement | None:
    """An outcome that a point for or against an option names without a direction; None for other mentions.

    `column` is `advantage` or `disadvantage`. A harm named as a disadvantage is worsened; a benefit has no direction.
    """
    values = mention.cue.values
    is_reachable = parsed.rules.barriers.isdisjoint(parsed.folded(clause.first, mention.first))
    if values["kind"] != "term" or not is_reachable:
        return None
    is_advantage = column == "advantage"
    direction = WORSENED if values["more_is"] == "worse" and not is_advantage else NOT_DIRECTIONAL
    polarity = FAVOURABLE if is_advantage else UNFAVOURABLE
    return Judgement(direction, polarity, mention.first, mention.last, mention, "column", 0.6)


def is_hedged(parsed: ParsedText, clause: Clause, governor: Hit) -> bool:
    """Whether a hedge applies to the word that gives the direction.

    "Could" applies to what follows it in the clause, up to a verb in the past tense with another subject: in "surgery
    could decompress and reconstruction improved stability" only the first verb is hedged.
    """
    for hedge in clause.hedges:
        if hedge.cue.values["scope"] == "clause":
            return True
        if hedge.last > governor.last:
            continue
        verb = parsed.words[governor.first].folded
        before = parsed.folded(governor.first - 2, governor.first)
        is_past_tense = verb.endswith("ed") and PASSIVE_AUXILIARIES.isdisjoint(before)
        if not is_past_tense or hedge.last >= governor.first:
            return True
    return False
