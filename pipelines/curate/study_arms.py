"""Finds the two arms that a study compares, in the words of its intervention and comparator cells.

Takes texts of cells and returns their words for intervention and comparator. An intervention cell names both arms with
"versus", or lists a control beside the intervention. Which concepts the words name is found in `comparisons`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.curate.general_concepts import CONTROL, KIND, GeneralRules, find_interventions
from pipelines.vocabularies.coding_words import CodingWords

VERSUS = re.compile(r"\b(?:versus|vs|compared (?:with|to)|against)\b\.?", re.IGNORECASE)
_ITEM_END = re.compile(r"[;\n]|(?:^|(?<=[\s;.]))(?:\d{1,2}[.)]|\(?[a-z]\)|[-–•])\s|\band\b|\bor\b|, ", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
MAX_ARM_LENGTH = 150
"""Longer words describe more than an arm."""
_EDGES = " \t\n.,;:-–•()"


class Arm(NamedTuple):
    """The words for an arm: `text` from `start` to `end` of the cell with role `field` and number `part_no`."""

    text: str
    field: str
    part_no: int
    start: int
    end: int


class StudyArms(NamedTuple):
    """The two arms of a study and the rule that found them: comparator_cell, versus, control_listed or listed."""

    intervention: Arm
    comparator: Arm
    rule_id: str


class ArmCell(NamedTuple):
    """A cell with role `field` (intervention or comparator), the part number of its row in `study_fields`."""

    field: str
    part_no: int
    text: str


def find_study_arms(cells: Sequence[ArmCell], rules: GeneralRules, words: CodingWords) -> StudyArms | None:
    """The arms of a study from its intervention and comparator cells; None if they do not state two.

    Of several cells the first counts. A comparator in a cell of its own counts more than one in the intervention cell.
    A cell that describes more than the arms is not taken apart.
    """
    stated = [cell for cell in cells if not words.is_missing_value(cell.text)]
    interventions = [cell for cell in stated if cell.field == "intervention"]
    comparators = [cell for cell in stated if cell.field == "comparator"]
    if interventions and comparators and interventions[0].text != comparators[0].text:
        first, second = interventions[0], comparators[0]
        return StudyArms(_cut(first, 0, len(first.text)), _cut(second, 0, len(second.text)), "comparator_cell")
    for cell in interventions or comparators:
        arms = _split_at_versus(cell) or _split_at_control(cell, rules)
        if arms is not None and max(len(arms.intervention.text), len(arms.comparator.text)) <= MAX_ARM_LENGTH:
            return arms
    return None


def split_listed_arms(method: str) -> StudyArms | None:
    """The two treatments of an intervention cell that joins two with "and" or "or"; None for any other number."""
    joints = list(_JOINT.finditer(method))
    if len(joints) != 1:
        return None
    cell = ArmCell("intervention", 1, method)
    first, second = _cut(cell, 0, joints[0].start()), _cut(cell, joints[0].end(), len(method))
    return StudyArms(first, second, "listed") if first.text and second.text else None


def _cut(cell: ArmCell, start: int, end: int) -> Arm:
    """The words of a cell from `start` to `end` without punctuation at their ends."""
    words = cell.text[start:end]
    start += len(words) - len(words.lstrip(_EDGES))
    end = start + len(words.strip(_EDGES))
    if cell.text[start:end].count("(") > cell.text[start:end].count(")") and cell.text[end : end + 1] == ")":
        end += 1
    return Arm(cell.text[start:end], cell.field, cell.part_no, start, end)


def _split_at_versus(cell: ArmCell) -> StudyArms | None:
    match = VERSUS.search(cell.text)
    if match is None:
        return None
    intervention, comparator = _cut(cell, 0, match.start()), _cut(cell, match.end(), len(cell.text))
    return StudyArms(intervention, comparator, "versus") if intervention.text and comparator.text else None


def _split_at_control(cell: ArmCell, rules: GeneralRules) -> StudyArms | None:
    """The arms of a cell that lists a control as one item ("vitamin D; placebo", "exercise and usual care")."""
    bounds = [0]
    for match in _ITEM_END.finditer(cell.text):
        bounds += [match.start(), match.end()]
    bounds.append(len(cell.text))
    items = [_cut(cell, start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    items = [item for item in items if item.text]
    is_control = [
        any(found.scheme == KIND and found.concept_id == CONTROL for found in find_interventions(item.text, rules))
        for item in items
    ]
    if sum(is_control) != 1 or len(items) < 2:
        return None
    place = is_control.index(True)
    # What follows the control may be a third arm or say more about the control.
    intervention = (
        _cut(cell, items[0].start, items[place - 1].end) if place else _cut(cell, items[1].start, items[-1].end)
    )
    return StudyArms(intervention, items[place], "control_listed")
