"""The coded tables: each coder run over the words of its fields, and its cues carried over into the source."""

from __future__ import annotations

import polars as pl

from pipelines.curate import claim_interventions as subjects
from pipelines.curate import claims as statements
from pipelines.curate import interventions as modalities
from pipelines.curate import study_design, topics
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.review_context import by_review
from pipelines.curate.source_offsets import ROW, cell_pieces, counted_in_itself, in_source, point_pieces, title_pieces
from pipelines.curate.study_design import DesignRules
from pipelines.curate.topics import TopicRules
from schemas.tables import SPECS

OF_STUDY = ("method", "outcome")
REFERENCE = ["review_id", "ref_no"]


def study_modalities(
    studies: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`study_modalities`: one row is a modality of a study, in a role."""
    coded = modalities.study_modalities(_in_itself(studies), rules, by_review(abbreviations))
    pieces = [
        cell_pieces(studies, field, table_cells, text_parts).with_columns(pl.lit(field).alias("field"))
        for field in OF_STUDY
    ]
    return in_source(coded, pl.concat(pieces), [*ROW, "field"])


def claims(
    studies: pl.DataFrame,
    option_points: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`claims`: one row is an outcome statement of a study, or of an option's point."""
    points = counted_in_itself(option_points, "text", "start_char", "end_char")
    coded = statements.claims(_in_itself(studies), points, rules, by_review(abbreviations))
    is_of_study = pl.col("point_no").is_null()
    of_studies = in_source(coded.filter(is_of_study), cell_pieces(studies, "outcome", table_cells, text_parts), ROW)
    of_points = in_source(coded.filter(~is_of_study), point_pieces(option_points), [*ROW, "point_no"])
    return pl.concat([of_studies, of_points]).sort("review_id", "claim_id")


def claim_modalities(
    studies: pl.DataFrame,
    options: pl.DataFrame,
    claims: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`claim_modalities`: one row is a modality that a claim is about."""
    coded = subjects.claim_modalities(studies, options, claims, rules, by_review(abbreviations))
    pieces = [
        cell_pieces(rows, field, table_cells, text_parts).with_columns(pl.lit(field).alias("field"))
        for rows, field in ((studies, "method"), (studies, "outcome"), (options, "option"))
    ]
    placed = in_source(coded, pl.concat(pieces), [*ROW, "field"])
    return placed.select(list(SPECS["claim_modalities"].polars_schema)).sort("review_id", "claim_id", "modality_id")


def reference_designs(
    bib_references: pl.DataFrame, said: pl.DataFrame, rules: DesignRules, text_parts: pl.DataFrame
) -> pl.DataFrame:
    """`reference_designs`: one row is a design of a reference; `said` is what `words_on_references` gives."""
    coded = study_design.reference_designs(_titles_in_themselves(bib_references), said, rules)
    is_of_title = (pl.col("source_field") == "title").fill_null(value=False)
    of_titles = in_source(coded.filter(is_of_title), title_pieces(bib_references, text_parts), REFERENCE)
    return pl.concat([of_titles, coded.filter(~is_of_title)])


def reference_topics(bib_references: pl.DataFrame, rules: TopicRules, text_parts: pl.DataFrame) -> pl.DataFrame:
    """`reference_topics`: one row is a concept that a reference's title names."""
    coded = topics.reference_topics(_titles_in_themselves(bib_references), rules)
    return in_source(coded, title_pieces(bib_references, text_parts), REFERENCE)


def _in_itself(studies: pl.DataFrame) -> pl.DataFrame:
    for field in OF_STUDY:
        studies = counted_in_itself(studies, field, f"{field}_start_char", f"{field}_end_char")
    return studies


def _titles_in_themselves(bib_references: pl.DataFrame) -> pl.DataFrame:
    return counted_in_itself(bib_references, "title", "title_start_char", "title_end_char")
