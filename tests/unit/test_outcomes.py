"""Outcome statements in invented sentences, each with a phrase that is easily misread."""

from __future__ import annotations

import pytest

from pipelines.curate.interventions import ModalityRules
from pipelines.curate.outcomes import Statement, find_statements
from tests.hang import HOSTILE_CELLS, must_end


def find(
    text: str, rules: ModalityRules, arms: tuple[str, str] | None = None, column: str | None = None
) -> list[Statement]:
    return find_statements(text, rules.claims, rules.matcher.find(text), arms, column)


def directions(text: str, rules: ModalityRules, column: str | None = None) -> set[tuple[str, str]]:
    return {(statement.outcome_id, statement.direction) for statement in find(text, rules, column=column)}


SENTENCES = [
    ("Bracing could relieve pain.", {("pain", "improved")}),
    ("Bracing had a lower complication rate.", {("adverse_events", "improved")}),
    ("Bracing had similar toxicity.", {("adverse_events", "no_difference")}),
    ("Bracing was well tolerated.", {("safety_tolerability", "safe_tolerable")}),
    ("The risk of complications was high.", {("adverse_events", "worsened")}),
    ("Bracing was more likely to have acute toxicity.", {("adverse_events", "worsened")}),
    ("Bracing did not improve survival.", {("survival", "no_difference")}),
    ("Bracing cannot restore spinal stability.", {("spinal_stability", "not_directional")}),
    ("Bracing failed to improve pain control.", {("pain", "no_difference")}),
    ("No significant difference in local control was found.", {("local_tumour_control", "no_difference")}),
    ("Bracing was non-inferior for pain relief.", {("pain", "no_difference")}),
    (
        "Bracing relieved pain without major complications.",
        {("pain", "improved"), ("adverse_events", "safe_tolerable")},
    ),
    (
        "Bracing relieved pain and complications were rare.",
        {("pain", "improved"), ("adverse_events", "safe_tolerable")},
    ),
    ("Bracing delayed tumour progression.", {("local_tumour_control", "improved")}),
    ("Survival was longer, but toxicity was higher.", {("survival", "improved"), ("adverse_events", "worsened")}),
    ("Worse pain control was seen.", {("pain", "worsened")}),
    ("Pain decreased significantly.", {("pain", "improved")}),
    ("Pain and disability were not different.", {("pain", "no_difference"), ("physical_function", "no_difference")}),
    ("Bracing improved survival in patients with severe pain and paralysis.", {("survival", "improved")}),
    ("Patients suffering from severe pain wore a brace.", set()),
    ("Bracing could not control the pain caused by instability.", {("pain", "not_directional")}),
    ("Bracing was effective for pain control.", {("pain", "improved")}),
    ("Bracing was effective for single lesions.", {("effectiveness_unspecified", "improved")}),
    (
        "Bracing was neither safe nor effective.",
        {("safety_tolerability", "worsened"), ("effectiveness_unspecified", "no_difference")},
    ),
    ("Bracing was recommended.", {("treatment_indication", "not_directional")}),
    ("Bracing was a safe option.", {("safety_tolerability", "safe_tolerable")}),
    ("Bracing spared the normal tissue.", {("normal_tissue_sparing", "improved")}),
    ("Bracing had shorter planning times.", {("technical_feasibility", "improved")}),
    ("Bracing is expensive.", {("cost", "worsened")}),
    ("Bracing was not convenient.", {("treatment_burden", "worsened")}),
    ("No patient developed myelopathy.", {("neurological_function", "safe_tolerable")}),
    ("There is no evidence that braces prolong survival.", {("survival", "no_difference")}),
    ("Inferior to surgery in relieving pain.", {("pain", "worsened")}),
    ("", set()),
    ("手術は疼痛を軽減した。", set()),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_reads_outcome_and_direction(text: str, expected: set[tuple[str, str]], modality_rules: ModalityRules) -> None:
    assert directions(text, modality_rules) == expected


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("Vertebroplasty relieved pain better than surgery.", "surgery_unspecified"),
        ("Compared with surgery, vertebroplasty reduced pain.", "surgery_unspecified"),
        ("Vertebroplasty had fewer complications than open surgery.", "open_surgery"),
        ("Pain relief was similar to radiotherapy.", "radiotherapy_unspecified"),
        ("Vertebroplasty was as safe as surgery.", "surgery_unspecified"),
        ("Vertebroplasty had an advantage over surgery in pain relief.", "surgery_unspecified"),
        ("Vertebroplasty relieved pain over surgery.", None),
        ("In patients older than 60 years, surgery relieved pain.", None),
        ("Vertebroplasty relieved pain after surgery.", None),
    ],
)
def test_reads_the_named_comparator(text: str, comparator: str | None, modality_rules: ModalityRules) -> None:
    assert {statement.comparator for statement in find(text, modality_rules)} == {comparator}


def test_an_unnamed_comparator_is_the_other_arm(modality_rules: ModalityRules) -> None:
    text = "Vertebroplasty had fewer complications. Both relieved pain."
    statements = find(text, modality_rules, ("surgery_unspecified", "vertebroplasty"))
    assert [statement.comparator for statement in statements] == ["surgery_unspecified", None]


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("Surgery could relieve pain.", [True]),
        ("Surgery might improve survival.", [True]),
        ("Surgery is a promising treatment.", [True]),
        ("Surgery relieved pain.", [False]),
        ("Surgery was well tolerated and could relieve pain.", [False, True]),
        ("Surgery could relieve pain and fixation improved stability.", [True, False]),
        ("Surgery could relieve pain, but the cost was high.", [True, False]),
        ("Pain could be reduced.", [True]),
    ],
)
def test_a_hedge_applies_to_what_follows_it(text: str, hedged: list[bool], modality_rules: ModalityRules) -> None:
    assert [statement.is_hedged for statement in find(text, modality_rules)] == hedged


def test_a_point_without_a_direction_takes_it_from_its_column(modality_rules: ModalityRules) -> None:
    assert directions("Temporary neutropenia", modality_rules, column="disadvantage") == {
        ("haematological", "worsened")
    }
    assert directions("Short hospital stay", modality_rules, column="advantage") == {
        ("treatment_burden", "not_directional")
    }
    assert directions("Temporary neutropenia", modality_rules) == set()


@pytest.mark.parametrize("text", HOSTILE_CELLS)
def test_hostile_cells_do_not_hang(text: str, modality_rules: ModalityRules) -> None:
    with must_end():
        find(text, modality_rules, column="advantage")
