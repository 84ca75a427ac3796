"""What all commands share: the application, where words go, the folder of releases, and how a command fails."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from pipelines.common.settings import OUT_VARIABLE

app = typer.Typer(
    help="Turn review articles into validated tables: one DuckDB file and Parquet.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

MOST_SHOWN = 20
"""How many of a long list are named on the screen."""

NAMED = "Folder of the release, or its id."
OutFolder = Annotated[Path, typer.Option("--out", envvar=OUT_VARIABLE, help="Folder that releases go to.")]


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with exit status 1."""
    errors.print("error: ", style="bold red", end="")
    errors.print(message, markup=False)
    raise typer.Exit(1)
