"""Finds the word of direction that governs an outcome in a clause.

In "surgery could relieve pain" the word "relieve" governs "pain"; in "the risk of complications was high" it is "high".
Takes a parsed clause and a mention of an outcome and returns the governing hit, or None. `outcome_directions` decides
what the two mean together.
"""

from __future__ import annotations

from itertools import pairwise

from pipelines.curate.clauses import Clause, ParsedText
from pipelines.curate.grammar import (
    ASPECT_PREPOSITIONS,
    CAUSE_MARKERS,
    COMPARISON_MARKERS,
    COORDINATORS,
    GERUND_PREPOSITIONS,
    OBJECT_PREPOSITIONS,
    PREDICATE_ENDS,
)
from pipelines.vocabularies.cue_phrases import Hit

_MAX_PREDICATE_DISTANCE = 8
_MAX_ABSENCE_DISTANCE = 4


def is_comparator(parsed: ParsedText, clause: Clause, mention: Hit) -> bool:
    """Whether something else is compared with the mention: "as effective as multiple fractions"."""
    if mention.first == clause.first:
        return False
    before = parsed.words[mention.first - 1].folded
    if before in COMPARISON_MARKERS:
        return True
    return before == "as" and any(direction.last == mention.first for direction in clause.directions)


def is_cause(parsed: ParsedText, clause: Clause, mention: Hit) -> bool:
    """Whether words before the mention introduce a cause: "pain caused by instability"."""
    return any(pair in CAUSE_MARKERS for pair in pairwise(parsed.folded(clause.first, mention.first)))


def find_inner_direction(clause: Clause, term: Hit) -> Hit | None:
    """The direction within an outcome phrase that has a gap: "deliver a higher dose"."""
    if not term.cue.has_gap:
        return None
    for direction in clause.directions:
        if term.first < direction.first and direction.last <= term.last:
            return direction
    return None


def find_direction_before(parsed: ParsedText, clause: Clause, term: Hit) -> Hit | None:
    """The nearest direction before the term that reaches it.

    A verb of having ("has", "require") gives way to a direction that it depends on: "more likely to have pain".
    """
    candidates = [hit for hit in clause.directions if hit.first < term.first and hit.last <= term.last]
    for place in range(len(candidates) - 1, -1, -1):
        candidate = candidates[place]
        if not _reaches(parsed, candidate, term):
            return None
        if candidate.cue.values["sense"] != "has":
            return candidate
        for earlier in reversed(candidates[:place]):
            likelihood = parsed.rules.words.likelihood_words & set(parsed.folded(earlier.first, earlier.last))
            is_near = candidate.first - earlier.last <= 3
            if (likelihood or is_near) and _reaches(parsed, earlier, term):
                return earlier
        return candidate
    return None


def _reaches(parsed: ParsedText, direction: Hit, term: Hit) -> bool:
    """Whether no barrier and no verb separates a direction from a later term.

    A preposition right after the direction joins the two ("improvement in pain") unless it is about the patients.
    """
    between = parsed.folded(direction.last, term.first)
    if between[:1] == ["than"]:
        # "better than surgery for pain": skip what it is compared with.
        aspects = [number for number, word in enumerate(between) if word in ASPECT_PREPOSITIONS]
        between = between[aspects[-1] + 1 :] if aspects else between
    if between and between[0] in OBJECT_PREPOSITIONS and not parsed.rules.words.patients.intersection(between[1:3]):
        between = between[1:]
    return parsed.rules.barriers.isdisjoint(between) and parsed.rules.predicate_verbs.isdisjoint(between)


def find_predicate(parsed: ParsedText, clause: Clause, term: Hit, *, crosses_and: bool) -> tuple[bool, Hit | None]:
    """Whether the term is the subject of a verb, and the direction in the predicate of that verb.

    With `crosses_and` the verb may follow an "and" ("pain and function were improved"). It must not if the term is the
    object of an earlier verb ("relieved pain and complications were rare").
    """
    limit = min(clause.last, term.last + _MAX_PREDICATE_DISTANCE)
    finite_verbs = parsed.rules.finite_verbs
    for number in range(term.last, limit):
        word = parsed.words[number].folded
        if word in PREDICATE_ENDS:
            return False, None
        if word in COORDINATORS:
            begins_predicate = number + 1 < limit and parsed.words[number + 1].folded in finite_verbs
            if not crosses_and or begins_predicate:
                return False, None
        if any(direction.first == number for direction in clause.directions):
            return False, None
        if word in finite_verbs:
            for direction in clause.directions:
                is_near = number <= direction.first <= number + 5
                if is_near and COORDINATORS.isdisjoint(parsed.folded(number, direction.first)):
                    return True, direction
            return True, None
    return False, None


def find_verb_after(parsed: ParsedText, clause: Clause, term: Hit) -> Hit | None:
    """The verb of direction right after the term: "pain decreased", "function significantly improved"."""
    for direction in clause.directions:
        gap = direction.first - term.last
        if gap == 0 or (gap == 1 and parsed.words[term.last].folded.endswith("ly")):
            verb = parsed.words[direction.first].folded
            if verb.endswith("ed") or verb in parsed.rules.words.change_verbs:
                return direction
    return None


def find_absence(parsed: ParsedText, clause: Clause, term: Hit) -> int | None:
    """The number of the word that says the outcome did not happen ("without major complications"), or None."""
    earliest = max(clause.first, term.first - _MAX_ABSENCE_DISTANCE)
    for number in range(term.first - 1, earliest - 1, -1):
        word = parsed.words[number].folded
        if word in parsed.rules.words.absence_words:
            return number
        if word in parsed.rules.absence_limits:
            return None
    return None


def find_outer_direction(parsed: ParsedText, clause: Clause, governor: Hit) -> Hit | None:
    """The direction that modifies another: "worse control", "less reduction", "inferior to surgery in relieving"."""
    comparison = None
    for direction in clause.directions:
        if direction.last == governor.first:
            return direction
        if direction.last < governor.first and direction.cue.values["compares"] == "yes":
            comparison = direction
    before = parsed.folded(governor.first - 1, governor.first)
    is_gerund = parsed.words[governor.first].folded.endswith("ing")
    return comparison if is_gerund and before and before[0] in GERUND_PREPOSITIONS else None
