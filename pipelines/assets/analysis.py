"""The analysis tables: columnar summaries of what is extracted and coded."""

from pipelines.analyse import evidence, networks, references, trends
from pipelines.assets.table import table_asset

evidence_map = table_asset(evidence.evidence_map)
reference_usage = table_asset(references.reference_usage)
review_currency = table_asset(references.review_currency)
journal_ranking = table_asset(references.journal_ranking)
publication_trends = table_asset(trends.publication_trends)
modality_trends = table_asset(trends.modality_trends)
cocitations = table_asset(networks.cocitations)
coauthorships = table_asset(networks.coauthorships)
