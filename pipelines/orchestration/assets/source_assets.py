"""The list of sources in raw/."""

from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.orchestration.failure_policy import IO_RETRIES, retry_only_io_errors
from pipelines.orchestration.frame_files import frame_version
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_store import store_table
from pipelines.sources.source_folder import list_sources

SCHEMA = {"review_id": pl.String, "sha256": pl.String}


def sources_frame(raw: Path) -> pl.DataFrame:
    """One row per review folder in raw/, with the hash of its files. Raises SourceError if raw/ contains none."""
    rows = [(listed.review_id, listed.sha256) for listed in list_sources(raw)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def sources_version(raw: Path) -> str:
    """Return the data version that the asset `sources` would have for raw/ as it is now."""
    return frame_version(sources_frame(raw))


@dg.asset(
    group_name="sources",
    kinds={"file"},
    owners=["team:pipeline"],
    tags={"published": "no"},
    description="One row per folder of raw/ that contains a review, with the hash of its files.",
    code_version="1",
    retry_policy=IO_RETRIES,
)
def sources(folders: Folders):  # type: ignore[no-untyped-def]
    """List the sources. Stops the run if raw/ contains none."""
    with retry_only_io_errors():
        raw = Path(folders.raw)
        return store_table(
            "sources", [sources_frame(raw)], folders, extra_metadata={"raw": dg.MetadataValue.path(str(raw))}
        )
