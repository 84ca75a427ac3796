"""Finds the outcomes that the statements of a cell are about, as domains of the general scheme.

Takes a text parsed into clauses and words of amount (`amounts`) and the words that name domains, and returns those that
are an outcome: the head of a noun phrase that is the subject or the object, or that follows a word of amount ("no
difference in mortality"). What follows other prepositions says in whom, when or by what: "reduced by antioxidants".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.amounts.amount_events import is_within
from pipelines.curate.general_concepts import BARRIERS, Found, GeneralRules, find_domain_words
from pipelines.curate.grammar import ABILITY_WORDS, AUXILIARIES, COORDINATORS
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.cue_phrases import Word, split_words

_LIST_JOINTS = COORDINATORS | {"or", "as", "well", "both", "plus"}
_OUTCOME_PREPOSITIONS = frozenset({"in", "on", "for", "between", "with", "to", "from", "regarding", "at"})
"""After a word of amount they introduce the outcome: "effect on mortality"."""
_COMPOUND = re.compile(r"[-\u2010\u2011](?:\w{2,20}(?:ed|ing)|dependent|free|like|positive|negative)\b")
"""What makes a name part of a compound: "hypoxia-induced"."""
_MAX_OF_WORDS = 4
_MAX_SUBJECT_WORDS = 4
_PATIENT_REACH = 3
_ASSOCIATION_REACH = 4
_AMOUNT_REACH = 6
_MAX_STEPS = 25
"""How far the words before an outcome are searched, in words."""


def find_statement_outcomes(
    parsed: AmountText,
    rules: GeneralRules,
    treatment_words: frozenset[str] = frozenset(),
    abbreviations: Mapping[str, str] | None = None,
) -> list[Found]:
    """The outcomes of the statements of a text, in order.

    Words of the treatment (`treatment_words`, folded), names of arms and abbreviations of statistics name no outcome.
    Words in brackets give details of one.
    """
    words = parsed.rules.words
    named = [
        item
        for item in find_domain_words(parsed.text, rules, abbreviations)
        if item.is_strong
        and not parsed.plain[item.found.start : item.found.end].isspace()
        and not is_within(parsed.arms, item.found.start, item.found.end)
        and not is_treatment_or_statistic(parsed.text[item.found.start : item.found.end], treatment_words, words)
    ]
    heads = _keep_heads(parsed, [item.found for item in named])
    return [found for found in heads if _is_outcome(parsed, found, words)]


def is_treatment_or_statistic(name: str, treatment_words: frozenset[str], words: CodingWords) -> bool:
    """Whether words taken for an outcome are the treatment of the study, a diet, or an abbreviation such as "CI"."""
    folded = {word.folded for word in split_words(name)}
    return folded <= treatment_words or folded <= words.statistic_words or folded <= words.treatment_nouns


def _keep_heads(parsed: AmountText, named: Sequence[Found]) -> list[Found]:
    """The head of each noun phrase: of "infection mortality" the last name, of "rate of infection" the first.

    A name in brackets right after another name repeats it. "Growth" and the like leave the place to the other name.
    """
    weak = parsed.rules.words.weak_heads
    heads: list[Found] = []
    for found in named:
        if not heads:
            heads.append(found)
            continue
        previous, gap = heads[-1], parsed.text[heads[-1].end : found.start]
        is_weak = {word.folded for word in split_words(parsed.text[found.start : found.end])} <= weak
        was_weak = {word.folded for word in split_words(parsed.text[previous.start : previous.end])} <= weak
        between = [word.folded for word in _words_between(parsed, previous.end, found.start)]
        is_unbroken = not set(gap) & set(",;:.()[]\n")
        if gap.strip() in ("(", "["):
            continue
        if is_unbroken and not between:
            heads[-1] = previous if is_weak else found
        elif is_unbroken and between[:1] == ["of"] and len(between) <= _MAX_OF_WORDS:
            heads[-1] = found if was_weak else previous
        else:
            heads.append(found)
    return heads


def _words_between(parsed: AmountText, start: int, end: int) -> list[Word]:
    first = parsed.word_number(start)
    return parsed.words[first : parsed.word_number(end)]


def _is_outcome(parsed: AmountText, found: Found, words: CodingWords) -> bool:
    """Whether the words before a name leave it an outcome; a name right before a verb is the subject of its clause."""
    number = parsed.word_number(found.start)
    place = parsed.clause_number(found.start)
    if place is None:
        return True
    clause = parsed.clauses[place]
    following = parsed.word_number(found.end)
    if _COMPOUND.match(parsed.text, found.end) or _is_agent(parsed, clause, number, following):
        return False
    if parsed.has_verb(following, min(following + 1, clause.last)) and len(parsed.gap_before(following)) == 1:
        return True
    starts = {event.first for event in clause.events}
    for before in range(number - 1, max(clause.first, number - _MAX_STEPS) - 1, -1):
        folded = parsed.words[before].folded
        if before in starts:
            return True
        if folded in words.patients and number - before <= _PATIENT_REACH:
            return False
        if folded in ("with", "to") and parsed.words[before - 1].folded in words.association_words:
            return True
        if folded in BARRIERS:
            return folded in _OUTCOME_PREPOSITIONS and _follows_amount_noun(parsed, clause, before)
        if parsed.has_verb(before, before + 1) and folded not in _LIST_JOINTS:
            return True
    return True


def _is_agent(parsed: AmountText, clause: AmountClause, number: int, following: int) -> bool:
    """Whether a name is the cause: "hypoxia increased lactate", "intake was associated with mortality".

    It is if it is the subject of an active verb of amount that has an object, or of an association.
    """
    if not parsed.rules.words.association_words.isdisjoint(parsed.folded(following, following + _ASSOCIATION_REACH)):
        return parsed.has_verb(following, following + 1)
    for event in clause.events:
        if event.first < following or event.first == event.last:
            if event.last <= number:
                return False
            continue
        verb = parsed.words[event.first]
        if event.first - following > _MAX_SUBJECT_WORDS or event.last - event.first > 1 or event.last >= clause.last:
            return False
        before = parsed.folded(max(following, event.first - 1), event.first)
        is_active = verb.folded.endswith(("s", "ed")) and AUXILIARIES.isdisjoint(before)
        is_active = is_active or not ABILITY_WORDS.isdisjoint(before)
        target = parsed.words[event.last]
        has_object = parsed.names_object(event) and target.folded not in BARRIERS
        return is_active and has_object and not target.folded.endswith("ly") and not target.folded[0].isdigit()
    return False


def _follows_amount_noun(parsed: AmountText, clause: AmountClause, before: int) -> bool:
    """Whether a preposition joins an outcome to a noun of amount.

    Between the two may be the treatment or the arms: "no effect of zinc on mortality", "no difference between groups in
    mortality".
    """
    for event in clause.events:
        if event.first == event.last or event.last > before or before - event.last > _AMOUNT_REACH:
            continue
        if parsed.words[event.last - 1].folded in parsed.rules.words.amount_nouns:
            start, end = parsed.words[event.last - 1].end, parsed.words[before].start
            names_arm = any(start <= arm.start < end for arm in clause.arms)
            if event.last == before or parsed.words[event.last].folded == "of" or names_arm:
                return True
    return False
