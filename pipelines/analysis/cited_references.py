"""Use, age and journals of the references of a review."""

import polars as pl

from pipelines.analysis.mart_frames import finish, share
from schemas.tables.analysis import JournalRanking, ReferenceUsage, ReviewCurrency


def reference_usage(
    bib_references: pl.DataFrame,
    citation_markers: pl.DataFrame,
    citation_mentions: pl.DataFrame,
    sections: pl.DataFrame,
    studies: pl.DataFrame,
) -> pl.DataFrame:
    """The table `reference_usage`: one row per reference, cited or not, with its mentions.

    Citation only in groups is one of the signs of perfunctory citation (Moravcsik and Murugesan 1975).
    """
    reference = ["review_id", "ref_no"]
    study_rows = studies.select("review_id", "table_no", "row_no").unique().with_columns(is_study=pl.lit(value=True))
    prose = pl.col("context") == "prose"
    alone = pl.col("n_refs") == 1
    row = pl.struct("table_no", "row_no")
    usage = (
        citation_mentions.select("review_id", "marker_id", "ref_no")
        .join(citation_markers, on=["review_id", "marker_id"])
        .join(study_rows, on=["review_id", "table_no", "row_no"], how="left")
        .sort("review_id", "ref_no", "marker_id")
        .group_by(reference, maintain_order=True)
        .agg(
            n_mentions=pl.len(),
            n_mentions_prose=prose.sum(),
            n_mentions_table=(~prose).sum(),
            n_mentions_alone=alone.sum(),
            n_mentions_alone_prose=(alone & prose).sum(),
            n_sentences=pl.col("sentence_id").drop_nulls().n_unique(),
            n_sections=pl.col("section_id").drop_nulls().n_unique(),
            first_section_id=pl.col("section_id").drop_nulls().first(),
            smallest_group=pl.col("n_refs").min(),
            n_table_rows=row.filter(~prose).n_unique(),
            n_study_rows=row.filter(~prose & pl.col("is_study").fill_null(value=False)).n_unique(),
        )
    )
    counts = [name for name in usage.columns if name.startswith("n_")]
    return finish(
        bib_references.select(reference)
        .join(usage, on=reference, how="left")
        .with_columns(pl.col(counts).fill_null(0))
        .with_columns(n_mentions_total=pl.col("n_mentions").sum().over("review_id"))
        .with_columns(
            share_mentions=share("n_mentions", "n_mentions_total"),
            only_in_groups=pl.when(pl.col("n_mentions") > 0).then(pl.col("n_mentions_alone") == 0),
            only_in_groups_prose=pl.when(pl.col("n_mentions_prose") > 0).then(pl.col("n_mentions_alone_prose") == 0),
            has_table_row=pl.col("n_table_rows") > 0,
            has_study_row=pl.col("n_study_rows") > 0,
        )
        .join(
            sections.select("review_id", first_section_id="section_id", first_section="heading"),
            on=["review_id", "first_section_id"],
            how="left",
        ),
        ReferenceUsage,
    )


def review_currency(reviews: pl.DataFrame, bib_references: pl.DataFrame) -> pl.DataFrame:
    """The table `review_currency`: one row per review, with the age of its references."""
    age = pl.col("publication_year") - pl.col("year")
    has_publication_year = pl.col("publication_year").is_not_null().any()
    ages = (
        bib_references.select("review_id", "year")
        .join(reviews.select("review_id", "publication_year"), on="review_id")
        .group_by("review_id")
        .agg(
            n_references=pl.len(),
            n_dated=pl.col("year").count(),
            oldest_year=pl.col("year").min(),
            newest_year=pl.col("year").max(),
            median_age=age.median(),
            mean_age=age.mean(),
            n_within_5_years=pl.when(has_publication_year).then((age <= 5).sum()),
            n_within_10_years=pl.when(has_publication_year).then((age <= 10).sum()),
            n_after_publication=pl.when(has_publication_year).then((age < 0).sum()),
        )
    )
    return finish(
        reviews.select("review_id", "publication_year")
        .join(ages, on="review_id", how="left")
        .with_columns(pl.col("n_references", "n_dated").fill_null(0))
        .with_columns(
            price_index=share("n_within_5_years", "n_dated"),
            share_within_10_years=share("n_within_10_years", "n_dated"),
        ),
        ReviewCurrency,
    )


def journal_ranking(
    bib_references: pl.DataFrame, journals: pl.DataFrame, citation_mentions: pl.DataFrame
) -> pl.DataFrame:
    """The table `journal_ranking`: one row per cited journal. Only the vocabulary merges spellings, not similarity."""
    mentions = citation_mentions.group_by("review_id", "ref_no").agg(n_mentions=pl.len())
    return finish(
        bib_references.select("review_id", "ref_no", "journal_id", "journal_raw", "year")
        .join(journals.select("journal_id", "abbreviation"), on="journal_id", how="left")
        .with_columns(journal=pl.coalesce("abbreviation", "journal_raw"))
        .drop_nulls("journal")
        .join(mentions, on=["review_id", "ref_no"], how="left")
        .group_by("review_id", "journal")
        .agg(
            journal_id=pl.col("journal_id").drop_nulls().first(),
            n=pl.len(),
            n_mentions=pl.col("n_mentions").sum(),
            first_year=pl.col("year").min(),
            last_year=pl.col("year").max(),
        )
        .with_columns(
            n_total=pl.col("n").sum().over("review_id"),
            rank=pl.col("n").rank("min", descending=True).over("review_id"),
        )
        .with_columns(share=share("n", "n_total")),
        JournalRanking,
    )
