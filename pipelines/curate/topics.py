"""Codes what references are about, as their titles say: modality, cancer, spinal region and imaging.

Takes the titles and returns the table `reference_topics`. Study designs are coded in `study_design`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.curate.source_offsets import REFERENCE_KEY, map_to_source, title_pieces
from pipelines.vocabularies.abbreviations import defined_abbreviations
from pipelines.vocabularies.cue_phrases import Cue, CueFinder, split_words
from pipelines.vocabularies.matcher import Label, ListedLabels, Match, Matcher, fold_text
from pipelines.vocabularies.schemes import Vocabularies
from schemas.tables import SPECS

TOPIC_SCHEMES = ("cancer", "modality", "imaging", "region")
"""Cancer comes first because of equally long labels the first scheme wins: `cervical` is then the uterine cervix."""

_CONFIDENCE = {"pref": 1.0, "alt": 0.95, "hidden": 0.8}


@dataclass(frozen=True, slots=True)
class TopicRules:
    """The labels to find, and the cues that a title must contain for a vague label to count."""

    matcher: Matcher
    context: CueFinder


def build_topic_rules(vocabularies: Vocabularies, context: Iterable[str]) -> TopicRules:
    """The rules from the labels of `TOPIC_SCHEMES` and the phrases of `cues/context.csv`."""
    return TopicRules(
        Matcher(ListedLabels(vocabularies.labels(*TOPIC_SCHEMES))), CueFinder(Cue(phrase, {}) for phrase in context)
    )


def code_reference_topics(bib_references: pl.DataFrame, rules: TopicRules, text_parts: pl.DataFrame) -> pl.DataFrame:
    """`reference_topics`: one row per reference and concept that its title names; first occurrences.

    `rule_id` is `title_label`; or `title_coordinate` if the last word of the label is printed only at the end of an
    enumeration (`thoracic and lumbar spine`); or `title_abbreviation` if the title defines the abbreviation. The
    confidence depends on the label: preferred 1, alternative 0.95, hidden 0.8. The span is NULL if the words are not in
    the source in this form.
    """
    rows = []
    titles = bib_references.select(*REFERENCE_KEY, "title").drop_nulls("title")
    for review_id, ref_no, title in titles.iter_rows():
        for match in _find_topics(title, rules):
            cue = title[match.start : match.end]
            rows.append(
                {
                    "review_id": review_id,
                    "ref_no": ref_no,
                    "scheme": match.scheme,
                    "concept_id": match.concept_id,
                    "cue_text": cue,
                    "start_char": match.start,
                    "end_char": match.end,
                    "rule_id": _rule_id(cue, match.label),
                    "confidence": _CONFIDENCE[match.label_type],
                }
            )
    coded = pl.DataFrame(rows, schema=SPECS["reference_topics"].polars_schema)
    return map_to_source(coded, title_pieces(bib_references, text_parts), REFERENCE_KEY)


def _find_topics(title: str, rules: TopicRules) -> Iterator[Match]:
    """The first match of each concept; hidden one-word labels only if the title contains a cue of the context."""
    has_context = None
    concepts = set()
    for match in rules.matcher.find(title, defined_abbreviations(title)):
        needs_context = is_vague(match)
        concept = (match.scheme, match.concept_id)
        if concept in concepts:
            continue
        if needs_context and has_context is None:
            has_context = bool(rules.context.find_all(split_words(title)))
        if has_context or not needs_context:
            concepts.add(concept)
            yield match


def is_vague(label: Label | Match) -> bool:
    """Whether a label is a single hidden word, which counts only in the context of the vocabularies."""
    return label.label_type == "hidden" and " " not in fold_text(label.label)


def _rule_id(cue: str, label: str) -> str:
    printed, whole = fold_text(cue), fold_text(label)
    if printed == whole:
        return "title_label"
    return "title_coordinate" if whole.startswith(f"{printed} ") else "title_abbreviation"
