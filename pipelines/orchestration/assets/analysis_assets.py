"""The analysis tables: summaries of the extracted and curated tables."""

from pipelines.analysis import ANALYSES
from pipelines.orchestration.failure_policy import raise_as_failure
from pipelines.orchestration.table_asset import table_asset

ASSETS = [table_asset(on_error=raise_as_failure)(analysis) for analysis in ANALYSES.values()]
