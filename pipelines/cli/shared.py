"""Shared by all commands: the Typer application, the consoles, common options, and the exit on an error."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from pipelines.common.settings import OUT_VARIABLE
from pipelines.release.folders import find_release

app = typer.Typer(
    help="Turn review articles into validated tables, published as one DuckDB file and as Parquet files.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

MAX_LISTED = 20
"""The number of items of a long list that are printed."""

WAYS_TO_NAME_A_RELEASE = "its folder, its id, or `latest`"
RELEASE_HELP = f"The release: {WAYS_TO_NAME_A_RELEASE}."
OutFolder = Annotated[Path, typer.Option("--out", envvar=OUT_VARIABLE, help="Folder of the releases.")]


def fail(message: str) -> NoReturn:
    """Print an error message and exit with status 1."""
    errors.print("error: ", style="bold red", end="")
    errors.print(message, markup=False)
    raise typer.Exit(1)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        console.print(f"reviewmart {version('reviewmart')}")
        raise typer.Exit


@app.callback()
def options_of_all_commands(
    is_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that come before the name of a command."""


def release_folder(name: Path, out: Path) -> Path:
    """The folder of the release that the user named, or exit with the way to list the releases."""
    folder = find_release(name, out)
    if not folder.is_dir():
        fail(f"{name}: no such release; `reviewmart releases --out {out}` lists them")
    return folder


def write_file(file: Path, text: str, option: str, encoding: str = "utf-8") -> None:
    """Write a file that the user named with `option`, or exit with the reason why it cannot be written."""
    try:
        file.write_text(text, encoding=encoding)
    except OSError as error:
        fail(f"{file}: cannot be written ({error.strerror}); name another file with {option}")
