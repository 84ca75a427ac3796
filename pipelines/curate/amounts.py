"""Reads the amount of an outcome in one arm of a comparison against the other: higher, lower or no difference.

Takes a text (a sentence, a cell), mentions of outcomes and mentions of arms, and returns one `Amount` per outcome. An
amount is not a benefit: "recurrence was higher in the placebo group" is `lower` for the intervention. A difference that
the text calls not significant is `no_difference`. The text is parsed in `amount_clauses`; words are data
(`schemas/vocabularies/cues/amount.csv` and `arm.csv`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipelines.curate.amount_clauses import AmountClause, AmountText, Event
from pipelines.curate.amount_rules import AmountRules
from pipelines.curate.arm_mentions import BASELINE, BETWEEN, BOTH, COMPARATOR, INTERVENTION, ArmMention, find_arm_mentions
from pipelines.curate.arm_numbers import compare_numbers
from pipelines.curate.grammar import CLAUSE_OPENERS, COMPARISON_MARKERS, COORDINATORS, NEGATORS
from pipelines.curate.phrase_mentions import find_phrase_mentions
from pipelines.vocabularies.cue_phrases import split_words

HIGHER, LOWER, NO_DIFFERENCE = "higher", "lower", "no_difference"
NOT_STATED = "not_stated"
NEITHER = "neither"

_MORE_MARKERS = frozenset({"comparing", "opposed"})
"""With "to" or "with" they introduce what is compared with, besides the lists of `coding_words.csv`."""

_LIST_MARK = re.compile(r"[,;]|\band\b|\bor\b")
_MEASURED_BY = re.compile(
    r"\b(?:according to|assessed|measured|evaluated|determined|scored|defined|on the|by the|using)\b|\(", re.IGNORECASE
)
"""After one of these a phrase lists how an outcome is measured."""

_BACK_REFERENCES = frozenset("it they this these those such did does failed differences difference".split())
"""At the beginning of a clause they refer to what the clause before it was about."""

_TIME = re.compile(r"\b(\d{1,4})[\s-]?(h|min|day|week|wk|month|year)", re.IGNORECASE)
_CHAIN_ENDS = COORDINATORS | {"than", "with", "response", "as"}
_JOINING_WORDS = COORDINATORS | {"the", "in", "group", "groups", "both"}
_ASPECT_ENDS = frozenset({"in", "at", "for"})
_LIST_END = frozenset(",;\n")
_BETWEEN_WORDS = frozenset({"between", "among", "either", "both", "neither", "from"})
_MAX_CHAIN_GAP = 4
_MAX_NOUN_GAP = 12
_MAX_BASELINE_GAP = 4
_MAX_PREDICATE_GAP = 7
_SURE_SCORE = 0.75
"""A text that mentions an outcome this well is not read as if the outcome were given by its context."""

_MAX_CONTINUATIONS = 4
_MAX_MARK_GAP = 60
"""Characters between an interval and the p-value of the same comparison."""


class Outcome(NamedTuple):
    """An outcome: its words, and where the text mentions it; None if it is given by the context, such as a column."""

    phrase: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """The amount of an outcome in the intervention arm against the comparator; `text[start:end]` is its cue.

    `amount` is higher, lower, no_difference or not_stated; `higher_arm` is the arm with more of it: intervention,
    comparator, neither or not_stated. `is_significant` is None if the text does not say.
    """

    outcome: Outcome
    amount: str
    is_significant: bool | None
    higher_arm: str
    start: int
    end: int
    rule_id: str
    confidence: float


class _Reading(NamedTuple):
    """What a clause says: sign 1 or -1 for the intervention, 0 for no difference, None if it has no direction."""

    sign: int | None
    is_significant: bool | None
    start: int
    end: int
    rule_id: str
    confidence: float
    is_between: bool = True


def find_amounts(
    text: str, outcomes: Sequence[Outcome], arms: Sequence[ArmMention], rules: AmountRules
) -> list[Amount]:
    """One amount per outcome, in the order given. The time is linear in the length of the text per outcome."""
    parsed = AmountText(text, arms, rules)
    return [_find_amount(parsed, outcome) for outcome in outcomes]


def _find_amount(parsed: AmountText, outcome: Outcome) -> Amount:
    polarity = _find_polarity(parsed, outcome)
    reading: _Reading | None = None
    if outcome.start is not None and outcome.end is not None:
        number = _find_clause(parsed, outcome.start)
        if number is not None:
            reading = _read_clause(parsed, parsed.clauses[number], outcome, polarity)
            reading = _read_continuations(parsed, number, reading, outcome, polarity)
    else:
        for clause in parsed.clauses:
            if _is_about_other_arm(parsed, clause):
                continue
            found = _read_clause(parsed, clause, outcome, polarity)
            if found is not None:
                reading = found if reading is None else _combine(reading, found)
    return _to_amount(outcome, reading)


def _to_amount(outcome: Outcome, reading: _Reading | None) -> Amount:
    if reading is None:
        return Amount(outcome, NOT_STATED, None, NOT_STATED, 0, 0, "none", 0.0)
    amount = NOT_STATED if reading.sign is None else {1: HIGHER, -1: LOWER, 0: NO_DIFFERENCE}[reading.sign]
    if reading.is_significant is False:
        amount = NO_DIFFERENCE
    arm = {HIGHER: INTERVENTION, LOWER: COMPARATOR, NO_DIFFERENCE: NEITHER}.get(amount, NOT_STATED)
    return Amount(
        outcome, amount, reading.is_significant, arm, reading.start, reading.end, reading.rule_id, reading.confidence
    )


def _find_polarity(parsed: AmountText, outcome: Outcome) -> int:
    """1 if an improvement of the outcome is more of it, -1 if it is less ("pain", but not "pain relief")."""
    rules, phrase = parsed.rules, outcome.phrase
    head = _MEASURED_BY.split(phrase, maxsplit=1)[0]
    if outcome.start is not None and _LIST_MARK.search(head):
        # Of several outcomes the one that is mentioned counts.
        phrase = parsed.text[outcome.start : outcome.end]
    words = split_words(phrase)
    senses = {hit.cue.values["sense"] for hit in rules.amounts.find_all(words)}
    is_harm = any(word.folded in rules.words.harm_words for word in words)
    return -1 if is_harm and not senses & {"up", "down", "better"} else 1


def _find_clause(parsed: AmountText, place: int) -> int | None:
    number = bisect_left(parsed.clauses, place + 1, key=lambda clause: clause.start) - 1
    return number if 0 <= number < len(parsed.clauses) else None


def _read_continuations(
    parsed: AmountText, number: int, reading: _Reading | None, outcome: Outcome, polarity: int
) -> _Reading | None:
    """What the following clauses add that name no outcome of their own ("but this was not significant")."""
    for following in range(number + 1, min(len(parsed.clauses), number + 1 + _MAX_CONTINUATIONS)):
        clause = parsed.clauses[following]
        if _is_at_time(parsed, clause, outcome) and not _is_at_time(parsed, parsed.clauses[number], outcome):
            # "... did not differ at 6 months, but was lower at 18 months"
            return _read_clause(parsed, clause, Outcome(outcome.phrase), polarity) or reading
        if not _is_bare(parsed, clause) and not _refers_back(parsed, clause):
            break
        if _is_about_other_arm(parsed, clause):
            continue
        added = _read_clause(parsed, clause, Outcome(outcome.phrase), polarity)
        if added is not None:
            reading = added if reading is None else _combine(reading, added)
    return reading


def _is_at_time(parsed: AmountText, clause: AmountClause, outcome: Outcome) -> bool:
    """Whether a clause names a time that the outcome's phrase names, such as "18 months"."""
    times = {(match[1], match[2].casefold()) for match in _TIME.finditer(outcome.phrase)}
    found = {(match[1], match[2].casefold()) for match in _TIME.finditer(parsed.text, clause.start, clause.end)}
    return bool(times & found)


