"""The list of vocabulary files, each with the concept scheme it contains and what it is used for.

To add a concept scheme, add its CSV file to `schemas/vocabularies/` and a line to `VOCABULARY_FILES`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """A file below `schemas/vocabularies/`.

    `used_for` groups the files by what is coded with them: after an edit only the tables that use the file are out of
    date. `scheme` is the concept scheme in the file and `meaning` says what its concepts are; both are empty for cues,
    mappings and journals. A derived file is written by `pipelines.vocabularies.derive_general` or `derive_journals`. If
    `publishes_used_only`, a release has only the concepts that its tables use.
    """

    path: str
    used_for: str
    scheme: str | None = None
    meaning: str = ""
    is_derived: bool = False
    publishes_used_only: bool = False


VOCABULARY_FILES: tuple[VocabularyFile, ...] = (
    VocabularyFile("modality.csv", "modality", scheme="modality", meaning="Treatments of spine oncology"),
    VocabularyFile("outcome.csv", "claim", scheme="outcome", meaning="Outcomes of spine oncology"),
    VocabularyFile("direction.csv", "claim", scheme="direction", meaning="Directions of an effect"),
    VocabularyFile("cues/outcome.csv", "claim"),
    VocabularyFile("cues/direction.csv", "claim"),
    VocabularyFile("cues/hedge.csv", "claim"),
    VocabularyFile("cues/amount.csv", "amount"),
    VocabularyFile("cues/arm.csv", "amount"),
    VocabularyFile("evidence.csv", "design", scheme="evidence", meaning="Study designs"),
    VocabularyFile("cues/design.csv", "design"),
    VocabularyFile("cues/design_rank.csv", "design"),
    VocabularyFile("cancer.csv", "topic", scheme="cancer", meaning="Kinds of cancer"),
    VocabularyFile("region.csv", "topic", scheme="region", meaning="Regions of the spine"),
    VocabularyFile("imaging.csv", "topic", scheme="imaging", meaning="Kinds of imaging"),
    VocabularyFile("cues/context.csv", "context"),
    VocabularyFile(
        "general/intervention_kind.csv",
        "general",
        scheme="intervention_kind",
        meaning="Kinds of intervention, for all of medicine",
    ),
    VocabularyFile(
        "general/outcome_domain.csv",
        "general",
        scheme="outcome_domain",
        meaning="Domains of outcomes, for all of medicine",
    ),
    VocabularyFile("general/country.csv", "general", scheme="country", meaning="Countries", publishes_used_only=True),
    VocabularyFile(
        "general/intervention.csv.xz",
        "general",
        scheme="intervention",
        meaning="Interventions of MeSH and DrugBank",
        is_derived=True,
        publishes_used_only=True,
    ),
    VocabularyFile(
        "general/condition.csv.xz",
        "general",
        scheme="condition",
        meaning="Diseases and conditions of MeSH",
        is_derived=True,
        publishes_used_only=True,
    ),
    VocabularyFile("general/mesh_branches.csv", "general"),
    VocabularyFile("general/stop_labels.csv", "general"),
    VocabularyFile("general/extra_labels.csv", "general"),
    VocabularyFile("general/drug_name_kinds.csv", "general"),
    VocabularyFile("cues/intervention_kind.csv", "general"),
    VocabularyFile("cues/name_endings.csv", "general"),
    VocabularyFile("cues/outcome_domain.csv", "general"),
    VocabularyFile("cues/coding_words.csv", "coding"),
    VocabularyFile("cues/work_words.csv", "work"),
    VocabularyFile("cues/reading_words.csv", "reading"),
    VocabularyFile("cues/table_words.csv", "reading"),
    VocabularyFile("cues/quantity.csv", "quantity"),
    VocabularyFile("cues/units.csv", "quantity"),
    VocabularyFile("mappings.csv", "mapping"),
    VocabularyFile("journals.csv", "journal"),
    VocabularyFile("general/journals.csv.xz", "journal", is_derived=True),
    VocabularyFile("general/journal_names.csv", "journal"),
)

SCHEME_FILES: dict[str, VocabularyFile] = {file.scheme: file for file in VOCABULARY_FILES if file.scheme is not None}
"""The file of each concept scheme, in the order of the files."""

SCHEMES: tuple[str, ...] = tuple(scheme for scheme, file in SCHEME_FILES.items() if not file.is_derived)
"""The concept schemes in files that curators edit."""

DERIVED_SCHEMES: tuple[str, ...] = tuple(scheme for scheme, file in SCHEME_FILES.items() if file.is_derived)
"""The large concept schemes in derived files."""


def schemes_used_for(*uses: str) -> list[str]:
    """The concept schemes in the files with one of these uses, in the order of their files."""
    return [scheme for scheme, file in SCHEME_FILES.items() if file.used_for in uses]


def group_files_by_use() -> dict[str, list[str]]:
    """The paths of the files by use."""
    uses: dict[str, list[str]] = {}
    for file in VOCABULARY_FILES:
        uses.setdefault(file.used_for, []).append(file.path)
    return uses
