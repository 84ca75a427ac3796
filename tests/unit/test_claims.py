"""Outcome statements: invented sentences, each a turn of phrase that is easily read wrongly."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.claims import claim_findings, claims, split_points
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.outcomes import statements
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables import SPECS
from tests.hang import must_end

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture(scope="module")
def rules() -> ModalityRules:
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).modalities


def read(
    text: str, rules: ModalityRules, arms: tuple[str, str] | None = None, column: str | None = None
) -> set[tuple[str, str]]:
    found = statements(text, rules.claims, rules.matcher.find(text), arms, column)
    return {(statement.outcome_id, statement.direction) for statement in found}


SAID = [
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


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_outcome_and_direction(text: str, expected: set[tuple[str, str]], rules: ModalityRules) -> None:
    assert read(text, rules) == expected


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("Vertebroplasty relieved pain better than surgery.", "surgery_unspecified"),
        ("Compared with surgery, vertebroplasty reduced pain.", "surgery_unspecified"),
        ("Vertebroplasty had fewer complications than open surgery.", "open_surgery"),
        ("Pain relief was similar to radiotherapy.", "radiotherapy_unspecified"),
        ("Vertebroplasty was as safe as surgery.", "surgery_unspecified"),
        ("In patients older than 60 years, surgery relieved pain.", None),
        ("Vertebroplasty relieved pain after surgery.", None),
    ],
)
def test_comparator_that_the_words_name(text: str, comparator: str | None, rules: ModalityRules) -> None:
    found = statements(text, rules.claims, rules.matcher.find(text))
    assert {statement.comparator for statement in found} == {comparator}


def test_comparator_is_the_other_arm(rules: ModalityRules) -> None:
    text = "Vertebroplasty had fewer complications. Both relieved pain."
    found = statements(text, rules.claims, rules.matcher.find(text), ("surgery_unspecified", "vertebroplasty"))
    assert [statement.comparator for statement in found] == ["surgery_unspecified", None]


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
def test_hedging_covers_what_follows_it(text: str, hedged: list[bool], rules: ModalityRules) -> None:
    assert [found.is_hedged for found in statements(text, rules.claims, rules.matcher.find(text))] == hedged


def test_points_take_the_meaning_of_their_column_where_words_give_none(rules: ModalityRules) -> None:
    assert read("Temporary neutropenia", rules, column="disadvantage") == {("haematological", "worsened")}
    assert read("Short hospital stay", rules, column="advantage") == {("treatment_burden", "not_directional")}
    assert read("Temporary neutropenia", rules) == set()


def test_split_points() -> None:
    text = " relieves pain; (a; b) cheap ;; slow. "
    assert [text[start:end] for start, end in split_points(text)] == ["relieves pain", "(a; b) cheap", "slow."]
    assert split_points("") == split_points(" ; ") == []


def _studies(rows: list[tuple[str, str]]) -> pl.DataFrame:
    place = {"table_no": 1, "ref_no": 1, "method_start_char": None, "method_end_char": None}
    return pl.DataFrame(
        [
            {
                **place,
                "review_id": "r",
                "row_no": number,
                "method": method,
                "outcome": outcome,
                "outcome_start_char": 100 * number,
                "outcome_end_char": 100 * number + len(outcome),
            }
            for number, (method, outcome) in enumerate(rows, start=1)
        ],
        schema_overrides=dict.fromkeys(("row_no", "outcome_start_char", "method_start_char"), pl.Int32),
    )


NO_POINTS = pl.DataFrame(schema=SPECS["option_points"].polars_schema)


def test_table_numbers_claims_and_places_cues(rules: ModalityRules) -> None:
    outcome = "Surgery relieved pain. It was safe."
    coded = claims(_studies([("Surgery", outcome)]), NO_POINTS, rules, {})
    assert coded.schema == SPECS["claims"].polars_schema
    assert coded["claim_id"].to_list() == [1, 2]
    assert coded["text"].to_list() == ["Surgery relieved pain.", "It was safe."]
    for row in coded.iter_rows(named=True):
        assert outcome[row["start_char"] - 100 : row["end_char"] - 100] == row["cue_text"]


def test_a_point_without_an_outcome_is_kept(rules: ModalityRules) -> None:
    points = pl.DataFrame(
        [("r", 2, 1, 1, "advantage", "Combines two things", 5, 24)],
        schema=["review_id", "table_no", "row_no", "point_no", "polarity", "text", "start_char", "end_char"],
        orient="row",
    )
    (row,) = claims(_studies([("Surgery", "")]), points, rules, {}).iter_rows(named=True)
    assert (row["outcome_id"], row["direction"], row["polarity"]) == ("not_stated", "not_directional", "favourable")
    assert (row["start_char"], row["end_char"], row["cue_text"]) == (5, 24, "Combines two things")


def test_contradictions_and_silence_are_reported(rules: ModalityRules) -> None:
    studies = _studies(
        [
            ("SBRT or EBRT", "SBRT had less toxicity than EBRT. Toxicity of SBRT was similar to EBRT."),
            ("SBRT or EBRT", "SBRT had less toxicity than EBRT. EBRT had more toxicity than SBRT."),
            ("Surgery", "Surgery relieved pain but the risk of complications was high."),
            ("Surgery", "Twelve lesions were found."),
        ]
    )
    found = claim_findings(studies, claims(studies, NO_POINTS, rules, {}))
    assert found.select("row_no", "code").rows() == [(1, "contradictory_claims"), (4, "no_claim")]
    assert "adverse_events" in found["message"][0]


@pytest.mark.parametrize(
    "text",
    [
        "pain improved and " * 6000,
        "more likely to have pain require " * 3000,
        "SRS was better than " * 5000,
        "not " * 25_000,
        "a" * 100_000,
        ";" * 100_000,
        "(" * 100_000,
    ],
)
def test_hostile_cells_do_not_hang(text: str, rules: ModalityRules) -> None:
    with must_end():
        statements(text, rules.claims, rules.matcher.find(text), None, "advantage")
        split_points(text)
