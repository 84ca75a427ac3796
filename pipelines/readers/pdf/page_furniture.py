"""Running heads and feet, and page numbers: what each page repeats and no text contains.

Takes the lines of all pages and gives them without these.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipelines.readers.pdf.lines import Line
from pipelines.readers.pdf.table_regions import is_figure_caption, read_label

_EDGE = 0.14
"""The share of the page's height at its top and bottom where furniture is."""
_SAME_HEIGHT = 8.0
_SHORT_KEY = 3
"""Words with fewer letters may be repeated by chance at the edge of pages, and are furniture only if outermost."""
_LONG_HEAD = 120
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[a-z]?\d{1,5}(?:\s*(?:of|/|\|)\s*\d{1,4})?|[ivxlc]{1,6}", re.IGNORECASE)


def drop_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without those at its edges that other pages repeat, digits aside, and page numbers."""
    places: dict[str, list[Line]] = defaultdict(list)
    edges = [_lines_at_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    for lines in edges:
        for line in lines:
            places[_key(line)].append(line)
    n_needed = 2 if len(pages) < 12 else 3
    furniture = {
        (line.page_no, line.order)
        for key, lines in places.items()
        if len(key) > _SHORT_KEY
        for line in lines
        if _count_pages_with(line, lines) >= n_needed
    }
    for lines, page in zip(edges, pages, strict=True):
        # What is printed beside a running head belongs to it: an author's name, a page number.
        bases = [line.baseline for line in lines if (line.page_no, line.order) in furniture]
        for line in lines:
            if any(abs(line.baseline - base) < 2 for base in bases) and len(line.text) < _LONG_HEAD:
                furniture.add((line.page_no, line.order))
        rest = [line for line in page if (line.page_no, line.order) not in furniture]
        for line in lines:
            is_repeated = _count_pages_with(line, places[_key(line)]) >= n_needed
            if (is_repeated or _PAGE_NUMBER.fullmatch(line.text)) and _is_outermost(line, rest):
                furniture.add((line.page_no, line.order))
    return [[line for line in lines if (line.page_no, line.order) not in furniture] for lines in pages]


def _count_pages_with(line: Line, others: Sequence[Line]) -> int:
    """On how many pages a line of the same words is printed at the same height."""
    return len({other.page_no for other in others if abs(other.baseline - line.baseline) < _SAME_HEIGHT})


def _lines_at_edges(lines: Sequence[Line], height: float) -> list[Line]:
    """The lines at the top and the bottom of a page; a table's caption and the header below it are not among them."""
    captions = [line.top for line in lines if read_label(line.text) or is_figure_caption(line.text)]
    top = min([_EDGE * height, *(caption - 1 for caption in captions if caption < height / 2)])
    return [line for line in lines if line.bottom < top or line.top > (1 - _EDGE) * height]


def _key(line: Line) -> str:
    return re.sub(r"\W+", "", re.sub(r"\d+", "#", line.text.casefold())) or line.text


def _is_outermost(line: Line, page: Sequence[Line]) -> bool:
    """Whether no text is printed above a line at the top, or below a line at the bottom."""
    above = any(other.bottom < line.top - 1 for other in page if other.order != line.order)
    below = any(other.top > line.bottom + 1 for other in page if other.order != line.order)
    return not (above and below)
