"""Front matter of a plain-text source: what a review says of itself above its first section.

Every field is recognised by how it is printed, not by its place; what is not recognised is left out and nothing is
guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from pipelines.document import (
    Affiliation,
    Author,
    Block,
    FrontMatter,
    Heading,
    Paragraph,
    Text,
)
from pipelines.readers.text.back_matter import LICENCE, with_orcids
from pipelines.readers.text.lines import MARK, Chunk, Line, join_lines, plain_mark, split_chunks, words

_FIRST_SECTION = re.compile(
    r"(?:(?:1|I)\.?\s+)?(?:introduction|introduction\s+and\s+\w+|overview|main\s+text)\s*:?", re.IGNORECASE
)
_LATER_FIRST_SECTION = re.compile(
    r"(?:(?:1|I)\.?\s+)?(?:background|materials?\s+and\s+methods|methods?|historical\s+\w+)\s*:?",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"(?:abstract|summary|synopsis)\s*[:.]?", re.IGNORECASE)
_ABSTRACT_INLINE = re.compile(r"(?:abstract|summary)\s*[:.–—-]\s+(?=\S)", re.IGNORECASE)
_KEYWORDS = re.compile(r"key\s?-?words?(?:\s+and\s+phrases)?\s*[:.–—-]?", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[^\n]{0,200}?\b((?:19|20)\d\d)\b", re.IGNORECASE)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]{1,200})")
_DOI_LINE = re.compile(r"(?:doi\s*:?\s*|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)
_VOLUME = re.compile(
    r"(?:vol(?:ume)?\.?\s*)?(\d{1,4})\s?(?:\(([^()\s]{1,20})\))?[\s:,]{1,3}"
    r"([A-Za-z]{0,3}\d{1,9}[A-Za-z]?)(?:\s?[–-]\s?([A-Za-z]{0,3}\d{1,9}[A-Za-z]?))?"
)
_CITATION_LINE = re.compile(
    r"([^\d.;]{4,120}?)[.,]?\s+((?:19|20)\d\d)\s?;\s?(\d{1,4})\s?(?:\(([^()]{1,20})\))?\s?:\s?"
    r"([A-Za-z]{0,3}\d{1,9})(?:\s?[–-]\s?([A-Za-z]{0,3}\d{1,9}))?\.?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_DATE = (
    r"((?:\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\.?,?\s+\d{4})|(?:[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
    r"|(?:\d{4}-\d{2}-\d{2}))"
)
_RECEIVED = re.compile(rf"\breceived\b\s*(?:on|:|date:)?\s*{_DATE}", re.IGNORECASE)
_ACCEPTED = re.compile(rf"\baccepted\b\s*(?:on|:|for publication:?|date:)?\s*{_DATE}", re.IGNORECASE)
_DATES_LINE = re.compile(r"(?:date\s+)?(?:received|accepted|submitted|revised|published)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_EMAIL_LABEL = re.compile(r"e-?mail\b|tel\b|phone\b|fax\b", re.IGNORECASE)
_CORRESPONDING = re.compile(
    r"[*†‡§✉]?\s*(?:corresponding\s+authors?|correspond\w+\s+(?:should|to|author)|address\s+(?:for\s+)?correspondence|"
    r"author\s+for\s+correspondence|correspondence)\b[^:\n]{0,60}:?",
    re.IGNORECASE,
)
_EQUAL = re.compile(r"\b(?:contributed\s+equally|equal(?:ly)?\s+contribut\w+|joint\s+first\s+authors?)", re.IGNORECASE)
_AFFILIATION = re.compile(rf"({MARK})\s*(?=\S)|(\d{{1,2}}|[a-z])(?:[.)]\s+|\s+)(?=[A-Z])")
_AFFILIATION_WORD = re.compile(
    r"\b(?:universit|department|institut|hospital|school|facult|centre|center|laborator|college|academy|division|clinic|"
    r"research|ministry|foundation|inc|ltd|gmbh)",
    re.IGNORECASE,
)
_OTHER_FRONT = re.compile(
    r"(?:article\s+reuse|reprints?\b|creative\s+commons|open\s+access|licen[cs]e|see\s+the\s+licen|academic\s+editor|"
    r"edited\s+by|reviewed\s+by|(?:review|original|research)\s+(?:article|paper)$|published\b|https?://|www\.|"
    r"\S{3,60}\.(?:com|org|net|edu)(?:/\S*)?$|citation:|issn\b|pmc|review$|e-?mail\b|tel\b|fax\b)",
    re.IGNORECASE,
)
_NAME_MARKS = re.compile(rf"\s*((?:{MARK}|[*†‡§¶#∗✉]|,(?=[\d*†‡§])|(?<=[\d*])\d)+)\s*$")
_NAME_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and|&)\s+|,|;|\s+(?:and|&)\s+)\s*")
_PARTICLES = words("van von de der den del della di da dos das du la le ter ten el al bin ibn af zu zur")
_CAPITAL_PARTICLES = words("De Di Del Della Dos Du Von")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter, its blocks (abstract) and where in the lines the body begins."""

    matter: FrontMatter
    blocks: tuple[Block, ...]
    end: int


