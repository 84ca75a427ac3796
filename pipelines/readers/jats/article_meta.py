"""The front matter of an article: title, journal, authors, affiliations, abstract, dates, keywords, funding, licence.

Takes the tree and its element `front` and gives a `FrontMatter`. Reads what tags and ids say; of author notes it
interprets only whether they state equal contributions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.document import Affiliation, Author, Award, FrontMatter, Text, join_texts
from pipelines.readers.reading_patterns import any_phrase, built_once
from pipelines.readers.xml.element_tree import Tree

_DATE_PREFERENCE = (
    ("print", ("ppub", "epub-ppub")),
    ("collection", ("collection",)),
    ("electronic", ("epub", "pub")),
)
_OTHER_ABSTRACTS = frozenset(
    (
        *("graphical", "teaser", "toc", "key-points", "video", "stereochemical", "highlights", "precis"),
        *("web-summary", "author-highlights"),
    )
)
"""Values of `abstract-type` that mark something other than the abstract."""
_YEAR = re.compile(r"[12]\d{3}")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


@built_once
def _equal_contribution() -> re.Pattern[str]:
    return re.compile(any_phrase("equal_contribution_note"), re.IGNORECASE)


def read_article_meta(tree: Tree, article: int, front: int) -> FrontMatter:
    """Read the front matter of an article; fields without a tag are None or empty."""
    journal = tree.child(front, "journal-meta")
    meta = tree.child(front, "article-meta")
    attributes = tree.attributes(article)
    title = tree.find(meta, "title-group", "article-title")
    if title is None and meta is not None:
        title = tree.child(meta, "article-title")
    if meta is None:
        return FrontMatter(journal=_journal(tree, journal), article_type=attributes.get("article-type"))
    year, basis = _publication_year(tree, meta)
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
        date_received=_history_date(tree, meta, "received"),
        date_accepted=_history_date(tree, meta, "accepted"),
        language=attributes.get("lang"),
        article_type=attributes.get("article-type"),
        licence=_licence(tree, meta),
        authors=tuple(_authors(tree, meta, tuple(affiliations))),
        affiliations=tuple(affiliations.values()),
        keywords=tuple(_keywords(tree, meta, attributes.get("lang"))),
        abstract=tuple(text for node in find_abstracts(tree, meta) for text in _abstract_texts(tree, node)),
        awards=tuple(_awards(tree, meta)),
    )


def find_abstracts(tree: Tree, meta: int) -> Iterator[int]:
    """The abstract in the article's language; graphical abstracts, highlights and the like are left out."""
    for node in tree.children(meta):
        if tree.names[node] == "abstract" and tree.attributes(node).get("abstract-type") not in _OTHER_ABSTRACTS:
            yield node


def _journal(tree: Tree, journal: int | None) -> Text | None:
    if journal is None:
        return None
    for name in ("journal-title", "abbrev-journal-title"):
        titles = tree.descendants(journal, name)
        if titles:
            return tree.text(titles[0])
    return None


def _article_id(tree: Tree, meta: int, kind: str) -> str | None:
    for node in tree.children(meta):
        if tree.names[node] == "article-id" and tree.attributes(node).get("pub-id-type") == kind:
            return tree.string(node)
    return None


def _date(tree: Tree, node: int) -> str | None:
    """A complete date, `2019-07-09`; None if the day or the month is missing or the day does not exist."""
    parts = [tree.string(tree.child(node, name)) or "" for name in ("year", "month", "day")]
    try:
        return date(*map(int, parts)).isoformat()
    except ValueError:
        return None


def _history_date(tree: Tree, meta: int, kind: str) -> str | None:
    for parent in ("history", "pub-history"):
        history = tree.child(meta, parent)
        for node in tree.descendants(history, "date") if history is not None else ():
            if tree.attributes(node).get("date-type") == kind:
                return _date(tree, node)
    return None


def _publication_year(tree: Tree, meta: int) -> tuple[int | None, str | None]:
    """The year of publication and the kind of date it is from, preferring print to collection to electronic."""
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
    """The licence's address if it is tagged, else its tagged type."""
    for node in tree.descendants(meta, "license"):
        href = tree.attributes(node).get("href")
        if href:
            return href
        for name in ("license_ref", "ext-link", "uri"):
            for link in tree.descendants(node, name):
                address = tree.attributes(link).get("href") or tree.string(link)
                if address and "licen" in address:
                    return address
        return tree.attributes(node).get("license-type") or tree.string(node)
    for node in tree.descendants(meta, "license_ref"):
        return tree.string(node)
    return None


def _affiliations(tree: Tree, meta: int) -> dict[str, Affiliation]:
    """The affiliations by XML id, or by position from 1 if they have none."""
    affiliations: dict[str, Affiliation] = {}
    for node in tree.descendants(meta, "aff"):
        key = tree.attributes(node).get("id") or str(len(affiliations) + 1)
        label = tree.child(node, "label", "sup")
        first = node + 1 if label is None else tree.end_tags[label] + 1
        text, _ = tree.text_between(first, tree.end_tags[node] + 1)
        if text.value:
            country = next(filter(None, map(tree.string, tree.descendants(node, "country"))), None)
            affiliations[key] = Affiliation(key, text, country.strip(" .,;") if country else None)
    return affiliations


