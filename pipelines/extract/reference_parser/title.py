"""Separates title and journal.

Italics (`*Spine J*`) mark the journal if they are printed. Otherwise the journal is the last sentence between authors
and locator, extended by preceding sentences that are only words of an abbreviated name (`Proc. Natl. Acad. Sci.`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extract.reference_parser.journal_words import ABBREVIATED

_BOUNDARY = re.compile(r"[.?!”\"’][\"”’*)]?\s+|[?!],\s+")
_JOINERS = frozenset(
    ("of", "and", "the", "for", "in", "on", "de", "des", "du", "la", "le", "et", "für", "der", "und", "di", "del", "&")
)
_AUTHORITY = re.compile(r"\([A-Z]\w{0,12}\.\)\s+(?:[A-Z]\.\s*){0,2}$")
"""The first half of a taxon's authority, `(L.) P. Beauv.`; its full stops do not end a sentence."""

_WINDOW = 200
"""Characters before the locator in which a journal's name begins; the longest printed names have about 150."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Naming:
    """The offsets of title and journal; None if it is not printed."""

    title: Place | None
    journal: Place | None


def split_title(
    text: str, start: int, end: int, *, has_locator: bool, is_unpaged: bool, is_dotted: bool, is_comma_separated: bool
) -> Naming:
    """Title and journal in `text[start:end]`, the stretch between authors and locator.

    - `has_locator`: a locator, a DOI or an ahead-of-print note shows that the work is an article.
    - `is_unpaged`: neither volume nor page is printed, so `Place: Publisher` may take the place of the journal.
    - `is_dotted`: the reference abbreviates with full stops (`Smith J. A.`).
    - `is_comma_separated`: a comma ends the author list, and therefore the title.
    """
    has_publisher = text[start:end].rstrip()[-1:] == ";"
    end = _strip_end(text, start, end)
    if start >= end:
        return Naming(None, None)
    if text[end - 1] == "*":
        opening = text.rfind("*", start, end - 1)
        if start <= opening < end - 2:
            italic, before = (opening + 1, end - 1), _trim(text, start, opening)
            if before is None or not has_locator or (is_unpaged and text[end : end + 1] == "."):
                return Naming(before or italic, None)
            return Naming(before, italic)
    if text[start] == "*" and (closing := text.find("*.", start + 2, end)) >= 0:
        return Naming((start + 1, closing), None)
    boundaries = [
        (match.start() + 1, match.end()) for match in _BOUNDARY.finditer(text, max(start, end - _WINDOW), end)
    ]
    if is_comma_separated:
        comma = _find_journal_comma(text, start, end)
        if comma is not None:
            return Naming(_trim(text, start, comma), (comma + 2, end))
        if all(word[0].isupper() for word in text[start:end].split()):
            return Naming(None, (start, end))
    if not boundaries:
        return Naming(None, (start, end)) if has_locator else Naming((start, end), None)
    index = len(boundaries) - 1
    if is_unpaged and ": " in text[boundaries[index][1] : end]:
        return Naming(_trim(text, start, boundaries[index][0]), None)
    if has_publisher and index > 0:
        end = _strip_end(text, start, boundaries[index][0])
        boundaries = [boundary for boundary in boundaries if boundary[1] < end]
        if not boundaries:
            return Naming(_trim(text, start, end), None)
        index = len(boundaries) - 1
    if index > 0 and text.count(")", boundaries[index][1], end) > text.count("(", boundaries[index][1], end):
        index -= 1
    while index > 0 and _is_start_of_name(text, boundaries[index - 1][1], boundaries[index][0], is_dotted):
        index -= 1
    return Naming(_trim(text, start, boundaries[index][0]), (boundaries[index][1], end))


def _is_start_of_name(text: str, start: int, end: int, is_dotted: bool) -> bool:
    """Whether the sentence `text[start:end]` is only the beginning of an abbreviated journal name."""
    if end - start > 48 or text[end - 1] != ".":
        return False
    before = max(0, start - 24)
    if text.find(".)", before, start) >= 0 and _AUTHORITY.search(text, before, start) is not None:
        return False
    words = text[start : end - 1].split()
    if not words or len(words) > 4:
        return False
    for word in words:
        if not (word[0].isupper() or word in _JOINERS) or word[-1] in ";?!" or word.endswith((".)", ".]")):
            return False
        if word[-1] == "," and word[-2:-1] != ".":
            return False
    last = words[-1].rpartition("-")[2]
    return last in ABBREVIATED or (is_dotted and len(words) <= 3 and not any(letter.isdigit() for letter in last))


def _find_journal_comma(text: str, start: int, end: int) -> int | None:
    """The first comma after which every word may belong to a journal's name: capitalised words and joiners."""
    comma = text.rfind(", ", start, end)
    journal_comma = None
    while comma > start:
        words = text[comma + 2 : end].split()
        if len(words) > 14 or not all(word[0].isupper() or word in _JOINERS or word[0] in "(&" for word in words):
            break
        journal_comma = comma
        comma = text.rfind(", ", start, comma)
    return journal_comma


def _strip_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " .,;:\u00a0\n\t":
        end -= 1
    return end


def _trim(text: str, start: int, end: int) -> Place | None:
    """The stretch without punctuation at its ends and without quotation marks around it."""
    end = _strip_end(text, start, end)
    while start < end and text[start] in " .,;:":
        start += 1
    if end - start > 2 and text[start] in '“"' and text[end - 1] in '”"':
        start, end = start + 1, _strip_end(text, start, end - 1)
    return (start, end) if start < end else None
