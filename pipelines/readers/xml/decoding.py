"""Bytes to XML text that is safe to read: unpacked, decoded and known to be well-formed.

All protection against hostile files is here: bounded unpacking, encodings, entities, depth, size. Neither this module
nor libxml2, as configured here, opens a file or a connection. The content of the XML is read in `element_tree`.
"""

from __future__ import annotations

import codecs
import re
import zlib
from typing import Any

from lxml import etree

from pipelines.document import Repair, Span
from pipelines.readers.errors import ReadError, invalid_byte_error

MAX_XML_BYTES = 64 * 1024 * 1024
"""The size limit of an article, unpacked. The longest real articles are below 20 MB."""

MAX_MARKUP = 2_000_000
"""The limit of tags in an article; each needs some 300 bytes of memory."""

_GZIP_MAGIC = b"\x1f\x8b"
_DECLARED_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODECS = re.compile(
    r"ascii|utf-8|utf-16(-[bl]e)?|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman"
    r"|gb2312|gbk|gb18030|big5|shift_jis|euc_jp|euc_kr|iso2022_jp"
)


def unpack(data: bytes, name: str) -> bytes:
    """Unpack `data` if it is gzip. Raises ReadError for a damaged, truncated or too large file."""
    if not data.startswith(_GZIP_MAGIC):
        if len(data) > MAX_XML_BYTES:
            raise _too_large_error(name)
        return data
    parts: list[bytes] = []
    n_bytes_left = MAX_XML_BYTES
    rest = data
    while rest.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = member.decompress(rest, n_bytes_left + 1)
        except zlib.error as error:
            raise ReadError(f"{name}: the gzip data are damaged ({error}); fetch the file again") from error
        n_bytes_left -= len(part)
        if n_bytes_left < 0:
            raise _too_large_error(name)
        if not member.eof:
            raise ReadError(f"{name}: the gzip data end too early, after {len(data)} bytes; fetch the file again")
        parts.append(part)
        rest = member.unused_data
    if rest.strip(b"\0"):
        raise ReadError(f"{name}: {len(rest)} bytes that are not gzip follow the gzip data; fetch the file again")
    return b"".join(parts)


def _too_large_error(name: str) -> ReadError:
    return ReadError(
        f"{name}: the file has more than {MAX_XML_BYTES // 1024 // 1024} MB of XML, more than any article; "
        "split it into one file per article"
    )


def decode(data: bytes, name: str) -> tuple[str, tuple[Repair, ...]]:
    """Decode an XML file by its byte order mark, else by the shape of its first bytes, else by its declaration.

    If the bytes contradict the declaration (`latin-1` for UTF-8 bytes) they win, and the repair `wrong_encoding` says
    so. Raises ReadError for bytes that their encoding does not allow, and for an encoding that is not used for XML.
    """
    declaration = _DECLARED_ENCODING.match(data[:512])
    declared = declaration.group(1).decode("ascii") if declaration else None
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, encoding, name, skip=len(mark) if encoding == "utf-8" else 0), ()
    if data.startswith((b"<\0", b"\0<")):
        return _decode_as(data, "utf-16-le" if data.startswith(b"<\0") else "utf-16-be", name), ()
    if declared is None:
        return _decode_as(data, "utf-8", name), ()
    codec = _codec_of(declared, name)
    if codec == "utf-8":
        return _decode_as(data, codec, name), ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(data, codec, name), ()
    if data.isascii() and not codec.startswith(("utf-16", "iso2022")):
        return text, ()
    start, end = declaration.span(1) if declaration else (0, 0)
    message = f"{name}: declared as {declared}, but the bytes are UTF-8; read as UTF-8"
    return text, (Repair("wrong_encoding", Span(start, end), message),)


def _codec_of(declared: str, name: str) -> str:
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        codec = ""
    if not _CODECS.fullmatch(codec):
        raise ReadError(f"{name}: the declared encoding {declared!r} is not used for XML; save the file as UTF-8")
    return codec


def _decode_as(data: bytes, codec: str, name: str, skip: int = 0) -> str:
    try:
        return data[skip:].decode(codec)
    except UnicodeDecodeError as error:
        fix = "declare the file's encoding, or save it as UTF-8"
        raise invalid_byte_error(name, data, error.start + skip, codec, fix) from error


class _NullTarget:
    """A parser target that builds nothing, to check a file without the cost of a tree."""

    def close(self) -> None:
        """Called by lxml at the end of a parse."""


_MAX_TREE_TEXT = 10_000_000
"""The length limit of a text in a tree of libxml2."""


def require_well_formed(source: str, name: str) -> None:
    """Check the file with libxml2: no network, no DTD, no entity replaced, its default limits on depth and size.

    A tree takes most of the time. It is built only if libxml2 has logged a problem, or if the file is long enough for a
    limit that only the tree has. Raises ReadError with line and column of the first fault.
    """
    if not source.lstrip(" \t\r\n").startswith("<"):
        raise ReadError(f"{name}: the file is not XML: it begins with {source[:20]!r}; use the article's XML")
    if len(source) > MAX_MARKUP and source.count("<") > MAX_MARKUP:
        raise ReadError(f"{name}: the file has more than {MAX_MARKUP} tags, more than any article; split it")
    data = source.encode("utf-8")
    try:
        parser = _parser(_NullTarget())
        etree.fromstring(data, parser)
        if parser.error_log or len(data) > _MAX_TREE_TEXT:
            etree.fromstring(data, _parser(None))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        fault = str(error.msg).partition(", line ")[0]
        raise ReadError(
            f"{name}, line {line}, column {column}: the XML is not well-formed or not safe to read ({fault}); "
            "fix the file at this place or fetch it again"
        ) from error


def _parser(target: Any) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        target=target,
    )
