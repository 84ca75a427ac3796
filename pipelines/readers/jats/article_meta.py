"""What an article says of itself in `front`: title, journal, people, dates, keywords, abstract, funding, licence.

Nothing is inferred beyond what a tag or an id says; the words of author notes are not interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.document import Affiliation, Author, Award, FrontMatter, Text, join_texts
from pipelines.readers.jats.element_tree import Tree

_DATE_PREFERENCE = (
    ("print", ("ppub", "epub-ppub")),
    ("collection", ("collection",)),
    ("electronic", ("epub", "pub")),
)
_OTHER_ABSTRACTS = frozenset(
    [
        "graphical",
        "teaser",
        "toc",
        "key-points",
        "video",
        "stereochemical",
        "highlights",
        "precis",
        "web-summary",
        "author-highlights",
    ]
)
_YEAR = re.compile(r"[12]\d{3}")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_EQUAL = re.compile(r"equal(?:ly)?[\s-]+contribut|contribut\w*\s+equally", re.IGNORECASE)


def read_front(tree: Tree, article: int, front: int) -> FrontMatter:
    """The front matter of the article; every field that no tag gives is None or empty."""
    journal = tree.child(front, "journal-meta")
    meta = tree.child(front, "article-meta")
    attributes = tree.attributes(article)
    title = tree.find(meta, "title-group", "article-title")
    if title is None and meta is not None:
        title = tree.child(meta, "article-title")
    if meta is None:
        return FrontMatter(journal=_journal(tree, journal), article_type=attributes.get("article-type"))
    year, basis = _publication(tree, meta)
    affiliations = _affiliations(tree, meta)
    return FrontMatter(
        title=None if title is None else tree.text(title),
        journal=_journal(tree, journal),
        volume=tree.string(tree.child(meta, "volume")),
        issue=tree.string(tree.child(meta, "issue")),
        first_page=tree.string(tree.child(meta, "fpage")) or tree.string(tree.child(meta, "elocation-id")),
        last_page=tree.string(tree.child(meta, "lpage")),
        publication_year=year,
        publication_year_basis=basis,
        doi=_article_id(tree, meta, "doi"),
        date_received=_history(tree, meta, "received"),
        date_accepted=_history(tree, meta, "accepted"),
        language=attributes.get("lang"),
        article_type=attributes.get("article-type"),
        licence=_licence(tree, meta),
        authors=tuple(_authors(tree, meta, tuple(affiliations))),
        affiliations=tuple(Affiliation(key, text) for key, text in affiliations.items()),
        keywords=tuple(_keywords(tree, meta, attributes.get("lang"))),
        abstract=tuple(text for node in abstracts(tree, meta) for text in _abstract_texts(tree, node)),
        awards=tuple(_awards(tree, meta)),
    )


def abstracts(tree: Tree, meta: int) -> Iterator[int]:
    """The article's abstract in its own language; graphical and other side abstracts are none."""
    for node in tree.children(meta):
        if tree.names[node] == "abstract" and tree.attributes(node).get("abstract-type") not in _OTHER_ABSTRACTS:
            yield node


def _journal(tree: Tree, journal: int | None) -> Text | None:
    if journal is None:
        return None
    for name in ("journal-title", "abbrev-journal-title"):
        found = tree.inside(journal, name)
        if found:
            return tree.text(found[0])
    return None


def _article_id(tree: Tree, meta: int, kind: str) -> str | None:
    for node in tree.children(meta):
        if tree.names[node] == "article-id" and tree.attributes(node).get("pub-id-type") == kind:
            return tree.string(node)
    return None


def _date(tree: Tree, node: int) -> str | None:
    """A whole date, `2019-07-09`; None where the day or the month is not given or there is no such day."""
    parts = [tree.string(tree.child(node, name)) or "" for name in ("year", "month", "day")]
    try:
        return date(*map(int, parts)).isoformat()
    except ValueError:
        return None


def _history(tree: Tree, meta: int, kind: str) -> str | None:
    for parent in ("history", "pub-history"):
        history = tree.child(meta, parent)
        for node in tree.inside(history, "date") if history is not None else ():
            if tree.attributes(node).get("date-type") == kind:
                return _date(tree, node)
    return None


def _publication(tree: Tree, meta: int) -> tuple[int | None, str | None]:
    """The year of publication, and the kind of date it is from: print before collection before electronic."""
    years: dict[str, int] = {}
    for node in tree.children(meta):
        if tree.names[node] == "pub-date":
            attributes = tree.attributes(node)
            kind = attributes.get("pub-type") or attributes.get("date-type") or ""
            if kind == "pub" and attributes.get("publication-format") == "print":
                kind = "ppub"
            year = tree.string(tree.child(node, "year"))
            if year and _YEAR.fullmatch(year):
                years.setdefault(kind, int(year))
    for basis, kinds in _DATE_PREFERENCE:
        for kind in kinds:
            if kind in years:
                return years[kind], basis
    return (years[""], "unspecified") if "" in years else (None, None)


def _licence(tree: Tree, meta: int) -> str | None:
    """The licence's address where one is tagged, else its type as tagged."""
    for node in tree.inside(meta, "license"):
        href = tree.attributes(node).get("href")
        if href:
            return href
        for name in ("license_ref", "ext-link", "uri"):
            for link in tree.inside(node, name):
                address = tree.attributes(link).get("href") or tree.string(link)
                if address and "licen" in address:
                    return address
        return tree.attributes(node).get("license-type") or tree.string(node)
    for node in tree.inside(meta, "license_ref"):
        return tree.string(node)
    return None


