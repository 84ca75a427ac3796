"""The forms in which references and reviews are compared, and the keys under which two forms meet.

Takes the tables of all reviews and returns records, forms and keys. Which forms are one work is decided in
`form_pairs` and `work_groups`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from pipelines.link.printed_works import list_printed_works
from pipelines.link.work_words import WorkWords

FIELDS = (
    "title",
    "numbers",
    "author",
    "year",
    "journal_id",
    "journal",
    "volume",
    "page",
    "last_page",
    "is_preprint",
    "is_notice",
    "doi",
    "pmid",
)
"""What a record is compared by. Records that agree in all of it are one form."""

SHORT_TITLE = 25
"""Many works have a title with fewer letters, such as "Editorial" or "Burning mouth syndrome"."""

_EDGE = 24
"""Letters at the beginning or end of a title by which titles with another end or beginning meet."""
_BEGINNING = 16
"""Letters at the beginning of a title by which titles of the same year meet."""

_GREEK = {
    chr(code): unicodedata.name(chr(code)).split()[-1].lower() for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))
}
_SPELLINGS: Mapping[str, str] = {
    **_GREEK,
    "ς": "sigma",
    "&": " and ",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
}
"""Letters and signs that are printed in two ways, and that Unicode does not decompose."""
_ROMAN = r"\b(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})\b"


def fold_letters(text: pl.Expr) -> pl.Expr:
    """The text in lower case without accents, Greek letters spelt out; spaces and punctuation stay."""
    return (
        text.str.normalize("NFKD")
        .str.replace_all(r"\p{M}+", "")
        .str.to_lowercase()
        .str.replace_many(list(_SPELLINGS), list(_SPELLINGS.values()))
    )


def letters_and_digits(text: pl.Expr) -> pl.Expr:
    """The text folded, with nothing but letters and digits; NULL if there are none."""
    key = fold_letters(text).str.replace_all(r"[^\p{L}\p{N}]+", "")
    return pl.when(key != "").then(key)


def _fold_words(words: Iterable[str], fold: Callable[[pl.Expr], pl.Expr]) -> list[str]:
    return pl.DataFrame({"word": sorted(words)}).select(fold(pl.col("word")))["word"].to_list()


def _begins_with(words: Iterable[str]) -> str:
    """A pattern for folded text that begins with one of the words; a letter at the end of a word ends it."""
    endings = (re.escape(word) + (r"\b" if word[-1].isalnum() else "") for word in _fold_words(words, fold_letters))
    return rf"^\W*(?:{'|'.join(endings)})"


def _first_number(text: pl.Expr) -> pl.Expr:
    """The first number, without the letters and zeros in front of it: S12 is 12, e0012 too."""
    return text.str.extract(r"0*(\d+)", 1)


def _volume(text: pl.Expr) -> pl.Expr:
    """The volume without its issue or supplement: 38(1 Suppl) is 38."""
    return pl.coalesce(text.str.extract(r"^\D{0,4}0*(\d+)", 1), letters_and_digits(text))


def build_records(
    bib_references: pl.DataFrame,
    reference_authors: pl.DataFrame,
    reviews: pl.DataFrame,
    review_authors: pl.DataFrame,
    words: WorkWords,
) -> pl.DataFrame:
    """One row per reference and one per review (`ref_no` = `REVIEW_ITSELF`), sorted by key (review_id, ref_no).

    The other columns are `FIELDS`; what is not printed is NULL. `title` is the folded title without spaces (of a book,
    its name), `numbers` the digits and Roman numerals in it; `author` the folded surname of the first author;
    `journal` the folded printed name; `volume` and the pages are numbers as text; `doi` has letters and digits only.
    """
    printed = list_printed_works(bib_references, reference_authors, reviews, review_authors)
    title, journal = letters_and_digits(pl.col("title")), letters_and_digits(pl.col("journal"))
    numbers = fold_letters(pl.col("title")).str.extract_all(rf"\d+|{_ROMAN}").list.join("")
    return printed.select(
        "review_id",
        "ref_no",
        title.alias("title"),
        numbers.fill_null("").alias("numbers"),
        letters_and_digits(pl.col("first_author")).alias("author"),
        "year",
        "journal_id",
        journal.alias("journal"),
        _volume(pl.col("volume")).alias("volume"),
        _first_number(pl.col("first_page")).alias("page"),
        _first_number(pl.col("last_page")).alias("last_page"),
        journal.is_in(_fold_words(words.preprint_servers, letters_and_digits))
        .fill_null(value=False)
        .alias("is_preprint"),
        fold_letters(pl.col("title"))
        .str.contains(_begins_with(words.notice_openings))
        .fill_null(value=False)
        .alias("is_notice"),
        letters_and_digits(pl.col("doi")).alias("doi"),
        pl.col("pmid").str.strip_chars_start("0").alias("pmid"),
    ).sort("review_id", "ref_no")


def _identifies_a_work() -> pl.Expr:
    """Whether two records with the same form are the same work: there is enough printed to tell it from others."""
    known = {name: pl.col(name).is_not_null() for name in FIELDS}
    is_short = pl.col("title").str.len_chars() < SHORT_TITLE
    place = known["volume"] & known["page"] & known["year"]
    return (
        known["doi"]
        | known["pmid"]
        | (known["title"] & ~is_short & (known["author"] | known["year"]))
        | (known["title"] & known["author"] & known["year"] & (known["volume"] | known["page"] | known["journal"]))
        | (place & (known["author"] | known["journal"]))
    ).fill_null(value=False)


def find_forms(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The distinct forms of `records`, and the records with their `form_no`.

    A form has `form_no`, from 0 in the order of `FIELDS`, `FIELDS` and `n_records`. Records with the same form are the
    same work; a record that prints too little to identify a work has a form by itself.
    """
    is_apart = ~_identifies_a_work()
    apart = {"apart_review": pl.when(is_apart).then("review_id"), "apart_ref": pl.when(is_apart).then("ref_no")}
    records = records.with_columns(**apart)
    form = [*FIELDS, *apart]
    forms = records.group_by(form).agg(n_records=pl.len()).sort(form, nulls_last=True).with_row_index("form_no")
    numbered = records.join(forms.select("form_no", *form), on=form, nulls_equal=True, maintain_order="left")
    return forms.drop(*apart), numbered.drop(*apart)


