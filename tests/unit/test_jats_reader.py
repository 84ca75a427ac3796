"""The JATS reader on an invented article with the difficulties of real ones; expected values were read by eye."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipelines.document import Cell, Citation, Document, FrontMatter, Heading, Paragraph
from pipelines.readers.jats import read_jats
from tests.texts import texts_of

FIXTURES = Path(__file__).parent / "jats"


def assert_cut_out_exactly(document: Document) -> None:
    for text in texts_of(document):
        reached = 0
        for piece in text.pieces:
            assert piece.length > 0
            assert piece.offset >= reached
            reached = piece.offset + piece.length
            printed = document.source[piece.start : piece.start + piece.length]
            assert printed == text.value[piece.offset : reached]
            assert "<" not in printed or "CDATA" in document.source[piece.start - 9 : piece.start]
        assert reached <= len(text.value)


@pytest.fixture(scope="module")
def document() -> Document:
    return read_jats((FIXTURES / "review.xml").read_bytes(), name="review.xml")


def paragraphs(document: Document, kind: str) -> list[Paragraph]:
    return [block for block in document.blocks if isinstance(block, Paragraph) and block.kind == kind]


def cited(paragraph: Paragraph | Cell) -> list[tuple[str, tuple[int, ...], tuple[bool, ...]]]:
    return [
        (paragraph.text.value[citation.start : citation.end], citation.ref_nos, citation.from_range)
        for citation in paragraph.citations or ()
    ]


def test_every_text_is_verbatim_in_the_source(document: Document) -> None:
    assert_cut_out_exactly(document)


def test_reads_gzip_like_plain_xml(document: Document) -> None:
    packed = gzip.compress((FIXTURES / "review.xml").read_bytes())
    assert read_jats(packed, name="review.xml.gz") == document


def test_front_matter(document: Document) -> None:
    front = document.front
    assert front.title is not None
    assert front.title.value == "Treatment of imaginary fractures & sprains: a\u00a0review*"
    assert front.journal is not None
    assert front.journal.value == "Annals of Invented Orthopædics"
    assert (front.volume, front.issue, front.first_page, front.last_page) == ("12", "3 Suppl", "101", "e9")
    assert (front.publication_year, front.publication_year_basis) == (2019, "print")
    assert (front.date_received, front.date_accepted) == ("2018-07-09", None)
    assert (front.doi, front.language, front.article_type) == ("10.5555/inv.2019.17", "en", "review-article")
    assert front.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert [text.value for text in front.keywords] == ["sprain", "tibia"]
    assert [text.value for text in front.abstract] == ["Background Sprains are common.", "Results None heal."]
    assert [(award.funder, award.award_number) for award in front.awards] == [
        ("Thule Fund", "TF-1"),
        ("Thule Fund", "TF-2"),
    ]
    assert front.awards[0].text.value == "Thule Fund TF-1 TF-2"


def test_authors_and_affiliations(document: Document) -> None:
    first, second, group = document.front.authors
    assert (first.name.value, first.surname, first.given_names) == (
        "Máire Ann O’Grady Jr",
        "O’Grady",
        "Máire Ann",
    )
    assert (first.affiliations, first.orcid, first.email) == (("a1", "a2"), "0000-0002-1825-0097", "maire@example.org")
    assert first.is_corresponding
    assert first.is_equal_contribution
    assert (second.surname, second.affiliations) == ("van der Berg", ("a2",))
    assert second.is_equal_contribution
    assert not second.is_corresponding
    assert (group.name.value, group.given_names) == ("Sprain Study Group", None)
    assert [(entry.key, entry.text.value) for entry in document.front.affiliations] == [
        ("a1", "Institute of Fractures Atlantis"),
        ("a2", "Hospital of Thule"),
    ]


def test_headings_nest_and_sub_articles_are_left_out(document: Document) -> None:
    headings = [(block.text.value, block.level) for block in document.blocks if isinstance(block, Heading)]
    assert headings == [("Introduction", 1), ("Of lists", 2), ("Acknowledgements", 1)]
    assert not any("ours" in text.value for text in texts_of(document))


def test_paragraphs_are_whole_around_floats_and_end_at_lists(document: Document) -> None:
    assert [paragraph.text.value for paragraph in paragraphs(document, "prose")] == [
        "Sprains1–3,5 swell to 109 cells [2, 4, 5]. See Figure 1. Bandages a < b help most people.",
        "There are two:",
        "rest, as Smith 2001 says;",
        "ice.",
        "and no third.",
    ]
    assert [paragraph.text.value for paragraph in paragraphs(document, "footnote")] == ["a But not all."]
    assert [paragraph.text.value for paragraph in paragraphs(document, "back")] == ["We thank nobody."]
    captions = [paragraph.text.value for paragraph in paragraphs(document, "caption")]
    assert captions == ["An ankle", "Drawn after 3."]


def test_reads_a_note_that_is_all_that_an_inline_element_holds() -> None:
    xml = "<article><front/><body><p>Casts <italic><fn><p>Of plaster.</p></fn></italic> heal.</p></body></article>"
    texts = [block.text.value for block in read_jats(xml.encode(), name="note.xml").blocks]
    assert [" ".join(text.split()) for text in texts] == ["Casts heal.", "Of plaster."]


def test_citations_mark_references_that_a_range_implies(document: Document) -> None:
    first, _, author_year, *_ = paragraphs(document, "prose")
    assert cited(first) == [
        ("1–3,5", (1, 2, 3, 5), (False, True, False, False)),
        ("2, 4, 5", (2, 4, 5), (False, False, False)),
    ]
    assert cited(author_year) == [("2001", (4,), (False,))]
    assert cited(paragraphs(document, "caption")[1]) == [("3", (3,), (False,))]


def test_joins_the_parts_of_a_table(document: Document) -> None:
    table = document.tables[0]
    assert (table.label, table.n_parts) == ("Table 1", 2)
    assert table.caption is not None
    assert table.caption.value == "Outcomes 1"
    assert [citation.ref_nos for citation in table.caption_citations or ()] == [(1,)]
    assert table.footnote_citations == ((), ())
    assert [note.value for note in table.footnotes] == ["* Means.", "CI, interval."]
    assert [[cell.text.value for cell in row.cells] for row in table.rows] == [
        ["Study", "Outcome"],
        ["Pain", "Gait"],
        ["Doe et al. 1", "> 5", ""],
        ["Roe 2002", "none"],
    ]
    assert [row.part_no for row in table.rows] == [1, 1, 1, 2]
    assert [row.is_header for row in table.rows] == [True, True, False, False]
    study, outcome = table.rows[0].cells
    assert (study.row_span, study.column_span, outcome.row_span, outcome.column_span) == (2, 1, 1, 2)
    assert cited(table.rows[2].cells[0]) == [("1", (1,), (False,))]
    assert table.span is not None
    assert document.source[table.span.start : table.span.end].startswith('<table-wrap id="t1">')
    assert document.source[table.span.start : table.span.end].endswith("</table-wrap>")


def test_reads_a_table_outside_the_body_and_reports_one_as_a_picture(document: Document) -> None:
    assert [table.label for table in document.tables] == ["Table 1", "Table 2"]
    assert document.tables[1].rows[0].cells[1].text.value == "x < y & z"
    assert [repair.code for repair in document.repairs] == ["table_without_cells"]


def test_reference_fields(document: Document) -> None:
    assert [entry.ref_no for entry in document.references] == [1, 2, 3, 4, 5]
    article, book, mixed, untagged, chapter = [entry.fields for entry in document.references]
    assert article is not None
    assert book is not None
    assert mixed is not None
    assert chapter is not None
    assert [(name.name, name.surname, name.initials, name.suffix) for name in article.authors] == [
        ("Doe J.-M. A.", "Doe", "JMA", None),
        ("Roe RJ III", "Roe", "RJ", "III"),
    ]
    assert article.authors_truncated
    assert (article.title, article.journal) == ("Swelling. A\u00a0study of H2O", "Ann Invent")
    assert (article.year, article.volume, article.issue) == (2001, "7", "1")
    assert (article.first_page, article.last_page) == ("S12", "S19")
    assert (article.doi, article.pmid) == ("10.5555/a<b", "123")
    assert (book.authors[0].surname, book.authors[0].initials, book.journal) == ("WHO", None, "Rest")
    assert (mixed.article_number, mixed.first_page, mixed.last_page, mixed.doi) == ("e17", "e17", None, "10.5555/rav.1")
    assert mixed.authors[0].initials == "E"
    assert untagged is None
    assert [name.surname for name in chapter.authors] == ["Lee"]
    assert not chapter.authors_truncated


def test_reference_strings(document: Document) -> None:
    assert [entry.text.value for entry in document.references][1:4] == [
        "WHO. Rest. Geneva; 1999.",
        "Poe, Edgar. Ravens. Bird J. 1845; e17. https://doi.org/10.5555/rav.1",
        "Smith A. Ice – and heat. 2001.",
    ]
    assert document.references[0].text.value == (
        "Doe J.-M. A. Roe RJ III Swelling. A\u00a0study of H2O Ann Invent 2001a 7 1 S12 S19 10.5555/a<b 123"
    )


def article(body: str = "<p>x</p>", references: str = "", attributes: str = "") -> Document:
    source = (
        f"<article {attributes}><front><article-meta/></front><body>{body}</body>"
        f"<back><ref-list>{references}</ref-list></back></article>"
    )
    return read_jats(source.encode(), name="small.xml")


def test_a_citation_that_ends_its_paragraph_or_follows_another_counts_once() -> None:
    references = "".join(f'<ref id="r{number}"><label>{number}</label></ref>' for number in (1, 2))
    link = '<xref ref-type="bibr" rid="r{0}">{0}</xref>'
    document = article(f"<p>{link.format(1)}</p><p>End {link.format(2)}</p>", references)
    assert [cited(paragraph) for paragraph in paragraphs(document, "prose")] == [
        [("1", (1,), (False,))],
        [("2", (2,), (False,))],
    ]


def test_numbers_several_citations_in_one_ref() -> None:
    document = article(
        '<p>So <xref ref-type="bibr" rid="b2">2</xref>, so <xref ref-type="bibr" rid="b2b">2b</xref>.</p>',
        '<ref id="b1"><label>1</label><mixed-citation>One.</mixed-citation></ref>'
        '<ref id="b2"><label>2</label><mixed-citation id="b2a">Two a.</mixed-citation>'
        '<mixed-citation id="b2b">Two b.</mixed-citation></ref>'
        '<ref id="b3"><label>3</label><mixed-citation>Three.</mixed-citation></ref>',
    )
    assert [(entry.ref_no, entry.text.value) for entry in document.references] == [
        (1, "One."),
        (2, "Two a."),
        (3, "Two b."),
        (4, "Three."),
    ]
    assert [citation.ref_nos for citation in paragraphs(document, "prose")[0].citations or ()] == [(2, 3), (3,)]


def test_separates_the_parts_of_a_name_in_a_citation_with_loose_text() -> None:
    document = article(
        references='<ref id="b1"><mixed-citation><name><surname>Burt</surname><given-names>S.</given-names></name>, '
        "<name><surname>Mo</surname>, <given-names>T.</given-names></name> (<year>2004</year>).\n<article-title>Oils "
        "of <italic>O.</italic><bold>x</bold></article-title><source><italic>J. Oil</italic></source>"
        "<volume>94</volume>(<issue>2</issue>):<fpage>1</fpage>&#x2013;<lpage>9</lpage>.</mixed-citation></ref>"
    )
    assert document.references[0].text.value == "Burt S., Mo, T. (2004). Oils of O.x J. Oil 94(2):1–9."
    assert_cut_out_exactly(document)


@pytest.mark.parametrize(
    ("citation", "printed"),
    [
        ("<fpage>4755</fpage>-<lpage>4762</lpage>", "4755-4762"),
        ("<volume>94</volume>(<issue>2</issue>):<fpage>1</fpage>", "94(2):1"),
        ("<source><italic>J. Oil</italic><break/>Suppl.</source>", "J. Oil Suppl."),
        ("<source>J. Oil</source><volume>94</volume>\n<fpage>1</fpage>", "J. Oil 94 1"),
    ],
)
def test_separates_only_adjacent_elements(citation: str, printed: str) -> None:
    document = article(references=f'<ref id="b1"><mixed-citation>{citation}</mixed-citation></ref>')
    assert document.references[0].text.value == printed
    assert_cut_out_exactly(document)


@pytest.mark.parametrize(
    ("citation", "title", "journal"),
    [
        ("<source>Milk in Hyderabad</source>. M.Sc. thesis, Acharya University", "Milk in Hyderabad", None),
        (
            "<source>Milk in Hyderabad. Ph. D. Thesis</source><publisher-name>U</publisher-name>",
            "Milk in Hyderabad",
            None,
        ),
        (
            "<source>Regulation (EC) No 1881/2006 on foodstuffs</source>",
            "Regulation (EC) No 1881/2006 on foodstuffs",
            None,
        ),
        ("<source>Commission Directive 2002/32/EC</source>", "Commission Directive 2002/32/EC", None),
        ("<source>Regulation of Bones</source><year>2002</year>", None, "Regulation of Bones"),
        ("<article-title>Milk</article-title><source>Ph.D. Thesis</source>", "Milk", "Ph.D. Thesis"),
    ],
)
def test_a_thesis_or_regulation_has_its_title_in_title(citation: str, title: str | None, journal: str | None) -> None:
    document = article(references=f'<ref id="b1"><mixed-citation>{citation}</mixed-citation></ref>')
    (entry,) = document.references
    assert entry.fields is not None
    assert (entry.fields.title, entry.fields.journal) == (title, journal)


@pytest.mark.parametrize(
    ("citation", "language"),
    [
        ('<element-citation xml:lang="de"><source>Knochen</source></element-citation>', "de"),
        ('<element-citation><article-title xml:lang="ko">T</article-title></element-citation>', "ko"),
        ('<element-citation><source xml:lang="ru">S</source></element-citation>', "ru"),
        ("<element-citation><source>S</source></element-citation>", None),
    ],
)
def test_the_language_of_a_reference_is_the_tagged_one(citation: str, language: str | None) -> None:
    (entry,) = article(references=f'<ref id="b1">{citation}</ref>').references
    assert entry.fields is not None
    assert entry.fields.language == language


def test_five_capitals_are_initials_unless_the_surname_is_in_capitals() -> None:
    names = "".join(
        f"<name><surname>{surname}</surname><given-names>{given}</given-names></name>"
        for surname, given in (("Dubois", "AEMMR"), ("ROSSI", "MARIA"), ("Lee", "Jean-Marie"))
    )
    (entry,) = article(references=f'<ref id="b1"><element-citation>{names}</element-citation></ref>').references
    assert entry.fields is not None
    assert [name.initials for name in entry.fields.authors] == ["AEMMR", "M", "JM"]


def front_matter(meta: str) -> FrontMatter:
    source = f"<article><front><article-meta>{meta}</article-meta></front><body><p>x</p></body></article>"
    return read_jats(source.encode(), name="small.xml").front


@pytest.mark.parametrize(
    "funder",
    [
        "<institution-wrap><institution-id>http://dx.doi.org/10.13039/501</institution-id>"
        "<institution>Thule Fund</institution></institution-wrap>",
        'Thule Fund<named-content content-type="fundref-id">10.13039/501</named-content>',
        '<named-content content-type="fundref-id">10.13039/501</named-content>Thule Fund',
        '<named-content content-type="funder-name">Thule Fund</named-content>',
    ],
)
def test_the_name_of_a_funder_has_no_identifier(funder: str) -> None:
    front = front_matter(
        f"<funding-group><award-group><funding-source>{funder}</funding-source>"
        "<award-id>TF-1</award-id></award-group></funding-group>"
    )
    assert [(award.funder, award.award_number) for award in front.awards] == [("Thule Fund", "TF-1")]


def test_an_affiliation_has_its_tagged_country_and_no_identifier() -> None:
    front = front_matter(
        '<aff id="a1"><label>1</label><institution-wrap><institution-id>grid.5</institution-id><institution>Thule '
        'University, </institution></institution-wrap>Thule, <country country="GL">Greenland</country>'
        '</aff><aff id="a2">Ultima Hospital, Norway</aff>'
    )
    assert [(entry.key, entry.text.value, entry.country) for entry in front.affiliations] == [
        ("a1", "Thule University, Thule, Greenland", "Greenland"),
        ("a2", "Ultima Hospital, Norway", None),
    ]


def test_two_forms_of_one_citation_are_one_reference() -> None:
    document = article(
        references='<ref id="b1"><mixed-citation>Doe J. Bones. 2001.</mixed-citation><element-citation>'
        "<name><surname>Doe</surname><given-names>J</given-names></name><source>Bones</source></element-citation></ref>"
    )
    (entry,) = document.references
    assert entry.text.value == "Doe J. Bones. 2001."
    assert entry.fields is not None
    assert entry.fields.journal == "Bones"
    assert not document.references_are_numbered


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("[{1}]–[{3}]", [((1, 2, 3), (False, True, False))]),
        ("{1}, {1}", [((1,), (False,))]),
        ("{3}–{1}", [((3, 1), (False, False))]),
        ("{1} and {2}", [((1,), (False,)), ((2,), (False,))]),
        ("{1}, {3}", [((1, 3), (False, False))]),
        ("{1}; {2}–{3}", [((1, 2, 3), (False, False, False))]),
        # Printed anywhere, a reference is not implied.
        ("{1}–{3}, {2}", [((1, 2, 3), (False, False, False))]),
    ],
)
def test_joins_xrefs_to_markers(words: str, expected: list[tuple[tuple[int, ...], tuple[bool, ...]]]) -> None:
    xrefs = ["", *(f'<xref ref-type="bibr" rid="b{number}">{number}</xref>' for number in (1, 2, 3))]
    references = "".join(
        f'<ref id="b{n}"><label>{n}</label><mixed-citation>R.</mixed-citation></ref>' for n in (1, 2, 3)
    )
    document = article(f"<p>{words.format(*xrefs)}</p>", references)
    (paragraph,) = paragraphs(document, "prose")
    assert [(citation.ref_nos, citation.from_range) for citation in paragraph.citations or ()] == expected


@pytest.mark.parametrize(
    ("last", "cited"),
    [
        (100, tuple(range(1, 101))),
        # A range of more than a hundred is taken for a mistake.
        (101, (1,)),
    ],
)
def test_expands_a_range_of_at_most_a_hundred(last: int, cited: tuple[int, ...]) -> None:
    references = "".join(
        f'<ref id="b{n}"><label>{n}</label><mixed-citation>R.</mixed-citation></ref>' for n in range(1, 103)
    )
    document = article(f'<p>So<xref ref-type="bibr" rid="b1">1–{last}</xref>.</p>', references)
    (citation,) = paragraphs(document, "prose")[0].citations or ()
    assert citation.ref_nos == cited


def test_a_printed_number_that_is_not_that_of_its_target_implies_nothing() -> None:
    references = "".join(
        f'<ref id="b{n}"><label>{n}</label><mixed-citation>R.</mixed-citation></ref>' for n in range(1, 6)
    )
    document = article('<p>So<xref ref-type="bibr" rid="b2">1–4</xref>.</p>', references)
    (citation,) = paragraphs(document, "prose")[0].citations or ()
    assert citation.ref_nos == (2,)


def test_expands_a_range_in_one_xref() -> None:
    references = "".join(
        f'<ref id="b{n}"><label>{n}</label><mixed-citation>R.</mixed-citation></ref>' for n in (7, 8, 9)
    )
    document = article('<p>So<xref ref-type="bibr" rid="b7">7–9</xref>.</p>', references)
    assert [entry.ref_no for entry in document.references] == [7, 8, 9]
    assert paragraphs(document, "prose")[0].citations == (Citation(2, 5, (7, 8, 9), (False, True, False)),)


@pytest.mark.parametrize(
    "source",
    [
        '<article xmlns="http://jats.nlm.nih.gov"><front/><body><p>x</p></body></article>',
        '<j:article xmlns:j="http://jats.nlm.nih.gov"><j:front/><j:body><j:p>x</j:p></j:body></j:article>',
        "<OAI-PMH><GetRecord><record><metadata><article><front/><body><p>x</p></body></article></metadata>"
        "</record></GetRecord></OAI-PMH>",
        "<article><front/><body><p>x<!-- a > b --></p></body></article>",
        "<article><front/><body><p title='a > b \"c'>x</p></body></article>",
        "<article><front/><body><?old a > b?><p>x</p></body></article>",
        "<article><front/><body><p>\r\n\tx\r\n</p></body></article>",
    ],
)
def test_reads_wrappers_namespaces_and_awkward_markup(source: str) -> None:
    document = read_jats(source.encode(), name="small.xml")
    (paragraph,) = paragraphs(document, "prose")
    assert paragraph.text.value == "x"
    assert_cut_out_exactly(document)


def test_reads_the_first_of_several_articles_and_reports_the_others() -> None:
    article_xml = "<article><front/><body><p>{}</p></body></article>"
    document = read_jats(
        f"<pmc-articleset>{article_xml.format('x')}{article_xml.format('y')}</pmc-articleset>".encode(), name="set.xml"
    )
    assert [paragraph.text.value for paragraph in paragraphs(document, "prose")] == ["x"]
    assert [repair.code for repair in document.repairs] == ["further_articles"]


def test_reads_a_cals_table() -> None:
    document = article(
        "<table-wrap><table><tgroup cols='3'><colspec colname='c1'/><colspec colname='c2'/><colspec colname='c3'/>"
        "<thead><row><entry morerows='1'>A</entry><entry namest='c2' nameend='c3'>B</entry></row></thead>"
        "<tbody><row><entry>1</entry><entry>2</entry></row></tbody></tgroup></table></table-wrap>"
    )
    head, body = document.tables[0].rows
    assert [(cell.text.value, cell.row_span, cell.column_span) for cell in head.cells] == [("A", 2, 1), ("B", 1, 2)]
    assert head.is_header
    assert not body.is_header
