"""What the back matter of a plain-text source says of the review: awards, ORCIDs of its authors, licence.

The words are the blocks of kind `back`; here they are only taken apart.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.document import Author, Award, Block, FrontMatter, Heading, Text

LICENCE = re.compile(
    r"\bCC[- ]?(?:BY(?:-(?:NC|ND|SA)){0,2}|0)(?:[ -]\d\.\d)?\b"
    r"|Creative Commons [A-Z][^.;\n]{3,80}?Licen[cs]e(?: \d\.\d)?"
    r"|Creative Commons (?:Attribution|CC0)[\w -]{0,60}\d\.\d"
)
_ORCID = re.compile(r"\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b")
_GRANT = re.compile(
    r"\(\s*((?:(?:under|with|award|contract|project|program(?:me)?|reference|grants?|code|id|agreement|nos?|nr|numbers?|ref)"
    r"[\s.:#,]{1,4}){0,5})"
    r"([^\W_][^()\s,;]{2,40}(?:\s?[,;&]\s?(?:and\s)?[^\W_][^()\s,;]{2,40}){0,12})\s*\)",
    re.IGNORECASE,
)
_FUNDER_LEAD = re.compile(
    r"(?:^\s*and|\b(?:by|from|to|under|through|with|acknowledges?|thanks?|received|of\s+an?))\s+"
    r"(?:(?:the|an?|grants?)\s+)*(?=[A-Z‘'“\"])"
)


def add_back_matter(matter: FrontMatter, blocks: list[Block]) -> FrontMatter:
    """Adds what the sections behind the body say of the review: ORCIDs of its authors, funding, licence."""
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
            authors = with_orcids(authors, block.text.value)
        if re.search(r"fund|support|grant|acknowledg", heading):
            awards.extend(find_awards(block.text))
        found = LICENCE.search(block.text.value)
        if found and licence is None:
            licence = found.group(0)
    return replace(matter, authors=tuple(authors), awards=tuple(awards), licence=licence)


def find_awards(text: Text) -> list[Award]:
    """Funders with a grant number in parentheses: `National Science Foundation (no. 81802255)`.

    In a list behind a colon every item is a funder, with or without a number. Elsewhere only one with a number is,
    for nothing else in prose tells where a name begins and ends. Several numbers in one pair of parentheses are
    several awards.
    """
    value = text.value
    awards = []
    position = 0
    in_list = False
    for match in _GRANT.finditer(value):
        if not _is_grant_number(match.group(1), match.group(2)):
            continue
        sentence = value.rfind(". ", position, match.start())
        if sentence >= 0:
            position, in_list = sentence + 2, False
        colon = value.rfind(": ", position, match.start())
        if colon >= 0:
            position, in_list = colon + 2, True
        items = [
            text.slice(position + item.start(), position + item.end())
            for item in re.finditer(r"[^,;]+", value[position : match.start()])
        ]
        for item in items[:-1] if in_list else []:
            name = _funder(item)
            if name is not None:
                awards.append(Award(name.value, None, name))
        funder = _funder(items[-1]) if items else None
        for number in re.split(r"\s?[,;&]\s?(?:and\s)?", match.group(2)):
            if number and funder is not None:
                start = value.rindex(funder.value, position, match.start())
                awards.append(Award(funder.value, number, text.slice(start, match.end())))
        position = match.end()
    return awards


def _funder(item: Text) -> Text | None:
    """The name at the end of an item: from the first capital behind `by`, `from`, `and the` and the like."""
    leads = list(_FUNDER_LEAD.finditer(item.value))
    name = item.slice(leads[-1].end() if leads else 0, len(item.value)).strip()
    is_name = len(name.value) > 3 and (name.value[:1].isupper() or name.value[:1] in "‘'“\"")
    return name if is_name else None


def _is_grant_number(keyword: str, number: str) -> bool:
    """A number said to be one (`no. 17`), or long enough to be no year and no page."""
    return any(char.isdigit() for char in number) and (bool(keyword) or len(number) > 4)


def with_orcids(authors: list[Author], text: str) -> list[Author]:
    """Authors with the ORCID that stands behind their name."""
    found: dict[int, str] = {}
    position = 0
    for match in _ORCID.finditer(text):
        before = text[position : match.start()]
        position = match.end()
        places = [(before.rfind(author.name.value), index) for index, author in enumerate(authors)]
        place, index = max(places, default=(-1, -1))
        if place >= 0:
            found.setdefault(index, match.group(1))
    return [replace(author, orcid=author.orcid or found.get(index)) for index, author in enumerate(authors)]
