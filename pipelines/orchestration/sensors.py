"""The sensors on raw/ and on the vocabularies. Each is off until an operator switches it on.

A sensor waits until the files in its folder are complete and no longer change, then requests one run of the assets that
are out of date. Which assets these are is decided in `staleness`.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg

from pipelines.orchestration.assets.release_assets import current_file_versions
from pipelines.orchestration.jobs import rebuild_changed
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.staleness import AssetNode, find_stale_assets, latest_records
from pipelines.release.fingerprint import code_hash
from pipelines.sources.source_folder import SourceError, SourcesUnavailableError, list_sources, load_source


def read_seconds(variable: str, default: str) -> int:
    """Read a number of seconds from an environment variable. Raises ValueError if it is not a positive integer."""
    value = os.environ.get(variable, default)
    if not value.isdecimal() or int(value) < 1:
        raise ValueError(f"{variable} is '{value}'; set a whole number of seconds, at least 1, such as {default}")
    return int(value)


TICK_SECONDS = read_seconds("REVIEWMART_SENSOR_SECONDS", "30")
"""The interval between two ticks of a sensor."""

GRACE_SECONDS = 300
"""A source that does not match its source.toml counts as still being copied for this time after the last write."""

IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def hash_file_states(folder: Path) -> str:
    """Hash the names, sizes and modification times of a folder's files: a quick way to notice any change."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            try:
                state = path.stat()
            except FileNotFoundError:  # deleted since the folder was listed
                continue
            digest.update(f"{path.relative_to(folder).as_posix()} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def find_incomplete_sources(raw: Path, now: float) -> Iterator[str]:
    """Yield the problem of each source that cannot be loaded and was written to in the last `GRACE_SECONDS`.

    A source that stays incomplete for longer is not waited for: the build quarantines it with the reason.
    """
    for listed in list_sources(raw):
        if now - _last_written(listed.path) > GRACE_SECONDS:
            continue
        try:
            load_source(listed)
        except SourceError as error:
            yield str(error).splitlines()[0]


def _last_written(source: Path) -> float:
    """Return the latest modification time of a source's files and folders; 0 if none exists."""
    times = [0.0]
    for path in [source, *source.rglob("*")]:
        with suppress(FileNotFoundError):  # deleted since the folder was listed, or a broken link
            times.append(path.stat().st_mtime)
    return max(times)


def _request_rebuild(
    context: dg.SensorEvaluationContext, folders: Folders, folder: Path, graph: dict[str, AssetNode]
) -> dg.SensorResult | dg.SkipReason:
    """Request one run of the stale assets, once the files in `folder` are complete and unchanged since the last tick.

    The cursor holds two states: that of the last request, and that seen at the last tick.
    """
    requested_state, seen_state = json.loads(context.cursor) if context.cursor else ("", "")
    state = hashlib.sha256(f"{hash_file_states(folder)} {code_hash()}".encode()).hexdigest()
    if state == requested_state:
        return dg.SkipReason("nothing has changed")
    if state != seen_state:
        context.update_cursor(json.dumps([requested_state, state]))
        return dg.SkipReason("files have changed; waiting until they stay unchanged for one tick")
    if folder == Path(folders.raw):
        incomplete = list(find_incomplete_sources(folder, time.time()))
        if incomplete:
            return dg.SkipReason(f"waiting until sources are completely copied: {'; '.join(incomplete)}")
    running = context.instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS), limit=1)
    if running:
        return dg.SkipReason(f"run {running[0].run_id[:8]} is in progress; the change will be picked up after it")
    stale = find_stale_assets(graph, latest_records(context.instance, graph), current_file_versions(folders))
    # Recorded even if the run will fail: it is requested again only after another change, not at every tick.
    context.update_cursor(json.dumps([state, state]))
    if not stale:
        return dg.SkipReason("files were touched, but their contents are unchanged")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                asset_selection=[dg.AssetKey.from_user_string(name) for name in stale],
                tags={"reviewmart/why": next(iter(stale.values()))[:200]},
            )
        ]
    )


def _watch(
    context: dg.SensorEvaluationContext, folders: Folders, folder: Path, graph: dict[str, AssetNode]
) -> dg.SensorResult | dg.SkipReason:
    """Request a rebuild if there are changes; skip the tick if sources are missing or unavailable."""
    try:
        return _request_rebuild(context, folders, folder, graph)
    except (SourceError, SourcesUnavailableError) as error:
        return dg.SkipReason(str(error))


def build_sensors(graph: dict[str, AssetNode]) -> list[dg.SensorDefinition]:
    """Return the sensors on raw/ and on the vocabularies, which rebuild the assets of `graph`."""

    @dg.sensor(
        job=rebuild_changed,
        minimum_interval_seconds=TICK_SECONDS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Rebuilds the tables affected by new, changed and removed sources in raw/. Waits until files have "
        "been copied completely.",
    )
    def changes_in_raw(context: dg.SensorEvaluationContext, folders: Folders):  # type: ignore[no-untyped-def]
        return _watch(context, folders, Path(folders.raw), graph)

    @dg.sensor(
        job=rebuild_changed,
        minimum_interval_seconds=TICK_SECONDS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Rebuilds the tables that use an edited file in schemas/vocabularies/.",
    )
    def changes_in_vocabularies(context: dg.SensorEvaluationContext, folders: Folders):  # type: ignore[no-untyped-def]
        return _watch(context, folders, Path(folders.vocabularies), graph)

    return [changes_in_raw, changes_in_vocabularies]
