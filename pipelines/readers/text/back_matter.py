"""Data in the back matter of a plain-text source: awards, ORCIDs of the review's authors, licence.

Takes the blocks of kind `back` and completes the `FrontMatter`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.document import Award, Block, FrontMatter, Heading, Text
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.author_lists import add_orcids
from pipelines.readers.text.bibliographic_lines import find_licence


@built_once
def _funding_heading() -> re.Pattern[str]:
    return re.compile(any_phrase("funding_heading"))


@built_once
def _grant_numbers() -> re.Pattern[str]:
    """`(grant no. CF-17/2, CF-18)`: the words before the numbers (group 1), the numbers (group 2)."""
    return re.compile(
        rf"\(\s*((?:{any_phrase('award_number_label')}[\s.:#,]{{1,4}}){{0,5}})"
        r"([^\W_][^()\s,;]{2,40}(?:\s?[,;&]\s?(?:and\s)?[^\W_][^()\s,;]{2,40}){0,12})\s*\)",
        re.IGNORECASE,
    )


@built_once
def _funder_lead() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^\s*and|\b{any_phrase('funder_lead')})\s+(?:(?:the|an?|grants?)\s+)*(?=[A-Z‘'“\"])",
    )


def add_back_matter(matter: FrontMatter, blocks: list[Block]) -> FrontMatter:
    """Add ORCIDs, awards and the licence from the sections after the body."""
    authors = list(matter.authors)
    awards: list[Award] = []
    licence = matter.licence
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text.value.casefold()
            continue
        if block.kind != "back":
            continue
        if "orcid" in heading or "orcid.org" in block.text.value:
            authors = add_orcids(authors, block.text.value)
        if _funding_heading().search(heading):
            awards.extend(find_awards(block.text))
        licence = licence if licence is not None else find_licence(block.text.value)
    return replace(matter, authors=tuple(authors), awards=tuple(awards), licence=licence)


def find_awards(text: Text) -> list[Award]:
    """Find funders with a grant number in parentheses: `National Science Foundation (no. 81802255)`.

    In a list after a colon every item is a funder, with or without a number. Elsewhere a funder needs a number, as
    nothing else in prose shows where its name begins and ends. Several numbers in one pair of parentheses are several
    awards.
    """
    value = text.value
    awards = []
    position = 0
    in_list = False
    for match in _grant_numbers().finditer(value):
        if not _is_grant_number(match.group(1), match.group(2)):
            continue
        sentence_end = value.rfind(". ", position, match.start())
        if sentence_end >= 0:
            position, in_list = sentence_end + 2, False
        colon = value.rfind(": ", position, match.start())
        if colon >= 0:
            position, in_list = colon + 2, True
        items = [
            text.slice(position + item.start(), position + item.end())
            for item in re.finditer(r"[^,;]+", value[position : match.start()])
        ]
        for item in items[:-1] if in_list else []:
            name = _funder_name(item)
            if name is not None:
                awards.append(Award(name.value, None, name))
        funder = _funder_name(items[-1]) if items else None
        for number in re.split(r"\s?[,;&]\s?(?:and\s)?", match.group(2)):
            if number and funder is not None:
                start = value.rindex(funder.value, position, match.start())
                awards.append(Award(funder.value, number, text.slice(start, match.end())))
        position = match.end()
    return awards


def _funder_name(item: Text) -> Text | None:
    """The name at the end of an item, from the first capital after the last `by`, `from`, `and the` or the like."""
    leads = list(_funder_lead().finditer(item.value))
    name = item.slice(leads[-1].end() if leads else 0, len(item.value)).strip()
    is_name = len(name.value) > 3 and (name.value[:1].isupper() or name.value[:1] in "‘'“\"")
    return name if is_name else None


def _is_grant_number(label: str, number: str) -> bool:
    """Whether a number is labelled as a grant number (`no. 17`) or too long for a year or a page."""
    return any(char.isdigit() for char in number) and (bool(label) or len(number) > 4)
