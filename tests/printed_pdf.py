"""PDFs of an invented review, set in two columns with running heads, page numbers, superscripts and a ruled table."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate, Paragraph, Table

TITLE = "Treatment of heel spurs in runners and walkers: a review of the evidence"
HEADINGS = ["Abstract", "Introduction", "Search and selection", "Results", "Funding"]
INTRODUCTION = (
    "Heel spurs hurt, and they hurt most in the morning when the first steps are taken.<super>1</super> Many runners "
    "have them, and so do many of those who stand at work.<super>2,3</super> Their frequency grows with body weight, "
    "with age and with the hardness of the floors on which people walk at home and at work."
)
SEARCH = (
    "We searched three databases for trials of surgery, radiotherapy and insoles, and read the reference lists of the "
    "reports that we found. Two readers judged each report, and a third decided where they disagreed.<super>4</super> "
    "We left out reports of fewer than ten patients, reports of children, and those that named no outcome. "
)
RESULTS = (
    "Radiotherapy was well tolerated in most trials.<super>2–4</super> Pain at the first step fell by half within "
    "three months, and it stayed low for a year in those who wore soft insoles. Surgery helped those whom nothing else "
    "had helped, but it kept them from work for six weeks and from running for twelve. "
)
REFERENCES = [
    "Quill A. Heel pain in the morning. J Invent Podiatry 1999; 12: 34-41.",
    "Moss B, Reed C. Radiotherapy of heel spurs in runners: a randomised trial with a follow-up of one year. "
    "Radiother Invent 2004; 7: 101-109.",
    "Fern D. Soft insoles after radiotherapy. Insole Rev 2010; 3: 5-9.",
    "Stone E, Hill F. Surgery for heel spurs. Ann Invent Surg 2015; 45: 210-218.",
]
HEADER = ["Author and year", "Treatment", "Outcome"]
ROWS = [
    ["Moss 2004", "Radiotherapy", "Pain fell by half"],
    ["Fern 2010", "Soft insoles", "Pain stayed low"],
    ["Stone 2015", "Surgery", "Back to running after twelve weeks"],
]
FILLER = "The trials were small, their follow-up was short, and few of them said how the patients were chosen. "
N_FILLERS = 14
"""So many copies fill a page and a half, so that paragraphs are cut by columns and pages."""
RUNNING_HEAD = "Quill and Reed: Heel spurs"

_TITLE = ParagraphStyle("title", fontName="Times-Bold", fontSize=18, leading=22, spaceAfter=8)
_BODY = ParagraphStyle(
    "body", fontName="Times-Roman", fontSize=10, leading=12, alignment=TA_JUSTIFY, firstLineIndent=10
)
_PLAIN = ParagraphStyle("plain", parent=_BODY, firstLineIndent=0, spaceAfter=6)
_HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=11, leading=14, spaceBefore=10, spaceAfter=4)
_SMALL = ParagraphStyle("small", fontName="Times-Roman", fontSize=8, leading=9.5)
_ENTRY = ParagraphStyle("entry", parent=_SMALL, leftIndent=14, firstLineIndent=-14)


def review_pdf(*, encrypt: str | None = None) -> bytes:
    """The review, encrypted if a password is given."""
    packed = BytesIO()
    document = BaseDocTemplate(packed, pagesize=A4, invariant=1, encrypt=encrypt)
    width, height = A4
    top, bottom, column = height - 25 * mm, 25 * mm, 80 * mm
    head = 75 * mm
    left, right = 20 * mm, width - 20 * mm - column
    first = [
        Frame(20 * mm, top - head, width - 40 * mm, head, 0, 0, 0, 0),
        Frame(left, bottom, column, top - head - bottom, 0, 0, 0, 0),
        Frame(right, bottom, column, top - head - bottom, 0, 0, 0, 0),
    ]
    later = [
        Frame(left, bottom, column, top - bottom, 0, 0, 0, 0),
        Frame(right, bottom, column, top - bottom, 0, 0, 0, 0),
    ]
    document.addPageTemplates(
        [PageTemplate("first", first, onPage=_draw_edges), PageTemplate("later", later, onPage=_draw_edges)]
    )
    document.build(_story())
    return packed.getvalue()


def pages_without_text(n: int) -> bytes:
    """Pages with a drawing and no text, as a scanner makes them."""
    packed = BytesIO()
    canvas = Canvas(packed, pagesize=A4, invariant=1)
    for _ in range(n):
        canvas.rect(100, 100, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return packed.getvalue()


def _draw_edges(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Times-Italic", 8)
    canvas.drawString(20 * mm, A4[1] - 15 * mm, RUNNING_HEAD)
    canvas.drawRightString(A4[0] - 20 * mm, 15 * mm, f"Page {document.page} of 2")


def _story() -> list[Flowable]:
    table = Table([HEADER, *ROWS], colWidths=[72, 62, 90], hAlign="LEFT")
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), "Times-Roman", 8),
            ("FONT", (0, 0), (-1, 0), "Times-Bold", 8),
            ("LINEABOVE", (0, 0), (-1, 0), 0.5, "black"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
            ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    story: list[Flowable] = [
        Paragraph(TITLE, _TITLE),
        Paragraph("Ada Quill<super>1,*</super> and Bo Reed<super>2</super>", _PLAIN),
        Paragraph("<super>1</super>Institute of Feet, University of Ghent, Ghent, Belgium", _SMALL),
        Paragraph("<super>2</super>Institute of Heels, University of Ghent, Ghent, Belgium", _SMALL),
        Paragraph("Abstract", _HEADING),
        Paragraph("Heel spurs are painful. This review describes their treatment by surgery and otherwise.", _PLAIN),
        NextPageTemplate("later"),
        Paragraph("Introduction", _HEADING),
        Paragraph(INTRODUCTION, _PLAIN),
        Paragraph(FILLER * N_FILLERS, _BODY),
        Paragraph("Search and selection", _HEADING),
        Paragraph(SEARCH, _PLAIN),
        Paragraph(FILLER * N_FILLERS, _BODY),
        Paragraph("Results", _HEADING),
        Paragraph(RESULTS, _PLAIN),
        Paragraph("<b>Table 1.</b> Trials of the treatment of heel spurs", _SMALL),
        table,
        Paragraph(FILLER * N_FILLERS, _BODY),
        Paragraph("Funding", _HEADING),
        Paragraph("The Society of Feet paid for this review.", _PLAIN),
        Paragraph("References", _HEADING),
    ]
    story.extend(Paragraph(f"{number}. {text}", _ENTRY) for number, text in enumerate(REFERENCES, start=1))
    return story
