"""Outcome statements: what a study's outcome cell, or a point for or against an option, says of which outcome.

Belongs here: how a sentence's words are put together, that is, which direction governs which outcome, what is negated,
hedged or compared with what. The words themselves are data (`schemas/vocabularies/outcome.csv` and `cues/`).

How a sentence is read. Its clauses part at `but`, `although`, `while`, `which` and the like. An outcome mentioned takes
its direction from the predicate when it is the subject ("the risk of complications was high"), else from the nearest
word of direction before it with which no preposition or relative clause interferes ("could relieve pain and improve
function in patients with myelopathy" says nothing of myelopathy). Some words state outcome and direction at once
("safe", "well tolerated", "effective").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.vocabularies.cue_phrases import Cue, CueFinder, Hit, Word, longest, word_set, words
from pipelines.vocabularies.matcher import Match

IMPROVED, WORSENED, NO_DIFFERENCE = "improved", "worsened", "no_difference"
SAFE, NOT_DIRECTIONAL = "safe_tolerable", "not_directional"

_CLAUSE = frozenset({"but", "however", "although", "though", "whereas", "while", "which", "yet", "nevertheless"})
_BARRIER = word_set(
    "in among who whom whose when where that after before during following suffering presenting despite than as "
    "compared versus vs because if since due caused by with without from unless until against"
)
_PATIENTS = frozenset({"patients", "patient", "those", "cases", "people", "subjects", "individuals", "women", "men"})
FINITE = word_set(
    "was were is are be been being remained became become occurred developed seems seem appears appeared did does do "
    "can could may might cannot will would has had have should"
)
_INFINITIVE = frozenset({"be", "been", "being", "do", "have"})
_STOPS = word_set("than compared who that which to when while after because versus vs but as if")
_NEGATORS = frozenset(
    {"not", "no", "never", "without", "cannot", "unable", "neither", "nor", "lack", "lacks", "lacked"}
)
_FAILING = ("fail",)
_INABILITY = word_set("cannot unable ability able can could does do may might will would")
_CAUSES = frozenset(
    {("caused", "by"), ("due", "to"), ("because", "of"), ("owing", "to"), ("secondary", "to"), ("resulting", "from")}
)
_MARKERS = frozenset({"than", "versus", "vs"})
_PREFERRED = frozenset({"superior", "superiority", "advantage", "advantages", "benefit", "benefits", "preferred"})
_HAVING = frozenset({"developed", "had", "has", "have"})
_AND = frozenset({"and", "or", "but"})
_PRONOUNS = frozenset({"it", "its", "they", "their", "this", "these", "both"})
_AGENT = frozenset({"by", "from", "with", "after", "following", "through", "using"})
_LONGEST_CLAUSE = 100
"""Words; what runs on for longer is no sentence and is cut, so that the work on a clause is bounded."""
_FAVOURABLE, _UNFAVOURABLE, _NEUTRAL = "favourable", "unfavourable", "neutral"
_OPPOSITE = {IMPROVED: WORSENED, WORSENED: IMPROVED}


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """What the vocabulary and the cue files say of outcomes, directions and hedges.

    `harms` are the outcomes of which more is worse.
    """

    outcomes: CueFinder
    directions: CueFinder
    hedges: CueFinder
    harms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A treatment that a statement is about; `text[start:end]` names it.

    `rule_id` tells where it stands: `before_verb` in the statement's own clause, `earlier_clause`, `agent` behind the
    verb ("benefit from surgery"), or `earlier_sentence`, which a pronoun takes up.
    """

    concept_id: str
    start: int
    end: int
    rule_id: str


