"""Reads and writes the large derived schemes of `schemas/vocabularies/general/`: interventions and conditions.

A file has one row per concept, with its labels in the folded form of `matcher`, so that it loads without folding
tens of thousands of labels. The files are written by `derive_general` and not edited by hand.
"""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.vocabularies.matcher import Entry, Label
from pipelines.vocabularies.schemes import VocabularyError

GENERAL = "general"
"""The folder of the general vocabularies in `schemas/vocabularies/`."""

COLUMNS = ("concept_id", "parent_id", "pref_label", "value", "mesh_id", "drugbank_id", "keys", "capitals")
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class GeneralConcept:
    """A concept of a derived scheme.

    `value` is the kind of an intervention (`intervention_kind`) or the domain of a condition (`outcome_domain`).
    `keys` are its labels in folded form; `capitals` are abbreviations as printed, which count only in capitals.
    """

    concept_id: str
    parent_id: str | None
    pref_label: str
    value: str
    mesh_id: str | None = None
    drugbank_id: str | None = None
    keys: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()


class GeneralScheme:
    """A derived scheme, and the lexicon of its labels. The concepts are in the order of their ids."""

    def __init__(self, scheme_id: str, rows: Sequence[Sequence[str]]) -> None:
        self.scheme_id = scheme_id
        self._rows = rows
        self._numbers = {row[0]: number for number, row in enumerate(rows)}
        self._keys: dict[str, int] = {}
        self._capitals: dict[str, tuple[int, str]] = {}
        self._word_counts: dict[str, int] = {}
        for number, row in enumerate(rows):
            if row[6]:
                self._keys.update(dict.fromkeys(row[6].split(_SEPARATOR), number))
            if row[7]:
                for form in row[7].split(_SEPARATOR):
                    key = form.lower()
                    self._capitals[key] = (number, form.replace(" ", ""))
        for keys in (self._keys, self._capitals):
            self._count_words(keys)

    def _count_words(self, keys: Iterable[str]) -> None:
        counts = self._word_counts
        for key in keys:
            first, _, rest = key.partition(" ")
            n_words = rest.count(" ") + 2 if rest else 1
            if n_words > counts.get(first, 0):
                counts[first] = n_words

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, concept_id: str) -> GeneralConcept:
        """The concept with this id. Raises KeyError for an unknown one."""
        row = self._rows[self._numbers[concept_id]]
        return GeneralConcept(
            concept_id=row[0],
            parent_id=row[1] or None,
            pref_label=row[2],
            value=row[3],
            mesh_id=row[4] or None,
            drugbank_id=row[5] or None,
            keys=_split(row[6]),
            capitals=_split(row[7]),
        )

    def __iter__(self) -> Iterator[GeneralConcept]:
        return (self[row[0]] for row in self._rows)

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self._numbers

    def count_words(self, first_word: str) -> int:
        """See `matcher.Lexicon`."""
        return self._word_counts.get(first_word, 0)

    def find(self, key: str) -> Sequence[Entry]:
        """See `matcher.Lexicon`."""
        entries = []
        if key in self._keys:
            entries.append(self._make_entry(self._keys[key], key, None))
        if key in self._capitals:
            number, letters = self._capitals[key]
            entries.append(self._make_entry(number, key, "".join(filter(str.isalpha, letters))))
        return entries

    def _make_entry(self, number: int, key: str, capitals: str | None) -> Entry:
        return Entry(number, Label(self.scheme_id, self._rows[number][0], key, "alt"), capitals)


def load_general_scheme(folder: Path, scheme_id: str) -> GeneralScheme:
    """The derived scheme in `folder` (`schemas/vocabularies/general`).

    Raises VocabularyError if the file is damaged or has other columns, and FileNotFoundError if it is missing.
    """
    path = folder / f"{scheme_id}.csv.xz"
    fix = "restore it, or write it again with `just vocabularies`"
    try:
        text = lzma.decompress(path.read_bytes()).decode()
    except (lzma.LZMAError, UnicodeDecodeError) as error:
        raise VocabularyError(path.name, None, f"the file is damaged ({error})", fix) from error
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    if tuple(header) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise VocabularyError(path.name, 1, f"the columns are not {','.join(COLUMNS)}", fix)
    return GeneralScheme(scheme_id, rows)


def write_concepts(concepts: Iterable[GeneralConcept]) -> bytes:
    """The bytes of a derived file: the same for the same concepts."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for concept in concepts:
        writer.writerow(
            [
                concept.concept_id,
                concept.parent_id or "",
                concept.pref_label,
                concept.value,
                concept.mesh_id or "",
                concept.drugbank_id or "",
                _SEPARATOR.join(concept.keys),
                _SEPARATOR.join(concept.capitals),
            ]
        )
    return lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_SEPARATOR)) if cell else ()
