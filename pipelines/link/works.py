"""The tables of works: which work each reference and each review is, and what is known of the work.

Takes the extracted tables of all reviews and the records of `work_records`.
"""

from __future__ import annotations

import polars as pl

from pipelines.link.form_pairs import find_pairs
from pipelines.link.printed_works import REVIEW_ITSELF, list_printed_works
from pipelines.link.work_groups import group_forms
from pipelines.link.work_ids import name_works
from pipelines.link.work_records import find_forms, letters_and_digits
from pipelines.tables.table_frames import shape_table
from schemas.tables.base import spec
from schemas.tables.code_lists import WORK_FIELDS
from schemas.tables.linked import ReferenceWorks, ReviewWorks, Works, WorkVariants

MEMBERS_SCHEMA = pl.Schema(
    {
        "review_id": pl.String,
        "ref_no": pl.Int32,
        "work_id": pl.String,
        "rule_id": pl.String,
        "score": pl.Float64,
    }
)
VALUES_SCHEMA = pl.Schema(
    {
        "work_id": pl.String,
        "field": pl.String,
        "value": pl.String,
        "key": pl.String,
        "place": pl.String,
        "n_reviews": pl.Int32,
        "n_references": pl.Int32,
        "is_majority": pl.Boolean,
        "is_chosen": pl.Boolean,
    }
)


def work_members(work_records: pl.DataFrame) -> pl.DataFrame:
    """One row per reference and review, with the work that it is.

    `work_records` is the result of `build_records`. The columns are review_id, ref_no, work_id, rule_id and score; the
    rows are sorted by the first two.
    """
    forms, records = find_forms(work_records)
    groups = group_forms(forms, find_pairs(forms))
    grouped = records.join(groups, on="form_no", how="left", maintain_order="left").with_columns(
        n_in_form=pl.len().over("form_no")
    )
    by_itself = pl.when(pl.col("n_in_form") > 1).then(pl.lit("same_fields")).otherwise(pl.lit("single_reference"))
    return (
        grouped.join(name_works(grouped), on="group_no", how="left", maintain_order="left")
        .select(
            "review_id",
            "ref_no",
            "work_id",
            pl.coalesce("rule_id", by_itself).alias("rule_id"),
            pl.col("score").fill_null(1.0).alias("score"),
        )
        .cast(MEMBERS_SCHEMA)
        .sort("review_id", "ref_no")
    )


def reference_works(work_members: pl.DataFrame) -> pl.DataFrame:
    """The table `reference_works`."""
    return shape_table(work_members.filter(pl.col("ref_no") != REVIEW_ITSELF), spec(ReferenceWorks))


def review_works(work_members: pl.DataFrame) -> pl.DataFrame:
    """The table `review_works`."""
    return shape_table(work_members.filter(pl.col("ref_no") == REVIEW_ITSELF), spec(ReviewWorks))


def work_values(
    work_members: pl.DataFrame,
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
    reviews: pl.DataFrame,
    review_authors: pl.DataFrame,
) -> pl.DataFrame:
    """One row per work, field of `WORK_FIELDS` and printed value, sorted by them.

    `key` is the value without case, accents and punctuation; `n_reviews` and `n_references` count the references that
    print it, without the review about itself; `place` is where it is printed first; `is_majority` says whether its key
    is that of most reviews, or what a review of the corpus prints about itself, and `is_chosen` whether the value is
    the one of the table `works`.
    """
    printed = (
        list_printed_works(bib_references, reference_authors, reviews, review_authors)
        .with_columns(pl.col("year").cast(pl.String))
        .join(work_members.select("review_id", "ref_no", "work_id"), on=["review_id", "ref_no"])
    )
    is_own = pl.col("ref_no") == REVIEW_ITSELF
    values = (
        printed.unpivot(list(WORK_FIELDS), index=["work_id", "review_id", "ref_no"], variable_name="field")
        .drop_nulls("value")
        .sort("work_id", "field", is_own.not_(), "review_id", "ref_no")
        .with_columns(
            key=pl.coalesce(letters_and_digits(pl.col("value")), "value"),
            place=pl.when(is_own)
            .then("review_id")
            .otherwise(pl.concat_str("review_id", pl.col("ref_no").cast(pl.String), separator="/")),
            is_own=is_own,
        )
        .group_by("work_id", "field", "value", maintain_order=True)
        .agg(
            pl.col("key", "place").first(),
            is_own=pl.col("is_own").any(),
            n_reviews=pl.col("review_id").filter(~pl.col("is_own")).n_unique(),
            n_references=(~pl.col("is_own")).sum(),
        )
    )
    by_key = ["work_id", "field", "key"]
    ranked = values.with_columns(
        key_is_own=pl.col("is_own").any().over(by_key),
        key_reviews=pl.col("n_reviews").sum().over(by_key),
        key_references=pl.col("n_references").sum().over(by_key),
        key_place=pl.col("place").min().over(by_key),
    ).sort(
        "work_id",
        "field",
        "key_is_own",
        "key_reviews",
        "key_references",
        "key_place",
        "is_own",
        "n_reviews",
        "n_references",
        "place",
        descending=[False, False, True, True, True, False, True, True, True, False],
    )
    field = ["work_id", "field"]
    return (
        ranked.with_columns(
            is_majority=pl.col("key") == pl.col("key").first().over(field),
            is_chosen=pl.int_range(pl.len()).over(field) == 0,
        )
        .select(VALUES_SCHEMA.names())
        .cast(VALUES_SCHEMA)
        .sort(*field, "value")
    )


def works(work_members: pl.DataFrame, work_values: pl.DataFrame) -> pl.DataFrame:
    """The table `works`, from the results of `work_members` and `work_values`."""
    chosen = work_values.filter("is_chosen")
    values = chosen.pivot("field", index="work_id", values="value")
    places = chosen.pivot("field", index="work_id", values="place")
    is_cited = pl.col("ref_no") != REVIEW_ITSELF
    frame = (
        work_members.group_by("work_id")
        .agg(n_reviews=pl.col("review_id").filter(is_cited).n_unique(), n_references=is_cited.sum())
        .join(values, on="work_id", how="left")
        .join(
            places.rename({name: f"{name}_source" for name in places.columns if name != "work_id"}),
            on="work_id",
            how="left",
        )
    )
    missing = [name for field in WORK_FIELDS for name in (field, f"{field}_source") if name not in frame.columns]
    return shape_table(frame.with_columns(pl.lit(None, pl.String).alias(name) for name in missing), spec(Works))


def work_variants(work_values: pl.DataFrame) -> pl.DataFrame:
    """The table `work_variants`, from the result of `work_values`."""
    cited = work_values.filter(pl.col("n_references") > 0)
    differ = cited.filter(pl.col("key").n_unique().over("work_id", "field") > 1)
    return shape_table(differ.rename({"place": "value_source"}), spec(WorkVariants))
