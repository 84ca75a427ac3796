"""Hyphens inside words that seem to be left over from the end of a printed line.

Takes the blocks and tables of a source and gives a repair for each such word. The words themselves stay as printed.
"""

from __future__ import annotations

import re

from pipelines.document import Block, Heading, Repair, Table
from pipelines.vocabularies.word_lists import reading_words

_WORD = re.compile(r"(?<![\w‐-])[^\W\d_]{5,}(?![\w‐-])")
_HYPHENATED = re.compile(r"(?<![\w‐-])([^\W\d_]{5,40}+)[-‐]([^\W\d_]{4,40}+)(?![\w‐-])")


def find_line_hyphens(source: str, blocks: list[Block], tables: list[Table]) -> list[Repair]:
    """Find words such as `multise-session` and `Radiovertebro-plasty`.

    In these, the letters before the hyphen are not a word of this text, and the letters of both sides, without those
    printed twice, end in a word that is.
    """
    texts = [block.text for block in blocks if not isinstance(block, Heading)]
    texts += [cell.text for table in tables for row in table.rows for cell in row.cells]
    texts += [table.caption for table in tables if table.caption]
    known_words = {word.casefold() for text in texts for word in _WORD.findall(text.value)}
    prefixes = reading_words("hyphen_prefix")
    repairs = []
    for text in texts:
        if "-" not in text.value and "‐" not in text.value:
            continue
        for match in _HYPHENATED.finditer(text.value):
            head, tail = match.group(1).casefold(), match.group(2).casefold()
            if head in known_words or head in prefixes:
                continue
            span = text.slice(*match.span()).span
            candidates = (_word_across(head, tail[size:], known_words) for size in _overlaps(head, tail))
            word = next((candidate for candidate in candidates if candidate), None)
            if span and word:
                printed = source[span.start : span.end]
                message = f"{printed!r} has a hyphen that {word!r} does not have; kept as printed"
                repairs.append(Repair("line_hyphen", span, message))
    return repairs


def _overlaps(head: str, tail: str) -> list[int]:
    """The numbers of letters at the start of `tail` that repeat the end of `head`, 0 first."""
    return [0, *(size for size in range(2, min(len(head), len(tail), 12)) if head.endswith(tail[:size]))]


def _word_across(head: str, tail: str, known_words: set[str]) -> str | None:
    """The longest known word that `head + tail` ends with and that has four letters or more of `head`."""
    joined = head + tail
    starts = range(max(0, len(joined) - 30), len(head) - 3)
    return next(
        (joined[start:] for start in starts if len(joined) - start >= 8 and joined[start:] in known_words), None
    )
