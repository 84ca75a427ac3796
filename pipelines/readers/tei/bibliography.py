"""The reference list: each `biblStruct` in it, with the printed string if GROBID kept it, else with the tagged fields.

The printed string is preferred, because it is parsed with the place of every field in
`pipelines.extract.reference_parser`. GROBID keeps it with the option `includeRawCitations`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.document import ReferenceEntry, ReferenceFields, ReferenceName
from pipelines.readers.given_names import initials_of
from pipelines.readers.tei.header import identifier, published_year, read_given_names, read_scopes, title_of_level
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.ref_lists import RefLists


def read_bibliography(tree: Tree, root: int) -> RefLists:
    """The references of an article, numbered from 1 in the order of the list.

    The list counts as numbered if most of the citations in the text print the number of their reference.
    """
    entries: list[ReferenceEntry] = []
    targets: dict[str, tuple[int, ...]] = {}
    for listed in tree.descendants(root, "listBibl"):
        for node in tree.children(listed):
            if tree.names[node] not in ("biblStruct", "bibl"):
                continue
            entries.append(_read_entry(tree, node, len(entries) + 1))
            if target := tree.attributes(node).get("id"):
                targets[target] = (len(entries),)
    numbers = {entry.ref_no: entry.ref_no for entry in entries}
    by_number = {ref_no: [ref_no] for ref_no in numbers}
    return RefLists(tuple(entries), targets, numbers, by_number, _are_numbered(tree, root, targets))


def _are_numbered(tree: Tree, root: int, targets: dict[str, tuple[int, ...]]) -> bool:
    n_cited = n_numbered = 0
    for node in tree.descendants(root, "ref"):
        cited = targets.get(tree.attributes(node).get("target", "").removeprefix("#"))
        if cited:
            n_cited += 1
            n_numbered += (tree.string(node) or "").strip(" []().,;") == str(cited[0])
    return 2 * n_numbered > n_cited


def _read_entry(tree: Tree, node: int, ref_no: int) -> ReferenceEntry:
    for child in tree.children(node):
        if tree.attributes(child).get("type") == "raw_reference" and tree.string(child):
            return ReferenceEntry(ref_no, tree.text(child))
    text = tree.reference_text(node + 1, tree.end_tags[node] + 1)
    return ReferenceEntry(ref_no, text, _fields(tree, node))


def _fields(tree: Tree, node: int) -> ReferenceFields:
    analytic, monograph = tree.child(node, "analytic"), tree.child(node, "monogr")
    imprint = tree.find(monograph, "imprint")
    scopes = {} if imprint is None else read_scopes(tree, imprint)
    title = None if analytic is None else title_of_level(tree, analytic, "a")
    source = None
    if monograph is not None:
        source = title_of_level(tree, monograph, "j") or title_of_level(tree, monograph, "m")
        if title is None:
            # A book has its own title and no other.
            title, source = title_of_level(tree, monograph, "m"), title_of_level(tree, monograph, "j")
    with_authors = next(
        (part for part in (analytic, monograph) if part is not None and tree.child(part, "author")), None
    )
    return ReferenceFields(
        authors=() if with_authors is None else tuple(_names(tree, with_authors)),
        title=tree.string(title),
        journal=tree.string(source),
        year=published_year(tree, imprint),
        volume=scopes.get("volume"),
        issue=scopes.get("issue"),
        first_page=scopes.get("first_page"),
        last_page=scopes.get("last_page"),
        doi=identifier(tree, node, "DOI"),
        pmid=identifier(tree, node, "PMID"),
    )


def _names(tree: Tree, node: int) -> Iterator[ReferenceName]:
    for author in tree.children(node):
        if tree.names[author] != "author":
            continue
        person = tree.child(author, "persName")
        surname = tree.string(tree.find(person, "surname"))
        if person is None or surname is None:
            if whole := tree.string(author):
                yield ReferenceName(whole, whole, None)
            continue
        given = read_given_names(tree, person)
        suffix = tree.string(tree.child(person, "genName"))
        name = " ".join(filter(None, (surname, given, suffix)))
        yield ReferenceName(name, surname, initials_of(given, surname), suffix)
