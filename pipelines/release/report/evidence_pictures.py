"""The evidence gap map and the effect direction plot as charts. In the page they are tables, which can be used without
seeing colours; a picture for print needs them as charts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.release.report.figures import BLUE, GREEN, GREY, INK, RED, Spec, chart, layers
from pipelines.release.report.queries import Row
from pipelines.release.report.scopes import Scope

Chart = tuple[str, str, str, Spec]
"""Name, title, caption and specification of a chart."""

MAPS = {"modality": ("modality", "outcome"), "general": ("intervention_kind", "outcome_domain")}
"""The schemes of the groups in the rows and columns of each gap map."""

LEVELS = {
    "level 1": "#08306b",
    "level 2": "#1f66ad",
    "level 3": "#4a8fc7",
    "level 4": "#9ecae1",
    "level 5": "#d6e6f4",
    "no level stated": "#ffffff",
}
"""The strongest design behind a cell: OCEBM 2011 levels with the colours of the page."""

DIRECTIONS = {
    "improved": ("improved", "triangle-up", BLUE),
    "worsened": ("worsened", "triangle-down", RED),
    "no_difference": ("no difference", "diamond", GREY),
    "mixed": ("mixed", "square", GREY),
    "safe_tolerable": ("safe or tolerable", "circle", GREEN),
    "not_directional": ("no direction stated", "cross", GREY),
}
"""Label, shape and colour of each direction."""

MAX_STUDIES = 80
"""The largest number of studies in an effect direction plot."""

SLANTED: Spec = {
    "labelAngle": -50,
    "labelOverlap": False,
    # Cutting by length in letters takes a fifth of the time that cutting by width takes.
    "labelLimit": 0,
    "labelExpr": "length(datum.label) > 40 ? slice(datum.label, 0, 39) + '…' : datum.label",
}

CELL = 34
"""Width and height of a cell in pixels."""


def draw_gap_map(scope: Scope, concepts: Sequence[Row]) -> list[Chart]:
    """One map per vocabulary, with the groups of interventions and outcomes."""
    return [
        (
            f"evidence_gap_map_{name}",
            "Evidence gap map",
            "What evidence there is, not what it says. The area of a circle is the number of studies, its colour the "
            "strongest design (OCEBM 2011 level) that a reference of them states. An empty cell means that the "
            "evidence tables hold no such study, not that none exists.",
            _gap_map_spec(cells, _label(concepts, rows), _label(concepts, columns)),
        )
        for name, (rows, columns) in MAPS.items()
        if (
            cells := [
                cell
                for cell in scope["gap_cells"]
                if cell["map"] == name and cell["row_concept"] is None and cell["column_concept"] is None
            ]
        )
    ]


def _label(concepts: Sequence[Row], scheme: str) -> dict[str, str]:
    return {row["concept_id"]: row["label"] for row in concepts if row["scheme"] == scheme}


def _gap_map_spec(cells: Sequence[Row], rows: dict[str, str], columns: dict[str, str]) -> Spec:
    values = [
        {
            "row": rows[cell["row_group"]],
            "column": columns[cell["column_group"]],
            "n": cell["n_studies"],
            "level": f"level {cell['level']}" if cell["level"] else "no level stated",
        }
        for cell in cells
    ]
    by_size = {side: [name for name, _ in _sum_by(values, side).most_common()] for side in ("row", "column")}
    place = {
        "x": {
            "field": "column",
            "type": "nominal",
            "title": None,
            "sort": by_size["column"],
            "axis": {**SLANTED, "grid": True},
        },
        "y": {"field": "row", "type": "nominal", "title": None, "sort": by_size["row"], "axis": {"grid": True}},
    }
    dots = {
        "size": {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [120, 900], "zero": True}},
        "color": {
            "field": "level",
            "type": "nominal",
            "scale": {"domain": list(LEVELS), "range": list(LEVELS.values())},
            "legend": {"title": "Strongest design", "orient": "top", "symbolStrokeWidth": 1},
        },
    }
    is_dark = {"field": "level", "oneOf": ["level 1", "level 2"]}
    numbers = {
        "text": {"field": "n", "type": "quantitative"},
        "color": {"condition": {"test": is_dark, "value": "white"}, "value": "black"},
    }
    size = {"width": {"step": CELL}, "height": {"step": CELL}}
    return {
        **layers(
            chart({"type": "circle", "stroke": INK, "strokeWidth": 1, "opacity": 1}, {**place, **dots}, **size),
            chart({"type": "text", "fontSize": 11}, {**place, **numbers}, **size),
        ),
        "datasets": {"rows": values},
    }


def _sum_by(values: Sequence[Row], side: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for value in sorted(values, key=lambda value: str(value[side])):
        total[value[side]] += value["n"]
    return total


def draw_effect_directions(scope: Scope, concepts: Sequence[Row]) -> list[Chart]:
    """One plot per vocabulary of outcomes, if the studies are few enough to be read."""
    studies = {_study_key(row): row for row in scope["studies"]}
    charts = []
    for scheme in sorted({row["scheme"] for row in scope["directions"]}):
        rows = [row for row in scope["directions"] if row["scheme"] == scheme]
        keys = dict.fromkeys(map(_study_key, rows))
        if len(keys) > MAX_STUDIES:
            continue
        labels = _unique_labels([studies[key]["label"] for key in keys])
        names = dict(zip(keys, labels, strict=True))
        outcomes = _label(concepts, scheme)
        values = [
            {
                "study": names[_study_key(row)],
                "outcome": outcomes[row["outcome_id"]],
                "direction": DIRECTIONS[row["direction"]][0],
                "n": 1,
            }
            for row in rows
        ]
        caption = (
            "Effect direction plot (Boon and Thomson 2021, doi 10.1002/jrsm.1458). The directions are the wording of "
            "the review; significance is not counted. Several claims of a study about an outcome have one direction if "
            "at least 70 % of those with a direction agree, otherwise they are mixed."
        )
        spec = _direction_spec(values, labels)
        charts.append((f"effect_directions_{scheme}", "Effect directions", caption, spec))
    return charts


def _study_key(row: Row) -> tuple[str, int, int]:
    return row["review_id"], row["table_no"], row["row_no"]


def _unique_labels(labels: Sequence[str]) -> list[str]:
    """Labels with a number after those that occurred before, because a chart joins rows of the same name."""
    seen: Counter[str] = Counter()
    unique = []
    for label in labels:
        seen[label] += 1
        unique.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return unique


def _direction_spec(values: Sequence[Row], studies: Sequence[str]) -> Spec:
    outcomes = [name for name, _ in _sum_by(values, "outcome").most_common()]
    labels, shapes, colours = zip(*DIRECTIONS.values(), strict=True)

    def by_direction(styles: Sequence[str]) -> Spec:
        scale = {"domain": list(labels), "range": list(styles)}
        return {"field": "direction", "type": "nominal", "scale": scale, "legend": {"title": None, "orient": "top"}}

    drawn = chart(
        {"type": "point", "filled": True, "size": 110, "opacity": 1},
        {
            "x": {"field": "outcome", "type": "nominal", "title": None, "sort": outcomes, "axis": SLANTED},
            "y": {"field": "study", "type": "nominal", "title": None, "sort": list(studies), "axis": {"grid": True}},
            "shape": by_direction(shapes),
            "color": by_direction(colours),
        },
        width={"step": CELL},
        height={"step": 19},
    )
    return {**drawn, "datasets": {"rows": list(values)}}
