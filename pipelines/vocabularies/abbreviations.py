"""Finds the abbreviations that a text defines, such as "stereotactic body radiation therapy (SBRT)".

Takes a text and returns short forms with their long forms. Looking abbreviations up in other texts is done in
`matcher`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PARENTHESIS = re.compile(r"\(([^()]{2,200})\)")
_SHORT_FORM = re.compile(r"[^\W_][^\s()]{1,9}(?: [^\s()]{1,9})?")
_NUMBER_INITIALS = {"1": "o", "2": "t", "3": "t", "4": "f", "5": "f", "6": "s", "7": "s", "8": "e", "9": "n"}
_WORD = re.compile(r"[^\W_]+")


def defined_abbreviations(text: str) -> dict[str, str]:
    """The abbreviations that a text defines, from short form to long form; the first definition of each counts.

    `stereotactic body radiation therapy (SBRT)` and `SBRT (stereotactic body radiation therapy)` both define one. The
    method is that of Schwartz and Hearst, *A simple algorithm for identifying abbreviation definitions in biomedical
    text*, Pac Symp Biocomput 2003: 451-462. Two steps are added: words whose initials spell the short form are tried
    first (`single-session (SS)`), and a digit may abbreviate its number word (`three-dimensional ... (3D...)`).
    Plural short forms are returned in the singular (`RCTs` → `RCT`).
    """
    defined: dict[str, str] = {}
    for bracket in _PARENTHESIS.finditer(text):
        before = text[max(0, bracket.start() - 250) : bracket.start()].rstrip()
        inside = re.split(r"[,;:]", bracket.group(1), maxsplit=1)[0].strip()
        pairs = [(inside, before), (before.rsplit(maxsplit=1)[-1] if before else "", bracket.group(1))]
        for short, words in pairs:
            long = _find_long_form(short, words) if _is_short_form(short) else None
            if long:
                defined.setdefault(_to_singular(short), long)
                break
    return defined


def _is_short_form(short: str) -> bool:
    return (
        2 <= len(short) <= 14
        and _SHORT_FORM.fullmatch(short) is not None
        and sum(character.isalpha() for character in short) > 1
        and any(character.isupper() for character in short)
    )


def _to_singular(short: str) -> str:
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _find_long_form(short: str, words: str) -> str | None:
    """The end of `words` that `short` abbreviates, or None."""
    letters = [character.casefold() for character in _to_singular(short) if character.isalnum()]
    last_sentence = re.split(r"[.;:!?]\s", words)[-1]
    # Limit of Schwartz and Hearst: min(|A| + 5, |A| * 2) words for a short form of |A| letters.
    candidates = list(_WORD.finditer(last_sentence))[-min(len(letters) + 5, len(letters) * 2) :]
    start = _match_initials(letters, candidates)
    if start is None and candidates:
        start = _match_letters(letters, last_sentence, candidates[0].start())
    if start is None:
        return None
    long = last_sentence[start:].strip(" ,'\"\u2018\u2019\u201c\u201d")
    if len(long) <= len(short) or short in _WORD.findall(long):
        return None
    return long


def _match_initials(letters: Sequence[str], words: Sequence[re.Match[str]]) -> int | None:
    """Start of the last words, one per letter, if their initials are the letters."""
    last = words[-len(letters) :]
    if len(last) < len(letters):
        return None
    matches = all(
        word.group()[0].casefold() in (letter, _NUMBER_INITIALS.get(letter))
        for letter, word in zip(letters, last, strict=True)
    )
    return last[0].start() if matches else None


def _match_letters(letters: Sequence[str], text: str, earliest: int) -> int | None:
    """Start of the match if all letters occur in order, matched from the right, the first one at a word start."""
    position = len(text)
    for number in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= earliest and not (
            text[position].casefold() == letters[number]
            and (number > 0 or position == 0 or not text[position - 1].isalnum())
        ):
            position -= 1
        if position < earliest:
            return None
    return position
