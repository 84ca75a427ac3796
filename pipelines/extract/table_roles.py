"""What the columns of a printed table mean, and what a study's label says.

Roles come from the words of the header alone, never from a column's place, so that tables of reviews never seen are
recognised; a header that says nothing known is `other`. Nothing is normalised here: texts are as printed, with spans.
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
"""The header words, in the singular where they have one, that name each role."""

QUALIFIERS = (
    "a an and or the in by with first last lead main major minor key primary secondary principal important significant "
    "relevant reported included selected reviewed supporting clinical surgical therapeutic medical experimental "
    "analytical overall final general summary combined used applied tested studied "
    "year date name id identifier no number list label et al publication published country journal "
    "type kind mode class form category measure measured measurement parameter variable group arm management "
    "comment remark source url doi link obtained observed highlighted disease health patient"
)
"""Words, in the singular, that a header may hold besides without meaning another thing."""

_ROLE_OF_WORD = {word: role for role, listed in ROLE_WORDS.items() for word in listed.split()}
_QUALIFIERS = frozenset(QUALIFIERS.split())
_SUMMARIES = frozenset(("summary", "name", "list", "the", "a", "main"))
_KINDS = frozenset(("type", "kind", "mode", "class", "form", "category", "modality"))
_ONLY_PLURAL = frozenset(("pros", "cons"))
_ROLES_OF_OPTIONS = frozenset(("advantages", "disadvantages"))
_LABEL_YEAR = re.compile(r"(?<![\d.])((?:18|19|20)\d\d)[a-z]?(?![\d.])")
_SUPERSCRIPT = re.compile(r"\^\{[^{}]*\}|[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_ET_AL = re.compile(r",?\s*\bet\.?\s*al\b.*|,?\s*\b(?:and|&)\s.*|\s*[,;(\[].*", re.IGNORECASE | re.DOTALL)


def grid(table: Table) -> Iterator[tuple[int, int, int, Cell]]:
    """Each cell with its row and its number in the row (from 0), and the column (from 1) that it begins in."""
    covered: dict[int, int] = {}  # column → last row that a cell from above covers
    for place, row in enumerate(table.rows):
        column = 1
        for cell_no, cell in enumerate(row.cells):
            while covered.get(column, -1) >= place:
                column += 1
            yield place, cell_no, column, cell
            if cell.row_span > 1:
                for below in range(column, column + cell.column_span):
                    covered[below] = place + cell.row_span - 1
            column += cell.column_span


def table_roles(table: Table) -> list[Role]:
    """The role of every column, from the printed header.

    With several header rows the lowest cell of a column that prints a word counts. In a table with advantages or
    disadvantages the method column, or else the first column that has no role, is the option: it is what they are
    advantages of.
    """
    named: list[str] = []
    for place, _, column, cell in grid(table):
        end = column - 1 + cell.column_span
        named += [""] * (end - len(named))
        text = cell.text.value
        if table.rows[place].is_header and re.search(r"[^\W\d_]", re.sub(r"\([^()]*\)", "", text)):
            named[column - 1 : end] = [text] * cell.column_span
    roles = [header_role(text) if text else "other" for text in named]
    if _ROLES_OF_OPTIONS & set(roles) and not {"option", "study"} & set(roles):
        methods = [column for column, role in enumerate(roles) if role == "method"]
        unnamed = [column for column, role in enumerate(roles) if role == "other"]
        for column in (methods or unnamed)[:1]:
            roles[column] = "option"
    elif "option" in roles and not _ROLES_OF_OPTIONS & set(roles) and "method" not in roles:
        roles = ["method" if role == "option" else role for role in roles]
    if "study" not in roles and "references" in roles and ("outcome" in roles or "method" in roles):
        column = roles.index("references")
        if _holds_labels(table, column):
            roles[column] = "study"
    return roles


def header_role(header: str) -> Role:
    """The role that a header cell names, `other` where it names none.

    Every word must name a role or be a qualifier. The last word that names a role decides (`Treatment outcomes`),
    what stands behind `of` does not (`Results of the trial`), but a method of something unknown is no method. An
    author makes a study column of a reference or a year, a reference with a year is a study, a kind of treatment is
    an option, and a column for both advantages and disadvantages is neither.
    """
    if len(header) > 120:
        return "other"
    bare = _SUPERSCRIPT.sub(" ", header.casefold())
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", lambda match: _said_in_brackets(match.group(0)), bare)
    head, _, behind = bare.partition(" of ")
    words, words_behind = _words(head), _words(behind)
    if words and _KINDS.issuperset(words) and words_behind:
        return "option" if any(_is_of_method(word) for word in words_behind) else "other"
    if _SUMMARIES.issuperset(words):
        words = words_behind
    roles = [_ROLE_OF_WORD[word] for word in words if word in _ROLE_OF_WORD]
    if not roles or any(word not in _ROLE_OF_WORD and word not in _QUALIFIERS for word in words):
        return "other"
    is_known_behind = all(word in _ROLE_OF_WORD or word in _QUALIFIERS for word in words_behind)
    if _ROLES_OF_OPTIONS.issubset(roles) or (roles[-1] == "method" and not is_known_behind):
        return "other"
    if "author" in words or (roles == ["references"] and {"year", "date"} & set(words)):
        return "study"
    is_about_studies = roles[-1] == "study" and ("type" in words or words[0] == "publication")
    return "other" if is_about_studies else roles[-1]


def _words(header: str) -> list[str]:
    # `Pros` and `Cons` are headings, `Con A` is none.
    return [word if word in _ONLY_PLURAL else _singular(word) for word in re.findall(r"[^\W\d_]+", header)]


def _is_of_method(word: str) -> bool:
    return _ROLE_OF_WORD.get(word) == "method" or word.endswith(("therapy", "surgery", "plasty", "ectomy"))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _said_in_brackets(text: str) -> str:
    """`(year)` belongs to a header's words, `(s)` to the word before; other brackets only qualify."""
    inner = text[1:-1].strip()
    return f" {inner} " if re.fullmatch(r"(?:publication )?(?:years?|dates?)|refs?\.?|references?", inner) else " "


def label_parts(label: str) -> tuple[str | None, int | None]:
    """First author and year of a study's label: `Grillo Ruggieri 1988` → (`Grillo Ruggieri`, 1988)."""
    label = label[:200]
    year = _LABEL_YEAR.search(label)
    bare = _SUPERSCRIPT.sub("", label[: year.start()] if year else label)
    name = _ET_AL.sub("", bare).strip(" ,.;:([-–—*†‡§")
    is_name = bool(name) and len(name) < 60 and name[:1].isalpha() and not any(char.isdigit() for char in name)
    return (name if is_name else None), (int(year.group(1)) if year else None)


def _holds_labels(table: Table, column: int) -> bool:
    """Whether a reference column names studies (`Danzig 1980 ²⁴`) and not just numbers."""
    cells = [
        cell.text.value for place, _, at, cell in grid(table) if at == column + 1 and not table.rows[place].is_header
    ]
    filled = [cell for cell in cells if cell]
    named = [cell for cell in filled if re.match(r"[^\W\d_]{2,}", cell)]
    return bool(filled) and 2 * len(named) > len(filled)
