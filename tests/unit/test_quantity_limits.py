"""Numbers just inside and just outside what counts as a quantity: distances, lists, years, levels, totals and arms."""

from __future__ import annotations

import pytest

from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.quantities import Quantity, QuantityRules, find_quantities
from pipelines.curate.quantities.columns import NO_COLUMN, read_column


@pytest.fixture(scope="module")
def rules(coding_rules: CodingRules) -> QuantityRules:
    return coding_rules.quantities


def describe(text: str, found: Quantity) -> str:
    """The words of a quantity, its kind and unit, and its counts as they were understood."""
    counts = [f"n={found.numerator}"] if found.numerator is not None else []
    counts += [f"N={found.denominator}"] if found.denominator is not None else []
    words = text[found.start : found.end]
    return " ".join([f"[{words}]", found.kind, *([found.unit] if found.unit else []), *counts])


def read(text: str, rules: QuantityRules, column: str | None = None) -> list[str]:
    context = NO_COLUMN if column is None else read_column(column, rules.tokeniser)
    return [describe(text, found) for found in find_quantities(text, rules, context)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A year after "in" is no number of people.
        ("in 1899 patients", ["[1899 patients] sample_size person"]),
        ("in 1900 patients", []),
        ("in 2035 patients", []),
        ("in 2036 patients", ["[2036 patients] sample_size person"]),
        ("of 1999 patients", ["[1999 patients] sample_size person"]),
        # "One" is rarely a number; a single study is none, a single person is one.
        ("one woman", []),
        ("1 study", []),
        ("2 studies", ["[2 studies] study_count study"]),
        ("1 healthy woman", ["[1 healthy woman] sample_size person"]),
        ("1 very healthy woman", []),
        ("2 healthy woman", []),
        # The noun is within five words, and nothing of grammar is between.
        ("40 very healthy white young adults", ["[40 very healthy white young adults] sample_size person"]),
        ("40 very healthy white young tall adults", []),
        ("40 healthy of adults", []),
        ("40 adults patients", ["[40 adults patients] sample_size person"]),
        # Brackets that count the same are skipped.
        ("twelve (12) patients", ["[twelve] sample_size person"]),
        ("twelve (13) patients", []),
        (
            "27 (20 mice, 7 rats) volunteers",
            ["[20 mice] sample_size animal", "[7 rats] sample_size animal"],
        ),
        # A name is no count; "group" and the like take small numbers only.
        ("type 2 women", []),
        ("grade 9 women", []),
        ("group 9 women", []),
        ("group 10 women", ["[10 women] sample_size person"]),
        # People who are named by what was done to them
        ("44 recruited", ["[44 recruited] sample_size person"]),
        ("64 were included", ["[64 were included] sample_size person"]),
        ("64 had included", []),
        # Totals and labels
        ("the total of participants was 805", ["[805] sample_size"]),
        ("the total number of studies was 12", []),
        ("the number of participants said 805", []),
        ("sample size: 12", ["[12] sample_size"]),
        ("Participants: 45", ["[45] sample_size person"]),
        ("studies: 45", []),
        # Studies or patients in brackets
        ("The studies (n = 15)", ["[n = 15] study_count study"]),
        ("The patients (n = 15)", ["[n = 15] sample_size"]),
        ("Studies failed. Here (n = 15)", ["[n = 15] sample_size"]),
        # Two numbers of the same
        ("34 and 32 studies", ["[34] study_count study", "[32 studies] study_count study"]),
        ("34 vs 32 men", ["[34] sample_size person", "[32 men] sample_size person"]),
        ("34 and 32.5 studies", []),
        ("34, 32 studies", ["[32 studies] study_count study"]),
        ("male/female: 103/92", ["[103] sample_size person", "[92] sample_size person"]),
        (
            "140 students and 102 in the control group",
            ["[140 students] sample_size person", "[102] sample_size person"],
        ),
        ("140 students and 102 in the morning", ["[140 students] sample_size person"]),
        ("140 students or 102 in the control group", ["[140 students] sample_size person"]),
        # Ranges
        ("It shows 5 - 10 patients", ["[5 - 10 patients] sample_size person"]),
        ("between 5 and 10 patients", ["[5 and 10 patients] sample_size person"]),
        ("10 - 5 patients", ["[5 patients] sample_size person"]),
    ],
)
def test_what_is_a_number_of_people_or_studies(text: str, expected: list[str], rules: QuantityRules) -> None:
    assert read(text, rules) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Counts of counts: of people, and in brackets of ten or more only
        ("8 of 10 men", ["[8 of 10 men] percentage n=8 N=10"]),
        ("8 out of the 10 men", ["[8 out of the 10 men] percentage n=8 N=10"]),
        ("8 of 10 studies", ["[10 studies] study_count study"]),
        ("5 of 3 men", ["[3 men] sample_size person"]),
        ("one of 9 men", ["[9 men] sample_size person"]),
        ("one of 10 men", ["[one of 10 men] percentage n=1 N=10"]),
        ("a person had pain (8/10)", ["[8/10] percentage n=8 N=10"]),
        ("a person had pain (8/9)", []),
        ("a person had pain (11/10)", []),
        ("a person had pain 8/10", []),
        ("pain (8/10)", []),
        # The counts of a percentage
        ("60% of young patients (3 of 5)", ["[60% of young patients (3 of 5)] percentage % n=3 N=5"]),
        ("60% of young male patients (3 of 5)", ["[60%] percentage %"]),
        ("27% (n = 12)", ["[27% (n = 12)] percentage % n=12"]),
        ("27% (12 women)", ["[27% (12 women)] percentage % n=12"]),
        ("27% (12/45)", ["[27% (12/45)] percentage % n=12 N=45"]),
        ("27% (12/45, later)", ["[27% (12/45] percentage % n=12 N=45"]),
        ("27% (12, later)", ["[27%] percentage %"]),
        ("27% (1.2)", ["[27%] percentage %"]),
        ("27%, 12/45", ["[27%] percentage %"]),
        # The percentage of a count
        ("12 (27%)", ["[12 (27%)] percentage % n=12"]),
        ("12 women (27%)", ["[12 women (27%)] percentage % n=12"]),
        ("12 trees (27%)", ["[27%] percentage %"]),
        ("12 (−27%)", ["[−27%] percentage %"]),
        ("12, 27% came", ["[27%] percentage %"]),
        ("n = 12, 27%,", ["[n = 12, 27%] percentage % n=12"]),
        ("12 of the 45 (27%)", ["[12 of the 45 (27%)] percentage % n=12 N=45"]),
        ("12 (27%) of 13", ["[12 (27%) of 13] percentage % n=12 N=13"]),
        ("12 (27%) of 12", ["[12 (27%)] percentage % n=12"]),
        ("12 (27%) of the total 45", ["[12 (27%) of the total 45] percentage % n=12 N=45"]),
        ("12 (27%) from 45", ["[12 (27%)] percentage % n=12"]),
        # A year is no count.
        ("in 1979 (27%)", ["[1979 (27%)] percentage % n=1979"]),
        ("in 1980 (27%)", ["[27%] percentage %"]),
        ("in 2035 (27%)", ["[27%] percentage %"]),
        ("in 2036 (27%)", ["[2036 (27%)] percentage % n=2036"]),
        ("of 2000 (27%)", ["[2000 (27%)] percentage % n=2000"]),
    ],
)
def test_counts_and_their_percentages(text: str, expected: list[str], rules: QuantityRules) -> None:
    assert read(text, rules) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35.7, 37% improved", ["[37%] percentage %"]),
        ("35.7, 36 and 37% improved", ["[35.7] percentage %", "[36] percentage %", "[37%] percentage %"]),
        ("10 or 20 mg", ["[10] dose mg", "[20 mg] dose mg"]),
        ("10 plus 20 mg", ["[20 mg] dose mg"]),
        ("10 to 20 mg", ["[10 to 20 mg] dose mg"]),
        ("20 to 10 mg", ["[10 mg] dose mg"]),
        ("from 20 to 10 mg", ["[20] dose mg", "[10 mg] dose mg"]),
        # The unit is within six numbers.
        ("1, 2, 3, 4, 5, 6 and 7 mg", [*(f"[{number}] dose mg" for number in "123456"), "[7 mg] dose mg"]),
        ("1, 2, 3, 4, 5, 6, 7 and 8 mg", [*(f"[{number}] dose mg" for number in "234567"), "[8 mg] dose mg"]),
        # A chain of numbers is no range.
        ("5-10 mg", ["[5-10 mg] dose mg"]),
        ("5 mg-10 mg", ["[5 mg-10 mg] dose mg"]),
        ("5-10-15 mg", ["[10-15 mg] dose mg"]),
        # Two units beside a slash are a concentration.
        ("12 mg/5 mL", []),
        ("5/10 mg", []),
        # Contents are no doses.
        ("131 mg Mn", ["[131 mg] dose mg"]),
        ("contained 131 mg Mn, 145 mg Fe", []),
        ("contained Mn. It took 145 mg Fe", ["[145 mg] dose mg"]),
        # From … to: a change or a range
        ("rose from 5% to 10%", ["[5%] percentage %", "[10%] percentage %"]),
        ("ranged from 5 to 10%", ["[5 to 10%] percentage %"]),
        ("It rose. It was from 5 to 10%", ["[5 to 10%] percentage %"]),
    ],
)
def test_a_unit_is_shared_by_a_list_but_not_by_other_numbers(
    text: str, expected: list[str], rules: QuantityRules
) -> None:
    assert read(text, rules) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "interval"),
    [
        # The level of an interval is 80 % to 99.99 %.
        ("OR 1.5 (80% CI 1 to 2)", 1, 2, "ci"),
        ("OR 1.5 (99.99% CI 1 to 2)", 1, 2, "ci"),
        ("OR 1.5 (CI 95%: 1 to 2)", 1, 2, "ci"),
        ("OR 1.5 (CI, 1 and 2)", 1, 2, "ci"),
        ("CI 1.2, 2.9", 1.2, 2.9, "ci"),
        ("Mean age was 45 (40 to 50)", 40, 50, "not_stated"),
        ("median stay 8 days (range 4-12)", 4, 12, "range"),
        ("median stay 8 days (IQR 4-12)", 4, 12, "iqr"),
    ],
)
def test_reads_the_interval_that_follows(
    text: str, low: float, high: float, interval: str, rules: QuantityRules
) -> None:
    (found,) = find_quantities(text, rules)
    assert (found.value_low, found.value_high, found.interval_kind) == (low, high, interval)


