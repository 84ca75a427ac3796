"""What to do with releases that are there: `export`, `diff`, `releases` and `prune`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.shared import NAMED, OutFolder, app, console, fail
from pipelines.release.folders import ReleaseError, find_release

LATEST = Path("latest")


class Format(StrEnum):
    """The names of `pipelines.release.formats.bibliography.FORMATS`, told here so that `--help` needs no library."""

    csl_json = "csl-json"
    bibtex = "bibtex"
    ris = "ris"


@app.command(
    epilog="Example: `reviewmart export --format ris --select "
    "\"SELECT review_id, ref_no FROM reference_designs WHERE design_id = 'randomised_trial'\" --to trials.ris`"
)
def export(
    format_: Annotated[Format, typer.Option("--format", help="Format of the bibliography.")],
    select: Annotated[
        str | None, typer.Option(help="SQL that returns review_id and ref_no; left out, all references are written.")
    ] = None,
    release: Annotated[Path, typer.Option(help=NAMED)] = LATEST,
    to: Annotated[Path | None, typer.Option(help="File to write; left out, it is printed.")] = None,
    out: OutFolder = Path("outputs"),
) -> None:
    """Write references of a release as a bibliography."""
    from pipelines.release.formats.bibliography import ALL, FORMATS, SelectionError, read_references

    try:
        references = read_references(find_release(release, out), select or ALL)
    except SelectionError as error:
        fail(str(error))
    text = FORMATS[format_.value](references)
    if to is None:
        sys.stdout.write(text)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{to}: cannot be written ({error.strerror}); name another file with --to")
    console.print(f"{len(references):,} references: {to}", markup=False)


@app.command(epilog="Example: `reviewmart diff r0123456789ab latest --json`")
def diff(
    old: Annotated[Path, typer.Argument(help=f"The older release. {NAMED}")],
    new: Annotated[Path, typer.Argument(help=f"The newer release. {NAMED}")] = LATEST,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    out: OutFolder = Path("outputs"),
) -> None:
    """Show what changed between two releases: columns, and rows added, removed and changed in each table."""
    from pipelines.release.diff import DiffError, diff_markdown
    from pipelines.release.diff import diff as compare

    try:
        changes = compare(find_release(old, out), find_release(new, out))
    except DiffError as error:
        fail(str(error))
    text = json.dumps(changes.as_json(), indent=2, ensure_ascii=False) + "\n" if as_json else diff_markdown(changes)
    sys.stdout.write(text)


@app.command(epilog="Example: `reviewmart releases --out outputs`")
def releases(out: OutFolder = Path("outputs")) -> None:
    """List the releases that are there, the newest first."""
    from pipelines.release.publish import releases as list_releases

    try:
        found = list_releases(out)
    except ReleaseError as error:
        fail(str(error))
    if not found:
        fail(f"{out}: holds no release; build one with `reviewmart build --out {out}`")
    table = Table("release", "published", "reviews", "verbatim text", "MB", "")
    for number in (2, 4):
        table.columns[number].justify = "right"
    for item in found:
        table.add_row(
            item.release_id,
            f"{item.published:%Y-%m-%d %H:%M} UTC",
            f"{item.n_reviews:,}",
            "yes" if item.is_verbatim else "no",
            f"{item.n_bytes / 1e6:,.1f}",
            "latest" if item.is_latest else "",
        )
    console.print(table)


@app.command(epilog="Example: `reviewmart prune --keep 3`")
def prune(
    keep: Annotated[int, typer.Option(min=1, help="How many releases stay, the newest and `latest` among them.")],
    out: OutFolder = Path("outputs"),
) -> None:
    """Remove old releases, never the one that `latest` points at."""
    from pipelines.release.publish import prune as remove

    try:
        removed = remove(out, keep)
    except ReleaseError as error:
        fail(str(error))
    console.print(f"Removed {', '.join(removed)}" if removed else "Nothing to remove")
