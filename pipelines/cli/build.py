"""From sources to a release: `build`, `check` and `add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.shared import MOST_SHOWN, NAMED, OutFolder, app, console, errors, fail
from pipelines.common.settings import RAW_VARIABLE, default_vocabularies
from pipelines.release.fingerprint import build_options, fingerprint
from pipelines.release.folders import find_release, is_latest, latest_release
from pipelines.sources.source_folder import SourceError, SourcesAwayError, list_sources

RawFolder = Annotated[
    Path, typer.Option("--raw", envvar=RAW_VARIABLE, help="Folder of the sources, one folder a review.")
]
CorpusFolder = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        help="Folder of plain files (.xml, .nxml, also .gz, or .txt), one a review, of which everything is derived; "
        "instead of --raw.",
    ),
]
Verbatim = Annotated[
    bool,
    typer.Option(
        "--verbatim/--no-verbatim",
        help="Whether the release holds the sources' own wording. Without it the columns are there and NULL; offsets, "
        "hashes and codes stay.",
    ),
]


@app.command(epilog="Examples: `reviewmart build --raw raw --out outputs`, `reviewmart build --corpus downloads/xml`")
def build(
    raw: RawFolder = Path("raw"),
    out: OutFolder = Path("outputs"),
    corpus: CorpusFolder = None,
    verbatim: Verbatim = True,
) -> None:
    """Build a release from the sources and point `latest` at it. Unchanged inputs build nothing.

    What was read before is not read again. A source that cannot be read, or is another one once more, is left out.
    """
    # One kind of folder: reviews with a source.toml and plain files may even stand side by side.
    raw = corpus or raw
    try:
        sources = [(listed.review_id, listed.sha256) for listed in list_sources(raw)]
    except (SourceError, SourcesAwayError) as error:
        fail(str(error))
    release_id = fingerprint(sources, Path(default_vocabularies()), build_options(verbatim=verbatim)).release_id

    if is_latest(out, release_id):
        console.print(f"Nothing has changed: release {release_id} stands at {out / 'latest'}")
        return

    # Imported here: a build of unchanged inputs is over before Polars or Dagster would be loaded.
    from pipelines.orchestration.run_build import BuildError, run_build

    try:
        result = run_build(raw, out, errors, verbatim=verbatim)
    except BuildError as error:
        fail(f"{error}\n\nNothing was published; {_standing(out)}.")
    except OSError as error:
        fail(f"{out}: cannot be written ({error.strerror}); mend its permissions or name another folder with --out")
    table = Table("layer", "table", "rows", title=f"Release {result.release_id}", title_justify="left")
    table.columns[2].justify = "right"
    layer = ""
    for item in result.tables:
        table.add_row(item.layer if item.layer != layer else "", item.name, f"{item.rows:,}")
        layer = item.layer
    console.print(table)
    for review_id, reason in result.quarantined[:MOST_SHOWN]:
        errors.print("left out: ", style="yellow", end="")
        errors.print(f"{review_id}: {reason}", markup=False)
    if len(result.quarantined) > MOST_SHOWN:
        errors.print(f"and {len(result.quarantined) - MOST_SHOWN} more; all are in the table quarantined_sources")
    console.print(f"{result.n_reviews} review(s) in {result.seconds:.1f} s: {out / 'latest' / 'reviewmart.duckdb'}")


@app.command(epilog="Example: `reviewmart check` or `reviewmart check r0123456789ab`")
def check(
    release: Annotated[Path, typer.Argument(help=NAMED)] = Path("latest"),
    out: OutFolder = Path("outputs"),
) -> None:
    """Verify a release again: hashes, schemas, keys and counts."""
    from pipelines.release.publish import check_release

    findings = check_release(find_release(release, out))
    failed = [finding for finding in findings if not finding.passed]
    for finding in findings:
        mark = "[green]ok[/]  " if finding.passed else "[red]FAIL[/]"
        console.print(f"{mark} {finding.check}: ", end="")
        console.print(finding.detail, markup=False)
    if failed:
        fail(f"{len(failed)} of {len(findings)} checks failed")
    console.print(f"{len(findings)} checks passed")


@app.command(epilog="Example: `reviewmart add ~/Downloads/review.xml --id knee-review`")
def add(
    file: Annotated[Path, typer.Argument(help="The review as received: JATS XML or plain text.")],
    review_id: Annotated[str | None, typer.Option("--id", help="Its id; left out, it is made from its title.")] = None,
    raw: RawFolder = Path("raw"),
) -> None:
    """Put a review into the folder of sources, with a source.toml that says what it is and asks for the rest."""
    from pipelines.sources.registration import add_source

    try:
        added = add_source(file, raw, review_id)
    except (SourceError, SourcesAwayError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{raw}: cannot be written ({error.strerror}); mend its permissions or name another folder with --raw")
    console.print(f"Added {added.folder}")
    if added.asked:
        console.print(f"Not found in the source: {', '.join(added.asked)}; fill in {added.folder / 'source.toml'}")


def _standing(out: Path) -> str:
    latest = latest_release(out)
    return f"the last release stands: {latest.name}" if latest else "there was no release before"
