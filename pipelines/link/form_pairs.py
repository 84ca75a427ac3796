"""Which forms of references are one work: forms that meet under a key are compared field by field and judged by rules.

Takes the forms of `work_records` and returns pairs, each with its rule and score. Pairs that contradict each other are
settled in `work_groups`.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from pipelines.link.work_records import FIELDS, SHORT_TITLE, find_keys

WINDOW = 20
"""The forms under one key are in the order of their fields, and each is compared with this many after it. So the cost
of a key such as the title "Editorial" grows with the number of its forms, not with its square."""

RULES = ("same_doi", "same_pmid", "same_title", "similar_title", "same_place")
"""The rules that join two forms, the strongest first."""
IDENTIFIER_RULES = RULES[:2]

SIMILAR_PLACED_TITLE = 80
"""The least similarity of the titles of works in one place, in percent."""
SIMILAR_TITLE = 92
"""The least similarity of the titles of works of which only volume or page agrees, in percent."""
CONTAINED_TITLE = 95
"""The least similarity of a short title to its best part of a long one, in percent."""
UNLIKE_TITLE = 60
"""Titles below this similarity, in percent, contradict a common identifier if authors and years differ, too."""
MAX_YEARS_APART = 2
"""The years that may lie between two forms in one place whose titles differ."""
_SIMILAR_AUTHOR = 80
_MIN_AUTHOR_LETTERS = 4
"""The least number of letters of a surname that another begins or ends with (particles, two surnames)."""


class WorkSample(NamedTuple):
    """What tells a work from others that have the same identifier by mistake."""

    title: str | None
    author: str | None
    year: int | None


_WEIGHTS = {"title": 4, "author": 2, "year": 1, "journal": 1, "volume": 1, "page": 1}
"""The weight of a field in the score of a pair; the title counts by its similarity."""


def find_pairs(forms: pl.DataFrame) -> pl.DataFrame:
    """The pairs of `forms` that are one work: `form_a` < `form_b`, `rule_id` (of `RULES`) and `score`.

    `score` is how far the fields agree that both forms have, from 0 to 1.
    """
    return judge_pairs(compare_forms(forms, find_candidates(find_keys(forms))))


def find_candidates(keys: pl.DataFrame) -> pl.DataFrame:
    """The pairs of forms that meet under a key: `form_a` < `form_b`, each pair once."""
    shared = keys.filter(pl.len().over("key") > 1).sort("key", "form_no")
    neighbours = [
        shared.select(
            form_a="form_no",
            form_b=pl.col("form_no").shift(-step),
            is_same_key=pl.col("key") == pl.col("key").shift(-step),
        )
        .filter("is_same_key")
        .select("form_a", "form_b")
        for step in range(1, WINDOW + 1)
    ]
    return pl.concat(neighbours).unique().sort("form_a", "form_b")


def _agrees(name: str) -> pl.Expr:
    """Whether the two forms have the same value; NULL if one of them has none."""
    return pl.col(f"{name}_a") == pl.col(f"{name}_b")


def _begins_or_ends(longer: str, shorter: str) -> pl.Expr:
    whole, part = pl.col(longer), pl.col(shorter)
    return (part.str.len_chars() >= _MIN_AUTHOR_LETTERS) & (whole.str.starts_with(part) | whole.str.ends_with(part))


def compare_forms(forms: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the fields of both forms (`…_a`, `…_b`) and how they agree.

    `title`, `author`, `journal`, `volume`, `page`, `last_page`, `doi` and `pmid` say whether the field agrees, and are
    NULL if a form lacks it; `title_ratio` and `title_part` (the similarity to the best part of the longer title) are
    percentages; `years_apart` is a number of years.
    """
    sides = [
        forms[pairs[form]].select(pl.col(FIELDS).name.suffix(suffix))
        for form, suffix in (("form_a", "_a"), ("form_b", "_b"))
    ]
    both = pl.concat([pairs, *sides], how="horizontal")

    def texts(name: str) -> list[list[str]]:
        return [both[f"{name}{suffix}"].fill_null("").to_list() for suffix in ("_a", "_b")]

    shorter_journal = pl.min_horizontal(pl.col("journal_a").str.len_chars(), pl.col("journal_b").str.len_chars())
    shorter_title = pl.min_horizontal(pl.col("title_a").str.len_chars(), pl.col("title_b").str.len_chars())
    return both.with_columns(
        title_ratio=pl.Series(cpdist(*texts("title"), scorer=fuzz.ratio)),
        title_part=pl.Series(cpdist(*texts("title"), scorer=fuzz.partial_ratio, score_cutoff=CONTAINED_TITLE)),
        author_ratio=pl.Series(cpdist(*texts("author"), scorer=fuzz.ratio)),
        journal_letters=pl.Series(cpdist(*texts("journal"), scorer=LCSseq.similarity)),
    ).with_columns(
        title=_agrees("title"),
        title_ratio=pl.when(_agrees("title").is_not_null()).then("title_ratio"),
        title_part=pl.when(shorter_title >= SHORT_TITLE - 5).then("title_part").otherwise(0.0),
        author=_agrees("author")
        | (pl.col("author_ratio") >= _SIMILAR_AUTHOR)
        | _begins_or_ends("author_a", "author_b")
        | _begins_or_ends("author_b", "author_a"),
        years_apart=(pl.col("year_a") - pl.col("year_b")).abs(),
        # An abbreviation has the letters of the title in their order.
        journal=pl.coalesce(
            _agrees("journal_id"),
            _agrees("journal")
            | (
                (pl.col("journal_letters") == shorter_journal)
                & (pl.col("journal_a").str.slice(0, 1) == pl.col("journal_b").str.slice(0, 1))
            ),
        ),
        volume=_agrees("volume"),
        page=_agrees("page"),
        # 307-21 is 307-321.
        last_page=pl.col("last_page_a").str.ends_with(pl.col("last_page_b"))
        | pl.col("last_page_b").str.ends_with(pl.col("last_page_a")),
        doi=_agrees("doi"),
        pmid=_agrees("pmid"),
    )


