"""Accents that a PDF prints as characters of their own, put on the letters below or above them.

Takes the glyphs of a page and gives them with composed letters: TeX prints `¨` and `a` over each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from pipelines.readers.pdf.page_contents import Glyph

_COMBINING = dict(
    zip("´`ˆ˜¨ˇ˚¸¯˘˙˝˛", "\u0301\u0300\u0302\u0303\u0308\u030c\u030a\u0327\u0304\u0306\u0307\u030b\u0328", strict=True)
)
_DOTLESS = {"ı": "i", "ȷ": "j"}
_NEAR = 4
"""So many glyphs before and after an accent are looked at before the rest of the page."""
_MAX_ACCENTS = 1_000


def compose_accents(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs with each accent on its letter; an accent that is over no letter is kept."""
    accents = [index for index, glyph in enumerate(glyphs) if _combining(glyph.text)]
    if not accents or len(accents) > _MAX_ACCENTS:
        return glyphs
    composed = list(glyphs)
    dropped = set()
    for index in accents:
        accent = glyphs[index]
        letter = _find_letter(accent, composed, range(max(0, index - _NEAR), min(len(glyphs), index + _NEAR + 1)))
        if letter is None:
            letter = _find_letter(accent, composed, range(len(glyphs)))
        if letter is None:
            continue
        base = composed[letter].text
        text = unicodedata.normalize("NFC", _DOTLESS.get(base, base) + _combining(accent.text))
        if len(text) == 1:
            composed[letter] = composed[letter]._replace(text=text)
            dropped.add(index)
    return [glyph for index, glyph in enumerate(composed) if index not in dropped]


def _combining(text: str) -> str:
    if len(text) == 1 and unicodedata.combining(text):
        return text
    return _COMBINING.get(text, "")


def _find_letter(accent: Glyph, glyphs: Sequence[Glyph], indexes: range) -> int | None:
    """The index of the letter that an accent is printed over."""
    middle = (accent.x0 + accent.x1) / 2
    best: tuple[float, int] | None = None
    for index in indexes:
        glyph = glyphs[index]
        # Some accents are letters to Unicode.
        if (
            not glyph.text.isalpha()
            or _combining(glyph.text)
            or abs(glyph.baseline - accent.baseline) > 0.6 * accent.size
        ):
            continue
        off = abs((glyph.x0 + glyph.x1) / 2 - middle)
        if off < 0.25 * accent.size and (best is None or off < best[0]):
            best = off, index
    return best[1] if best else None
