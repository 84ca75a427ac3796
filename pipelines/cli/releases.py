"""The commands that work with existing releases: `export`, `diff`, `releases` and `prune`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.shared import (
    RELEASE_HELP,
    WAYS_TO_NAME_A_RELEASE,
    OutFolder,
    app,
    console,
    fail,
    release_folder,
    write_file,
)
from pipelines.release import ReleaseError

LATEST = Path("latest")


class ExportFormat(StrEnum):
    """The keys of `pipelines.release.formats.bibliography.FORMATS`, repeated here so that `--help` loads no library,
    and the citation matrix."""

    csl_json = "csl-json"
    bibtex = "bibtex"
    ris = "ris"
    citation_matrix = "citation-matrix"


@app.command(
    epilog="Example: `reviewmart export --format ris --select "
    "\"SELECT review_id, ref_no FROM reference_designs WHERE design_id = 'case_series'\" "
    "--to series.ris`"
)
def export(
    format_: Annotated[
        ExportFormat,
        typer.Option("--format", help="A bibliography, or a CSV matrix of works (rows) by reviews (columns)."),
    ],
    select: Annotated[
        str | None,
        typer.Option(help="SQL query that returns review_id and ref_no. By default all references are exported."),
    ] = None,
    release: Annotated[Path, typer.Option(help=RELEASE_HELP)] = LATEST,
    to: Annotated[Path | None, typer.Option(help="File to write. By default the export is printed.")] = None,
    out: OutFolder = Path("outputs"),
) -> None:
    """Export references of a release: as a bibliography, or as a matrix that shows which review cites which work."""
    from pipelines.release.formats.bibliography import FORMATS, read_references
    from pipelines.release.formats.citation_matrix import read_citation_matrix
    from pipelines.release.formats.reference_selection import ALL_REFERENCES, SelectionError

    folder, query = release_folder(release, out), select or ALL_REFERENCES
    try:
        if format_ is ExportFormat.citation_matrix:
            matrix = read_citation_matrix(folder, query)
            text, exported = matrix.write_csv(), f"{len(matrix):,} works"
        else:
            references = read_references(folder, query)
            text, exported = FORMATS[format_.value](references), f"{len(references):,} references"
    except SelectionError as error:
        fail(str(error))
    if to is None:
        sys.stdout.write(text)
        return
    write_file(to, text, "--to")
    console.print(f"{exported}: {to}", markup=False)


@app.command(epilog="Example: `reviewmart diff r0123456789ab latest --json`")
def diff(
    old: Annotated[Path, typer.Argument(help=f"The older release: {WAYS_TO_NAME_A_RELEASE}.")],
    new: Annotated[Path, typer.Argument(help=f"The newer release: {WAYS_TO_NAME_A_RELEASE}.")] = LATEST,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = False,
    out: OutFolder = Path("outputs"),
) -> None:
    """Compare two releases: changed columns, and the rows added, removed and changed per table."""
    from pipelines.release.diff import DiffError, compare_releases, render_diff

    try:
        changes = compare_releases(release_folder(old, out), release_folder(new, out))
    except DiffError as error:
        fail(str(error))
    text = json.dumps(changes.to_dict(), indent=2, ensure_ascii=False) + "\n" if as_json else render_diff(changes)
    sys.stdout.write(text)


@app.command(epilog="Example: `reviewmart releases --out outputs`")
def releases(out: OutFolder = Path("outputs")) -> None:
    """List the releases, the newest first."""
    from pipelines.release.history import list_releases

    try:
        summaries = list_releases(out)
    except ReleaseError as error:
        fail(str(error))
    if not summaries:
        fail(f"{out}: contains no release; build one with `reviewmart build --out {out}`")
    table = Table("release", "published", "reviews", "verbatim text", "MB", "")
    for number in (2, 4):
        table.columns[number].justify = "right"
    for summary in summaries:
        table.add_row(
            summary.release_id,
            f"{summary.published:%Y-%m-%d %H:%M} UTC",
            f"{summary.n_reviews:,}",
            "yes" if summary.is_verbatim else "no",
            f"{summary.n_bytes / 1e6:,.1f}",
            "latest" if summary.is_latest else "",
        )
    console.print(table)


@app.command(epilog="Example: `reviewmart prune --keep 3`")
def prune(
    keep: Annotated[
        int, typer.Option(min=1, help="Number of newest releases to keep; `latest` counts as one of them.")
    ],
    out: OutFolder = Path("outputs"),
) -> None:
    """Remove old releases, but never the one that `latest` points at."""
    from pipelines.release.history import prune_releases

    try:
        removed = prune_releases(out, keep)
    except ReleaseError as error:
        fail(str(error))
    console.print(f"Removed {', '.join(removed)}" if removed else "No old releases to remove")
