"""The list of vocabulary files, each with the concept scheme it contains and what it is used for.

To add a concept scheme, add its CSV file to `schemas/vocabularies/` and a line to `VOCABULARY_FILES`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """A file below `schemas/vocabularies/`.

    `used_for` groups the files by what is coded with them: after an edit only the tables that use the file are out of
    date. `scheme` is the concept scheme in the file; None for cues, mappings and journals.
    """

    path: str
    used_for: str
    scheme: str | None = None


VOCABULARY_FILES: tuple[VocabularyFile, ...] = (
    VocabularyFile("modality.csv", "modality", scheme="modality"),
    VocabularyFile("outcome.csv", "claim", scheme="outcome"),
    VocabularyFile("direction.csv", "claim", scheme="direction"),
    VocabularyFile("cues/outcome.csv", "claim"),
    VocabularyFile("cues/direction.csv", "claim"),
    VocabularyFile("cues/hedge.csv", "claim"),
    VocabularyFile("evidence.csv", "design", scheme="evidence"),
    VocabularyFile("cues/design.csv", "design"),
    VocabularyFile("cues/design_rank.csv", "design"),
    VocabularyFile("cancer.csv", "topic", scheme="cancer"),
    VocabularyFile("region.csv", "topic", scheme="region"),
    VocabularyFile("imaging.csv", "topic", scheme="imaging"),
    VocabularyFile("cues/context.csv", "topic"),
    VocabularyFile("cues/coding_words.csv", "coding"),
    VocabularyFile("cues/reading_words.csv", "reading"),
    VocabularyFile("cues/quantity.csv", "quantity"),
    VocabularyFile("cues/units.csv", "quantity"),
    VocabularyFile("mappings.csv", "mapping"),
    VocabularyFile("journals.csv", "journal"),
)

SCHEMES: tuple[str, ...] = tuple(file.scheme for file in VOCABULARY_FILES if file.scheme is not None)
"""The concept schemes, in the order of their files."""


def schemes_used_for(*uses: str) -> list[str]:
    """The concept schemes in the files with one of these uses, in the order of their files."""
    return [file.scheme for file in VOCABULARY_FILES if file.scheme is not None and file.used_for in uses]


def group_files_by_use() -> dict[str, list[str]]:
    """The paths of the files by use."""
    uses: dict[str, list[str]] = {}
    for file in VOCABULARY_FILES:
        uses.setdefault(file.used_for, []).append(file.path)
    return uses
