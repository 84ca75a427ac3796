"""The concept schemes and the journals, from the files that curators edit."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.common.code_version import code_version
from pipelines.common.hashing import hash_files
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import (
    batches_of,
    check_spec,
    explained,
    kept,
    stored,
    table_asset_of,
    table_spec,
)
from pipelines.vocabularies.schemes import concept_labels_frame, concept_mappings_frame, concepts_frame, journals_frame
from schemas.vocabulary_files import files_by_use

FILES = files_by_use()
"""The files of `schemas/vocabularies/` by what they are used for, so that an edit touches only what uses its file."""


def words(use: str) -> dg.AssetKey:
    """The asset that stands for the files of a use; no name that a table has, as the pages show names alone."""
    return dg.AssetKey(f"{use}_words")


MODALITY, CLAIMS, DESIGNS, TOPICS, MAPPINGS, JOURNALS = (
    words(use) for use in ("modality", "claim", "design", "topic", "mapping", "journal")
)


def words_version(vocabularies: Path, use: str) -> str:
    """The hash of the files of a use, as they are now. Raises dagster.Failure where one is missing."""
    paths = [vocabularies / name for name in FILES[use]]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise dg.Failure(description=f"{', '.join(missing)}: missing; put it back", allow_retries=False)
    return hash_files(vocabularies, paths)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            words(use),
            description="Files that curators edit: " + ", ".join(f"`{name}`" for name in names) + ".",
            group_name="vocabulary",
            kinds={"csv"},
            owners=["team:curators"],
            tags={"published": "no"},
            code_version="1",
        )
        for use, names in FILES.items()
    ]
)
def vocabulary_files(folders: Folders) -> Iterator[dg.MaterializeResult]:
    """Takes note of what the files hold, so that what is made of an edited one is made anew."""
    folder = Path(folders.vocabularies)
    listed = {name for names in FILES.values() for name in names}
    unlisted = sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")} - listed)
    if unlisted:
        raise dg.Failure(
            description=f"{folder}: no use is known of {', '.join(unlisted)}; take it away, or name its use in FILES "
            f"of {__name__}",
            allow_retries=False,
        )
    for use, names in FILES.items():
        yield dg.MaterializeResult(
            asset_key=words(use),
            data_version=dg.DataVersion(words_version(folder, use)),
            metadata={
                "dagster/row_count": sum((folder / name).read_bytes().count(b"\n") - 1 for name in names),
                "files": ", ".join(names),
            },
        )


CONCEPTS = {
    "concepts": concepts_frame,
    "concept_labels": concept_labels_frame,
    "concept_mappings": concept_mappings_frame,
}
_CODE = code_version(*CONCEPTS.values(), Folders.load_vocabularies)


@dg.multi_asset(
    outs={name: dg.AssetOut.from_spec(table_spec(name, _CODE)) for name in CONCEPTS},
    deps=[MODALITY, CLAIMS, DESIGNS, TOPICS, MAPPINGS],
    check_specs=[check_spec(name) for name in CONCEPTS],
)
def vocabularies(context: dg.AssetExecutionContext, folders: Folders) -> Iterator[dg.MaterializeResult]:
    """Stops the run, with file, line and mend, where a vocabulary is broken."""
    before = kept(context, folders)
    loaded = explained(folders.load_vocabularies)
    for name, table in CONCEPTS.items():
        batches = batches_of(before[name]) if before else [table(loaded)]
        yield stored(name, batches, folders, reused=before is not None)


@table_asset_of(deps=[JOURNALS])
def journals(folders: Folders) -> pl.DataFrame:
    return journals_frame(folders.load_vocabularies())
