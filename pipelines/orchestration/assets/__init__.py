"""The asset graph, one module per layer. An asset calls one function of the layer below and reports the result."""

import dagster as dg

from pipelines.orchestration.assets import (
    analysis_assets,
    curated_assets,
    extracted_assets,
    linked_assets,
    release_assets,
    source_assets,
    vocabulary_assets,
)

ASSETS = [
    asset
    for asset in dg.load_assets_from_modules(
        [
            source_assets,
            vocabulary_assets,
            extracted_assets,
            curated_assets,
            linked_assets,
            analysis_assets,
            release_assets,
        ]
    )
    if isinstance(asset, dg.AssetsDefinition)
]
"""Every asset of the graph."""

__all__ = ["ASSETS"]
