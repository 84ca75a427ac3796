"""Hostile and damaged files are rejected with file, place and fix, or read safely; they never hang the reader."""

from __future__ import annotations

import contextlib
import gzip
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.document import Document, Paragraph
from pipelines.readers.errors import ReadError
from pipelines.readers.jats import read_jats
from pipelines.readers.xml import decoding
from tests.hang import must_end

FIXTURES = Path(__file__).parent / "jats"
PLAIN = "<article><front/><body><p>{}</p></body></article>"


def read(source: str | bytes) -> Document:
    return read_jats(source if isinstance(source, bytes) else source.encode(), name="hostile.xml")


def rejection(source: str | bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(source)
    message = str(caught.value)
    assert message.startswith("hostile.xml")
    return message


def paragraphs(document: Document) -> list[str]:
    return [block.text.value for block in document.blocks if isinstance(block, Paragraph)]


def test_rejects_billion_laughs() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    assert "entity" in rejection(f'<!DOCTYPE article [<!ENTITY l0 "lol">{lol}]>' + PLAIN.format("ha &l9; ha"))


def test_rejects_quadratic_blow_up() -> None:
    source = f'<!DOCTYPE article [<!ENTITY a "{"a" * 100_000}">]>' + PLAIN.format("&a;" * 10_000)
    assert "entity" in rejection(source)


def test_keeps_entities_that_the_file_defines_unresolved() -> None:
    document = read('<!DOCTYPE article [<!ENTITY a "<p>b</p>">]>' + PLAIN.format("x &a; &a; y"))
    assert paragraphs(document) == ["x &a; &a; y"]
    assert [(repair.code, repair.span.end - repair.span.start) for repair in document.repairs] == [
        ("unknown_entity", 3)
    ]


def test_entities_in_attributes_do_not_blow_up() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    source = f'<!DOCTYPE article [<!ENTITY l0 "lol">{lol}]>' + PLAIN.replace("<p>", '<p id="&l9;">').format("x")
    with must_end(), contextlib.suppress(ReadError):
        read(source)


def test_does_not_read_external_entities_and_dtds(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not read me")
    missing = (tmp_path / "none.dtd").as_uri()
    source = (
        f'<!DOCTYPE article PUBLIC "-//X//DTD X//EN" "{missing}" [<!ENTITY x SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY % p SYSTEM "{missing}"> %p;]>' + PLAIN.format("a &x; b &ndash; c")
    )
    document = read(source)
    assert paragraphs(document) == ["a &x; b – c"]
    assert "do not" not in document.source


def test_resolves_named_entities_without_the_dtd() -> None:
    document = read(
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "j.dtd">' + PLAIN.format("5&ndash;6 &alpha;&plus; &amp;")
    )
    assert paragraphs(document) == ["5–6 α+ &"]


def test_skips_a_doctype_with_brackets_and_quotes() -> None:
    subset = """[<!-- it's ]> a trap --><?pi ]>?><!ENTITY a "]>"><!NOTATION gif SYSTEM 'x"]>'>]"""
    assert paragraphs(read(f"<!DOCTYPE article {subset} >" + PLAIN.format("x"))) == ["x"]


def test_rejects_ten_thousand_levels() -> None:
    deep = PLAIN.format("<italic>" * 10_000 + "x" + "</italic>" * 10_000)
    assert "depth" in rejection(deep).lower()
    assert re.match(r"hostile\.xml, line 1, column \d+: ", rejection(deep))


def test_reads_two_hundred_levels() -> None:
    assert paragraphs(read(PLAIN.format("<italic>" * 200 + "x" + "</italic>" * 200))) == ["x"]
    nested = "<sec><title>t</title>" * 100 + "<p>x</p>" + "</sec>" * 100
    assert paragraphs(read(f"<article><front/><body>{nested}</body></article>")) == ["x"]


def test_rejects_too_many_bytes_and_too_many_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_XML_BYTES", 1024 * 1024)
    assert "1 MB" in rejection(PLAIN.format("x" * 1_100_000))
    monkeypatch.setattr(decoding, "MAX_MARKUP", 100)
    assert "100 tags" in rejection(PLAIN.format("<b/>" * 100))


def test_rejects_twelve_megabytes_of_text_in_one_element() -> None:
    assert "line 1" in rejection(PLAIN.format("x" * 12_000_000))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not XML"),
        (b"%PDF-1.7 ...", "not XML"),
        (b"just words", "not XML"),
        (b"<article><front/>", "well-formed"),
        (b"<article><front></body></article>", "well-formed"),
        (b"<html><body><article/></body></html>", "not JATS"),
        (b"<article><body/></article>", "not JATS"),
        (PLAIN.format("&ndash;").encode(), "ndash"),
        (b"\x1f\x8b\x08nonsense", "gzip"),
        (gzip.compress(PLAIN.format("x" * 1000).encode(), mtime=0)[:-9], "too early"),
        (gzip.compress(b"<a/>", mtime=0) + b"tail", "not gzip follow the gzip data"),
        (PLAIN.format("\n\né").encode("latin-1"), "line 3 (byte 28): byte 0xe9 is not valid UTF-8; declare"),
        (b"<?xml version='1.0' encoding='zlib'?><article/>", "zlib"),
        (b"<?xml version='1.0' encoding='unicode_escape'?><article/>", "unicode_escape"),
        (b"\xff\xfe<\0\n\0a", "line 2 (byte 6): byte 0x61 is not valid UTF-16; declare"),
        (PLAIN.format("\0").encode(), "line 1"),
    ],
)
def test_rejects_with_place_and_reason(data: bytes, words: str) -> None:
    assert words in rejection(data)


