"""The front matter of a plain-text source: everything above the first section of the body.

Takes the lines above the reference list, labels each chunk of the front matter by its printed form, and gives a
`FrontMatter` and the index at which the body begins. Nothing is guessed: chunks of unknown form are left out, or kept
as text below the abstract. The words of headings and labels are in `schemas/vocabularies/cues/reading_words.csv`.

Labels: `abstract_heading`, `abstract`, `keywords_heading`, `keywords`, `corresponding_heading`, `corresponding`,
`equal` (a note on equal contributions), `affiliation`, `other` (a line with another known form), `head` (title,
authors, journal) and `after` (unknown text below the abstract).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.document import Block, FrontMatter, Heading, Paragraph, Text
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.author_lists import (
    begins_like_affiliation,
    begins_with_contact,
    has_email,
    is_affiliation,
    read_affiliations,
    read_authors,
    states_equal_contribution,
)
from pipelines.readers.text.bibliographic_lines import (
    add_bibliographic_data,
    begins_with_history_date,
    is_bibliographic_line,
)
from pipelines.readers.text.lines import Chunk, LabelledChunk, Line, join_lines, split_chunks

_MAX_CHUNKS = 80
"""The body begins within so many chunks."""


@built_once
def _first_section() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:1|I)\.?\s+)?{any_phrase('first_section_heading')}\s*:?", re.IGNORECASE)


@built_once
def _abstract_heading() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('abstract_heading')}\s*[:.]?", re.IGNORECASE)


@built_once
def _abstract_label() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('abstract_label')}\s*[:.–—-]\s+(?=\S)", re.IGNORECASE)


@built_once
def _keywords_heading() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('keywords_label')}\s*[:.–—-]?", re.IGNORECASE)


@built_once
def _keywords_label() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('keywords_label')}[^:.–—-]{{0,14}}[:.–—-]\s*", re.IGNORECASE)


@built_once
def _corresponding_heading() -> re.Pattern[str]:
    return re.compile(rf"[*†‡§✉]?\s*{any_phrase('correspondence_label')}\b[^:\n]{{0,60}}:?", re.IGNORECASE)


@built_once
def _other_line() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_phrase('front_matter_start')}\b|{any_phrase('front_matter_line')}$"
        rf"|{any_phrase('front_matter_label')}:|https?://|www\.|"
        r"\S{3,60}\.(?:com|org|net|edu)(?:/\S*)?$)",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The front matter, its blocks (abstract and unknown text) and the index of the line at which the body begins."""

    matter: FrontMatter
    blocks: tuple[Block, ...]
    end: int


def read_title_page(lines: list[Line]) -> TitlePage:
    """Read everything above the body. `lines` end before the reference list."""
    chunks = split_chunks(lines)
    body_start = _body_start(chunks)
    end = chunks[body_start][0].number - lines[0].number if body_start < len(chunks) else len(lines)
    matter, blocks = read_front_chunks(chunks[:body_start])
    return TitlePage(matter, blocks, end)


def read_front_chunks(chunks: list[Chunk]) -> tuple[FrontMatter, tuple[Block, ...]]:
    """The front matter and the blocks in chunks that are all above the body."""
    labelled = _label_chunks(chunks)
    matter = add_bibliographic_data(FrontMatter(title=_title(labelled)), labelled)
    abstract = [
        _without_label(join_lines(chunk), _abstract_label()) for label, chunk in labelled if label == "abstract"
    ]
    keywords = [
        keyword for label, chunk in labelled if label == "keywords" for keyword in _split_keywords(join_lines(chunk))
    ]
    affiliations = read_affiliations([chunk for label, chunk in labelled if label == "affiliation"])
    matter = replace(
        matter,
        authors=tuple(read_authors(labelled, affiliations, matter.journal)),
        affiliations=tuple(affiliations),
        keywords=tuple(keywords),
        abstract=tuple(abstract),
    )
    blocks: list[Block] = [Heading(join_lines(chunk), 1) for label, chunk in labelled if label == "abstract_heading"]
    blocks.extend(Paragraph(text, kind="abstract") for text in abstract)
    blocks.extend(Paragraph(join_lines(chunk), kind="back") for label, chunk in labelled if label == "after")
    return matter, tuple(blocks)


def _body_start(chunks: list[Chunk]) -> int:
    """The index of the first chunk of the body: a known heading, else the end of what looks like front matter."""
    for index, chunk in enumerate(chunks[:_MAX_CHUNKS]):
        if _is_heading(chunk, _first_section()):
            return index
    return _end_of_front_matter(chunks)


