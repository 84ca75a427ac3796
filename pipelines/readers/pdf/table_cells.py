"""The cells of a printed table: rows and columns from the places of its words and rules.

Takes a `TableRegion` and gives rows of cells. Columns are separated by strips that no or hardly any row crosses;
rows by rules, by gaps, or where a line cannot be the continuation of the one above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from pipelines.readers.pdf.line_joining import JoinedText, Joiner
from pipelines.readers.pdf.lines import Line, Word, join_words
from pipelines.readers.pdf.page_contents import Rule
from pipelines.readers.pdf.table_regions import TableRegion, merge_rules

_CELL_GAP = 0.5
"""The gap, in font sizes, from which two words of a line may be in two cells."""
_MAX_HEADING_LINES = 4
_OFF_MIDDLE = 0.06
"""How far, as a share of the width, a heading may be from the middle of the columns that it spans."""
_CROSSED_AT_BREAK = 0.3
_CLEAR_STRIP = 0.9
"""The width, in font sizes, from which a strip without any text separates columns."""
_MOST_LABELS = 0.35
"""The share of the lines of a table that may be labels between two rows."""
_FULL_ROW = 0.6
"""The share of the columns that a row without leading cells fills at least."""
_LEAST_SHARE = 0.12
_WIDER = 1.15
"""How much wider, as a ratio, the distance of rows is than that of the lines of a cell."""
_CROSSED = 0.08
"""The share of the lines that may cross the strip between two columns: headings over several columns."""


_OPEN_ENDS = ("-", "/", ",", "(", "–", "±", "=", "<", ">")
_HAS_WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(slots=True)
class PrintedCell:
    """A cell: its column, the numbers of columns and rows that it spans, and its text."""

    column: int
    column_span: int
    joined: JoinedText
    row_span: int = 1

    @property
    def columns(self) -> range:
        """The columns that the cell covers."""
        return range(self.column, self.column + self.column_span)


@dataclass(slots=True)
class PrintedRow:
    """A row of cells from left to right; `lines` are the lines that it was read from."""

    cells: list[PrintedCell]
    is_header: bool = False
    lines: list[Line] = field(default_factory=list)
    spanned: set[int] = field(default_factory=set)
    """The columns that a cell of a row above covers."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of a line without a gap between them."""

    line: Line
    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def text(self) -> str:
        return join_words(self.words)

    def as_line(self) -> Line:
        """The part of the line that is this run."""
        return self.line._replace(x0=self.x0, x1=self.x1, text=self.text, words=self.words)


def read_cells(region: TableRegion, joiner: Joiner) -> tuple[list[PrintedRow], int]:
    """The rows of a table and the number of its columns; no rows if fewer than two columns are found."""
    strips = _group_lines(region.rows)
    runs = [[run for line in strip for run in _split_runs(line)] for strip in strips]
    for strip in runs:
        strip.sort(key=lambda run: run.x0)
    drawn = _drawn_columns(runs, region)
    runs = [[part for run in strip for part in _split_at(run, drawn)] for strip in runs]
    edges = _find_columns(runs, region, drawn)
    if not edges:
        return [], 0
    n_columns = len(edges) + 1
    bounds = [region.x0 - 50, *edges, region.x1 + 50]
    placed = [[_place(run, bounds) for run in strip] for strip in runs]
    n_header = _count_header_lines(strips, region)
    rules = merge_rules(region.rule_pieces, shortest=10)
    _spread_headings(placed, bounds, n_header, region, rules)
    strips, placed = _raise_centred_labels(strips, placed, n_header)
    levels = _row_levels(rules, region, len(strips))
    if levels:
        return _read_grid(placed, levels, region, joiner), n_columns
    rights = [right for _, right in _column_extents(placed, n_columns)]
    starts = _row_starts(placed, strips, region, rights, n_header)
    if n_header:
        # The lines of a header are one row unless a heading spans columns.
        starts = _join_header_lines(starts, placed, n_header)
    rows: list[PrintedRow] = []
    for index, items in enumerate(placed):
        if index in starts or not rows:
            rows.append(PrintedRow([], index < n_header))
        rows[-1].lines.extend(strips[index])
        if len(rows) > 1 and rows[-1].is_header:
            # What is not under a heading over several columns goes on the cell above.
            above = [item for item in items if _has_own_heading(rows[-2], item[0])]
            _add_to_row(rows[-2], above, joiner)
            _add_to_row(rows[-1], [item for item in items if item not in above], joiner)
        else:
            _add_to_row(rows[-1], items, joiner)
    _span_header_cells([row for row in rows if row.is_header])
    _span_leading_cells(rows, region)
    return rows, n_columns


