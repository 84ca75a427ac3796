"""The failure policy of every check: what it protects, whether a failure stops the release, and why.

`POLICIES` is the only place that declares them. Checks are evaluated in `rules`, `source_spans`, `drift` and
`pipelines.tables.validation`. Oddities of a source never stop a release; they are declared in
`pipelines.curate.source_issues`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
"""As in `quality_checks`: an error stops the release, a warning is only shown."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a check protects, the consequence of a failure, and the reason for it.

    `min_share` is the smallest share of the checked rows that must be in order for the check to pass.
    """

    severity: Severity
    guards: str
    reason: str
    min_share: float = 1.0

    @property
    def description(self) -> str:
        effect = "A failure stops the release" if self.severity == "error" else "A failure is shown and stops nothing"
        return f"{self.guards} {effect}: {self.reason[0].lower()}{self.reason[1:]}"

    def is_satisfied(self, n_checked: int, n_findings: int) -> bool:
        """Whether a check with these counts passes."""
        if self.min_share == 1:
            return n_findings == 0
        return n_checked == 0 or 1 - n_findings / n_checked >= self.min_share


POLICIES: Mapping[str, Policy] = {
    "schema_and_keys": Policy(
        "error",
        "Columns, types, value rules, nullability and the primary key agree with the model in schemas/tables.",
        "Readers rely on the model, so a frame that breaks it is not even stored.",
    ),
    "foreign_keys": Policy(
        "error",
        "The rows and concepts that it refers to exist.",
        "A join that loses rows gives wrong counts, and nobody notices.",
    ),
    "spans": Policy(
        "error",
        "The words are in the source at their span: source[start_char:end_char] is read again and compared.",
        "A span that cuts out other words makes every code that rests on it unverifiable.",
    ),
    "mentions_counted": Policy(
        "error",
        "Each number in a citation has a mention or, if it is not listed, a source issue `dangling_citation`.",
        "The counts of how references are used rest on the mentions.",
    ),
    "all_sources_read": Policy(
        "warning",
        "Every source in raw/ could be read.",
        "One unreadable source must not keep the others from being published; the release names it.",
    ),
    "references_numbered_through": Policy(
        "warning",
        "The reference list has as many entries as its highest number.",
        "A gap is more often an error of reading than of print, but printed lists have gaps too.",
    ),
    "tables_as_mentioned": Policy(
        "warning",
        "The tables that the prose mentions by number exist.",
        "A table may be left out of the source on purpose, as in an abridged deposit.",
    ),
    "citations_resolve": Policy(
        "warning",
        "Citations point at references that are listed; one that does not is a source issue `dangling_citation`.",
        "Reviews do cite numbers that they do not list; more than a few indicate an error of reading.",
        min_share=0.98,
    ),
    "reference_years_plausible": Policy(
        "warning",
        "References are dated at most one year later than the review.",
        "A misprinted year is an error of the source and is kept as printed.",
        min_share=0.98,
    ),
    "labels_agree": Policy(
        "warning",
        "Study labels name the author and year of the reference that their row cites.",
        "Reviews do misname studies; many disagreeing labels mean that rows and references are matched wrongly.",
        min_share=0.9,
    ),
    "modality_coverage": Policy(
        "warning",
        "Studies with a method are coded to a modality.",
        "An unknown term is a finding for the curators and must not stop a release.",
        min_share=0.9,
    ),
    "outcome_coverage": Policy(
        "warning",
        "Studies with an outcome have a claim about a coded outcome.",
        "An unknown term is a finding for the curators and must not stop a release.",
        min_share=0.8,
    ),
    "design_coverage": Policy(
        "warning",
        "The study design of references is stated or can be inferred.",
        "Many titles state no design; a fall means that cues were lost.",
        min_share=0.2,
    ),
    "journal_coverage": Policy(
        "warning",
        "The vocabulary lists the printed journals.",
        "An unknown journal is a finding for the curators and must not stop a release.",
        min_share=0.5,
    ),
    "drift": Policy(
        "warning",
        "No review of the last release is missing, and each table has as many rows as there for the reviews in both.",
        "A changed vocabulary or changed code may change counts on purpose, but not unnoticed.",
        min_share=0.9,
    ),
}
