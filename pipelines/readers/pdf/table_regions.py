"""Where tables are on a page: the caption, the rows and the notes.

Takes the lines and rules of a page and gives a `TableRegion` for each caption of a table. The cells are found in
`table_cells`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.readers.pdf.lines import Line
from pipelines.readers.pdf.page_contents import Page, Rule
from pipelines.readers.pdf.printed_blocks import BodyStyle
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.printed_tables import TABLE_NUMBER

_MAX_CAPTION_GAP = 60.0
"""The distance in points between a caption and the first rule or row of its table."""
_MIN_RULE = 50.0
_SAME_HEIGHT = 1.6
_COLUMN_GAP = 8.0
"""The gap in points between the rules of two columns of a table at most; columns of a page are further apart."""


@built_once
def _caption() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_phrase('continued_mark')}\s+)?(?:{any_phrase('table_label_prefix')}\s+)?"
        rf"({any_phrase('table_label')}\s*"
        rf"{TABLE_NUMBER}(?![\w-]))\s*[.:|–—-]?\s*",
        re.IGNORECASE,
    )


@built_once
def _continued() -> re.Pattern[str]:
    return re.compile(rf"\(?\s*{any_phrase('continued_mark')}\b", re.IGNORECASE)


@built_once
def _figure_caption() -> re.Pattern[str]:
    number = r"\s*-?(?:[A-Z]?\d{1,3}[A-Za-z]?|[IVX]{1,5})\b"
    return re.compile(
        rf"(?:{any_phrase('figure_label_prefix')}\s+)?{any_phrase('figure_label')}{number}\s*(?:[.:|–—-]|(?=[A-Z(])|$)",
        re.IGNORECASE,
    )


def is_figure_caption(text: str) -> bool:
    """Whether a text begins like the caption of a figure: `Fig. 2 Study design`."""
    return _figure_caption().match(text) is not None


@dataclass(frozen=True, slots=True)
class TableRegion:
    """A table on a page: its caption, the lines of its rows and of its notes, and the rules among them."""

    label: str
    caption: tuple[Line, ...]
    rows: tuple[Line, ...]
    notes: tuple[Line, ...]
    x0: float
    x1: float
    horizontal_rules: tuple[Rule, ...]
    vertical_rules: tuple[Rule, ...]
    rule_pieces: tuple[Rule, ...]
    """The horizontal rules as drawn, before touching ones are joined."""

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.caption, *self.rows, *self.notes)


def read_label(text: str) -> tuple[str, str] | None:
    """The label of a table and the rest of its caption; None if a text does not begin with one."""
    match = _caption().match(text)
    if match is None:
        return None
    return match.group(1), text[match.end() :]


def is_continued_mark(text: str) -> bool:
    """Whether the rest of a caption says that the table began on a page before."""
    return _continued().match(text) is not None and len(text) < 40


def merge_rules(rules: Sequence[Rule], shortest: float = _MIN_RULE) -> list[Rule]:
    """Horizontal rules from top to bottom; those at one height that touch are one, and shorter ones are left out."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.y0), rule.x0)):
        for index in range(len(merged) - 1, max(-1, len(merged) - 12), -1):
            other = merged[index]
            is_touching = rule.x0 <= other.x1 + _COLUMN_GAP and rule.x1 >= other.x0 - _COLUMN_GAP
            if abs(other.y0 - rule.y0) <= _SAME_HEIGHT and is_touching:
                merged[index] = Rule(min(other.x0, rule.x0), other.y0, max(other.x1, rule.x1), other.y1)
                break
        else:
            merged.append(rule)
    return sorted((rule for rule in merged if rule.x1 - rule.x0 >= shortest), key=lambda rule: rule.y0)


def find_tables(page: Page, lines: Sequence[Line], body: BodyStyle) -> list[TableRegion]:
    """The tables of a page, from top to bottom."""
    rules = merge_rules(page.horizontal_rules)
    captions = [line for line in lines if _is_caption(line, lines, rules, body)]
    figures = [line for line in lines if is_figure_caption(line.text)]
    regions: list[TableRegion] = []
    taken: set[int] = set()
    for caption in sorted(captions, key=lambda line: line.top):
        free = [line for line in lines if line.order not in taken]
        region = _find_region(caption, free, rules, page, [*captions, *figures], body)
        if region:
            regions.append(region)
            taken.update(line.order for line in region.lines)
    return regions


