"""Builds `quantities`: the numbers that table cells and sentences state, with their kind, unit, interval and words.

Takes the extracted tables and the words of `cues/quantity.csv` and `cues/units.csv`. A text is split into tokens
(`tokens`), numbers are read from them (`stated_numbers`), and the words around, or the header of the column
(`columns`), say what they are (`kinds`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.curate.quantities.arms import find_arm
from pipelines.curate.quantities.columns import NO_COLUMN, ColumnContext, read_column
from pipelines.curate.quantities.context import NEAR, Reading, expect_before
from pipelines.curate.quantities.hints import HintWords, build_hint_words, may_state_quantities
from pipelines.curate.quantities.kinds import read_kind
from pipelines.curate.quantities.stated_numbers import StatedNumber, is_confidence_level, read_number
from pipelines.curate.quantities.tokens import Token, Tokeniser, build_tokeniser
from pipelines.curate.source_offsets import map_to_source, text_pieces
from pipelines.vocabularies.quantity_words import QuantityWords
from schemas.tables import SPECS

TABLE_KINDS = ("evidence", "quality")
"""The kinds of table whose cells are read."""

SENTENCE_KINDS = ("prose", "abstract")
"""The kinds of sentence that are read."""

CONFIDENCE = {
    "printed_label": 1.0,
    "unit": 0.95,
    "counted_noun": 0.95,
    "context_word": 0.9,
    "interval": 0.9,
    "column_name": 0.85,
    "parallel": 0.8,
}
"""The confidence of each rule."""


_BEFORE, _AFTER = 12, 8
_JOINING = frozenset("±/([-–—−,") | {"to", "and", "or", "of", "vs", "versus", "out"}


@dataclass(frozen=True, slots=True)
class QuantityRules:
    """What is made of the words: the tokeniser, and the words and the numbers that texts with quantities contain."""

    tokeniser: Tokeniser
    hints: HintWords
    number_pattern: str


def build_quantity_rules(words: QuantityWords) -> QuantityRules:
    spelled = "|".join(sorted(words.numbers))
    return QuantityRules(
        build_tokeniser(words), build_hint_words(words), rf"(?i)(?:^|[^\w.-])\.?\d|\b(?:{spelled})[ -]"
    )


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at `text[start:end]`; the other fields are the columns of `quantities`."""

    start: int
    end: int
    kind: str
    sign: str | None
    value: float | None
    value_low: float | None
    value_high: float | None
    deviation: float | None
    interval_kind: str | None
    numerator: int | None
    denominator: int | None
    unit: str | None
    statistic: str | None
    arm: str | None
    rule_id: str


def collect_quantities(
    sentences: pl.DataFrame,
    table_cells: pl.DataFrame,
    source_tables: pl.DataFrame,
    rules: QuantityRules,
    text_parts: pl.DataFrame,
) -> pl.DataFrame:
    """`quantities`: one row per quantity in a sentence of prose, or in a body cell of an evidence or quality table.

    Sentences come before cells, both in the order of the source. The span is NULL if the words are not in the source
    in this form.
    """
    texts = _select_texts(sentences, table_cells, source_tables, rules.number_pattern)
    rows = list(_find_rows(texts, rules))
    columns: dict[str, type[pl.DataType]] = {"text_no": pl.UInt32, **SPECS["quantities"].polars_schema}
    found = pl.DataFrame(rows, schema={name: columns[name] for name in ("text_no", *_FOUND_COLUMNS)})
    placed = found.join(texts.select("text_no", *_PLACE_COLUMNS), on="text_no", how="left").with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("review_id").alias("quantity_id")
    )
    with_quantities = texts.join(found.select("text_no").unique(), on="text_no", how="semi")
    mapped = map_to_source(placed, text_pieces(with_quantities, text_parts), ["text_no"])
    return mapped.select(list(SPECS["quantities"].polars_schema))


_PLACE_COLUMNS = ("review_id", "table_no", "row_no", "column_no", "sentence_id")
_FOUND_COLUMNS = (
    "kind",
    "sign",
    "value",
    "value_low",
    "value_high",
    "deviation",
    "interval_kind",
    "numerator",
    "denominator",
    "unit",
    "statistic",
    "text",
    "arm",
    "rule_id",
    "confidence",
    "start_char",
    "end_char",
)


