"""The reference list of a plain-text source: where it is, and where each entry begins and ends.

Takes all lines of the source and gives `ReferenceEntry`s. Authors, title and journal of an entry are parsed in
`pipelines.extract.reference_parser`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.document import ReferenceEntry, Repair, Span, Text
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.lines import Line, SourceName, join_cut_parts

_NUMBER = re.compile(r"\s*(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})(?:[.)]|\t)|(\d{1,4})\s(?=\s*[^\W\d_]))\s*(?=\S)")
_BULLET = re.compile(r"\s*[-•*–—▪●]\s+")
_ENTRY_START = re.compile(r"[\"“‘'*(\[]?[^\W\d_]")
ENTRY_END = re.compile(r"[.\])>?!”\"*/]$|\d$|https?://\S+$|www\.\S+$")
"""The end of a line that may be the last of an entry."""


@built_once
def _list_heading() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\d{{1,2}}\.?\s+|[IVX]{{1,5}}\.\s+)?{any_phrase('reference_list_heading')}\s*:?", re.IGNORECASE
    )


@built_once
def _heading_after_list() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_phrase('after_references_heading')}|{any_phrase('after_references_start')}.*"
        r"|(?:table|figure)\s+[A-Z]?\d+[.:].*)\s*",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The reference list: `lines[first:end]` are its lines, the heading included."""

    first: int
    end: int
    entries: tuple[ReferenceEntry, ...]
    repairs: tuple[Repair, ...]
    is_numbered: bool


def is_reference_heading(text: str) -> bool:
    """Whether a line is `References`, `Bibliography`, `7. Literature cited` or the like."""
    text = text.strip()
    return len(text) < 60 and _list_heading().fullmatch(text) is not None


def read_reference_list(lines: list[Line], source: SourceName) -> ReferenceList:
    """Read the list below the last heading that a number 1 follows, else below the last heading.

    A numbered list must have each number from 1 on once, in order; an unnumbered list is numbered by the order of its
    entries. Traces of a page break in an entry (a blank line, a stray bullet, leading white space) are removed and
    recorded as repairs.

    Raises ReadError if the list is missing or empty, or if its numbers have a gap or a duplicate.
    """
    headings = [index for index, line in enumerate(lines) if is_reference_heading(line.text)]
    if not headings:
        raise source.error(
            None,
            "no reference list was found.",
            "Put the heading 'References' on a separate line above the list, or remove the text from raw/.",
        )
    first = next((index for index in reversed(headings) if _first_number(lines, index + 1) == 1), headings[-1])
    end = _end_of_list(lines, first + 1)
    body = [line for line in lines[first + 1 : end] if line.text.strip()]
    if not body:
        raise source.error(lines[first], "the reference list is empty.", "Add the references below their heading.")
    starts = _numbered_starts(body)
    is_numbered = bool(starts)
    groups = (
        _group_numbered(body, starts, source)
        if is_numbered
        else [(number, group) for number, group in enumerate(_group_unnumbered(lines[first + 1 : end]), start=1)]
    )
    entries = []
    repairs: list[Repair] = []
    for number, group in groups:
        text = _join_entry(number, group, is_numbered, repairs)
        if not text.value:
            raise source.error(group[0], f"reference {number} is empty.", "Add its text or renumber the list.")
        entries.append(ReferenceEntry(number, text))
    return ReferenceList(first, end, tuple(entries), tuple(repairs), is_numbered)


def _end_of_list(lines: list[Line], start: int) -> int:
    """The index of the heading after the list, below a blank line; the number of lines if the list is last."""
    for index in range(start + 1, len(lines)):
        text = lines[index].text.strip()
        if (
            text
            and not lines[index - 1].text.strip()
            and len(text) < 300
            and _heading_after_list().fullmatch(text)
            and index > start + 2
        ):
            return index
    return len(lines)


def _number(line: Line) -> int | None:
    match = _NUMBER.match(line.text)
    return int(next(group for group in match.groups() if group)) if match else None


def _first_number(lines: list[Line], start: int) -> int | None:
    """The number at the start of the first line that is not blank."""
    for line in lines[start:]:
        if line.text.strip():
            return _number(line)
    return None


