"""Finds what a text prints about statistical significance: p-values, confidence intervals and ratios.

Takes a text and returns the places with what they decide. Words such as "not significant" are cues of `amount.csv`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LEVEL = 0.05
_S = r"[\s\u00a0\u2009]{0,3}"
_P_VALUE = re.compile(
    rf"(?<![^\W\d_])P(?:{_S}[-\u2010\u2011\u2013]?{_S}(?P<value>values?)|['’]?s|{_S}for{_S}\w{{1,15}})?{_S}"
    rf"(?:(?P<sign>&lt;|&gt;|[=<>≤≥⩽⩾˂˃＜＞:]|\bof\b|\bwas\b|\bwere\b){_S}(?:or)?{_S}=?{_S})?"
    rf"(?P<number>ns\b|n\.s\.|not{_S}significant|(?<!\d)0?{_S}[.,·]{_S}\d{{1,8}}|\d{{1,3}}(?:[.,]\d{{1,8}})?)"
    rf"(?P<power>{_S}[×x*·]{_S}10{_S}[-\u2212\u2013]{_S}\d{{1,3}}|e[-\u2212\u2013]\d{{1,3}})?",
    re.IGNORECASE,
)
_NOT_SIGNIFICANT = re.compile(r"\b[nN]\.\s?[sS]\.|(?<![\w.])NS(?![\w.])")
_LESS, _MORE = frozenset({"<", "&lt;", "≤", "⩽", "˂", "＜"}), frozenset({">", "&gt;", "≥", "⩾", "˃", "＞"})
_SIGNED = r"[-\u2212\u2013+]?\d{1,6}(?:[.,·]\d{1,6})?"
_TO = rf"{_S}(?:to|and|[-\u2212\u2013,;:]){_S}"
_INTERVAL = re.compile(
    rf"(?:\bCrI\b|\bCIs?\b|\bconfidence{_S}intervals?\b)[^\d\n;\u2212\u2013+-]{{0,30}}"
    rf"(?P<low>{_SIGNED})[%\]]?{_TO}(?P<high>{_SIGNED})",
    re.IGNORECASE,
)
_RATIO_NAME = (
    r"(?:(?-i:\b[ac]?(?:OR|RR|HR|IRR|LPR|SHR)\b)|\brelative risk\b"
    r"|\b(?:odds|hazards?|risk|rate|prevalence|incidence)[ -]?(?:rate )?ratio\b)"
)
_RATIO = re.compile(_RATIO_NAME, re.IGNORECASE)
_RATIO_VALUE = re.compile(
    rf"{_RATIO_NAME}[^\d\n;.]{{0,25}}(?P<ratio>\d{{1,3}}[.,·]\d{{1,4}})"
    rf"(?:{_S}[\[(,;]{_S}(?P<low>\d{{1,3}}[.,·]\d{{1,4}}){_TO}(?P<high>\d{{1,4}}(?:[.,·]\d{{1,4}})?))?",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:difference|differences|reduction|W?MD|SMD|effect|change|coefficient|favou?ring)\b|\b(?:beta|β)",
    re.IGNORECASE,
)
_CONTEXT = 90
"""Characters before an interval in which its measure is looked for."""


class SignificanceMark(NamedTuple):
    """A p-value, interval or ratio, `text[start:end]`.

    `is_significant` is None if it does not decide; `ratio` is the odds, risk or hazard ratio, if it prints one.
    """

    start: int
    end: int
    is_significant: bool | None
    is_p_value: bool = False
    ratio: float | None = None


def find_significance_marks(text: str) -> list[SignificanceMark]:
    """The p-values, confidence intervals and ratios of `text`, in order.

    An interval counts if a ratio is named before it (then 1 is no difference) or a difference (then 0 is none); the
    interval of a mean in one arm does not decide.
    """
    marks = [
        SignificanceMark(match.start(), match.end(), _judge_p_value(match), is_p_value=True)
        for match in _P_VALUE.finditer(text)
        if _is_p_value(text, match)
    ]
    marks += [
        SignificanceMark(match.start(), match.end(), _judge_interval(text, match)) for match in _INTERVAL.finditer(text)
    ]
    marks += [
        SignificanceMark(match.start(), match.end(), _judge_ratio(match), ratio=_to_number(match["ratio"]))
        for match in _RATIO_VALUE.finditer(text)
    ]
    marks += [
        SignificanceMark(match.start(), match.end(), False, is_p_value=True)
        for match in _NOT_SIGNIFICANT.finditer(text)
    ]
    return sorted(marks, key=lambda mark: (mark.start, mark.end))


def _is_p_value(text: str, match: re.Match[str]) -> bool:
    """Whether the number is a probability: "p 0.04", "P value of .3", but not "P 450", "vitamin P: 2"."""
    number = match["number"].casefold()
    if match["sign"] is None and not match["value"]:
        return number.replace(" ", "")[:2] in ("0.", "0,") and text[match.end() : match.end() + 1] != "%"
    if match["sign"] in (":", "of", "was", "were") and not match["value"]:
        return False
    return number[0] == "n" or match["power"] is not None or _to_number(number) <= 1


def _judge_p_value(match: re.Match[str]) -> bool | None:
    printed, sign = match["number"].casefold(), match["sign"]
    if printed.startswith("n"):
        return False
    value = 0.0 if match["power"] else _to_number(printed)
    if sign in _LESS:
        return True if value <= _LEVEL else None
    if sign in _MORE:
        return False if value >= _LEVEL else None
    return value < _LEVEL


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


def _judge_ratio(match: re.Match[str]) -> bool | None:
    if not match["low"]:
        return None
    low, high = _to_number(match["low"]), _to_number(match["high"])
    return None if low > high else not low <= 1 <= high


def _to_number(printed: str) -> float:
    plain = "".join(printed.split()).replace("\u2212", "-").replace("\u2013", "-").replace("·", ".").replace(",", ".")
    return float(plain)
