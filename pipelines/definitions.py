"""What Dagster loads from `workspace.yaml`: assets, checks, jobs, schedules and sensors."""

import dagster as dg

from pipelines.orchestration.asset_checks import ASSET_CHECKS
from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.jobs import JOBS
from pipelines.orchestration.resources import Folders, resources
from pipelines.orchestration.schedules import SCHEDULES
from pipelines.orchestration.sensors import sensors_for
from pipelines.orchestration.staleness import graph_of


@dg.definitions
def defs() -> dg.Definitions:
    return definitions_of(Folders())


def definitions_of(folders: Folders) -> dg.Definitions:
    """Everything that runs in Dagster, on these folders."""
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=ASSET_CHECKS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=sensors_for(graph_of(ASSETS)),
        resources=resources(folders),
        # One process per run: a process per step takes many times as long as the steps themselves.
        executor=dg.in_process_executor,
    )
