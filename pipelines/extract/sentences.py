"""Splits a paragraph into sentences. Joining a paragraph that a page break cuts is left to the readers."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = r"(?:\^\{[^{}]{0,200}\}|\^\d{1,4}|[⁰¹²³⁴⁵⁶⁷⁸⁹](?:[⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒,–]{0,200}[⁰¹²³⁴⁵⁶⁷⁸⁹])?)"
_BRACKETS = r"(?:\s?\[\s?\d{1,4}[\d,;–\- ]{0,200}\])"
_END = re.compile(rf"([.!?…]{{1,3}})([\"'”’)\]}}]{{0,3}})({_BRACKETS}{{1,4}}|{_MARK}{{0,4}})(\s+)(?=(\S{{1,24}}))")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'/–-])(?:et al|e\.g|i\.e|cf|vs?|viz|ca|[Aa]pprox|resp|Figs?|figs?|Refs?|refs?|Eqs?|Nos?|nos?"
    r"|Drs?|Prof|Mr|Mrs|Ms|St|Vol|vol|pp?|Ch|Sec|Suppl|suppl|Tab|spp?|sp|subsp|ssp|var|cv|f|pv|bv|n\.s|a\.k\.a|incl|excl|max|min|temp|est|Inc|Ltd|Co|"
    r"Corp|Jr|Sr|Mt|U\.S|U\.K|i\.v|i\.p|s\.c|p\.o|b\.w|w\.w|d\.w|[A-Z]|[a-z]\.[a-z]|[A-Z]\.[A-Z]|al)$"
)
_END_BEFORE_CITATION = re.compile(r"\S[.!?…][\"'”’)\]]{0,2}$")
_LONGEST = 8
"""One more than the longest abbreviation together with the character before it."""
_NAMED_BY_LETTER = re.compile(
    r"\b(?:vitamins?|hepatitis|influenza|types?|groups?|class|classes|stages?|grades?|phases?|factors?|complex|coenzyme"
    r"|proteins?|tables?|figures?|panels?|immunoglobulin|cytochrome)\s[A-Z]$",
    re.IGNORECASE,
)
_LOWER_NAME = re.compile(r"[a-zα-ω]{1,3}(?:[A-Z]|\d|-[A-Z])")
"""A lower-case word that can begin a sentence: `mTOR`, `p53`, `α-Tocopherol`."""
_CAPTION_LABEL = re.compile(r"(?:Supplementary )?(?:Figure|Fig\.?|Table|Scheme|Box) \w{1,4}", re.IGNORECASE)
_ALWAYS_INNER = re.compile(
    r"(?:^|[\s(\[“\"'/–-])(?:e\.g|i\.e|cf|vs|viz|Figs?|figs?|Refs?|refs?|Eqs?|Drs?|Prof|Mr|Mrs|Ms|St|[Aa]pprox|Vol|vol)$"
)
_SENTENCE_START = re.compile(r"[\"'“‘(\[]{0,2}[^\W_a-z]")

_MAX_WITHOUT_WORD = 80
_WITHOUT_WORD = re.compile(r"(?:\([^()]{0,60}[^().?!]\)|\[[^\[\]]{1,60}\]|[^\w()\[\]]|[\d_]|[^\W\d_](?![^\W\d_]))*")
"""Brackets with what is in them, numbers, single letters and signs."""
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]")

_COMMON_START = re.compile(
    r"(?:The|This|These|Those|It|In|However|Moreover|Furthermore|Thus|Therefore|Although|We|Our|They|There|As|For|Similarly"
    r"|Additionally|Also|Another|An|After|Among|Finally|Hence|To|When|While|Here|Such|Both|Since|Because|On|At|By|With|From"
    r"|Based|Recently|Interestingly|Consequently|Conversely|Overall|Despite)\b"
)
"""Words that begin a new sentence even after an abbreviation that may occur within one."""


def split_sentences(value: str, citations: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The 0-based, half-open offsets of each sentence of a paragraph, without the white space between sentences.

    A citation after the full stop (`… disease.²⁴`, `… disease.^{4,5}`, `… disease. [12]`) belongs to the sentence
    before it. A full stop after an abbreviation, after an initial or inside a number does not end a sentence. A stretch
    without a word is no sentence: an enumerator (`2.`) belongs to the sentence after it, any other stretch
    (`(Table 1) [13].`) to the one before it.

    `citations` are the offsets of citations that the source tags. Numbers printed directly after a full stop are
    recognised by them: `… disease.4, 5 The …`.
    """
    spans = []
    start = len(value) - len(value.lstrip())
    marked = _raise_citations(value, citations) if citations else value
    for match in _END.finditer(marked):
        if _is_sentence_end(marked, match):
            spans.append((start, match.start(4)))
            start = match.end()
    last = len(value.rstrip())
    if start < last:
        spans.append((start, last))
    return _join_stretches_without_words(value, spans)


def _raise_citations(value: str, citations: Sequence[tuple[int, int]]) -> str:
    """The text with each tagged citation directly after a sentence's end, and those after it, as superscript digits."""
    raised: list[tuple[int, int]] = []
    position = -1
    for start, end in citations:
        is_next = position >= 0 and not value[position:start].strip(" ,;–-")
        if not value[start : start + 1].isdigit():
            position = -1
        elif is_next or _END_BEFORE_CITATION.search(value, max(0, start - 4), start):
            raised.append((position if is_next else start, end))
            position = end
        else:
            position = -1
    for start, end in raised:
        value = value[:start] + "¹" * (end - start) + value[end:]
    return value


def _join_stretches_without_words(value: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    enumerator: int | None = None
    for start, end in spans:
        if enumerator is not None:
            joined.append((enumerator, end))
            enumerator = None
        elif end - start > _MAX_WITHOUT_WORD or not _WITHOUT_WORD.fullmatch(value, start, end):
            joined.append((start, end))
        elif _ENUMERATOR.fullmatch(value, start, end):
            enumerator = start
        elif joined:
            joined[-1] = (joined[-1][0], end)
        else:
            enumerator = start
    if enumerator is not None:
        joined.append((enumerator, spans[-1][1]))
    return joined


def _is_sentence_end(value: str, match: re.Match[str]) -> bool:
    place = match.start()
    stop, _, citation, _, following = match.groups()
    is_abbreviated = stop == "." and _ABBREVIATION.search(value, max(0, place - _LONGEST), place) is not None
    before = value[max(0, place - 24) : place]
    if not following[0].isupper() and not _SENTENCE_START.match(following):
        return not is_abbreviated and (bool(citation) or _LOWER_NAME.match(following) is not None)
    if place < 24 and _CAPTION_LABEL.fullmatch(before):
        return False
    if not is_abbreviated or citation or _NAMED_BY_LETTER.search(before):
        return True
    return not _ALWAYS_INNER.search(before) and _is_certain_start(match, before)


def _is_certain_start(match: re.Match[str], before: str) -> bool:
    """Whether a new sentence begins after `et al.`, `spp.` or an initial: only if a typical first word follows."""
    if not _COMMON_START.match(match.group(5)):
        return False
    return not re.search(r"(?:^|[\s(])[A-Z]$", before) or match.group(5) not in ("As", "At", "On")