@dataclass(frozen=True, slots=True)
class Statement:
    """An outcome statement of a text; `text[start:end]` is its cue, `text[first:last]` its sentence.

    `subjects` are the treatments it is about, as the words have it; none where its sentence names none.
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
    subjects: tuple[Subject, ...] = ()


def claim_rules(
    labels: Iterable[tuple[str, str]],
    outcomes: Iterable[Mapping[str, str]],
    directions: Iterable[Mapping[str, str]],
    hedges: Iterable[Mapping[str, str]],
) -> ClaimRules:
    """The rules from the outcome scheme's labels (concept, label) and the rows of the three cue files.

    A row without a cue says what a concept's labels mean that no other row lists. Raises ValueError for a phrase that
    cannot be read.
    """
    rows = list(outcomes)
    defaults = {row["outcome_id"]: row for row in rows if not row["cue"]}
    listed = {_plain(row["cue"]): Cue(row["cue"], row) for row in rows if row["cue"]}
    for concept_id, label in labels:
        phrase = _plain(label)
        if phrase and concept_id in defaults:
            listed.setdefault(phrase, Cue(phrase, {**defaults[concept_id], "cue": phrase}))
    return ClaimRules(
        CueFinder(listed.values()),
        CueFinder(Cue(row["cue"], row) for row in directions),
        CueFinder(Cue(row["cue"], row) for row in hedges),
        frozenset(outcome_id for outcome_id, row in defaults.items() if row["more_is"] == "worse"),
    )


def _plain(phrase: str) -> str:
    return phrase if "|" in phrase or "~" in phrase else " ".join(word.folded for word in words(phrase))


@dataclass(frozen=True, slots=True)
class _Clause:
    """Words `first` to `last` (half-open) and what was found in them; a modality as (first, last, concept)."""

    first: int
    last: int
    outcomes: tuple[Hit, ...]
    directions: tuple[Hit, ...]
    hedges: tuple[Hit, ...]
    modalities: tuple[tuple[int, int, str], ...]


class _Text:
    """A text's words, clauses and modalities, looked at from one place."""

    def __init__(self, text: str, rules: ClaimRules, modalities: Sequence[Match]) -> None:
        self.words: list[Word] = words(text)
        self.modalities = _in_words(self.words, modalities)
        outcomes = longest(_free(rules.outcomes.all(self.words), self.modalities))
        directions = longest(_free(rules.directions.all(self.words), self.modalities))
        whole = [hit for hit in outcomes if not hit.cue.has_gap]
        # "pain control" is an outcome: its "control" directs nothing
        directions = [
            hit
            for hit in directions
            if not any(
                part.first <= hit.first and hit.last <= part.last and part.last - part.first > hit.last - hit.first
                for part in _near(whole, hit)
            )
        ]
        hedges = rules.hedges.all(self.words)
        self.sentences = [
            [
                _Clause(
                    first,
                    last,
                    _within(outcomes, first, last),
                    _within(directions, first, last),
                    _within(hedges, first, last),
                    tuple(
                        self.modalities[bisect_left(self.modalities, (first,)) : bisect_left(self.modalities, (last,))]
                    ),
                )
                for first, last in _clauses(self.words, start, end)
            ]
            for start, end in _sentences(self.words)
        ]

    def folded(self, first: int, last: int) -> list[str]:
        return [word.folded for word in self.words[max(0, first) : max(0, last)]]


def _near(hits: Sequence[Hit], hit: Hit) -> Sequence[Hit]:
    """Those of `hits`, sorted and not overlapping, that may hold `hit`."""
    low, high = 0, len(hits)
    while low < high:
        middle = (low + high) // 2
        if hits[middle].last <= hit.first:
            low = middle + 1
        else:
            high = middle
    return hits[low : low + 1]


def _within(hits: Sequence[Hit], first: int, last: int) -> tuple[Hit, ...]:
    low = bisect_left(hits, first, key=lambda hit: hit.first)
    high = bisect_left(hits, last, key=lambda hit: hit.first)
    return tuple(hits[low:high])


def _in_words(text_words: Sequence[Word], modalities: Sequence[Match]) -> list[tuple[int, int, str]]:
    """The modalities found, as (first word, last word, concept)."""
    found = []
    for match in modalities:
        first = bisect_left(text_words, match.start, key=lambda word: word.start)
        last = bisect_left(text_words, match.end, key=lambda word: word.start)
        found.append((first, max(last, first + 1), match.concept_id))
    return found


def _free(hits: Sequence[Hit], modalities: Sequence[tuple[int, int, str]]) -> list[Hit]:
    """Without the hits that are part of a longer modality's name ("less-invasive surgery")."""
    inside: dict[int, tuple[int, int]] = {}
    for first, last, _ in modalities:
        for number in range(first, last):
            inside[number] = (first, last)
    return [
        hit
        for hit in hits
        if hit.first not in inside
        or hit.last > inside[hit.first][1]
        or hit.last - hit.first == inside[hit.first][1] - inside[hit.first][0]
    ]


