"""Headings, title pages, hyphens and names of plain text just inside and outside what the reader accepts."""

from __future__ import annotations

import pytest

from pipelines.document import Block, Document, Paragraph, Text
from pipelines.readers.text import read_text
from pipelines.readers.text.author_lists import add_orcids, is_affiliation, split_name
from pipelines.readers.text.headings import heading_level, is_back_matter_heading, is_heading
from pipelines.readers.text.line_hyphens import find_line_hyphens
from pipelines.readers.text.lines import Chunk, split_chunks, split_lines

LIST = "\n\nReferences\n\n1. Ek A. Casts. *Bone* 2001; 1: 2–3.\n2. Bo B. Vests. *Bone* 2002; 2: 4.\n"


def read(text: str) -> Document:
    return read_text((text + LIST).encode(), name="a.txt")


def chunks(text: str) -> list[Chunk]:
    return split_chunks(split_lines(text))


WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")


def name_words(n: int, *, capitals: bool = False) -> str:
    words = [WORDS[number % len(WORDS)] for number in range(n)]
    return " ".join(word.capitalize() if capitals or not number else word for number, word in enumerate(words))


NEXT = "\n\nThey hurt a lot."


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("Pain relief", True),
        ("pain relief", False),
        ("1 pain relief", True),
        ("Pain relief.", False),
        ("Pain relief:", False),
        ("Pain relief of", False),
        ("Pain relief 12", True),
        ("- Pain relief", False),
        ("Pain\trelief", False),
        ("Pain is here. Relief", False),
        ("Pain (no. 2. Relief", True),
        # A sentence has a verb and seven words or more; a question or a title in capitals may have more.
        ("Pain was seen in all of", False),
        ("Pain was seen in all cases", True),
        ("Pain was seen in all cases here", False),
        ("Pain relief seen in all cases here", True),
        ("Pain Was Seen In All Cases Here", True),
        ("Why was pain seen in all cases here?", True),
        # Words that open a sentence, before more than seven words
        ("They seen after all in cases here", True),
        ("They seen after all in cases here too", False),
        # Length
        (name_words(30), True),
        (name_words(31), False),
        (name_words(11) + " 12", True),
        (name_words(12) + " 12", False),
        ("Ab" * 110, True),
        ("Ab" * 110 + "a", False),
    ],
)
def test_a_heading_is_a_short_line_and_no_sentence(line: str, heads: bool) -> None:
    first, following = chunks(line + NEXT)
    assert is_heading(first, following) is heads


def test_a_line_that_goes_on_or_ends_the_text_is_no_heading() -> None:
    (alone,) = chunks("Pain relief")
    assert not is_heading(alone, None)
    two_lines, following = chunks("Pain relief\nof heels" + NEXT)
    assert not is_heading(two_lines, following)
    line, going_on = chunks("Pain relief of\n\nthe heels hurt.".replace(" of", " seen"))
    assert not is_heading(line, going_on)
    line, name = chunks("Pain relief seen\n\nmTOR hurts.")
    assert is_heading(line, name)
    line, short = chunks("Pain relief\n\nthe heels hurt.")
    assert is_heading(line, short)
    line, numbered = chunks("2 Pain relief seen\n\nthe heels hurt.")
    assert is_heading(line, numbered)


@pytest.mark.parametrize(
    ("text", "level"),
    [("Pain", 1), ("2 Pain", 1), ("2. Pain", 1), ("2.1 Pain", 2), ("2.1.3 Pain", 3), ("2.1 3", 1), ("200 Pain", 1)],
)
def test_the_number_of_a_heading_gives_its_level(text: str, level: int) -> None:
    assert heading_level(text) == level


@pytest.mark.parametrize(
    ("text", "is_back"),
    [("Funding", True), ("5. Funding", True), ("Acknowledgements", True), ("Results", False), ("Pain relief", False)],
)
def test_back_matter_begins_with_known_headings(text: str, is_back: bool) -> None:
    assert is_back_matter_heading(text) is is_back


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Quill", ("Quill", "Ada")),
        ("Ada M. van der Quill", ("van der Quill", "Ada M.")),
        ("van Quill", ("Quill", "van")),
        ("Ada Quill Jr.", ("Quill", "Ada")),
        ("Quill Jr.", ("Jr.", "Quill")),
        ("Quill", ("Quill", None)),
    ],
)
def test_splits_a_name_before_the_particles_of_the_surname(name: str, parts: tuple[str, str | None]) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¹Institute of Feet, Ghent", True),
        ("¹Ghent, Belgium", True),
        ("1 Institute of Feet, Ghent", True),
        ("1 Ghent, Belgium", False),
        ("1 Institute of Feet", False),
        ("Institute of Feet, Ghent", False),
        ("¹Institute, " + "a" * 588, False),
        ("¹Institute, " + "a" * 587, True),
    ],
)
def test_an_affiliation_begins_with_a_mark(text: str, expected: bool) -> None:
    assert is_affiliation(text) is expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A multise-session plan and a multisession.", ["multise-session"]),
        ("A Radiovertebro-plasty and a vertebroplasty.", ["Radiovertebro-plasty"]),
        # The part before the hyphen is a word of its own, or no other word is spelt like it.
        ("A multi and multi-session plan and a session.", []),
        ("A multise-section plan and a multisession.", []),
        ("A radio-therapy and a radiotherapy in radio waves.", []),
    ],
)
def test_a_hyphen_of_a_line_end_is_within_a_word_that_the_text_has_without_it(text: str, found: list[str]) -> None:
    blocks: list[Block] = [Paragraph(Text.from_source(text, 0, len(text)))]
    repairs = find_line_hyphens(text, blocks, [])
    assert [text[repair.span.start : repair.span.end] for repair in repairs] == found


