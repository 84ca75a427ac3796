"""Finds the words of amount that govern an outcome in a clause, and the direction they have together.

In "a smaller reduction in pain" the chain "smaller", "reduction" governs "pain" and means more of it. Takes a parsed
clause and the place of an outcome; which arm the words are about is decided in `arm_order`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.amounts.amount_clauses import AmountClause, AmountText
from pipelines.curate.amounts.amount_events import SIGNS, Event
from pipelines.curate.grammar import COORDINATORS

_CHAIN_ENDS = COORDINATORS | {"than", "with", "response", "as"}
"""Words of amount do not modify each other across one of these."""

_ASPECT_ENDS = frozenset({"in", "at", "for"})
_NOUN_ENDINGS = ("tion", "tions", "ment", "ments", "ease", "eases", "line", "gain", "rise")
_DIRECTIONS = frozenset({"up", "down", "better", "worse", "favors"})
_ENUMERATION_END = frozenset(";:.\n")
_LIST_END = frozenset(",;\n")
_MAX_CHAIN_GAP = 4
_MAX_NOUN_GAP = 12
_MAX_PREDICATE_GAP = 7


def find_governing(
    parsed: AmountText,
    clause: AmountClause,
    events: Sequence[Event],
    words: tuple[int, int],
    span: tuple[int, int],
    *,
    is_named: bool,
) -> tuple[list[Event], str]:
    """The events that say how much of the outcome there is, outermost first, and the rule that found them.

    The outcome are the words from the first to the second of `words` (exclusive), the characters of `span`; if the
    clause does not name it, the clause's main statement counts.
    """
    first, last = words
    if not events:
        return [], ""
    if not is_named:
        return _find_main(parsed, events), "context"
    symbol = _find_symbol(parsed, events, span)
    if symbol is not None:
        return [symbol], "symbol"
    events = [event for event in events if event.first < event.last]
    begin = find_subclause(parsed, clause.first, first)
    before = [event for event in events if begin <= event.first < first]
    after = [event for event in events if event.first >= last]
    inner = [event for event in after[:1] if event.first - last <= 1 and _is_noun_before_verb(parsed, event, clause)]
    if inner:
        # "Pain reduction was greater", "score changes were similar"
        after, last = after[1:], inner[0].last
    is_subject = not parsed.has_verb(begin, first)
    if before and not inner and after and after[0].first == last and _is_noun(parsed, after[0]):
        # "A smaller pain reduction"
        return [*_take_chain_back(parsed, before), after[0]], "governing_word"
    if after:
        between = parsed.folded(last, after[0].first)
        has_verb = parsed.has_verb(max(last, after[0].first - _MAX_PREDICATE_GAP), after[0].first)
        crosses = not COORDINATORS.isdisjoint(between)
        is_predicate = (has_verb and (is_subject or not crosses)) or after[0].first - last <= 1
        if is_predicate and (is_subject or not before):
            noun = inner or _take_noun(parsed, before, first)
            return [*_take_chain(parsed, after, 0), *noun], "predicate"
    if before:
        chain = _take_chain_back(parsed, before)
        if all(event.sense in ("differ", "effect") and not event.is_negated for event in chain):
            # "A difference in mood in favour of the treated group"
            place = next((number for number, event in enumerate(after) if event.sense in _DIRECTIONS), None)
            if place is not None:
                return _take_chain(parsed, after, place), "later_word"
        return chain, "governing_word"
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
    for event in before:
        if _heads_list(parsed, event, span[0]) and not any(event.end <= other.start < span[0] for other in events):
            return event
    return None


def _heads_list(parsed: AmountText, symbol: Event, place: int) -> bool:
    """Whether an arrow is at the head of a list that goes on to `place`: "↓ anxiety, stress & depression"."""
    between = parsed.plain[symbol.end : place]
    if not SIGNS.keys().isdisjoint(parsed.plain[symbol.start : symbol.end]):
        # "Vitamin D + calcium"
        return False
    begins_item = not parsed.plain[: symbol.start].rstrip()[-1:].isalnum()
    first, last = parsed.word_number(symbol.end), parsed.word_number(place)
    return begins_item and _ENUMERATION_END.isdisjoint(between) and not parsed.has_verb(first, last)


def _find_main(parsed: AmountText, events: Sequence[Event]) -> list[Event]:
    """The words of amount of a clause that names no outcome: a direction before a mere difference, with its noun."""
    place = next(
        (number for number, event in enumerate(events) if event.sense not in ("differ", "effect") or event.is_negated),
        0,
    )
    chain = _take_chain(parsed, events, place)
    following = place + len(chain)
    if following < len(events) and parsed.folded(chain[-1].last, chain[-1].last + 1) in (["in"], ["of"]):
        # "The reduction in pain was greater"
        predicate = events[following]
        if parsed.has_verb(chain[-1].last, predicate.first):
            return [*_take_chain(parsed, events, following), *chain]
    return chain


def find_subclause(parsed: AmountText, first: int, last: int) -> int:
    """The word after the last "that" which follows a verb: "results indicated that pain ..."."""
    for number in range(last - 1, first, -1):
        if parsed.words[number].folded == "that" and parsed.words[number - 1].folded in parsed.rules.verbs:
            return number + 1
    return first


def _is_noun_before_verb(parsed: AmountText, event: Event, clause: AmountClause) -> bool:
    """Whether a word of amount right after the outcome is a noun: a verb and another word of amount follow it."""
    if event.first == event.last or event.sense not in ("up", "down", "better", "worse", "effect", "differ"):
        return False
    later = next((other for other in clause.events if other.first >= event.last), None)
    if later is None or parsed.words[event.first].folded.endswith("ed"):
        return False
    return parsed.has_verb(event.last, later.first)


def _is_noun(parsed: AmountText, event: Event) -> bool:
    """Whether a word of change is a noun, by its ending: "reduction", but not "reduced"."""
    word = parsed.words[event.last - 1].folded
    return event.sense in ("up", "down", "better", "worse") and word.endswith(_NOUN_ENDINGS)


def _take_noun(parsed: AmountText, before: Sequence[Event], first: int) -> list[Event]:
    """The noun of change that the outcome depends on: "reduction in pain"."""
    if not before or first - before[-1].last > _MAX_NOUN_GAP or parsed.has_verb(before[-1].last, first):
        return []
    words = parsed.folded(before[-1].last, first)
    return _take_chain_back(parsed, before) if {"in", "of"} & set(words[:1]) else []


def _take_chain(parsed: AmountText, events: Sequence[Event], place: int) -> list[Event]:
    """The event at `place` and those after it that it modifies."""
    chain = [events[place]]
    for event in events[place + 1 :]:
        if not _is_joined(parsed, chain[-1], event):
            break
        chain.append(event)
    return chain


def _take_chain_back(parsed: AmountText, events: Sequence[Event]) -> list[Event]:
    """The last event and those before it that modify it."""
    chain = [events[-1]]
    for event in reversed(events[:-1]):
        if not _is_joined(parsed, event, chain[-1]):
            break
        chain.append(event)
    return chain[::-1]


def _is_joined(parsed: AmountText, outer: Event, inner: Event) -> bool:
    """Whether one word of amount modifies the next: "less improvement", "more effective in reducing"."""
    gap = inner.first - outer.last
    if gap > _MAX_NOUN_GAP or any(word.breaks for word in parsed.words[outer.last : inner.first + 1]):
        return False
    if parsed.has_verb(outer.last, inner.first):
        return False
    between = parsed.folded(outer.last, inner.first)
    aspect = [word for word in between[-2:] if word != "the"][-1:]
    if between[:1] in (["than"], ["to"]) and not _ASPECT_ENDS.isdisjoint(aspect):
        # "More effective than placebo in reducing", "superior to placebo for the relief of"
        return COORDINATORS.isdisjoint(between)
    return (
        gap <= _MAX_CHAIN_GAP and _CHAIN_ENDS.isdisjoint(between) and "," not in parsed.plain[outer.end : inner.start]
    )


def multiply_senses(chain: Sequence[Event], polarity: int) -> int | None:
    """The sign of a chain of words of amount; None if it has no direction.

    `polarity` is 1 if an improvement of the outcome is more of it, -1 if it is less.
    """
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