def read_front(lines: list[Line]) -> Front:
    """Reads title to correspondence. `lines` end before the reference list; `end` is an index into them.

    Text below the abstract that is nothing known is kept as a block of kind `back`.
    """
    chunks = split_chunks(lines)
    start_of_body = _body_start(chunks)
    head = chunks[:start_of_body]
    end = chunks[start_of_body][0].number - lines[0].number if start_of_body < len(chunks) else len(lines)
    labelled = _label(head)
    title = _title(labelled)
    matter = FrontMatter(title=title)
    matter = _bibliographic(matter, labelled)
    abstract = [join_lines(chunk) for label, chunk in labelled if label == "abstract"]
    abstract = [_without_label(text, _ABSTRACT_INLINE) for text in abstract]
    keywords = [word for label, chunk in labelled if label == "keywords" for word in _keywords(join_lines(chunk))]
    affiliations = _affiliations([chunk for label, chunk in labelled if label == "affiliation"])
    authors = _authors(labelled, affiliations, matter.journal)
    matter = replace(
        matter,
        authors=tuple(authors),
        affiliations=tuple(affiliations),
        keywords=tuple(keywords),
        abstract=tuple(abstract),
    )
    blocks: list[Block] = [Heading(join_lines(chunk), 1) for label, chunk in labelled if label == "abstract_heading"]
    blocks.extend(Paragraph(text, kind="abstract") for text in abstract)
    blocks.extend(Paragraph(join_lines(chunk), kind="back") for label, chunk in labelled if label == "after")
    return Front(matter, tuple(blocks), end)


def _body_start(chunks: list[Chunk]) -> int:
    """The index of the first chunk of the body."""
    limit = min(len(chunks), 80)
    for index in range(limit):
        if _is_line(chunks[index], _FIRST_SECTION):
            return index
    index = _front_run(chunks)
    for later in range(index, limit):
        if _is_line(chunks[later], _LATER_FIRST_SECTION):
            return min(index, later)
    return index


def _front_run(chunks: list[Chunk]) -> int:
    """The first chunk that is no part of the front matter, where no heading tells.

    Above the abstract anything short may stand, below its label a few paragraphs, and after those only what has the
    form of front matter.
    """
    end = 1
    part = "head"
    expected = 0
    for index, chunk in enumerate(chunks[:80]):
        text = chunk[0].text.strip()
        if chunk[0].has_tab:
            break
        if _is_line(chunk, _ABSTRACT) or _ABSTRACT_INLINE.match(text):
            part, expected = "abstract", index + 8
            end = index + (2 if _is_line(chunk, _ABSTRACT) else 1)
        elif _is_line(chunk, _KEYWORDS) or _is_line(chunk, _CORRESPONDING):
            part, expected, end = "tail", index + 1, index + 2
        elif _is_label(chunk) or _CORRESPONDING.match(text) or _KEYWORDS.match(text):
            part, expected, end = ("tail" if part == "abstract" else part), index, index + 1
        elif (part == "head" and (index > 12 or len(text) > 400)) or (part != "head" and index > expected):
            break
    return min(end, len(chunks))


