"""The sensors on raw/ and on the vocabularies. They are off until an operator switches them on.

A sensor waits until the files it watches are whole and no longer change, then requests one run of what is out of date.
What is out of date is decided by `staleness`.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg

from pipelines.orchestration.assets.release_assets import files_now
from pipelines.orchestration.jobs import rebuild_changed
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.staleness import Node, last_made, stale
from pipelines.release.fingerprint import code_hash
from pipelines.sources.source_folder import SourceError, SourcesAwayError, list_sources, load_source


def whole_seconds(variable: str, default: str) -> int:
    """A number of seconds that an environment variable holds. Raises ValueError where it holds no such number."""
    value = os.environ.get(variable, default)
    if not value.isdecimal() or int(value) < 1:
        raise ValueError(f"{variable} is '{value}'; set a whole number of seconds from 1, such as {default}")
    return int(value)


TICK = whole_seconds("REVIEWMART_SENSOR_SECONDS", "30")
"""How often a sensor looks, in seconds."""

GRACE = 300
"""Seconds for which a source whose bytes are not the ones that its source.toml names is taken to be still arriving."""

IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def signature(folder: Path) -> str:
    """A hash over names, sizes and times of a folder's files: enough to see that something changes, quick to take."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            try:
                state = path.stat()
            except FileNotFoundError:  # gone since the folder was listed
                continue
            digest.update(f"{path.relative_to(folder).as_posix()} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def arriving(raw: Path, now: float) -> Iterator[str]:
    """The sources that are not whole and were written to within the last `GRACE` seconds, each with what it lacks.

    One that stays incomplete is let through: the build leaves it out and says why.
    """
    for listed in list_sources(raw):
        if now - _last_written(listed.path) > GRACE:
            continue
        try:
            load_source(listed)
        except SourceError as error:
            yield str(error).splitlines()[0]


def _last_written(source: Path) -> float:
    """When any file of a source was last written to; 0 where there is none."""
    times = [0.0]
    for path in [source, *source.rglob("*")]:
        with suppress(FileNotFoundError):  # gone since the folder was listed, or a link that leads nowhere
            times.append(path.stat().st_mtime)
    return max(times)


def _watch(
    context: dg.SensorEvaluationContext, folders: Folders, folder: Path, graph: dict[str, Node]
) -> dg.SensorResult | dg.SkipReason:
    """One run of what is out of date, once the files under `folder` are whole and have been still for a tick."""
    done, seen = json.loads(context.cursor) if context.cursor else ("", "")
    look = hashlib.sha256(f"{signature(folder)} {code_hash()}".encode()).hexdigest()
    if look == done:
        return dg.SkipReason("nothing has changed")
    if look != seen:
        context.update_cursor(json.dumps([done, look]))
        return dg.SkipReason("files have changed; they are taken up when they have been still for a tick")
    if folder == Path(folders.raw):
        incomplete = list(arriving(folder, time.time()))
        if incomplete:
            return dg.SkipReason(f"waiting for sources to arrive whole: {'; '.join(incomplete)}")
    running = context.instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS), limit=1)
    if running:
        return dg.SkipReason(f"run {running[0].run_id[:8]} is going on; the change is taken up after it")
    out_of_date = stale(graph, last_made(context.instance, graph), files_now(folders))
    # Not asked for again before something changes, so that a run that fails does not fail every tick anew.
    context.update_cursor(json.dumps([look, look]))
    if not out_of_date:
        return dg.SkipReason("files were touched, but what they hold is the same")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                asset_selection=[dg.AssetKey.from_user_string(name) for name in out_of_date],
                tags={"reviewmart/why": next(iter(out_of_date.values()))[:200]},
            )
        ]
    )


def _watched(
    context: dg.SensorEvaluationContext, folders: Folders, folder: Path, graph: dict[str, Node]
) -> dg.SensorResult | dg.SkipReason:
    """The same; where there are no sources, or they are away, it says so and looks again."""
    try:
        return _watch(context, folders, folder, graph)
    except (SourceError, SourcesAwayError) as error:
        return dg.SkipReason(str(error))


def sensors_for(graph: dict[str, Node]) -> list[dg.SensorDefinition]:
    """The sensors on raw/ and on the vocabularies, over the assets of `graph`."""

    @dg.sensor(
        job=rebuild_changed,
        minimum_interval_seconds=TICK,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="New, changed and removed sources in raw/ lead to a rebuild of what they touch. A file that is "
        "still being copied is waited for.",
    )
    def changes_in_raw(context: dg.SensorEvaluationContext, folders: Folders):  # type: ignore[no-untyped-def]
        return _watched(context, folders, Path(folders.raw), graph)

    @dg.sensor(
        job=rebuild_changed,
        minimum_interval_seconds=TICK,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="An edit in schemas/vocabularies/ leads to a rebuild of what uses the edited file.",
    )
    def changes_in_vocabularies(context: dg.SensorEvaluationContext, folders: Folders):  # type: ignore[no-untyped-def]
        return _watched(context, folders, Path(folders.vocabularies), graph)

    return [changes_in_raw, changes_in_vocabularies]
