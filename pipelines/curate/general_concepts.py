"""Finds the concepts of the general schemes in a text: interventions, their kinds, conditions, outcomes, countries.

Takes a text and the abbreviations of its review and returns concepts with offsets. Which field is searched for what is
decided in `study_concepts`. Words are data: derived labels of MeSH and DrugBank (`general_schemes`) and cue phrases
(`schemas/vocabularies/cues/`). Where both cover a word, the longer one counts.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from pipelines.vocabularies.abbreviations import defined_abbreviations
from pipelines.vocabularies.cue_files import load_general_cues
from pipelines.vocabularies.cue_phrases import Cue, CueFinder, Hit, Word, fold_cue_word, select_longest, split_words
from pipelines.vocabularies.general_schemes import GENERAL, GeneralScheme, load_general_scheme
from pipelines.vocabularies.matcher import ListedLabels, Match, Matcher, fold_text
from pipelines.vocabularies.schemes import Vocabularies

INTERVENTION, KIND, CONDITION, DOMAIN, COUNTRY = (
    "intervention",
    "intervention_kind",
    "condition",
    "outcome_domain",
    "country",
)
CONTROL = "control"
_DRUG = "drug"
_STRONG = "strong"

_CONFIDENCE = {
    "label": 0.95,
    "abbreviation": 0.9,
    "cue": 0.85,
    "condition": 0.75,
    "ending": 0.7,
    "weak_cue": 0.6,
    "dose_unit": 0.5,
}

_FREE = re.compile(r"[-\u2010\u2011 ]free\b")
"""What makes of an ingredient one that is missing: `gluten-free` is matched as a whole, `thimerosal-free` is not."""
_DOSE = re.compile(r"\d\s?(?:mg|mcg|\u00b5g|\u03bcg|ug|ng|IU|mEq|mmol)\b")
_WORD_BEFORE_ENDING = 4
"""The least number of letters before the ending of a name: `examine` does not end in `-amine`."""

_NEGATIONS = frozenset({"no", "not", "without", "never"})
_NEGATION_REACH = 3
_TIMES = frozenset({"after", "before", "during", "following", "prior", "since", "undergoing"})
_TIME_REACH = 2
_ALTERNATIVES = frozenset({"or", "and"})
_PART_ENDS = frozenset({"and", "or", "plus", "versus", "vs"})
# fmt: off
BARRIERS = frozenset({
    "after", "against", "among", "amongst", "at", "before", "between", "by", "despite", "due", "during",
    "following", "for", "from", "in", "on", "over", "per", "since", "throughout", "under", "until", "using",
    "via", "when", "while", "within",
})
# fmt: on
"""Words after which an outcome's name goes on to say where, when or in whom it is measured."""
_MOST_SPECIFIC = 100
_PART_MARKS = frozenset(",;/+&\u2022|")


@dataclass(frozen=True, slots=True)
class Found:
    """A concept that a text names; `text[start:end]` are its words."""

    scheme: str
    concept_id: str
    start: int
    end: int
    rule_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class GeneralRules:
    """What is needed to find general concepts; `endings` are those of names, by the kind that they suggest."""

    interventions: GeneralScheme
    conditions: GeneralScheme
    countries: Matcher
    kinds: CueFinder
    domains: CueFinder
    endings: Mapping[str, str]


def load_general_rules(folder: Path, vocabularies: Vocabularies) -> GeneralRules:
    """The rules from `folder` (`schemas/vocabularies`).

    Raises VocabularyError and FileNotFoundError as `load_general_cues` and `load_general_scheme` do.
    """
    cues = load_general_cues(folder / "cues", vocabularies)
    return GeneralRules(
        interventions=load_general_scheme(folder / GENERAL, INTERVENTION),
        conditions=load_general_scheme(folder / GENERAL, CONDITION),
        countries=Matcher(ListedLabels(vocabularies.labels(COUNTRY))),
        kinds=CueFinder(Cue(row["cue"], row) for row in cues["intervention_kind.csv"]),
        domains=CueFinder(Cue(row["cue"], row) for row in cues["outcome_domain.csv"]),
        endings={row["ending"]: row["kind_id"] for row in cues["name_endings.csv"]},
    )


class _Part(NamedTuple):
    """An item of an enumeration: words `first` to `last` (exclusive); `is_joined` to the item before by "and"."""

    first: int
    last: int
    in_brackets: bool
    is_joined: bool


class _Evidence(NamedTuple):
    """Words that suggest a kind of intervention, and the intervention if they name one."""

    start: int
    end: int
    kind: str
    concept_id: str | None
    rule_id: str
    is_weak: bool = False


