"""Roles of columns from headers never seen, and the parts of a study's label."""

from __future__ import annotations

import pytest

from pipelines.document import Cell, Table, TableRow, Text
from pipelines.extract.table_roles import header_role, label_parts, table_roles
from tests.hang import must_end


def table(*rows: str, headers: int = 1) -> Table:
    """A table from rows whose cells `|` parts."""
    return Table(
        "Table 1",
        None,
        tuple(
            TableRow(tuple(Cell(Text(cell, ())) for cell in row.split("|")), 1, number < headers)
            for number, row in enumerate(rows)
        ),
        1,
        None,
    )


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Author and year", "study"),
        ("Authors (year)", "study"),
        ("First author, year", "study"),
        ("Study", "study"),
        ("Study ID", "study"),
        ("Reference (year)", "study"),
        ("Trial name", "study"),
        ("Included studies", "study"),
        ("Author [ref.]", "study"),
        ("Method", "method"),
        ("METHODS", "method"),
        ("Intervention(s)", "method"),
        ("Treatment group", "method"),
        ("Surgical technique", "method"),
        ("Therapies", "method"),
        ("Outcomes", "outcome"),
        ("Main findings", "outcome"),
        ("Key results/conclusions", "outcome"),
        ("Treatment outcomes", "outcome"),
        ("Results of the trial", "outcome"),
        ("Summary of results", "outcome"),
        ("Clinical efficacy ^{a}", "outcome"),
        ("Outcome measure(s)", "outcome"),
        ("Type of radiotherapy", "option"),
        ("Treatment options", "option"),
        ("Advantages", "advantages"),
        ("Main benefits", "advantages"),
        ("Pros", "advantages"),
        ("Disadvantages", "disadvantages"),
        ("Limitations", "disadvantages"),
        ("Cons", "disadvantages"),
        ("References", "references"),
        ("Ref.", "references"),
        ("Refs", "references"),
        ("Reference no.", "references"),
        ("Literature", "references"),
        ("Citation", "references"),
    ],
)
def test_role_of_a_header(header: str, role: str) -> None:
    assert header_role(header) == role


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Study design",
        "Study population",
        "Study type",
        "Year of publication",
        "Publication year",
        "Number of patients",
        "Number of trials",
        "Control group",
        "Adverse events",
        "Relative risk (95% CI)",
        "Source",
        "Method of outcome assessment in children",
        "Pros and cons",
        "Con A",
        "Dose",
        "a" * 100_000,
        "(" * 100_000,
    ],
)
def test_a_header_that_says_nothing_known_is_other(header: str) -> None:
    assert header_role(header) == "other"


def test_evidence_table() -> None:
    assert table_roles(table("Author and year|Method|Outcomes", "Ek 1999|Cast|Good")) == ["study", "method", "outcome"]


def test_roles_do_not_follow_the_place_of_a_column() -> None:
    roles = table_roles(table("Findings|n|Treatment|Authors", "Good|12|Cast|Ek et al."))
    assert roles == ["outcome", "other", "method", "study"]


def test_table_of_options_needs_no_header_above_the_options() -> None:
    assert table_roles(table("|Advantages|Drawbacks|Ref.", "Cast|Cheap|Heavy|4")) == [
        "option",
        "advantages",
        "disadvantages",
        "references",
    ]
    assert table_roles(table("Technique|Pros|Cons", "Cast|Cheap|Heavy"))[0] == "option"


def test_limitations_make_no_options_of_an_evidence_table() -> None:
    roles = table_roles(table("Study|Intervention|Results|Limitations", "Ek 1999|Cast|Good|Small"))
    assert roles == ["study", "method", "outcome", "disadvantages"]


def test_options_without_advantages_are_methods() -> None:
    assert table_roles(table("Author|Treatment option|Result", "Ek|Cast|Good")) == ["study", "method", "outcome"]


def test_a_reference_column_that_names_studies_is_a_study_column() -> None:
    assert table_roles(table("Reference|Findings", "Ek et al. ²⁴|Good", "Bo 2001 ³|Bad"))[0] == "study"
    assert table_roles(table("Reference|Findings", "24|Good", "3,4|Bad"))[0] == "references"


def test_the_lower_header_row_counts() -> None:
    roles = table_roles(table("Study|Intervention||Results", "|Duration|Dosage|", "Ek|2 d|3 g|Good", headers=2))
    assert roles == ["study", "other", "other", "outcome"]
    assert table_roles(table("Study|Treatment", "|(mg)", "Ek|3", headers=2)) == ["study", "method"]


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Danzig 1980", ("Danzig", 1980)),
        ("Grillo Ruggieri 1988", ("Grillo Ruggieri", 1988)),
        ("Gandhi et al. (2016)", ("Gandhi", 2016)),
        ("Venkatesan and Sengupta (2015)", ("Venkatesan", 2015)),
        ("van der Berg et al., 2012a", ("van der Berg", 2012)),
        ("O’Neill^{†} 1999", ("O’Neill", 1999)),
        ("Kim, 2013", ("Kim", 2013)),
        ("Lee et al.", ("Lee", None)),
        ("RTOG 0631", (None, None)),
        ("2010", (None, 2010)),
        ("", (None, None)),
    ],
)
def test_parts_of_a_label(label: str, parts: tuple[str | None, int | None]) -> None:
    assert label_parts(label) == parts


def test_a_long_label_does_not_hang() -> None:
    with must_end():
        label_parts(" " * 100_000 + "x")
        label_parts("et " * 50_000)