def _known(name: str, *, value: bool) -> pl.Expr:
    """Whether the field is known to agree, or to differ."""
    return pl.col(name).fill_null(value=not value) == value


def judge_pairs(compared: pl.DataFrame) -> pl.DataFrame:
    """The pairs of `compare_forms` that are one work, with `rule_id` and `score`."""

    def same(name: str) -> pl.Expr:
        return _known(name, value=True)

    def differ(name: str) -> pl.Expr:
        return _known(name, value=False)

    years_apart = pl.col("years_apart").fill_null(0)
    is_close = years_apart <= 1
    is_long = pl.col("title_a").str.len_chars().fill_null(0) >= SHORT_TITLE
    # Page 1 is that of many articles of an online volume.
    in_same_place = same("volume") & same("page") & (pl.col("page_a") != "1") | (
        same("volume") & same("page") & same("last_page")
    )
    unlike = (pl.col("title_ratio") < UNLIKE_TITLE) & (pl.col("title_part") < CONTAINED_TITLE)
    is_contradicted = unlike.fill_null(value=False) & differ("author") & (years_apart > 0)
    on_same_pages = same("page") & same("last_page") & (pl.col("page_a") != "1")
    is_nowhere_else = ~differ("journal") & ~differ("volume") & ~differ("page")
    is_same_title = same("title") & (
        (in_same_place & (is_long | ~differ("author")) & (is_close | same("author")))
        | (on_same_pages & same("author"))
        | (is_close & same("author") & same("journal") & (same("volume") | same("page")))
        # Articles ahead of print have no volume, and pages of their own.
        | (is_close & same("author") & same("journal") & pl.col("volume").is_null() & is_long)
        | (is_close & same("author") & is_nowhere_else & is_long)
        | (is_close & same("volume") & is_nowhere_else & is_long)
        | ((years_apart == 0) & is_nowhere_else & (same("author") | (~differ("author") & is_long)))
    )
    is_same_place = (
        in_same_place
        & same("author")
        & (years_apart <= MAX_YEARS_APART)
        & (pl.col("title").is_null() | (same("journal") & on_same_pages))
    )
    is_similar_title = (
        ((in_same_place & (is_close | same("author"))) | (on_same_pages & same("author")))
        & ((pl.col("title_ratio") >= SIMILAR_PLACED_TITLE) | (pl.col("title_part") >= CONTAINED_TITLE))
    ) | (
        (pl.col("title_ratio") >= SIMILAR_TITLE)
        & (pl.col("numbers_a") == pl.col("numbers_b"))
        & same("author")
        & is_close
        & ~differ("journal")
        & (same("volume") | same("page") | (same("journal") & is_nowhere_else))
    )
    is_same_kind = (pl.col("is_preprint_a") == pl.col("is_preprint_b")) & (
        pl.col("is_notice_a") == pl.col("is_notice_b")
    )
    rule = (
        pl.when(same("doi") & ~is_contradicted)
        .then(pl.lit("same_doi"))
        .when(same("pmid") & ~is_contradicted)
        .then(pl.lit("same_pmid"))
        .when(is_same_title & is_same_kind)
        .then(pl.lit("same_title"))
        .when(is_similar_title & is_same_kind)
        .then(pl.lit("similar_title"))
        .when(is_same_place & is_same_kind)
        .then(pl.lit("same_place"))
    )
    return (
        compared.select("form_a", "form_b", rule_id=rule, score=_score()).drop_nulls("rule_id").sort("form_a", "form_b")
    )


def _score() -> pl.Expr:
    year = pl.col("years_apart") == 0
    agreement = {
        "title": pl.col("title_ratio") / 100,
        "year": year.cast(pl.Float64),
        **{name: pl.col(name).cast(pl.Float64) for name in ("author", "journal", "volume", "page")},
    }
    total = pl.sum_horizontal(agreement[name] * weight for name, weight in _WEIGHTS.items())
    known = pl.sum_horizontal(agreement[name].is_not_null() * weight for name, weight in _WEIGHTS.items())
    return pl.when(known > 0).then(total / known).otherwise(1.0).round(3)


def contradicts(work_a: WorkSample, work_b: WorkSample) -> bool:
    """Whether two forms with a common identifier cannot be one work: title, author and year are known and differ."""
    if work_a.year is None or work_b.year is None or work_a.year == work_b.year:
        return False
    if work_a.title is None or work_b.title is None or work_a.author is None or work_b.author is None:
        return False
    return (
        fuzz.ratio(work_a.title, work_b.title) < UNLIKE_TITLE
        and fuzz.partial_ratio(work_a.title, work_b.title) < CONTAINED_TITLE
        and fuzz.ratio(work_a.author, work_b.author) < _SIMILAR_AUTHOR
    )
