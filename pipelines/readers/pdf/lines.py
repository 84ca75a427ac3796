"""Printed lines of a page, made of its characters: words, superscripts and gaps.

Takes the glyphs of a page in the order of the file and gives `Line`s. A line ends where the file goes on at another
height or after a gap; whether two lines side by side are one is decided where columns and tables are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.readers.pdf.accents import compose_accents
from pipelines.readers.pdf.page_contents import Font, Glyph, Page

_GAP = 1.1
"""The gap, in font sizes, from which two runs of characters are two lines."""
_LEAST_GAP = 0.05
_WORD_GAP = 0.16
"""The gap, in font sizes, that is a blank although the file states none."""
_SUPERSCRIPT_SIZE = 0.86
_SUPERSCRIPT_RISE = 0.14

_ALWAYS_HIGH = frozenset("°'’\"“”")

_RAISED_DEGREE = re.compile(r"\^\{(?:[oOº]|(?<=\d\^\{)0|(?<=\d \^\{)0)\}(?=\s?[CF]\b)")
_RAISED_NUMBER = re.compile(r"\^\{(\d+)\}")
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LIGATURES = {ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"}


class Style(NamedTuple):
    """The font of most characters of a line, and its size in points rounded to tenths."""

    size: float
    font: Font


class Word(NamedTuple):
    """Characters without a blank between them, their horizontal extent and the font of the first.

    Superscripts are marked as in `Line`.
    """

    x0: float
    x1: float
    text: str
    font: Font


class Line(NamedTuple):
    """Characters on one baseline without a wide gap.

    `text` has superscripts as `²⁴` or `^{4,5}`. `order` is the number of the line in the file; `bold` and `italic` are
    the shares of its letters in such fonts.
    """

    page_no: int
    order: int
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    style: Style
    text: str
    bold: float
    italic: float
    lead: Font
    """The font of the first letter."""
    words: tuple[Word, ...]

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def read_lines(page: Page) -> list[Line]:
    """The lines of a page, in the order of the file."""
    lines: list[Line] = []
    for run in _split_runs(compose_accents(page.glyphs)):
        line = _build_line(run, page, len(lines))
        if line:
            lines.append(line)
    return lines


def _split_runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs in runs without a wide gap and on much the same baseline."""
    runs: list[list[Glyph]] = []
    previous: Glyph | None = None
    main: Glyph | None = None
    for glyph in glyphs:
        if glyph.text == " ":
            if runs:
                runs[-1].append(glyph)
            continue
        if previous is None or main is None or not _continues(previous, main, glyph):
            runs.append([])
            main = glyph
        elif glyph.size > main.size * 1.05:
            main = glyph
        runs[-1].append(glyph)
        previous = glyph
    return runs


def _continues(previous: Glyph, main: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph goes on after `previous` on the line whose largest glyph so far is `main`."""
    if glyph.x0 == previous.x0 and glyph.baseline == previous.baseline:
        return True  # a further letter of a ligature
    size = max(main.size, glyph.size)
    gap = glyph.x0 - previous.x1
    if gap > _GAP * size or gap < -0.6 * size:
        return False
    shift = abs(glyph.baseline - main.baseline)
    if shift < 0.12 * size:
        return True
    if min(main.size, glyph.size) < 0.9 * size:
        return shift < 0.75 * size
    return shift < 0.45 * size and gap < 0.5 * size


def _build_line(run: list[Glyph], page: Page, order: int) -> Line | None:
    printed = [glyph for glyph in run if glyph.text != " "]
    if not printed:
        return None
    sizes = Counter(round(glyph.size, 1) for glyph in printed)
    largest = max(sizes)
    # A marker may have more characters than the word that it follows.
    size = max(sizes, key=lambda value: (sizes[value] * (1 if value > 0.8 * largest else 0.3), value))
    normal = [glyph for glyph in printed if glyph.size > _SUPERSCRIPT_SIZE * size]
    baseline = Counter(round(glyph.baseline, 1) for glyph in normal or printed).most_common(1)[0][0]
    fonts = Counter(glyph.font for glyph in normal or printed)
    words = _split_words(run, size, baseline, page.fonts)
    n_normal = max(1, len(normal))
    tops = [glyph.top for glyph in normal or printed]
    bottoms = [glyph.bottom for glyph in normal or printed]
    return Line(
        page.number,
        order,
        min(glyph.x0 for glyph in printed),
        max(glyph.x1 for glyph in printed),
        min(tops),
        max(bottoms),
        baseline,
        Style(size, page.fonts[fonts.most_common(1)[0][0]]),
        join_words(words),
        sum(page.fonts[glyph.font].is_bold for glyph in normal) / n_normal,
        sum(page.fonts[glyph.font].is_italic for glyph in normal) / n_normal,
        page.fonts[(normal or printed)[0].font],
        tuple(words),
    )


def _split_words(run: list[Glyph], size: float, baseline: float, fonts: Sequence[Font]) -> list[Word]:
    """The words of a run of characters."""
    words: list[Word] = []
    group: list[Glyph] = []
    blank = False
    for glyph in run:
        if glyph.text == " ":
            blank = True
            continue
        gap = glyph.x0 - group[-1].x1 if group else 0.0
        # A blank that the next character covers is not printed.
        if group and gap > (_LEAST_GAP if blank else _WORD_GAP) * size:
            words.append(_build_word(group, size, baseline, fonts))
            group = []
        group.append(glyph)
        blank = False
    words.append(_build_word(group, size, baseline, fonts))
    return words


def _build_word(group: list[Glyph], size: float, baseline: float, fonts: Sequence[Font]) -> Word:
    parts: list[str] = []
    is_raised = False
    for glyph in group:
        raised = (
            glyph.size <= _SUPERSCRIPT_SIZE * size
            and baseline - glyph.baseline > _SUPERSCRIPT_RISE * size
            and glyph.text not in _ALWAYS_HIGH
        )
        if raised != is_raised:
            parts.append("^{" if raised else "}")
            is_raised = raised
        parts.append(glyph.text)
    if is_raised:
        parts.append("}")
    text = unicodedata.normalize("NFC", "".join(parts).translate(_LIGATURES))
    return Word(min(glyph.x0 for glyph in group), max(glyph.x1 for glyph in group), text, fonts[group[0].font])


def join_words(words: Sequence[Word]) -> str:
    """The words with blanks between them: a superscript number as `²⁴`, other superscripts as `^{4,5}`."""
    text = " ".join(word.text for word in words).replace("} ^{", " ")
    if "^" not in text:
        return text
    text = _RAISED_DEGREE.sub("°", text)
    return _RAISED_NUMBER.sub(lambda match: match.group(1).translate(_RAISED_DIGITS), text)
