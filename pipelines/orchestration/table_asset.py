"""What every asset that keeps a frame has in common: described by its model, validated before it is stored.

The failure policy stands here once: a frame that breaks its model stops the run and is never stored.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.checks.policies import POLICIES
from pipelines.common.batching import in_batches
from pipelines.common.code_version import code_version
from pipelines.orchestration.frame_files import frame_version, write_frame
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.staleness import graph_of, last_made, reason_to_make
from pipelines.orchestration.ui_metadata import shown
from pipelines.readers.errors import ReadError
from pipelines.release.folders import ReleaseError
from pipelines.sources.source_folder import SourceError
from pipelines.tables.validation import InvalidTableError, validate
from pipelines.vocabularies.schemes import VocabularyError
from schemas.tables import SPECS
from schemas.tables.base import Column

CHECK = "schema_and_keys"
KINDS = {"polars", "parquet"}
OWNERS = {"vocabulary": ["team:curators"]}
REUSE = "reviewmart/reuse"
"""Run tag: an asset whose inputs and code are those it was last made of is kept as it is."""

EXPLAINED = (InvalidTableError, ReadError, ReleaseError, SourceError, VocabularyError)
"""Errors whose text says all that an operator needs; another try would end the same way."""


def column_schema(name: str) -> dg.TableSchema:
    """Dagster's column schema of a table, rendered from its model."""
    spec = SPECS[name]
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.sql_type,
                description=column.description,
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=spec.key == (column.name,), other=_rules(column)
                ),
            )
            for column in spec.columns
        ],
        constraints=dg.TableConstraints(
            other=[
                f"primary key ({', '.join(spec.key)})",
                *(
                    f"({', '.join(key.columns)}) names a row of {key.table} ({', '.join(key.references)})"
                    for key in spec.foreign_keys
                ),
            ]
        ),
    )


def table_spec(
    name: str,
    version: str,
    deps: Iterable[str | dg.AssetKey] = (),
    *,
    group: str | None = None,
    description: str | None = None,
) -> dg.AssetSpec:
    """The asset of a table or of an unpublished frame; a table's group is its layer, its description its grain."""
    published = name in SPECS
    layer = group or SPECS[name].layer
    return dg.AssetSpec(
        name,
        deps=list(deps),
        description=description or f"One row is {SPECS[name].grain}.\n\nKey: {', '.join(SPECS[name].key)}.",
        group_name=layer,
        kinds=KINDS,
        owners=OWNERS.get(layer, ["team:pipeline"]),
        tags={"published": "yes" if published else "no"},
        code_version=version,
        metadata={"dagster/column_schema": column_schema(name)} if published else {},
    )


def check_spec(name: str) -> dg.AssetCheckSpec:
    """The check that holds a table to its model before it is stored; what it finds stops all that needs the table."""
    return dg.AssetCheckSpec(CHECK, asset=name, description=POLICIES[CHECK].description, blocking=True)


def stored(
    name: str,
    batches: Iterable[pl.DataFrame],
    folders: Folders,
    *,
    picture: bool = False,
    reused: bool = False,
    more: Mapping[str, Any] | None = None,
) -> dg.MaterializeResult:
    """The frame, validated and written, with what the UI shows of it; its data version is a hash of what it holds.

    It comes in batches of whole reviews, in the order of their ids. Raises dagster.Failure, with every failing row of
    a batch by key and span, where the frame breaks its model.
    """
    try:
        written = write_frame(name, _valid(name, batches), Path(folders.frames))
    except InvalidTableError as error:
        metadata = {"failures": len(error.failures)}
        raise dg.Failure(description=str(error), metadata=metadata, allow_retries=False) from error
    checks = [
        dg.AssetCheckResult(
            check_name=CHECK,
            asset_key=name,
            passed=True,
            metadata={"rows": written.n_rows, "columns": written.n_columns, "failures": 0},
        )
    ]
    return dg.MaterializeResult(
        asset_key=name,
        value=written,
        metadata={
            **shown(name, written, picture=picture),
            "made": "kept: inputs and code are the same" if reused else "computed",
            **(more or {}),
        },
        data_version=dg.DataVersion(written.version),
        check_results=checks if name in SPECS else [],
    )


