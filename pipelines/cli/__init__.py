"""The `reviewmart` command: arguments in, words out. Whatever it does is done elsewhere.

One module a group of commands; importing it puts its commands on `app`.
"""

from pipelines.cli import build, releases, vocabulary
from pipelines.cli.common import app

__all__ = ["app", "build", "releases", "vocabulary"]