def find_continuation(page: Page, lines: Sequence[Line], table: TableRegion) -> TableRegion | None:
    """The rest of a table of the page before, if the page begins with the first line of its header."""
    if not lines:
        return None
    first = min(line.baseline for line in lines)
    top = _texts_at(lines, first)
    if len(top) < 2 or top != _texts_at(table.rows, min(line.baseline for line in table.rows)):
        return None
    inside = [line for line in lines if table.x0 - 4 <= line.middle <= table.x1 + 4]
    rows = _rows_until_gap(inside, first - 20)
    rules = merge_rules(page.horizontal_rules)
    foot = max((rule.y0 for rule in rules if rule.x1 - rule.x0 > 0.9 * (table.x1 - table.x0)), default=None)
    if foot is not None:
        rows = [line for line in inside if (line.top + line.bottom) / 2 < foot] or rows
    return _region(table.caption[0], table.caption, rows, [], (table.x0, table.x1), rules, page)


def _texts_at(lines: Sequence[Line], baseline: float) -> list[str]:
    """The texts of the lines at one height, from left to right."""
    return [line.text for line in sorted(lines, key=lambda line: line.x0) if abs(line.baseline - baseline) < 2]


def _is_caption(line: Line, lines: Sequence[Line], rules: Sequence[Rule], body: BodyStyle) -> bool:
    """Whether a line is the first of a table's caption, and not a sentence about a table."""
    label = read_label(line.text)
    if label is None:
        return False
    rest = label[1]
    if rest[:1].islower() and not is_continued_mark(rest):
        return False
    in_other_type = line.lead not in body.fonts or abs(line.style.size - body.size) > 0.4
    has_rule = any(
        -3 < rule.y0 - line.bottom < 30 or -3 < line.top - rule.y0 < 15 for rule in rules if _over(rule, line)
    )
    if in_other_type or not rest:
        return has_rule or _has_rows_below(line, lines)
    before = [other for other in lines if other.order == line.order - 1]
    follows = before and 0 < line.baseline - before[0].baseline < 1.5 * line.style.size
    return not (follows and before[0].style == line.style) and (has_rule or _has_rows_below(line, lines))


def _over(rule: Rule, line: Line) -> bool:
    return rule.x0 < line.x1 and rule.x1 > line.x0


def _has_rows_below(caption: Line, lines: Sequence[Line]) -> bool:
    below = [line for line in lines if 0 < line.top - caption.bottom < 60]
    return any(
        abs(line.baseline - other.baseline) < 2 and other.x0 > line.x1
        for line in below
        for other in below
        if line is not other
    )


def _find_region(
    caption: Line,
    lines: Sequence[Line],
    rules: Sequence[Rule],
    page: Page,
    captions: Sequence[Line],
    body: BodyStyle,
) -> TableRegion | None:
    caption_lines = _caption_lines(caption, lines, rules, body)
    foot = max(line.bottom for line in caption_lines)
    limits = [other.top for other in captions if other.top > foot and _overlap(other, caption)]
    limit = min(limits, default=page.height)
    chain = _rule_chain(caption, foot, limit, rules, lines, body)
    if not chain:
        chain = _chain_above(caption, rules, lines, body)
        if chain:
            return _region_between(caption, caption_lines, chain, lines, rules, page, chain[-1].y0)
        chain = _chain_beside(caption_lines, limit, rules, lines, body)
        if chain:
            return _region_between(caption, caption_lines, chain, lines, rules, page, limit)
        return _region_without_rules(caption, caption_lines, foot, limit, lines, page, body)
    return _region_between(caption, caption_lines, chain, lines, rules, page, limit)


def _overlap(line: Line, other: Line) -> bool:
    return line.x0 < other.x1 and line.x1 > other.x0


def _caption_lines(caption: Line, lines: Sequence[Line], rules: Sequence[Rule], body: BodyStyle) -> list[Line]:
    """The lines of a caption: those below and beside its first, up to a rule, a gap or a row of cells."""
    found = [caption]
    label = read_label(caption.text)
    rest_of_label = label is not None and bool(label[1])
    below = [rule for rule in rules if rule.y0 > caption.baseline and rule.x0 - 12 < caption.x0 < rule.x1 - 40]
    # With three rules, the first is above the header, and what is above it belongs to the caption.
    top_rule = below[0].y0 if len(below) > 2 and below[0].y0 - caption.bottom < _MAX_CAPTION_GAP else 0.0
    for line in sorted(lines, key=lambda line: (line.baseline, line.x0)):
        last = found[-1]
        if line.order == caption.order or line.baseline < caption.baseline - 1:
            continue
        beside = (
            not rest_of_label
            and abs(line.baseline - last.baseline) < 1
            and 0 <= line.x0 - last.x1 < 3 * last.style.size
        )
        if beside and abs(line.style.size - caption.style.size) < 1.2:
            found.append(line)
            continue
        is_far = line.x0 > caption.x1 or line.x1 < caption.x0 or line.x0 > caption.x0 + 12 * caption.style.size
        if is_far and (rest_of_label or line.x0 > caption.x1 + 200 or line.x1 < caption.x0):
            continue
        step = line.baseline - last.baseline
        if step < 1:
            continue
        if step > 1.7 * caption.style.size or abs(line.style.size - caption.style.size) > 0.6:
            break
        if any(last.baseline < rule.y0 < line.baseline - 2 and _over(rule, line) for rule in rules):
            break
        same_row = [
            other
            for other in lines
            if abs(other.baseline - line.baseline) < 1.5
            and other.order != line.order
            and (_is_prose(line, body) or not _is_prose(other, body))
        ]
        if line.baseline > top_rule and any(0.5 * other.style.size < other.x0 - line.x1 < 150 for other in same_row):
            break
        found.append(line)
    return found