@pytest.mark.parametrize("text", ["CI 1.2", "IQR 1.2, 2.9", "95% CI"])
def test_an_interval_that_lacks_an_end_or_an_estimate_is_no_quantity(text: str, rules: QuantityRules) -> None:
    assert find_quantities(text, rules) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a change of 45% − 5%", 5),
        ("a change of −5%", -5),
        ("a change of - 5%", 5),
        ("a change of − 5%", 5),
        ("a change: − 5%", -5),
        ("a change (− 5%)", -5),
        ("a change=−5%", -5),
        ("1,234%", 1234),
        ("1,23%", 1.23),
        ("0,123%", 0.123),
        ("12\u2009345%", 12345),
        ("0·5%", 0.5),
        ("1,234.5%", 1234.5),
    ],
)
def test_reads_minus_signs_separators_and_decimal_commas(text: str, value: float, rules: QuantityRules) -> None:
    assert find_quantities(text, rules)[-1].value == value


@pytest.mark.parametrize(
    ("text", "arm"),
    [
        ("intervention gr. (n = 45)", "intervention gr."),
        ("(intervention group) n = 45", None),
        ("very good strong training group (n = 45)", "strong training group"),
        ("strong of training group (n = 45)", "training group"),
        # A treatment names an arm where its size is printed, not where a result is.
        ("placebo group (45%)", "placebo group"),
        ("training (45%)", None),
        ("training group (p = 0.04)", None),
        ("45 patients in the placebo group", "placebo group"),
        ("45 patients in placebo group", "placebo group"),
        ("45 patients of the placebo group", None),
        ("45 patients in the group", None),
        ("45 patients in the very sham group", "very sham group"),
        ("45 patients in the very good sham group", None),
    ],
)
def test_an_arm_is_right_beside_its_number(text: str, arm: str | None, rules: QuantityRules) -> None:
    (found,) = find_quantities(text, rules)
    assert found.arm == arm


