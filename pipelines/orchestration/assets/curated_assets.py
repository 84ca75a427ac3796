"""The curated tables: studies and options, the codes of what they report, and the issues found in the sources."""

import polars as pl

from pipelines.curate import coding_findings, review_context
from pipelines.curate import options as option_tables
from pipelines.curate import studies as study_tables
from pipelines.curate.claim_interventions import code_claim_modalities
from pipelines.curate.claims import code_claims
from pipelines.curate.comparisons import code_comparisons
from pipelines.curate.interventions import code_study_modalities
from pipelines.curate.quantities import collect_quantities
from pipelines.curate.source_issues import collect_source_issues
from pipelines.curate.study_concepts import code_study_concepts
from pipelines.curate.study_design import code_reference_designs
from pipelines.curate.subject_context import code_by_context, find_reviews_in_context
from pipelines.curate.topics import code_reference_topics
from pipelines.extract.row_types import FINDINGS, TABLES
from pipelines.orchestration.assets.vocabulary_assets import (
    AMOUNTS,
    CLAIMS,
    CODING,
    CONTEXT,
    DESIGNS,
    GENERAL_WORDS,
    JOURNALS,
    MAPPINGS,
    MODALITY,
    QUANTITIES,
    TOPICS,
)
from pipelines.orchestration.failure_policy import raise_as_failure
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import table_asset

studies = table_asset(on_error=raise_as_failure)(study_tables.studies)
study_fields = table_asset(on_error=raise_as_failure)(study_tables.study_fields)
study_references = table_asset(on_error=raise_as_failure)(study_tables.study_references)
options = table_asset(on_error=raise_as_failure)(option_tables.options)
option_points = table_asset(on_error=raise_as_failure)(option_tables.option_points)


@table_asset(on_error=raise_as_failure, group="curated")
def study_cells(
    source_tables: pl.DataFrame,
    table_cells: pl.DataFrame,
    column_roles: pl.DataFrame,
    citation_markers: pl.DataFrame,
) -> pl.DataFrame:
    """One row per study of an evidence table, cell that reports it and role of the cell."""
    return study_tables.find_study_cells(source_tables, table_cells, column_roles, citation_markers)


@table_asset(on_error=raise_as_failure, group="curated")
def abbreviations(sentences: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """One row per abbreviation that a review defines at its first use."""
    return review_context.find_abbreviations(sentences, table_cells)


@table_asset(on_error=raise_as_failure, deps=[GENERAL_WORDS])
def study_concepts(
    folders: Folders, study_fields: pl.DataFrame, abbreviations: pl.DataFrame, text_parts: pl.DataFrame
) -> pl.DataFrame:
    return code_study_concepts(study_fields, folders.load_general_rules(), abbreviations, text_parts)


@table_asset(
    on_error=raise_as_failure,
    ins=("studies", "abbreviations", "table_cells", "text_parts"),
    deps=[MODALITY, CLAIMS, CONTEXT, CODING],
)
def study_modalities(folders: Folders, reviews: pl.DataFrame, **frames: pl.DataFrame) -> pl.DataFrame:
    return code_by_context(code_study_modalities, reviews, folders.load_coding_rules(), **frames)


@table_asset(
    on_error=raise_as_failure,
    ins=("reviews", "studies", "study_fields", "option_points", "abbreviations", "text_parts"),
    deps=[MODALITY, CLAIMS, AMOUNTS, CONTEXT, CODING, GENERAL_WORDS],
)
def claims(folders: Folders, **frames: pl.DataFrame) -> pl.DataFrame:
    return code_claims(rules=folders.load_coding_rules(), general=folders.load_general_rules(), **frames)


@table_asset(
    on_error=raise_as_failure,
    ins=("studies", "options", "claims", "abbreviations", "table_cells", "text_parts"),
    deps=[MODALITY, CLAIMS, CONTEXT, CODING],
)
def claim_modalities(folders: Folders, **frames: pl.DataFrame) -> pl.DataFrame:
    return code_claim_modalities(rules=folders.load_coding_rules().modalities, **frames)


@table_asset(
    on_error=raise_as_failure,
    ins=("reviews", "studies", "study_fields", "claims", "claim_modalities", "abbreviations", "text_parts"),
    deps=[MODALITY, AMOUNTS, CONTEXT, CODING, GENERAL_WORDS],
)
def comparisons(folders: Folders, **frames: pl.DataFrame) -> pl.DataFrame:
    return code_comparisons(rules=folders.load_coding_rules(), general=folders.load_general_rules(), **frames)


@table_asset(on_error=raise_as_failure, deps=[DESIGNS, MAPPINGS, CODING])
def reference_designs(
    folders: Folders,
    bib_references: pl.DataFrame,
    sentences: pl.DataFrame,
    citation_markers: pl.DataFrame,
    citation_mentions: pl.DataFrame,
    studies: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    passages = review_context.find_reference_passages(sentences, citation_markers, citation_mentions, studies)
    return code_reference_designs(bib_references, passages, folders.load_coding_rules().designs, text_parts)


@table_asset(on_error=raise_as_failure, deps=[MODALITY, TOPICS, CONTEXT])
def reference_topics(folders: Folders, bib_references: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    return code_reference_topics(bib_references, folders.load_coding_rules().topics, text_parts)


@table_asset(on_error=raise_as_failure, deps=[QUANTITIES])
def quantities(
    folders: Folders,
    sentences: pl.DataFrame,
    table_cells: pl.DataFrame,
    source_tables: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    rules = folders.load_coding_rules().quantities
    return collect_quantities(sentences, table_cells, source_tables, rules, text_parts)


@table_asset(
    on_error=raise_as_failure, ins=(*TABLES, "studies", FINDINGS), deps=[MODALITY, CLAIMS, CONTEXT, CODING, JOURNALS]
)
def source_issues(
    folders: Folders,
    claims: pl.DataFrame,
    study_concepts: pl.DataFrame,
    abbreviations: pl.DataFrame,
    **frames: pl.DataFrame,
) -> pl.DataFrame:
    rules = folders.load_coding_rules()
    study_issues = code_by_context(
        coding_findings.find_study_issues,
        frames["reviews"],
        rules,
        studies=frames["studies"],
        claims=claims,
        abbreviations=abbreviations,
        source_tables=frames["source_tables"],
        table_cells=frames["table_cells"],
    )
    findings = [
        frames.pop(FINDINGS),
        coding_findings.drop_known_interventions(
            study_issues, study_concepts, find_reviews_in_context(frames["reviews"], rules.topics.context)
        ),
        coding_findings.find_journal_issues(frames["bib_references"]),
    ]
    columns = findings[0].columns
    return collect_source_issues(frames, pl.concat([part.select(columns) for part in findings]))
