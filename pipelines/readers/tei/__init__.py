"""The reader of TEI as GROBID writes it (https://grobid.readthedocs.io).

GROBID has read a PDF and tagged what it recognised; this reader takes its tags' word. `header` reads the front matter,
`bibliography` the reference list and `text` the body. This module combines them into a `Document`.
"""

from __future__ import annotations

from pipelines.document import Document
from pipelines.readers.errors import ReadError
from pipelines.readers.tei.bibliography import read_bibliography
from pipelines.readers.tei.header import read_header
from pipelines.readers.tei.text import TextReader
from pipelines.readers.xml.decoding import decode, require_well_formed, unpack
from pipelines.readers.xml.element_tree import Tree

__all__ = ["read_tei"]


def read_tei(data: bytes, *, name: str) -> Document:
    """Read GROBID's TEI of an article, plain or gzip. `Document.source` is the decoded XML, in which offsets count.

    Raises ReadError, with file, place and fix, for a file that is not XML, not TEI, damaged, too large, nested too
    deeply, or that GROBID made of a header only. Opens no other file, no connection and no DTD.
    """
    source, repairs = decode(unpack(data, name), name)
    require_well_formed(source, name)
    tree = Tree(source)
    roots = tree.elements_between(0, len(tree.names), "TEI")
    if not roots:
        root = next(filter(None, tree.names), "nothing")
        raise ReadError(
            f"{name}: the XML is not TEI: its root is <{root}>; use the output of GROBID's full text service"
        )
    text = tree.child(roots[0], "text")
    body = tree.find(text, "body")
    if body is None:
        raise ReadError(
            f"{name}: the TEI has no <text> with a <body>, only a header; process the PDF with GROBID's service "
            "processFulltextDocument"
        )
    header = tree.child(roots[0], "teiHeader")
    references = read_bibliography(tree, roots[0])
    reader = TextReader(tree, references)
    abstract = tree.find(header, "profileDesc", "abstract")
    if abstract is not None:
        reader.read_abstract(abstract)
    reader.read_body(body)
    back = tree.find(text, "back")
    if back is not None:
        reader.read_back(back)
    return Document(
        source=source,
        format="tei",
        front=read_header(tree, header, text),
        blocks=tuple(reader.blocks),
        tables=tuple(reader.tables),
        references=references.entries,
        repairs=(*repairs, *reader.repairs),
        references_are_numbered=references.are_numbered,
    )
