"""An XML text as flat lists: every tag, every stretch of characters, and where each stands in the source.

lxml gives no offsets, so the text itself is cut at its markup: `texts[k]` stands before `tags[k]`, and a node is the
number of its start tag. Only for text that is known to be well-formed. What the elements mean, beyond which of them
part words, is no concern of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html.entities import html5
from itertools import accumulate, compress, count, repeat
from operator import add

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
_ATTRIBUTE = re.compile(r"""([^\s="'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"(&[^;]*;)")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_WORDS = re.compile(r"[^ \t\r\n]+(?: [^ \t\r\n]+)*")
_NO_LEAF = re.compile(rb"\x01(?!\x02)|(?<!\x01)\x02|\x00")
"""In a string of kinds (1 start, 2 end, 0 neither): what is not the start or the end of an element without elements."""


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
_END, _INLINE_END, _BREAK, _INLINE_START, _START = -2, -1, 3, 1, 2
_BLANKS = " \t\r\n"
_EMPTY = Text("", ())


class Tree:
    """Elements, characters and offsets of one XML text.

    Nodes are numbers: `tags[node]` is the markup, `names[node]` the element's name without prefix ('/' for an end tag,
    '' for a comment, a processing instruction, a reference), `closes[node]` the number of its end tag (itself where it
    is empty), `texts[node]` the characters before it.
    """

    __slots__ = (
        "_attributes",
        "_doubled",
        "_edges",
        "_ends",
        "_glyphs",
        "_starts",
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
        if any(map(_is_cut_short, distinct)):
            parts = _AWKWARD_MARKUP.split(source[base:])
            distinct = set(parts[1::2])
        if "&" in source:
            parts = _part_references(parts)
            distinct.update(parts[1::2])
        if any(tag.startswith(_CDATA) for tag in distinct):
            parts = _part_cdata(parts)
            distinct = set(parts[1::2])
        name_of = {tag: _name(tag) for tag in distinct}
        glyph_of = {tag: resolve(tag) for tag in distinct if tag[0] == "&"}
        self.source = source
        self.texts = parts[::2]
        self.tags = tags = parts[1::2]
        self.names = list(map(name_of.__getitem__, tags))
        self._glyphs = list(map(glyph_of.get, tags, repeat(""))) if glyph_of else []
        self._starts = list(accumulate(map(len, parts), initial=base))[:-1:2]
        self.closes = _closes(tags, name_of)
        self._attributes: dict[str, dict[str, str]] = {}
        self._doubled: set[int] | None = None
        self._edges = _Edges()
        self._ends = {tag for tag in distinct if tag[1] == "/" and _name(tag.replace("/", "", 1)) in _PARTING_ENDS}

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
        """The attributes of `node`, by name without prefix, references resolved."""
        tag = self.tags[node]
        known = self._attributes.get(tag)
        if known is None:
            known = {
                name.rpartition(":")[2]: _unescaped(double or single)
                for name, double, single in _ATTRIBUTE.findall(tag)
            }
            self._attributes[tag] = known
        return known

    def start(self, node: int) -> int:
        """Where the start tag of `node` begins in the source."""
        return self._starts[node] + len(self.texts[node])

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
        texts, tags, starts = self.texts, self.tags, self._starts
        glyphs = self._glyphs if any(self._glyphs[first : last - 1]) else None
        if glyphs:
            filled = [n for n in range(first, last) if texts[n] or (n > first and glyphs[n - 1])]
        else:
            filled = [n for n in range(first, last) if texts[n]]
            closes = self.closes
            if all(closes[n - 1] == n for n in filled) and INLINE.isdisjoint(self.names[first : last - 1]):
                chunks = [texts[n] for n in filled]
                value = " ".join(chunks)
                if not is_messy(value):
                    lengths = list(map(len, chunks))
                    offsets = map(add, accumulate(lengths, initial=0), count())
                    return Text(value, _pieces(offsets, [starts[n] for n in filled], lengths))
        tangled = is_tangled("".join(texts[first:last]))
        edge_of = self._edges
        out: list[str] = []
        found: list[tuple[int, int, int]] = []
        length = 0
        blank = False
        before = first
        for number in filled:
            chunk = texts[number]
            glyph = glyphs[number - 1] if glyphs and number > first else ""
            gap = number - before - 1 if glyph else number - before
            if gap > 1:
                ended, started = edge_of[tags[before]], edge_of[tags[before + gap - 1]]
                if ended < 0 < started < _BREAK and (
                    ended == _END
                    or started == _START
                    or any(abs(edge_of[tag]) == _START for tag in tags[before:number])
                ):
                    blank = True
            elif gap == 1 and edge_of[tags[before]] == _BREAK:
                blank = True
            before = number
            if glyph:
                if blank and length:
                    out.append(" ")
                    length += 1
                blank = False
                out.append(glyph)
                length += len(glyph)
                if not chunk:
                    continue
            begin = starts[number]
            if chunk[0] > " " and chunk[-1] > " " and not (tangled and is_tangled(chunk)):
                if blank and length:
                    out.append(" ")
                    length += 1
                blank = False
                size = len(chunk)
                found.append((length, begin, size))
                out.append(chunk)
                length += size
                continue
            for word, end in _word_spans(chunk):
                start = word
                if length and (blank or start):
                    if start and chunk[start - 1] == " ":
                        start -= 1
                    else:
                        out.append(" ")
                        length += 1
                blank = False
                found.append((length, begin + start, end - start))
                out.append(chunk[start:end])
                length += end - start
            blank = blank or chunk[-1] in _BLANKS
        return Text("".join(out), tuple(map(tuple.__new__, repeat(Piece), found)))

    def flow(self, first: int, last: int) -> tuple[Text, Sequence[int]]:
        """The text of `texts[first:last]`, and for each of them, and the end, the offset in its value (-1: left out).

        White space is collapsed as a reader sees it, character and entity references are resolved, `APART` elements are
        left out.
        """
        if last - first < 2:
            value = self.texts[first] if first < last else ""
            if not value:
                return _EMPTY, (0, 0)
            if is_messy(value):
                return self._careful_flow(first, last)
            length = len(value)
            return Text(value, (Piece(0, self._starts[first], length),)), (0, length)
        inner = self.names[first : last - 1]
        if not _SPECIAL.isdisjoint(inner):
            return self._careful_flow(first, last)
        chunks = self.texts[first:last]
        starts: Iterable[int] = self._starts[first:last]
        glyphs = self._glyphs[first : last - 1]
        if any(glyphs):
            chunks = _alternating(chunks, glyphs)
            value = "".join(chunks)
            if is_messy(value):
                return self._careful_flow(first, last)
            lengths = list(map(len, chunks))
            offsets = list(accumulate(lengths, initial=0))
            return Text(value, _pieces(offsets[::2], starts, lengths[::2])), [*offsets[::2], offsets[-1]]
        value = "".join(chunks)
        if is_messy(value):
            if "\t" not in value and not is_messy(flat := value.replace("\n", " ")):
                return _wrapped_flow(flat, chunks, starts)
            return self._careful_flow(first, last)
        lengths = list(map(len, chunks))
        offsets = list(accumulate(lengths, initial=0))
        return Text(value, _pieces(offsets, starts, lengths)), offsets

    def _careful_flow(self, first: int, last: int) -> tuple[Text, Sequence[int]]:
        texts, starts, closes, glyphs = self.texts, self._starts, self.closes, self._glyphs
        names, tags, ends = self.names, self.tags, self._ends
        tangled = is_tangled("".join(texts[first:last]))
        offsets = [-1] * (last - first + 1)
        out: list[str] = []
        found: list[tuple[int, int, int]] = []
        length = 0
        blank = False
        number = first
        while number < last:
            if number > first:
                before = number - 1
                name = names[before]
                if name in _APART_OR_TEX and closes[before] > before and (name in APART or self._is_doubled(before)):
                    blank = blank or name != "fn"
                    number = closes[before] + 1
                    continue
                if name in BREAKS or (name == "/" and tags[before] in ends):
                    blank = True
                if glyphs and glyphs[before]:
                    if blank and length:
                        out.append(" ")
                        length += 1
                    blank = False
                    out.append(glyphs[before])
                    length += len(glyphs[before])
            offsets[number - first] = length
            chunk = texts[number]
            if chunk:
                begin = starts[number]
                for word, end in _word_spans(chunk) if tangled and is_tangled(chunk) else (_inner(chunk),):
                    if word == end:
                        break
                    start = word
                    if length and (blank or start):
                        if start and chunk[start - 1] == " ":
                            start -= 1
                        else:
                            out.append(" ")
                            length += 1
                    blank = False
                    found.append((length, begin + start, end - start))
                    out.append(chunk[start:end])
                    length += end - start
                blank = blank or chunk[-1] in _BLANKS
            number += 1
        offsets[last - first] = length
        return Text("".join(out), tuple(map(tuple.__new__, repeat(Piece), found))), offsets

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


class _Edges(dict[str, int]):
    """From markup in a citation to whether an element ends or starts there, an inline one or not; or a line."""

    def __missing__(self, tag: str) -> int:
        ends = tag[1] == "/"
        name = _name(tag.replace("/", "", 1) if ends else tag)
        if name == "break":
            edge = _BREAK
        elif name in INLINE:
            edge = _INLINE_END if ends else _INLINE_START
        else:
            edge = (_END if ends else _START) if name else 0
        self[tag] = edge
        return edge


def _closes(tags: list[str], name_of: dict[str, str]) -> list[int]:
    """For each tag the number of its end tag. Most elements hold no other, so only the rest are gone through."""
    kind_of = {tag: 0 if not name or tag[-2] == "/" else 2 if name == "/" else 1 for tag, name in name_of.items()}
    kinds = bytes(map(kind_of.__getitem__, tags))
    closes = list(range(1, len(tags) + 1))
    opened: list[int] = []
    for match in _NO_LEAF.finditer(kinds):
        number = match.start()
        kind = kinds[number]
        if kind == 1:
            opened.append(number)
        elif kind == 2:
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


def _wrapped_flow(value: str, chunks: list[str], starts: Iterable[int]) -> tuple[Text, list[int]]:
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


def _alternating(chunks: list[str], glyphs: list[str]) -> list[str]:
    both = [""] * (len(chunks) + len(glyphs))
    both[::2] = chunks
    both[1::2] = glyphs
    return both


def _pieces(offsets: Iterable[int], starts: Iterable[int], lengths: list[int]) -> tuple[Piece, ...]:
    """Pieces of those that are not empty; made at one go, for this is where reading a document spends its time."""
    found = compress(zip(offsets, starts, lengths, strict=False), lengths)
    return tuple(map(tuple.__new__, repeat(Piece), found))


def _name(tag: str) -> str:
    kind = tag[1]
    if kind == "/":
        return "/"
    if kind in "!?" or tag[0] != "<":
        return ""
    return tag[1:-1].split(None, 1)[0].rstrip("/").rpartition(":")[2]


def _is_cut_short(tag: str) -> bool:
    """Whether this markup ends at a '>' that is not its own end, or is a CDATA section."""
    if tag[0] == "&":
        return False
    kind = tag[1]
    if kind == "?":
        return not tag.endswith("?>")
    if kind == "!":
        return not (tag.startswith("<!--") and tag.endswith("-->") and len(tag) > 6)
    return tag.count('"') % 2 > 0 or tag.count("'") % 2 > 0


def _part_references(parts: list[str]) -> list[str]:
    """References in the text as markup of their own."""
    result: list[str] = []
    done = 0
    for number in range(0, len(parts), 2):
        if "&" in parts[number]:
            result += parts[done:number]
            result += _REFERENCE.split(parts[number])
            done = number + 1
    return result + parts[done:]


def _part_cdata(parts: list[str]) -> list[str]:
    """`<![CDATA[x]]>` as markup, text and markup."""
    result: list[str] = []
    for number, part in enumerate(parts):
        if number % 2 and part.startswith(_CDATA):
            result += (_CDATA, part[len(_CDATA) : -len(_CDATA_END)], _CDATA_END)
        else:
            result.append(part)
    return result
