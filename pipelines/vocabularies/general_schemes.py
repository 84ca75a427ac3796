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

import polars as pl

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
    """A derived scheme, and the lexicon of its labels. `rows` has the columns `COLUMNS`, sorted by id."""

    def __init__(self, scheme_id: str, rows: pl.DataFrame) -> None:
        self.scheme_id = scheme_id
        self._rows = rows
        self._ids: list[str] = rows["concept_id"].to_list()
        self._numbers = {concept_id: number for number, concept_id in enumerate(self._ids)}
        # In Polars, because loops over the labels would take longer than all else that a small build does.
        keys, capitals = _split_labels(rows, "keys"), _split_labels(rows, "capitals")
        printed = capitals["label"].str.replace_all(" ", "", literal=True)
        capitals = capitals.with_columns(pl.col("label").str.to_lowercase())
        self._keys = dict(zip(keys["label"].to_list(), keys["number"].to_list(), strict=True))
        self._capitals = dict(
            zip(capitals["label"].to_list(), zip(capitals["number"], printed, strict=True), strict=True)
        )
        self._word_counts: dict[str, int] = dict(_count_words(pl.concat([keys, capitals])).iter_rows())

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, concept_id: str) -> GeneralConcept:
        """The concept with this id. Raises KeyError for an unknown one."""
        return _to_concept(self._rows.row(self._numbers[concept_id]))

    def __iter__(self) -> Iterator[GeneralConcept]:
        return map(_to_concept, self._rows.iter_rows())

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
        return Entry(number, Label(self.scheme_id, self._ids[number], key, "alt"), capitals)


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
    rows = pl.read_csv(io.StringIO(text), infer_schema=False).fill_null("")
    if tuple(rows.columns) != COLUMNS:
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


def _split_labels(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row per label of a column: `label`, and the `number` of the concept's row."""
    return (
        rows.select(pl.int_range(pl.len()).alias("number"), pl.col(column).str.split(_SEPARATOR).alias("label"))
        .explode("label")
        .filter(pl.col("label") != "")
    )


def _count_words(labels: pl.DataFrame) -> pl.DataFrame:
    """Each first word of labels, and the number of words of the longest label that begins with it."""
    n_words = pl.col("label").str.count_matches(" ", literal=True) + 1
    first = pl.col("label").str.split_exact(" ", 1).struct.field("field_0").alias("first")
    return labels.select(first, n_words.alias("n_words")).group_by("first").max()


def _to_concept(row: Sequence[str]) -> GeneralConcept:
    concept_id, parent_id, pref_label, value, mesh_id, drugbank_id, keys, capitals = row
    return GeneralConcept(
        concept_id=concept_id,
        parent_id=parent_id or None,
        pref_label=pref_label,
        value=value,
        mesh_id=mesh_id or None,
        drugbank_id=drugbank_id or None,
        keys=_split(keys),
        capitals=_split(capitals),
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_SEPARATOR)) if cell else ()
