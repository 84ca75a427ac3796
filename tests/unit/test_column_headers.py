"""The roles that the headers of unseen tables name."""

from __future__ import annotations

import pytest

from pipelines.extract.column_headers import read_header, read_header_cell
from tests.hang import must_end


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("Author and year", "study"),
        ("Authors (year)", "study"),
        ("First author, year", "study"),
        ("Lead author for study", "study"),
        ("Author, Year, Country [ref.]", "study"),
        ("Study", "study"),
        ("Study ID", "study"),
        ("Study/Country", "study"),
        ("Reference (year)", "study"),
        ("Trial name", "study"),
        ("Included studies", "study"),
        ("Author/year of publication", "study"),
        ("References", "reference"),
        ("Ref.", "reference"),
        ("Reference no.", "reference"),
        ("Literature", "reference"),
        ("Citation", "reference"),
        ("Study design", "design"),
        ("Type of study", "design"),
        ("Design^{1}", "design"),
        ("Mode of data collection", "design"),
        ("Study population", "population"),
        ("Participants** (age range)", "population"),
        ("Cell line", "population"),
        ("Mean age", "population"),
        ("Number of patients", "sample_size"),
        ("No. of animals per group", "sample_size"),
        ("Patients (n)", "sample_size"),
        ("Exercise group (N) sex", "sample_size"),
        ("Sample size", "sample_size"),
        ("Year of publication", "year"),
        ("Publication year", "year"),
        ("Country/Center", "country"),
        ("Geographical area", "country"),
        ("Type of cancer", "condition"),
        ("Treatment", "intervention"),
        ("Intervention(s)", "intervention"),
        ("LGG treatment", "intervention"),
        ("Surgical technique", "intervention"),
        ("Route of administration", "intervention"),
        ("Control group", "comparator"),
        ("Dosage", "dose"),
        ("Concentration/Dose", "dose"),
        ("Duration of study (day)", "duration"),
        ("Treatment time", "duration"),
        ("Follow-up (months)", "follow_up"),
        ("Outcome measures", "outcome_name"),
        ("Outcomes", "outcome"),
        ("Treatment outcomes", "outcome"),
        ("Main findings", "result"),
        ("Key results/conclusions", "result"),
        ("Results of the trial", "result"),
        ("Results- Microbiota metabolites", "result"),
        ("Summary of results", "result"),
        ("OR (95% CI)", "result"),
        ("Relative risk (95% CI)", "result"),
        ("Clinical efficacy ^{a}", "result"),
        ("Adverse events", "adverse_events"),
        ("Side effects", "adverse_events"),
        ("Jadad score", "quality"),
        ("Risk of bias", "quality"),
        ("Aim", "objective"),
        ("Comments", "comment"),
        ("Study design, n", "design sample_size"),
        ("Study setup/participants", "design population"),
        ("Intervention/Control", "intervention comparator"),
        ("Type of Study, study population, intervention", "design population intervention"),
        ("Treatment options", "option"),
        ("Advantages", "advantages"),
        ("Pros", "advantages"),
        ("Limitations", "disadvantages"),
        ("Cons", "disadvantages"),
        ("Method", "method"),
        ("Plant species", "item"),
        ("Type of hypoxia", "kind"),
        ("Pros and cons", "advantages disadvantages"),
    ],
)
def test_reads_the_roles_of_a_header(header: str, roles: str) -> None:
    assert " ".join(read_header_cell(header).roles) == roles


@pytest.mark.parametrize(
    "header",
    ["", "Con A", "H. pylori", "123", "a" * 100_000, "(" * 100_000],
)
def test_a_header_without_a_known_word_names_no_role(header: str) -> None:
    assert read_header_cell(header).roles == ()


@pytest.mark.parametrize(
    "header", ["S/No", "Native/exotic", "Part used", "Types", "Clinical trial identifier", "Number of genes"]
)
def test_a_known_phrase_may_name_no_role(header: str) -> None:
    assert read_header_cell(header).roles == ("nothing",)


def test_the_lowest_level_that_names_a_role_decides() -> None:
    assert read_header(["Intervention", "Duration*"]).roles == ("duration",)
    assert read_header(["Treatment", "(mg)"]).roles == ("intervention",)
    assert read_header(["Anemia", "95% CI"]).roles == ("result",)
    assert read_header([]).roles == ()


def test_says_whether_its_words_have_other_meanings() -> None:
    assert not read_header_cell("Main findings").is_weak
    assert read_header_cell("Time").is_weak
    assert not read_header_cell("Time of follow-up").is_weak


def test_a_long_header_does_not_hang() -> None:
    with must_end():
        read_header_cell("study of " * 20)
        read_header_cell("(/" * 90)