_KEYS: Mapping[str, tuple[pl.Expr, ...]] = {
    "doi": (pl.col("doi"),),
    "pmid": (pl.col("pmid"),),
    "title": (
        pl.col("title"),
        pl.when(pl.col("title").str.len_chars() < SHORT_TITLE).then("year").otherwise(0),
    ),
    "title_start": (pl.col("title").str.slice(0, _EDGE), pl.col("author")),
    "title_end": (pl.col("title").str.tail(_EDGE), pl.col("author")),
    "title_year": (pl.col("title").str.slice(0, _BEGINNING), pl.col("year")),
    "place": (pl.col("volume"), pl.col("page"), pl.col("year")),
    "author_place": (pl.col("volume"), pl.col("page"), pl.col("author")),
    "author_volume": (pl.col("author"), pl.col("year"), pl.col("volume")),
    "author_page": (pl.col("author"), pl.col("year"), pl.col("page")),
    "author_journal": (pl.col("author"), pl.col("year"), pl.coalesce("journal_id", "journal")),
}
"""Two forms are compared if they have the same values in one of these lists of fields, all of them known."""


def find_keys(forms: pl.DataFrame) -> pl.DataFrame:
    """One row per form and key: `form_no`, `key`, a number that stands for the values of a list of `_KEYS`."""
    return pl.concat(
        [
            forms.select("form_no", *(field.alias(str(number)) for number, field in enumerate(fields)))
            .drop_nulls()
            .select("form_no", key=pl.struct(pl.exclude("form_no")).hash(seed))
            for seed, fields in enumerate(_KEYS.values())
        ]
    )
