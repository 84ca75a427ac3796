"""JATS XML (and its forebear, the NLM tag sets) to a `Document`.

`load` makes safe text of bytes, `tree` finds elements and offsets in it, and `front`, `references`, `body`, `tables`
and `citations` read one part of an article each. This module only puts them together. A file is never opened here.
"""

from __future__ import annotations

import re
from html.entities import html5

from pipelines.document import Document, Repair, Span
from pipelines.readers.errors import ReadError
from pipelines.readers.jats.article_meta import abstracts, read_front
from pipelines.readers.jats.body import Blocks
from pipelines.readers.jats.decoding import decode, require_well_formed, unpack
from pipelines.readers.jats.element_tree import Tree
from pipelines.readers.jats.ref_list import read_references

__all__ = ["read_jats"]

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9._-]{0,60});")


def read_jats(data: bytes, *, name: str) -> Document:
    """The main article of a JATS file, plain or gzip; sub-articles and responses are left apart.

    `Document.source` is the decoded XML, and all spans point into it. `name` is for messages only. Of a file with
    several articles (an article set, an OAI answer) the first is read and a repair `further_articles` says so.

    Raises ReadError, with file, place and mend, for what is no XML, no JATS, damaged, too large, too deep, or makes
    entities of entities. No file, network or DTD is ever reached for.
    """
    source, repairs = decode(unpack(data, name), name)
    require_well_formed(source, name)
    tree = Tree(source)
    article, front, further = _article(tree, name)
    parts = {tree.names[node]: node for node in reversed(list(tree.children(article)))}
    main = [parts[part] for part in ("body", "back", "floats-group", "floats-wrap") if part in parts]
    references = read_references(tree, main)
    blocks = Blocks(tree, references)
    meta = tree.child(front, "article-meta")
    if meta is not None:
        for abstract in abstracts(tree, meta):
            blocks.read_abstract(abstract)
    for part in main:
        blocks.read(part, 1, "prose" if tree.names[part] == "body" else "back")
    return Document(
        source=source,
        format="jats",
        front=read_front(tree, article, front),
        blocks=tuple(blocks.blocks),
        tables=tuple(blocks.tables),
        references=references.entries,
        repairs=(*repairs, *further, *_unknown_entities(source, name), *blocks.repairs),
        references_are_numbered=references.are_numbered,
    )


def _article(tree: Tree, name: str) -> tuple[int, int, tuple[Repair, ...]]:
    """The first `article` with a `front`, and a repair where there are more of them."""
    found = []
    node = 0
    for node in tree.between(0, len(tree.names), "article"):
        front = tree.child(node, "front")
        if front is not None:
            found.append((node, front))
    if not found:
        root = next(filter(None, tree.names), "nothing")
        raise ReadError(
            f"{name}: the XML is no JATS: its root is <{root}>, and no <article> in it has a <front>; "
            "give the article's JATS or NLM XML"
        )
    (article, front), *others = found
    if not others:
        return article, front, ()
    span = Span(tree.start(others[0][0]), tree.end(others[-1][0]))
    message = f"{name}: holds {len(found)} articles; the first is read; split the file into one an article"
    return article, front, (Repair("further_articles", span, message),)


def _unknown_entities(source: str, name: str) -> list[Repair]:
    """A repair for the first place of each named entity that no standard set has; it is kept as it stands."""
    places: dict[str, Repair] = {}
    for match in _ENTITY.finditer(source):
        entity = match.group(1)
        if f"{entity};" not in html5 and entity not in places:
            message = f"{name}: &{entity}; is in no standard entity set; kept as it stands; write the character"
            places[entity] = Repair("unknown_entity", Span(*match.span()), message)
    return list(places.values())
