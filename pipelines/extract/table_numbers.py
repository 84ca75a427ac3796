"""Finds table numbers in labels and prose: `TABLE 1.`, `Tables 1–3 and 5`, `Table IV`, `Table 2a`.

French, German, Italian, Portuguese and Spanish words for a table are recognised too. A letter after a number is
ignored: `Table 2a` is Table 2. A number after a letter (`S1`) is ignored too: it is a table of the supplement.
"""

from __future__ import annotations

import re
from collections.abc import Set

import polars as pl

_NUMBER = r"(?:\d{1,2}[A-Za-z]?|[IVX]+)(?!\w)"
_SUPPLEMENTARY = r"[A-Z]\d{1,2}(?!\w)"
_TO = r"[-‐‑–—]|\bto\b|\bthrough\b"
_AND = r"&|/|\band\b|\bor\b"
_WORD = "(?i:tab(?:le|ela|la|elle|leau)?)"
_ITEM = rf"(?:{_WORD}[snx]?\s+)?(?:{_NUMBER}|{_SUPPLEMENTARY})(?:\s?\([A-Za-z]\))?"
_JOINED = rf"({_ITEM}(?:\s*(?:(?:{_TO}|{_AND})\s*)+{_ITEM})*)"
_LISTED = rf"({_ITEM}(?:\s*(?:(?:{_TO}|{_AND}|[,;])\s*)+{_ITEM})*)"
_GAP = r"\.?(?:\s+|(?=\d))"
# A comma continues the list only after a plural; compare `in Table 1, 45 studies`.
_MENTION = re.compile(rf"\b(?:{_WORD}[sSnNxX]{_GAP}{_LISTED}|{_WORD}{_GAP}{_JOINED})")
_NUMBERS = re.compile(rf"(?<!\w)({_NUMBER})(?:\s?\([A-Za-z]\))?(?:\s*(?:{_TO})\s*(?:{_WORD}[snx]?\s+)?({_NUMBER}))?")
_MAX_RANGE = 30
_ROMAN = {"I": 1, "V": 5, "X": 10}


def find_table_numbers(text: str) -> Set[int]:
    """The numbers of all tables that a text names, ranges expanded.

    A range that runs backwards, or is wider than 30, gives only its two ends.
    """
    numbers: set[int] = set()
    for mention in _MENTION.finditer(text):
        for first, last in _NUMBERS.findall(mention.group(1) or mention.group(2)):
            low = _parse_number(first)
            high = _parse_number(last) if last else low
            numbers |= set(range(low, high + 1)) if low <= high <= low + _MAX_RANGE else {low, high}
    return numbers


def _parse_number(number: str) -> int:
    if number[0].isdecimal():
        return int(re.sub(r"\D", "", number))
    values = [_ROMAN[letter] for letter in number]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def explode_table_numbers(frame: pl.DataFrame, field: str) -> pl.DataFrame:
    """One row per row and table that its text in `field` names; the column `number` is the table's number."""
    candidates = frame.filter(pl.col(field).str.contains(r"(?i)\btab"))
    numbers = [sorted(find_table_numbers(text)) for text in candidates[field]]
    return (
        candidates.with_columns(pl.Series("number", numbers, pl.List(pl.Int32))).explode("number").drop_nulls("number")
    )
