"""Column roles from unseen headers, and the parts of a study's label."""

from __future__ import annotations

import pytest

from pipelines.document import Cell, Table, TableRow, Text
from pipelines.extract.table_roles import assign_column_roles, classify_header, parse_study_label
from tests.hang import must_end


def table(*rows: str, headers: int = 1) -> Table:
    """A table from rows whose cells are separated by `|`."""
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
def test_classifies_a_header(header: str, role: str) -> None:
    assert classify_header(header) == role


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
def test_a_header_without_a_known_role_is_other(header: str) -> None:
    assert classify_header(header) == "other"


def test_assigns_roles_to_an_evidence_table() -> None:
    assert assign_column_roles(table("Author and year|Method|Outcomes", "Ek 1999|Cast|Good")) == [
        "study",
        "method",
        "outcome",
    ]


def test_roles_do_not_depend_on_the_position_of_a_column() -> None:
    roles = assign_column_roles(table("Findings|n|Treatment|Authors", "Good|12|Cast|Ek et al."))
    assert roles == ["outcome", "other", "method", "study"]


def test_finds_options_in_a_column_without_a_header() -> None:
    assert assign_column_roles(table("|Advantages|Drawbacks|Ref.", "Cast|Cheap|Heavy|4")) == [
        "option",
        "advantages",
        "disadvantages",
        "references",
    ]
    assert assign_column_roles(table("Technique|Pros|Cons", "Cast|Cheap|Heavy"))[0] == "option"


def test_limitations_do_not_turn_an_evidence_table_into_options() -> None:
    roles = assign_column_roles(table("Study|Intervention|Results|Limitations", "Ek 1999|Cast|Good|Small"))
    assert roles == ["study", "method", "outcome", "disadvantages"]


def test_options_without_advantages_are_methods() -> None:
    assert assign_column_roles(table("Author|Treatment option|Result", "Ek|Cast|Good")) == [
        "study",
        "method",
        "outcome",
    ]


def test_a_reference_column_that_names_studies_is_a_study_column() -> None:
    assert assign_column_roles(table("Reference|Findings", "Ek et al. ²⁴|Good", "Bo 2001 ³|Bad"))[0] == "study"
    assert assign_column_roles(table("Reference|Findings", "24|Good", "3,4|Bad"))[0] == "references"


def test_the_lowest_header_row_decides() -> None:
    roles = assign_column_roles(table("Study|Intervention||Results", "|Duration|Dosage|", "Ek|2 d|3 g|Good", headers=2))
    assert roles == ["study", "other", "other", "outcome"]
    assert assign_column_roles(table("Study|Treatment", "|(mg)", "Ek|3", headers=2)) == ["study", "method"]


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
def test_parses_a_study_label(label: str, parts: tuple[str | None, int | None]) -> None:
    assert parse_study_label(label) == parts


def test_a_long_label_does_not_hang() -> None:
    with must_end():
        parse_study_label(" " * 100_000 + "x")
        parse_study_label("et " * 50_000)
