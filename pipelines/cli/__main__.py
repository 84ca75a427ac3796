"""`python -m pipelines.cli` does what `reviewmart` does."""

from pipelines.cli import app

app()