def _is_line(chunk: Chunk, pattern: re.Pattern[str]) -> bool:
    return len(chunk) == 1 and len(chunk[0].text) < 60 and pattern.fullmatch(chunk[0].text.strip()) is not None


def _is_label(chunk: Chunk) -> bool:
    """Whether a chunk is front matter by its own form."""
    text = chunk[0].text.strip()
    if len(text) > 600:
        return False
    if _AFFILIATION.match(text) and _AFFILIATION_WORD.search(text):
        return True
    return len(text) < 300 and bool(
        _DATES_LINE.match(text)
        or _COPYRIGHT.match(text)
        or _DOI_LINE.match(text)
        or _OTHER_FRONT.match(text)
        or _VOLUME.fullmatch(text)
        or _CITATION_LINE.fullmatch(text)
        or _EQUAL.search(text)
        or _EMAIL.search(text)
    )


def _label(chunks: list[Chunk]) -> list[tuple[str, Chunk]]:
    """Every chunk of the front matter with what it is."""
    labelled: list[tuple[str, Chunk]] = []
    expects = ""
    has_abstract = False
    for chunk in chunks:
        text = chunk[0].text.strip()
        if not text:
            continue
        if _is_line(chunk, _ABSTRACT):
            label, expects, has_abstract = "abstract_heading", "abstract", True
        elif _is_line(chunk, _KEYWORDS):
            label, expects = "keywords_heading", "keywords"
        elif _is_line(chunk, _CORRESPONDING):
            label, expects = "corresponding_heading", "corresponding"
        elif _ABSTRACT_INLINE.match(text) and expects != "abstract":
            label, expects, has_abstract = "abstract", "abstract", True
        elif (
            _KEYWORDS.match(text)
            and len(text) > 12
            and re.match(r"key\s?-?words?[^:.–—-]{0,14}[:.–—-]", text, re.IGNORECASE)
        ):
            label, expects = "keywords", ""
        elif labelled and labelled[-1][0] == "corresponding" and _EMAIL_LABEL.match(text):
            label = "corresponding"
        elif expects in ("keywords", "corresponding"):
            label, expects = expects, ""
        elif _EQUAL.search(text) and len(text) < 300:
            label = "equal"
        elif _CORRESPONDING.match(text):
            label, expects = "corresponding", ""
        elif _is_affiliation(text):
            label, expects = "affiliation", ""
        elif _is_label(chunk):
            label = "other"
            if expects == "abstract" and not _DATES_LINE.match(text):
                label = "abstract" if len(text) > 300 else "other"
            elif expects == "abstract":
                expects = ""
        elif expects == "abstract":
            label = "abstract"
        else:
            label = "head" if not has_abstract else "after"
        labelled.append((label, chunk))
    return labelled


def _is_affiliation(text: str) -> bool:
    return (
        _AFFILIATION.match(text) is not None
        and len(text) < 600
        and (_AFFILIATION_WORD.search(text) is not None or re.match(MARK, text) is not None)
        and _NAME_SEPARATOR.search(text) is not None
    )


def _title(labelled: list[tuple[str, Chunk]]) -> Text | None:
    """The first lines that are no label and no prose."""
    for label, chunk in labelled:
        if label == "head":
            text = join_lines(chunk)
            return text if len(text.value) < 500 and not text.value.endswith(".") else None
        if label not in ("other",):
            return None
    return None


