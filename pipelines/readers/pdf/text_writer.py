"""Writes the text that is derived from a PDF: in reading order, one paragraph, reference or table row per line.

All offsets of a `Document` count in this text, which is published with the tables. For each line of the PDF the writer
keeps the place on its page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.document import PageBox, Piece, Text
from pipelines.readers.pdf.line_joining import JoinedLine, JoinedText
from pipelines.readers.pdf.page_contents import Page

NEW_PART = "\n\n"


class TextWriter:
    """Collects the text and the boxes of its lines."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.boxes: list[PageBox] = []
        self._pages: Mapping[int, Page] = {page.number: page for page in pages}
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def add(self, joined: JoinedText, separator: str = NEW_PART) -> Text:
        """Add a part after a separator; the first part of the text has none before it."""
        start = self.add_blank(separator)
        ends = [*(line.start for line in joined.lines), len(joined.text)][1:]
        for line, end in zip(joined.lines, ends, strict=False):
            if end > line.start:
                self.boxes.append(self._box(line, start, end))
        self._parts.append(joined.text)
        self._length += len(joined.text)
        return Text(joined.text, (Piece(0, start, len(joined.text)),) if joined.text else ())

    def add_blank(self, separator: str) -> int:
        """Add only a separator; returns the offset after it."""
        if self._parts:
            self._parts.append(separator)
            self._length += len(separator)
        return self._length

    def _box(self, joined: JoinedLine, start: int, end: int) -> PageBox:
        line = joined.line
        box = unturn(self._pages[line.page_no], line.x0, line.top, line.x1, line.bottom)
        return PageBox(start + joined.start, start + end, line.page_no, *(round(value, 1) for value in box))


def unturn(page: Page, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    """A box on a page that was turned to read it, on the page as it is in the file."""
    if page.turn == 90:
        return y0, page.width - x1, y1, page.width - x0
    if page.turn == 180:
        return page.width - x1, page.height - y1, page.width - x0, page.height - y0
    if page.turn == 270:
        return page.height - y1, x0, page.height - y0, x1
    return x0, y0, x1, y1
