"""The `reviewmart` command: parses arguments and prints results; the work is done in other packages.

There is one module per group of commands. Importing it registers its commands on `app`.
"""

from pipelines.cli import build, releases, report, vocab, worklist
from pipelines.cli.shared import app

__all__ = ["app", "build", "releases", "report", "vocab", "worklist"]