def _refers_back(parsed: AmountText, clause: AmountClause) -> bool:
    """Whether the subject of a clause is what the clause before it was about: "it", "these differences", "did not"."""
    words = parsed.folded(clause.first, clause.first + 6)
    if words[0] == "which":
        return parsed.has_verb(clause.first, clause.first + 2)
    words = [word for word in words if word not in CLAUSE_OPENERS and word not in COORDINATORS]
    if words[:1] == ["the"]:
        return words[1:2] in (["difference"], ["differences"], ["trend"])
    if words[:1] == ["not"]:
        return any(event.first == clause.first + 2 and event.is_negated for event in clause.events)
    if words[:1] in (["was"], ["were"]):
        return words[1:2] == ["not"]
    return bool(words) and words[0] in _BACK_REFERENCES


def _is_about_other_arm(parsed: AmountText, clause: AmountClause) -> bool:
    """Whether a clause only says that something does not hold for an arm: "but not in the control group"."""
    words = [word for word in parsed.folded(clause.first, clause.first + 3) if word not in CLAUSE_OPENERS]
    return words[:1] == ["not"] and words[1:2] in (["in"], ["for"], ["with"], ["after"]) and not clause.events


def _is_bare(parsed: AmountText, clause: AmountClause) -> bool:
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


def _combine(first: _Reading, added: _Reading) -> _Reading:
    """The reading of two clauses about one outcome: what compares the arms counts more, what is added later wins."""
    if added.sign is None:
        significance = added.is_significant if added.is_significant is not None else first.is_significant
        return first._replace(is_significant=significance)
    if first.sign is None or (added.is_between and not first.is_between):
        return added
    if first.sign == 0 and added.sign != 0 and added.is_significant:
        return added
    if added.sign == 0 and added.is_between:
        return added
    return first


