"""The coding of the first review's evidence, held to a reading of it by hand (`gold_*.csv`).

The gold was made from the printed text before any code ran. A claim is counted once for each row, outcome and
direction; a modality once for each row and concept. `second_reading_*.csv` is another reading of the same text, made
from the text and the concepts' definitions alone, without sight of the gold, the codes or the rules; it stands as it
was made.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest

from pipelines.curate import review_context as context
from pipelines.curate import studies as study_rows
from pipelines.curate.claims import claim_findings, claims
from pipelines.curate.coding_rules import CodingRules, load_coding_rules
from pipelines.curate.interventions import modality_findings, study_modalities
from pipelines.curate.study_design import reference_designs
from pipelines.extract.review_rows import SourceFacts, extract_review, frames_of
from pipelines.readers.text import read_text
from pipelines.vocabularies.csv_files import load_vocabularies

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "raw" / "spine-metastases-review" / "source.txt"
VOCABULARIES = ROOT / "schemas" / "vocabularies"


class Coded:
    """The first review, coded."""

    def __init__(self) -> None:
        document = read_text(SOURCE.read_bytes(), name="source.txt")
        self.source = document.source
        facts = SourceFacts("spine", "spine/source.txt", "0" * 64)
        frames = frames_of([extract_review(facts, document)])
        self.vocabularies = load_vocabularies(VOCABULARIES)
        self.rules: CodingRules = load_coding_rules(VOCABULARIES / "cues", self.vocabularies)
        short = context.by_review(context.abbreviations(frames["sentences"], frames["table_cells"]))
        self.studies = study_rows.studies(
            frames["source_tables"],
            frames["table_cells"],
            frames["citation_markers"],
            frames["citation_mentions"],
            frames["bib_references"],
            frames["reference_authors"],
        )
        options = study_rows.options(frames["source_tables"], frames["table_cells"])
        points = study_rows.option_points(options)
        self.modalities = study_modalities(self.studies, self.rules.modalities, short)
        self.modality_findings = modality_findings(self.studies, self.rules.modalities, short)
        self.claims = claims(self.studies, points, self.rules.modalities, short)
        self.claim_findings = claim_findings(self.studies, self.claims)
        said = context.words_on_references(
            frames["sentences"], frames["citation_markers"], frames["citation_mentions"], self.studies
        )
        self.designs = reference_designs(frames["bib_references"], said, self.rules.designs)


@pytest.fixture(scope="module")
def coded() -> Coded:
    return Coded()


def gold(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def report(name: str, value: float) -> float:
    """The value, printed where pytest runs with -s."""
    print(f"{name}: F1 {value:.3f}")
    return value


def f1(found: Iterable[object], expected: Iterable[object]) -> float:
    ours, theirs = set(found), set(expected)
    assert theirs
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def test_modalities_on_both_levels(coded: Coded) -> None:
    scheme = coded.vocabularies.schemes["modality"]
    found = set(coded.modalities.select("row_no", "concept_id").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"]) for row in gold("gold_study_modalities.csv")}
    assert coded.studies.height == 34
    assert report("modality, level 2", f1(found, expected)) >= 0.95
    tops = [{(row, scheme.top(concept).concept_id) for row, concept in each} for each in (found, expected)]
    assert report("modality, level 1", f1(*tops)) >= 0.98


def test_roles(coded: Coded) -> None:
    found = set(coded.modalities.select("row_no", "concept_id", "role").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"], row["role"]) for row in gold("gold_study_modalities.csv")}
    assert report("modality and role", f1(found, expected)) >= 0.90


def test_fields(coded: Coded) -> None:
    found = set(coded.modalities.select("row_no", "concept_id", "field").iter_rows())
    expected = {(int(row["row_no"]), row["concept_id"], row["field"]) for row in gold("gold_study_modalities.csv")}
    assert f1(found, expected) >= 0.95


def _gold_claims(*columns: str) -> set[tuple[str, ...]]:
    rows = gold("gold_claims.csv")
    return {
        (row["table_no"], row["row_no"], row["point_no"], row["outcome_id"] or "not_stated", *(row[c] for c in columns))
        for row in rows
    }


def _claims(coded: Coded, *columns: str) -> set[tuple[str, ...]]:
    frame = coded.claims.select("table_no", "row_no", "point_no", "outcome_id", *columns)
    return {
        tuple("" if value is None else str(value).lower() if value in (True, False) else str(value) for value in row)
        for row in frame.with_columns(pl.col("point_no").cast(pl.String).fill_null("")).iter_rows()
    }


def test_outcomes_and_directions(coded: Coded) -> None:
    assert report("outcome", f1(_claims(coded), _gold_claims())) >= 0.92
    directed = f1(_claims(coded, "direction"), _gold_claims("direction"))
    assert report("outcome and direction", directed) >= 0.88


def test_polarity_comparator_and_hedging(coded: Coded) -> None:
    columns = ("direction", "polarity", "comparator_concept_id", "is_hedged")
    assert report("claim, all columns", f1(_claims(coded, *columns), _gold_claims(*columns))) >= 0.88


def test_stated_designs_are_right_and_none_is_invented(coded: Coded) -> None:
    expected = {int(row["ref_no"]): {row["design_id"]} for row in gold("gold_reference_designs.csv")}
    found: dict[int, set[str]] = {}
    for ref_no, design_id in (
        coded.designs.filter(pl.col("basis") == "stated").select("ref_no", "design_id").iter_rows()
    ):
        found.setdefault(ref_no, set()).add(design_id)
    assert len(expected) == 71
    assert sum(found[ref_no] == expected[ref_no] for ref_no in expected) / 71 >= 0.97
    invented = {ref_no: found[ref_no] for ref_no in expected if expected[ref_no] == {"not_stated"} != found[ref_no]}
    assert not invented
    assert "randomised_controlled_trial" not in set(coded.designs["design_id"])


def test_levels_stand_only_where_the_design_carries_one(coded: Coded) -> None:
    levels = {
        (row["design_id"], row["ocebm_level"]) for row in coded.designs.iter_rows(named=True) if row["ocebm_level"]
    }
    assert ("matched_pair_analysis", 3) in levels
    assert ("case_series_retrospective", 4) in levels
    without = {"not_stated", "systematic_review", "clinical_trial_phase_2", "narrative_review", "epidemiological_study"}
    assert not without & {design_id for design_id, _ in levels}
    assert coded.designs.filter(pl.col("basis") == "inferred")["ocebm_level"].is_null().all()


def test_every_span_cuts_out_its_cue(coded: Coded) -> None:
    designs = coded.designs.filter(pl.col("cue_text").is_not_null())
    assert coded.modalities["start_char"].null_count() == coded.claims["start_char"].null_count() == 0
    # A page's end cuts the title of reference 31: it has no one place in the source
    assert set(designs.filter(pl.col("start_char").is_null())["ref_no"]) <= {31}
    for frame in (coded.modalities, coded.claims, designs.drop_nulls("start_char")):
        assert frame.height > 20
        for start, end, cue in frame.select("start_char", "end_char", "cue_text").iter_rows():
            assert coded.source[start:end] == cue


def test_what_is_odd_in_the_rows_is_reported(coded: Coded) -> None:
    cut = coded.modality_findings.filter(pl.col("code") == "cut_off_cell")
    assert cut["row_no"].to_list() == [12]
    assert "unknown_modality" not in set(coded.modality_findings["code"])
    against = coded.claim_findings.filter(pl.col("code") == "contradictory_claims")
    assert against["row_no"].to_list() == [13]
    assert "adverse_events" in against["message"][0]
    assert "no_claim" not in set(coded.claim_findings["code"])


def test_a_second_reading_of_the_studies_agrees(coded: Coded) -> None:
    read = gold("second_reading_study_modalities.csv")
    found = set(coded.modalities.select("row_no", "concept_id", "role").iter_rows())
    named = {(row, concept) for row, concept, _ in found}
    assert (
        report("second reading, modality", f1(named, {(int(row["row_no"]), row["concept_id"]) for row in read})) > 0.95
    )
    roles = {(int(row["row_no"]), row["concept_id"], row["role"]) for row in read}
    assert report("second reading, modality and role", f1(found, roles)) >= 0.90


def test_a_second_reading_of_the_claims_agrees(coded: Coded) -> None:
    read = gold("second_reading_claims.csv")
    columns = ("table_no", "row_no", "outcome_id", "direction")
    found = {tuple(map(str, row)) for row in coded.claims.select(columns).iter_rows()}
    expected = {tuple(row[column] for column in columns) for row in read}
    assert report("second reading, outcome", f1({row[:3] for row in found}, {row[:3] for row in expected})) >= 0.92
    assert report("second reading, outcome and direction", f1(found, expected)) >= 0.88


def test_a_second_reading_of_the_designs_agrees(coded: Coded) -> None:
    stated = coded.designs.filter(pl.col("basis") == "stated").select("ref_no", "design_id")
    expected = {(int(row["ref_no"]), row["design_id"]) for row in gold("second_reading_reference_designs.csv")}
    assert len(expected) == 71
    assert report("second reading, stated design", f1(set(stated.iter_rows()), expected)) >= 0.97
