"""The forms in which journal names are compared: folded keys, and shorter variants of a name.

Takes names and returns keys. Which journal a key belongs to is told in `journal_index`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ASIDE = re.compile(r"\s*\([^()]{0,200}\)")
_SUBTITLE = re.compile(r"\s?[:=]\s(?!(?:part|sect|section|series)\b)|\s/\s", re.IGNORECASE)
"""A part or section is a journal by itself."""
_SERIES = frozenset({"sect", "section", "ser", "series", "part", "pt"})
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and d da das de del della der des di die do du e ed el et for fur i in l la las le les los of on och og "
        "the to und v van y zur",
    )
)
"""Articles, prepositions and conjunctions in the languages of titles."""

_MAX_NAME_LENGTH = 300


def journal_key(name: str) -> str:
    """A journal name without case, accents, punctuation and a leading `The`, and with `&` read as "and".

    Single letters next to each other are one word: "U.S.A." and "U S A" are "usa".
    """
    spelt = unicodedata.normalize("NFKD", name[:_MAX_NAME_LENGTH].replace("&", " and "))
    letters = "".join(character for character in spelt if not unicodedata.combining(character))
    words = [word for word in re.split(r"[^\w]+", letters.casefold()) if word]
    if words[:1] == ["the"]:
        words = words[1:]
    joined: list[str] = []
    is_open = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and is_open:
            joined[-1] += word
        else:
            joined.append(word)
        is_open = is_letter
    return " ".join(joined)


def shorten_name(name: str) -> Iterator[str]:
    """The name without what is in brackets ("Science (New York, N.Y.)"), and without its subtitle."""
    name = name[:_MAX_NAME_LENGTH]
    plain = _ASIDE.sub("", name)
    for whole in dict.fromkeys((plain, name)):
        if whole != name:
            yield whole
        subtitle = _SUBTITLE.search(whole)
        if subtitle and subtitle.start():
            yield whole[: subtitle.start()]


def content_words(key: str) -> tuple[str, ...]:
    """The words of a key that an abbreviation keeps: without articles, prepositions, "and" and "section"."""
    return tuple(word for word in key.split() if word not in _SMALL_WORDS and word not in _SERIES)
