"""The rules by which amounts are read: cues of amounts and arms, and word sets.

Takes the rows of the cue files and builds `AmountRules`. How sentences are read with them is in `amounts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.curate.grammar import AUXILIARIES, HAVE_FORMS, INFINITIVE_FORMS, LINKING_VERBS
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.cue_phrases import Cue, CueFinder


@dataclass(frozen=True, slots=True)
class AmountRules:
    """How words of amount and arms are recognised. `verbs` are the finite verbs of which an outcome is the subject."""

    amounts: CueFinder
    arms: CueFinder
    words: CodingWords
    verbs: frozenset[str]


def build_amount_rules(
    amounts: Iterable[Mapping[str, str]], arms: Iterable[Mapping[str, str]], words: CodingWords
) -> AmountRules:
    """The rules from the rows of `cues/amount.csv` and `cues/arm.csv` and the word lists.

    Raises ValueError for a phrase with invalid syntax.
    """
    return AmountRules(
        amounts=CueFinder(Cue(row["cue"], row) for row in amounts),
        arms=CueFinder(Cue(row["cue"], row) for row in arms),
        words=words,
        verbs=(AUXILIARIES | LINKING_VERBS | HAVE_FORMS | words.occurrence_verbs | words.reporting_verbs)
        - INFINITIVE_FORMS,
    )
