"""The sources as they lie in raw/."""

from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.orchestration.frame_files import frame_version
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import stored, tried_again_for_files_only
from pipelines.sources.source_folder import list_sources

SCHEMA = {"review_id": pl.String, "sha256": pl.String}


def sources_frame(raw: Path) -> pl.DataFrame:
    """One row is a review's folder in raw/, with the hash of what it holds. Raises SourceError where there is none."""
    rows = [(listed.review_id, listed.sha256) for listed in list_sources(raw)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def sources_version(raw: Path) -> str:
    """The data version that `sources` has for raw/ as it is now."""
    return frame_version(sources_frame(raw))


@dg.asset(
    group_name="sources",
    kinds={"file"},
    owners=["team:pipeline"],
    tags={"published": "no"},
    description="One row is a folder of raw/ that holds a review, with the hash of its files.",
    code_version="1",
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
)
def sources(folders: Folders):  # type: ignore[no-untyped-def]
    """Which reviews there are. Stops the run where there are none."""
    raw = Path(folders.raw)
    with tried_again_for_files_only():
        return stored("sources", [sources_frame(raw)], folders, more={"raw": dg.MetadataValue.path(str(raw))})
