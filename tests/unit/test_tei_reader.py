"""The reader of GROBID's TEI, on an invented article in the form that GROBID writes."""

from __future__ import annotations

import gzip

import pytest

from pipelines.document import Document, Heading, Paragraph
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import sniff_format
from pipelines.readers.tei import read_tei

AUTHOR = """
<author role="corresp">
  <persName><forename type="first">Ada</forename><forename type="middle">B</forename>
    <surname>De Quill</surname></persName>
  <email>quill@example.org</email><idno type="ORCID">0000-0002-1825-0097</idno>
  <affiliation key="aff0"><orgName type="institution">Institute of Feet</orgName>
    <address><settlement>Ghent</settlement><country key="BE">Belgium</country></address></affiliation>
</author>
<author><persName><forename type="first">Bo</forename><surname>Reed</surname></persName>
  <affiliation key="aff0"><orgName type="institution">Institute of Feet</orgName>
    <address><settlement>Ghent</settlement><country key="BE">Belgium</country></address></affiliation></author>
"""

HEADER = f"""
<teiHeader xml:lang="en"><fileDesc>
<titleStmt><title level="a" type="main">Corns &amp; their cures</title>
<funder ref="#f1"><orgName type="full">Shoe Fund</orgName></funder></titleStmt>
<publicationStmt><publisher>Feet Press</publisher>
<availability status="unknown"><p>Copyright Feet Press</p></availability>
<date type="published" when="2016-03-08">2016-03-08</date></publicationStmt>
<sourceDesc><biblStruct><analytic>{AUTHOR}
<title level="a" type="main">Corns &amp; their cures</title></analytic>
<monogr><title level="j" type="main">Journal of Feet</title><title level="j" type="abbrev">J Feet</title>
<imprint><biblScope unit="volume">13</biblScope><biblScope unit="issue">1</biblScope>
<biblScope unit="page" from="4" to="9" /><date type="published" when="2016-03-08" /></imprint></monogr>
<idno type="DOI">10.9999/corns.1</idno></biblStruct></sourceDesc></fileDesc>
<profileDesc><textClass><keywords><term>corn</term><term>foot</term></keywords></textClass>
<abstract><div><p><s>Corns hurt.</s><s>We cured them.</s></p></div></abstract></profileDesc></teiHeader>
"""

BODY = """
<body>
<div><head n="1">Introduction</head><p>Corns hurt <ref type="bibr" target="#b0">[1]</ref>, as do warts
<ref type="bibr" target="#b0">[1,</ref><ref type="bibr" target="#b2">3]</ref>. An
unknown one <ref type="bibr">[9]</ref>, see Table <ref type="table" target="#tab_0">1</ref>.</p>
<formula xml:id="f1">x = y</formula></div>
<div><head n="1.1">Warts</head>
<p>More <ref type="bibr" target="#b0">[1]</ref>-<ref type="bibr" target="#b2">[3]</ref>.</p></div>
<figure xml:id="fig_0"><head>Fig. 1</head><label>1</label><figDesc>A corn.</figDesc></figure>
<figure type="table" xml:id="tab_0"><head>Table 1 .</head><label>1</label>
<figDesc><div><p><s>Studies of corns.</s></p></div></figDesc>
<table><row><cell>Author</cell><cell cols="2">Result</cell></row><row><cell/><cell>n</cell><cell>Outcome</cell></row>
<row><cell>Toe 1999 <ref type="bibr" target="#b0">[1]</ref></cell><cell>40</cell><cell>Better</cell></row>
</table></figure>
<figure type="table" xml:id="tab_1"><head>Table S2: Doses of balm</head><label>2</label>
<table><row><cell>Balm</cell></row>
</table></figure>
<figure type="table" xml:id="tab_2"><head>Table 3</head><figDesc>A picture.</figDesc></figure>
<note place="foot" n="1">A note.</note>
</body>
"""

BACK = """
<back><div type="acknowledgement"><div><head>Acknowledgements</head><p>Thanks.</p></div></div>
<div type="references"><listBibl>
<biblStruct xml:id="b0"><analytic><title level="a" type="main">Corns in winter</title>
<author>
<persName><forename type="first">T</forename><forename type="middle">U</forename><surname>Toe</surname></persName>
</author>
<idno type="DOI">10.9999/toe</idno></analytic>
<monogr><title level="j">Foot J</title><imprint><biblScope unit="volume">7</biblScope>
<biblScope unit="issue">2</biblScope>
<biblScope unit="page" from="11" to="19" /><date type="published" when="1999" /></imprint></monogr></biblStruct>
<biblStruct xml:id="b1"><monogr><title level="m">The Book of Feet</title>
<author><persName><surname>Heel</surname></persName></author><imprint><date type="published" when="2001-05" /></imprint>
</monogr></biblStruct>
<biblStruct xml:id="b2"><analytic/><monogr><imprint/></monogr>
<note type="raw_reference">Sole A. Soles. Shoe J 2003; 4: 1-2.</note></biblStruct>
</listBibl></div></back>
"""

ARTICLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xml:space="preserve" xmlns="http://www.tei-c.org/ns/1.0">'
    f'{HEADER}<text xml:lang="en">{BODY}{BACK}</text></TEI>'
)


@pytest.fixture(scope="module")
def document() -> Document:
    return read_tei(ARTICLE.encode(), name="corns.tei.xml")


def paragraphs(document: Document, kind: str) -> list[Paragraph]:
    return [block for block in document.blocks if isinstance(block, Paragraph) and block.kind == kind]


