"""Decides which treatments a claim in a clause is about, and which treatment it compares them with.

Takes a parsed clause with the treatments named in it. How the treatments of a study's row are coded is in
`interventions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.curate.clauses import Clause, ParsedText, Treatment
from pipelines.curate.grammar import AGENT_PREPOSITIONS, COMPARISON_MARKERS, PRONOUNS

_MAX_COMPARATOR_DISTANCE = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """A treatment that a statement is about; `text[start:end]` names it.

    `rule_id` says where it is named: `before_verb`, in the clause of the statement; `earlier_clause`; `agent`, after
    the verb ("benefit from surgery"); or `earlier_sentence`, if a pronoun refers to it.
    """

    concept_id: str
    start: int
    end: int
    rule_id: str


def find_earlier_subjects(
    parsed: ParsedText, clauses: Sequence[Clause], previous_sentence: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """The candidate subjects of a clause that names no treatment: those of the nearest earlier clause that names any.

    `clauses` are the earlier clauses of the sentence. If they name none, the subjects of the previous sentence are
    returned.
    """
    for clause in reversed(clauses):
        if clause.treatments:
            return tuple(_to_subject(parsed, treatment, "earlier_clause") for treatment in clause.treatments)
    return previous_sentence


def find_subjects(
    parsed: ParsedText, clause: Clause, cue: tuple[int, int], comparator: str | None, earlier: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """The treatments that a statement is about, without its comparator.

    `cue` is the first word and the end of the statement's cue, `earlier` the result of `find_earlier_subjects`.
    """
    first, last = cue
    named = [treatment for treatment in clause.treatments if treatment.concept_id != comparator]
    before = [_to_subject(parsed, treatment, "before_verb") for treatment in named if treatment.last <= first]
    if before:
        return tuple(before)
    carried = [subject for subject in earlier if subject.concept_id != comparator]
    opening = parsed.words[clause.first].folded
    if carried and carried[0].rule_id == "earlier_sentence" and opening not in PRONOUNS:
        carried = []
    if carried:
        return tuple(carried)
    return tuple(
        _to_subject(parsed, treatment, "agent")
        for treatment in named
        if treatment.first >= last
        and not AGENT_PREPOSITIONS.isdisjoint(parsed.folded(max(last, treatment.first - 2), treatment.first))
    )


def _to_subject(parsed: ParsedText, treatment: Treatment, rule_id: str) -> Subject:
    start, end = parsed.words[treatment.first].start, parsed.words[treatment.last - 1].end
    return Subject(treatment.concept_id, start, end, rule_id)


def find_named_comparator(parsed: ParsedText, clause: Clause) -> str | None:
    """The treatment that the clause names as what it compares with, or None."""
    for number in range(clause.first, clause.last):
        end = _find_marker_end(parsed, clause, number)
        if end is None:
            continue
        for treatment in clause.treatments:
            # "older than 60 years, surgery ..." does not compare with surgery.
            has_number = any(word[0].isdigit() for word in parsed.folded(end, treatment.first))
            is_near = end <= treatment.first < min(clause.last, end + _MAX_COMPARATOR_DISTANCE)
            if is_near and not has_number:
                return treatment.concept_id
    return None


def _find_marker_end(parsed: ParsedText, clause: Clause, number: int) -> int | None:
    """The end of the words at `number` that introduce a comparator ("than", "compared with"); None if they do not."""
    words = parsed.rules.words
    word = parsed.words[number].folded
    following = parsed.words[number + 1].folded if number + 1 < clause.last else ""
    if word in COMPARISON_MARKERS:
        return number + 1
    if word in words.comparison_words and following in ("with", "to"):
        return number + 2
    if word in words.comparison_adjectives:
        return number + 2 if following in ("with", "to") else None
    if word == "as" and any(hit.last == number + 1 and hit.cue.values["sense"] == "same" for hit in clause.directions):
        return number + 1
    before = parsed.folded(max(clause.first, number - 1), number)
    return number + 1 if word == "over" and not words.preference_words.isdisjoint(before) else None


def find_other_arm(clause: Clause, before: int, arms: tuple[str, str]) -> str | None:
    """The arm that a comparison is made with: the one that is not named before word `before`, its subject.

    If both arms are named there, it is the second one; if neither is, the result is None.
    """
    subjects = {treatment.concept_id for treatment in clause.treatments if treatment.first < before}
    named = [arm for arm in arms if arm in subjects]
    if len(named) == 1:
        return arms[1] if named[0] == arms[0] else arms[0]
    return arms[1] if named else None