def _affiliations(tree: Tree, meta: int) -> dict[str, Text]:
    """The affiliations by XML id, or by place from 1 where they have none."""
    found: dict[str, Text] = {}
    for node in tree.inside(meta, "aff"):
        key = tree.attributes(node).get("id") or str(len(found) + 1)
        label = tree.child(node, "label", "sup")
        first = node + 1 if label is None else tree.closes[label] + 1
        text, _ = tree.flow(first, tree.closes[node] + 1)
        if text.value:
            found[key] = text
    return found


def _authors(tree: Tree, meta: int, affiliations: tuple[str, ...]) -> Iterator[Author]:
    notes = {
        identifier: _note(tree, node)
        for name in ("corresp", "fn")
        for node in tree.inside(meta, name)
        if (identifier := tree.attributes(node).get("id"))
    }
    for group in tree.children(meta):
        if tree.names[group] != "contrib-group":
            continue
        alone = affiliations if len(affiliations) == 1 else ()
        end = group
        for node in tree.inside(group, "contrib"):
            if node < end:  # a member of the group that is the author
                continue
            end = tree.closes[node]
            if tree.attributes(node).get("contrib-type", "author") == "author":
                author = _author(tree, node, notes, alone)
                if author is not None:
                    yield author


@dataclass(frozen=True, slots=True)
class _Note:
    """What an author note says of those who point at it."""

    is_correspondence: bool
    is_equal_contribution: bool
    email: str | None


def _note(tree: Tree, node: int) -> _Note:
    if tree.names[node] == "corresp":
        addresses = tree.inside(node, "email")
        return _Note(True, False, tree.string(addresses[0]) if len(addresses) == 1 else None)
    says_equal = tree.attributes(node).get("fn-type") == "equal" or bool(_EQUAL.search(tree.text(node).value))
    return _Note(False, says_equal, None)


def _author(tree: Tree, node: int, notes: dict[str, _Note], alone: tuple[str, ...]) -> Author | None:
    named = tree.child(node, "name", "string-name", "collab", "name-alternatives")
    if named is not None and tree.names[named] == "name-alternatives":
        named = tree.child(named, "name", "string-name")
    if named is None:
        return None
    surname_node, given_node = tree.child(named, "surname"), tree.child(named, "given-names")
    surname, given = tree.string(surname_node), tree.string(given_node)
    if tree.names[named] == "collab" or surname is None or surname_node is None:
        text = _collaboration(tree, named)
        surname, given = text.value, None
    else:
        words = [tree.text(surname_node)] if given_node is None else [tree.text(given_node), tree.text(surname_node)]
        suffix = tree.child(named, "suffix")
        text = join_texts(words if suffix is None else [*words, tree.text(suffix)], " ")
    if not text.value:
        return None
    attributes = tree.attributes(node)
    orcid = email = None
    corresponding = attributes.get("corresp") == "yes"
    equal = attributes.get("equal-contrib") == "yes"
    keys: list[str] = []
    for identifier in tree.inside(node, "contrib-id"):
        match = _ORCID.search(tree.string(identifier) or "")
        orcid = orcid or (match.group() if match else None)
    for address in tree.inside(node, "email"):
        email = email or tree.string(address)
    for own in tree.inside(node, "aff"):
        key = tree.attributes(own).get("id")
        if key:
            keys.append(key)
    for xref in tree.inside(node, "xref"):
        pointed = tree.attributes(xref)
        kind, rids = pointed.get("ref-type"), (pointed.get("rid") or "").split()
        if kind == "aff":
            keys += [rid for rid in rids if rid not in keys]
        for rid in rids:
            note = notes.get(rid)
            if note is not None:
                corresponding = corresponding or note.is_correspondence
                equal = equal or note.is_equal_contribution
                email = email or note.email
    return Author(text, surname, given, tuple(keys) or alone, orcid, email, corresponding, equal)


def _collaboration(tree: Tree, named: int) -> Text:
    """The name of a group, without the list of its members that may stand inside it."""
    for child in tree.children(named):
        if tree.names[child] in ("contrib-group", "xref", "address", "aff"):
            return tree.flow(named + 1, child + 1)[0]
    return tree.text(named)


def _keywords(tree: Tree, meta: int, language: str | None) -> Iterator[Text]:
    for group in tree.children(meta):
        if tree.names[group] != "kwd-group":
            continue
        attributes = tree.attributes(group)
        if "abbr" in attributes.get("kwd-group-type", "") or (
            language and attributes.get("lang", language) != language
        ):
            continue
        for keyword in tree.inside(group, "kwd"):
            text = tree.text(keyword)
            if text.value:
                yield text


def _abstract_texts(tree: Tree, node: int) -> Iterator[Text]:
    """The paragraphs of an abstract; a section's title stands before its first paragraph."""
    title: Text | None = None
    for child in tree.children(node):
        name = tree.names[child]
        if name == "title" and tree.names[node] == "sec":
            title = tree.text(child)
        elif name == "sec":
            yield from _abstract_texts(tree, child)
        elif name not in ("title", "label", "object-id"):
            text = tree.text(child)
            if text.value:
                yield text if title is None else join_texts([title, text], " ")
                title = None


def _awards(tree: Tree, meta: int) -> Iterator[Award]:
    for group in tree.inside(meta, "award-group"):
        sources = [tree.string(node) for node in tree.inside(group, "funding-source")]
        numbers = [tree.string(node) for node in tree.inside(group, "award-id")]
        text = tree.citation_text(group + 1, tree.closes[group] + 1)
        for funder in filter(None, sources):
            for number in numbers or [None]:
                yield Award(funder, number, text)
    numbered = [tree.string(node) for node in tree.inside(meta, "contract-num")]
    for sponsor in tree.inside(meta, "contract-sponsor"):
        named = tree.string(sponsor)
        if named:
            yield Award(named, numbered[0] if len(numbered) == 1 else None, tree.text(sponsor))
