"""Words of English grammar by which the coding rules read sentences.

Conjunctions, prepositions, auxiliaries, pronouns and negators, in the folded form of `cue_phrases.split_words`. Words
that name concepts or cues are data (`schemas/vocabularies/cues/`).
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COORDINATORS = _words("and or but")
CLAUSE_OPENERS = _words("but however although though whereas while which yet nevertheless")
"""A new clause begins with one of these."""

MODIFIER_OPENERS = _words(
    "in among who whom whose when where that after before during following despite than as "
    "compared versus vs because if since due caused by with without from unless until against"
)
"""They begin a phrase or clause that a direction before them does not reach."""

PREDICATE_ENDS = _words("than compared who that which to when while after because versus vs but as if")
"""The search for the verb of a subject ends at one of these."""

AUXILIARIES = _words(
    "was were is are be been being did does do can could may might cannot will would had has have should"
)
LINKING_VERBS = _words("remained became become seems seem appears appeared")
INFINITIVE_FORMS = _words("be been being do have")
"""Forms that occur after another verb, so they do not begin a predicate."""

HAVE_FORMS = _words("had has have")
PASSIVE_AUXILIARIES = _words("be been being get")
PAST_BE_FORMS = _words("was were")
NEGATORS = _words("not no never without cannot unable neither nor lack lacks lacked")
ABILITY_WORDS = _words("cannot unable ability able can could does do may might will would")
"""With a negator they describe the treatment ("cannot improve") instead of reporting a result."""

PRONOUNS = _words("it its they their this these both")
"""At the beginning of a clause they refer to the treatment of an earlier sentence."""

DETERMINERS = _words("a an the this one their our")
"""Before a design they refer to one particular study."""

COMPARISON_MARKERS = _words("than versus vs")
CAUSE_MARKERS = frozenset(
    {("caused", "by"), ("due", "to"), ("because", "of"), ("owing", "to"), ("secondary", "to"), ("resulting", "from")}
)
"""Pairs of words after which a cause is named."""

AGENT_PREPOSITIONS = _words("by from with after following through using")
"""After a verb they introduce the treatment that had the effect: "benefit from surgery"."""

OBJECT_PREPOSITIONS = _words("in with at from by")
"""Right after a word of direction they join it to an outcome: "improvement in pain"."""

ASPECT_PREPOSITIONS = _words("for in at regarding")
"""After a comparator they name the outcome that is compared: "better than surgery for pain"."""

GERUND_PREPOSITIONS = _words("in at for")
"""They join a comparison to a gerund: "inferior to surgery in relieving pain"."""

PURPOSE_PREPOSITIONS = _words("for in at to")
"""After "effective" they name the outcome: "effective for pain control"."""

PURPOSE_ENDS = _words("that with when than as")
"""The search for the outcome of "effective" ends at one of these."""

MATERIAL_PREPOSITIONS = _words("of from in on including across among based with")
"""After a review or meta-analysis they name the studies it is about."""

PHRASE_BREAK = re.compile(
    r"\b(?:and|or|with|plus|after|before|following|followed\s+by|then|versus|vs|compared\s+with|using|combined\s+with)\b"
    r"|[,;+/&]",
    re.IGNORECASE,
)
"""Separates the parts of a method cell."""

FUNCTION_WORDS = _words(
    "a an the of in at to for on by with without from into as per than and or nor but is are was were be been being "
    "this that these those it its their they which who whose when where while if not no any all both each either "
    "i ii s versus vs via between among"
)
"""They do not tell one phrase from another."""
