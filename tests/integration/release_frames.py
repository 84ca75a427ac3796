"""Publish the frames of a release again under other ids, without running the asset graph."""

import hashlib
import sys
from pathlib import Path

import polars as pl

from pipelines.release.publish import publish_release
from schemas.tables import SPECS

ROOT = Path(__file__).parents[2]


def frames_of(release: Path) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(release / "parquet" / f"{name}.parquet") for name in SPECS}


def release_id(name: str) -> str:
    return "r" + hashlib.sha256(name.encode()).hexdigest()[:12]


def renamed(frames: dict[str, pl.DataFrame], name: str, *, verbatim: bool = True) -> dict[str, pl.DataFrame]:
    """The frames as those of another release; two tables contain its id, so that a mixture of releases is detected."""
    identity = pl.lit(release_id(name))
    return {
        **frames,
        "builds": frames["builds"].with_columns(identity.alias("release_id"), is_verbatim=pl.lit(verbatim)),
        "reviews": frames["reviews"].with_columns(identity.alias("title")),
    }


def publish_frames(frames: dict[str, pl.DataFrame], out: Path, name: str) -> Path:
    return publish_release({table: frame.lazy() for table, frame in frames.items()}, out, release_id(name))


def publish_as(frames: dict[str, pl.DataFrame], out: Path, name: str, *, verbatim: bool = True) -> Path:
    return publish_frames(renamed(frames, name, verbatim=verbatim), out, name)


if __name__ == "__main__":
    # python -m tests.integration.release_frames RELEASE OUT NAME
    publish_as(frames_of(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3])
