"""The shapes that identifiers, addresses, languages and years are published in, found in what a source gives for them.

Tags are filled by hand: `doi: http://dx.doi.org/10.1000/x`, `26932913.`, `EN`. Each function gives the value in its
shape, or None where the words hold none; nothing is guessed or looked up.
"""

from __future__ import annotations

import re

_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_PMID = re.compile(r"(?:pmid|pubmed)?[\s:.#]{0,9}([0-9]{1,9})[\s.,;]{0,9}", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]]{1,64}@[^\s@,;:<>()\[\]]{0,254}[^\s@,;:<>()\[\].]")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].{0,30})?")
_YEARS = range(1500, 2101)


def doi(value: str) -> str | None:
    """The DOI without what stands before it: a resolver, a label."""
    found = _DOI.search(value)
    return found.group() if found else None


def pmid(value: str) -> str | None:
    """The PubMed id without label and punctuation."""
    found = _PMID.fullmatch(value.strip())
    return found.group(1) if found else None


def email(value: str) -> str | None:
    """The first e-mail address in the words."""
    found = _EMAIL.search(value)
    return found.group() if found else None


def language(value: str) -> str | None:
    """The language of a tag (`EN`, `pt-BR`) in small letters, without script and region."""
    found = _LANGUAGE.fullmatch(value.strip())
    return found.group(1).lower() if found else None


def year(value: int) -> int | None:
    """The year, where it can be one in which something was printed."""
    return value if value in _YEARS else None
