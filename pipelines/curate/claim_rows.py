"""What the readers of claims share: the form of their rows and the key of points."""

from __future__ import annotations

from pipelines.curate.outcome_directions import FAVOURABLE, UNFAVOURABLE
from pipelines.curate.source_offsets import ROW_KEY

POINT_KEY = [*ROW_KEY, "point_no"]

ClaimRow = dict[str, object]
"""A row of `claims` without claim_id, by column name; with role and part_no of its cell in `study_fields`."""


def polarity_of_column(column: str) -> str:
    """What a point means for the patient by its column: advantage or disadvantage."""
    return FAVOURABLE if column == "advantage" else UNFAVOURABLE
