"""What a table is, and the roles of its columns, by its headers and its cells."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pipelines import extract
from pipelines.document import Table
from pipelines.extract.table_roles import read_header_roles
from pipelines.readers.reading_patterns import CELL_WORD_LISTS
from tests.hang import must_end
from tests.printed_tables import heading_row, printed_table, read_printed_table


def kind_of(table: Table) -> str:
    return read_printed_table(table).kind


def roles_of(table: Table) -> list[str]:
    return [" ".join(roles) for roles in read_printed_table(table).column_roles]


def test_every_list_of_cell_words_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(extract.__path__[0]).glob("*.py"))
    has_words = {f"cells_{name}" for name in re.findall(r'has_words\("(\w+)"\)', code)}
    assert has_words | set(re.findall(r'reading_words\("(cells_\w+)"\)', code)) == set(CELL_WORD_LISTS)


def test_reads_an_evidence_table() -> None:
    table = printed_table("Author and year|Method|Outcomes", "Ek 1999|Cast|Good union", "Bo 2001|Vest|No difference")
    assert kind_of(table) == "evidence"
    assert roles_of(table) == ["study", "intervention", "result"]


def test_roles_do_not_depend_on_the_position_of_a_column() -> None:
    table = printed_table("Findings|n|Treatment|Authors", "Good|12|Cast|Ek et al.", "Bad|9|Vest|Bo et al.")
    assert roles_of(table) == ["result", "sample_size", "intervention", "study"]


def test_bare_numbers_cite_studies_as_author_and_year_do() -> None:
    table = printed_table("Host|Treatment|Effects|Reference", "Rats|Leaf tea|Lower weight|[25]", "Mice|Oil|None|[3]")
    assert kind_of(table) == "evidence"
    assert roles_of(table) == ["population", "intervention", "result", "reference"]


def test_studies_are_found_without_a_header() -> None:
    table = printed_table("|Design|Results", "Ek 1999|Trial|Good", "Bo 2001|Cohort|Bad", "Su et al.|Trial|Good")
    assert roles_of(table) == ["study", "design", "result"]


def test_a_reference_column_that_names_studies_is_a_study_column() -> None:
    named = printed_table("Reference|Findings", "Ek et al. [24]|Good", "Bo 2001 [3]|Bad")
    assert roles_of(named) == ["study", "result"]
    numbered = printed_table("Reference|Treatment|Findings", "[24]|Cast|Good", "[3,4]|Vest|Bad")
    assert roles_of(numbered) == ["reference", "intervention", "result"]


def test_lists_of_plants_genes_or_drugs_are_no_evidence() -> None:
    plants = printed_table(
        "Plant|Part used|Model|Dose|Main effects|References",
        "Mint|Leaf|Rats|3 g|Calm|[1]",
        "Sage|Root|Mice|1 g|None|[2]",
    )
    assert kind_of(plants) == "other"
    genes = printed_table("Gene|Function|Reference", "TP53|Repair|[1]", "MYC|Growth|[2]")
    assert kind_of(genes) == "other"
    assert roles_of(genes) == ["", "", "reference"]


def test_trials_of_plants_are_evidence() -> None:
    table = printed_table(
        "Plant|Study design|Outcomes|Reference", "Mint|Randomized trial|↓ plaque|[1]", "Sage|Cohort|No effect|[2]"
    )
    assert kind_of(table) == "evidence"
    assert roles_of(table) == ["intervention", "design", "result", "reference"]


def test_values_with_references_are_no_evidence() -> None:
    table = printed_table("Parameter|Description|Value|Ref.", "k|Rate|0.3|[1]", "m|Mass|0.5|[2]")
    assert kind_of(table) == "other"


def test_an_outcome_is_a_name_if_another_column_has_the_result() -> None:
    names = printed_table("Study|Outcomes|Pre|p value", "Ek 1999|IL-6 (mg/l)|2.0|0.03", "Bo 2001|CRP (mg/l)|1.4|0.2")
    assert roles_of(names) == ["study", "outcome_name", "result", "result"]
    results = printed_table("Study|Drug|Outcome measures", "Ek 1999|Aspirin|Less pain", "Bo 2001|Ibuprofen|No change")
    assert roles_of(results) == ["study", "intervention", "result"]


def test_a_column_has_each_role_once() -> None:
    table = printed_table(
        "Study|Primary outcome/results|Method/design", "Ek 1999|Less pain|Trial", "Bo 2001|Cure|Cohort"
    )
    assert roles_of(table) == ["study", "result", "design"]


def test_the_cells_say_what_a_method_is() -> None:
    interviews = printed_table("Study|Methods used|Findings", "Ek 1999|Interviews|Fear", "Bo 2001|Questionnaire|Hope")
    assert roles_of(interviews) == ["study", "design", "result"]
    assays = printed_table(
        "Study|Drug|Technique|Findings", "Ek 1999|Aspirin|ELISA|Higher", "Bo 2001|Ibuprofen|PCR|Lower"
    )
    assert roles_of(assays) == ["study", "intervention", "", "result"]


def test_roles_come_from_cells_if_the_header_does_not_tell() -> None:
    table = printed_table(
        "Study|Sample|Setup|H. pylori|Where",
        "Ek 1999|n = 12|randomised trial|57%|Kenya",
        "Bo 2001|n = 30|cohort|12 (3–9)|Uganda",
        headers=1,
    )
    assert roles_of(table) == ["study", "population", "design", "result", "country"]


def test_interventions_may_be_described_with_the_design() -> None:
    long = "n = 23 obese men, 4 weeks, crossover; low or moderate carbohydrate diets with the same energy"
    table = printed_table("Reference|Design|Results", f"Ek 1999|{long}|↓ weight", f"Bo 2001|{long}|No change")
    assert roles_of(table) == ["study", "design population intervention", "result"]


def test_ticks_are_no_interventions() -> None:
    table = printed_table("Study|Intervention|Results", "Ek 1999|✓|Good", "Bo 2001|✓|Bad")
    assert roles_of(table) == ["study", "", "result"]


def test_recognises_ratings_of_quality() -> None:
    bias = printed_table(
        "Study|Random sequence generation|Allocation concealment|Blinding of participants|Comments",
        "Ek 1999|Low risk|High risk|Unclear|x",
        "Bo 2001|Low risk|Low risk|Low risk|y",
    )
    assert kind_of(bias) == "quality"
    assert roles_of(bias) == ["study", "quality", "quality", "quality", "quality"]
    scores = printed_table(
        "Study|1|2|3|Total", "Ek 1999|1|0|1|2", "Bo 2001|1|1|1|3", caption="Methodological quality of the trials"
    )
    assert kind_of(scores) == "quality"


def test_one_column_of_quality_leaves_an_evidence_table() -> None:
    table = printed_table("Study|Treatment|Results|Jadad score", "Ek 1999|Cast|Good|3", "Bo 2001|Vest|Bad|2")
    assert kind_of(table) == "evidence"


def test_reads_a_transposed_table() -> None:
    table = printed_table(
        "|Ek 1999 [1]|Bo 2001 [2]|Su 2003 [3]",
        "Study design|Trial|Cohort|Trial",
        "Treatment|Cast|Vest|Belt",
        "Results|Good|Bad|Good",
        "Funding source|A|B|C",
    )
    reading = read_printed_table(table)
    assert (reading.kind, reading.is_transposed) == ("evidence", True)
    assert reading.roles_at(0, 2) == ("study",)
    assert reading.roles_at(2, 3) == ("intervention",)
    assert reading.roles_at(2, 1) == ()


def test_a_checklist_with_studies_as_columns_is_about_quality() -> None:
    rows = ["|Ek 1999|Bo 2001|Su 2003", "Title|✓||✓", "Abstract|✓|✓|", "Methods|✓|✓|✓"]
    assert kind_of(printed_table(*rows)) == "quality"


def test_a_table_without_a_header_continues_the_one_before() -> None:
    first = printed_table("Study|Treatment|Results", "Ek 1999|Cast|Good")
    second = printed_table("Bo 2001|Vest|Bad", headers=0)
    roles = [[header.roles for header in headers] for headers in read_header_roles([first, second])]
    assert roles[1] == roles[0] == [("study",), ("intervention",), ("result",)]
    narrower = printed_table("Bo 2001|Vest", headers=0)
    assert [header.roles for header in read_header_roles([first, narrower])[1]] == [(), ()]


def test_laboratory_results_by_study_number_are_no_evidence() -> None:
    table = printed_table("Study|Treatment|Results", "Study 1|20 mg/kg|Salivation", "Study 2|40 mg/kg|None")
    assert kind_of(table) == "other"


def test_a_trial_may_have_a_name_that_is_no_label() -> None:
    table = printed_table("Study|Treatment|Results", "SPORT|Cast|Good", "RECORD|Vest|Bad", "Ek 1999|Belt|Fair")
    assert kind_of(table) == "evidence"


def test_grades_of_events_are_no_ratings_of_quality() -> None:
    table = printed_table("Adverse events|Grade 1–2|Grade 3|Grade 4|Grade 5", "Nausea|3|1|0|0", "Rash|2|0|0|0")
    assert kind_of(table) == "other"


def test_headings_within_a_table_do_not_hide_its_studies() -> None:
    table = printed_table("Study|Treatment|Results", "Ek 1999|Cast|Good", "Bo 2001|Vest|Bad")
    rows = (table.rows[0], heading_row("Adults", 3), table.rows[1], heading_row("Children", 3), table.rows[2])
    assert kind_of(replace(table, rows=rows)) == "evidence"


def test_finds_options_in_a_column_without_a_header() -> None:
    options = printed_table("|Advantages|Drawbacks|Ref.", "Cast|Cheap|Heavy|[4]")
    assert kind_of(options) == "options"
    assert roles_of(options) == ["option", "advantages", "disadvantages", "reference"]
    assert roles_of(printed_table("Technique|Pros|Cons", "Cast|Cheap|Heavy"))[0] == "option"


def test_limitations_do_not_turn_an_evidence_table_into_options() -> None:
    table = printed_table("Study|Intervention|Results|Limitations", "Ek 1999|Cast|Good|Small", "Bo 2001|Vest|Bad|Few")
    assert kind_of(table) == "evidence"
    assert roles_of(table) == ["study", "intervention", "result", "comment"]


def test_options_without_advantages_are_interventions() -> None:
    table = printed_table("Author|Treatment option|Result", "Ek 1999|Cast|Good", "Bo 2001|Vest|Bad")
    assert roles_of(table) == ["study", "intervention", "result"]


def test_a_long_table_is_judged_by_its_beginning() -> None:
    table = printed_table("Study|Treatment|Results", *(f"Ek {1900 + n % 99}|Cast|Good" for n in range(20_000)))
    with must_end():
        assert kind_of(table) == "evidence"


def test_a_huge_cell_does_not_hang() -> None:
    text = "randomi increas n = " * 50_000
    table = printed_table("Study||Results", f"Ek 1999|{text}|{text}", f"Bo 2001|{text}|{text}")
    with must_end():
        assert kind_of(table) == "evidence"