def _has_own_heading(row: PrintedRow, column: int) -> bool:
    return any(cell.column == column and cell.column_span == 1 for cell in row.cells)


def _span_header_cells(rows: Sequence[PrintedRow]) -> None:
    """Let a cell of the header span the rows of the header below it that leave its columns empty."""
    for number, row in enumerate(rows):
        for cell in row.cells:
            columns = set(cell.columns)
            for lower in rows[number + 1 :]:
                filled = {column for item in lower.cells for column in item.columns}
                if columns & filled or columns & lower.spanned:
                    break
                cell.row_span += 1
                lower.spanned |= columns


def _row_levels(rules: Sequence[Rule], region: TableRegion, n_lines: int) -> list[list[Rule]]:
    """The rules between rows by height, if there are so many that they separate the rows; else none."""
    levels: list[list[Rule]] = []
    for rule in rules:
        if rule.x1 - rule.x0 < 0.3 * (region.x1 - region.x0) and not levels:
            continue
        if levels and rule.y0 - levels[-1][0].y0 < 2.5:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    inner = levels[1:-1]
    return levels if len(inner) >= 3 and len(inner) >= 0.3 * n_lines else []


def _read_grid(
    placed: Sequence[Sequence[_Placed]], levels: Sequence[Sequence[Rule]], region: TableRegion, joiner: Joiner
) -> list[PrintedRow]:
    """The rows of a table with rules between them: a cell is between the rules above and below it."""
    heights = [level[0].y0 for level in levels]
    found: dict[tuple[int, int], list[_Placed]] = {}
    for item in (item for strip in placed for item in strip):
        run = item[2]
        middle, height = (run.x0 + run.x1) / 2, run.line.baseline - 0.3 * run.line.style.size
        covering = [
            index for index, level in enumerate(levels) if any(rule.x0 - 1 <= middle <= rule.x1 + 1 for rule in level)
        ]
        above = max((index for index in covering if heights[index] <= height), default=-1)
        below = min((index for index in covering if heights[index] > height), default=len(levels))
        found.setdefault((above, below), []).append(item)
    used = sorted({above for above, _ in found})
    rows = [PrintedRow([]) for _ in used]
    n_wide = next((index for index, level in enumerate(levels) if index and _is_wide(level, region)), 1)
    for (above, below), items in sorted(found.items()):
        row = rows[used.index(above)]
        row.is_header = below <= n_wide
        _add_to_row(row, sorted(items, key=lambda item: (item[2].line.baseline, item[2].x0)), joiner)
        row.lines.extend(item[2].line for item in items)
        span = sum(above <= level < below for level in used)
        for cell in row.cells:
            if any(item[0] == cell.column for item in items):
                cell.row_span = max(cell.row_span, span)
    for number, row in enumerate(rows):
        for cell in row.cells:
            for other in rows[number + 1 : number + cell.row_span]:
                other.spanned.update(cell.columns)
    return rows


def _is_wide(level: Sequence[Rule], region: TableRegion) -> bool:
    return sum(rule.x1 - rule.x0 for rule in level) > 0.7 * (region.x1 - region.x0)


def _span_leading_cells(rows: Sequence[PrintedRow], region: TableRegion) -> None:
    """Let the leading cells of a row span the rows below it that leave these columns empty.

    A row that fills only its first cell heads the rows below it; its cell does not span them.
    """
    above: PrintedRow | None = None
    for row in rows:
        if row.is_header:
            continue
        first = min((cell.column for cell in row.cells), default=0)
        if first == 0:
            above = row if len(row.cells) > 1 else None
            continue
        if above is None or _is_ruled_off(above, row, region):
            continue
        leading = [cell for cell in above.cells if cell.column < first]
        if len(leading) == len(above.cells) or any(cell.column + cell.column_span > first for cell in leading):
            continue
        for cell in leading:
            cell.row_span += 1
            row.spanned.update(cell.columns)


def _is_ruled_off(above: PrintedRow, row: PrintedRow, region: TableRegion) -> bool:
    """Whether a rule across the first column separates two rows."""
    top = max(line.baseline for line in above.lines)
    bottom = min(line.baseline for line in row.lines)
    return any(top < rule.y0 < bottom and rule.x0 < region.x0 + 10 for rule in region.horizontal_rules)