def find_interventions(text: str, rules: GeneralRules, abbreviations: Mapping[str, str] | None = None) -> list[Found]:
    """The interventions that a text names and the kinds of them, in the order of the text; a concept once.

    What is negated ("without gabapentin") makes its arm a control. Vague words ("training", "telephone") and a dose
    without a known name ("30 mg") count only if the text names no kind otherwise.
    """
    own = defined_abbreviations(text)
    defined = {**(abbreviations or {}), **own}
    words = _expand_abbreviations(split_words(text), text, abbreviations or {}, own)
    evidence = _resolve(
        [
            *_find_labels(text, rules, defined),
            *_find_kind_cues(text, words, rules),
            *_find_endings(words, rules.endings),
        ],
        len(text),
    )
    starts = [word.start for word in words]
    evidence = [
        _judge(item, words, bisect_left(starts, item.start)) for item in evidence if not _FREE.match(text, item.end)
    ]
    strong = [item for item in evidence if not item.is_weak]
    if any(item.kind != CONTROL for item in strong):
        evidence = strong
    elif not any(item.kind != CONTROL for item in evidence):
        dose = _DOSE.search(text)
        if dose:
            evidence.append(_Evidence(dose.start(), dose.end(), _DRUG, None, "dose_unit"))
    found: dict[tuple[str, str], Found] = {}
    for item in sorted(evidence):
        for scheme, concept_id in ((INTERVENTION, item.concept_id), (KIND, item.kind)):
            if concept_id is not None:
                confidence = _CONFIDENCE[item.rule_id]
                result = Found(scheme, concept_id, item.start, item.end, item.rule_id, confidence)
                earlier = found.setdefault((scheme, concept_id), result)
                if earlier.confidence < confidence:
                    found[scheme, concept_id] = result
    return sorted(found.values(), key=lambda item: (item.start, item.end, item.scheme))


def _find_labels(text: str, rules: GeneralRules, abbreviations: Mapping[str, str]) -> Iterable[_Evidence]:
    scheme = rules.interventions
    for match in Matcher(scheme).find(text, abbreviations):
        concept = scheme[match.concept_id]
        yield _Evidence(match.start, match.end, concept.value, concept.concept_id, _label_rule(text, match))


def _label_rule(text: str, match: Match) -> str:
    return "label" if fold_text(text[match.start : match.end]) == match.label else "abbreviation"


def _find_kind_cues(text: str, words: Sequence[Word], rules: GeneralRules) -> Iterable[_Evidence]:
    for hit in _find_printed(rules.kinds, text, words):
        is_weak = hit.cue.values["strength"] != _STRONG
        start, end = words[hit.first].start, words[hit.last - 1].end
        yield _Evidence(start, end, hit.cue.values["kind_id"], None, "weak_cue" if is_weak else "cue", is_weak)


def _find_endings(words: Iterable[Word], endings: Mapping[str, str]) -> Iterable[_Evidence]:
    longest = max(map(len, endings), default=0)
    for word in words:
        for length in range(min(longest, len(word.folded) - _WORD_BEFORE_ENDING), 2, -1):
            kind = endings.get(word.folded[-length:])
            if kind is not None:
                yield _Evidence(word.start, word.end, kind, None, "ending")
                break


def _find_printed(finder: CueFinder, text: str, words: Sequence[Word]) -> list[Hit]:
    """The hits of a finder, the more specific of two with the same words first.

    A cue in capitals is an abbreviation: it needs a capital or a digit after its first letter, and is then specific.
    """
    hits = []
    for hit in finder.find_all(words):
        if hit.cue.phrase.isupper():
            printed = text[words[hit.first].start + 1 : words[hit.last - 1].end]
            if any(character.isupper() or character.isdigit() for character in printed):
                hits.append((_MOST_SPECIFIC, hit))
        else:
            hits.append((_count_letters(hit, words), hit))
    return [hit for _, hit in sorted(hits, key=lambda item: -item[0])]


def _count_letters(hit: Hit, words: Sequence[Word]) -> int:
    """The letters of the cue's first word that the text has: `thrombocyt*` is more specific than `thromb*`."""
    first = words[hit.first].folded
    choices = [fold_cue_word(choice.removesuffix("*")) for choice in hit.cue.phrase.split(maxsplit=1)[0].split("|")]
    return max((len(choice) for choice in choices if first.startswith(choice)), default=0)