def _read_clause(parsed: AmountText, clause: AmountClause, outcome: Outcome, polarity: int) -> _Reading | None:
    if outcome.start is None or outcome.end is None:
        first = last = clause.first
        span = (clause.start, clause.start)
    else:
        first, last = parsed.word_number(outcome.start), parsed.word_number(outcome.end)
        span = (outcome.start, outcome.end)
    arms = tuple(arm for arm in clause.arms if arm.end <= span[0] or arm.start >= span[1])
    clause = clause._replace(arms=arms)
    events = [event for event in clause.events if event.end <= span[0] or event.start >= span[1]]
    amounts = [event for event in events if event.sense not in ("significant", "not_significant")]
    chain, rule_id = _find_governing(parsed, clause, amounts, (first, last), span, is_named=outcome.start is not None)
    significance, mark_end = _find_significance(parsed, clause, events, chain, span)
    if not chain:
        if significance is None:
            return _read_absence(parsed, clause, first, span)
        marks = [event for event in events if event.sense in ("significant", "not_significant")]
        place = (marks[0].start, marks[0].end) if marks else mark_end
        sign = 0 if significance is False else None
        if sign is None:
            ratio = _find_ratio(parsed, clause, span)
            if ratio is not None:
                is_survival = "survival" in outcome.phrase.casefold()
                sign = (1 if ratio > 1 else -1) * (-1 if is_survival else 1)
                return _Reading(sign, True, *mark_end, "ratio", 0.7)
            numbers = compare_numbers(parsed, clause, span)
            if numbers is not None:
                return _Reading(numbers.sign, True, numbers.start, numbers.end, "numbers", 0.75)
        return _Reading(sign, significance, *place, "significance", 0.8)
    start, end = min(event.start for event in chain), max(event.end for event in chain)
    named = {arm.arm for arm in clause.arms} - {BASELINE}
    is_between = (
        named not in ({INTERVENTION}, {COMPARATOR})
        or _find_marker(parsed, clause, chain) is not None
        or not _BETWEEN_WORDS.isdisjoint(parsed.folded(clause.first, clause.last))
    )
    if any(event.is_negated for event in chain if event.sense != "same"):
        sign = None if named == {COMPARATOR} and not is_between else 0
        return _Reading(sign, False if sign == 0 else None, start, end, rule_id, 0.9, is_between)
    if any(event.sense == "same" for event in chain):
        if any(event.is_negated for event in chain):
            return _Reading(None, None, start, end, rule_id, 0.5)
        return _Reading(0, False if significance is False else None, start, end, rule_id, 0.9, is_between)
    sign = _multiply(chain, polarity)
    if sign is None:
        is_difference = any(
            event.sense == "differ" or parsed.words[event.first].folded.startswith("chang") for event in chain
        )
        numbers = compare_numbers(parsed, clause, span) if significance and is_difference else None
        if numbers is not None:
            return _Reading(numbers.sign, True, numbers.start, numbers.end, "numbers", 0.7)
        return _Reading(0 if significance is False else None, significance, start, end, rule_id, 0.6)
    if significance is False:
        return _Reading(0, False, start, end, "not_significant", 0.9)
    later = {arm.arm for arm in clause.arms if arm.start >= end}
    if {INTERVENTION, COMPARATOR} <= later and _find_marker(parsed, clause, chain) is None and significance:
        numbers = compare_numbers(parsed, clause, span)
        if numbers is not None:
            # "It fell by 30 % in one arm and by 12 % in the other"
            factor = sign if parsed.text[: numbers.start].endswith("by ") else 1
            return _Reading(factor * numbers.sign, True, numbers.start, numbers.end, "numbers", 0.7)
    orientation, is_between, confidence = _orient(parsed, clause, chain)
    return _Reading(sign * orientation, significance, start, end, rule_id, confidence, is_between)