def _sentences(text_words: Sequence[Word]) -> list[tuple[int, int]]:
    starts = [number for number, word in enumerate(text_words) if number == 0 or word.breaks]
    return list(zip(starts, [*starts[1:], len(text_words)], strict=True)) if starts else []


def _clauses(text_words: Sequence[Word], first: int, last: int) -> list[tuple[int, int]]:
    starts = [first]
    for number in range(first + 1, last):
        if text_words[number].folded in _CLAUSE or number - starts[-1] >= _LONGEST_CLAUSE:
            starts.append(number)
    return list(zip(starts, [*starts[1:], last], strict=True))


def statements(
    text: str,
    rules: ClaimRules,
    modalities: Sequence[Match] = (),
    arms: tuple[str, str] | None = None,
    column: str | None = None,
) -> list[Statement]:
    """The outcome statements of `text`, in its order.

    `modalities` are the treatments found in it. `arms` are the two treatments that the study compares, where it does:
    "had fewer complications" is then said against the other one. `column` is `advantage` or `disadvantage` for a point
    of an option: what names an outcome without a direction takes it from there.
    """
    read = _Text(text, rules, modalities)
    found: list[Statement] = []
    taken_up: tuple[Subject, ...] = ()
    for clauses in read.sentences:
        here: list[Statement] = []
        for number, clause in enumerate(clauses):
            earlier = _earlier_subjects(read, clauses[:number], taken_up)
            here.extend(_clause_statements(read, clause, rules, arms, earlier))
        if not here and column is not None:
            here = [
                bare
                for clause in clauses
                for hit in clause.outcomes
                if (bare := _bare(read, clause, hit, column)) is not None
            ]
        if any(statement.outcome_id != "treatment_indication" for statement in here):
            here = [statement for statement in here if statement.outcome_id != "treatment_indication"]
        if clauses:
            first, last = read.words[clauses[0].first].start, _sentence_end(text, read, clauses[-1].last)
            found.extend(replace(statement, first=first, last=last) for statement in _once(here, text))
            last_subjects = [statement.subjects for statement in here if statement.subjects]
            taken_up = tuple(
                replace(subject, rule_id="earlier_sentence") for subject in (last_subjects[-1] if last_subjects else ())
            )
    return found


def _sentence_end(text: str, read: _Text, last: int) -> int:
    end = read.words[last - 1].end
    limit = read.words[last].start if last < len(read.words) else len(text)
    for position in range(end, limit):
        if text[position].isspace():
            return position
    return limit


def _once(found: Sequence[Statement], text: str) -> list[Statement]:
    """A sentence's statements in the order of the text, what says the same thing once.

    The same outcome, direction and comparator is the same thing where the cues overlap, for they share their word of
    direction ("improve stability and alignment"), and where words that state it themselves stand side by side
    ("feasible and accurate", whose cue then has both). Said anew with a direction of its own it is a statement of its
    own ("better verification and shorter planning times").
    """
    kept: list[Statement] = []
    latest: dict[tuple[str, str, str | None], int] = {}
    for statement in sorted(found, key=lambda statement: (statement.start, statement.end)):
        key = (statement.outcome_id, statement.direction, statement.comparator)
        number = latest.get(key)
        if number is not None:
            before = kept[number]
            if statement.start < before.end:
                continue
            between = {word.folded for word in words(text[before.end : statement.start])}
            if between <= _AND and {before.rule_id, statement.rule_id} == {"statement"}:
                kept[number] = replace(before, end=statement.end)
                continue
        latest[key] = len(kept)
        kept.append(statement)
    return kept