def _resolve(evidence: Iterable[_Evidence], length: int) -> list[_Evidence]:
    """The evidence without overlaps: the longest wins, and of equally long ones the cue decides about the kind.

    `length` is that of the text.
    """
    kept: list[_Evidence] = []
    owners = array("i", [-1]) * length
    order = {"abbreviation": 0, "cue": 1, "label": 2, "weak_cue": 3, "ending": 4}
    for item in sorted(evidence, key=lambda item: (item.start - item.end, item.start, order[item.rule_id])):
        overlapping = sorted(set(owners[item.start : item.end]) - {-1})
        if not overlapping:
            owners[item.start : item.end] = array("i", [len(kept)]) * (item.end - item.start)
            kept.append(item)
        elif item.concept_id is not None:
            # "tea" is a concept with the kind of the cue; "exercise" within "exercise counselling" is not the concept.
            twin = kept[overlapping[0]]
            is_same = (item.start, item.end) == (twin.start, twin.end)
            is_within = twin.start <= item.start <= item.end <= twin.end and item.kind == twin.kind
            if twin.concept_id is None and (is_same or is_within):
                kept[overlapping[0]] = twin._replace(concept_id=item.concept_id, rule_id=item.rule_id)
    return kept


def _judge(item: _Evidence, words: Sequence[Word], first: int) -> _Evidence:
    """The evidence that begins with word `first`: a control if negated, weak if it says when ("before surgery").

    "With or without" does not negate.
    """
    before: list[str] = []
    for number in range(first - 1, max(first - 1 - _NEGATION_REACH, -1), -1):
        if words[number + 1].breaks:
            break
        before.append(words[number].folded)
        if words[number].folded in _NEGATIONS:
            is_option = number > 0 and words[number - 1].folded in _ALTERNATIVES
            return item if is_option else item._replace(kind=CONTROL, concept_id=None, rule_id="cue", is_weak=False)
    return item._replace(is_weak=True) if not _TIMES.isdisjoint(before[:_TIME_REACH]) else item


def find_conditions(text: str, rules: GeneralRules, abbreviations: Mapping[str, str] | None = None) -> list[Found]:
    """The conditions that a text names, in the order of the text; each once."""
    defined = {**(abbreviations or {}), **defined_abbreviations(text)}
    return _to_found(text, CONDITION, Matcher(rules.conditions).find(text, defined))


def find_countries(text: str, rules: GeneralRules) -> list[Found]:
    """The countries that a text names, also by their adjectives, in the order of the text; each once."""
    return _to_found(text, COUNTRY, rules.countries.find(text))


def _to_found(text: str, scheme: str, matches: Iterable[Match]) -> list[Found]:
    found: dict[str, Found] = {}
    for match in matches:
        rule = "label" if scheme == COUNTRY else _label_rule(text, match)
        found.setdefault(
            match.concept_id, Found(scheme, match.concept_id, match.start, match.end, rule, _CONFIDENCE[rule])
        )
    return list(found.values())


def find_outcome_domains(
    text: str, rules: GeneralRules, abbreviations: Mapping[str, str] | None = None, *, is_name: bool = True
) -> list[Found]:
    """The outcome domains that a text names, in the order of the text; each once.

    The text is read part by part: an enumeration names several outcomes. In a part the words before "in", "after" and
    the like name the outcome, and of several names the head: "infection mortality" is mortality. `is_name` says that
    the text is the name of an outcome; in other texts vague words ("weight") do not count, nor do words after
    "in" and the like: "effective in metastases" names no outcome.
    """
    own = defined_abbreviations(text)
    defined = {**(abbreviations or {}), **own}
    words = _expand_abbreviations(split_words(text), text, abbreviations or {}, own)
    hits = select_longest(_find_printed(rules.domains, text, words))
    conditions = Matcher(rules.conditions).find(text, defined)
    n_barriers = _count_up_to(words, BARRIERS)
    n_of = _count_up_to(words, frozenset({"of"}))
    hit_words = [hit.first for hit in hits]
    condition_starts = [match.start for match in conditions]
    found: dict[str, Found] = {}
    is_named = names_head = False
    for part in _split_parts(text, words):
        if (part.in_brackets and is_named) or (part.is_joined and names_head):
            continue
        of_part = slice(bisect_left(hit_words, part.first), bisect_left(hit_words, part.last))
        chosen = min(
            (
                hit
                for hit in hits[of_part]
                if is_name or (_is_strong(hit) and n_barriers[hit.first] == n_barriers[part.first])
            ),
            # Of "X of Y" the first is the head, of a compound the last.
            key=lambda hit: (not _is_strong(hit), n_barriers[hit.first], n_of[hit.first], -hit.first),
            default=None,
        )
        if chosen is not None:
            result: Found | None = _to_domain(chosen, words)
        else:
            last = part.last
            if not is_name:
                last = min(bisect_right(n_barriers, n_barriers[part.first]) - 1, last)
            start, end = words[part.first].start, words[last - 1].end if last > part.first else 0
            of_part = slice(bisect_left(condition_starts, start), bisect_left(condition_starts, end))
            result = _to_domain_of_condition(conditions[of_part], rules)
        is_named = result is not None
        # "HOMA after surgery and skin closure": what follows "and" still says when.
        names_head = chosen is not None and n_barriers[part.first] == n_barriers[chosen.first] < n_barriers[part.last]
        if result is not None:
            found.setdefault(result.concept_id, result)
    return sorted(found.values(), key=lambda item: item.start)