def _select_texts(
    sentences: pl.DataFrame, table_cells: pl.DataFrame, source_tables: pl.DataFrame, number_pattern: str
) -> pl.DataFrame:
    """One row per text that is read and has a number: its key, its text and span, and the header of its column."""
    tables = source_tables.filter(pl.col("kind").is_in(TABLE_KINDS)).select("review_id", "table_no")
    prose = sentences.filter(pl.col("kind").is_in(SENTENCE_KINDS)).select(
        "review_id",
        pl.lit(None, pl.Int32).alias("table_no"),
        pl.lit(None, pl.Int32).alias("row_no"),
        pl.lit(None, pl.Int32).alias("column_no"),
        "sentence_id",
        pl.lit(None, pl.String).alias("column_name"),
        "text",
        "start_char",
        "end_char",
        pl.lit("sentences").alias("subject_table"),
        pl.lit("text").alias("field"),
        pl.col("sentence_id").cast(pl.String).alias("subject_key"),
    )
    cells = (
        table_cells.filter(~pl.col("is_header") & pl.col("text_raw").is_not_null())
        .join(tables, on=["review_id", "table_no"], how="semi")
        .select(
            "review_id",
            "table_no",
            "row_no",
            "column_no",
            pl.lit(None, pl.Int32).alias("sentence_id"),
            "column_name",
            pl.col("text_raw").alias("text"),
            "start_char",
            "end_char",
            pl.lit("table_cells").alias("subject_table"),
            pl.lit("text_raw").alias("field"),
            pl.format("{}/{}/{}", "table_no", "row_no", "column_no").alias("subject_key"),
        )
    )
    has_number = pl.col("text").str.replace_all(_CITATION, "").str.contains(number_pattern)
    return (
        pl.concat([prose.filter(has_number), cells.filter(pl.col("text").str.contains(number_pattern))])
        .sort("review_id", "table_no", "row_no", "column_no", "sentence_id", nulls_last=False)
        .with_row_index("text_no")
    )


_CITATION = r"\[[\d ,;–-]+\]|\^\{[^{}]*\}|\([^()\d]*(?:(?:19|20)\d\d[a-z]?[^()\d]*)+\)"
"""Citations by number and by author and year."""


def _find_rows(texts: pl.DataFrame, rules: QuantityRules) -> Iterator[dict[str, object]]:
    columns: dict[str | None, ColumnContext] = {}
    for text_no, table_no, column_name, text in texts.select("text_no", "table_no", "column_name", "text").iter_rows():
        if table_no is None and not may_state_quantities(text, rules.hints):
            continue
        column = NO_COLUMN
        if table_no is not None:
            if column_name not in columns:
                columns[column_name] = read_column(column_name, rules.tokeniser)
            column = columns[column_name]
        for quantity in find_quantities(text, rules, column):
            yield {
                "text_no": text_no,
                "text": text[quantity.start : quantity.end],
                "start_char": quantity.start,
                "end_char": quantity.end,
                "confidence": CONFIDENCE[quantity.rule_id],
                **{name: getattr(quantity, name) for name in _QUANTITY_FIELDS},
            }


_QUANTITY_FIELDS = tuple(name for name in _FOUND_COLUMNS if name in Quantity.__dataclass_fields__)


def find_quantities(text: str, rules: QuantityRules, column: ColumnContext = NO_COLUMN) -> list[Quantity]:
    """The quantities of a text in their order. `column` is the context of the cell; that of a sentence is empty."""
    tokens = rules.tokeniser.split(text)
    found: list[Quantity] = []
    earlier: Reading | None = None
    age: Reading | None = None
    index = 0
    while index < len(tokens):
        if tokens[index].kind != "number" or is_confidence_level(tokens, index):
            index += 1
            continue
        if not column.is_cell and not _has_context(tokens, index):
            index += 1
            continue
        number = read_number(tokens, index, expect_before(tokens, index, column))
        reading = read_kind(tokens, number, column, _near(earlier, index), _near(age, index))
        if reading is None:
            index = number.last + 1 if _is_inseparable(number) else index + 1
            continue
        found.append(_build(text, tokens, reading, column))
        earlier = reading
        age = reading if reading.kind == "age" else age
        index = reading.number.last + 1
    return found


def _near(reading: Reading | None, index: int) -> Reading | None:
    """An earlier reading if it is near enough to a token to tell what that is; otherwise the time would grow faster."""
    return reading if reading is not None and index - reading.number.last <= NEAR else None


def _has_context(tokens: list[Token], index: int) -> bool:
    """Whether a number has a unit, or a cue or a joined number near it; most other numbers are names or years."""
    if tokens[index].unit is not None:
        return True
    following = tokens[index + 1 : index + _AFTER]
    if following and following[0].text in _JOINING:
        return True
    return any(token.cues for token in following) or any(
        token.cues and token.cues[0].group != "named" for token in tokens[max(0, index - _BEFORE) : index]
    )


def _is_inseparable(number: StatedNumber) -> bool:
    """Whether the parts of a number without a kind mean nothing each by itself: `1990–2005`, `5 ± 2`."""
    return number.interval_kind is not None and number.interval_kind != "ci"


def _build(text: str, tokens: list[Token], reading: Reading, column: ColumnContext) -> Quantity:
    number = reading.number
    start = tokens[min(reading.first, number.first)].start
    return Quantity(
        start=start,
        end=number.end,
        kind=reading.kind,
        sign=reading.sign,
        value=number.value,
        value_low=number.value_low,
        value_high=number.value_high,
        deviation=number.deviation,
        interval_kind=number.interval_kind,
        numerator=number.numerator,
        denominator=number.denominator,
        unit=number.unit.name if number.unit else None,
        statistic=_find_statistic(reading),
        arm=find_arm(text, tokens, reading.first, number.last, column, reading.kind),
        rule_id=reading.rule_id,
    )


def _find_statistic(reading: Reading) -> str | None:
    if reading.kind in ("mean", "median"):
        return reading.kind
    return reading.statistic if reading.kind in ("age", "follow_up", "duration", "dose", "percentage") else None
