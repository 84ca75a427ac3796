"""Codes the claims of studies and of the points of options as a table.

Reviews of spine oncology are read by `subject_claims`, which knows its outcomes and treatments, all others by
`general_claims`. Here the claims are numbered and their spans mapped to the source.
"""

from __future__ import annotations

import polars as pl

from pipelines.curate import general_claims, subject_claims
from pipelines.curate.cell_claims import GeneralClaimRules
from pipelines.curate.claim_rows import POINT_KEY, ClaimRow
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import FIELD_KEY, field_pieces, map_to_source, unbroken_pieces
from pipelines.curate.study_records import collect_studies
from pipelines.curate.subject_context import find_reviews_in_context
from schemas.tables import SPECS


def code_claims(
    reviews: pl.DataFrame,
    studies: pl.DataFrame,
    study_fields: pl.DataFrame,
    option_points: pl.DataFrame,
    rules: CodingRules,
    general: GeneralRules,
    abbreviations: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`claims`: one row per outcome statement of a study's result cell or of a point of an option.

    Takes the tables of those names and `abbreviations` of `review_context`. Claims are numbered within a review in the
    order of tables, rows, cells and points. The span is NULL if the cue is not in the source in this form.
    """
    short_forms = short_forms_by_review(abbreviations)
    in_context = set(find_reviews_in_context(reviews, rules.topics.context))
    elsewhere = GeneralClaimRules(general, rules.amounts, rules.claims.hedges)
    rows: list[ClaimRow] = []
    for study in collect_studies(studies, study_fields):
        defined = short_forms.get(study.review_id, {})
        if study.review_id in in_context:
            rows.extend(subject_claims.read_study_claims(study, rules, defined))
        else:
            rows.extend(general_claims.read_study_claims(study, elsewhere, defined))
    for point in option_points.sort(POINT_KEY).iter_rows(named=True):
        defined = short_forms.get(point["review_id"], {})
        if point["review_id"] in in_context:
            rows.extend(subject_claims.read_point_claims(point, rules, defined))
        else:
            rows.extend(general_claims.read_point_claims(point, elsewhere, defined))
    schema: dict[str, type[pl.DataType]] = {**SPECS["claims"].polars_schema, "role": pl.String, "part_no": pl.Int32}
    coded = (
        pl.DataFrame(rows, schema=schema)
        .sort(POINT_KEY, maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("review_id").alias("claim_id"))
    )
    is_of_study = pl.col("point_no").is_null()
    point_pieces = unbroken_pieces(option_points, POINT_KEY, "text", "start_char", "end_char")
    mapped = pl.concat(
        [
            map_to_source(coded.filter(is_of_study), field_pieces(study_fields, text_parts), FIELD_KEY),
            map_to_source(coded.filter(~is_of_study), point_pieces, POINT_KEY),
        ]
    )
    return mapped.drop("role", "part_no").sort("review_id", "claim_id")
