"""Blocks of lines that are printed as one: a paragraph or a part of one, a heading, a caption.

Takes the lines of a page in reading order and splits them at indents, short lines, gaps and changes of font. What a
block is, and which parts belong together across columns and pages, is decided in `body`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.readers.pdf.lines import Line, Style
from pipelines.readers.pdf.page_contents import Font
from pipelines.readers.text.lines import without_trailing_citations
from pipelines.readers.text.reference_list import is_reference_heading

_BULLET = re.compile(r"(?:[•●▪◦‣∙■□➢➤✓·*]|[–—-])\s+\S")
_PROSE_FONT_SHARE = 0.04
"""The share of the text in long lines from which a font is one of prose and not of headings."""
_SAME_SIZE = 0.6
_LEAST_ABOVE_REFERENCES = 0.3
"""The share of an article's lines that is above its reference list at least."""
_MAX_PITCH = 2.3
"""The distance of baselines, in font sizes, above which two lines are two blocks."""


@dataclass(frozen=True, slots=True)
class PrintedBlock:
    """Lines of one block; `left` and `right` are the edges of its column.

    `is_indented` says whether its first line is indented.
    """

    lines: tuple[Line, ...]
    left: float
    right: float
    is_indented: bool = False

    @property
    def style(self) -> Style:
        weights: Counter[Style] = Counter()
        for line in self.lines:
            weights[line.style] += len(line.text)
        return max(weights, key=lambda style: (weights[style], style.size))

    @property
    def is_full(self) -> bool:
        """Whether the last line reaches the right edge of the column."""
        last = self.lines[-1]
        return last.x1 > self.right - 3 * last.style.size


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """The size of most of the text, the fonts in which prose of that size is set, and the pitch of lines by size.

    The pitch is the distance of the baselines of two lines of a paragraph, in points.
    """

    size: float
    fonts: frozenset[Font]
    pitches: Mapping[float, float]

    def is_size_of(self, style: Style, tolerance: float = 0.6) -> bool:
        """Whether a style has much the same size."""
        return abs(style.size - self.size) <= tolerance


def find_body_style(pages: Iterable[Sequence[Line]]) -> BodyStyle:
    """The style of most of the text above the reference list, which may be longer than the text."""
    lines = [line for page in pages for line in page]
    # A column of a table may be headed `Reference`.
    least = int(_LEAST_ABOVE_REFERENCES * len(lines))
    end = next((index for index, line in enumerate(lines) if index > least and is_reference_heading(line.text)), None)
    weights: Counter[Style] = Counter()
    for line in lines[:end]:
        if len(line.text) > 30:
            weights[line.style] += len(line.text)
    if not weights:
        return BodyStyle(10.0, frozenset(), {})
    sizes: Counter[float] = Counter()
    for style, weight in weights.items():
        sizes[style.size] += weight
    size = max(sizes, key=lambda size: sizes[size])
    near: Counter[Font] = Counter()
    for style, weight in weights.items():
        if abs(style.size - size) <= _SAME_SIZE:
            near[style.font] += weight
    needed = _PROSE_FONT_SHARE * near.total()
    fonts = frozenset(font for font, weight in near.items() if weight >= needed)
    return BodyStyle(size, fonts, _find_pitches(lines))


def _find_pitches(lines: Sequence[Line]) -> dict[float, float]:
    """The most common distance of the baselines of two lines below each other, by the size of their type."""
    steps: dict[float, Counter[float]] = {}
    for previous, line in pairwise(lines):
        step = round(line.baseline - previous.baseline, 1)
        is_below = line.page_no == previous.page_no and 0.8 * line.style.size < step < _MAX_PITCH * line.style.size
        if is_below and line.style.size == previous.style.size and len(previous.text) > 30:
            steps.setdefault(line.style.size, Counter())[step] += 1
    return {size: max(counts, key=lambda step: (counts[step], -step)) for size, counts in steps.items()}


