"""The reader of PDFs with a text layer.

`page_contents` calls pdfium and gives the characters of each page; `lines`, `page_furniture`, `table_regions`,
`printed_blocks` and `body` make lines, blocks and parts of an article of them; `front_page`, `table_cells` and
`reference_entries` read one kind of part each. `article_text` writes the parts into one text, in which all offsets
count. This module combines them into a `Document`. Citations are not tagged; they are found in
`pipelines.extract.citations`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.document import Document
from pipelines.readers.errors import ReadError
from pipelines.readers.pdf.article_text import write_article
from pipelines.readers.pdf.body import BodyReader
from pipelines.readers.pdf.line_joining import Joiner
from pipelines.readers.pdf.lines import Line, read_lines
from pipelines.readers.pdf.page_contents import Page, read_pages
from pipelines.readers.pdf.page_furniture import drop_furniture
from pipelines.readers.pdf.printed_blocks import find_body_style, split_blocks
from pipelines.readers.pdf.table_regions import TableRegion, find_continuation, find_tables

__all__ = ["read_pdf"]


def read_pdf(data: bytes, *, name: str) -> Document:
    """Read a review from a PDF with a text layer. `name` is the file's name, for messages.

    `Document.source` is the text that is derived from the PDF, and `page_boxes` has the place of each of its lines on
    the pages. Text of figures, running heads and page numbers are left out.

    Raises ReadError, which names the file and the fix, as `read_pages` does, for a PDF without a text layer, and for
    one without a reference list.
    """
    return read_pages_of_review(read_pages(data, name), name=name)


def read_pages_of_review(pages: Sequence[Page], *, name: str) -> Document:
    """The document of a review whose pages are given. Raises ReadError as `read_pdf` does, apart from `read_pages`."""
    printed = [read_lines(page) for page in pages]
    _require_text(pages, printed, name)
    lines = drop_furniture(printed, [page.height for page in pages])
    joiner = Joiner(line for page_lines in lines for line in page_lines)
    body = find_body_style(lines)
    reader = BodyReader(body, joiner)
    last_table: TableRegion | None = None
    for page, page_lines in zip(pages, lines, strict=True):
        regions = find_tables(page, page_lines, body)
        continued = find_continuation(page, page_lines, last_table) if last_table else None
        if continued:
            regions = [continued, *regions]
        last_table = regions[-1] if regions else None
        taken = {line.order for region in regions for line in region.lines}
        reader.read(split_blocks([line for line in page_lines if line.order not in taken], body))
        for region in regions:
            reader.add_table(region)
    kept = {line.order for line in lines[0]}
    heads_and_feet = [line for line in printed[0] if line.order not in kept]
    return write_article(pages, reader.parts, heads_and_feet, body, joiner, name)


def _require_text(pages: Sequence[Page], printed: Sequence[Sequence[Line]], name: str) -> None:
    """Raise ReadError if no page has text, or if the text has no characters that Unicode knows."""
    n_glyphs = sum(len(page.glyphs) for page in pages)
    fix = "run OCR on it first (for instance: ocrmypdf --force-ocr in.pdf out.pdf)"
    if not any(printed):
        raise ReadError(f"{name}: none of the {len(pages)} pages has a text layer; {fix}")
    n_unmapped = sum(page.n_unmapped for page in pages)
    if 2 * n_unmapped > n_glyphs:
        raise ReadError(f"{name}: {n_unmapped:,} of {n_glyphs:,} characters have no Unicode value; {fix}")
