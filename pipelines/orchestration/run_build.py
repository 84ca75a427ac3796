"""The whole asset graph, materialised in this process: what `reviewmart build` does.

The frames between the assets are kept in a temporary folder of the build's own, so that builds do not mix.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import dagster as dg
import polars as pl
import rich.progress
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from pipelines.common.settings import default_vocabularies
from pipelines.common.workers import Progress
from pipelines.orchestration.asset_checks import ASSET_CHECKS
from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.resources import Folders, resources
from schemas.tables import SPECS

_FRAMES = ".frames-"
_LOCK = ".lock"

LAYERS = ("sources", "vocabulary", "extracted", "curated", "analysis", "meta", "release")


class BuildError(RuntimeError):
    """A build that published nothing; the message is what the failed step said."""


@dataclass(frozen=True, slots=True)
class BuiltTable:
    layer: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Built:
    """What a build published. `quarantined` has the reviews that it lacks, each with the reason."""

    release_id: str
    tables: list[BuiltTable]
    n_reviews: int
    quarantined: list[tuple[str, str]]
    seconds: float


def run_build(raw: Path, out: Path, progress_on: Console, *, verbatim: bool = True) -> Built:
    """Materialise all assets and publish, with or without the sources' own wording.

    Raises BuildError where a step fails.
    """
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with frames_folder(out) as frames, _progress(progress_on) as (hook, reading):
        definitions = dg.Definitions(
            assets=ASSETS,
            asset_checks=ASSET_CHECKS,
            jobs=[dg.define_asset_job("build", selection=dg.AssetSelection.all(), hooks={hook})],
            resources=resources(
                Folders(
                    raw=str(raw.resolve()),
                    out=str(out.resolve()),
                    vocabularies=default_vocabularies(),
                    frames=str(frames),
                    pictures=False,
                    verbatim=verbatim,
                ),
                reading,
            ),
        )
        with dg.DagsterInstance.ephemeral() as instance:
            result = definitions.resolve_job_def("build").execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        if not result.success:
            raise BuildError(_reason(result))
        stored = {name: pl.scan_parquet(frames / f"{name}.parquet") for name in SPECS}
        counts = pl.collect_all([frame.select(pl.len()) for frame in stored.values()])
        quarantined = stored["quarantined_sources"].select("review_id", "reason").collect()
        rows = dict(zip(stored, (count.item() for count in counts), strict=True))
        return Built(
            release_id=stored["builds"].select("release_id").collect().item(),
            tables=[
                BuiltTable(layer, name, rows[name]) for layer in LAYERS for name in SPECS if SPECS[name].layer == layer
            ],
            n_reviews=rows["reviews"],
            quarantined=list(quarantined.iter_rows()),
            seconds=time.monotonic() - started,
        )


@contextmanager
def frames_folder(out: Path) -> Iterator[Path]:
    """A folder for a build's own frames, removed at its end; those that killed builds left are removed first.

    A build holds the lock in its folder as long as it runs, so that a folder whose lock is free is nobody's.
    """
    with ExitStack() as stack:
        with FileLock(out / ".frames.lock"):
            for left in out.glob(f"{_FRAMES}*"):
                with suppress(Timeout), FileLock(left / _LOCK, timeout=0):
                    shutil.rmtree(left, ignore_errors=True)
            frames = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_FRAMES, dir=out)))
            stack.enter_context(FileLock(frames / _LOCK))
        yield frames


def _reason(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return data.user_failure_data.description
            error = data.error.cause or data.error if data.error else None
            return f"{event.step_key}: {error.message.strip() if error else event.message}"
    return "the run failed before its first step"


@contextmanager
def _progress(console: Console) -> Iterator[tuple[dg.HookDefinition, Progress]]:
    """One bar: over the reviews while they are read, then over the steps, naming the layer at work.

    With rate and time left; nothing where the console is no terminal. Gives the hook and the function that feed it.
    """
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    layer_of = {
        asset.op.name: next(iter(asset.group_names_by_key.values()))
        for asset in ASSETS
        if isinstance(asset, dg.AssetsDefinition)
    }
    bar = rich.progress.Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    task = bar.add_task("sources", total=len(layer_of))
    steps = count(1)

    @dg.success_hook
    def step_done(context: dg.HookContext) -> None:
        bar.update(task, completed=next(steps), total=len(layer_of), description=layer_of[context.op.name])

    def reading(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total, description="reviews")

    with bar:
        yield step_done, reading


class _Rate(rich.progress.ProgressColumn):
    """How many a second."""

    def render(self, task: rich.progress.Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")
