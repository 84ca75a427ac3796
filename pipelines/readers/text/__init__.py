"""The reader of plain text, as OCR or the text layer of a PDF gives it.

`decoding` turns the bytes into text; `title_page`, `blocks`, `reference_list` and `back_matter` read one part of a
review each. This module combines them into a `Document`. Citations are not tagged in text; they are found in
`pipelines.extract.citations`.
"""

from __future__ import annotations

from pipelines.document import Document
from pipelines.readers.text.back_matter import add_back_matter
from pipelines.readers.text.blocks import read_body
from pipelines.readers.text.decoding import decode_text
from pipelines.readers.text.line_hyphens import find_line_hyphens
from pipelines.readers.text.lines import SourceName, split_lines
from pipelines.readers.text.reference_list import read_reference_list
from pipelines.readers.text.title_page import read_title_page


def read_text(data: bytes, *, name: str) -> Document:
    """Read a plain-text review. `name` is the file's name, for messages.

    The blocks are the abstract, the body and the back matter (declarations, funding and the like) in reading order;
    title, authors, keywords and the reference list are not blocks. A heading has level 1 unless it has a number such
    as `2.1`. Sentences that a page break, a table or a figure's caption cuts are joined; `repairs` has each such change
    and the stretch of the source that it bridges.

    Raises ReadError, which names the file, the line and the fix, as `decode_text` does and for a text without a
    reference list, a gap or a duplicate in the numbers of the list, and a table row with an extra cell.
    """
    source = decode_text(data, name)
    source_name = SourceName(name)
    lines = split_lines(source)
    references = read_reference_list(lines, source_name)
    title_page = read_title_page(lines[: references.first])
    body_lines = lines[title_page.end : references.first] + lines[references.end :]
    body_blocks, tables, body_repairs = read_body(body_lines, source_name)
    blocks = [*title_page.blocks, *body_blocks]
    repairs = [*body_repairs, *references.repairs, *find_line_hyphens(source, blocks, tables)]
    return Document(
        source=source,
        format="text",
        front=add_back_matter(title_page.matter, blocks),
        blocks=tuple(blocks),
        tables=tuple(tables),
        references=references.entries,
        repairs=tuple(sorted(repairs, key=lambda repair: (repair.span.start, repair.code))),
        references_are_numbered=references.is_numbered,
    )
