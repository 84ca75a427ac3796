"""Time and size of publishing a release, compared with bare writing of the same frames, as a Markdown table.

    python -m tests.benchmarks.publish [--release DIR]

`DIR` is a release to publish again; by default, the source in raw/ is built first. Bare writing makes one Parquet file
per table and a DuckDB file with the same tables, without keys, comments, descriptions or checks: the minimum for any
release.
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


def measure_seconds(write: Callable[[Path], object], folder: Path) -> float:
    """Return the time of the fastest of `ROUNDS` rounds, each of which writes to a separate folder."""
    best = float("inf")
    for number in range(ROUNDS):
        started = time.perf_counter()
        write(folder / f"{write.__name__}-{number}")
        best = min(best, time.perf_counter() - started)
    return best


def count_bytes(folder: Path, pattern: str = "*") -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", type=Path, help="folder of the release to publish again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.release is None:
            run_build(ROOT / "raw", folder / "outputs", Console(quiet=True))
        frames = frames_of(options.release or folder / "outputs" / "latest")

        def publish(out: Path) -> None:
            publish_as(frames, out, "measured")

        def bare(out: Path) -> None:
            write_bare(frames, out)

        publish_seconds, bare_seconds = measure_seconds(publish, folder), measure_seconds(bare, folder)
        release = (folder / "publish-0" / "latest").resolve()
        print("| | seconds | MB | DuckDB, MB | Parquet, MB | CSV, MB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for label, seconds, place in (
            ("publish", publish_seconds, release),
            ("bare", bare_seconds, folder / "bare-0"),
        ):
            sizes = (count_bytes(place), *(count_bytes(place, f"*.{kind}") for kind in ("duckdb", "parquet", "csv")))
            print(f"| {label} | {seconds:.2f} | {' | '.join(f'{size / 1e6:.1f}' for size in sizes)} |")
        rows = sum(frame.height for frame in frames.values())
        ratio = publish_seconds / bare_seconds
        print(f"\n{rows:,} rows in {len(frames)} tables; publishing takes {ratio:.1f} times as long as bare writing")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
