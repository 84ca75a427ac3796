"""Separates title and journal.

Italics (`*Spine J*`) mark the journal if they are printed. Otherwise the journal is the last sentence between authors
and locator, extended by preceding sentences that are only words of an abbreviated name (`Proc. Natl. Acad. Sci.`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.vocabularies.word_lists import reading_words

_BOUNDARY = re.compile(r"[.?!”\"’](?:[\"”’*)]?\s+|(?<=[?!]),\s+|(?<=[a-z)\]][.?!])(?=[A-Z](?:[a-z]| [A-Z])))")
"""The end of a sentence; a blank may be missing before the journal: `…of woodlice.Journal of`."""
_QUOTED = re.compile(r"(?:“[^”]{3,600}”|\"[^\"]{3,600}\")(?:(?<=[,.?!].)|(?=[,.]))[,.]?\s")
_YEAR_AND_SEMICOLON = re.compile(r"[.;\s]{1,4}\d{4}[^;,:]{0,12};")
"""What follows a publisher between journal and year: `Malar J. BioMed Central; 2015;14: 521`."""
_JOINERS = frozenset(
    ("of", "and", "the", "for", "in", "on", "de", "des", "du", "la", "le", "et", "für", "der", "und", "di", "del", "&")
)
_AUTHORITY = re.compile(r"\([A-Z]\w{0,12}\.\)\s+(?:[A-Z]\.\s*){0,2}$")
"""The first half of a taxon's authority, `(L.) P. Beauv.`; its full stops do not end a sentence."""

_WORD = re.compile(r"\S{1,60}")
_MIN_TITLE_WORDS = 3
_MAX_JOURNAL_BLANKS = 5
_MAX_BLANKS_BEFORE_STOP = 3
_MAX_ABBREVIATION = 8
_WINDOW = 200
"""Characters before the locator in which a journal's name begins; the longest printed names have about 150."""

Place = tuple[int, int]


@built_once
def _abbreviations() -> frozenset[str]:
    """The abbreviated words of journal names, capitalised. A full stop after one of them does not end a sentence."""
    return frozenset(word for row in reading_words("journal_abbreviation") for word in row.split("|"))


@built_once
def _thesis_label() -> re.Pattern[str]:
    return re.compile(rf"[\s.,:;(\[]{{1,3}}{any_phrase('thesis_label')}(?![\w’'-])", re.IGNORECASE)


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
    has_semicolon = text[start:end].rstrip()[-1:] == ";"
    end = _strip_end(text, start, end)
    has_publisher = has_semicolon and _YEAR_AND_SEMICOLON.match(text, end) is not None
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
    if text[start] in '“"' and has_locator and (quoted := _QUOTED.match(text, start, end)) is not None:
        return Naming(_trim(text, start, quoted.end()), (_skip_blanks_and_stops(text, quoted.end(), end), end))
    slashes = text.find(" // ", start, end)
    if slashes >= 0 and has_locator:
        return Naming(_trim(text, start, slashes), (slashes + 4, end))
    boundaries = [
        (match.start() + 1, match.end())
        for match in _BOUNDARY.finditer(text, max(start, end - _WINDOW), end)
        if match.end() < end
    ]
    if is_comma_separated:
        comma = _find_journal_comma(text, start, end)
        if comma is not None:
            return Naming(_trim(text, start, comma), (comma + 2, end))
        if all(word[0].isupper() for word in text[start:end].split()):
            return Naming(None, (start, end))
    if not boundaries:
        if not has_locator or (is_unpaged and text.count(" ", start, end) > _MAX_JOURNAL_BLANKS):
            return Naming((start, end), None)
        journal = _find_unmarked_journal(text, start, end)
        return Naming(None, (start, end)) if journal is None else Naming(_trim(text, start, journal), (journal, end))
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
    last = index
    while index > 0 and _is_start_of_name(
        text, boundaries[index - 1][1], boundaries[index][0], is_dotted=is_dotted, is_joined=index < last
    ):
        index -= 1
    title_end, journal = boundaries[index]
    comma = _find_comma_before_abbreviation(text, boundaries[index - 1][1] if index > 0 else start, title_end, end)
    if comma is not None:
        title_end, journal = comma, comma + 2
    elif index == last:
        journal = _find_unmarked_journal(text, journal, end) or journal
        title_end = max(title_end, journal - 1) if journal != boundaries[index][1] else title_end
    return Naming(_trim(text, start, title_end), (journal, end))


