"""The analysis tables: columnar summaries of what is extracted and coded."""

from pipelines.analyse import ANALYSES
from pipelines.assets.table import table_asset

ASSETS = [table_asset(analysis) for analysis in ANALYSES.values()]