def _numbered_starts(body: list[Line]) -> list[int]:
    """The indexes of lines that begin with a number; empty if the first line does not."""
    starts = [index for index, line in enumerate(body) if _number(line) is not None]
    if not starts or starts[0] != 0:
        return []
    return starts


def _group_numbered(body: list[Line], starts: list[int], source: SourceName) -> list[tuple[int, list[Line]]]:
    numbers = {index: _number(body[index]) for index in starts}
    groups: list[tuple[int, list[Line]]] = []
    for index, line in enumerate(body):
        number = numbers.get(index)
        expected = groups[-1][0] + 1 if groups else 1
        if number == expected:
            groups.append((expected, [line]))
            continue
        if number is None or (groups and not _is_entry(line, number, groups[-1], len(starts))):
            groups[-1][1].append(line)
            continue
        if groups and number < expected:
            problem = f"reference number {number} occurs twice or out of order; {expected} should follow here."
        else:
            problem = f"reference number {number} follows {expected - 1}; {expected} is missing."
        raise source.error(line, problem, f"Number the references from 1 to {len(starts)} without a gap.")
    return groups


def _is_entry(line: Line, number: int, last: tuple[int, list[Line]], n_starts: int) -> bool:
    """Whether a line with an unexpected number begins an entry, rather than continues the last one.

    `2016. Springer` at the start of a wrapped line does not begin an entry: its number is too large, or the line before
    it does not end an entry.
    """
    match = _NUMBER.match(line.text)
    assert match is not None
    if number > n_starts + 50 or not _ENTRY_START.match(line.text, match.end()):
        return False
    return ENTRY_END.search(last[1][-1].text.rstrip()) is not None


def _group_unnumbered(lines: list[Line]) -> list[list[Line]]:
    """One entry per line and its continuation lines; one entry per chunk if many lines do not end like an entry."""
    groups: list[list[Line]] = []
    printed = [line for line in lines if line.text.strip()]
    n_chunks = sum(
        1 for index, line in enumerate(lines) if line.text.strip() and (index == 0 or not lines[index - 1].text.strip())
    )
    n_entry_ends = sum(ENTRY_END.search(line.text.rstrip()) is not None for line in printed)
    by_chunk = len(printed) > n_chunks > 2 and n_entry_ends < 0.8 * len(printed)
    after_blank = True
    for line in lines:
        text = line.text.strip()
        if not text:
            after_blank = True
            continue
        is_ended = not groups or ENTRY_END.search(groups[-1][-1].text.rstrip()) is not None
        if groups and ((by_chunk and not after_blank) or not is_ended):
            groups[-1].append(line)
        else:
            groups.append([line])
        after_blank = False
    return groups


def _join_entry(number: int, lines: list[Line], is_numbered: bool, repairs: list[Repair]) -> Text:
    """The lines of an entry joined, without its number; adds a repair for each trace of a page break removed."""
    parts: list[Text] = []
    for index, line in enumerate(lines):
        lead = len(line.text) - len(line.text.lstrip())
        if lead:
            repairs.append(
                Repair(
                    "leading_space",
                    Span(line.start, line.start + lead),
                    f"reference {number}: white space before the line was removed",
                )
            )
        skip = 0
        if index == 0 and is_numbered:
            match = _NUMBER.match(line.text)
            skip = match.end() if match else 0
        else:
            bullet = _BULLET.match(line.text)
            if bullet:
                skip = bullet.end()
                if index:
                    repairs.append(
                        Repair(
                            "stray_bullet",
                            Span(line.start + lead, line.start + skip),
                            f"reference {number}: a bullet that does not belong to it was removed",
                        )
                    )
        text = line.stripped(skip)
        if not text.value:
            continue
        if parts:
            previous = parts[-1].span
            this = text.span
            assert previous is not None
            assert this is not None
            repairs.append(
                Repair(
                    "reference_cut",
                    Span(previous.end, this.start),
                    f"reference {number}: the entry is cut here; its parts were joined",
                )
            )
        parts.append(text)
    return join_cut_parts(parts, "-‐/")