def _group_lines(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines by their baseline, from top to bottom."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.baseline, line.x0)):
        if groups and line.baseline - groups[-1][0].baseline < 0.35 * line.style.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _split_runs(line: Line) -> list[_Run]:
    runs: list[list[Word]] = []
    for word in line.words:
        if runs and word.x0 - runs[-1][-1].x1 <= _CELL_GAP * line.style.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    return [_Run(line, tuple(words)) for words in runs]


def _drawn_columns(runs: Sequence[Sequence[_Run]], region: TableRegion) -> list[float]:
    """The edges between columns that are drawn: by vertical rules, or where horizontal rules are interrupted."""
    broken = [
        edge
        for edge in _breaks_in_rules(region)
        if sum(any(run.x0 + 2 < edge < run.x1 - 2 for run in strip) for strip in runs) <= _CROSSED_AT_BREAK * len(runs)
    ]
    edges = _ruled_columns(region)
    return sorted([*edges, *(edge for edge in broken if all(abs(edge - other) > 3 for other in edges))])


def _split_at(run: _Run, edges: Sequence[float]) -> list[_Run]:
    """A run in parts, cut at the edges that are between two of its words."""
    groups: list[list[Word]] = []
    for word in run.words:
        is_cut = groups and any(groups[-1][-1].x1 - 1 <= edge <= word.x0 + 1 for edge in edges)
        if groups and not is_cut:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_Run(run.line, tuple(words)) for words in groups]


def _find_columns(runs: Sequence[Sequence[_Run]], region: TableRegion, drawn: Sequence[float]) -> list[float]:
    """The edges between columns, from left to right: the drawn ones, and the strips without text."""
    edges = list(drawn)
    for edge in _strips_without_text(runs, region):
        if all(abs(edge - other) > 3 for other in drawn):
            edges.append(edge)
    return _drop_empty_columns(sorted(edges), runs, set(drawn))


def _drop_empty_columns(edges: list[float], runs: Sequence[Sequence[_Run]], drawn: set[float]) -> list[float]:
    """The edges without those that have no text on one side; of two such edges, the drawn one is kept."""
    # A heading over several columns fills none of them.
    middles = [
        (run.x0 + run.x1) / 2
        for strip in runs
        for run in strip
        if not any(run.x0 + 2 < edge < run.x1 - 2 for edge in edges)
    ]
    kept: list[float] = []
    for edge in edges:
        if not any(middle > edge for middle in middles):
            continue
        if not any((not kept or middle > kept[-1]) and middle < edge for middle in middles):
            if kept and edge in drawn:
                kept[-1] = edge
            continue
        kept.append(edge)
    return kept


def _breaks_in_rules(region: TableRegion) -> list[float]:
    """The places where horizontal rules of one height are interrupted: each column may have a rule of its own."""
    breaks: list[float] = []
    rules = sorted(region.rule_pieces, key=lambda rule: (round(rule.y0), rule.x0))
    for rule, following in pairwise(rules):
        is_next = abs(following.y0 - rule.y0) < 1.6 and -3 < following.x0 - rule.x1 < 12
        edge = (rule.x1 + following.x0) / 2
        if is_next and all(abs(edge - other) > 3 for other in breaks):
            breaks.append(edge)
    return breaks


def _strips_without_text(runs: Sequence[Sequence[_Run]], region: TableRegion) -> list[float]:
    """The middles of the strips that no or hardly any line crosses, from left to right."""
    left, right = int(region.x0) - 2, int(region.x1) + 3
    covered = [0] * (right - left + 1)
    support: Counter[int] = Counter()
    for strip in runs:
        for run in strip:
            for x in range(max(0, int(run.x0 + 0.5) - left), min(len(covered), int(run.x1 + 0.5) - left)):
                covered[x] += 1
        for run, following in pairwise(strip):
            for x in range(max(0, int(run.x1 + 0.5) - left), min(len(covered), int(following.x0 + 0.5) - left)):
                support[x] += 1
    allowed = int(_CROSSED * len(runs) + 0.5)
    edges: list[float] = []
    x = 0
    while x < len(covered):
        if covered[x] > allowed:
            x += 1
            continue
        start = x
        while x < len(covered) and covered[x] <= allowed:
            x += 1
        least = min(covered[start:x])
        clear = [place for place in range(start, x) if covered[place] == least]
        best = max(support[place] for place in range(start, x))
        is_inside = start > 2 and x < len(covered) - 2
        # Cells that are not on one line, as in rows of several lines, leave a strip that is wide and quite clear.
        width = len(clear) / runs[0][0].line.style.size
        is_clear = least == 0 and (width > _CLEAR_STRIP or (width > _CELL_GAP and best > 1))
        if is_inside and (best >= max(1, 0.12 * len(runs)) or is_clear) and x - start >= 2:
            edges.append(left + (clear[0] + clear[-1] + 1) / 2)
    return edges


