"""The reader of PDFs on an invented review that is set in two columns."""

import re

import pytest

from pipelines.document import Document, Heading, Paragraph
from pipelines.extract.citations import find_document_citations
from pipelines.extract.table_roles import read_header_roles
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS, sniff_format
from pipelines.readers.pdf import page_contents, read_pdf
from tests import printed_pdf


@pytest.fixture(scope="module")
def document() -> Document:
    return read_pdf(printed_pdf.review_pdf(), name="heel.pdf")


def plain(printed: str) -> str:
    """The words of a paragraph as they should be read: superscripts as `¹` or `^{2,3}`, no blank at the end."""
    marked = re.sub(r"<super>(.*?)</super>", r"^{\1}", printed).strip()
    return marked.replace("^{1}", "¹").replace("^{4}", "⁴")


def paragraphs(document: Document, kind: str) -> list[str]:
    return [block.text.value for block in document.blocks if isinstance(block, Paragraph) and block.kind == kind]


def test_pdf_is_recognised_by_its_content() -> None:
    assert sniff_format(b"junk\n%PDF-1.4").name == "pdf"
    assert not FORMATS["pdf"].has_markup


def test_front_matter(document: Document) -> None:
    assert document.front.title is not None
    assert document.front.title.value == printed_pdf.TITLE
    assert [(author.surname, author.given_names, author.affiliations) for author in document.front.authors] == [
        ("Quill", "Ada", ("1",)),
        ("Reed", "Bo", ("2",)),
    ]
    assert [affiliation.text.value for affiliation in document.front.affiliations] == [
        "Institute of Feet, University of Ghent, Ghent, Belgium",
        "Institute of Heels, University of Ghent, Ghent, Belgium",
    ]
    assert [text.value for text in document.front.abstract] == [
        "Heel spurs are painful. This review describes their treatment by surgery and otherwise."
    ]


def test_headings_in_order(document: Document) -> None:
    headings = [block.text.value for block in document.blocks if isinstance(block, Heading)]
    assert headings == printed_pdf.HEADINGS


def test_paragraphs_are_whole_across_columns_and_pages(document: Document) -> None:
    filler = (printed_pdf.FILLER * printed_pdf.N_FILLERS).strip()
    assert paragraphs(document, "prose") == [
        plain(printed_pdf.INTRODUCTION),
        filler,
        plain(printed_pdf.SEARCH),
        filler,
        plain(printed_pdf.RESULTS),
        filler,
    ]
    assert paragraphs(document, "back") == ["The Society of Feet paid for this review."]
    assert len({box.page_no for box in document.page_boxes}) > 1


def test_running_heads_and_page_numbers_are_left_out(document: Document) -> None:
    assert printed_pdf.RUNNING_HEAD not in document.source.split("\n\nIntroduction\n\n")[1]
    assert "Page 2" not in document.source


def test_references(document: Document) -> None:
    assert [(entry.ref_no, entry.text.value) for entry in document.references] == list(
        enumerate(printed_pdf.REFERENCES, start=1)
    )
    assert document.references_are_numbered


def test_superscripts_are_citations(document: Document) -> None:
    found = find_document_citations(document, read_header_roles(document.tables))
    assert [placed.citation.ref_nos for placed in found] == [(1,), (2, 3), (4,), (2, 3, 4)]


def test_table(document: Document) -> None:
    [table] = document.tables
    assert table.label == "Table 1"
    assert table.caption is not None
    assert table.caption.value == "Trials of the treatment of heel spurs"
    assert [[cell.text.value for cell in row.cells] for row in table.rows] == [printed_pdf.HEADER, *printed_pdf.ROWS]
    assert [row.is_header for row in table.rows] == [True, False, False, False]


def test_every_text_is_verbatim_in_the_derived_text(document: Document) -> None:
    texts = [block.text for block in document.blocks] + [entry.text for entry in document.references]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for text in texts:
        assert text.span is not None
        assert document.source[text.span.start : text.span.end] == text.value


def test_page_boxes_cover_the_text_line_by_line(document: Document) -> None:
    starts = [box.start for box in document.page_boxes]
    assert starts == sorted(set(starts))
    covered = "".join(document.source[box.start : box.end] for box in document.page_boxes)
    assert len(re.sub(r"\s", "", covered)) == len(re.sub(r"\s", "", document.source))
    place = document.source.index("We searched three databases")
    [box] = [box for box in document.page_boxes if box.start <= place < box.end]
    width, height = 595.3, 841.9
    assert box.page_no in (1, 2)
    assert 0 < box.x0 < box.x1 < width
    assert 0 < box.y0 < box.y1 < height
    assert 5 < box.y1 - box.y0 < 12
    assert box.x1 - box.x0 < width / 2


def test_same_bytes_give_the_same_document(document: Document) -> None:
    assert read_pdf(printed_pdf.review_pdf(), name="heel.pdf") == document
    assert FORMATS["pdf"].decode(printed_pdf.review_pdf(), "heel.pdf") == document.source


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (printed_pdf.pages_without_text(2), r"^a\.pdf: none of the 2 pages has a text layer; .*ocrmypdf"),
        (printed_pdf.review_pdf(encrypt="secret"), r"^a\.pdf: the PDF is encrypted with a password; .*qpdf --decrypt"),
        (b"%PDF-1.4\n", r"^a\.pdf: the PDF is damaged"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 40, r"^a\.pdf: the PDF is damaged"),
        (b"", r"^a\.pdf: the PDF is damaged"),
    ],
)
def test_unreadable_pdf_is_refused_with_the_fix(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read_pdf(data, name="a.pdf")


@pytest.mark.parametrize("limit", ["MAX_PDF_BYTES", "MAX_PAGES", "MAX_CHARACTERS"])
def test_limits_name_what_to_do(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_contents, limit, 1)
    with pytest.raises(ReadError, match=r"^a\.pdf.*(?:limit is|more than 1 characters).*[Ee]xtract|gs -sDEVICE"):
        read_pdf(printed_pdf.review_pdf(), name="a.pdf")
