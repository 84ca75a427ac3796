"""The curated tables: who reports what, what the words are coded to, and what is odd in the source."""

import polars as pl

from pipelines.curate import coding
from pipelines.curate import coding_findings as findings
from pipelines.curate import review_context as context
from pipelines.curate import studies as rows
from pipelines.curate.source_issues import source_issues as find_issues
from pipelines.extract.review_rows import FINDINGS, TABLES
from pipelines.orchestration.assets.vocabulary_assets import CLAIMS, DESIGNS, JOURNALS, MAPPINGS, MODALITY, TOPICS
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import table_asset, table_asset_of

studies = table_asset(rows.studies)
options = table_asset(rows.options)
option_points = table_asset(rows.option_points)


@table_asset_of(group="curated")
def abbreviations(sentences: pl.DataFrame, table_cells: pl.DataFrame) -> pl.DataFrame:
    """One row is a short form that a review defines where it first uses it."""
    return context.abbreviations(sentences, table_cells)


@table_asset_of(deps=[MODALITY, CLAIMS])
def study_modalities(
    folders: Folders,
    studies: pl.DataFrame,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    rules = folders.load_coding_rules().modalities
    return coding.study_modalities(studies, rules, abbreviations, table_cells, text_parts)


@table_asset_of(deps=[MODALITY, CLAIMS])
def claims(
    folders: Folders,
    studies: pl.DataFrame,
    option_points: pl.DataFrame,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    rules = folders.load_coding_rules().modalities
    return coding.claims(studies, option_points, rules, abbreviations, table_cells, text_parts)


@table_asset_of(deps=[MODALITY, CLAIMS])
def claim_modalities(
    folders: Folders,
    studies: pl.DataFrame,
    options: pl.DataFrame,
    claims: pl.DataFrame,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    rules = folders.load_coding_rules().modalities
    return coding.claim_modalities(studies, options, claims, rules, abbreviations, table_cells, text_parts)


@table_asset_of(deps=[DESIGNS, MAPPINGS])
def reference_designs(
    folders: Folders,
    bib_references: pl.DataFrame,
    sentences: pl.DataFrame,
    citation_markers: pl.DataFrame,
    citation_mentions: pl.DataFrame,
    studies: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    said = context.words_on_references(sentences, citation_markers, citation_mentions, studies)
    return coding.reference_designs(bib_references, said, folders.load_coding_rules().designs, text_parts)


@table_asset_of(deps=[MODALITY, TOPICS])
def reference_topics(folders: Folders, bib_references: pl.DataFrame, text_parts: pl.DataFrame) -> pl.DataFrame:
    return coding.reference_topics(bib_references, folders.load_coding_rules().topics, text_parts)


@table_asset_of((*TABLES, "studies", FINDINGS), deps=[MODALITY, CLAIMS, JOURNALS])
def source_issues(
    folders: Folders, claims: pl.DataFrame, abbreviations: pl.DataFrame, **frames: pl.DataFrame
) -> pl.DataFrame:
    rules = folders.load_coding_rules().modalities
    found = [
        frames.pop(FINDINGS),
        findings.study_findings(
            frames["studies"],
            claims,
            rules,
            context.by_review(abbreviations),
            frames["source_tables"],
            frames["table_cells"],
        ),
        findings.journal_findings(frames["bib_references"], folders.load_vocabularies()),
    ]
    columns = found[0].columns
    return find_issues(frames, pl.concat([part.select(columns) for part in found]))
