"""What is printed on each page of a PDF: characters with their boxes and fonts, and straight rules.

The only module that calls pdfium. Forms, scripts, links and attachments are not loaded. Coordinates are points, from
the left and the top of the page as it is read: a page whose text runs upwards or downwards is turned.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipelines.readers.errors import ReadError

MAX_PDF_BYTES = 200 * 1024 * 1024
"""The size limit of a PDF."""
MAX_PAGES = 1_000
"""The limit of pages; the longest reviews have a few hundred."""
MAX_PAGE_CHARACTERS = 60_000
"""The limit of characters on a page; a dense page of a journal has 10,000."""
MAX_CHARACTERS = 6_000_000
"""The limit of characters in a PDF."""
_MAX_PATHS = 20_000
"""Drawn objects of a page that are looked at for rules; more belong to a figure."""
_MAX_SEGMENTS = 400
_MAX_DEPTH = 3
_RULE_WIDTH = 2.5
_RULE_LENGTH = 8.0

_IGNORED = frozenset("\r\n\x00￾\ufffe\uffff\ufeff\u200b\u200c\u200d")
_BLANKS = frozenset(" \t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_HYPHEN_MARK = "\x02"
# Arbortext's fonts end with `.B`, `.I` or `.BI`.
_BOLD = re.compile(r"bold|black|heavy|semib|[-_]demi|[-_]bd|cmbx|\.bi?$")
_ITALIC = re.compile(r"ital|obli|slant|[-_]it|cmti|\.b?i$")
_SUBSET = re.compile(r"^(?:[A-Z]{6}\+)+|^[A-Z][a-z]{5}(?=Adv[A-Z])")
_ITALIC_FLAG = 1 << 6


class Font(NamedTuple):
    """A font as named in the file, without the prefix of a subset."""

    name: str
    is_bold: bool
    is_italic: bool


class Glyph(NamedTuple):
    """A printed character; `size` is the font size in points, `font` the index of the font in `Page.fonts`.

    `text` has several characters for a ligature and is a blank for a space that the file states.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    font: int


class Rule(NamedTuple):
    """A straight line, horizontal or vertical, drawn on a page."""

    x0: float
    y0: float
    x1: float
    y1: float


class Page(NamedTuple):
    """The contents of a page; `number` counts from 1, `turn` is the angle in degrees by which the page was turned."""

    number: int
    width: float
    height: float
    turn: int
    glyphs: list[Glyph]
    horizontal_rules: list[Rule]
    vertical_rules: list[Rule]
    fonts: list[Font]
    n_unmapped: int


def read_pages(data: bytes, name: str) -> list[Page]:
    """The pages of a PDF. `name` is used in messages.

    Raises ReadError, which names the fix, for a file that is damaged, encrypted with a password or too large.
    """
    if len(data) > MAX_PDF_BYTES:
        raise ReadError(
            f"{name}: the PDF has {len(data) // 2**20:,} MB; the limit is {MAX_PDF_BYTES // 2**20} MB. "
            "Save it with smaller pictures (for instance: gs -sDEVICE=pdfwrite -dPDFSETTINGS=/ebook)"
        )
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(f"{name}: {_explain(error)}") from error
    with closing(pdf):
        if len(pdf) > MAX_PAGES:
            raise ReadError(
                f"{name}: the PDF has {len(pdf):,} pages; the limit is {MAX_PAGES:,}. Extract the pages of the review"
            )
        return list(_limit_characters(_each_page(pdf), name))


def _explain(error: pdfium.PdfiumError) -> str:
    if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
        return "the PDF is encrypted with a password; save it without one (for instance: qpdf --decrypt)"
    if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
        return "the PDF is encrypted in a way that pdfium does not know; save it again without encryption"
    return "the PDF is damaged and cannot be opened; download it again, or repair it (for instance: qpdf, mutool clean)"


def _limit_characters(pages: Iterator[Page], name: str) -> Iterator[Page]:
    n = 0
    for page in pages:
        n += len(page.glyphs)
        if n > MAX_CHARACTERS:
            raise ReadError(
                f"{name}, page {page.number}: the PDF has more than {MAX_CHARACTERS:,} characters, more than any "
                "review; extract the pages of the review"
            )
        yield page


def _each_page(pdf: pdfium.PdfDocument) -> Iterator[Page]:
    for index in range(len(pdf)):
        try:
            page = pdf[index]
        except pdfium.PdfiumError:
            # A page that cannot be loaded is reported as a page without text.
            yield Page(index + 1, 0.0, 0.0, 0, [], [], [], [], 0)
            continue
        with closing(page):
            yield _read_page(page, index + 1)


