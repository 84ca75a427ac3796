"""What a cell of a study states about outcomes, in invented cells of reviews of any subject."""

from __future__ import annotations

import pytest

from pipelines.curate.cell_claims import (
    CellClaim,
    GeneralClaimRules,
    NamedOutcome,
    TreatmentWords,
    find_cell_claims,
    find_valence,
)
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from tests.hang import HOSTILE_CELLS, must_end

ARMS = TreatmentWords("zinc", "placebo", frozenset({"zinc", "placebo"}))


@pytest.fixture(scope="module")
def rules(coding_rules: CodingRules, general_rules: GeneralRules) -> GeneralClaimRules:
    return GeneralClaimRules(general_rules, coding_rules.amounts, coding_rules.claims.hedges)


def _read(
    text: str, rules: GeneralClaimRules, named: tuple[NamedOutcome, ...] = (), treatment: TreatmentWords = ARMS
) -> list[CellClaim]:
    return find_cell_claims(text, named, treatment, rules)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mortality was lower with zinc than with placebo.", [("mortality_survival", "lower", "improved")]),
        ("Survival was longer in the placebo group.", [("mortality_survival", "lower", "worsened")]),
        ("No significant difference in mortality.", [("mortality_survival", "no_difference", "no_difference")]),
        ("Reduced body weight", [("metabolism_and_nutrition", "lower", "not_directional")]),
        ("↑ insulin sensitivity", [("metabolism_and_nutrition", "higher", "improved")]),
        ("Quality of life improved", [("global_quality_of_life", "higher", "improved")]),
        ("Quality of life was assessed", [("global_quality_of_life", "not_stated", "not_directional")]),
        ("No adverse events occurred", [("adverse_events", "not_stated", "safe_tolerable")]),
        ("NR", []),
        ("Not reported.", []),
        ("–", []),
        ("", []),
    ],
)
def test_outcome_amount_and_direction_of_a_cell(
    text: str, expected: list[tuple[str, str, str]], rules: GeneralClaimRules
) -> None:
    claims = _read(text, rules)
    assert [(claim.outcome_id, claim.amount, claim.direction) for claim in claims] == expected


def test_items_of_a_list_are_read_one_by_one(rules: GeneralClaimRules) -> None:
    text = "- Reduced mortality - Increased fatigue • No effect on quality of life"
    claims = _read(text, rules)
    assert [(claim.outcome_id, claim.amount, text[claim.first : claim.last]) for claim in claims] == [
        ("mortality_survival", "lower", "Reduced mortality"),
        ("general", "higher", "Increased fatigue"),
        ("global_quality_of_life", "no_difference", "No effect on quality of life"),
    ]


def test_a_cell_of_numbers_takes_its_outcome_from_row_or_column(rules: GeneralClaimRules) -> None:
    pain = NamedOutcome("musculoskeletal", "Back pain", "outcome_name")
    (claim,) = _read("NS", rules, (pain,))
    assert (claim.outcome_id, claim.outcome_text, claim.amount) == ("musculoskeletal", "Back pain", "no_difference")
    assert (claim.is_significant, claim.rule_id) == (False, "outcome_name")
    (claim,) = _read("3.2 ± 1.1", rules, (pain,))
    assert (claim.amount, claim.direction, claim.start, claim.end) == ("not_stated", "not_directional", 0, 9)
    (claim,) = _read("↓ (p < 0.05)", rules, (pain,))
    assert (claim.amount, claim.direction, claim.is_significant) == ("lower", "improved", True)


def test_prose_that_states_no_amount_is_no_claim_on_the_outcome_of_its_column(rules: GeneralClaimRules) -> None:
    pain = NamedOutcome("musculoskeletal", "Back pain", "column_name")
    assert _read("Patients were seen by three surgeons", rules, (pain,)) == []


def test_the_treatment_is_no_outcome(rules: GeneralClaimRules) -> None:
    diet = TreatmentWords(words=frozenset({"diet"}))
    assert [claim.outcome_id for claim in _read("Diet reduced mortality", rules, treatment=diet)] == [
        "mortality_survival"
    ]


def test_a_hedge_marks_its_sentence_only(rules: GeneralClaimRules) -> None:
    claims = _read("Mortality might be reduced. Fatigue increased.", rules)
    assert [(claim.outcome_id, claim.is_hedged) for claim in claims] == [
        ("mortality_survival", True),
        ("general", False),
    ]


def test_the_last_telling_word_of_an_outcome_says_whether_more_is_better(rules: GeneralClaimRules) -> None:
    words = rules.words
    assert find_valence("pain", "general", "cue", words) == -1
    assert find_valence("headaches", "nervous_system", "cue", words) == -1
    assert find_valence("hepatotoxicity", "hepatobiliary", "cue", words) == -1
    assert find_valence("relapse-free survival", "neoplasms", "cue", words) == 1
    assert find_valence("body weight", "metabolism_and_nutrition", "cue", words) == 0
    assert find_valence("adenoma", "neoplasms", "cue", words) == -1
    assert find_valence("gait", "physical_functioning", "cue", words) == 1
    assert find_valence("polydipsia", "general", "condition", words) == -1


@pytest.mark.parametrize(
    ("text", "outcome_text", "direction"),
    [
        # A name goes on with words that tell whether more of it is better.
        ("Nausea relief was higher with zinc.", "Nausea relief", "improved"),
        ("Nausea score was higher with zinc.", "Nausea", "worsened"),
        ("Nausea score relief was higher with zinc.", "Nausea score relief", "improved"),
        ("Nausea, relief was higher with zinc.", "Nausea", "worsened"),
        ("Back pain was worse with zinc.", "Back pain", "worsened"),
        ("Back pain was better with zinc.", "Back pain", "improved"),
        ("Body weight was better with zinc.", "Body weight", "improved"),
    ],
)
def test_the_name_of_an_outcome_tells_whether_more_is_better(
    text: str, outcome_text: str, direction: str, rules: GeneralClaimRules
) -> None:
    claim = _read(text, rules)[0]
    assert (claim.outcome_text, claim.direction) == (outcome_text, direction)


def test_better_and_worse_state_no_amount_of_what_is_neither_benefit_nor_harm(rules: GeneralClaimRules) -> None:
    (claim,) = _read("Body weight was better with zinc.", rules)
    assert claim.amount == "not_stated"
    (claim,) = _read("Back pain was better with zinc.", rules)
    assert claim.amount == "lower"


def test_a_claim_is_made_once_per_sentence_and_a_mere_mention_only_alone(rules: GeneralClaimRules) -> None:
    assert len(_read("Mortality was lower. Mortality was lower.", rules)) == 2
    assert len(_read("Mortality was lower and mortality was lower", rules)) == 1
    claims = _read("Mortality was assessed. Mortality was lower.", rules)
    assert [claim.amount for claim in claims] == ["lower"]
    assert [claim.amount for claim in _read("Mortality was assessed. Mortality was assessed.", rules)] == ["not_stated"]


@pytest.mark.parametrize("text", HOSTILE_CELLS)
def test_hostile_cells_do_not_hang(text: str, rules: GeneralClaimRules) -> None:
    with must_end():
        _read(text, rules)
