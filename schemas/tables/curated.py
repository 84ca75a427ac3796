"""The curated tables: studies, options, and the codes given to their words.

Each code is published with the words it rests on (`cue_text`, the span), the rule that assigned it and a confidence.
"""

from typing import Any

import polars as pl

from schemas.tables import code_lists
from schemas.tables.base import CODE, ForeignKey, ReviewTable, SpannedTable, column, table
from schemas.tables.extracted import TO_CELL, TO_REFERENCE, TO_REVIEW, TO_SENTENCE, TO_SOURCE_TABLE
from schemas.vocabulary_files import schemes_used_for

CONFIDENCE = "Confidence in the rule, from 0 to 1; 1 if the words state the concept by one of its own labels"
RULE = "The rule that assigned the code"
CUE = "The words of the source that the code rests on; the span cuts them out"

RESULT_ROLES = ("result", "adverse_events")
"""The roles of the cells in which claims are read."""

WORDS_OF_STUDY = "studies.method studies.outcome"
WORDS_ABOUT_REFERENCE = "bib_references.title sentences.text studies.outcome"


def _field_start(field: str) -> Any:
    return column(f"Start of the words of {field} in the source", nullable=True, unit="code point", ge=0)


def _field_end(field: str) -> Any:
    return column(f"End of the words of {field} in the source (exclusive)", nullable=True, unit="code point", ge=0)