def test_front_matter(document: Document) -> None:
    front = document.front
    assert front.title is not None
    assert front.journal is not None
    assert (front.title.value, front.journal.value) == ("Corns & their cures", "Journal of Feet")
    assert (front.volume, front.issue, front.first_page, front.last_page) == ("13", "1", "4", "9")
    assert (front.publication_year, front.doi, front.language) == (2016, "10.9999/corns.1", "en")
    assert [keyword.value for keyword in front.keywords] == ["corn", "foot"]
    assert [text.value for text in front.abstract] == ["Corns hurt. We cured them."]
    assert [award.funder for award in front.awards] == ["Shoe Fund"]


def test_authors_share_an_affiliation(document: Document) -> None:
    first, second = document.front.authors
    assert (first.name.value, first.surname, first.given_names) == ("Ada B De Quill", "De Quill", "Ada B")
    assert (first.orcid, first.email, first.is_corresponding) == ("0000-0002-1825-0097", "quill@example.org", True)
    assert second.affiliations == first.affiliations == ("aff0",)
    [affiliation] = document.front.affiliations
    assert (affiliation.text.value, affiliation.country) == ("Institute of Feet Ghent Belgium", "Belgium")


def test_headings_have_the_level_of_their_number(document: Document) -> None:
    headings = [(block.text.value, block.level) for block in document.blocks if isinstance(block, Heading)]
    assert headings == [("Introduction", 1), ("Warts", 2), ("Acknowledgements", 1)]


def test_citations_are_joined_and_unresolved_ones_left_out(document: Document) -> None:
    first, second = paragraphs(document, "prose")
    assert first.text.value == ("Corns hurt [1], as do warts [1,3]. An unknown one [9], see Table 1.")
    assert first.citations is not None
    printed = [(first.text.value[item.start : item.end], item.ref_nos) for item in first.citations]
    assert printed == [("[1]", (1,)), ("[1,3]", (1, 3))]
    assert second.citations is not None
    [citation] = second.citations
    assert (citation.ref_nos, citation.from_range) == ((1, 2, 3), (False, True, False))


def test_other_blocks_have_their_kinds(document: Document) -> None:
    assert [text.text.value for text in paragraphs(document, "abstract")] == ["Corns hurt. We cured them."]
    assert [text.text.value for text in paragraphs(document, "caption")] == ["A corn."]
    assert [text.text.value for text in paragraphs(document, "footnote")] == ["A note."]
    assert [text.text.value for text in paragraphs(document, "back")] == ["Thanks."]


def test_table_has_label_caption_header_and_citations(document: Document) -> None:
    table, doses = document.tables
    assert table.caption is not None
    assert (table.label, table.caption.value) == ("Table 1", "Studies of corns.")
    assert [[cell.text.value for cell in row.cells] for row in table.rows] == [
        ["Author", "Result"],
        ["", "n", "Outcome"],
        ["Toe 1999 [1]", "40", "Better"],
    ]
    assert [row.is_header for row in table.rows] == [True, True, False]
    assert table.rows[0].cells[1].column_span == 2
    [citation] = table.rows[2].cells[0].citations or ()
    assert citation.ref_nos == (1,)
    assert doses.caption is not None
    assert (doses.label, doses.caption.value) == ("Table S2", "Doses of balm")


def test_table_without_cells_is_reported(document: Document) -> None:
    [repair] = document.repairs
    assert (repair.code, repair.message) == ("table_without_cells", "Table 3: GROBID found no cells in it")


def test_references_have_tagged_fields_or_their_printed_string(document: Document) -> None:
    article, book, printed = document.references
    assert article.fields is not None
    assert article.fields._replace(authors=())[2:] == (
        *("Corns in winter", "Foot J", 1999, "7", "2", "11", "19", None, False, None, None, "10.9999/toe", None),
    )
    assert [(name.name, name.initials) for name in article.fields.authors] == [("Toe T U", "TU")]
    assert book.fields is not None
    assert (book.fields.title, book.fields.journal, book.fields.year) == ("The Book of Feet", None, 2001)
    assert [name.surname for name in book.fields.authors] == ["Heel"]
    assert (printed.text.value, printed.fields) == ("Sole A. Soles. Shoe J 2003; 4: 1-2.", None)
    assert document.references_are_numbered


def test_every_text_is_in_the_source_where_it_says(document: Document) -> None:
    texts = [block.text for block in document.blocks]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    texts += [entry.text for entry in document.references]
    for text in texts:
        for piece in text.pieces:
            printed = document.source[piece.start : piece.start + piece.length]
            assert text.value[piece.offset : piece.offset + piece.length] == printed


def test_names_and_years_are_not_numbered_references() -> None:
    text = (
        ARTICLE.replace("[1]</ref>", "(Toe, 1999)</ref>")
        .replace("[1,</ref>", "(Toe</ref>")
        .replace("3]</ref>", "x</ref>")
    )
    assert not read_tei(text.encode(), name="corns.tei.xml").references_are_numbered


@pytest.mark.parametrize(
    "data", [ARTICLE.encode(), gzip.compress(ARTICLE.encode()), b"\xef\xbb\xbf" + ARTICLE.encode()]
)
def test_format_is_recognised_by_its_root(data: bytes) -> None:
    assert sniff_format(data).name == "tei"


def test_jats_that_mentions_tei_is_jats() -> None:
    assert sniff_format(b"<article><p>&lt;TEI is a format</p><!-- <TEI> --></article>").name == "jats"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<article/>", r"corns\.tei\.xml: the XML is not TEI: its root is <article>; use the output of GROBID"),
        (
            f"<TEI>{HEADER}</TEI>",
            r"corns\.tei\.xml: the TEI has no <text> with a <body>, only a header; process the PDF",
        ),
        ("<TEI><text><body></text></TEI>", r"corns\.tei\.xml, line 1, column \d+: the XML is not well-formed"),
    ],
)
def test_unusable_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read_tei(text.encode(), name="corns.tei.xml")
