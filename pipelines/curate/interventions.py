"""Treatment modalities of studies, and the part each plays: from the Method cell and, so marked, the Outcomes cell.

Belongs here: the role that the words between two modalities give them ("A after B", "A or B", "A with B"). Which words
name a modality is data (`schemas/vocabularies/modality.csv`); what an outcome cell claims is in `statements`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.curate.outcomes import FINITE, ClaimRules, statements
from pipelines.vocabularies.cue_phrases import word_set
from pipelines.vocabularies.matcher import Label, Match, Matcher
from schemas.tables import SPECS

_WORD = re.compile(r"[^\W_]+")
_COMPARING = frozenset({"or", "versus", "vs", "against", "compared", "comparison", "than", "rather"})
_JOINING = frozenset(
    {"combined", "plus", "together", "along", "combination", "concurrent", "concomitant", "simultaneous"}
)
_LATER = frozenset({"followed", "then", "subsequent", "adjuvant", "postoperative", "consolidative"})
_AFTER = frozenset({"after", "following"})
_BEFORE = frozenset({"before", "preoperative", "neoadjuvant"})
_MEANS = frozenset({"with", "using", "by", "via", "under", "through"})
_ADDED = frozenset({"early", "followed", "postoperative", "adjuvant", "subsequent", "additional", "consolidative"})
_BREAKERS = re.compile(
    r"\b(?:and|or|with|plus|after|before|following|followed\s+by|then|versus|vs|compared\s+with|using|combined\s+with)\b"
    r"|[,;+/&]",
    re.IGNORECASE,
)
_PLAIN = word_set(
    "a an the of by to for in on at single multi multiple session sessions multisession fraction fractions x ray "
    "fractionated course courses first second third fourth dose high low early late short long segment based guided "
    "adjuvant palliative postoperative treatment therapy therapies patients spine spinal without alone group control "
    "none no usual standard care"
)
_UNFINISHED = word_set(
    "and or with after before following by of for the a an plus versus vs using to from surgical operative "
    "radiotherapeutic minimally percutaneous stereotactic palliative adjuvant postoperative preoperative spinal "
    "conventional external intensity image"
)
_AUGMENTING = frozenset(
    {"external_radiotherapy", "stereotactic_radiotherapy", "radionuclide_therapy", "systemic_therapy"}
)
_RADIATING = frozenset({"external_radiotherapy", "stereotactic_radiotherapy", "radionuclide_therapy"})
_NOT_GIVEN = word_set(
    "unfit ineligible unsuitable previous previously prior awaiting failed failure refused instead avoid avoiding "
    "avoided cannot without inoperable contraindicated"
)
_ADJUVANT = "adjuvant_therapy_unspecified"
_LONGEST_LOOKED_UP = 100
_MOST_REPORTED = 5

FINDING_SCHEMA = {
    "review_id": pl.String,
    "table_no": pl.Int32,
    "row_no": pl.Int32,
    "field": pl.String,
    "code": pl.String,
    "message": pl.String,
}


@dataclass(frozen=True, slots=True)
class ModalityRules:
    """The modality labels as a matcher and as a list, each concept's ancestor on level 1, and how claims are read.

    `unspecified` are the concepts that say no more than their kind: those on level 1 and those called unspecified.
    """

    matcher: Matcher
    labels: tuple[Label, ...]
    tops: Mapping[str, str]
    unspecified: frozenset[str]
    claims: ClaimRules


@dataclass(frozen=True, slots=True)
class Modality:
    """A modality of a study; `start`, `end` are offsets in the cell that `field` names."""

    concept_id: str
    role: str
    field: str
    start: int
    end: int
    rule_id: str
    confidence: float


def arms(method: str, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> tuple[str, str] | None:
    """The two treatments that a study compares, as concepts; None where it has not two, or does not compare them."""
    coded = code_row(method, outcome, rules, abbreviations)
    compared = [found for found in coded if found.field == "method" and found.role in ("primary", "comparator")]
    if len(compared) == 2 and compared[1].role == "comparator":
        return compared[0].concept_id, compared[1].concept_id
    return None


def code_row(method: str, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> list[Modality]:
    """The modalities of a row, one for each concept, in the order of the cells."""
    coded = _of_method(method, outcome, rules, abbreviations)
    return coded + _of_outcome(outcome, coded, rules, abbreviations)


def _of_method(method: str, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> list[Modality]:
    matches = _specific(rules.matcher.find(method, abbreviations), rules)
    coded: dict[str, Modality] = {}
    for number, match in enumerate(matches):
        if match.concept_id in coded:
            continue
        role, rule_id = "primary", "first_named"
        if number:
            previous = matches[number - 1]
            joint = method[previous.end : match.start]
            role, rule_id = _role(previous, match, joint, method[: match.start], outcome, rules, abbreviations)
            if role == "primary" and previous.concept_id in coded:
                earlier = coded[previous.concept_id]
                coded[previous.concept_id] = Modality(
                    earlier.concept_id, "adjuvant", "method", earlier.start, earlier.end, rule_id, 0.9
                )
        coded[match.concept_id] = Modality(
            match.concept_id, role, "method", match.start, match.end, rule_id, 0.95 if number == 0 else 0.9
        )
    return list(coded.values())


def _specific(matches: Sequence[Match], rules: ModalityRules) -> list[Match]:
    """Without a kind of treatment that another match names more closely."""
    closer = {rules.tops[match.concept_id] for match in matches if match.concept_id not in rules.unspecified}
    return [
        match for match in matches if rules.tops[match.concept_id] != match.concept_id or match.concept_id not in closer
    ]


def _role(
    previous: Match,
    match: Match,
    joint: str,
    before: str,
    outcome: str,
    rules: ModalityRules,
    abbreviations: Mapping[str, str],
) -> tuple[str, str]:
    """The role of `match`, named after `previous`, and the rule that gives it."""
    words = _words(joint)
    same_kind = rules.tops[previous.concept_id] == rules.tops[match.concept_id]
    if _COMPARING & words:
        return "comparator", "a_or_b"
    if _LATER & words or _words(before[-20:]) & _ADDED or _words(match.label) & _ADDED:
        return "adjuvant", "a_followed_by_b"
    if _AFTER & words:
        return "primary", "a_after_b"
    if _BEFORE & words:
        return "primary", "a_before_b"
    if _JOINING & words:
        return "concurrent", "a_combined_with_b"
    if _adds(match, outcome, rules, abbreviations):
        return "adjuvant", "outcome_adds"
    if _MEANS & words:
        added = rules.tops[match.concept_id] in _AUGMENTING and rules.tops[previous.concept_id] not in _RADIATING
        return ("concurrent", "a_with_added_b") if added else ("component", "a_with_b")
    if _compares(previous, match, outcome, rules, abbreviations):
        return "comparator", "outcome_compares"
    return ("component", "a_and_b_of_a_kind") if same_kind else ("concurrent", "a_and_b")


def _compares(one: Match, other: Match, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> bool:
    pair = (one.concept_id, other.concept_id)
    found = statements(outcome, rules.claims, rules.matcher.find(outcome, abbreviations), pair)
    return any(statement.comparator in pair for statement in found)


def _adds(match: Match, outcome: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> bool:
    """Whether the outcome cell speaks of the treatment as one that is added to another."""
    for found in rules.matcher.find(outcome, abbreviations):
        if found.concept_id == match.concept_id and _words(outcome[max(0, found.start - 15) : found.start]) & _ADDED:
            return True
        if found.concept_id == _ADJUVANT and rules.tops[match.concept_id] in _AUGMENTING:
            return True
    return False


def _of_outcome(
    outcome: str, coded: Sequence[Modality], rules: ModalityRules, abbreviations: Mapping[str, str]
) -> list[Modality]:
    """What the outcome cell names beyond the Method cell; words that say only the kind of what is known are passed."""
    matches = rules.matcher.find(outcome, abbreviations)
    known = {found.concept_id for found in coded}
    named = {match.concept_id for match in matches} | known
    kinds = {rules.tops[concept_id] for concept_id in known}
    closer = {rules.tops[concept_id] for concept_id in named if concept_id not in rules.unspecified}
    compared = {
        statement.comparator for statement in statements(outcome, rules.claims, matches) if statement.comparator
    }
    added: dict[str, Modality] = {}
    for match in matches:
        concept_id, top = match.concept_id, rules.tops[match.concept_id]
        if concept_id in known or concept_id in added:
            continue
        if concept_id in rules.unspecified and concept_id != _ADJUVANT and (top in kinds or top in closer):
            continue
        near = _words(outcome[max(0, match.start - 15) : match.start])
        if _NOT_GIVEN & _words(outcome[max(0, match.start - 30) : match.start]):
            continue
        before = outcome[outcome.rfind(".", 0, match.start) + 1 : match.start]
        begins = len(_words(before)) <= 2
        in_subject = FINITE.isdisjoint(_words(before))
        if concept_id in compared:
            role, rule_id = "comparator", "outcome_compares"
        elif concept_id == _ADJUVANT or near & _ADDED:
            role, rule_id = "adjuvant", "outcome_adds"
        elif top in kinds:
            role, rule_id = "component", "outcome_details"
        elif begins:
            role, rule_id = "primary", "outcome_subject"
        elif in_subject and _MEANS & near:
            role, rule_id = "component", "outcome_subject_with"
        else:
            role, rule_id = "concurrent", "outcome_mentions"
        added[concept_id] = Modality(concept_id, role, "outcome", match.start, match.end, rule_id, 0.75)
    return list(added.values())


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def study_modalities(
    studies: pl.DataFrame, rules: ModalityRules, abbreviations: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """`study_modalities`: study × modality concept × role.

    `studies` has review_id, table_no, row_no, and method and outcome with the start_char and end_char of each;
    `abbreviations` gives, by review, the short forms its text defines.
    """
    rows = []
    for review_id, table_no, row_no, cells, starts in _rows(studies):
        for found in code_row(cells["method"], cells["outcome"], rules, abbreviations.get(review_id, {})):
            start = starts[found.field]
            rows.append(
                {
                    "review_id": review_id,
                    "table_no": table_no,
                    "row_no": row_no,
                    "concept_id": found.concept_id,
                    "role": found.role,
                    "field": found.field,
                    "cue_text": cells[found.field][found.start : found.end],
                    "start_char": None if start is None else start + found.start,
                    "end_char": None if start is None else start + found.end,
                    "rule_id": found.rule_id,
                    "confidence": found.confidence,
                }
            )
    return pl.DataFrame(rows, schema=SPECS["study_modalities"].polars_schema)


def modality_findings(
    studies: pl.DataFrame, rules: ModalityRules, abbreviations: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """What a curator should see: a row for each oddity of a method cell, with code and message, the place left out.

    `unknown_modality`: words that no label matches, with the nearest labels, the first five of a cell. `cut_off_cell`:
    the cell ends where a word should follow.
    """
    rows = []
    for review_id, table_no, row_no, cells, _ in _rows(studies):
        method = cells["method"]
        last = _WORD.findall(method[-60:])[-1:]
        if last and last[0].casefold() in _UNFINISHED:
            message = f"{method[-60:]!r} breaks off after {last[0]!r}"
            rows.append((review_id, table_no, row_no, "method", "cut_off_cell", message))
        for words in unknown_words(method, rules, abbreviations.get(review_id, {}))[:_MOST_REPORTED]:
            near = nearest_labels(words, rules)
            hint = f"; nearest labels: {', '.join(near)}" if near else ""
            message = f"{words[:_LONGEST_LOOKED_UP]!r} is no known modality{hint}"
            mend = "add it to schemas/vocabularies/modality.csv"
            rows.append((review_id, table_no, row_no, "method", "unknown_modality", f"{message}; {mend}"))
    return pl.DataFrame(rows, schema=FINDING_SCHEMA, orient="row")


def unknown_words(method: str, rules: ModalityRules, abbreviations: Mapping[str, str]) -> list[str]:
    """The parts of a Method cell, as commas and conjunctions part it, in which no label is found."""
    matches = rules.matcher.find(method, abbreviations)
    unknown = []
    start = 0
    held = 0
    breaks = [(found.start(), found.end()) for found in _BREAKERS.finditer(method)]
    for stop, following in [*breaks, (len(method), len(method))]:
        while held < len(matches) and matches[held].end <= start:
            held += 1
        is_known = held < len(matches) and matches[held].start < stop
        part = method[start:stop].strip(" .")
        outside = re.sub(r"\([^()]{0,60}\)", " ", part)
        words = _words(outside) - _PLAIN
        if not is_known and any(word.isalpha() and len(word) > 1 for word in words):
            unknown.append(part)
        start = following
    return unknown


def nearest_labels(words: str, rules: ModalityRules, limit: int = 3) -> list[str]:
    """The labels most like `words`, the best first; none where none is like it."""
    labels = [label.label for label in rules.labels]
    found = process.extract(
        words[:_LONGEST_LOOKED_UP], labels, scorer=fuzz.token_sort_ratio, limit=limit, score_cutoff=55
    )
    return [label for label, _, _ in found]


def place_of(text: str | None, start: int | None, end: int | None) -> int | None:
    """Where a text begins in the source; None where it does not stand there in one piece."""
    return start if text is not None and start is not None and end is not None and end - start == len(text) else None


def _rows(studies: pl.DataFrame) -> list[tuple[str, int, int, dict[str, str], dict[str, int | None]]]:
    columns = ["review_id", "table_no", "row_no", "method", "outcome"]
    columns += [f"{field}_{end}_char" for field in ("method", "outcome") for end in ("start", "end")]
    return [
        (
            row["review_id"],
            row["table_no"],
            row["row_no"],
            {field: row[field] or "" for field in ("method", "outcome")},
            {
                field: place_of(row[field], row[f"{field}_start_char"], row[f"{field}_end_char"])
                for field in ("method", "outcome")
            },
        )
        for row in studies.select(columns).sort("review_id", "table_no", "row_no").iter_rows(named=True)
    ]
