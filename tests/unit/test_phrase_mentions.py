"""Mentions of a phrase in other words: plural, abbreviation, other word order, parts of a list."""

from __future__ import annotations

import pytest

from pipelines.curate.amounts.phrase_mentions import find_phrase_mentions

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
