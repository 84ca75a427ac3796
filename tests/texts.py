"""Helpers to compare the texts of a document with its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from pipelines.document import Text


def texts_of(value: object) -> Iterator[Text]:
    """Every Text anywhere in a document, or in a part of one."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))
