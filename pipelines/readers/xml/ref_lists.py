"""The references of an article, and what citations need to find them: XML ids and printed numbers."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.document import ReferenceEntry


@dataclass(frozen=True, slots=True)
class RefLists:
    """The references of an article.

    `targets` maps each XML id to the `ref_no`s of its references, `numbers` each `ref_no` to its printed number (the
    `ref_no` itself if none is printed), `by_number` each printed number to its `ref_no`s.
    """

    entries: tuple[ReferenceEntry, ...]
    targets: dict[str, tuple[int, ...]]
    numbers: dict[int, int]
    by_number: dict[int, list[int]]
    are_numbered: bool