def _find_governing(
    parsed: AmountText,
    clause: AmountClause,
    events: Sequence[Event],
    words: tuple[int, int],
    span: tuple[int, int],
    *,
    is_named: bool,
) -> tuple[list[Event], str]:
    """The events that say how much of the outcome there is, outermost first.

    The outcome are the words from the first to the second of `words` (exclusive), the characters of `span`.
    """
    first, last = words
    if not events:
        return [], ""
    if not is_named:
        return _find_main(parsed, events), "context"
    symbol = _find_symbol(parsed, events, span)
    if symbol is not None:
        return [symbol], "symbol"
    begin = _find_subclause(parsed, clause.first, first)
    before = [event for event in events if begin <= event.first < first]
    after = [event for event in events if event.first >= last]
    inner = [event for event in after[:1] if event.first - last <= 1 and _is_noun_before_verb(parsed, event, clause)]
    if inner:
        # "Pain reduction was greater", "score changes were similar"
        after, last = after[1:], inner[0].last
    is_subject = not parsed.has_verb(begin, first)
    if after:
        between = parsed.folded(last, after[0].first)
        has_verb = parsed.has_verb(max(last, after[0].first - _MAX_PREDICATE_GAP), after[0].first)
        crosses = not COORDINATORS.isdisjoint(between)
        is_predicate = (has_verb and (is_subject or not crosses)) or after[0].first - last <= 1
        if is_predicate and (is_subject or not before):
            noun = inner or _take_noun(parsed, before, first)
            return [*_take_chain(parsed, after, 0), *noun], "predicate"
    if before:
        return _take_chain_back(parsed, before), "governing_word"
    if after:
        return _take_chain(parsed, after, 0), "later_word"
    return [], ""


def _find_symbol(parsed: AmountText, events: Sequence[Event], span: tuple[int, int]) -> Event | None:
    """The arrow or sign of the outcome in a list such as "↑ EPO, = weight" or "EPO ↑, weight ="."""
    symbols = [event for event in events if event.first == event.last]
    before = [event for event in symbols if event.end <= span[0]][-1:]
    after = [event for event in symbols if event.start >= span[1]][:1]
    for event in before:
        if _LIST_END.isdisjoint(parsed.plain[event.end : span[0]]):
            return event
    for event in after:
        if _LIST_END.isdisjoint(parsed.plain[span[1] : event.start]):
            return event
    return None


def _find_main(parsed: AmountText, events: Sequence[Event]) -> list[Event]:
    """The words of amount of a clause that names no outcome: a direction before a mere difference, with its noun."""
    place = next(
        (number for number, event in enumerate(events) if event.sense not in ("differ", "effect") or event.is_negated), 0
    )
    chain = _take_chain(parsed, events, place)
    following = place + len(chain)
    if following < len(events) and parsed.folded(chain[-1].last, chain[-1].last + 1) in (["in"], ["of"]):
        # "The reduction in pain was greater"
        predicate = events[following]
        if parsed.has_verb(chain[-1].last, predicate.first):
            return [*_take_chain(parsed, events, following), *chain]
    return chain


