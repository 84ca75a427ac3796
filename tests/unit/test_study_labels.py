"""The labels by which tables name studies."""

from __future__ import annotations

import pytest

from pipelines.extract.study_labels import find_years, is_study_label, parse_study_label
from tests.hang import must_end


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
        ("Kaur et al., 2017, 2018", ("Kaur", 2017)),
        ("Lee et al.", ("Lee", None)),
        ("RTOG 0631", (None, None)),
        ("2010", (None, 2010)),
        ("", (None, None)),
    ],
)
def test_parses_a_study_label(label: str, parts: tuple[str | None, int | None]) -> None:
    assert parse_study_label(label) == parts


@pytest.mark.parametrize(("length", "is_name"), [(59, True), (60, False)])
def test_the_name_of_an_author_has_less_than_60_letters(length: int, is_name: bool) -> None:
    name = "K" * length
    assert parse_study_label(f"{name} 2013") == (name if is_name else None, 2013)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim 2013", True),
        ("Kim et al.", True),
        ("Kim and colleagues", True),
        ("Kim", False),
        ("kim 2013", False),
        ("van Kim 2013", True),
        ("2013", False),
        ("NCT01234567", True),
        ("NCT", False),
        ("Kim 2013 ".ljust(200, "x"), True),
        ("Kim 2013 ".ljust(201, "x"), False),
        ("", False),
    ],
)
def test_a_label_names_an_author_with_a_year_or_a_trial(text: str, expected: bool) -> None:
    assert is_study_label(text) is expected


def test_finds_every_year() -> None:
    assert find_years("Kaur et al., 2017, 2018") == [2017, 2018]
    assert find_years("Kim 2013a,b") == [2013]
    assert find_years("10.2015/x") == []


@pytest.mark.parametrize(
    "text", ["Danzig 1980", "Gandhi et al. [12]", "van der Berg et al., 2012a", "Étienne & Bo (2001)", "NCT01234567"]
)
def test_recognises_a_study_label(text: str) -> None:
    assert is_study_label(text)


@pytest.mark.parametrize(
    "text", ["", "12 patients in 2010", "mice", "cohort of 1999", "Kenya", "x" * 1000, "2010", "Fall 2009"]
)
def test_other_texts_are_no_study_labels(text: str) -> None:
    assert not is_study_label(text)


def test_a_long_label_does_not_hang() -> None:
    with must_end():
        parse_study_label(" " * 100_000 + "x")
        parse_study_label("et " * 50_000)
        is_study_label("van " * 50)
