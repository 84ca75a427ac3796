"""From which columns of its inputs each column of a curated or analysis table is made: Dagster's column lineage.

Only what the functions in `normalise` and `analyse` read for a column stands here, each input as `table.column`. Words
that come from a vocabulary's file have no entry of their own: the file is an asset without columns.
"""

from collections.abc import Mapping

ROW = "studies.table_no studies.row_no"
OF_STUDY = "studies.method studies.outcome"
REFERENCE_WORDS = "bib_references.title sentences.text studies.outcome"

# table → columns → the columns that they are made of.
_DERIVED: Mapping[str, Mapping[str, str]] = {
    "studies": {
        "review_id": "table_cells.review_id",
        "table_no": "table_cells.table_no source_tables.kind",
        "row_no": "table_cells.row_no",
        "study_label first_author year": "table_cells.text table_cells.role",
        "ref_no": "citation_mentions.ref_no citation_markers.table_no citation_markers.row_no table_cells.role",
        "method outcome": "table_cells.text_raw table_cells.role",
        "method_start_char outcome_start_char start_char": "table_cells.start_char",
        "method_end_char outcome_end_char end_char": "table_cells.end_char",
        "label_matches_reference": "table_cells.text bib_references.year reference_authors.surname",
    },
    "options": {
        "review_id": "table_cells.review_id",
        "table_no": "table_cells.table_no source_tables.kind",
        "row_no": "table_cells.row_no",
        "option advantages disadvantages": "table_cells.text_raw table_cells.role",
        "option_start_char advantages_start_char disadvantages_start_char start_char": "table_cells.start_char",
        "option_end_char advantages_end_char disadvantages_end_char end_char": "table_cells.end_char",
    },
    "option_points": {
        "review_id": "options.review_id",
        "table_no": "options.table_no",
        "row_no": "options.row_no",
        "point_no polarity text": "options.advantages options.disadvantages",
        "start_char": "options.advantages_start_char options.disadvantages_start_char",
        "end_char": "options.advantages_end_char options.disadvantages_end_char",
    },
    "study_modalities": {
        "review_id": "studies.review_id",
        "table_no": "studies.table_no",
        "row_no": "studies.row_no",
        "concept_id role field cue_text rule_id confidence": f"{OF_STUDY} abbreviations.short_form",
        "start_char": "studies.method_start_char studies.outcome_start_char text_parts.start_char",
        "end_char": "studies.method_end_char studies.outcome_end_char text_parts.end_char",
    },
    "claims": {
        "review_id": "studies.review_id option_points.review_id",
        "claim_id": f"{ROW} option_points.table_no option_points.row_no option_points.point_no",
        "table_no": "studies.table_no option_points.table_no",
        "row_no": "studies.row_no option_points.row_no",
        "point_no": "option_points.point_no",
        "ref_no": "studies.ref_no",
        "text outcome_id direction is_hedged cue_text rule_id confidence": "studies.outcome option_points.text",
        "polarity": "studies.outcome option_points.text option_points.polarity",
        "comparator_concept_id": f"{OF_STUDY} abbreviations.short_form",
        "start_char": "studies.outcome_start_char option_points.start_char text_parts.start_char",
        "end_char": "studies.outcome_end_char option_points.end_char text_parts.end_char",
    },
    "reference_designs": {
        "review_id": "bib_references.review_id",
        "ref_no": "bib_references.ref_no",
        "design_id basis source_field cue_text rule_id confidence ocebm_level": REFERENCE_WORDS,
        "start_char": "bib_references.title_start_char sentences.start_char studies.outcome_start_char "
        "text_parts.start_char",
        "end_char": "bib_references.title_end_char sentences.end_char studies.outcome_end_char text_parts.end_char",
    },
    "reference_topics": {
        "review_id": "bib_references.review_id",
        "ref_no": "bib_references.ref_no",
        "scheme concept_id cue_text rule_id confidence": "bib_references.title",
        "start_char": "bib_references.title_start_char text_parts.start_char",
        "end_char": "bib_references.title_end_char text_parts.end_char",
    },
    "claim_modalities": {
        "review_id": "claims.review_id",
        "claim_id": "claims.claim_id",
        "modality_id modality_group_id role cue_text rule_id confidence": f"{OF_STUDY} options.option "
        "claims.comparator_concept_id abbreviations.short_form",
        "start_char": "studies.method_start_char studies.outcome_start_char options.option_start_char "
        "text_parts.start_char",
        "end_char": "studies.method_end_char studies.outcome_end_char options.option_end_char text_parts.end_char",
    },
    "evidence_map": {
        "review_id": "claims.review_id",
        "modality_id": "claim_modalities.modality_id",
        "modality_group_id": "claim_modalities.modality_group_id",
        "outcome_id": "claims.outcome_id",
        "direction": "claims.direction",
        "n_claims n_claims_total share": "claims.claim_id",
        "n_hedged": "claims.is_hedged",
        "n_favourable n_unfavourable": "claims.polarity",
        "n_studies": "claims.table_no claims.row_no",
        "n_references ref_nos": "claims.ref_no",
        "n_design_stated": "reference_designs.design_id reference_designs.basis",
        "strongest_level": "reference_designs.ocebm_level reference_designs.basis",
        "strongest_designs": "reference_designs.design_id reference_designs.ocebm_level reference_designs.basis",
    },
    "modality_trends": {
        "review_id": "bib_references.review_id studies.review_id",
        "year": "bib_references.year studies.year",
        "modality_id": "reference_topics.concept_id study_modalities.concept_id concepts.parent_id",
        "level": "concepts.level",
        "n_references share_references": "bib_references.year reference_topics.concept_id",
        "n_references_total": "bib_references.year",
        "n_studies share_studies": "studies.year study_modalities.concept_id study_modalities.role",
        "n_studies_total": "studies.year bib_references.year",
    },
    "publication_trends": {
        "review_id": "bib_references.review_id",
        "year": "bib_references.year",
        "modality_id": "reference_topics.concept_id concepts.parent_id concepts.level",
        "design_id": "reference_designs.design_id reference_designs.basis",
        "n share": "bib_references.year reference_topics.concept_id reference_designs.design_id",
        "n_total": "bib_references.year",
    },
    "reference_usage": {
        "review_id": "bib_references.review_id",
        "ref_no": "bib_references.ref_no",
        "n_mentions n_mentions_total share_mentions": "citation_mentions.ref_no",
        "n_mentions_prose n_mentions_table": "citation_mentions.ref_no citation_markers.context",
        "n_mentions_alone only_in_groups smallest_group": "citation_mentions.ref_no citation_markers.n_refs",
        "n_mentions_alone_prose only_in_groups_prose": "citation_mentions.ref_no citation_markers.n_refs "
        "citation_markers.context",
        "n_sentences": "citation_mentions.ref_no citation_markers.sentence_id",
        "n_sections first_section_id": "citation_mentions.ref_no citation_markers.section_id",
        "first_section": "citation_markers.section_id sections.heading",
        "n_table_rows has_table_row": "citation_mentions.ref_no citation_markers.table_no citation_markers.row_no",
        "n_study_rows has_study_row": f"citation_mentions.ref_no citation_markers.row_no {ROW}",
    },
    "review_currency": {
        "review_id": "reviews.review_id",
        "publication_year": "reviews.publication_year",
        "n_references": "bib_references.ref_no",
        "n_dated oldest_year newest_year": "bib_references.year",
        "median_age mean_age n_after_publication": "bib_references.year reviews.publication_year",
        "n_within_5_years price_index": "bib_references.year reviews.publication_year",
        "n_within_10_years share_within_10_years": "bib_references.year reviews.publication_year",
    },
    "journal_ranking": {
        "review_id": "bib_references.review_id",
        "journal": "journals.abbreviation bib_references.journal_raw bib_references.journal_id",
        "journal_id": "bib_references.journal_id",
        "n n_total rank share": "bib_references.journal_id bib_references.journal_raw",
        "n_mentions": "citation_mentions.ref_no",
        "first_year last_year": "bib_references.year",
    },
    "cocitations": {
        "review_id": "citation_mentions.review_id",
        "ref_no_a ref_no_b": "citation_mentions.ref_no citation_mentions.marker_id",
        "n_markers_prose n_markers_table": "citation_mentions.ref_no citation_markers.context",
        "n_sentences n_sentences_either jaccard": "citation_mentions.ref_no citation_markers.sentence_id",
    },
    "coauthorships": {
        "review_id": "reference_authors.review_id",
        "author_a author_b": "reference_authors.surname reference_authors.initials reference_authors.suffix",
        "n_references ref_nos": "reference_authors.ref_no",
        "n_truncated": "bib_references.authors_truncated",
        "first_year last_year": "bib_references.year",
    },
}

DERIVED: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = {
    table: {
        column: tuple((source.partition(".")[0], source.partition(".")[2]) for source in sources.split())
        for columns, sources in entries.items()
        for column in columns.split()
    }
    for table, entries in _DERIVED.items()
}
"""Table → column → (input table, its column)."""
