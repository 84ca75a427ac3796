"""What runs by itself, and what an operator can launch: jobs, the schedule, the sensors. All off until switched on.

A sensor looks at files, waits until they are whole and still, and asks for one run of what is out of date. What is out
of date is told by `pipelines.staleness`.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field, field_validator

from pipelines.assets.release import files_now
from pipelines.assets.table import REUSE
from pipelines.fingerprint import code_hash
from pipelines.publish.release import check_release
from pipelines.publish.standing import latest_release, releases_folder
from pipelines.resources import Folders
from pipelines.settings import default_raw
from pipelines.sources import SourceError, SourcesAwayError, list_sources, load_source
from pipelines.staleness import Node, last_made, stale

DEFAULT_SCHEDULE = "0 5 * * 1"


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


class OneReview(dg.Config):
    """Which review is read anew."""

    review_id: str = Field(description="The review: the name of its folder in raw/, as in table reviews.")

    @field_validator("review_id")
    @classmethod
    def is_in_raw(cls, value: str) -> str:
        raw = Path(default_raw())
        known = [listed.review_id for listed in list_sources(raw)]
        if value not in known:
            some = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
            raise ValueError(f"'{value}' is no review in {raw}; there are: {some}")
        return value


class WhichRelease(dg.Config):
    """Which release is verified."""

    release_id: str = Field(
        default="latest",
        pattern=r"^(latest|r[0-9a-f]{12})$",
        description="A release's id, such as r0123456789ab, or 'latest' for the one that outputs/latest points at.",
    )


class HowLong(dg.Config):
    """What is forgotten of old runs."""

    days: int = Field(
        default=90,
        ge=7,
        le=3650,
        description="Runs that ended longer ago than this many days are forgotten (7 to 3650).",
    )


# A mapping is run when a run is launched, so that a bad value is refused before there is a run.
@dg.config_mapping
def of_one_review(config: OneReview) -> dg.RunConfig:
    return dg.RunConfig(ops={"extracted": {"config": {"review_id": config.review_id}}})


@dg.config_mapping
def of_one_release(config: WhichRelease) -> dg.RunConfig:
    return dg.RunConfig(ops={"verify": {"config": {"release_id": config.release_id}}})


@dg.config_mapping
def of_old_runs(config: HowLong) -> dg.RunConfig:
    return dg.RunConfig(ops={"forget": {"config": {"days": config.days}}})


EVERYTHING = dg.AssetSelection.all()

rebuild_all = dg.define_asset_job(
    "rebuild_all",
    selection=EVERYTHING,
    description="Makes every table anew from raw/ and the vocabularies, and publishes. Unchanged inputs give the same "
    "release again.",
)
rebuild_changed = dg.define_asset_job(
    "rebuild_changed",
    selection=EVERYTHING,
    tags={REUSE: "yes"},
    description="Makes what is out of date and keeps what would come out as it is; then publishes. What the sensors "
    "launch.",
)
rebuild_one_review = dg.define_asset_job(
    "rebuild_one_review",
    selection=EVERYTHING,
    config=of_one_review,
    tags={REUSE: "yes"},
    description="Reads one review anew even where it is unchanged, makes what follows from it, and publishes.",
)
publish_only = dg.define_asset_job(
    "publish_only",
    selection=dg.AssetSelection.assets("codebook", "builds", "quality_checks", "release"),
    description="Writes the release again from the tables as they stand, for instance after it was deleted. Refused "
    "where they are out of date.",
)


@dg.op
def verify(context: dg.OpExecutionContext, config: WhichRelease, folders: Folders) -> None:
    """Fails, with what is wrong, where a release is not whole."""
    out = Path(folders.out)
    newest = config.release_id == "latest"
    release = latest_release(out) if newest else releases_folder(out) / config.release_id
    if release is None or not release.is_dir():
        there = sorted(path.name for path in releases_folder(out).glob("r*")) if releases_folder(out).is_dir() else []
        raise dg.Failure(
            description=f"{release or out / 'latest'}: no such release; there are: {', '.join(there) or 'none'}",
            allow_retries=False,
        )
    findings = check_release(release)
    failed = [finding for finding in findings if not finding.passed]
    for finding in findings:
        context.log.info(f"{'ok' if finding.passed else 'FAIL'} {finding.check}: {finding.detail}")
    if failed:
        words = "\n".join(f"{finding.check}: {finding.detail}" for finding in failed)
        raise dg.Failure(
            description=f"{release}: {len(failed)} of {len(findings)} checks failed\n{words}", allow_retries=False
        )
    context.add_output_metadata({"release": release.name, "checks passed": len(findings)})


@dg.job(
    config=of_one_release,
    description="Checks a published release again: hashes, schemas, keys, counts. Changes nothing.",
)
def verify_newest_release() -> None:
    verify()


@dg.op
def forget(context: dg.OpExecutionContext, config: HowLong) -> None:
    """Deletes finished runs and their logs, but none that made what an asset holds now."""
    instance = context.instance
    events = instance.get_latest_materialization_events(instance.all_asset_keys())
    needed = {entry.run_id for entry in events.values() if entry is not None} | {context.run_id}
    before = datetime.now(tz=UTC) - timedelta(days=config.days)
    old = instance.get_runs(dg.RunsFilter(created_before=before, statuses=FINISHED))
    forgotten = [run.run_id for run in old if run.run_id not in needed]
    for run_id in forgotten:
        instance.delete_run(run_id)
    context.log.info(f"{len(forgotten)} of {len(old)} runs older than {config.days} days forgotten")


FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dg.job(
    config=of_old_runs,
    description="Forgets runs, and their logs, that ended long ago. Releases and tables are not touched.",
)
def forget_old_runs() -> None:
    forget()


schedule = dg.ScheduleDefinition(
    name="weekly_rebuild",
    job=rebuild_all,
    cron_schedule=os.environ.get("REVIEWMART_SCHEDULE", DEFAULT_SCHEDULE),
    execution_timezone=os.environ.get("REVIEWMART_TIMEZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Rebuilds everything. REVIEWMART_SCHEDULE (a cron line, Monday at 05:00 unless set) and "
    "REVIEWMART_TIMEZONE (UTC unless set) say when.",
)
monthly_tidying = dg.ScheduleDefinition(
    name="monthly_tidying",
    job=forget_old_runs,
    cron_schedule="0 4 1 * *",
    execution_timezone=os.environ.get("REVIEWMART_TIMEZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Forgets runs that ended more than 90 days ago.",
)


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


JOBS: list[Any] = [
    rebuild_all,
    rebuild_changed,
    rebuild_one_review,
    publish_only,
    verify_newest_release,
    forget_old_runs,
]
SCHEDULES = [schedule, monthly_tidying]
