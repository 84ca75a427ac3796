"""Finds where a text mentions the arms of a comparison: intervention, comparator, both, or the values before treatment.

Takes a text and the words for both arms and returns spans. An arm is mentioned by words that the other arm does not
share, by its abbreviation ("UCC"), by its letter ("group S" for saline) and by general words of `cues/arm.csv`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from pipelines.curate.amount_rules import AmountRules
from pipelines.curate.grammar import FUNCTION_WORDS
from pipelines.curate.phrase_mentions import TOKEN, find_phrase_mentions, have_same_root
from pipelines.vocabularies.cue_phrases import select_longest, split_words
from pipelines.vocabularies.matcher import fold_word

INTERVENTION, COMPARATOR = "intervention", "comparator"
BOTH, BETWEEN, BASELINE = "both", "between", "baseline"
_GROUP_WORDS = frozenset({"group", "arm", "cohort"})
_MAX_PHRASE_TOKENS = 80
_MAX_UNIT_LENGTH = 4
_SHORT_ASIDE = re.compile(r"\(([^\W\d_]{1,6})\)")
_WITHOUT = re.compile(r"\b(?:no|without|non)[\s\u2010-]{1,3}$", re.IGNORECASE)
_WITHOUT_WORD = re.compile(r"\b(?:no|not|without|non)\b", re.IGNORECASE)
_GROUP_AFTER = re.compile(r"(?:[ +/-]{1,3}(?!(?:and|or|than|the|in|of|with|to|vs|versus|from|compared|for|was|were)\b)[^\W_]{1,20}){0,3} (?:groups?|arms?)\b")
_GENERAL_WORDS = frozenset({"control", "controls", "intervention", "treatment", "treated", "therapy", "no", "nothing", "alone", "only", "monotherapy"})
_ASIDE = re.compile(r"\([^()]{0,200}\)")
_COMBINING = re.compile(r"\b(?:and|plus|with|combined)\b|[+/]", re.IGNORECASE)
_LETTERS = re.compile(r"\b([A-Z](?: ?[+/&] ?[A-Z]){0,3}) (?:groups?|arms?)\b|\b[Gg]roups? ([A-Z](?: ?[+/&] ?[A-Z]){0,3})\b")
_ALONE = re.compile(r"\s(?:alone|only|monotherapy)\b", re.IGNORECASE)
_JOINING = re.compile(r"[\s+/&-]*(?:(?:of|and|or|plus|the|with|in|a|%|mg) ?){0,3}[\s+/&-]*")
_ADDING = frozenset({"", "plus", "+", "with", "and", "/", "-", "combined with", "in combination with", "added to"})
"""Between two mentions: they name one arm together."""

_INTRODUCING = frozenset({"with", "with the", "by", "by the"})
_CONTROL_OPENERS = frozenset({"placebo", "sham", "untreated", "healthy", "positive", "negative", "vehicle", "group", "than"})
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
    _mark_words(tokens, own - other, other, INTERVENTION, marked)
    _mark_words(tokens, other - own, own, COMPARATOR, marked)
    # "With reminders" against "without reminders", or the other way round
    is_reversed = own == other and bool(_WITHOUT_WORD.search(intervention or ""))
    if is_reversed or (own == other and _WITHOUT_WORD.search(comparator or "")):
        _mark_words(tokens, own, frozenset(), COMPARATOR if is_reversed else INTERVENTION, marked)
    _mark_acronyms(tokens, intervention or "", comparator or "", marked)
    _mark_group_letters(tokens, intervention or "", comparator or "", marked)
    _mark_other_label(tokens, marked)
    mentions = _join_marked(text, tokens, marked)
    mentions = _add_letters(text, intervention or "", comparator or "", mentions)
    if intervention and own and not own - other:
        mentions = _add_whole(text, intervention, comparator or "", INTERVENTION, mentions)
    if comparator and other and not other - own:
        mentions = _add_whole(text, comparator, intervention or "", COMPARATOR, mentions)
    mentions = [_refine(text, mention, is_reversed=is_reversed) for mention in mentions]
    return _merge(text, mentions, _find_general(text, rules, own, other, is_swapped=_is_swapped(intervention, comparator, rules)))


def _refine(text: str, mention: ArmMention, *, is_reversed: bool) -> ArmMention:
    """The mention with a following "group"; with "no" before it, it is the other arm ("no exercise")."""
    before = _WITHOUT.search(text, max(0, mention.start - 12), mention.start)
    if before:
        arm = INTERVENTION if is_reversed else COMPARATOR
        mention = ArmMention(before.start(), mention.end, arm)
    after = _GROUP_AFTER.match(text, mention.end)
    return mention._replace(end=after.end()) if after else mention


def _add_letters(text: str, intervention: str, comparator: str, mentions: list[ArmMention]) -> list[ArmMention]:
    """Add "M+L group" and "L group" where the phrases print "(M)" and "(L)" for their parts."""
    printed = [sorted(letter for letter in _SHORT_ASIDE.findall(phrase)) for phrase in (intervention, comparator)]
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
                tokens[-1] = _Token(last.start, end, text[last.start : end], f"{last.stem} {stem}")
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
        and token.printed.casefold() not in _GENERAL_WORDS
        and not token.printed.isdigit()
        and (len(token.printed) > 1)
    )


def _mark_words(
    tokens: Sequence[_Token], words: frozenset[str], others: frozenset[str], arm: str, marked: dict[int, str]
) -> None:
    """Mark the words and those with the same root ("implanted" for "implant") that resemble no word of the others."""
    known: dict[str, bool] = {}
    for number, token in enumerate(tokens):
        if token.stem not in known:
            known[token.stem] = token.stem in words or (
                token.stem not in others
                and token.stem not in _GENERAL_WORDS
                and any(have_same_root(token.stem, word) for word in words)
                and not any(have_same_root(token.stem, word) for word in others)
            )
        if known[token.stem]:
            marked[number] = arm


def _mark_acronyms(tokens: Sequence[_Token], intervention: str, comparator: str, marked: dict[int, str]) -> None:
    """Mark words in capitals whose letters begin the words of one arm, or fit that arm better."""
    known: dict[str, str | None] = {}
    for number, token in enumerate(tokens):
        letters = token.printed.removesuffix("s")
        if number in marked or not 2 <= len(letters) <= 6 or not letters.isupper():
            continue
        if letters not in known:
            fits = [_fit_acronym(letters.casefold(), phrase) for phrase in (intervention, comparator)]
            known[letters] = None if fits[0] == fits[1] else INTERVENTION if fits[0] > fits[1] else COMPARATOR
        arm = known[letters]
        if arm is not None:
            marked[number] = arm


def _fit_acronym(letters: str, phrase: str) -> int:
    """How well an abbreviation fits a phrase: 4 if the phrase prints it in brackets, 0 if not at all."""
    printed = "".join(_SHORT_ASIDE.findall(phrase)).casefold()
    initials = _initials(phrase)
    if letters == printed:
        return 4
    if letters == initials:
        return 3
    if letters in initials:
        return 2
    if len(letters) > 2 and letters[0] == initials[:1] and _is_subsequence(letters, initials):
        return 1
    return 1 if len(letters) > 2 and _abbreviates_words(letters, phrase) else 0


def _abbreviates_words(letters: str, phrase: str) -> bool:
    """Whether letters abbreviate one to three words in a row, all of their initials included ("TXA")."""
    words = [match.group().casefold() for match in TOKEN.finditer(phrase)][:_MAX_PHRASE_TOKENS]
    for first in range(len(words)):
        for last in range(first + 1, min(first + 3, len(words)) + 1):
            run = words[first:last]
            initials = "".join(word[0] for word in run)
            is_near = letters[0] == initials[0] and _is_subsequence(initials, letters)
            if is_near and _is_subsequence(letters, "".join(run)) and max(map(len, run)) > len(letters):
                return True
    return False


def _is_subsequence(letters: str, initials: str) -> bool:
    remaining = iter(initials)
    return all(letter in remaining for letter in letters)


def _initials(phrase: str) -> str:
    words = [match.group() for match in TOKEN.finditer(phrase)][:_MAX_PHRASE_TOKENS]
    return "".join(word[0].casefold() for word in words if word.casefold() not in FUNCTION_WORDS and word[0].isalpha())


def _mark_group_letters(tokens: Sequence[_Token], intervention: str, comparator: str, marked: dict[int, str]) -> None:
    """Mark "group S" if a word of one arm only begins with the letter ("saline"), likewise "S group"."""
    printed = [set(_SHORT_ASIDE.findall(phrase.casefold())) for phrase in (intervention, comparator)]
    initials = [set(_initials(phrase)) for phrase in (intervention, comparator)]
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
            for first, second in (printed, initials):
                if (low in first) != (low in second):
                    marked[number] = INTERVENTION if low in first else COMPARATOR
                    break


def _mark_other_label(tokens: Sequence[_Token], marked: dict[int, str]) -> None:
    """If the text has two labels, such as "group 1" and "group 2", and one arm has one, the other arm has the other."""
    labels: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        words = token.stem.split()
        if len(words) == 2 and words[0] in _GROUP_WORDS:
            labels.setdefault(token.stem, []).append(number)
    if len(labels) != 2:
        return
    first, second = labels.values()
    for known, unknown in ((first, second), (second, first)):
        arm = marked.get(known[0])
        if arm is not None and unknown[0] not in marked:
            other = COMPARATOR if arm == INTERVENTION else INTERVENTION
            marked.update(dict.fromkeys(unknown, other))
            return


def _join_marked(text: str, tokens: Sequence[_Token], marked: dict[int, str]) -> list[ArmMention]:
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


def _add_whole(text: str, phrase: str, other: str, arm: str, mentions: list[ArmMention]) -> list[ArmMention]:
    """Add the mentions of an arm whose words are all words of the other arm, too, where it is not named with more."""
    added = []
    plain = " ".join(
        match.group()
        for match in TOKEN.finditer(_ASIDE.sub(" ", phrase))
        if match.group().casefold() not in _GENERAL_WORDS and match.group().isalpha() and len(match.group()) > 2
    )
    adding = _ADDING if _COMBINING.search(other) else _ADDING - {"and"}
    for found in find_phrase_mentions(text, plain):
        if found.score < 1:
            continue
        place = bisect_left(mentions, found.end, key=lambda mention: mention.start)
        after = text[found.end : mentions[place].start] if place < len(mentions) else None
        before = text[mentions[place - 1].end : found.start] if place else None
        if place and mentions[place - 1].end > found.start:
            continue
        is_alone = _ALONE.match(text, found.end) is not None
        if is_alone or not any(gap is not None and gap.strip().casefold() in adding for gap in (before, after)):
            added.append(ArmMention(found.start, found.end, arm))
    return sorted([*mentions, *added])


def _is_swapped(intervention: str | None, comparator: str | None, rules: AmountRules) -> bool:
    """Whether the intervention is what is usually the comparator, as in "placebo" against "aspirin"."""

    def is_usual_comparator(phrase: str | None) -> bool:
        hits = rules.arms.find_all(split_words(phrase or ""))
        return any(hit.cue.values["arm"] == COMPARATOR for hit in hits)

    return is_usual_comparator(intervention) and not is_usual_comparator(comparator)


def _find_general(
    text: str, rules: AmountRules, own: frozenset[str], other: frozenset[str], *, is_swapped: bool
) -> list[ArmMention]:
    words = split_words(text)
    mentions = []
    for hit in select_longest(rules.arms.find_all(words)):
        arm = hit.cue.values["arm"]
        printed = text[words[hit.first].start : words[hit.last - 1].end]
        if arm == "none" or set(printed) & set(",;:"):
            continue
        if printed.casefold() in ("control", "controls") and hit.first and _is_noun_before(words[hit.first - 1].folded):
            continue
        if is_swapped:
            arm = {INTERVENTION: COMPARATOR, COMPARATOR: INTERVENTION}.get(arm, arm)
        stems = {fold_word(word.folded) for word in words[hit.first : hit.last]} - _GROUP_WORDS
        if arm == COMPARATOR and stems & own and not stems & other:
            arm = INTERVENTION
        if arm == INTERVENTION and stems & other and not stems & own:
            arm = COMPARATOR
        mentions.append(ArmMention(words[hit.first].start, words[hit.last - 1].end, arm))
    return mentions


def _is_noun_before(word: str) -> bool:
    """Whether a word before "control" makes it a part of another name: "glucose control"."""
    return word not in FUNCTION_WORDS and word not in _CONTROL_OPENERS and not word[0].isdigit()


def _merge(text: str, mentions: Sequence[ArmMention], general: Sequence[ArmMention]) -> list[ArmMention]:
    """Both lists in order, without general mentions that overlap others or introduce them ("treated with placebo")."""
    whole = [mention for mention in general if mention.arm == BOTH and text[mention.start : mention.end].count(" ") > 2]
    mentions = _replace_parts(mentions, whole)
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
    return [
        mention
        for mention, following in zip_longest(ordered, ordered[1:])
        if following is None or text[mention.end : following.start].strip() not in _INTRODUCING or mention.arm == following.arm
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
