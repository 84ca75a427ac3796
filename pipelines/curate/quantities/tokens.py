"""Splits a text into tokens for the reading of quantities: numbers with their units, words, cues and signs.

Takes a text and the words of `cues/quantity.csv` and `cues/units.csv`; gives tokens with their places in the text.
Numbers that belong to names, citations and formulas (`IL-6`, `[12]`, `x^{2}`) are no number tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.vocabularies.quantity_words import LEXEME, Cue, QuantityWords, find_unit, fold_lexeme

_MINUS = "-−–"
_SPACE = r"[ \u00a0\u2007\u2009\u202f\u200a]"
_DIGITS = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}(?![\d,])|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3}){1,4}(?!\d)"
    r"|\d{1,3} 000(?!\d)|\d{1,15})"
)
_POWER = (
    rf"(?:{_SPACE}?[x×*·⋅]{_SPACE}?10(?:{_SPACE}?\^?\{{?(?P<times>[{_MINUS}]{_SPACE}?\d{{1,3}}|(?<=[\^{{])\d{{1,3}}|⁻?[⁰¹²³⁴-⁹]{{1,3}})\}}?)"
    rf"|[eE](?P<e>[{_MINUS}]?\d{{1,3}})(?!\w)|(?:(?<=\.\d)|(?<=\.\d\d)) 10(?P<glued>[{_MINUS}]\d{{1,2}})(?![\d.]))"
)
_NUMBER = (
    rf"(?P<sign>[{_MINUS}]{_SPACE}?|(?<=[\s(])\+)?"
    rf"(?P<digits>{_DIGITS}(?:[.,·⋅]\d{{1,15}})?|(?<![\d.])[.·]\d{{1,15}})(?:{_POWER})?"
)
_TOKEN = re.compile(
    rf"(?P<word>{LEXEME})"
    r"|(?P<clock>\d{1,4}:\d[\d.]{0,8})"
    r"|(?P<citation>\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,60}\]|\^\{[^{}]{0,80}\}|\^\d{1,4})"
    rf"|(?P<number>(?<![\w]){_NUMBER}(?!\d|\([A-Z]))"
    r"|(?P<junk>\d[\w.,]*)"
    r"|(?P<plus_minus>±|\+\s?/\s?[-−–]|\+[-−–])"
    r"|(?P<other>\S)"
)
_UNIT = re.compile(rf"{_SPACE}?[-–‐‑]?{_SPACE}?(%|‰|°C|ºC|per cent|mm Hg|[A-Za-zµμ][A-Za-zµμ.]*)")
_WORD_REST = re.compile(r"\w*")
_LETTER = re.compile(r"\w")
_HYPHENATED = re.compile(r"[-–/]\w")
_NEXT_WORD = re.compile(r" ([^\W\d_]{3,5})\b")
_TENS = 20
"""From here on number words are followed by another: `twenty-five`, `twenty five`."""
_OLD = re.compile(r"[-–‐‑ ]old\b")
_FOOTNOTE_MARK = re.compile(r"[a-z](?:,[a-z]){0,4}(?![\w.])")
"""A mark that is glued to a decimal number of a table: `8.7a`."""
_YEAR_WITH_LETTER = re.compile(r"(?:19|20)\d\d[a-z]\b")
_LARGEST_EXPONENT = 300
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_BEFORE_NEGATIVE = frozenset("([=<>≤≥≈~:,;|/±")


class Unit(NamedTuple):
    """A printed unit in its normal spelling (`mg/kg/day`), and its kind as in `cues/units.csv`."""

    name: str
    kind: str


class Token(NamedTuple):
    """`text[start:end]`; `value` and `unit` are those of a number, `cues` what a phrase means.

    `kind` is number, word, sign or citation. The end of a number is that of its digits; that of its unit is `unit_end`.
    A closing bracket has the unit behind it. `is_count` says that a number is whole, `is_age` that `-old` follows it.
    """

    kind: str
    start: int
    end: int
    text: str
    cues: tuple[Cue, ...] = ()
    value: float = 0.0
    unit: Unit | None = None
    unit_end: int = 0
    is_count: bool = False
    is_age: bool = False

    def meaning(self, group: str) -> str | None:
        """What the token means as a cue of this group; None if it is none."""
        for cue in self.cues:
            if cue.group == group:
                return cue.meaning
        return None


# Most tokens are words: they are made without the keyword handling of a NamedTuple, which takes longer than the search.
_new_token = tuple.__new__


class UnitReader:
    """Reads units at a place of a text."""

    def __init__(self, words: QuantityWords) -> None:
        self._words = words
        divisors = "|".join(re.escape(spelling) for spelling in sorted(words.divisors, key=len, reverse=True))
        self._divisor = re.compile(
            rf"(?:\s?/\s?|\s?\bper\s|{_SPACE}(?=per\s)per\s)(?:(\d{{1,4}})\s?)?({divisors})(?![^\W\d_])"
            rf"|[ ·.⋅∙\u00a0\u2009\u202f]({divisors})(?:\^?\{{?[-−–⁻](?:1|¹)\}}?)"
        )

    def read(self, text: str, place: int) -> tuple[Unit, int] | None:
        """The unit that begins at a place of a text, after at most a blank or a hyphen, and its end."""
        match = _UNIT.match(text, place)
        if match is None:
            return None
        printed, end = match.group(1), match.end()
        base = find_unit(self._words.units, printed)
        while base is None and "." in printed:
            printed = printed[: printed.rindex(".")]
            end = match.start(1) + len(printed)
            base = find_unit(self._words.units, printed)
        if base is None or (len(printed) == 1 and printed != "%" and _HYPHENATED.match(text, end)):
            return None if base is None else self._read_divided(text, end, base)
        if printed not in "%‰" and end < len(text) and _LETTER.match(text, end) and text[end] not in "²³":
            return None
        unit, after = self._divide(text, end, base)
        return unit, after

    def _read_divided(self, text: str, end: int, base: tuple[str, str]) -> tuple[Unit, int] | None:
        """A unit of one letter before a hyphen or slash, if a divisor follows: `5 g/day`, not `3 d-dimer`."""
        unit, after = self._divide(text, end, base)
        return (unit, after) if after > end else None

    def _divide(self, text: str, end: int, base: tuple[str, str]) -> tuple[Unit, int]:
        name, kind = base
        if kind in ("time", "percent"):
            return Unit(name, kind), end
        for _ in range(3):
            match = self._divisor.match(text, end)
            if match is None:
                break
            number, printed = match.group(1), match.group(2) or match.group(3)
            divisor, divisor_kind = self._words.divisors[printed]
            name += f"/{number} {divisor}" if number else f"/{divisor}"
            if divisor_kind == "other_divisor":
                kind = "concentration" if kind in ("dose", "volume", "concentration") else "other"
            elif divisor_kind == "dose_divisor" and kind in ("portion", "volume"):
                kind = "dose"
            end = match.end()
        return Unit(name, kind), end


@dataclass(frozen=True, slots=True)
class Tokeniser:
    """Splits texts by the words of the vocabulary."""

    words: QuantityWords
    units: UnitReader

    def split(self, text: str) -> list[Token]:
        """The tokens of a text, phrases joined to one token. Linear in the length of the text."""
        tokens: list[Token] = []
        starts: list[int] = []
        place: int | None = 0
        while place is not None:
            place = self._split_from(text, place, tokens, starts)
        return _join_phrases(tokens, starts, self.words.phrases) if starts else tokens

    def _split_from(self, text: str, place: int, tokens: list[Token], starts: list[int]) -> int | None:
        """Add the tokens from `place` to the next that does not end where its match does; return its end, or None."""
        phrases, numbers = self.words.phrases, self.words.numbers
        for match in _TOKEN.finditer(text, place):
            if match.lastgroup == "word":
                word = fold_lexeme(match.group())
                if word in phrases or (word := word.casefold()) in phrases:
                    starts.append(len(tokens))
                elif "-" in word or word in numbers:
                    spelled = self._make_spelled_number(text, match)
                    if spelled is not None:
                        tokens.append(spelled)
                        return spelled.unit_end
                start, end = match.span()
                tokens.append(_new_token(Token, ("word", start, end, word, (), 0.0, None, 0, False, False)))
                continue
            token = self._make_token(text, match, tokens)
            if token.text in phrases and token.kind == "sign":
                starts.append(len(tokens))
            tokens.append(token)
            end = token.unit_end if token.kind == "number" else token.end
            if end != match.end():
                return end
        return None

    def _make_token(self, text: str, match: re.Match[str], earlier: list[Token]) -> Token:
        kind = match.lastgroup or ""
        if kind == "number":
            return self._make_number(text, match, earlier)
        (start, end), printed = match.span(), match.group()
        if kind in ("citation", "junk", "clock"):
            return Token("citation", start, end, printed)
        if printed in ")]":
            # A letter that is glued to a bracket is a footnote mark: `30.7 (25.3)d`.
            is_apart = text[end : end + 1].isspace() or text[end : end + 1] == "%"
            unit, unit_end = (self.units.read(text, end) if is_apart else None) or (None, end)
            return Token("sign", start, end, printed, unit=unit, unit_end=unit_end)
        return Token("sign", start, end, "±" if kind == "plus_minus" else printed)

    def _make_number(self, text: str, match: re.Match[str], earlier: list[Token]) -> Token:
        start, end = match.span()
        sign, digits = match["sign"], match["digits"]
        if sign and sign != "+" and not _is_negative(text, start, sign, earlier):
            return Token("sign", start, start + 1, sign[0])
        found = self.units.read(text, end)
        if found is None and _FOOTNOTE_MARK.match(text, end) and "." in digits:
            found = None
        elif end < len(text) and text[end].isalpha() and (found is None or _YEAR_WITH_LETTER.match(text, start)):
            return Token("citation", start, _end_of_word(text, end), text[start:end])
        value = float(digits) if digits.isdecimal() else _parse_digits(digits)
        power = match["times"] or match["e"] or match["glued"]
        if power:
            exponent = int("".join(power.translate(_SUPERSCRIPTS).split()))
            if abs(exponent) > _LARGEST_EXPONENT:
                return Token("citation", start, end, text[start:end])
            value = float(f"{value * 10.0**exponent:.12g}")
        unit, unit_end = found or (None, end)
        old = _OLD.match(text, unit_end)
        unit_end = old.end() if old else unit_end
        return Token(
            "number",
            start,
            end,
            match.group(),
            value=-value if sign and sign != "+" else value,
            unit=unit,
            unit_end=unit_end,
            is_count=not sign and not power and value == int(value) and "." not in digits and "·" not in digits,
            is_age=old is not None,
        )

    def _make_spelled_number(self, text: str, match: re.Match[str]) -> Token | None:
        """A number that is written as a word: `twelve`, `twenty-five`, or `two` of `two-week`."""
        first, *rest = match.group().casefold().split("-")
        if first not in self.words.numbers:
            return None
        start = match.start()
        value, end = self.words.numbers[first], start + len(first)
        if rest and rest[0] in self.words.numbers and value >= _TENS:
            value, end = value + self.words.numbers[rest[0]], end + 1 + len(rest[0])
        elif not rest and value >= _TENS:
            following = _NEXT_WORD.match(text, end)
            unit_value = self.words.numbers.get(following.group(1).casefold(), _TENS) if following else _TENS
            if following and unit_value < _TENS:
                value, end = value + unit_value, following.end()
        found = self.units.read(text, end)
        if found is None and end < match.end():
            return None
        unit, unit_end = found or (None, end)
        return Token("number", start, end, match.group(), value=value, unit=unit, unit_end=unit_end, is_count=True)


def build_tokeniser(words: QuantityWords) -> Tokeniser:
    return Tokeniser(words, UnitReader(words))


def _is_negative(text: str, start: int, sign: str, earlier: list[Token]) -> bool:
    """Whether a dash before digits is a minus sign and not the dash of a range or a hyphen."""
    if len(sign) > 1:
        return sign[0] == "−" and text[max(0, start - 4) : start].rstrip()[-1:] in _BEFORE_NEGATIVE and start > 0
    before = text[start - 1] if start else " "
    if not before.isspace() and before not in _BEFORE_NEGATIVE:
        return False
    return sign == "−" or not before.isspace() or not earlier or earlier[-1].kind != "number"


def _end_of_word(text: str, place: int) -> int:
    match = _WORD_REST.match(text, place)
    return match.end() if match else place


def _parse_digits(digits: str) -> float:
    """`1,234` and `12 345` have separators of thousands; `0,05` and `0·89` have a decimal comma and a decimal dot."""
    plain = re.sub(r"[ \u00a0\u2009\u202f]", "", digits).replace("·", ".").replace("⋅", ".")
    if "," in plain:
        is_thousands = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", plain)
        plain = plain.replace(",", "") if is_thousands else plain.replace(",", ".")
    return float(plain)


def _join_phrases(
    tokens: list[Token],
    starts: list[int],
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Cue, ...]], ...]],
) -> list[Token]:
    """The tokens, those of a phrase joined, the longest phrase first; `starts` are where phrases can begin."""
    joined: list[Token] = []
    place = 0
    for index in starts:
        if index < place:
            continue
        for phrase, cues in phrases[tokens[index].text]:
            last = index + len(phrase)
            if len(phrase) == 1 or [part.text for part in tokens[index:last]] == list(phrase):
                joined += tokens[place:index]
                joined.append(Token("word", tokens[index].start, tokens[last - 1].end, " ".join(phrase), cues))
                place = last
                break
    return joined + tokens[place:]
