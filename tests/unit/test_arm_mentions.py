"""Mentions of the arms of a comparison, by name, abbreviation, letter and general words."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_mentions import find_arm_mentions
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.vocabularies.csv_files import load_vocabularies

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture(scope="module")
def rules() -> AmountRules:
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).amounts


@pytest.mark.parametrize(
    ("text", "intervention", "comparator", "expected"),
    [
        ("with zorbadine or placebo", "zorbadine", "placebo", {"zorbadine": "intervention", "placebo": "comparator"}),
        # Shared words tell nothing; doses do.
        (
            "the 40 mg and the 10 mg group",
            "zorbadine 40 mg",
            "zorbadine 10 mg",
            {"40 mg": "intervention", "10 mg group": "comparator"},
        ),
        ("implanted against non-implanted eyes", "implant", "no implant", {"implanted": "intervention"}),
        ("the no-drain group", "drain", "no drain", {"no-drain group": "comparator"}),
        ("the no-drain group", "no drain", "drain", {"no-drain group": "intervention"}),
        ("UCC patients", "telephone calls", "usual clinical care", {"UCC": "comparator"}),
        ("the TXA group", "tranexamic acid", "saline", {"TXA group": "intervention"}),
        ("group S", "dexmedetomidine", "saline", {"group S": "comparator"}),
        ("group 1 and group 2", "group 1 (yoga)", "advice", {"group 1": "intervention", "group 2": "comparator"}),
        (
            "the M+L group, the L group",
            "metformin (M) plus lifestyle (L)",
            "lifestyle (L)",
            {"M+L group": "intervention", "L group": "comparator"},
        ),
        # The words of one arm are all words of the other arm, too.
        (
            "chemotherapy plus bevacizumab against chemotherapy alone",
            "chemotherapy plus bevacizumab",
            "chemotherapy",
            {"bevacizumab": "intervention", "chemotherapy": "comparator"},
        ),
        # General words
        (
            "the intervention group and controls",
            None,
            None,
            {"intervention group": "intervention", "controls": "comparator"},
        ),
        ("pain control", None, None, {}),
        # "Control" is an arm after a number, an article or nothing, and part of another name after a noun.
        ("glucose control was better", None, None, {}),
        ("among 5 controls", None, None, {"controls": "comparator"}),
        ("among the controls", None, None, {"controls": "comparator"}),
        ("controls", None, None, {"controls": "comparator"}),
        ("without exercise", "exercise", "education", {"without exercise": "comparator"}),
        ("notexercise exercise", "exercise", "education", {"exercise": "intervention"}),
        ("a placebo-controlled study", None, None, {}),
        ("in both groups", None, None, {"both groups": "both"}),
        ("between the two groups", None, None, {"between the two groups": "between"}),
        ("than at baseline", None, None, {"baseline": "baseline"}),
        ("placebo plus zorbadine", "zorbadine plus placebo", "quintamol", {"placebo plus zorbadine": "intervention"}),
        ("in the control group", "usual care", "nurse-led clinic", {"control group": "intervention"}),
        ("treated with placebo", None, None, {"placebo": "comparator"}),
        ("in both zorbadine and placebo groups", "zorbadine", "placebo", {"both zorbadine and placebo groups": "both"}),
    ],
)
def test_finds_arms(
    text: str, intervention: str | None, comparator: str | None, expected: dict[str, str], rules: AmountRules
) -> None:
    found = {text[arm.start : arm.end]: arm.arm for arm in find_arm_mentions(text, intervention, comparator, rules)}
    assert {words: found.get(words) for words in expected} == expected
    assert expected or not found


def test_mentions_are_in_order_and_do_not_overlap(rules: AmountRules) -> None:
    text = "Compared with the control group, the zorbadine group and the treatment group (ZG) did better than placebo."
    mentions = find_arm_mentions(text, "zorbadine (ZG)", "placebo control", rules)
    assert all(first.end <= second.start for first, second in pairwise(mentions))
    assert len(mentions) > 3


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        # "Treated" only introduces the name of the arm.
        ("treated with zorbadine", ["zorbadine"]),
        ("treated by the placebo", ["placebo"]),
        ("zorbadine with placebo", ["zorbadine", "placebo"]),
        ("vitamin zorbadine and zorbadine", ["zorbadine and zorbadine"]),
        ("zorbadine, zorbadine", ["zorbadine", "zorbadine"]),
        ("zorbadine oil group", ["zorbadine oil group"]),
        ("zorbadine and oil group", ["zorbadine"]),
        ("zorbadine high quality oil group", ["zorbadine high quality oil group"]),
        ("zorbadine very high quality oil group", ["zorbadine"]),
    ],
)
def test_a_mention_has_the_words_of_its_arm_only(text: str, mentions: list[str], rules: AmountRules) -> None:
    found = find_arm_mentions(text, "zorbadine", "placebo", rules)
    assert [text[mention.start : mention.end] for mention in found] == mentions
