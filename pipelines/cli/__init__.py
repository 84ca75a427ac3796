"""The `reviewmart` command: arguments in, words out. Whatever it does is done elsewhere.

One module a group of commands; importing it puts its commands on `app`.
"""

from pipelines.cli import build, releases
from pipelines.cli import vocab as vocabulary
from pipelines.cli.shared import app

__all__ = ["app", "build", "releases", "vocabulary"]
