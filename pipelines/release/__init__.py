"""Releases: what their files contain, how they are published, verified, compared and listed."""


class ReleaseError(RuntimeError):
    """A release cannot be written, or is incomplete or damaged. The message names the file and the fix."""
