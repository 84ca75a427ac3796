"""Quantities of invented sentences and cells, read by eye; the table made of them; and texts that are made to hang."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pipelines.curate.coding_rules import CodingRules
from pipelines.curate.quantities import Quantity, QuantityRules, collect_quantities, find_quantities
from pipelines.curate.quantities.columns import NO_COLUMN, read_column
from pipelines.curate.quantities.hints import may_state_quantities
from schemas.tables import SPECS
from schemas.tables.curated import Quantities
from tests.hang import HOSTILE_CELLS, must_end
from tests.mini_tables import rows

FACTS = (
    *("kind", "sign", "value", "value_low", "value_high", "deviation", "interval_kind"),
    *("numerator", "denominator", "unit", "statistic", "arm"),
)


@pytest.fixture(scope="module")
def rules(coding_rules: CodingRules) -> QuantityRules:
    return coding_rules.quantities


def _facts(quantity: Quantity) -> dict[str, Any]:
    return {name: value for name in FACTS if (value := getattr(quantity, name)) is not None}


def _read(text: str, rules: QuantityRules, column: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    context = NO_COLUMN if column is None else read_column(column, rules.tokeniser)
    return [(text[found.start : found.end], _facts(found)) for found in find_quantities(text, rules, context)]


def _number(kind: str, value: float, unit: str | None = None, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "value": value, **({"unit": unit} if unit else {}), **facts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pain eased in 12 of 45 patients (27%; p = 0.03).",
            [
                ("12 of 45 patients (27%", _number("percentage", 27, "%", numerator=12, denominator=45)),
                ("p = 0.03", _number("p_value", 0.03, sign="=")),
            ],
        ),
        ("27% (12/45) were cured", [("27% (12/45)", _number("percentage", 27, "%", numerator=12, denominator=45))]),
        (
            "682 (72.2%) of the 944 patients came",
            [("682 (72.2%) of the 944", _number("percentage", 72.2, "%", numerator=682, denominator=944))],
        ),
        ("Seven women (19%) fell", [("Seven women (19%)", _number("percentage", 19, "%", numerator=7))]),
        (
            "One of 227 patients died",
            [("One of 227 patients", {"kind": "percentage", "numerator": 1, "denominator": 227})],
        ),
        (
            "Survival was 45% (95% CI 38–52).",
            [
                (
                    "45% (95% CI 38–52)",
                    _number("percentage", 45, "%", value_low=38, value_high=52, interval_kind="ci"),
                )
            ],
        ),
        (
            "35.7 vs. 37% improved",
            [("35.7", _number("percentage", 35.7, "%")), ("37%", _number("percentage", 37, "%"))],
        ),
        (
            "It rose from 5% to 10% and ranged from 2 to 4%.",
            [
                ("5%", _number("percentage", 5, "%")),
                ("10%", _number("percentage", 10, "%")),
                (
                    "2 to 4%",
                    {"kind": "percentage", "value_low": 2, "value_high": 4, "interval_kind": "range", "unit": "%"},
                ),
            ],
        ),
        ("gels of 5% (v/v) and 0.9% saline", []),
        ("I² = 45%", [("I² = 45%", _number("heterogeneity", 45, "%"))]),
    ],
)
def test_reads_percentages(text: str, expected: list[tuple[str, dict[str, Any]]], rules: QuantityRules) -> None:
    assert _read(text, rules) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("40 healthy young adults took part", [("40 healthy young adults", _number("sample_size", 40, "person"))]),
        ("Twenty four rats", [("Twenty four rats", _number("sample_size", 24, "animal"))]),
        ("a 65-patient series", [("65-patient", _number("sample_size", 65, "person"))]),
        (
            "27 (20 men, 7 women) volunteers",
            [
                ("27", _number("sample_size", 27, "person")),
                ("20 men", _number("sample_size", 20, "person")),
                ("7 women", _number("sample_size", 7, "person")),
            ],
        ),
        ("The number of participants was 805.", [("805", _number("sample_size", 805))]),
        (
            "34 and 32 studies",
            [("34", _number("study_count", 34, "study")), ("32 studies", _number("study_count", 32, "study"))],
        ),
        ("The other studies (n = 15) failed", [("n = 15", _number("study_count", 15, "study"))]),
        ("over 1,234 women", [("over 1,234 women", _number("sample_size", 1234, "person", sign=">"))]),
        ("in 2015 patients with type 2 diabetes (Table 3, phase 2 trials)", []),
        ("group 1 patients, IL-6 and CD4 cells, COVID-19, see [12, 15–17] and Smith 2010", []),
        ("two of them, one study, three reasons", []),
    ],
)
def test_reads_sample_sizes(text: str, expected: list[tuple[str, dict[str, Any]]], rules: QuantityRules) -> None:
    assert _read(text, rules) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a mean of 65.3 ± 10.2", _number("mean", 65.3, deviation=10.2, interval_kind="not_stated", statistic="mean")),
        (
            "weight was 72.1 kg (SD = 8.4)",
            _number("mean", 72.1, "kg", deviation=8.4, interval_kind="sd", statistic="mean"),
        ),
        ("mean (SE) loss: 3.1 (0.4)", _number("mean", 3.1, deviation=0.4, interval_kind="se", statistic="mean")),
        (
            "median stay was 8 days (IQR 3.5–12.5)",
            _number("median", 8, "day", value_low=3.5, value_high=12.5, interval_kind="iqr", statistic="median"),
        ),
        (
            "median score 24 [18–30]",
            _number("median", 24, value_low=18, value_high=30, interval_kind="not_stated", statistic="median"),
        ),
        ("− 1.7 ± 2.2 kg (mean)", None),
        (
            "the loss was −1.7 ± 2.2 kg",
            _number("mean", -1.7, "kg", deviation=2.2, interval_kind="not_stated", statistic="mean"),
        ),
    ],
)
def test_reads_means_and_medians(text: str, expected: dict[str, Any] | None, rules: QuantityRules) -> None:
    found = _read(text, rules)
    assert expected is None or [facts for _, facts in found] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HR 0·89 (95% CI 0·75–1·05)", ("hazard_ratio", 0.89, 0.75, 1.05)),
        ("adjusted odds ratio (OR) of 2.3 [95 % CI: 1.2 to 4.5]", ("odds_ratio", 2.3, 1.2, 4.5)),
        ("RR, 1.61; 95% CI, 1.35–1.91", ("risk_ratio", 1.61, 1.35, 1.91)),
        ("MD = −0.41 [95% CI = −0.60, −0.22]", ("mean_difference", -0.41, -0.6, -0.22)),
        ("SMD −0.5 (95% CI −0.9 to −0.1)", ("standardised_mean_difference", -0.5, -0.9, -0.1)),
        ("The hazard ratio for death was 0.6 (95% confidence interval 0.4, 0.9)", ("hazard_ratio", 0.6, 0.4, 0.9)),
        ("1.84 (95% CI 1.13–3.01) times", ("estimate", 1.84, 1.13, 3.01)),
        ("CI −2.97, −0.67", ("estimate", None, -2.97, -0.67)),
    ],
)
def test_reads_measures_of_effect_with_their_interval(
    text: str, expected: tuple[str, float | None, float, float], rules: QuantityRules
) -> None:
    (found,) = find_quantities(text, rules)
    assert (found.kind, found.value, found.value_low, found.value_high) == expected
    assert found.interval_kind == "ci"


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("(P<.001)", "<", 0.001),
        ("p = 0,05", "=", 0.05),
        ("p-value of 0.2", "=", 0.2),
        ("p ≤ 0.01", "<=", 0.01),
        ("P > .209", ">", 0.209),
        ("p = 3 × 10−8", "=", 3e-8),
        ("p < 1.2e-5", "<", 1.2e-5),
        ("p for trend = 0.04", "=", 0.04),
    ],
)
def test_reads_p_values_with_their_sign(text: str, sign: str, value: float, rules: QuantityRules) -> None:
    (found,) = find_quantities(text, rules)
    assert (found.kind, found.sign, found.value) == ("p_value", sign, value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "patients aged 18–65 years",
            {"kind": "age", "value_low": 18, "value_high": 65, "interval_kind": "range", "unit": "year"},
        ),
        ("50 adults (18–30 years)", None),
        ("a 9-year-old", _number("age", 9, "year")),
        ("adults over the age of 60", _number("age", 60, sign=">")),
        ("4 years or older", _number("duration", 4, "year", sign=">=")),
        ("a median follow-up of 24 months", _number("follow_up", 24, "month", statistic="median")),
        ("a 12-month follow-up", _number("follow_up", 12, "month")),
        ("followed for 2 years", _number("follow_up", 2, "year")),
        ("8 weeks of training", _number("duration", 8, "week")),
        ("for two months", _number("duration", 2, "month")),
        ("up to 6 wk", _number("duration", 6, "week", sign="<=")),
        ("over 8 weeks", _number("duration", 8, "week")),
        ("20 years ago", None),
        ("every 3 weeks", None),
    ],
)
def test_reads_ages_follow_ups_and_durations(text: str, expected: dict[str, Any] | None, rules: QuantityRules) -> None:
    found = [facts for _, facts in _read(text, rules) if facts["kind"] != "sample_size"]
    if expected is not None:
        assert found == [expected]
    elif "adults" in text:
        assert [facts["kind"] for facts in found] == ["age"]
    else:
        assert found == []


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("300 mg/day", "mg/day", 300),
        ("20 mg·kg−1·day−1", "mg/kg/day", 20),
        ("5 g per day", "g/day", 5),
        ("25 mg/kg body weight", "mg/kg", 25),
        ("30 Gy in ten fractions", "Gy", 30),
        ("a dose of 200 mL", "mL", 200),
        ("2 cups/d", "cup/day", 2),
        ("1,500 μg", "µg", 1500),
    ],
)
def test_reads_doses_with_their_unit(text: str, unit: str, value: float, rules: QuantityRules) -> None:
    assert [facts for _, facts in _read(text, rules)] == [_number("dose", value, unit)]


@pytest.mark.parametrize(
    "text", ["cholesterol of 200 mg/dL", "it contained 5 mg iron and 3 mg zinc", "mice weighing 25 g", "BMI 25 kg/m2"]
)
def test_contents_weights_and_laboratory_values_are_no_doses(text: str, rules: QuantityRules) -> None:
    assert _read(text, rules) == []


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("No. of patients", "45", [_number("sample_size", 45, "person")]),
        ("Sample size (n)", "15,993", [_number("sample_size", 15993)]),
        (
            "Participants | male/female",
            "103/92",
            [_number("sample_size", 103, "person"), _number("sample_size", 92, "person")],
        ),
        ("Population", "Girls, n = 23, 8–12 years", None),
        ("Age (years)", "49 ± 10", [_number("age", 49, "year", deviation=10, interval_kind="not_stated")]),
        (
            "Age (years)",
            "EG: 25–34 CG: 24–35",
            [
                {
                    "kind": "age",
                    "value_low": 25,
                    "value_high": 34,
                    "interval_kind": "range",
                    "unit": "year",
                    "arm": "EG",
                },
                {
                    "kind": "age",
                    "value_low": 24,
                    "value_high": 35,
                    "interval_kind": "range",
                    "unit": "year",
                    "arm": "CG",
                },
            ],
        ),
        ("Follow-up (months)", "24", [_number("follow_up", 24, "month")]),
        ("Dose (mg/kg)", "2.5", [_number("dose", 2.5, "mg/kg")]),
        (
            "Concentration/Dose",
            "5–80 μM",
            [{"kind": "dose", "value_low": 5, "value_high": 80, "interval_kind": "range", "unit": "µM"}],
        ),
        ("Duration of study (days)", "7", [_number("duration", 7, "day")]),
        ("p-value", "<0.001", [_number("p_value", 0.001, sign="<")]),
        ("Anemia | %", "18.20", [_number("percentage", 18.2, "%")]),
        ("Total | n (%)", "19 (40)", [_number("percentage", 40, "%", numerator=19)]),
        (
            "OR (95% CI)",
            "1.19 (0.25 to 5.71)",
            [_number("odds_ratio", 1.19, value_low=0.25, value_high=5.71, interval_kind="ci")],
        ),
        (
            "Model 3 | 95% CI",
            "(2.61–7.01)",
            [{"kind": "estimate", "value_low": 2.61, "value_high": 7.01, "interval_kind": "ci"}],
        ),
        (
            "Placebo group | Mean (SD)",
            "17.4 (34.0)d 0.6 (0.2)",
            [
                _number("mean", 17.4, deviation=34, interval_kind="sd", statistic="mean", arm="Placebo group"),
                _number("mean", 0.6, deviation=0.2, interval_kind="sd", statistic="mean", arm="Placebo group"),
            ],
        ),
        ("Year", "2015", []),
        ("Jadad score", "3", []),
        ("IC50 (μM) (P. falciparum)", "0.001 (D6)", []),
    ],
)
def test_the_header_of_a_column_gives_bare_numbers_their_kind(
    column: str, text: str, expected: list[dict[str, Any]] | None, rules: QuantityRules
) -> None:
    found = [facts for _, facts in _read(text, rules, column)]
    if expected is None:
        assert [facts["kind"] for facts in found] == ["sample_size", "age"]
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "arm"),
    [
        ("the intervention group (n = 45)", "intervention group"),
        ("healthy men, Training gr. (N = 8)", "Training gr."),
        ("placebo (n = 43)", "placebo"),
        ("45 patients in the sham group", "sham group"),
        ("patients (n = 45)", None),
    ],
)
def test_finds_the_arm_next_to_a_number(text: str, arm: str | None, rules: QuantityRules) -> None:
    (found,) = find_quantities(text, rules)
    assert found.arm == arm


@pytest.mark.parametrize(
    "text",
    [
        "p = 3 × 10^{999}",
        "n = 1e999",
        "5 ± ",
        "± 5",
        "(95% CI",
        "95% CI 5",
        "12 (",
        "n =",
        "1:160",
        "0:41 ± 0:19 min",
        "5-10-15 mg",
    ],
)
def test_unfinished_and_odd_numbers_raise_nothing(text: str, rules: QuantityRules) -> None:
    for found in find_quantities(text, rules) + find_quantities(text, rules, read_column("Mean (SD)", rules.tokeniser)):
        assert found.deviation is None or found.deviation >= 0
        assert text[found.start : found.end].strip()


REPEATED = (
    "45 patients (27%) had pain; ",
    "5 ± ",
    "[1,",
    "5-",
    "1.",
    "1/",
    "2.1 (95% CI 1.1",
    "three healthy ",
    "(",
    "p = ",
)


@pytest.mark.parametrize(
    "text", [*HOSTILE_CELLS, *(part * (200_000 // len(part)) for part in REPEATED)], ids=lambda text: text[:12]
)
def test_a_huge_cell_is_read_in_linear_time(text: str, rules: QuantityRules) -> None:
    with must_end():
        find_quantities(text, rules)
        find_quantities(text, rules, read_column("Mean (SD)", rules.tokeniser))
        may_state_quantities(text, rules.hints)


def test_a_cell_of_a_megabyte_loses_none_of_its_thousands_of_numbers(rules: QuantityRules) -> None:
    text = "45 patients (27%) had pain; " * 36_000
    assert len(text) > 1_000_000
    with must_end():
        assert len(find_quantities(text, rules)) == 36_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gene was found in Figure 3 and in 12 plants.", False),
        ("IL-6 and CD4 rose [12, 13].", False),
        ("Twelve obese patients came.", True),
        ("It took 8 weeks.", True),
        ("It was 27%.", True),
        ("p < 0.05", True),
        ("Their age was 45.", True),
        ("HR 2.1", True),
        ("5.2 ± 1.1", True),
    ],
)
def test_hints_tell_texts_with_quantities(text: str, expected: bool, rules: QuantityRules) -> None:
    assert may_state_quantities(text, rules.hints) is expected


def test_the_table_has_place_words_span_and_rule(rules: QuantityRules) -> None:
    source = "We saw 45 patients [3]. | 12 (27%) | 30 mg"
    sentence = {"sentence_id": 7, "kind": "prose", "text": source[:23], "start_char": 0, "end_char": 23}
    caption = {**sentence, "sentence_id": 8, "kind": "caption"}
    cell = {"table_no": 1, "row_no": 2, "column_no": 3, "is_header": False, "column_name": "Cured"}
    cells = (
        {**cell, "text_raw": "12 (27%)", "start_char": 26, "end_char": 34},
        {**cell, "row_no": 0, "is_header": True, "text_raw": "45 patients", "start_char": 0, "end_char": 11},
        {**cell, "table_no": 2, "text_raw": "30 mg", "start_char": 37, "end_char": 42},
    )
    tables = ({"table_no": 1, "kind": "evidence"}, {"table_no": 2, "kind": "other"})
    frame = collect_quantities(
        rows("sentences", sentence, caption),
        rows("table_cells", *cells),
        rows("source_tables", *tables),
        rules,
        rows("text_parts"),
    )
    Quantities.validate(frame, lazy=True)
    columns = ("quantity_id", "sentence_id", "table_no", "row_no", "column_no", "kind", "text", "rule_id", "confidence")
    assert frame.select(columns).rows() == [
        (1, 7, None, None, None, "sample_size", "45 patients", "counted_noun", 0.95),
        (2, None, 1, 2, 3, "percentage", "12 (27%)", "unit", 0.95),
    ]
    for text, start, end in frame.select("text", "start_char", "end_char").iter_rows():
        assert source[start:end] == text


def test_a_text_that_is_interrupted_in_the_source_is_located_by_its_parts(rules: QuantityRules) -> None:
    sentence = {
        "sentence_id": 1,
        "kind": "abstract",
        "text": "We saw 45 men for 8 weeks.",
        "start_char": 100,
        "end_char": 150,
    }
    part = {"subject_table": "sentences", "subject_key": "1", "field": "text"}
    parts = (
        {**part, "part_no": 1, "text_offset": 0, "start_char": 100, "end_char": 110},
        {**part, "part_no": 2, "text_offset": 10, "start_char": 134, "end_char": 150},
    )
    nothing = (rows("table_cells"), rows("source_tables"), rules)
    frame = collect_quantities(rows("sentences", sentence), *nothing, rows("text_parts", *parts))
    assert frame.select("text", "start_char", "end_char").rows() == [("45 men", 107, 137), ("8 weeks", 142, 149)]
    unplaced = collect_quantities(rows("sentences", sentence), *nothing, rows("text_parts"))
    assert unplaced["start_char"].to_list() == [None, None]


def test_quantities_are_numbered_by_review(rules: QuantityRules) -> None:
    sentence = {"sentence_id": 1, "kind": "prose", "text": "It took 8 weeks.", "start_char": 0, "end_char": 16}
    given = pl.concat(
        [rows("sentences", sentence, {**sentence, "sentence_id": 2}), rows("sentences", sentence, review_id="s")]
    )
    frame = collect_quantities(given, rows("table_cells"), rows("source_tables"), rules, rows("text_parts"))
    assert frame.select("review_id", "quantity_id", "sentence_id").rows() == [("r", 1, 1), ("r", 2, 2), ("s", 1, 1)]


def test_accepts_reviews_without_numbers(rules: QuantityRules) -> None:
    frame = collect_quantities(rows("sentences"), rows("table_cells"), rows("source_tables"), rules, rows("text_parts"))
    assert frame.is_empty()
    assert frame.schema == SPECS["quantities"].polars_schema
