"""Finds what a text prints about statistical significance: p-values and confidence intervals.

Takes a text and returns the places with what they decide. Words such as "not significant" are cues of `amount.csv`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LEVEL = 0.05
_SPACE = r"[\s\u00a0\u2009]{0,3}"
_NUMBER = r"\d{0,6}[.,·\u00b7]?\d{1,8}"
_P_VALUE = re.compile(
    rf"(?<![^\W\d_])[Pp](?:{_SPACE}[-\u2013]?{_SPACE}values?|['’]?s|{_SPACE}for{_SPACE}\w{{1,15}})?{_SPACE}[`]?{_SPACE}"
    rf"(?P<sign>&lt;|&gt;|(?<=value)[:]|(?<=value )(?:of|was)|[=<>≤≥⩽⩾]){_SPACE}=?{_SPACE}(?P<value>ns\b|n\.s\.|{_NUMBER})"
    rf"(?P<power>{_SPACE}[×x*·]{_SPACE}10{_SPACE}[-\u2212\u2013]{_SPACE}\d{{1,3}}|[eE][-\u2212\u2013]\d{{1,3}})?",
    re.IGNORECASE,
)
_SIGNED = r"[-\u2212\u2013+]?" + r"\d{1,6}(?:[.,·]\d{1,6})?"
_INTERVAL = re.compile(
    rf"(?:\bCrI\b|\bCIs?\b|\bconfidence{_SPACE}intervals?\b)[^\d\n;\u2212\u2013+-]{{0,30}}"
    rf"(?P<low>{_SIGNED})[%\]]?{_SPACE}(?:to|and|[-\u2212\u2013,;:]){_SPACE}(?P<high>{_SIGNED})",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\b(?:a?OR|a?RR|a?HR|IRR|LPR|PR)\b|\b(?:odds|hazard|hazards|risk|rate|relative|prevalence) ?(?:ratio|risk)")
_CONTRAST = re.compile(r"\b(?:difference|differences|reduction|W?MD|SMD|effect|change|coefficient)\b|\b(?:beta|β)")
_CONTEXT = 90
"""Characters before an interval in which its measure is looked for."""


class SignificanceMark(NamedTuple):
    """A p-value or confidence interval, `text[start:end]`; `is_significant` is None if it does not decide."""

    start: int
    end: int
    is_significant: bool | None
    is_p_value: bool


def find_significance_marks(text: str) -> list[SignificanceMark]:
    """The p-values and confidence intervals of `text`, in order.

    An interval counts if a ratio is named before it (then 1 is no difference) or a difference (then 0 is none); the
    interval of a mean in one arm does not decide.
    """
    marks = [SignificanceMark(*match.span(), _judge_p_value(match), True) for match in _P_VALUE.finditer(text)]
    marks += [SignificanceMark(*match.span(), _judge_interval(text, match), False) for match in _INTERVAL.finditer(text)]
    return sorted(marks, key=lambda mark: mark.start)


def _judge_p_value(match: re.Match[str]) -> bool | None:
    printed, sign = match["value"].casefold(), match["sign"]
    if printed.startswith("n"):
        return False
    value = 0.0 if match["power"] else _to_number(printed)
    if value > 1:
        return None
    if sign in ("=", ":", "of", "was"):
        return value < _LEVEL
    if sign in ("<", "&lt;", "≤", "⩽"):
        return True if value <= _LEVEL else None
    return False if value >= _LEVEL else None


def _judge_interval(text: str, match: re.Match[str]) -> bool | None:
    low, high = _to_number(match["low"]), _to_number(match["high"])
    before = text[max(0, match.start() - _CONTEXT) : match.start()]
    ratios, contrasts = list(_RATIO.finditer(before)), list(_CONTRAST.finditer(before))
    if not ratios and not contrasts:
        return None
    is_ratio = bool(ratios) and (not contrasts or ratios[-1].start() > contrasts[-1].start())
    if is_ratio and (low < 0 or low > high):
        return None
    null = 1.0 if is_ratio else 0.0
    return not min(low, high) <= null <= max(low, high)


def _to_number(printed: str) -> float:
    plain = printed.replace("\u2212", "-").replace("\u2013", "-").replace("·", ".").replace(",", ".")
    return float(plain)
