"""Reads the CSV files of `schemas/vocabularies/`.

Returns rows with their line numbers, or all vocabularies of a folder. The rules for the content of rows are in
`pipelines.vocabularies.schemes`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pipelines.vocabularies.schemes import (
    CONCEPT_COLUMNS,
    JOURNAL_COLUMNS,
    MAPPING_COLUMNS,
    Row,
    Vocabularies,
    VocabularyError,
    journals_from_rows,
    mappings_from_rows,
    scheme_from_rows,
)
from schemas.vocabulary_files import SCHEME_FILES, SCHEMES


def load_vocabularies(folder: Path) -> Vocabularies:
    """The vocabularies of a folder: the file of each of `SCHEMES`, `mappings.csv` and `journals.csv`.

    Raises VocabularyError, which names the file, the line and the fix, for invalid content, and FileNotFoundError for a
    missing file.
    """
    schemes = {
        scheme: scheme_from_rows(scheme, read_rows(folder / path, CONCEPT_COLUMNS), path)
        for scheme, path in ((scheme, SCHEME_FILES[scheme].path) for scheme in SCHEMES)
    }
    return Vocabularies(
        schemes=schemes,
        mappings=mappings_from_rows(read_rows(folder / "mappings.csv", MAPPING_COLUMNS), schemes, "mappings.csv"),
        journals=journals_from_rows(read_rows(folder / "journals.csv", JOURNAL_COLUMNS), "journals.csv"),
    )


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a comma-separated UTF-8 file that has at least `columns`, with cells trimmed and blank lines skipped.

    Accepts what spreadsheets leave behind: a byte order mark, CRLF line ends and additional columns. Raises
    VocabularyError for another encoding or separator, a missing or repeated column, a row with more cells than the
    header, and an unclosed quote.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VocabularyError(path.name, line, "the file is not UTF-8", "save it as CSV UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise VocabularyError(
                path.name, line, f"the line is not valid CSV ({error})", "close its quotes"
            ) from error
        if cells is None:
            break
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if header is None:
            header = _check_header(cells, columns, path.name)
            continue
        if len(cells) > len(header):
            raise VocabularyError(
                path.name,
                line,
                f"{len(cells)} cells under {len(header)} columns",
                "put double quotes around a cell that contains a comma",
            )
        cells += [""] * (len(header) - len(cells))
        rows.append(Row(line, dict(zip(header, cells, strict=True))))
    if header is None:
        raise VocabularyError(path.name, 1, "the file is empty", f"begin it with the line {','.join(columns)}")
    return rows


def _check_header(cells: list[str], columns: Sequence[str], file: str) -> list[str]:
    """The header cells, checked. Raises VocabularyError for a missing or repeated column."""
    missing = [column for column in columns if column not in cells]
    if missing:
        hint = " separated by commas" if len(cells) == 1 else ""
        raise VocabularyError(
            file, 1, f"column {', '.join(missing)} is missing", f"the header is {','.join(columns)}{hint}"
        )
    repeated = sorted({cell for cell in cells if cell and cells.count(cell) > 1})
    if repeated:
        raise VocabularyError(file, 1, f"column {', '.join(repeated)} occurs twice", "delete one of them")
    return cells
