"""The printed styles in which parsed references are written back.

A style consists of punctuation only. If the parsed fields, written in a style, reproduce the original string, no word
was lost or assigned to the wrong field; if no style reproduces it, the parse is not exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.document import ReferenceFields, ReferenceName

UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Style:
    """The punctuation before (`volume`, `pages`, …) or around (`journal`, `year`) each field.

    `is_year_first` says that the year follows the authors instead of being part of the locator.
    """

    name: str
    journal: tuple[str, str]
    year: tuple[str, str]
    volume: str
    pages: str
    is_year_first: bool = False
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
    Style("author_year", (" ", ""), (" (", ") "), " ", ": ", is_year_first=True, after_authors=""),
    Style("author_year_tight", (" ", ""), (" (", ") "), " ", ":", is_year_first=True, after_authors=""),
    Style("author_year_bare", (" ", ""), (" ", " "), " ", ":", is_year_first=True, after_authors=""),
    Style("author_year_bare_comma", (" ", ""), (" ", " "), " ", ", ", is_year_first=True, after_authors=""),
    *(
        Style(name, (" ", ""), (" (", "). "), " ", pages, is_year_first=True, initials=". ", after_authors="")
        for name, pages in (("frontiers", " "), ("frontiers_comma", ", "), ("frontiers_colon", ":"))
    ),
    Style(
        "apa",
        (" ", ","),
        (" (", "). "),
        " ",
        ", ",
        is_year_first=True,
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


def _generate_variants() -> Iterator[Style]:
    for base in _BASES:
        opening, closing = base.journal
        for stop in ("", ".") if closing in {"", "."} and base.name != "sage" else ("",):
            for dash in ("–", "-"):
                name = base.name + ("+journal_stop" if stop else "") + ("+hyphen" if dash == "-" else "")
                style = replace(base, name=name, journal=(opening, closing + stop), dash=dash)
                yield style
                yield replace(style, name=name + "+open_end", end="")


STYLES = {style.name: style for style in _generate_variants()}
_BY_FORM: dict[tuple[bool, str, str, str, bool, bool], list[Style]] = {}
for _style in STYLES.values():
    _stops = (_style.journal[1][-1:] == ".", _style.end == ".")
    _form = (_style.is_year_first, _style.name_comma, _style.initials, _style.dash, *_stops)
    _BY_FORM.setdefault(_form, []).append(_style)


def render(fields: ReferenceFields, style: Style) -> str:
    """`fields` written in `style`; the punctuation of a field that is None is left out."""
    parts = [_render_authors(fields, style)]
    year = f"{style.year[0]}{fields.year}{style.year[1]}" if fields.year is not None else ""
    if style.is_year_first:
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
        if not style.is_year_first:
            parts.append(year)
        parts.append(_render_locator(fields, style))
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


def _render_locator(fields: ReferenceFields, style: Style) -> str:
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


def _render_authors(fields: ReferenceFields, style: Style) -> str:
    names = [_render_name(name, style) for name in fields.authors]
    if fields.authors_truncated:
        return style.between.join(names) + style.et_al
    if len(names) < 2:
        return "".join(names)
    return style.between.join(names[:-1]) + style.last + names[-1]


def _render_name(name: ReferenceName, style: Style) -> str:
    if name.initials is None:
        return name.surname
    initials = style.initials.join(name.initials) + style.initials.rstrip() if style.initials else name.initials
    text = name.surname + style.name_comma + initials
    return f"{text} {name.suffix}" if name.suffix is not None else text


def recognise_style(
    text: str,
    fields: ReferenceFields,
    *,
    is_year_first: bool,
    pages: str | None,
    dash: str | None,
    has_journal_stop: bool,
) -> str | None:
    """The name of the style in which `fields` reproduce `text`; None if no style does.

    The other arguments describe the string and leave only a few styles to try: whether the year follows the authors,
    the punctuation before the first page (`pages`) and between the two pages (`dash`), and whether a full stop follows
    the journal. `pages` and `dash` are None if no pages are printed.
    """
    if fields.authors and fields.authors[0].initials is not None:
        after_surname = fields.authors[0].name.removeprefix(fields.authors[0].surname)
        form = (", " if "," in after_surname else " ", ". " if "." in after_surname else "")
    else:
        form = (" ", "")
    has_final_stop = text[-1:] == "." or fields.doi is not None or fields.pmid is not None
    for style in _BY_FORM.get((is_year_first, *form, dash or "–", has_journal_stop, has_final_stop), ()):
        if (pages is None or style.pages == pages) and render(fields, style) == text:
            return style.name
    return None
