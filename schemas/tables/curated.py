"""The curated tables: studies, options and what their words are coded to.

Each code stands beside the words it rests on (`cue_text`, the span), the rule that made it and a confidence.
"""

from typing import Any

import polars as pl

from schemas.tables.base import CODE, ForeignKey, Spanned, column, table
from schemas.tables.extracted import TO_REFERENCE, TO_REVIEW, TO_SOURCE_TABLE

CONFIDENCE = "How sure the rule is, from 0 to 1: 1 where the words state the concept by a label of its own"
RULE = "The rule that made the code"
CUE = "The words of the source that the code rests on; the span cuts them out"

ROLES = ("primary", "adjuvant", "comparator", "concurrent", "component")
POLARITIES = ("favourable", "unfavourable", "neutral")
FIELD_START = "Where the words of {} begin in the source"
FIELD_END = "Where the words of {} end in the source (exclusive)"


def _place(description: str, what: str) -> Any:
    return column(description.format(what), nullable=True, unit="code point", ge=0)


@table(
    layer="curated",
    grain="a row of an evidence table that reports a study; the span is the row's",
    key=("review_id", "table_no", "row_no"),
    foreign_keys=(TO_SOURCE_TABLE, TO_REFERENCE),
)
class Studies(Spanned):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The row, from 1 below the headers", ge=1)
    study_label: pl.String = column("The study as the row names it, without its citation marker", nullable=True)
    first_author: pl.String = column("First author that the label names", nullable=True)
    year: pl.Int32 = column("Year that the label names", nullable=True, unit="year", ge=1500, le=2100)
    ref_no: pl.Int32 = column("The reference the row cites; NULL where it cites none or several", nullable=True, ge=1)
    method: pl.String = column("The row's method or intervention cell", nullable=True, verbatim=True)
    outcome: pl.String = column("The row's outcome cell", nullable=True, verbatim=True)
    label_matches_reference: pl.Boolean = column(
        "Whether the label's author and year are those of the reference; NULL where either names none", nullable=True
    )
    method_start_char: pl.Int32 = _place(FIELD_START, "method")
    method_end_char: pl.Int32 = _place(FIELD_END, "method")
    outcome_start_char: pl.Int32 = _place(FIELD_START, "outcome")
    outcome_end_char: pl.Int32 = _place(FIELD_END, "outcome")


@table(
    layer="curated",
    grain="a row of a table that compares options; the span is the row's",
    key=("review_id", "table_no", "row_no"),
    foreign_keys=(TO_SOURCE_TABLE,),
)
class Options(Spanned):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The row, from 1 below the headers", ge=1)
    option: pl.String = column("The option as printed", nullable=True, verbatim=True)
    advantages: pl.String = column("Its advantages as printed", nullable=True, verbatim=True)
    disadvantages: pl.String = column("Its disadvantages as printed", nullable=True, verbatim=True)
    option_start_char: pl.Int32 = _place(FIELD_START, "option")
    option_end_char: pl.Int32 = _place(FIELD_END, "option")
    advantages_start_char: pl.Int32 = _place(FIELD_START, "advantages")
    advantages_end_char: pl.Int32 = _place(FIELD_END, "advantages")
    disadvantages_start_char: pl.Int32 = _place(FIELD_START, "disadvantages")
    disadvantages_end_char: pl.Int32 = _place(FIELD_END, "disadvantages")


TO_STUDY = ForeignKey(("review_id", "table_no", "row_no"), "studies")
TO_OPTION = ForeignKey(("review_id", "table_no", "row_no"), "options")


@table(
    layer="curated",
    grain="an advantage or disadvantage of an option",
    key=("review_id", "table_no", "row_no", "point_no"),
    foreign_keys=(TO_OPTION,),
)
class OptionPoints(Spanned):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The option's row", ge=1)
    point_no: pl.Int32 = column("Place among the option's points, advantages first, from 1", ge=1)
    polarity: pl.String = column("The column it stands in", isin=["advantage", "disadvantage"])
    text: pl.String = column("The point as printed", str_length={"min_value": 1}, verbatim=True)


