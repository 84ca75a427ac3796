"""The one list of vocabulary files: which scheme a file holds, and what it is used for.

To add a concept scheme, add its CSV file to `schemas/vocabularies/` and a line to `VOCABULARY_FILES`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """A file below `schemas/vocabularies/`.

    `used_for` groups files by what is coded with them, so that an edit makes only what uses its file out of date.
    `scheme` is the concept scheme that the file holds; None for cues, mappings and journals.
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
    VocabularyFile("mappings.csv", "mapping"),
    VocabularyFile("journals.csv", "journal"),
)

SCHEMES: tuple[str, ...] = tuple(file.scheme for file in VOCABULARY_FILES if file.scheme is not None)
"""The concept schemes, in the order of their files."""


def files_by_use() -> dict[str, list[str]]:
    """The paths of the files, by what they are used for."""
    uses: dict[str, list[str]] = {}
    for file in VOCABULARY_FILES:
        uses.setdefault(file.used_for, []).append(file.path)
    return uses
