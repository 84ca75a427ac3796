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
from pipelines.readers.text.bibliographic_lines import is_bibliographic_line

_MAX_PAGES = 3
_MARKED = re.compile(r"\^\{[^{}]{1,6}\}\s*\S|[*†‡§✉]\s*\S")
_KIND_OF_ARTICLE = 40
"""A line with fewer letters, however large, names a kind of article or a journal's section and is no title."""


@built_once
def _first_section() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:1|I)\.?\s*[|:]?\s+)?{any_phrase('first_section_heading')}\s*:?", re.IGNORECASE)


@built_once
def _abstract() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('abstract_heading')}\s*[:.]?", re.IGNORECASE)


@built_once
def _abstract_label() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('abstract_label')}\s*[:.–—-]", re.IGNORECASE)


@built_once
def _keywords() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('keywords_label')}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Chunks of front matter, each with its lines of text, and the index of the first part of the body.

    `late` are indexes of parts of the first page that are front matter although the body has begun.
    """

    chunks: list[list[JoinedText]]
    end: int
    late: frozenset[int]


def read_front_page(
    parts: Sequence[ArticlePart], furniture: Sequence[Line], body: BodyStyle, joiner: Joiner
) -> FrontPage:
    """`furniture` are the running heads and feet of the first page, which may give journal, volume and DOI."""
    title = _find_title(parts)
    end = _find_end(parts, title, body)
    late = frozenset(
        index
        for index, part in enumerate(parts[end:], start=end)
        if part.first_line.page_no == parts[0].first_line.page_no and _is_front_note(part, body)
    )
    order = [index for index in range(end) if index not in title]
    front = [joiner.join([line for index in title for line in parts[index].lines])] if title else []
    chunks = [[text] for text in front]
    after_title = [index for index in order if title and index > title[-1]]
    before_title = [index for index in order if not title or index < title[0]]
    for index in (*after_title, *before_title, *sorted(late)):
        chunks.append(_chunk(parts[index], joiner))
    chunks.extend([JoinedText.of(line)] for line in furniture)
    return FrontPage(chunks, end, late)


def _chunk(part: ArticlePart, joiner: Joiner) -> list[JoinedText]:
    """The text of a part; several affiliations in one part are one line each."""
    groups: list[list[Line]] = []
    for line in part.lines:
        if not groups or _MARKED.match(line.text):
            groups.append([line])
        else:
            groups[-1].append(line)
    if len(groups) == 1:
        return [part.joined]
    return [joiner.join(group) for group in groups]


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
        text = parts[index].text
        if _abstract().fullmatch(text) or _abstract_label().match(text):
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
    return "^{" in part.text or has_email(part.text)


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
        or _MARKED.match(text) is not None
    )
