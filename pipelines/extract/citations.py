"""Citations in the words of a text: which superscripts or brackets point at references, and at which.

For sources that tag no citations themselves; a reader that has tags gives `Paragraph.citations` instead. Numbers are
taken as printed: one that points beyond the reference list is a citation here and a finding elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.document import Citation, Document, Heading, Table, Text
from pipelines.extract.table_roles import grid

CitationStyle = Literal["superscript", "bracket", "parenthesis"]

_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒‚", "0123456789-,,")
_DIGIT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LIST = r"\d{1,4}(?:\s?[,;–‒—-]\s?\d{1,4}){0,99}"
_SUPERSCRIPT = re.compile(
    rf"\^\{{\s?({_LIST})\s?\}}|\^\(({_LIST})\)|\^(\d{{1,4}})(?![\d{{(])|([{_DIGIT}]{{1,4}}(?:[,˒‚;⁻–-]\s?[{_DIGIT}]{{1,4}}){{0,99}})"
)
_BRACKET = re.compile(rf"\[\s?({_LIST})\s?\](?:\s?[,;–-]\s?\[\s?({_LIST})\s?\]){{0,20}}")
_PARENTHESIS = re.compile(rf"\(\s?({_LIST})\s?\)")
_PLAIN = re.compile(rf"\s*[\[(]?\s*({_LIST})\s*[\])]?\s*\.?\s*")
_NUMBERS = re.compile(r"(\d{1,4})(?:\s?\]?\s?[–‒—-]\s?\[?\s?(\d{1,4}))?")
_UNIT = re.compile(
    r"(?:^|[\s\d/(×·*.∙-])(?:[kcdmµμnp]?m|ft|yd|mi|inch|Å|sq|[kc]?g|s|sec|min|h|hr|L|K|rad|day|kg/m|W/c?m|mol/[dc]m)$"
)
_STATISTIC = re.compile(
    r"(?:^|[\s(\[=+−×/·)])(?:[b-zF-JL-Z]|[χηωφτσδψΔ]|Chi|chi|adj\.?\s?R|sp|mc)$|\[[\d.,\s–-]{1,12}\]$"
)
"""What has a square or a cube: a statistic (`R²`, `χ²`), a variable, an orbital (`sp²`), an interval (`[0, 1]²`).