def _ruled_columns(region: TableRegion) -> list[float]:
    """The places of vertical rules inside a table that run through at least half of its height."""
    top = min(line.top for line in region.rows)
    bottom = max(line.bottom for line in region.rows)
    lengths: Counter[int] = Counter()
    for rule in region.vertical_rules:
        if region.x0 + 5 < rule.x0 < region.x1 - 5:
            place = next((x for x in lengths if abs(x - rule.x0) < 3), round(rule.x0))
            lengths[place] += int(min(rule.y1, bottom) - max(rule.y0, top))
    return sorted(float(x) for x, length in lengths.items() if length > 0.5 * (bottom - top))


def _place(run: _Run, bounds: Sequence[float]) -> tuple[int, int, _Run]:
    """The first column of a run and the number of columns that it covers."""
    first = last = None
    for column in range(len(bounds) - 1):
        shared = min(run.x1, bounds[column + 1]) - max(run.x0, bounds[column])
        if shared > 0.25 * run.line.style.size or shared >= 0.9 * (run.x1 - run.x0):
            first = column if first is None else first
            last = column
    assert first is not None
    assert last is not None
    return first, last - first + 1, run


_Placed = tuple[int, int, _Run]


def _spread_headings(
    placed: list[list[_Placed]], bounds: Sequence[float], n_header: int, region: TableRegion, rules: Sequence[Rule]
) -> None:
    """Let a heading that is printed above the middle of several columns span them.

    Such headings are in the header above its last line, or in the first line above one that leaves the first column
    empty.
    """
    extents = _column_extents(placed, len(bounds) - 1)
    for index in range(min(max(n_header - 1, 1), _MAX_HEADING_LINES, len(placed) - 1)):
        strip = placed[index]
        lower = placed[index + 1 : max(n_header, index + 2)]
        below = sorted({column for items in lower for first, span, _ in items for column in range(first, first + span)})
        if n_header < 2 and 0 in below:
            continue
        filled = {column for first, span, _ in strip for column in range(first, first + span)}
        free = set(below) - filled
        next_line = placed[index + 1][0][2].line
        spread = [
            _span_of_rule(item, next_line, region, rules, extents) or _spread(item, free, extents) for item in strip
        ]
        last = -1
        for number, (first, span, run) in enumerate(spread):
            # A column may be claimed by the headings on both sides of it; the first keeps it.
            start = max(first, last + 1)
            n = max(1, first + span - start)
            if sum(start <= column < start + n for column in below) < 2:
                start, n = strip[number][:2]
            placed[index][number] = (start, n, run)
            last = start + n - 1


def _raise_centred_labels(
    strips: list[list[Line]], placed: list[list[_Placed]], n_header: int
) -> tuple[list[list[Line]], list[list[_Placed]]]:
    """Move labels of two rows, which are printed between the two, up to the first of them.

    If many lines are so placed, they are lines of cells in the middle of the height of their row.
    """
    between = {index for index in range(max(1, n_header), len(strips) - 1) if _is_between_rows(strips, placed, index)}
    if len(between) > _MOST_LABELS * len(strips):
        return strips, placed
    kept_strips: list[list[Line]] = []
    kept_placed: list[list[_Placed]] = []
    for index, (strip, items) in enumerate(zip(strips, placed, strict=True)):
        if index in between:
            kept_placed[-1] = sorted([*kept_placed[-1], *items], key=lambda item: item[0])
            kept_strips[-1] = [*kept_strips[-1], *strip]
        else:
            kept_strips.append(strip)
            kept_placed.append(items)
    return kept_strips, kept_placed


