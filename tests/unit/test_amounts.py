"""Amounts of outcomes: which arm has more of an outcome, kept apart from benefit and from mere significance."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.curate.amounts import Amount, Outcome, find_amounts, read_amount
from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.amounts.arm_mentions import ArmMention, find_arm_mentions
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.vocabularies.csv_files import load_vocabularies
from tests.hang import HOSTILE_CELLS, must_end

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


@pytest.fixture(scope="module")
def rules() -> AmountRules:
    return load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).amounts


def read_sentence(
    text: str, outcome: str, rules: AmountRules, arms: tuple[str, str] = ("zorbadine", "placebo")
) -> Amount:
    return read_amount(text, outcome, *arms, rules)


def read_cell(text: str, outcome: str, rules: AmountRules) -> Amount:
    arms = find_arm_mentions(text, "zorbadine", "placebo", rules)
    return find_amounts(text, [Outcome(outcome)], arms, rules)[0]


@pytest.mark.parametrize(
    ("text", "outcome", "amount"),
    [
        # Comparatives and the order in which arms are named
        ("Ferritin was higher in the zorbadine group than in the placebo group.", "ferritin", "higher"),
        ("Ferritin was higher in the placebo group than in the zorbadine group.", "ferritin", "lower"),
        ("Recurrence was higher in the placebo group.", "recurrence", "lower"),
        ("Compared with zorbadine, placebo led to fewer falls.", "falls", "higher"),
        ("Patients on placebo needed more morphine than those on zorbadine.", "morphine", "lower"),
        ("Thirst was twice as common in placebo as in zorbadine.", "thirst", "lower"),
        ("The thirst of patients on zorbadine exceeded that of patients on placebo.", "thirst", "higher"),
        ("Weight rose in the placebo group, whereas it remained constant in the zorbadine group.", "weight", "lower"),
        # Verbs and nouns of change, and words that modify them
        ("Zorbadine reduced sleep latency compared with placebo.", "sleep latency", "lower"),
        ("The increase in ferritin was smaller with zorbadine than with placebo.", "ferritin", "lower"),
        ("The decrease in ferritin was smaller with zorbadine than with placebo.", "ferritin", "higher"),
        ("Zorbadine was more effective than placebo in lowering ferritin.", "ferritin", "lower"),
        ("Zorbadine was superior to placebo for the relief of itching.", "itching", "lower"),
        ("Patients on zorbadine were less likely to report thirst (12% vs 25%, p = 0.01).", "thirst", "lower"),
        ("Zorbadine increased ferritin but decreased thirst.", "thirst", "lower"),
        ("Zorbadine led to higher levels of ferritin (p = 0.01) and lower thirst (p = 0.02).", "ferritin", "higher"),
        ("The zorbadine group had a smaller pain reduction than the placebo group.", "pain", "higher"),
        ("Zorbadine, but not placebo, reduced ferritin.", "ferritin", "lower"),
        ("Antibodies against rabies rose in the zorbadine group.", "antibodies against rabies", "higher"),
        # What is compared with: up to a comma, or a time before treatment
        ("Thirst was higher than before in the zorbadine group.", "thirst", "higher"),
        ("Thirst was higher than before in the placebo group.", "thirst", "lower"),
        ("Thirst was higher than at baseline in the placebo group.", "thirst", "lower"),
        ("Thirst was higher than at baseline and in the placebo group.", "thirst", "higher"),
        ("Thirst was higher than that observed before placebo.", "thirst", "higher"),
        ("Thirst, compared with placebo, fell in the zorbadine group.", "thirst", "lower"),
        # An improvement is more of a benefit and less of a harm
        ("Zorbadine improved quality of life.", "quality of life", "higher"),
        ("Zorbadine improved headache.", "headache", "lower"),
        ("Headache was worse with zorbadine.", "headache", "higher"),
        ("There was a significant difference in mood in favour of zorbadine.", "mood", "higher"),
        # No difference
        ("Ferritin did not differ between groups.", "ferritin", "no_difference"),
        ("Zorbadine was as effective as placebo for itching.", "itching", "no_difference"),
        ("Zorbadine was non-inferior to placebo with respect to itching.", "itching", "no_difference"),
        ("Ferritin was unaffected by zorbadine.", "ferritin", "no_difference"),
        ("Zorbadine failed to improve mood.", "mood", "no_difference"),
        ("Zorbadine was not associated with falls.", "falls", "no_difference"),
        ("Neither zorbadine nor placebo changed ferritin.", "ferritin", "no_difference"),
        ("Mood was comparable in the two groups.", "mood", "no_difference"),
        ("A difference in mood was not found.", "mood", "no_difference"),
        ("No adverse events occurred in either group.", "adverse events", "no_difference"),
        ("Ferritin increased in both groups.", "ferritin", "no_difference"),
        ("Thirst rose in the zorbadine and placebo groups.", "thirst", "no_difference"),
        ("Thirst rose in the placebo group and mood in the zorbadine group.", "thirst", "lower"),
        ("There was no statistically or clinically significant difference in mood.", "mood", "no_difference"),
        # Higher, but not significantly
        ("Ferritin was higher in the zorbadine group, but not significantly.", "ferritin", "no_difference"),
        ("Ferritin was slightly but not significantly higher with zorbadine.", "ferritin", "no_difference"),
        ("Although ferritin rose, this was not statistically significant.", "ferritin", "no_difference"),
        ("Ferritin tended to be lower with zorbadine.", "ferritin", "no_difference"),
        ("Ferritin was lower with zorbadine than with placebo (p = 0.14).", "ferritin", "no_difference"),
        ("Thirst was more common with zorbadine (RR 1.2, 95% CI 0.8 to 1.9).", "thirst", "no_difference"),
        ("Ferritin (p = 0.3) and thirst (p = 0.6) changed.", "thirst", "no_difference"),
        ("Thirst fell in the zorbadine group, without differences between groups.", "thirst", "no_difference"),
        (
            "Thirst fell with zorbadine. Mood rose. However, there were no significant differences between groups.",
            "thirst",
            "no_difference",
        ),
        # A clause or sentence that goes on about the outcome
        ("Mood improved in both groups. There was no difference between groups.", "mood", "no_difference"),
        ("Thirst decreased in both groups, but it was significantly lower with zorbadine.", "thirst", "lower"),
        ("Mood did not differ at 6 months, but was significantly better at 18 months.", "mood at 18 months", "higher"),
        ("Zorbadine had no effect on mood, but falls were fewer.", "falls", "lower"),
        ("Falls were significantly fewer with zorbadine, whereas mood was similar.", "falls", "lower"),
        ("There were no differences between groups except for mood (p = 0.02).", "mood", "not_stated"),
        ("Falls were fewer with zorbadine. It was not significant.", "falls", "no_difference"),
        ("Falls were fewer with zorbadine. The nurses visited weekly. It was not significant.", "falls", "lower"),
        ("Mood improved with zorbadine. The trend was not significant.", "mood", "no_difference"),
        ("Mood improved with zorbadine. The cost was not significant.", "mood", "higher"),
        ("Mood improved with zorbadine, but was not significant.", "mood", "no_difference"),
        ("Mood improved with zorbadine, but was similar in cost.", "mood", "higher"),
        # Nothing stated
        ("Ferritin differed significantly between groups.", "ferritin", "not_stated"),
        ("Ferritin was measured at baseline in all patients.", "ferritin", "not_stated"),
        ("Ferritin as well as mood was recorded.", "mood", "not_stated"),
        ("Ferritin did not change in the placebo group.", "ferritin", "not_stated"),
    ],
)
def test_reads_the_amount_of_an_outcome(text: str, outcome: str, amount: str, rules: AmountRules) -> None:
    assert read_sentence(text, outcome, rules).amount == amount


def test_no_differences_in_three_outcomes_are_three(rules: AmountRules) -> None:
    text = "There were no differences in mood, thirst and ferritin between groups."
    outcomes = [
        Outcome(word, text.index(word), text.index(word) + len(word)) for word in ("mood", "thirst", "ferritin")
    ]
    amounts = find_amounts(text, outcomes, [], rules)
    assert [amount.amount for amount in amounts] == ["no_difference"] * 3
    assert [amount.outcome for amount in amounts] == outcomes
    assert {text[amount.start : amount.end] for amount in amounts} == {"differences"}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Thirst was 12.5 ± 3.2 with zorbadine and 18.3 ± 2.1 with placebo (p < 0.01).", "lower"),
        ("Thirst was 18.3 and 12.5 for placebo and zorbadine, respectively (p = 0.01).", "lower"),
        ("Thirst: zorbadine 25%, placebo 12%; p = 0.01.", "higher"),
        ("Thirst occurred in 5/40 patients on zorbadine and 12/41 patients on placebo (p = 0.03).", "lower"),
        ("Thirst occurred in 5 of 40 (12%) on zorbadine and 12 of 41 (29%) on placebo (p = 0.03).", "lower"),
        ("Thirst changed by −12.5 with zorbadine and by −3.1 with placebo (p < 0.01).", "lower"),
        ("Thirst fell by 12.5 with zorbadine and by 3.1 with placebo (p < 0.01).", "lower"),
        ("Thirst fell by 3.1 with zorbadine and by 12.5 with placebo (p < 0.01).", "higher"),
        ("Thirst fell to 18.1 with zorbadine and to 12.5 with placebo (p < 0.01).", "higher"),
        ("Thirst changed to 12.5 with zorbadine and to 18.1 with placebo (p < 0.01).", "lower"),
        ("Thirst in the zorbadine group (12.5 vs 18.3; p = 0.01) was different.", "lower"),
        ("Thirst went from 10.1 to 18.3 with placebo and from 10.3 to 12.5 with zorbadine (p < 0.01).", "lower"),
        ("Thirst differed significantly (12.5 vs 18.3; p = 0.01) between zorbadine and placebo.", "lower"),
        ("Thirst at week 12 was 4.1 h in the zorbadine group versus 5.0 h in the placebo group (P=.001).", "lower"),
        ("44% and 72% on zorbadine reported thirst versus 29% and 55% on placebo (p = 0.04).", "higher"),
        ("Thirst was 20% compared to 44% in the placebo group (p = 0.04).", "lower"),
        ("Thirst was 20% vs placebo 44% (p = 0.04).", "lower"),
        # The values of one arm on both sides of that of the other tell nothing.
        ("Thirst: 12 in zorbadine, 18 in placebo, 13 in zorbadine, 19 in placebo (p = 0.01).", "lower"),
        ("Thirst: 19 in zorbadine, 18 in placebo, 13 in zorbadine, 20 in placebo (p = 0.01).", "not_stated"),
        ("Thirst was 12.5 with zorbadine and 18.3 with placebo (p = 0.2).", "no_difference"),
        ("Thirst was 12.5 with zorbadine and 18.3 with placebo.", "not_stated"),
    ],
)
def test_compares_the_numbers_of_the_arms(text: str, amount: str, rules: AmountRules) -> None:
    assert read_sentence(text, "thirst", rules).amount == amount


@pytest.mark.parametrize(
    ("text", "outcome", "amount", "is_significant"),
    [
        ("↑", "EPO", "higher", None),
        ("↓ (p < 0.05)", "EPO", "lower", True),
        ("↓ (NS)", "EPO", "no_difference", False),
        ("↔", "EPO", "no_difference", None),
        ("12 → 20 (p < 0.01)", "EPO", "higher", True),
        ("12.5 → 8", "EPO", "lower", None),
        ("+", "EPO", "higher", None),
        ("−", "EPO", "lower", None),
        ("NS", "EPO", "no_difference", False),
        ("n.s.", "EPO", "no_difference", False),
        ("P = 0.14", "EPO", "no_difference", False),
        ("p > 0.05", "EPO", "no_difference", False),
        ("p < 0.05", "EPO", "not_stated", True),
        ("OR 1.5 (1.1–2.0)", "falls", "higher", True),
        ("OR 0.8 (0.5–1.2)", "falls", "no_difference", False),
        ("HR 0.6 (0.4–0.9)", "overall survival", "higher", True),
        ("MD 1.2, 95 % CI -0.3 to 2.7", "mood", "no_difference", False),
        ("increased from 12 to 20", "EPO", "higher", None),
        ("No significant difference", "EPO", "no_difference", False),
        ("Improved", "headache", "lower", None),
        ("(no change)", "EPO", "no_difference", False),
        ("n = 12", "EPO", "not_stated", None),
        ("-", "EPO", "not_stated", None),
        ("Not reported", "EPO", "not_stated", None),
        ("", "EPO", "not_stated", None),
    ],
)
def test_reads_a_cell_whose_column_names_the_outcome(
    text: str, outcome: str, amount: str, is_significant: bool | None, rules: AmountRules
) -> None:
    found = read_cell(text, outcome, rules)
    assert (found.amount, found.is_significant) == (amount, is_significant)


@pytest.mark.parametrize("text", ["↑ EPO, ↓ CRP, = weight", "EPO ↑; CRP ↓; weight =", "↑EPO ↓CRP\n= weight"])
def test_gives_each_outcome_of_a_cell_its_sign(text: str, rules: AmountRules) -> None:
    found = [read_sentence(text, outcome, rules).amount for outcome in ("EPO", "CRP", "weight")]
    assert found == ["higher", "lower", "no_difference"]


@pytest.mark.parametrize("text", ["↓ anxiety, stress & fatigue", "Questionnaire: ↓anxiety, stress, fatigue"])
def test_an_arrow_at_the_head_of_a_list_is_about_all_of_it(text: str, rules: AmountRules) -> None:
    found = [read_sentence(text, outcome, rules).amount for outcome in ("anxiety", "stress", "fatigue")]
    assert found == ["lower", "lower", "lower"]


def test_an_arrow_between_words_says_what_follows_not_that_it_is_the_same(rules: AmountRules) -> None:
    assert read_sentence("Pretreatment → pain ↓", "pain", rules).amount == "lower"
    assert read_sentence("weight →, pain ↓", "weight", rules).amount == "no_difference"


def test_the_items_of_a_list_of_amounts_are_clauses(rules: AmountRules) -> None:
    text = "Reduction in pain, decrease of fatigue and increase in mobility"
    found = [read_sentence(text, outcome, rules).amount for outcome in ("pain", "fatigue", "mobility")]
    assert found == ["lower", "lower", "higher"]
    assert read_sentence("It reduced tumours by increasing apoptosis", "apoptosis", rules).amount == "higher"


def test_a_change_in_both_arms_is_told_apart_from_their_difference(rules: AmountRules) -> None:
    found = read_sentence("Pain decreased in both groups", "pain", rules)
    assert (found.amount, found.in_both, found.compares) == ("no_difference", "lower", False)


@pytest.mark.parametrize(
    ("text", "is_significant"),
    [
        ("Mood was similar in both groups (p = 0.4).", False),
        # A small probability of something that is similar is not explained.
        ("Mood was similar in both groups (p = 0.01).", None),
        ("Mood was similar in both groups.", None),
        ("Mood did not differ between groups.", False),
        # The bracket right after the outcome counts before a later one.
        ("Mood (p = 0.01) and thirst (p = 0.6) differed.", True),
        ("Mood - (p = 0.01) and thirst (p = 0.6) differed.", True),
        ("Mood at 3 (p = 0.01) and thirst (p = 0.6) differed.", False),
    ],
)
def test_says_whether_a_difference_is_significant(text: str, is_significant: bool | None, rules: AmountRules) -> None:
    assert read_sentence(text, "mood", rules).is_significant is is_significant


def test_is_surer_of_one_arm_that_is_compared_with_than_of_two(rules: AmountRules) -> None:
    one = read_sentence("Thirst was higher than with placebo, in the zorbadine group.", "thirst", rules)
    two = read_sentence("Thirst was higher than with placebo or zorbadine.", "thirst", rules)
    assert (one.amount, two.amount) == ("higher", "higher")
    assert one.confidence > two.confidence


def test_reads_plus_and_minus_in_lists_only(rules: AmountRules) -> None:
    text = "+ weight, − fat, vitamin D + calcium"
    assert read_sentence(text, "weight", rules).amount == "higher"
    assert read_sentence(text, "fat", rules).amount == "lower"
    assert read_sentence(text, "calcium", rules).amount == "not_stated"


def test_says_which_arm_has_more_and_where(rules: AmountRules) -> None:
    text = "Nausea was significantly more common with placebo (p = 0.01)."
    found = read_sentence(text, "nausea", rules)
    assert (found.amount, found.higher_arm, found.is_significant) == ("lower", "comparator", True)
    assert text[found.start : found.end] == "more common"
    assert found.rule_id == "predicate"
    assert 0 < found.confidence < 1


def test_a_difference_that_is_not_significant_has_no_arm_with_more(rules: AmountRules) -> None:
    found = read_sentence("Nausea was more common with placebo (p = 0.1).", "nausea", rules)
    assert (found.amount, found.higher_arm, found.is_significant) == ("no_difference", "neither", False)


def test_the_same_words_mean_the_opposite_with_swapped_arms(rules: AmountRules) -> None:
    text = "Mood scores were higher after zorbadine than after quintamol."
    assert read_sentence(text, "mood", rules, ("zorbadine", "quintamol")).amount == "higher"
    assert read_sentence(text, "mood", rules, ("quintamol", "zorbadine")).amount == "lower"


def test_takes_mentions_that_the_caller_found(rules: AmountRules) -> None:
    text = "X1 was higher in A than in B."
    arms = [ArmMention(17, 18, "comparator"), ArmMention(27, 28, "intervention")]
    assert (text[17], text[27]) == ("A", "B")
    assert find_amounts(text, [Outcome("X1", 0, 2)], arms, rules)[0].amount == "lower"


@pytest.mark.parametrize(
    "cell", [*HOSTILE_CELLS, "↑" * 100_000, "but " * 25_000, "pain (ns) " * 10_000, "OR 1." * 20_000]
)
def test_ends_on_hostile_cells(cell: str, rules: AmountRules) -> None:
    with must_end():
        read_amount(cell, "pain", "SRS", "placebo", rules)


def test_reads_a_cell_of_one_megabyte(rules: AmountRules) -> None:
    cell = "Pain was lower with zorbadine than with placebo. " * 21_000
    with must_end():
        assert read_cell(cell, "pain", rules).amount == "lower"
