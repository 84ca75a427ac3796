"""Which study design a reference's own words state, and which they only suggest.

Belongs here: designs from titles, then from what the review says of a reference. The words themselves are data
(`schemas/vocabularies/evidence.csv` and `cues/design.csv`); here stands how a title is read: a design that is the
matter of a review ("a review of randomised trials"), is only planned ("protocol for a randomised trial") or is spoken
about ("reporting of randomised trials") is not the design of the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import polars as pl

from pipelines.vocabularies.cue_phrases import Cue, CueFinder, Hit, Word, longest, word_set, words
from schemas.tables import SPECS
from schemas.tables.base import NOT_STATED

_SEVERAL = frozenset(
    {"trials", "studies", "reviews", "reports", "analyses", "rcts", "surveys", "cohorts", "comparisons"}
)
_COUNTS = frozenset(
    {"two", "three", "four", "five", "six", "seven", "eight", "2", "3", "4", "5", "6", "7", "8", "both"}
)
_MATTER = frozenset({"of", "from", "in", "on", "including", "across", "among", "based", "with"})
_OWN = frozenset({"a", "an", "the", "this", "one", "their", "our"})
_WANTED = frozenset(
    {"needed", "required", "warranted", "should", "no", "lack", "lacking", "future", "further", "ongoing"}
)
_DONE = frozenset({"conducted", "performed", "undertaken", "done", "carried"})
_TREATING = word_set(
    "efficacy effectiveness safety treatment treatments therapy therapies therapeutic surgery surgical radiotherapy "
    "radiosurgery chemotherapy"
)
_LONGEST_READ = 5000
"""Characters: what is longer is no title and no sentence, and its end is not read."""
_PROSE_FACTOR = 0.8
_LAST_PROSE_RANK = 7


@dataclass(frozen=True, slots=True)
class Rank:
    """Designs of one `group` compete: only those of its lowest `rank` are kept, and of one `axis` the surest.

    The group `about` holds plans and comments: the designs they name are those of the work they are about.
    """

    group: str
    rank: int
    axis: str = ""


@dataclass(frozen=True, slots=True)
class DesignRules:
    """What the vocabulary and the cue files say of designs.

    `levels` gives the Oxford 2011 level a design carries by itself; `other_questions` are the designs whose
    question is not one of treatment.
    """

    finder: CueFinder
    ranks: Mapping[str, Rank]
    levels: Mapping[str, int]
    other_questions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Design:
    """A design of a text; `text[start:end]` is the cue, and nothing (None) where no words state one."""

    design_id: str
    basis: str
    confidence: float
    rule_id: str
    start: int | None = None
    end: int | None = None
    ocebm_level: int | None = None


def design_rules(
    labels: Iterable[tuple[str, str]],
    cues: Iterable[Mapping[str, str]],
    ranks: Iterable[Mapping[str, str]],
    levels: Mapping[str, int],
    other_questions: Iterable[str],
) -> DesignRules:
    """The rules from the vocabulary's labels (concept, label) and the rows of `cues/design.csv` and `design_rank.csv`.

    A phrase that is both a label and a cue is read as the cue says. Raises ValueError for a phrase that cannot be read.
    """
    listed = {" ".join(row["cue"].split()): Cue(row["cue"], row) for row in cues}
    for design_id, label in labels:
        phrase = " ".join(word.folded for word in words(label))
        if phrase:
            listed.setdefault(
                phrase, Cue(phrase, {"design_id": design_id, "basis": "stated", "confidence": "0.97", "cue": phrase})
            )
    return DesignRules(
        CueFinder(listed.values()),
        {row["design_id"]: Rank(row["group"], int(row["rank"]), row["axis"]) for row in ranks},
        levels,
        frozenset(other_questions),
    )


def designs_of_title(title: str, rules: DesignRules) -> list[Design]:
    """The designs that a title states, or `not_stated` and, after it, what the title suggests."""
    reading = _Reading(words(title[:_LONGEST_READ]))
    named = _named(reading, rules)
    stated = [hit for hit in named if hit.cue.values["basis"] == "stated"]
    own = _own_designs(reading, stated, rules)
    if own:
        other = _asks_another_question(reading, stated, rules)
        pooled = _pools_randomised(own, stated)
        return [_design(reading, hit, "title_cue", None if other else _level(hit, rules, pooled)) for hit in own]
    suggested = [hit for hit in named if hit.cue.values["basis"] == "inferred"]
    best = sorted(suggested, key=lambda hit: (-_confidence(hit), hit.first))[:1]
    return [Design(NOT_STATED, "stated", 1.0, "no_cue"), *(_design(reading, hit, "title_hint", None) for hit in best)]


def designs_of_sentence(sentence: str, rules: DesignRules) -> list[Design]:
    """The designs that a sentence of the review states of the one reference it cites."""
    reading = _Reading(words(sentence[:_LONGEST_READ]))
    if any(word.folded in _WANTED for word in reading.words):
        return []
    hits = []
    for hit in _named(reading, rules):
        rank = rules.ranks.get(hit.cue.values["design_id"])
        before = {word.folded for word in reading.words[max(0, hit.first - 3) : hit.first]}
        is_design = rank is not None and (
            (rank.group == "study" and rank.rank <= _LAST_PROSE_RANK) or (rank.group == "synthesis" and rank.rank == 1)
        )
        after = {word.folded for word in reading.words[hit.last : hit.last + 3]}
        # "A systematic review was conducted" says what the authors of this review did
        is_own_work = bool(after & {"was", "were"} and after & _DONE)
        says_so = hit.cue.values["basis"] == "stated" and before & _OWN and not is_own_work
        if is_design and says_so and not _is_plural(reading, hit):
            hits.append(hit)
    return [
        _design(reading, hit, "prose_cue", _level(hit, rules, pooled=False), _PROSE_FACTOR)
        for hit in _own_designs(reading, hits, rules)
    ]


@dataclass(slots=True)
class _Reading:
    words: list[Word]
    clauses: list[int] = field(init=False)
    """The number of the clause each word stands in."""

    def __post_init__(self) -> None:
        self.clauses = list(accumulate(word.breaks for word in self.words))


def _named(reading: _Reading, rules: DesignRules) -> list[Hit]:
    """The designs named, overlaps resolved.

    Of phrases without gaps the longest wins ("systematic review" over "review"); a phrase with gaps spans words that
    may name a design of their own ("a prospective, phase II study") and stands beside them, unless it is a review's,
    which says less than what it spans ("a retrospective chart review"). A cue without a design only blocks.
    """
    hits = rules.finder.all(reading.words)
    whole = longest([hit for hit in hits if not hit.cue.has_gap])
    spanned = [hit for hit in whole if _rank(hit, rules).group != "synthesis"]
    blocked = [hit for hit in whole if not hit.cue.values["design_id"]]
    gapped = [
        hit
        for hit in [hit for hit in hits if hit.cue.has_gap]
        if not any(
            hit.first < other.last and other.first < hit.last
            for other in (spanned if _rank(hit, rules).group == "synthesis" else blocked)
        )
    ]
    named = [hit for hit in (*whole, *gapped) if hit.cue.values["design_id"]]
    return sorted(named, key=lambda hit: (hit.first, hit.last))


def _own_designs(reading: _Reading, stated: Sequence[Hit], rules: DesignRules) -> list[Hit]:
    """Those of the designs named that are the work's own, one hit a design, the strongest of each group."""
    syntheses = [hit for hit in stated if _rank(hit, rules).group == "synthesis"]
    own = []
    for hit in stated:
        is_synthesis = _rank(hit, rules).group == "synthesis"
        if not is_synthesis and _is_matter(reading, hit, syntheses):
            continue
        if _is_plural(reading, hit) and not _speaks_of_itself(reading, hit):
            continue
        own.append(hit)
    about = [hit for hit in own if _rank(hit, rules).group == "about"]
    if about:
        own = about
    best: dict[str, int] = {}
    for hit in own:
        rank = _rank(hit, rules)
        best[rank.group] = min(rank.rank, best.get(rank.group, rank.rank))
    kept: dict[str, Hit] = {}
    for hit in own:
        rank = _rank(hit, rules)
        if rank.rank == best[rank.group]:
            design_id = hit.cue.values["design_id"]
            if design_id not in kept or _confidence(hit) > _confidence(kept[design_id]):
                kept[design_id] = hit
    surest: dict[str, float] = {}
    for hit in kept.values():
        axis = _rank(hit, rules).axis
        surest[axis] = max(_confidence(hit), surest.get(axis, 0.0))
    return [hit for hit in kept.values() if not (axis := _rank(hit, rules).axis) or _confidence(hit) == surest[axis]]


