"""Finds the arm of a study that a quantity is about: `placebo group (n = 45)`, `45 in the control group`, `IG: 45`.

Takes the tokens of a text and the place of a quantity; gives the printed words. Only words next to the quantity count.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.quantities.columns import ColumnContext
from pipelines.curate.quantities.stated_numbers import OPENING, at
from pipelines.curate.quantities.tokens import Token

_LONGEST_ARM = 3
_COMPARISONS = frozenset(
    ("p_value", "hazard_ratio", "odds_ratio", "risk_ratio", "mean_difference", "standardised_mean_difference")
)
_NOT_IN_ARM = frozenset(
    (
        *("the", "a", "an", "of", "in", "and", "or", "to", "with", "for", "from", "at", "by", "was", "were"),
        *("is", "are", "had", "than", "vs", "versus", "both", "each", "either"),
    )
)


def find_arm(text: str, tokens: Sequence[Token], first: int, last: int, column: ColumnContext, kind: str) -> str | None:
    """The words that name the arm of the quantity at the tokens `first` to `last`; None if none are next to it.

    Kinds that compare arms have none. Labels (`IG: 45`) are read in cells only.
    """
    if kind in _COMPARISONS:
        return None
    return (
        _find_before_bracket(text, tokens, first, needs_group=kind != "sample_size")
        or (_find_label(text, tokens, first) if column.is_cell else None)
        or _find_after(text, tokens, last)
        or column.arm
    )


def _find_before_bracket(text: str, tokens: Sequence[Token], first: int, *, needs_group: bool) -> str | None:
    """`intervention group (n = 45)`"""
    if at(tokens, first - 1).text not in OPENING:
        return None
    place = first - 2
    if at(tokens, place).text == "." and at(tokens, place - 1).text == "gr":
        return _words_before(text, tokens, place - 1, end=tokens[place].end, needs_group=needs_group)
    return _words_before(text, tokens, place, needs_group=needs_group)


def _words_before(
    text: str, tokens: Sequence[Token], place: int, end: int | None = None, *, needs_group: bool
) -> str | None:
    """Up to three words that end at `place`, if one of them names an arm."""
    start = place
    while place - start < _LONGEST_ARM and _is_word(at(tokens, start)) and not at(tokens, start).meaning("subject"):
        start -= 1
    words = tokens[start + 1 : place + 1]
    meanings = {token.meaning("arm") for token in words} - {None}
    if not meanings or (needs_group and meanings == {"treatment"}):
        return None
    return text[words[0].start : end if end is not None else words[-1].end]


def _find_label(text: str, tokens: Sequence[Token], first: int) -> str | None:
    """`IG: 45`, at the start of a cell or after other numbers."""
    if at(tokens, first - 1).text != ":":
        return None
    start = first - 2
    while (
        first - 2 - start < _LONGEST_ARM
        and at(tokens, start).kind == "word"
        and not at(tokens, start).meaning("context")
    ):
        start -= 1
    words = tokens[max(start + 1, 0) : first - 1]
    before = at(tokens, start)
    is_label = before.kind == "end" or before.text in (";", ",", "|", ".") or before.kind in ("number", "citation")
    groups = (
        "measure",
        "statistic",
        "interval",
        "context",
        "number_label",
        "percentage",
        "population",
        "subject",
        "named",
    )
    is_other = any(
        token.meaning(group) is not None for token in words for group in groups if token.meaning("arm") is None
    )
    if not words or not is_label or is_other:
        return None
    return text[words[0].start : words[-1].end]


def _find_after(text: str, tokens: Sequence[Token], last: int) -> str | None:
    """`45 patients in the placebo group`"""
    place = last + 1
    if at(tokens, place).text not in ("in", "for", "with"):
        return None
    place += 2 if at(tokens, place + 1).text == "the" else 1
    for ahead in range(_LONGEST_ARM):
        token = at(tokens, place + ahead)
        if not _is_word(token):
            return None
        if token.text in ("group", "groups", "arm", "arms"):
            return text[tokens[place].start : token.end] if ahead else None
    return None


def _is_word(token: Token) -> bool:
    return token.kind == "word" and token.text not in _NOT_IN_ARM
