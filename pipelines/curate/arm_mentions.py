"""Finds where a text mentions the arms of a comparison: intervention, comparator, both, or the values before treatment.

Takes a text and the words for both arms and returns spans. An arm is mentioned by words that the other arm does not
share, by its abbreviation ("UCC"), by its letter ("group S" for saline) and by general words of `cues/arm.csv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.amount_rules import AmountRules
from pipelines.curate.grammar import FUNCTION_WORDS
from pipelines.curate.phrase_mentions import TOKEN, find_phrase_mentions
from pipelines.vocabularies.cue_phrases import select_longest, split_words
from pipelines.vocabularies.matcher import fold_word

INTERVENTION, COMPARATOR, BOTH, BASELINE = "intervention", "comparator", "both", "baseline"
_GROUP_WORDS = frozenset({"group", "arm", "cohort"})
_MAX_PHRASE_TOKENS = 80
_MAX_UNIT_LENGTH = 4
_JOIN_GAP = 14
"""Characters between two mentions of an arm that are read as one."""


class ArmMention(NamedTuple):
    """A mention of an arm, `text[start:end]`; `arm` is intervention, comparator, both or baseline."""

    start: int
    end: int
    arm: str


class _Token(NamedTuple):
    start: int
    end: int
    printed: str
    stem: str


def find_arm_mentions(
    text: str, intervention: str | None, comparator: str | None, rules: AmountRules
) -> list[ArmMention]:
    """The mentions of the arms in `text`, in order and without overlaps.

    General words count only where no word of the two phrases is mentioned: "placebo" is the intervention if its phrase
    says so and that of the comparator does not.
    """
    tokens = _tokenise(text)
    own, other = _telling_words(intervention or "", rules), _telling_words(comparator or "", rules)
    marked: dict[int, str] = {}
    _mark_words(tokens, own - other, INTERVENTION, marked)
    _mark_words(tokens, other - own, COMPARATOR, marked)
    _mark_acronyms(tokens, intervention or "", comparator or "", marked)
    _mark_group_letters(tokens, intervention or "", comparator or "", marked)
    mentions = _join_marked(text, tokens, marked)
    if comparator and not other - own:
        mentions = _add_whole(text, comparator, COMPARATOR, mentions)
    if intervention and not own - other:
        mentions = _add_whole(text, intervention, INTERVENTION, mentions)
    general = _find_general(text, rules, own, other)
    return _merge(mentions, general)


def _tokenise(text: str) -> list[_Token]:
    """The words of a text. A number and its unit are one token ("40 mg"), and so are "group" and its letter."""
    tokens: list[_Token] = []
    for match in TOKEN.finditer(text):
        start, end, printed = match.start(), match.end(), match.group()
        stem = fold_word(printed)
        if tokens:
            last = tokens[-1]
            is_near = start - last.end <= 1
            is_unit = last.printed[0].isdigit() and not printed[0].isdigit() and len(printed) <= _MAX_UNIT_LENGTH
            if is_near and is_unit and last.printed.replace(".", "").isdigit():
                tokens[-1] = _Token(last.start, end, text[last.start : end], last.stem + stem)
                continue
            is_label = len(printed) == 1 or printed.isdigit() or set(printed) <= {"I", "V"}
            if is_near and is_label and last.stem in _GROUP_WORDS and printed != "a":
                tokens[-1] = _Token(last.start, end, text[last.start : end], last.stem + stem)
                continue
        tokens.append(_Token(start, end, printed, stem))
    return tokens


def _telling_words(phrase: str, rules: AmountRules) -> frozenset[str]:
    words = rules.words
    return frozenset(
        token.stem
        for token in _tokenise(phrase)[:_MAX_PHRASE_TOKENS]
        if token.stem not in FUNCTION_WORDS
        and token.printed.casefold() not in FUNCTION_WORDS
        and token.printed.casefold() not in words.measure_words
        and token.printed.casefold() not in words.neutral_words
        and token.stem not in words.measure_words
        and not token.printed.isdigit()
        and (len(token.printed) > 1)
    )


def _mark_words(tokens: Sequence[_Token], words: frozenset[str], arm: str, marked: dict[int, str]) -> None:
    for number, token in enumerate(tokens):
        if token.stem in words:
            marked[number] = arm


def _mark_acronyms(tokens: Sequence[_Token], intervention: str, comparator: str, marked: dict[int, str]) -> None:
    """Mark words in capitals whose letters begin the words of one arm only."""
    initials = (_initials(intervention), _initials(comparator))
    known: dict[str, str | None] = {}
    for number, token in enumerate(tokens):
        letters = token.printed.removesuffix("s")
        if number in marked or not 2 <= len(letters) <= 6 or not letters.isupper():
            continue
        if letters not in known:
            fits = [letters.casefold() in value for value in initials]
            known[letters] = INTERVENTION if fits == [True, False] else COMPARATOR if fits == [False, True] else None
        arm = known[letters]
        if arm is not None:
            marked[number] = arm


def _initials(phrase: str) -> str:
    words = [match.group() for match in TOKEN.finditer(phrase)][:_MAX_PHRASE_TOKENS]
    return "".join(word[0].casefold() for word in words if word.casefold() not in FUNCTION_WORDS and word[0].isalpha())


def _mark_group_letters(tokens: Sequence[_Token], intervention: str, comparator: str, marked: dict[int, str]) -> None:
    """Mark "group S" if a word of one arm only begins with the letter ("saline"), likewise "S group"."""
    first, second = set(_initials(intervention)), set(_initials(comparator))
    for number, token in enumerate(tokens):
        if number in marked:
            continue
        words = token.printed.split()
        letter = words[-1] if len(words) == 2 and fold_word(words[0]) in _GROUP_WORDS else ""
        following = tokens[number + 1].stem if number + 1 < len(tokens) else ""
        if len(token.printed) == 1 and following in _GROUP_WORDS:
            letter = token.printed
        if len(letter) == 1 and letter.isalpha() and letter.isupper():
            low = letter.casefold()
            if (low in first) != (low in second):
                marked[number] = INTERVENTION if low in first else COMPARATOR


def _join_marked(text: str, tokens: Sequence[_Token], marked: dict[int, str]) -> list[ArmMention]:
    mentions: list[ArmMention] = []
    for number in sorted(marked):
        token, arm = tokens[number], marked[number]
        if mentions:
            last = mentions[-1]
            between = text[last.end : token.start]
            if last.arm == arm and len(between) <= _JOIN_GAP and not set(between) & set(",;.:"):
                mentions[-1] = last._replace(end=token.end)
                continue
        mentions.append(ArmMention(token.start, token.end, arm))
    return mentions


def _add_whole(text: str, phrase: str, arm: str, mentions: list[ArmMention]) -> list[ArmMention]:
    """Add the mentions of an arm whose words are all words of the other arm, too, where it is not named with more."""
    added = []
    for found in find_phrase_mentions(text, phrase):
        is_part = any(
            mention.start <= found.end + _JOIN_GAP and found.start <= mention.end + _JOIN_GAP for mention in mentions
        )
        if not is_part:
            added.append(ArmMention(found.start, found.end, arm))
    return sorted([*mentions, *added])


def _find_general(text: str, rules: AmountRules, own: frozenset[str], other: frozenset[str]) -> list[ArmMention]:
    words = split_words(text)
    mentions = []
    for hit in select_longest(rules.arms.find_all(words)):
        arm = hit.cue.values["arm"]
        stems = {fold_word(word.folded) for word in words[hit.first : hit.last]} - _GROUP_WORDS
        if arm == COMPARATOR and stems & own and not stems & other:
            arm = INTERVENTION
        if arm == INTERVENTION and stems & other and not stems & own:
            arm = COMPARATOR
        mentions.append(ArmMention(words[hit.first].start, words[hit.last - 1].end, arm))
    return mentions


def _merge(mentions: Sequence[ArmMention], general: Sequence[ArmMention]) -> list[ArmMention]:
    """Both lists in order, without general mentions that overlap others."""
    merged = list(mentions)
    place = 0
    for mention in general:
        while place < len(mentions) and mentions[place].end <= mention.start:
            place += 1
        if place == len(mentions) or mentions[place].start >= mention.end:
            merged.append(mention)
    return sorted(merged)
