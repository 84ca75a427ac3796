"""Tells which clauses go on about the outcome of the clause before them.

"Pain was lower in the treated group, but this was not significant": the second clause names no outcome of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.grammar import CLAUSE_OPENERS, COORDINATORS, NEGATORS

_BACK_REFERENCES = frozenset(
    {"it", "they", "this", "these", "those", "such", "did", "does", "failed", "difference", "differences"}
)
"""At the beginning of a clause they refer to what the clause before it was about."""

_TIME = re.compile(r"\b(\d{1,4})[\s-]?(h|min|day|week|wk|month|year)", re.IGNORECASE)


def is_at_time(parsed: AmountText, clause: AmountClause, phrase: str) -> bool:
    """Whether a clause names a time that the phrase of an outcome names, such as "18 months"."""
    times = {(match[1], match[2].casefold()) for match in _TIME.finditer(phrase)}
    found = {(match[1], match[2].casefold()) for match in _TIME.finditer(parsed.text, clause.start, clause.end)}
    return bool(times & found)


def refers_back(parsed: AmountText, clause: AmountClause) -> bool:
    """Whether the subject of a clause is what the clause before it was about: "it", "these differences", "did not"."""
    words = parsed.folded(clause.first, clause.first + 6)
    if words[:1] == ["which"]:
        return parsed.has_verb(clause.first, clause.first + 2)
    words = [word for word in words if word not in CLAUSE_OPENERS and word not in COORDINATORS]
    if words[:1] == ["the"]:
        return words[1:2] in (["difference"], ["differences"], ["trend"])
    if words[:1] == ["not"]:
        return any(event.first == clause.first + 2 and event.is_negated for event in clause.events)
    if words[:1] in (["was"], ["were"]):
        return words[1:2] == ["not"]
    return bool(words) and words[0] in _BACK_REFERENCES


def is_about_other_arm(parsed: AmountText, clause: AmountClause) -> bool:
    """Whether a clause only says that something does not hold for an arm: "but not in the control group"."""
    words = [word for word in parsed.folded(clause.first, clause.first + 3) if word not in CLAUSE_OPENERS]
    return words[:1] == ["not"] and words[1:2] in (["in"], ["for"], ["with"], ["after"]) and not clause.events


def is_bare(parsed: AmountText, clause: AmountClause) -> bool:
    """Whether a clause names no outcome: all its words are words of amount, arms and neutral words."""
    spans = [(event.start, event.end) for event in clause.events] + [(arm.start, arm.end) for arm in clause.arms]
    spans.sort()
    starts = [start for start, _ in spans]
    for word in parsed.words[clause.first : clause.last]:
        if word.folded in parsed.rules.words.neutral_words or word.folded in NEGATORS or word.folded[0].isdigit():
            continue
        if word.folded in CLAUSE_OPENERS:
            continue
        place = bisect_left(starts, word.start + 1) - 1
        if place >= 0 and spans[place][1] > word.start:
            continue
        return False
    return True