def test_rejects_a_gzip_bomb_with_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_XML_BYTES", 1024 * 1024)
    bomb = gzip.compress(b" " * 50_000_000)
    tracemalloc.start()
    assert "1 MB" in rejection(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_reads_several_gzip_members_as_one() -> None:
    whole = PLAIN.format("x y").encode()
    assert paragraphs(read(gzip.compress(whole[:30]) + gzip.compress(whole[30:]))) == ["x y"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_recognises_unicode_encodings_by_mark_and_shape(encoding: str) -> None:
    assert paragraphs(read(PLAIN.format("é – 漢").encode(encoding))) == ["é – 漢"]


@pytest.mark.parametrize(("declared", "codec"), [("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252")])
def test_uses_the_declared_encoding(declared: str, codec: str) -> None:
    document = read((f'<?xml version="1.0" encoding="{declared}"?>' + PLAIN.format("é")).encode(codec))
    assert paragraphs(document) == ["é"]
    assert document.repairs == ()


@pytest.mark.parametrize("declared", ["ISO-8859-1", "us-ascii", "UTF-16"])
def test_overrules_and_reports_a_wrong_declaration(declared: str) -> None:
    document = read(f'<?xml version="1.0" encoding="{declared}"?>' + PLAIN.format("é"))
    assert paragraphs(document) == ["é"]
    (repair,) = document.repairs
    assert repair.code == "wrong_encoding"
    assert document.source[repair.span.start : repair.span.end] == declared


def test_limits_huge_spans_and_ranges() -> None:
    refs = "".join(f'<ref id="r{n}"><label>{n}</label><mixed-citation>R</mixed-citation></ref>' for n in (1, 999_999))
    document = read(
        '<article><front/><body><p><xref rid="r1">1</xref>–<xref rid="r999999">999999</xref></p><table-wrap><table><tr>'
        '<td colspan="999999999999999999999" rowspan="-1">x</td><td colspan="many">y</td></tr></table></table-wrap>'
        "</body>"
        f"<back><ref-list>{refs}</ref-list></back></article>"
    )
    first, second = document.tables[0].rows[0].cells
    assert (first.column_span, first.row_span, second.column_span) == (1000, 1, 1)
    (paragraph,) = (block for block in document.blocks if isinstance(block, Paragraph))
    assert [citation.ref_nos for citation in paragraph.citations or ()] == [(1, 999_999)]


@pytest.mark.parametrize(
    "unit",
    [
        "<p>a <italic>b</italic>\n  c</p>",
        "<sec><title>t</title></sec>",
        '<p><xref rid="r"/>, </p>',
        "<table-wrap><table><tr><td>a</td></tr></table></table-wrap>",
        "<p>&amp;&#x2013;</p>",
        "<fig><caption><p>x</p></caption></fig>",
        "<p><list><list-item><p>x</p></list-item></list></p>",
        "<p><![CDATA[<x>]]></p>",
        "<p><fn><p>x</p></fn></p>",
        "<p><alternatives><tex-math>x</tex-math></alternatives></p>",
        "<!-- <p> -->",
    ],
)
def test_many_equal_elements_do_not_hang(unit: str) -> None:
    source = f'<article><front/><body>{unit * 4000}</body><back><ref id="r"/></back></article>'.encode()
    with must_end():
        read(source)


@pytest.mark.parametrize(
    "inside",
    ["<xref rid='r'>1</xref>" * 5000, "<tex-math>x</tex-math>" * 3000, "<fn><p>x</p></fn>" * 3000, "<break/>" * 5000],
)
def test_many_elements_in_one_paragraph_do_not_hang(inside: str) -> None:
    with must_end():
        read(f"<article><front/><body><p>{inside}</p></body><back><ref id='r'/></back></article>")


SOURCE = (FIXTURES / "review.xml").read_bytes()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(SOURCE)), st.integers(0, 40), st.binary(max_size=12))
def test_reads_or_rejects_a_file_damaged_anywhere(place: int, n_removed: int, inserted: bytes) -> None:
    try:
        document = read(SOURCE[:place] + inserted + SOURCE[place + n_removed :])
    except ReadError as error:
        if not str(error).startswith("hostile.xml"):
            raise
    else:
        assert_exact(document)