def _find_subclause(parsed: AmountText, first: int, last: int) -> int:
    """The word after the last "that" which follows a verb: "results indicated that pain ..."."""
    for number in range(last - 1, first, -1):
        if parsed.words[number].folded == "that" and parsed.words[number - 1].folded in parsed.rules.verbs:
            return number + 1
    return first


def _is_noun_before_verb(parsed: AmountText, event: Event, clause: AmountClause) -> bool:
    """Whether a word of amount right after the outcome is a noun: a verb and another word of amount follow it."""
    if event.sense not in ("up", "down", "better", "worse", "effect", "differ"):
        return False
    later = [other for other in clause.events if other.first >= event.last][:1]
    return bool(later) and parsed.has_verb(event.last, later[0].first) and not parsed.words[event.first].folded.endswith("ed")


def _take_noun(parsed: AmountText, before: Sequence[Event], first: int) -> list[Event]:
    """The noun of change that the outcome depends on: "reduction in pain"."""
    if not before or first - before[-1].last > _MAX_NOUN_GAP or parsed.has_verb(before[-1].last, first):
        return []
    words = parsed.folded(before[-1].last, first)
    return _take_chain_back(parsed, before) if {"in", "of"} & set(words[:1]) else []


def _take_chain(parsed: AmountText, events: Sequence[Event], place: int) -> list[Event]:
    chain = [events[place]]
    for event in events[place + 1 :]:
        if not _is_joined(parsed, chain[-1], event):
            break
        chain.append(event)
    return chain


def _take_chain_back(parsed: AmountText, events: Sequence[Event]) -> list[Event]:
    chain = [events[-1]]
    for event in reversed(events[:-1]):
        if not _is_joined(parsed, event, chain[0]):
            break
        chain.insert(0, event)
    return chain


def _is_joined(parsed: AmountText, outer: Event, inner: Event) -> bool:
    """Whether one word of amount modifies the next: "less improvement", "more effective in reducing"."""
    between = parsed.folded(outer.last, inner.first)
    if _ASPECT_ENDS & set(between[-1:] if between[-1:] != ["the"] else between[-2:-1]) and between[0] in ("than", "to"):
        # "More effective than placebo in reducing", "superior to placebo for the relief of"
        is_short = len(between) <= _MAX_NOUN_GAP and not any(
            word.breaks for word in parsed.words[outer.last : inner.first + 1]
        )
        return is_short and COORDINATORS.isdisjoint(between) and not parsed.has_verb(outer.last, inner.first)
    if len(between) > _MAX_CHAIN_GAP or any(word.breaks for word in parsed.words[outer.last : inner.first + 1]):
        return False
    if "," in parsed.plain[outer.end : inner.start]:
        return False
    return _CHAIN_ENDS.isdisjoint(between) and not parsed.has_verb(outer.last, inner.first)


def _multiply(chain: Sequence[Event], polarity: int) -> int | None:
    """The sign of a chain of words of amount; None if none of them has a direction."""
    sign: int | None = None
    inner = True
    for event in reversed(chain):
        match event.sense:
            case "up":
                factor = 1
            case "down":
                factor = -1
            case "favors":
                factor = polarity
            case "better":
                factor = polarity if inner else 1
            case "worse":
                factor = -polarity if inner else -1
            case _:
                continue
        sign = factor if sign is None else sign * factor
        inner = False
    if chain[0].sense == "differ" and chain[-1].sense != "favors":
        # "A difference in the reduction" has no direction of its own.
        return None
    return sign


def _find_significance(
    parsed: AmountText, clause: AmountClause, events: Sequence[Event], chain: Sequence[Event], span: tuple[int, int]
) -> tuple[bool | None, tuple[int, int]]:
    """Whether the clause says that the outcome differs significantly, and where it prints so."""
    words = [event for event in events if event.sense in ("significant", "not_significant")]
    from_words: bool | None = None
    if words:
        anchor = chain[0].first if chain else parsed.word_number(span[0])
        nearest = min(words, key=lambda event: abs(event.first - anchor))
        from_words = nearest.sense == "significant" and not nearest.is_negated
    mark = _find_mark(parsed, clause, chain, span)
    place = (mark[1], mark[2]) if mark else (clause.start, clause.start)
    if words and mark and mark[0] and nearest.sense == "not_significant" and not nearest.is_negated:
        # "Tended to be lower (p = 0.008)"
        return True, place
    if from_words is not None:
        return from_words, place
    return (mark[0] if mark else None), place


