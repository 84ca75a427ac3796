"""Validate the frame of an asset, write it to a file and report the result to Dagster.

A frame that breaks its model is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.orchestration.asset_specs import SCHEMA_CHECK
from pipelines.orchestration.frame_files import write_frame
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.ui_metadata import materialization_metadata
from pipelines.tables.validation import InvalidTableError, validate
from schemas.tables import SPECS


def store_table(
    name: str,
    batches: Iterable[pl.DataFrame],
    folders: Folders,
    *,
    with_chart: bool = False,
    is_reused: bool = False,
    extra_metadata: Mapping[str, Any] | None = None,
) -> dg.MaterializeResult:
    """Validate and write a frame; its data version is a hash of its contents.

    The batches contain whole reviews, in the order of their ids. Raises dagster.Failure, which lists every failing row
    of a batch by key and span, if the frame breaks its model.
    """
    try:
        written = write_frame(name, _validate_batches(name, batches), Path(folders.frames))
    except InvalidTableError as error:
        metadata = {"failures": len(error.failures)}
        raise dg.Failure(description=str(error), metadata=metadata, allow_retries=False) from error
    passed_check = dg.AssetCheckResult(
        check_name=SCHEMA_CHECK,
        asset_key=name,
        passed=True,
        metadata={"rows": written.n_rows, "columns": written.n_columns, "failures": 0},
    )
    return dg.MaterializeResult(
        asset_key=name,
        value=written,
        metadata={
            **materialization_metadata(name, written, with_chart=with_chart),
            "made": "reused: inputs and code are unchanged" if is_reused else "computed",
            **(extra_metadata or {}),
        },
        data_version=dg.DataVersion(written.version),
        check_results=[passed_check] if name in SPECS else [],
    )


def _validate_batches(name: str, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the batches of a published table validated and sorted by key, and those of any other frame unchanged."""
    for batch in batches:
        yield validate(name, batch).sort(SPECS[name].key, nulls_last=True) if name in SPECS else batch
