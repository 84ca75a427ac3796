"""The error that readers raise. Its wording is the reader's, except for problems that several readers report."""

from __future__ import annotations


class ReadError(ValueError):
    """A source cannot be read. The message names the file, the place, the problem and the fix."""


def invalid_byte_error(name: str, data: bytes, start: int, encoding: str, fix: str) -> ReadError:
    """The error that the byte `data[start]` is not valid in its encoding. The bytes before it are valid."""
    line = data[:start].decode(encoding, "replace").count("\n") + 1
    return ReadError(
        f"{name}, line {line} (byte {start}): byte 0x{data[start]:02x} is not valid {encoding.upper()}; {fix}"
    )
