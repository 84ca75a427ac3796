"""Rules find the rows that break them, in the smallest frames that do, and pass on empty frames."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.checks.quality_checks import build_rule_rows
from pipelines.checks.rules import RULES, evaluate_rules
from pipelines.checks.source_spans import SPANNED_COLUMNS
from pipelines.sources.source_folder import ListedSource, list_sources
from tests.mini_review import add_source
from tests.mini_tables import Record, frames

SOURCE = "Heel spurs hurt."

LISTED = ({"ref_no": 1, "journal_raw": "Foot J", "year": 1998, "title": "On heels"},)
STUDY = {"table_no": 1, "row_no": 1, "study_label": "Moss 1999", "ref_no": 1, "method": "Oil", "outcome": "Better"}


@dataclass(frozen=True)
class BrokenCase:
    """Frames that break a rule, with its expected counts (n_checked, n_findings) and message."""

    rule: str
    frames: Mapping[str, pl.DataFrame]
    counts: tuple[int, int]
    message: str


REVIEW = ({"source_format": "text", "publication_year": 2019},)

MISPLACED: Mapping[str, tuple[Record, str]] = {
    "review_authors": ({"position": 1}, "1"),
    "review_affiliations": ({"affiliation_no": 1}, "1"),
    "review_keywords": ({"position": 1}, "1"),
    "sections": ({"section_id": 1}, "1"),
    "sentences": ({"sentence_id": 1}, "1"),
    "bib_references": ({"ref_no": 1}, "1"),
    "reference_authors": ({"ref_no": 1, "position": 2}, "1/2"),
    "table_cells": ({"table_no": 1, "row_no": 2, "column_no": 3}, "1/2/3"),
    "citation_markers": ({"marker_id": 1}, "1"),
    "option_points": ({"table_no": 1, "row_no": 2, "point_no": 3}, "1/2/3"),
    "study_modalities": ({"table_no": 1, "row_no": 2, "concept_id": "oil", "role": "primary"}, "1/2/oil/primary"),
    "claims": ({"claim_id": 1}, "1"),
    "quantities": ({"quantity_id": 1}, "1"),
}

BROKEN_CASES = [
    *(
        BrokenCase(
            f"spans_of_{table}",
            frames(
                reviews=REVIEW,
                **{table: ({**key, SPANNED_COLUMNS[table]: "Toes", "start_char": 0, "end_char": 4},)},
            ),
            (1, 1),
            f"heel {subject}: source[0:4] is 'Heel', not 'Toes'",
        )
        for table, (key, subject) in MISPLACED.items()
    ),
    BrokenCase(
        "all_sources_read_of_quarantined_sources",
        frames(reviews=REVIEW, quarantined_sources=({"review_id": "toe", "reason": "toe/source.txt: empty"},)),
        (2, 1),
        "toe: toe/source.txt: empty",
    ),
    BrokenCase(
        "references_numbered_through_of_bib_references",
        frames(bib_references=({"ref_no": 1}, {"ref_no": 3})),
        (1, 1),
        "heel: 2 references, the last is number 3",
    ),
    BrokenCase(
        "tables_as_mentioned_of_source_tables",
        frames(
            sentences=({"sentence_id": 1, "kind": "prose", "text": "See Table 1 and Table 2."},),
            source_tables=({"table_no": 1, "label": "Table 1."},),
        ),
        (2, 1),
        "heel: Table 2 is mentioned",
    ),
    BrokenCase(
        "mentions_counted_of_citation_mentions",
        frames(
            citation_markers=({"marker_id": 1, "n_refs": 1}, {"marker_id": 2, "n_refs": 3}),
            citation_mentions=({"marker_id": 1, "ref_no": 1}, {"marker_id": 2, "ref_no": 1}),
            source_issues=(
                {"issue_id": 1, "code": "dangling_citation", "subject_table": "citation_markers", "subject_key": "2"},
            ),
        ),
        (2, 1),
        "heel, marker 2: 3 numbers, of which 1 have a mention and 1 are not listed",
    ),
    BrokenCase(
        "citations_resolve_of_citation_markers",
        frames(
            citation_markers=({"marker_id": 1}, {"marker_id": 2}),
            source_issues=({"issue_id": 1, "code": "dangling_citation", "message": "'⁵' points at reference 5"},),
        ),
        (2, 1),
        "heel: '⁵' points at reference 5",
    ),
    BrokenCase(
        "reference_years_plausible_of_bib_references",
        frames(reviews=REVIEW, bib_references=({"ref_no": 1, "year": 2020}, {"ref_no": 2, "year": 2021})),
        (2, 1),
        "heel, reference 2: dated 2021, the review 2019",
    ),
    BrokenCase(
        "labels_agree_of_studies",
        frames(
            studies=(
                {**STUDY, "label_matches_reference": False},
                {**STUDY, "row_no": 2, "label_matches_reference": True},
                {**STUDY, "row_no": 3},
            )
        ),
        (2, 1),
        "heel, table 1, row 1: 'Moss 1999' cites reference 1",
    ),
    BrokenCase(
        "modality_coverage_of_study_modalities",
        frames(
            studies=(STUDY, {**STUDY, "row_no": 2}),
            study_modalities=({"table_no": 1, "row_no": 2, "concept_id": "oil"},),
        ),
        (2, 1),
        "1 of 2 have no code",
    ),
    BrokenCase(
        "outcome_coverage_of_claims",
        frames(studies=(STUDY, {**STUDY, "row_no": 2}), claims=({"claim_id": 1, "table_no": 1, "row_no": 2},)),
        (2, 1),
        "1 of 2 have no code",
    ),
    BrokenCase("design_coverage_of_reference_designs", frames(bib_references=LISTED), (1, 1), "1 of 1 have no code"),
    BrokenCase("journal_coverage_of_bib_references", frames(bib_references=LISTED), (1, 1), "'Foot J' (1)"),
]


@pytest.fixture(name="sources")
def _sources(tmp_path: Path) -> dict[str, ListedSource]:
    add_source(tmp_path / "raw", "heel", SOURCE.encode())
    return {listed.review_id: listed for listed in list_sources(tmp_path / "raw")}


@pytest.mark.parametrize("case", BROKEN_CASES, ids=lambda case: case.rule)
def test_a_rule_finds_the_rows_that_break_it(case: BrokenCase, sources: dict[str, ListedSource]) -> None:
    results = evaluate_rules(case.frames, sources)
    result = results[case.rule]
    assert (result.n_checked, result.n_findings) == case.counts
    assert result.message == case.message
    row = build_rule_rows(results).filter(pl.col("check_id") == case.rule).row(0, named=True)
    assert (row["n_checked"], row["n_findings"], row["passed"], row["message"]) == (*case.counts, False, case.message)


def test_every_rule_has_a_case_that_breaks_it() -> None:
    assert sorted(case.rule for case in BROKEN_CASES) == sorted(rule.check_id for rule in RULES)


def test_all_rules_pass_on_empty_frames() -> None:
    assert build_rule_rows(evaluate_rules(frames(), {}))["passed"].all()


def test_a_mentioned_table_is_found_for_every_form_of_its_number() -> None:
    tables = tuple({"table_no": no, "label": label} for no, label in enumerate(("TABLE 1", "Table II.", "Table 3a"), 1))
    text = "Tables 1–3 show all, TABLE 1 most and Table I the same; Table 2 is short."
    given = frames(sentences=({"sentence_id": 1, "kind": "prose", "text": text},), source_tables=tables)
    result = evaluate_rules(given, {})["tables_as_mentioned_of_source_tables"]
    assert (result.n_checked, result.listed) == (3, [])


def test_an_unreadable_source_is_a_finding_for_each_table_with_rows_from_it(
    sources: dict[str, ListedSource], tmp_path: Path
) -> None:
    sentence = {"sentence_id": 1, "text": SOURCE, "start_char": 0, "end_char": len(SOURCE)}
    given = frames(reviews=REVIEW, sentences=(sentence,))
    assert evaluate_rules(given, sources)["spans_of_sentences"].n_findings == 0
    (tmp_path / "raw" / "heel" / "source.txt").unlink()
    after_removal = evaluate_rules(given, sources)
    assert (after_removal["spans_of_sentences"].n_checked, after_removal["spans_of_sentences"].n_findings) == (1, 1)
    assert str(after_removal["spans_of_sentences"].message).startswith(
        "heel: 1 row(s) cannot be compared: heel/source.txt: cannot be read"
    )
    assert after_removal["spans_of_claims"].n_findings == 0
    gone = evaluate_rules(given, {})["spans_of_sentences"]
    assert gone.message == (
        "heel: 1 row(s) cannot be compared: the source was removed from raw/; put it back, or build again without it"
    )


def test_words_around_a_formula_are_compared_without_its_second_form(tmp_path: Path) -> None:
    formula = "<label>5</label><alternatives><tex-math>\\begin{x}y\\end{x}</tex-math><mml:mi>y</mml:mi></alternatives>"
    source = f"<article>{formula}</article>"
    folder = add_source(tmp_path / "raw", "heel", source.encode(), toml="")
    (folder / "source.txt").rename(folder / "source.xml")
    digest = hashlib.sha256(source.encode()).hexdigest()
    toml = f'file = "source.xml"\nformat = "jats"\nsha256 = "{digest}"\n'
    (folder / "source.toml").write_text(toml, encoding="utf-8")
    sources = {listed.review_id: listed for listed in list_sources(tmp_path / "raw")}
    start = source.index("5<")
    end = source.index("</mml:mi>")
    quantity = {"quantity_id": 1, "start_char": start, "end_char": end}

    def result(text: str) -> tuple[int, int]:
        given = frames(
            reviews=({"source_format": "jats"},),
            quantities=({**quantity, "text": text},),
        )
        checked = evaluate_rules(given, sources)["spans_of_quantities"]
        return checked.n_checked, checked.n_findings

    assert result("5 y") == (1, 0)
    assert result("5 x") == (1, 1)
