"""The reference list: each citation in each `<ref>`, with its string and its tagged fields, and the targets of XML ids.

Takes the parts of the article that contain `<ref>` elements and gives `ReferenceEntry`s. Strings without tags are given
whole; they are parsed in `pipelines.extract.reference_parser`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import repeat
from typing import NamedTuple

from pipelines.document import ReferenceEntry, ReferenceFields, ReferenceName, Text
from pipelines.readers.given_names import initials_of
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.ref_lists import RefLists

_ELEMENT_CITATIONS = ("element-citation", "nlm-citation")
_CITATIONS = (*_ELEMENT_CITATIONS, "mixed-citation", "citation")
_TITLES = ("article-title", "chapter-title", "part-title", "data-title", "trans-title")
_FIELDS = (
    *(*_TITLES, "source", "year", "volume", "issue", "fpage", "lpage", "page-range", "elocation-id"),
    *("comment", "ext-link", "uri"),
)

# The role of each element of a citation is one byte, so that one regular expression finds the elements to read: a
# capital letter for a field, and:
_NAME = ord("n")
_COLLABORATION = ord("c")
_SURNAME = ord("s")
_GIVEN_NAMES = ord("g")
_PERSON_GROUP = ord("p")
_ET_AL = ord("e")
_IDENTIFIER = ord("i")
_OTHER_DATE = ord("d")
_END_TAG = ord("/")
_NOT_READ = ord(".")
_LAST_FIELD = ord("Z")
_ROLES = {
    **{name: ord("A") + number for number, name in enumerate(_FIELDS)},
    "name": _NAME,
    "string-name": _NAME,
    "collab": _COLLABORATION,
    "surname": _SURNAME,
    "given-names": _GIVEN_NAMES,
    "person-group": _PERSON_GROUP,
    "etal": _ET_AL,
    "pub-id": _IDENTIFIER,
    "date-in-citation": _OTHER_DATE,
    "conf-date": _OTHER_DATE,
    "/": _END_TAG,
}
_TO_READ = re.compile(rb"(ns/g//)|[A-Zncpeid]")
"""A name that consists of a surname and given names only (group 1), or any other element that is read."""
_PLAIN_NAME_SURNAME, _PLAIN_NAME_GIVEN = 2, 4
"""Where such a name has its words: the distance of these texts from the name's node."""

