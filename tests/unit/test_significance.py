"""p-values, confidence intervals and ratios, as they are printed."""

from __future__ import annotations

import pytest

from pipelines.curate.amounts.significance import find_significance_marks


@pytest.mark.parametrize(
    ("text", "is_significant"),
    [
        ("p = 0.03", True),
        ("P=.03", True),
        ("p < 0.05", True),
        ("p≤0.001", True),
        ("p&lt;0.001", True),
        ("p ˂ 0.05", True),
        ("p = 0·0058", True),
        ("p = 0,01", True),
        ("p = 0. 01", True),
        ("p = 1.2 × 10−5", True),
        ("p-value: 0.02", True),
        ("P value of .3", False),
        ("p = 0.14", False),
        ("p > 0.05", False),
        ("p’s > 0.2", False),
        ("p for trend = 0.4", False),
        ("p = NS", False),
        ("n.s.", False),
        ("NS", False),
        ("p 0.07", False),
        # At the level of 5 %
        ("p = 0.05", False),
        ("p = 0.049", True),
        ("p < 0.051", None),
        ("p > 0.049", None),
        ("P = 1.0", False),
        ("p < 0.1", None),
        ("p > 0.01", None),
        ("OR 1.5, 95% CI 1.1–2.0", True),
        ("hazard ratio 0.8 (95 % confidence interval 0.5 to 1.2)", False),
        ("mean difference 1.0, 95% CI −2.8 to 4.7", False),
        ("mean difference −16, 95% CI: −26 to −6", True),
        ("mean 5.4 (95% CI 4.5–6.3)", None),
        # An interval that touches the value of no difference
        ("OR 1.5, 95% CI 1.0–2.0", False),
        ("OR 0.5, 95% CI 0.1–1.0", False),
        ("OR 0.5, 95% CI 0.1–0.9", True),
        ("difference 2, 95% CI 0 to 4", False),
        ("difference 2, 95% CI 1 to 4", True),
        ("difference −2, 95% CI −1 to −4", True),
        ("OR 1.5 (1.0–2.0)", False),
        ("OR 1.5 (1.01–2.0)", True),
        # The measure that is named last before the interval counts, ninety characters back at most.
        ("OR and difference 2, 95% CI 1 to 4", True),
        ("difference and OR 2, 95% CI 0.5 to 4", False),
        ("OR 2, 95% CI −1 to 4", None),
        ("OR 2, 95% CI 4 to 2", None),
        (f"difference{'.' * 80}CI 1 to 4", True),
        (f"difference{'.' * 81}CI 1 to 4", None),
    ],
)
def test_judges_significance(text: str, is_significant: bool | None) -> None:
    judged = {mark.is_significant for mark in find_significance_marks(text)} - {None}
    assert judged == ({is_significant} if is_significant is not None else set())


@pytest.mark.parametrize(
    "text", ["cytochrome P450", "vitamin P: 2", "group P (n = 20)", "P 450 mg", "p. 12", "PNS", "or 1.5"]
)
def test_finds_no_mark(text: str) -> None:
    assert find_significance_marks(text) == []


@pytest.mark.parametrize(
    ("text", "ratio"), [("OR 1.5 (1.1–2.0)", 1.5), ("relative risk, 0.65", 0.65), ("HR = 0·76 [0·63, 0·92]", 0.76)]
)
def test_reads_ratios(text: str, ratio: float) -> None:
    assert [mark.ratio for mark in find_significance_marks(text)] == [ratio]


def test_marks_have_the_place_of_the_printed_value() -> None:
    text = "Pain was lower (P = 0.02)."
    (mark,) = find_significance_marks(text)
    assert text[mark.start : mark.end] == "P = 0.02"
    assert mark.is_p_value
