"""Finds where a text mentions the arms of a comparison: intervention, comparator, both, or the baseline.

Takes a text and the words for both arms and returns spans. An arm is mentioned by its names (`arm_names`), by all of
its words if the other arm has them, too, and by general words (`schemas/vocabularies/cues/arm.csv`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_names import (
    COMPARATOR,
    GROUP_WORDS,
    INTERVENTION,
    WITHOUT,
    ArmToken,
    find_telling_words,
    list_bracket_letters,
    mark_names,
    tokenise,
)
from pipelines.curate.amounts.phrase_mentions import TOKEN, find_phrase_mentions
from pipelines.curate.grammar import FUNCTION_WORDS
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.cue_phrases import select_longest, split_words
from pipelines.vocabularies.matcher import fold_word

BOTH, BETWEEN, BASELINE = "both", "between", "baseline"

_WITHOUT_BEFORE = re.compile(r"\b(?:no|without|non)[\s\u2010-]{1,3}$", re.IGNORECASE)
_GROUP_AFTER = re.compile(
    r"(?:[ +/-]{1,3}(?!(?:and|or|than|the|in|of|with|to|vs|versus|from|compared|for|was|were)\b)[^\W_]{1,20}){0,3}"
    r" (?:groups?|arms?)\b"
)
_LETTERS = re.compile(
    r"\b([A-Z](?: ?[+/&] ?[A-Z]){0,3}) (?:groups?|arms?)\b|\b[Gg]roups? ([A-Z](?: ?[+/&] ?[A-Z]){0,3})\b"
)
_ASIDE = re.compile(r"\([^()]{0,200}\)")
_ALONE = re.compile(r"\s(?:alone|only|monotherapy)\b", re.IGNORECASE)
_COMBINING = re.compile(r"\b(?:and|plus|with|combined)\b|[+/]", re.IGNORECASE)
_JOINING = re.compile(r"[\s+/&-]{0,5}(?:(?:of|and|or|plus|the|with|in|a|%|mg) ?){0,3}[\s+/&-]{0,5}")
"""Between two words of one arm's name."""

_ADDING = frozenset({"", "plus", "+", "with", "and", "/", "-", "combined with", "in combination with", "added to"})
"""Between the names of two arms: they name one arm together."""

_INTRODUCING = frozenset({"with", "with the", "by", "by the"})
"""Between "treated" and the name of an arm."""


class ArmMention(NamedTuple):
    """A mention of an arm, `text[start:end]`; `arm` is intervention, comparator, both, between or baseline.

    "Both groups" says that something holds for both arms, "between groups" that they are compared.
    """

    start: int
    end: int
    arm: str


def find_arm_mentions(
    text: str, intervention: str | None, comparator: str | None, rules: AmountRules
) -> list[ArmMention]:
    """The mentions of the arms in `text`, in order and without overlaps, in linear time.

    General words count only where no word of the two phrases is mentioned: "placebo" is the intervention if its phrase
    says so and that of the comparator does not.
    """
    first, second = intervention or "", comparator or ""
    own, other = find_telling_words(first, rules.words), find_telling_words(second, rules.words)
    tokens = tokenise(text)
    mentions = _join_marked(text, tokens, mark_names(tokens, first, second, rules.words))
    negated_arm = INTERVENTION if own == other and WITHOUT.search(first) else COMPARATOR
    mentions = [_refine(text, mention, negated_arm) for mention in _add_letters(text, first, second, mentions)]
    if own and own <= other:
        mentions = _add_whole(text, first, second, INTERVENTION, rules.words, mentions)
    if other and other <= own:
        mentions = _add_whole(text, second, first, COMPARATOR, rules.words, mentions)
    mentions = [_refine(text, mention, negated_arm) for mention in mentions]
    is_swapped = _is_usual_comparator(first, rules) and not _is_usual_comparator(second, rules)
    return _merge(text, mentions, _find_general(text, rules, own, other, is_swapped=is_swapped))


def _refine(text: str, mention: ArmMention, negated_arm: str) -> ArmMention:
    """The mention with a following "group"; with "no" before it, it is the negated arm ("no exercise")."""
    before = _WITHOUT_BEFORE.search(text, max(0, mention.start - 12), mention.start)
    if before:
        mention = ArmMention(before.start(), mention.end, negated_arm)
    after = _GROUP_AFTER.match(text, mention.end)
    return mention._replace(end=after.end()) if after else mention


def _join_marked(text: str, tokens: Sequence[ArmToken], marked: dict[int, str]) -> list[ArmMention]:
    mentions: list[ArmMention] = []
    for number in sorted(marked):
        token, arm = tokens[number], marked[number]
        if mentions:
            last = mentions[-1]
            between = text[last.end : token.start]
            if last.arm == arm and _JOINING.fullmatch(between):
                mentions[-1] = last._replace(end=token.end)
                continue
        mentions.append(ArmMention(token.start, token.end, arm))
    return mentions


def _add_letters(text: str, intervention: str, comparator: str, mentions: list[ArmMention]) -> list[ArmMention]:
    """Add "M+L group" and "L group" where the phrases print "(M)" and "(L)" for their parts."""
    printed = [sorted(list_bracket_letters(phrase)) for phrase in (intervention, comparator)]
    if not all(printed) or printed[0] == printed[1]:
        return mentions
    added = []
    for match in _LETTERS.finditer(text):
        letters = sorted(re.findall(r"[A-Z]", match[1] or match[2]))
        for arm, known in zip((INTERVENTION, COMPARATOR), printed, strict=True):
            if letters == known and not _is_covered(mentions, match.start(), match.end()):
                added.append(ArmMention(match.start(), match.end(), arm))
    return sorted([*mentions, *added])


