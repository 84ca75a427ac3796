"""Words, abbreviations and letters that tell the arms of a comparison apart, and the numbers printed beside them."""

from __future__ import annotations

import pytest

from pipelines.curate.amounts.amount_clauses import AmountText
from pipelines.curate.amounts.arm_mentions import find_arm_mentions
from pipelines.curate.amounts.arm_names import find_telling_words, mark_names, tokenise
from pipelines.curate.amounts.arm_numbers import compare_numbers
from pipelines.curate.coding_rules import CodingRules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("40 mg oil", ["40 mg", "oil"]),
        ("40mg oil", ["40mg", "oil"]),
        ("2.5 mg oil", ["2.5 mg", "oil"]),
        ("40  mg oil", ["40", "mg", "oil"]),
        # A unit has at most four letters.
        ("40 mcml oil", ["40 mcml", "oil"]),
        ("40 weeks", ["40", "weeks"]),
        ("40 20 mg", ["40", "20 mg"]),
        ("oil mg", ["oil", "mg"]),
        ("group 1 and group B", ["group 1", "and", "group B"]),
        ("group IV and cohort II", ["group IV", "and", "cohort II"]),
        ("group a and group on", ["group", "a", "and", "group", "on"]),
        ("group, 1", ["group", "1"]),
        ("week 1", ["week", "1"]),
    ],
)
def test_a_number_and_its_unit_are_one_word_and_so_are_a_group_and_its_label(text: str, words: list[str]) -> None:
    assert [token.printed for token in tokenise(text)] == words
    assert [text[token.start : token.end] for token in tokenise(text)] == words


def test_numbers_measures_and_general_words_tell_no_arm(coding_rules: CodingRules) -> None:
    words = coding_rules.amounts.words
    assert find_telling_words("the zorbadine group, n 40", words) == {"zorbadine"}
    assert find_telling_words("high dose x", words) == find_telling_words("dose high", words)


@pytest.mark.parametrize(
    ("text", "intervention", "comparator", "named"),
    [
        # Abbreviations: in brackets, initials, some of the initials, letters of the words
        ("UCC", "telephone calls", "usual clinical care", {"UCC": "comparator"}),
        ("UCCs", "telephone calls", "usual clinical care", {"UCCs": "comparator"}),
        ("ucc", "telephone calls", "usual clinical care", {}),
        ("UC", "telephone calls", "usual clinical care", {"UC": "comparator"}),
        ("CU", "telephone calls", "usual clinical care", {}),
        ("TXA", "tranexamic acid", "saline", {"TXA": "intervention"}),
        ("ABCDEF", "aloe b c d e f", "saline", {"ABCDEF": "intervention"}),
        # Longer than six letters is no abbreviation.
        ("ABCDEFG", "aloe b c d e f g", "saline", {}),
        ("S", "telephone calls", "saline", {}),
        # What one arm prints in brackets wins over the initials of the other.
        ("TC", "walking (TC)", "telephone calls", {"TC": "intervention"}),
        # Initials win over a part of longer initials.
        ("TC", "telephone calls", "telephone calls at home", {"TC": "intervention"}),
        ("TC", "telephone calls", "text chats", {}),
        # Letters of groups
        ("group S", "dexmedetomidine", "saline", {"group S": "comparator"}),
        ("S group", "dexmedetomidine", "saline", {"S": "comparator"}),
        ("group s", "dexmedetomidine", "saline", {}),
        ("group D", "dexmedetomidine", "diazepam", {}),
        ("group B", "dexmedetomidine (B)", "saline", {"group B": "intervention"}),
        # The other of two labels
        ("group 1, group 2", "group 1", "advice", {"group 1": "intervention", "group 2": "comparator"}),
        ("group 1, group 2", "advice", "group 2", {"group 1": "intervention", "group 2": "comparator"}),
        ("group 1, group 2, group 3", "group 1", "advice", {"group 1": "intervention"}),
        # With against without
        ("reminders", "with reminders", "without reminders", {"reminders": "intervention"}),
        ("reminders", "no reminders", "reminders", {"reminders": "comparator"}),
        ("reminders", "reminders", "reminders", {}),
    ],
)
def test_names_tell_the_arms_apart(
    text: str, intervention: str, comparator: str, named: dict[str, str], coding_rules: CodingRules
) -> None:
    tokens = tokenise(text)
    marked = mark_names(tokens, intervention, comparator, coding_rules.amounts.words)
    assert {tokens[number].printed: arm for number, arm in marked.items()} == named


@pytest.mark.parametrize(
    ("text", "numbers", "sign"),
    [
        ("Thirst was 12 with zorbadine and 18 with placebo.", "12 with zorbadine and 18", -1),
        ("Thirst was 12.5 ± 3 with zorbadine and 12.4 ± 9 with placebo.", "12.5 ± 3 with zorbadine and 12.4", 1),
        ("Thirst was 12 with zorbadine and 12 with placebo.", None, None),
        # A share counts before the number that it is the share of.
        ("Thirst was 9 (12%) with zorbadine and 8 (18%) with placebo.", "12%) with zorbadine and 8 (18", -1),
        ("Thirst was 5/40 with zorbadine and 9/90 with placebo.", "5/40 with zorbadine and 9/90", 1),
        ("Thirst was 50/40 with zorbadine and 90/90 with placebo.", None, None),
        # Ranges, spreads, sizes of groups, times and labels are no results.
        ("Thirst was 9 (2-30) with zorbadine and 8 (3-40) with placebo.", "9 (2-30) with zorbadine and 8", 1),
        ("Thirst was 9, SD 5, with zorbadine (n = 40) and 8, SD 6, with placebo (n = 41).", None, 1),
        ("Thirst at week 12 was 9 h after 3 days of zorbadine and 8 h after 4 days of placebo.", None, 1),
        ("Thirst (95% CI) was 9 with zorbadine and 8 with placebo.", None, 1),
        ("Thirst was 2 of 40 with zorbadine and 8 of 10 with placebo.", None, -1),
        # Changes
        ("Thirst went from 10 to 18 with zorbadine and from 3 to 12 with placebo.", None, -1),
        ("Thirst was −9 with zorbadine and −8 with placebo.", None, -1),
        ("Thirst was 9–12 with zorbadine and 8–14 with placebo.", None, 1),
        # In the order of the arms
        ("Thirst was 12 and 18 for placebo and zorbadine.", "12 and 18", 1),
        ("For placebo and zorbadine thirst was 12 and 18.", "12 and 18", 1),
        ("Zorbadine and placebo (zorbadine first) thirst was 12 and 18.", "12 and 18", -1),
        # One arm
        ("Thirst was 12 compared to 18 with placebo.", "12 compared to 18", -1),
        ("Thirst was 12 with placebo compared to 18.", "12 with placebo compared to 18", 1),
        ("Thirst was 12, later 18 with placebo.", None, None),
        ("Thirst was 12 with zorbadine.", None, None),
        ("Thirst was 12 with zorbadine and 18% with placebo.", None, None),
    ],
)
def test_compares_the_numbers_next_to_the_arms(
    text: str, numbers: str | None, sign: int | None, coding_rules: CodingRules
) -> None:
    arms = find_arm_mentions(text, "zorbadine", "placebo", coding_rules.amounts)
    parsed = AmountText(text, arms, coding_rules.amounts)
    found = compare_numbers(parsed, parsed.clauses[0], (text.casefold().index("thirst"), text.index("hirst") + 5))
    assert (found.sign if found else None) == sign
    if numbers is not None:
        assert found is not None
        assert text[found.start : found.end] == numbers
