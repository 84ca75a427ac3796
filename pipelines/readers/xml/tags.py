"""Cuts XML text at its markup, and gives each tag a name and a byte of flags.

Works on single tags of well-formed XML. How tags nest, and where they are in the source, is in `element_tree`.

The flags of a tag are one byte, because an article has some 8,000 tags and whole lists of bytes are searched and
translated at once:

    bit   flag              set for
    0     STARTS            start tags and empty elements
    1     ENDS              end tags and empty elements; neither bit is set for comments, instructions and CDATA marks
    2     IS_INLINE         elements of INLINE
    3     SEPARATES_WORDS   tags at which a word of prose ends: see BREAKS and APART
    4     IS_LINE_BREAK     <break/>, at which a word of a reference ends as well

Whether a blank separates two texts of a reference depends on the first and the last tag between them:

    first tag                last tag                     separation         example
    <break/>, or any         any, or <break/>             ALWAYS             Bone<break/>Suppl.
    end of an inline one     start of an inline one       UNLESS_ALL_INLINE  H<sub>2</sub><b>O</b>
    end of an element        start of an element          ALWAYS             <year>2001</year><volume>7</volume>
    any other                any other                    NEVER              <fpage>1</fpage>–<lpage>9</lpage>

UNLESS_ALL_INLINE: a blank, unless all tags from the first to the last are of inline elements.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5

STARTS = 0b00001
ENDS = 0b00010
IS_INLINE = 0b00100
SEPARATES_WORDS = 0b01000
IS_LINE_BREAK = 0b10000
_ALL_FLAGS = range(0b100000)
_KIND = STARTS | ENDS

INLINE = frozenset(
    (
        *("bold", "italic", "sub", "sup", "sc", "underline", "overline", "monospace", "roman", "sans-serif", "strike"),
        *("styled-content", "named-content", "xref", "ext-link", "uri", "email", "abbrev", "x", "inline-formula"),
    )
)
"""Elements that never separate words."""

BREAKS = frozenset(
    (
        *("break", "p", "title", "subtitle", "label", "caption", "sec", "attrib", "td", "th", "tr", "entry", "row"),
        *("list", "list-item", "def-list", "def-item", "term", "def", "disp-quote", "disp-formula", "boxed-text"),
        *("verse-group", "verse-line", "statement", "speech", "tex-math", "chem-struct-wrap", "fn-group"),
        *("institution", "country", "addr-line", "city", "state", "postal-code", "funding-source", "award-id"),
        # Of TEI: a heading, a cell, a division, a description of a figure, a sentence.
        *("head", "cell", "div", "figDesc", "s"),
    )
)
"""Elements that are separated from the words before and after them, even if the XML has no blank there."""

APART = frozenset(
    (
        *("fn", "fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "media", "graphic"),
        *("inline-graphic", "alt-text", "long-desc", "object-id", "index-term", "annotation", "annotation-xml"),
        *("target", "permissions", "institution-id"),
    )
)
"""Elements that do not belong to the text around them: floats, footnotes, descriptions of pictures, identifiers."""

# The mark of a footnote is attached to a word, so its end does not separate.
_SEPARATING_ENDS = BREAKS | APART - {"fn"}

NEVER, ALWAYS, UNLESS_ALL_INLINE = 0, 1, 2


def _separation(first: int, last: int) -> int:
    if (first | last) & IS_LINE_BREAK:
        return ALWAYS
    if first & _KIND != ENDS or not last & STARTS:
        return NEVER
    return UNLESS_ALL_INLINE if first & last & IS_INLINE else ALWAYS


SEPARATION = tuple(bytes(_separation(first, last) for last in _ALL_FLAGS) for first in _ALL_FLAGS)
"""`SEPARATION[first][last]`: how two texts of a reference are separated, by the flags of the tags next to them."""

IS_BLOCK = bytes(bool(flags & _KIND) and not flags & IS_INLINE for flags in _ALL_FLAGS)
"""`IS_BLOCK[flags]`: 1 for the tag of an element that is not inline."""

OPENS, CLOSES, STAYS = 1, 2, 3
NESTING = bytes({STARTS: OPENS, ENDS: CLOSES}.get(flags & _KIND, STAYS) for flags in range(256))
"""A table for `bytes.translate`, from flags to the effect of a tag on nesting. 0 is not used: it marks what to skip."""

_PROLOG = re.compile(
    r"""(?:[ \t\r\n]++ | <\?.*?\?> | <!--.*?-->
      | <!DOCTYPE (?: [^\[>"']++ | "[^"]*+" | '[^']*+' )*+
        (?: \[ (?: [^\]"'<]++ | "[^"]*+" | '[^']*+' | <!--.*?--> | <\?.*?\?> | < )*+ \] \s*+ )?+ >
    )*+""",
    re.DOTALL | re.VERBOSE,
)
_MARKUP = re.compile(r"(<[^>]*>)")
_AWKWARD_MARKUP = re.compile(
    r"""( <!--.*?--> | <!\[CDATA\[.*?\]\]> | <\?.*?\?>
        | <[^!?>"'][^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+> )""",
    re.DOTALL | re.VERBOSE,
)
_PLAIN_MARKUP = re.compile(
    r"""(?: <[^<>"'!?]++ (?: (?:"[^<>"]*+"|'[^<>']*+') [^<>"']*+ )*+ >
      | <\?[^<>]*+(?<=\?)> | <!--(?:[^<>-]|-(?!-))*+--> )*+""",
    re.VERBOSE,
)
"""Tags, processing instructions and comments that end at the first '>' in them."""
_ATTRIBUTE = re.compile(r"""([^\s="'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PLAIN_ATTRIBUTE = re.compile(r'([^\s="/]+)\s*=\s*"([^"]*)"')
CHARACTER_REFERENCE = re.compile(r"(&[^;]*;)")
CDATA = "<![CDATA["
_CDATA_END = "]]>"


def split_markup(source: str) -> tuple[list[str], set[str], int]:
    """Cut XML into `[text, tag, text, …, tag, text]`.

    Returns these parts, the distinct tags among them, and the offset of the first part in the source: the prolog
    (declaration, DOCTYPE) is left out. `<![CDATA[x]]>` is cut into the tag `<![CDATA[`, the text `x` and the tag `]]>`.
    """
    prolog = _PROLOG.match(source)
    offset = prolog.end() if prolog else 0
    parts = _MARKUP.split(source[offset:])
    distinct = set(parts[1::2])
    if not _PLAIN_MARKUP.fullmatch("".join(distinct)):
        parts = _split_cdata(_AWKWARD_MARKUP.split(source[offset:]))
        distinct = set(parts[1::2])
    return parts, distinct, offset


def _split_cdata(parts: list[str]) -> list[str]:
    result: list[str] = []
    for number, part in enumerate(parts):
        if number % 2 and part.startswith(CDATA):
            result += (CDATA, part[len(CDATA) : -len(_CDATA_END)], _CDATA_END)
        else:
            result.append(part)
    return result


def read_tag(tag: str) -> tuple[str, int]:
    """Name and flags of a tag: the name without prefix, '/' for an end tag, '' for comments, instructions and CDATA."""
    name, flags = _read_first_word(tag.split(None, 1)[0])
    return (name, flags | ENDS) if flags & _KIND == STARTS and tag[-2] == "/" else (name, flags)


@lru_cache(maxsize=4096)
def _read_first_word(word: str) -> tuple[str, int]:
    """Name and flags of a tag from its first word, as if it were not an empty element."""
    sign = word[1:2]
    if word[0] != "<" or sign in "!?":
        return "", 0
    is_end = sign == "/"
    name = word.strip("</>").rpartition(":")[2]
    flags = IS_INLINE if name in INLINE else 0
    if name in (_SEPARATING_ENDS if is_end else BREAKS):
        flags |= SEPARATES_WORDS
    if name == "break":
        flags |= IS_LINE_BREAK
    return ("/", flags | ENDS) if is_end else (name, flags | STARTS)


def read_attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag by name without prefix, character references resolved; empty values are left out."""
    if ":" in tag or "'" in tag or "&" in tag:
        pairs = [
            (name.rpartition(":")[2], _resolve_all(double or single))
            for name, double, single in _ATTRIBUTE.findall(tag)
        ]
    else:
        pairs = _PLAIN_ATTRIBUTE.findall(tag)
    return {name: value for name, value in pairs if value and not value.isspace()}


def resolve_reference(reference: str) -> str:
    """The characters of a reference (`&#x2013;`, `&ndash;`); the reference itself if no standard entity set has it."""
    if reference.startswith("&#x"):
        return chr(int(reference[3:-1], 16))
    if reference.startswith("&#"):
        return chr(int(reference[2:-1]))
    return html5.get(reference[1:], reference)


def _resolve_all(value: str) -> str:
    return CHARACTER_REFERENCE.sub(lambda match: resolve_reference(match[0]), value) if "&" in value else value
