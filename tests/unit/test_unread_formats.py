"""Files that no reader reads are recognised by their content and named with the way to convert them."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS
from pipelines.readers.unread_formats import find_unread_format
from pipelines.sources.registration import add_source
from pipelines.sources.source_folder import SourceError, list_other_files, list_sources
from tests import mini_review


def zip_with(*members: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member in members:
            archive.writestr(member, "content")
    return packed.getvalue()


CASES = {
    "a Word document": zip_with("[Content_Types].xml", "word/document.xml"),
    "an OpenDocument text": zip_with("mimetype", "content.xml"),
    "an EPUB": zip_with("mimetype", "META-INF/container.xml"),
    "a ZIP archive": zip_with("article.xml"),
    "an old Word document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "an RTF document": b"{\\rtf1\\ansi Text}",
    "an HTML page": b'\xef\xbb\xbf\n<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html>',
}


@pytest.mark.parametrize("name", CASES)
def test_format_is_recognised_and_has_advice(name: str) -> None:
    found = find_unread_format(CASES[name])
    assert found is not None
    assert found.name == name
    assert "convert it to text" in found.advice or found.advice == "unpack it"


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><article><front/></article>",
        b"<article><p>An article about &lt;html&gt;</p></article>",
        b"A review of PDF files\n\nAbstract\n\nText",
        b"\x1f\x8b\x08\x00",
        b"PK\x03\x04"[:3],
        b"",
    ],
)
def test_readable_and_unknown_files_are_left_to_the_readers(data: bytes) -> None:
    assert find_unread_format(data) is None


def test_xhtml_is_a_page_too() -> None:
    data = b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'
    found = find_unread_format(data)
    assert found is not None
    assert found.name == "an HTML page"


def test_truncated_archive_is_an_archive() -> None:
    found = find_unread_format(zip_with("word/document.xml")[:40])
    assert found is not None
    assert found.name == "a ZIP archive"


@pytest.mark.parametrize("reader", ["jats", "pdf", "tei", "text"])
def test_reader_names_the_file_and_the_conversion(reader: str) -> None:
    with pytest.raises(
        ReadError, match=r"^review\.txt: is an RTF document, which is not read; .*`pandoc FILE -t plain"
    ):
        FORMATS[reader].read(CASES["an RTF document"], name="review.txt")


@pytest.mark.parametrize("reader", ["jats", "tei", "text"])
def test_other_readers_name_the_format_of_a_pdf(reader: str) -> None:
    with pytest.raises(ReadError, match=r'^review\.txt: is a PDF; write format = "pdf" in its source\.toml$'):
        FORMATS[reader].read(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", name="review.txt")


def test_add_says_what_the_file_is(tmp_path: Path) -> None:
    file = tmp_path / "review.docx"
    file.write_bytes(CASES["a Word document"])
    with pytest.raises(SourceError, match=r"review\.docx: is a Word document, which is not read; .*pandoc"):
        add_source(file, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_folder_lists_the_files_that_are_not_read(tmp_path: Path) -> None:
    mini_review.add_source(tmp_path, "heel", mini_review.text().encode())
    for name, data in {
        "b.rtf": CASES["an RTF document"],
        "a.csv": b"x,y\n",
        "README.md": b"# Sources",
        ".hidden": b"x",
    }.items():
        (tmp_path / name).write_bytes(data)
    others = {other.name: other.reason for other in list_other_files(tmp_path)}
    assert list(others) == ["a.csv", "b.rtf"]
    assert (
        others["a.csv"] == "its name does not end with .pdf, .tei.xml, .tei (also .gz), .xml, .nxml (also .gz) or .txt"
    )
    assert others["b.rtf"].startswith("is an RTF document; convert it to text")


def test_folder_of_unread_files_names_them(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.html").write_bytes(CASES["an HTML page"])
    with pytest.raises(SourceError) as raised:
        list_sources(tmp_path)
    lines = str(raised.value).splitlines()
    assert "contains no review" in lines[0]
    assert lines[1].startswith("  00.html: is an HTML page; ")
    assert lines[-1] == "  and 2 more files"
