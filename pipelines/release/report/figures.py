"""The charts of the report, as Vega-Lite specifications without data.

The page fills in the rows of the scope that a reader chooses; `pictures` fills in those of the whole release. Charts
only draw what the queries computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

# Colours that people with colour blindness can tell apart (Okabe and Ito 2008), black left out for dark pages.
BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, GREY = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
    "#c9b800",
    "#9a9a9a",
)

INK = "#767676"
"""Lines and labels inside charts: readable on a white and on a dark page."""

DESIGNS: Mapping[str, str] = {
    "Evidence synthesis": BLUE,
    "Interventional": GREEN,
    "Observational, comparative": SKY,
    "Observational, uncontrolled": ORANGE,
    "Clinical, not a treatment question": PINK,
    "Preclinical or technical": RED,
    "Opinion / commentary": YELLOW,
    "Erratum": "#5b5b5b",
    "Design not stated": GREY,
}
"""The level-1 designs of the vocabulary, by label, with their colours."""

ZONES = {1: BLUE, 2: SKY, 3: GREY}

NETWORK_HEIGHT = 420
"""Height of the co-citation network in pixels."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart. `columns` are those of the table behind it (field: heading); the data of `spec` are named `rows`."""

    title: str
    caption: str
    columns: Mapping[str, str]
    spec: Spec


def chart(mark: Spec, encoding: Spec, **properties: Any) -> Spec:
    """A chart of one kind of mark."""
    return {
        "data": {"name": "rows"},
        "width": "container",
        "height": 260,
        **properties,
        "mark": mark,
        "encoding": encoding,
    }


def layers(*charts: Spec) -> Spec:
    """Charts on top of each other, in the size of the first."""
    first = charts[0]
    shared = {name: first[name] for name in ("data", "width", "height")}
    return {**shared, "layer": [{name: part for name, part in one.items() if name not in shared} for one in charts]}


def _years() -> Spec:
    # Quantitative, so that years without a row leave a gap.
    return {
        "field": "year",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": False, "padding": 12},
        "axis": {"format": "d", "tickMinStep": 1, "tickCount": 12, "grid": False},
    }


def _count(title: str, field: str = "n") -> Spec:
    axis = {"tickMinStep": 1, "tickCount": 6, "format": ",d"}
    return {"field": field, "type": "quantitative", "title": title, "axis": axis}


def _tooltip(**titles: str) -> list[Spec]:
    """What is shown of a mark that the mouse points at; `titles` are the fields and their names."""
    numbers = ("year", "age", "n", "n_shared", "deviation", "cca")
    formats = {"year": {"format": "d"}, "cca": {"format": ".1%"}}
    return [
        {
            "field": field,
            "title": title,
            "type": "quantitative" if field in numbers else "nominal",
            **formats.get(field, {}),
        }
        for field, title in titles.items()
    ]


def _legend_above(columns: int = 2, title: str | None = None) -> Spec:
    return {"orient": "top", "title": title, "columns": columns, "labelLimit": 320, "symbolType": "square"}


def _stacked_years(group: str, scale: Spec, unit: str) -> Spec:
    return chart(
        {"type": "bar", "size": 7},
        {
            "x": _years(),
            "y": _count(unit),
            "color": {"field": group, "type": "nominal", "scale": scale, "legend": _legend_above()},
            "tooltip": _tooltip(year="year", **{group: group}, n=unit),
        },
    )


def _cumulated_years(group: str, scale: Spec, unit: str) -> Spec:
    return chart(
        {"type": "area", "interpolate": "step-after"},
        {
            "x": _years(),
            "y": _count(f"{unit} so far", "total"),
            "color": {"field": group, "type": "nominal", "scale": scale, "legend": _legend_above()},
        },
        transform=[
            {"impute": "n", "key": "year", "groupby": [group], "value": 0},
            {
                "window": [{"op": "sum", "field": "n", "as": "total"}],
                "groupby": [group],
                "sort": [{"field": "year"}],
                "frame": [None, 0],
            },
        ],
    )


