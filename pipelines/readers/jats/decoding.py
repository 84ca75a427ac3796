"""Bytes to XML text that is safe to take apart: unpacked, decoded and known to be well-formed.

Everything that guards against a hostile file stands here: bounded unpacking, encodings, entities, depth, size. What the
XML says is no concern of this module. Nothing here, nor libxml2 as set up here, opens a file or a connection.
"""

from __future__ import annotations

import codecs
import re
import zlib
from typing import Any

from lxml import etree

from pipelines.document import Repair, Span
from pipelines.readers.errors import ReadError

MAX_BYTES = 64 * 1024 * 1024
"""The most an article may hold, unpacked. The longest real ones are below 20 MB."""

MAX_MARKUP = 2_000_000
"""The most tags an article may hold; some 300 bytes of memory are wanted for each."""

_GZIP_MAGIC = b"\x1f\x8b"
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
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
    """`data`, unpacked where it is gzip. Raises ReadError for a broken, cut or too large file."""
    if not data.startswith(_GZIP_MAGIC):
        if len(data) > MAX_BYTES:
            raise _too_large(name)
        return data
    parts: list[bytes] = []
    room = MAX_BYTES
    rest = data
    while rest.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = member.decompress(rest, room + 1)
        except zlib.error as error:
            raise ReadError(f"{name}: the gzip data are damaged ({error}); fetch the file again") from error
        room -= len(part)
        if room < 0:
            raise _too_large(name)
        if not member.eof:
            raise ReadError(f"{name}: the gzip data end too early, after {len(data)} bytes; fetch the file again")
        parts.append(part)
        rest = member.unused_data
    if rest.strip(b"\0"):
        raise ReadError(f"{name}: {len(rest)} bytes that are no gzip data follow the gzip data; fetch the file again")
    return b"".join(parts)


def _too_large(name: str) -> ReadError:
    return ReadError(
        f"{name}: the file holds more than {MAX_BYTES // 1024 // 1024} MB of XML, more than any article; "
        "split it into articles, one a file"
    )


def decode(data: bytes, name: str) -> tuple[str, tuple[Repair, ...]]:
    """The text of an XML file, by its byte order mark, its shape and its declaration, in this order.

    A declaration that the bytes contradict (`latin-1` over UTF-8 bytes) is overruled and told as a repair
    `wrong_encoding`. Raises ReadError where the bytes are not what they are said to be and cannot be told.
    """
    declared = _DECLARED.match(data[:512])
    stated = declared.group(1).decode("ascii") if declared else None
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding, name, skip=len(mark) if encoding == "utf-8" else 0), ()
    if data.startswith((b"<\0", b"\0<")):
        return _decoded(data, "utf-16-le" if data.startswith(b"<\0") else "utf-16-be", name), ()
    if stated is None:
        return _decoded(data, "utf-8", name), ()
    codec = _codec(stated, name)
    if codec == "utf-8":
        return _decoded(data, codec, name), ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, codec, name), ()
    if data.isascii() and not codec.startswith(("utf-16", "iso2022")):
        return text, ()
    start, end = declared.span(1) if declared else (0, 0)
    message = f"{name}: declared as {stated}, but the bytes are UTF-8; read as UTF-8"
    return text, (Repair("wrong_encoding", Span(start, end), message),)


def _codec(stated: str, name: str) -> str:
    try:
        codec = codecs.lookup(stated).name
    except LookupError:
        codec = ""
    if not _CODECS.fullmatch(codec):
        raise ReadError(f"{name}: the declared encoding {stated!r} is not one of XML's; save the file as UTF-8")
    return codec


def _decoded(data: bytes, codec: str, name: str, skip: int = 0) -> str:
    try:
        return data[skip:].decode(codec)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{name}: byte {error.start + skip} is no {codec} ({error.reason}); "
            "declare the encoding the file has, or save it as UTF-8"
        ) from error


class _Nothing:
    """What libxml2 builds where only its verdict is wanted."""

    def close(self) -> None:
        """Asked for by lxml at the end of a parse."""


_LONGEST_TEXT = 10_000_000
"""The longest stretch of text that libxml2 puts into a tree."""


def require_well_formed(source: str, name: str) -> None:
    """Let libxml2 judge the file: no network, no DTD, no entity put in, no more than its own limits on depth and size.

    A tree, which takes most of the time, is built only where libxml2 has noted something on the way, or where the file
    is long enough for a limit that only the tree has. Raises ReadError with line and column of the first fault.
    """
    if not source.lstrip(" \t\r\n").startswith("<"):
        raise ReadError(f"{name}: the file is no XML: it begins with {source[:20]!r}; give the article's XML")
    if len(source) > MAX_MARKUP and source.count("<") > MAX_MARKUP:
        raise ReadError(f"{name}: the file holds more than {MAX_MARKUP} tags, more than any article; split it")
    data = source.encode("utf-8")
    try:
        judge = _parser(_Nothing())
        etree.fromstring(data, judge)
        if judge.error_log or len(data) > _LONGEST_TEXT:
            etree.fromstring(data, _parser(None))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        fault = str(error.msg).partition(", line ")[0]
        raise ReadError(
            f"{name}, line {line}, column {column}: no well-formed XML that is safe to read ({fault}); "
            "mend the file at this place or fetch it again"
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
