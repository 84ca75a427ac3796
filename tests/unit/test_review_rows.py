"""The rows of an invented review, as text and as JATS: numbers, parents, places; values were read from it by eye."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from pipelines.document import Piece
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_types import ReviewRows
from pipelines.readers.jats import read_jats
from pipelines.readers.text import read_text
from tests import mini_review

FACTS = SourceFacts("heel", "heel/source.txt", "0" * 64)
STATED_FACTS = SourceFacts("heel", "heel.xml", "0" * 64, language="nl", licence="CC0", doi="10.9999/of-the-folder")

ARTICLE = """<article article-type="review-article">
<front><article-meta>
<title-group><article-title>Corns <italic>and</italic> socks</article-title></title-group>
<contrib-group>
<contrib contrib-type="author" equal-contrib="yes"><name><surname>Quill</surname><given-names>Ada</given-names></name>
<xref ref-type="aff" rid="a2"/><xref ref-type="aff" rid="a1"/><xref ref-type="aff" rid="a9"/></contrib>
<contrib contrib-type="author" corresp="yes"><name><surname>Reed</surname></name>
<email>no address</email><xref ref-type="aff" rid="a2"/></contrib>
<aff id="a1"><label>1</label>Institute of Feet, <country>Belgium</country></aff>
<aff id="a2"><label>2</label>Institute of <bold>Heels</bold></aff>
</contrib-group>
<pub-date pub-type="ppub"><year>2020</year></pub-date>
<pub-date pub-type="epub"><year>2019</year></pub-date>
<volume>7</volume><fpage>11</fpage>
<abstract><sec><title>Aim</title><p>To see.</p></sec><sec><title>Method</title><p>We saw.</p></sec></abstract>
<abstract abstract-type="graphical"><p>A picture.</p></abstract>
<kwd-group><kwd>corn</kwd><kwd>sock</kwd></kwd-group>
<funding-group>
<award-group><funding-source>Sock Fund</funding-source><award-id>S1</award-id></award-group>
<award-group><funding-source>Shoe Fund</funding-source></award-group>
</funding-group>
</article-meta></front>
<body>
<p>Corns hurt <xref ref-type="bibr" rid="r1">1</xref>.</p>
<sec><title>Socks</title><p>They help. Some say so.</p><p>Others do not [<xref ref-type="bibr" rid="r2">2</xref>].</p>
<sec><title>Wool</title><p>It is warm.</p></sec>
<sec><title>Silk</title><p>It is not.</p></sec>
</sec>
<sec><title>Shoes</title><p>They do not help.</p></sec>
</body>
<back><ref-list>
<ref id="r1"><label>1</label>
<mixed-citation>Moss A. <source>Foot <bold>J</bold></source> 1998;1:5.</mixed-citation></ref>
<ref id="r2"><label>2</label><element-citation><person-group person-group-type="author"><name><surname>Fern</surname>
<given-names>B</given-names></name></person-group><article-title>On silk</article-title><year>19x9</year>
<note>[in French]</note></element-citation></ref>
</ref-list></back>
</article>"""


@pytest.fixture(scope="module")
def printed() -> ReviewRows:
    """The rows of the text source."""
    return extract_review(FACTS, read_text(mini_review.text().encode(), name="heel/source.txt"))


@pytest.fixture(scope="module")
def tagged() -> ReviewRows:
    """The rows of the JATS source."""
    return extract_review(STATED_FACTS, read_jats(ARTICLE.encode(), name="heel.xml"))


def select(rows: Iterable[object], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(row, column) for column in columns) for row in rows]


def test_the_front_matter_of_a_text(printed: ReviewRows) -> None:
    (review,) = printed.reviews
    assert review._asdict() == {
        "review_id": "heel",
        "title": "Treatment of heel spurs in runners: a review",
        "journal": "Journal of Invented Podiatry",
        "journal_id": None,
        "volume": "12",
        "issue": "3",
        "pages": "4–6",
        "publication_year": 2021,
        "publication_year_basis": "copyright_line",
        "article_type": None,
        "doi": "10.9999/heel.2021.1",
        "date_received": date(2021, 5, 3),
        "date_accepted": date(2021, 6, 9),
        "language": None,
        "abstract": "Heel spurs are painful. This review describes their treatment.",
        "source_format": "text",
        "source_path": "heel/source.txt",
        "source_sha256": "0" * 64,
        "source_chars": len(mini_review.text()),
        "licence": None,
        "start_char": 0,
        "end_char": len(mini_review.text()),
    }


def test_what_a_source_does_not_state_is_taken_from_its_folder(tagged: ReviewRows) -> None:
    assert select(tagged.reviews, "title", "journal", "doi", "language", "licence", "pages", "publication_year") == [
        ("Corns and socks", None, "10.9999/of-the-folder", "nl", "CC0", "11", 2020)
    ]
    assert [review.abstract for review in tagged.reviews] == ["Aim To see.\nMethod We saw."]


def test_authors_affiliations_awards_and_keywords_are_numbered_from_1(printed: ReviewRows, tagged: ReviewRows) -> None:
    columns = ("position", "name", "given_names", "email", "is_corresponding", "is_equal_contribution")
    assert select(printed.review_authors, *columns) == [
        (1, "Ada Quill", "Ada", "quill@example.org", True, False),
        (2, "Bo Reed", "Bo", None, False, False),
    ]
    assert select(tagged.review_authors, *columns) == [
        (1, "Ada Quill", "Ada", None, False, True),
        (2, "Reed", None, None, True, False),
    ]
    assert select(tagged.review_affiliations, "affiliation_no", "mark", "affiliation", "country") == [
        (1, "a1", "Institute of Feet, Belgium", "Belgium"),
        (2, "a2", "Institute of Heels", None),
    ]
    # The first author names a third affiliation that is not printed.
    assert select(tagged.review_author_affiliations, "position", "affiliation_no") == [(1, 1), (1, 2), (2, 2)]
    assert select(tagged.review_funding, "funding_no", "funder", "grant_number") == [
        (1, "Sock Fund", "S1"),
        (2, "Shoe Fund", None),
    ]
    assert select(printed.review_keywords, "position", "keyword") == [(1, "Heel spur"), (2, "runners")]
    assert select(tagged.review_keywords, "position", "keyword") == [(1, "corn"), (2, "sock")]


def test_a_malformed_address_is_left_out_and_reported_at_the_author(tagged: ReviewRows) -> None:
    (finding,) = tagged.reader_findings
    assert (finding.code, finding.subject_table, finding.subject_key) == ("malformed_value", "review_authors", "2")
    assert finding.message == "'no address' is not a valid email; left out"
    assert ARTICLE[finding.start_char : finding.end_char] == "Reed"


def test_a_section_is_counted_among_those_of_its_parent(tagged: ReviewRows) -> None:
    headed = [section for section in tagged.sections if section.heading is not None]
    parents = {section.section_id: section.heading for section in headed}
    assert [
        (section.heading, section.level, section.kind, parents.get(section.parent_section_id or 0))
        for section in headed
    ] == [
        ("Socks", 1, "prose", None),
        ("Wool", 2, "prose", "Socks"),
        ("Silk", 2, "prose", "Socks"),
        ("Shoes", 1, "prose", None),
    ]
    positions = {section.heading: section.position for section in headed}
    assert (positions["Wool"], positions["Silk"]) == (1, 2)
    assert positions["Shoes"] == positions["Socks"] + 1


def test_a_body_without_a_heading_is_no_part_of_the_abstract(tagged: ReviewRows) -> None:
    headless = [section.section_id for section in tagged.sections if section.heading is None]
    assert select(tagged.sections[:2], "section_id", "kind", "level", "heading") == [
        (1, "abstract", 1, None),
        (2, "prose", 1, None),
    ]
    assert [
        (sentence.section_id, sentence.paragraph_no, sentence.kind, sentence.text)
        for sentence in tagged.sentences
        if sentence.section_id in headless
    ] == [
        (1, 1, "abstract", "To see."),
        (1, 2, "abstract", "We saw."),
        (2, 1, "prose", "Corns hurt 1."),
    ]


def test_paragraphs_are_counted_within_a_section_and_sentences_within_a_paragraph(tagged: ReviewRows) -> None:
    headings = {section.section_id: section.heading for section in tagged.sections}
    assert [
        (headings[sentence.section_id], sentence.paragraph_no, sentence.position, sentence.text, sentence.is_cited)
        for sentence in tagged.sentences
        if headings[sentence.section_id] is not None
    ] == [
        ("Socks", 1, 1, "They help.", False),
        ("Socks", 1, 2, "Some say so.", False),
        ("Socks", 2, 1, "Others do not [2].", True),
        ("Wool", 1, 1, "It is warm.", False),
        ("Silk", 1, 1, "It is not.", False),
        ("Shoes", 1, 1, "They do not help.", False),
    ]
    assert [sentence.sentence_id for sentence in tagged.sentences] == list(range(1, len(tagged.sentences) + 1))


def test_a_citation_belongs_to_the_sentence_that_prints_it(printed: ReviewRows) -> None:
    assert select(printed.sentences, "sentence_id", "section_id", "kind", "is_cited") == [
        (1, 1, "abstract", False),
        (2, 1, "abstract", False),
        (3, 2, "prose", True),
        (4, 2, "prose", True),
        (5, 2, "prose", True),
    ]
    columns = ("marker_id", "context", "sentence_id", "table_no", "row_no", "column_no", "marker_text", "n_refs")
    assert select(printed.citation_markers, *columns) == [
        (1, "prose", 3, None, None, None, "¹", 1),
        (2, "prose", 4, None, None, None, "^{2,3}", 2),
        (3, "prose", 5, None, None, None, "⁴", 1),
        (4, "table", None, 1, 1, 1, "²", 1),
        (5, "table", None, 1, 2, 1, "³", 1),
    ]
    assert select(printed.citation_mentions, "marker_id", "ref_no") == [(1, 1), (2, 2), (2, 3), (3, 4), (4, 2), (5, 3)]


def test_a_parsed_reference_has_the_places_of_its_title_and_authors(printed: ReviewRows) -> None:
    source = mini_review.text()
    first = next(iter(printed.bib_references))
    assert source[first.start_char : first.end_char] == first.text_raw == first.text
    assert source[first.title_start_char : first.title_end_char] == first.title == "Heel spurs in runners"
    assert (first.journal_raw, first.year, first.volume, first.first_page, first.last_page) == (
        "Foot J",
        1998,
        "1",
        "1",
        "9",
    )
    assert [reference.authors_truncated for reference in printed.bib_references] == [True, False, False, False]
    assert [reference.is_exact_parse for reference in printed.bib_references] == [True] * 4
    assert [
        (author.ref_no, author.position, source[author.start_char : author.end_char])
        for author in printed.reference_authors
    ] == [
        (1, 1, "Moss A"),
        (1, 2, "Fern B"),
        (1, 3, "Ivy C"),
        (2, 1, "Moss A"),
        (2, 2, "Fern B"),
        (3, 1, "Fern B"),
        (4, 1, "Ivy C"),
    ]


def test_a_tagged_reference_is_printed_without_its_tags(tagged: ReviewRows) -> None:
    columns = ("ref_no", "text_raw", "text", "title", "title_start_char", "journal_raw", "year", "is_exact_parse")
    assert select(tagged.bib_references, *columns) == [
        (1, "Moss A. Foot J 1998;1:5.", "Moss A. Foot J 1998;1:5.", None, None, "Foot J", None, None),
        (2, *["Fern B On silk 19x9 [in French]"] * 2, "On silk", None, None, None, None),
    ]
    author_columns = ("ref_no", "position", "name_raw", "surname", "initials", "start_char")
    assert select(tagged.reference_authors, *author_columns) == [(2, 1, "Fern B", "Fern", "B", None)]


def test_a_text_that_the_source_interrupts_has_its_parts_and_no_other_has(
    printed: ReviewRows, tagged: ReviewRows
) -> None:
    assert select(printed.text_parts, "subject_table", "subject_key", "field", "pieces") == [
        ("sentences", "5", "text", (Piece(0, 551, 33), Piece(34, 586, 27)))
    ]
    assert select(tagged.text_parts, "subject_table", "subject_key", "field") == [
        ("review_affiliations", "1", "affiliation"),
        # One piece, which begins in the middle of the text
        ("review_affiliations", "2", "affiliation"),
        ("review_authors", "1", "name"),
        ("bib_references", "1", "text"),
        ("bib_references", "2", "text"),
        ("sentences", "3", "text"),
        ("sentences", "6", "text"),
    ]


def test_the_cells_of_a_table_are_numbered_from_its_header_in_row_0(printed: ReviewRows) -> None:
    cells = select(printed.table_cells, "row_no", "column_no", "is_header", "text")
    assert cells == [
        (0, 1, True, "Author and year"),
        (0, 2, True, "Method"),
        (0, 3, True, "Outcomes"),
        (1, 1, False, "Moss 1999"),
        (1, 2, False, "Surgery"),
        (1, 3, False, "Surgery could relieve pain."),
        (2, 1, False, "Fern 2004"),
        (2, 2, False, "Radiotherapy"),
        (2, 3, False, "Radiotherapy was well tolerated."),
    ]
