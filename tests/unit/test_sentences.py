"""Sentence boundaries; expected values were read by eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.document import Text, join_texts
from pipelines.extract.sentences import split_sentences
from tests.hang import must_end


def split(value: str) -> list[str]:
    return [value[start:end] for start, end in split_sentences(value)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Pain was relieved.²⁴", "Surgery was safe.^{4,5,26–29}", "No more."],
        ["Pain was relieved [12].", "Surgery was safe. [13, 14–16]", "No more."],
        ["Casts (e.g. Halo casts) help.", "So do vests, i.e. soft ones."],
        ["Results agree with Ek et al. and Bo et al.³ in rats.", "They differ in mice."],
        ["Ek et al.⁶⁰ found no change.", "In Ref.,¹⁴⁷ we found one."],
        ["See Fig. 3 and Figs. 4 to 6 vs. Table 2.", "The rest is left out."],
        ["About 10.5 mg/kg was given to E. coli at 37.2 °C.", "It grew."],
        ["Is it safe?", "It is!", "“So it seems.”", "(Or does it not?)", "Yes."],
        ["They took vitamin D.", "Patients improved."],
        ["Growth stopped at day 3.", "p53 was lost.", "α-Tocopherol was not."],
        ["J. Smith and A. B. Jones read all papers.", "Both agreed."],
        ["Approx. 5 of no. 12 in the U.S. were kept.", "All lived."],
        ["Lactobacillus spp. were found.", "Others were not."],
        ["Figure 5. Kinetics of casts.", "(A) A cast.", "(B) A vest."],
        ["The rate was 14%.⁶⁶", "In 2018 it fell."],
        ["2. Casts help.", "3. Vests help."],
        ["Casts help. (Table 1) [13].", "Vests help. (Fig. 2).", "So do both."],
        ["Casts help. [13].", "Vests do not. 45%.", "2) Both do."],
    ],
)
def test_splits_a_paragraph_into_sentences(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_a_sentence_in_two_pieces_keeps_both() -> None:
    source = "It predicts local\n\ncontrol. No more."
    text = join_texts([Text.from_source(source, 0, 17), Text.from_source(source, 19, len(source))], " ")
    first, second = (text.slice(start, end) for start, end in split_sentences(text.value))
    assert first.value == "It predicts local control."
    assert [source[span.start : span.end] for span in first.parts] == ["It predicts local", "control."]
    assert [source[span.start : span.end] for span in second.parts] == ["No more."]


@given(st.text(alphabet="aB. ?²⁴^{},()[]1\n”", max_size=200))
def test_loses_nothing_but_white_space(value: str) -> None:
    sentences = split(value)
    assert "".join("".join(sentences).split()) == "".join(value.split())
    assert all(sentence == sentence.strip() and sentence for sentence in sentences)


@pytest.mark.parametrize("unit", ["a. ", "A. B ", ".", "x.^{", "x.²⁴ ", "x.[1", "et al. ", " "])
def test_hostile_prose_does_not_hang(unit: str) -> None:
    value = unit * (100_000 // len(unit))
    with must_end():
        split(value)
