"""Findings of the coders: what they report, where it is printed, and the labels that they suggest."""

import polars as pl

from pipelines.curate.coding_findings import (
    drop_known_interventions,
    find_claim_issues,
    find_modality_issues,
    find_study_issues,
    suggest_labels,
)
from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.general_concepts import GeneralRules
from pipelines.curate.interventions import ModalityRules
from pipelines.curate.review_context import ABBREVIATIONS_SCHEMA
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.text import read_text
from tests import mini_review
from tests.claim_tables import code_subject_claims
from tests.mini_tables import rows
from tests.study_tables import build_study_tables

TABLE = """
Table 4. Studies of heel spurs.

Author and year	Intervention	Results
Moss 1999 ²	Unheard-of balm	Twelve heels were seen.

"""


def extract(text: str) -> dict[str, pl.DataFrame]:
    document = read_text(text.encode(), name="heel/source.txt")
    return build_frames([extract_review(SourceFacts("heel", "heel/source.txt", "0" * 64), document)])


def find_issues(
    frames: dict[str, pl.DataFrame], rules: CodingRules, general: GeneralRules
) -> list[tuple[str, str, str]]:
    """The findings as (code, place, problem)."""
    tables, cells = frames["source_tables"], frames["table_cells"]
    study_rows = build_study_tables(frames)["studies"]
    abbreviations = pl.DataFrame(schema=ABBREVIATIONS_SCHEMA)
    claims = code_subject_claims(study_rows, rules, general)
    issues = find_study_issues(study_rows, claims, rules.modalities, abbreviations, tables, cells)
    assert issues["subject_key"].unique().to_list() == ["1/1"]
    return [(code, *message.split(": ", 1)) for code, message in issues.select("code", "message").iter_rows()]


def test_names_the_place_by_its_printed_label_and_header(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    [(code, place, problem), (other_code, other_place, other_problem)] = find_issues(
        extract(mini_review.text(table=TABLE)), coding_rules, general_rules
    )
    assert (code, place) == ("unknown_modality", "Table 4, row 1, column Intervention")
    assert problem.startswith("'Unheard-of balm' is not a known modality")
    assert (other_code, other_place) == ("no_claim", "Table 4, row 1, column Results")
    assert other_problem.startswith("no outcome statement is recognised in 'Twelve heels were seen.'")


def test_names_a_table_without_label_and_headers_by_its_number_in_the_source(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    frames = extract(mini_review.text(table=TABLE))
    missing = pl.lit(None, pl.String)
    frames["source_tables"] = frames["source_tables"].with_columns(missing.alias("label"))
    frames["table_cells"] = frames["table_cells"].with_columns(missing.alias("column_name"))
    assert [place for _, place, _ in find_issues(frames, coding_rules, general_rules)] == [
        "table without a label (number 1 in the source), row 1, the method column",
        "table without a label (number 1 in the source), row 1, the outcome column",
    ]


def make_studies(*cells: tuple[str | None, str]) -> pl.DataFrame:
    """`studies` with these method and outcome cells, in rows from 1."""
    return rows(
        "studies",
        *(
            {
                "table_no": 1,
                "row_no": row_no,
                "ref_no": 1,
                "method": method,
                "method_start_char": 50,
                "method_end_char": 50 + len(method or ""),
                "outcome": outcome,
                "outcome_start_char": 100 * row_no,
                "outcome_end_char": 100 * row_no + len(outcome),
            }
            for row_no, (method, outcome) in enumerate(cells, start=1)
        ),
    )


def test_reports_unknown_words_and_cut_off_cells(modality_rules: ModalityRules) -> None:
    methods = ["Ketamine", "Radiosurgery after surgical", "Vertebroplasti", "Surgery and ketamine", "Surgery", None]
    issues = find_modality_issues(
        make_studies(*((method, "") for method in methods)), modality_rules, pl.DataFrame(schema=ABBREVIATIONS_SCHEMA)
    )
    assert issues.select("row_no", "code").rows() == [
        (1, "unknown_modality"),
        (2, "cut_off_cell"),
        (3, "unknown_modality"),
        (4, "unknown_modality"),
    ]
    assert issues["message"][0].startswith("'Ketamine' is not a known modality")
    assert "schemas/vocabularies/modality.csv" in issues["message"][0]
    assert "vertebroplasty" in issues["message"][2]
    assert "'ketamine'" in issues["message"][3]


def test_a_general_scheme_knows_an_intervention_outside_the_subject() -> None:
    findings = pl.DataFrame(
        {
            "review_id": ["heart", "heart", "spine"],
            "code": ["unknown_modality", "no_claim", "unknown_modality"],
            "subject_key": ["1/1", "1/1", "1/1"],
        }
    )
    coded = [
        {"review_id": review_id, "table_no": 1, "row_no": 1, "role": "intervention"} for review_id in ("heart", "spine")
    ]
    kept = drop_known_interventions(findings, rows("study_concepts", *coded), ["spine"])
    assert kept.select("review_id", "code").rows() == [("heart", "no_claim"), ("spine", "unknown_modality")]


def test_suggests_only_similar_labels(modality_rules: ModalityRules) -> None:
    assert suggest_labels("kyphoplasti", modality_rules)[0] == "kyphoplasty"
    assert suggest_labels("zzzzzz", modality_rules) == []


def test_reports_contradictions_and_cells_without_claims(
    coding_rules: CodingRules, general_rules: GeneralRules
) -> None:
    given = make_studies(
        ("SBRT or EBRT", "SBRT had less toxicity than EBRT. Toxicity of SBRT was similar to EBRT."),
        ("SBRT or EBRT", "SBRT had less toxicity than EBRT. EBRT had more toxicity than SBRT."),
        ("Surgery", "Surgery relieved pain but the risk of complications was high."),
        ("Surgery", "Twelve lesions were found."),
    )
    issues = find_claim_issues(given, code_subject_claims(given, coding_rules, general_rules))
    assert issues.select("row_no", "code").rows() == [(1, "contradictory_claims"), (4, "no_claim")]
    assert "adverse_events" in issues["message"][0]
