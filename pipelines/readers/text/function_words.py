"""English function words that show whether a line of text is a heading or a part of a sentence.

Words that name things a reader looks for are not here but in `schemas/vocabularies/cues/reading_words.csv`.
"""

from __future__ import annotations

WEAK_ENDS = frozenset(
    (  # noqa: SIM905
        "a an the of and or in on at to for with by from as is are was were be been has have had that which who whose "
        "than into onto between among via per not no its their this these those such can could may might will would "
        "should when while where but if both either through during within without under over about"
    ).split()
)
"""Articles, prepositions, conjunctions, pronouns and auxiliaries. A line that ends with one goes on."""

AUXILIARIES = r"is|are|was|were|has|have|had|can|could|may|might|will|would|should|does|did"
"""A pattern of auxiliary verbs."""

SENTENCE_OPENING = (
    r"(?:This|These|We|It|They|However|Moreover|Furthermore|Although|When|While|If|There|Our|Thus|Therefore|Since|Because)\b"
    r"|(?:In|For|To|During|At|On|By|With|From|After|Among|According|As|Under|Based)\b[^,]{3,150}, "
)
"""A pattern of pronouns, conjunctions and adverbial phrases that begin a sentence."""
