"""The commands `worklist citations` and `worklist score`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.shared import RELEASE_HELP, app, console, fail, release_folder, write_file
from pipelines.common.settings import OUT_VARIABLE

worklist_app = typer.Typer(help="Draw citations to check against the works that they cite.", no_args_is_help=True)
app.add_typer(worklist_app, name="worklist")


@worklist_app.command(epilog="Example: `reviewmart worklist citations --n 50 --out check.csv`")
def citations(
    n: Annotated[int, typer.Option("--n", min=1, help="Number of citations to draw.")],
    review: Annotated[str | None, typer.Option(help="Draw from this review only (its review_id).")] = None,
    out: Annotated[
        Path, typer.Option("--out", help="CSV file to write; the page to print is next to it, with the ending .html.")
    ] = Path("citations.csv"),
    release: Annotated[Path, typer.Option(help=RELEASE_HELP)] = Path("latest"),
    outputs: Annotated[Path, typer.Option(envvar=OUT_VARIABLE, help="Folder of the releases.")] = Path("outputs"),
) -> None:
    """Draw citations to check: each sentence with its marker, the reference in full, and room for a verdict.

    The same corpus gives the same citations. Fill in the column verdict, then run `worklist score`.
    """
    from pipelines.release.worklist.citations import WorklistError, draw_citations
    from pipelines.release.worklist.sheets import render_csv, render_sheet

    if out.suffix != ".csv":
        fail(f"{out}: name a file that ends with .csv")
    page = out.with_suffix(".html")
    for file in (out, page):
        if file.exists():
            fail(f"{file}: exists, and may have verdicts; move it, or name another file with --out")
    folder = release_folder(release, outputs)
    try:
        items = draw_citations(folder, n, review)
    except WorklistError as error:
        fail(str(error))
    # With a mark of the encoding, because spreadsheet programs take CSV without it for something else.
    write_file(out, render_csv(items), "--out", encoding="utf-8-sig")
    write_file(page, render_sheet(items, review or f"release {folder.resolve().name}"), "--out")
    fewer = f" (all; {n:,} were asked for)" if len(items) < n else ""
    console.print(f"{len(items):,} citations{fewer}: {out}, {page}", markup=False)


@worklist_app.command(epilog="Example: `reviewmart worklist score check.csv`")
def score(
    file: Annotated[Path, typer.Argument(help="CSV file of `worklist citations` with its verdicts filled in.")],
) -> None:
    """Count the verdicts of a worklist: rates of errors with their 95 % intervals (Wilson)."""
    from pipelines.release.worklist.citations import WorklistError
    from pipelines.release.worklist.verdicts import score_worklist

    try:
        scored = score_worklist(file)
    except WorklistError as error:
        fail(str(error))
    table = Table("", "n", "of", "rate", "95 % interval")
    for number in range(1, 5):
        table.columns[number].justify = "right"
    for rate in scored.rates:
        share = "" if rate.proportion is None else f"{rate.proportion:.1%}"
        interval = "" if rate.interval is None else "{:.1%} to {:.1%}".format(*rate.interval)
        table.add_row(rate.name.replace("_", " "), f"{rate.n:,}", f"{rate.n_judged:,}", share, interval)
    console.print(table)
    console.print(
        f"{scored.n_items:,} items: {scored.n_open:,} without a verdict, {scored.n_cannot_tell:,} cannot tell"
    )
