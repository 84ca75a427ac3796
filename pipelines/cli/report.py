"""The command `report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import RELEASE_HELP, OutFolder, app, console, fail, release_folder
from pipelines.release import ReleaseError


@app.command(epilog="Example: `reviewmart report --open`")
def report(
    release: Annotated[Path, typer.Argument(help=RELEASE_HELP)] = Path("latest"),
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    out: OutFolder = Path("outputs"),
) -> None:
    """Write the report of a release again: the page report.html and the pictures in report/."""
    from pipelines.release.report.write_report import rewrite_report

    try:
        page = rewrite_report(release_folder(release, out))
    except ReleaseError as error:
        fail(str(error))
    console.print(f"{page}: {page.stat().st_size / 1e6:.1f} MB", markup=False)
    if open_:
        typer.launch(str(page))