def front(text: str) -> tuple[str | None, list[str], list[str], list[str]]:
    """The title, authors, keywords and abstract of a text, and below them where its body begins."""
    found = read(text).front
    return (
        found.title.value if found.title else None,
        [author.name.value for author in found.authors],
        [keyword.value for keyword in found.keywords],
        [paragraph.value for paragraph in found.abstract],
    )


@pytest.mark.parametrize(
    ("printed", "keywords"),
    [
        ("Keywords: corn; sock (a; b); shoe.", ["corn", "sock (a; b)", "shoe"]),
        ("Keywords: corn, sock, shoe", ["corn", "sock", "shoe"]),
        ("Keywords: corn, x; sock", ["corn, x", "sock"]),
        ("Keywords: corn • sock · shoe | foot – toe", ["corn", "sock", "shoe", "foot", "toe"]),
        ("Keywords: corn); sock", ["corn)", "sock"]),
        ("Keywords: corn;; sock;", ["corn", "sock"]),
        ("Keywords\n\ncorn; sock", ["corn", "sock"]),
    ],
)
def test_splits_keywords_at_one_kind_of_separator(printed: str, keywords: list[str]) -> None:
    text = f"Corns of runners\n\nAbstract\n\nCorns hurt.\n\n{printed}\n\nIntroduction\n\nThey do."
    assert front(text)[2:] == (keywords, ["Corns hurt."])


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("Ada Quill and Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("Ada Quill¹, Bo Reed², and Cy Moss*", ["Ada Quill", "Bo Reed", "Cy Moss"]),
        ("Ada Quill, Jr., Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("Ada Quill, Bo Reed.", []),
        ("Ada Quill, Bo", []),
        ("Ada Quill, Bo 2nd Reed", []),
        ("Ada Quill, bo Reed", []),
        ("Ada Quill, Bo van der Reed", ["Ada Quill", "Bo van der Reed"]),
        (f"Ada Quill, {name_words(8, capitals=True)}", ["Ada Quill", name_words(8, capitals=True)]),
        (f"Ada Quill, {name_words(9, capitals=True)}", []),
    ],
)
def test_the_authors_are_a_list_of_names(names: str, authors: list[str]) -> None:
    text = f"Corns of runners\n\n{names}\n\nAbstract\n\nCorns hurt.\n\nIntroduction\n\nThey do."
    assert front(text)[1] == authors


def test_of_two_lists_of_names_the_one_with_marks_counts() -> None:
    text = "Corns\n\nEd Itor, Al Bum\n\nAda Quill¹, Bo Reed¹\n\n¹Institute of Feet, Ghent\n\nIntroduction\n\nThey do."
    assert front(text)[1] == ["Ada Quill", "Bo Reed"]


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Corns of runners", "Corns of runners"),
        ("Corns of runners.", None),
        ("C" * 499, "C" * 499),
        ("C" * 500, None),
        ("https://a.org\n\nCorns of runners", "Corns of runners"),
    ],
)
def test_the_title_is_the_first_line_that_is_no_prose(first: str, title: str | None) -> None:
    assert front(f"{first}\n\nAbstract\n\nCorns hurt.\n\nIntroduction\n\nThey do.")[0] == title


def test_the_abstract_is_the_paragraph_below_its_heading_if_nothing_tells_where_the_body_begins() -> None:
    lines = [f"Part {number} of the text hurts." for number in range(1, 12)]
    text = "\n\n".join(["Corns of runners", "Abstract", *lines])
    document = read(text)
    abstract = [paragraph.value for paragraph in document.front.abstract]
    assert abstract == lines[:1]
    assert [block.text.value for block in document.blocks if isinstance(block, Paragraph)] == lines


def test_orcids_follow_the_names_they_belong_to() -> None:
    authors = list(read("Corns\n\nAda Quill¹, Bo Reed¹\n\n¹Feet, Ghent\n\nIntroduction\n\nYes.").front.authors)
    text = "Bo Reed: 0000-0001-0000-0001; Ada Quill 0000-0002-0000-000X; Ada Quill 0000-0003-0000-0003"
    assert [author.orcid for author in add_orcids(authors, text)] == ["0000-0002-0000-000X", "0000-0001-0000-0001"]
    assert [author.orcid for author in add_orcids(authors, "0000-0001-0000-0001")] == [None, None]
