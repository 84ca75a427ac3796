"""Makes the tables of claims from studies that a test writes down, as the assets of these tables do."""

from __future__ import annotations

import polars as pl

from pipelines.curate.claims import code_claims
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from schemas.tables import SPECS

SPINE_TITLE = "Treatment of spine metastases"
"""The title of a review of the subject that the scheme `outcome` is for."""

NO_ABBREVIATIONS = pl.DataFrame(schema=ABBREVIATIONS_SCHEMA)
NO_TEXT_PARTS = pl.DataFrame(schema=SPECS["text_parts"].polars_schema)
NO_POINTS = pl.DataFrame(schema=SPECS["option_points"].polars_schema)


def make_reviews(*review_ids: str, title: str = SPINE_TITLE) -> pl.DataFrame:
    rows = [{"review_id": review_id, "title": title} for review_id in review_ids]
    return pl.DataFrame(rows, schema=SPECS["reviews"].polars_schema)


def make_study_fields(studies: pl.DataFrame) -> pl.DataFrame:
    """`study_fields` with the method and outcome cells of these studies, in columns 2 and 3."""
    place = [pl.col(name) for name in ("review_id", "table_no", "row_no")]
    cells = [
        studies.select(
            *place,
            role=pl.lit(role),
            part_no=pl.lit(1, pl.Int32),
            text=field,
            printed_row_no="row_no",
            column_no=pl.lit(column_no, pl.Int32),
            start_char=f"{field}_start_char",
            end_char=f"{field}_end_char",
        ).drop_nulls("text")
        for column_no, (role, field) in enumerate((("intervention", "method"), ("result", "outcome")), start=2)
    ]
    schema = SPECS["study_fields"].polars_schema
    return pl.concat([pl.DataFrame(schema=schema), *cells], how="diagonal_relaxed").select(list(schema))


def code_subject_claims(
    studies: pl.DataFrame, rules: CodingRules, general: GeneralRules, points: pl.DataFrame = NO_POINTS
) -> pl.DataFrame:
    """The claims of these studies and points, read as those of reviews of the spine."""
    reviews = make_reviews(*pl.concat([studies["review_id"], points["review_id"]]).unique().sort())
    fields = make_study_fields(studies)
    return code_claims(reviews, studies, fields, points, rules, general, NO_ABBREVIATIONS, NO_TEXT_PARTS)
