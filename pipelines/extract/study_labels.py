"""Recognises and reads the labels by which tables name studies: `Grillo Ruggieri 1988`, `Kim et al., 2013a`.

Works on the text of one cell, with or without its citation markers.
"""

from __future__ import annotations

import re

from pipelines.vocabularies.word_lists import reading_words

_YEAR = re.compile(r"(?<![\d.])((?:18|19|20)\d\d)[a-z]?(?![\d.])")
_SUPERSCRIPT = re.compile(r"\^\{[^{}]*\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_OTHER_AUTHORS = re.compile(r",?\s*\bet\.?\s*al\b.*|,?\s*\b(?:and|&)\s.*|\s*[,;(\[].*", re.IGNORECASE | re.DOTALL)
_ET_AL = re.compile(r"\bet\.?\s?al\b|\band (?:colleagues|co-?workers)\b", re.IGNORECASE)
_TRIAL_NUMBER = re.compile(r"(?:NCT|ISRCTN|ACTRN|ChiCTR|UMIN|EUCTR|DRKS|CTRI|IRCT|jRCT)[\w/-]*\d")
_NAME_START = re.compile(r"(?:(?:van|von|de|del|der|den|di|da|dos|el|al|le|la|ten|ter)[ -])*[A-Z\u00c0-\u00de]")
_MAX_LENGTH = 200


def parse_study_label(label: str) -> tuple[str | None, int | None]:
    """First author and (first) year in a study's label: `Grillo Ruggieri 1988` → (`Grillo Ruggieri`, 1988)."""
    label = label[:_MAX_LENGTH]
    year = _YEAR.search(label)
    bare = _SUPERSCRIPT.sub("", label[: year.start()] if year else label)
    name = _OTHER_AUTHORS.sub("", bare).strip(" ,.;:([-–—*†‡§")
    is_name = bool(name) and len(name) < 60 and name[:1].isalpha() and not any(char.isdigit() for char in name)
    return (name if is_name else None), (int(year.group(1)) if year else None)


def find_years(label: str) -> list[int]:
    """All years in a study's label, in order: `Kaur et al., 2017, 2018` → [2017, 2018]."""
    return [int(year) for year in _YEAR.findall(label[:_MAX_LENGTH])]


def is_study_label(text: str) -> bool:
    """Whether a cell names a study: an author with a year or with `et al.`, or the number of a registered trial."""
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return False
    if _TRIAL_NUMBER.match(text):
        return True
    author, year = parse_study_label(text)
    if author is None or not _NAME_START.match(author):
        return False
    if author.split()[0].casefold() in reading_words("cells_no_author"):
        return False
    return year is not None or _ET_AL.search(text) is not None
