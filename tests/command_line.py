"""Runs the command line in the process of the test."""

from pathlib import Path

from typer.testing import CliRunner, Result

from pipelines.cli import app


def reviewmart(*arguments: str | Path) -> Result:
    """Run `reviewmart` with these arguments, wide enough that no message is wrapped."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "400"})