def _authors(tree: Tree, meta: int, affiliations: tuple[str, ...]) -> Iterator[Author]:
    notes = {
        note_id: _author_note(tree, node)
        for name in ("corresp", "fn")
        for node in tree.descendants(meta, name)
        if (note_id := tree.attributes(node).get("id"))
    }
    # A single affiliation is everybody's, even if no author points at it.
    default_affiliations = affiliations if len(affiliations) == 1 else ()
    for group in tree.children(meta):
        if tree.names[group] != "contrib-group":
            continue
        previous_end = group
        for node in tree.descendants(group, "contrib"):
            if node < previous_end:  # a member of the group that is the author
                continue
            previous_end = tree.end_tags[node]
            if tree.attributes(node).get("contrib-type", "author") == "author":
                author = _author(tree, node, notes, default_affiliations)
                if author is not None:
                    yield author


@dataclass(frozen=True, slots=True)
class _AuthorNote:
    """An author note (`corresp`, `fn`), as it applies to each author who points at it."""

    is_correspondence: bool
    is_equal_contribution: bool
    email: str | None


def _author_note(tree: Tree, node: int) -> _AuthorNote:
    if tree.names[node] == "corresp":
        addresses = tree.descendants(node, "email")
        return _AuthorNote(True, False, tree.string(addresses[0]) if len(addresses) == 1 else None)
    is_tagged = tree.attributes(node).get("fn-type") == "equal"
    return _AuthorNote(False, is_tagged or bool(_equal_contribution().search(tree.text(node).value)), None)


def _author(
    tree: Tree, node: int, notes: dict[str, _AuthorNote], default_affiliations: tuple[str, ...]
) -> Author | None:
    name_node = tree.child(node, "name", "string-name", "collab", "name-alternatives")
    if name_node is not None and tree.names[name_node] == "name-alternatives":
        name_node = tree.child(name_node, "name", "string-name")
    if name_node is None:
        return None
    surname_node, given_node = tree.child(name_node, "surname"), tree.child(name_node, "given-names")
    surname, given = tree.string(surname_node), tree.string(given_node)
    if tree.names[name_node] == "collab" or surname is None or surname_node is None:
        name = _collaboration_name(tree, name_node)
        surname, given = name.value, None
    else:
        words = [tree.text(surname_node)] if given_node is None else [tree.text(given_node), tree.text(surname_node)]
        suffix = tree.child(name_node, "suffix")
        name = join_texts(words if suffix is None else [*words, tree.text(suffix)], " ")
    if not name.value:
        return None
    attributes = tree.attributes(node)
    orcid = email = None
    is_corresponding = attributes.get("corresp") == "yes"
    is_equal = attributes.get("equal-contrib") == "yes"
    affiliations: list[str] = []
    for identifier in tree.descendants(node, "contrib-id"):
        match = _ORCID.search(tree.string(identifier) or "")
        orcid = orcid or (match.group() if match else None)
    for address in tree.descendants(node, "email"):
        email = email or tree.string(address)
    for affiliation in tree.descendants(node, "aff"):
        key = tree.attributes(affiliation).get("id")
        if key:
            affiliations.append(key)
    for xref in tree.descendants(node, "xref"):
        xref_attributes = tree.attributes(xref)
        rids = (xref_attributes.get("rid") or "").split()
        if xref_attributes.get("ref-type") == "aff":
            affiliations += [rid for rid in rids if rid not in affiliations]
        for rid in rids:
            note = notes.get(rid)
            if note is not None:
                is_corresponding = is_corresponding or note.is_correspondence
                is_equal = is_equal or note.is_equal_contribution
                email = email or note.email
    return Author(
        name, surname, given, tuple(affiliations) or default_affiliations, orcid, email, is_corresponding, is_equal
    )


def _collaboration_name(tree: Tree, node: int) -> Text:
    """The name of a group, without the list of its members that may be inside it."""
    for child in tree.children(node):
        if tree.names[child] in ("contrib-group", "xref", "address", "aff"):
            return tree.text_between(node + 1, child + 1)[0]
    return tree.text(node)


def _keywords(tree: Tree, meta: int, language: str | None) -> Iterator[Text]:
    """The keywords in the article's language; groups of abbreviations are left out."""
    for group in tree.children(meta):
        if tree.names[group] != "kwd-group":
            continue
        attributes = tree.attributes(group)
        if "abbr" in attributes.get("kwd-group-type", "") or (
            language and attributes.get("lang", language) != language
        ):
            continue
        for keyword in tree.descendants(group, "kwd"):
            text = tree.text(keyword)
            if text.value:
                yield text


def _abstract_texts(tree: Tree, node: int) -> Iterator[Text]:
    """The paragraphs of an abstract; the title of a section is put before its first paragraph."""
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


def _funder(tree: Tree, node: int) -> str | None:
    """The name of a funder, without the identifier that older tag sets put in front of it or after it."""
    for content in tree.descendants(node, "named-content"):
        if tree.attributes(content).get("content-type", "").endswith("-id"):
            before, _ = tree.text_between(node + 1, content + 1)
            after, _ = tree.text_between(tree.end_tags[content] + 1, tree.end_tags[node] + 1)
            return before.value or after.value or None
    return tree.string(node)


def _awards(tree: Tree, meta: int) -> Iterator[Award]:
    """One award per funder and grant number of a group; older tag sets name the sponsor and the number apart."""
    for group in tree.descendants(meta, "award-group"):
        funders = [_funder(tree, node) for node in tree.descendants(group, "funding-source")]
        numbers = [tree.string(node) for node in tree.descendants(group, "award-id")]
        text = tree.reference_text(group + 1, tree.end_tags[group] + 1)
        for funder in filter(None, funders):
            for number in numbers or [None]:
                yield Award(funder, number, text)
    contract_numbers = [tree.string(node) for node in tree.descendants(meta, "contract-num")]
    for node in tree.descendants(meta, "contract-sponsor"):
        sponsor = tree.string(node)
        if sponsor:
            yield Award(sponsor, contract_numbers[0] if len(contract_numbers) == 1 else None, tree.text(node))
