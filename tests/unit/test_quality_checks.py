"""The table `quality_checks`: one row per check over all batches, with its counts and its first findings."""

import polars as pl
import pytest

from pipelines.checks.coverage import measure_coverage, measure_release_coverage
from pipelines.checks.policies import POLICIES, Policy
from pipelines.checks.quality_checks import UNCHECKED_TABLES, build_quality_checks, check_tables, merge_checks
from schemas.tables import SPECS
from tests.mini_tables import frames, rows

COLUMNS = SPECS["quality_checks"].polars_schema


def test_a_check_that_fails_in_one_batch_fails() -> None:
    common = {"check_id": "spans", "subject_table": "sections", "description": "d", "severity": "error"}
    good = pl.DataFrame([{**common, "n_checked": 5, "n_findings": 0, "passed": True, "message": None}], schema=COLUMNS)
    bad = pl.DataFrame([{**common, "n_checked": 2, "n_findings": 1, "passed": False, "message": "m"}], schema=COLUMNS)
    assert merge_checks([good, bad]).row(0)[4:] == (7, 1, False, "m")


def counts(checks: pl.DataFrame, check_id: str) -> tuple[int, int, bool]:
    row = checks.row(by_predicate=pl.col("check_id") == check_id, named=True)
    return row["n_checked"], row["n_findings"], row["passed"]


def test_keys_are_checked_for_every_table_and_findings_for_every_kind() -> None:
    checks = check_tables(
        frames(
            reviews=({"title": "Heels"},),
            sections=({"section_id": 1}, {"section_id": 1}, {"section_id": 2}),
            sentences=({"sentence_id": 1, "section_id": 2}, {"sentence_id": 2, "section_id": 3}),
            source_issues=({"issue_id": 1, "code": "reference_cut"},),
            bib_references=({"ref_no": 1},),
        )
    )
    assert counts(checks, "primary_key_of_sections") == (3, 1, False)
    assert counts(checks, "primary_key_of_sentences") == (2, 0, True)
    assert counts(checks, "foreign_keys_of_sections") == (3, 0, True)
    assert counts(checks, "foreign_keys_of_sentences") == (2, 1, False)
    assert counts(checks, "reference_cut") == (1, 1, False)
    assert counts(checks, "line_hyphen")[1:] == (0, True)
    messages = dict(checks.select("check_id", "message").iter_rows())
    assert "sections" in messages["foreign_keys_of_sentences"]
    assert messages["foreign_keys_of_sections"] is None
    keyed = {check_id.removeprefix("primary_key_of_") for check_id in messages if check_id.startswith("primary_key_of")}
    assert keyed == set(SPECS) - UNCHECKED_TABLES


def test_a_table_without_foreign_keys_or_codes_has_no_check_of_them() -> None:
    check_ids = set(check_tables(frames())["check_id"])
    assert {name for name in SPECS if f"foreign_keys_of_{name}" in check_ids} == {
        name
        for name, table in SPECS.items()
        if name not in UNCHECKED_TABLES and (table.foreign_keys or any(column.vocabulary for column in table.columns))
    }
    # Its keys are checked in the first batch only, because every batch has the same vocabularies.
    assert "primary_key_of_concepts" in check_ids
    assert "primary_key_of_concepts" not in set(check_tables(frames(), with_vocabularies=False)["check_id"])


def test_counts_of_batches_are_added_and_those_of_vocabularies_are_not() -> None:
    concept = {"scheme": "outcome", "concept_id": "pain"}
    batches = [
        {**frames(sections=({"section_id": 1},), studies=({"row_no": 1, "method": "Oil"},)), "concepts": concepts}
        for concepts in [pl.DataFrame([concept], schema=SPECS["concepts"].polars_schema)] * 3
    ]
    checks = build_quality_checks(batches, {})
    assert counts(checks, "primary_key_of_sections") == (3, 0, True)
    assert counts(checks, "primary_key_of_concepts") == (1, 0, True)
    assert counts(checks, "modality_coverage_of_study_modalities") == (3, 3, False)
    assert checks["check_id"].is_sorted()
    assert checks["check_id"].is_unique().all()


@pytest.mark.parametrize(
    ("min_share", "n_checked", "n_findings", "passes"),
    [
        (1.0, 10, 0, True),
        (1.0, 10, 1, False),
        (1.0, 0, 1, False),
        (0.9, 10, 1, True),
        (0.9, 10, 2, False),
        (0.9, 0, 0, True),
        (0.5, 1, 1, False),
    ],
)
def test_a_check_passes_if_enough_rows_are_in_order(
    min_share: float, n_checked: int, n_findings: int, passes: bool
) -> None:
    policy = Policy("warning", "Heels are round.", "They roll.", min_share)
    assert policy.is_satisfied(n_checked, n_findings) is passes


def test_a_description_says_what_a_failure_does_and_why() -> None:
    assert Policy("error", "Heels are round.", "They roll.").description == (
        "Heels are round. A failure stops the release: they roll."
    )
    assert Policy("warning", "Heels are round.", "They roll.").description == (
        "Heels are round. A failure is shown and stops nothing: they roll."
    )
    stopping = {name for name, policy in POLICIES.items() if policy.severity == "error"}
    assert stopping == {"schema_and_keys", "foreign_keys", "spans", "mentions_counted"}


def test_a_rule_that_tolerates_findings_says_how_many() -> None:
    descriptions = dict(build_quality_checks([frames()], {}).select("check_id", "description").iter_rows())
    assert descriptions["labels_agree_of_studies"].endswith(" At least 90% must be in order.")
    assert "At least" not in descriptions["spans_of_sections"]


def test_coverage_counts_subjects_with_a_stated_code_once() -> None:
    subjects = rows("bib_references", {"ref_no": 1}, {"ref_no": 2}, {"ref_no": 3}, {"ref_no": 3})
    coded = rows(
        "reference_designs",
        {"ref_no": 1, "design_id": "review"},
        {"ref_no": 1, "design_id": "cohort"},
        {"ref_no": 2, "design_id": "not_stated"},
        {"ref_no": 9, "design_id": "review"},
    )
    key = ("review_id", "ref_no")
    (row,) = measure_coverage("evidence", subjects, coded, key).rows()
    assert row == ("evidence", 3, 1, pytest.approx(1 / 3))
    assert measure_coverage("evidence", subjects.clear(), coded, key).row(0) == ("evidence", 0, 0, None)


def test_of_the_topics_of_titles_only_treatments_count() -> None:
    tables = frames(
        bib_references=({"ref_no": 1}, {"ref_no": 2}),
        reference_topics=(
            {"ref_no": 1, "scheme": "modality", "concept_id": "surgery"},
            {"ref_no": 2, "scheme": "cancer", "concept_id": "breast"},
        ),
    )
    shares = dict(measure_release_coverage(tables).select("scheme", "share").iter_rows())
    assert shares["modality in titles"] == 0.5
