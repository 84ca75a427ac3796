"""The reference list: every citation in every `<ref>`, its tagged fields and its string, and what the ids point at.

Strings that are not tagged are handed on whole, for the parser of reference strings; nothing is parsed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from pipelines.document import ReferenceEntry, ReferenceFields, ReferenceName, Text
from pipelines.readers.jats.element_tree import Tree

_ELEMENT_CITATIONS = ("element-citation", "nlm-citation")
_CITATIONS = (*_ELEMENT_CITATIONS, "mixed-citation", "citation")
_TITLES = ("article-title", "chapter-title", "part-title", "data-title", "trans-title")
_FIELDS = (
    *(*_TITLES, "source", "year", "volume", "issue", "fpage", "lpage", "page-range", "elocation-id"),
    *("comment", "ext-link", "uri"),
)
_NAME, _COLLAB, _SURNAME, _GIVEN, _GROUP, _ET_AL, _ID, _OTHER_DATE, _END, _UNREAD = b"ncsgpeid/."
_ROLES = {
    **{name: ord("A") + number for number, name in enumerate(_FIELDS)},
    **{"name": _NAME, "string-name": _NAME, "collab": _COLLAB, "surname": _SURNAME, "given-names": _GIVEN},
    **{"person-group": _GROUP, "etal": _ET_AL, "pub-id": _ID, "date-in-citation": _OTHER_DATE},
    **{"conf-date": _OTHER_DATE, "/": _END},
}
"""What an element is in a citation, a letter each, a capital for a field."""
_LAST_FIELD = ord("Z")
_READ = re.compile(rb"(ns/g//)|[A-Zncpeid]")
"""A name of a surname and given names and nothing else, or any other element that is read."""
_AUTHOR_GROUPS = frozenset({"author", "allauthors", ""})
_TELLING = frozenset({"article-title", "chapter-title", "source", "surname", "collab"})
_LABEL_NUMBER = re.compile(r"[\s\[(]*(\d{1,6})[\s\]).:]*")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_PAGES = re.compile(r"(?:pp?\.?\s*)?([A-Za-z]{0,4}\d+[A-Za-z]?)\s*(?:[-–—]\s*([A-Za-z]{0,4}\d+[A-Za-z]?))?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_GIVEN_PART = re.compile(r"[^\s.\-‐‑–]+")


@dataclass(frozen=True, slots=True)
class References:
    """The list as read.

    `targets` has for each XML id the `ref_no`s it stands for, `numbers` for each `ref_no` its printed number (its place
    where none is printed), `by_number` the reverse.
    """

    entries: tuple[ReferenceEntry, ...]
    targets: dict[str, tuple[int, ...]]
    numbers: dict[int, int]
    by_number: dict[int, list[int]]
    are_numbered: bool


def read_references(tree: Tree, parts: Iterable[int]) -> References:
    """The references in these parts of the article, numbered from 1 in the order of the list.

    Where every `<ref>` holds one citation and is labelled with a number of its own, that number is `ref_no`. A `<ref>`
    of several citations makes as many entries, which its id stands for together.
    """
    found: list[tuple[str | None, str | None, list[tuple[int | None, Text, ReferenceFields | None]]]] = []
    for part in parts:
        for ref in tree.inside(part, "ref"):
            label_node = tree.child(ref, "label")
            label = tree.string(label_node)
            citations = _citations(tree, ref)
            if label is None and citations:
                label = tree.string(tree.child(citations[0][1], "label"))
            found.append((tree.attributes(ref).get("id"), label, _entries(tree, ref, label_node, citations)))
    printed = [_number(label) for _, label, _ in found]
    are_numbered = bool(found) and None not in printed
    own = are_numbered and len(set(printed)) == len(printed) and all(len(entries) == 1 for _, _, entries in found)
    entries: list[ReferenceEntry] = []
    targets: dict[str, tuple[int, ...]] = {}
    numbers: dict[int, int] = {}
    for (identifier, _, members), number in zip(found, printed, strict=True):
        ref_nos = []
        for node, text, fields in members:
            ref_no = number if own and number is not None else len(entries) + 1
            entries.append(ReferenceEntry(ref_no, text, fields))
            ref_nos.append(ref_no)
            numbers[ref_no] = number if number is not None else ref_no
            own_id = tree.attributes(node).get("id") if node is not None else None
            if own_id:
                targets[own_id] = (ref_no,)
        if identifier:
            targets[identifier] = tuple(ref_nos)
    by_number: dict[int, list[int]] = {}
    for ref_no, number in numbers.items():
        by_number.setdefault(number, []).append(ref_no)
    return References(tuple(entries), targets, numbers, by_number, are_numbered)


def _number(label: str | None) -> int | None:
    """The number that a label prints; None for 0, which numbers nothing."""
    match = _LABEL_NUMBER.fullmatch(label) if label else None
    return (int(match.group(1)) or None) if match else None


def _citations(tree: Tree, ref: int) -> list[tuple[int | None, int]]:
    """The citations of a `<ref>` as pairs: the node with the fields (None: untagged), the node with the string."""
    pairs: list[tuple[int | None, int]] = []
    tagged: list[int] = []
    printed: list[int] = []
    for child in tree.children(ref):
        name = tree.names[child]
        if name == "citation-alternatives":
            forms = [form for form in tree.children(child) if tree.names[form] in _CITATIONS]
            if forms:
                pairs.append(_alternatives(tree, forms))
        elif name in _ELEMENT_CITATIONS:
            tagged.append(child)
        elif name in _CITATIONS:
            printed.append(child)
    if len(tagged) + len(printed) == 1:
        (node,) = tagged or printed
        pairs.append((node if _is_tagged(tree, node) else None, node))
    elif tagged and len(tagged) == len(printed):
        pairs += [_alternatives(tree, list(forms)) for forms in zip(tagged, printed, strict=True)]
    else:
        pairs += [(node if _is_tagged(tree, node) else None, node) for node in sorted(tagged + printed)]
    return pairs


def _alternatives(tree: Tree, forms: list[int]) -> tuple[int | None, int]:
    """One citation given in several forms: the fields from the tagged one, the string from the printed one."""
    forms.sort(key=lambda node: tree.names[node] not in _ELEMENT_CITATIONS)
    fields = next((node for node in forms if _is_tagged(tree, node)), None)
    return fields, next((node for node in forms if _has_loose_text(tree, node)), forms[0])


def _is_tagged(tree: Tree, node: int) -> bool:
    return not _TELLING.isdisjoint(tree.names[node + 1 : tree.closes[node]])


def _has_loose_text(tree: Tree, node: int) -> bool:
    """Whether characters stand directly in the citation, between its elements, as print has them."""
    texts, closes, number, close = tree.texts, tree.closes, node + 1, tree.closes[node]
    while True:
        if texts[number] and not texts[number].isspace():
            return True
        if number >= close:
            return False
        number = closes[number] + 1


def _entries(
    tree: Tree, ref: int, label: int | None, citations: list[tuple[int | None, int]]
) -> list[tuple[int | None, Text, ReferenceFields | None]]:
    if not citations:
        first = ref + 1 if label is None else tree.closes[label] + 1
        return [(None, tree.flow(first, tree.closes[ref] + 1)[0], None)]
    entries: list[tuple[int | None, Text, ReferenceFields | None]] = []
    for fields_node, printed in citations:
        has_label = "label" in tree.names[printed : tree.closes[printed]]
        own_label = tree.child(printed, "label") if has_label else None
        first = printed + 1 if own_label is None else tree.closes[own_label] + 1
        text = tree.citation_text(first, tree.closes[printed] + 1)
        fields = None if fields_node is None else _fields(tree, fields_node, text.value)
        entries.append((printed if fields_node is None else fields_node, text, fields))
    return entries


def _fields(tree: Tree, citation: int, printed: str) -> ReferenceFields:
    names, texts, closes = tree.names, tree.texts, tree.closes
    inside = citation + 1
    roles = bytes(map(_ROLES.get, names[inside : closes[citation]], repeat(_UNREAD)))
    first: dict[str, int] = {}
    named: list[ReferenceName | None] = []
    truncated = False
    doi = pmid = None
    others_end = skipped_end = 0
    for match in _READ.finditer(roles):
        place = match.start()
        node = inside + place
        if node < skipped_end:
            continue
        if match.lastindex:
            if node > others_end:
                named.append(_plain_name(texts[node + 2], texts[node + 4]) or _name(tree, node))
            continue
        role = roles[place]
        if role <= _LAST_FIELD:
            first.setdefault(names[node], node)
        elif role in (_NAME, _COLLAB):
            if node > others_end:
                named.append(_name(tree, node))
                skipped_end = closes[node]
        elif role == _ID:
            kind = tree.attributes(node).get("pub-id-type")
            if kind == "doi":
                doi = doi or tree.string(node)
            elif kind == "pmid":
                pmid = pmid or tree.string(node)
        elif role == _GROUP:
            if tree.attributes(node).get("person-group-type", "author") not in _AUTHOR_GROUPS:
                others_end = closes[node]
        elif role == _ET_AL:
            truncated = truncated or node > others_end
        else:
            skipped_end = closes[node]
    field = {name: tree.string(node) for name, node in first.items()}.get
    title = None
    for name in _TITLES:
        title = title or field(name)
    year = _YEAR.search(field("year") or "")
    first_page, last_page = field("fpage"), field("lpage")
    if first_page is None and (pages := field("page-range")):
        paged = _PAGES.match(pages)
        if paged:
            first_page, last_page = paged.group(1), last_page or paged.group(2)
    article_number = field("elocation-id")
    return ReferenceFields(
        authors=tuple(filter(None, named)),
        authors_truncated=truncated,
        title=title,
        journal=field("source"),
        year=int(year.group(1)) if year else None,
        volume=field("volume"),
        issue=field("issue"),
        first_page=first_page or article_number,
        last_page=last_page,
        article_number=article_number,
        is_ahead_of_print="ahead of print" in printed.lower(),
        language=tree.attributes(citation).get("lang"),
        note=field("comment"),
        doi=doi or _linked_doi(tree, first),
        pmid=pmid,
    )


def _linked_doi(tree: Tree, first: dict[str, int]) -> str | None:
    """The DOI of a link to doi.org or of a comment, where no `pub-id` has it."""
    for name in ("ext-link", "uri", "comment"):
        if name in first:
            for place in (tree.string(first[name]), tree.attributes(first[name]).get("href")):
                match = _DOI.search(place or "")
                if match:
                    return match.group().rstrip(".,;)")
    return None


def _name(tree: Tree, node: int) -> ReferenceName | None:
    """The name that is tagged; None where the tags hold no words."""
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
    return ReferenceName(f"{name} {suffix}" if suffix else name, surname, initials_of(given), suffix)


def _plain_name(surname: str, given: str) -> ReferenceName | None:
    """The name of these two, as tagged; None where one is empty or has white space to collapse."""
    whole = f"{surname} {given}"
    if surname and given and whole.isprintable() and "  " not in whole and whole[0] != " " != whole[-1]:
        return ReferenceName(whole, surname, initials_of(given))
    return None


@lru_cache(maxsize=4096)
def initials_of(given: str | None) -> str | None:
    """The initials in given names: `J. M.`, `JM`, `Jean-Marie` and `Jean M` all make `JM`."""
    if not given:
        return None
    parts = _GIVEN_PART.findall(given)
    letters = "".join(part if part.isupper() and len(part) < 5 else part[0] for part in parts)
    return letters or None
