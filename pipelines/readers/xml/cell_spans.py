"""How many rows or columns a cell spans, from an attribute of its tag."""

from __future__ import annotations

_MAX_SPAN = 1000
"""The limit of rows or columns that a cell spans; HTML has the same for columns."""


def read_span(value: str | None, plus: int = 0) -> int:
    """A span from an attribute, 1 if that is missing or not a number. CALS counts the rows beyond the first."""
    if value is None or (value == "1" and not plus) or not value.strip().isdecimal():
        return 1
    return max(1, min(_MAX_SPAN, int(value.strip()[:6]) + plus))
