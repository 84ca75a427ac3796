"""What assets need from outside: the folders, and where frames are kept between assets. No computing here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import dagster as dg
import polars as pl
from upath import UPath

from pipelines.common.hashing import hash_folder
from pipelines.common.settings import default_out, default_raw, default_vocabularies
from pipelines.common.workers import Progress, unwatched
from pipelines.curate.coding_rules import CodingRules, load_coding_rules
from pipelines.orchestration.io_manager import ParquetFrames
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.schemes import Vocabularies


class Folders(dg.ConfigurableResource[None]):
    """Where sources come from, where releases go, where the vocabularies stand, where frames are kept between assets.

    `pictures` says whether the analysis assets draw their charts for the UI, `verbatim` whether the release holds the
    sources' own wording.
    """

    raw: str = default_raw()
    out: str = default_out()
    vocabularies: str = default_vocabularies()
    frames: str = str(Path(default_out()) / ".frames")
    pictures: bool = True
    verbatim: bool = True

    def stored(self, name: str) -> pl.LazyFrame | None:
        """The frame that an asset stored last; None where there is none."""
        path = Path(self.frames) / f"{name}.parquet"
        return pl.scan_parquet(path) if path.exists() else None

    def load_vocabularies(self) -> Vocabularies:
        """What the files hold now; read anew only where one changed. Raises as `vocabulary_files` does."""
        return _vocabularies(Path(self.vocabularies), hash_folder(Path(self.vocabularies)))

    def load_coding_rules(self) -> CodingRules:
        """The rules that vocabularies and cues make now; made anew only where a file changed. Raises as `cue_files`."""
        return _coding_rules(Path(self.vocabularies), hash_folder(Path(self.vocabularies)))


# Read once as long as no file changes: several assets of a run need them.
@lru_cache(maxsize=2)
def _vocabularies(folder: Path, digest: str) -> Vocabularies:  # noqa: ARG001
    return load_vocabularies(folder)


@lru_cache(maxsize=2)
def _coding_rules(folder: Path, digest: str) -> CodingRules:
    return load_coding_rules(folder / "cues", _vocabularies(folder, digest))


def resources(folders: Folders, progress: Progress = unwatched) -> dict[str, object]:
    """All that the assets need, from the folders alone; `progress` is told how the reading of the sources goes."""
    return {"folders": folders, "progress": progress, "io_manager": ParquetFrames(base_path=UPath(folders.frames))}