class DomainWords(NamedTuple):
    """Words that name an outcome domain, wherever they are in a text; vague ones are not strong."""

    found: Found
    is_strong: bool


def find_domain_words(
    text: str, rules: GeneralRules, abbreviations: Mapping[str, str] | None = None
) -> list[DomainWords]:
    """All words of a text that name an outcome domain or a condition, in order and without overlaps.

    Whether they are the outcome of a statement is told by the words around them (`outcome_mentions`).
    """
    own = defined_abbreviations(text)
    words = _expand_abbreviations(split_words(text), text, abbreviations or {}, own)
    hits = select_longest(_find_printed(rules.domains, text, words))
    named = [
        DomainWords(_to_domain(hit, words), _is_strong(hit)) for hit in hits if not _is_inside_long_form(hit, words)
    ]
    starts = [item.found.start for item in named]
    conditions = Matcher(rules.conditions).find(text, {**(abbreviations or {}), **own})
    for match in conditions:
        place = bisect_left(starts, match.end)
        if not place or named[place - 1].found.end <= match.start:
            found = _to_domain_of_condition([match], rules)
            if found is not None:
                named.append(DomainWords(found, is_strong=True))
    return sorted(named, key=lambda item: item.found.start)


def _is_inside_long_form(hit: Hit, words: Sequence[Word]) -> bool:
    """Whether a hit is a part of an abbreviation's long form without its head: "mobility" of HMGB1."""
    following = words[hit.last : hit.last + 1]
    return any(word.start == words[hit.last - 1].start for word in following)


def _is_strong(hit: Hit) -> bool:
    return hit.cue.values["strength"] == _STRONG


def _count_up_to(words: Sequence[Word], counted: Collection[str]) -> list[int]:
    """How many of the words before each word, and before the end, are counted."""
    return [0, *accumulate(word.folded in counted for word in words)]


def _to_domain(hit: Hit, words: Sequence[Word]) -> Found:
    rule = "cue" if _is_strong(hit) else "weak_cue"
    start, end = words[hit.first].start, words[hit.last - 1].end
    return Found(DOMAIN, hit.cue.values["domain_id"], start, end, rule, _CONFIDENCE[rule])


def _to_domain_of_condition(conditions: Sequence[Match], rules: GeneralRules) -> Found | None:
    if not conditions:
        return None
    first = conditions[0]
    domain = rules.conditions[first.concept_id].value
    return Found(DOMAIN, domain, first.start, first.end, "condition", _CONFIDENCE["condition"])


def _split_parts(text: str, words: Sequence[Word]) -> list[_Part]:
    """The parts of an enumeration; none is empty."""
    parts: list[_Part] = []
    first = depth = 0
    part_depth, is_joined = 0, False
    for number, word in enumerate(words):
        gap = text[words[number - 1].end : word.start] if number else text[: word.start]
        has_mark = word.breaks or not _PART_MARKS.isdisjoint(gap)
        for character in gap:
            if character in "([":
                depth, has_mark = depth + 1, True
            elif character in ")]":
                depth, has_mark = max(0, depth - 1), True
        if has_mark or word.folded in _PART_ENDS:
            if first < number:
                parts.append(_Part(first, number, part_depth > 0, is_joined))
            first, part_depth, is_joined = number, depth, not has_mark
    if first < len(words):
        parts.append(_Part(first, len(words), part_depth > 0, is_joined))
    return parts


def _expand_abbreviations(
    words: Sequence[Word], text: str, abbreviations: Mapping[str, str], own: Collection[str]
) -> list[Word]:
    """The words with each short form replaced by the words of its long form, which keep the span of the short form.

    Short forms that the text itself defines (`own`) are left without letters, because their long form is beside them.
    """
    if not abbreviations and not own:
        return list(words)
    expanded: list[Word] = []
    for word in words:
        printed = text[word.start : word.end]
        singular = printed.removesuffix("s")
        long = abbreviations.get(printed) or abbreviations.get(singular)
        if printed in own or singular in own:
            expanded.append(word._replace(folded=""))
        elif long is None:
            expanded.append(word)
        else:
            for number, part in enumerate(split_words(long)):
                expanded.append(Word(word.start, word.end, part.folded, word.breaks and not number))
    return expanded
