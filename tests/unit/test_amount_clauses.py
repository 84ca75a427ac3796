"""A text split into sentences and clauses, with what is in brackets set aside."""

from __future__ import annotations

import pytest

from pipelines.curate.amounts.amount_clauses import AmountText, find_asides
from pipelines.curate.amounts.arm_mentions import find_arm_mentions
from pipelines.curate.amounts.continuations import is_about_other_arm, is_at_time, is_bare, refers_back
from pipelines.curate.coding_rules import CodingRules


@pytest.mark.parametrize(
    ("text", "asides"),
    [
        ("a (b) c", ["(b)"]),
        ("a [b] c (d)", ["[b]", "(d)"]),
        ("a (b (c) d) e", ["(b (c) d)"]),
        ("a (b] c) d", ["(b] c)"]),
        ("a) b (c", []),
        # Brackets around the whole text are its text.
        ("(a b)", []),
        (" (a b) ", []),
        ("(a) b", ["(a)"]),
        # 400 characters from bracket to bracket at most
        (f"a ({'b' * 399}) c", [f"({'b' * 399})"]),
        (f"a ({'b' * 400}) c", []),
    ],
)
def test_brackets_are_set_aside(text: str, asides: list[str]) -> None:
    assert [text[start:end] for start, end in find_asides(text)] == asides


def parse(text: str, rules: CodingRules) -> AmountText:
    return AmountText(text, find_arm_mentions(text, "zorbadine", "placebo", rules.amounts), rules.amounts)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Falls fell. Mood rose.", ["Falls fell. ", "Mood rose."]),
        ("Falls fell, but mood rose.", ["Falls fell, ", "but mood rose."]),
        ("Falls fell and mood rose.", ["Falls fell ", "and mood rose."]),
        # No verb follows before the next "and".
        ("Falls fell and mood and sleep.", ["Falls fell and mood and sleep."]),
        ("Reduced falls, improved mood", ["Reduced falls, ", "improved mood"]),
        ("Reduced, improved mood", ["Reduced, improved mood"]),
        ("Reduced tumours by increasing apoptosis", ["Reduced tumours ", "by increasing apoptosis"]),
        ("Reduced tumours by apoptosis", ["Reduced tumours by apoptosis"]),
        ("Falls fell without significant differences", ["Falls fell ", "without significant differences"]),
        ("Falls fell without much pain", ["Falls fell without much pain"]),
        ("Falls fell with no difference in mood", ["Falls fell ", "with no difference in mood"]),
        ("Mood was slightly but not significantly higher", ["Mood was slightly but not significantly higher"]),
        ("Mood, but not sleep, was higher", ["Mood, but not sleep, was higher"]),
        ("Mood rose but not sleep", ["Mood rose ", "but not sleep"]),
        ("Growth of S. aureus fell", ["Growth of S. aureus fell"]),
        ("Growth fell with it. Mood rose", ["Growth fell with it. ", "Mood rose"]),
        ("Growth of Staph. aureus fell", ["Growth of Staph. ", "aureus fell"]),
        ("No change in weight ↓pain", ["No change in weight ", "↓pain"]),
        ("No change in weight ↓ pain", ["No change in weight ↓ pain"]),
        ("↑", ["↑"]),
    ],
)
def test_splits_clauses(text: str, clauses: list[str], coding_rules: CodingRules) -> None:
    parsed = parse(text, coding_rules)
    assert [text[clause.start : clause.end] for clause in parsed.clauses] == clauses


def test_a_clause_of_more_than_100_words_is_cut(coding_rules: CodingRules) -> None:
    parsed = parse("mood " * 201, coding_rules)
    assert [(clause.first, clause.last) for clause in parsed.clauses] == [(0, 100), (100, 200), (200, 201)]


def test_words_clauses_and_sentences_are_found_by_place(coding_rules: CodingRules) -> None:
    text = "Improved mood.  Falls (in all) were rarer, but pain rose. "
    parsed = parse(text, coding_rules)
    assert parsed.folded(-1, 2) == ["improved", "mood"]
    assert [parsed.word_number(place) for place in (0, 1, 9, 10)] == [0, 1, 1, 2]
    assert parsed.gap_before(2) == ".  "
    assert [parsed.clause_number(text.index(word)) for word in ("Improved", "Falls", "rarer", "but", "pain")] == [
        0,
        1,
        1,
        2,
        2,
    ]
    spans = [parsed.sentence_span(text.index(word)) for word in ("Improved", "mood", "Falls", "rose")]
    assert [text[start:end] for start, end in spans] == [
        "Improved mood.",
        "Improved mood.",
        "Falls (in all) were rarer, but pain rose.",
        "Falls (in all) were rarer, but pain rose.",
    ]
    assert [clause.sentence for clause in parsed.clauses] == [0, 1, 1]


def test_a_verb_is_found_among_the_words_asked_for_only(coding_rules: CodingRules) -> None:
    parsed = parse("Was mood better with zorbadine", coding_rules)
    assert parsed.has_verb(0, 1)
    assert parsed.has_verb(-3, 1)
    assert not parsed.has_verb(1, 5)
    assert not parsed.has_verb(0, 0)


@pytest.mark.parametrize(
    ("clause", "refers"),
    [
        ("it was lower", True),
        ("but these were lower", True),
        ("and did not differ", True),
        ("but was not significant", True),
        ("but was lower", False),
        ("but were not lower", True),
        ("the difference vanished", True),
        ("the trend vanished", True),
        ("the nurses vanished", False),
        ("but not lower", True),
        ("but not in mood", False),
        ("which was lower", True),
        ("which groups had", False),
        ("mood was lower", False),
    ],
)
def test_a_clause_refers_back_by_its_first_words(clause: str, refers: bool, coding_rules: CodingRules) -> None:
    parsed = parse(f"Mood rose; {clause}", coding_rules)
    assert refers_back(parsed, parsed.clauses[1]) is refers


@pytest.mark.parametrize(
    ("text", "phrase", "named"),
    [
        ("better at 6 months", "mood at 6 months", True),
        ("better at 6-month visits", "mood at 6 months", True),
        ("better at 6 weeks", "mood at 6 months", False),
        ("better at 9 months", "mood at 6 months", False),
        ("better at 6 Months", "mood at 6 months", True),
        ("better at 6 months", "mood", False),
    ],
)
def test_a_clause_is_at_the_time_that_an_outcome_names(
    text: str, phrase: str, named: bool, coding_rules: CodingRules
) -> None:
    parsed = parse(text, coding_rules)
    assert is_at_time(parsed, parsed.clauses[0], phrase) is named


@pytest.mark.parametrize(
    ("clause", "about_other", "bare"),
    [
        ("but not in the placebo group", True, True),
        ("but not for mood", True, False),
        ("but not lower in the placebo group", False, True),
        ("but not mood", False, False),
        ("without differences between groups", False, True),
        ("but 12 mood scores", False, False),
    ],
)
def test_a_clause_without_an_outcome_goes_on_about_the_last_one(
    clause: str, about_other: bool, bare: bool, coding_rules: CodingRules
) -> None:
    parsed = parse(f"Thirst rose; {clause}", coding_rules)
    assert (is_about_other_arm(parsed, parsed.clauses[1]), is_bare(parsed, parsed.clauses[1])) == (about_other, bare)