def _read_page(page: pdfium.PdfPage, number: int) -> Page:
    left, bottom, right, top = page.get_cropbox()
    fonts: list[Font] = []
    with closing(page.get_textpage()) as text_page:
        by_turn, n_unmapped = _read_glyphs(text_page, fonts)
    turn = max(by_turn, key=lambda angle: len(by_turn[angle]), default=0)
    width, height = right - left, top - bottom
    if turn % 180:
        width, height = height, width
    place = _PLACES[turn]
    box = (left, bottom, right, top)
    glyphs = [_place_glyph(glyph, turn, box) for glyph in by_turn.get(turn, [])]
    # What lies outside the page is not printed.
    glyphs = [glyph for glyph in glyphs if -2 < glyph.x0 < width + 2 and -2 < glyph.bottom < height + 2]
    rules = [_order(*place(x0, y0, box), *place(x1, y1, box)) for x0, y0, x1, y1 in _read_rules(page)]
    return Page(
        number,
        width,
        height,
        turn,
        glyphs,
        [rule for rule in rules if rule.x1 - rule.x0 >= rule.y1 - rule.y0],
        [rule for rule in rules if rule.x1 - rule.x0 < rule.y1 - rule.y0],
        fonts,
        n_unmapped,
    )


_Box = tuple[float, float, float, float]
_PLACES = {
    0: lambda x, y, box: (x - box[0], box[3] - y),
    90: lambda x, y, box: (y - box[1], x - box[0]),
    180: lambda x, y, box: (box[2] - x, y - box[1]),
    270: lambda x, y, box: (box[3] - y, box[2] - x),
}
"""From PDF coordinates (from the left and the bottom) to those of a page with text at this angle."""


def _order(x0: float, y0: float, x1: float, y1: float) -> Rule:
    return Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _place_glyph(glyph: Glyph, turn: int, box: _Box) -> Glyph:
    """A glyph whose fields are `left, right, bottom, top, baseline` in PDF coordinates, placed on the turned page."""
    place = _PLACES[turn]
    x0, top = place(glyph.x0, glyph.bottom, box)
    x1, bottom = place(glyph.x1, glyph.top, box)
    x0, top, x1, bottom = _order(x0, top, x1, bottom)
    _, baseline = place(glyph.baseline, glyph.baseline, box)
    return Glyph(glyph.text, x0, x1, top, bottom, baseline, glyph.size, glyph.font)