@pytest.mark.parametrize(
    ("text", "arm"),
    [
        ("IG: 45", "IG"),
        ("12; IG: 45", "IG"),
        ("very good training IG: 45", None),
        ("dose: 45", None),
        ("IG 45", None),
    ],
)
def test_a_label_names_the_arm_in_a_cell(text: str, arm: str | None, rules: QuantityRules) -> None:
    found = find_quantities(text, rules, read_column("No. of patients", rules.tokeniser))
    assert [quantity.arm for quantity in found[-1:]] == ([arm] if found else [])


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("No. of studies", "5", ["[5] study_count study"]),
        ("No. of studies (patients)", "5", ["[5] sample_size"]),
        ("Studies", "5", []),
        ("Median", "5", ["[5] median"]),
        ("Median age", "5", ["[5] age"]),
        ("Weeks", "5", ["[5] duration week"]),
        ("Duration, weeks", "5", ["[5] duration week"]),
        ("Duration, weeks of use", "5", ["[5] duration"]),
        ("Duration", "2015", []),
        ("Duration", "1899", ["[1899] duration"]),
        ("Dose", "5", []),
        ("Dose (mg)", "5", ["[5] dose mg"]),
        ("p-value", "1", ["[1] p_value"]),
        ("p-value", "1.1", []),
        ("Patients", "5.5", []),
        ("Patients", "5–7", ["[5–7] sample_size person"]),
        ("OR", "1.5", ["[1.5] odds_ratio"]),
        ("95% CI", "1.5", []),
        ("95% CI", "1.5–2", ["[1.5–2] estimate"]),
        ("OR | 95% CI", "1.5–2", ["[1.5–2] odds_ratio"]),
        ("Jadad", "5", []),
    ],
)
def test_a_header_says_what_a_bare_number_is(column: str, text: str, expected: list[str], rules: QuantityRules) -> None:
    assert read(text, rules, column) == expected
