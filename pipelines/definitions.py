"""What Dagster loads."""

import dagster as dg

from pipelines.assets import analysis, curated, extracted, release, sources, vocabulary
from pipelines.automation import JOBS, SCHEDULES, sensors_for
from pipelines.checks import ASSET_CHECKS
from pipelines.resources import Folders, resources
from pipelines.staleness import graph_of

ASSETS = [
    asset
    for asset in dg.load_assets_from_modules([sources, vocabulary, extracted, curated, analysis, release])
    if isinstance(asset, dg.AssetsDefinition)
]


@dg.definitions
def defs() -> dg.Definitions:
    return definitions_of(Folders())


def definitions_of(folders: Folders) -> dg.Definitions:
    """All that runs in Dagster, on these folders."""
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=ASSET_CHECKS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=sensors_for(graph_of(ASSETS)),
        resources=resources(folders),
        # One process a run: a process a step takes many times as long as the steps themselves.
        executor=dg.in_process_executor,
    )