def _earlier_subjects(read: _Text, clauses: Sequence[_Clause], taken_up: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """What a clause that names no treatment is about: that of a clause before it, or what a pronoun takes up."""
    for clause in reversed(clauses):
        if clause.modalities:
            return tuple(_subject(read, modality, "earlier_clause") for modality in clause.modalities)
    return taken_up


def _subject(read: _Text, modality: tuple[int, int, str], rule_id: str) -> Subject:
    first, last, concept_id = modality
    return Subject(concept_id, read.words[first].start, read.words[last - 1].end, rule_id)


def _subjects(
    read: _Text, clause: _Clause, cue: tuple[int, int], comparator: str | None, earlier: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """The treatments that a statement with its cue at these words is about; never what it is compared with."""
    first, last = cue
    named = [modality for modality in clause.modalities if modality[2] != comparator]
    before = [_subject(read, modality, "before_verb") for modality in named if modality[1] <= first]
    if before:
        return tuple(before)
    agents = [
        _subject(read, modality, "agent")
        for modality in named
        if modality[0] >= last and not _AGENT.isdisjoint(read.folded(max(last, modality[0] - 2), modality[0]))
    ]
    held = [subject for subject in earlier if subject.concept_id != comparator]
    opening = read.words[clause.first].folded
    if held and held[0].rule_id == "earlier_sentence" and opening not in _PRONOUNS:
        held = []
    return tuple(held or agents)


def _clause_statements(
    read: _Text, clause: _Clause, rules: ClaimRules, arms: tuple[str, str] | None, earlier: tuple[Subject, ...]
) -> list[Statement]:
    named = _named_comparator(read, clause)
    found = []
    for hit in clause.outcomes:
        kind = hit.cue.values["kind"]
        if kind == "block" or _is_compared_with(read, clause, hit) or _is_cause(read, clause, hit):
            continue
        judged = _of_statement(read, clause, hit, named, rules) if kind == "statement" else _of_term(read, clause, hit)
        if judged is None:
            continue
        comparator = None
        if judged.direction in (IMPROVED, WORSENED, NO_DIFFERENCE):
            comparator = named
            if comparator is None and judged.compares and arms is not None:
                comparator = _other_arm(clause, judged.first, arms)
        found.append(
            Statement(
                outcome_id=hit.cue.values["outcome_id"],
                direction=judged.direction,
                polarity=judged.polarity,
                comparator=comparator,
                is_hedged=_is_hedged(read, clause, judged.governor),
                compares=judged.compares,
                start=read.words[judged.first].start,
                end=read.words[judged.last - 1].end,
                first=0,
                last=0,
                rule_id=judged.rule_id,
                confidence=judged.confidence,
                subjects=_subjects(read, clause, (judged.first, judged.last), comparator, earlier),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Judged:
    """What an outcome hit comes to; words `first` to `last` are the cue, `governor` gave the direction."""

    direction: str
    polarity: str
    first: int
    last: int
    governor: Hit
    rule_id: str
    confidence: float
    compares: bool = False


def _polarity(direction: str, otherwise: str = _NEUTRAL) -> str:
    if direction in (IMPROVED, SAFE):
        return _FAVOURABLE
    if direction == WORSENED:
        return _UNFAVOURABLE
    return _NEUTRAL if direction == NO_DIFFERENCE else otherwise


def _directed(sense: str, more_is: str) -> str:
    """What a word of direction says of an outcome."""
    better = more_is == "better"
    match sense:
        case "good":
            return IMPROVED
        case "bad":
            return WORSENED
        case "up" | "high" | "has":
            return IMPROVED if better else WORSENED
        case "down":
            return WORSENED if better else IMPROVED
        case "low":
            return WORSENED if better else SAFE
        case "same":
            return NO_DIFFERENCE
    return NOT_DIRECTIONAL


def _of_term(read: _Text, clause: _Clause, term: Hit) -> _Judged | None:
    """An outcome that takes its direction from another word, or, where none is, from itself ("pain relief")."""
    more_is = term.cue.values["more_is"]
    before = _inner(clause, term) or _before(read, clause, term)
    is_subject, predicate = _predicate(read, clause, term, past_and=before is None)
    governor, rule_id, confidence = predicate, "predicate", 0.85
    if governor is None:
        governor, rule_id, confidence = before, "governing_word", 0.9
    if governor is None:
        governor, rule_id, confidence = _verb_after(read, clause, term), "predicate", 0.8
    free_of = None if governor is not None else _free_of(read, clause, term)
    if free_of is not None:
        direction = SAFE if more_is == "worse" else NO_DIFFERENCE
        return _Judged(direction, _polarity(direction), free_of, term.last, term, "free_of", 0.85)
    if governor is None:
        direction = term.cue.values["direction"]
        if not direction:
            if not is_subject or not _BARRIER.isdisjoint(read.folded(clause.first, term.first)):
                return None
            return _Judged(NOT_DIRECTIONAL, _NEUTRAL, term.first, term.last, term, "reported", 0.5)
        negated = _negator(read, clause, term.first)
        direction, polarity = (
            _negate(direction, more_is, negated) if negated else (direction, _polarity(direction, _FAVOURABLE))
        )
        return _Judged(direction, polarity, term.first, term.last, term, "word_itself", 0.7)
    outer = _outer(read, clause, governor)
    direction = _directed(governor.cue.values["sense"], more_is)
    if outer is not None and governor.cue.values["sense"] not in ("same", "differ"):
        sense = outer.cue.values["sense"]
        if sense in ("down", "low", "bad"):
            direction = _OPPOSITE.get(direction, direction)
        elif sense == "same":
            direction = NO_DIFFERENCE
        elif sense == "differ":
            direction = NOT_DIRECTIONAL
    first = min(governor.first, term.first, outer.first if outer else governor.first)
    last = max(governor.last, term.last)
    polarity = _polarity(direction)
    negated = _negator(read, clause, first if rule_id != "predicate" else governor.first)
    if negated and governor.cue.values["sense"] != "same":
        direction, polarity = _negate(direction, more_is, negated)
    compares = any(
        hit.cue.values["compares"] == "yes" and hit.last <= term.last and governor.first - hit.last <= 3
        for hit in clause.directions
        if hit.first <= governor.first
    ) or (outer is not None and outer.cue.values["compares"] == "yes")
    return _Judged(direction, polarity, first, last, governor, rule_id, confidence, compares)


def _is_compared_with(read: _Text, clause: _Clause, hit: Hit) -> bool:
    """Whether the words are what another thing is compared with: "as effective as multiple fractions"."""
    if hit.first == clause.first:
        return False
    before = read.words[hit.first - 1].folded
    return before in _MARKERS or (before == "as" and any(turn.last == hit.first for turn in clause.directions))


def _is_cause(read: _Text, clause: _Clause, hit: Hit) -> bool:
    """Whether the outcome is given as a cause: "pain caused by instability", "due to its inadequate precision"."""
    before = read.folded(clause.first, hit.first)
    return any(pair in _CAUSES for pair in pairwise(before))


def _negate(direction: str, more_is: str, negators: frozenset[str]) -> tuple[str, str]:
    """A direction denied: "did not improve" found no difference, "cannot improve" describes the treatment."""
    if direction == IMPROVED:
        return (NOT_DIRECTIONAL, _UNFAVOURABLE) if negators & _INABILITY else (NO_DIFFERENCE, _NEUTRAL)
    if direction == WORSENED:
        return (NO_DIFFERENCE, _NEUTRAL) if more_is == "worse" else (NOT_DIRECTIONAL, _NEUTRAL)
    if direction == SAFE:
        return WORSENED, _UNFAVOURABLE
    return NOT_DIRECTIONAL, _NEUTRAL


def _negator(read: _Text, clause: _Clause, before: int) -> frozenset[str]:
    """The words that deny what begins at word `before`, with the auxiliaries beside them; empty where none does."""
    seen: set[str] = set()
    denied = False
    opening = read.folded(clause.first, before)
    if ("no", "evidence") in pairwise(opening):
        return frozenset({"not"})
    for number in range(before - 1, max(clause.first, before - 6) - 1, -1):
        word = read.words[number].folded
        if word in _AND:
            break
        following = read.words[number + 1].folded
        if (word in _NEGATORS and following != "only") or word.startswith(_FAILING):
            denied = True
        seen.add(word)
    return frozenset(seen | {"not"}) if denied else frozenset()


def _inner(clause: _Clause, term: Hit) -> Hit | None:
    """The direction within a phrase with gaps ("deliver a higher dose")."""
    if not term.cue.has_gap:
        return None
    for hit in clause.directions:
        if term.first < hit.first and hit.last <= term.last:
            return hit
    return None


def _before(read: _Text, clause: _Clause, term: Hit) -> Hit | None:
    """The nearest direction before the term that reaches it."""
    candidates = [hit for hit in clause.directions if hit.first < term.first and hit.last <= term.last]
    for place in range(len(candidates) - 1, -1, -1):
        hit = candidates[place]
        if not _reaches(read, hit, term):
            return None
        if hit.cue.values["sense"] != "has":
            return hit
        for further in reversed(candidates[:place]):
            likely = {"likely", "prone"} & set(read.folded(further.first, further.last))
            if (likely or hit.first - further.last <= 3) and _reaches(read, further, term):
                return further
        return hit
    return None


def _reaches(read: _Text, hit: Hit, term: Hit) -> bool:
    """Whether nothing between a direction and a term parts them; a preposition right after the direction joins them."""
    between = read.folded(hit.last, term.first)
    if between[:1] == ["than"]:
        # "better than surgery for pain": past what it is compared with
        joints = [number for number, word in enumerate(between) if word in ("for", "in", "at", "regarding")]
        between = between[joints[-1] + 1 :] if joints else between
    if between and between[0] in ("in", "with", "at", "from", "by") and not _PATIENTS.intersection(between[1:3]):
        between = between[1:]
    return _BARRIER.isdisjoint(between) and (FINITE - _INFINITIVE).isdisjoint(between)


def _predicate(read: _Text, clause: _Clause, term: Hit, past_and: bool) -> tuple[bool, Hit | None]:
    """Whether the term is the subject of a verb, and the direction in that predicate.

    `past_and`: the verb may stand past an "and" ("pain and function were improved"), which it does not where the term
    is the object of a verb before it ("relieved pain and complications were rare").
    """
    number = term.last
    limit = min(clause.last, term.last + 8)
    while number < limit:
        word = read.words[number].folded
        if word in _STOPS:
            return False, None
        if word in _AND and (not past_and or (number + 1 < limit and read.words[number + 1].folded in FINITE)):
            return False, None
        if any(hit.first == number for hit in clause.directions):
            return False, None
        if word in FINITE:
            for hit in clause.directions:
                if number <= hit.first <= number + 5 and not _AND & set(read.folded(number, hit.first)):
                    return True, hit
            return True, None
        number += 1
    return False, None


def _verb_after(read: _Text, clause: _Clause, term: Hit) -> Hit | None:
    """The verb right after the term: "pain decreased", "function significantly improved"."""
    for hit in clause.directions:
        gap = hit.first - term.last
        if gap in (0, 1) and (gap == 0 or read.words[term.last].folded.endswith("ly")):
            verb = read.words[hit.first].folded
            if verb.endswith(("ed", "ened")) or verb in ("increase", "decrease", "improve", "improves"):
                return hit
    return None


def _free_of(read: _Text, clause: _Clause, term: Hit) -> int | None:
    """Where the words begin that say there is none of the outcome ("without major complications")."""
    for number in range(term.first - 1, max(clause.first, term.first - 4) - 1, -1):
        if read.words[number].folded in ("no", "without", "absence", "free", "zero"):
            return number
        if read.words[number].folded in _AND | FINITE - _HAVING:
            return None
    return None


def _outer(read: _Text, clause: _Clause, governor: Hit) -> Hit | None:
    """The direction over another: "worse control", "less reduction", "inferior to surgery in relieving"."""
    comparison = None
    for hit in clause.directions:
        if hit.last == governor.first:
            return hit
        if hit.last < governor.first and hit.cue.values["compares"] == "yes":
            comparison = hit
    joined = read.folded(governor.first - 1, governor.first)
    is_gerund = read.words[governor.first].folded.endswith("ing")
    return comparison if is_gerund and joined in (["in"], ["at"], ["for"]) else None


def _of_statement(read: _Text, clause: _Clause, hit: Hit, named: str | None, rules: ClaimRules) -> _Judged | None:
    """Words that state an outcome and its direction at once, unless another word turns them."""
    values = hit.cue.values
    more_is = values["more_is"]
    outcome_id = values["outcome_id"]
    if outcome_id == "effectiveness_unspecified" and _names_endpoint(read, clause, hit):
        return None
    direction = values["direction"]
    plain = {"better": _FAVOURABLE, "worse": _UNFAVOURABLE}.get(more_is, _NEUTRAL)
    polarity = _polarity(direction, plain)
    first, last, compares = hit.first, hit.last, False
    for turn in clause.directions:
        sense = turn.cue.values["sense"]
        spans = turn.first < hit.first and hit.last < turn.last
        if sense in ("up", "down", "same") and (spans or turn.last == hit.first):
            direction = _directed(sense, more_is)
            polarity = _polarity(direction)
            first, last, compares = turn.first, max(turn.last, hit.last), turn.cue.values["compares"] == "yes"
    negated = _negator(read, clause, first)
    if negated and direction != NO_DIFFERENCE:
        if direction == NOT_DIRECTIONAL:
            burden = outcome_id in rules.harms and more_is == "better"
            polarity = _UNFAVOURABLE if plain == _FAVOURABLE else _FAVOURABLE
            direction = WORSENED if burden else NOT_DIRECTIONAL
        else:
            direction, polarity = _negate(direction, more_is, negated)
    if named is not None and direction == NOT_DIRECTIONAL and outcome_id != "treatment_indication" and more_is:
        direction = IMPROVED if polarity == _FAVOURABLE else WORSENED
    return _Judged(direction, polarity, first, last, hit, "statement", 0.95, compares)


def _names_endpoint(read: _Text, clause: _Clause, hit: Hit) -> bool:
    """Whether "effective" says for what: "effective for pain control", "effective method to reduce pain"."""
    spans = [turn.last for turn in clause.directions if turn.first < hit.first and hit.last < turn.last]
    for number in range(max([hit.last, *spans]), clause.last):
        word = read.words[number].folded
        if word in ("that", "with", "when", "than", "as"):
            return False
        if word in ("for", "in", "at", "to"):
            ahead = [
                other
                for other in clause.outcomes
                if other.first > number and other.cue.values["kind"] == "term" and other is not hit
            ]
            return any(
                _of_term(read, clause, other) is not None and _BARRIER.isdisjoint(read.folded(number + 1, other.first))
                for other in ahead[:3]
            )
    return False


def _bare(read: _Text, clause: _Clause, hit: Hit, column: str) -> Statement | None:
    """An outcome that a point only names: a harm named as a disadvantage is there, a benefit is described."""
    values = hit.cue.values
    if values["kind"] != "term" or not _BARRIER.isdisjoint(read.folded(clause.first, hit.first)):
        return None
    favourable = column == "advantage"
    direction = NOT_DIRECTIONAL
    if values["more_is"] == "worse" and not favourable:
        direction = WORSENED
    return Statement(
        values["outcome_id"],
        direction,
        _FAVOURABLE if favourable else _UNFAVOURABLE,
        None,
        _is_hedged(read, clause, hit),
        False,
        read.words[hit.first].start,
        read.words[hit.last - 1].end,
        0,
        0,
        "column",
        0.6,
    )


def _is_hedged(read: _Text, clause: _Clause, governor: Hit) -> bool:
    """Whether a hedge covers the word that gives the direction.

    "could" covers what follows it in the clause up to a verb in the past that has a subject of its own: "surgery could
    decompress and reconstruction improved stability" hedges the first only.
    """
    for hedge in clause.hedges:
        if hedge.cue.values["scope"] == "clause":
            return True
        if hedge.last > governor.last:
            continue
        verb = read.words[governor.first].folded
        before = read.folded(governor.first - 2, governor.first)
        past = verb.endswith("ed") and not {"be", "been", "being", "get"} & set(before) and hedge.last < governor.first
        if not past:
            return True
    return False


def _named_comparator(read: _Text, clause: _Clause) -> str | None:
    """The treatment that the clause names as what it compares with."""
    for number in range(clause.first, clause.last):
        end = _marker_end(read, clause, number)
        if end is None:
            continue
        for first, _, concept_id in clause.modalities:
            # "older than 60 years, surgery ..." compares no treatment
            counted = any(word[0].isdigit() for word in read.folded(end, first))
            if end <= first < min(clause.last, end + 6) and not counted:
                return concept_id
    return None


def _marker_end(read: _Text, clause: _Clause, number: int) -> int | None:
    """Past the words at `number` that introduce what is compared with; None where none stand there."""
    word = read.words[number].folded
    following = read.words[number + 1].folded if number + 1 < clause.last else ""
    if word in _MARKERS:
        return number + 1
    if word in ("compared", "comparison", "relative", "contrast") and following in ("with", "to"):
        return number + 2
    if word in ("similar", "comparable", "equivalent", "superior", "inferior", "identical", "equal"):
        return number + 2 if following in ("to", "with") else None
    if word == "as" and any(hit.last == number + 1 and hit.cue.values["sense"] == "same" for hit in clause.directions):
        return number + 1
    before = read.folded(max(clause.first, number - 1), number)
    return number + 1 if word == "over" and not _PREFERRED.isdisjoint(before) else None


def _other_arm(clause: _Clause, before: int, arms: tuple[str, str]) -> str | None:
    """The arm that a comparison is made with, by the arm that is its subject; both as subject: the second."""
    subject = [concept_id for first, _, concept_id in clause.modalities if first < before]
    named = [arm for arm in arms if arm in subject]
    if len(named) == 1:
        return arms[1] if named[0] == arms[0] else arms[0]
    return arms[1] if named else None
