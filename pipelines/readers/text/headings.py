"""Which lines of a plain-text source are headings of sections, at which level and of which kind of section.

Takes a chunk of lines and the chunk after it. The headings of the abstract and of the reference list are recognised in
`title_page` and `reference_list`.
"""

from __future__ import annotations

import re

from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.function_words import AUXILIARIES, SENTENCE_OPENING, WEAK_ENDS
from pipelines.readers.text.lines import Chunk, ends_with_citation, without_trailing_citations

BULLET = re.compile(r"[•●▪◦‣∙*–—-]\s+\S")
_SECTION_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
SENTENCE_END_INSIDE = re.compile(r"[a-z)\]]{3}\. +[A-Z]")
_SENTENCE_OPENING = re.compile(SENTENCE_OPENING)


@built_once
def _verb() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{AUXILIARIES}|{any_phrase('reporting_verb')})\b")


@built_once
def _back_matter_heading() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\d{{1,2}}\.?\s+)?(?:{any_phrase('back_matter_heading_start')}\b.*"
        rf"|{any_phrase('back_matter_heading_short_start')}\b.{{0,60}}|{any_phrase('back_matter_heading')})",
        re.IGNORECASE,
    )


def is_back_matter_heading(text: str) -> bool:
    """Whether a heading begins a section after the body: declarations, funding, acknowledgements."""
    return _back_matter_heading().fullmatch(text) is not None


def heading_level(text: str) -> int:
    """The level of a heading from its printed number: 2 for `2.1 Search`; 1 without a number."""
    number = _SECTION_NUMBER.match(text)
    return number.group(1).count(".") + 1 if number else 1


def is_heading(lines: Chunk, following: Chunk | None) -> bool:
    """Whether a chunk is one line that heads the chunk after it: short, and not a sentence or the start of one."""
    if len(lines) != 1:
        return False
    text = lines[0].text.strip()
    if (
        not text
        or len(text) > 220
        or without_trailing_citations(text)[-1:] in ("", ".", ";", ",", ":")
        or "\t" in text
        or BULLET.match(text)
    ):
        return False
    first = text[0]
    begins_like_heading = first.isupper() or first.isdigit() or first in "\"“‘'(¿" or not first.isascii()
    if not begins_like_heading or SENTENCE_END_INSIDE.search(text):
        return False
    words = text.split()
    if len(words) > 30 or words[-1] in WEAK_ENDS or (words[-1].isdigit() and len(words) > 12):
        return False
    if following is None:
        return False
    next_text = following[0].text.strip()
    if next_text[:1].islower() and len(words) > 2 and not _SECTION_NUMBER.match(text):
        # The line goes on, unless a section begins with a name such as `mTOR`.
        return next_text.split()[0] != next_text.split()[0].lower()
    is_title_case = sum(word[:1].isupper() for word in words) * 2 > len(words)
    is_question = text.endswith("?")
    if len(words) > 7 and not is_title_case and _SENTENCE_OPENING.match(text) and not is_question:
        return False
    return is_title_case or is_question or len(words) < 7 or not (_verb().search(text) or ends_with_citation(text))
