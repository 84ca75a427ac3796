"""The front matter of a PDF: title, authors, affiliations, abstract and what is printed around them.

Takes the parts in reading order and says which are front matter. They are written to the derived text in the order that
the reader of title pages of plain text expects: the title, the authors, the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.readers.pdf.body import ArticlePart
from pipelines.readers.pdf.line_joining import JoinedText, Joiner
from pipelines.readers.pdf.lines import Line
from pipelines.readers.pdf.printed_blocks import BodyStyle
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.author_lists import begins_like_affiliation, begins_with_contact, has_email
from pipelines.readers.text.bibliographic_lines import find_licence, is_bibliographic_line
from pipelines.readers.text.lines import MARK
from pipelines.readers.text.title_page import is_abstract_heading

_MAX_PAGES = 3
_MARKED = re.compile(rf"(?:{MARK}|[*†‡§✉])\s*\S")
_JOURNAL_NAME = re.compile(r"\b(?:Journal|Annals|Archives|Bulletin|Proceedings|Revista|Zeitschrift)\b")
_NEXT_AFFILIATION = re.compile(r"(?<=[\w.;,)])\s(?=(?:\^\{\d{1,2}\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})\s?[^\W\d_])")
_KIND_OF_ARTICLE = 40
"""A line with fewer letters, however large, names a kind of article or a journal's section and is no title."""


@built_once
def _first_section() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:1|I)\.?\s*[|:]?\s+)?{any_phrase('first_section_heading')}\s*:?", re.IGNORECASE)


@built_once
def _abstract_label() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('abstract_label')}\s*[:.–—-]", re.IGNORECASE)


@built_once
def _keywords() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('keywords_label')}\b", re.IGNORECASE)


@built_once
def _author_details_heading() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('author_details_heading')}\s*:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Chunks of front matter, each with its lines of text, and the index of the first part of the body.

    If `has_title` is true, the first chunk is the title. `late` are indexes of parts that are front matter although the
    body has begun: notes at the foot of the first page, affiliations at the end of the article.
    """

    chunks: list[list[JoinedText]]
    has_title: bool
    end: int
    late: frozenset[int]


def read_front_page(
    parts: Sequence[ArticlePart], heads_and_feet: Sequence[Line], body: BodyStyle, joiner: Joiner
) -> FrontPage:
    """`heads_and_feet` are those of the first page, which may give journal, volume and DOI."""
    title = _find_title(parts)
    end = _find_end(parts, title, body)
    late = frozenset(
        index
        for index, part in enumerate(parts[end:], start=end)
        if part.first_line.page_no == parts[0].first_line.page_no and _is_front_note(part, body)
    )
    others = [index for index in range(end) if index not in title]
    first_of_abstract = next((index for index in others if _begins_abstract(parts[index].text)), end)
    details = _author_details(parts, end)
    notes = [index for index in others if index >= first_of_abstract and _is_front_note(parts[index], body)]
    above = [index for index in others if index < first_of_abstract]
    if title:
        # Authors follow the title; what is printed above it is a journal's head.
        above.sort(key=lambda index: index < title[0])
    below = [index for index in others if index >= first_of_abstract and index not in notes]
    chunks = [[joiner.join([line for index in title for line in parts[index].lines])]] if title else []
    chunks.extend(_chunk(parts[index]) for index in above)
    chunks.extend([JoinedText.of(line)] for line in _join_beside(heads_and_feet))
    chunks.extend(_chunk(parts[index]) for index in (*notes, *sorted({*late, *details})))
    chunks.extend(_chunk(parts[index]) for index in below)
    # The heading above the affiliations at the end goes with them.
    taken = {*late, *details, *(index - 1 for index in details[:1])}
    return FrontPage(chunks, bool(title), end, frozenset(taken))


def _begins_abstract(text: str) -> bool:
    return is_abstract_heading(text) or _abstract_label().match(text) is not None


def _join_beside(lines: Sequence[Line]) -> list[Line]:
    """The lines with those on one baseline joined: `Kaur et al. J Invent Nerve Inj`, `2010, 5:3`."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.baseline), line.x0)):
        last = joined[-1] if joined else None
        if last and abs(last.baseline - line.baseline) < 1 and line.x0 - last.x1 < 4 * line.style.size:
            joined[-1] = last._replace(x1=line.x1, text=f"{last.text} {line.text}")
        else:
            joined.append(line)
    return joined