A capital that names a kind (`vitamin C`, `group B`) has none: A to E and K are left out.
"""
_OXIDE = re.compile(r"(?:^|[\s(–-])(?:[A-Z][a-z]?)?O$|(?:^|[\s(–-])[HNO]$")
_POWER = re.compile(r"(?:^|[\s(\[/<>≥≤~∼≈=+±×x·*∙]|[⁰¹²³⁴⁵⁶⁷⁸⁹}][–-])10$")
_RESIDUE = re.compile(
    r"(?<![A-Za-z])(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|[Δδω])$"
)
"""What carries a position: an amino acid (`Trp²⁷⁸`), a double bond (`Δ⁶`)."""
_NUCLIDE = re.compile(
    r"(?<![A-Za-z])(?:H [23]|C 1[134]|N 1[35]|O 1[58]|F 18|P 3[23]|S 35|Cr 51|Fe 59|Co (?:57|60)|Cu 6[47]|Ga 6[78]"
    r"|Sr (?:8[59]|90)|Y 90|Tc 99|In 111|I 1(?:2[345]|31)|Cs 137|Sm 153|Ho 166|Re 18[68]|Lu 177|Ra 22[36])$"
)
_MARK_NUMBER = rf"(?:\^\{{(\d{{1,2}})\}}|([{_DIGIT}]{{1,2}}))"
_NOTE = re.compile(rf"(?:^|[\s(]){_MARK_NUMBER}\s?(?=[^\W\d_]|[(“\"'–—=:])")
_KEY = re.compile(rf"(?:^|[\s(]){_MARK_NUMBER}\s?(?=[–—=:])")
_NOTE_BEGINS = re.compile(r"[:;(]\s$")
_TOO_MANY = 400
"""A printed range wider than this is taken for no range: only its ends are mentioned."""


@dataclass(frozen=True, slots=True)
class PlacedCitation:
    """A citation and where it stands: in a block, or in a table's caption, footnote or cell.

    `context` is `prose` (body, abstract, back matter), `caption` (of a figure or a table), `footnote` or `table`.
    `block_no` counts `Document.blocks`, `table_no` the tables, `row_no` and `column_no` rows and cells, and
    `footnote_no` a table's notes, all from 0; what does not apply is None. `citation` counts in `text`.
    """

    context: str
    citation: Citation
    text: Text
    block_no: int | None = None
    table_no: int | None = None
    row_no: int | None = None
    column_no: int | None = None
    footnote_no: int | None = None

    @property
    def marker(self) -> str:
        """The citation as printed."""
        return self.text.value[self.citation.start : self.citation.end]


def find_citations(
    text: str,
    *,
    style: CitationStyle = "superscript",
    n_references: int | None = None,
    notes: frozenset[int] = frozenset(),
) -> list[Citation]:
    """The citations of a text, in order.

    `superscript` finds `²⁴` and `^{4,5,26–29}`, `bracket` finds `[12,14–16]`, `parenthesis` finds `(12, 14)`.
    Exponents (`10⁹`, `cm²`, `R²`), charges (`Ca²⁺`), isotopes (`¹⁰B`) and letters are none, nor are the marks of
    `notes`, which a table's footnotes or caption explain. Brackets and parentheses are citations only up to
    `n_references`.

    Ranges are expanded. `from_range` is true for a reference that only a range implies: in `26–29` for 27 and 28, for
    26 and 29 are printed. A range that runs backwards or is implausibly wide gives only its two ends. Each reference
    is mentioned once a citation.
    """
    if style == "bracket":
        matches = [match for match in _BRACKET.finditer(text) if _is_bracket(text, match, n_references)]
    elif style == "parenthesis":
        matches = [match for match in _PARENTHESIS.finditer(text) if _is_bracket(text, match, n_references)]
    else:
        matches = [match for match in _SUPERSCRIPT.finditer(text) if _is_superscript(text, match, n_references, notes)]
    return [_citation(match.start(), match.end(), match.group(0), n_references) for match in matches]


def find_reference_numbers(text: str, n_references: int | None = None) -> list[Citation]:
    """The citation of a cell of a reference column that prints nothing but numbers: `37,38,42` or `[12–14]`."""
    match = _PLAIN.fullmatch(text)
    if not match:
        return []
    citation = _citation(match.start(1), match.end(1), match.group(1), n_references)
    if n_references is not None and max(citation.ref_nos) > n_references:
        return []
    return [citation]


def citation_style(document: Document) -> CitationStyle:
    """How a document cites: the notation in which most different references of its list are pointed at.

    The first notation (superscripts, brackets, parentheses) that reaches more than half of them is taken at once.
    """
    n_references = len(document.references)
    texts = [block.text.value for block in document.blocks if not isinstance(block, Heading)]
    texts += [cell.text.value for table in document.tables for row in table.rows for cell in row.cells]
    whole = "\n".join(texts)
    styles: tuple[CitationStyle, ...] = ("superscript", "bracket", "parenthesis")
    reached: dict[CitationStyle, int] = {}
    for style in styles:
        cited = {
            number
            for citation in find_citations(whole, style=style, n_references=n_references)
            for number in citation.ref_nos
        }
        reached[style] = sum(number <= n_references for number in cited)
        if 2 * reached[style] > n_references:
            return style
    return max(styles, key=lambda style: reached[style])


def document_citations(document: Document, roles: Sequence[Sequence[str]]) -> Iterator[PlacedCitation]:
    """All citations of a document: those of the blocks in reading order, then those of the tables.

    `roles` gives each table's column roles (`tables.table_roles`): plain numbers are citations only in a `references`
    column. Where the source tags its citations (`citations` of a block or cell is not None) the tags count.
    """
    is_tagged = all(isinstance(block, Heading) or block.citations is not None for block in document.blocks)
    style: CitationStyle = "superscript" if is_tagged and document.blocks else citation_style(document)
    n_references = len(document.references)

    def cited(tags: tuple[Citation, ...] | None, text: Text, notes: frozenset[int]) -> Sequence[Citation]:
        if tags is not None:
            return tags
        return find_citations(text.value, style=style, n_references=n_references, notes=notes)

    for block_no, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            continue
        context = "caption" if block.kind == "caption" else "prose"
        for citation in cited(block.citations, block.text, frozenset()):
            yield PlacedCitation(context, citation, block.text, block_no=block_no)
    for table_no, table in enumerate(document.tables):
        notes = note_marks(table)
        if table.caption is not None:
            for citation in cited(table.caption_citations, table.caption, notes):
                yield PlacedCitation("caption", citation, table.caption, table_no=table_no)
        for row_no, cell_no, column, cell in grid(table):
            found = cited(cell.citations, cell.text, notes)
            is_reference = roles[table_no][column - 1] == "references" and not table.rows[row_no].is_header
            if not found and is_reference and cell.citations is None:
                found = find_reference_numbers(cell.text.value, n_references)
            for citation in found:
                yield PlacedCitation("table", citation, cell.text, table_no=table_no, row_no=row_no, column_no=cell_no)
        tagged_notes = table.footnote_citations
        for footnote_no, footnote in enumerate(table.footnotes):
            for citation in cited(None if tagged_notes is None else tagged_notes[footnote_no], footnote, notes):
                yield PlacedCitation("footnote", citation, footnote, table_no=table_no, footnote_no=footnote_no)


def note_marks(table: Table) -> frozenset[int]:
    """The superscript numbers that a table's footnotes or caption explain: `¹ Number of patients`, `² – F4`."""
    marks = set()
    for text in table.footnotes:
        marks |= {_first_number(match) for match in _NOTE.finditer(text.value)}
    if table.caption is not None:
        marks |= {_first_number(match) for match in _KEY.finditer(table.caption.value)}
    return frozenset(marks)


