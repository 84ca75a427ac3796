"""The printed styles a reference can be written back in.

A style is a row of punctuation: it holds none of the reference's words. Writing the parsed fields in the style of a
string and getting the string again is the proof that nothing was lost and nothing put in the wrong field; where no
style of the table does it, the parse is not called exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.document import ReferenceFields, ReferenceName

UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Style:
    """Punctuation that stands before (`volume`, `pages`, …) or around (`journal`, `year`) each field.

    `year_first` tells that the year stands behind the authors and not in the locator.
    """

    name: str
    journal: tuple[str, str]
    year: tuple[str, str]
    volume: str
    pages: str
    year_first: bool = False
    initials: str = ""
    name_comma: str = " "
    between: str = ", "
    last: str = ", "
    et_al: str = ", et al."
    after_authors: str = ". "
    dash: str = "–"
    doi: str = " doi: "
    after_doi: str = ""
    end: str = "."


_BASES = (
    Style("sage", (" *", "*"), (" ", ""), "; ", ": ", last=" and ", et_al=", et al.", doi=" DOI: ", after_doi="."),
    Style("vancouver", (" ", ""), (" ", ""), ";", ":"),
    Style("vancouver_spaced", (" ", ""), (" ", ""), ";", ": "),
    Style("year_in_brackets", (" ", ""), (" (", ")"), " ", ":"),
    Style("author_year", (" ", ""), (" (", ") "), " ", ": ", year_first=True, after_authors=""),
    Style("author_year_tight", (" ", ""), (" (", ") "), " ", ":", year_first=True, after_authors=""),
    Style("author_year_bare", (" ", ""), (" ", " "), " ", ":", year_first=True, after_authors=""),
    Style("author_year_bare_comma", (" ", ""), (" ", " "), " ", ", ", year_first=True, after_authors=""),
    *(
        Style(name, (" ", ""), (" (", "). "), " ", pages, year_first=True, initials=". ", after_authors="")
        for name, pages in (("frontiers", " "), ("frontiers_comma", ", "), ("frontiers_colon", ":"))
    ),
    Style(
        "apa",
        (" ", ","),
        (" (", "). "),
        " ",
        ", ",
        year_first=True,
        initials=". ",
        name_comma=", ",
        last=", & ",
        after_authors="",
    ),
    Style(
        "acs",
        (" ", ""),
        (" ", ""),
        ", ",
        ", ",
        initials=". ",
        between="; ",
        last="; ",
        et_al="; et al.",
        after_authors=" ",
    ),
)


def _variants() -> Iterator[Style]:
    for base in _BASES:
        opening, closing = base.journal
        for stop in ("", ".") if closing in {"", "."} and base.name != "sage" else ("",):
            for dash in ("–", "-"):
                name = base.name + ("+journal_stop" if stop else "") + ("+hyphen" if dash == "-" else "")
                style = replace(base, name=name, journal=(opening, closing + stop), dash=dash)
                yield style
                yield replace(style, name=name + "+open_end", end="")


STYLES = {style.name: style for style in _variants()}
_BY_FORM: dict[tuple[bool, str, str, str, bool, bool], list[Style]] = {}
for _style in STYLES.values():
    _stops = (_style.journal[1][-1:] == ".", _style.end == ".")
    _form = (_style.year_first, _style.name_comma, _style.initials, _style.dash, *_stops)
    _BY_FORM.setdefault(_form, []).append(_style)


def render(fields: ReferenceFields, style: Style) -> str:
    """`fields` written in `style`; a field that is None leaves out the punctuation that belongs to it."""
    parts = [_authors(fields, style)]
    year = f"{style.year[0]}{fields.year}{style.year[1]}" if fields.year is not None else ""
    if style.year_first:
        parts.append(year)
    if fields.authors:
        parts.append(" " if style.after_authors == ". " and parts[0][-1:] == "." else style.after_authors)
    if fields.title is not None:
        parts.append(fields.title)
        if fields.journal is not None:
            parts.append("" if fields.title[-1:] in {"?", "!"} else ".")
    if fields.journal is not None:
        parts.append(style.journal[0] + fields.journal + style.journal[1])
    if fields.is_ahead_of_print:
        if fields.note is not None:
            parts.append(f". {fields.note}")
    else:
        if not style.year_first:
            parts.append(year)
        parts.append(_locator(fields, style))
        if fields.note is not None:
            parts.append(f" [{fields.note}]")
    if fields.doi is None and fields.pmid is None:
        parts.append(style.end)
        return "".join(parts)
    parts.append(".")
    if fields.doi is not None:
        parts.append(style.doi + fields.doi + style.after_doi)
    if fields.pmid is not None:
        parts.append(" " + fields.pmid)
    return "".join(parts)


def _locator(fields: ReferenceFields, style: Style) -> str:
    text = ""
    if fields.volume is not None:
        text = style.volume + fields.volume
    if fields.issue is not None:
        text += f"({fields.issue})"
    if fields.first_page is not None:
        text += style.pages + fields.first_page
    if fields.last_page is not None:
        text += style.dash + fields.last_page
    return text


def _authors(fields: ReferenceFields, style: Style) -> str:
    names = [_name(name, style) for name in fields.authors]
    if fields.authors_truncated:
        return style.between.join(names) + style.et_al
    if len(names) < 2:
        return "".join(names)
    return style.between.join(names[:-1]) + style.last + names[-1]


def _name(name: ReferenceName, style: Style) -> str:
    if name.initials is None:
        return name.surname
    initials = style.initials.join(name.initials) + style.initials.rstrip() if style.initials else name.initials
    text = name.surname + style.name_comma + initials
    return f"{text} {name.suffix}" if name.suffix is not None else text


def recognise(
    text: str, fields: ReferenceFields, *, year_first: bool, pages: str | None, dash: str | None, journal_stop: bool
) -> str | None:
    """The name of the style in which `fields` written out give `text`; None where there is none.

    What is told of the string leaves one style to try, or a few: whether the year stands behind the authors, what is
    printed before the first and between the two pages, and whether a full stop follows the journal.
    """
    if fields.authors and fields.authors[0].initials is not None:
        behind_surname = fields.authors[0].name.removeprefix(fields.authors[0].surname)
        form = (", " if "," in behind_surname else " ", ". " if "." in behind_surname else "")
    else:
        form = (" ", "")
    ends_in_stop = text[-1:] == "." or fields.doi is not None or fields.pmid is not None
    for style in _BY_FORM.get((year_first, *form, dash or "–", journal_stop, ends_in_stop), ()):
        if (pages is None or style.pages == pages) and render(fields, style) == text:
            return style.name
    return None
