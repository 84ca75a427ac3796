"""Assigns a role to each column of a printed table, and reads author and year from a study's label.

Roles depend on the words of the header alone, not on the position of the column, so that tables of unseen reviews are
recognised; a header without a known word gets the role `other`. Texts are not normalised here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pipelines.document import Cell, Table

Role = Literal["study", "method", "outcome", "option", "advantages", "disadvantages", "references", "other"]

ROLE_WORDS: dict[Role, str] = {
    "study": "author study trial paper article publication report investigator",
    "method": (
        "method intervention treatment therapy technique procedure approach modality regimen surgery operation "
        "radiotherapy chemotherapy methodology technology"
    ),
    "outcome": "outcome finding result conclusion effect response observation endpoint efficacy effectiveness",
    "option": "option alternative choice strategy",
    "advantages": "advantage benefit strength pros merit",
    "disadvantages": "disadvantage drawback limitation weakness cons harm risk shortcoming demerit",
    "references": "reference ref citation literature bibliography",
}
"""The header words that name each role, in the singular unless they exist only in the plural."""

QUALIFIERS = (
    "a an and or the in by with first last lead main major minor key primary secondary principal important significant "
    "relevant reported included selected reviewed supporting clinical surgical therapeutic medical experimental "
    "analytical overall final general summary combined used applied tested studied "
    "year date name id identifier no number list label et al publication published country journal "
    "type kind mode class form category measure measured measurement parameter variable group arm management "
    "comment remark source url doi link obtained observed highlighted disease health patient"
)
"""Further words, in the singular, that do not change the role of a header in which they occur."""

_ROLE_OF_WORD = {word: role for role, words in ROLE_WORDS.items() for word in words.split()}
_QUALIFIERS = frozenset(QUALIFIERS.split())
_SUMMARIES = frozenset(("summary", "name", "list", "the", "a", "main"))
_KINDS = frozenset(("type", "kind", "mode", "class", "form", "category", "modality"))
_ONLY_PLURAL = frozenset(("pros", "cons"))
_ROLES_OF_OPTIONS = frozenset(("advantages", "disadvantages"))
_LABEL_YEAR = re.compile(r"(?<![\d.])((?:18|19|20)\d\d)[a-z]?(?![\d.])")
_SUPERSCRIPT = re.compile(r"\^\{[^{}]*\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_ET_AL = re.compile(r",?\s*\bet\.?\s*al\b.*|,?\s*\b(?:and|&)\s.*|\s*[,;(\[].*", re.IGNORECASE | re.DOTALL)


def iterate_cells(table: Table) -> Iterator[tuple[int, int, int, Cell]]:
    """Yields (row index, cell index within the row, column number, cell) for each cell.

    The indices count from 0. The column number counts from 1 and allows for cells that span rows or columns.
    """
    covered: dict[int, int] = {}  # column → last row that a cell from above covers
    for row_index, row in enumerate(table.rows):
        column = 1
        for cell_index, cell in enumerate(row.cells):
            while covered.get(column, -1) >= row_index:
                column += 1
            yield row_index, cell_index, column, cell
            if cell.row_span > 1:
                for covered_column in range(column, column + cell.column_span):
                    covered[covered_column] = row_index + cell.row_span - 1
            column += cell.column_span


def assign_column_roles(table: Table) -> list[Role]:
    """The role of every column, from the printed header.

    If there are several header rows, the lowest header cell of a column that contains a letter decides. In a table
    of advantages or disadvantages without an option column, the method column, or else the first column without a
    role, becomes the option.
    """
    headers: list[str] = []
    for row_index, _, column, cell in iterate_cells(table):
        end = column - 1 + cell.column_span
        headers += [""] * (end - len(headers))
        text = cell.text.value
        if table.rows[row_index].is_header and re.search(r"[^\W\d_]", re.sub(r"\([^()]*\)", "", text)):
            headers[column - 1 : end] = [text] * cell.column_span
    roles = [classify_header(header) if header else "other" for header in headers]
    if _ROLES_OF_OPTIONS & set(roles) and not {"option", "study"} & set(roles):
        methods = [index for index, role in enumerate(roles) if role == "method"]
        others = [index for index, role in enumerate(roles) if role == "other"]
        for index in (methods or others)[:1]:
            roles[index] = "option"
    elif "option" in roles and not _ROLES_OF_OPTIONS & set(roles) and "method" not in roles:
        roles = ["method" if role == "option" else role for role in roles]
    if "study" not in roles and "references" in roles and ("outcome" in roles or "method" in roles):
        index = roles.index("references")
        if _has_study_labels(table, index):
            roles[index] = "study"
    return roles


def classify_header(header: str) -> Role:
    """The role that a header cell names; `other` if it names none.

    - Every word must name a role or be a qualifier.
    - The last word that names a role decides (`Treatment outcomes` is an outcome).
    - Words after `of` do not decide (`Results of the trial` is an outcome), but a method of something unknown is
      `other`.
    - A header with an author, or a reference with a year, is a study.
    - A kind of treatment is an option.
    - A column of both advantages and disadvantages is `other`.
    """
    if len(header) > 120:
        return "other"
    bare = _SUPERSCRIPT.sub(" ", header.casefold())
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", lambda match: _resolve_brackets(match.group(0)), bare)
    head, _, complement = bare.partition(" of ")
    words, complement_words = _split_words(head), _split_words(complement)
    if words and _KINDS.issuperset(words) and complement_words:
        return "option" if any(_is_method(word) for word in complement_words) else "other"
    if _SUMMARIES.issuperset(words):
        words = complement_words
    roles = [_ROLE_OF_WORD[word] for word in words if word in _ROLE_OF_WORD]
    if not roles or any(word not in _ROLE_OF_WORD and word not in _QUALIFIERS for word in words):
        return "other"
    is_complement_known = all(word in _ROLE_OF_WORD or word in _QUALIFIERS for word in complement_words)
    if _ROLES_OF_OPTIONS.issubset(roles) or (roles[-1] == "method" and not is_complement_known):
        return "other"
    if "author" in words or (roles == ["references"] and {"year", "date"} & set(words)):
        return "study"
    # `Study type` and `Publication year` describe studies; they do not name them.
    is_about_studies = roles[-1] == "study" and ("type" in words or words[0] == "publication")
    return "other" if is_about_studies else roles[-1]


def _split_words(header: str) -> list[str]:
    # `Pros` and `Cons` name a role in the plural only; `Con A` is a substance.
    return [word if word in _ONLY_PLURAL else _to_singular(word) for word in re.findall(r"[^\W\d_]+", header)]


def _is_method(word: str) -> bool:
    return _ROLE_OF_WORD.get(word) == "method" or word.endswith(("therapy", "surgery", "plasty", "ectomy"))


def _to_singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _resolve_brackets(text: str) -> str:
    """A bracketed date or reference (`(year)`) without its brackets; other brackets (`(s)`, `(mg)`) are dropped."""
    inner = text[1:-1].strip()
    return f" {inner} " if re.fullmatch(r"(?:publication )?(?:years?|dates?)|refs?\.?|references?", inner) else " "


def parse_study_label(label: str) -> tuple[str | None, int | None]:
    """First author and year in a study's label: `Grillo Ruggieri 1988` → (`Grillo Ruggieri`, 1988)."""
    label = label[:200]
    year = _LABEL_YEAR.search(label)
    bare = _SUPERSCRIPT.sub("", label[: year.start()] if year else label)
    name = _ET_AL.sub("", bare).strip(" ,.;:([-–—*†‡§")
    is_name = bool(name) and len(name) < 60 and name[:1].isalpha() and not any(char.isdigit() for char in name)
    return (name if is_name else None), (int(year.group(1)) if year else None)


def _has_study_labels(table: Table, column_index: int) -> bool:
    """Whether most filled cells of a reference column name studies (`Danzig 1980 ²⁴`) rather than just numbers."""
    filled = [
        cell.text.value
        for row_index, _, column, cell in iterate_cells(table)
        if column == column_index + 1 and not table.rows[row_index].is_header and cell.text.value
    ]
    labels = [text for text in filled if re.match(r"[^\W\d_]{2,}", text)]
    return bool(filled) and 2 * len(labels) > len(filled)
