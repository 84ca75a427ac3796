"""The commands for curators of the vocabularies: `vocab check` and `vocab coverage`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.shared import MAX_LISTED, RELEASE_HELP, OutFolder, app, console, fail, release_folder
from pipelines.common.settings import VOCABULARIES, VOCABULARIES_VARIABLE

vocab = typer.Typer(help="Check the vocabularies, and show how much of a release they cover.", no_args_is_help=True)
app.add_typer(vocab, name="vocab")

VocabularyFolder = Annotated[
    Path, typer.Option("--vocabularies", envvar=VOCABULARIES_VARIABLE, help="Folder of the vocabularies.")
]


@vocab.command("check", epilog="Example: `reviewmart vocab check`")
def vocab_check(folder: VocabularyFolder = VOCABULARIES) -> None:
    """Check the files of the vocabularies and cues. An error names the file, the line and the fix."""
    from pipelines.curate.coding_rules import load_coding_rules
    from pipelines.readers.reading_patterns import check_reading_words
    from pipelines.vocabularies.csv_files import load_vocabularies
    from pipelines.vocabularies.schemes import VocabularyError

    if not folder.is_dir():
        fail(f"{folder}: no such folder; name a folder of vocabularies with --vocabularies")
    try:
        vocabularies = load_vocabularies(folder)
        load_coding_rules(folder / "cues", vocabularies)
        check_reading_words(folder)
    except VocabularyError as error:
        fail(str(error))
    except FileNotFoundError as error:
        fail(f"{error.filename}: missing; copy it from the vocabularies that come with reviewmart ({VOCABULARIES})")
    for name, scheme in vocabularies.schemes.items():
        console.print(f"{name}: {len(scheme.concepts)} concepts")
    console.print(f"journals: {len(vocabularies.journals)}")


@vocab.command("coverage", epilog="Example: `reviewmart vocab coverage r0123456789ab`")
def vocab_coverage(
    release: Annotated[Path, typer.Argument(help=RELEASE_HELP)] = Path("latest"),
    out: OutFolder = Path("outputs"),
) -> None:
    """Show the share of a release that each concept scheme codes, and the terms missing from the vocabularies."""
    import polars as pl

    from pipelines.checks.coverage import CODED_SCHEMES, measure_release_coverage

    names = {"source_issues", *(name for scheme in CODED_SCHEMES for name in (scheme.subjects, scheme.codes))}
    folder = release_folder(release, out)
    files = {name: folder / "parquet" / f"{name}.parquet" for name in names}
    missing = [str(path) for path in files.values() if not path.is_file()]
    if missing:
        fail(f"{missing[0]}: missing; name the folder of a complete release, or build one")
    frames = {name: pl.read_parquet(path) for name, path in files.items()}
    table = Table("scheme", "subjects", "coded", "share")
    for scheme, n_subjects, n_coded, share in measure_release_coverage(frames).iter_rows():
        table.add_row(scheme, f"{n_subjects:,}", f"{n_coded:,}", "" if share is None else f"{share:.1%}")
    console.print(table)
    unknown = frames["source_issues"].filter(pl.col("code").str.starts_with("unknown_"))
    for message in unknown["message"].head(MAX_LISTED):
        console.print(message, markup=False)
    if unknown.height > MAX_LISTED:
        console.print(f"and {unknown.height - MAX_LISTED} more; the table source_issues lists all of them")
