"""The reader of JATS XML and of its predecessor, the NLM tag sets.

`decoding` turns bytes into safe text, `element_tree` finds elements and offsets in it, and each of `article_meta`,
`body`, `table_wrap`, `ref_list` and `xrefs` reads one part of an article. This module combines them into a `Document`.
"""

from __future__ import annotations

import re
from html.entities import html5

from pipelines.document import Document, Repair, Span
from pipelines.readers.errors import ReadError
from pipelines.readers.jats.article_meta import find_abstracts, read_article_meta
from pipelines.readers.jats.body import BlockReader
from pipelines.readers.jats.ref_list import read_ref_lists
from pipelines.readers.xml.decoding import decode, require_well_formed, unpack
from pipelines.readers.xml.element_tree import Tree

__all__ = ["read_jats"]

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9._-]{0,60});")


def read_jats(data: bytes, *, name: str) -> Document:
    """Read the main article of a JATS file, plain or gzip; sub-articles and responses are left out.

    `Document.source` is the decoded XML, and all spans are offsets in it. `name` is used in messages only. If a file
    has several articles (an article set, an OAI response) the first is read, and the repair `further_articles` says so.

    Raises ReadError, with file, place and fix, for a file that is not XML, not JATS, damaged, too large, nested too
    deeply, or defines entities by entities. Opens no other file, no connection and no DTD.
    """
    source, repairs = decode(unpack(data, name), name)
    require_well_formed(source, name)
    tree = Tree(source)
    article, front, further = _main_article(tree, name)
    parts = {tree.names[node]: node for node in reversed(list(tree.children(article)))}
    main = [parts[part] for part in ("body", "back", "floats-group", "floats-wrap") if part in parts]
    references = read_ref_lists(tree, main)
    reader = BlockReader(tree, references)
    meta = tree.child(front, "article-meta")
    if meta is not None:
        for abstract in find_abstracts(tree, meta):
            reader.read(abstract, 1, "abstract")
    for part in main:
        reader.read(part, 1, "prose" if tree.names[part] == "body" else "back")
    return Document(
        source=source,
        format="jats",
        front=read_article_meta(tree, article, front),
        blocks=tuple(reader.blocks),
        tables=tuple(reader.tables),
        references=references.entries,
        repairs=(*repairs, *further, *_report_unknown_entities(source, name), *reader.repairs),
        references_are_numbered=references.are_numbered,
    )


def _main_article(tree: Tree, name: str) -> tuple[int, int, tuple[Repair, ...]]:
    """The first `article` with a `front`, that front, and a repair if there are more such articles."""
    articles = []
    for node in tree.elements_between(0, len(tree.names), "article"):
        front = tree.child(node, "front")
        if front is not None:
            articles.append((node, front))
    if not articles:
        root = next(filter(None, tree.names), "nothing")
        raise ReadError(
            f"{name}: the XML is not JATS: its root is <{root}>, and it has no <article> with a <front>; "
            "use the article's JATS or NLM XML"
        )
    (article, front), *others = articles
    if not others:
        return article, front, ()
    span = Span(tree.start(others[0][0]), tree.end(others[-1][0]))
    message = (
        f"{name}: has {len(articles)} articles, of which only the first is read; split the file into one per article"
    )
    return article, front, (Repair("further_articles", span, message),)


def _report_unknown_entities(source: str, name: str) -> list[Repair]:
    """A repair for the first occurrence of each named entity that is not in a standard set; it is kept as written."""
    repairs: dict[str, Repair] = {}
    for match in _ENTITY.finditer(source):
        entity = match.group(1)
        if f"{entity};" not in html5 and entity not in repairs:
            message = f"{name}: &{entity}; is not in a standard entity set and was kept as written; write the character"
            repairs[entity] = Repair("unknown_entity", Span(*match.span()), message)
    return list(repairs.values())
