"""Outcome statements in invented sentences, each with a phrase that is easily misread."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.claims import code_claims, split_points
from pipelines.curate.coding_findings import find_claim_issues
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.outcomes import Statement, find_statements
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from schemas.tables import SPECS
from tests.hang import must_end

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


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


def test_split_points_ignores_empty_points_and_semicolons_in_brackets() -> None:
    text = " relieves pain; (a; b) cheap ;; slow. "
    assert [text[start:end] for start, end in split_points(text)] == ["relieves pain", "(a; b) cheap", "slow."]
    assert split_points("") == split_points(" ; ") == []


def _studies(*cells: tuple[str, str]) -> pl.DataFrame:
    """`studies` with these method and outcome cells, in rows from 1; the outcome of row 2 begins at offset 200."""
    rows = [
        {
            "review_id": "r",
            "table_no": 1,
            "row_no": row_no,
            "ref_no": 1,
            "method": method,
            "outcome": outcome,
            "outcome_start_char": 100 * row_no,
            "outcome_end_char": 100 * row_no + len(outcome),
        }
        for row_no, (method, outcome) in enumerate(cells, start=1)
    ]
    return pl.DataFrame(rows, schema=SPECS["studies"].polars_schema)


def _code(studies: pl.DataFrame, rules: ModalityRules, *points: dict[str, object]) -> pl.DataFrame:
    """The table `claims`."""
    return code_claims(
        studies,
        pl.DataFrame(points, schema=SPECS["option_points"].polars_schema),
        rules,
        pl.DataFrame(schema=ABBREVIATIONS_SCHEMA),
        pl.DataFrame(schema=SPECS["table_cells"].polars_schema),
        pl.DataFrame(schema=SPECS["text_parts"].polars_schema),
    )


def test_table_numbers_claims_and_locates_cues_in_the_source(modality_rules: ModalityRules) -> None:
    outcome = "Surgery relieved pain. It was safe."
    claims = _code(_studies(("Surgery", outcome)), modality_rules)
    assert claims.schema == SPECS["claims"].polars_schema
    assert claims["claim_id"].to_list() == [1, 2]
    assert claims["text"].to_list() == ["Surgery relieved pain.", "It was safe."]
    for row in claims.iter_rows(named=True):
        assert outcome[row["start_char"] - 100 : row["end_char"] - 100] == row["cue_text"]


def test_keeps_a_point_without_an_outcome(modality_rules: ModalityRules) -> None:
    place = {"review_id": "r", "table_no": 2, "row_no": 1, "point_no": 1}
    point = {"polarity": "advantage", "text": "Combines two things", "start_char": 5, "end_char": 24}
    (row,) = _code(_studies(("Surgery", "")), modality_rules, place | point).iter_rows(named=True)
    assert (row["outcome_id"], row["direction"], row["polarity"]) == ("not_stated", "not_directional", "favourable")
    assert (row["start_char"], row["end_char"], row["cue_text"]) == (5, 24, "Combines two things")


def test_reports_contradictions_and_cells_without_claims(modality_rules: ModalityRules) -> None:
    studies = _studies(
        ("SBRT or EBRT", "SBRT had less toxicity than EBRT. Toxicity of SBRT was similar to EBRT."),
        ("SBRT or EBRT", "SBRT had less toxicity than EBRT. EBRT had more toxicity than SBRT."),
        ("Surgery", "Surgery relieved pain but the risk of complications was high."),
        ("Surgery", "Twelve lesions were found."),
    )
    issues = find_claim_issues(studies, _code(studies, modality_rules))
    assert issues.select("row_no", "code").rows() == [(1, "contradictory_claims"), (4, "no_claim")]
    assert "adverse_events" in issues["message"][0]


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
def test_hostile_cells_do_not_hang(text: str, modality_rules: ModalityRules) -> None:
    with must_end():
        find(text, modality_rules, column="advantage")
        split_points(text)