def _confidence(hit: Hit) -> float:
    return float(hit.cue.values["confidence"])


def _rank(hit: Hit, rules: DesignRules) -> Rank:
    return rules.ranks.get(hit.cue.values["design_id"], Rank("study", 99))


def _is_plural(reading: _Reading, hit: Hit) -> bool:
    return reading.words[hit.last - 1].folded in _SEVERAL


def _is_matter(reading: _Reading, hit: Hit, syntheses: Sequence[Hit]) -> bool:
    """Whether a review or meta-analysis has this design as its matter."""
    for synthesis in syntheses:
        if _is_plural(reading, hit):
            return True
        if synthesis.last <= hit.first and reading.clauses[synthesis.last - 1] == reading.clauses[hit.first]:
            between = {word.folded for word in reading.words[synthesis.last : hit.first]}
            ends_so = reading.words[synthesis.last - 1].folded in _MATTER
            if ends_so or between & _MATTER:
                return True
    return False


def _speaks_of_itself(reading: _Reading, hit: Hit) -> bool:
    """Whether designs in the plural are the work's own: "results of two randomised trials", ": randomised trials"."""
    before = {word.folded for word in reading.words[max(0, hit.first - 4) : hit.last]}
    begins_clause = hit.first > 0 and reading.words[hit.first].breaks
    coordinated = hit.first > 1 and [word.folded for word in reading.words[hit.first - 2 : hit.first]] == [
        "review",
        "and",
    ]
    return bool(before & _COUNTS) or begins_clause or coordinated


