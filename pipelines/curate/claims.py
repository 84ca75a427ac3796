"""Claims: the outcome statements of studies and of options' points, as a table.

Belongs here: cells parted into points, statements laid out as rows with their place in the source, and rows that
contradict themselves. How a sentence is read is in `statements`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.curate.interventions import FINDING_SCHEMA, ModalityRules, arms, place_of
from pipelines.curate.outcomes import (
    IMPROVED,
    NO_DIFFERENCE,
    NOT_DIRECTIONAL,
    WORSENED,
    Statement,
    statements,
)
from schemas.tables import SPECS
from schemas.tables.base import NOT_STATED


def split_points(text: str) -> list[tuple[int, int]]:
    """The points of a cell that lists them with semicolons, as (start, end) within `text`, blanks left out.

    A semicolon within brackets parts nothing. The full stop that ends the last point belongs to it.
    """
    points = []
    depth = start = 0
    for position, character in enumerate(f"{text};"):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif character == ";" and (depth == 0 or position == len(text)):
            piece = text[start:position]
            if piece.strip():
                points.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
            start = position + 1
    return points


def claims(
    studies: pl.DataFrame,
    option_points: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: Mapping[str, Mapping[str, str]],
) -> pl.DataFrame:
    """`claims`: one outcome statement of a study's Outcomes cell, or of an option's point.

    `studies` has review_id, table_no, row_no, ref_no, method, outcome, outcome_start_char and outcome_end_char;
    `option_points` is the table of that name; `abbreviations` gives, by review, the short forms its text defines.
    Claims are numbered within a review in the order of tables, rows and points.
    """
    rows: list[dict[str, object]] = []
    cells = ("method", "outcome", "outcome_start_char", "outcome_end_char")
    for review_id, table_no, row_no, ref_no, method, outcome, first, last in (
        studies.filter(pl.col("outcome").is_not_null())
        .select("review_id", "table_no", "row_no", "ref_no", *cells)
        .iter_rows()
    ):
        start = place_of(outcome, first, last)
        short = abbreviations.get(review_id, {})
        compared = arms(method or "", outcome, rules, short)
        for found in statements(outcome, rules.claims, rules.matcher.find(outcome, short), compared):
            place = {"review_id": review_id, "table_no": table_no, "row_no": row_no, "ref_no": ref_no}
            rows.append(place | _columns(outcome, start, found))
    for review_id, table_no, row_no, point_no, column, text, first, last in option_points.select(
        "review_id", "table_no", "row_no", "point_no", "polarity", "text", "start_char", "end_char"
    ).iter_rows():
        start = place_of(text, first, last)
        matches = rules.matcher.find(text, abbreviations.get(review_id, {}))
        place = {"review_id": review_id, "table_no": table_no, "row_no": row_no, "point_no": point_no}
        for found in statements(text, rules.claims, matches, None, column) or [_of_no_outcome(text, column)]:
            rows.append(place | _columns(text, start, found))
    return (
        pl.DataFrame(rows, schema=SPECS["claims"].polars_schema)
        .sort("review_id", "table_no", "row_no", "point_no", maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("review_id").alias("claim_id"))
    )


def _of_no_outcome(text: str, column: str) -> Statement:
    """A point that names no outcome: its column alone says what it means for the patient."""
    polarity = "favourable" if column == "advantage" else "unfavourable"
    length = len(text)
    return Statement(NOT_STATED, NOT_DIRECTIONAL, polarity, None, False, False, 0, length, 0, length, "no_outcome", 0.5)


def _columns(text: str, start: int | None, found: Statement) -> dict[str, object]:
    return {
        "text": text[found.first : found.last],
        "outcome_id": found.outcome_id,
        "direction": found.direction,
        "polarity": found.polarity,
        "comparator_concept_id": found.comparator,
        "is_hedged": found.is_hedged,
        "cue_text": text[found.start : found.end],
        "start_char": None if start is None else start + found.start,
        "end_char": None if start is None else start + found.end,
        "rule_id": found.rule_id,
        "confidence": found.confidence,
    }


def claim_findings(studies: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    """What a curator should see of the claims of studies: a row for each, with code and message, the place left out.

    `contradictory_claims`: a row says of one outcome both that the treatments differ and that they do not, or both
    better and worse. `no_claim`: an Outcomes cell in which no outcome statement is found.
    """
    of_row: dict[tuple[str, int, int], list[tuple[str, str, str | None, str]]] = {}
    columns = ("review_id", "table_no", "row_no", "outcome_id", "direction", "comparator_concept_id", "cue_text")
    for review_id, table_no, row_no, *claim in coded.filter(pl.col("point_no").is_null()).select(columns).iter_rows():
        of_row.setdefault((review_id, table_no, row_no), []).append((claim[0], claim[1], claim[2], claim[3]))
    rows = []
    for review_id, table_no, row_no, outcome in (
        studies.filter(pl.col("outcome").is_not_null())
        .sort("review_id", "table_no", "row_no")
        .select("review_id", "table_no", "row_no", "outcome")
        .iter_rows()
    ):
        found = of_row.get((review_id, table_no, row_no), [])
        if not found and any(character.isalpha() for character in outcome):
            mend = "add its words to schemas/vocabularies/cues/"
            message = f"no outcome statement is found in {outcome[:100]!r}; {mend}"
            rows.append((review_id, table_no, row_no, "outcome", "no_claim", message))
        for outcome_id, one, other in _contradictions(found):
            message = f"on {outcome_id}, {one!r} contradicts {other!r}; coded both as printed"
            rows.append((review_id, table_no, row_no, "outcome", "contradictory_claims", message))
    return pl.DataFrame(rows, schema=FINDING_SCHEMA, orient="row")


def _contradictions(found: Sequence[tuple[str, str, str | None, str]]) -> list[tuple[str, str, str]]:
    """Pairs of cues that cannot both hold, the first of each outcome.

    Of two claims that compare with different treatments, better than the one and worse than the other agree.
    """
    pairs: dict[str, tuple[str, str, str]] = {}
    for number, (outcome_id, direction, comparator, cue) in enumerate(found):
        for other_id, other_direction, other_comparator, other_cue in found[number + 1 :]:
            if other_id != outcome_id or other_direction == direction:
                continue
            both = {direction, other_direction}
            differing = both == {IMPROVED, WORSENED} and comparator == other_comparator
            denied = NO_DIFFERENCE in both and both & {IMPROVED, WORSENED} and comparator and other_comparator
            if differing or denied:
                pairs.setdefault(outcome_id, (outcome_id, cue, other_cue))
    return list(pairs.values())
