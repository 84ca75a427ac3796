"""An XML text as flat lists: every tag, every stretch of characters, and where each stands in the source.

lxml gives no offsets, so the text itself is cut at its markup: `texts[k]` stands before `tags[k]`, and a node is the
number of its start tag. Only for text that is known to be well-formed. What the elements mean, beyond which of them
part words, is no concern of this module.

An article has some 8,000 tags. What is done for every tag is therefore done by `map` and its like over whole lists,
what hangs on the words of a tag alone once for all tags that read the same, and what is seldom (comments, references,
white space to collapse) apart from what is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html.entities import html5
from itertools import accumulate, compress, repeat

from pipelines.document import Piece, Text

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
_REFERENCE = re.compile(r"(&[^;]*;)")
_AMPERSAND = re.compile("&")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_WORDS = re.compile(r"[^ \t\r\n]+(?: [^ \t\r\n]+)*")
INLINE = frozenset(
    (
        *("bold", "italic", "sub", "sup", "sc", "underline", "overline", "monospace", "roman", "sans-serif", "strike"),
        *("styled-content", "named-content", "xref", "ext-link", "uri", "email", "abbrev", "x", "inline-formula"),
    )
)
"""Elements whose edges part no words, wherever they stand."""

BREAKS = frozenset(
    (
        *("break", "p", "title", "subtitle", "label", "caption", "sec", "attrib", "td", "th", "tr", "entry", "row"),
        *("list", "list-item", "def-list", "def-item", "term", "def", "disp-quote", "disp-formula", "boxed-text"),
        *("verse-group", "verse-line", "statement", "speech", "tex-math", "chem-struct-wrap", "fn-group"),
        *("institution", "country", "addr-line", "city", "state", "postal-code", "funding-source", "award-id"),
    )
)
"""Elements that stand apart from what is before and after them, though no blank need stand between."""

APART = frozenset(
    (
        *("fn", "fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "media", "graphic"),
        *("inline-graphic", "alt-text", "long-desc", "object-id", "index-term", "annotation", "annotation-xml"),
        *("target", "permissions"),
    )
)
"""Elements that are no part of the text around them: floats, footnotes, descriptions of pictures."""

_SPECIAL = BREAKS | APART | {"alternatives"}
_PARTING_ENDS = BREAKS | APART - {"fn"}
_APART_OR_TEX = APART | {"tex-math"}
_BLANKS = " \t\r\n"
_EMPTY = Text("", ())

_START, _END, _EMPTY_ELEMENT, _KIND = 1, 2, 3, 3
_IS_INLINE, _PARTS_WORDS, _IS_LINE_BREAK = 4, 8, 16
"""The code of a tag: its kind; whether its element is an inline one; whether it parts the words of prose; whether it is
a line break, which parts those of a reference too."""

_NEST = bytes((3, 1, 2, 3)[code & _KIND] for code in range(256))
"""From codes to what a tag does to nesting: 1 opens, 2 closes, 3 neither."""


class Tree:
    """Elements, characters and offsets of one XML text.

    Nodes are numbers: `tags[node]` is the markup, `names[node]` the element's name without prefix ('/' for an end tag,
    '' for a comment or a processing instruction), `closes[node]` the number of its end tag (itself where it is empty),
    `texts[node]` the characters before it, with references resolved.
    """

    __slots__ = (
        "_attributes",
        "_codes",
        "_doubled",
        "_starts",
        "_stranded",
        "_strands",
        "closes",
        "names",
        "source",
        "tags",
        "texts",
    )

    def __init__(self, source: str) -> None:
        prolog = _PROLOG.match(source)
        base = prolog.end() if prolog else 0
        parts = _MARKUP.split(source[base:])
        distinct = set(parts[1::2])
        if not _PLAIN_MARKUP.fullmatch("".join(distinct)):
            parts = _part_cdata(_AWKWARD_MARKUP.split(source[base:]))
            distinct = set(parts[1::2])
        marks = {tag: _marks(tag) for tag in distinct}
        self.source = source
        self.texts = parts[::2]
        self.tags = tags = parts[1::2]
        self.names = list(map({tag: name for tag, (name, _) in marks.items()}.__getitem__, tags))
        self._codes = bytes(map({tag: code for tag, (_, code) in marks.items()}.__getitem__, tags))
        self._starts = list(accumulate(map(len, parts), initial=base))[:-1:2]
        self._strands = self._resolve() if "&" in source else {}
        self._stranded = list(self._strands)
        self.closes = _closes(self._codes)
        self._attributes: dict[str, dict[str, str]] = {}
        self._doubled: set[int] | None = None

    def _resolve(self) -> dict[int, list[tuple[str, int | None]]]:
        """Put the characters into the texts that references (`&#x2013;`) stand for.

        Returns the strands of each text that had any: its characters, and where they stand in the source, None for
        those of a reference.
        """
        texts, starts = self.texts, self._starts
        strands: dict[int, list[tuple[str, int | None]]] = {}
        for ampersand in _AMPERSAND.finditer(self.source, starts[0]):
            number = bisect_right(starts, ampersand.start()) - 1
            text = texts[number]
            if number in strands or "&" not in text or (number and self.tags[number - 1] == _CDATA):
                continue
            strands[number] = []
            start = starts[number]
            for place, part in enumerate(_REFERENCE.split(text)):
                if place % 2:
                    strands[number].append((resolve(part), None))
                elif part:
                    strands[number].append((part, start))
                start += len(part)
            texts[number] = "".join([part for part, _ in strands[number]])
        return strands

    def children(self, node: int) -> Iterator[int]:
        """The elements directly inside `node`, in order."""
        names, closes = self.names, self.closes
        child, end = node + 1, closes[node]
        while child < end:
            if names[child]:
                yield child
            child = closes[child] + 1

    def child(self, node: int, *wanted: str) -> int | None:
        """The first element directly inside `node` that has one of the names."""
        names, closes = self.names, self.closes
        child, end = node + 1, closes[node]
        while child < end:
            if names[child] in wanted:
                return child
            child = closes[child] + 1
        return None

    def find(self, node: int | None, *path: str) -> int | None:
        """The first child of the first child … along `path`; None where `node` or a step is missing."""
        for name in path:
            if node is None:
                return None
            node = self.child(node, name)
        return node

    def inside(self, node: int, name: str) -> list[int]:
        """All elements of this name anywhere inside `node`, in document order."""
        return self.between(node + 1, self.closes[node], name)

    def between(self, first: int, last: int, name: str) -> list[int]:
        """All elements of this name with a number from `first` up to `last`, exclusive."""
        found: list[int] = []
        index = self.names.index
        try:
            while True:
                found.append(index(name, first, last))
                first = found[-1] + 1
        except ValueError:
            return found

    def attributes(self, node: int) -> dict[str, str]:
        """The attributes of `node`, by name without prefix, references resolved; an empty one is none."""
        tag = self.tags[node]
        known = self._attributes.get(tag)
        if known is None:
            known = self._attributes[tag] = _attributes(tag)
        return known

    def start(self, node: int) -> int:
        """Where the start tag of `node` begins in the source."""
        return self._starts[node + 1] - len(self.tags[node])

    def end(self, node: int) -> int:
        """Where the end tag of `node` ends in the source."""
        return self._starts[self.closes[node] + 1]

    def string(self, node: int | None) -> str | None:
        """What `node` reads, white space collapsed; None where there is no node or nothing in it."""
        if node is None:
            return None
        close = self.closes[node]
        if close == node + 1:
            value = self.texts[close]
            if value.isprintable() and value[:1] != " " and value[-1:] != " " and "  " not in value:
                return value or None
        return self.text(node).value or None

    def text(self, node: int) -> Text:
        """What `node` reads, with its pieces."""
        return self.flow(node + 1, self.closes[node] + 1)[0]

    def citation_text(self, first: int, last: int) -> Text:
        """The text of `texts[first:last]` in a reference: a blank parts elements that follow each other directly."""
        starts, strands, codes = self._starts, self._strands, self._codes
        chunks = self.texts[first:last]
        tangled = is_tangled("".join(chunks))
        out: list[str] = []
        found: list[tuple[int, int, int]] = []
        length = 0
        blank = False
        before = first
        for number, chunk in compress(zip(range(first, last), chunks, strict=True), chunks):
            gap = _GAPS[codes[before] << 5 | codes[number - 1]]
            if gap and (gap == 1 or any(map(_OTHER.__getitem__, codes[before:number]))):
                blank = True
            before = number
            if chunk == "\n":
                blank = True
                continue
            for part, begin in strands[number] if number in strands else ((chunk, starts[number]),):
                if begin is None or (part[0] > " " and part[-1] > " " and not (tangled and is_tangled(part))):
                    if blank:
                        if length:
                            out.append(" ")
                            length += 1
                        blank = False
                    size = len(part)
                    if begin is not None:
                        found.append((length, begin, size))
                    out.append(part)
                    length += size
                    continue
                for word, end in _word_spans(part) if tangled else (_inner(part),):
                    if word == end:
                        break
                    start = word
                    if length and (blank or start):
                        if start and part[start - 1] == " ":
                            start -= 1
                        else:
                            out.append(" ")
                            length += 1
                    blank = False
                    found.append((length, begin + start, end - start))
                    out.append(part[start:end])
                    length += end - start
                blank = blank or part[-1] in _BLANKS
        return Text("".join(out), tuple(map(tuple.__new__, repeat(Piece), found)))

    def flow(self, first: int, last: int) -> tuple[Text, Sequence[int]]:
        """The text of `texts[first:last]`, and for each of them, and the end, the offset in its value (-1: left out).

        White space is collapsed as a reader sees it, `APART` elements are left out.
        """
        if last - first < 2:
            value = self.texts[first] if first < last else ""
            if not value:
                return _EMPTY, (0, 0)
            if is_messy(value):
                return self._careful_flow(first, last)
            length = len(value)
            if first in self._strands:
                return Text(value, self._pieces(first, last, (0,), (length,))), (0, length)
            return Text(value, (Piece(0, self._starts[first], length),)), (0, length)
        if not _SPECIAL.isdisjoint(self.names[first : last - 1]):
            return self._careful_flow(first, last)
        chunks = self.texts[first:last]
        value = "".join(chunks)
        if is_messy(value):
            if "\t" not in value and not self._has_strands(first, last):
                flat = value.replace("\n", " ")
                if not is_messy(flat):
                    return _wrapped_flow(flat, chunks, self._starts[first:last])
            return self._careful_flow(first, last)
        lengths = list(map(len, chunks))
        offsets = list(accumulate(lengths, initial=0))
        return Text(value, self._pieces(first, last, offsets, lengths)), offsets

    def _has_strands(self, first: int, last: int) -> bool:
        place = bisect_left(self._stranded, first)
        return place < len(self._stranded) and self._stranded[place] < last

    def _pieces(self, first: int, last: int, offsets: Sequence[int], lengths: Sequence[int]) -> tuple[Piece, ...]:
        """The pieces of a text made of `texts[first:last]` as they are; empty ones are left out.

        Made at one go where no references stand in the texts.
        """
        starts = self._starts[first:last]
        if not self._has_strands(first, last):
            found = compress(zip(offsets, starts, lengths, strict=False), lengths)
            return tuple(map(tuple.__new__, repeat(Piece), found))
        pieces: list[Piece] = []
        for number, offset, start, length in zip(range(first, last), offsets, starts, lengths, strict=False):
            if number not in self._strands:
                if length:
                    pieces.append(Piece(offset, start, length))
                continue
            at = offset
            for part, begin in self._strands[number]:
                if begin is not None:
                    pieces.append(Piece(at, begin, len(part)))
                at += len(part)
        return tuple(pieces)

    def _careful_flow(self, first: int, last: int) -> tuple[Text, Sequence[int]]:
        texts, closes, names, codes = self.texts, self.closes, self.names, self._codes
        offsets = [-1] * (last - first + 1)
        writing = _Writing()
        number = first
        while number < last:
            if number > first:
                before = number - 1
                name = names[before]
                if name in _APART_OR_TEX and closes[before] > before and (name in APART or self._is_doubled(before)):
                    writing.blank = writing.blank or name != "fn"
                    number = closes[before] + 1
                    continue
                if codes[before] & _PARTS_WORDS:
                    writing.blank = True
            offsets[number - first] = writing.length
            if texts[number]:
                self._write(number, writing)
            number += 1
        offsets[last - first] = writing.length
        return writing.text(), offsets

    def _write(self, number: int, writing: _Writing) -> None:
        for part, start in self._strands.get(number) or ((self.texts[number], self._starts[number]),):
            if start is None:
                writing.put(part)
            else:
                writing.add(part, start)

    def _is_doubled(self, formula: int) -> bool:
        """Whether this formula in TeX is one of several forms, another of which is MathML."""
        if self._doubled is None:
            self._doubled = {
                node
                for parent in self.between(0, len(self.names), "alternatives")
                if "math" in self.names[parent : self.closes[parent]]
                for node in self.inside(parent, "tex-math")
            }
        return formula in self._doubled


class _Writing:
    """A text that grows chunk by chunk, its white space collapsed; `blank` says that a blank parts what comes next."""

    __slots__ = ("_chunks", "_found", "blank", "length")

    def __init__(self) -> None:
        self._chunks: list[str] = []
        self._found: list[tuple[int, int, int]] = []
        self.length = 0
        self.blank = False

    def put(self, characters: str) -> None:
        """Characters that are not in the source as they stand."""
        if self.blank and self.length:
            self._chunks.append(" ")
            self.length += 1
        self.blank = False
        self._chunks.append(characters)
        self.length += len(characters)

    def add(self, chunk: str, begin: int) -> None:
        """A chunk that stands in the source from `begin` on."""
        for word, end in _word_spans(chunk) if is_tangled(chunk) else (_inner(chunk),):
            if word == end:
                break
            start = word
            if self.length and (self.blank or start):
                if start and chunk[start - 1] == " ":
                    start -= 1
                else:
                    self._chunks.append(" ")
                    self.length += 1
            self.blank = False
            self._found.append((self.length, begin + start, end - start))
            self._chunks.append(chunk[start:end])
            self.length += end - start
        self.blank = self.blank or chunk[-1] in _BLANKS

    def text(self) -> Text:
        """What is written."""
        return Text("".join(self._chunks), tuple(map(tuple.__new__, repeat(Piece), self._found)))


def _gap(before: int, after: int) -> int:
    """Whether the tags between two texts of a reference part words, from the codes of the first and the last of them.

    1 where they do: at a line break, and where an element ends and then another starts; 2 where both are inline ones,
    and it depends on whether all between them are; 0 where they do not.
    """
    if (before | after) & _IS_LINE_BREAK:
        return 1
    if before & _KIND != _END or not after & _START:
        return 0
    return 2 if before & after & _IS_INLINE else 1


_GAPS = bytes(_gap(pair >> 5, pair & 31) for pair in range(32 * 32))
_OTHER = bytes(code & _KIND > 0 and not code & _IS_INLINE for code in range(32))
"""From codes to whether a tag is one of an element that is no inline one."""


@lru_cache(maxsize=4096)
def _mark(head: str) -> tuple[str, int]:
    """Name and code of a tag that is not empty, from its first word."""
    kind = head[1:2]
    if head[0] != "<" or kind in "!?":
        return "", 0
    is_end = kind == "/"
    name = head.strip("</>").rpartition(":")[2]
    code = _IS_INLINE if name in INLINE else 0
    if name in (_PARTING_ENDS if is_end else BREAKS):
        code |= _PARTS_WORDS
    if name == "break":
        code |= _IS_LINE_BREAK
    return ("/", code | _END) if is_end else (name, code | _START)


def _marks(tag: str) -> tuple[str, int]:
    """Name and code of a tag."""
    name, code = _mark(tag.split(None, 1)[0])
    return (name, code | _EMPTY_ELEMENT) if code & _KIND == _START and tag[-2] == "/" else (name, code)


def _closes(codes: bytes) -> list[int]:
    """For each tag the number of its end tag. Most elements hold no other, so only the rest are gone through."""
    nest = codes.translate(_NEST).replace(b"\1\2", b"\0\0")
    closes = list(range(1, len(codes) + 1))
    opened: list[int] = []
    for number, does in compress(enumerate(nest), nest):
        if does == 1:
            opened.append(number)
        elif does == 2:
            closes[number] = number
            closes[opened.pop()] = number
        else:
            closes[number] = number
    return closes


def resolve(reference: str) -> str:
    """The characters a reference (`&#x2013;`, `&ndash;`) stands for; itself where no standard entity set has it."""
    if reference.startswith("&#x"):
        return chr(int(reference[3:-1], 16))
    if reference.startswith("&#"):
        return chr(int(reference[2:-1]))
    return html5.get(reference[1:], reference)


def _attributes(tag: str) -> dict[str, str]:
    if ":" in tag or "'" in tag or "&" in tag:  # a prefix, quotes of the other kind, a reference
        found = [
            (name.rpartition(":")[2], _unescaped(double or single)) for name, double, single in _ATTRIBUTE.findall(tag)
        ]
    else:
        found = _PLAIN_ATTRIBUTE.findall(tag)
    return {name: value for name, value in found if value and not value.isspace()}


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(lambda found: resolve(found[0]), value) if "&" in value else value


def is_messy(value: str) -> bool:
    """Whether `value` holds white space to collapse or to strip, so that it does not read as it stands."""
    return "\n" in value or "  " in value or value[:1] == " " or value[-1:] == " " or "\t" in value or "\r" in value


def is_tangled(value: str) -> bool:
    """Whether `value` holds white space to collapse."""
    return "\n" in value or "  " in value or "\t" in value or "\r" in value


def _inner(chunk: str) -> tuple[int, int]:
    """Where the words of a chunk begin and end that may have one blank at either end; empty for a blank alone."""
    if chunk == " ":
        return 1, 1
    return int(chunk[0] == " "), len(chunk) - (chunk[-1] == " ")


def _wrapped_flow(value: str, chunks: list[str], starts: Sequence[int]) -> tuple[Text, list[int]]:
    """A text whose only white space to collapse is single line ends: each is a blank, which no piece covers."""
    offset = 0
    offsets = [0]
    found: list[tuple[int, int, int]] = []
    for chunk, start in zip(chunks, starts, strict=True):
        if "\n" in chunk:
            at = start
            for line in chunk.split("\n"):
                if line:
                    found.append((offset + at - start, at, len(line)))
                at += len(line) + 1
        elif chunk:
            found.append((offset, start, len(chunk)))
        offset += len(chunk)
        offsets.append(offset)
    return Text(value, tuple(map(tuple.__new__, repeat(Piece), found))), offsets


def _word_spans(chunk: str) -> Iterator[tuple[int, int]]:
    """The stretches of words one blank apart."""
    return (match.span() for match in _WORDS.finditer(chunk))


def _part_cdata(parts: list[str]) -> list[str]:
    """`<![CDATA[x]]>` as markup, text and markup."""
    result: list[str] = []
    for number, part in enumerate(parts):
        if number % 2 and part.startswith(_CDATA):
            result += (_CDATA, part[len(_CDATA) : -len(_CDATA_END)], _CDATA_END)
        else:
            result.append(part)
    return result
