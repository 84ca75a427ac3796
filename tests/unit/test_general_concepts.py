"""What a text names of the general schemes: interventions with their kinds, conditions, outcome domains, countries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.curate.general_concepts import (
    KIND,
    find_conditions,
    find_countries,
    find_interventions,
    find_outcome_domains,
    load_general_rules,
)
from pipelines.vocabularies.csv_files import load_vocabularies
from tests.hang import must_end

FOLDER = Path(__file__).parents[2] / "schemas" / "vocabularies"
RULES = load_general_rules(FOLDER, load_vocabularies(FOLDER))


def interventions(text: str, **abbreviations: str) -> tuple[list[str], list[str]]:
    """The kinds and the interventions that a text names."""
    found = find_interventions(text, RULES, abbreviations)
    return (
        [item.concept_id for item in found if item.scheme == KIND],
        [item.concept_id for item in found if item.scheme != KIND],
    )


def domains(text: str, *, is_name: bool = True, **abbreviations: str) -> list[str]:
    return [item.concept_id for item in find_outcome_domains(text, RULES, abbreviations, is_name=is_name)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("warfarin 5 mg", ["drug"]),
        ("Influenza vaccination", ["biological"]),
        ("vitamin D3 1000 IU daily", ["food"]),
        ("ginger root capsules", ["herbal"]),
        ("laparoscopic appendicectomy", ["procedure"]),
        ("hearing aids", ["device"]),
        ("hypofractionated radiotherapy", ["radiation"]),
        ("resistance training", ["exercise"]),
        ("group counselling", ["behaviour"]),
        ("an educational leaflet", ["education"]),
        ("mammography screening", ["diagnostic"]),
        ("nurse-led follow-up", ["care_delivery"]),
        ("passive smoking", ["exposure"]),
        ("waiting list", ["control"]),
        ("placebo", ["control"]),
        ("all participants", []),
    ],
)
def test_tells_the_kind(text: str, kinds: list[str]) -> None:
    assert interventions(text)[0] == kinds


def test_an_unknown_name_is_known_by_its_ending() -> None:
    (found,) = find_interventions("xyloquinectomy", RULES)
    assert (found.concept_id, found.rule_id, found.confidence) == ("procedure", "ending", 0.7)


def test_an_ordinary_word_has_no_ending_of_a_name() -> None:
    assert interventions("we examine each concept") == ([], [])


def test_an_unknown_name_with_a_dose_is_a_drug() -> None:
    (found,) = find_interventions("AB-1234 30 mg", RULES)
    assert (found.concept_id, found.rule_id, found.confidence) == ("drug", "dose_unit", 0.5)


def test_names_each_intervention_once() -> None:
    assert interventions("aspirin, warfarin or aspirin plus warfarin") == (["drug"], ["aspirin", "warfarin"])


def test_what_is_negated_is_a_control() -> None:
    assert interventions("without warfarin") == (["control"], [])
    assert interventions("surgery with or without warfarin") == (["procedure", "drug"], ["warfarin"])


def test_an_ingredient_that_is_missing_is_not_coded() -> None:
    assert interventions("thiomersal-free solution of zinc")[1] == ["zinc"]


def test_when_is_not_what() -> None:
    assert interventions("warfarin before surgery")[0] == ["drug"]


def test_the_longer_words_count() -> None:
    """Exercise counselling is not exercise."""
    assert interventions("physical activity counselling") == (["behaviour"], [])


def test_an_abbreviation_of_the_review_is_read_as_its_long_form() -> None:
    assert interventions("MCT for six weeks", MCT="moderate continuous training")[0] == ["exercise"]
    found = find_interventions("ASA 100 mg", RULES, {"ASA": "acetylsalicylic acid"})
    assert {(item.concept_id, item.rule_id, item.start, item.end) for item in found} == {
        ("aspirin", "abbreviation", 0, 3),
        ("drug", "abbreviation", 0, 3),
    }


def test_an_abbreviation_that_the_text_defines_is_not_read_as_another() -> None:
    assert interventions("moderate tempo exercise (MTX)") == (["exercise"], ["exercise"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30-day mortality", ["mortality_survival"]),
        ("WOMAC", ["musculoskeletal"]),
        ("MMSE", ["cognitive_functioning"]),
        ("HADS depression score", ["psychiatric"]),
        ("SF-36", ["global_quality_of_life"]),
        ("EORTC QLQ-C30", ["global_quality_of_life"]),
        ("length of hospital stay", ["hospital"]),
        ("systolic blood pressure", ["vascular"]),
        ("left ventricular ejection fraction", ["cardiac"]),
        ("LDL cholesterol", ["metabolism_and_nutrition"]),
        ("serum creatinine", ["renal_and_urinary"]),
        ("HBsAg clearance", ["infection_and_infestation"]),
        ("live births", ["pregnancy_and_perinatal"]),
        ("six-minute walk", ["physical_functioning"]),
        ("return to work", ["role_functioning"]),
        ("patient satisfaction", ["delivery_of_care"]),
        ("morphine consumption", ["need_for_further_intervention"]),
        ("cost per QALY", ["economic"]),
        ("caregiver burden", ["societal_carer_burden"]),
        ("serious adverse events", ["adverse_events"]),
        ("pain", ["general"]),
        ("abdominal pain", ["gastrointestinal"]),
        ("thrombocytopenia", ["blood_and_lymphatic"]),
        ("recurrence of uveitis", ["eye"]),
        ("effective rate", []),
        ("mean age of the participants", []),
    ],
)
def test_tells_the_domain(text: str, expected: list[str]) -> None:
    assert domains(text) == expected


def test_reads_an_enumeration_item_by_item() -> None:
    assert domains("mortality, length of stay and nausea") == ["mortality_survival", "hospital", "gastrointestinal"]


def test_a_bracket_repeats_what_is_before_it() -> None:
    assert domains("depression (BDI) and pain (VAS)") == ["psychiatric", "general"]


def test_the_head_names_the_outcome() -> None:
    assert domains("infection mortality") == ["mortality_survival"]
    assert domains("cost of blindness") == ["economic"]
    assert domains("blood pressure after surgery and skin closure") == ["vascular"]


def test_a_short_word_in_capitals_needs_capitals() -> None:
    assert domains("ALT and AST") == ["hepatobiliary"]
    assert domains("alt and ast") == []


def test_an_abbreviation_of_the_review_counts_in_outcomes() -> None:
    assert domains("XQL", XQL="quality of life") == ["global_quality_of_life"]


def test_a_result_counts_only_plain_words_before_in_and_the_like() -> None:
    assert domains("Quality of life was better in patients with asthma", is_name=False) == ["global_quality_of_life"]
    assert domains("the weight of the evidence", is_name=False) == []


def test_finds_conditions_and_countries() -> None:
    text = "42 Danish women with type 2 diabetes or COPD"
    assert [item.concept_id for item in find_conditions(text, RULES)] == [
        "diabetes_mellitus_type_2",
        "pulmonary_disease_chronic_obstructive",
    ]
    assert [(item.concept_id, text[item.start : item.end]) for item in find_countries(text, RULES)] == [
        ("dk", "Danish")
    ]


@pytest.mark.parametrize("words", ["pain ", "aspirin and pain in asthma, ", "of in (", "a" * 50, "no no without "])
def test_takes_linear_time(words: str) -> None:
    text = words * (200_000 // len(words))
    with must_end():
        find_interventions(text, RULES)
        find_outcome_domains(text, RULES)
        find_conditions(text, RULES)