def _read_glyphs(text_page: pdfium.PdfTextpage, fonts: list[Font]) -> tuple[dict[int, list[Glyph]], int]:
    """The characters by the angle of their line (0, 90, 180 or 270 degrees), and the number of unmapped ones.

    A glyph here has PDF coordinates: `top` and `bottom` are exchanged, and `baseline` is the coordinate of its origin
    across the line.
    """
    raw = text_page.raw
    font_numbers: dict[Font, int] = {}
    by_turn: dict[int, list[Glyph]] = {}
    x0, x1, y0, y1 = (ctypes.c_double() for _ in range(4))
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    advance = pdfium_c.FS_RECTF()
    matrix = pdfium_c.FS_MATRIX()
    last_object = 0
    size, font, turn = 0.0, 0, 0
    n_unmapped = 0
    high = 0
    for index in range(min(text_page.count_chars(), MAX_PAGE_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
            high = 0
        char = chr(code) if code < 0x110000 else ""
        if pdfium_c.FPDFText_IsGenerated(raw, index) == 1 and char != " ":
            continue
        text_object = pdfium_c.FPDFText_GetTextObject(raw, index)
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0 if text_object else 0
        if address and address != last_object:
            last_object = address
            pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
            size = pdfium_c.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
            turn = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360
            described = _describe_font(raw, index)
            if described not in font_numbers:
                font_numbers[described] = len(fonts)
                fonts.append(described)
            font = font_numbers[described]
        if pdfium_c.FPDFText_HasUnicodeMapError(raw, index) == 1:
            n_unmapped += 1
        if char in _IGNORED:
            continue
        pdfium_c.FPDFText_GetCharBox(raw, index, x0, x1, y0, y1)
        pdfium_c.FPDFText_GetCharOrigin(raw, index, origin_x, origin_y)
        # Along the line, the box with the space around the character; across it, the ink.
        if pdfium_c.FPDFText_GetLooseCharBox(raw, index, advance):
            if turn % 180:
                y0.value, y1.value = advance.bottom, advance.top
            else:
                x0.value, x1.value = advance.left, advance.right
        text = " " if char in _BLANKS else "-" if char == _HYPHEN_MARK else char
        across = origin_x.value if turn % 180 else origin_y.value
        by_turn.setdefault(turn, []).append(Glyph(text, x0.value, x1.value, y1.value, y0.value, across, size, font))
    return by_turn, n_unmapped


def _describe_font(raw: pdfium_c.FPDF_TEXTPAGE, index: int) -> Font:
    flags = ctypes.c_int()
    length = pdfium_c.FPDFText_GetFontInfo(raw, index, None, 0, flags)
    buffer = ctypes.create_string_buffer(length)
    pdfium_c.FPDFText_GetFontInfo(raw, index, buffer, length, flags)
    name = _SUBSET.sub("", buffer.value.decode("utf-8", "replace"))
    plain = name.casefold()
    weight = pdfium_c.FPDFText_GetFontWeight(raw, index)
    is_bold = weight >= 600 or _BOLD.search(plain) is not None
    is_italic = bool(flags.value & _ITALIC_FLAG) or _ITALIC.search(plain) is not None
    return Font(name, is_bold, is_italic)


def _read_rules(page: pdfium.PdfPage) -> Iterator[_Box]:
    """The horizontal and vertical lines of a page, in PDF coordinates: drawn lines, and filled boxes as thin as one."""
    for path, place in islice(_paths_of_page(page), _MAX_PATHS):
        for line in _lines_of_path(path):
            (x0, y0), (x1, y1) = _apply(place, line[0], line[1]), _apply(place, line[2], line[3])
            thin, long = sorted((abs(x1 - x0), abs(y1 - y0)))
            if thin <= _RULE_WIDTH and long >= _RULE_LENGTH:
                yield x0, y0, x1, y1


_Matrix = tuple[float, float, float, float, float, float]
_SAME_PLACE: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _paths_of_page(page: pdfium.PdfPage) -> Iterator[tuple[pdfium_c.FPDF_PAGEOBJECT, _Matrix]]:
    """The drawn paths of a page, and for those inside a form, the matrix that places the form."""
    for index in range(pdfium_c.FPDFPage_CountObjects(page.raw)):
        item = pdfium_c.FPDFPage_GetObject(page.raw, index)
        yield from _paths_of_object(item, _SAME_PLACE, depth=0)


def _paths_of_object(
    item: pdfium_c.FPDF_PAGEOBJECT, place: _Matrix, depth: int
) -> Iterator[tuple[pdfium_c.FPDF_PAGEOBJECT, _Matrix]]:
    kind = pdfium_c.FPDFPageObj_GetType(item)
    if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
        yield item, place
    elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFPageObj_GetMatrix(item, matrix)
        a, b = matrix.a * place[0] + matrix.b * place[2], matrix.a * place[1] + matrix.b * place[3]
        c, d = matrix.c * place[0] + matrix.d * place[2], matrix.c * place[1] + matrix.d * place[3]
        inner = (a, b, c, d, *_apply(place, matrix.e, matrix.f))
        for index in range(pdfium_c.FPDFFormObj_CountObjects(item)):
            yield from _paths_of_object(pdfium_c.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _lines_of_path(path: pdfium_c.FPDF_PAGEOBJECT) -> Iterator[_Box]:
    """The straight lines of a path: the path itself if it is as thin as a line, else the sides of its frame or grid."""
    x0, y0, x1, y1 = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(path, x0, y0, x1, y1):
        return
    if min(x1.value - x0.value, y1.value - y0.value) <= _RULE_WIDTH:
        middle_x, middle_y = (x0.value + x1.value) / 2, (y0.value + y1.value) / 2
        if x1.value - x0.value > y1.value - y0.value:
            yield x0.value, middle_y, x1.value, middle_y
        else:
            yield middle_x, y0.value, middle_x, y1.value
    elif 2 < pdfium_c.FPDFPath_CountSegments(path) <= _MAX_SEGMENTS:
        yield from _sides_of_path(path)


def _sides_of_path(path: pdfium_c.FPDF_PAGEOBJECT) -> Iterator[_Box]:
    """The lines of a drawn path of several lines, such as a grid or a frame; curves are left out."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    previous: tuple[float, float] | None = None
    for index in range(pdfium_c.FPDFPath_CountSegments(path)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, index)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if previous and pdfium_c.FPDFPathSegment_GetType(segment) == pdfium_c.FPDF_SEGMENT_LINETO:
            yield (*previous, *point)
        previous = point
