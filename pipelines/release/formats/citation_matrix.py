"""The citation matrix of a release as CSV: one row per work, one column per review, 1 if the review cites the work.

Programs that draw the overlap of reviews (ccaR, GROOVE) read such a matrix. The view `v_citation_matrix` has the same
cells as rows.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.release.formats.reference_selection import ALL_REFERENCES, SelectionError, open_selection

MAX_CELLS = 50_000_000
"""The largest matrix that is written; it takes about 100 MB."""

_CITED = """
SELECT w.work_id, nullif(concat_ws(' ', w.first_author, w.year), '') AS work, w.title, w.year, r.review_id
FROM selected JOIN reference_works AS r USING (review_id, ref_no) JOIN works AS w USING (work_id)
GROUP BY ALL
"""
_ABOUT_WORK = ("work_id", "work", "title", "year")
_CITED_SCHEMA = {**dict.fromkeys(_ABOUT_WORK, pl.String), "year": pl.Int32, "review_id": pl.String}


def read_citation_matrix(release: Path, select: str = ALL_REFERENCES) -> pl.DataFrame:
    """The matrix of the references that a query on the release selects.

    Rows are works, those of most reviews first. Columns are work_id, work (first author and year, as a label), title,
    year, and the id of each review, with 1 or 0. Raises SelectionError if the references cannot be selected (see
    `open_selection`) or make more than `MAX_CELLS` cells.
    """
    with open_selection(release, select) as connection:
        cited = pl.DataFrame(connection.execute(_CITED).fetchall(), schema=_CITED_SCHEMA, orient="row")
    n_works, n_reviews = cited["work_id"].n_unique(), cited["review_id"].n_unique()
    if n_works * n_reviews > MAX_CELLS:
        raise SelectionError(
            f"{n_works:,} works by {n_reviews:,} reviews are more than {MAX_CELLS:,} cells; select fewer references, "
            "such as those of works that two reviews cite: SELECT review_id, ref_no FROM reference_works JOIN works "
            "USING (work_id) WHERE n_reviews > 1; or query v_citation_matrix"
        )
    reviews = sorted(cited["review_id"].unique())
    return (
        cited.with_columns(n_reviews=pl.len().over("work_id"), is_cited=pl.lit(1, pl.UInt8))
        .pivot("review_id", index=[*_ABOUT_WORK, "n_reviews"], values="is_cited")
        .sort("n_reviews", "work_id", descending=[True, False])
        .select(*_ABOUT_WORK, pl.col(reviews).fill_null(0))
    )