def _end_of_front_matter(chunks: list[Chunk]) -> int:
    """The index of the first chunk that is not front matter, by the form of the chunks.

    Above the abstract any short chunk may be front matter; below its heading a few paragraphs; after those only chunks
    that have a form of front matter.
    """
    end = 1
    part = "head"
    last_expected = 0
    for index, chunk in enumerate(chunks[:_MAX_CHUNKS]):
        text = chunk[0].text.strip()
        if chunk[0].has_tab:
            break
        if _is_heading(chunk, _abstract_heading()) or _abstract_label().match(text):
            part, last_expected = "abstract", index + 8
            end = index + (2 if _is_heading(chunk, _abstract_heading()) else 1)
        elif _is_heading(chunk, _keywords_heading()) or _is_heading(chunk, _corresponding_heading()):
            part, last_expected, end = "tail", index + 1, index + 2
        elif _has_known_form(chunk) or _corresponding_heading().match(text) or _keywords_heading().match(text):
            part, last_expected, end = ("tail" if part == "abstract" else part), index, index + 1
        elif (part == "head" and (index > 12 or len(text) > 400)) or (part != "head" and index > last_expected):
            break
    return min(end, len(chunks))


def is_abstract_heading(text: str) -> bool:
    """Whether a text is `Abstract`, `Summary:` or the like."""
    return _abstract_heading().fullmatch(text) is not None


def _is_heading(chunk: Chunk, pattern: re.Pattern[str]) -> bool:
    """Whether a chunk is one short line that the pattern matches as a whole."""
    return len(chunk) == 1 and len(chunk[0].text) < 60 and pattern.fullmatch(chunk[0].text.strip()) is not None


def _has_known_form(chunk: Chunk) -> bool:
    """Whether a chunk is front matter by its form, wherever it is printed."""
    text = chunk[0].text.strip()
    if len(text) > 600:
        return False
    if begins_like_affiliation(text):
        return True
    return len(text) < 300 and bool(
        is_bibliographic_line(text) or _other_line().match(text) or states_equal_contribution(text) or has_email(text)
    )


def _label_chunks(chunks: list[Chunk]) -> list[LabelledChunk]:
    labelled: list[LabelledChunk] = []
    expected = ""
    has_abstract = False
    for chunk in chunks:
        text = chunk[0].text.strip()
        if not text:
            continue
        if _is_heading(chunk, _abstract_heading()):
            label, expected, has_abstract = "abstract_heading", "abstract", True
        elif _is_heading(chunk, _keywords_heading()):
            label, expected = "keywords_heading", "keywords"
        elif _is_heading(chunk, _corresponding_heading()):
            label, expected = "corresponding_heading", "corresponding"
        elif _abstract_label().match(text) and expected != "abstract":
            label, expected, has_abstract = "abstract", "abstract", True
        elif len(text) > 12 and _keywords_label().match(text):
            label, expected = "keywords", ""
        elif labelled and labelled[-1].label == "corresponding" and begins_with_contact(text):
            label = "corresponding"
        elif expected in ("keywords", "corresponding"):
            label, expected = expected, ""
        elif states_equal_contribution(text) and len(text) < 300:
            label = "equal"
        elif _corresponding_heading().match(text):
            label, expected = "corresponding", ""
        elif is_affiliation(text):
            label, expected = "affiliation", ""
        elif _has_known_form(chunk):
            label = "other"
            if expected == "abstract" and begins_with_history_date(text):
                expected = ""
            elif expected == "abstract" and len(text) > 300:
                label = "abstract"
        elif expected == "abstract":
            label = "abstract"
        else:
            label = "head" if not has_abstract else "after"
        labelled.append(LabelledChunk(label, chunk))
    return labelled


def _title(labelled: list[LabelledChunk]) -> Text | None:
    """The first chunk of unknown form, if only lines of other known forms precede it and it is not prose."""
    for label, chunk in labelled:
        if label == "head":
            text = join_lines(chunk)
            return text if len(text.value) < 500 and not text.value.endswith(".") else None
        if label != "other":
            return None
    return None


def _without_label(text: Text, label: re.Pattern[str]) -> Text:
    match = label.match(text.value)
    return text.slice(match.end(), len(text.value)).strip() if match else text


def _split_keywords(text: Text) -> list[Text]:
    """The keywords, separated by semicolons, else commas, else bullets or dashes; not inside brackets."""
    text = _without_label(text, _keywords_label())
    separator = ";" if ";" in text.value else "," if "," in text.value else "•|·|\\||\\s[–—]\\s"
    keywords = []
    start = 0
    depth = 0
    for match in re.finditer(rf"[()\[\]]|{separator}", text.value):
        sign = match.group(0)
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            keywords.append(text.slice(start, match.start()).strip())
            start = match.end()
    last = text.slice(start, len(text.value)).strip()
    if last.value.endswith("."):
        last = last.slice(0, len(last.value) - 1)
    keywords.append(last)
    return [keyword for keyword in keywords if keyword.value]
