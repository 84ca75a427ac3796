"""Turn a function that computes a table into an asset: its inputs are read, its result is validated and stored.

The function stays free of Dagster. Its asset is described in `asset_specs`, stored by `table_store`, and its earlier
result is used again if `frame_reuse` finds it unchanged.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from typing import Any

import dagster as dg
import polars as pl

from pipelines.common.batching import split_into_batches
from pipelines.common.code_version import code_version
from pipelines.orchestration.asset_specs import schema_check_spec, table_spec
from pipelines.orchestration.frame_reuse import reusable_frames, split_frame
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_store import store_table
from schemas.tables import SPECS


def table_asset(
    *,
    on_error: Callable[[], AbstractContextManager[None]],
    ins: Collection[str] = (),
    deps: Iterable[dg.AssetKey] = (),
    group: str | None = None,
    version: str = "",
    across_reviews: bool = False,
) -> Callable[[Callable[..., pl.DataFrame]], dg.AssetsDefinition]:
    """Return a decorator that makes a function the asset of the table with the function's name.

    `on_error` is the failure policy (see `failure_policy`). The inputs are the assets that the function's parameters
    name, and those in `ins`, which it receives as further keyword arguments. `deps` are assets for files that it reads
    through its parameter `folders`. `version` is added to the version of the function's code.

    If no published table has the function's name, the frame is stored unpublished, in `group`, and the function's
    docstring describes it.

    A table whose key begins with `review_id` is computed in batches: the function is called with the rows of some
    reviews, and with all rows of the inputs without `review_id`. Any other table, and one that is computed
    `across_reviews`, is computed in one call, from whole data frames, or from lazy frames for the inputs in `ins`.
    """

    def make_asset(compute: Callable[..., pl.DataFrame]) -> dg.AssetsDefinition:
        name = compute.__name__
        parameters = inspect.signature(compute, eval_str=True).parameters
        named = {item.name for item in parameters.values() if item.kind is not inspect.Parameter.VAR_KEYWORD}
        inputs = {*ins, *named} - {"folders"}
        is_by_review = not across_reviews and (name not in SPECS or SPECS[name].key[0] == "review_id")

        # Without a return annotation: Dagster takes `MaterializeResult` there to mean that no value is returned.
        def run(context: dg.AssetExecutionContext, folders: Folders, **frames: Any):  # type: ignore[no-untyped-def]
            with on_error():
                reusable = reusable_frames(context, folders)
                if reusable is not None:
                    batches = split_frame(reusable[name])
                else:
                    resources = {"folders": folders} if "folders" in named else {}
                    input_batches = split_into_batches(frames) if is_by_review else [frames]
                    batches = (compute(**batch, **resources) for batch in input_batches)
                return store_table(name, batches, folders, with_chart=folders.pictures, is_reused=reusable is not None)

        run.__name__ = name
        run.__annotations__ = {"context": dg.AssetExecutionContext, "folders": Folders}
        spec = table_spec(
            name,
            code_version(compute) + version[:16],
            group=group,
            description=None if name in SPECS else inspect.getdoc(compute),
        )
        return dg.asset(
            name=name,
            ins={
                upstream: dg.AssetIn(
                    upstream, dagster_type=pl.LazyFrame if is_by_review or upstream in ins else pl.DataFrame
                )
                for upstream in sorted(inputs)
            },
            deps=list(deps),
            description=spec.description,
            group_name=spec.group_name,
            kinds=set(spec.kinds),
            owners=spec.owners,
            tags={"published": spec.tags["published"]},
            code_version=spec.code_version,
            metadata=dict(spec.metadata),
            check_specs=[schema_check_spec(name)] if name in SPECS else [],
        )(run)

    return make_asset
