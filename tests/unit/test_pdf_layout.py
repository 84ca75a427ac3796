"""The steps from characters to lines, paragraphs, references and cells, with characters at made-up places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.readers.errors import ReadError
from pipelines.readers.pdf import read_pages_of_review
from pipelines.readers.pdf.accents import compose_accents
from pipelines.readers.pdf.body import BodyReader
from pipelines.readers.pdf.line_joining import JoinedText, Joiner
from pipelines.readers.pdf.lines import Line, read_lines
from pipelines.readers.pdf.page_contents import Font, Glyph, Page, Rule
from pipelines.readers.pdf.page_furniture import drop_furniture
from pipelines.readers.pdf.printed_blocks import find_body_style, split_blocks
from pipelines.readers.pdf.reference_entries import split_entries
from pipelines.readers.pdf.table_cells import read_cells
from pipelines.readers.pdf.table_regions import find_tables, merge_rules, read_label
from pipelines.readers.pdf.text_writer import TextWriter, unturn

ROMAN = Font("Times", is_bold=False, is_italic=False)
WIDTH = 0.5
"""The width of a character, in font sizes."""


def glyphs(text: str, x: float, baseline: float, size: float = 10.0, font: int = 0) -> list[Glyph]:
    """The characters of a text from `x` on."""
    step = WIDTH * size
    return [
        Glyph(char, x + step * place, x + step * (place + 1), baseline - 0.7 * size, baseline, baseline, size, font)
        for place, char in enumerate(text)
    ]


def page(*runs: list[Glyph], rules: list[Rule] | None = None, number: int = 1, turn: int = 0) -> Page:
    printed = [glyph for run in runs for glyph in run]
    return Page(number, 600.0, 800.0, turn, printed, rules or [], [], [ROMAN], 0)


def texts(*runs: list[Glyph]) -> list[str]:
    return [line.text for line in read_lines(page(*runs))]


def test_line_ends_at_a_gap_and_at_another_height() -> None:
    assert texts(glyphs("left", 50, 100), glyphs("right", 300, 100), glyphs("below", 50, 112)) == [
        "left",
        "right",
        "below",
    ]


def test_small_raised_characters_are_superscripts() -> None:
    word, mark = glyphs("pain", 50, 100), glyphs("2,3", 70, 96, size=6.0)
    assert texts([*word, *mark, *glyphs("falls", 85, 100)]) == ["pain^{2,3} falls"]
    assert texts([*word, *glyphs("7", 70, 96, size=6.0)]) == ["pain⁷"]
    # As small, but not raised: a chemical formula.
    assert texts([*glyphs("H", 50, 100), *glyphs("2", 55, 102, size=6.0), *glyphs("O", 58, 100)]) == ["H2O"]


def test_blank_that_the_next_character_covers_is_not_printed() -> None:
    word = [*glyphs("Ref", 50, 100), *glyphs(" ", 65, 100), *glyphs("erences", 65, 100)]
    assert texts(word) == ["References"]


@pytest.mark.parametrize(
    ("letter", "accent", "composed"),
    [("a", "¨", "ä"), ("c", "´", "ć"), ("ı", "\u0301", "í"), ("n", "˜", "ñ"), ("s", "ˇ", "š")],
)
def test_accent_over_a_letter_is_composed(letter: str, accent: str, composed: str) -> None:
    printed = [*glyphs(accent, 55, 100), *glyphs(f"x{letter}y", 50, 100)]
    assert "".join(glyph.text for glyph in compose_accents(printed)) == f"x{composed}y"


def test_accent_over_no_letter_is_kept() -> None:
    assert len(compose_accents([*glyphs("¨", 300, 100), *glyphs("x", 50, 100)])) == 2


def lines_of(*printed: str) -> list[Line]:
    """Lines below each other that all fill their column."""
    return read_lines(page(*(glyphs(text, 50, 100 + 12 * number) for number, text in enumerate(printed))))


@pytest.mark.parametrize(
    ("printed", "joined"),
    [
        (("the treat-", "ment of pain"), "the treatment of pain"),
        (("a well-known meta-analysis by meta-", "analysis"), "a well-known meta-analysis by meta-analysis"),
        (("pages 12-", "34 of it"), "pages 12-34 of it"),
        (("by Jean-", "Paul Moss"), "by Jean-Paul Moss"),
        (("with or/", "and without"), "with or/and without"),
        (("in metastases", "—clinical results"), "in metastases—clinical results"),
        (("one line", "and another"), "one line and another"),
    ],
)
def test_lines_are_joined_to_running_text(printed: tuple[str, ...], joined: str) -> None:
    lines = lines_of(*printed)
    assert Joiner(lines).join(lines).text == joined


def test_joined_text_knows_where_its_lines_begin_and_can_be_split() -> None:
    lines = lines_of("first line", "second line", "third")
    joined = Joiner(lines).join(lines)
    assert [joined.text[item.start :].split()[0] for item in joined.lines] == ["first", "second", "third"]
    halves = joined.split([joined.text.index("line second") + 5])
    assert [half.text for half in halves] == ["first line", "second line third"]
    assert [[item.line.text for item in half.lines] for half in halves] == [
        ["first line"],
        ["second line", "third"],
    ]


def test_running_heads_and_page_numbers_are_dropped_and_titles_are_not() -> None:
    pages = [
        page(glyphs("Moss et al. 2004", 50, 30), glyphs(body, 50, 300), glyphs(str(number), 300, 780), number=number)
        for number, body in enumerate(("first", "second", "third"), start=1)
    ]
    kept = drop_furniture([read_lines(item) for item in pages], [800.0] * 3)
    assert [[line.text for line in lines] for lines in kept] == [["first"], ["second"], ["third"]]


def test_paragraph_begins_at_an_indent_and_after_a_short_line() -> None:
    full = "xxxxx " * 9 + "xxxxxx"
    printed = [
        glyphs(full, 50, 100),
        glyphs("ends here.", 50, 112),
        glyphs(full, 50, 124),
        glyphs(full, 50, 136),
        glyphs("yyyyy " * 9 + "yyyy", 60, 148),
        glyphs(full, 50, 160),
    ]
    lines = read_lines(page(*printed))
    blocks = split_blocks(lines, find_body_style([lines]))
    assert [len(block.lines) for block in blocks] == [2, 2, 2]


def entries_of(*printed: str, indent: tuple[int, ...] = ()) -> list[tuple[int | None, str]]:
    lines = read_lines(
        page(*(glyphs(text, 65 if number in indent else 50, 100 + 12 * number) for number, text in enumerate(printed)))
    )
    return [(entry.number, " ".join(line.text for line in entry.lines)) for entry in split_entries(lines)]


def test_numbered_entries_tolerate_a_gap_and_numbers_inside() -> None:
    assert entries_of("1. Moss A.", "10.1021/x 2. Reed B.", "2. Fern C. Year", "1999. 12: 3", "4. Stone D.") == [
        (1, "Moss A. 10.1021/x 2. Reed B."),
        (2, "Fern C. Year 1999. 12: 3"),
        (4, "Stone D."),
    ]


def test_entries_with_a_hanging_indent() -> None:
    printed = (
        "Moss A (1999) Heels.",
        "Foot J 3: 1-2.",
        "Reed B (2004) Toes.",
        "Foot J 4: 5-6.",
        "Fern C (2010) Arches.",
    )
    assert entries_of(*printed, indent=(1, 3)) == [
        (None, "Moss A (1999) Heels. Foot J 3: 1-2."),
        (None, "Reed B (2004) Toes. Foot J 4: 5-6."),
        (None, "Fern C (2010) Arches."),
    ]


def test_statement_below_the_list_is_no_entry() -> None:
    printed = ("1. Moss A.", "2. Reed B.", "3. Fern C.", "4. Copyright © 2020 Moss")
    assert [number for number, _ in entries_of(*printed)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Table 1. Trials", ("Table 1", "Trials")),
        ("TABLE IV | Trials", ("TABLE IV", "Trials")),
        ("Continued Table 2", ("Table 2", "")),
        ("Tables and figures", None),
    ],
)
def test_label_of_a_table(text: str, label: tuple[str, str] | None) -> None:
    assert read_label(text) == label


def test_rules_of_one_height_are_joined_and_short_ones_left_out() -> None:
    rules = [Rule(50, 100, 100, 100), Rule(103, 100.5, 200, 100.5), Rule(300, 100, 400, 100), Rule(50, 120, 60, 120)]
    assert [(rule.x0, rule.x1) for rule in merge_rules(rules)] == [(50, 200), (300, 400)]


def table_of(*rows: tuple[tuple[float, float, str], ...]) -> list[list[str]]:
    """The cells of a table with three rules whose rows are runs of (x, baseline, text)."""
    bottom = max(baseline for row in rows for _, baseline, _ in row) + 6
    printed = [glyphs(text, x, baseline, 8.0) for row in rows for x, baseline, text in row]
    ruled = page(
        glyphs("Table 1 Trials", 50, 90, 8.0),
        *printed,
        rules=[Rule(50, 96, 550, 96), Rule(50, 112, 550, 112), Rule(50, bottom, 550, bottom)],
    )
    lines = read_lines(ruled)
    body = find_body_style([read_lines(page(*(glyphs("z" * 50, 50, 12 * n) for n in range(9))))])
    [region] = find_tables(ruled, lines, body)
    cells, _ = read_cells(region, Joiner(lines))
    return [[cell.joined.text for cell in row.cells] for row in cells]


def test_line_that_fits_nowhere_above_begins_a_row() -> None:
    assert table_of(
        ((50, 108, "Study"), (250, 108, "Outcome")),
        ((50, 124, "Moss"), (250, 124, "Pain fell in all of the")),
        ((250, 134, "patients"),),
        ((50, 148, "Reed"), (250, 148, "No change")),
    ) == [["Study", "Outcome"], ["Moss", "Pain fell in all of the patients"], ["Reed", "No change"]]


def test_text_that_is_garbage_in_place_ends_in_some_document() -> None:
    printed = [glyphs("Table 1", 50, 90, 8.0), *(glyphs("x", 50 + 7 * n, 100 + n, 8.0) for n in range(60))]
    lines = read_lines(page(*printed))
    assert split_blocks(lines, find_body_style([lines]))


_NUMBER = st.floats(-50, 900, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(
    runs=st.lists(
        st.tuples(st.text("aB1. -–(Tab 1)[", min_size=1, max_size=12), _NUMBER, _NUMBER, st.floats(1, 40)), max_size=25
    ),
    rules=st.lists(st.tuples(_NUMBER, _NUMBER, st.floats(0, 500)), max_size=8),
)
def test_every_printed_character_is_in_a_line(
    runs: list[tuple[str, float, float, float]], rules: list[tuple[float, float, float]]
) -> None:
    printed = page(
        *(glyphs(text, x, y, size) for text, x, y, size in runs),
        rules=[Rule(x, y, x + length, y) for x, y, length in rules],
    )
    lines = read_lines(printed)
    counted = sum(len(word.text.replace("^{", "").replace("}", "")) for line in lines for word in line.words)
    assert counted == sum(not char.isspace() for text, *_ in runs for char in text)
    body = find_body_style([lines])
    blocks = split_blocks(lines, body)
    assert sum(len(block.lines) for block in blocks) <= len(lines)
    joiner = Joiner(lines)
    writer = TextWriter([printed])
    for block in blocks:
        writer.add(joiner.join(block.lines))
    assert all(box.start < box.end <= len(writer.text) for box in writer.boxes)
    for region in find_tables(printed, lines, body):
        rows, n_columns = read_cells(region, joiner)
        assert all(cell.column + cell.column_span <= n_columns for row in rows for cell in row.cells)


@pytest.mark.parametrize(
    ("turn", "box"),
    [(0, (10, 20, 30, 25)), (90, (20, 570, 25, 590)), (180, (570, 775, 590, 780)), (270, (775, 10, 780, 30))],
)
def test_box_of_a_turned_page_is_given_on_the_page_as_it_is(turn: int, box: tuple[float, ...]) -> None:
    assert unturn(page(turn=turn), 10, 20, 30, 25) == box


def test_empty_text_has_no_box() -> None:
    writer = TextWriter([page()])
    assert writer.add(JoinedText("", ())).pieces == ()
    assert writer.boxes == []


def test_numbered_heading_at_the_start_of_a_paragraph_is_a_heading() -> None:
    italic = Font("Times-Italic", is_bold=False, is_italic=True)
    heading = "2.1. Search. "
    first = [*glyphs(heading, 50, 100, font=1), *glyphs("We searched three databases for trials", 115, 100)]
    second = glyphs("of insoles and of surgery, and read the reference lists", 50, 112)
    lines = read_lines(page(first, second)._replace(fonts=[ROMAN, italic]))
    reader = BodyReader(find_body_style([lines]), Joiner(lines))
    reader.read(split_blocks(lines, reader.body))
    assert [(part.role, part.text) for part in reader.parts] == [
        ("heading", "2.1. Search"),
        (
            "prose",
            "We searched three databases for trials of insoles and of surgery, and read the reference lists",
        ),
    ]


def test_pages_with_nothing_but_running_heads_are_refused() -> None:
    pages = [page(glyphs("Moss et al. 2004", 50, 30), number=number) for number in (1, 2)]
    with pytest.raises(ReadError, match=r"^a\.pdf: the PDF has only running heads and page numbers"):
        read_pages_of_review(pages, name="a.pdf")
