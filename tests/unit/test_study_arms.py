"""The two arms of a study in the words of its treatment cells, invented ones."""

from __future__ import annotations

import pytest

from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.study_arms import ArmCell, StudyArms, find_study_arms, split_listed_arms


def _words(arms: StudyArms | None) -> tuple[str, str, str] | None:
    return (arms.intervention.text, arms.comparator.text, arms.rule_id) if arms else None


@pytest.mark.parametrize(
    ("intervention", "expected"),
    [
        ("Aspirin 75 mg versus placebo", ("Aspirin 75 mg", "placebo", "versus")),
        ("Yoga vs. stretching (60 min)", ("Yoga", "stretching (60 min)", "versus")),
        ("Vitamin D 1000 IU; placebo", ("Vitamin D 1000 IU", "placebo", "control_listed")),
        ("1) Zinc 20 mg 2) usual care", ("Zinc 20 mg", "usual care", "control_listed")),
        ("Placebo or metformin", ("metformin", "Placebo", "control_listed")),
        ("Aspirin and ibuprofen", None),
        ("Placebo", None),
        ("versus placebo", None),
    ],
)
def test_arms_of_an_intervention_cell(
    intervention: str,
    expected: tuple[str, str, str] | None,
    general_rules: GeneralRules,
    coding_rules: CodingRules,
) -> None:
    arms = find_study_arms([ArmCell("intervention", 1, intervention)], general_rules, coding_rules.amounts.words)
    assert _words(arms) == expected
    if arms is not None:
        for arm in (arms.intervention, arms.comparator):
            assert intervention[arm.start : arm.end] == arm.text


def test_a_comparator_cell_counts_more_than_the_words_of_the_intervention_cell(
    general_rules: GeneralRules, coding_rules: CodingRules
) -> None:
    cells = [ArmCell("intervention", 1, "Aspirin versus placebo"), ArmCell("comparator", 1, "No treatment")]
    arms = find_study_arms(cells, general_rules, coding_rules.amounts.words)
    assert _words(arms) == ("Aspirin versus placebo", "No treatment", "comparator_cell")


def test_the_same_words_in_both_cells_are_no_comparison(general_rules: GeneralRules, coding_rules: CodingRules) -> None:
    cells = [ArmCell("intervention", 1, "Aspirin"), ArmCell("comparator", 1, "Aspirin")]
    assert find_study_arms(cells, general_rules, coding_rules.amounts.words) is None


@pytest.mark.parametrize("comparator", ["None", "?", "Not disclosed", "NR"])
def test_a_cell_that_states_no_comparator_is_none(
    comparator: str, general_rules: GeneralRules, coding_rules: CodingRules
) -> None:
    cells = [ArmCell("intervention", 1, "Aspirin"), ArmCell("comparator", 1, comparator)]
    assert find_study_arms(cells, general_rules, coding_rules.amounts.words) is None


def test_a_cell_that_describes_the_whole_study_is_not_taken_apart(
    general_rules: GeneralRules, coding_rules: CodingRules
) -> None:
    cell = "Double-blind trial. " + "Adults were asked about their symptoms each day. " * 5 + "Aspirin versus placebo"
    assert find_study_arms([ArmCell("intervention", 1, cell)], general_rules, coding_rules.amounts.words) is None


def test_split_listed_arms_needs_exactly_two() -> None:
    arms = split_listed_arms("Single-session (SS) and multi-session (MS) radiosurgery")
    assert _words(arms) == ("Single-session (SS)", "multi-session (MS) radiosurgery", "listed")
    assert split_listed_arms("Radiosurgery") is None
    assert split_listed_arms("Surgery, cement and drugs and rest") is None
