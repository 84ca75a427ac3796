"""The front matter of an article: what GROBID found on its title page, or a consolidation service knew of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.document import Affiliation, Author, Award, FrontMatter, Text
from pipelines.readers.xml.element_tree import Tree

_YEAR = re.compile(r"[12]\d{3}")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def read_header(tree: Tree, header: int | None, text: int | None) -> FrontMatter:
    """Read the element `teiHeader`; fields without a tag are None or empty."""
    if header is None:
        return FrontMatter()
    described = tree.find(header, "fileDesc", "sourceDesc", "biblStruct")
    analytic, monograph = tree.find(described, "analytic"), tree.find(described, "monogr")
    imprint = tree.find(monograph, "imprint")
    title = tree.find(header, "fileDesc", "titleStmt", "title") or tree.find(analytic, "title")
    year = published_year(tree, imprint) or published_year(tree, tree.find(header, "fileDesc", "publicationStmt"))
    affiliations = dict(_affiliations(tree, analytic))
    scopes = {} if imprint is None else read_scopes(tree, imprint)
    journal = None if monograph is None else title_of_level(tree, monograph, "j")
    abstract = tree.find(header, "profileDesc", "abstract")
    return FrontMatter(
        title=None if title is None or not tree.string(title) else tree.text(title),
        journal=None if journal is None else tree.text(journal),
        volume=scopes.get("volume"),
        issue=scopes.get("issue"),
        first_page=scopes.get("first_page"),
        last_page=scopes.get("last_page"),
        publication_year=year,
        publication_year_basis=None if year is None else "date of publication",
        doi=None if described is None else identifier(tree, described, "DOI"),
        language=tree.attributes(header).get("lang")
        or (tree.attributes(text).get("lang") if text is not None else None),
        licence=_licence(tree, header),
        authors=tuple(_authors(tree, analytic)),
        affiliations=tuple(affiliations.values()),
        keywords=tuple(_keywords(tree, header)),
        abstract=() if abstract is None else tuple(_paragraphs(tree, abstract)),
        awards=tuple(_awards(tree, header)),
    )


def title_of_level(tree: Tree, node: int, level: str) -> int | None:
    """The title of a level (`a` article, `j` journal, `m` book) directly inside `node`, if possible a main one."""
    titles = [
        child
        for child in tree.children(node)
        if tree.names[child] == "title" and tree.attributes(child).get("level") == level and tree.string(child)
    ]
    main = [title for title in titles if tree.attributes(title).get("type") == "main"]
    return next(iter(main or titles), None)


def read_scopes(tree: Tree, imprint: int) -> dict[str, str]:
    """Volume, issue, first and last page of an `imprint`, as far as they are given."""
    scopes: dict[str, str] = {}
    for child in tree.children(imprint):
        if tree.names[child] != "biblScope":
            continue
        attributes = tree.attributes(child)
        unit, value = attributes.get("unit"), tree.string(child)
        if unit == "page":
            first, last = attributes.get("from"), attributes.get("to")
            if first is None and value:
                first, _, last = (part.strip() for part in value.replace("–", "-").partition("-"))
            scopes.update({name: page for name, page in (("first_page", first), ("last_page", last)) if page})
        elif unit and value:
            scopes.setdefault(unit, value)
    return scopes


def published_year(tree: Tree, node: int | None) -> int | None:
    """The year of the date of publication inside `node`."""
    for date in [] if node is None else tree.descendants(node, "date"):
        match = _YEAR.search(tree.attributes(date).get("when") or tree.string(date) or "")
        if match and tree.attributes(date).get("type", "published") == "published":
            return int(match.group())
    return None


def read_given_names(tree: Tree, person: int) -> str | None:
    """The forenames of a `persName` in printed order; None if it has none."""
    return " ".join(filter(None, map(tree.string, tree.descendants(person, "forename")))) or None


def identifier(tree: Tree, node: int, kind: str) -> str | None:
    """The first identifier of a kind (`DOI`, `PMID`) anywhere inside `node`."""
    found = (item for item in tree.descendants(node, "idno") if tree.attributes(item).get("type") == kind)
    return next(filter(None, map(tree.string, found)), None)


def _licence(tree: Tree, header: int) -> str | None:
    availability = tree.find(header, "fileDesc", "publicationStmt", "availability")
    return tree.string(availability)


def _authors(tree: Tree, analytic: int | None) -> Iterator[Author]:
    for node in [] if analytic is None else tree.children(analytic):
        name = tree.child(node, "persName") if tree.names[node] == "author" else None
        if name is None:
            continue
        surname = tree.string(tree.child(name, "surname"))
        if surname is None:
            continue
        orcid = _ORCID.search(identifier(tree, node, "ORCID") or "")
        yield Author(
            name=tree.reference_text(name + 1, tree.end_tags[name] + 1),
            surname=surname,
            given_names=read_given_names(tree, name),
            affiliations=tuple(
                key
                for child in tree.children(node)
                if tree.names[child] == "affiliation" and (key := tree.attributes(child).get("key"))
            ),
            orcid=orcid.group() if orcid else None,
            email=tree.string(tree.child(node, "email")),
            is_corresponding=tree.attributes(node).get("role") == "corresp",
        )


def _affiliations(tree: Tree, analytic: int | None) -> Iterator[tuple[str, Affiliation]]:
    """The affiliations by key. GROBID repeats one at each of its authors; the last of them stands for all."""
    for node in [] if analytic is None else tree.descendants(analytic, "affiliation"):
        key = tree.attributes(node).get("key")
        raw = next(
            (
                child
                for child in tree.children(node)
                if tree.names[child] == "note" and tree.attributes(child).get("type") == "raw_affiliation"
            ),
            None,
        )
        text = tree.text(raw) if raw is not None else tree.reference_text(node + 1, tree.end_tags[node] + 1)
        country = tree.find(node, "address", "country")
        if key and text.value:
            yield key, Affiliation(key, text, tree.string(country))


def _keywords(tree: Tree, header: int) -> Iterator[Text]:
    keywords = tree.find(header, "profileDesc", "textClass", "keywords")
    if keywords is None:
        return
    terms = tree.descendants(keywords, "term")
    for node in terms or [keywords]:
        if tree.string(node):
            yield tree.text(node)


def _paragraphs(tree: Tree, node: int) -> Iterator[Text]:
    for paragraph in tree.descendants(node, "p"):
        if tree.string(paragraph):
            yield tree.text(paragraph)


def _awards(tree: Tree, header: int) -> Iterator[Award]:
    statement = tree.find(header, "fileDesc", "titleStmt")
    for funder in [] if statement is None else tree.descendants(statement, "funder"):
        name = tree.string(tree.child(funder, "orgName"))
        if name:
            yield Award(name, None, tree.text(funder))
