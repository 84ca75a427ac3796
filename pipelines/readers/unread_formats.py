"""Formats that people have reviews in and that no reader reads: how to recognise them, and how to convert them.

They are recognised by their content, because the ending of a file may be wrong or missing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from pipelines.readers.errors import ReadError

_PANDOC = "convert it to text, for instance with `pandoc FILE -t plain --wrap=none -o FILE.txt`"
START_BYTES = 1024
"""The first bytes of a file, by which all formats but those in a ZIP archive are recognised."""
ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class UnreadFormat:
    """A format that is not read. `name` goes with an article in messages ("a PDF"), `advice` says how to convert it."""

    name: str
    advice: str
    is_like: Callable[[bytes], bool]


def _is_html(data: bytes) -> bool:
    start = data[:START_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith((b"<?xml", b"<!--")) and (b"<!doctype html" in start or b"<html" in start)
    )


def _is_zip_with(member: str) -> Callable[[bytes], bool]:
    """Recognise a ZIP archive by a file that it contains."""

    def is_like(data: bytes) -> bool:
        if not data.startswith(ZIP_MAGIC):
            return False
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                return member in archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return False

    return is_like


UNREAD_FORMATS = (
    UnreadFormat("a Word document", _PANDOC, _is_zip_with("word/document.xml")),
    UnreadFormat("an OpenDocument text", _PANDOC, _is_zip_with("content.xml")),
    UnreadFormat("an EPUB", _PANDOC, _is_zip_with("META-INF/container.xml")),
    UnreadFormat("a ZIP archive", "unpack it", lambda data: data.startswith(ZIP_MAGIC)),
    UnreadFormat(
        "an old Word document",
        "convert it to text, for instance with `soffice --headless --convert-to txt:Text FILE`",
        lambda data: data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ),
    UnreadFormat("an RTF document", _PANDOC, lambda data: data.startswith(b"{\\rtf")),
    UnreadFormat("an HTML page", f"take the article's JATS XML, or {_PANDOC}", _is_html),
)
"""The formats in the order in which they are tried."""


def find_unread_format(data: bytes) -> UnreadFormat | None:
    """The format of a file that no reader reads; None if a reader may read it."""
    return next((item for item in UNREAD_FORMATS if item.is_like(data)), None)


def refuse_unread_format(data: bytes, name: str) -> None:
    """Raise ReadError, which says how to convert the file, if no reader reads its format."""
    if found := find_unread_format(data):
        raise ReadError(f"{name}: is {found.name}, which is not read; {found.advice}")
