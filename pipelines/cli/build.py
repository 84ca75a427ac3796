"""The commands that lead from a source to a verified release: `build`, `check` and `add`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.table import Table

from pipelines.cli.shared import MAX_LISTED, RELEASE_HELP, OutFolder, app, console, errors, fail, release_folder
from pipelines.common.settings import RAW_VARIABLE, default_vocabularies
from pipelines.release.fingerprint import build_options, compute_fingerprint
from pipelines.release.folders import is_up_to_date, latest_release
from pipelines.sources.source_folder import SourceError, SourcesUnavailableError, list_other_files, list_sources

RawFolder = Annotated[
    Path, typer.Option("--raw", envvar=RAW_VARIABLE, help="Folder of the sources, with one folder per review.")
]
CorpusFolder = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        help="Folder of plain files (JATS or TEI XML, also gzipped, .pdf or .txt), one per review, without a "
        "source.toml. Used instead of --raw.",
    ),
]
Verbatim = Annotated[
    bool,
    typer.Option(
        "--verbatim/--no-verbatim",
        help="Include the sources' own wording. Without it, these columns are NULL; offsets, hashes and codes stay.",
    ),
]


@app.command(epilog="Examples: `reviewmart build --raw raw --out outputs`, `reviewmart build --corpus downloads/xml`")
def build(
    context: typer.Context,
    raw: RawFolder = Path("raw"),
    out: OutFolder = Path("outputs"),
    corpus: CorpusFolder = None,
    verbatim: Verbatim = True,
) -> None:
    """Build a release from the sources and point `latest` at it.

    If nothing has changed since the last release, nothing is built. Only new and changed sources are read. A source
    that cannot be read, or that duplicates another one, is left out of the release and listed with the reason.
    """
    source_of_raw = context.get_parameter_source("raw")
    if corpus is not None and source_of_raw is not None and source_of_raw.name == "COMMANDLINE":
        fail("--raw and --corpus: name one of them; a folder may contain both review folders and plain files")
    raw = corpus or raw
    try:
        sources = [(listed.review_id, listed.sha256) for listed in list_sources(raw)]
    except (SourceError, SourcesUnavailableError) as error:
        fail(str(error))
    release_id = compute_fingerprint(sources, Path(default_vocabularies()), build_options(verbatim=verbatim)).release_id

    if is_up_to_date(out, release_id):
        console.print(f"Nothing has changed: {out / 'latest'} is release {release_id}")
        return

    # Imported here so that a build of unchanged inputs ends without loading Polars or Dagster.
    from pipelines.orchestration.run_build import BuildError, run_build

    try:
        result = run_build(raw, out, errors, verbatim=verbatim)
    except BuildError as error:
        fail(f"{error}\n\nNothing was published; {_describe_latest(out)}.")
    except OSError as error:
        _fail_to_write(out, "--out", error)
    table = Table("layer", "table", "rows", title=f"Release {result.release_id}", title_justify="left")
    table.columns[2].justify = "right"
    previous_layer = ""
    for built in result.tables:
        table.add_row(built.layer if built.layer != previous_layer else "", built.name, f"{built.n_rows:,}")
        previous_layer = built.layer
    console.print(table)
    _list_first("left out", [f"{review_id}: {reason}" for review_id, reason in result.quarantined[:MAX_LISTED]])
    if len(result.quarantined) > MAX_LISTED:
        errors.print(
            f"and {len(result.quarantined) - MAX_LISTED} more; the table quarantined_sources lists all of them"
        )
    others = list_other_files(raw)
    _list_first("not read", [f"{other.name}: {other.reason}" for other in others[:MAX_LISTED]])
    if len(others) > MAX_LISTED:
        errors.print(f"and {len(others) - MAX_LISTED:,} more files")
    not_read = f", {len(others):,} other file(s) not read" if others else ""
    made = out / "latest" / "reviewmart.duckdb"
    console.print(f"{result.n_reviews} review(s) in {result.seconds:.1f} s{not_read}: {made}")


@app.command(epilog="Examples: `reviewmart check`, `reviewmart check r0123456789ab`")
def check(
    release: Annotated[Path, typer.Argument(help=RELEASE_HELP)] = Path("latest"),
    out: OutFolder = Path("outputs"),
) -> None:
    """Verify a release again: file hashes, schemas, keys and row counts."""
    from pipelines.release.verify import check_release

    results = check_release(release_folder(release, out))
    failed = [result for result in results if not result.passed]
    for result in results:
        mark = "[green]ok[/]  " if result.passed else "[red]FAIL[/]"
        console.print(f"{mark} {result.check}: ", end="")
        console.print(result.detail, markup=False)
    if failed:
        fail(f"{len(failed)} of {len(results)} checks failed")
    console.print(f"{len(results)} checks passed")


@app.command(epilog="Example: `reviewmart add ~/Downloads/review.xml --id knee-review`")
def add(
    file: Annotated[
        Path,
        typer.Argument(
            help="File of the review as received: JATS XML, TEI XML of GROBID, a PDF with text, or plain text."
        ),
    ],
    review_id: Annotated[
        str | None, typer.Option("--id", help="Id of the review. By default it is derived from the title.")
    ] = None,
    raw: RawFolder = Path("raw"),
) -> None:
    """Copy a review into the folder of sources and describe it in a source.toml.

    Details that the file does not state are listed, to be filled in by hand.
    """
    from pipelines.sources.registration import add_source

    try:
        added = add_source(file, raw, review_id)
    except (SourceError, SourcesUnavailableError) as error:
        fail(str(error))
    except OSError as error:
        _fail_to_write(raw, "--raw", error)
    console.print(f"Added {added.folder}")
    if added.missing_keys:
        missing = ", ".join(added.missing_keys)
        console.print(f"Not found in the source: {missing}; fill in {added.folder / 'source.toml'}")


def _list_first(label: str, lines: Sequence[str]) -> None:
    for line in lines:
        errors.print(f"{label}: ", style="yellow", end="")
        errors.print(line, markup=False)


def _fail_to_write(folder: Path, option: str, error: OSError) -> NoReturn:
    """Exit with the reason why the folder that `option` names cannot be written."""
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        fail(f"{folder}: is a file, or inside one; name a folder with {option}")
    fail(f"{folder}: cannot be written ({error.strerror}); fix its permissions or name another folder with {option}")


def _describe_latest(out: Path) -> str:
    latest = latest_release(out)
    return f"the latest release is still {latest.name}" if latest else "no earlier release exists"
