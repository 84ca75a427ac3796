"""An XML text as flat lists of tags and texts, with the offset of each in the source.

Takes text that is known to be well-formed (lxml gives no offsets, so it is cut at its markup here) and answers which
elements are inside which, what they read and where. Unaware of what the elements mean for a review.

The lists for `<p>Bone <b>cast</b>.</p>`; node numbers count tags, and `texts[n]` is in front of `tags[n]`:

    n          0     1        2       3      4
    texts      ''    'Bone '  'cast'  '.'    ''
    tags       <p>   <b>      </b>    </p>
    names      'p'   'b'      '/'     '/'
    end_tags   3     2

An article has some 8,000 tags. Work for every tag is therefore done over whole lists (`map`, `bytes.translate`), work
that depends on a tag's characters only once per distinct tag, and rare work (comments, character references, white
space to collapse) apart from the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, compress, repeat

from pipelines.document import Piece, Text
from pipelines.readers.xml.tags import (
    ALWAYS,
    APART,
    BREAKS,
    CDATA,
    CHARACTER_REFERENCE,
    CLOSES,
    IS_BLOCK,
    NESTING,
    OPENS,
    SEPARATES_WORDS,
    SEPARATION,
    read_attributes,
    read_tag,
    resolve_reference,
    split_markup,
)
from pipelines.readers.xml.white_space import (
    WHITE_SPACE,
    TextWriter,
    make_text,
    needs_cleaning,
    needs_collapsing,
    unwrap,
    without_outer_blanks,
    word_spans,
)

_AMPERSAND = re.compile("&")
_SPECIAL = BREAKS | APART | {"alternatives"}
_APART_OR_TEX = APART | {"tex-math"}
_EMPTY = Text("", ())


class Tree:
    """Elements, characters and offsets of one XML text.

    A node is the number of its start tag: `tags[node]` is the tag, `names[node]` the element's name without prefix ('/'
    for an end tag, '' for a comment or a processing instruction), `end_tags[node]` the number of its end tag (its own
    if it has none), `texts[node]` the characters before it, with character references resolved. `end_tags` is not
    defined for end tags.
    """

    __slots__ = (
        "_attributes",
        "_doubled_formulas",
        "_flags",
        "_resolved",
        "_resolved_texts",
        "_text_starts",
        "end_tags",
        "names",
        "source",
        "tags",
        "texts",
    )

    def __init__(self, source: str) -> None:
        parts, distinct, offset = split_markup(source)
        read = {tag: read_tag(tag) for tag in distinct}
        self.source = source
        self.texts = parts[::2]
        self.tags = tags = parts[1::2]
        self.names = list(map({tag: name for tag, (name, _) in read.items()}.__getitem__, tags))
        self._flags = bytes(map({tag: flags for tag, (_, flags) in read.items()}.__getitem__, tags))
        self._text_starts = list(accumulate(map(len, parts), initial=offset))[:-1:2]
        self._resolved = self._resolve_references() if "&" in source else {}
        self._resolved_texts = list(self._resolved)
        self.end_tags = _end_tags(self._flags)
        self._attributes: dict[str, dict[str, str]] = {}
        self._doubled_formulas: set[int] | None = None

    def _resolve_references(self) -> dict[int, list[tuple[str, int | None]]]:
        """Replace the character references in `texts` (`&#x2013;`) by their characters.

        Returns the parts of each text that had any: the characters and their offset in the source, None for those of a
        reference.
        """
        texts, starts = self.texts, self._text_starts
        resolved: dict[int, list[tuple[str, int | None]]] = {}
        for ampersand in _AMPERSAND.finditer(self.source, starts[0]):
            number = bisect_right(starts, ampersand.start()) - 1
            text = texts[number]
            if number in resolved or "&" not in text or (number and self.tags[number - 1] == CDATA):
                continue
            parts: list[tuple[str, int | None]] = []
            start = starts[number]
            for position, part in enumerate(CHARACTER_REFERENCE.split(text)):
                if position % 2:
                    parts.append((resolve_reference(part), None))
                elif part:
                    parts.append((part, start))
                start += len(part)
            resolved[number] = parts
            texts[number] = "".join([part for part, _ in parts])
        return resolved

    def children(self, node: int) -> Iterator[int]:
        """The elements directly inside `node`, in order."""
        names, end_tags = self.names, self.end_tags
        child, end = node + 1, end_tags[node]
        while child < end:
            if names[child]:
                yield child
            child = end_tags[child] + 1

    def child(self, node: int, *wanted: str) -> int | None:
        """The first element directly inside `node` that has one of the names."""
        names, end_tags = self.names, self.end_tags
        child, end = node + 1, end_tags[node]
        while child < end:
            if names[child] in wanted:
                return child
            child = end_tags[child] + 1
        return None

    def find(self, node: int | None, *path: str) -> int | None:
        """The first child of the first child … along `path`; None if `node` is None or a step is missing."""
        for name in path:
            if node is None:
                return None
            node = self.child(node, name)
        return node

    def descendants(self, node: int, name: str) -> list[int]:
        """All elements of this name anywhere inside `node`, in document order."""
        return self.elements_between(node + 1, self.end_tags[node], name)

    def elements_between(self, first: int, last: int, name: str) -> list[int]:
        """All elements of this name with a number from `first` to `last`, exclusive."""
        nodes: list[int] = []
        index = self.names.index
        try:
            while True:
                nodes.append(index(name, first, last))
                first = nodes[-1] + 1
        except ValueError:
            return nodes

    def attributes(self, node: int) -> dict[str, str]:
        """The attributes of `node` by name without prefix, character references resolved; empty ones are left out."""
        tag = self.tags[node]
        attributes = self._attributes.get(tag)
        if attributes is None:
            attributes = self._attributes[tag] = read_attributes(tag)
        return attributes

    def start(self, node: int) -> int:
        """The offset in the source at which the start tag of `node` begins."""
        return self._text_starts[node + 1] - len(self.tags[node])

    def end(self, node: int) -> int:
        """The offset in the source at which the end tag of `node` ends."""
        return self._text_starts[self.end_tags[node] + 1]

    def string(self, node: int | None) -> str | None:
        """The characters of `node`, white space collapsed; None if `node` is None or blank."""
        if node is None:
            return None
        end_tag = self.end_tags[node]
        if end_tag == node + 1:
            value = self.texts[end_tag]
            if value.isprintable() and value[:1] != " " and value[-1:] != " " and "  " not in value:
                return value or None
        return self.text(node).value or None

    def text(self, node: int) -> Text:
        """The text of `node`, white space collapsed."""
        return self.text_between(node + 1, self.end_tags[node] + 1)[0]

    def reference_text(self, first: int, last: int) -> Text:
        """The text of `texts[first:last]` in a reference: `tags.SEPARATION` says where tags separate words.

        White space is collapsed as by `white_space.TextWriter`, whose steps are repeated here: with a call for each
        chunk, reading an article would take some 5 % longer.
        """
        starts, resolved, flags = self._text_starts, self._resolved, self._flags
        chunks = self.texts[first:last]
        may_collapse = needs_collapsing("".join(chunks))
        written: list[str] = []
        pieces: list[tuple[int, int, int]] = []
        length = 0
        blank_pending = False
        previous = first
        # Before the first chunk the separation is meaningless, and harmless: no blank is written at the start.
        for number, chunk in compress(zip(range(first, last), chunks, strict=True), chunks):
            separation = SEPARATION[flags[previous]][flags[number - 1]]
            if separation and (separation == ALWAYS or any(map(IS_BLOCK.__getitem__, flags[previous:number]))):
                blank_pending = True
            previous = number
            if chunk == "\n":
                blank_pending = True
                continue
            for part, source_start in resolved[number] if number in resolved else ((chunk, starts[number]),):
                if source_start is None or (
                    part[0] > " " and part[-1] > " " and not (may_collapse and needs_collapsing(part))
                ):
                    if blank_pending:
                        if length:
                            written.append(" ")
                            length += 1
                        blank_pending = False
                    size = len(part)
                    if source_start is not None:
                        pieces.append((length, source_start, size))
                    written.append(part)
                    length += size
                    continue
                for word, end in word_spans(part) if may_collapse else (without_outer_blanks(part),):
                    if word == end:
                        break
                    start = word
                    if length and (blank_pending or start):
                        if start and part[start - 1] == " ":
                            start -= 1
                        else:
                            written.append(" ")
                            length += 1
                    blank_pending = False
                    pieces.append((length, source_start + start, end - start))
                    written.append(part[start:end])
                    length += end - start
                blank_pending = part[-1] in WHITE_SPACE
        return make_text("".join(written), pieces)

    def text_between(self, first: int, last: int) -> tuple[Text, Sequence[int]]:
        """The text of `texts[first:last]`, white space collapsed, elements of `tags.APART` left out.

        The second value has the offset in the text of each of `texts[first:last]` and of the end, -1 for those left
        out. A blank between two of them may be before or after such an offset.
        """
        if last - first < 2:
            value = self.texts[first] if first < last else ""
            if not value:
                return _EMPTY, (0, 0)
            if needs_cleaning(value):
                return self._careful_text_between(first, last)
            length = len(value)
            if first in self._resolved:
                return Text(value, self._pieces(first, last, (0,), (length,))), (0, length)
            return Text(value, (Piece(0, self._text_starts[first], length),)), (0, length)
        if not _SPECIAL.isdisjoint(self.names[first : last - 1]):
            return self._careful_text_between(first, last)
        chunks = self.texts[first:last]
        value = "".join(chunks)
        if needs_cleaning(value):
            if "\t" not in value and not self._has_references(first, last):
                unwrapped = value.replace("\n", " ")
                if not needs_cleaning(unwrapped):
                    return unwrap(unwrapped, chunks, self._text_starts[first:last])
            return self._careful_text_between(first, last)
        lengths = list(map(len, chunks))
        offsets = list(accumulate(lengths, initial=0))
        return Text(value, self._pieces(first, last, offsets, lengths)), offsets

    def _has_references(self, first: int, last: int) -> bool:
        """Whether a character reference was resolved in `texts[first:last]`."""
        place = bisect_left(self._resolved_texts, first)
        return place < len(self._resolved_texts) and self._resolved_texts[place] < last

    def _pieces(self, first: int, last: int, offsets: Sequence[int], lengths: Sequence[int]) -> tuple[Piece, ...]:
        """The pieces of a text that is `texts[first:last]` joined as they are."""
        starts = self._text_starts[first:last]
        if not self._has_references(first, last):
            not_empty = compress(zip(offsets, starts, lengths, strict=False), lengths)
            return tuple(map(tuple.__new__, repeat(Piece), not_empty))
        pieces: list[Piece] = []
        for number, offset, start, length in zip(range(first, last), offsets, starts, lengths, strict=False):
            if number not in self._resolved:
                if length:
                    pieces.append(Piece(offset, start, length))
                continue
            part_offset = offset
            for part, source_start in self._resolved[number]:
                if source_start is not None:
                    pieces.append(Piece(part_offset, source_start, len(part)))
                part_offset += len(part)
        return tuple(pieces)

    def _careful_text_between(self, first: int, last: int) -> tuple[Text, Sequence[int]]:
        """The same as `text_between`, for any elements and any white space."""
        texts, end_tags, names, flags = self.texts, self.end_tags, self.names, self._flags
        offsets = [-1] * (last - first + 1)
        writer = TextWriter()
        number = first
        while number < last:
            if number > first:
                before = number - 1
                name = names[before]
                has_content = end_tags[before] > before
                if name in _APART_OR_TEX and has_content and (name in APART or self._is_doubled_formula(before)):
                    number = end_tags[before] + 1
                    continue
                if flags[before] & SEPARATES_WORDS:
                    writer.blank_pending = True
            offsets[number - first] = writer.length
            if texts[number]:
                self._write(number, writer)
            number += 1
        offsets[last - first] = writer.length
        return writer.text(), offsets

    def _write(self, number: int, writer: TextWriter) -> None:
        for part, source_start in self._resolved.get(number) or ((self.texts[number], self._text_starts[number]),):
            if source_start is None:
                writer.write_resolved(part)
            else:
                writer.write(part, source_start)

    def _is_doubled_formula(self, formula: int) -> bool:
        """Whether this formula in TeX is one of several alternatives, another of which is MathML."""
        if self._doubled_formulas is None:
            self._doubled_formulas = {
                node
                for parent in self.elements_between(0, len(self.names), "alternatives")
                if "math" in self.names[parent : self.end_tags[parent]]
                for node in self.descendants(parent, "tex-math")
            }
        return formula in self._doubled_formulas


def _end_tags(flags: bytes) -> list[int]:
    """For each tag the number of its end tag."""
    # Most elements contain no other: the next tag ends them, and a pair of zero bytes lets the loop skip both.
    nesting = flags.translate(NESTING).replace(bytes((OPENS, CLOSES)), b"\0\0")
    end_tags = list(range(1, len(flags) + 1))
    open_nodes: list[int] = []
    for number, effect in compress(enumerate(nesting), nesting):
        if effect == OPENS:
            open_nodes.append(number)
        elif effect == CLOSES:
            end_tags[open_nodes.pop()] = number
        else:
            end_tags[number] = number
    return end_tags
