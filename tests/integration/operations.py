"""A small deployment to run the asset graph in: one invented review, a copy of the vocabularies, and an instance."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
from dagster._core.definitions.definitions_class import Definitions
from dagster._core.execution.plan.objects import StepFailureData

from pipelines.common.settings import VOCABULARIES
from pipelines.definitions import build_definitions
from pipelines.orchestration.resources import Folders
from tests import mini_review
from tests.mini_review import add_source


@dataclass
class Deployment:
    """A folder with raw/, outputs/ and vocabularies/, and the instance that records the runs.

    Use an ephemeral instance: it is several times as fast as one that writes files.
    """

    folder: Path
    instance: dg.DagsterInstance
    cursors: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def create(cls, folder: Path, instance: dg.DagsterInstance) -> Deployment:
        """Create the folders, with the invented review `heel` in raw/."""
        logging.getLogger("dagster").setLevel(logging.CRITICAL)
        add_source(folder / "raw", "heel", mini_review.text().encode())
        shutil.copytree(VOCABULARIES, folder / "vocabularies")
        return cls(folder, instance)

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def out(self) -> Path:
        return self.folder / "outputs"

    @property
    def folders(self) -> Folders:
        return Folders(
            raw=str(self.raw),
            out=str(self.out),
            vocabularies=str(self.folder / "vocabularies"),
            frames=str(self.out / ".frames"),
            pictures=False,
        )

    @property
    def definitions(self) -> Definitions:
        return build_definitions(self.folders)

    def run(
        self, job: str, assets: Iterable[dg.AssetKey] | None = None, run_config: Mapping[str, object] | None = None
    ) -> RunOutcome:
        """Run a job, or only some of its assets, in this process; without a configuration, log only critical errors."""
        definition = self.definitions.resolve_job_def(job)
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}} if not definition.config_mapping else {}
        result = definition.execute_in_process(
            instance=self.instance,
            raise_on_error=False,
            asset_selection=list(assets) if assets is not None else None,
            run_config=quiet if run_config is None else run_config,
        )
        return RunOutcome(result)

    def tick(self, sensor: str) -> dg.SensorResult | dg.SkipReason:
        """Evaluate a sensor once, with the cursor of its previous tick."""
        definition = self.definitions.get_repository_def().get_sensor_def(sensor)
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursors.get(sensor), resources={"folders": self.folders}
        )
        result = definition(context)
        self.cursors[sensor] = context.cursor
        assert isinstance(result, dg.SensorResult | dg.SkipReason), result
        return result

    def request(self, sensor: str) -> list[dg.AssetKey]:
        """Evaluate a sensor twice, the first time to notice a change, and return the assets that it requests."""
        first = self.tick(sensor)
        assert isinstance(first, dg.SkipReason), first
        second = self.tick(sensor)
        assert isinstance(second, dg.SensorResult), second
        assert second.run_requests is not None
        assert len(second.run_requests) == 1
        return list(second.run_requests[0].asset_selection or [])

    def latest_release_id(self) -> str:
        return (self.out / "latest").resolve().name


class RunOutcome:
    """The result of a run: the assets computed and reused, the checks, the steps retried, and the failure messages."""

    def __init__(self, result: dg.ExecuteInProcessResult) -> None:
        self.success = result.success
        self.run_id = result.run_id
        self.computed: set[str] = set()
        self.reused: set[str] = set()
        for event in result.get_asset_materialization_events():
            name = event.materialization.asset_key.to_user_string()
            made = event.materialization.metadata.get("made")
            (self.reused if made and str(made.value).startswith("reused") else self.computed).add(name)
        self.checks = {
            (check.asset_key.to_user_string(), check.check_name): check
            for check in result.get_asset_check_evaluations()
        }
        self.retried = {event.step_key for event in result.all_events if event.is_step_up_for_retry}
        self.failures: dict[str, str] = {}
        for event in result.all_events:
            if event.is_step_failure:
                assert event.step_key is not None
                self.failures[event.step_key] = read_failure_message(event.step_failure_data)


def read_failure_message(failure: StepFailureData) -> str:
    if failure.user_failure_data is None:
        return str(failure.error)
    assert failure.user_failure_data.description is not None
    return failure.user_failure_data.description