def _is_covered(mentions: Sequence[ArmMention], start: int, end: int) -> bool:
    place = bisect_left(mentions, end, key=lambda mention: mention.start)
    return bool(place) and mentions[place - 1].end > start


def _add_whole(
    text: str, phrase: str, other: str, arm: str, words: CodingWords, mentions: list[ArmMention]
) -> list[ArmMention]:
    """Add the mentions of an arm whose words are all words of the other arm, too, where it is not named with more.

    With chemotherapy against chemotherapy plus bevacizumab, "chemotherapy" is the former, unless "bevacizumab" follows.
    """
    plain = " ".join(
        word
        for word in TOKEN.findall(_ASIDE.sub(" ", phrase))
        if word.casefold() not in words.general_arm_words and word.isalpha() and len(word) > 2
    )
    adding = _ADDING if _COMBINING.search(other) else _ADDING - {"and"}
    added = []
    for found in find_phrase_mentions(text, plain):
        if found.score < 1 or _is_covered(mentions, found.start, found.end):
            continue
        place = bisect_left(mentions, found.end, key=lambda mention: mention.start)
        gaps = [text[found.end : mention.start] for mention in mentions[place : place + 1]]
        gaps += [text[mention.end : found.start] for mention in mentions[max(0, place - 1) : place]]
        if _ALONE.match(text, found.end) or adding.isdisjoint(_join_words(gap) for gap in gaps):
            added.append(ArmMention(found.start, found.end, arm))
    return sorted([*mentions, *added])


def _join_words(gap: str) -> str:
    """The words between two names, without single letters and digits: " D plus " of "vitamin D plus calcium"."""
    return " ".join(word.casefold() for word in gap.split() if len(word) > 1 or not word.isalnum())


def _is_usual_comparator(phrase: str, rules: AmountRules) -> bool:
    """Whether a phrase for an arm says what a comparator usually is: "placebo", "usual care"."""
    return any(hit.cue.values["arm"] == COMPARATOR for hit in rules.arms.find_all(split_words(phrase)))


def _find_general(
    text: str, rules: AmountRules, own: frozenset[str], other: frozenset[str], *, is_swapped: bool
) -> list[ArmMention]:
    """The mentions of arms by general words; `is_swapped` if the intervention is what usually is the comparator."""
    words = split_words(text)
    mentions = []
    for hit in select_longest(rules.arms.find_all(words)):
        arm = hit.cue.values["arm"]
        start, end = words[hit.first].start, words[hit.last - 1].end
        if arm == "none" or not {*text[start:end]}.isdisjoint(",;:"):
            continue
        before = words[hit.first - 1].folded if hit.first else ""
        if hit.cue.values["after_noun"] == "no" and _is_noun(before, rules.words):
            continue
        if is_swapped:
            arm = {INTERVENTION: COMPARATOR, COMPARATOR: INTERVENTION}.get(arm, arm)
        stems = {fold_word(word.folded) for word in words[hit.first : hit.last]} - GROUP_WORDS
        if arm == COMPARATOR and stems & own and not stems & other:
            arm = INTERVENTION
        elif arm == INTERVENTION and stems & other and not stems & own:
            arm = COMPARATOR
        mentions.append(ArmMention(start, end, arm))
    return mentions


def _is_noun(word: str, words: CodingWords) -> bool:
    """Whether a word before "control" makes it a part of another name: "glucose control"."""
    return bool(word) and word not in FUNCTION_WORDS and word not in words.control_openers and not word[0].isdigit()


def _merge(text: str, mentions: Sequence[ArmMention], general: Sequence[ArmMention]) -> list[ArmMention]:
    """Both lists in order, without general mentions that overlap others or introduce them ("treated with placebo")."""
    mentions = _replace_parts(mentions, [mention for mention in general if mention.arm == BOTH])
    merged = list(mentions)
    place = 0
    for mention in general:
        while place < len(mentions) and mentions[place].end <= mention.start:
            place += 1
        if place < len(mentions):
            between = text[mention.end : mentions[place].start] if mention.end <= mentions[place].start else ""
            if mentions[place].start < mention.end or between.strip() in _INTRODUCING:
                continue
        merged.append(mention)
    ordered = sorted(merged)
    introducing = set(general)
    return [
        mention
        for mention, following in zip_longest(ordered, ordered[1:])
        if following is None
        or mention not in introducing
        or text[mention.end : following.start].strip() not in _INTRODUCING
        or mention.arm == following.arm
    ]


def _replace_parts(mentions: Sequence[ArmMention], whole: Sequence[ArmMention]) -> list[ArmMention]:
    """The mentions with "both A and placebo groups" as one, unless it names two groups of the intervention."""
    kept = list(mentions)
    for both in whole:
        low = bisect_left(kept, both.start, key=lambda mention: mention.start)
        high = bisect_left(kept, both.end, key=lambda mention: mention.start)
        if COMPARATOR in {mention.arm for mention in kept[low:high]}:
            kept[low:high] = [both]
    return kept
