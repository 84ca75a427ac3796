"""Codes the study designs of references, as titles and the review's own text state or suggest them.

Takes the references and the passages about them and returns the table `reference_designs`. The words are data
(`schemas/vocabularies/evidence.csv` and `cues/design.csv`). A design is not that of the work itself if the work is a
review of such studies ("a review of randomised trials"), a plan ("protocol for a randomised trial") or a discussion
("reporting of randomised trials").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import polars as pl

from pipelines.curate.grammar import (
    DETERMINERS,
    MATERIAL_PREPOSITIONS,
    PAST_BE_FORMS,
    PURPOSE_PREPOSITIONS,
)
from pipelines.curate.source_offsets import REFERENCE_KEY, map_to_source, title_pieces, unbroken_pieces
from pipelines.vocabularies.coding_words import CodingWords
from pipelines.vocabularies.cue_phrases import Cue, CueFinder, Hit, Word, select_longest, split_words
from schemas.tables import SPECS
from schemas.tables.base import NOT_STATED

_MAX_TEXT_LENGTH = 5000
"""Characters; the rest of a longer text is ignored, because titles and sentences are shorter."""

_MAX_NOUN_DISTANCE = 5
"""Words up to the noun of a design: "randomised controlled, double-blind crossover trials"."""

_NOUN_PHRASE_ENDS = MATERIAL_PREPOSITIONS | PURPOSE_PREPOSITIONS

_SUBJECT_GROUPS = frozenset({"laboratory", "question"})
"""The designs of these groups are the subject of a review in the same title: "survival in mice: a review"."""

_PASSAGE_FACTOR = 0.8
_MAX_PASSAGE_RANKS = {"study": 7, "synthesis": 1}
"""The ranks, by group, of the designs that are read from passages."""


@dataclass(frozen=True, slots=True)
class Rank:
    """How a design competes with the other designs of a work.

    Of the designs of one `group`, those with the lowest `rank` remain; of those on one `axis`, the most certain ones.
    If the group `about` (plans and comments) has a design, only that group remains, because the others are the
    designs of the work it is about.
    """

    group: str
    rank: int
    axis: str = ""


@dataclass(frozen=True, slots=True)
class DesignRules:
    """How designs are recognised, ranked and assigned a level of evidence.

    `levels` gives the Oxford 2011 level of evidence of a design, and `other_questions` are the designs whose question
    is not one of treatment.
    """

    finder: CueFinder
    ranks: Mapping[str, Rank]
    levels: Mapping[str, int]
    other_questions: frozenset[str]
    words: CodingWords


@dataclass(frozen=True, slots=True)
class Design:
    """A design of a text; `text[start:end]` is the cue, None without a cue (`not_stated`)."""

    design_id: str
    basis: str
    confidence: float
    rule_id: str
    start: int | None = None
    end: int | None = None
    ocebm_level: int | None = None


@dataclass(slots=True)
class _ReadText:
    """The words of a text, and the number of the clause that each word belongs to."""

    words: list[Word]
    clauses: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.clauses = list(accumulate(word.breaks for word in self.words))

    def folded(self, first: int, last: int) -> list[str]:
        return [word.folded for word in self.words[max(0, first) : last]]


def build_design_rules(
    labels: Iterable[tuple[str, str]],
    cues: Iterable[Mapping[str, str]],
    ranks: Iterable[Mapping[str, str]],
    levels: Mapping[str, int],
    other_questions: Iterable[str],
    words: CodingWords,
) -> DesignRules:
    """The rules from the labels (concept, label), the rows of `cues/design.csv` and `design_rank.csv`, and the words.

    If a phrase is both a label and a cue, the cue counts. Raises ValueError for a phrase with invalid syntax.
    """
    phrases = {" ".join(row["cue"].split()): Cue(row["cue"], row) for row in cues}
    for design_id, label in labels:
        phrase = " ".join(word.folded for word in split_words(label))
        if phrase:
            values = {"design_id": design_id, "basis": "stated", "confidence": "0.97", "cue": phrase}
            phrases.setdefault(phrase, Cue(phrase, values))
    return DesignRules(
        finder=CueFinder(phrases.values()),
        ranks={row["design_id"]: Rank(row["group"], int(row["rank"]), row["axis"]) for row in ranks},
        levels=levels,
        other_questions=frozenset(other_questions),
        words=words,
    )


def code_reference_designs(
    bib_references: pl.DataFrame, passages: pl.DataFrame, rules: DesignRules, text_parts: pl.DataFrame
) -> pl.DataFrame:
    """`reference_designs`: one row per reference and design.

    `passages` are those of `find_reference_passages`; they count only if the title states no design. The span is NULL
    if the cue is not in the source in this form, or if a passage is interrupted in the source.
    """
    numbered = passages.with_row_index("passage_no")
    by_reference: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for passage in numbered.iter_rows(named=True):
        key = (passage["review_id"], passage["ref_no"])
        by_reference.setdefault(key, []).append((passage["passage_no"], passage["text"]))
    title_rows, passage_rows = [], []
    for review_id, ref_no, title in bib_references.select(*REFERENCE_KEY, "title").iter_rows():
        reference = {"review_id": review_id, "ref_no": ref_no}
        of_title = find_title_designs(title or "", rules)
        of_passages = {}
        if of_title[0].design_id == NOT_STATED:
            # Reversed, so that the first passage that states a design is kept.
            for passage_no, text in reversed(by_reference.get((review_id, ref_no), [])):
                for design in find_passage_designs(text, rules):
                    of_passages[design.design_id] = (passage_no, text, design)
        if of_passages:
            # They replace `not_stated` and a hint at the same design.
            of_title = [design for design in of_title[1:] if design.design_id not in of_passages]
        for passage_no, text, design in of_passages.values():
            passage_rows.append({**reference, "passage_no": passage_no, **_to_columns(design, "prose", text)})
        for design in of_title:
            title_rows.append({**reference, **_to_columns(design, "title", title or "")})
    schema = SPECS["reference_designs"].polars_schema
    from_titles = pl.DataFrame(title_rows, schema=schema)
    from_passages = pl.DataFrame(passage_rows, schema={**schema, "passage_no": pl.UInt32()})
    passage_pieces = unbroken_pieces(numbered, ["passage_no"], "text", "start_char", "end_char")
    return pl.concat(
        [
            map_to_source(from_titles, title_pieces(bib_references, text_parts), REFERENCE_KEY),
            map_to_source(from_passages, passage_pieces, ["passage_no"]).select(list(schema)),
        ]
    )


def _to_columns(design: Design, source_field: str, text: str) -> dict[str, object]:
    """The columns of a design, with offsets within the field whose text is given."""
    has_cue = design.start is not None
    return {
        "design_id": design.design_id,
        "basis": design.basis,
        "rule_id": design.rule_id,
        "confidence": design.confidence,
        "ocebm_level": design.ocebm_level,
        "source_field": source_field if has_cue else None,
        "cue_text": text[design.start : design.end] if has_cue else None,
        "start_char": design.start,
        "end_char": design.end,
    }


def find_title_designs(title: str, rules: DesignRules) -> list[Design]:
    """The designs that a title states; if none, `not_stated` and the design that the title suggests, if any."""
    text = _ReadText(split_words(title[:_MAX_TEXT_LENGTH]))
    hits = _find_designs(text, rules)
    stated = [hit for hit in hits if hit.cue.values["basis"] == "stated"]
    own = _select_own_designs(text, stated, rules)
    if own:
        has_other_question = _asks_other_question(text, stated, rules)
        is_pooled = _pools_randomised(own, stated, rules)
        return [
            _to_design(text, hit, "title_cue", None if has_other_question else _find_level(hit, rules, is_pooled))
            for hit in own
        ]
    suggested = [hit for hit in hits if hit.cue.values["basis"] == "inferred"]
    best = sorted(suggested, key=lambda hit: (-_confidence(hit), hit.first))[:1]
    hints = [_to_design(text, hit, "title_hint", None) for hit in best]
    return [Design(NOT_STATED, NOT_STATED, 1.0, "no_cue"), *hints]


def find_passage_designs(passage: str, rules: DesignRules) -> list[Design]:
    """The designs that a passage of the review states of the one reference it is about."""
    text = _ReadText(split_words(passage[:_MAX_TEXT_LENGTH]))
    if not rules.words.need_words.isdisjoint(text.folded(0, len(text.words))):
        return []
    hits = [hit for hit in _find_designs(text, rules) if _is_design_of_reference(text, hit, rules)]
    return [
        _to_design(text, hit, "prose_cue", _find_level(hit, rules, is_pooled=False), _PASSAGE_FACTOR)
        for hit in _select_own_designs(text, hits, rules)
    ]


def _is_design_of_reference(text: _ReadText, hit: Hit, rules: DesignRules) -> bool:
    """Whether a passage states the design of a single study: "in a randomised trial".

    A sentence such as "A systematic review was conducted" is about the work of the review's own authors.
    """
    rank = rules.ranks.get(hit.cue.values["design_id"])
    if rank is None or hit.cue.values["basis"] != "stated" or _is_plural(text, hit, rules):
        return False
    is_specific = rank.rank <= _MAX_PASSAGE_RANKS.get(rank.group, -1)
    before, after = text.folded(hit.first - 3, hit.first), text.folded(hit.last, hit.last + 3)
    is_own_work = not PAST_BE_FORMS.isdisjoint(after) and not rules.words.performed_words.isdisjoint(after)
    return is_specific and not DETERMINERS.isdisjoint(before) and not is_own_work


def _find_designs(text: _ReadText, rules: DesignRules) -> list[Hit]:
    """The designs named in a text, with overlaps resolved.

    Of phrases without gaps the longest wins ("systematic review" over "review"). A phrase with a gap may span another
    design ("a prospective, phase II study"), and both count; but a review with a gap is dropped, because what it spans
    says more ("a retrospective chart review"). A cue without a design only blocks others: with a gap, those that
    begin within it and contain its last word ("adherence to guidelines").
    """
    hits = rules.finder.find_all(text.words)
    unbroken = select_longest([hit for hit in hits if not hit.cue.has_gap])
    studies = [hit for hit in unbroken if _rank(hit, rules).group != "synthesis"]
    blocks = [hit for hit in unbroken if not hit.cue.values["design_id"]]
    with_gap = [
        hit
        for hit in hits
        if hit.cue.has_gap
        and not any(
            hit.first < other.last and other.first < hit.last
            for other in (studies if _rank(hit, rules).group == "synthesis" else blocks)
        )
    ]
    blocks_from: dict[int, int] = {}
    for hit in hits:
        if hit.cue.has_gap and not hit.cue.values["design_id"]:
            blocks_from[hit.last - 1] = min(hit.first, blocks_from.get(hit.last - 1, hit.first))
    return sorted(
        (
            hit
            for hit in (*unbroken, *with_gap)
            if hit.cue.values["design_id"]
            and not any(blocks_from.get(at, hit.first + 1) <= hit.first for at in range(hit.first, hit.last))
        ),
        key=lambda hit: (hit.first, hit.last),
    )


def _select_own_designs(text: _ReadText, stated: Sequence[Hit], rules: DesignRules) -> list[Hit]:
    """The stated designs that are the work's own: one hit per design, of the lowest rank in each group (see `Rank`)."""
    syntheses = [hit for hit in stated if _rank(hit, rules).group == "synthesis"]
    own = []
    for hit in stated:
        is_synthesis = _rank(hit, rules).group == "synthesis"
        if not is_synthesis and _is_reviewed(text, hit, syntheses, rules):
            continue
        if _is_plural(text, hit, rules) and not _is_own_plural(text, hit, rules):
            continue
        own.append(hit)
    about = [hit for hit in own if _rank(hit, rules).group == "about"]
    if about:
        own = about
    lowest_ranks: dict[str, int] = {}
    for hit in own:
        rank = _rank(hit, rules)
        lowest_ranks[rank.group] = min(rank.rank, lowest_ranks.get(rank.group, rank.rank))
    best_hits: dict[str, Hit] = {}
    for hit in own:
        rank = _rank(hit, rules)
        if rank.rank == lowest_ranks[rank.group]:
            design_id = hit.cue.values["design_id"]
            if design_id not in best_hits or _confidence(hit) > _confidence(best_hits[design_id]):
                best_hits[design_id] = hit
    highest: dict[str, float] = {}
    for hit in best_hits.values():
        axis = _rank(hit, rules).axis
        highest[axis] = max(_confidence(hit), highest.get(axis, 0.0))
    return [
        hit for hit in best_hits.values() if not (axis := _rank(hit, rules).axis) or _confidence(hit) == highest[axis]
    ]


