"""The resources of the assets: the folders to read and write, the vocabularies in them, and the I/O manager."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import dagster as dg
import polars as pl
from pydantic import Field
from upath import UPath

from pipelines.common.hashing import hash_folder
from pipelines.common.settings import default_out, default_raw, default_vocabularies
from pipelines.common.workers import Progress, ignore_progress
from pipelines.curate.coding_rules import CodingRules, load_coding_rules
from pipelines.curate.general_concepts import GeneralRules, load_general_rules
from pipelines.orchestration.io_manager import ParquetFrames
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.general_schemes import GENERAL, GeneralScheme
from pipelines.vocabularies.journal_index import JournalIndex, load_journal_index
from pipelines.vocabularies.schemes import Vocabularies


class Folders(dg.ConfigurableResource[None]):
    """The folders of a deployment, and two options that apply to all of its runs."""

    raw: str = Field(default=default_raw(), description="Folder of the sources, with one folder or file per review.")
    out: str = Field(default=default_out(), description="Folder that releases are written to.")
    vocabularies: str = Field(default=default_vocabularies(), description="Folder of the vocabularies.")
    frames: str = Field(
        default=str(Path(default_out()) / ".frames"), description="Folder of the frames stored between assets."
    )
    pictures: bool = Field(default=True, description="Whether analysis tables get a chart in the UI.")
    verbatim: bool = Field(
        default=True, description="Whether the release contains the sources' wording; otherwise it is NULL."
    )

    def scan_frame(self, name: str) -> pl.LazyFrame | None:
        """Scan the frame that an asset stored last; None if it has not stored one."""
        path = Path(self.frames) / f"{name}.parquet"
        return pl.scan_parquet(path) if path.exists() else None

    def load_vocabularies(self) -> Vocabularies:
        """Load the vocabularies; read again only if a file has changed. Raises as `csv_files.load_vocabularies`."""
        return _load_vocabularies(Path(self.vocabularies), hash_folder(Path(self.vocabularies)))

    def load_coding_rules(self) -> CodingRules:
        """Load the coding rules; built again only if a file has changed. Raises as `coding_rules.load_coding_rules`."""
        return _load_coding_rules(Path(self.vocabularies), hash_folder(Path(self.vocabularies)))

    def load_general_rules(self) -> GeneralRules:
        """Load the general schemes and their cues; read again only if a file has changed. Raises as the function."""
        return _load_general_rules(Path(self.vocabularies), hash_folder(Path(self.vocabularies)))

    def load_journals(self) -> JournalIndex:
        """Load the journals; read again only if a file has changed. Raises as `load_journal_index`."""
        return _load_journals(Path(self.vocabularies), hash_folder(Path(self.vocabularies)))

    def load_derived_schemes(self) -> dict[str, GeneralScheme]:
        """Load the derived schemes, by id; read again only if a file has changed. Raises as `load_general_rules`."""
        rules = self.load_general_rules()
        return {scheme.scheme_id: scheme for scheme in (rules.interventions, rules.conditions)}


# Cached because several assets of a run need them; the digest makes a changed file a cache miss.
@lru_cache(maxsize=2)
def _load_vocabularies(folder: Path, digest: str) -> Vocabularies:  # noqa: ARG001
    return load_vocabularies(folder)


@lru_cache(maxsize=2)
def _load_general_rules(folder: Path, digest: str) -> GeneralRules:
    return load_general_rules(folder, _load_vocabularies(folder, digest))


@lru_cache(maxsize=2)
def _load_journals(folder: Path, digest: str) -> JournalIndex:
    return load_journal_index(folder / GENERAL, _load_vocabularies(folder, digest).journals)


@lru_cache(maxsize=2)
def _load_coding_rules(folder: Path, digest: str) -> CodingRules:
    return load_coding_rules(folder / "cues", _load_vocabularies(folder, digest))


def build_resources(folders: Folders, progress: Progress = ignore_progress) -> dict[str, object]:
    """Build the resources of all assets. `progress` is called while the sources are read."""
    return {"folders": folders, "progress": progress, "io_manager": ParquetFrames(base_path=UPath(folders.frames))}
