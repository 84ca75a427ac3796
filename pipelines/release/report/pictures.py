"""The charts of a release as pictures, for papers and slides: `report/<chart>.svg` and `.png`, and their captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from pipelines.release.page_templates import render_page
from pipelines.release.report.evidence_pictures import Chart, draw_effect_directions, draw_gap_map
from pipelines.release.report.figures import FIGURES, Spec
from pipelines.release.report.queries import Row
from pipelines.release.report.scopes import Scope

WIDTH = 640
"""Width of the drawing area in pixels."""

PNG_SCALE = 2
"""Pixels of a PNG per pixel of the chart, so that it prints well."""

STYLE: Spec = {
    "background": "white",
    "font": "Liberation Sans, Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelLimit": 0,
        "gridColor": "#e6e6e6",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "axisX": {"labelOverlap": "greedy", "labelSeparation": 10},
    "legend": {"labelFontSize": 11, "titleFontSize": 11},
}

IN_PAGE_ONLY = ("overlap", *(name for name in FIGURES if name.endswith("_cumulated")))
"""Charts that the page computes further, and variants of others."""


def write_pictures(folder: Path, scope: Scope, concepts: Sequence[Row], citation: str) -> None:
    """Write a picture of each chart that has rows into an empty folder, and `captions.md` with their captions.

    `scope` is that of the whole release; `concepts` are the labels of concepts; `citation` is that of the release.
    """
    # Imported late because it takes long.
    import vl_convert

    captions = {}
    for name, title, caption, spec in _build_charts(scope, concepts):
        svg: str = vl_convert.vegalite_to_svg({**spec, "config": STYLE})
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        (folder / f"{name}.png").write_bytes(vl_convert.svg_to_png(svg, scale=PNG_SCALE))
        captions[name] = {"title": title, "caption": caption}
    (folder / "captions.md").write_text(
        render_page("captions.md.jinja", captions=captions, citation=citation), encoding="utf-8"
    )


def _build_charts(scope: Scope, concepts: Sequence[Row]) -> list[Chart]:
    """Each chart that has rows."""
    charts = [
        (name, figure.title, figure.caption, fill_in(figure.spec, scope[name]))
        for name, figure in FIGURES.items()
        if name not in IN_PAGE_ONLY and scope[name]
    ]
    return [*draw_gap_map(scope, concepts), *draw_effect_directions(scope, concepts), *charts]


def fill_in(spec: Spec, rows: Sequence[Mapping[str, Any]]) -> Spec:
    """A specification with its rows, at a fixed width. Its list of colours keeps only the names that occur."""
    filled: Spec = {**deepcopy(spec), "datasets": {"rows": list(rows)}, "width": WIDTH}
    colour = filled.get("encoding", {}).get("color", {})
    if "domain" in colour.get("scale", {}):
        found = {row[colour["field"]] for row in rows}
        scale = colour["scale"]
        kept = [(name, value) for name, value in zip(scale["domain"], scale["range"], strict=True) if name in found]
        colour["scale"] = {"domain": [name for name, _ in kept], "range": [value for _, value in kept]}
    return filled
