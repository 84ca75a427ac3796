"""What the report shows of each scope: of a review, and of all reviews together.

A scope is a dictionary of lists of rows, one list per query; a list is empty if the query has no row of the scope. Its
size does not depend on the length of the texts.
"""

from __future__ import annotations

import duckdb

from pipelines.release.report.cocitation_network import lay_out_network
from pipelines.release.report.queries import Row, run_query

ALL_REVIEWS = ""
"""The key of the scope of all reviews."""

Scope = dict[str, list[Row]]

BY_SCOPE = (
    "counts",
    "issues",
    "gap_cells",
    "references_by_design",
    "references_by_intervention",
    "studies_by_design",
    "studies_by_intervention",
    "reference_ages",
    "currency",
    "citations_by_section",
    "most_cited",
    "journals",
    "bradford_zones",
    "cocitations",
)
"""Queries with rows of each review and, with review_id NULL, of all reviews together."""

BY_REVIEW = ("studies", "gap_studies", "directions")
"""Queries with rows of each review. The scope of all reviews has all of them."""

OF_ALL_REVIEWS = ("left_out", "reference_years", "overlap", "corpus_overlap", "shared_works", "disagreements")
"""Queries without rows of a single review."""

MAX_ROWS = 20_000
"""The largest number of rows of a query in the scope of all reviews. The page says where it leaves rows out."""


def read_scopes(connection: duckdb.DuckDBPyConnection, review_ids: list[str]) -> dict[str, Scope]:
    """The scope of all reviews, under ALL_REVIEWS, and that of each review."""
    names = (*BY_SCOPE, *BY_REVIEW, *OF_ALL_REVIEWS)
    scopes: dict[str, Scope] = {key: {name: [] for name in names} for key in (ALL_REVIEWS, *review_ids)}
    for name in BY_SCOPE:
        for row in run_query(connection, name):
            scopes[row.pop("review_id") or ALL_REVIEWS][name].append(row)
    for name in BY_REVIEW:
        rows = run_query(connection, name)
        scopes[ALL_REVIEWS][name] = rows[:MAX_ROWS]
        for row in rows:
            scopes[row["review_id"]][name].append(row)
    for name in OF_ALL_REVIEWS:
        scopes[ALL_REVIEWS][name] = run_query(connection, name)[:MAX_ROWS]
    return scopes


def with_network(scope: Scope) -> Scope:
    """A scope with its co-citations laid out as a network, which takes longer than all queries of the scope."""
    return {**scope, "cocitations": lay_out_network(scope["cocitations"])}
