"""Blocks of prose → rows of `sections` and `sentences`, with the citations in each sentence.

Section and sentence ids count from 1 in the order of the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines.document import Block, Document, Heading, Paragraph, Text
from pipelines.extract.citations import PlacedCitation
from pipelines.extract.row_collector import RowCollector
from pipelines.extract.row_types import make_fast_constructor
from pipelines.extract.sentences import split_sentences


class SectionRow(NamedTuple):
    review_id: str
    section_id: int
    position: int
    level: int
    heading: str | None
    kind: str
    parent_section_id: int | None
    start_char: int | None
    end_char: int | None


class SentenceRow(NamedTuple):
    review_id: str
    sentence_id: int
    section_id: int
    paragraph_no: int
    position: int
    kind: str
    text: str
    is_cited: bool
    start_char: int | None
    end_char: int | None


_new_sentence = make_fast_constructor(SentenceRow)


def add_prose_rows(
    collector: RowCollector, document: Document, citations_by_block: Mapping[int, Sequence[PlacedCitation]]
) -> None:
    """`citations_by_block` has the citations of each block, in order, by the block's index.

    Text before the first heading gets a section without a heading, and so does a body that begins without one, so that
    it is not part of the abstract.
    """
    kinds = _find_section_kinds(document.blocks)
    outline = _Outline(collector)
    paragraph_no = 0
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            outline.open_section(block.text, block.level, kinds[index])
            paragraph_no = 0
            continue
        if outline.section_id == 0 or (outline.kind == "abstract" and block.kind == "prose"):
            outline.open_section(None, 1, kinds[index])
            paragraph_no = 0
        paragraph_no += 1
        _add_sentences(collector, outline.section_id, paragraph_no, block, citations_by_block.get(index, ()))


class _Outline:
    """The nesting of the sections so far; `section_id` and `kind` are those of the current one, 0 before the first."""

    def __init__(self, collector: RowCollector) -> None:
        self.section_id = 0
        self.kind = ""
        self._collector = collector
        self._open_sections: list[tuple[int, int]] = []  # (section_id, level), outermost first
        self._n_children: dict[int | None, int] = {}

    def open_section(self, heading: Text | None, level: int, kind: str) -> None:
        while self._open_sections and self._open_sections[-1][1] >= level:
            self._open_sections.pop()
        parent = self._open_sections[-1][0] if self._open_sections else None
        self._n_children[parent] = self._n_children.get(parent, 0) + 1
        self.section_id += 1
        self.kind = kind
        self._open_sections.append((self.section_id, level))
        start, end = heading.bounds if heading else (None, None)
        self._collector.rows.sections.append(
            SectionRow(
                review_id=self._collector.review_id,
                section_id=self.section_id,
                position=self._n_children[parent],
                level=level,
                heading=heading.value if heading else None,
                kind=kind,
                parent_section_id=parent,
                start_char=start,
                end_char=end,
            )
        )
        if heading:
            self._collector.add_text_parts("sections", "heading", heading, self.section_id)


def _add_sentences(
    collector: RowCollector,
    section_id: int,
    paragraph_no: int,
    paragraph: Paragraph,
    citations: Sequence[PlacedCitation],
) -> None:
    sentences = collector.rows.sentences
    next_citation = 0
    tagged = [(citation.start, citation.end) for citation in paragraph.citations or ()]
    for position, (start, end) in enumerate(split_sentences(paragraph.text.value, tagged), start=1):
        sentence_id = len(sentences) + 1
        sentence = paragraph.text.slice(start, end)
        first_citation = next_citation
        while next_citation < len(citations) and citations[next_citation].citation.start < end:
            next_citation += 1
        start_char, end_char = sentence.bounds
        sentences.append(
            _new_sentence(
                review_id=collector.review_id,
                sentence_id=sentence_id,
                section_id=section_id,
                paragraph_no=paragraph_no,
                position=position,
                kind=paragraph.kind,
                text=sentence.value,
                is_cited=next_citation > first_citation,
                start_char=start_char,
                end_char=end_char,
            )
        )
        collector.add_text_parts("sentences", "text", sentence, sentence_id)
        for citation in citations[first_citation:next_citation]:
            collector.add_citation("prose", citation, section_id=section_id, sentence_id=sentence_id)


def _find_section_kinds(blocks: Sequence[Block]) -> list[str]:
    """For each block, the kind of the section that would open there: the kind of the next paragraph."""
    kinds: list[str] = []
    kind = "prose"
    for block in reversed(blocks):
        if not isinstance(block, Heading):
            kind = block.kind if block.kind in {"abstract", "back"} else "prose"
        kinds.append(kind)
    return kinds[::-1]