def _bars(label: str, unit: str, **encoding: Spec) -> Spec:
    return chart(
        {"type": "bar"},
        {
            "x": _count(unit),
            "y": {"field": label, "type": "nominal", "title": None, "sort": None},
            "tooltip": _tooltip(**{label: label}, n=unit),
            "color": {"value": BLUE},
            **encoding,
        },
        height={"step": 19},
    )


_DESIGN_COLOURS: Spec = {"domain": list(DESIGNS), "range": list(DESIGNS.values())}
_COLOURS: Spec = {
    "range": [BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, GREY, "#5b5b5b", "#7a4f9a", "#8c6d31", "#2f6f6f"]
}

_REFERENCE_AGES = chart(
    {"type": "bar", "size": 6},
    {
        "x": {
            "field": "age",
            "type": "quantitative",
            "title": "age of the reference in years",
            "axis": {"grid": False, "tickMinStep": 1},
            "scale": {"padding": 12},
        },
        "y": _count("references"),
        "color": {"condition": {"test": "datum.age >= 0 && datum.age <= 5", "value": BLUE}, "value": GREY},
        "tooltip": _tooltip(age="age", n="references"),
    },
)

_SPECTROSCOPY_WORDS = _tooltip(
    year="year", n="references", deviation="above the median of five years", top_work="cited by most reviews"
)
_REFERENCE_YEARS = layers(
    chart(
        {"type": "bar", "size": 3, "color": GREY},
        {"x": _years(), "y": _count("references"), "tooltip": _SPECTROSCOPY_WORDS},
    ),
    chart(
        {"type": "line", "color": RED, "strokeWidth": 1.5},
        {"x": _years(), "y": _count("references", "deviation"), "tooltip": _SPECTROSCOPY_WORDS},
    ),
)


