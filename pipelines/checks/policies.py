"""The failure policy of every check: what it guards, whether a failure stops the release, and why.

All of it is declared in `POLICIES` and nowhere else. How a check is evaluated belongs to `rules`, `source_spans`,
`drift` and `pipelines.tables.validation`; what is odd in a source stops nothing and is declared in
`pipelines.curate.source_issues`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
"""As in `quality_checks`: an error stops the release, a warning shows."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a check guards, whether a failure stops the release (ERROR) or shows (WARN), and why.

    `least` is the share of what it looks at that has to be in order.
    """

    severity: Severity
    guards: str
    reason: str
    least: float = 1.0

    @property
    def description(self) -> str:
        effect = "A failure stops the release" if self.severity == "error" else "A failure shows and stops nothing"
        return f"{self.guards} {effect}: {self.reason[0].lower()}{self.reason[1:]}"


POLICIES: Mapping[str, Policy] = {
    "schema_and_keys": Policy(
        "error",
        "Columns, types, value rules, nullability and the primary key are as the model in schemas/ says.",
        "Readers rely on the model; a frame that breaks it is not even stored.",
    ),
    "foreign_keys": Policy(
        "error",
        "Rows and concepts that it points at are there.",
        "A join that loses rows gives wrong counts, and nobody sees it.",
    ),
    "spans": Policy(
        "error",
        "The words stand in the source where the row says: source[start_char:end_char] is read again and compared.",
        "A span that cuts out other words makes every code that rests on it unverifiable.",
    ),
    "mentions_counted": Policy(
        "error",
        "Each citation has a mention for each number that it points at, but for those that no reference has.",
        "The counts of how references are used rest on the mentions.",
    ),
    "all_sources_read": Policy(
        "warning",
        "Every source in raw/ could be read.",
        "One unreadable source must not keep the others from being published; the release names it.",
    ),
    "references_numbered_through": Policy(
        "warning",
        "The reference list has as many entries as its last number says.",
        "A gap is more often a fault of reading than of print, but print has gaps too.",
    ),
    "tables_as_mentioned": Policy(
        "warning",
        "The tables that the prose mentions by number are there.",
        "A table may be left out of the source on purpose, as in an abridged deposit.",
    ),
    "citations_resolve": Policy(
        "warning",
        "Citations point at references that are listed.",
        "Reviews do cite numbers that they do not list; more than a few is a fault of reading.",
        least=0.98,
    ),
    "reference_years_plausible": Policy(
        "warning",
        "References are not dated later than a year after the review.",
        "A misprinted year is the source's own, and is kept as printed.",
        least=0.98,
    ),
    "labels_agree": Policy(
        "warning",
        "Study labels name the author and year of the reference that their row cites.",
        "Reviews do misname studies; many disagreeing labels mean that rows and references are matched wrongly.",
        least=0.9,
    ),
    "modality_coverage": Policy(
        "warning",
        "Studies whose method is coded to a modality.",
        "An unknown term is a finding for the curators and must not stop a release.",
        least=0.9,
    ),
    "outcome_coverage": Policy(
        "warning",
        "Studies with an outcome statement that is coded.",
        "An unknown term is a finding for the curators and must not stop a release.",
        least=0.8,
    ),
    "design_coverage": Policy(
        "warning",
        "References whose study design is stated or can be inferred.",
        "Many titles state no design; a fall means that cues were lost.",
        least=0.2,
    ),
    "journal_coverage": Policy(
        "warning",
        "Printed journals that the vocabulary knows.",
        "An unknown journal is a finding for the curators and must not stop a release.",
        least=0.5,
    ),
    "drift": Policy(
        "warning",
        "Rows of each table that the last release has for the reviews in both, and reviews that it has alone.",
        "A vocabulary or code that changed may change counts on purpose; it must not do so unseen.",
        least=0.9,
    ),
}
