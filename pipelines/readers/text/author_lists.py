"""Authors and affiliations of a review, from the lines of its front matter.

Takes labelled chunks of lines and gives `Author`s and `Affiliation`s. The list of authors is recognised by its form:
names separated by commas, with marks that affiliations and notes repeat.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.document import Affiliation, Author, Text
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.text.bibliographic_lines import DOI
from pipelines.readers.text.lines import MARK, Chunk, LabelledChunk, Line, join_lines, plain_mark
from pipelines.vocabularies.word_lists import reading_words

_SIGNS = "*†‡§¶#∗"
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_LABELLED_EMAIL = re.compile(rf"e-?mail(?:\s+address)?\s*:?\s*({_EMAIL.pattern})", re.IGNORECASE)
_AFFILIATION = re.compile(rf"({MARK})\s*(?=\S)|(\d{{1,2}}|[a-z])(?:[.)]\s+|\s+)(?=[A-Z])")
"""The mark at the start of an affiliation: a superscript (group 1), or a number or a letter (group 2)."""
_NAME_MARKS = re.compile(rf"\s*((?:{MARK}|[{_SIGNS}✉]|,(?=[\d*†‡§])|(?<=[\d*])\d)+)\s*$")
_NAME_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and|&)\s+|,|;|\s[|·•]\s|\s+(?:and|&)\s+)\s*")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
_ORCID = re.compile(r"\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b")


@built_once
def _institution() -> re.Pattern[str]:
    return re.compile(rf"\b{any_phrase('affiliation_word')}", re.IGNORECASE)


@built_once
def _equal_contribution() -> re.Pattern[str]:
    return re.compile(rf"\b{any_phrase('equal_contribution')}", re.IGNORECASE)


@built_once
def _contact_start() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase('contact_label')}\b", re.IGNORECASE)


@built_once
def _degree() -> re.Pattern[str]:
    return re.compile(any_phrase("academic_degree"), re.IGNORECASE)


@built_once
def _particles() -> frozenset[str]:
    return reading_words("name_particle")


@built_once
def _surname_particles() -> frozenset[str]:
    return reading_words("name_particle") | reading_words("capital_name_particle")


def has_email(text: str) -> bool:
    """Whether a text contains an e-mail address."""
    return _EMAIL.search(text) is not None


def begins_with_contact(text: str) -> bool:
    """Whether a line begins with `Email`, `Tel` or the like."""
    return _contact_start().match(text) is not None


def states_equal_contribution(text: str) -> bool:
    """Whether a text says that authors contributed equally."""
    return _equal_contribution().search(text) is not None


def begins_like_affiliation(text: str) -> bool:
    """Whether a line begins with a mark and names an institution."""
    return _AFFILIATION.match(text) is not None and _institution().search(text) is not None


def is_affiliation(text: str) -> bool:
    """Whether a line is an affiliation: a mark, then an institution (not required after a superscript) and a comma."""
    return (
        _AFFILIATION.match(text) is not None
        and len(text) < 600
        and (_institution().search(text) is not None or re.match(MARK, text) is not None)
        and _NAME_SEPARATOR.search(text) is not None
    )


def read_affiliations(chunks: list[Chunk]) -> list[Affiliation]:
    """The affiliations in chunks of lines, each of which may continue on the next lines."""
    affiliations = []
    for chunk in chunks:
        groups: list[list[Line]] = []
        for line in chunk:
            if not groups or is_affiliation(line.text.strip()):
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


def read_authors(labelled: list[LabelledChunk], affiliations: list[Affiliation], journal: Text | None) -> list[Author]:
    """The authors, from the list of names above the abstract.

    Their marks, the notes and the lines about correspondence give affiliations, equal contribution, e-mail address and
    ORCID. If several lines are lists of names, the first with marks counts, else the first.
    """
    heads = [join_lines(chunk) for label, chunk in labelled if label == "head"][1:]
    keys = {affiliation.key for affiliation in affiliations}
    name_lists = [names for text in heads if text != journal and (names := _read_names(text)) is not None]
    marked_lists = [names for names in name_lists if any(mark for _, mark in names)]
    equal_note = " ".join(join_lines(chunk).value for label, chunk in labelled if label == "equal")
    equal_sign = re.match(rf"\s*({MARK}|[{_SIGNS}])", equal_note)
    equal_mark = plain_mark(equal_sign.group(1)) if equal_sign else None
    correspondence = _correspondence(labelled)
    authors = []
    for name, printed_marks in (marked_lists or name_lists or [[]])[0]:
        surname, given = split_name(name.value)
        marks = [mark for mark in re.split(r"[,;\s]+", printed_marks) if mark]
        address = next((text for text in correspondence if name.value in text), None)
        authors.append(
            Author(
                name,
                surname,
                given,
                affiliations=tuple(mark for mark in marks if mark in keys),
                email=_email_of(name.value, address),
                is_corresponding=address is not None,
                is_equal_contribution=bool(equal_note) and (equal_mark in marks or name.value in equal_note),
            )
        )
    with_possible_orcids = "\n".join(
        join_lines(chunk).value for label, chunk in labelled if label not in ("abstract", "keywords", "corresponding")
    )
    return add_orcids(authors, with_possible_orcids)


def _correspondence(labelled: list[LabelledChunk]) -> list[str]:
    """The lines about corresponding authors; an address on separate lines is joined to the name above it."""
    lines: list[str] = []
    for label, chunk in labelled:
        if label == "corresponding":
            text = join_lines(chunk).value
            if lines and begins_with_contact(text):
                lines[-1] += f" {text}"
            else:
                lines.append(text)
    return lines


def _email_of(name: str, address: str | None) -> str | None:
    """The e-mail address of an author: the first labelled `Email:` after the name, else the first after the name."""
    if address is None:
        return None
    tail = address[address.index(name) :]
    labelled = _LABELLED_EMAIL.search(tail)
    if labelled:
        return labelled.group(1)
    match = _EMAIL.search(tail)
    return match.group(0) if match else None


def add_orcids(authors: list[Author], text: str) -> list[Author]:
    """The authors with the ORCIDs that `text` has after their names; an author who has one keeps it."""
    orcids: dict[int, str] = {}
    position = 0
    for match in _ORCID.finditer(text):
        before = text[position : match.start()]
        position = match.end()
        places = [(before.rfind(author.name.value), index) for index, author in enumerate(authors)]
        place, index = max(places, default=(-1, -1))
        if place >= 0:
            orcids.setdefault(index, match.group(1))
    return [replace(author, orcid=author.orcid or orcids.get(index)) for index, author in enumerate(authors)]


def _read_names(text: Text) -> list[tuple[Text, str]] | None:
    """The names in a list of authors and their marks, separated by commas; None if the text is not such a list."""
    value = text.value
    if len(value) > 20_000 or DOI.search(value) or value.endswith("."):
        return None
    names: list[tuple[Text, str]] = []
    for start, end in _name_spans(value):
        part = text.slice(start, end).strip()
        match = _NAME_MARKS.search(part.value)
        marks = ""
        if match:
            marks = ",".join(plain_mark(mark) for mark in re.findall(rf"{MARK}|[{_SIGNS}✉]", match.group(1)))
            part = part.slice(0, match.start()).strip()
        if not part.value:
            continue
        if names and (_SUFFIX.fullmatch(part.value) or _degree().fullmatch(part.value)):
            name, earlier = names[-1]
            names[-1] = (name, ",".join(filter(None, (earlier, marks))))
            continue
        if not _is_name(part.value):
            return None
        names.append((part, marks))
    return names or None


def _name_spans(value: str) -> list[tuple[int, int]]:
    """The stretches between separators; a comma inside a superscript does not separate names."""
    superscripts = [match.span() for match in re.finditer(MARK, value)]
    spans = []
    start = 0
    for match in _NAME_SEPARATOR.finditer(value):
        if any(
            left < match.end() and match.start() < right and value[left] == "^" and match.start() > left
            for left, right in superscripts
        ):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(value)))
    return spans


def _is_name(value: str) -> bool:
    words = value.split()
    particles = _particles()
    return (
        2 <= len(words) <= 8
        and len(value) < 80
        and not re.search(r"[\d@:/]", value)
        and words[-1][:1].isalpha()
        and all(word[:1].isupper() or word.casefold() in particles or word[:2] in ("d’", "d'") for word in words)
    )


def split_name(name: str) -> tuple[str, str | None]:
    """Surname (with its particles) and given names of a name printed as `Given Surname`."""
    parts = name.split()
    end = len(parts)
    if end > 2 and _SUFFIX.fullmatch(parts[-1].strip(",")):
        end -= 1
    particles = _surname_particles()
    start = end - 1
    while start > 1 and parts[start - 1] in particles:
        start -= 1
    return " ".join(parts[start:end]), " ".join(parts[:start]) or None
