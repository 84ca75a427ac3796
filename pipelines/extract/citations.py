"""Finds citations in plain text: which superscripts or brackets cite references, and which references they cite.

Used for sources that do not tag their citations; if a source does, its reader fills `Paragraph.citations`. Numbers are
taken as printed: a number beyond the reference list is a citation here and is reported elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from pipelines.document import Citation, Document, Heading, Table, Text
from pipelines.extract.author_year_citations import AuthorYearIndex
from pipelines.extract.column_headers import HeaderRoles
from pipelines.extract.table_grid import iterate_cells

CitationStyle = Literal["superscript", "bracket", "parenthesis", "author_year"]

_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒‚", "0123456789-,,")
_DIGIT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LIST = r"\d{1,4}(?:\s?[,;–‒—-]\s?\d{1,4}){0,99}"
_SUPERSCRIPT = re.compile(
    rf"\^\{{\s?({_LIST})\s?\}}|\^\(({_LIST})\)|\^(\d{{1,4}})(?![\d{{(])|([{_DIGIT}]{{1,12}}(?:[,˒‚;⁻–-]\s?[{_DIGIT}]{{1,12}}){{0,99}})"
)
_BRACKET = re.compile(rf"\[\s?({_LIST})\s?\](?:\s?[,;–-]\s?\[\s?({_LIST})\s?\]){{0,20}}")
_PARENTHESIS = re.compile(rf"\(\s?({_LIST})\s?\)")
_GROUP = r"\d{1,4}(?:\s?[,;–‒—-]\s?\d{1,4}|\s\d{1,4}){0,99}"
_PLAIN = re.compile(
    rf"\s*[\[(]?\s?({_GROUP}(?:\s?[\])](?:\s?[,;–‒—-]\s?|\s)?[\[(]\s?{_GROUP}){{0,30}})"
    r"\s*[\])]?\s*\.?\s*"
)
"""A cell of numbers only: `37,38`, `[12–14]`; a blank or brackets may separate groups, `[36 37–47]`, `[3], [5–7]`."""
_NUMBERS = re.compile(r"(\d{1,4})(?:\s?\]?\s?[–‒—-]\s?\[?\s?(\d{1,4}))?")
_UNIT = re.compile(
    r"(?:^|[\s\d/(×·*.∙-])(?:[kcdmµμnp]?m|ft|yd|mi|inch|Å|sq|[kc]?g|s|sec|min|h|hr|L|K|rad|day|kg/m|W/c?m|mol/[dc]m)$"
)
_STATISTIC = re.compile(
    r"(?:^|[\s(\[=+−×/·)])(?:[b-zF-JL-Z]|[χηωφτσδψΔ]|Chi|chi|adj\.?\s?R|sp|mc)$|\[[\d.,\s–-]{1,12}\]$"
)
"""Symbols that take an exponent: statistics (`R²`, `χ²`), variables, orbitals (`sp²`), intervals (`[0, 1]²`).

