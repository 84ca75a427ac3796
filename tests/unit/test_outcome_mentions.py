"""Which words of a statement are its outcomes, in invented sentences."""

from __future__ import annotations

import pytest

from pipelines.curate.amounts.amount_clauses import AmountText
from pipelines.curate.amounts.arm_mentions import find_arm_mentions
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.outcome_mentions import find_statement_outcomes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mortality was lower with zinc.", ["Mortality"]),
        ("No difference between groups in mortality", ["mortality"]),
        ("No effect of zinc on mortality", ["mortality"]),
        ("Mortality was higher in patients with cancer.", ["Mortality"]),
        ("Growth was reduced by antioxidants or catalase", ["Growth"]),
        ("It inhibited the growth of tumours", ["tumours"]),
        ("It reduced hypoxia-induced oxidative stress", ["oxidative stress"]),
        ("Hypoxia increases oxidative stress", ["oxidative stress"]),
        ("Quality of life (HRQoL) improved", ["Quality of life"]),
        ("The diet reduced mortality (95% CI 1.1–2.0)", ["mortality"]),
        ("Fiber intake was associated with mortality", ["mortality"]),
        ("Inverse relationship", []),
        # Patients up to a few words before a name are not its outcome.
        ("Mortality was higher in patients with cancer or pain.", ["Mortality"]),
        # The head of a compound is its last word, of a name with "of" the first.
        ("Infection mortality was lower", ["mortality"]),
        ("Quality of life, fatigue and nausea improved", ["Quality of life", "fatigue", "nausea"]),
        # A cause is no outcome if an effect follows.
        ("Hypoxia increased nausea", ["nausea"]),
        ("Hypoxia increased", ["Hypoxia"]),
        ("Hypoxia was increased by mortality", ["Hypoxia"]),
        ("Anxiety did not differ", ["Anxiety"]),
    ],
)
def test_outcomes_of_a_statement(
    text: str, expected: list[str], coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    arms = find_arm_mentions(text, "zinc", "placebo", coding_rules.amounts)
    parsed = AmountText(text, arms, coding_rules.amounts)
    found = find_statement_outcomes(parsed, general_rules)
    assert [text[item.start : item.end] for item in found] == expected


def test_words_of_the_treatment_are_no_outcome(coding_rules: CodingRules, general_rules: GeneralRules) -> None:
    parsed = AmountText("Walking reduced fatigue", [], coding_rules.amounts)
    found = find_statement_outcomes(parsed, general_rules, frozenset({"walking"}))
    assert [item.concept_id for item in found] == ["general"]


def test_a_word_within_a_long_form_is_no_outcome_without_its_head(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    parsed = AmountText("HMGB1 decreased", [], coding_rules.amounts)
    long_forms = {"HMGB1": "high mobility group box protein"}
    assert [item.concept_id for item in find_statement_outcomes(parsed, general_rules, frozenset(), long_forms)] == []