def _valid(name: str, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Each batch validated and in the order of the key, where the frame is published; any other as it is."""
    for batch in batches:
        yield validate(name, batch).sort(SPECS[name].key, nulls_last=True) if name in SPECS else batch


def kept(context: dg.AssetExecutionContext, folders: Folders) -> dict[str, pl.LazyFrame] | None:
    """The frames that this step stored last, where the run asks to keep what would come out the same; else None."""
    if REUSE not in context.run.tags:
        return None
    graph = graph_of([context.assets_def])
    made = last_made(context.instance, {*graph, *(name for node in graph.values() for name in node.inputs)})
    if any(reason_to_make(node, made.get(name), made) for name, node in graph.items()):
        return None
    return last_frames(context, folders)


def last_frames(context: dg.AssetExecutionContext, folders: Folders) -> dict[str, pl.LazyFrame] | None:
    """The frames that this step stored last; None where other code made them, or they are not there as it left them."""
    graph = graph_of([context.assets_def])
    made = last_made(context.instance, graph)
    frames = {name: folders.stored(name) for name in graph}
    found = {name: frame for name, frame in frames.items() if frame is not None}
    same = all(
        name in found
        and name in made
        and made[name].code_version == node.code_version
        and made[name].data_version == frame_version(found[name])
        for name, node in graph.items()
    )
    return found if same else None


def batches_of(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """A stored frame in batches of whole reviews, or whole where it is not of reviews."""
    return (batch["frame"] for batch in in_batches({"frame": frame}))


@contextmanager
def tried_again_for_files_only() -> Iterator[None]:
    """For a step with a retry policy: only what the file system says no to is worth another try.

    A folder on another machine, or a full disk, may be back or mended a moment later; a fault of a source, a vocabulary
    or the code is not.
    """
    try:
        yield
    except (dg.Failure, OSError):
        raise
    except EXPLAINED as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
    except Exception as error:
        words = f"the code failed: {type(error).__name__}: {error}; report it together with this run's log"
        raise dg.Failure(description=words, allow_retries=False) from error


def explained(work: Callable[[], Any]) -> Any:
    """The result of `work`; an error that explains itself stops the run with its text and nothing around it."""
    try:
        return work()
    except EXPLAINED as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


def table_asset(
    compute: Callable[..., pl.DataFrame],
    ins: Iterable[str] = (),
    deps: Iterable[dg.AssetKey] = (),
    group: str | None = None,
    version: str = "",
) -> dg.AssetsDefinition:
    """An asset for the table that the function is named after.

    Its inputs are the assets that its parameters name, and those of `ins`, which come as further keywords; `deps` are
    files that it reads through `folders`. A function whose name is no published table makes a frame that is kept
    unpublished, in `group`, described by the function's docstring. `version` is added to the version of its code.

    A table of reviews is made some reviews at a time: the function is given their rows, and all rows of what is not of
    reviews. Any other is made at once, of what its parameters' types say: whole frames, or frames that read nothing
    until they are asked for rows.
    """
    name = compute.__name__
    signature = inspect.signature(compute, eval_str=True)
    own = [item for item in signature.parameters.values() if item.kind is not inspect.Parameter.VAR_KEYWORD]
    takes_folders = "folders" in signature.parameters
    inputs = {*ins, *(item.name for item in own if item.name != "folders")}
    is_of_reviews = name not in SPECS or SPECS[name].key[0] == "review_id"
    is_lazy = {name: is_of_reviews or name in ins for name in inputs}

    # No return annotation: Dagster takes a `MaterializeResult` there to mean that no value comes out.
    def run(context: dg.AssetExecutionContext, folders: Folders, **frames: Any):  # type: ignore[no-untyped-def]
        before = kept(context, folders)
        if before is not None:
            batches = batches_of(before[name])
        else:
            more = {"folders": folders} if takes_folders else {}
            batches = (compute(**some, **more) for some in (in_batches(frames) if is_of_reviews else [frames]))
        return explained(lambda: stored(name, batches, folders, picture=folders.pictures, reused=before is not None))

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
            upstream: dg.AssetIn(upstream, dagster_type=pl.LazyFrame if is_lazy[upstream] else pl.DataFrame)
            for upstream in sorted(inputs)
        },
        deps=list(deps),
        description=spec.description,
        group_name=spec.group_name,
        kinds=KINDS,
        owners=spec.owners,
        tags={"published": spec.tags["published"]},
        code_version=spec.code_version,
        metadata=dict(spec.metadata),
        check_specs=[check_spec(name)] if name in SPECS else [],
    )(run)


def table_asset_of(
    ins: Iterable[str] = (), deps: Iterable[dg.AssetKey] = (), group: str | None = None, version: str = ""
) -> Callable[[Callable[..., pl.DataFrame]], dg.AssetsDefinition]:
    """`table_asset` for a function that takes many frames by keyword, reads files or is not published."""
    return functools.partial(table_asset, ins=ins, deps=deps, group=group, version=version)


def _rules(column: Column) -> list[str]:
    """What a column's values keep to, in words short enough for a label."""
    rules = [rule for check, arguments in column.checks for rule in _in_words(check, arguments)]
    if column.vocabulary:
        rules.append(f"vocabulary {column.vocabulary}")
    if column.unit:
        rules.append(f"unit {column.unit}")
    return rules


def _in_words(check: str, arguments: Mapping[str, Any]) -> list[str]:
    match check:
        case "greater_than_or_equal_to":
            return [f"≥ {arguments['min_value']}"]
        case "less_than_or_equal_to":
            return [f"≤ {arguments['max_value']}"]
        case "isin":
            return ["one of " + ", ".join(str(value) for value in arguments["allowed_values"])]
        case "str_matches":
            pattern = arguments["pattern"]
            return [f"matches {getattr(pattern, 'pattern', pattern)}"]
        case "str_length" if arguments.get("min_value") == 1 and arguments.get("max_value") is None:
            return ["not empty"]
        case "str_length":
            least, most = arguments.get("min_value"), arguments.get("max_value")
            return [f"{sign} {n} characters" for sign, n in (("≥", least), ("≤", most)) if n is not None]
        case _:
            raise NotImplementedError(f"no words are known for the check {check}; add them here")