def _is_between_rows(strips: Sequence[Sequence[Line]], placed: Sequence[Sequence[_Placed]], index: int) -> bool:
    """Whether a line fills only columns that the lines around it leave empty, and is closer to both than lines are."""
    above, columns, below = ({column for column, _, _ in placed[other]} for other in (index - 1, index, index + 1))
    before, here, after = (strips[other][0].baseline for other in (index - 1, index, index + 1))
    near = 0.9 * strips[index][0].style.size
    return len(above & below) > 1 and columns.isdisjoint(above | below) and here - before < near and after - here < near


def _column_extents(placed: Sequence[Sequence[_Placed]], n_columns: int) -> list[tuple[float, float]]:
    """The left and right edge of the text of each column."""
    extents = [(1e9, -1e9)] * n_columns
    for strip in placed:
        for column, span, run in strip:
            if span == 1:
                left, right = extents[column]
                extents[column] = min(left, run.x0), max(right, run.x1)
    return extents


def _span_of_rule(
    item: _Placed,
    next_line: Line,
    region: TableRegion,
    rules: Sequence[Rule],
    extents: Sequence[tuple[float, float]],
) -> _Placed | None:
    """A heading with the columns that the rule below it covers; None if there is no such rule."""
    column, span, run = item
    for rule in rules:
        is_below = run.line.baseline - 1 < rule.y0 < next_line.baseline
        is_part = rule.x1 - rule.x0 < 0.9 * (region.x1 - region.x0)
        if not (is_below and is_part and rule.x0 - 2 <= (run.x0 + run.x1) / 2 <= rule.x1 + 2):
            continue
        covered = [
            number for number, (left, right) in enumerate(extents) if rule.x0 - 3 <= (left + right) / 2 <= rule.x1 + 3
        ]
        if covered and covered[0] <= column and column + span - 1 <= covered[-1]:
            return covered[0], covered[-1] - covered[0] + 1, run
    return None


def _spread(item: _Placed, free: set[int], extents: Sequence[tuple[float, float]]) -> _Placed:
    """A heading with the columns whose middle it is printed above: its own and free ones beside it, as many as fit."""
    column, span, run = item
    middle = (run.x0 + run.x1) / 2
    best = (span, column)
    first = column
    while first == column or first in free:
        last = column + span - 1
        while last == column + span - 1 or last in free:
            left, right = extents[first][0], extents[last][1]
            is_in_middle = abs(middle - (left + right) / 2) <= max(4.0, _OFF_MIDDLE * (right - left))
            if is_in_middle and last - first + 1 > best[0]:
                best = (last - first + 1, first)
            last += 1
        first -= 1
    return best[1], best[0], run


def _row_starts(
    placed: Sequence[Sequence[_Placed]],
    strips: Sequence[Sequence[Line]],
    region: TableRegion,
    rights: Sequence[float],
    n_header: int,
) -> set[int]:
    """The indexes of the lines that begin a row."""
    n = len(strips)
    bases = [strip[0].baseline for strip in strips]
    cuts = [rule for rule in region.horizontal_rules if rule.x1 - rule.x0 > 0.85 * (region.x1 - region.x0)]
    ruled = {index for index in range(1, n) if any(bases[index - 1] - 1 < rule.y0 < bases[index] for rule in cuts)}
    if len(ruled) >= 4 and len(ruled) >= 0.3 * n:
        return ruled | {0}
    blocks = sorted(ruled | {0, n})
    body_blocks = list(pairwise(blocks))[1:]
    if len(body_blocks) > 1 and all(_is_one_row(placed[start:end]) for start, end in body_blocks):
        return ruled | {0}
    steps = [bases[index] - bases[index - 1] for index in range(1, n)]
    starts = {0} | ruled
    limit = _row_gap(steps[n_header:])
    close = [index for index in range(1, n) if steps[index - 1] <= limit]
    n_full = sum(
        len(placed[index]) > _FULL_ROW * len(rights)
        and _is_full_row(placed[index], placed[index - 1])
        and not _is_continuation(placed, index, rights)
        for index in close
    )
    # Where some lines are closer than others, the closer ones are lines of one cell, unless they are rows in groups.
    is_spaced = limit < inf and n_full < 0.5 * len(close)
    for index in range(1, n):
        if steps[index - 1] > limit if is_spaced else not _is_continuation(placed, index, rights):
            starts.add(index)
    return starts


