"""The coding of the first review's evidence, compared with codes assigned by hand (`gold_*.csv`).

The gold codes were assigned from the printed text before any code ran. A claim counts once per row, outcome and
direction; a modality once per row and concept. `second_reading_*.csv` was coded by hand from the text and the
concepts' definitions alone, without access to the gold codes, the coders' output or the rules, and has not been
changed since.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest

from pipelines.curate.claims import code_claims
from pipelines.curate.coding_findings import find_claim_issues, find_modality_issues
from pipelines.curate.coding_rules import CodingRules, load_coding_rules
from pipelines.curate.general_concepts import load_general_rules
from pipelines.curate.interventions import code_study_modalities
from pipelines.curate.options import option_points, options
from pipelines.curate.review_context import find_abbreviations, find_reference_passages
from pipelines.curate.study_design import code_reference_designs
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.text import read_text
from pipelines.vocabularies.csv_files import load_vocabularies
from tests.study_tables import build_study_tables

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "raw" / "spine-metastases-review" / "source.txt"
VOCABULARIES = ROOT / "schemas" / "vocabularies"


class CodedReview:
    """The first review with its coded tables."""

    def __init__(self) -> None:
        document = read_text(SOURCE.read_bytes(), name="source.txt")
        self.source = document.source
        facts = SourceFacts("spine", "spine/source.txt", "0" * 64)
        frames = build_frames([extract_review(facts, document)])
        self.vocabularies = load_vocabularies(VOCABULARIES)
        self.rules: CodingRules = load_coding_rules(VOCABULARIES / "cues", self.vocabularies)
        abbreviations = find_abbreviations(frames["sentences"], frames["table_cells"])
        tables = build_study_tables(frames)
        self.studies = tables["studies"]
        points = option_points(options(frames["source_tables"], frames["table_cells"]))
        rules = self.rules.modalities
        context = (abbreviations, frames["table_cells"], frames["text_parts"])
        self.modalities = code_study_modalities(self.studies, rules, *context)
        self.modality_issues = find_modality_issues(self.studies, rules, abbreviations)
        general = load_general_rules(VOCABULARIES, self.vocabularies)
        self.claims = code_claims(
            frames["reviews"],
            self.studies,
            tables["study_fields"],
            points,
            self.rules,
            general,
            abbreviations,
            frames["text_parts"],
        )
        self.claim_issues = find_claim_issues(self.studies, self.claims)
        passages = find_reference_passages(
            frames["sentences"], frames["citation_markers"], frames["citation_mentions"], self.studies
        )
        self.designs = code_reference_designs(
            frames["bib_references"], passages, self.rules.designs, frames["text_parts"]
        )


@pytest.fixture(scope="module")
def coded() -> CodedReview:
    return CodedReview()


def gold(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def report(name: str, value: float) -> float:
    """Print the value for `pytest -s` and return it."""
    print(f"{name}: F1 {value:.3f}")
    return value


def f1(found: Iterable[object], expected: Iterable[object]) -> float:
    found_set, expected_set = set(found), set(expected)
    assert expected_set
    return 2 * len(found_set & expected_set) / (len(found_set) + len(expected_set))


def test_modalities_agree_with_the_gold_on_both_levels(coded: CodedReview) -> None:
    scheme = coded.vocabularies.schemes["modality"]
    found = set(coded.modalities.select("row_no", "concept_id").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"]) for row in gold("gold_study_modalities.csv")}
    assert coded.studies.height == 34
    assert report("modality, level 2", f1(found, expected)) >= 0.95
    tops = [{(row, scheme.top(concept).concept_id) for row, concept in each} for each in (found, expected)]
    assert report("modality, level 1", f1(*tops)) >= 0.98


def test_roles_agree_with_the_gold(coded: CodedReview) -> None:
    found = set(coded.modalities.select("row_no", "concept_id", "role").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"], row["role"]) for row in gold("gold_study_modalities.csv")}
    assert report("modality and role", f1(found, expected)) >= 0.90


def test_fields_agree_with_the_gold(coded: CodedReview) -> None:
    found = set(coded.modalities.select("row_no", "concept_id", "field").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"], row["field"]) for row in gold("gold_study_modalities.csv")}
    assert f1(found, expected) >= 0.95


def _gold_claims(*columns: str) -> set[tuple[str, ...]]:
    rows = gold("gold_claims.csv")
    return {
        (row["table_no"], row["row_no"], row["point_no"], row["outcome_id"] or "not_stated", *(row[c] for c in columns))
        for row in rows
    }


def _claims(coded: CodedReview, *columns: str) -> set[tuple[str, ...]]:
    frame = coded.claims.select("table_no", "row_no", "point_no", "outcome_id", *columns)
    return {
        tuple("" if value is None else str(value).lower() if value in (True, False) else str(value) for value in row)
        for row in frame.with_columns(pl.col("point_no").cast(pl.String).fill_null("")).iter_rows()
    }


def test_outcomes_and_directions_agree_with_the_gold(coded: CodedReview) -> None:
    assert report("outcome", f1(_claims(coded), _gold_claims())) >= 0.92
    directed = f1(_claims(coded, "direction"), _gold_claims("direction"))
    assert report("outcome and direction", directed) >= 0.88


def test_polarity_comparator_and_hedging_agree_with_the_gold(coded: CodedReview) -> None:
    columns = ("direction", "polarity", "comparator_concept_id", "is_hedged")
    assert report("claim, all columns", f1(_claims(coded, *columns), _gold_claims(*columns))) >= 0.88


def test_stated_designs_agree_with_the_gold_and_none_is_invented(coded: CodedReview) -> None:
    expected = {int(row["ref_no"]): {row["design_id"]} for row in gold("gold_reference_designs.csv")}
    found: dict[int, set[str]] = {}
    for ref_no, design_id in (
        coded.designs.filter(pl.col("basis") != "inferred").select("ref_no", "design_id").iter_rows()
    ):
        found.setdefault(ref_no, set()).add(design_id)
    assert len(expected) == 71
    assert sum(found[ref_no] == expected[ref_no] for ref_no in expected) / 71 >= 0.97
    invented = {ref_no: found[ref_no] for ref_no in expected if expected[ref_no] == {"not_stated"} != found[ref_no]}
    assert not invented
    assert "randomised_controlled_trial" not in set(coded.designs["design_id"])


def test_only_designs_with_a_level_of_evidence_have_one(coded: CodedReview) -> None:
    levels = {
        (row["design_id"], row["ocebm_level"]) for row in coded.designs.iter_rows(named=True) if row["ocebm_level"]
    }
    assert ("matched_pair_analysis", 3) in levels
    assert ("case_series_retrospective", 4) in levels
    without = {"not_stated", "systematic_review", "clinical_trial_phase_2", "narrative_review", "epidemiological_study"}
    assert not without & {design_id for design_id, _ in levels}
    assert coded.designs.filter(pl.col("basis") == "inferred")["ocebm_level"].is_null().all()


def test_every_span_contains_its_cue(coded: CodedReview) -> None:
    designs = coded.designs.filter(pl.col("cue_text").is_not_null())
    assert coded.modalities["start_char"].null_count() == coded.claims["start_char"].null_count() == 0
    # A page break interrupts the title of reference 31.
    assert set(designs.filter(pl.col("start_char").is_null())["ref_no"]) <= {31}
    for frame in (coded.modalities, coded.claims, designs.drop_nulls("start_char")):
        assert frame.height > 20
        for start, end, cue in frame.select("start_char", "end_char", "cue_text").iter_rows():
            assert coded.source[start:end] == cue


def test_reports_issues_of_the_rows(coded: CodedReview) -> None:
    cut = coded.modality_issues.filter(pl.col("code") == "cut_off_cell")
    assert cut["row_no"].to_list() == [12]
    assert "unknown_modality" not in set(coded.modality_issues["code"])
    contradictory = coded.claim_issues.filter(pl.col("code") == "contradictory_claims")
    assert contradictory["row_no"].to_list() == [13]
    assert "adverse_events" in contradictory["message"][0]
    assert "no_claim" not in set(coded.claim_issues["code"])


def test_a_second_reading_of_the_studies_agrees(coded: CodedReview) -> None:
    rows = gold("second_reading_study_modalities.csv")
    found = set(coded.modalities.select("row_no", "concept_id", "role").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"], row["role"]) for row in rows}
    found_modalities, expected_modalities = ({row[:2] for row in each} for each in (found, expected))
    assert report("second reading, modality", f1(found_modalities, expected_modalities)) > 0.95
    assert report("second reading, modality and role", f1(found, expected)) >= 0.90


def test_a_second_reading_of_the_claims_agrees(coded: CodedReview) -> None:
    rows = gold("second_reading_claims.csv")
    columns = ("table_no", "row_no", "outcome_id", "direction")
    found = {tuple(map(str, row)) for row in coded.claims.select(columns).iter_rows()}
    expected = {tuple(row[column] for column in columns) for row in rows}
    assert report("second reading, outcome", f1({row[:3] for row in found}, {row[:3] for row in expected})) >= 0.92
    assert report("second reading, outcome and direction", f1(found, expected)) >= 0.88


def test_a_second_reading_of_the_designs_agrees(coded: CodedReview) -> None:
    stated = coded.designs.filter(pl.col("basis") != "inferred").select("ref_no", "design_id")
    expected = {(int(row["ref_no"]), row["design_id"]) for row in gold("second_reading_reference_designs.csv")}
    assert len(expected) == 71
    assert report("second reading, stated design", f1(set(stated.iter_rows()), expected)) >= 0.97
