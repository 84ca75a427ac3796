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
    ("text", "read"),
    [
        # The verb of a subject is within eight words, and its word of direction within five words of the verb.
        (
            "Pain in all of the treated older patients was relieved.",
            ("improved", "predicate", "Pain in all of the treated older patients was relieved"),
        ),
        ("Pain in all of the many treated older patients was relieved.", None),
        ("Pain was in all of patients relieved.", ("improved", "predicate", "Pain was in all of patients relieved")),
        ("Pain was in all of the patients relieved.", ("not_directional", "reported", "Pain")),
        ("Pain was.", ("not_directional", "reported", "Pain")),
        ("Pain was worse and quickly relieved.", ("worsened", "predicate", "Pain was worse")),
        ("Pain was weak and relieved.", ("not_directional", "reported", "Pain")),
        ("Pain which was relieved.", None),
        ("Pain and is improved.", None),
        # A verb of change right after the outcome, with an adverb at most
        ("Pain improved.", ("improved", "predicate", "Pain improved")),
        ("Pain quickly improved.", ("improved", "predicate", "Pain quickly improved")),
        ("Pain very improved.", None),
        ("Pain quickly so improved.", None),
        # An absence is within four words, and not behind "and" or a verb.
        (
            "Bracing without any of the major complications worked.",
            ("safe_tolerable", "free_of", "without any of the major complications"),
        ),
        ("Bracing without any of the very major complications worked.", None),
        ("Bracing without fatigue and complications worked.", None),
        # What is compared with is skipped up to the aspect that is compared.
        ("Bracing was better than surgery for pain.", ("improved", "governing_word", "better than surgery for pain")),
        ("Bracing was better than surgery of pain.", None),
        ("Bracing was better than surgery in relieving pain.", ("improved", "governing_word", None)),
        # The patients are no aspect.
        ("Bracing had an improvement in pain.", ("improved", "governing_word", "improvement in pain")),
        ("Bracing had an improvement in patients with pain.", None),
        ("Bracing had an improvement in many patients with pain.", None),
        ("Bracing had an improvement of patients in pain.", None),
        # A word of direction that modifies another one
        ("Bracing had less reduction of pain.", ("worsened", "governing_word", "less reduction of pain")),
        ("Bracing had similar reduction of pain.", ("no_difference", "governing_word", "similar reduction of pain")),
        ("Bracing had different reduction of pain.", ("not_directional", "governing_word", None)),
        ("Bracing had worse control of pain.", ("worsened", "governing_word", "worse control of pain")),
        # Low and high, of harms and of benefits
        ("Bracing had low complication rates.", ("safe_tolerable", "governing_word", "low complication rates")),
        ("Bracing had lower complication rates.", ("improved", "governing_word", "lower complication rates")),
        ("Bracing had high complication rates.", ("worsened", "governing_word", "high complication rates")),
        ("Bracing had low survival.", ("worsened", "governing_word", "low survival")),
        ("Bracing had high survival.", ("improved", "governing_word", "high survival")),
        # Negation reaches six words back, and says what was not found.
        ("Bracing never in all of our cases improved survival.", ("no_difference", "governing_word", None)),
        ("Bracing never in all of our many cases improved survival.", ("improved", "governing_word", None)),
        ("Bracing not only improved survival.", ("improved", "governing_word", "improved survival")),
        ("Bracing was unable to improve survival.", ("not_directional", "governing_word", "improve survival")),
        ("Bracing did not increase complications.", ("no_difference", "governing_word", "increase complications")),
        ("Bracing did not worsen survival.", ("not_directional", "governing_word", "worsen survival")),
        ("Bracing was not safe.", ("worsened", "statement", "safe")),
        ("Bracing was not unsafe.", ("no_difference", "statement", "unsafe")),
        ("Bracing was less effective.", ("worsened", "statement", "less effective")),
        # "Effective" for an outcome is about that outcome.
        ("Effective for pain control.", ("improved", "governing_word", "Effective for pain control")),
        ("Effective when pain control fails.", ("improved", "statement", "Effective")),
        ("Effective in patients with pain.", ("improved", "statement", "Effective")),
    ],
)
def test_a_word_of_direction_reaches_as_far_as_grammar_lets_it(
    text: str, read: tuple[str, str, str | None] | None, modality_rules: ModalityRules
) -> None:
    found = find(text, modality_rules)
    if read is None:
        assert found == []
        return
    (statement,) = found
    direction, rule_id, cue = read
    assert (statement.direction, statement.rule_id) == (direction, rule_id)
    assert cue is None or text[statement.start : statement.end] == cue


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Bracing relieved pain.", "favourable"),
        ("Bracing was unable to relieve pain.", "unfavourable"),
        ("Bracing did not relieve pain.", "neutral"),
        ("Bracing was indicated.", "favourable"),
        ("Bracing was not indicated.", "unfavourable"),
        ("Bracing was feasible.", "favourable"),
        ("Bracing was cheap.", "favourable"),
        ("Bracing was expensive.", "unfavourable"),
        ("Pain was.", "neutral"),
    ],
)
def test_a_statement_without_a_direction_may_still_speak_for_or_against(
    text: str, polarity: str, modality_rules: ModalityRules
) -> None:
    (statement,) = find(text, modality_rules)
    assert statement.polarity == polarity


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("Bracing was feasible and accurate.", ["feasible and accurate"]),
        ("Bracing was feasible, accurate.", ["feasible, accurate"]),
        ("Bracing was feasible and very accurate.", ["feasible", "accurate"]),
        ("Bracing was safe, and later safe.", ["safe", "safe"]),
        ("Bracing improved stability and alignment.", ["improved stability"]),
        ("Bracing is expensive and cheap.", ["expensive", "cheap"]),
    ],
)
def test_adjacent_words_that_state_the_same_are_one_statement(
    text: str, cues: list[str], modality_rules: ModalityRules
) -> None:
    assert [text[statement.start : statement.end] for statement in find(text, modality_rules)] == cues


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Bracing relieved pain.", [("external_stabilisation", "before_verb")]),
        ("Pain improved with bracing.", [("external_stabilisation", "agent")]),
        ("Pain improved with strict bracing.", [("external_stabilisation", "agent")]),
        ("Pain improved with very strict bracing.", []),
        ("Bracing was tried, but pain was worse.", [("external_stabilisation", "earlier_clause")]),
        ("Bracing relieved pain. It was safe.", [("external_stabilisation", "earlier_sentence")]),
        ("Bracing relieved pain. Toxicity was low.", []),
    ],
)
def test_a_statement_is_about_the_treatment_nearest_to_it(
    text: str, subjects: list[tuple[str, str]], modality_rules: ModalityRules
) -> None:
    last = find(text, modality_rules)[-1]
    assert [(subject.concept_id, subject.rule_id) for subject in last.subjects] == subjects
    assert all(text[subject.start : subject.end].casefold() == "bracing" for subject in last.subjects)


def test_a_sentence_has_its_punctuation_and_a_recommendation_counts_alone(modality_rules: ModalityRules) -> None:
    text = "Bracing relieved pain (n = 5).  It was safe"
    found = find(text, modality_rules)
    assert [text[statement.first : statement.last] for statement in found] == [
        "Bracing relieved pain (n = 5).",
        "It was safe",
    ]
    assert [statement.outcome_id for statement in find("Bracing was recommended and safe.", modality_rules)] == [
        "safety_tolerability"
    ]


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
        # Within six words of what introduces it
        ("Vertebroplasty relieved pain better than did the usual and open surgery.", "open_surgery"),
        ("Vertebroplasty relieved pain better than did all of the usual and open surgery.", None),
        ("Vertebroplasty relieved pain better compared to surgery.", "surgery_unspecified"),
        ("Vertebroplasty relieved pain similar of surgery.", None),
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
