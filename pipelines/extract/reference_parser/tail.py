"""Reads the end of a reference, after the printed locator: identifiers, addresses and remarks.

All of it is cut off before the locator is read, so that the locator is always the last part of the remainder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM_IDENTIFIER = r"[^\s\"<>]{1,80}<\d{1,6}::[A-Z]{2,6}-[^\s<>]{1,20}>[^\s\"<>]{1,40}"
_DOI = re.compile(
    rf"10\.\s?\d{{4,9}}/\s?(?:(?:\(SICI\)|\(sici\))[^\s\"]{{1,200}}|{_ITEM_IDENTIFIER}|[^\s\"<>]{{1,200}})"
    r"(?:(?<=[-_/]) (?:\d|[a-z]+\d)[^\s\"<>]{0,60}|(?<=[a-z]\.) (?:[a-z]{1,12}\.)?\d{4}\.\d[^\s\"<>]{0,60})?"
)
"""Angle brackets end an address, except in DOIs that contain an old item identifier (SICI).

A line end in the middle of a DOI is often printed as a blank: `10.1007/s10658- 013-0193-8`, `10.1016/j. jff.2014.10.3`.
"""
_GLUED_PMID = re.compile(r"(?<!\.(?:19|20)\d\d)\.(?P<pmid>[1-9]\d{6,7})$")
"""A PMID that only a full stop separates from the DOI before it."""
_LETTER_AND_DIGIT = re.compile(r"[A-Za-z].{0,200}\d|\d[-.]\d+[-.]\d")
_PMID = re.compile(r"\b(?:PubMed(?: PMID)?|PMID)\b[\s:]{0,3}(\d{1,9})\b", re.IGNORECASE)
_BARE = re.compile(
    r"(?:(?<=\d\.)\d{4}-\d{3}[\dX](?: (?P<pmid_after_issn>\d{6,8}))?|(?<=[\s.])(?<!\bp\.)(?P<pmid>\d{6,8}))[.\s]*$"
)
"""Identifiers without a label: a PMID, an ISSN directly after the last page, or both."""
_PAGES = re.compile(r":\s?[A-Za-z]?\d{1,6}(?:[–-][A-Za-z]?\d{1,6})?\s$")
"""Pages after a colon, which end a locator: a number that only a blank separates from them is a PMID."""
_LINKS = re.compile(
    r"(?=[10DdhwPpRACGVEF(\[])"  # saves four fifths of the time
    r"(?:\b(?:(?:[Dd]oi|DOI)\b[\s:.]{0,3}(?=10\.|http)|https?:|www\.|(?:PubMed Central )?PMC?ID\b"
    r"|Retrieved(?: \w+ \d{1,2}, \d{4},)? from\b|Accessed (?:on|\d|[A-Z])"
    r"|Available (?:at|from|online|via|through)\b|Available: )"
    r"|(?<![\w/])10\.\s?\d{4,9}/|(?<![:(] )\bpii: ?S\d{4}"
    r"|(?<=[.\])\d] )\[?(?:PubMed|CrossRef|Crossref|Google Scholar|View Article|FREE Full)\b"
    r"|(?<=\d\. )\(?(?:Erratum|Correction|Retraction|Comment|Reprinted) (?:in|of|for|on|appears)\b)"
)
_GLUED_LINK = re.compile(r"(?:PubMed|Google ?Scholar|Cross[Rr]ef|Medline|View Article)")
_FINAL_YEAR = re.compile(r",\s(?P<year>(?:1[89]|20)\d\d)[a-z]?[.\s]*$")
_AHEAD = re.compile(
    r"[(\[]?(\b(?:Epub|Online|E-?pub|Published online|Published) ahead of print\b"
    r"|\bAdvance online publication\b)"
    r"(?:[ ,:]*(?:\d{1,2} )?(?:[A-Z][a-z]{2,8}\.? )?(?:\d{1,2}, )?(?P<year>(?:1[89]|20)\d\d)"
    r"(?: [A-Z][a-z]{2,8}\b)?(?: \d{1,2}\b)?)?[)\]]?",
    re.IGNORECASE,
)
_PENDING = re.compile(r"[\s.,;(]([Ii]n press|[Ff]orthcoming|Epub \d{4}[ /\w-]{0,12})[).\s]*$")
_LANGUAGE = re.compile(
    r"[\[(]\s*((?:(?:Article|Paper|Text|Book) )?[Ii]n (?P<language>[A-Z][a-z]+)\b[^\[\]()]{0,60})[\])]"
)

# Languages in which medical and life-science journals print, after ISO 639-1 (Library of Congress, code list).
_LANGUAGE_CODES = {
    "afrikaans": "af", "albanian": "sq", "arabic": "ar", "armenian": "hy", "azerbaijani": "az", "basque": "eu",
    "belarusian": "be", "bosnian": "bs", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi", "french": "fr",
    "galician": "gl", "georgian": "ka", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu",
    "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it", "japanese": "ja", "kazakh": "kk",
    "korean": "ko", "latin": "la", "latvian": "lv", "lithuanian": "lt", "macedonian": "mk", "malay": "ms",
    "mongolian": "mn", "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "slovak": "sk", "slovenian": "sl", "spanish": "es", "swedish": "sv",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi", "welsh": "cy",
}  # fmt: skip

_WINDOW = 160
"""Characters before the part already cut off that are searched for a remark."""

_LANGUAGE_WORD = re.compile(r"(?<=[\d)][.;] )([A-Z][a-z]+)\.?\s*$")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tail:
    """The part cut off, which begins at `start`. `year` is the year after a DOI, or that of an ahead-of-print date."""

    start: int
    doi: Place | None
    pmid: Place | None
    note: Place | None
    language: str | None
    is_ahead_of_print: bool
    year: Place | None


def read_tail(text: str) -> Tail:
    """The identifiers, addresses and remarks at the end of `text`."""
    start = len(text)
    doi = pmid = None
    if "10." in text and (doi_match := _DOI.search(text)) is not None:
        doi, pmid = _split_doi(text, doi_match.start(), doi_match.end())
    links = _LINKS.search(text) if _may_have_links(text) else None
    if links is not None:
        start = links.start()
        while start > 0 and text[start - 1] in " ,;:.[(":
            start -= 1
        if (pmid_match := _PMID.search(text, start)) is not None:
            pmid = pmid_match.span(1)
    ending = text[-10:].rstrip(". ")
    if pmid is None and (ending[-6:].isdigit() or ending[-5:-4] == "-"):
        bare = _BARE.search(text, max(0, len(text) - 22))
        if (
            bare is not None
            and (doi is None or bare.start() >= doi[1])
            and (
                bare.start() >= start
                or text[: bare.start()].rstrip()[-1:] in {".", ";", "]"}
                or _PAGES.search(text, max(0, bare.start() - 20), bare.start()) is not None
            )
        ):
            group = "pmid" if bare["pmid"] else "pmid_after_issn"
            pmid = bare.span(group) if bare[group] else None
            start = min(start, bare.start())
    if text[start - 3 : start].rstrip(" .")[-2:] == "()":
        start = text.rindex("()", 0, start)

    final_year = _FINAL_YEAR.search(text, max(start, len(text) - 10)) if links is not None else None
    note: Place | None = None
    language: str | None = None
    window = max(0, start - _WINDOW)
    if text.find("[", window) >= 0 or text.find("(in ", window) >= 0 or text.find("(In ", window) >= 0:
        for match in _LANGUAGE.finditer(text, window, start):
            code = _LANGUAGE_CODES.get(match["language"].lower())
            if code is not None and not text[match.end() : start].strip(" .,;"):
                note, language, start = match.span(1), code, match.start()
                break
    has_final_word = text[max(0, start - 3) : start].rstrip(". ")[-1:].isalpha()
    if has_final_word and note is None and (word := _LANGUAGE_WORD.search(text, max(0, start - 24), start)) is not None:
        language = _LANGUAGE_CODES.get(word[1].lower())
        note, start = (word.span(1), word.start()) if language is not None else (None, start)
    ahead = None
    year = final_year.span("year") if final_year is not None else None
    if "head of " in text or "nline publication" in text:
        ahead = _AHEAD.search(text, max(0, start - 2 * _WINDOW), start)
    if ahead is not None:
        year = ahead.span("year") if ahead["year"] else year
    elif "n press" in text or "orthcoming" in text or "Epub" in text:
        pending = _PENDING.search(text, max(0, start - 32), start)
        if pending is not None:
            note, start = note or pending.span(1), pending.start()
    if ahead is not None:
        end = ahead.end()
        while text[end - 1] in ")]":
            end -= 1
        note, start = note or (ahead.start(1), end), min(start, ahead.start())
    return Tail(start, doi, pmid, note, language, ahead is not None, year)


def find_language(note: str) -> str | None:
    """The language that a note states, `(In Japanese)`; None if it states none."""
    match = _LANGUAGE.search(note) or _LANGUAGE.search(f"({note})")
    return _LANGUAGE_CODES.get(match["language"].lower()) if match is not None else None


def _may_have_links(text: str) -> bool:
    """A quick test that spares most strings the search for links."""
    return (
        "10." in text
        or "http" in text
        or "www." in text
        or "PM" in text
        or "Pub" in text
        or "Retrieved" in text
        or "Accessed" in text
        or "Available" in text
        or "CrossRef" in text
        or "Scholar" in text
        or "Erratum" in text
        or "Comment" in text
        or "Correct" in text
        or "Retract" in text
        or "Reprinted" in text
    )


def _split_doi(text: str, start: int, end: int) -> tuple[Place, Place | None]:
    """The DOI in `text[start:end]`, and the PMID if only a full stop separates it from the DOI at the end of `text`.

    A DOI may itself end with a number of this length: then it has no letter before digits (`10.1371/journal.pone.…`),
    a year before the number, or nothing but one or two numbers (`10.1145/1282280.1282340`).
    """
    if text[end - 1].isalpha() and (link := _GLUED_LINK.search(text, start, end)) is not None:
        end = link.start()
    end = _find_doi_end(text, start, end)
    may_be_glued = text[end - 7 : end].isdigit() and not text[end:].strip(" .")
    glued = _GLUED_PMID.search(text, start, end) if may_be_glued else None
    if glued is not None and _LETTER_AND_DIGIT.search(text, text.index("/", start), glued.start()) is not None:
        return (start, glued.start()), glued.span("pmid")
    return (start, end), None


def _find_doi_end(text: str, start: int, end: int) -> int:
    """The end of the DOI without trailing punctuation and without a closing bracket that it does not open."""
    while end > start:
        last = text[end - 1]
        if last in ".,;:'’”*" or (
            last in ")]" and text.count(last, start, end) > text.count("(" if last == ")" else "[", start, end)
        ):
            end -= 1
        else:
            break
    return end