@table(
    layer="curated",
    grain="a treatment modality of a study, in a role",
    key=("review_id", "table_no", "row_no", "concept_id", "role"),
    foreign_keys=(TO_STUDY,),
)
class StudyModalities(Spanned):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The study's row", ge=1)
    concept_id: pl.String = column("The modality", vocabulary="modality", str_matches=CODE)
    role: pl.String = column("The part it plays in the study", isin=list(ROLES))
    field: pl.String = column("The cell its words stand in", isin=["method", "outcome"])
    cue_text: pl.String = column(CUE, str_length={"min_value": 1}, verbatim=True)
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="an outcome statement of a study, or of an option's point",
    key=("review_id", "claim_id"),
    foreign_keys=(TO_SOURCE_TABLE, TO_REFERENCE),
)
class Claims(Spanned):
    claim_id: pl.Int32 = column("Number of the claim within the review, from 1", ge=1)
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The row of the study or option", ge=1)
    point_no: pl.Int32 = column("The option's point; NULL for a study's claim", nullable=True, ge=1)
    ref_no: pl.Int32 = column("The study's reference; NULL for an option's point", nullable=True, ge=1)
    text: pl.String = column("The statement as printed", str_length={"min_value": 1}, verbatim=True)
    outcome_id: pl.String = column("The outcome", vocabulary="outcome", str_matches=CODE)
    direction: pl.String = column("The direction of the effect", vocabulary="direction", str_matches=CODE)
    polarity: pl.String = column("What it means for the patient", isin=list(POLARITIES))
    comparator_concept_id: pl.String = column(
        "The modality it is compared with, where the statement names one",
        nullable=True,
        vocabulary="modality",
        str_matches=CODE,
    )
    is_hedged: pl.Boolean = column("Whether the statement is hedged (could, might, promising)")
    cue_text: pl.String = column(CUE, str_length={"min_value": 1}, verbatim=True)
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain=(
        "a claim and a modality that it is about. That is what the claim's words name before its verb, or what a "
        "pronoun takes up; where they name none, the modality that the study's row is coded to by its role. Never what "
        "the claim compares with. A claim of an option's point is about what the option's cell names"
    ),
    key=("review_id", "claim_id", "modality_id"),
    foreign_keys=(ForeignKey(("review_id", "claim_id"), "claims"),),
)
class ClaimModalities(Spanned):
    claim_id: pl.Int32 = column("The claim", ge=1)
    modality_id: pl.String = column(
        "The modality as coded, or not_stated where neither the claim nor its row names one", str_matches=CODE
    )
    modality_group_id: pl.String = column("Its level-1 concept, or not_stated", str_matches=CODE)
    role: pl.String = column("The modality's role in the study; NULL for an option", nullable=True, isin=list(ROLES))
    cue_text: pl.String = column(
        f"{CUE}; NULL where the modality is not stated", nullable=True, str_length={"min_value": 1}, verbatim=True
    )
    rule_id: pl.String = column(
        "Where the words stand: before_verb, earlier_clause, agent or earlier_sentence of the claim's cell, "
        "option_named; role_in_study where the claim names none",
        str_matches=CODE,
    )
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="a study design of a reference",
    key=("review_id", "ref_no", "design_id"),
    foreign_keys=(TO_REFERENCE,),
)
class ReferenceDesigns(Spanned):
    ref_no: pl.Int32 = column("The reference", ge=1)
    design_id: pl.String = column(
        "The design; not_stated where no words name one", vocabulary="evidence", str_matches=CODE
    )
    basis: pl.String = column(
        "stated: the reference's own words or the review's words on it name the design; inferred: they only suggest it",
        isin=["stated", "inferred"],
    )
    source_field: pl.String = column(
        "Where the cue stands; NULL where there is none", nullable=True, isin=["title", "note", "journal", "prose"]
    )
    cue_text: pl.String = column(CUE, nullable=True, verbatim=True)
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)
    ocebm_level: pl.Int32 = column(
        "Oxford 2011 level of evidence for a treatment question, where the design alone carries one",
        nullable=True,
        ge=1,
        le=5,
    )


@table(
    layer="curated",
    grain="a concept that a reference's title names",
    key=("review_id", "ref_no", "scheme", "concept_id"),
    foreign_keys=(TO_REFERENCE, ForeignKey(("scheme", "concept_id"), "concepts")),
)
class ReferenceTopics(Spanned):
    ref_no: pl.Int32 = column("The reference", ge=1)
    scheme: pl.String = column("The concept scheme", isin=["modality", "cancer", "region", "imaging"])
    concept_id: pl.String = column("The concept", str_matches=CODE)
    cue_text: pl.String = column(CUE, str_length={"min_value": 1})
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="something odd in the source or unknown to the vocabularies, kept as printed",
    key=("review_id", "issue_id"),
    foreign_keys=(TO_REVIEW,),
)
class SourceIssues(Spanned):
    issue_id: pl.Int32 = column("Number of the finding within the review, from 1", ge=1)
    code: pl.String = column("Kind of finding", str_matches=CODE)
    severity: pl.String = column("How much it matters to a reader of the data", isin=["info", "warning", "error"])
    subject_table: pl.String = column("The table of the row it is about", nullable=True, str_matches=CODE)
    subject_key: pl.String = column("The row's key after review_id, its parts joined by '/'", nullable=True)
    message: pl.String = column("What was found, in words", str_length={"min_value": 1}, verbatim=True)
