"""The extracted tables, made in one pass over the sources.

One asset for all of them, because a source is read once. A source that cannot be read goes to `quarantined_sources`;
where none can be read the run stops.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
from pydantic import Field

from pipelines.common.code_version import code_version
from pipelines.common.workers import Progress
from pipelines.extract.batches import ingested
from pipelines.extract.review_rows import FINDINGS, TABLES
from pipelines.orchestration.assets.vocabulary_assets import JOURNALS
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import (
    batches_of,
    check_spec,
    kept,
    stored,
    table_spec,
    tried_again_for_files_only,
)
from pipelines.sources.source_folder import list_sources
from pipelines.vocabularies.journal_names import match_journal
from pipelines.vocabularies.schemes import Vocabularies

CACHE = ".cache"
"""Folder in outputs/ where what was read of each source is kept, as long as source and code are the same."""

PUBLISHED = (*TABLES, "quarantined_sources")
UNPUBLISHED = {
    FINDINGS: "One row is something a reader repaired or a citation that points at nothing.",
}
_CODE = code_version(ingested, match_journal)


class Reading(dg.Config):
    """What is read anew."""

    review_id: str | None = Field(
        default=None,
        description="Read this review anew even where it is unchanged. Left out, new and changed reviews are read.",
    )


@dg.multi_asset(
    outs={
        **{name: dg.AssetOut.from_spec(table_spec(name, _CODE, group="extracted")) for name in PUBLISHED},
        **{
            name: dg.AssetOut.from_spec(table_spec(name, _CODE, group="extracted", description=description))
            for name, description in UNPUBLISHED.items()
        },
    },
    # The journals are looked up in the vocabulary.
    deps=[JOURNALS],
    check_specs=[check_spec(name) for name in PUBLISHED],
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
)
def extracted(
    context: dg.AssetExecutionContext,
    config: Reading,
    folders: Folders,
    progress: dg.ResourceParam[Progress],
    sources: pl.DataFrame,
) -> Iterator[dg.MaterializeResult]:
    """What is printed in each source. All rows are validated, batch by batch, before the first table is stored."""
    with tried_again_for_files_only():
        before = kept(context, folders) if config.review_id is None else None
        if before:
            for name, frame in before.items():
                yield stored(name, batches_of(frame), folders, reused=True)
            return
        again = [] if config.review_id is None else [config.review_id]
        listed = list_sources(Path(folders.raw))
        with ingested(listed, Path(folders.out) / CACHE, progress=progress, again=again) as found:
            _refuse_changed(Path(folders.raw), sources)
            if not found.n_reviews:
                reasons = "\n".join(found.quarantined["reason"])
                raise dg.Failure(description=f"{folders.raw}: no source could be read\n{reasons}", allow_retries=False)
            more = {"sources read": found.n_read, "sources kept as read before": sources.height - found.n_read}
            for name in (*PUBLISHED, *UNPUBLISHED):
                batches = found.batches(name)
                if name == "bib_references":
                    batches = (with_journal_ids(batch, folders.load_vocabularies()) for batch in batches)
                yield stored(name, batches, folders, more=more)


def with_journal_ids(references: pl.DataFrame, vocabularies: Vocabularies) -> pl.DataFrame:
    """The references with the journals that the vocabulary knows."""
    printed = references["journal_raw"].drop_nulls().unique().to_list()
    known = {name: match_journal(name, vocabularies) for name in printed}
    return references.with_columns(
        pl.col("journal_raw").replace_strict(known, default=None, return_dtype=pl.String).alias("journal_id")
    )


def _refuse_changed(raw: Path, sources: pl.DataFrame) -> None:
    """Sources that are not those of when the run began would give a release that its id does not describe."""
    before = set(sources.select("review_id", "sha256").iter_rows())
    now = {(listed.review_id, listed.sha256) for listed in list_sources(raw)}
    changed = sorted({review_id for review_id, _ in before ^ now})
    if changed:
        raise dg.Failure(
            description=f"{', '.join(changed)}: changed, added or removed in raw/ while the build ran; build again",
            allow_retries=False,
        )
