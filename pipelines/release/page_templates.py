"""Renders the pages of a release from the Jinja templates in `templates/`."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def render_page(template: str, **values: Any) -> str:
    """Render a template. In HTML all values are escaped; in Markdown the filter `cell` escapes a cell of a table."""
    environment = Environment(
        loader=PackageLoader("pipelines.release"),
        autoescape=select_autoescape(["html.jinja"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _escape_cell
    return environment.get_template(template).render(values)


def _escape_cell(text: str) -> str:
    """Escape characters that would end a cell of a Markdown table or begin markup."""
    return "".join(f"\\{char}" if char in "|\\`*_<[" else char for char in text)
