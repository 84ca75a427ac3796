"""Plain text (what a PDF's OCR or text layer leaves) to a `Document`.

Here the parts are put together; front matter, body, tables and reference list each have a module of their own.
Citations are not looked for: they are found in the words by `pipelines.extract.citations`.
"""

from __future__ import annotations

import re

from pipelines.document import Block, Document, Heading, Repair, Table
from pipelines.readers.errors import ReadError
from pipelines.readers.text.back_matter import add_back_matter
from pipelines.readers.text.blocks import read_body
from pipelines.readers.text.lines import Place, split_lines, words
from pipelines.readers.text.reference_list import read_references
from pipelines.readers.text.title_page import read_front

_WORD = re.compile(r"(?<![\w‐-])[^\W\d_]{5,}(?![\w‐-])")
_HYPHENATED = re.compile(r"(?<![\w‐-])([^\W\d_]{5,40})[-‐]([^\W\d_]{4,40})(?![\w‐-])")
_PREFIXES = words(
    "anti auto bio co counter cross de electro ex extra fore half high hyper hypo ill immuno in infra inter intra "
    "low macro mega meta micro mid mini mono multi nano neo neuro non off on out over pan para peri photo poly post "
    "pre pro proto pseudo quasi radio re self semi short sub super supra tele thermo trans tri ultra un under uni up "
    "well"
)


MAX_BYTES = 16 * 1024 * 1024
"""The most a text may hold; the longest real reviews are below 2 MB."""


def read_text(data: bytes, *, name: str) -> Document:
    """Reads a plain-text review. `name` is the file's name, for messages.

    The blocks are the abstract, the body and the back matter (declarations, funding and the like) in reading order;
    title, authors, keywords and the reference list are no blocks. Every heading has level 1 unless its printed number
    (`2.1`) says more. Sentences that a page break, a table or a figure's caption cuts are whole again, and every such
    repair is in `repairs` with what it bridged.

    Raises ReadError for an empty file, one of more than `MAX_BYTES`, bytes that are not UTF-8, a text without a
    reference list, a gap or a number given twice in a numbered list, and a table row with a cell too many; it names
    the file, the line and the mend.
    """
    source = decode_text(data, name)
    place = Place(name)
    lines = split_lines(source)
    references = read_references(lines, place)
    front = read_front(lines[: references.first])
    body_lines = lines[front.end : references.first] + lines[references.end :]
    blocks, tables, repairs = read_body(body_lines, place)
    blocks = [*front.blocks, *blocks]
    repairs = [*repairs, *references.repairs, *_odd_hyphens(source, blocks, tables)]
    return Document(
        source=source,
        format="text",
        front=add_back_matter(front.matter, blocks),
        blocks=tuple(blocks),
        tables=tuple(tables),
        references=references.entries,
        repairs=tuple(sorted(repairs, key=lambda repair: (repair.span.start, repair.code))),
        references_are_numbered=references.is_numbered,
    )


def decode_text(data: bytes, name: str) -> str:
    """The text of a source. Raises ReadError where it is empty, too large, not UTF-8 or binary."""
    if not data.strip():
        raise ReadError(f"{name}: the file is empty. Put the review's text into it or take it out of raw/.")
    if len(data) > MAX_BYTES:
        raise ReadError(
            f"{name}: the file holds more than {MAX_BYTES // 1024 // 1024} MB of text, more than any review. "
            "Split it into reviews, one a file."
        )
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"{name}, line {line} (byte {error.start}): byte 0x{data[error.start]:02x} is not UTF-8. "
            "Convert the file to UTF-8 (for instance: iconv -f WINDOWS-1252 -t UTF-8)."
        ) from error
    if "\x00" in source:
        at = source.index("\x00")
        raise ReadError(
            f"{name}, line {source.count(chr(10), 0, at) + 1} (character {at}): a NUL character, which no text holds. "
            "Convert the file to UTF-8 if it is UTF-16; if it is a PDF or another binary, extract its text first."
        )
    return source


def _odd_hyphens(source: str, blocks: list[Block], tables: list[Table]) -> list[Repair]:
    """Words with a hyphen that seems left over from the end of a line; they stay as printed.

    `multise-session` and `Radiovertebro-plasty`: what stands before the hyphen is no word of this text, and the whole
    without the hyphen (and without letters said twice) ends in a word that is.
    """
    texts = [block.text for block in blocks if not isinstance(block, Heading)]
    texts += [cell.text for table in tables for row in table.rows for cell in row.cells]
    texts += [table.caption for table in tables if table.caption]
    known = {word.casefold() for text in texts for word in _WORD.findall(text.value)}
    repairs = []
    for text in texts:
        for match in _HYPHENATED.finditer(text.value):
            head, tail = match.group(1).casefold(), match.group(2).casefold()
            if head in known or head in _PREFIXES:
                continue
            span = text.slice(*match.span()).span
            words_inside = (_word_across(head, tail[cut:], known) for cut in _overlaps(head, tail))
            found = next((word for word in words_inside if word), None)
            if span and found:
                printed = source[span.start : span.end]
                message = f"{printed!r} holds a hyphen that {found!r} has not; kept as printed"
                repairs.append(Repair("line_hyphen", span, message))
    return repairs


def _overlaps(head: str, tail: str) -> list[int]:
    """How many letters at the start of `tail` repeat the end of `head`: 0, and every length that does."""
    return [0, *(size for size in range(2, min(len(head), len(tail), 12)) if head.endswith(tail[:size]))]


def _word_across(head: str, tail: str, known: set[str]) -> str | None:
    """The longest word of the text that `head` and `tail` together end in, four letters of `head` included."""
    joined = head + tail
    starts = range(max(0, len(joined) - 30), len(head) - 3)
    return next((joined[start:] for start in starts if len(joined) - start >= 8 and joined[start:] in known), None)