def _draw_network() -> Spec:
    place = {"type": "quantitative", "axis": None, "scale": {"domain": [-0.08, 1.08]}}
    x, y = ({**place, "field": axis} for axis in ("x", "y"))
    words = _tooltip(label="cited", n="sentences")

    def size_by(low: float, high: float) -> Spec:
        return {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [low, high], "zero": True}}

    def only(test: str) -> Spec:
        return {"transform": [{"filter": test}], "height": NETWORK_HEIGHT}

    return layers(
        chart(
            {"type": "rule", "color": INK, "opacity": 0.45},
            {
                "x": x,
                "y": y,
                "x2": {"field": "x2"},
                "y2": {"field": "y2"},
                "strokeWidth": size_by(0.6, 4),
                "tooltip": words,
            },
            **only("datum.kind == 'edge'"),
        ),
        chart(
            {"type": "circle", "color": BLUE, "opacity": 0.9},
            {"x": x, "y": y, "size": size_by(30, 420), "tooltip": words},
            **only("datum.kind == 'node'"),
        ),
        chart(
            {"type": "text", "dy": -11, "fontSize": 10},
            {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
            **only("datum.is_labelled"),
        ),
    )


_OVERLAP = chart(
    {"type": "rect", "stroke": INK, "strokeWidth": 0.3},
    {
        "x": {"field": "other", "type": "nominal", "title": None, "sort": None, "axis": {"labelAngle": -60}},
        "y": {"field": "review", "type": "nominal", "title": None, "sort": None},
        "color": {
            "field": "cca",
            "type": "quantitative",
            "title": "CCA",
            "scale": {"scheme": "blues", "domainMin": 0},
            "legend": {"format": "%", "orient": "top"},
        },
        "tooltip": _tooltip(title="review", other_title="other review", n_shared="works of both", cca="CCA"),
    },
    height={"step": 16},
)

_SOURCES_OF_YEARS = {
    "references": "References without a year are left out.",
    "studies": "Studies are rows of evidence tables, by the year in their label or else of their reference.",
}


def _year_figures(unit: str, group: str, caption: str) -> dict[str, Figure]:
    """The chart of references or studies by year in groups, and the same chart cumulated."""
    scale = _DESIGN_COLOURS if group == "design" else _COLOURS
    caption = f"{caption} {_SOURCES_OF_YEARS[unit]}"
    columns = {"year": "Year", group: group.capitalize(), "n": unit.capitalize()}
    name, title = f"{unit}_by_{group}", unit.capitalize()
    return {
        name: Figure(f"{title} by year and {group}", caption, columns, _stacked_years(group, scale, unit)),
        f"{name}_cumulated": Figure(
            f"{title} up to each year, by {group}", caption, columns, _cumulated_years(group, scale, unit)
        ),
    }


FIGURES: Mapping[str, Figure] = {
    **_year_figures(
        "references", "design", "Each reference once, in the group of the strongest design that it states."
    ),
    **_year_figures(
        "references", "intervention", "A reference counts once in each intervention that its title or its study names."
    ),
    **_year_figures(
        "studies", "design", "Each study once, in the group of the strongest design that its reference states."
    ),
    **_year_figures("studies", "intervention", "A study counts once in each intervention that it was coded with."),
    "reference_ages": Figure(
        "Age of the references when the review was published",
        "Blue: from the year of the review to five years before it, the references that Price's index counts.",
        {"age": "Age in years", "n": "References"},
        _REFERENCE_AGES,
    ),
    "reference_years": Figure(
        "Reference publication year spectroscopy",
        "Grey: references of each year. Red: how far they are above or below the median of five years around it; peaks "
        "are years of works to which many reviews go back (Marx et al. 2014, doi 10.1002/asi.23089). The last ten "
        "years show when the reviews appeared; they are left out, and so are the oldest 0.5 % of the references.",
        {
            "year": "Year",
            "n": "References",
            "deviation": "Above the median of five years",
            "top_work": "Work cited by most reviews",
        },
        _REFERENCE_YEARS,
    ),
    "citations_by_section": Figure(
        "Citations by section",
        "Mentions of references in prose; a marker that cites three references counts three times.",
        {"heading": "Section", "n": "Citations", "n_only_here": "References cited only here"},
        _bars("heading", "citations"),
    ),
    "most_cited": Figure(
        "What is cited most",
        "In one review: its references by the number of mentions in text and tables. In several: works by the number "
        "of reviews that cite them.",
        {"label": "Reference", "title": "Title", "n": "Mentions or reviews"},
        _bars("label", "mentions"),
    ),
    "journals": Figure(
        "Journals of the references",
        "The journals with the most references, in their Bradford zones: the journals of zone 1 hold the first third "
        "of the references, those of zone 2 the second and those of zone 3 the last (Bradford 1934).",
        {"rank": "Rank", "journal": "Journal", "n": "References", "zone": "Bradford zone"},
        _bars(
            "journal",
            "references",
            color={
                "field": "zone",
                "type": "nominal",
                "scale": {"domain": list(ZONES), "range": list(ZONES.values())},
                "legend": _legend_above(3, "Bradford zone"),
            },
        ),
    ),
    "cocitations": Figure(
        "What is cited together",
        "The forty references that most sentences cite, and the sentences that cite two of them together (co-citation, "
        "Small 1973, doi 10.1002/asi.4630240406). Only the nearness of dots means something, not their direction.",
        {"label": "Reference, or pair", "n": "Sentences"},
        _draw_network(),
    ),
    "overlap": Figure(
        "Overlap of reviews",
        "Corrected covered area of each pair: works that both cite, as a share of those that either cites (Pieper et "
        "al. 2014, doi 10.1016/j.jclinepi.2013.11.007).",
        {
            "title": "Review",
            "other_title": "Other review",
            "n_shared": "Works of both",
            "cca": "Corrected covered area",
        },
        _OVERLAP,
    ),
}
"""The charts by name. A chart named like a query shows its rows."""