def _first_number(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group).translate(_TO_PLAIN))


def _citation(start: int, end: int, printed: str, n_references: int | None) -> Citation:
    """The citation that `printed` says, its ranges expanded."""
    limit = _TOO_MANY if n_references is None else min(_TOO_MANY, n_references)
    members: dict[int, bool] = {}
    for match in _NUMBERS.finditer(printed.translate(_TO_PLAIN)):
        first = int(match.group(1))
        last = int(match.group(2)) if match.group(2) else first
        ends = (first, last)
        if 1 < last - first <= limit:
            for number in range(first, last + 1):
                members[number] = members.get(number, True) and number not in ends
        else:
            for number in ends:
                members[number] = False
    return Citation(start, end, tuple(members), tuple(members.values()))


def _is_superscript(text: str, match: re.Match[str], n_references: int | None, notes: frozenset[int]) -> bool:
    """Whether a superscript is a citation and no exponent, charge, isotope or note mark."""
    printed = match.group(0)
    numbers = [int(number) for number in re.findall(r"\d+", printed.translate(_TO_PLAIN))]
    if 0 in numbers:
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    after = text[match.end() : match.end() + 2]
    if after[:1] in tuple("⁺⁻") or before[-1:] in tuple("⁺⁻") or after[:1].isdigit():
        return False
    if notes.issuperset(numbers) or _POWER.search(before):
        return False
    if after[:1].isalpha() and not _lacks_blank(before, after, numbers):
        return False
    return len(numbers) > 1 or not _is_single_other(before, after, numbers[0], n_references)


def _lacks_blank(before: str, after: str, numbers: list[int]) -> bool:
    """Whether a letter follows because a blank was lost (`cancer.²⁴The`), not because it is an isotope (`¹⁰B`)."""
    if len(numbers) > 1:
        return not before[-1:].isspace()
    if before[-1:] in tuple(".?!”"):
        return not before[-2:-1].isdigit()
    return before[-1:] in tuple(",;:") and before[-2:-1].isalpha() and len(after) > 1 and after.islower()


def _is_single_other(before: str, after: str, number: int, n_references: int | None) -> bool:
    """Whether one number in superscript is a note mark, an exponent, a position or a mass and cites nothing."""
    if _NOTE_BEGINS.search(before) and re.match(r"\s[\w–=—]", after):
        return True
    if number in (2, 3) and (_UNIT.search(before) or _STATISTIC.search(before) or _OXIDE.search(before)):
        return True
    if _RESIDUE.search(before) or _NUCLIDE.search(f"{before} {number}"):
        return True
    if re.match(r"-[A-Za-z]", after) and re.search(r"(?:^|[\s(-])[A-Z]$", before):
        return True
    is_beyond = n_references is not None and number > n_references
    return is_beyond and re.search(r"\d$|(?:^|[\s(])[A-Za-z]$", before) is not None


def _is_bracket(text: str, match: re.Match[str], n_references: int | None) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", match.group(0))]
    if 0 in numbers or (n_references is not None and max(numbers) > n_references):
        return False
    before = text[max(0, match.start() - 16) : match.start()]
    return re.search(r"(?:\bCI|\brange|=|\bIQR|[A-Za-z]\d?-)\s?:?\s?$", before) is None
