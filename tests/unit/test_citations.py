"""Distinguishes citations from text that only looks like one; expected values were read by eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.document import Cell, Document, FrontMatter, Paragraph, ReferenceEntry, Table, TableRow, Text
from pipelines.extract.citations import (
    CitationStyle,
    detect_citation_style,
    find_citations,
    find_document_citations,
    find_reference_numbers,
)
from pipelines.extract.column_headers import HeaderRoles
from tests.hang import must_end


def printed(
    text: str, style: CitationStyle = "superscript", n_references: int | None = 99
) -> list[tuple[str, list[int]]]:
    citations = find_citations(text, style=style, n_references=n_references)
    return [(text[citation.start : citation.end], list(citation.ref_nos)) for citation in citations]


def whole(value: str) -> Text:
    return Text.from_source(value, 0, len(value))


def document(paragraphs: list[str], tables: tuple[Table, ...] = (), n_references: int = 20) -> Document:
    return Document(
        source="",
        format="text",
        front=FrontMatter(),
        blocks=tuple(Paragraph(whole(text)) for text in paragraphs),
        tables=tables,
        references=tuple(ReferenceEntry(number, whole("A B.")) for number in range(1, n_references + 1)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metastases.¹", [("¹", [1])]),
        ("thymic carcinomas¹¹ and lung cancer.¹²", [("¹¹", [11]), ("¹²", [12])]),
        ("breast cancer,^{4,5} myeloma,^{4,6}", [("^{4,5}", [4, 5]), ("^{4,6}", [4, 6])]),
        ("surgery.^{4,5,26–29}", [("^{4,5,26–29}", [4, 5, 26, 27, 28, 29])]),
        ("surgery.^{3-5}", [("^{3-5}", [3, 4, 5])]),
        ("Danzig 1980 ²⁴", [("²⁴", [24])]),
        (
            "surgery⁴,⁵ and more⁷⁻⁹ and^12 and^(3,4)",
            [("⁴,⁵", [4, 5]), ("⁷⁻⁹", [7, 8, 9]), ("^12", [12]), ("^(3,4)", [3, 4])],
        ),
        ("in 2015⁴³ and IL-10⁵⁷ and HIV1⁴⁴", [("⁴³", [43]), ("⁵⁷", [57]), ("⁴⁴", [44])]),
        ("cancer.²⁴The next,^{4,5}myeloma", [("²⁴", [24]), ("^{4,5}", [4, 5])]),
        ("vitamin C² and group B³ and type A²", [("²", [2]), ("³", [3]), ("²", [2])]),
        ("a rate of 14%.⁶⁶ Ions (Ca²⁺).⁵", [("⁶⁶", [66]), ("⁵", [5])]),
    ],
)
def test_finds_superscripts_that_cite(text: str, expected: list[tuple[str, list[int]]]) -> None:
    assert printed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "10⁹ cells",
        "3 × 10⁻⁵ K/s",
        "10⁸–10¹⁰ cfu",
        "10^{9} cells",
        "¹⁰B and ⁶⁴Cu",
        "the isotope ^{18}F",
        "(¹³C-urea)",
        "W/cm² and 5 m²",
        "kg/m²",
        "R² = 0.9, χ² and I²",
        "Fe³⁺ and NO³⁻",
        "a variance d² of Z² over [0, 1]²",
        "SiO², CO² and sp² bonds",
        "Trp²⁷⁸ and Δ⁶ desaturase, N⁶-benzyladenine",
        "Co⁶⁰ and N¹⁵ sources",
        "∼10¹¹ cells, 10^{4-5} cells",
        "strain mc²155, a 1-cm² disc, 0.4 rad²",
        "allele w¹¹¹⁸",
        "mg kg⁻¹",
        "K_{i} ^{a}",
        "OLIPLUS^{®}",
        "LOO^{∙} and 0^{*}",
        "(⁰ – unspecified)",
        "[18F]fluoride and [12]",
        "Trp^{278,279}, pSer¹²⁹, [D-Ala², NMePhe⁴]",
        "allele w¹¹¹⁸¹¹¹⁹¹¹²⁰",
        "Source: ¹ https://a.org; ² https://b.org",
        "",
    ],
)
def test_ignores_superscripts_that_do_not_cite(text: str) -> None:
    assert printed(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as shown [12,14–16].", [("[12,14–16]", [12, 14, 15, 16])]),
        ("as shown [ 3 ; 7 ] before", [("[ 3 ; 7 ]", [3, 7])]),
        ("as shown [3]–[5].", [("[3]–[5]", [3, 4, 5])]),
        ("as shown [3], [5].", [("[3], [5]", [3, 5])]),
        ("[18F]choline, [100], 95% CI [2, 5], n = [3], [0, 1]", []),
        ("superscripts² count nowhere here", []),
    ],
)
def test_finds_numbers_in_brackets(text: str, expected: list[tuple[str, list[int]]]) -> None:
    assert printed(text, "bracket") == expected


def test_marks_only_implied_references_as_from_range() -> None:
    (citation,) = find_citations("x^{4,26–29,30–31}")
    assert dict(zip(citation.ref_nos, citation.from_range, strict=True)) == {
        4: False,
        26: False,
        27: True,
        28: True,
        29: False,
        30: False,
        31: False,
    }


def test_a_reference_printed_inside_a_range_is_not_from_range() -> None:
    (citation,) = find_citations("x^{3–6,5}")
    assert dict(zip(citation.ref_nos, citation.from_range, strict=True)) == {3: False, 4: True, 5: False, 6: False}


@pytest.mark.parametrize(
    ("last", "n_references", "n_cited"), [(401, None, 401), (402, None, 2), (21, 20, 21), (22, 20, 2), (2, 20, 2)]
)
def test_a_range_wider_than_the_list_or_than_400_is_not_expanded(
    last: int, n_references: int | None, n_cited: int
) -> None:
    (citation,) = find_citations(f"x^{{1–{last}}}", n_references=n_references)
    assert len(citation.ref_nos) == n_cited


@pytest.mark.parametrize(("text", "numbers"), [("x^{9–4}", [9, 4]), ("x^{1–9999}", [1, 9999]), ("x^{7,7}", [7])])
def test_does_not_expand_odd_ranges(text: str, numbers: list[int]) -> None:
    assert printed(text)[0][1] == numbers


def test_keeps_a_number_beyond_the_reference_list() -> None:
    assert printed("shown.¹⁴⁴", n_references=71) == [("¹⁴⁴", [144])]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("37,38,42", [37, 38, 42]),
        ("55", [55]),
        ("[12–14]", [12, 13, 14]),
        ("[36 37–40]", [36, 37, 38, 39, 40]),
        ("[3], [5–7]", [3, 5, 6, 7]),
        ("[3] [5]", [3, 5]),
        ("36 37–40", [36, 37, 38, 39, 40]),
        ("(3); (5)", [3, 5]),
        ("[36 37–400]", None),
        ("u.d.", None),
        ("2010", None),
        ("1.5", None),
    ],
)
def test_finds_plain_numbers_of_a_reference_column(cell: str, numbers: list[int] | None) -> None:
    citations = find_reference_numbers(cell, n_references=71)
    assert [list(citation.ref_nos) for citation in citations] == ([numbers] if numbers else [])


@pytest.mark.parametrize(
    ("text", "n_references", "expected"),
    [
        ("shown [¹¹⁰¹¹⁴]", 150, [("¹¹⁰¹¹⁴", [110, 114])]),
        ("shown.¹²¹³¹⁴", 60, [("¹²¹³¹⁴", [12, 13, 14])]),
        ("shown.⁹¹⁰¹¹", 60, [("⁹¹⁰¹¹", [9, 10, 11])]),
        ("shown.¹⁴¹²", 60, [("¹⁴¹²", [1412])]),
        ("shown.¹⁴⁴", 71, [("¹⁴⁴", [144])]),
        # A number that the list has is one number.
        ("shown.¹²¹³", 1213, [("¹²¹³", [1213])]),
        ("shown.¹³¹³", 60, [("¹³¹³", [1313])]),
        ("shown.¹¹⁰¹¹⁴", None, []),
    ],
)
def test_separates_adjacent_superscripts(
    text: str, n_references: int | None, expected: list[tuple[str, list[int]]]
) -> None:
    assert printed(text, n_references=n_references) == expected


def test_a_note_mark_before_a_citation_is_not_a_part_of_it() -> None:
    assert printed("levels (USDA¹^{86,87}).") == [("^{86,87}", [86, 87])]


def test_plain_numbers_of_footnotes_explain_marks_if_they_count_from_one() -> None:
    rows = (TableRow((Cell(whole("Ek ¹, Bo ² and Ma ⁵")),), 1),)
    noted = Table("Table 1", None, rows, 0, None, (whole("1 Given twice."), whole("2. By mouth.")))
    placed = find_document_citations(document(["Text.³"], (noted,)), [[HeaderRoles()]])
    assert [item.marker for item in placed if item.context == "table"] == ["⁵"]
    odd = Table("Table 1", None, rows, 0, None, (whole("5 patients were lost."),))
    placed = find_document_citations(document(["Text.³"], (odd,)), [[HeaderRoles()]])
    assert [item.marker for item in placed if item.context == "table"] == ["¹", "²", "⁵"]


def test_detects_the_style_that_cites_most_references() -> None:
    assert detect_citation_style(document(["One.¹ Two.² Three.³ Or [4]."])) == "superscript"
    assert detect_citation_style(document(["One [1]. Two [2,3]. Some cm² and 10³ and x⁴."])) == "bracket"
    assert detect_citation_style(document(["One (1). Two (2,3). Four (4)."])) == "parenthesis"


def test_ignores_marks_explained_by_the_notes_of_a_table() -> None:
    rows = (
        TableRow((Cell(whole("Drug"), is_header=True), Cell(whole("Ref."), is_header=True)), 1, True),
        TableRow((Cell(whole("Ek ¹ and Bo ⁵")), Cell(whole("7,8"))), 1),
        TableRow((Cell(whole("12")), Cell(whole("n.a."))), 1),
    )
    table = Table("Table 1", whole("Drugs ¹ of the year.⁶"), rows, 1, None, (whole("¹ Given twice; see Bo.⁹"),))
    placed = find_document_citations(document(["Text.³"], (table,)), [[HeaderRoles(), HeaderRoles(("reference",))]])
    assert [(item.context, item.marker, item.row_no, item.column_no) for item in placed] == [
        ("prose", "³", None, None),
        ("caption", "⁶", None, None),
        ("table", "⁵", 1, 0),
        ("table", "7,8", 1, 1),
        ("footnote", "⁹", None, None),
    ]


@given(st.text(alphabet="a1²⁴^{},–[]() \t", max_size=120))
def test_citations_are_inside_the_text_and_in_order(text: str) -> None:
    for style in ("superscript", "bracket", "parenthesis"):
        previous_end = 0
        for citation in find_citations(text, style=style):
            assert previous_end <= citation.start < citation.end <= len(text)
            assert len(citation.ref_nos) == len(set(citation.ref_nos)) == len(citation.from_range)
            previous_end = citation.end


@pytest.mark.parametrize("unit", ["²", "²,", "^{", "^{1,", "^{1–9999}", "[1", "[1],", "(1,", "1,", "10²"])
def test_hostile_prose_does_not_hang(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    with must_end():
        for style in ("superscript", "bracket", "parenthesis"):
            find_citations(text, style=style)
        find_reference_numbers(text)