@table(
    layer="curated",
    grain="study in an evidence table",
    note=(
        "A study takes one printed row or, if the rows below it name no other study, several; in a transposed table "
        "it takes a column. The span is that of its cells. The other cells of a study are in study_fields."
    ),
    key=("review_id", "table_no", "row_no"),
    foreign_keys=(TO_SOURCE_TABLE, TO_REFERENCE),
    column_sources={
        "review_id": "study_cells.review_id",
        "table_no": "study_cells.table_no",
        "row_no": "study_cells.row_no",
        "study_label first_author year": "study_cells.text study_cells.text_raw study_cells.role",
        "group_label": "study_cells.group_label",
        "ref_no": "study_references.ref_no",
        "method outcome": "study_cells.text_raw study_cells.role",
        "method_start_char outcome_start_char start_char": "study_cells.start_char",
        "method_end_char outcome_end_char end_char": "study_cells.end_char",
        "label_matches_reference": "study_cells.text bib_references.year reference_authors.surname",
    },
)
class Studies(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column(
        "The row that names the study, from 1 below the headers; in a transposed table the study's column", ge=1
    )
    study_label: pl.String = column("The study as the table names it, without its citation marker", nullable=True)
    first_author: pl.String = column("First author named in the label", nullable=True)
    year: pl.Int32 = column(
        "(First) year named in the label, or else in the year column", nullable=True, unit="year", ge=1500, le=2100
    )
    ref_no: pl.Int32 = column(
        "The study's reference; NULL if it has none or several (study_references)", nullable=True, ge=1
    )
    group_label: pl.String = column("The heading within the table above the study", nullable=True)
    method: pl.String = column("The study's (first) intervention cell", nullable=True, verbatim=True)
    outcome: pl.String = column(
        "The study's (first) result cell, or without one its outcome cell", nullable=True, verbatim=True
    )
    label_matches_reference: pl.Boolean = column(
        "Whether author and year in the label are those of the reference; NULL if either of the two lacks them",
        nullable=True,
    )
    method_start_char: pl.Int32 = _field_start("method")
    method_end_char: pl.Int32 = _field_end("method")
    outcome_start_char: pl.Int32 = _field_start("outcome")
    outcome_end_char: pl.Int32 = _field_end("outcome")


TO_STUDY = ForeignKey(("review_id", "table_no", "row_no"), "studies")


@table(
    layer="curated",
    grain="study, role and cell of the study with this role",
    key=("review_id", "table_no", "row_no", "role", "part_no"),
    foreign_keys=(TO_STUDY,),
    column_sources={
        "review_id": "study_cells.review_id",
        "table_no": "study_cells.table_no",
        "row_no": "study_cells.row_no",
        "role part_no": "study_cells.role",
        "printed_row_no": "study_cells.printed_row_no",
        "column_no": "study_cells.column_no",
        "column_name": "study_cells.column_name",
        "text": "study_cells.text_raw",
        "start_char": "study_cells.start_char",
        "end_char": "study_cells.end_char",
    },
)
class StudyFields(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The study's row", ge=1)
    role: pl.String = column("What the cell says about the study", codes=code_lists.FIELD_ROLES)
    part_no: pl.Int32 = column("Position among the study's cells with this role, from 1", ge=1)
    text: pl.String = column("The cell as printed", str_length={"min_value": 1}, verbatim=True)
    column_name: pl.String = column("The column's header, its levels joined by ' | '", nullable=True, verbatim=True)
    printed_row_no: pl.Int32 = column("The row that the cell is printed in (table_cells.row_no)")
    column_no: pl.Int32 = column("The column that the cell is printed in", ge=1)


@table(
    layer="curated",
    grain="study, concept of a general scheme and role",
    note=(
        "The concepts of general schemes that the study's cells name. Of intervention, condition and "
        "country, the table concepts has those that are used and their broader concepts."
    ),
    key=("review_id", "table_no", "row_no", "scheme", "concept_id", "role"),
    foreign_keys=(TO_STUDY, ForeignKey(("scheme", "concept_id"), "concepts")),
    column_sources={
        "review_id": "study_fields.review_id",
        "table_no": "study_fields.table_no",
        "row_no": "study_fields.row_no",
        "field": "study_fields.role",
        "scheme concept_id role cue_text rule_id confidence": (
            "study_fields.text study_fields.role study_fields.column_name abbreviations.short_form"
        ),
        "start_char": "study_fields.start_char text_parts.start_char",
        "end_char": "study_fields.end_char text_parts.end_char",
    },
)
class StudyConcepts(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The study's row", ge=1)
    scheme: pl.String = column("The concept scheme", codes=code_lists.schemes_as_codes(*schemes_used_for("general")))
    concept_id: pl.String = column("The concept", str_matches=CODE)
    role: pl.String = column(
        'Role of the concept in the study; the comparator is what follows "versus", and any control',
        codes=code_lists.CONCEPT_ROLES,
    )
    field: pl.String = column(
        "The role of the cell that holds its words (study_fields.role)", codes=code_lists.FIELD_ROLES
    )
    cue_text: pl.String = column(CUE, str_length={"min_value": 1}, verbatim=True)
    rule_id: pl.String = column(
        "label: a label of the concept; abbreviation: one that the review defines; cue, weak_cue: words of the cue "
        "files; ending: the ending of a name; dose_unit: only a dose; condition: a disease named as outcome; "
        "column_name: words of the header",
        str_matches=CODE,
    )
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="study and reference that reports it",
    key=("review_id", "table_no", "row_no", "ref_no"),
    foreign_keys=(TO_SOURCE_TABLE, TO_REFERENCE),
    column_sources={
        "review_id": "study_cells.review_id",
        "table_no": "study_cells.table_no",
        "row_no": "study_cells.row_no",
        "ref_no": (
            "citation_mentions.ref_no citation_markers.marker_id study_cells.text_raw bib_references.year "
            "reference_authors.surname"
        ),
        "is_from_range": "citation_mentions.is_from_range",
        "rule_id": "study_cells.role",
    },
)
class StudyReferences(ReviewTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The study's row", ge=1)
    ref_no: pl.Int32 = column("The reference", ge=1)
    is_from_range: pl.Boolean = column("Whether the number is only implied by a printed range (27 in 26–29)")
    rule_id: pl.String = column(
        "cited_in_key_cell: cited where the study is named; cited_in_row: cited in another cell; label_matches: not "
        "cited, but the only reference with the author and year of the label",
        str_matches=CODE,
    )


@table(
    layer="curated",
    grain="row of a table that compares options",
    note="The span is that of the row.",
    key=("review_id", "table_no", "row_no"),
    foreign_keys=(TO_SOURCE_TABLE,),
    column_sources={
        "review_id": "table_cells.review_id",
        "table_no": "table_cells.table_no source_tables.kind",
        "row_no": "table_cells.row_no",
        "option advantages disadvantages": "table_cells.text_raw table_cells.role",
        "option_start_char advantages_start_char disadvantages_start_char start_char": "table_cells.start_char",
        "option_end_char advantages_end_char disadvantages_end_char end_char": "table_cells.end_char",
    },
)
class Options(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The row, from 1 below the headers", ge=1)
    option: pl.String = column("The option as printed", nullable=True, verbatim=True)
    advantages: pl.String = column("Its advantages as printed", nullable=True, verbatim=True)
    disadvantages: pl.String = column("Its disadvantages as printed", nullable=True, verbatim=True)
    option_start_char: pl.Int32 = _field_start("option")
    option_end_char: pl.Int32 = _field_end("option")
    advantages_start_char: pl.Int32 = _field_start("advantages")
    advantages_end_char: pl.Int32 = _field_end("advantages")
    disadvantages_start_char: pl.Int32 = _field_start("disadvantages")
    disadvantages_end_char: pl.Int32 = _field_end("disadvantages")


TO_OPTION = ForeignKey(("review_id", "table_no", "row_no"), "options")


@table(
    layer="curated",
    grain="advantage or disadvantage of an option",
    key=("review_id", "table_no", "row_no", "point_no"),
    foreign_keys=(TO_OPTION,),
    column_sources={
        "review_id": "options.review_id",
        "table_no": "options.table_no",
        "row_no": "options.row_no",
        "point_no polarity text": "options.advantages options.disadvantages",
        "start_char": "options.advantages_start_char options.disadvantages_start_char",
        "end_char": "options.advantages_end_char options.disadvantages_end_char",
    },
)
class OptionPoints(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The option's row", ge=1)
    point_no: pl.Int32 = column("Position among the option's points, advantages first, from 1", ge=1)
    polarity: pl.String = column("The column it is printed in", codes=code_lists.POINT_POLARITIES)
    text: pl.String = column("The point as printed", str_length={"min_value": 1}, verbatim=True)


@table(
    layer="curated",
    grain="study, treatment modality and role",
    key=("review_id", "table_no", "row_no", "concept_id", "role"),
    foreign_keys=(TO_STUDY,),
    column_sources={
        "review_id": "studies.review_id",
        "table_no": "studies.table_no",
        "row_no": "studies.row_no",
        "concept_id role field cue_text rule_id confidence": f"{WORDS_OF_STUDY} abbreviations.short_form",
        "start_char": "studies.method_start_char studies.outcome_start_char text_parts.start_char",
        "end_char": "studies.method_end_char studies.outcome_end_char text_parts.end_char",
    },
)
class StudyModalities(SpannedTable):
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The study's row", ge=1)
    concept_id: pl.String = column("The modality", vocabulary="modality", str_matches=CODE)
    role: pl.String = column("Role of the modality in the study", codes=code_lists.MODALITY_ROLES)
    field: pl.String = column("The cell that holds its words", codes=code_lists.STUDY_WORDS)
    cue_text: pl.String = column(CUE, str_length={"min_value": 1}, verbatim=True)
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="claim of a study or of an option's point about an outcome",
    note=(
        "In reviews of spine oncology the outcome is one of the scheme outcome, in all others a domain of "
        "outcome_domain (outcome_scheme). A claim without an amount only reports the outcome."
    ),
    key=("review_id", "claim_id"),
    foreign_keys=(
        TO_SOURCE_TABLE,
        TO_REFERENCE,
        ForeignKey(("outcome_scheme", "outcome_id"), "concepts", ("scheme", "concept_id")),
    ),
    column_sources={
        "review_id": "studies.review_id option_points.review_id",
        "claim_id": (
            "studies.table_no studies.row_no option_points.table_no option_points.row_no option_points.point_no"
        ),
        "table_no": "studies.table_no option_points.table_no",
        "row_no": "studies.row_no option_points.row_no",
        "printed_row_no": "study_fields.printed_row_no",
        "column_no": "study_fields.column_no",
        "point_no": "option_points.point_no",
        "ref_no": "studies.ref_no",
        "outcome_scheme": "reviews.title",
        "text is_hedged cue_text": "study_fields.text option_points.text",
        "outcome_id outcome_text amount is_significant is_comparative direction rule_id confidence": (
            "study_fields.text study_fields.role study_fields.column_name option_points.text abbreviations.short_form"
        ),
        "polarity": "study_fields.text option_points.text option_points.polarity",
        "comparator_concept_id": "study_fields.text studies.method abbreviations.short_form",
        "start_char": "study_fields.start_char option_points.start_char text_parts.start_char",
        "end_char": "study_fields.end_char option_points.end_char text_parts.end_char",
    },
)
class Claims(SpannedTable):
    claim_id: pl.Int32 = column("Number of the claim within the review, from 1", ge=1)
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The row of the study or option", ge=1)
    printed_row_no: pl.Int32 = column(
        "The row of the cell (table_cells.row_no); NULL for an option's point", nullable=True
    )
    column_no: pl.Int32 = column("The column of the cell; NULL for an option's point", nullable=True, ge=1)
    point_no: pl.Int32 = column("The option's point; NULL for a study's claim", nullable=True, ge=1)
    ref_no: pl.Int32 = column("The study's reference; NULL for an option's point", nullable=True, ge=1)
    text: pl.String = column("The statement as printed", str_length={"min_value": 1}, verbatim=True)
    outcome_scheme: pl.String = column("The concept scheme of the outcome", codes=code_lists.OUTCOME_SCHEMES)
    outcome_id: pl.String = column("The outcome", str_matches=CODE)
    outcome_text: pl.String = column(
        "The words that name the outcome, in the cell, its row or its header; NULL if only the claim as a whole does",
        nullable=True,
        verbatim=True,
    )
    amount: pl.String = column(
        "The amount of the outcome with the intervention, against the comparator or against before; not its benefit",
        codes=code_lists.AMOUNTS,
    )
    is_significant: pl.Boolean = column(
        "Whether the difference is called statistically significant or has such a p-value; NULL if neither is stated",
        nullable=True,
    )
    is_comparative: pl.Boolean = column("Whether the statement compares treatments")
    direction: pl.String = column("The direction of the effect", vocabulary="direction", str_matches=CODE)
    polarity: pl.String = column("The meaning of the effect for the patient", codes=code_lists.POLARITIES)
    comparator_concept_id: pl.String = column(
        "The modality it is compared with, if the statement names one",
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
    grain="claim and modality that it is about",
    note=(
        "A claim is about the modality that its words name before the verb or refer to by a pronoun; if they name "
        "none, about the modality that the study's row is coded to, by its role. It is never about the modality it "
        "compares with. A claim of an option's point is about the modality in the option's cell."
    ),
    key=("review_id", "claim_id", "modality_id"),
    foreign_keys=(ForeignKey(("review_id", "claim_id"), "claims"),),
    column_sources={
        "review_id": "claims.review_id",
        "claim_id": "claims.claim_id",
        "modality_id modality_group_id role cue_text rule_id confidence": (
            f"{WORDS_OF_STUDY} options.option claims.comparator_concept_id abbreviations.short_form"
        ),
        "start_char": (
            "studies.method_start_char studies.outcome_start_char options.option_start_char text_parts.start_char"
        ),
        "end_char": "studies.method_end_char studies.outcome_end_char options.option_end_char text_parts.end_char",
    },
)
class ClaimModalities(SpannedTable):
    claim_id: pl.Int32 = column("The claim", ge=1)
    modality_id: pl.String = column(
        "The modality as coded; not_stated if neither the claim nor its row names one", str_matches=CODE
    )
    modality_group_id: pl.String = column("Its level-1 concept, or not_stated", str_matches=CODE)
    role: pl.String = column(
        "The modality's role in the study; NULL for an option", nullable=True, codes=code_lists.MODALITY_ROLES
    )
    cue_text: pl.String = column(
        f"{CUE}; NULL if the modality is not stated", nullable=True, str_length={"min_value": 1}, verbatim=True
    )
    rule_id: pl.String = column(
        "Location of the words: before_verb, earlier_clause, agent or earlier_sentence of the claim's cell, "
        "option_named; role_in_study if the claim names none",
        str_matches=CODE,
    )
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="comparison of two arms that a claim of a study states, or that the study's treatment cells state",
    note=(
        "A study whose cells state two arms but whose claims do not compare them has one comparison, without an "
        "outcome. The intervention is the arm that the claim is about, or that is named first. Both arms may be one "
        "concept."
    ),
    key=("review_id", "comparison_id"),
    foreign_keys=(
        TO_STUDY,
        ForeignKey(("review_id", "claim_id"), "claims"),
        ForeignKey(("intervention_scheme", "intervention_id"), "concepts", ("scheme", "concept_id")),
        ForeignKey(("comparator_scheme", "comparator_id"), "concepts", ("scheme", "concept_id")),
        ForeignKey(("outcome_scheme", "outcome_id"), "concepts", ("scheme", "concept_id")),
    ),
    column_sources={
        "review_id": "studies.review_id",
        "comparison_id": "studies.table_no studies.row_no claims.claim_id",
        "table_no": "studies.table_no",
        "row_no": "studies.row_no",
        "claim_id": "claims.claim_id",
        "intervention_scheme intervention_id intervention_text": (
            "claim_modalities.modality_id claim_modalities.cue_text study_fields.text abbreviations.short_form"
        ),
        "comparator_scheme comparator_id comparator_text": (
            "claims.comparator_concept_id claims.text study_fields.text abbreviations.short_form"
        ),
        "outcome_scheme": "claims.outcome_scheme",
        "outcome_id": "claims.outcome_id",
        "amount": "claims.amount",
        "favours": "claims.direction",
        "is_significant": "claims.is_significant",
        "start_char": "claims.start_char study_fields.start_char text_parts.start_char",
        "end_char": "claims.end_char study_fields.end_char text_parts.end_char",
        "rule_id": "claims.comparator_concept_id study_fields.role study_fields.text",
        "confidence": "claims.confidence",
    },
)
class Comparisons(SpannedTable):
    comparison_id: pl.Int32 = column("Number of the comparison within the review, from 1", ge=1)
    table_no: pl.Int32 = column("The table", ge=1)
    row_no: pl.Int32 = column("The study's row", ge=1)
    claim_id: pl.Int32 = column("The claim; NULL if only the study's cells state the arms", nullable=True, ge=1)
    intervention_scheme: pl.String = column(
        "The concept scheme of the intervention", nullable=True, codes=code_lists.ARM_SCHEMES
    )
    intervention_id: pl.String = column(
        "The (first) concept that names the intervention; NULL if its words name none", nullable=True, str_matches=CODE
    )
    intervention_text: pl.String = column("The words for the intervention", nullable=True, verbatim=True)
    comparator_scheme: pl.String = column(
        "The concept scheme of the comparator", nullable=True, codes=code_lists.ARM_SCHEMES
    )
    comparator_id: pl.String = column(
        "The (first) concept that names the comparator; NULL if its words name none", nullable=True, str_matches=CODE
    )
    comparator_text: pl.String = column(
        "The words for the comparator; NULL if the claim only implies it", nullable=True, verbatim=True
    )
    outcome_scheme: pl.String = column(
        "The concept scheme of the outcome", nullable=True, codes=code_lists.OUTCOME_SCHEMES
    )
    outcome_id: pl.String = column("The outcome; NULL without a claim", nullable=True, str_matches=CODE)
    amount: pl.String = column(
        "The amount of the outcome with the intervention against the comparator", codes=code_lists.AMOUNTS
    )
    favours: pl.String = column("The arm that did better", codes=code_lists.FAVOURED_ARMS)
    is_significant: pl.Boolean = column(
        "Whether the difference is called statistically significant or has such a p-value; NULL if neither is stated",
        nullable=True,
    )
    rule_id: pl.String = column(
        "What names the arms. claim_comparator: the claim, as two modalities; arm_named: the claim names one of two "
        "arms of the same modality; comparator_cell: cells of their own; versus: the intervention cell, with "
        '"versus"; control_listed: the intervention cell, with a control among its items',
        str_matches=CODE,
    )
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="reference and study design",
    key=("review_id", "ref_no", "design_id"),
    foreign_keys=(TO_REFERENCE,),
    column_sources={
        "review_id": "bib_references.review_id",
        "ref_no": "bib_references.ref_no",
        "design_id basis source_field cue_text rule_id confidence ocebm_level": WORDS_ABOUT_REFERENCE,
        "start_char": (
            "bib_references.title_start_char sentences.start_char studies.outcome_start_char text_parts.start_char"
        ),
        "end_char": "bib_references.title_end_char sentences.end_char studies.outcome_end_char text_parts.end_char",
    },
)
class ReferenceDesigns(SpannedTable):
    ref_no: pl.Int32 = column("The reference", ge=1)
    design_id: pl.String = column(
        "The design; not_stated if no words name one", vocabulary="evidence", str_matches=CODE
    )
    basis: pl.String = column("How the design is known", codes=code_lists.DESIGN_BASES)
    source_field: pl.String = column(
        "The field that holds the cue; NULL without a cue",
        nullable=True,
        codes=code_lists.DESIGN_SOURCES,
    )
    cue_text: pl.String = column(CUE, nullable=True, verbatim=True)
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)
    ocebm_level: pl.Int32 = column(
        "Oxford 2011 level of evidence for a treatment question, if the design alone determines one",
        nullable=True,
        ge=1,
        le=5,
    )


@table(
    layer="curated",
    grain="reference and concept that its title names",
    key=("review_id", "ref_no", "scheme", "concept_id"),
    foreign_keys=(TO_REFERENCE, ForeignKey(("scheme", "concept_id"), "concepts")),
    column_sources={
        "review_id": "bib_references.review_id",
        "ref_no": "bib_references.ref_no",
        "scheme concept_id cue_text rule_id confidence": "bib_references.title",
        "start_char": "bib_references.title_start_char text_parts.start_char",
        "end_char": "bib_references.title_end_char text_parts.end_char",
    },
)
class ReferenceTopics(SpannedTable):
    ref_no: pl.Int32 = column("The reference", ge=1)
    scheme: pl.String = column(
        "The concept scheme", codes=code_lists.schemes_as_codes(*schemes_used_for("modality", "topic"))
    )
    concept_id: pl.String = column("The concept", str_matches=CODE)
    cue_text: pl.String = column(CUE, str_length={"min_value": 1})
    rule_id: pl.String = column(RULE, str_matches=CODE)
    confidence: pl.Float64 = column(CONFIDENCE, ge=0, le=1)


@table(
    layer="curated",
    grain="number that a sentence of prose, or a body cell of an evidence or quality table, states with its meaning",
    note=(
        "A number with its interval, counts and unit is one row. Numbers whose meaning is not stated are left out. "
        "Either sentence_id or table_no, row_no and column_no are given. Sentences come first."
    ),
    key=("review_id", "quantity_id"),
    foreign_keys=(TO_REVIEW, TO_SENTENCE, TO_CELL),
    column_sources={
        "review_id": "sentences.review_id table_cells.review_id",
        "quantity_id": "sentences.sentence_id table_cells.table_no table_cells.row_no table_cells.column_no",
        "kind unit statistic interval_kind arm rule_id confidence": (
            "sentences.text table_cells.text_raw table_cells.column_name"
        ),
        "sign value value_low value_high deviation numerator denominator text": "sentences.text table_cells.text_raw",
        "table_no": "table_cells.table_no source_tables.kind",
        "row_no": "table_cells.row_no",
        "column_no": "table_cells.column_no",
        "sentence_id": "sentences.sentence_id sentences.kind",
        "start_char": "sentences.start_char table_cells.start_char text_parts.start_char",
        "end_char": "sentences.end_char table_cells.end_char text_parts.end_char",
    },
)
class Quantities(SpannedTable):
    quantity_id: pl.Int32 = column("Number of the quantity within the review, from 1", ge=1)
    kind: pl.String = column(
        "What the number is; age, duration, follow_up and dose also if they are means or medians (statistic)",
        codes=code_lists.QUANTITY_KINDS,
    )
    sign: pl.String = column(
        "The comparison that is printed with the number, ~ for about; = only for a p-value; NULL if none is printed",
        nullable=True,
        codes=code_lists.SIGNS,
    )
    value: pl.Float64 = column("The number; NULL for a range, and for counts without a percentage", nullable=True)
    value_low: pl.Float64 = column("Lower end of the interval or range (interval_kind)", nullable=True)
    value_high: pl.Float64 = column("Upper end of the interval or range (interval_kind)", nullable=True)
    deviation: pl.Float64 = column(
        "The number after ±, the standard deviation or error, or the width of the interquartile range (interval_kind)",
        nullable=True,
        ge=0,
    )
    interval_kind: pl.String = column(
        "What value_low and value_high, or deviation, are; NULL without them",
        nullable=True,
        codes=code_lists.INTERVAL_KINDS,
    )
    numerator: pl.Int64 = column("The count that a percentage or a share is of", nullable=True, ge=0)
    denominator: pl.Int64 = column("The total that the count is part of", nullable=True, ge=0)
    unit: pl.String = column(
        "The unit in one spelling (month, mg/kg, %); for sample_size what is counted (person, animal, eye …), if it is "
        "printed; NULL if none is printed",
        nullable=True,
    )
    statistic: pl.String = column(
        "Whether the number is a mean or a median, if the words say so", nullable=True, codes=code_lists.STATISTICS
    )
    text: pl.String = column(
        "The number as printed, with label, unit and interval", str_length={"min_value": 1}, verbatim=True
    )
    table_no: pl.Int32 = column("The table, for a number in a cell", nullable=True, ge=1)
    row_no: pl.Int32 = column("The row of the cell", nullable=True)
    column_no: pl.Int32 = column("The column of the cell", nullable=True, ge=1)
    sentence_id: pl.Int32 = column("The sentence, for a number in prose", nullable=True, ge=1)
    arm: pl.String = column("The words next to the number that name an arm of the study", nullable=True, verbatim=True)
    rule_id: pl.String = column(
        "What says that the number is of this kind: printed_label, unit, counted_noun, context_word, interval, "
        "column_name, or parallel (a number that is joined to another)",
        str_matches=CODE,
    )
    confidence: pl.Float64 = column("Confidence in the rule, from 0 to 1", ge=0, le=1)


@table(
    layer="curated",
    grain="source issue: something odd in the source or unknown to the vocabularies, kept as printed",
    key=("review_id", "issue_id"),
    foreign_keys=(TO_REVIEW,),
)
class SourceIssues(SpannedTable):
    issue_id: pl.Int32 = column("Number of the issue within the review, from 1", ge=1)
    code: pl.String = column("Kind of issue", str_matches=CODE)
    severity: pl.String = column("Importance for a reader of the data", codes=code_lists.SEVERITIES)
    subject_table: pl.String = column("The table of the row concerned", nullable=True, str_matches=CODE)
    subject_key: pl.String = column("The row's key without review_id, its parts joined by '/'", nullable=True)
    message: pl.String = column("The issue in words", str_length={"min_value": 1}, verbatim=True)
