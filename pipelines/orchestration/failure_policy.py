"""The failure policies of assets: the message that the operator reads after an error, and whether Dagster retries.

Every asset names one of these policies where it is declared. Whether a failed check stops the release is declared in
`pipelines.checks.policies`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.readers.errors import ReadError
from pipelines.release import ReleaseError
from pipelines.sources.source_folder import SourceError
from pipelines.tables.validation import InvalidTableError
from pipelines.vocabularies.schemes import VocabularyError

SELF_EXPLANATORY_ERRORS = (InvalidTableError, ReadError, ReleaseError, SourceError, VocabularyError)
"""Errors whose message names the culprit, the place and the fix. They would occur again on a retry."""

IO_RETRIES = dg.RetryPolicy(max_retries=2, delay=5)
"""For assets that use `retry_only_io_errors`; the delay is in seconds."""


@contextmanager
def raise_as_failure() -> Iterator[None]:
    """Stop the run if the asset raises an error. Of a self-explanatory error only the message is shown."""
    try:
        yield
    except SELF_EXPLANATORY_ERRORS as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


@contextmanager
def retry_only_io_errors() -> Iterator[None]:
    """Let Dagster retry an OSError, and stop the run at any other error. Dagster itself would retry every error.

    An unreachable share or a full disk may be fixed a moment later; a fault in a source, a vocabulary or the code is
    not. The asset also needs a retry policy, such as `IO_RETRIES`.
    """
    try:
        with raise_as_failure():
            yield
    except (dg.Failure, OSError):
        raise
    except Exception as error:
        message = f"the code failed: {type(error).__name__}: {error}; report this together with the log of the run"
        raise dg.Failure(description=message, allow_retries=False) from error
