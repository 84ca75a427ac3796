"""The element tree against a slow, plain reading of the same XML, which goes through it character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.document import Text
from pipelines.readers.xml import tags
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.tags import ALWAYS, APART, BREAKS, INLINE, SEPARATION, UNLESS_ALL_INLINE, read_tag

Character = tuple[str, int | None]
"""A character and its offset in the source; None for one that a reference gives, or for an added blank."""

REFERENCES = {"&amp;": "&", "&#x2013;": "–", "&#32;": " ", "&unknown;": "&unknown;"}


@dataclass
class PlainTag:
    """A tag as it is written; `kind` is `start`, `end`, `empty` or `other` (comment, instruction, CDATA mark)."""

    markup: str
    start: int
    kind: str
    name: str

    @property
    def is_inline(self) -> bool:
        return self.kind == "other" or self.name in INLINE

    @property
    def separates_words(self) -> bool:
        if self.kind == "end":
            return self.name in BREAKS or (self.name in APART and self.name != "fn")
        return self.kind != "other" and self.name in BREAKS

    @property
    def is_line_break(self) -> bool:
        return self.kind != "other" and self.name == "break"


@dataclass
class PlainTree:
    """`texts[n]` are the characters in front of `tags[n]`."""

    tags: list[PlainTag] = field(default_factory=list)
    texts: list[list[Character]] = field(default_factory=lambda: [[]])

    def end_of(self, node: int) -> int:
        if self.tags[node].kind != "start":
            return node
        depth = 0
        for number in range(node, len(self.tags)):
            depth += {"start": 1, "end": -1}.get(self.tags[number].kind, 0)
            if depth == 0:
                return number
        raise AssertionError("the element has no end")

    def nodes(self) -> list[int]:
        return [number for number, tag in enumerate(self.tags) if tag.kind in ("start", "empty")]

    def doubled_formulas(self) -> set[int]:
        """The formulas in TeX that have an alternative in MathML."""
        doubled = set()
        for parent in self.nodes():
            inside = range(parent, self.end_of(parent))
            names = [self.tags[number].name for number in inside if self.tags[number].kind != "end"]
            if self.tags[parent].name == "alternatives" and "math" in names:
                doubled |= {number for number in inside if self.tags[number].name == "tex-math"}
        return doubled


def read_plainly(source: str) -> PlainTree:
    tree = PlainTree()
    place = re.match(r'(?:<\?xml[^?]*\?>|<!DOCTYPE article \[<!ENTITY a "\]>">\]>|\s)*', source).end()  # type: ignore[union-attr]

    def add_tag(markup: str, kind: str, name: str = "") -> None:
        nonlocal place
        tree.tags.append(PlainTag(markup, place, kind, name))
        tree.texts.append([])
        place += len(markup)

    while place < len(source):
        if source.startswith("<!--", place):
            add_tag(source[place : source.index("-->", place) + 3], "other")
        elif source.startswith("<?", place):
            add_tag(source[place : source.index("?>", place) + 2], "other")
        elif source.startswith("<![CDATA[", place):
            end = source.index("]]>", place)
            add_tag("<![CDATA[", "other")
            tree.texts[-1] += [(source[offset], offset) for offset in range(place, end)]
            place = end
            add_tag("]]>", "other")
        elif source[place] == "<":
            markup = source[place : end_of_tag(source, place)]
            kind = "end" if markup[1] == "/" else "empty" if markup[-2] == "/" else "start"
            add_tag(markup, kind, markup.strip("</>").split()[0].split(":")[-1])
        elif source[place] == "&":
            reference = source[place : source.index(";", place) + 1]
            tree.texts[-1] += [(character, None) for character in REFERENCES[reference]]
            place += len(reference)
        else:
            tree.texts[-1].append((source[place], place))
            place += 1
    return tree


def end_of_tag(source: str, place: int) -> int:
    quote = ""
    while quote or source[place] != ">":
        if quote:
            quote = "" if source[place] == quote else quote
        elif source[place] in "\"'":
            quote = source[place]
        place += 1
    return place + 1


def collapse(characters: Iterator[Character]) -> list[Character]:
    """The characters with each run of white space as one blank, and none at the ends.

    White space that a character reference gives is kept: it has no offset.
    """
    written: list[Character] = []
    blank_pending = False
    for character, offset in characters:
        if character in " \t\r\n" and offset is not None:
            blank_pending = True
            continue
        if blank_pending and written:
            written.append((" ", None))
        blank_pending = False
        written.append((character, offset))
    return written


SEPARATOR: Character = (" ", -1)
"""White space that a tag puts between words."""


def plain_text(tree: PlainTree, first: int, last: int) -> tuple[list[Character], list[int]]:
    """The text of `texts[first:last]`, and the numbers of the texts that are in it."""
    doubled = tree.doubled_formulas()
    kept: list[int] = []

    def characters() -> Iterator[Character]:
        number = first
        while number < last:
            before = number - 1
            if number > first:
                tag = tree.tags[before]
                if tag.kind == "start" and (tag.name in APART or before in doubled):
                    number = tree.end_of(before) + 1
                    continue
                if tag.separates_words:
                    yield SEPARATOR
            kept.append(number)
            yield from tree.texts[number]
            number += 1

    return collapse(characters()), kept


def plain_reference_text(tree: PlainTree, first: int, last: int) -> list[Character]:
    def characters() -> Iterator[Character]:
        previous = None
        for number in range(first, last):
            if not tree.texts[number]:
                continue
            if previous is not None and separate(tree.tags[previous:number]):
                yield SEPARATOR
            previous = number
            yield from tree.texts[number]

    return collapse(characters())


def separate(between: list[PlainTag]) -> bool:
    """Whether the tags between two texts of a reference separate words."""
    if between[0].is_line_break or between[-1].is_line_break:
        return True
    if between[0].kind != "end" or between[-1].kind not in ("start", "empty"):
        return False
    return not all(tag.is_inline for tag in between)


def assert_same(text: Text, expected: list[Character], source: str) -> None:
    """The same characters from the same offsets. Whether a piece covers a blank of the source is open."""
    assert text.value == "".join(character for character, _ in expected)
    offsets: list[int | None] = [None] * len(text.value)
    for piece in text.pieces:
        assert piece.length > 0
        offsets[piece.offset : piece.offset + piece.length] = range(piece.start, piece.start + piece.length)
    for offset, (character, expected_offset) in zip(offsets, expected, strict=True):
        if character == " " and expected_offset is None:
            assert offset is None or source[offset] == " "
        else:
            assert offset == expected_offset


NAMES = ["p", "italic", "xref", "break", "label", "year", "fn", "fig", "alternatives", "tex-math", "m:math", "j:p"]
ATTRIBUTES = ["", ' id="1"', " id='a > b'", ' a="x>y" b="\'"']
PROLOGS = ["", "\n", '<?xml version="1.0"?>\n', '<!DOCTYPE article [<!ENTITY a "]>">]>\n']
CHARACTERS = st.text("ab–\u00a0 \n\t", max_size=5) | st.sampled_from(
    [
        *REFERENCES,
        "<!-- <p> > -->",
        "<!--a-->",
        "<![CDATA[ <&amp;] ]]>",
        "<?page 3?>",
        "<?page 3 > 2?>",
        "\r\n",
        "a b",
        "a\nb",
        " ",
    ]
)
EMPTY_ELEMENTS = st.builds("<{}{}/>".format, st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES))
CONTENT = st.recursive(
    st.lists(CHARACTERS | EMPTY_ELEMENTS, max_size=3).map("".join),
    lambda inner: st.lists(
        st.builds(
            lambda name, attributes, content: f"<{name}{attributes}>{content}</{name}>",
            st.sampled_from(NAMES),
            st.sampled_from(ATTRIBUTES),
            inner,
        )
        | CHARACTERS,
        max_size=5,
    ).map("".join),
    max_leaves=12,
)
SOURCES = st.builds(lambda prolog, content: f"{prolog}<article>{content}</article>", st.sampled_from(PROLOGS), CONTENT)


@settings(max_examples=100, deadline=None)
@given(SOURCES)
def test_tags_texts_and_offsets_are_those_of_the_source(source: str) -> None:
    tree, plain = Tree(source), read_plainly(source)
    assert tree.tags == [tag.markup for tag in plain.tags]
    assert tree.names == ["/" if tag.kind == "end" else tag.name for tag in plain.tags]
    assert tree.texts == ["".join(character for character, _ in text) for text in plain.texts]
    for node in plain.nodes():
        end_tag = plain.tags[plain.end_of(node)]
        assert tree.end_tags[node] == plain.end_of(node)
        assert tree.start(node) == plain.tags[node].start
        assert tree.end(node) == end_tag.start + len(end_tag.markup)


@settings(max_examples=100, deadline=None)
@given(SOURCES)
def test_children_and_descendants_are_those_of_the_source(source: str) -> None:
    tree, plain = Tree(source), read_plainly(source)
    for node in plain.nodes():
        inside = [other for other in plain.nodes() if node < other < plain.end_of(node)]
        direct = [other for other in inside if not any(parent < other < plain.end_of(parent) for parent in inside)]
        assert list(tree.children(node)) == direct
        assert tree.child(node, "p", "break") == next(
            (other for other in direct if plain.tags[other].name in ("p", "break")), None
        )
        assert tree.descendants(node, "p") == [other for other in inside if plain.tags[other].name == "p"]


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_text_is_that_of_the_plain_reading(source: str) -> None:
    tree, plain = Tree(source), read_plainly(source)
    for node in plain.nodes():
        first, last = node + 1, plain.end_of(node) + 1
        text, offsets = tree.text_between(first, last)
        expected, kept = plain_text(plain, first, last)
        assert_same(text, expected, source)
        assert tree.text(node) == text
        assert tree.string(node) == (text.value or None)
        if first < last:
            assert [number for number, offset in enumerate(offsets[:-1], start=first) if offset >= 0] == kept


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_offsets_in_a_text_are_where_its_parts_begin(source: str) -> None:
    tree, plain = Tree(source), read_plainly(source)
    for node in plain.nodes():
        first, last = node + 1, plain.end_of(node) + 1
        text, offsets = tree.text_between(first, last)
        for number, offset in enumerate(offsets, start=first):
            if offset < 0:
                continue
            # Whether a blank is before or after the offset is open.
            before, _ = plain_text(plain, first, min(number, last))
            assert text.value[:offset].rstrip(" ") == "".join(character for character, _ in before).rstrip(" ")


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_reference_text_is_that_of_the_plain_reading(source: str) -> None:
    tree, plain = Tree(source), read_plainly(source)
    for node in plain.nodes():
        first, last = node + 1, plain.end_of(node) + 1
        assert_same(tree.reference_text(first, last), plain_reference_text(plain, first, last), source)


@pytest.mark.parametrize(
    ("content", "value", "pieces"),
    [
        ("a <x>b</x>", "a b", ["a ", "b"]),
        ("a\n<x>b</x>", "a b", ["a", "b"]),
        ("a<x>\n b</x>", "a b", ["a", " b"]),
        ("a <fig/> b", "a b", ["a", " b"]),
        ("a<p>b</p>", "a b", ["a", "b"]),
        ("a b\nc\nd", "a b c d", ["a b", "c", "d"]),
        ("a &#x2013; b", "a – b", ["a ", " b"]),
    ],
)
def test_pieces_cover_blanks_of_the_source(content: str, value: str, pieces: list[str]) -> None:
    source = f"<article>{content}</article>"
    text = Tree(source).text(0)
    assert text.value == value
    assert [source[piece.start : piece.start + piece.length] for piece in text.pieces] == pieces


def plain_tags() -> list[PlainTag]:
    """A tag of each kind for elements with each combination of properties."""
    names = ["italic", "p", "break", "year", "fn", "fig"]
    written = [(kind, name) for name in names for kind in ("start", "end", "empty")]
    forms = {"start": "<{}>", "end": "</{}>", "empty": "<{}/>"}
    return [PlainTag(forms[kind].format(name), 0, kind, name) for kind, name in written] + [
        PlainTag("<!--x-->", 0, "other", ""),
        PlainTag("<?x?>", 0, "other", ""),
    ]


@pytest.mark.parametrize("tag", plain_tags(), ids=lambda tag: tag.markup)
def test_flags_say_what_the_tag_is(tag: PlainTag) -> None:
    name, flags = read_tag(tag.markup)
    assert name == ("/" if tag.kind == "end" else tag.name)
    assert bool(flags & tags.STARTS) == (tag.kind in ("start", "empty"))
    assert bool(flags & tags.ENDS) == (tag.kind in ("end", "empty"))
    assert bool(flags & tags.IS_INLINE) == (tag.name in INLINE)
    assert bool(flags & tags.SEPARATES_WORDS) == tag.separates_words
    assert bool(flags & tags.IS_LINE_BREAK) == tag.is_line_break
    assert bool(tags.IS_BLOCK[flags]) == (not tag.is_inline)


def test_separation_table_is_the_plain_rule() -> None:
    block = PlainTag("<year/>", 0, "empty", "year")
    for first, last in product(plain_tags(), plain_tags()):
        separation = SEPARATION[read_tag(first.markup)[1]][read_tag(last.markup)[1]]
        is_separated = separate([first, last])
        assert (separation == ALWAYS) == is_separated, f"{first.markup} {last.markup}"
        depends = not is_separated and separate([first, block, last])
        assert (separation == UNLESS_ALL_INLINE) == depends, f"{first.markup} {last.markup}"
