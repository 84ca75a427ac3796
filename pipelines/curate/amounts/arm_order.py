"""Decides which arm the words of amount in a clause are about.

"Higher in the placebo group than in the treated group" is about the comparator. Takes a parsed clause and its governing
words and returns a sign for the intervention.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.amounts.amount_events import Event
from pipelines.curate.amounts.amount_phrases import find_subclause
from pipelines.curate.amounts.arm_mentions import BASELINE, BETWEEN, BOTH, ArmMention
from pipelines.curate.amounts.arm_names import COMPARATOR, INTERVENTION
from pipelines.curate.grammar import COMPARISON_MARKERS, COORDINATORS
from pipelines.vocabularies.cue_phrases import split_words

_MORE_MARKERS = frozenset({"comparing", "opposed"})
"""With "to" or "with" they introduce what is compared with, besides the lists of `coding_words.csv`."""

_BETWEEN_WORDS = frozenset({"between", "among", "either", "both", "neither", "from"})
_JOINING_WORDS = COORDINATORS | {"the", "in", "group", "groups", "both"}
_MAX_BASELINE_GAP = 4
_MAX_ARM_GAP = 5


class Orientation(NamedTuple):
    """`sign` is 1 if words of amount say that of the intervention, -1 if that of the comparator, 0 if that of both.

    `compares` says whether they compare the arms.
    """

    sign: int
    compares: bool
    confidence: float


def find_orientation(parsed: AmountText, clause: AmountClause, chain: Sequence[Event]) -> Orientation:
    """Which arm the words of amount `chain` are about. Without a word about arms it is the intervention."""
    marker = find_marker(parsed, clause, chain)
    reference, subject = _split_arms(parsed, clause, marker)
    referred = {arm.arm for arm in reference} - {BOTH, BETWEEN}
    if referred == {COMPARATOR}:
        return Orientation(1, True, 0.9)
    if referred == {INTERVENTION}:
        return Orientation(-1, True, 0.9)
    if referred == {INTERVENTION, COMPARATOR}:
        return Orientation(1 if reference[0].arm == COMPARATOR else -1, True, 0.7)
    nearest = _find_nearest(parsed, subject, chain)
    if nearest == INTERVENTION:
        return Orientation(1, marker is not None or BASELINE not in referred, 0.85)
    if nearest == COMPARATOR:
        return Orientation(-1, True, 0.8)
    if nearest == BOTH:
        return Orientation(0, False, 0.6)
    return Orientation(1, marker is not None, 0.6)


def compares_arms(parsed: AmountText, clause: AmountClause, chain: Sequence[Event]) -> bool:
    """Whether a clause that says that nothing differs compares the arms; "no change in the treated group" does not."""
    named = {arm.arm for arm in clause.arms} - {BASELINE}
    return (
        named not in ({INTERVENTION}, {COMPARATOR})
        or find_marker(parsed, clause, chain) is not None
        or not _BETWEEN_WORDS.isdisjoint(parsed.folded(clause.first, clause.last))
    )


def find_marker(parsed: AmountText, clause: AmountClause, chain: Sequence[Event]) -> int | None:
    """The word that introduces what is compared with: the first after the chain, or one that opens the clause."""
    opening = None
    begin = find_subclause(parsed, clause.first, chain[0].first)
    for number in range(clause.first, clause.last):
        if _is_marker(parsed, clause, number, chain):
            if number >= chain[0].first:
                return number
            if not parsed.has_verb(begin, number):
                opening = number
    return opening


def _is_marker(parsed: AmountText, clause: AmountClause, number: int, chain: Sequence[Event]) -> bool:
    word, words = parsed.words[number].folded, parsed.rules.words
    if word in COMPARISON_MARKERS or word in words.exceeding_words:
        return True
    if word == "against":
        # Antibodies and protection are against something else.
        return any(0 <= arm.start - parsed.words[number].end <= _MAX_ARM_GAP for arm in clause.arms)
    if word == "as":
        # "twice as high in one arm as in the other"
        return any(
            event.first < event.last <= number and parsed.words[event.last - 1].folded == "as" for event in chain
        )
    is_introducing = word in words.comparison_words or word in words.comparison_adjectives or word in _MORE_MARKERS
    return is_introducing and not {"with", "to"}.isdisjoint(parsed.folded(number + 1, number + 2))


def _split_arms(
    parsed: AmountText, clause: AmountClause, marker: int | None
) -> tuple[Sequence[ArmMention], Sequence[ArmMention]]:
    """The arms that are compared with, which follow the marker up to a comma, and the other arms."""
    arms: Sequence[ArmMention] = clause.arms
    if marker is None:
        return (), arms
    # "Than before" is a mention of the baseline that begins with its marker.
    following = [arm for arm in arms if arm.start >= parsed.words[marker].start]
    comma = parsed.plain.find(",", parsed.words[marker].end, clause.end)
    reference = [arm for arm in following if comma < 0 or arm.start < comma] or following
    if len(reference) > 1 and reference[0].arm == BASELINE:
        between = parsed.plain[reference[0].end : reference[1].start].split()
        if "and" not in between:
            # "Than before in the treated group", but not "than at baseline and in the control group"
            if "in" not in between and reference[1].start <= reference[0].end + _MAX_BASELINE_GAP:
                # In "that observed before milk intake" the milk is no arm.
                arms = [arm for arm in arms if arm != reference[1]]
            reference = reference[:1]
    return reference, [arm for arm in arms if arm not in reference]


def _find_nearest(parsed: AmountText, arms: Sequence[ArmMention], chain: Sequence[Event]) -> str | None:
    """The arm that the words of amount are about: the first after them, or else the last before them."""
    named = [
        arm
        for arm in arms
        if arm.arm not in (BASELINE, BETWEEN)
        and not parsed.plain[max(0, arm.start - 9) : arm.start].endswith(("but not ", "and not "))
    ]
    end = chain[-1].end
    chosen = [arm for arm in named if arm.start >= end] or named[::-1]
    if len(chosen) > 1 and {chosen[0].arm, chosen[1].arm} == {INTERVENTION, COMPARATOR}:
        first, second = sorted(chosen[:2])
        if parsed.plain[max(0, first.start - 20) : first.start].rstrip().endswith(("between", "between the")):
            return None
        between = {word.folded for word in split_words(parsed.plain[first.end : second.start])}
        if between & COORDINATORS and between <= _JOINING_WORDS:
            return BOTH
    return chosen[0].arm if chosen else None
