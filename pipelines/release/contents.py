"""The contents of a release folder: writes every file of a release. When it is promoted does not matter here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.release.description import LICENCE_FILE, describe_release, publication_date, render_licence
from pipelines.release.diff import compare_releases, render_diff
from pipelines.release.files import DATABASE, dump_json, list_files, parquet_file
from pipelines.release.formats.citation_cff import render_citation_cff
from pipelines.release.formats.codebook import render_codebook_html, render_codebook_markdown, summarise_table
from pipelines.release.formats.croissant import build_croissant
from pipelines.release.formats.csv_copy import render_r_loader, write_csv
from pipelines.release.formats.datapackage import build_datapackage, group_codes_by_scheme
from pipelines.release.formats.duckdb_file import write_database
from pipelines.release.formats.parquet_file import write_parquet
from pipelines.release.formats.rocrate import METADATA_FILE, build_rocrate
from pipelines.release.manifest import write_manifest
from pipelines.release.published_vocabularies import read_published_vocabularies
from pipelines.release.verbatim import published_specs, without_verbatim


def write_release(frames: Mapping[str, pl.LazyFrame], folder: Path, previous: Path | None) -> None:
    """Write all files of a release into an empty folder, `MANIFEST.sha256` last.

    The rows of the frames are in the order of their keys; they are read in batches, several times. `CHANGES.md`
    compares with the release `previous`. Verbatim text is left out if `builds` says so. Raises
    duckdb.ConstraintException if the frames violate their models.
    """
    is_verbatim = bool(frames["builds"].select("is_verbatim").collect().item())
    tables = published_specs(verbatim=is_verbatim)
    if not is_verbatim:
        frames = without_verbatim(frames)
    release = describe_release(frames, is_verbatim=is_verbatim)
    published = publication_date()

    def write(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    for subfolder in ("parquet", "csv", "vocabularies"):
        (folder / subfolder).mkdir()
    for name, table in tables.items():
        write_parquet(frames[name], table, parquet_file(folder, name), release.metadata)
        write_csv(frames[name], table, folder / "csv" / f"{name}.csv")
    write("csv/load.R", render_r_loader(tables.values()))
    write_database(folder / DATABASE, tables, folder / "parquet")
    _write_vocabularies(frames, folder / "vocabularies", release.version)

    changes = compare_releases(previous, folder, release.release_id)
    write("CHANGES.md", render_diff(changes))
    write("changes.json", dump_json(changes.to_dict()))
    summaries = {name: summarise_table(table, frames[name]) for name, table in tables.items()}
    write("codebook.md", render_codebook_markdown(tables, summaries, release.title))
    write("codebook.html", render_codebook_html(tables, summaries, release.title))
    write(LICENCE_FILE, render_licence(release))
    write("CITATION.cff", render_citation_cff(release, published))
    # Imported here: the charts take long to import, and checking a release does not need them.
    from pipelines.release.report.write_report import write_report

    write_report(folder, release)

    # The three descriptions list the files with their hashes, so they come after them; RO-Crate lists the other two.
    files = list_files(folder)
    codes = group_codes_by_scheme(frames["concepts"].collect())
    write("datapackage.json", dump_json(build_datapackage(tables, release, files, codes, published)))
    write("croissant.json", dump_json(build_croissant(tables, release, files, published)))
    write(METADATA_FILE, dump_json(build_rocrate(tables, release, list_files(folder), published)))
    write_manifest(folder)


def _write_vocabularies(frames: Mapping[str, pl.LazyFrame], folder: Path, version: str) -> None:
    # Imported here: rdflib takes half a second to import, and checking a release does not need it.
    from pipelines.release.formats.skos import render_skos
    from pipelines.release.formats.sssom import render_sssom

    vocabularies = read_published_vocabularies(frames)
    (folder / "concepts.ttl").write_text(render_skos(vocabularies), encoding="utf-8")
    (folder / "mappings.sssom.tsv").write_text(render_sssom(vocabularies, version), encoding="utf-8")
