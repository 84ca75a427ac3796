"""Shared by all commands: the Typer application, the consoles, common options, and the exit on an error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from pipelines.common.settings import OUT_VARIABLE

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


def write_file(file: Path, text: str, option: str, encoding: str = "utf-8") -> None:
    """Write a file that the user named with `option`, or exit with the reason why it cannot be written."""
    try:
        file.write_text(text, encoding=encoding)
    except OSError as error:
        fail(f"{file}: cannot be written ({error.strerror}); name another file with {option}")
