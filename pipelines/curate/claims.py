"""Codes the claims of studies and of the points of options as a table.

Splits cells into points and turns the statements in them into rows with spans. How a sentence is read is in `outcomes`.
"""

from __future__ import annotations

import polars as pl

from pipelines.curate.interventions import ModalityRules, code_study, find_arms
from pipelines.curate.outcome_directions import FAVOURABLE, NOT_DIRECTIONAL, UNFAVOURABLE
from pipelines.curate.outcomes import Statement, find_statements
from pipelines.curate.review_context import short_forms_by_review
from pipelines.curate.source_offsets import ROW_KEY, cell_pieces, map_to_source, unbroken_pieces
from schemas.tables import SPECS
from schemas.tables.base import NOT_STATED

POINT_KEY = [*ROW_KEY, "point_no"]


def split_points(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of the points of a cell that separates them with semicolons; empty points are skipped.

    A semicolon within brackets does not separate points. The full stop at the end of the last point belongs to it.
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


def code_claims(
    studies: pl.DataFrame,
    option_points: pl.DataFrame,
    rules: ModalityRules,
    abbreviations: pl.DataFrame,
    table_cells: pl.DataFrame,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`claims`: one row per outcome statement of a study's outcome cell or of a point of an option.

    Takes the tables of those names and `abbreviations` of `review_context`. Claims are numbered within a review in the
    order of tables, rows and points. The span is NULL if the cue is not in the source in this form.
    """
    short_forms = short_forms_by_review(abbreviations)
    rows: list[dict[str, object]] = []
    for study in studies.filter(pl.col("outcome").is_not_null()).iter_rows(named=True):
        outcome = study["outcome"]
        defined = short_forms.get(study["review_id"], {})
        arms = find_arms(code_study(study["method"] or "", outcome, rules, defined))
        for statement in find_statements(outcome, rules.claims, rules.matcher.find(outcome, defined), arms):
            rows.append({column: study[column] for column in (*ROW_KEY, "ref_no")} | _to_columns(outcome, statement))
    for point in option_points.iter_rows(named=True):
        text, column = point["text"], point["polarity"]
        modalities = rules.matcher.find(text, short_forms.get(point["review_id"], {}))
        statements = find_statements(text, rules.claims, modalities, column=column)
        for statement in statements or [_state_no_outcome(text, column)]:
            rows.append({name: point[name] for name in POINT_KEY} | _to_columns(text, statement))
    coded = (
        pl.DataFrame(rows, schema=SPECS["claims"].polars_schema)
        .sort(POINT_KEY, maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("review_id").alias("claim_id"))
    )
    is_of_study = pl.col("point_no").is_null()
    outcome_pieces = cell_pieces(studies, "outcome", table_cells, text_parts)
    point_pieces = unbroken_pieces(option_points, POINT_KEY, "text", "start_char", "end_char")
    return pl.concat(
        [
            map_to_source(coded.filter(is_of_study), outcome_pieces, ROW_KEY),
            map_to_source(coded.filter(~is_of_study), point_pieces, POINT_KEY),
        ]
    ).sort("review_id", "claim_id")


def _state_no_outcome(text: str, column: str) -> Statement:
    """The claim of a point that names no outcome: only its column says what it means for the patient."""
    return Statement(
        outcome_id=NOT_STATED,
        direction=NOT_DIRECTIONAL,
        polarity=FAVOURABLE if column == "advantage" else UNFAVOURABLE,
        comparator=None,
        is_hedged=False,
        compares=False,
        start=0,
        end=len(text),
        first=0,
        last=len(text),
        rule_id="no_outcome",
        confidence=0.5,
    )


def _to_columns(text: str, statement: Statement) -> dict[str, object]:
    """The columns of a statement of a field with this text, with offsets within the field."""
    return {
        "text": text[statement.first : statement.last],
        "outcome_id": statement.outcome_id,
        "direction": statement.direction,
        "polarity": statement.polarity,
        "comparator_concept_id": statement.comparator,
        "is_hedged": statement.is_hedged,
        "cue_text": text[statement.start : statement.end],
        "start_char": statement.start,
        "end_char": statement.end,
        "rule_id": statement.rule_id,
        "confidence": statement.confidence,
    }
