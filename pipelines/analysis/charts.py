"""The charts of the analysis tables, as pictures for the UI.

Belongs here: a frame of an analysis table → a chart of it. Nothing is computed that the table does not hold, and what
is left out of a chart is said in its title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

PALETTE = ("#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#eeca3b", "#9d755d")
GREY = {"other": "#8a8a8a", "not stated": "#d0d0d0"}
DIRECTIONS = {"improved": "#4c78a8", "worsened": "#e45756", "no difference": "#8a8a8a"}
MOST = 15
"""How many bars or rows a chart has at most."""


def png(name: str, frame: pl.DataFrame) -> bytes:
    """The chart of the analysis table `name`, as PNG. Raises KeyError where the table has none."""
    # Loaded where a chart is drawn: both take longer to load than the code around them.
    import vl_convert

    chart = CHARTS[name](frame)
    return bytes(vl_convert.vegalite_to_png(chart.to_json(), scale=1))


def _chart(frame: pl.DataFrame, title: str, **size: int) -> Any:
    import altair as alt

    return alt.Chart(alt.InlineData(frame.to_dicts())).properties(title=title, **{"width": 420, **size})


def _words(codes: pl.Expr) -> pl.Expr:
    return codes.str.replace_all("_", " ")


def _by_year(frame: pl.DataFrame, group: str, value: str, title: str) -> Any:
    """Bars by year, the commonest groups told apart."""
    frame = frame.filter(pl.col(value) > 0)
    totals = frame.group_by(group).agg(pl.col(value).sum()).sort(value, group, descending=[True, False])
    told_apart = totals[group].head(len(PALETTE)).to_list()
    name = pl.when(pl.col(group).is_in(told_apart)).then(_words(pl.col(group))).otherwise(pl.lit("other"))
    counts = frame.with_columns(name.alias(group)).group_by("year", group).agg(pl.col(value).sum()).sort("year", group)
    groups = [*(name for name in counts[group].unique().sort() if name not in GREY), *GREY]
    colours = [*PALETTE[: len(groups) - len(GREY)], *GREY.values()]
    return (
        _chart(counts, title)
        .mark_bar(size=8)
        .encode(
            # A number and not a name, so that years without references leave their gap.
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


def _bars(frame: pl.DataFrame, label: str, value: str, title: str, unit: str) -> Any:
    """The longest bars, longest first."""
    most = frame.sort(value, label, descending=[True, False]).head(MOST).select(label, value)
    left_out = frame.height - most.height
    chart = _chart(most, title + (f" (the first {MOST} of {frame.height:,})" if left_out else ""))
    return chart.mark_bar().encode(
        x={"field": value, "type": "quantitative", "title": unit, "axis": {"tickMinStep": 1}},
        y={"field": label, "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 260}},
    )


def publication_trends(frame: pl.DataFrame) -> Any:
    """Bars by year: references, in the colours of their designs."""
    # A reference with several modalities or designs counts in each.
    return _by_year(frame, "design_id", "n", "References by year and design, each once a modality")


def modality_trends(frame: pl.DataFrame) -> Any:
    """Bars by year: references, in the colours of their level-1 modalities."""
    broadest = frame.filter(pl.col("level") == 1)
    return _by_year(broadest, "modality_id", "n_references", "References by year and broadest modality")


def evidence_map(frame: pl.DataFrame) -> Any:
    """A dot for each modality group, outcome and direction, its area the number of claims."""
    cells = (
        frame.group_by("modality_group_id", "outcome_id", "direction")
        .agg(pl.col("n_claims").sum())
        .with_columns(_words(pl.col("modality_group_id", "outcome_id", "direction")))
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
    """Bars of the references that are cited most often."""
    named = frame.with_columns(_reference(frame, "ref_no"))
    return _bars(named, "reference", "n_mentions", "References by mentions", "mentions")


def review_currency(frame: pl.DataFrame) -> Any:
    """Bars of the reviews by the share of their references that is of the last five years."""
    dated = frame.drop_nulls("price_index")
    return _bars(dated, "review_id", "price_index", "Share of references of the last five years", "share")


def journal_ranking(frame: pl.DataFrame) -> Any:
    """Bars of the journals that most references are in."""
    counts = frame.group_by("journal").agg(pl.col("n").sum())
    return _bars(counts, "journal", "n", "Journals by references", "references")


def cocitations(frame: pl.DataFrame) -> Any:
    """Bars of the pairs of references that are cited together most often."""
    pairs = frame.with_columns(
        pl.concat_str(_reference(frame, "ref_no_a"), pl.lit(" + "), pl.col("ref_no_b").cast(pl.String)).alias("pair"),
        (pl.col("n_markers_prose") + pl.col("n_markers_table")).alias("markers"),
    )
    return _bars(pairs, "pair", "markers", "Pairs of references by shared citations", "citations")


def coauthorships(frame: pl.DataFrame) -> Any:
    """Bars of the pairs of authors that share most references."""
    pairs = frame.with_columns(pl.concat_str("author_a", pl.lit(" + "), "author_b").alias("pair"))
    counts = pairs.group_by("pair").agg(pl.col("n_references").sum())
    return _bars(counts, "pair", "n_references", "Pairs of authors by shared references", "references")


def _reference(frame: pl.DataFrame, number: str) -> pl.Expr:
    """A reference by its number, and its review where there are several."""
    of_review = [pl.col("review_id"), pl.lit(" ")] if frame["review_id"].n_unique() > 1 else []
    return pl.concat_str(*of_review, pl.lit("ref. "), pl.col(number).cast(pl.String)).alias("reference")


CHARTS: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    chart.__name__: chart
    for chart in (
        publication_trends,
        modality_trends,
        evidence_map,
        reference_usage,
        review_currency,
        journal_ranking,
        cocitations,
        coauthorships,
    )
}
