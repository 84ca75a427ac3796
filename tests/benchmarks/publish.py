"""What a publish costs: seconds and bytes of a release, beside writing the same frames bare, as a Markdown table.

    python -m tests.benchmarks.publish [--release DIR]

`DIR` is a release to publish again; without it the shipped source is built first. Bare is one Parquet file a table and
the same tables in a DuckDB file, without keys, comments, descriptions or checks: the least that any publish must do.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
from rich.console import Console

from pipelines.orchestration.run_build import run_build
from tests.integration.release_frames import ROOT, frames_of, publish_as

ROUNDS = 5


def write_bare(frames: dict[str, pl.DataFrame], folder: Path) -> None:
    folder.mkdir()
    with duckdb.connect(str(folder / "bare.duckdb")) as mart:
        for name, frame in frames.items():
            path = folder / f"{name}.parquet"
            frame.write_parquet(path)
            mart.execute(f"CREATE TABLE {name} AS FROM read_parquet('{path}')")


def seconds(make: Callable[[Path], object], world: Path) -> float:
    """The best of some rounds, each in a folder of its own."""
    best = float("inf")
    for number in range(ROUNDS):
        began = time.perf_counter()
        make(world / f"{make.__name__}-{number}")
        best = min(best, time.perf_counter() - began)
    return best


def n_bytes(folder: Path, pattern: str = "*") -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--release", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        if options.release is None:
            run_build(ROOT / "raw", world / "outputs", Console(quiet=True))
        frames = frames_of(options.release or world / "outputs" / "latest")

        def publish(out: Path) -> None:
            publish_as(frames, out, "measured")

        def bare(out: Path) -> None:
            write_bare(frames, out)

        published, least = seconds(publish, world), seconds(bare, world)
        release = (world / "publish-0" / "latest").resolve()
        print("| | seconds | MB | DuckDB, MB | Parquet, MB | CSV, MB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, taken, where in (("publish", published, release), ("bare", least, world / "bare-0")):
            sizes = (n_bytes(where), *(n_bytes(where, f"*.{kind}") for kind in ("duckdb", "parquet", "csv")))
            print(f"| {name} | {taken:.2f} | {' | '.join(f'{size / 1e6:.1f}' for size in sizes)} |")
        rows = sum(frame.height for frame in frames.values())
        print(f"\n{rows:,} rows in {len(frames)} tables; {published / least:.1f} times the least")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
