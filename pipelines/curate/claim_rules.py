"""The rules by which outcome statements are read: cues of outcomes, directions and hedges, and word sets.

Takes the rows of the vocabulary and cue files and builds `ClaimRules`. How sentences are read with them is in
`clauses`, `governing_words` and `outcome_directions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.curate.grammar import (
    AUXILIARIES,
    COORDINATORS,
    HAVE_FORMS,
    INFINITIVE_FORMS,
    LINKING_VERBS,
    MODIFIER_OPENERS,
)
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.cue_phrases import Cue, CueFinder, split_words


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """How outcomes, directions and hedges are recognised.

    `harms` are the outcomes of which more is worse. The sets of folded words are: `finite_verbs`, which belong to a
    predicate; `predicate_verbs`, those of them that begin one; `barriers`, which a direction before them does not reach
    across; `absence_limits`, where the search for "no" or "without" before an outcome ends.
    """

    outcomes: CueFinder
    directions: CueFinder
    hedges: CueFinder
    harms: frozenset[str]
    words: CodingWords
    finite_verbs: frozenset[str]
    predicate_verbs: frozenset[str]
    barriers: frozenset[str]
    absence_limits: frozenset[str]


def build_claim_rules(
    labels: Iterable[tuple[str, str]],
    outcomes: Iterable[Mapping[str, str]],
    directions: Iterable[Mapping[str, str]],
    hedges: Iterable[Mapping[str, str]],
    words: CodingWords,
    *,
    in_context: bool = True,
) -> ClaimRules:
    """The rules from the labels of the outcome scheme (concept, label), the rows of the three cue files and the words.

    A row of outcomes without a cue applies to all labels of its concept that have no row themselves. Outside the
    context (`subject_context`), rows that need it are left out. Raises ValueError for a phrase with invalid syntax.
    """
    all_rows = list(outcomes)
    rows = [row for row in all_rows if in_context or not row["needs_context"]]
    left_out = {_normalise_phrase(row["cue"]) for row in all_rows if row not in rows}
    defaults = {row["outcome_id"]: row for row in rows if not row["cue"]}
    cues = {_normalise_phrase(row["cue"]): Cue(row["cue"], row) for row in rows if row["cue"]}
    for concept_id, label in labels:
        phrase = _normalise_phrase(label)
        if phrase and concept_id in defaults and phrase not in left_out:
            cues.setdefault(phrase, Cue(phrase, {**defaults[concept_id], "cue": phrase}))
    finite_verbs = AUXILIARIES | LINKING_VERBS | words.occurrence_verbs
    return ClaimRules(
        outcomes=CueFinder(cues.values()),
        directions=CueFinder(Cue(row["cue"], row) for row in directions),
        hedges=CueFinder(Cue(row["cue"], row) for row in hedges),
        harms=frozenset(outcome_id for outcome_id, row in defaults.items() if row["more_is"] == "worse"),
        words=words,
        finite_verbs=finite_verbs,
        predicate_verbs=finite_verbs - INFINITIVE_FORMS,
        barriers=MODIFIER_OPENERS | words.condition_words,
        absence_limits=COORDINATORS | (finite_verbs - HAVE_FORMS - words.experience_verbs),
    )


def _normalise_phrase(phrase: str) -> str:
    """The folded words of a phrase without operators; any other phrase unchanged."""
    return phrase if "|" in phrase or "~" in phrase else " ".join(word.folded for word in split_words(phrase))
