"""What a reader raises. Only the exception lives here; the wording is the reader's."""

from __future__ import annotations


class ReadError(ValueError):
    """A source that cannot be read. The message names the file, the place, what was found and what to do."""