def _is_prose(line: Line, body: BodyStyle) -> bool:
    return body.is_size_of(line.style, 0.3) and line.style.font in body.fonts and len(line.text) > 40


def _rule_chain(
    caption: Line, foot: float, limit: float, rules: Sequence[Rule], lines: Sequence[Line], body: BodyStyle
) -> list[Rule]:
    """The rules of the table below a caption, from its first to its last, each as wide as the table."""
    below = [rule for rule in rules if foot - 4 <= rule.y0 < limit and rule.x0 - 12 < caption.x0 < rule.x1]
    chain: list[Rule] = []
    for rule in below:
        if not chain:
            if rule.y0 - foot > _MAX_CAPTION_GAP and not _only_rows(lines, foot, rule.y0, rule, body):
                break
            chain.append(rule)
            continue
        if not _is_as_wide(rule, chain[0]):
            continue
        if not _only_rows(lines, chain[-1].y0, rule.y0, chain[0], body):
            break
        chain.append(rule)
    return chain


def _is_as_wide(rule: Rule, first: Rule) -> bool:
    """Whether a rule has much the same extent as the first rule of a table."""
    width = first.x1 - first.x0
    shared = min(rule.x1, first.x1) - max(rule.x0, first.x0)
    return shared >= 0.85 * width and rule.x1 - rule.x0 <= 1.15 * width


def _only_rows(lines: Sequence[Line], top: float, bottom: float, extent: Rule, body: BodyStyle) -> bool:
    """Whether no prose of the body is between two heights within the width of a table."""
    inside = [
        line
        for line in lines
        if top - 1 < line.top and line.bottom < bottom + 2 and line.x0 < extent.x1 - 2 and line.x1 > extent.x0 + 2
    ]
    prose = [line for line in inside if _is_prose(line, body)]
    if any(line.x0 < extent.x0 - 15 or line.x1 > extent.x1 + 15 for line in prose):
        return False
    return _count_justified(prose) < 3


def _count_justified(lines: Sequence[Line]) -> int:
    """The number of lines that fill a column like the line before them in the file, as lines of prose do."""
    ordered = sorted(lines, key=lambda line: line.order)
    return sum(
        line.order - previous.order == 1
        and 0 < line.baseline - previous.baseline < 1.6 * line.style.size
        and abs(line.x1 - previous.x1) < 1.5
        and line.x1 - line.x0 > 15 * line.style.size
        for previous, line in pairwise(ordered)
    )


def _chain_above(caption: Line, rules: Sequence[Rule], lines: Sequence[Line], body: BodyStyle) -> list[Rule]:
    """The rules of a table that is printed above its caption."""
    above = [rule for rule in rules if rule.y0 <= caption.top + 3 and rule.x0 - 12 < caption.x0 < rule.x1]
    chain: list[Rule] = []
    for rule in reversed(above):
        if not chain:
            if caption.top - rule.y0 > _MAX_CAPTION_GAP:
                break
            chain.append(rule)
            continue
        if not _is_as_wide(rule, chain[0]):
            continue
        if not _only_rows(lines, rule.y0, chain[-1].y0, chain[0], body):
            break
        chain.append(rule)
    chain.reverse()
    return chain if len(chain) > 1 else []


def _chain_beside(
    caption: Sequence[Line], limit: float, rules: Sequence[Rule], lines: Sequence[Line], body: BodyStyle
) -> list[Rule]:
    """The rules of a table that is printed to the right of its caption."""
    edge = max(line.x1 for line in caption)
    chain: list[Rule] = []
    for rule in rules:
        if rule.x0 < edge - 5 or rule.y0 < caption[0].top - 25 or rule.y0 > limit:
            continue
        if not chain:
            if rule.y0 > caption[-1].bottom + 25:
                break
            chain.append(rule)
        elif abs(rule.x0 - chain[0].x0) < 10 and abs(rule.x1 - chain[0].x1) < 10:
            if not _only_rows(lines, chain[-1].y0, rule.y0, chain[0], body):
                break
            chain.append(rule)
    return chain if len(chain) > 1 else []