def _row_gap(steps: Sequence[float]) -> float:
    """The distance of baselines above which a row begins, where lines of a cell are closer than rows; else infinite.

    It is in the widest gap between the distances of which there are enough on both sides. Cells in the middle of the
    height of their row have lines at half the pitch.
    """
    ordered = sorted(steps)
    least = max(1, round(_LEAST_SHARE * len(ordered)))
    best, limit = _WIDER, inf
    for index in range(least, len(ordered) - least + 1):
        lower, upper = ordered[index - 1], ordered[index]
        if lower > 1 and upper / lower > best:
            best, limit = upper / lower, (lower + upper) / 2
    return limit


def _is_one_row(strips: Sequence[Sequence[_Placed]]) -> bool:
    """Whether lines between two rules are one row: the first column is filled from the top without a gap, or not to
    the end.
    """
    filled = [any(column == 0 for column, _, _ in strip) for strip in strips]
    n = filled.index(False) if False in filled else len(filled)
    return filled[0] and not any(filled[n:]) and (n < len(filled) or n == 1)


def _is_full_row(strip: Sequence[_Placed], before: Sequence[_Placed]) -> bool:
    """Whether a line fills the columns that the line above fills, apart from leading ones, which may span it."""
    columns = {column for column, _, _ in strip}
    return len(columns) > 1 and columns >= {column for column, _, _ in before if column >= min(columns)}


def _is_continuation(placed: Sequence[Sequence[_Placed]], index: int, rights: Sequence[float]) -> bool:
    """Whether each cell of a line goes on a cell of the lines above that had no room for its first word."""
    for column, _, run in placed[index]:
        above = next(
            (
                other
                for strip in reversed(placed[max(0, index - 2) : index])
                for other_column, span, other in strip
                if other_column <= column < other_column + span
            ),
            None,
        )
        if above is None:
            return False
        if above.text.endswith(_OPEN_ENDS) or run.text[:1].islower() or run.text[:1] in ")±–":
            continue
        if not _HAS_WORD.search(above.text) and not _HAS_WORD.search(run.text):
            return False  # A number is not divided.
        first_word = run.text.split(" ", 1)[0]
        width = len(first_word) * (run.x1 - run.x0) / max(1, len(run.text))
        if above.x1 + width + 0.3 * run.line.style.size < rights[column]:
            return False
    columns = {column for column, _, _ in placed[index]}
    if 0 in columns and len(columns) > 1 and len(columns) >= len({column for column, _, _ in placed[index - 1]}):
        # A line that fills as many columns as the one above continues it only if its words go on.
        return any(run.text[:1].islower() for _, _, run in placed[index])
    return True


def _count_header_lines(strips: Sequence[Sequence[Line]], region: TableRegion) -> int:
    """The number of lines above the rule below the header; without one, of bold lines at the top, else 1."""
    wide = [rule for rule in region.horizontal_rules if rule.x1 - rule.x0 > 0.7 * (region.x1 - region.x0)]
    for rule in wide:
        above = sum(strip[0].baseline < rule.y0 + 1 for strip in strips)
        if 0 < above <= max(6, len(strips) // 3) and above < len(strips):
            return above
    bold = 0
    for strip in strips:
        if min(line.bold for line in strip) < 0.7:
            break
        bold += 1
    if 0 < bold < len(strips):
        return bold
    return 1 if len(strips) > 1 else 0


def _join_header_lines(starts: set[int], placed: Sequence[Sequence[_Placed]], n_header: int) -> set[int]:
    """The starts of rows, with the lines of the header in one row; a line below a spanning heading begins another."""
    kept = {start for start in starts if start >= n_header} | {0, n_header}
    spanned: list[set[int]] = []
    for index in range(n_header):
        filled = {column for column, _, _ in placed[index]}
        if any(len(filled & columns) > 1 for columns in spanned):
            kept.add(index)
            spanned = []
        spanned.extend(set(range(first, first + span)) for first, span, _ in placed[index] if span > 1)
    return kept


def _add_to_row(row: PrintedRow, strip: Sequence[_Placed], joiner: Joiner) -> None:
    for column, span, run in strip:
        joined = JoinedText.of(run.as_line())
        end = column + span
        cell = next((cell for cell in row.cells if cell.column < end and column < cell.column + cell.column_span), None)
        if cell is None:
            row.cells.append(PrintedCell(column, span, joined))
            continue
        cell.joined = joiner.join_texts(cell.joined, joined)
        end = max(cell.column + cell.column_span, end)
        cell.column = min(cell.column, column)
        cell.column_span = end - cell.column
    row.cells.sort(key=lambda cell: cell.column)
