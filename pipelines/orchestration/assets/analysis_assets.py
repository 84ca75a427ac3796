"""The analysis tables: columnar summaries of what is extracted and coded."""

from pipelines.analysis import ANALYSES
from pipelines.orchestration.table_asset import table_asset

ASSETS = [table_asset(analysis) for analysis in ANALYSES.values()]
