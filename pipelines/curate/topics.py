"""What a reference is about: modality, cancer, spinal region and imaging, as its title says.

Belongs here: which matches in a title are topics. Study design is not a topic (`pipelines.curate.study_design`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.vocabularies.abbreviations import defined_abbreviations
from pipelines.vocabularies.cue_phrases import Cue, CueFinder, words
from pipelines.vocabularies.matcher import Match, Matcher, folded
from pipelines.vocabularies.schemes import Vocabularies

TOPIC_SCHEMES = ("cancer", "modality", "imaging", "region")
"""Cancer first: of two labels of one length it wins, so that `cervical` is the womb's where the words allow both."""

_CONFIDENCE = {"pref": 1.0, "alt": 0.95, "hidden": 0.8}
_SCHEMA = {
    "review_id": pl.String,
    "ref_no": pl.Int32,
    "scheme": pl.String,
    "concept_id": pl.String,
    "cue_text": pl.String,
    "start_char": pl.Int32,
    "end_char": pl.Int32,
    "rule_id": pl.String,
    "confidence": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class TopicRules:
    """What finding topics needs beyond the title: the labels, and the cues of titles in which vague labels count."""

    matcher: Matcher
    context: CueFinder


def topic_rules(vocabularies: Vocabularies, context: Iterable[str]) -> TopicRules:
    """The rules from the vocabularies' labels and the phrases of `cues/context.csv`."""
    return TopicRules(Matcher(vocabularies.labels(*TOPIC_SCHEMES)), CueFinder(Cue(phrase, {}) for phrase in context))


def reference_topics(references: pl.DataFrame, rules: TopicRules) -> pl.DataFrame:
    """`reference_topics`: one row a reference × concept its title names; key review_id, ref_no, scheme, concept_id.

    `references` has the columns review_id, ref_no, title, title_start_char and title_end_char, the title's place in
    the source. A concept named twice is taken where it is named first. The span is null where the title's is, or where
    the title does not stand in the source in one piece (its span is longer than the title).

    `rule_id` is `title_label`, or `title_coordinate` where the label's last word stands only at the end of a list
    (`thoracic and lumbar spine`), or `title_abbreviation` where the title itself defines the short form; the
    confidence falls with the kind of label: preferred 1, alternative 0.95, hidden 0.8.
    """
    rows = []
    columns = references.select("review_id", "ref_no", "title", "title_start_char", "title_end_char")
    for review_id, ref_no, title, title_start, title_end in columns.drop_nulls("title").iter_rows():
        in_one_piece = None not in (title_start, title_end) and title_end - title_start == len(title)
        for match in _topics(title, rules):
            cue = title[match.start : match.end]
            start = title_start + match.start if in_one_piece else None
            rows.append(
                (
                    review_id,
                    ref_no,
                    match.scheme,
                    match.concept_id,
                    cue,
                    start,
                    None if start is None else start + len(cue),
                    _rule(cue, match.label),
                    _CONFIDENCE[match.label_type],
                )
            )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _topics(title: str, rules: TopicRules) -> Iterator[Match]:
    """The first match of each concept; a hidden label of one word only where the title holds a cue of context."""
    in_context = None
    seen = set()
    for match in rules.matcher.find(title, defined_abbreviations(title)):
        says_little = match.label_type == "hidden" and " " not in folded(match.label)
        concept = (match.scheme, match.concept_id)
        if concept in seen:
            continue
        if says_little and in_context is None:
            in_context = bool(rules.context.all(words(title)))
        if in_context or not says_little:
            seen.add(concept)
            yield match


def _rule(cue: str, label: str) -> str:
    printed, whole = folded(cue), folded(label)
    if printed == whole:
        return "title_label"
    return "title_coordinate" if whole.startswith(f"{printed} ") else "title_abbreviation"
