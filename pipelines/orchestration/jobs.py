"""The jobs that an operator can launch in the Dagster pages, with the forms for their configuration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field, field_validator

from pipelines.common.settings import default_raw
from pipelines.orchestration.frame_reuse import REUSE_TAG
from pipelines.orchestration.resources import Folders
from pipelines.release.folders import latest_release, releases_folder
from pipelines.release.verify import check_release
from pipelines.sources.source_folder import list_sources

MAX_LISTED_REVIEWS = 20


class RebuildOneReviewForm(dg.Config):
    """The review to read again."""

    review_id: str = Field(
        description="Id of the review to read again: the name of its folder in raw/, and the review_id in the tables."
    )

    @field_validator("review_id")
    @classmethod
    def require_existing_review(cls, value: str) -> str:
        raw = Path(default_raw())
        review_ids = [listed.review_id for listed in list_sources(raw)]
        if value not in review_ids:
            ellipsis = " …" if len(review_ids) > MAX_LISTED_REVIEWS else ""
            listed_ids = ", ".join(review_ids[:MAX_LISTED_REVIEWS]) + ellipsis
            raise ValueError(f"'{value}' is not a review in {raw}; the reviews there are: {listed_ids}")
        return value


class VerifyReleaseForm(dg.Config):
    """The release to verify."""

    release_id: str = Field(
        default="latest",
        pattern=r"^(latest|r[0-9a-f]{12})$",
        description="Id of the release to verify, such as r0123456789ab, or 'latest' for the release that "
        "outputs/latest points at.",
    )


class ForgetOldRunsForm(dg.Config):
    """The age of the runs to delete."""

    days: int = Field(
        default=90,
        ge=7,
        le=3650,
        description="Delete finished runs that were created more than this number of days ago (7 to 3650).",
    )


# A config mapping is evaluated when a run is launched, so that a bad value is refused before the run exists.
@dg.config_mapping
def configure_rebuild_one_review(config: RebuildOneReviewForm) -> dg.RunConfig:
    return dg.RunConfig(ops={"extracted": {"config": {"review_id": config.review_id}}})


@dg.config_mapping
def configure_verify_release(config: VerifyReleaseForm) -> dg.RunConfig:
    return dg.RunConfig(ops={"verify": {"config": {"release_id": config.release_id}}})


@dg.config_mapping
def configure_forget_old_runs(config: ForgetOldRunsForm) -> dg.RunConfig:
    return dg.RunConfig(ops={"forget": {"config": {"days": config.days}}})


ALL_ASSETS = dg.AssetSelection.all()

rebuild_all = dg.define_asset_job(
    "rebuild_all",
    selection=ALL_ASSETS,
    description="Computes every table again from raw/ and the vocabularies, then publishes a release. Unchanged inputs "
    "give the same release.",
)
rebuild_changed = dg.define_asset_job(
    "rebuild_changed",
    selection=ALL_ASSETS,
    tags={REUSE_TAG: "yes"},
    description="Computes the tables that are out of date, reuses the others, then publishes a release. The sensors "
    "launch this job.",
)
rebuild_one_review = dg.define_asset_job(
    "rebuild_one_review",
    selection=ALL_ASSETS,
    config=configure_rebuild_one_review,
    tags={REUSE_TAG: "yes"},
    description="Reads one review again even if it is unchanged, computes the tables that change as a result, then "
    "publishes a release.",
)
publish_only = dg.define_asset_job(
    "publish_only",
    selection=dg.AssetSelection.assets("codebook", "codes", "builds", "quality_checks", "release"),
    description="Publishes the release again from the stored tables, for instance after its folder was deleted. Fails "
    "if any of them is out of date.",
)


@dg.op
def verify(context: dg.OpExecutionContext, config: VerifyReleaseForm, folders: Folders) -> None:
    """Verify a release. Fails, and lists the problems, if the release is incomplete or damaged."""
    out = Path(folders.out)
    is_latest = config.release_id == "latest"
    release = latest_release(out) if is_latest else releases_folder(out) / config.release_id
    if release is None or not release.is_dir():
        folder = releases_folder(out)
        release_ids = sorted(path.name for path in folder.glob("r*")) if folder.is_dir() else []
        raise dg.Failure(
            description=f"{release or out / 'latest'}: no such release; the releases in {folder} are: "
            f"{', '.join(release_ids) or 'none'}",
            allow_retries=False,
        )
    results = check_release(release)
    failed = [result for result in results if not result.passed]
    for result in results:
        context.log.info(f"{'ok' if result.passed else 'FAIL'} {result.check}: {result.detail}")
    if failed:
        details = "\n".join(f"{result.check}: {result.detail}" for result in failed)
        raise dg.Failure(
            description=f"{release}: {len(failed)} of {len(results)} checks failed\n{details}", allow_retries=False
        )
    context.add_output_metadata({"release": release.name, "checks passed": len(results)})


@dg.job(
    config=configure_verify_release,
    description="Verifies a published release again: file hashes, schemas, keys and row counts. Changes nothing.",
)
def verify_newest_release() -> None:
    verify()


FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dg.op
def forget(context: dg.OpExecutionContext, config: ForgetOldRunsForm) -> None:
    """Delete old finished runs and their logs, except runs that made the latest materialisation of an asset."""
    instance = context.instance
    events = instance.get_latest_materialization_events(instance.all_asset_keys())
    needed = {entry.run_id for entry in events.values() if entry is not None} | {context.run_id}
    limit = datetime.now(tz=UTC) - timedelta(days=config.days)
    old = instance.get_runs(dg.RunsFilter(created_before=limit, statuses=FINISHED))
    to_delete = [run.run_id for run in old if run.run_id not in needed]
    for run_id in to_delete:
        instance.delete_run(run_id)
    context.log.info(f"deleted {len(to_delete)} of {len(old)} runs older than {config.days} days")


@dg.job(
    config=configure_forget_old_runs,
    description="Deletes old finished runs and their logs from Dagster's records. Keeps releases, tables, and the runs "
    "that made the present tables.",
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
