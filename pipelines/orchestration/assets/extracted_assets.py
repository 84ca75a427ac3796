"""The extracted tables, all made by one asset in one pass over the sources.

A source that cannot be read goes to `quarantined_sources`. If no source can be read, the run stops.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
from pydantic import Field

from pipelines.common.code_version import code_version
from pipelines.common.workers import Progress
from pipelines.extract.reading_batches import ingest_sources
from pipelines.extract.row_types import FINDINGS, TABLES
from pipelines.orchestration.asset_specs import schema_check_spec, table_spec
from pipelines.orchestration.assets.vocabulary_assets import JOURNALS, READING
from pipelines.orchestration.failure_policy import IO_RETRIES, retry_only_io_errors
from pipelines.orchestration.frame_reuse import reusable_frames, split_frame
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_store import store_table
from pipelines.sources.source_folder import list_sources
from pipelines.vocabularies.journal_index import JournalIndex

CACHE = ".cache"
"""Folder in outputs/ with the rows of each source that was read, valid while the source and the code are unchanged."""

PUBLISHED = (*TABLES, "quarantined_sources")
UNPUBLISHED = {
    FINDINGS: "One row per repair made by a reader, or citation of a reference that is not listed.",
}


PRINTED_JOURNALS = {"reviews": "journal", "bib_references": "journal_raw"}
"""The column with the printed journal, for the tables that have a `journal_id`."""


def with_journal_ids(name: str, rows: pl.DataFrame, journals: JournalIndex) -> pl.DataFrame:
    """The rows of a table of `PRINTED_JOURNALS` with `journal_id` set where the journal is known."""
    column = PRINTED_JOURNALS[name]
    printed = rows[column].drop_nulls().unique().to_list()
    return rows.with_columns(
        pl.col(column)
        .replace_strict({name: journals.find(name) for name in printed}, default=None, return_dtype=pl.String)
        .alias("journal_id")
    )


_CODE = code_version(ingest_sources, with_journal_ids)


class ExtractionConfig(dg.Config):
    """The sources to read again."""

    review_id: str | None = Field(
        default=None,
        description="Id of a review to read again even if it is unchanged. Without it, only new and changed reviews "
        "are read.",
    )


@dg.multi_asset(
    outs={
        **{name: dg.AssetOut.from_spec(table_spec(name, _CODE, group="extracted")) for name in PUBLISHED},
        **{
            name: dg.AssetOut.from_spec(table_spec(name, _CODE, group="extracted", description=description))
            for name, description in UNPUBLISHED.items()
        },
    },
    # Readers recognise parts of a review by the reading words; journal names are looked up in the vocabulary.
    deps=[READING, JOURNALS],
    check_specs=[schema_check_spec(name) for name in PUBLISHED],
    retry_policy=IO_RETRIES,
)
def extracted(
    context: dg.AssetExecutionContext,
    config: ExtractionConfig,
    folders: Folders,
    progress: dg.ResourceParam[Progress],
    sources: pl.DataFrame,
) -> Iterator[dg.MaterializeResult]:
    """Read the sources and extract their contents. All rows are validated before the first table is stored."""
    with retry_only_io_errors():
        reusable = reusable_frames(context, folders) if config.review_id is None else None
        if reusable:
            for name, frame in reusable.items():
                yield store_table(name, split_frame(frame), folders, is_reused=True)
            return
        review_ids_to_reread = [] if config.review_id is None else [config.review_id]
        listed = list_sources(Path(folders.raw))
        with ingest_sources(
            listed, Path(folders.out) / CACHE, progress=progress, reread=review_ids_to_reread
        ) as extraction:
            _require_unchanged_sources(Path(folders.raw), sources)
            if not extraction.n_reviews:
                reasons = "\n".join(extraction.quarantined["reason"])
                raise dg.Failure(description=f"{folders.raw}: no source could be read\n{reasons}", allow_retries=False)
            n_cached = sources.height - extraction.n_read
            extra_metadata = {"sources read": extraction.n_read, "sources reused from the cache": n_cached}
            for name in (*PUBLISHED, *UNPUBLISHED):
                batches = extraction.read_batches(name)
                if name in PRINTED_JOURNALS:
                    journals = folders.load_journals()
                    batches = (with_journal_ids(name, batch, journals) for batch in batches)
                yield store_table(name, batches, folders, extra_metadata=extra_metadata)


def _require_unchanged_sources(raw: Path, sources: pl.DataFrame) -> None:
    """Stop the run if the sources have changed since it began: the release id would not describe the release."""
    before = set(sources.select("review_id", "sha256").iter_rows())
    now = {(listed.review_id, listed.sha256) for listed in list_sources(raw)}
    changed = sorted({review_id for review_id, _ in before ^ now})
    if changed:
        raise dg.Failure(
            description=f"{', '.join(changed)}: changed, added or removed in raw/ while the build ran; build again",
            allow_retries=False,
        )