The capitals A to E and K are left out, because they name kinds (`vitamin C`, `group B`) that are cited.
"""
_OXIDE = re.compile(r"(?:^|[\s(–-])(?:[A-Z][a-z]?)?O$|(?:^|[\s(–-])[HNO]$")
_POWER = re.compile(r"(?:^|[\s(\[/<>≥≤~∼≈=+±×x·*∙]|[⁰¹²³⁴⁵⁶⁷⁸⁹}][–-])10$")
_RESIDUE = re.compile(
    r"(?:(?<![A-Za-z])|(?<![A-Za-z])(?:p|phospho|[LD]-|(?:N-?)?Me))(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Hyp|Sec|Orn|Xaa|[Δδω])$"
)
"""Symbols that take a position: an amino acid (`Trp²⁷⁸`), a double bond (`Δ⁶`)."""
_NUCLIDE = re.compile(
    r"(?<![A-Za-z])(?:H [23]|C 1[134]|N 1[35]|O 1[58]|F 18|P 3[23]|S 35|Cr 51|Fe 59|Co (?:57|60)|Cu 6[47]|Ga 6[78]"
    r"|Sr (?:8[59]|90)|Y 90|Tc 99|In 111|I 1(?:2[345]|31)|Cs 137|Sm 153|Ho 166|Re 18[68]|Lu 177|Ra 22[36])$"
)
_MARK_NUMBER = rf"(?:\^\{{(\d{{1,2}})\}}|([{_DIGIT}]{{1,2}}))"
_NOTE = re.compile(rf"(?:^|[\s(]){_MARK_NUMBER}\s?(?=[^\W\d_]|[(“\"'–—=:])")
_PLAIN_NOTE = re.compile(r"\s?[\[(]?(\d{1,2})(?:[.)\]:]\s?|\s)(?=[^\W\d_])")
_KEY = re.compile(rf"(?:^|[\s(]){_MARK_NUMBER}\s?(?=[–—=:])")
_NOTE_START = re.compile(r"[:;(]\s$")
_MAX_NUMBER = 9999
_MIN_JOINED_DIGITS = 4
_MAX_RANGE = 400
"""A printed range wider than this is not expanded: only its ends are cited."""


class PlacedCitation(NamedTuple):
    """A citation and its place: a block, or a table's caption, footnote or cell.

    `context` is `prose` (body, abstract, back matter), `caption` (of a figure or a table), `footnote` or `table`.
    `block_no`, `table_no`, `row_no`, `column_no` (the cell within its row) and `footnote_no` are indices from 0, None
    if they do not apply. The offsets of `citation` refer to `text`.
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
    Exponents (`10⁹`, `cm²`, `R²`), charges (`Ca²⁺`), isotopes (`¹⁰B`) and letters are not citations. The same holds
    for the marks in `notes`, which a table's footnotes or caption explain, and for brackets and parentheses with a
    number above `n_references`.

    Ranges are expanded. `from_range` is true for a reference that is only implied by a range: in `26–29` for 27 and 28,
    because 26 and 29 are printed. A range that runs backwards or is implausibly wide gives only its two ends. A
    citation lists each reference once.
    """
    if style == "bracket":
        matches = [match for match in _BRACKET.finditer(text) if _is_bracket(text, match, n_references)]
    elif style == "parenthesis":
        matches = [match for match in _PARENTHESIS.finditer(text) if _is_bracket(text, match, n_references)]
    else:
        matches = [match for match in _SUPERSCRIPT.finditer(text) if _is_superscript(text, match, n_references, notes)]
    return [_parse_citation(match.start(), match.end(), match.group(0), n_references) for match in matches]


def find_reference_numbers(text: str, n_references: int | None = None) -> list[Citation]:
    """The citation in a cell of a reference column that contains only numbers: `37,38,42` or `[12–14]`.

    Returns an empty list if the cell contains anything else, or a number above `n_references`.
    """
    match = _PLAIN.fullmatch(text)
    if not match:
        return []
    citation = _parse_citation(match.start(1), match.end(1), match.group(1), n_references)
    if n_references is not None and max(citation.ref_nos) > n_references:
        return []
    return [citation]


def detect_citation_style(document: Document) -> CitationStyle:
    """The notation that cites the most distinct references of the document's list.

    The first notation (superscript, bracket, parenthesis) that cites more than half of them wins at once. A list
    without numbers is cited by author and year unless one does.
    """
    n_references = len(document.references)
    texts = [block.text.value for block in document.blocks if not isinstance(block, Heading)]
    texts += [cell.text.value for table in document.tables for row in table.rows for cell in row.cells]
    all_text = "\n".join(texts)
    styles: tuple[CitationStyle, ...] = ("superscript", "bracket", "parenthesis")
    n_cited: dict[CitationStyle, int] = {}
    for style in styles:
        cited = {
            number
            for citation in find_citations(all_text, style=style, n_references=n_references)
            for number in citation.ref_nos
        }
        n_cited[style] = sum(number <= n_references for number in cited)
        if 2 * n_cited[style] > n_references:
            return style
    return max(styles, key=lambda style: n_cited[style]) if document.references_are_numbered else "author_year"


def find_document_citations(document: Document, headers: Sequence[Sequence[HeaderRoles]]) -> Iterator[PlacedCitation]:
    """All citations of a document: first those in blocks, in reading order, then those in tables.

    `headers` gives the roles of the columns of each table (`table_roles.read_header_roles`): plain numbers are
    citations only in a column of references. If the source tags its citations (`citations` of a block or cell is not
    None), the tags are used.
    """
    is_tagged = all(isinstance(block, Heading) or block.citations is not None for block in document.blocks)
    style: CitationStyle = "superscript" if is_tagged and document.blocks else detect_citation_style(document)
    n_references = len(document.references)
    author_years = AuthorYearIndex(document.references) if style == "author_year" else None

    def citations_in(tags: tuple[Citation, ...] | None, text: Text, notes: frozenset[int]) -> Sequence[Citation]:
        if tags is not None:
            return tags
        if author_years is not None:
            return author_years.find(text.value)
        return find_citations(text.value, style=style, n_references=n_references, notes=notes)

    for block_no, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            continue
        context = "caption" if block.kind == "caption" else "prose"
        for citation in citations_in(block.citations, block.text, frozenset()):
            yield PlacedCitation(context, citation, block.text, block_no=block_no)
    for table_no, table in enumerate(document.tables):
        notes = find_note_marks(table)
        if table.caption is not None:
            for citation in citations_in(table.caption_citations, table.caption, notes):
                yield PlacedCitation("caption", citation, table.caption, table_no=table_no)
        for row_no, cell_no, column, cell in iterate_cells(table):
            citations = citations_in(cell.citations, cell.text, notes)
            is_reference = "reference" in headers[table_no][column - 1].roles and not table.rows[row_no].is_header
            if not citations and is_reference and cell.citations is None:
                citations = find_reference_numbers(cell.text.value, n_references)
            for citation in citations:
                yield PlacedCitation("table", citation, cell.text, table_no=table_no, row_no=row_no, column_no=cell_no)
        tagged_notes = table.footnote_citations
        for footnote_no, footnote in enumerate(table.footnotes):
            for citation in citations_in(None if tagged_notes is None else tagged_notes[footnote_no], footnote, notes):
                yield PlacedCitation("footnote", citation, footnote, table_no=table_no, footnote_no=footnote_no)


def find_note_marks(table: Table) -> frozenset[int]:
    """The superscript numbers that a table's footnotes or caption explain: `¹ Number of patients`, `² – F4`.

    Footnotes that begin with plain numbers (`1 Number of patients`, `2. F4`) explain them if they count from 1.
    """
    starts = [match for text in table.footnotes if (match := _PLAIN_NOTE.match(text.value)) is not None]
    numbers = [int(match.group(1)) for match in starts]
    marks = set(numbers) if numbers == list(range(1, len(numbers) + 1)) else set()
    for text in table.footnotes:
        marks |= {_read_first_number(match) for match in _NOTE.finditer(text.value)}
    if table.caption is not None:
        marks |= {_read_first_number(match) for match in _KEY.finditer(table.caption.value)}
    return frozenset(marks)


def _read_first_number(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group).translate(_TO_PLAIN))


def _parse_citation(start: int, end: int, printed: str, n_references: int | None) -> Citation:
    """The citation at `start` to `end` of a text, with the ranges of its `printed` numbers expanded."""
    limit = _MAX_RANGE if n_references is None else min(_MAX_RANGE, n_references)
    members: dict[int, bool] = {}
    plain = printed.translate(_TO_PLAIN)
    joined = _split_joined_numbers(int(plain), n_references) if plain.isdecimal() else None
    if joined is not None:
        return Citation(start, end, joined, (False,) * len(joined))
    for match in _NUMBERS.finditer(plain):
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


def _split_joined_numbers(number: int, n_references: int | None) -> tuple[int, ...] | None:
    """The numbers of adjacent superscripts without a separator (`¹¹⁰¹¹⁴` is 110 and 114); None for one number.

    They are the fewest numbers in ascending order that the reference list has.
    """
    digits = str(number)
    if n_references is None or number <= n_references or len(digits) < _MIN_JOINED_DIGITS:
        return None
    parts: dict[int, tuple[int, ...]] = {0: ()}
    for end in range(1, len(digits) + 1):
        found = [
            (*parts[start], int(digits[start:end]))
            for start in range(max(0, end - len(str(n_references))), end)
            if start in parts and digits[start] != "0" and int(digits[start:end]) <= n_references
        ]
        ascending = [numbers for numbers in found if all(a < b for a, b in pairwise(numbers))]
        if ascending:
            parts[end] = min(ascending, key=len)
    return parts.get(len(digits))


def _is_superscript(text: str, match: re.Match[str], n_references: int | None, notes: frozenset[int]) -> bool:
    """Whether a superscript is a citation rather than an exponent, a charge, an isotope or a note mark."""
    printed = match.group(0)
    numbers = [int(number) for number in re.findall(r"\d+", printed.translate(_TO_PLAIN))]
    if 0 in numbers:
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    after = text[match.end() : match.end() + 2]
    if text.startswith("^{", match.end()) and len(numbers) == 1 and not printed.startswith("^"):
        return False  # A note mark before the citation: `USDA¹^{186,187}`.
    if after[:1] in tuple("⁺⁻") or before[-1:] in tuple("⁺⁻") or after[:1].isdigit():
        return False
    if notes.issuperset(numbers) or _POWER.search(before):
        return False
    if after[:1].isalpha() and not _is_blank_missing(before, after, numbers):
        return False
    if _RESIDUE.search(before):
        return False
    if max(numbers) > _MAX_NUMBER and (len(numbers) > 1 or _split_joined_numbers(numbers[0], n_references) is None):
        return False
    return len(numbers) > 1 or not _is_other_number(before, after, numbers[0], n_references)


def _is_blank_missing(before: str, after: str, numbers: list[int]) -> bool:
    """Whether a letter follows because a blank was lost (`cancer.²⁴The`), not because this is an isotope (`¹⁰B`)."""
    if len(numbers) > 1:
        return not before[-1:].isspace()
    if before[-1:] in tuple(".?!”"):
        return not before[-2:-1].isdigit()
    return before[-1:] in tuple(",;:") and before[-2:-1].isalpha() and len(after) > 1 and after.islower()


def _is_other_number(before: str, after: str, number: int, n_references: int | None) -> bool:
    """Whether a single superscript number is a note mark, an exponent, a position or a mass rather than a citation."""
    if _NOTE_START.search(before) and re.match(r"\s[\w–=—]", after):
        return True
    if number in (2, 3) and (_UNIT.search(before) or _STATISTIC.search(before) or _OXIDE.search(before)):
        return True
    if _NUCLIDE.search(f"{before} {number}"):
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
