"""The entry point that Dagster loads through `workspace.yaml`: assets, checks, jobs, schedules and sensors."""

import dagster as dg

from pipelines.orchestration.asset_checks import ASSET_CHECKS
from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.jobs import JOBS
from pipelines.orchestration.resources import Folders, build_resources
from pipelines.orchestration.schedules import SCHEDULES
from pipelines.orchestration.sensors import build_sensors
from pipelines.orchestration.staleness import build_asset_graph


@dg.definitions
def defs() -> dg.Definitions:
    return build_definitions(Folders())


def build_definitions(folders: Folders) -> dg.Definitions:
    """Return all definitions for a deployment with these folders."""
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=ASSET_CHECKS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=build_sensors(build_asset_graph(ASSETS)),
        resources=build_resources(folders),
        # One process per run: starting a process per step would take many times as long as the steps themselves.
        executor=dg.in_process_executor,
    )
