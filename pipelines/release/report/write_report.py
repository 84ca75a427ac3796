"""Writes the report of a release into its folder: when the release is made, and again for a release that exists."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.release import ReleaseError
from pipelines.release.description import ReleaseDescription, describe_release
from pipelines.release.files import PAGE, PICTURES, dump_json, list_files, parquet_file
from pipelines.release.formats.rocrate import METADATA_FILE, build_rocrate
from pipelines.release.manifest import MANIFEST, check_hashes, write_manifest
from pipelines.release.promote import raise_disk_errors_as_release_errors, temporary_folder
from pipelines.release.report.page import bundle_vega, render_report
from pipelines.release.report.pictures import write_pictures
from pipelines.release.report.queries import open_database, run_query
from pipelines.release.report.scopes import ALL_REVIEWS, read_scopes, with_network
from pipelines.release.verbatim import published_specs
from schemas.tables import SPECS


def write_report(folder: Path, release: ReleaseDescription, to: Path | None = None) -> None:
    """Write `report.html` and the pictures of a release whose database and `changes.json` are complete.

    They are written into the folder of the release, or into the folder `to`.
    """
    to = to or folder
    changes = json.loads((folder / "changes.json").read_text(encoding="utf-8"))
    with ThreadPoolExecutor(1) as executor, open_database(folder) as connection:
        # Bundling the script takes a second, in which this process only waits.
        executor.submit(bundle_vega)
        reviews = run_query(connection, "reviews")
        review_ids = [review["review_id"] for review in reviews]
        scopes = read_scopes(connection, review_ids)
        concepts = run_query(connection, "concepts")
        page = render_report(connection, release, reviews, concepts, scopes, changes)
    # As bytes: line breaks must stay as they are, because the page knows its scripts by their hash.
    (to / PAGE).write_bytes(page.encode())
    (to / PICTURES).mkdir()
    # A release of one review has pictures of that review, which has rows that all reviews together do not have.
    whole = scopes[review_ids[0]] if len(review_ids) == 1 else scopes[ALL_REVIEWS]
    write_pictures(to / PICTURES, with_network(whole), concepts, release.citation)


def rewrite_report(folder: Path) -> Path:
    """Write the report of an existing release again, with the code as it is now, and return its page.

    The manifest and the RO-Crate then describe the new files; all other files of the release stay as they are. Raises
    ReleaseError if another file of the release is damaged, if the release was made with another schema version, or if
    the disk cannot be written.
    """
    check_hashes(folder, except_for=(PAGE, f"{PICTURES}/", METADATA_FILE))
    missing = [name for name in SPECS if not parquet_file(folder, name).is_file()]
    frames = {name: pl.scan_parquet(parquet_file(folder, name)) for name in SPECS if name not in missing}
    changed = [name for name, frame in frames.items() if frame.collect_schema() != SPECS[name].polars_schema]
    if missing or changed:
        raise ReleaseError(
            f"{folder}: made with other tables than this version of reviewmart has "
            f"({', '.join([*missing, *changed][:5])}); build it again"
        )
    is_verbatim = bool(frames["builds"].select("is_verbatim").collect().item())
    release = describe_release(frames, is_verbatim=is_verbatim)
    with raise_disk_errors_as_release_errors(folder.parent), temporary_folder(folder.parent) as new:
        write_report(folder, release, new)
        shutil.rmtree(folder / PICTURES, ignore_errors=True)
        (new / PICTURES).rename(folder / PICTURES)
        (new / PAGE).replace(folder / PAGE)
        crate = json.loads((folder / METADATA_FILE).read_text(encoding="utf-8"))
        [published] = {entity["datePublished"] for entity in crate["@graph"] if entity["@id"] == "./"}
        files = {path: file for path, file in list_files(folder).items() if path not in (MANIFEST, METADATA_FILE)}
        tables = published_specs(verbatim=is_verbatim)
        described = build_rocrate(tables, release, files, date.fromisoformat(published))
        (folder / METADATA_FILE).write_text(dump_json(described), encoding="utf-8")
        write_manifest(folder)
    return folder / PAGE