def _bibliographic(matter: FrontMatter, labelled: list[tuple[str, Chunk]]) -> FrontMatter:
    """Journal, volume, pages, year, DOI, dates and licence."""
    previous: Text | None = None
    for label, chunk in labelled:
        text = join_lines(chunk)
        value = text.value
        volume = _VOLUME.fullmatch(value) if len(value) < 80 else None
        citation = _CITATION_LINE.fullmatch(value) if len(value) < 250 else None
        if volume and matter.volume is None:
            matter = replace(
                matter,
                volume=volume.group(1),
                issue=volume.group(2),
                first_page=volume.group(3),
                last_page=volume.group(4),
            )
            if previous is not None and previous != matter.title and matter.journal is None:
                matter = replace(matter, journal=previous)
        elif citation and matter.volume is None:
            matter = replace(
                matter,
                journal=text.slice(*citation.span(1)).strip(),
                publication_year=int(citation.group(2)),
                publication_year_basis="citation_line",
                volume=citation.group(3),
                issue=citation.group(4),
                first_page=citation.group(5),
                last_page=citation.group(6),
            )
        copyright_line = _COPYRIGHT.match(value)
        if copyright_line and matter.publication_year is None:
            matter = replace(
                matter,
                publication_year=int(copyright_line.group(1)),
                publication_year_basis="copyright_line",
            )
        doi = _DOI.search(value) if label != "abstract" else None
        if doi and matter.doi is None:
            matter = replace(matter, doi=doi.group(1).rstrip(".,;)"))
        received, accepted = _RECEIVED.search(value), _ACCEPTED.search(value)
        if received and matter.date_received is None and label != "abstract":
            matter = replace(matter, date_received=iso_date(received.group(1)))
        if accepted and matter.date_accepted is None and label != "abstract":
            matter = replace(matter, date_accepted=iso_date(accepted.group(1)))
        licence = LICENCE.search(value)
        if licence and matter.licence is None and label != "abstract":
            matter = replace(matter, licence=licence.group(0))
        previous = text if label == "head" else None
    return matter