_TITLED_WORKS = frozenset({"thesis", "report", "gov", "standard", "patent", "working-paper"})
"""Publication types whose `<source>` is the work's own title if no other is tagged."""
_AUTHOR_GROUPS = frozenset({"author", "allauthors", ""})
_TAGGED = frozenset({"article-title", "chapter-title", "source", "surname", "collab"})
"""A citation with one of these elements has its fields tagged."""
_LABEL_NUMBER = re.compile(r"[\s\[(]*(\d{1,6})[\s\]).:]*")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_PAGES = re.compile(r"(?:pp?\.?\s*)?([A-Za-z]{0,4}\d+[A-Za-z]?)\s*(?:[-–—]\s*([A-Za-z]{0,4}\d+[A-Za-z]?))?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class _CitationNodes(NamedTuple):
    """A citation of a `<ref>`: the element with its fields (None: not tagged) and the element with its string."""

    fields: int | None
    printed: int


class _TaggedEntry(NamedTuple):
    """`node` is the element whose id points at the entry; None if the `<ref>` has no citation element."""

    node: int | None
    text: Text
    fields: ReferenceFields | None


def read_ref_lists(tree: Tree, parts: Iterable[int]) -> RefLists:
    """The references in these parts of the article, numbered from 1 in the order of the list.

    If every `<ref>` has one citation and a different printed number, that number is its `ref_no`. A `<ref>` with
    several citations gives as many entries; its id points at all of them.
    """
    refs: list[tuple[str | None, str | None, list[_TaggedEntry]]] = []
    for part in parts:
        for ref in tree.descendants(part, "ref"):
            label_node = tree.child(ref, "label")
            label = tree.string(label_node)
            citations = _citations(tree, ref)
            if label is None and citations:
                label = tree.string(tree.child(citations[0].printed, "label"))
            refs.append((tree.attributes(ref).get("id"), label, _entries(tree, ref, label_node, citations)))
    printed_numbers = [_label_number(label) for _, label, _ in refs]
    are_numbered = bool(refs) and None not in printed_numbers
    uses_printed_numbers = (
        are_numbered
        and len(set(printed_numbers)) == len(printed_numbers)
        and all(len(entries) == 1 for _, _, entries in refs)
    )
    entries: list[ReferenceEntry] = []
    targets: dict[str, tuple[int, ...]] = {}
    numbers: dict[int, int] = {}
    for (ref_id, _, ref_entries), number in zip(refs, printed_numbers, strict=True):
        ref_nos = []
        for node, text, fields in ref_entries:
            ref_no = number if uses_printed_numbers and number is not None else len(entries) + 1
            entries.append(ReferenceEntry(ref_no, text, fields))
            ref_nos.append(ref_no)
            numbers[ref_no] = number if number is not None else ref_no
            citation_id = tree.attributes(node).get("id") if node is not None else None
            if citation_id:
                targets[citation_id] = (ref_no,)
        if ref_id:
            targets[ref_id] = tuple(ref_nos)
    by_number: dict[int, list[int]] = {}
    for ref_no, number in numbers.items():
        by_number.setdefault(number, []).append(ref_no)
    return RefLists(tuple(entries), targets, numbers, by_number, are_numbered)


def _label_number(label: str | None) -> int | None:
    """The number that a label prints; None for 0, which is not a reference number."""
    match = _LABEL_NUMBER.fullmatch(label) if label else None
    return (int(match.group(1)) or None) if match else None


def _citations(tree: Tree, ref: int) -> list[_CitationNodes]:
    """The citations of a `<ref>`, several forms of the same citation combined."""
    citations: list[_CitationNodes] = []
    tagged: list[int] = []
    printed: list[int] = []
    for child in tree.children(ref):
        name = tree.names[child]
        if name == "citation-alternatives":
            forms = [form for form in tree.children(child) if tree.names[form] in _CITATIONS]
            if forms:
                citations.append(_combine_forms(tree, forms))
        elif name in _ELEMENT_CITATIONS:
            tagged.append(child)
        elif name in _CITATIONS:
            printed.append(child)
    if len(tagged) + len(printed) == 1:
        (node,) = tagged or printed
        citations.append(_CitationNodes(node if _has_tagged_fields(tree, node) else None, node))
    elif tagged and len(tagged) == len(printed):
        citations += [_combine_forms(tree, list(forms)) for forms in zip(tagged, printed, strict=True)]
    else:
        citations += [
            _CitationNodes(node if _has_tagged_fields(tree, node) else None, node) for node in sorted(tagged + printed)
        ]
    return citations


def _combine_forms(tree: Tree, forms: list[int]) -> _CitationNodes:
    """One citation in several forms: the fields from the tagged form, the string from the printed form."""
    forms.sort(key=lambda node: tree.names[node] not in _ELEMENT_CITATIONS)
    fields = next((node for node in forms if _has_tagged_fields(tree, node)), None)
    return _CitationNodes(fields, next((node for node in forms if _has_loose_text(tree, node)), forms[0]))


def _has_tagged_fields(tree: Tree, node: int) -> bool:
    return not _TAGGED.isdisjoint(tree.names[node + 1 : tree.end_tags[node]])


def _has_loose_text(tree: Tree, node: int) -> bool:
    """Whether the citation has characters between its elements, as a printed form has."""
    texts, end_tags, number, end_tag = tree.texts, tree.end_tags, node + 1, tree.end_tags[node]
    while True:
        if texts[number] and not texts[number].isspace():
            return True
        if number >= end_tag:
            return False
        number = end_tags[number] + 1


def _entries(tree: Tree, ref: int, label: int | None, citations: list[_CitationNodes]) -> list[_TaggedEntry]:
    if not citations:
        first = ref + 1 if label is None else tree.end_tags[label] + 1
        return [_TaggedEntry(None, tree.text_between(first, tree.end_tags[ref] + 1)[0], None)]
    entries: list[_TaggedEntry] = []
    for fields_node, printed in citations:
        has_label = "label" in tree.names[printed : tree.end_tags[printed]]
        own_label = tree.child(printed, "label") if has_label else None
        first = printed + 1 if own_label is None else tree.end_tags[own_label] + 1
        text = tree.reference_text(first, tree.end_tags[printed] + 1)
        fields = None if fields_node is None else _fields(tree, fields_node, text.value)
        entries.append(_TaggedEntry(printed if fields_node is None else fields_node, text, fields))
    return entries


def _fields(tree: Tree, citation: int, printed: str) -> ReferenceFields:
    names, texts, end_tags = tree.names, tree.texts, tree.end_tags
    first_inside = citation + 1
    roles = bytes(map(_ROLES.get, names[first_inside : end_tags[citation]], repeat(_NOT_READ)))
    first: dict[str, int] = {}
    authors: list[ReferenceName | None] = []
    is_truncated = False
    doi = pmid = None
    # Up to this node: inside a group of editors or translators; inside an element that is read as a whole.
    other_group_end = read_end = 0
    for match in _TO_READ.finditer(roles):
        position = match.start()
        node = first_inside + position
        if node < read_end:
            continue
        if match.lastindex:
            if node > other_group_end:
                surname, given = texts[node + _PLAIN_NAME_SURNAME], texts[node + _PLAIN_NAME_GIVEN]
                authors.append(_plain_name(surname, given) or _name(tree, node))
            continue
        role = roles[position]
        if role <= _LAST_FIELD:
            first.setdefault(names[node], node)
        elif role in (_NAME, _COLLABORATION):
            if node > other_group_end:
                authors.append(_name(tree, node))
                read_end = end_tags[node]
        elif role == _IDENTIFIER:
            kind = tree.attributes(node).get("pub-id-type")
            if kind == "doi":
                doi = doi or tree.string(node)
            elif kind == "pmid":
                pmid = pmid or tree.string(node)
        elif role == _PERSON_GROUP:
            if tree.attributes(node).get("person-group-type", "author") not in _AUTHOR_GROUPS:
                other_group_end = end_tags[node]
        elif role == _ET_AL:
            is_truncated = is_truncated or node > other_group_end
        else:  # _OTHER_DATE: its year is not the reference's
            read_end = end_tags[node]
    field = {name: tree.string(node) for name, node in first.items()}.get
    title = None
    for name in _TITLES:
        title = title or field(name)
    source = field("source")
    if title is None and source is not None and _is_title_of_work(source, tree.attributes(citation), printed):
        title, source = source[: _find_thesis_label(source)].rstrip(" .,;:[("), None
    year = _YEAR.search(field("year") or "")
    first_page, last_page = field("fpage"), field("lpage")
    if first_page is None and (pages := field("page-range")):
        range_match = _PAGES.match(pages)
        if range_match:
            first_page, last_page = range_match.group(1), last_page or range_match.group(2)
    article_number = field("elocation-id")
    return ReferenceFields(
        authors=tuple(filter(None, authors)),
        authors_truncated=is_truncated,
        title=title,
        journal=source,
        year=int(year.group(1)) if year else None,
        volume=field("volume"),
        issue=field("issue"),
        first_page=first_page or article_number,
        last_page=last_page,
        article_number=article_number,
        is_ahead_of_print=_ahead_of_print().search(printed.lower()) is not None,
        language=_language(tree, citation, first),
        note=field("comment"),
        doi=doi or _linked_doi(tree, first),
        pmid=pmid,
    )


def _language(tree: Tree, citation: int, first: dict[str, int]) -> str | None:
    """The language that the citation, its title or its source is tagged with."""
    for node in (citation, first.get("article-title"), first.get("source")):
        if node is not None and (language := tree.attributes(node).get("lang")):
            return language
    return None


def _is_title_of_work(source: str, attributes: dict[str, str], printed: str) -> bool:
    """Whether a `<source>` without another title names the work itself: a thesis, a report, a law."""
    return (
        attributes.get("publication-type") in _TITLED_WORKS
        or _thesis_label().search(printed) is not None
        or _regulation().match(source) is not None
    )


def _find_thesis_label(source: str) -> int:
    """Where the label of a thesis begins in its title; the end of the title if it has none."""
    label = _thesis_label().search(source)
    return label.start() if label is not None and label.start() > 0 else len(source)


@built_once
def _thesis_label() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_phrase('thesis_label')}(?![\w’'-])", re.IGNORECASE)


@built_once
def _regulation() -> re.Pattern[str]:
    number = r"\s(?:\(E\w{1,4}\)\s)?(?:No\.?\s?)?\d{1,4}/\d{1,4}"
    return re.compile(rf"(?:[\w.]{{1,20}}\s){{0,3}}?{any_phrase('regulation_label')}{number}", re.IGNORECASE)


@built_once
def _ahead_of_print() -> re.Pattern[str]:
    return re.compile(any_phrase("ahead_of_print"))


def _linked_doi(tree: Tree, first: dict[str, int]) -> str | None:
    """The DOI in a link or a comment, for a citation without a `pub-id` for it."""
    for name in ("ext-link", "uri", "comment"):
        if name in first:
            for place in (tree.string(first[name]), tree.attributes(first[name]).get("href")):
                match = _DOI.search(place or "")
                if match:
                    return match.group().rstrip(".,;)")
    return None


def _name(tree: Tree, node: int) -> ReferenceName | None:
    """The tagged name; None if its tags contain no words."""
    if tree.names[node] == "collab":
        whole = tree.string(node)
        return ReferenceName(whole, whole, None) if whole else None
    surname = given = suffix = None
    for child in tree.children(node):
        name = tree.names[child]
        if name == "surname":
            surname = tree.string(child)
        elif name == "given-names":
            given = tree.string(child)
        elif name == "suffix":
            suffix = tree.string(child)
    if surname is None:
        whole = given or tree.string(node)
        return ReferenceName(whole, whole, None, suffix) if whole else None
    name = f"{surname} {given}" if given else surname
    return ReferenceName(f"{name} {suffix}" if suffix else name, surname, initials_of(given, surname), suffix)


def _plain_name(surname: str, given: str) -> ReferenceName | None:
    """The name of this surname and these given names; None if one is empty or has white space to collapse."""
    whole = f"{surname} {given}"
    if surname and given and whole.isprintable() and "  " not in whole and whole[0] != " " != whole[-1]:
        return ReferenceName(whole, surname, initials_of(given, surname))
    return None