def find_thesis_title(text: str, start: int, end: int) -> Place | None:
    """The title of a thesis, before its label (`… a survey. PhD thesis, University of Mainz`); None for other works."""
    if "hesis" not in text and "issertation" not in text and "diss." not in text:
        return None
    label = _thesis_label().search(text, start + 1, end)
    title = _trim(text, start, label.start()) if label is not None else None
    return title if title is not None and " " in text[title[0] : title[1]] else None


def _is_start_of_name(text: str, start: int, end: int, *, is_dotted: bool, is_joined: bool) -> bool:
    """Whether the sentence `text[start:end]` is only the beginning of an abbreviated journal name.

    `is_joined` says that the sentence after it is such a beginning, too.
    """
    if end - start > 48 or text[end - 1] != ".":
        return False
    before = max(0, start - 24)
    if text.find(".)", before, start) >= 0 and _AUTHORITY.search(text, before, start) is not None:
        return False
    words = text[start : end - 1].split()
    if not words or len(words) > 4:
        return False
    for word in words:
        if not (word[0].isupper() or word in _JOINERS or _is_abbreviation(word)):
            return False
        if word[-1] in ";?!" or word.endswith((".)", ".]")) or word.count(")") > word.count("("):
            return False
        if word[-1] == "," and word[-2:-1] != ".":
            return False
    last = words[-1]
    if _is_abbreviation(last):
        return True
    if len(words) == 1 and len(last) <= _MAX_ABBREVIATION:
        if len(last) == 1:
            return is_dotted or _is_abbreviation(text[before:start].rstrip(" .").rpartition(" ")[2])
        if is_joined and last.isalpha():
            return True
    return is_dotted and len(words) <= 3 and not any(letter.isdigit() for letter in last)


def _is_abbreviation(word: str) -> bool:
    """Whether the word, or the last part of a compound (`J.Biol`, `Vector-Borne`), abbreviates a journal word."""
    abbreviations = _abbreviations()
    if word in abbreviations:
        return True
    part = word.rstrip(".").replace("-", ".").rpartition(".")[2]
    return part in abbreviations or part.capitalize() in abbreviations


def _find_comma_before_abbreviation(text: str, start: int, title_end: int, end: int) -> int | None:
    """The comma that ends a title before an abbreviated journal name: `…: empirical evidence, Appl. Econ. Lett.`."""
    if text[title_end - 1] != ".":
        return None
    comma = text.rfind(", ", start, title_end)
    if comma < 0 or text.count(" ", comma, title_end) > _MAX_BLANKS_BEFORE_STOP:
        return None
    words = text[comma + 2 : title_end - 1].split()
    if not words or not all(word[0].isupper() for word in words) or not _is_abbreviation(words[-1]):
        return None
    return comma if any(map(_is_abbreviation, text[title_end:end].split())) else None


def _find_unmarked_journal(text: str, start: int, end: int) -> int | None:
    """Where the journal begins if no full stop separates it from the title.

    It is the capitalised words at the end of a sentence that is otherwise in lower case; a comma may precede them.
    """
    if text.count(" ", start, end) < _MIN_TITLE_WORDS:
        return None
    words = [(match.start(), match.group()) for match in _WORD.finditer(text, max(start, end - _WINDOW), end)]
    index = len(words)
    while index > 0 and (words[index - 1][1][0].isupper() or words[index - 1][1] in _JOINERS):
        index -= 1
    n_before = sum(word[0].islower() and word not in _JOINERS for _, word in words[:index])
    if index == len(words) or n_before < _MIN_TITLE_WORDS or words[index][1] in _JOINERS:
        return None
    if any("journal" in word.casefold() for _, word in words[:index]):
        return None
    before = words[index - 1][1]
    commas = [number for number in range(index - 1, len(words)) if words[number][1][-1] == ","]
    if commas and commas[-1] + 1 < len(words) and words[commas[-1] + 1][1] not in _JOINERS:
        return words[commas[-1] + 1][0]
    return words[index][0] if before[-1] not in ":;-–" else None


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


def _skip_blanks_and_stops(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " .,;:":
        start += 1
    return start


def _trim(text: str, start: int, end: int) -> Place | None:
    """The stretch without punctuation at its ends and without quotation marks around it."""
    end = _strip_end(text, start, end)
    start = _skip_blanks_and_stops(text, start, end)
    if end - start > 2 and text[start] in '“"' and text[end - 1] in '”"':
        start, end = start + 1, _strip_end(text, start, end - 1)
    return (start, end) if start < end else None