def _confidence(hit: Hit) -> float:
    return float(hit.cue.values["confidence"])


def _rank(hit: Hit, rules: DesignRules) -> Rank:
    return rules.ranks.get(hit.cue.values["design_id"], Rank("study", 99))


def _is_plural(text: _ReadText, hit: Hit, rules: DesignRules) -> bool:
    """Whether the noun of a design is plural: "randomised trials", "case-control and cohort studies"."""
    last = text.words[hit.last - 1].folded
    if last in rules.words.plural_designs:
        return True
    if last in rules.words.singular_designs or _rank(hit, rules).group != "study":
        return False
    for word in text.words[hit.last : hit.last + _MAX_NOUN_DISTANCE]:
        if word.breaks or word.folded in _NOUN_PHRASE_ENDS or word.folded in rules.words.singular_designs:
            return False
        if word.folded in rules.words.plural_designs:
            return True
    return False


def _is_reviewed(text: _ReadText, hit: Hit, syntheses: Sequence[Hit], rules: DesignRules) -> bool:
    """Whether a review or meta-analysis in the same text is about studies of this design."""
    if syntheses and (_is_plural(text, hit, rules) or _rank(hit, rules).group in _SUBJECT_GROUPS):
        return True
    for synthesis in syntheses:
        is_in_clause = synthesis.last <= hit.first and text.clauses[synthesis.last - 1] == text.clauses[hit.first]
        # The last word of the phrase counts too, as in "a review of".
        if is_in_clause and not MATERIAL_PREPOSITIONS.isdisjoint(text.folded(synthesis.last - 1, hit.first)):
            return True
    return False


