"""Charts of the analysis tables, as pictures for Dagster's pages.

Takes the frame of an analysis table and returns a Vega-Lite chart. Charts only sum and sort rows; new measures belong
in the tables. A chart that leaves rows out says so in its title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import polars as pl

from schemas.tables import SPECS

PALETTE = ("#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#eeca3b", "#9d755d")
GREY = {"other": "#8a8a8a", "not stated": "#d0d0d0"}
DIRECTIONS = {"improved": "#4c78a8", "worsened": "#e45756", "no difference": "#8a8a8a"}
MAX_BARS = 15
"""The largest number of bars in a chart."""


def render_png(name: str, frame: pl.DataFrame) -> bytes:
    """The chart of the analysis table `name` as PNG. Raises KeyError if it is not an analysis table."""
    # Imported late because it takes long.
    import vl_convert

    chart = CHARTS[name](frame)
    return bytes(vl_convert.vegalite_to_png(chart.to_json(), scale=1))


def _chart(frame: pl.DataFrame, title: str, **size: int) -> Any:
    import altair as alt

    return alt.Chart(alt.InlineData(frame.to_dicts())).properties(title=title, **{"width": 420, **size})


def _in_words(codes: pl.Expr) -> pl.Expr:
    return codes.str.replace_all("_", " ")


def _bars_by_year(frame: pl.DataFrame, group: str, value: str, title: str) -> Any:
    """Stacked bars by year. The largest groups have colours; the others are summed as `other`."""
    frame = frame.filter(pl.col(value) > 0)
    totals = frame.group_by(group).agg(pl.col(value).sum()).sort(value, group, descending=[True, False])
    largest = totals[group].head(len(PALETTE)).to_list()
    name = pl.when(pl.col(group).is_in(largest)).then(_in_words(pl.col(group))).otherwise(pl.lit("other"))
    counts = frame.with_columns(name.alias(group)).group_by("year", group).agg(pl.col(value).sum()).sort("year", group)
    groups = [*(name for name in counts[group].unique().sort() if name not in GREY), *GREY]
    colours = [*PALETTE[: len(groups) - len(GREY)], *GREY.values()]
    return (
        _chart(counts, title)
        .mark_bar(size=8)
        .encode(
            # Quantitative, so that years without references leave a gap.
            x={
                "field": "year",
                "type": "quantitative",
                "title": None,
                "scale": {"zero": False},
                "axis": {"format": "d"},
            },
            y={"field": value, "type": "quantitative", "title": "references", "axis": {"tickMinStep": 1}},
            color={
                "field": group,
                "type": "nominal",
                "title": None,
                "scale": {"domain": groups, "range": colours},
                "legend": {"values": [name for name in groups if name in set(counts[group])]},
            },
        )
    )


def _longest_bars(frame: pl.DataFrame, label: str, value: str, title: str, unit: str) -> Any:
    """Horizontal bars, the longest first."""
    longest = frame.sort(value, label, descending=[True, False]).head(MAX_BARS).select(label, value)
    is_cut = frame.height > longest.height
    chart = _chart(longest, title + (f" (the first {MAX_BARS} of {frame.height:,})" if is_cut else ""))
    return chart.mark_bar().encode(
        x={"field": value, "type": "quantitative", "title": unit, "axis": {"tickMinStep": 1}},
        y={"field": label, "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 260}},
    )


def publication_trends(frame: pl.DataFrame) -> Any:
    """References by year, in the colours of their designs."""
    title = "References by year and study design (counted once per modality)"
    return _bars_by_year(frame, "design_id", "n", title)


def modality_trends(frame: pl.DataFrame) -> Any:
    """References by year, in the colours of their level-1 modalities."""
    top_level = frame.filter(pl.col("level") == 1)
    return _bars_by_year(top_level, "modality_id", "n_references", "References by year and level-1 modality")


def evidence_map(frame: pl.DataFrame) -> Any:
    """One dot per level-1 modality, outcome and direction; its area is the number of claims."""
    cells = (
        frame.group_by("modality_group_id", "outcome_id", "direction")
        .agg(pl.col("n_claims").sum())
        .with_columns(_in_words(pl.col("modality_group_id", "outcome_id", "direction")))
        .sort("modality_group_id", "outcome_id", "direction")
    )
    directions = [*DIRECTIONS, *(name for name in cells["direction"].unique().sort() if name not in DIRECTIONS)]
    colours = [*DIRECTIONS.values(), *(colour for colour in PALETTE if colour not in DIRECTIONS.values())]
    height = max(220, 16 * cells["outcome_id"].n_unique())
    labels = {"labelAngle": -35, "labelLimit": 220}
    return (
        _chart(cells, "Claims by modality, outcome and direction", height=height)
        .mark_circle(opacity=0.75)
        .encode(
            x={"field": "modality_group_id", "type": "nominal", "title": None, "axis": labels},
            y={"field": "outcome_id", "type": "nominal", "title": None, "axis": {"grid": True, "labelLimit": 220}},
            xOffset={"field": "direction", "type": "nominal"},
            size={
                "field": "n_claims",
                "type": "quantitative",
                "title": "claims",
                "scale": {"range": [0, 400]},
                "legend": {"tickCount": 3},
            },
            color={"field": "direction", "type": "nominal", "scale": {"domain": directions, "range": colours}},
        )
    )


def reference_usage(frame: pl.DataFrame) -> Any:
    """The references with the most mentions."""
    named = frame.with_columns(_reference_name(frame, "ref_no"))
    return _longest_bars(named, "reference", "n_mentions", "References by number of mentions", "mentions")


def review_currency(frame: pl.DataFrame) -> Any:
    """The reviews with the largest share of references from the last five years."""
    dated = frame.drop_nulls("price_index")
    title = "Share of references from the five years before publication"
    return _longest_bars(dated, "review_id", "price_index", title, "share")


def journal_ranking(frame: pl.DataFrame) -> Any:
    """The journals with the most references."""
    counts = frame.group_by("journal").agg(pl.col("n").sum())
    return _longest_bars(counts, "journal", "n", "Journals by number of references", "references")


def bars_by_key(name: str, frame: pl.DataFrame) -> Any:
    """The chart of a table that has no specific one: the first count of each row, labelled with the row's key."""
    table = SPECS[name]
    numbers = [column.name for column in table.columns if column.dtype.is_numeric() and column.name not in table.key]
    value = next((number for number in numbers if number.startswith("n")), numbers[0])
    key = [column for column in table.key if column != "review_id" or len(table.key) == 1]
    labelled = frame.with_columns(pl.concat_str(pl.col(key).cast(pl.String), separator=", ").alias("row"))
    counts = labelled.group_by("row").agg(pl.col(value).sum())
    return _longest_bars(counts, "row", value, f"{name}: {value} by {', '.join(key)}", value)


def _reference_name(frame: pl.DataFrame, number: str) -> pl.Expr:
    """The number of a reference, with its review if there are several."""
    review = [pl.col("review_id"), pl.lit(" ")] if frame["review_id"].n_unique() > 1 else []
    return pl.concat_str(*review, pl.lit("ref. "), pl.col(number).cast(pl.String)).alias("reference")


_SPECIFIC: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    chart.__name__: chart
    for chart in (
        publication_trends,
        modality_trends,
        evidence_map,
        reference_usage,
        review_currency,
        journal_ranking,
    )
}

CHARTS: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    name: _SPECIFIC.get(name, partial(bars_by_key, name)) for name, table in SPECS.items() if table.layer == "analysis"
}
"""The chart of each analysis table."""
