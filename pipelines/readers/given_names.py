"""Initials of given names as they are printed or tagged: `J. M.`, `JM`, `Jean-Marie` and `Jean M` all give `JM`."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"[^\s.\-‐‑–]+")
_MAX_INITIALS = 6


def initials_of(given: str | None, surname: str) -> str | None:
    """The initials of given names; None if there are none.

    Up to four capitals are initials, not a name. Five or six are (`AEMMR`) unless the surname is in capitals as well.
    """
    if given is None:
        return None
    if given.isupper() and given.isalpha() and len(given) <= _MAX_INITIALS and not surname.isupper():
        return given
    return _take_first_letters(given)


@lru_cache(maxsize=4096)
def _take_first_letters(given: str) -> str | None:
    parts = _PART.findall(given)
    letters = "".join(part if part.isupper() and len(part) < 5 else part[0] for part in parts)
    return letters or None
