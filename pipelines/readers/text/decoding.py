"""Bytes to text that can be read: not empty, not too large, UTF-8, without NUL.

Takes a file's bytes and gives its text, or raises ReadError. What the text says is read in the other modules.
"""

from __future__ import annotations

from pipelines.readers.errors import ReadError, invalid_byte_error

MAX_TEXT_BYTES = 16 * 1024 * 1024
"""The size limit of a text; the longest real reviews are below 2 MB."""


def decode_text(data: bytes, name: str) -> str:
    """The text of a source. Raises ReadError if it is empty, larger than `MAX_TEXT_BYTES`, not UTF-8, or binary."""
    if not data.strip():
        raise ReadError(f"{name}: the file is empty; put the review's text into it or remove it from raw/")
    if len(data) > MAX_TEXT_BYTES:
        raise ReadError(
            f"{name}: the file has more than {MAX_TEXT_BYTES // 1024 // 1024} MB of text, more than any review; "
            "split it into one file per review"
        )
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        fix = "convert the file to UTF-8 (for instance: iconv -f WINDOWS-1252 -t UTF-8)"
        raise invalid_byte_error(name, data, error.start, "utf-8", fix) from error
    if "\x00" in source:
        offset = source.index("\x00")
        raise ReadError(
            f"{name}, line {source.count(chr(10), 0, offset) + 1} (character {offset}): a NUL character, which is not "
            "allowed in text; convert the file to UTF-8 if it is UTF-16, or extract its text first if it is a PDF or "
            "another binary"
        )
    return source
