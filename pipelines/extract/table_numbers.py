"""The numbers of printed tables, as labels and prose give them: `TABLE 1.`, `Tables 1–3 and 5`, `Table IV`, `Table 2a`.

Tables are known by their French, German, Italian, Portuguese and Spanish names too. A letter behind a number is left
out: who mentions Table 2a mentions Table 2. Numbers behind a letter (`S1`) are of tables that stand elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Set

import polars as pl

_ONE = r"(?:\d{1,2}[A-Za-z]?|[IVX]+)(?!\w)"
_ELSEWHERE = r"[A-Z]\d{1,2}(?!\w)"
_TO = r"[-‐‑–—]|\bto\b|\bthrough\b"
_AND = r"&|/|\band\b|\bor\b"
_WORD = "(?i:tab(?:le|ela|la|elle|leau)?)"
_ITEM = rf"(?:{_WORD}[snx]?\s+)?(?:{_ONE}|{_ELSEWHERE})(?:\s?\([A-Za-z]\))?"
_JOINED = rf"({_ITEM}(?:\s*(?:(?:{_TO}|{_AND})\s*)+{_ITEM})*)"
_LISTED = rf"({_ITEM}(?:\s*(?:(?:{_TO}|{_AND}|[,;])\s*)+{_ITEM})*)"
_GAP = r"\.?(?:\s+|(?=\d))"
# Only behind the plural does a comma go on with tables: `in Table 1, 45 studies`.
_MENTION = re.compile(rf"\b(?:{_WORD}[sSnNxX]{_GAP}{_LISTED}|{_WORD}{_GAP}{_JOINED})")
_NUMBERS = re.compile(rf"(?<!\w)({_ONE})(?:\s?\([A-Za-z]\))?(?:\s*(?:{_TO})\s*(?:{_WORD}[snx]?\s+)?({_ONE}))?")
_WIDEST = 30
_ROMAN = {"I": 1, "V": 5, "X": 10}


def table_numbers(text: str) -> Set[int]:
    """The numbers of all tables that a text names, ranges expanded; of a range that runs backwards its two ends."""
    numbers: set[int] = set()
    for mention in _MENTION.finditer(text):
        for first, last in _NUMBERS.findall(mention.group(1) or mention.group(2)):
            low = _value(first)
            high = _value(last) if last else low
            numbers |= set(range(low, high + 1)) if low <= high <= low + _WIDEST else {low, high}
    return numbers


def _value(number: str) -> int:
    if number[0].isdecimal():
        return int(re.sub(r"\D", "", number))
    values = [_ROMAN[letter] for letter in number]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def numbered(frame: pl.DataFrame, field: str) -> pl.DataFrame:
    """The rows whose `field` names tables, once for each that it names, with its `number`."""
    found = frame.filter(pl.col(field).str.contains(r"(?i)\btab"))
    numbers = [sorted(table_numbers(text)) for text in found[field]]
    return found.with_columns(pl.Series("number", numbers, pl.List(pl.Int32))).explode("number").drop_nulls("number")