def split_blocks(lines: Sequence[Line], body: BodyStyle) -> list[PrintedBlock]:
    """The blocks of a page, in the order of its lines."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and _is_beside(runs[-1][-1], line):
            runs[-1][-1] = _join_side_by_side(runs[-1][-1], line)
        elif runs and _is_below(runs[-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    columns = [(min(line.x0 for line in run), max(line.x1 for line in run)) for run in runs if len(run) > 3]
    blocks: list[PrintedBlock] = []
    for run in runs:
        blocks.extend(_split_run(run, columns, body))
    return blocks


def _is_beside(previous: Line, line: Line) -> bool:
    """Whether a line goes on after a gap inside a line of justified text, or after the number of a heading."""
    return (
        abs(previous.baseline - line.baseline) < 0.15 * line.style.size
        and -1 < line.x0 - previous.x1 < 2.4 * line.style.size
        and abs(previous.style.size - line.style.size) < 0.6
    )


def _join_side_by_side(previous: Line, line: Line) -> Line:
    longer = previous if len(previous.text) >= len(line.text) else line
    n = len(previous.text) + len(line.text)
    return previous._replace(
        x1=max(previous.x1, line.x1),
        top=min(previous.top, line.top),
        bottom=max(previous.bottom, line.bottom),
        style=longer.style,
        text=f"{previous.text} {line.text}",
        words=previous.words + line.words,
        bold=(previous.bold * len(previous.text) + line.bold * len(line.text)) / n,
        italic=(previous.italic * len(previous.text) + line.italic * len(line.text)) / n,
    )


def _is_below(run: Sequence[Line], line: Line) -> bool:
    previous = run[-1]
    size = max(previous.style.size, line.style.size)
    step = line.baseline - previous.baseline
    return (
        0.5 * size < step < _MAX_PITCH * size
        and abs(previous.style.size - line.style.size) <= 0.6
        and line.x0 < max(other.x1 for other in run[-3:])
        and line.x1 > min(other.x0 for other in run[-3:])
    )


def _split_run(run: Sequence[Line], columns: Sequence[tuple[float, float]], body: BodyStyle) -> list[PrintedBlock]:
    """Split lines below each other at indents, gaps, ends of paragraphs and changes of font."""
    left, right = min(line.x0 for line in run), max(line.x1 for line in run)
    size = run[0].style.size
    for column_left, column_right in columns:
        # A short run is measured by the column that it is in.
        if len(run) <= 3 and column_left - size < left and right < column_right + size:
            left, right = min(left, column_left), max(right, column_right)
            break
    pitch = min(_usual_pitch(run), body.pitches.get(size, 1e9))
    groups: list[list[Line]] = [[run[0]]]
    for previous, line in pairwise(run):
        gap = line.baseline - previous.baseline > pitch + max(1.5, 0.22 * size)
        if gap or _begins_paragraph(groups[-1], previous, line, left, right):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [PrintedBlock(tuple(group), left, right, group[0].x0 > left + 0.6 * size) for group in groups]


def _usual_pitch(run: Sequence[Line]) -> float:
    steps = Counter(round(line.baseline - previous.baseline, 1) for previous, line in pairwise(run))
    if not steps:
        return run[0].style.size * 1.2
    if len(run) < 4:
        return min(steps)
    ordered = sorted(steps.elements())
    return ordered[len(ordered) // 2]


def _begins_paragraph(group: Sequence[Line], previous: Line, line: Line, left: float, right: float) -> bool:
    size = line.style.size
    if _BULLET.match(line.text) or is_reference_heading(previous.text):
        return True
    if _differ_in_font(previous, line) and _can_end_block(previous, line, right):
        return True
    if _is_in_capitals(previous.text) != _is_in_capitals(line.text) and previous.x1 < right - 2 * size:
        return True
    is_indented = line.x0 > left + 0.6 * size
    was_indented = previous.x0 > left + 0.6 * size
    ends_sentence = _ends_sentence(previous.text)
    if is_indented and not was_indented and line.x0 < left + 5 * size:
        # In a hanging indent, the first line is the one that is not indented.
        return ends_sentence or len(group) > 1
    if ends_sentence:
        word = line.text.split(" ", 1)[0]
        width = len(word) * (line.x1 - line.x0) / max(1, len(line.text))
        return previous.x1 + width + 0.6 * size < right
    return False


def _can_end_block(previous: Line, line: Line, right: float) -> bool:
    """Whether a line may be the last of a block: a line of italics inside a paragraph is not."""
    if abs(previous.style.size - line.style.size) > 0.35:
        return True
    is_short = previous.x1 < right - 2 * previous.style.size
    return (is_short or _ends_sentence(previous.text)) and not line.text[:1].islower()


def _is_in_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 5 and all(char.isupper() for char in letters)


def _differ_in_font(previous: Line, line: Line) -> bool:
    """Whether two whole lines are in different fonts, as a heading and the text below it are."""
    if abs(previous.style.size - line.style.size) > 0.35:
        return True
    if previous.style.font == line.style.font:
        return False
    whole = (round(previous.bold), round(previous.italic)), (round(line.bold), round(line.italic))
    if whole[0] != whole[1]:
        return max(abs(previous.bold - line.bold), abs(previous.italic - line.italic)) > 0.4
    # Fonts whose names say nothing: only if the next line begins in its own main font.
    return line.lead == line.style.font and previous.lead == previous.style.font


def _ends_sentence(text: str) -> bool:
    end = without_trailing_citations(text).rstrip("\"'”’)] ")
    return end.endswith((".", "?", "!", ":", ";"))
