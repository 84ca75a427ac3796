"""Study designs of invented titles and sentences, each with a possible misreading."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.study_design import DesignRules, code_reference_designs, find_passage_designs, find_title_designs
from pipelines.vocabularies.cue_phrases import Cue, CueFinder, compile_phrase, select_longest, split_words
from schemas.tables import SPECS
from tests.hang import must_end

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"
TITLES = Path(__file__).parents[1] / "data" / "gold_title_designs.csv"
NO_PARTS = pl.DataFrame(schema=SPECS["text_parts"].polars_schema)


def stated(title: str, rules: DesignRules) -> set[str]:
    return {design.design_id for design in find_title_designs(title, rules) if design.basis != "inferred"}


@pytest.mark.parametrize(
    ("title", "design"),
    [
        ("Short or long courses for metastases: a randomised, double-blind, placebo-controlled trial", "rct"),
        ("A randomized trial of bracing", "rct"),
        ("Cement or no cement: a non-randomised trial", "non_randomised_trial"),
        ("Cement or no cement: a nonrandomized comparative trial", "non_randomised_trial"),
        ("Bracing after fracture: a systematic review", "systematic_review"),
        ("Bracing after fracture: a review", "narrative_review"),
        ("Bracing after fracture: a critical review of the evidence", "narrative_review"),
        ("Bracing after fracture: a retrospective study", "case_series_retrospective"),
        ("Bracing after fracture: a retrospective cohort study", "cohort_study"),
        ("Bracing after fracture: a retrospective chart review", "case_series_retrospective"),
        ("Bracing after fracture: a prospective study", "prospective_study"),
        ("A prospective, phase II study of bracing", "clinical_trial_phase_2"),
        ("Bracing: a matched-pair analysis", "matched_pair_analysis"),
        ("Bracing: a multicentre, matched-pair study", "matched_pair_analysis"),
        ("Fracture in a brace: case report", "case_report"),
        ("Fracture in a brace: a successfully treated case", "case_report"),
        ("Three patients successfully treated with a brace", "case_series"),
        ("Bracing: report of 12 cases", "case_series"),
        ("Bracing in an osteoporotic sheep model", "animal_study"),
        ("Bracing: a single centre's experience", "institutional_experience"),
        ("Bracing: technical note", "technical_report"),
        ("Protocol for a randomised trial of bracing", "study_protocol"),
        ("Letter to the editor: a randomised trial of bracing", "letter_commentary"),
        ("RTOG 1 phase II/III study of bracing", "clinical_trial_phase_3"),
        ("RTOG 1 phase II/III study of bracing: phase II results", "clinical_trial_phase_2"),
    ],
)
def test_a_title_states_its_design(title: str, design: str, design_rules: DesignRules) -> None:
    assert stated(title, design_rules) == {"randomised_controlled_trial" if design == "rct" else design}


@pytest.mark.parametrize(
    "title",
    [
        "Bracing of patients older than 60 years",
        "Outcome of bracing with 16 years of follow-up",
        "A randomized survey of villages",
        "Assessing the quality of reports of randomized clinical trials",
        "Better reporting of harms in randomized trials",
        "Why do we need large randomized trials?",
        "Phase II enzyme induction by broccoli",
        "Innovation in small markets: the case of braces",
        "Peer review of brace prescriptions",
        "Prospects of bracing",
        "Patient education in a patient-centred clinic",
        "",
        "脊椎転移に対する手術",
    ],
)
def test_a_title_without_a_design_is_not_stated(title: str, design_rules: DesignRules) -> None:
    assert stated(title, design_rules) == {"not_stated"}


def test_titles_of_many_fields_are_coded_as_they_read(design_rules: DesignRules) -> None:
    with TITLES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 250
    expected = {row["title"]: row["designs"] for row in rows}
    assert {title: "; ".join(sorted(stated(title, design_rules))) for title in expected} == expected


def test_not_stated_has_a_basis_of_its_own(design_rules: DesignRules) -> None:
    assert [design.basis for design in find_title_designs("Bracing of the spine", design_rules)] == ["not_stated"]
    assert [design.basis for design in find_title_designs("Outcome after bracing", design_rules)] == [
        "not_stated",
        "inferred",
    ]
    assert [design.basis for design in find_title_designs("Bracing: a review", design_rules)] == ["stated"]


@pytest.mark.parametrize(
    ("title", "designs"),
    [
        ("Bracing: systematic review and meta-analysis of randomised trials", {"systematic_review", "meta_analysis"}),
        ("Prospective studies of dairy and cancer: a meta-analysis", {"meta_analysis"}),
        ("Adverse effects of braces: a systematic review of case reports", {"systematic_review"}),
        ("Braces and falls: a prospective cohort study and systematic review", {"cohort_study", "systematic_review"}),
        ("Fracture after bracing: a case report and literature review", {"case_report", "narrative_review"}),
    ],
)
def test_the_designs_that_a_review_is_about_are_not_its_own(
    title: str, designs: set[str], design_rules: DesignRules
) -> None:
    assert stated(title, design_rules) == designs


def test_a_synthesis_has_a_level_only_if_it_pools_randomised_trials(design_rules: DesignRules) -> None:
    def levels(title: str) -> list[int | None]:
        return [design.ocebm_level for design in find_title_designs(title, design_rules)]

    assert levels("Bracing: a systematic review of randomised controlled trials") == [1]
    assert levels("Bracing: a systematic review") == [None]
    assert levels("Bracing: a systematic review of randomised trials and cohort studies") == [None]
    assert levels("Bracing: a randomised trial") == [2]
    assert levels("Bracing: a matched-pair analysis") == [3]
    assert levels("Bracing: a case report") == [4]
    # A title that only asks about cost has no level; one that also asks about treatment has.
    assert levels("Costs of bracing, a cost-effectiveness analysis: a matched-pair analysis") == [None]
    assert levels("Efficacy and cost-effectiveness analysis of bracing: a matched-pair analysis") == [3]
    assert levels("Bracing: a phase II trial") == [None]


def test_a_suggested_design_is_added_to_not_stated(design_rules: DesignRules) -> None:
    first, second = find_title_designs("Outcome after bracing", design_rules)
    assert (first.design_id, first.start) == ("not_stated", None)
    assert (second.design_id, second.basis, second.ocebm_level) == ("case_series", "inferred", None)
    assert second.confidence <= 0.6


@pytest.mark.parametrize(
    ("sentence", "designs"),
    [
        ("In a randomised trial, braces relieved pain.", {"randomised_controlled_trial"}),
        ("The phase II study showed that braces are feasible.", {"clinical_trial_phase_2"}),
        ("Finally, in a non-randomised trial, braces relieved pain.", {"non_randomised_trial"}),
        ("A randomised trial is needed.", set()),
        ("Randomised trials have shown that braces relieve pain.", set()),
        ("This review describes braces.", set()),
        ("A systematic review was conducted as recommended.", set()),
        # "A" is three words before the design, or four.
        ("In a small blinded randomised trial, braces relieved pain.", {"randomised_controlled_trial"}),
        ("In a very small blinded randomised trial, braces relieved pain.", set()),
        ("A systematic review of heels was very carefully conducted.", {"systematic_review"}),
    ],
)
def test_reads_the_design_that_the_review_states_of_a_reference(
    sentence: str, designs: set[str], design_rules: DesignRules
) -> None:
    assert {design.design_id for design in find_passage_designs(sentence, design_rules)} == designs


def test_table_prefers_the_title_and_locates_cues_in_the_source(design_rules: DesignRules) -> None:
    source = "1. Ito A. Braces: a case report. 2. Ito B. On braces. 3. Ito C. A case\nreport."
    references = pl.DataFrame(
        {
            "review_id": ["r", "r", "r"],
            "ref_no": [1, 2, 3],
            "title": ["Braces: a case report", "On braces", "A case report"],
            "title_start_char": [10, 44, None],
            "title_end_char": [31, 53, None],
        },
        schema_overrides={"ref_no": pl.Int32, "title_start_char": pl.Int32, "title_end_char": pl.Int32},
    )
    passages = pl.DataFrame(
        {
            "review_id": ["r", "r"],
            "ref_no": [1, 2],
            "text": ["In a randomised trial it worked.", "In a cohort study it worked."],
            "start_char": [100, 200],
            "end_char": [132, 228],
        },
        schema_overrides={"ref_no": pl.Int32, "start_char": pl.Int32, "end_char": pl.Int32},
    )
    coded = code_reference_designs(references, passages, design_rules, NO_PARTS)
    assert coded.schema == SPECS["reference_designs"].polars_schema
    designs = {(row["ref_no"], row["design_id"], row["source_field"]) for row in coded.iter_rows(named=True)}
    assert designs == {(1, "case_report", "title"), (2, "cohort_study", "prose"), (3, "case_report", "title")}
    first = coded.row(0, named=True)
    assert source[first["start_char"] : first["end_char"]] == first["cue_text"] == "case report"
    assert coded.filter(pl.col("ref_no") == 2)["start_char"].to_list() == [205]
    assert coded.filter(pl.col("ref_no") == 3)["start_char"].to_list() == [None]


def test_the_cue_of_an_interrupted_passage_has_no_span(design_rules: DesignRules) -> None:
    references = pl.DataFrame(
        {"review_id": ["r"], "ref_no": [1], "title": ["On braces"], "title_start_char": [0], "title_end_char": [9]},
        schema_overrides={"ref_no": pl.Int32, "title_start_char": pl.Int32, "title_end_char": pl.Int32},
    )
    passages = pl.DataFrame(
        {
            "review_id": ["r"],
            "ref_no": [1],
            "text": ["In a cohort study it worked."],
            "start_char": [200],
            "end_char": [240],
        },
        schema_overrides={"ref_no": pl.Int32, "start_char": pl.Int32, "end_char": pl.Int32},
    )
    coded = code_reference_designs(references, passages, design_rules, NO_PARTS)
    assert coded.select("cue_text", "start_char", "end_char").rows() == [("cohort study", None, None)]


@pytest.mark.parametrize(
    "title",
    [
        "randomized " * 9000,
        "review of randomized trials and " * 3000,
        "phase ii " * 11000,
        "a" * 100_000,
        "(" * 100_000,
        "αβγ " * 25_000,
    ],
)
def test_hostile_titles_do_not_hang(title: str, design_rules: DesignRules) -> None:
    with must_end():
        find_title_designs(title, design_rules)


class TestCues:
    def find(self, phrase: str, text: str) -> list[str]:
        words = split_words(text)
        hits = select_longest(CueFinder([Cue(phrase, {})]).find_all(words))
        return [text[words[hit.first].start : words[hit.last - 1].end] for hit in hits]

    @pytest.mark.parametrize(
        ("phrase", "text", "hits"),
        [
            ("matched pair", "A Matched-Pair analysis", ["Matched-Pair"]),
            ("random* ~2 trial", "randomised, blinded trial", ["randomised, blinded trial"]),
            ("random* ~2 trial", "randomised. A trial", []),
            ("random* ~2 trial", "randomised and twice blinded trial", []),
            ("random* trial", "non-randomised trial", []),
            ("nonrandomi* trial", "Non-randomised trial", ["Non-randomised trial"]),
            ("trial|study", "a study, then a trial", ["study", "trial"]),
            ("in a patient $", "in a patient with pain", []),
            ("in a patient $", "Pain in a patient. Next", ["in a patient"]),
            ("^ review of", "Review of braces. A review of casts: review of both", ["Review of", "review of"]),
            ("# cases", "Report of 343 cases and three cases", ["343 cases"]),
            ("case of *itis|*oma", "A case of arthritis, a case of doubt", ["case of arthritis"]),
            ("tumor", "Tumour", ["Tumour"]),
            ("naive", "naïve", ["naïve"]),
        ],
    )
    def test_matches_the_operators_of_a_phrase(self, phrase: str, text: str, hits: list[str]) -> None:
        assert self.find(phrase, text) == hits

    @pytest.mark.parametrize(
        "phrase",
        ["", "^", "~2 trial", "trial ~2", "a ~2 ~3 b", "a ~0 b", "a [b", "$ a", "a $ b", "a ^ b", "*itis a", "*"],
    )
    def test_rejects_a_phrase_with_invalid_syntax(self, phrase: str) -> None:
        with pytest.raises(ValueError, match="cue"):
            compile_phrase(phrase)
