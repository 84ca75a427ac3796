"""Groups the cells of `study_fields` by study, for coders that read a study as a whole.

Takes the tables `studies` and `study_fields` and yields one `StudyRecord` per study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.source_offsets import ROW_KEY
from pipelines.curate.study_arms import ArmCell, StudyArms, find_study_arms
from pipelines.vocabularies.coding_words import CodingWords

TREATMENT_ROLES = ("intervention", "comparator")


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """A row of `studies` with its rows of `study_fields`."""

    row: Mapping[str, object]
    fields: Sequence[Mapping[str, str]]

    @property
    def review_id(self) -> str:
        return str(self.row["review_id"])

    def cells(self, *roles: str) -> list[Mapping[str, str]]:
        """The cells with one of these roles, in the order of the source."""
        return [field for field in self.fields if field["role"] in roles]

    def place_of(self, cell: Mapping[str, str]) -> dict[str, object]:
        """The study, its reference, and the cell as printed and as a row of `study_fields`."""
        of_study = {name: self.row[name] for name in (*ROW_KEY, "ref_no")}
        return {**of_study, **{name: cell[name] for name in ("printed_row_no", "column_no", "role", "part_no")}}

    def find_arms(self, rules: GeneralRules, words: CodingWords) -> StudyArms | None:
        """The arms that the treatment cells state; None if they do not state two."""
        cells = [ArmCell(cell["role"], int(cell["part_no"]), cell["text"]) for cell in self.cells(*TREATMENT_ROLES)]
        return find_study_arms(cells, rules, words)


def collect_studies(studies: pl.DataFrame, study_fields: pl.DataFrame) -> Iterator[StudyRecord]:
    """The studies with their cells, in the order of tables and rows."""
    fields: dict[tuple[object, ...], list[Mapping[str, str]]] = {}
    for field in study_fields.sort(*ROW_KEY, "printed_row_no", "column_no", "role").iter_rows(named=True):
        fields.setdefault(tuple(field[name] for name in ROW_KEY), []).append(field)
    for row in studies.sort(ROW_KEY).iter_rows(named=True):
        yield StudyRecord(row, fields.get(tuple(row[name] for name in ROW_KEY), []))
