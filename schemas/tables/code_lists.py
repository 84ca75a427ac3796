"""The closed lists of codes that columns may hold, each code with its meaning.

A list is published in the table `codes` and in the codebook. Concept schemes are open lists of concepts; they are in
`schemas/vocabularies`.
"""

from collections.abc import Mapping

from schemas.vocabulary_files import SCHEME_FILES

CodeList = Mapping[str, str]


def schemes_as_codes(*schemes: str) -> CodeList:
    """These concept schemes with their meaning; all schemes without an argument."""
    return {scheme: SCHEME_FILES[scheme].meaning for scheme in schemes or SCHEME_FILES}


SOURCE_FORMATS: CodeList = {
    "text": "Plain text",
    "jats": "JATS XML",
    "tei": "TEI XML, as GROBID writes it",
    "pdf": "PDF with a text layer",
}

SECTION_KINDS: CodeList = {
    "prose": "The body",
    "abstract": "The abstract",
    "back": "Declarations, funding, acknowledgements",
}

SENTENCE_KINDS: CodeList = {
    **SECTION_KINDS,
    "caption": "The caption of a figure or table",
    "footnote": "A footnote of a table or page",
}

TABLE_KINDS: CodeList = {
    "evidence": "Studies and what they report",
    "quality": "Ratings of studies or of evidence",
    "options": "A comparison of options",
    "other": "Anything else",
}

FIELD_ROLES: CodeList = {
    "reference": "The citation of the study",
    "design": "Its study design",
    "population": "Its participants",
    "sample_size": "The number of participants",
    "condition": "The disease or condition",
    "country": "The country",
    "year": "The year of publication",
    "intervention": "The intervention",
    "comparator": "The comparator or control",
    "dose": "Dose or intensity",
    "duration": "Duration of the intervention",
    "follow_up": "Duration of follow-up",
    "outcome_name": "The names of outcomes",
    "result": "What was found",
    "adverse_events": "Adverse events",
    "quality": "A rating of the study",
    "objective": "The aim",
    "comment": "Comments of the review",
}
"""What a column of an evidence table can say about a study."""

COLUMN_ROLES: CodeList = {
    "study": "The name of the study",
    **FIELD_ROLES,
    "option": "The name of an option",
    "advantages": "Advantages of the option",
    "disadvantages": "Disadvantages of the option",
}
"""The roles of a column; `study` names the study, `reference` only cites it."""

CELL_ROLES: CodeList = {**COLUMN_ROLES, "other": "The column has no role"}

MARKER_CONTEXTS: CodeList = {"prose": "Printed in a sentence", "table": "Printed in a table"}

POINT_POLARITIES: CodeList = {"advantage": "Listed as an advantage", "disadvantage": "Listed as a disadvantage"}

MODALITY_ROLES: CodeList = {
    "primary": "The treatment that the study is about",
    "adjuvant": "Given after or in support of the primary treatment",
    "comparator": "Compared with the primary treatment",
    "concurrent": "Given at the same time",
    "component": "A part of the primary treatment",
}

STUDY_WORDS: CodeList = {"method": "The intervention cell", "outcome": "The result or outcome cell"}

CONCEPT_ROLES: CodeList = {
    "intervention": "What is studied",
    "comparator": "What it is compared with",
    "condition": "The disease or condition",
    "outcome": "What is measured",
    "country": "Where",
}

OUTCOME_SCHEMES: CodeList = schemes_as_codes("outcome", "outcome_domain")

ARM_SCHEMES: CodeList = schemes_as_codes("modality", "intervention", "intervention_kind")

AMOUNTS: CodeList = {
    "higher": "More of the outcome with the intervention",
    "lower": "Less of the outcome with the intervention",
    "no_difference": "Called no different, or not significantly",
    "not_stated": "The words do not say",
}

POLARITIES: CodeList = {
    "favourable": "Good for the patient",
    "unfavourable": "Bad for the patient",
    "neutral": "Neither, or not stated",
}

