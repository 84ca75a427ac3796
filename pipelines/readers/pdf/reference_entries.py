"""The entries of a printed reference list.

Takes the lines of the list in reading order and gives the number and the lines of each entry: by the printed numbers,
else by indents, else by gaps. Authors, title and journal are parsed in `pipelines.extract.reference_parser`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.readers.pdf.body import ArticlePart
from pipelines.readers.pdf.lines import Line
from pipelines.readers.text.headings import is_back_matter_heading
from pipelines.readers.text.lines import plain_mark
from pipelines.readers.text.reference_list import ENTRY_END, is_reference_heading

_LABEL = re.compile(
    r"\s*(?:([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})|\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})\s?[.)](?!\d)|(\d{1,4})(?=\s))\s*(?=\S|$)"
)
_MAX_SKIPPED = 3
"""So many numbers may be missing between two entries: an entry that could not be read does not end the list."""
_SAME_EDGE = 3.0


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """An entry: its printed number, if it has one, and its lines, without the number."""

    number: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PrintedReferenceList:
    """The heading and the lines of the reference list, and the parts of the article that are not in it."""

    heading: ArticlePart
    lines: list[Line]
    other_parts: list[ArticlePart]


def find_reference_list(parts: Sequence[ArticlePart]) -> PrintedReferenceList | None:
    """The list below the last heading `References`, up to the next heading; captions and tables are not in it."""
    first = next((index for index in reversed(range(len(parts))) if is_reference_heading(parts[index].text)), None)
    if first is None:
        return None
    heading = parts[first]
    end = next((index for index in range(first + 1, len(parts)) if _ends_list(parts[index], heading)), len(parts))
    inside = parts[first + 1 : end]
    floats = [part for part in inside if part.role in ("caption", "table")]
    lines = [line for part in inside if part.role not in ("caption", "table") for line in part.lines]
    return PrintedReferenceList(heading, lines, [*parts[:first], *floats, *parts[end:]]) if lines else None


def _ends_list(part: ArticlePart, heading: ArticlePart) -> bool:
    """Whether a part is the heading after the list: set like the heading of the list, or known as such."""
    if part.role != "heading" or _LABEL.match(part.text):
        return False
    return part.style == heading.style or part.style.size > heading.style.size or is_back_matter_heading(part.text)


def split_entries(lines: Sequence[Line]) -> list[PrintedEntry]:
    """The entries of the list."""
    starts = _numbered_starts(lines)
    if len(starts) > 2 and len(starts) * 12 > len(lines):
        return _cut(lines, starts)
    plain_starts = [(index, None) for index in _unnumbered_starts(lines)]
    return _cut(lines, plain_starts)


def _cut(lines: Sequence[Line], starts: Sequence[tuple[int, int | None]]) -> list[PrintedEntry]:
    entries = []
    ends = [index for index, _ in starts[1:]] + [len(lines)]
    for (index, number), end in zip(starts, ends, strict=True):
        entry = list(lines[index:end])
        if number is not None:
            text = entry[0].text
            match = _LABEL.match(text)
            assert match is not None
            entry[0] = entry[0]._replace(text=text[match.end() :])
        entry = [line for line in entry if line.text.strip("* ")]
        if entry and _begins_other_text(entry[0].text):
            break
        if entry:
            entries.append(PrintedEntry(number, tuple(entry)))
    return entries


def _begins_other_text(text: str) -> bool:
    """Whether a line below the list begins a statement or the copyright line and no entry."""
    return text.startswith(("©", "Copyright ©")) or is_back_matter_heading(text.split(":", maxsplit=1)[0])


def _numbered_starts(lines: Sequence[Line]) -> list[tuple[int, int | None]]:
    """The lines that begin with the next number, and the numbers."""
    starts: list[tuple[int, int | None]] = []
    last = 0
    for index, line in enumerate(lines):
        match = _LABEL.match(line.text)
        if match is None:
            continue
        number = int(plain_mark(next(group for group in match.groups() if group)))
        if number == last + 1 or (
            last and last < number <= last + 1 + _MAX_SKIPPED and _is_at_label_edge(line, lines, starts)
        ):
            starts.append((index, number))
            last = number
    return starts


def _is_at_label_edge(line: Line, lines: Sequence[Line], starts: Sequence[tuple[int, int | None]]) -> bool:
    """Whether a line begins where the last numbers of its column do."""
    return any(
        abs(lines[index].x0 - line.x0) < _SAME_EDGE for index, _ in starts[-8:] if lines[index].page_no == line.page_no
    )


def _unnumbered_starts(lines: Sequence[Line]) -> list[int]:
    """The first lines of entries without numbers."""
    lefts = _left_edges(lines)
    size = lines[0].style.size
    indented = [line.x0 > left + 0.5 * size for line, left in zip(lines, lefts, strict=True)]
    n_indented = sum(indented)
    if 0.2 * len(lines) < n_indented < len(lines):
        hanging = [index for index, is_indented in enumerate(indented) if not is_indented]
        first_line = [index for index, is_indented in enumerate(indented) if is_indented]
        return _with_first(max((hanging, first_line), key=lambda starts: _share_after_entries(lines, starts)))
    steps = [line.baseline - previous.baseline for previous, line in pairwise(lines)]
    inside = sorted(step for step in steps if 0 < step < 3 * size)
    pitch = inside[len(inside) // 4] if inside else size
    return _with_first(
        [
            index
            for index, step in enumerate(steps, start=1)
            if (step > pitch + max(1.5, 0.2 * size) or step < 0) and ENTRY_END.search(lines[index - 1].text)
        ]
    )


def _share_after_entries(lines: Sequence[Line], starts: Sequence[int]) -> float:
    """The share of the lines that follow one that ends like an entry."""
    inner = [index for index in starts if index]
    return sum(ENTRY_END.search(lines[index - 1].text) is not None for index in inner) / max(1, len(inner))


def _with_first(starts: list[int]) -> list[int]:
    return starts if starts[:1] == [0] else [0, *starts]


def _left_edges(lines: Sequence[Line]) -> list[float]:
    """The left edge of the column of each line."""
    edges: list[float] = []
    run: list[Line] = []
    for previous, line in pairwise([None, *lines]):
        assert line is not None
        if previous is not None and (line.page_no != previous.page_no or line.baseline < previous.baseline):
            edges.extend([min(other.x0 for other in run)] * len(run))
            run = []
        run.append(line)
    edges.extend([min(other.x0 for other in run)] * len(run))
    return edges
