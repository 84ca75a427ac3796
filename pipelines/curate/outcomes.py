"""Reads the outcome statements of a text: which outcome went which way, for which treatment, compared with what.

Takes the text of an outcome cell, or of a point for or against an option, and the treatments found in it. An outcome
takes its direction from the predicate if it is the subject ("the risk of complications was high"), otherwise from the
nearest word of direction before it, unless a preposition or relative clause intervenes: "could relieve pain and improve
function in patients with myelopathy" says nothing about myelopathy. Some words state outcome and direction at once
("safe", "well tolerated"). Outcomes and cues are data (`schemas/vocabularies/outcome.csv` and `cues/`); sentences are
parsed in `clauses` and judged in `outcome_directions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.curate.claim_rules import ClaimRules
from pipelines.curate.clause_treatments import (
    Subject,
    find_earlier_subjects,
    find_named_comparator,
    find_other_arm,
    find_subjects,
)
from pipelines.curate.clauses import Clause, ParsedText
from pipelines.curate.grammar import COORDINATORS
from pipelines.curate.outcome_directions import (
    IMPROVED,
    INDICATION,
    NO_DIFFERENCE,
    WORSENED,
    Judgement,
    is_hedged,
    judge_bare_mention,
    judge_mention,
)
from pipelines.vocabularies.cue_phrases import Hit, split_words
from pipelines.vocabularies.matcher import Match


@dataclass(frozen=True, slots=True)
class Statement:
    """An outcome statement of a text; `text[start:end]` is its cue, `text[first:last]` its sentence.

    `name_start` and `name_end` are the offsets of the words that name the outcome; both are None if none do.
    `subjects` are the treatments that its words are about; empty if they name none.
    """

    outcome_id: str
    direction: str
    polarity: str
    comparator: str | None
    is_hedged: bool
    compares: bool
    start: int
    end: int
    first: int
    last: int
    rule_id: str
    confidence: float
    name_start: int | None = None
    name_end: int | None = None
    subjects: tuple[Subject, ...] = ()


def find_statements(
    text: str,
    rules: ClaimRules,
    modalities: Sequence[Match] = (),
    arms: tuple[str, str] | None = None,
    column: str | None = None,
) -> list[Statement]:
    """The outcome statements of `text`, in order.

    `modalities` are the treatments found in it. `arms` are the two treatments that the study compares, if it does:
    "had fewer complications" is then compared with the other one. `column` is `advantage` or `disadvantage` for a
    point of an option; an outcome without a direction takes its meaning from the column.
    """
    parsed = ParsedText(text, rules, modalities)
    statements: list[Statement] = []
    previous_subjects: tuple[Subject, ...] = ()
    for clauses in parsed.sentences:
        in_sentence: list[Statement] = []
        for number, clause in enumerate(clauses):
            earlier = find_earlier_subjects(parsed, clauses[:number], previous_subjects)
            in_sentence.extend(_read_clause(parsed, clause, arms, earlier))
        if not in_sentence and column is not None:
            in_sentence = _read_bare_mentions(parsed, clauses, column)
        # A recommendation counts only if the sentence states nothing else.
        if any(statement.outcome_id != INDICATION for statement in in_sentence):
            in_sentence = [statement for statement in in_sentence if statement.outcome_id != INDICATION]
        first, last = parsed.words[clauses[0].first].start, _find_sentence_end(text, parsed, clauses[-1].last)
        statements.extend(replace(statement, first=first, last=last) for statement in _merge(in_sentence, text))
        subjects = [statement.subjects for statement in in_sentence if statement.subjects]
        previous_subjects = tuple(
            replace(subject, rule_id="earlier_sentence") for subject in (subjects[-1] if subjects else ())
        )
    return statements


def _read_clause(
    parsed: ParsedText, clause: Clause, arms: tuple[str, str] | None, earlier: tuple[Subject, ...]
) -> list[Statement]:
    named_comparator = find_named_comparator(parsed, clause)
    statements = []
    for mention in clause.outcomes:
        judgement = judge_mention(parsed, clause, mention, named_comparator)
        if judgement is None:
            continue
        comparator = None
        if judgement.direction in (IMPROVED, WORSENED, NO_DIFFERENCE):
            comparator = named_comparator
            if comparator is None and judgement.compares and arms is not None:
                comparator = find_other_arm(clause, judgement.first, arms)
        subjects = find_subjects(parsed, clause, (judgement.first, judgement.last), comparator, earlier)
        statements.append(_to_statement(parsed, clause, mention, judgement, comparator, subjects))
    return statements


def _read_bare_mentions(parsed: ParsedText, clauses: Sequence[Clause], column: str) -> list[Statement]:
    return [
        _to_statement(parsed, clause, mention, judgement)
        for clause in clauses
        for mention in clause.outcomes
        if (judgement := judge_bare_mention(parsed, clause, mention, column)) is not None
    ]


def _to_statement(
    parsed: ParsedText,
    clause: Clause,
    mention: Hit,
    judgement: Judgement,
    comparator: str | None = None,
    subjects: tuple[Subject, ...] = (),
) -> Statement:
    """A statement whose sentence, `first` to `last`, is still to be set."""
    return Statement(
        outcome_id=mention.cue.values["outcome_id"],
        direction=judgement.direction,
        polarity=judgement.polarity,
        comparator=comparator,
        is_hedged=is_hedged(parsed, clause, judgement.governor),
        compares=judgement.compares,
        start=parsed.words[judgement.first].start,
        end=parsed.words[judgement.last - 1].end,
        first=0,
        last=0,
        rule_id=judgement.rule_id,
        confidence=judgement.confidence,
        name_start=parsed.words[mention.first].start,
        name_end=parsed.words[mention.last - 1].end,
        subjects=subjects,
    )


def _find_sentence_end(text: str, parsed: ParsedText, last: int) -> int:
    """The end of a sentence whose words end at word `last` (exclusive), including its punctuation."""
    end = parsed.words[last - 1].end
    limit = parsed.words[last].start if last < len(parsed.words) else len(text)
    for position in range(end, limit):
        if text[position].isspace():
            return position
    return limit


def _merge(statements: Sequence[Statement], text: str) -> list[Statement]:
    """The statements of a sentence in the order of the text, with repetitions merged.

    Statements with the same outcome, direction and comparator are one if their cues overlap, because they then share
    their word of direction ("improve stability and alignment"). Adjacent words that state the outcome themselves are
    one, too, and their cue contains both ("feasible and accurate"). With two words of direction they remain two
    statements ("better verification and shorter planning times").
    """
    merged: list[Statement] = []
    latest: dict[tuple[str, str, str | None], int] = {}
    for statement in sorted(statements, key=lambda statement: (statement.start, statement.end)):
        key = (statement.outcome_id, statement.direction, statement.comparator)
        number = latest.get(key)
        if number is not None:
            previous = merged[number]
            if statement.start < previous.end:
                continue
            between = {word.folded for word in split_words(text[previous.end : statement.start])}
            if between <= COORDINATORS and {previous.rule_id, statement.rule_id} == {"statement"}:
                merged[number] = replace(previous, end=statement.end)
                continue
        latest[key] = len(merged)
        merged.append(statement)
    return merged