def _is_own_plural(text: _ReadText, hit: Hit, rules: DesignRules) -> bool:
    """Whether designs in the plural are the work's own: "results of two randomised trials", ": randomised trials"."""
    has_count = not rules.words.count_words.isdisjoint(text.folded(hit.first - 4, hit.last))
    begins_clause = hit.first > 0 and text.words[hit.first].breaks
    before = text.folded(hit.first - 2, hit.first)
    follows_review = len(before) == 2 and before[0] in rules.words.review_words and before[1] == "and"
    return has_count or begins_clause or follows_review


def _pools_randomised(own: Sequence[Hit], stated: Sequence[Hit], rules: DesignRules) -> bool:
    """Whether a systematic review or meta-analysis states that it is about randomised trials only."""
    own_designs = {hit.cue.values["design_id"] for hit in own}
    designs = {hit.cue.values["design_id"] for hit in stated}
    return (
        not rules.words.pooling_designs.isdisjoint(own_designs)
        and not rules.words.randomised_designs.isdisjoint(designs - own_designs)
        and rules.words.non_randomised_designs.isdisjoint(designs)
    )


def _asks_other_question(text: _ReadText, stated: Sequence[Hit], rules: DesignRules) -> bool:
    """Whether the title only asks about diagnosis, prognosis or cost.

    "Efficacy and cost-effectiveness of X in the treatment of Y" asks about treatment as well.
    """
    others = [hit for hit in stated if hit.cue.values["design_id"] in rules.other_questions]
    if not others:
        return False
    in_hits = {number for hit in others for number in range(hit.first, hit.last)}
    rest = {word.folded for number, word in enumerate(text.words) if number not in in_hits}
    return rules.words.treatment_words.isdisjoint(rest)


def _find_level(hit: Hit, rules: DesignRules, is_pooled: bool) -> int | None:
    """The level of evidence of a design; of a work that pools studies only if they are randomised trials."""
    design_id = hit.cue.values["design_id"]
    if design_id in rules.words.pooling_designs:
        return 1 if is_pooled else None
    return rules.levels.get(design_id)


def _to_design(text: _ReadText, hit: Hit, rule_id: str, level: int | None, factor: float = 1.0) -> Design:
    values = hit.cue.values
    return Design(
        design_id=values["design_id"],
        basis=values["basis"],
        confidence=round(float(values["confidence"]) * factor, 3),
        rule_id=rule_id,
        start=text.words[hit.first].start,
        end=text.words[hit.last - 1].end,
        ocebm_level=level,
    )
