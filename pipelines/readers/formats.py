"""The registry of source formats: declares everything outside the readers that depends on the format.

To add a format, write its reader in a new package and add one `SourceFormat` to `FORMATS`. Readers are imported on
first use, so that listing sources stays quick.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pipelines.document import Document
from pipelines.readers.errors import ReadError
from pipelines.readers.unread_formats import refuse_unread_format

GZIP_MAGIC = b"\x1f\x8b"
_START_BYTES = 1024
# Byte order marks, the zero bytes of UTF-16, white space.
_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


class Reader(Protocol):
    """Turns a source's bytes into a `Document`. Raises ReadError, which names the file, the place and the fix."""

    def __call__(self, data: bytes, *, name: str) -> Document: ...


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A format of sources.

    `suffixes` are the endings of plain files in this format; a source is stored with the first of them. `is_like`
    recognises the format by a file's first bytes. `decode` returns the text in which all offsets count (the text that
    is derived from a PDF), and `has_markup` says whether that text has tags between the words.
    """

    name: str
    suffixes: tuple[str, ...]
    may_be_gzipped: bool
    has_markup: bool
    is_like: Callable[[bytes], bool]
    decode: Callable[[bytes, str], str]
    read: Reader


def _refuse_other_format(data: bytes, name: str) -> None:
    """Raise ReadError for a file in a format that no reader reads, and for a PDF that another reader is to read."""
    refuse_unread_format(data, name)
    if _is_pdf(data):
        raise ReadError(f'{name}: is a PDF; write format = "pdf" in its source.toml')


def _is_jats(data: bytes) -> bool:
    return data.startswith(GZIP_MAGIC) or data[:_START_BYTES].lstrip(_BEFORE_MARKUP).startswith(b"<")


def _is_tei(data: bytes) -> bool:
    return re.match(rb"(?:<\?.*?\?>|<!--.*?-->|\s)*+<(?:\w+:)?TEI[\s>]", _unpacked_start(data), re.DOTALL) is not None


def _unpacked_start(data: bytes) -> bytes:
    """The first bytes of a file, unpacked if it is gzip, without a byte order mark."""
    start = data[:_START_BYTES]
    if data.startswith(GZIP_MAGIC):
        try:
            start = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data[:_START_BYTES], _START_BYTES)
        except zlib.error:
            return b""
    return start.lstrip(_BEFORE_MARKUP)


def _decode_xml(data: bytes, name: str) -> str:
    from pipelines.readers.xml.decoding import decode, unpack

    return decode(unpack(data, name), name)[0]


def _read_jats(data: bytes, *, name: str) -> Document:
    from pipelines.readers.jats import read_jats

    _refuse_other_format(data, name)
    return read_jats(data, name=name)


def _read_tei(data: bytes, *, name: str) -> Document:
    from pipelines.readers.tei import read_tei

    _refuse_other_format(data, name)
    return read_tei(data, name=name)


def _decode_text(data: bytes, name: str) -> str:
    from pipelines.readers.text.decoding import decode_text

    return decode_text(data, name)


def _read_text(data: bytes, *, name: str) -> Document:
    from pipelines.readers.text import read_text

    _refuse_other_format(data, name)
    return read_text(data, name=name)


def _is_pdf(data: bytes) -> bool:
    # Some writers put a few bytes before the header.
    return b"%PDF-" in data[:_START_BYTES]


def _decode_pdf(data: bytes, name: str) -> str:
    return _read_pdf(data, name=name).source


def _read_pdf(data: bytes, *, name: str) -> Document:
    from pipelines.readers.pdf import read_pdf

    refuse_unread_format(data, name)
    return read_pdf(data, name=name)


FORMATS: Mapping[str, SourceFormat] = {
    item.name: item
    for item in (
        SourceFormat(
            name="pdf",
            suffixes=(".pdf",),
            may_be_gzipped=False,
            has_markup=False,
            is_like=_is_pdf,
            decode=_decode_pdf,
            read=_read_pdf,
        ),
        # Before JATS, whose `is_like` accepts all XML.
        SourceFormat(
            name="tei",
            suffixes=(".tei.xml", ".tei"),
            may_be_gzipped=True,
            has_markup=True,
            is_like=_is_tei,
            decode=_decode_xml,
            read=_read_tei,
        ),
        SourceFormat(
            name="jats",
            suffixes=(".xml", ".nxml"),
            may_be_gzipped=True,
            has_markup=True,
            is_like=_is_jats,
            decode=_decode_xml,
            read=_read_jats,
        ),
        # Last: its `is_like` accepts everything.
        SourceFormat(
            name="text",
            suffixes=(".txt",),
            may_be_gzipped=False,
            has_markup=False,
            is_like=lambda data: True,  # noqa: ARG005
            decode=_decode_text,
            read=_read_text,
        ),
    )
}
"""The formats by name, in the order in which `sniff_format` tries them."""


def sniff_format(data: bytes) -> SourceFormat:
    """The format of a source, recognised by its first bytes."""
    return next(item for item in FORMATS.values() if item.is_like(data))


def file_name_pattern() -> re.Pattern[str]:
    """A pattern that matches the names of plain files with reviews; group 1 is the name without its ending."""
    endings = [
        f"(?:{'|'.join(map(re.escape, item.suffixes))})" + (r"(?:\.gz)?" if item.may_be_gzipped else "")
        for item in FORMATS.values()
    ]
    return re.compile(rf"(.+?)(?:{'|'.join(endings)})", re.IGNORECASE | re.DOTALL)


def endings_in_words() -> str:
    """The endings of readable plain files, for messages: `.xml, .nxml (also .gz) or .txt`."""
    words = [", ".join(item.suffixes) + (" (also .gz)" if item.may_be_gzipped else "") for item in FORMATS.values()]
    return " or ".join([", ".join(words[:-1]), words[-1]])
