"""Mentions of a phrase in other words: plural, abbreviation, other word order, parts of a list."""

from __future__ import annotations

import pytest

from pipelines.curate.amounts.phrase_mentions import find_phrase_mentions, have_same_root

LIGHT = frozenset({"mean", "score", "level", "rate", "number", "of"})


@pytest.mark.parametrize(
    ("text", "phrase", "mention"),
    [
        ("Visual acuity improved.", "visual acuity (VA)", "Visual acuity"),
        ("VA improved.", "visual acuity (VA)", "VA"),
        ("VA improved.", "visual acuity", "VA"),
        ("Acuities were better.", "visual acuity", "Acuities"),
        ("Acuity of vision improved.", "visual acuity", "Acuity"),
        ("Patients were well sedated.", "sedation", "sedated"),
        ("The haemoglobin fell.", "hemoglobin level", "haemoglobin"),
        ("Height did not change.", "pulse, weight or height", "Height"),
        ("Response rates were similar.", "response rate", "Response rates"),
        ("γ-tocopherol fell.", "plasma γ-tocopherol", "γ-tocopherol"),
        # The initials of two to six words
        ("ABCDEF rose.", "alpha beta corn dose ear foot", "ABCDEF"),
        ("VA improved.", "visual of acuity", "VA"),
        # Three other words may be between two words of a mention.
        ("Acuity one two three visual", "visual acuity", "Acuity one two three visual"),
    ],
)
def test_finds_a_mention(text: str, phrase: str, mention: str) -> None:
    found = find_phrase_mentions(text, phrase, LIGHT)
    assert [text[item.start : item.end] for item in found] == [mention]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The mean score was higher.", "mean pain score"),
        ("Hypertension was rare.", "hyperglycaemia"),
        ("Cholecystectomy was done.", "cholesterol"),
        ("", "pain"),
        ("Pain was less.", ""),
        ("ABCDEFG rose.", "alpha beta corn dose ear foot gait"),
        ("A rose.", "acuity"),
        ("AV rose.", "acuity 5 visual"),
        ("Seda rose.", "sedat"),
    ],
)
def test_finds_no_other_phrase(text: str, phrase: str) -> None:
    assert find_phrase_mentions(text, phrase, LIGHT) == []


def test_scores_a_fuller_mention_higher() -> None:
    text = "Sleep was poor. Sleep latency was short."
    first, second = find_phrase_mentions(text, "sleep latency", LIGHT)
    assert (text[first.start : first.end], first.score) == ("Sleep", 0.5)
    assert (text[second.start : second.end], second.score) == ("Sleep latency", 1.0)


def test_a_mention_does_not_cross_the_end_of_a_sentence() -> None:
    text = "They improved sleep. Latency was not measured."
    assert [text[item.start : item.end] for item in find_phrase_mentions(text, "sleep latency", LIGHT)] == [
        "sleep",
        "Latency",
    ]


def test_words_that_are_far_apart_are_two_mentions() -> None:
    text = "Acuity one two three four visual"
    assert [text[item.start : item.end] for item in find_phrase_mentions(text, "visual acuity", LIGHT)] == [
        "Acuity",
        "visual",
    ]


def test_a_word_that_comes_again_begins_another_mention() -> None:
    text = "visual acuity visual acuity"
    assert [text[item.start : item.end] for item in find_phrase_mentions(text, "visual acuity", LIGHT)] == [
        "visual acuity",
        "visual acuity",
    ]


def test_a_list_has_at_most_sixteen_forms() -> None:
    parts = [f"{letter}{letter}{letter}{letter}{letter}" for letter in "abcdefghijklmnopq"]
    assert find_phrase_mentions(parts[14], ", ".join(parts), LIGHT) != []
    assert find_phrase_mentions(parts[15], ", ".join(parts), LIGHT) == []


def test_a_light_word_counts_a_quarter() -> None:
    (mention,) = find_phrase_mentions("pain was measured", "mean pain score", LIGHT)
    assert mention.score == 0.667
    (mention,) = find_phrase_mentions("the response rate", "response rate", LIGHT)
    assert mention.score == 1.0


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("sedated", "sedation", True),
        ("sedat", "sedation", True),
        ("seda", "sedation", False),
        ("haemoglobin", "hemoglobin", True),
        ("sedat3", "sedation", False),
        # Five letters in common, and two thirds of the shorter word
        ("abcdefg", "abcdexy", True),
        ("abcdefgh", "abcdexyz", False),
    ],
)
def test_words_with_the_same_root(first: str, second: str, same: bool) -> None:
    assert have_same_root(first, second) is same
    assert have_same_root(second, first) is same