FAVOURED_ARMS: CodeList = {
    "intervention": "The intervention did better",
    "comparator": "The comparator did better",
    "neither": "The arms did not differ",
    "not_stated": "The words do not say",
}

DESIGN_BASES: CodeList = {
    "stated": "The reference's own words, or the review's words about it, name the design",
    "inferred": "They only suggest it",
    "not_stated": "No words name a design",
}

DESIGN_SOURCES: CodeList = {
    "title": "The title of the reference",
    "note": "The note of the reference",
    "journal": "The name of the journal",
    "prose": "A sentence or cell of the review",
}

QUANTITY_KINDS: CodeList = {
    "sample_size": "People, animals, eyes … of a study or of a part of it",
    "study_count": "Studies of a review",
    "percentage": "A percentage, or a count of a count",
    "mean": "A mean of something that is not age, duration, follow-up or dose",
    "median": "A median of something that is not age, duration, follow-up or dose",
    "age": "An age",
    "duration": "The duration of an intervention or a disease",
    "follow_up": "The duration of follow-up",
    "dose": "A dose",
    "p_value": "A p-value",
    "hazard_ratio": "A hazard ratio",
    "odds_ratio": "An odds ratio",
    "risk_ratio": "A risk ratio or relative risk",
    "risk_difference": "A difference of risks",
    "number_needed_to_treat": "A number needed to treat or to harm",
    "mean_difference": "A difference of means",
    "standardised_mean_difference": "A standardised difference of means",
    "correlation": "A coefficient of correlation",
    "heterogeneity": "I²",
    "estimate": "A number with a confidence interval whose measure is not stated",
}

SIGNS: CodeList = {
    "<": "Less than",
    "<=": "At most",
    "=": "Equal (p-values only)",
    ">": "More than",
    ">=": "At least",
    "~": "About",
}

INTERVAL_KINDS: CodeList = {
    "ci": "Confidence or credible interval",
    "sd": "Standard deviation",
    "se": "Standard error",
    "iqr": "Interquartile range",
    "range": "Lowest and highest value",
    "not_stated": "The source does not say",
}

STATISTICS: CodeList = {"mean": "A mean", "median": "A median"}

SEVERITIES: CodeList = {
    "info": "Good to know",
    "warning": "May mislead a reader of the data",
    "error": "Makes the data wrong; a check of this severity stops a release",
}

WORK_RULES: CodeList = {
    "single_reference": "No other reference is this work",
    "same_fields": "Prints the same as another reference",
    "same_doi": "The same DOI",
    "same_pmid": "The same PubMed id",
    "same_title": "The same title; author and place agree",
    "same_place": "The same volume, pages and author",
    "similar_title": "A similar title in the same place, or a nearly equal one in the same journal",
}

WORK_FIELDS: CodeList = {
    "title": "Title",
    "first_author": "Surname of the first author",
    "year": "Year of publication",
    "journal_id": "Journal",
    "volume": "Volume",
    "first_page": "First page or article number",
    "doi": "DOI",
    "pmid": "PubMed id",
}
"""The fields of a work that its references print, each perhaps differently: columns of `works`."""

OVERLAP_SCOPES: CodeList = {
    "all_references": "All references of a review",
    "studies": "The references of the studies in its evidence tables",
}

OVERLAP_ASSUMPTIONS: CodeList = {
    "as_printed": "Every work counts",
    "one_per_study": "Works that a row of an evidence table lists under the name of one study count once",
    "chronological": "As printed, but a review cannot include a later work",
}

LABEL_TYPES: CodeList = {
    "pref": "The preferred label",
    "alt": "A synonym for display",
    "hidden": "A spelling for matching only",
}

JOURNAL_SOURCES: CodeList = {"curated": "The project's own list", "nlm": "NLM's list of journals"}

MAPPING_PREDICATES: CodeList = {
    "skos:exactMatch": "The same concept",
    "skos:closeMatch": "Nearly the same concept",
    "skos:broadMatch": "The other concept is broader",
    "skos:narrowMatch": "The other concept is narrower",
    "skos:relatedMatch": "A related concept",
}