def iso_date(text: str) -> str | None:
    """`9 July 2019`, `July 9, 2019` or `2019-07-09` as `2019-07-09`; None where it is no day of the calendar."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    word = re.search(r"[A-Za-z]{3,9}(?=[\s.,])", text)
    month = _MONTHS.get(word.group(0).casefold()) if word else None
    try:
        if month is None:
            year, month, day = numbers
        else:
            day, year = numbers
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _without_label(text: Text, pattern: re.Pattern[str]) -> Text:
    match = pattern.match(text.value)
    return text.slice(match.end(), len(text.value)).strip() if match else text


def _keywords(text: Text) -> list[Text]:
    text = _without_label(text, re.compile(r"key\s?-?words?[^:.–—-]{0,14}[:.–—-]\s*", re.IGNORECASE))
    separator = ";" if ";" in text.value else "," if "," in text.value else "•|·|\\||\\s[–—]\\s"
    words = []
    start = 0
    depth = 0
    for match in re.finditer(rf"[()\[\]]|{separator}", text.value):
        sign = match.group(0)
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            words.append(text.slice(start, match.start()).strip())
            start = match.end()
    last = text.slice(start, len(text.value)).strip()
    if last.value.endswith("."):
        last = last.slice(0, len(last.value) - 1)
    words.append(last)
    return [word for word in words if word.value]


def _affiliations(chunks: list[Chunk]) -> list[Affiliation]:
    affiliations = []
    for chunk in chunks:
        groups: list[list[Line]] = []
        for line in chunk:
            if not groups or _is_affiliation(line.text.strip()):
                groups.append([line])
            else:
                groups[-1].append(line)
        for group in groups:
            text = join_lines(group)
            match = _AFFILIATION.match(text.value)
            if match:
                key = plain_mark(match.group(1)) if match.group(1) else match.group(2)
                affiliations.append(Affiliation(key, text.slice(match.end(), len(text.value)).strip()))
    return affiliations


def _authors(labelled: list[tuple[str, Chunk]], affiliations: list[Affiliation], journal: Text | None) -> list[Author]:
    """The authors: the list of names above the abstract, with what marks, notes and the correspondence say of them."""
    heads = [join_lines(chunk) for label, chunk in labelled if label == "head"][1:]
    keys = {affiliation.key for affiliation in affiliations}
    authors: list[Author] = []
    marks: list[set[str]] = []
    lists = [names for text in heads if text != journal and (names := _names(text)) is not None]
    marked = [names for names in lists if any(mark for _, mark in names)]
    for name, mark in (marked or lists or [[]])[0]:
        surname, given = split_name(name.value)
        printed = [part for part in re.split(r"[,;\s]+", mark) if part]
        authors.append(Author(name, surname, given, affiliations=tuple(part for part in printed if part in keys)))
        marks.append(set(printed))
    equal = " ".join(join_lines(chunk).value for label, chunk in labelled if label == "equal")
    equal_sign = re.match(rf"\s*({MARK}|[*†‡§¶#∗])", equal)
    sign = plain_mark(equal_sign.group(1)) if equal_sign else None
    letters = _letters(labelled)
    after = "\n".join(
        join_lines(chunk).value for label, chunk in labelled if label not in ("abstract", "keywords", "corresponding")
    )
    result = []
    for author, mark_set in zip(authors, marks, strict=True):
        is_equal = bool(equal) and ((sign is not None and sign in mark_set) or author.name.value in equal)
        letter = next((text for text in letters if author.name.value in text), None)
        result.append(
            replace(
                author,
                is_equal_contribution=is_equal,
                is_corresponding=letter is not None,
                email=_email_of(author, letter),
            )
        )
    return with_orcids(result, after)


def _letters(labelled: list[tuple[str, Chunk]]) -> list[str]:
    """What is printed of the corresponding authors, an address on lines of its own joined to the name above it."""
    letters: list[str] = []
    for label, chunk in labelled:
        if label == "corresponding":
            text = join_lines(chunk).value
            if letters and _EMAIL_LABEL.match(text):
                letters[-1] += f" {text}"
            else:
                letters.append(text)
    return letters


def _email_of(author: Author, letter: str | None) -> str | None:
    """The address that the correspondence gives for the author: labelled `Email:`, else the first behind the name."""
    if letter is None:
        return None
    tail = letter[letter.index(author.name.value) :]
    labelled = re.search(rf"e-?mail(?:\s+address)?\s*:?\s*({_EMAIL.pattern})", tail, re.IGNORECASE)
    if labelled:
        return labelled.group(1)
    found = _EMAIL.search(tail)
    return found.group(0) if found else None


def _names(text: Text) -> list[tuple[Text, str]] | None:
    """Names and their marks of a line that lists authors; None where it is none."""
    value = text.value
    if len(value) > 20_000 or _DOI.search(value) or value.endswith("."):
        return None
    names: list[tuple[Text, str]] = []
    for start, end in _name_parts(value):
        part = text.slice(start, end).strip()
        found = _NAME_MARKS.search(part.value)
        mark = ""
        if found:
            mark = ",".join(plain_mark(sign) for sign in re.findall(rf"{MARK}|[*†‡§¶#∗✉]", found.group(1)))
            part = part.slice(0, found.start()).strip()
        if not part.value:
            continue
        if _SUFFIX.fullmatch(part.value) and names:
            continue
        if not _is_name(part.value):
            return None
        names.append((part, mark))
    return names or None


def _name_parts(value: str) -> list[tuple[int, int]]:
    """The stretches between separators that stand outside a superscript."""
    inside = [match.span() for match in re.finditer(MARK, value)]
    parts = []
    start = 0
    for match in _NAME_SEPARATOR.finditer(value):
        if any(
            left < match.end() and match.start() < right and value[left] == "^" and match.start() > left
            for left, right in inside
        ):
            continue
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, len(value)))
    return parts


def _is_name(value: str) -> bool:
    words = value.split()
    return (
        2 <= len(words) <= 8
        and len(value) < 80
        and not re.search(r"[\d@:/]", value)
        and words[-1][:1].isalpha()
        and sum(word[:1].isupper() or word.casefold() in _PARTICLES or word[:2] in ("d’", "d'") for word in words)
        == len(words)
    )


def split_name(name: str) -> tuple[str, str | None]:
    """Surname (with its particles) and given names of a name printed in the order `Given Surname`."""
    parts = name.split()
    end = len(parts)
    if end > 2 and _SUFFIX.fullmatch(parts[-1].strip(",")):
        end -= 1
    start = end - 1
    while start > 1 and parts[start - 1] in _PARTICLES | _CAPITAL_PARTICLES:
        start -= 1
    return " ".join(parts[start:end]), " ".join(parts[:start]) or None
