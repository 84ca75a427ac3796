"""The tables about the release itself, and the release: written to a temporary folder, verified, then published."""

from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from pipelines.checks.quality_checks import UNCHECKED_TABLES, build_quality_checks
from pipelines.common.batching import count_rows, split_into_batches
from pipelines.orchestration.assets import (
    analysis_assets,
    curated_assets,
    extracted_assets,
    linked_assets,
    source_assets,
    vocabulary_assets,
)
from pipelines.orchestration.failure_policy import IO_RETRIES, raise_as_failure
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.staleness import build_asset_graph, find_stale_assets, latest_records
from pipelines.orchestration.table_asset import table_asset
from pipelines.orchestration.ui_metadata import report_metadata
from pipelines.release import ReleaseError
from pipelines.release.fingerprint import build_options, code_hash, compute_fingerprint
from pipelines.release.formats.codebook import build_codebook_frame, build_codes_frame
from pipelines.release.publish import publish_release
from pipelines.release.verbatim import published_specs
from pipelines.sources.source_folder import list_sources
from pipelines.tables.validation import InvalidTableError, validate_together
from schemas.tables import SCHEMA_VERSION, SPECS

CHECKED_TABLES = [name for name in SPECS if name not in UNCHECKED_TABLES]
WORDS = [vocabulary_assets.words_key(use) for use in vocabulary_assets.FILES]


def current_file_versions(folders: Folders) -> dict[str, str]:
    """Return the data versions that the assets for files outside Dagster would have now.

    Raises SourceError if raw/ contains no review, and dagster.Failure if a vocabulary file is missing.
    """
    vocabularies = Path(folders.vocabularies)
    return {
        "sources": source_assets.sources_version(Path(folders.raw)),
        **{
            vocabulary_assets.words_key(use).to_user_string(): vocabulary_assets.words_version(vocabularies, use)
            for use in vocabulary_assets.FILES
        },
    }


@table_asset(on_error=raise_as_failure)
def codebook(folders: Folders) -> pl.DataFrame:
    return build_codebook_frame(published_specs(verbatim=folders.verbatim))


@table_asset(on_error=raise_as_failure)
def codes() -> pl.DataFrame:
    return build_codes_frame(SPECS)


# Out of date after any change of code or vocabularies, since it publishes the hashes of both.
@table_asset(on_error=raise_as_failure, deps=WORDS, version=code_hash())
def builds(
    folders: Folders, sources: pl.DataFrame, reviews: pl.DataFrame, quarantined_sources: pl.DataFrame
) -> pl.DataFrame:
    options = build_options(verbatim=folders.verbatim)
    listed = sources.select("review_id", "sha256").iter_rows()
    fingerprint = compute_fingerprint(listed, Path(folders.vocabularies), options)
    row = {
        "release_id": fingerprint.release_id,
        "schema_version": SCHEMA_VERSION,
        "code_version": version("reviewmart"),
        "code_sha256": fingerprint.code,
        "vocabularies_sha256": fingerprint.vocabularies,
        "inputs_sha256": fingerprint.inputs,
        "is_verbatim": folders.verbatim,
        "n_reviews": reviews.height,
        "n_quarantined": quarantined_sources.height,
    }
    return pl.DataFrame([row], schema=SPECS["builds"].polars_schema)


@table_asset(on_error=raise_as_failure, ins=CHECKED_TABLES)
def quality_checks(folders: Folders, **frames: pl.LazyFrame) -> pl.DataFrame:
    sources = {listed.review_id: listed for listed in list_sources(Path(folders.raw))}
    return build_quality_checks(split_into_batches(frames), sources)


@dg.asset(
    ins={name: dg.AssetIn(name, dagster_type=pl.LazyFrame) for name in SPECS},
    group_name="release",
    kinds={"duckdb", "parquet"},
    owners=["team:pipeline"],
    tags={"published": "yes"},
    code_version=code_hash()[:16],
    description="The published release: one DuckDB file and one Parquet file per table. `outputs/latest` points at the "
    "newest release.",
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=15), warn_window=timedelta(days=8)),
    # A full disk or an unreachable share may be fixed a moment later; a failed check is not.
    retry_policy=IO_RETRIES,
)
def release(context: dg.AssetExecutionContext, folders: Folders, **frames: pl.LazyFrame) -> dg.MaterializeResult:
    """Publish a release. If a check of severity `error` failed, stop the run and leave the last release unchanged."""
    _require_current_assets(context.instance, folders)
    build = frames["builds"].collect().row(0, named=True)
    if build["is_verbatim"] != folders.verbatim:
        raise dg.Failure(
            description=f"builds was made with verbatim={build['is_verbatim']}, but the release is to be made with "
            f"verbatim={folders.verbatim}; materialise builds and release together",
            allow_retries=False,
        )
    failed_checks = frames["quality_checks"].filter((pl.col("severity") == "error") & ~pl.col("passed")).collect()
    release_id = build["release_id"]
    try:
        for batch in split_into_batches(frames):
            validate_together(batch)
        if not failed_checks.is_empty():
            raise ReleaseError(_render_failed_checks(failed_checks))
        folder = publish_release(frames, Path(folders.out), release_id)
    except (InvalidTableError, ReleaseError) as error:
        is_io_error = isinstance(error.__cause__, (OSError, duckdb.IOException, duckdb.TransactionException))
        raise dg.Failure(description=str(error), allow_retries=is_io_error) from error
    quarantined = frames["quarantined_sources"].collect()["review_id"].to_list()
    return dg.MaterializeResult(
        data_version=dg.DataVersion(release_id),
        metadata={
            "release": release_id,
            "path": dg.MetadataValue.path(str(folder)),
            "tables": len(SPECS),
            "rows": count_rows(frames.values()),
            "reviews": build["n_reviews"],
            "reviews left out": ", ".join(quarantined) or "none",
            **report_metadata(folder, with_charts=folders.pictures),
        },
    )


def _render_failed_checks(failed_checks: pl.DataFrame) -> str:
    """Render the messages of the failed checks. The first line states the first finding and the fix."""
    messages = [f"{check_id}: {message}" for check_id, message in failed_checks.select("check_id", "message").rows()]
    return (
        f"{messages[0].splitlines()[0]}; fix the source, or report this if the source is right "
        f"({failed_checks.height} check(s) that stop a release failed)\n" + "\n".join(messages)
    )


def _require_current_assets(instance: dg.DagsterInstance, folders: Folders) -> None:
    """Stop the run if tables were not made from one another, or if files have changed since they were read."""
    layers = dg.load_assets_from_modules(
        [source_assets, vocabulary_assets, extracted_assets, curated_assets, linked_assets, analysis_assets]
    )
    upstream = [definition for definition in layers if isinstance(definition, dg.AssetsDefinition)]
    graph = build_asset_graph([*upstream, codebook, builds, quality_checks])
    with raise_as_failure():
        file_versions = current_file_versions(folders)
    stale = find_stale_assets(graph, latest_records(instance, graph), file_versions)
    if stale:
        listed = "\n".join(f"  {name}: {reason}" for name, reason in list(stale.items())[:10])
        raise dg.Failure(
            description=f"{len(stale)} of {len(graph)} assets are out of date, so their tables may not belong "
            f"together; launch the job rebuild_changed\n{listed}",
            allow_retries=False,
        )
