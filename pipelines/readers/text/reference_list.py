"""The reference list of a plain-text source: where it stands and where each entry begins and ends.

Taking an entry apart into authors, title and journal is not done here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.document import ReferenceEntry, Repair, Span, Text, join_texts
from pipelines.readers.text.lines import Line, Place

_HEADING = re.compile(
    r"(?:\d{1,2}\.?\s+|[IVX]{1,5}\.\s+)?"
    r"(?:references?(?:\s+(?:and\s+notes|cited|list))?|reference\s+list|list\s+of\s+references|bibliography"
    r"|literature(?:\s+cited)?|works\s+cited|cited\s+literature)\s*:?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})(?:[.)]|\t)|(\d{1,4})\s(?=\s*[^\W\d_]))\s*(?=\S)")
_BULLET = re.compile(r"\s*[-•*–—▪●]\s+")
_AFTER_LIST = re.compile(
    r"(?:appendix|appendices|figure\s+legends?|legends?\s+to\s+figures|tables?|supplement\w*(?:\s+\w+){0,3}"
    r"|(?:table|figure)\s+[A-Z]?\d+[.:].*|publisher[’']s\s+note.*|author\s+biograph\w+)\s*",
    re.IGNORECASE,
)
_ENTRY_START = re.compile(r"[\"“‘'*(\[]?[^\W\d_]")
_WHOLE_END = re.compile(r"[.\])>?!”\"*/]$|\d$|https?://\S+$|www\.\S+$")


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The list as found: `first` and `end` bound its lines, the heading included."""

    first: int
    end: int
    entries: tuple[ReferenceEntry, ...]
    repairs: tuple[Repair, ...]
    is_numbered: bool


def is_reference_heading(text: str) -> bool:
    """True for `References`, `Bibliography`, `7. Literature cited` and the like."""
    text = text.strip()
    return len(text) < 60 and _HEADING.fullmatch(text) is not None


def read_references(lines: list[Line], place: Place) -> ReferenceList:
    """The reference list, which is the last one that has a heading.

    A numbered list must run from 1 without a gap and without a number given twice; an unnumbered list is numbered
    by the order of its entries. What a page break did to an entry (a blank line, a stray bullet, leading white
    space) is taken away and recorded.

    Raises ReadError where there is no list, no entry or a break in the numbering.
    """
    headings = [index for index, line in enumerate(lines) if is_reference_heading(line.text)]
    if not headings:
        raise place.error(
            None,
            "no reference list was found.",
            "Put the heading 'References' on a line of its own above the list, or take the text out of raw/.",
        )
    first = next((index for index in reversed(headings) if _first_number(lines, index + 1) == 1), headings[-1])
    end = _end_of_list(lines, first + 1)
    body = [line for line in lines[first + 1 : end] if line.text.strip()]
    if not body:
        raise place.error(lines[first], "the reference list is empty.", "Add the references below their heading.")
    starts = _numbered_starts(body)
    is_numbered = bool(starts)
    groups = (
        _group_numbered(body, starts, place)
        if is_numbered
        else [(number, group) for number, group in enumerate(_group_unnumbered(lines[first + 1 : end]), start=1)]
    )
    entries = []
    repairs: list[Repair] = []
    for number, group in groups:
        text = _entry_text(number, group, is_numbered, repairs)
        if not text.value:
            raise place.error(group[0], f"reference {number} is empty.", "Add its text or renumber the list.")
        entries.append(ReferenceEntry(number, text))
    return ReferenceList(first, end, tuple(entries), tuple(repairs), is_numbered)


def _end_of_list(lines: list[Line], start: int) -> int:
    for index in range(start + 1, len(lines)):
        text = lines[index].text.strip()
        if (
            text
            and not lines[index - 1].text.strip()
            and len(text) < 300
            and _AFTER_LIST.fullmatch(text)
            and index > start + 2
        ):
            return index
    return len(lines)


def _number(line: Line) -> int | None:
    found = _NUMBER.match(line.text)
    return int(next(group for group in found.groups() if group)) if found else None


def _first_number(lines: list[Line], start: int) -> int | None:
    """The number of the first line that prints anything."""
    for line in lines[start:]:
        if line.text.strip():
            return _number(line)
    return None


def _numbered_starts(body: list[Line]) -> list[int]:
    """Which lines begin with a number; none where the list as a whole is not numbered."""
    starts = [index for index, line in enumerate(body) if _number(line) is not None]
    if not starts or starts[0] != 0:
        return []
    return starts


def _group_numbered(body: list[Line], starts: list[int], place: Place) -> list[tuple[int, list[Line]]]:
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
            found = f"reference number {number} is given twice or out of order; {expected} should follow here."
        else:
            found = f"reference number {number} follows {expected - 1}; {expected} is missing."
        raise place.error(line, found, f"Mend the numbering so that it runs from 1 to {len(starts)} without a gap.")
    return groups


def _is_entry(line: Line, number: int, last: tuple[int, list[Line]], n_starts: int) -> bool:
    """Whether a line with an unexpected number begins an entry, and does not go on with the last one.

    `2016. Springer` at the head of a wrapped line is no entry: its number is out of reach, or the line before it is
    not at an end.
    """
    match = _NUMBER.match(line.text)
    assert match is not None
    if number > n_starts + 50 or not _ENTRY_START.match(line.text, match.end()):
        return False
    return _WHOLE_END.search(last[1][-1].text.rstrip()) is not None


def _group_unnumbered(lines: list[Line]) -> list[list[Line]]:
    """An entry a line, and a line that goes on stays with it; an entry a chunk where many lines stop short."""
    groups: list[list[Line]] = []
    printed = [line for line in lines if line.text.strip()]
    n_chunks = sum(
        1 for index, line in enumerate(lines) if line.text.strip() and (index == 0 or not lines[index - 1].text.strip())
    )
    n_whole = sum(_WHOLE_END.search(line.text.rstrip()) is not None for line in printed)
    by_chunk = len(printed) > n_chunks > 2 and n_whole < 0.8 * len(printed)
    after_blank = True
    for line in lines:
        text = line.text.strip()
        if not text:
            after_blank = True
            continue
        ended = not groups or _WHOLE_END.search(groups[-1][-1].text.rstrip()) is not None
        if groups and ((by_chunk and not after_blank) or not ended):
            groups[-1].append(line)
        else:
            groups.append([line])
        after_blank = False
    return groups


def _entry_text(number: int, lines: list[Line], is_numbered: bool, repairs: list[Repair]) -> Text:
    """The entry without its number, its lines joined; `repairs` gets what was mended."""
    parts: list[Text] = []
    for index, line in enumerate(lines):
        lead = len(line.text) - len(line.text.lstrip())
        if lead:
            repairs.append(
                Repair(
                    "leading_space",
                    Span(line.start, line.start + lead),
                    f"reference {number}: white space before the line was taken away",
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
                            f"reference {number}: a bullet that is no part of it was taken away",
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
                    f"reference {number}: the entry is cut here and was joined",
                )
            )
        parts.append(text)
    return _join(parts)


def _join(parts: list[Text]) -> Text:
    """Parts of an entry joined with a blank, and with none after a hyphen or a slash at the end of a line."""
    joined: list[Text] = []
    for index, part in enumerate(parts):
        if index and not re.search(r"\w[-‐/]$", parts[index - 1].value):
            joined.append(Text(" ", ()))
        joined.append(part)
    return join_texts(joined)
