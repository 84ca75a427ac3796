"""The marts: counts over the extracted and curated tables. Columnar, pure, and nothing is read from a file.

`ANALYSES` names each table of the analysis layer with the function that makes it, each after those it needs. A
function's parameters are named for the tables it takes, whole and as published, and it returns its own: the model's
columns in the model's order, sorted by key. Tables of no rows make tables of no rows.
"""

from collections.abc import Callable, Mapping

import polars as pl

from pipelines.analysis.cited_references import journal_ranking, reference_usage, review_currency
from pipelines.analysis.evidence import evidence_map
from pipelines.analysis.networks import coauthorships, cocitations
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
        cocitations,
        coauthorships,
    )
}
