"""A text parsed into sentences and clauses, each clause with the cues and treatments in it.

Takes a text, the claim rules and the treatments found in the text. Which cue belongs to which outcome is decided in
`governing_words` and `outcome_directions`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.curate.claim_rules import ClaimRules
from pipelines.curate.grammar import CLAUSE_OPENERS
from pipelines.vocabularies.cue_phrases import Hit, Word, select_longest, split_words
from pipelines.vocabularies.matcher import Match

_MAX_CLAUSE_WORDS = 100
"""Longer clauses are cut, which bounds the work per clause; real sentences are shorter."""


class Treatment(NamedTuple):
    """A modality named in a text: words `first` to `last` (exclusive)."""

    first: int
    last: int
    concept_id: str


@dataclass(frozen=True, slots=True)
class Clause:
    """Words `first` to `last` (exclusive) of a text, with the cues and treatments that begin in them."""

    first: int
    last: int
    outcomes: tuple[Hit, ...]
    directions: tuple[Hit, ...]
    hedges: tuple[Hit, ...]
    treatments: tuple[Treatment, ...]


class ParsedText:
    """The words of a text and its sentences, each a list of clauses.

    Sentences end at sentence punctuation; clauses also at `but`, `although`, `while`, `which` and similar words.
    """

    def __init__(self, text: str, rules: ClaimRules, modalities: Sequence[Match]) -> None:
        self.rules = rules
        self.words: list[Word] = split_words(text)
        treatments = _locate_treatments(self.words, modalities)
        outcomes = select_longest(_drop_parts_of_names(rules.outcomes.find_all(self.words), treatments))
        directions = select_longest(_drop_parts_of_names(rules.directions.find_all(self.words), treatments))
        # "pain control" is an outcome, so its "control" is not a direction.
        phrases = [hit for hit in outcomes if not hit.cue.has_gap]
        directions = [hit for hit in directions if not _is_part_of_phrase(hit, phrases)]
        hedges = rules.hedges.find_all(self.words)
        self.sentences = [
            [
                Clause(
                    first,
                    last,
                    _hits_between(outcomes, first, last),
                    _hits_between(directions, first, last),
                    _hits_between(hedges, first, last),
                    tuple(treatments[bisect_left(treatments, (first,)) : bisect_left(treatments, (last,))]),
                )
                for first, last in _split_clauses(self.words, start, end)
            ]
            for start, end in _split_sentences(self.words)
        ]

    def folded(self, first: int, last: int) -> list[str]:
        """The folded words from `first` to `last` (exclusive); numbers below 0 count as 0."""
        return [word.folded for word in self.words[max(0, first) : max(0, last)]]


def _is_part_of_phrase(hit: Hit, phrases: Sequence[Hit]) -> bool:
    """Whether a hit is a proper part of one of the phrases, which are sorted and do not overlap."""
    place = bisect_left(phrases, hit.first + 1, key=lambda phrase: phrase.last)
    return any(
        phrase.first <= hit.first and hit.last <= phrase.last and phrase.last - phrase.first > hit.last - hit.first
        for phrase in phrases[place : place + 1]
    )


def _hits_between(hits: Sequence[Hit], first: int, last: int) -> tuple[Hit, ...]:
    low = bisect_left(hits, first, key=lambda hit: hit.first)
    high = bisect_left(hits, last, key=lambda hit: hit.first)
    return tuple(hits[low:high])


def _locate_treatments(text_words: Sequence[Word], modalities: Sequence[Match]) -> list[Treatment]:
    """The modalities with word numbers instead of character offsets."""
    treatments = []
    for match in modalities:
        first = bisect_left(text_words, match.start, key=lambda word: word.start)
        last = bisect_left(text_words, match.end, key=lambda word: word.start)
        treatments.append(Treatment(first, max(last, first + 1), match.concept_id))
    return treatments


def _drop_parts_of_names(hits: Sequence[Hit], treatments: Sequence[Treatment]) -> list[Hit]:
    """The hits that are not part of the name of a treatment ("less" in "less-invasive surgery")."""
    names: dict[int, Treatment] = {}
    for treatment in treatments:
        for number in range(treatment.first, treatment.last):
            names[number] = treatment
    return [
        hit
        for hit in hits
        if hit.first not in names
        or hit.last > names[hit.first].last
        or hit.last - hit.first == names[hit.first].last - names[hit.first].first
    ]


def _split_sentences(text_words: Sequence[Word]) -> list[tuple[int, int]]:
    starts = [number for number, word in enumerate(text_words) if number == 0 or word.breaks]
    return list(zip(starts, [*starts[1:], len(text_words)], strict=True)) if starts else []


def _split_clauses(text_words: Sequence[Word], first: int, last: int) -> list[tuple[int, int]]:
    starts = [first]
    for number in range(first + 1, last):
        if text_words[number].folded in CLAUSE_OPENERS or number - starts[-1] >= _MAX_CLAUSE_WORDS:
            starts.append(number)
    return list(zip(starts, [*starts[1:], last], strict=True))
