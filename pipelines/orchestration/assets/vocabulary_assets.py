"""The vocabularies: an asset per group of files that curators edit, and the tables of concepts and journals."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.common.code_version import code_version
from pipelines.common.hashing import hash_files
from pipelines.orchestration.asset_specs import schema_check_spec, table_spec
from pipelines.orchestration.failure_policy import raise_as_failure
from pipelines.orchestration.frame_reuse import reusable_frames, split_frame
from pipelines.orchestration.resources import Folders
from pipelines.orchestration.table_asset import table_asset
from pipelines.orchestration.table_store import store_table
from pipelines.vocabularies.journal_index import journals_frame
from pipelines.vocabularies.schemes import concept_labels_frame, concept_mappings_frame, concepts_frame
from pipelines.vocabularies.used_concepts import add_used_concepts
from schemas.vocabulary_files import group_files_by_use

FILES = group_files_by_use()
"""The files in `schemas/vocabularies/` by use, so that an edit makes out of date only the assets that use the file."""


def words_key(use: str) -> dg.AssetKey:
    """Return the key of the asset that represents the vocabulary files of a use. It differs from every table name."""
    return dg.AssetKey(f"{use}_words")


MODALITY = words_key("modality")
CLAIMS = words_key("claim")
DESIGNS = words_key("design")
TOPICS = words_key("topic")
CONTEXT = words_key("context")
MAPPINGS = words_key("mapping")
JOURNALS = words_key("journal")
CODING = words_key("coding")
READING = words_key("reading")
GENERAL_WORDS = words_key("general")
QUANTITIES = words_key("quantity")
AMOUNTS = words_key("amount")
WORKS = words_key("work")


def words_version(vocabularies: Path, use: str) -> str:
    """Return the hash of the files of a use as they are now. Raises dagster.Failure if a file is missing."""
    paths = [vocabularies / name for name in FILES[use]]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise dg.Failure(description=f"{', '.join(missing)}: missing; put it back", allow_retries=False)
    return hash_files(vocabularies, paths)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            words_key(use),
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
    """Record the contents of the vocabulary files, so that an edit makes the assets that use the file out of date.

    Stops the run if a file is missing or its use is not declared.
    """
    with raise_as_failure():
        folder = Path(folders.vocabularies)
        declared = {name for names in FILES.values() for name in names}
        undeclared = sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")} - declared)
        if undeclared:
            raise dg.Failure(
                description=f"{folder}: the use of {', '.join(undeclared)} is not declared; remove the file, or add it "
                "to VOCABULARY_FILES in schemas/vocabulary_files.py",
                allow_retries=False,
            )
        for use, names in FILES.items():
            yield dg.MaterializeResult(
                asset_key=words_key(use),
                data_version=dg.DataVersion(words_version(folder, use)),
                metadata={
                    "dagster/row_count": sum((folder / name).read_bytes().count(b"\n") - 1 for name in names),
                    "files": ", ".join(names),
                },
            )


CONCEPT_TABLES = {
    "concepts": concepts_frame,
    "concept_labels": concept_labels_frame,
    "concept_mappings": concept_mappings_frame,
}
_CODE = code_version(*CONCEPT_TABLES.values(), add_used_concepts, Folders.load_vocabularies)


@dg.multi_asset(
    outs={name: dg.AssetOut.from_spec(table_spec(name, _CODE)) for name in CONCEPT_TABLES},
    ins={name: dg.AssetIn(name, dagster_type=pl.LazyFrame) for name in ("study_concepts", "comparisons")},
    deps=[MODALITY, CLAIMS, DESIGNS, TOPICS, MAPPINGS, GENERAL_WORDS],
    check_specs=[schema_check_spec(name) for name in CONCEPT_TABLES],
)
def vocabularies(
    context: dg.AssetExecutionContext, folders: Folders, study_concepts: pl.LazyFrame, comparisons: pl.LazyFrame
) -> Iterator[dg.MaterializeResult]:
    """Load the concept schemes, and of the large ones the concepts that studies use.

    If a file is broken, stops the run and names the file, the line and the fix.
    """
    with raise_as_failure():
        reusable = reusable_frames(context, folders)
        arms = [
            comparisons.select(scheme=f"{arm}_scheme", concept_id=f"{arm}_id").drop_nulls()
            for arm in ("intervention", "comparator")
        ]
        used = pl.concat([study_concepts.select("scheme", "concept_id"), *arms]).unique().collect().rows()
        loaded = add_used_concepts(folders.load_vocabularies(), folders.load_derived_schemes(), used)
        for name, make_frame in CONCEPT_TABLES.items():
            batches = split_frame(reusable[name]) if reusable else [make_frame(loaded)]
            yield store_table(name, batches, folders, is_reused=reusable is not None)


@table_asset(on_error=raise_as_failure, ins=("reviews", "bib_references"), deps=[JOURNALS])
def journals(folders: Folders, **frames: pl.LazyFrame) -> pl.DataFrame:
    named = pl.concat([frame.select("journal_id") for frame in frames.values()])
    return journals_frame(
        folders.load_journals(), named.drop_nulls().unique().sort("journal_id").collect()["journal_id"]
    )
