"""Materialise the whole asset graph in this process: the work behind `reviewmart build`.

The frames between assets go to a temporary folder, one per build, so that builds do not interfere.
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
from pipelines.orchestration.resources import Folders, build_resources
from schemas.tables import SPECS

_FRAMES_PREFIX = ".frames-"
_LOCK = ".lock"

LAYERS = ("sources", "vocabulary", "extracted", "curated", "linked", "analysis", "meta", "release")


class BuildError(RuntimeError):
    """The build failed and published nothing; the message is that of the failed step."""


@dataclass(frozen=True, slots=True)
class BuiltTable:
    layer: str
    name: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The contents of a release. `quarantined` lists the sources that were left out, each with the reason."""

    release_id: str
    tables: list[BuiltTable]
    n_reviews: int
    quarantined: list[tuple[str, str]]
    seconds: float


def run_build(raw: Path, out: Path, progress_console: Console, *, verbatim: bool = True) -> BuildResult:
    """Materialise all assets and publish a release, with or without the sources' own wording.

    Raises BuildError if a step fails.
    """
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with temporary_frames_folder(out) as frames, _show_progress(progress_console) as (step_hook, on_progress):
        definitions = dg.Definitions(
            assets=ASSETS,
            asset_checks=ASSET_CHECKS,
            jobs=[dg.define_asset_job("build", selection=dg.AssetSelection.all(), hooks={step_hook})],
            resources=build_resources(
                Folders(
                    raw=str(raw.resolve()),
                    out=str(out.resolve()),
                    vocabularies=default_vocabularies(),
                    frames=str(frames),
                    pictures=False,
                    verbatim=verbatim,
                ),
                on_progress,
            ),
        )
        with dg.DagsterInstance.ephemeral() as instance:
            result = definitions.resolve_job_def("build").execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        if not result.success:
            raise BuildError(_failure_message(result))
        stored = {name: pl.scan_parquet(frames / f"{name}.parquet") for name in SPECS}
        counts = pl.collect_all([frame.select(pl.len()) for frame in stored.values()])
        n_rows = dict(zip(stored, (counted.item() for counted in counts), strict=True))
        quarantined = stored["quarantined_sources"].select("review_id", "reason").collect()
        return BuildResult(
            release_id=stored["builds"].select("release_id").collect().item(),
            tables=[
                BuiltTable(layer, name, n_rows[name])
                for layer in LAYERS
                for name in SPECS
                if SPECS[name].layer == layer
            ],
            n_reviews=n_rows["reviews"],
            quarantined=list(quarantined.iter_rows()),
            seconds=time.monotonic() - started,
        )


@contextmanager
def temporary_frames_folder(out: Path) -> Iterator[Path]:
    """Give a new folder for the frames of a build and remove it at the end. Folders of killed builds are removed first.

    A build holds the lock in its folder while it runs; a folder with a free lock belongs to a build that was killed.
    """
    with ExitStack() as stack:
        with FileLock(out / ".frames.lock"):
            for folder in out.glob(f"{_FRAMES_PREFIX}*"):
                with suppress(Timeout), FileLock(folder / _LOCK, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
            frames = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_FRAMES_PREFIX, dir=out)))
            stack.enter_context(FileLock(frames / _LOCK))
        yield frames


def _failure_message(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return data.user_failure_data.description
            error = data.error.cause or data.error if data.error else None
            return f"{event.step_key}: {error.message.strip() if error else event.message}"
    return "the run failed before its first step"


def layers_of_steps() -> dict[str, str]:
    """The layer of each step of a build: that of the asset that it makes, or `checks`."""
    assets = [asset for asset in ASSETS if isinstance(asset, dg.AssetsDefinition)]
    return {
        **{asset.op.name: next(iter(asset.group_names_by_key.values())) for asset in assets},
        **{check.op.name: "checks" for check in ASSET_CHECKS},
    }


@contextmanager
def _show_progress(console: Console) -> Iterator[tuple[dg.HookDefinition, Progress]]:
    """Show one progress bar: over the reviews while they are read, and over the steps, labelled with their layer.

    Gives the hook to call after each step, and the function to call after each review. Shows nothing if the console is
    not a terminal.
    """
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    layer_of = layers_of_steps()
    bar = rich.progress.Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        _SpeedColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    task = bar.add_task("sources", total=len(layer_of))
    step_numbers = count(1)

    @dg.success_hook
    def step_done(context: dg.HookContext) -> None:
        bar.update(task, completed=next(step_numbers), total=len(layer_of), description=layer_of[context.op.name])

    def review_done(n_done: int, n_total: int) -> None:
        bar.update(task, completed=n_done, total=n_total, description="reviews")

    with bar:
        yield step_done, review_done


class _SpeedColumn(rich.progress.ProgressColumn):
    """The number of items per second."""

    def render(self, task: rich.progress.Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")
