"""The single words that the coding rules test for: the lists of `cues/coding_words.csv`.

Defines which lists exist, what each is for and how its words are compared. Phrases are in the other cue files
(`cue_phrases`); words of grammar are in `pipelines.curate.grammar`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from pipelines.vocabularies.cue_phrases import fold_cue_word, split_words
from pipelines.vocabularies.schemes import Row, Vocabularies, VocabularyError
from pipelines.vocabularies.word_lists import read_word_rows

CODING_WORDS = "coding_words.csv"


def _folded_words() -> Any:
    """A list of words that are compared in the form of `fold_cue_word`."""
    return field(metadata={"fold": fold_cue_word})


def _printed_words() -> Any:
    """A list of words that are compared without case."""
    return field(metadata={"fold": str.casefold})


def _concepts(scheme: str) -> Any:
    """A list of concept ids of a scheme."""
    return field(metadata={"scheme": scheme})


@dataclass(frozen=True, slots=True)
class CodingWords:
    """The word lists; a field has the name of its list in the file."""

    # Outcome statements
    patients: frozenset[str] = _folded_words()
    """People: "better in patients with pain" does not state a direction of pain."""
    condition_words: frozenset[str] = _folded_words()
    """After them a sentence describes the patients, not an outcome of the treatment ("suffering from pain")."""
    occurrence_verbs: frozenset[str] = _folded_words()
    """Finite verbs of which an outcome is the subject ("fractures occurred")."""
    experience_verbs: frozenset[str] = _folded_words()
    """Verbs allowed between "no" and an outcome ("no patient developed myelopathy")."""
    absence_words: frozenset[str] = _folded_words()
    """They say that an outcome did not happen ("without complications")."""
    failure_words: frozenset[str] = _folded_words()
    """They negate what follows ("failed to improve")."""
    likelihood_words: frozenset[str] = _folded_words()
    """They relate a comparison to a later verb ("more likely to have")."""
    change_verbs: frozenset[str] = _folded_words()
    """Verbs of change, besides forms in -ed, that may follow an outcome ("symptoms improve")."""
    comparison_adjectives: frozenset[str] = _folded_words()
    """With "to" or "with" they introduce a comparator ("similar to")."""
    comparison_words: frozenset[str] = _folded_words()
    """With "to" or "with" they introduce a comparator, too ("in contrast to"), but do not state a direction."""
    preference_words: frozenset[str] = _folded_words()
    """Before "over" they introduce a comparator ("advantage over")."""

    # Amounts of outcomes
    harm_words: frozenset[str] = _folded_words()
    """An outcome with one of them improves when there is less of it."""
    benefit_words: frozenset[str] = _folded_words()
    """An outcome with one of them improves when there is more of it."""
    missing_value_words: frozenset[str] = _folded_words()
    """A cell of only these words and signs reports nothing ("NR", "not reported")."""
    statistic_words: frozenset[str] = _folded_words()
    """Abbreviations of statistics, which name no outcome beside a result."""
    amount_nouns: frozenset[str] = _folded_words()
    """Words of amount that a preposition joins to their outcome ("difference in mortality")."""
    treatment_nouns: frozenset[str] = _folded_words()
    """They name the treatment and no outcome in a result ("both diets")."""
    association_words: frozenset[str] = _folded_words()
    """With "with" or "to" they join an exposure to its outcome ("was associated with mortality")."""
    harm_domains: frozenset[str] = _concepts("outcome_domain")
    """Outcome domains of which less is better, unless the words of the outcome tell otherwise."""
    benefit_domains: frozenset[str] = _concepts("outcome_domain")
    """Outcome domains of which more is better, unless the words of the outcome tell otherwise."""
    specimen_words: frozenset[str] = _folded_words()
    """Beside another outcome they say in what it is measured ("IL-6 in urine")."""
    weak_heads: frozenset[str] = _folded_words()
    """Beside another outcome they name none ("growth of tumours")."""
    measure_words: frozenset[str] = _folded_words()
    """They say how an outcome is counted or measured, not which outcome it is ("mean", "score")."""
    neutral_words: frozenset[str] = _folded_words()
    """A clause of only these names no outcome, so it is about the outcome before it ("this was not significant")."""
    general_arm_words: frozenset[str] = _folded_words()
    """In the phrase for an arm they do not tell it from the other arm ("treatment", "alone")."""
    control_openers: frozenset[str] = _folded_words()
    """Before "control" they leave it the name of an arm ("placebo control"); other nouns do not ("pain control")."""
    survival_words: frozenset[str] = _folded_words()
    """An outcome with one of them is longer if its hazard ratio is below 1."""
    exceeding_words: frozenset[str] = _folded_words()
    """Verbs whose object is the arm that has less ("exceeded")."""
    reporting_verbs: frozenset[str] = _folded_words()
    """Finite verbs of which an outcome or a group is the subject ("showed")."""

    # Roles of treatments in a study
    comparing_words: frozenset[str] = _printed_words()
    """Between two treatments: the second is the comparator."""
    alternative_words: frozenset[str] = _printed_words()
    """Between two treatments: patients had one or the other."""
    joining_words: frozenset[str] = _printed_words()
    """Between two treatments: both are given together."""
    sequel_words: frozenset[str] = _printed_words()
    """Between two treatments: the second is adjuvant."""
    after_words: frozenset[str] = _printed_words()
    """Between two treatments: the first is adjuvant to the second ("radiotherapy after surgery")."""
    before_words: frozenset[str] = _printed_words()
    """Between two treatments: the first is adjuvant to the second, too ("radiotherapy before surgery")."""
    means_words: frozenset[str] = _printed_words()
    """Between two treatments: the second is a means of the first."""
    addition_words: frozenset[str] = _printed_words()
    """Just before a treatment: it is added to another."""
    not_given_words: frozenset[str] = _printed_words()
    """Just before a treatment: the patients did not get it in this study."""
    non_treatment_words: frozenset[str] = _printed_words()
    """Words of a method cell that do not name a treatment, so they are not reported as unknown."""
    unfinished_endings: frozenset[str] = _printed_words()
    """Words at the end of a method cell that show that it was cut off."""
    augmenting_modalities: frozenset[str] = _concepts("modality")
    """Level-1 modalities that are often given in addition to another treatment."""
    radiation_modalities: frozenset[str] = _concepts("modality")
    """Level-1 modalities that irradiate; an augmenting modality given with one of them is a component of it."""

    # Study designs
    plural_designs: frozenset[str] = _folded_words()
    """Plurals of design words: usually the studies that a work is about."""
    singular_designs: frozenset[str] = _folded_words()
    """Nouns of designs in the singular: a phrase that ends with one is complete."""
    count_words: frozenset[str] = _folded_words()
    """Before a plural: the work reports these studies itself ("results of two randomised trials")."""
    need_words: frozenset[str] = _folded_words()
    """A sentence with one of them asks for a study instead of describing one."""
    performed_words: frozenset[str] = _folded_words()
    """With "was" or "were" after a design: the authors of the review speak of their own work."""
    review_words: frozenset[str] = _folded_words()
    """With "and" before a plural of designs: the work is both ("review and case reports")."""
    treatment_words: frozenset[str] = _folded_words()
    """In a title: it asks a question of treatment."""
    pooling_designs: frozenset[str] = _concepts("evidence")
    """Designs whose level of evidence depends on the studies that they pool."""
    randomised_designs: frozenset[str] = _concepts("evidence")
    """Designs that give level 1 to a work that pools them alone."""
    non_randomised_designs: frozenset[str] = _concepts("evidence")
    """Designs that take level 1 from a work that pools them."""

    def is_missing_value(self, text: str) -> bool:
        """Whether a cell reports nothing: "NR", "not reported", "–", "?"."""
        return {word.folded for word in split_words(text)} <= self.missing_value_words


def load_coding_words(folder: Path, vocabularies: Vocabularies) -> CodingWords:
    """The word lists of `coding_words.csv` in `folder` (`schemas/vocabularies/cues`).

    Raises VocabularyError, which names the file, the line and the fix, for an unknown or missing list, a word that a
    list contains twice, an entry of several words and an unknown concept; FileNotFoundError for a missing file.
    """
    lists: dict[str, Field[frozenset[str]]] = {item.name: item for item in fields(CodingWords)}
    words: dict[str, set[str]] = {}
    for row in read_word_rows(folder / CODING_WORDS, lists):
        name = row.cells["word_list"]
        words.setdefault(name, set()).add(_check_word(row, lists[name], vocabularies))
    return CodingWords(**{name: frozenset(listed) for name, listed in words.items()})


def _check_word(row: Row, word_list: Field[frozenset[str]], vocabularies: Vocabularies) -> str:
    """The word in the form in which it is compared. Raises VocabularyError if it can never match."""
    file, word = f"cues/{CODING_WORDS}", row.cells["word"]
    scheme = word_list.metadata.get("scheme")
    if scheme is not None:
        if word not in vocabularies.schemes[scheme].concepts:
            raise VocabularyError(
                file, row.line, f"'{word}' is not a concept of {scheme}", f"add it to {scheme}.csv or correct it"
            )
        return word
    if len(split_words(word)) != 1 or not word.isalnum():
        raise VocabularyError(file, row.line, f"'{word}' is not a single word", "write one word per row")
    fold: Callable[[str], str] = word_list.metadata["fold"]
    return fold(word)
