"""Extracts the rows of all tables from a Document: the printed content, numbered and linked by ids, not interpreted.

Rows of different reviews are independent. Turning rows into frames is left to `extract.row_frames`.
"""

from __future__ import annotations

from pipelines.document import Document
from pipelines.extract.citations import PlacedCitation, find_document_citations
from pipelines.extract.front_matter_rows import SourceFacts, add_front_matter_rows
from pipelines.extract.prose_rows import add_prose_rows
from pipelines.extract.reference_rows import add_reference_rows
from pipelines.extract.row_collector import RowCollector
from pipelines.extract.row_types import ReviewRows
from pipelines.extract.table_roles import read_header_roles
from pipelines.extract.table_rows import add_table_rows


def extract_review(source: SourceFacts, document: Document) -> ReviewRows:
    """The rows of one review."""
    header_roles = read_header_roles(document.tables)
    citations_by_block: dict[int, list[PlacedCitation]] = {}
    citations_by_table: dict[int, list[PlacedCitation]] = {}
    for citation in find_document_citations(document, header_roles):
        if citation.block_no is not None:
            citations_by_block.setdefault(citation.block_no, []).append(citation)
        elif citation.table_no is not None:
            citations_by_table.setdefault(citation.table_no, []).append(citation)
    collector = RowCollector(source.review_id, {entry.ref_no for entry in document.references})
    add_front_matter_rows(collector, source, document)
    add_reference_rows(collector, document)
    add_prose_rows(collector, document, citations_by_block)
    for index, table in enumerate(document.tables):
        add_table_rows(collector, index + 1, table, header_roles[index], citations_by_table.get(index, []))
    for repair in document.repairs:
        collector.add_finding(repair.code, repair.message, repair.span)
    return collector.rows
