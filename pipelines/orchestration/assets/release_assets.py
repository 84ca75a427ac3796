"""The release: the tables about the data, then everything written aside, checked and promoted in one step."""

from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from pipelines.checks import quality_table
from pipelines.checks.rule_result import RuleResult
from pipelines.checks.rules import evaluate_rules, rule_rows
from pipelines.common.batching import in_batches, n_rows
from pipelines.orchestration.assets import (
    analysis_assets,
    curated_assets,
    extracted_assets,
    source_assets,
    vocabulary_assets,
)
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.staleness import graph_of, last_made, stale
from pipelines.orchestration.table_asset import explained, table_asset, table_asset_of
from pipelines.release.fingerprint import build_options, code_hash, fingerprint
from pipelines.release.folders import ReleaseError
from pipelines.release.formats.codebook import codebook_frame
from pipelines.release.publish import publish
from pipelines.release.verbatim import published_specs
from pipelines.sources.source_folder import list_sources
from pipelines.tables.validation import InvalidTableError, validate_together
from schemas.tables import SCHEMA_VERSION, SPECS

DATA = [name for name in SPECS if name not in quality_table.ABOUT_ITSELF]
WORDS = [vocabulary_assets.words(use) for use in vocabulary_assets.FILES]


def files_now(folders: Folders) -> dict[str, str]:
    """The data versions that the assets which stand for files outside would have now.

    Raises SourceError where raw/ holds no review, and dagster.Failure where a vocabulary's file is missing.
    """
    words = Path(folders.vocabularies)
    return {
        "sources": source_assets.sources_version(Path(folders.raw)),
        **{
            vocabulary_assets.words(use).to_user_string(): vocabulary_assets.words_version(words, use)
            for use in vocabulary_assets.FILES
        },
    }


@table_asset
def codebook(folders: Folders) -> pl.DataFrame:
    return codebook_frame(published_specs(verbatim=folders.verbatim))


# What it says of code and vocabularies is true of all of them, whichever assets use them.
@table_asset_of(deps=WORDS, version=code_hash())
def builds(
    folders: Folders, sources: pl.DataFrame, reviews: pl.DataFrame, quarantined_sources: pl.DataFrame
) -> pl.DataFrame:
    options = build_options(verbatim=folders.verbatim)
    made_of = fingerprint(sources.select("review_id", "sha256").iter_rows(), Path(folders.vocabularies), options)
    row = (
        made_of.release_id,
        SCHEMA_VERSION,
        version("reviewmart"),
        made_of.code,
        made_of.vocabularies,
        made_of.inputs,
        folders.verbatim,
        reviews.height,
        quarantined_sources.height,
    )
    return pl.DataFrame([row], schema=SPECS["builds"].polars_schema, orient="row")


@table_asset_of(DATA)
def quality_checks(folders: Folders, **frames: pl.LazyFrame) -> pl.DataFrame:
    sources = {listed.review_id: listed for listed in list_sources(Path(folders.raw))}
    general: list[pl.DataFrame] = []
    rules: dict[str, RuleResult] = {}
    for some in in_batches(frames):
        general.append(quality_table.quality_checks(some, with_vocabularies=not general))
        found = evaluate_rules(some, sources)
        rules = {check: rules[check] + counted if rules else counted for check, counted in found.items()}
    return pl.concat([quality_table.together(general), rule_rows(rules)]).sort("check_id")


@dg.asset(
    ins={name: dg.AssetIn(name, dagster_type=pl.LazyFrame) for name in SPECS},
    group_name="release",
    kinds={"duckdb", "parquet"},
    owners=["team:pipeline"],
    tags={"published": "yes"},
    code_version=code_hash()[:16],
    description="The published release: one DuckDB file, and one Parquet file a table. `outputs/latest` points at it.",
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=15), warn_window=timedelta(days=8)),
    # A full disk or a share that is away may be mended a moment later; a failed check is not.
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
)
def release(context: dg.AssetExecutionContext, folders: Folders, **frames: pl.LazyFrame) -> dg.MaterializeResult:
    """Stops the run, the last release untouched, where a check of severity `error` found something."""
    _refuse_mixture(context.instance, folders)
    build = frames["builds"].collect().row(0, named=True)
    failed = frames["quality_checks"].filter((pl.col("severity") == "error") & ~pl.col("passed")).collect()
    if build["is_verbatim"] != folders.verbatim:
        raise dg.Failure(
            description=f"builds was made for another setting of verbatim than {folders.verbatim}; "
            "materialise builds and release together",
            allow_retries=False,
        )
    release_id = build["release_id"]
    try:
        for some in in_batches(frames):
            validate_together(some)
        if not failed.is_empty():
            raise ReleaseError(_said_by(failed))
        folder = publish(frames, Path(folders.out), release_id)
    except (InvalidTableError, ReleaseError) as error:
        of_disk = isinstance(error.__cause__, (OSError, duckdb.IOException, duckdb.TransactionException))
        raise dg.Failure(description=str(error), allow_retries=of_disk) from error
    missing = frames["quarantined_sources"].collect()["review_id"].to_list()
    return dg.MaterializeResult(
        data_version=dg.DataVersion(release_id),
        metadata={
            "release": release_id,
            "path": dg.MetadataValue.path(str(folder)),
            "tables": len(SPECS),
            "rows": n_rows(frames.values()),
            "reviews": build["n_reviews"],
            "reviews left out": ", ".join(missing) or "none",
        },
    )


def _said_by(failed: pl.DataFrame) -> str:
    """What the checks of severity `error` found, the first of it in the first line."""
    said = [f"{check_id}: {message}" for check_id, message in failed.select("check_id", "message").iter_rows()]
    return (
        f"{said[0].splitlines()[0]}; mend the source, or report it where the source is right "
        f"({failed.height} check(s) failed that stop a release)\n" + "\n".join(said)
    )


def _refuse_mixture(instance: dg.DagsterInstance, folders: Folders) -> None:
    """Frames that were not made from one another, or from files that changed since, make no release."""
    layers = dg.load_assets_from_modules(
        [source_assets, vocabulary_assets, extracted_assets, curated_assets, analysis_assets]
    )
    upstream = [definition for definition in layers if isinstance(definition, dg.AssetsDefinition)]
    graph = graph_of([*upstream, codebook, builds, quality_checks])
    out_of_date = stale(graph, last_made(instance, graph), explained(lambda: files_now(folders)))
    if out_of_date:
        some = "\n".join(f"  {name}: {reason}" for name, reason in list(out_of_date.items())[:10])
        raise dg.Failure(
            description=f"{len(out_of_date)} of {len(graph)} assets are out of date, so that their tables may not "
            f"belong together; launch the job rebuild_changed\n{some}",
            allow_retries=False,
        )
