"""Identifiers, addresses, languages and years in the form in which they are published.

Values are typed by hand: `doi: http://dx.doi.org/10.1000/x`, `26932913.`, `EN`. Each function returns the value in its
published form, or None if the given value does not contain one; nothing is guessed or looked up.
"""

from __future__ import annotations

import re

_DOI = re.compile(
    r"10\.\s?[0-9]{4,9}/\s?\S+"
    r"(?:(?<=[-_/])\s(?:[0-9]|[a-z]+[0-9])\S*|(?<=[a-z]\.)\s(?:[a-z]{1,12}\.)?[0-9]{4}\.[0-9]\S*)?"
)
"""A DOI; a line end in the middle of it, after punctuation, is often a blank."""
_PMID = re.compile(r"(?:pmid|pubmed)?[\s:.#]{0,9}([0-9]{1,9})[\s.,;]{0,9}", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]]{1,64}@[^\s@,;:<>()\[\]]{0,254}[^\s@,;:<>()\[\].]")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].{0,30})?")
_YEARS = range(1500, 2101)


def normalise_doi(value: str) -> str | None:
    """The DOI without a resolver or label before it and without a blank inside it."""
    match = _DOI.search(value)
    return "".join(match.group().split()) if match else None


def normalise_pmid(value: str) -> str | None:
    """The PubMed id without label and punctuation."""
    match = _PMID.fullmatch(value.strip())
    return match.group(1) if match else None


def normalise_email(value: str) -> str | None:
    """The first e-mail address in the value."""
    match = _EMAIL.search(value)
    return match.group() if match else None


def normalise_language(value: str) -> str | None:
    """The language of a tag (`EN`, `pt-BR`) in lower case, without script and region."""
    match = _LANGUAGE.fullmatch(value.strip())
    return match.group(1).lower() if match else None


def normalise_year(value: int) -> int | None:
    """The year, if it is a plausible year of publication."""
    return value if value in _YEARS else None