def _find_mark(
    parsed: AmountText, clause: AmountClause, chain: Sequence[Event], span: tuple[int, int]
) -> tuple[bool, int, int] | None:
    """The p-value or interval that belongs to the outcome."""
    stop = parsed.sentence_ends[clause.sentence]
    low = bisect_left(parsed.marks, clause.start, key=lambda mark: mark.start)
    high = bisect_left(parsed.marks, stop, key=lambda mark: mark.start)
    marks = [mark for mark in parsed.marks[low : min(high, low + 20)] if mark.is_significant is not None]
    if not marks:
        return None
    end = span[1]
    aside = bisect_left(parsed.asides, end, key=lambda item: item[0])
    if aside < len(parsed.asides) and parsed.asides[aside][0] - end <= 3:
        inside = [mark for mark in marks if parsed.asides[aside][0] < mark.start < parsed.asides[aside][1]]
        if inside:
            return inside[-1].is_significant, inside[-1].start, inside[-1].end  # type: ignore[return-value]
    end = max([end, *(event.end for event in chain)])
    later = [mark for mark in marks if mark.start >= end]
    chosen = later[0] if later else marks[-1]
    near = [mark for mark in later[1:3] if mark.start - chosen.end < _MAX_MARK_GAP]
    if not chosen.is_p_value and near and near[0].is_p_value:
        chosen = near[0]
    if chosen.start >= clause.end and len(parsed.clauses) > 1 and not _is_rest_bare(parsed, clause, chosen.start):
        return None
    return chosen.is_significant, chosen.start, chosen.end  # type: ignore[return-value]


def _find_ratio(parsed: AmountText, clause: AmountClause, span: tuple[int, int]) -> float | None:
    """The first odds, risk or hazard ratio after the outcome."""
    low = bisect_left(parsed.marks, span[1], key=lambda mark: mark.start)
    for mark in parsed.marks[low : low + 4]:
        if mark.ratio is not None and mark.start < clause.end:
            return mark.ratio
    return None


def _is_rest_bare(parsed: AmountText, clause: AmountClause, place: int) -> bool:
    number = _find_clause(parsed, clause.start)
    last = _find_clause(parsed, place)
    if number is None or last is None:
        return False
    return all(
        not parsed.clauses[following].events or _is_bare(parsed, parsed.clauses[following]) for following in range(number + 1, last + 1)
    )


def _read_absence(
    parsed: AmountText, clause: AmountClause, first: int, span: tuple[int, int]
) -> _Reading | None:
    """"No adverse events occurred in any group"."""
    for number in range(first - 1, max(clause.first, first - 4) - 1, -1):
        word = parsed.words[number]
        if word.folded in ("no", "without", "neither", "nor"):
            named = {arm.arm for arm in clause.arms}
            if named == {INTERVENTION} or named == {COMPARATOR}:
                return None
            return _Reading(0, None, word.start, max(word.end, span[1]), "absence", 0.7)
    return None


