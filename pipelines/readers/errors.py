"""The error that readers raise. Its wording is the reader's."""

from __future__ import annotations


class ReadError(ValueError):
    """A source cannot be read. The message names the file, the place, the problem and the fix."""