def _pools_randomised(own: Sequence[Hit], stated: Sequence[Hit]) -> bool:
    """Whether a systematic review or meta-analysis says that it is of randomised trials."""
    kept = {hit.cue.values["design_id"] for hit in own}
    named = {hit.cue.values["design_id"] for hit in stated}
    return (
        bool(kept & {"systematic_review", "meta_analysis"})
        and "randomised_controlled_trial" in named - kept
        and not named & {"observational_study", "cohort_study", "non_randomised_trial", "case_control_study"}
    )


def _asks_another_question(reading: _Reading, stated: Sequence[Hit], rules: DesignRules) -> bool:
    """Whether a title's question is one of diagnosis, prognosis or cost, and not of treatment beside it.

    "Efficacy and cost-effectiveness of X in the treatment of Y" asks of both.
    """
    others = [hit for hit in stated if hit.cue.values["design_id"] in rules.other_questions]
    if not others:
        return False
    spoken = {number for hit in others for number in range(hit.first, hit.last)}
    return not any(word.folded in _TREATING for number, word in enumerate(reading.words) if number not in spoken)


def _level(hit: Hit, rules: DesignRules, pooled: bool) -> int | None:
    design_id = hit.cue.values["design_id"]
    if design_id in ("systematic_review", "meta_analysis"):
        return 1 if pooled else None
    return rules.levels.get(design_id)


def _design(reading: _Reading, hit: Hit, rule_id: str, level: int | None, factor: float = 1.0) -> Design:
    values = hit.cue.values
    return Design(
        values["design_id"],
        values["basis"],
        round(float(values["confidence"]) * factor, 3),
        rule_id,
        reading.words[hit.first].start,
        reading.words[hit.last - 1].end,
        level,
    )


def reference_designs(
    references: pl.DataFrame, mention_sentences: pl.DataFrame | None, rules: DesignRules
) -> pl.DataFrame:
    """`reference_designs`: reference × design.

    `references` has review_id, ref_no, title, title_start_char and title_end_char. `mention_sentences` has review_id,
    ref_no, text and start_char, a row for each sentence or cell that cites this one reference and no other; it is heard
    only where the title states nothing. The span is NULL where the text does not stand in the source in one piece.
    """
    said: dict[tuple[str, int], list[tuple[str, int | None]]] = {}
    if mention_sentences is not None:
        for review_id, ref_no, text, start in mention_sentences.select(
            "review_id", "ref_no", "text", "start_char"
        ).iter_rows():
            said.setdefault((review_id, ref_no), []).append((text, start))
    rows = []
    for review_id, ref_no, title, start, end in references.select(
        "review_id", "ref_no", "title", "title_start_char", "title_end_char"
    ).iter_rows():
        # A title that a line's or a page's end cuts does not stand in the source as it reads: no span then
        title_start = start if title and None not in (start, end) and end - start == len(title) else None
        designs = designs_of_title(title or "", rules)
        found = [("title", title or "", title_start, design) for design in designs]
        if designs[0].design_id == NOT_STATED:
            in_prose = {
                design.design_id: ("prose", text, start, design)
                for text, start in reversed(said.get((review_id, ref_no), []))
                for design in designs_of_sentence(text, rules)
            }
            if in_prose:
                found = [*in_prose.values(), *found[1:]]
        stated = {design.design_id for _, _, _, design in found if design.basis == "stated"}
        for source_field, text, place, design in found:
            if design.basis == "stated" or design.design_id not in stated:
                rows.append(_row(review_id, ref_no, source_field, text, place, design))
    coded = pl.DataFrame(rows, schema=_ROW, orient="row")
    return coded.select(pl.col(name).cast(dtype) for name, dtype in SPECS["reference_designs"].polars_schema.items())


_ROW: Mapping[str, type[pl.DataType]] = {
    "review_id": pl.String,
    "ref_no": pl.Int32,
    "design_id": pl.String,
    "basis": pl.String,
    "rule_id": pl.String,
    "confidence": pl.Float64,
    "ocebm_level": pl.Int32,
    "source_field": pl.String,
    "cue_text": pl.String,
    "start_char": pl.Int32,
    "end_char": pl.Int32,
}


def _row(
    review_id: str, ref_no: int, source_field: str, text: str, start: int | None, design: Design
) -> tuple[str | int | float | None, ...]:
    """A row of `_ROW`."""
    field = cue = first = last = None
    if design.start is not None and design.end is not None:
        field, cue = source_field, text[design.start : design.end]
        if start is not None:
            first, last = start + design.start, start + design.end
    said = (design.design_id, design.basis, design.rule_id, design.confidence, design.ocebm_level)
    return (review_id, ref_no, *said, field, cue, first, last)
