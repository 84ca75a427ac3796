"""What lies in the folder of a release, file by file. When it is written and promoted is `release`'s matter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.common.hashing import hash_file
from pipelines.release.description import LICENCE_FILE, about, licence_markdown, publication_date
from pipelines.release.diff import diff, diff_markdown
from pipelines.release.files import DATABASE, MANIFEST, files_of, to_json
from pipelines.release.formats.citation_cff import citation_cff
from pipelines.release.formats.codebook import codebook_html, codebook_markdown, facts
from pipelines.release.formats.croissant import croissant
from pipelines.release.formats.csv_copy import load_r, write_csv
from pipelines.release.formats.datapackage import codes_of, datapackage
from pipelines.release.formats.duckdb_file import write_database
from pipelines.release.formats.parquet_file import write_parquet
from pipelines.release.formats.rocrate import METADATA, rocrate
from pipelines.release.published_vocabularies import vocabularies_of
from pipelines.release.verbatim import published_specs, without_verbatim


def write_release(frames: Mapping[str, pl.LazyFrame], folder: Path, before: Path | None) -> None:
    """Write all files of a release into an empty folder, `MANIFEST.sha256` last.

    The frames' rows stand in the order of their keys; they are read batch by batch, as often as they are wanted.
    `before` is the release that `CHANGES.md` compares with. Where `builds` says that the release holds no verbatim
    text, none is written. Raises duckdb.ConstraintException where the frames break their models.
    """
    is_verbatim = bool(frames["builds"].select("is_verbatim").collect().item())
    tables = published_specs(verbatim=is_verbatim)
    if not is_verbatim:
        frames = without_verbatim(frames)
    release = about(frames, is_verbatim=is_verbatim)
    published = publication_date()

    parquet, csv, vocabularies = (folder / name for name in ("parquet", "csv", "vocabularies"))
    for new in (parquet, csv, vocabularies):
        new.mkdir()
    for name, table in tables.items():
        write_parquet(frames[name], table, parquet / f"{name}.parquet", release.metadata)
        write_csv(frames[name], table, csv / f"{name}.csv")
    write_database(folder / DATABASE, tables, parquet)
    _write_vocabularies(frames, vocabularies, release.version)
    changes = diff(before, folder, release.release_id)

    def write(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    write("csv/load.R", load_r(tables.values()))
    known = {name: facts(table, frames[name]) for name, table in tables.items()}
    write("codebook.md", codebook_markdown(tables, known))
    write("codebook.html", codebook_html(tables, known, release.title))
    write("CHANGES.md", diff_markdown(changes))
    write("changes.json", to_json(changes.as_json()))
    write(LICENCE_FILE, licence_markdown(release))
    write("CITATION.cff", citation_cff(release, published))
    files = files_of(folder)
    write(
        "datapackage.json",
        to_json(datapackage(tables, release, files, codes_of(frames["concepts"].collect()), published)),
    )
    write("croissant.json", to_json(croissant(tables, release, files, published)))
    write(METADATA, to_json(rocrate(tables, release, files_of(folder), published)))
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    write(MANIFEST, "".join(f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths))


def _write_vocabularies(frames: Mapping[str, pl.LazyFrame], folder: Path, version: str) -> None:
    # Imported here: rdflib takes half a second, and whoever only checks a release does not need it.
    from pipelines.release.formats.skos import skos_turtle
    from pipelines.release.formats.sssom import sssom_tsv

    vocabularies = vocabularies_of(frames)
    (folder / "concepts.ttl").write_text(skos_turtle(vocabularies), encoding="utf-8")
    (folder / "mappings.sssom.tsv").write_text(sssom_tsv(vocabularies, version), encoding="utf-8")
