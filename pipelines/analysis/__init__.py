"""The analysis tables: counts over the extracted and curated tables. Pure functions on frames, without I/O.

`ANALYSES` is the registry: a function is named after the table that it returns, its parameters after the tables that it
takes, whole and as published. It returns the model's columns in the model's order, sorted by key, and an empty frame
for empty input. To add a table, declare its model in `schemas/tables/analysis.py`, write its function in a module here
and list it below. A table has a simple bar chart unless `charts` has a better one.
"""

from collections.abc import Callable, Mapping

import polars as pl

from pipelines.analysis.cited_references import journal_ranking, reference_usage, review_currency
from pipelines.analysis.evidence import evidence_map
from pipelines.analysis.trends import modality_trends, publication_trends

ANALYSES: Mapping[str, Callable[..., pl.DataFrame]] = {
    analysis.__name__: analysis
    for analysis in (
        publication_trends,
        modality_trends,
        evidence_map,
        reference_usage,
        review_currency,
        journal_ranking,
    )
}
"""The function of each table, after those of the tables that it takes."""