def _author_details(parts: Sequence[ArticlePart], end: int) -> list[int]:
    """The parts below a heading at the end of an article that gives the affiliations."""
    for index in range(end, len(parts) - 1):
        if parts[index].role == "heading" and _author_details_heading().fullmatch(parts[index].text):
            following = range(index + 1, len(parts))
            last = next((other for other in following if parts[other].role == "heading"), len(parts))
            return list(range(index + 1, last))
    return []


def _chunk(part: ArticlePart) -> list[JoinedText]:
    """The text of a part; several affiliations in one part are one line each."""
    places = [match.start() for match in _NEXT_AFFILIATION.finditer(part.text)]
    if not places or not _MARKED.match(part.text):
        return [part.joined]
    return part.joined.split(places)


def _find_title(parts: Sequence[ArticlePart]) -> list[int]:
    """The indexes of the parts of the title: the largest type of the first pages with several words."""
    early = [
        index
        for index, part in enumerate(parts[:60])
        if part.first_line.page_no <= parts[0].first_line.page_no + 1 and part.role != "caption"
    ]
    long = [
        index
        for index in early
        if len(re.findall(r"[^\W\d_]{2,}", parts[index].text)) >= 3 and len(parts[index].text) < 600
    ]
    if not long:
        return []
    titles = [index for index in long if not _JOURNAL_NAME.search(parts[index].text) or len(parts[index].text) > 80]
    long = titles or long
    largest = max(long, key=lambda index: (parts[index].style.size, len(parts[index].text) >= _KIND_OF_ARTICLE, -index))
    same = [
        index
        for index in long
        if abs(parts[index].style.size - parts[largest].style.size) < 0.6 and len(parts[index].text) >= _KIND_OF_ARTICLE
    ]
    first = same[0] if same else largest
    title = [first]
    for index in range(first + 1, len(parts)):
        previous = parts[title[-1]].last_line
        line = parts[index].first_line
        is_near = line.page_no == previous.page_no and 0 < line.baseline - previous.baseline < 2 * line.style.size
        if not is_near or abs(parts[index].style.size - parts[first].style.size) > 0.6:
            break
        title.append(index)
    return title


def _find_end(parts: Sequence[ArticlePart], title: Sequence[int], body: BodyStyle) -> int:
    """The index of the first part of the body."""
    start = title[-1] + 1 if title else 0
    last_page = parts[0].first_line.page_no + _MAX_PAGES
    in_front = [index for index in range(start, len(parts)) if parts[index].first_line.page_no < last_page]
    abstract: int | None = None
    for index in in_front:
        if _begins_abstract(parts[index].text):
            abstract = index
            break
    for index in in_front:
        text = parts[index].text
        if (abstract is None or index > abstract) and len(text) < 60 and _first_section().fullmatch(text):
            return index
    return _end_by_form(parts, in_front, start, abstract, body)


def _end_by_form(
    parts: Sequence[ArticlePart], in_front: Sequence[int], start: int, abstract: int | None, body: BodyStyle
) -> int:
    """The first heading or paragraph after the abstract and the keywords that leads text in the style of the body."""
    begin = start if abstract is None else abstract + 1
    keywords = next((index for index in in_front if index >= begin and _keywords().match(parts[index].text)), None)
    if keywords is not None:
        begin = keywords + 1
    for index in in_front:
        if index < begin:
            continue
        part = parts[index]
        if _is_body_text(part, body) and not (keywords is None and abstract is not None and index == abstract + 1):
            heads = index
            while heads > begin and parts[heads - 1].role == "heading" and not _is_author_like(parts[heads - 1]):
                heads -= 1
            return heads
    return begin


def _is_body_text(part: ArticlePart, body: BodyStyle) -> bool:
    return (
        part.role == "prose"
        and len(part.lines) >= 3
        and body.is_size_of(part.style, 0.3)
        and part.style.font in body.fonts
        and not has_email(part.text)
        and not _MARKED.match(part.text)
    )


def _is_author_like(part: ArticlePart) -> bool:
    return re.search(MARK, part.text) is not None or has_email(part.text)


def _is_front_note(part: ArticlePart, body: BodyStyle) -> bool:
    """Whether a part at the foot of the first page is front matter: an affiliation, an address, a licence."""
    text = part.text
    if part.style.size > body.size - 0.6 or part.role in ("heading", "caption", "table"):
        return False
    return (
        begins_like_affiliation(text)
        or has_email(text)
        or begins_with_contact(text)
        or is_bibliographic_line(text)
        or find_licence(text) is not None
        or text.startswith("©")
        or _MARKED.match(text) is not None
    )