def _orient(parsed: AmountText, clause: AmountClause, chain: Sequence[Event]) -> tuple[int, bool, float]:
    """1 if the words say the amount of the intervention, -1 if that of the comparator, 0 if that of both.

    Also whether they compare the arms, and the confidence.
    """
    arms = clause.arms
    marker = _find_marker(parsed, clause, chain)
    reference: list[ArmMention] = []
    subject = list(arms)
    if marker is not None:
        place = parsed.words[marker].end
        limit = _find_reference_end(parsed, clause, marker)
        reference = [arm for arm in arms if place <= arm.start < limit]
        if not reference:
            reference = [arm for arm in arms if place <= arm.start]
        if len(reference) > 1 and reference[0].arm == BASELINE:
            # "Than before in the treated group", but not "than at baseline and in the control group"
            between = parsed.plain[reference[0].end : reference[1].start].split()
            if "and" not in between:
                # In "that observed before milk intake" the milk is no arm.
                place = reference[0].end
                arms = tuple(arm for arm in arms if not place <= arm.start <= place + _MAX_BASELINE_GAP or "in" in between)
                reference = reference[:1]
        subject = [arm for arm in arms if arm not in reference]
    referred = {arm.arm for arm in reference} - {BOTH, BETWEEN}
    if referred == {COMPARATOR}:
        return 1, True, 0.9
    if referred == {INTERVENTION}:
        return -1, True, 0.9
    if referred == {INTERVENTION, COMPARATOR}:
        return (1 if reference[0].arm == COMPARATOR else -1), True, 0.7
    nearest = _find_nearest(parsed, subject, chain)
    if nearest == INTERVENTION:
        return 1, marker is not None or BASELINE not in referred, 0.85
    if nearest == COMPARATOR:
        return -1, True, 0.8
    if nearest == BOTH:
        return 0, False, 0.6
    return 1, marker is not None, 0.6


def _find_marker(parsed: AmountText, clause: AmountClause, chain: Sequence[Event]) -> int | None:
    """The word that introduces what is compared with: the first after the chain, or one that opens the clause."""
    opening = None
    begin = _find_subclause(parsed, clause.first, chain[0].first)
    for number in range(clause.first, clause.last):
        if _is_marker(parsed, number, chain):
            if number >= chain[0].first:
                return number
            if not parsed.has_verb(begin, number):
                opening = number
    return opening


def _is_marker(parsed: AmountText, number: int, chain: Sequence[Event]) -> bool:
    word, words = parsed.words[number].folded, parsed.rules.words
    if word in COMPARISON_MARKERS or word == "against" or word in words.exceeding_words:
        return True
    if word == "as":
        # "twice as high in one arm as in the other"
        return any(event.last <= number and parsed.words[event.last - 1].folded == "as" for event in chain)
    is_introducing = word in words.comparison_words or word in words.comparison_adjectives or word in _MORE_MARKERS
    return is_introducing and bool({"with", "to"} & set(parsed.folded(number + 1, number + 2)))


def _find_reference_end(parsed: AmountText, clause: AmountClause, marker: int) -> int:
    """The place where what is compared with ends: the next comma."""
    start = parsed.words[marker].start
    comma = parsed.plain.find(",", start, clause.end)
    return comma if comma >= 0 else clause.end


def _find_nearest(parsed: AmountText, arms: Sequence[ArmMention], chain: Sequence[Event]) -> str | None:
    """The arm that the words of amount are about: the first after them, or else the last before them."""
    arms = [arm for arm in arms if arm.arm not in (BASELINE, BETWEEN)]
    if not arms:
        return None
    end = chain[-1].end
    later = [arm for arm in arms if arm.start >= end]
    earlier = [arm for arm in arms if arm.start < end]
    chosen = later or earlier[::-1]
    kinds = {arm.arm for arm in chosen}
    if kinds == {INTERVENTION, COMPARATOR} and len(chosen) > 1:
        first, second = sorted(chosen[:2])
        if parsed.plain[: first.start].rstrip().endswith(("between", "between the")):
            return None
        between = {word.folded for word in split_words(parsed.plain[first.end : second.start])}
        if first.arm != second.arm and between & COORDINATORS and between <= _JOINING_WORDS:
            return BOTH
    return chosen[0].arm


def read_amount(text: str, outcome: str, intervention: str | None, comparator: str | None, rules: AmountRules) -> Amount:
    """The amount of an outcome that is given in words, as are the arms: of its mentions the one that says most."""
    arms = find_arm_mentions(text, intervention, comparator, rules)
    mentions = find_phrase_mentions(text, outcome, rules.words.measure_words)
    best = sorted(mentions, key=lambda mention: -mention.score)
    outcomes = [Outcome(outcome, mention.start, mention.end) for mention in best]
    if not best or best[0].score < _SURE_SCORE:
        outcomes.append(Outcome(outcome))
    amounts = find_amounts(text, outcomes, arms, rules)
    return next((amount for amount in amounts if amount.amount != NOT_STATED), amounts[0])
