"""Finds where a text mentions a phrase that is given in other words, such as an outcome or a treatment.

Takes a text and a phrase and returns spans with a score. "Visual acuity (VA)" is mentioned by "VA", "acuities" and
"acuity of vision"; a list ("pulse, weight or height") is mentioned by each of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from pipelines.curate.grammar import FUNCTION_WORDS
from pipelines.vocabularies.matcher import fold_word

TOKEN = re.compile(r"\d+(?:[.,·]\d+)?|[^\W\d_]+")
_ASIDE = re.compile(r"\(([^()]{1,200})\)|\[([^\[\]]{1,200})\]")
_LIST_BREAK = re.compile(r"[,;/:]|\band\b|\bor\b|\bas well as\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;?!\n]\s")
_MAX_GAP = 3
"""Other words that may stand between two words of a mention."""

_MIN_SCORE = 0.5
_LIGHT_WEIGHT = 0.25
_SIMILARITY = 86
_MAX_VARIANTS = 16
_MAX_PHRASE_TOKENS = 60


class PhraseMention(NamedTuple):
    """A mention, `text[start:end]`; `score` is the share of the phrase's words, by weight, that it contains."""

    start: int
    end: int
    score: float


class _Token(NamedTuple):
    start: int
    end: int
    stem: str


def find_phrase_mentions(text: str, phrase: str, light_words: frozenset[str] = frozenset()) -> list[PhraseMention]:
    """The mentions of `phrase` in `text`, in order and without overlaps.

    `light_words` are folded words that hardly tell one phrase from another ("mean", "level"). The time is linear in
    the length of the text.
    """
    tokens = [_Token(match.start(), match.end(), fold_word(match.group())) for match in TOKEN.finditer(text)]
    stems = {token.stem for token in tokens}
    best: dict[int, PhraseMention] = {}
    for number, variant in enumerate(_list_variants(phrase)):
        weights = _weigh(variant, light_words, may_be_light=number == 0)
        if not weights:
            continue
        for mention in _find_clusters(text, tokens, match_roots(stems, weights), weights):
            known = best.get(mention.start)
            if known is None or (mention.score, mention.end) > (known.score, known.end):
                best[mention.start] = mention
    return _drop_overlaps(best.values())


def make_acronym(words: Sequence[str]) -> str:
    """The initials of words, in lower case."""
    return "".join(word[0] for word in words if word).casefold()


def _list_variants(phrase: str) -> list[str]:
    """The phrase without what is in brackets, what is in brackets, and the parts of lists."""
    outside = _ASIDE.sub(" ", phrase)
    insides = [first or second for first, second in _ASIDE.findall(phrase)]
    variants = [outside]
    for words in (outside, *insides):
        parts = [part.strip() for part in _LIST_BREAK.split(words)]
        variants.extend(part for part in parts if part)
    words = [match.group() for match in TOKEN.finditer(outside) if fold_word(match.group()) not in FUNCTION_WORDS]
    if 2 <= len(words) <= 6 and not any(word.isdigit() for word in words):
        variants.append(make_acronym(words))
    return list(dict.fromkeys(variants))[:_MAX_VARIANTS]


def _weigh(variant: str, light_words: frozenset[str], *, may_be_light: bool) -> dict[str, float]:
    """The weight of each distinct word of a variant; empty if none of them is telling.

    If it `may_be_light`, light words count in full where there are no others: "response rate".
    """
    weights: dict[str, float] = {}
    for match in list(TOKEN.finditer(variant))[:_MAX_PHRASE_TOKENS]:
        word = match.group()
        stem = fold_word(word)
        if stem in FUNCTION_WORDS or word.casefold() in FUNCTION_WORDS:
            continue
        is_light = (
            stem in light_words
            or word.casefold() in light_words
            or word[0].isdigit()
            or (len(word) == 1 and word.isascii())
        )
        weights[stem] = _LIGHT_WEIGHT if is_light else 1.0
    if weights and max(weights.values()) < 1:
        if not may_be_light:
            return {}
        return dict.fromkeys(weights, 1.0) if len(weights) > 1 or len(next(iter(weights))) > 3 else {}
    return weights


def match_roots(stems: Iterable[str], words: Iterable[str]) -> dict[str, str]:
    """For each folded word of a text that equals one of `words` or has its root, the latter."""
    matched: dict[str, str] = {}
    by_beginning: dict[str, list[str]] = {}
    known = frozenset(words)
    for word in sorted(known):
        by_beginning.setdefault(word[:3], []).append(word)
    for stem in stems:
        if stem in known:
            matched[stem] = stem
            continue
        for word in by_beginning.get(stem[:3], ()):
            if have_same_root(stem, word):
                matched[stem] = word
                break
    return matched


@lru_cache(maxsize=65_536)
def have_same_root(first: str, second: str) -> bool:
    """Whether two words have the same root ("sedated", "sedation") or differ by a misspelling."""
    shorter = min(len(first), len(second))
    if shorter < 5 or not (first.isalpha() and second.isalpha()):
        return False
    common = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        common += 1
    return common >= max(5, 0.65 * shorter) or fuzz.ratio(first, second) >= _SIMILARITY


def _find_clusters(
    text: str, tokens: Sequence[_Token], matched: Mapping[str, str], weights: Mapping[str, float]
) -> list[PhraseMention]:
    """Stretches of the text that hold enough of the words."""
    total = sum(weights.values())
    mentions: list[PhraseMention] = []
    cluster: list[int] = []

    def close() -> None:
        if not cluster:
            return
        words = {matched[tokens[number].stem] for number in cluster}
        score = sum(weights[word] for word in words) / total
        if score >= _MIN_SCORE and max(weights[word] for word in words) == 1:
            mentions.append(PhraseMention(tokens[cluster[0]].start, tokens[cluster[-1]].end, round(score, 3)))

    seen: set[str] = set()
    for number, token in enumerate(tokens):
        if token.stem not in matched:
            continue
        word = matched[token.stem]
        if cluster:
            last = tokens[cluster[-1]]
            is_far = number - cluster[-1] - 1 > _MAX_GAP
            # A word that comes again begins another mention.
            if is_far or word in seen or _SENTENCE_END.search(text, last.end, token.start + 1):
                close()
                cluster, seen = [], set()
        cluster.append(number)
        seen.add(word)
    close()
    return mentions


def _drop_overlaps(mentions: Iterable[PhraseMention]) -> list[PhraseMention]:
    """The mentions in order; of two that overlap the one with the better score, then the longer, then the first."""
    chosen: list[PhraseMention] = []
    for mention in sorted(mentions):
        if not chosen or chosen[-1].end <= mention.start:
            chosen.append(mention)
        elif (mention.score, mention.end - mention.start) > (chosen[-1].score, chosen[-1].end - chosen[-1].start):
            chosen[-1] = mention
    return chosen