def _region_between(
    caption: Line,
    caption_lines: Sequence[Line],
    chain: Sequence[Rule],
    lines: Sequence[Line],
    rules: Sequence[Rule],
    page: Page,
    limit: float,
) -> TableRegion | None:
    x0 = min(rule.x0 for rule in chain)
    x1 = max(rule.x1 for rule in chain)
    top, bottom = min(chain[0].y0, max(line.bottom for line in caption_lines)), chain[-1].y0
    if chain[0].y0 > caption.top and x0 < caption.x1:
        top = max(line.bottom for line in caption_lines) - 1
    orders = {line.order for line in caption_lines}
    inside = [
        line for line in lines if line.order not in orders and x0 - 4 <= line.middle <= x1 + 4 and line.top > top - 2
    ]
    if len(chain) == 1:
        rows = _rows_until_gap(inside, chain[0].y0)
        bottom = max((line.bottom for line in rows), default=bottom)
    else:
        rows = [line for line in inside if (line.top + line.bottom) / 2 < bottom]
    if not rows:
        return None
    below = _lines_below(inside, bottom, rows, limit)
    n_more = _count_lines_of_rows(below)
    rows, notes = [*rows, *below[:n_more]], below[n_more:]
    return _region(caption, caption_lines, rows, notes, (x0, x1), rules, page)


def _region(
    caption: Line,
    caption_lines: Sequence[Line],
    rows: Sequence[Line],
    notes: Sequence[Line],
    extent: tuple[float, float],
    rules: Sequence[Rule],
    page: Page,
) -> TableRegion:
    label = read_label(caption.text)
    assert label is not None
    top, bottom = min(line.top for line in rows) - 6, max(line.bottom for line in rows) + 6
    x0, x1 = extent
    return TableRegion(
        label[0],
        tuple(caption_lines),
        tuple(rows),
        tuple(notes),
        x0,
        x1,
        tuple(rule for rule in rules if top <= rule.y0 <= bottom and rule.x0 < x1 and rule.x1 > x0),
        tuple(
            rule for rule in page.vertical_rules if x0 - 3 <= rule.x0 <= x1 + 3 and rule.y0 < bottom and rule.y1 > top
        ),
        tuple(rule for rule in page.horizontal_rules if top <= rule.y0 <= bottom and rule.x0 < x1 and rule.x1 > x0),
    )


def _rows_until_gap(inside: Sequence[Line], start: float) -> list[Line]:
    rows: list[Line] = []
    last = start
    for line in sorted(inside, key=lambda line: line.baseline):
        if line.top - last > 2.2 * line.style.size:
            break
        rows.append(line)
        last = max(last, line.bottom)
    return rows


def _lines_below(inside: Sequence[Line], bottom: float, rows: Sequence[Line], limit: float) -> list[Line]:
    """The lines below the last rule in type as small as that of the rows or smaller, without a wide gap."""
    size = max(line.style.size for line in rows)
    found: list[Line] = []
    last = bottom
    for line in sorted(inside, key=lambda line: (line.baseline, line.x0)):
        if (line.top + line.bottom) / 2 < bottom:
            continue
        if line.bottom > limit or line.top - last > 2.2 * line.style.size or line.style.size > size + 0.3:
            break
        found.append(line)
        last = max(last, line.bottom)
    return found


def _count_lines_of_rows(lines: Sequence[Line]) -> int:
    """How many of the lines below the last rule are rows: a table may have no rule at its foot.

    Rows have several cells side by side; notes go across the table.
    """
    bases = Counter(round(line.baseline) for line in lines)
    beside = [bases[round(line.baseline)] > 1 for line in lines]
    if sum(beside) < 6 or sum(beside) < 0.3 * len(lines):
        return 0
    n = max(index for index, is_beside in enumerate(beside) if is_beside) + 1
    left = min(line.x0 for line in lines)
    # The last cell of a row may have more lines than the others; notes begin at the left edge.
    while n < len(lines) and lines[n].x0 > left + 2 * lines[n].style.size:
        n += 1
    return n


def _region_without_rules(
    caption: Line,
    caption_lines: Sequence[Line],
    foot: float,
    limit: float,
    lines: Sequence[Line],
    page: Page,
    body: BodyStyle,
) -> TableRegion | None:
    """Rows below a caption without rules: up to prose of the body or a gap."""
    rows: list[Line] = []
    last = foot
    orders = {line.order for line in caption_lines}
    for line in sorted(lines, key=lambda line: line.baseline):
        if line.order in orders or line.top < foot - 2:
            continue
        if line.top - last > 2.5 * line.style.size or line.bottom > limit:
            break
        if _is_prose(line, body) and line.style.size > caption.style.size + 0.3:
            break
        rows.append(line)
        last = max(last, line.bottom)
    if len(rows) < 4:
        return None
    extent = (min(line.x0 for line in rows), max(line.x1 for line in rows))
    return _region(caption, caption_lines, rows, [], extent, [], page)