MARKUP = [
    *("<p>", "</p>", "<italic>", "</italic>", "<sec>", "</sec>", "<xref rid='r1 r2'>", "</xref>", "<table-wrap>"),
    *("</table-wrap>", "<table>", "</table>", "<tr>", "</tr>", "<td colspan='2'>", "</td>", "<fn>", "</fn>", "<list>"),
    *(
        "</list>",
        "<!-- > -->",
        "<![CDATA[ <&] ]]>",
        "<?p >?>",
        "&#x2013;",
        "&amp;",
        " ",
        "\n",
        "  ",
        "1",
        "–",
        "<break/>",
    ),
    *(
        "<ref id='r1'>",
        "</ref>",
        "<mixed-citation>",
        "</mixed-citation>",
        "<name>",
        "</name>",
        "<surname>",
        "</surname>",
    ),
    *(
        "<graphic/>",
        "<title>",
        "</title>",
        "<caption>",
        "</caption>",
        "<alternatives>",
        "</alternatives>",
        "<tex-math>",
    ),
]


def close_elements(tokens: list[str]) -> str:
    """The tokens with all elements closed in the right order, so that libxml2 accepts most of them."""
    out: list[str] = []
    opened: list[str] = []
    for token in tokens:
        name = re.match(r"<(/?)([a-z-]+)", token)
        if name is None or token.endswith("/>"):
            out.append(token)
        elif not name.group(1):
            opened.append(name.group(2))
            out.append(token)
        elif opened:
            out.append(f"</{opened.pop()}>")
    return "".join(out) + "".join(f"</{name}>" for name in reversed(opened))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKUP), max_size=40))
def test_reads_any_nesting_of_elements(tokens: list[str]) -> None:
    document = read(f"<article><front/><body>{close_elements(tokens)}</body><back><ref id='r2'/></back></article>")
    assert_exact(document)


def assert_exact(document: Document) -> None:
    """All texts are stripped and cut out of the source exactly; citations are inside their texts."""
    for block in document.blocks:
        text = block.text
        assert text.value == text.value.strip(" \n\t")
        for piece in text.pieces:
            printed = document.source[piece.start : piece.start + piece.length]
            assert printed == text.value[piece.offset : piece.offset + piece.length]
        if isinstance(block, Paragraph):
            for citation in block.citations or ():
                assert 0 <= citation.start <= citation.end <= len(text.value)
    for entry in document.references:
        for piece in entry.text.pieces:
            printed = document.source[piece.start : piece.start + piece.length]
            assert printed == entry.text.value[piece.offset : piece.offset + piece.length]
