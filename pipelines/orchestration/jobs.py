"""The jobs that an operator can launch, with their forms."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field, field_validator

from pipelines.common.settings import default_raw
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import REUSE
from pipelines.release.folders import latest_release, releases_folder
from pipelines.release.publish import check_release
from pipelines.sources.source_folder import list_sources


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


JOBS: list[Any] = [
    rebuild_all,
    rebuild_changed,
    rebuild_one_review,
    publish_only,
    verify_newest_release,
    forget_old_runs,
]
