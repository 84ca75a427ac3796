"""What is odd in a source, kept as printed and reported: general checks over the extracted tables.

Each kind of finding stands in `KINDS` with its severity and what it is, so that a kind of which nothing is found is
seen to have been looked for. Most are found by a function from frames to findings (columns `FINDING`), which knows no
case. What no vocabulary knows is found where the coding is done and joined here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipelines.curate.author_names import near_misses
from pipelines.extract.table_numbers import numbered
from schemas.tables import SPECS

Frames = Mapping[str, pl.DataFrame]

FINDING = ("review_id", "code", "subject_table", "subject_key", "message", "start_char", "end_char")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding about `table`; `find` gives them without code and severity, or is None: readers and coders do.

    `severity` is how much it matters to a reader of the data; none stops a release.
    """

    code: str
    table: str
    severity: Literal["info", "warning"]
    description: str
    find: Callable[[Frames], pl.DataFrame] | None = None


def source_issues(frames: Frames, found: pl.DataFrame) -> pl.DataFrame:
    """All findings, numbered within each review in the order of the source. One row is a finding.

    `frames` holds the extracted tables and `studies` of some reviews (all words of a thousand would take gigabytes);
    `found` holds what reader and coders found (columns `FINDING`).

    Raises KeyError where `found` has a code that `KINDS` does not declare.
    """
    declared = {kind.code: kind for kind in KINDS}
    undeclared = set(found["code"].unique()) - set(declared)
    if undeclared:
        raise KeyError(f"findings of undeclared kinds {sorted(undeclared)}: add them to KINDS in {__name__}")
    findings = [_with_subject(found, frames).select(FINDING)]
    for kind in KINDS:
        if kind.find:
            rows = kind.find(frames).with_columns(pl.lit(kind.code).alias("code"))
            if "subject_table" not in rows.columns:
                rows = rows.with_columns(pl.lit(kind.table).alias("subject_table"))
            findings.append(rows.select(FINDING))
    severities = pl.DataFrame([(kind.code, kind.severity) for kind in KINDS], schema=["code", "severity"], orient="row")
    columns = SPECS["source_issues"].polars_schema
    return (
        pl.concat([frame.cast({"start_char": pl.Int32, "end_char": pl.Int32}) for frame in findings])
        .join(severities, on="code", how="left")
        .sort("review_id", "start_char", "code", "subject_key", "message", nulls_last=True)
        .with_columns(pl.int_range(1, pl.len() + 1).over("review_id").alias("issue_id"))
        .select(pl.col(name).cast(dtype) for name, dtype in columns.items())
    )


BESIDE = 8
"""How far before a row something may lie that belongs to it: the number of an entry stands between."""


def _with_subject(found: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """What a finding that names only a place is about: the shortest row that holds it, or else one beside it."""
    placed = found.with_row_index("finding").filter(
        pl.col("subject_table").is_null() & pl.col("start_char").is_not_null()
    )
    candidates = []
    for table in ("sentences", "table_cells", "bib_references", "source_tables"):
        rows = frames[table].select(
            pl.col("review_id").alias("row_review"),
            _key(*SPECS[table].key[1:]).alias("row_key"),
            pl.col("start_char").alias("row_start"),
            pl.col("end_char").alias("row_end"),
        )
        candidates.append(
            placed.join_where(
                rows,
                pl.col("review_id") == pl.col("row_review"),
                pl.col("row_start") <= pl.col("end_char") + BESIDE,
                pl.col("row_end") >= pl.col("start_char"),
            ).select(
                "finding",
                pl.lit(table).alias("row_table"),
                "row_key",
                (pl.col("row_end") - pl.col("row_start")).alias("length"),
                ((pl.col("row_start") <= pl.col("start_char")) & (pl.col("row_end") >= pl.col("end_char"))).alias(
                    "holds"
                ),
            )
        )
    nearest = pl.concat(candidates).sort("finding", "holds", "length", descending=[False, True, False])
    subjects = nearest.unique("finding", keep="first", maintain_order=True)
    return (
        found.with_row_index("finding")
        .join(subjects, on="finding", how="left")
        .with_columns(
            pl.coalesce("subject_table", "row_table").alias("subject_table"),
            pl.coalesce("subject_key", "row_key").alias("subject_key"),
        )
        .drop("finding")
    )


def _key(*columns: str) -> pl.Expr:
    return pl.concat_str([pl.col(name).cast(pl.String) for name in columns], separator="/").alias("subject_key")


def _finding(frame: pl.DataFrame, key: tuple[str, ...], message: pl.Expr) -> pl.DataFrame:
    return frame.select("review_id", _key(*key), message.alias("message"), "start_char", "end_char")


def _label_disagrees(frames: Frames) -> pl.DataFrame:
    first = frames["reference_authors"].filter(pl.col("position") == 1).select("review_id", "ref_no", "surname")
    years = frames["bib_references"].select("review_id", "ref_no", pl.col("year").alias("ref_year"))
    rows = (
        frames["studies"]
        .filter(~pl.col("label_matches_reference"))
        .join(first, on=["review_id", "ref_no"], how="left")
        .join(years, on=["review_id", "ref_no"], how="left")
    )
    message = pl.format(
        "the row is labelled '{}' but cites reference {}, which is {} {}",
        "study_label",
        "ref_no",
        pl.col("surname").fill_null("(no author)"),
        pl.col("ref_year").cast(pl.String).fill_null("(no year)"),
    )
    return _finding(rows, ("table_no", "row_no"), message)


def _label_is_no_key(frames: Frames) -> pl.DataFrame:
    label = ["review_id", "table_no", "study_label"]
    rows = (
        frames["studies"]
        .filter(pl.col("study_label").is_not_null())
        .with_columns(
            pl.col("row_no").sort().cast(pl.String).str.join(", ").over(label).alias("rows"),
            pl.len().over(label).alias("n"),
            pl.col("ref_no").n_unique().over(label).alias("n_refs"),
        )
        .filter((pl.col("n") > 1) & (pl.col("n_refs") > 1))
    )
    message = pl.format("the label '{}' stands in rows {} for different references", "study_label", "rows")
    return _finding(rows, ("table_no", "row_no"), message)


def _volume_in_two_years(frames: Frames) -> pl.DataFrame:
    volume = ["review_id", "journal_raw", "volume"]
    rows = (
        frames["bib_references"]
        # A volume that is its own year says nothing about the numbering of volumes.
        .filter(pl.col("journal_raw").is_not_null() & pl.col("volume").is_not_null() & pl.col("year").is_not_null())
        .with_columns(
            pl.col("year").n_unique().over(volume).alias("n_years"),
            pl.format("{} (reference {})", "year", "ref_no")
            .sort_by("ref_no")
            .str.join(", ")
            .over(volume)
            .alias("years"),
        )
        .filter(pl.col("n_years") > 1)
    )
    message = pl.format("{} volume {} is given the years {}", "journal_raw", "volume", "years")
    return _finding(rows, ("ref_no",), message)


def _surname_two_ways(frames: Frames) -> pl.DataFrame:
    authors = frames["reference_authors"]
    pairs = near_misses(authors).with_columns(
        pl.col("ref_nos_a").str.split("; ").list.first().cast(pl.Int32).alias("ref_no")
    )
    printed = pl.concat_str("surname", pl.col("initials").fill_null(""), separator=" ").str.strip_chars()
    places = authors.select("review_id", "ref_no", printed.alias("name_a"), "start_char", "end_char")
    rows = pairs.join(places, on=["review_id", "ref_no", "name_a"], how="left")
    message = pl.format(
        "'{}' (reference {}) and '{}' (reference {}) may be one person: they share the co-author {}",
        "name_a",
        "ref_nos_a",
        "name_b",
        "ref_nos_b",
        "shared_coauthors",
    )
    return _finding(rows, ("ref_no",), message)


WORD = r"\p{L}[\p{L}\p{N}]*(?:[-‐‑]\p{L}[\p{L}\p{N}]*)*"


def _variant_spelling(frames: Frames) -> pl.DataFrame:
    """Spellings of one term that differ in hyphens, blanks or capitals inside: `Cyber Knife`, `CyberKnife`.

    A term is a word of six letters and more, or two neighbouring words of two letters and more; a capital at the
    beginning of a word makes no spelling of its own.
    """
    texts = pl.concat(
        [
            frames[table]
            .select(
                "review_id",
                pl.lit(table).alias("table"),
                _key(*keys).alias("key"),
                pl.col(column).alias("text"),
                "start_char",
                "end_char",
            )
            .drop_nulls("text")
            for table, keys, column in (
                ("sentences", ("sentence_id",), "text"),
                ("table_cells", ("table_no", "row_no", "column_no"), "text_raw"),
                ("bib_references", ("ref_no",), "title"),
            )
        ]
    ).with_row_index("text_no")
    words = (
        texts.select("review_id", "text_no", pl.col("text").str.extract_all(WORD).alias("term"))
        .explode("term")
        .drop_nulls("term")
    )
    single = words.with_columns(_folded_term()).filter(pl.col("folded").str.len_chars() >= 6)
    # Two words are of interest only where they also stand as one.
    pairs = (
        words.filter(pl.col("text_no") == pl.col("text_no").shift(-1))
        .with_columns(
            pl.concat_str(
                "term", words["term"].shift(-1).filter(words["text_no"] == words["text_no"].shift(-1)), separator=" "
            )
        )
        .filter(pl.col("term").str.contains(r"^\S{2,} \S{2,}$"))
        .with_columns(_folded_term())
        .join(single, on=["review_id", "folded"], how="semi")
        .join(texts.select("text_no", "text"), on="text_no")
        .filter(pl.col("text").str.contains(pl.col("term"), literal=True))
        .select(single.columns)
    )
    # Capitals count only inside a word: a capital at its beginning, or a word all in capitals, is no variant.
    spelling = (
        pl.when(pl.col("term").str.contains(r"\p{Ll}\p{Lu}"))
        .then(pl.col("term").str.slice(0, 1).str.to_lowercase() + pl.col("term").str.slice(1))
        .otherwise(pl.col("term").str.to_lowercase())
        .alias("spelling")
    )
    terms = pl.concat([single, pairs]).with_columns(spelling)
    several = (
        terms.group_by("review_id", "folded")
        .agg(pl.col("spelling").n_unique().alias("n_spellings"))
        .filter(pl.col("n_spellings") > 1)
    )
    spellings = (
        terms.join(several, on=["review_id", "folded"], how="semi")
        .join(texts.drop("text", "review_id"), on="text_no")
        .group_by("review_id", "folded", "spelling")
        .agg(
            pl.len().alias("n"),
            pl.col("term").mode().sort().first(),
            pl.struct("table", "key", "start_char", "end_char")
            .sort_by("start_char", "text_no", nulls_last=True)
            .first()
            .alias("place"),
        )
    )
    variants = (
        spellings.sort("n", "spelling", descending=[True, False])
        .group_by("review_id", "folded", maintain_order=True)
        .agg(pl.format("'{}' ({})", "term", "n").str.join(", ").alias("spellings"), pl.col("place").last())
    )
    return variants.select(
        "review_id",
        pl.col("place").struct.field("table").alias("subject_table"),
        pl.col("place").struct.field("key").alias("subject_key"),
        pl.format("one term is spelled {}; the last of them stands here", "spellings").alias("message"),
        pl.col("place").struct.field("start_char"),
        pl.col("place").struct.field("end_char"),
    )


def _folded_term() -> pl.Expr:
    return pl.col("term").str.replace_all(r"[\s\-‐‑]", "").str.to_lowercase().alias("folded")


def _never_cited(frames: Frames) -> pl.DataFrame:
    rows = frames["bib_references"].join(frames["citation_mentions"], on=["review_id", "ref_no"], how="anti")
    return _finding(rows, ("ref_no",), pl.format("reference {} is cited nowhere", "ref_no"))


def _cited_out_of_order(frames: Frames) -> pl.DataFrame:
    """References that are first cited in prose before one with a lower number is.

    A list in the order of citation numbers each new reference one higher than all before; an alphabetic list is in no
    such order at all, so a review whose first citations mostly fall is not looked at.
    """
    prose = frames["citation_markers"].filter(pl.col("context") == "prose")
    first = (
        frames["citation_mentions"]
        .join(
            prose.select("review_id", "marker_id", "marker_text", "start_char", "end_char"),
            on=["review_id", "marker_id"],
        )
        .sort("review_id", "marker_id", "ref_no")
        .unique(["review_id", "ref_no"], keep="first", maintain_order=True)
        .with_columns(pl.col("ref_no").cum_max().shift(1).over("review_id").alias("highest"))
        .with_columns((pl.col("ref_no") < pl.col("highest")).fill_null(value=False).alias("is_late"))
    )
    ordered = first.filter(pl.col("is_late").mean().over("review_id") < 0.25)
    rows = ordered.filter("is_late")
    message = pl.format("reference {} is first cited after reference {}", "ref_no", "highest")
    return _finding(rows, ("ref_no",), message)


def _uncited_table(frames: Frames) -> pl.DataFrame:
    """Tables with a number that no sentence names; a table without a number of its own cannot be asked for."""
    mentioned = numbered(frames["sentences"].filter(pl.col("kind") != "caption"), "text")
    tables = numbered(frames["source_tables"], "label")
    cited = tables.join(mentioned, on=["review_id", "number"], how="semi")
    key = ["review_id", "table_no"]
    rows = tables.join(cited, on=key, how="anti").unique(key, maintain_order=True)
    return _finding(rows, ("table_no",), pl.format("{} is mentioned nowhere in the prose", "label"))


def _not_recognised(frames: Frames) -> pl.DataFrame:
    rows = frames["source_tables"].filter(pl.col("kind") == "other")
    name = pl.coalesce(pl.col("label").str.strip_chars(" .:"), pl.lit("a table without a label"))
    message = pl.format("{} is read as a table of neither studies nor options: no header names them", name)
    return _finding(rows, ("table_no",), message)


def _not_exact(frames: Frames) -> pl.DataFrame:
    rows = frames["bib_references"].filter(~pl.col("is_exact_parse"))
    return _finding(rows, ("ref_no",), pl.lit("the fields written back do not give the printed entry"))


def _without_year_or_title(frames: Frames) -> pl.DataFrame:
    rows = frames["bib_references"].filter(pl.col("year").is_null() | pl.col("title").is_null())
    missing = (
        pl.when(pl.col("title").is_not_null())
        .then(pl.lit("year"))
        .when(pl.col("year").is_not_null())
        .then(pl.lit("title"))
        .otherwise(pl.lit("title and year"))
    )
    return _finding(rows, ("ref_no",), pl.format("no {} is found in the entry", missing))


def _same_reference_twice(frames: Frames) -> pl.DataFrame:
    folded = pl.col("title").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    work = ["review_id", "folded", "year"]
    rows = (
        frames["bib_references"]
        .with_columns(folded.alias("folded"))
        .filter(pl.col("folded").str.len_chars() >= 20)
        .with_columns(
            pl.len().over(work).alias("n"),
            pl.col("ref_no").sort().cast(pl.String).str.join(", ").over(work).alias("refs"),
        )
        .filter(pl.col("n") > 1)
    )
    return _finding(rows, ("ref_no",), pl.format("references {} have the same title and year", "refs"))


KINDS: tuple[Kind, ...] = (
    Kind("label_disagrees_with_reference", "studies", "warning",
         "a study row's label names another author or year than its reference", _label_disagrees),
    Kind("label_is_no_key", "studies", "info",
         "one label stands for several studies of a table", _label_is_no_key),
    Kind("volume_in_two_years", "bib_references", "warning",
         "one volume of a journal is given two years", _volume_in_two_years),
    Kind("surname_spelled_two_ways", "bib_references", "warning",
         "like surnames with the same initials in author lists that share a member", _surname_two_ways),
    Kind("variant_spelling", "sentences", "info",
         "one term is spelled with and without a hyphen, a blank or inner capitals", _variant_spelling),
    Kind("dangling_citation", "citation_markers", "warning",
         "a citation's number or range points at no reference"),
    Kind("reference_never_cited", "bib_references", "warning",
         "a reference is cited nowhere", _never_cited),
    Kind("reference_cited_out_of_order", "bib_references", "info",
         "a reference is first cited after one with a higher number", _cited_out_of_order),
    Kind("table_never_mentioned", "source_tables", "warning",
         "a table is mentioned nowhere in the prose", _uncited_table),
    Kind("reference_not_exact", "bib_references", "info",
         "a reference's fields, written back in its style, do not give the printed entry", _not_exact),
    Kind("reference_incomplete", "bib_references", "warning",
         "a reference in which no title or no year is found", _without_year_or_title),
    Kind("unknown_modality", "studies", "warning", "words of a method cell that no label of a modality matches"),
    Kind("cut_off_cell", "studies", "warning", "a cell that ends where a word should follow"),
    Kind("no_claim", "studies", "warning", "an outcome cell in which no outcome statement is found"),
    Kind("contradictory_claims", "studies", "warning", "a row that says two things of one outcome"),
    Kind("unknown_journal", "bib_references", "info", "a journal that the vocabulary does not know"),
    Kind("page_break_in_sentence", "sentences", "info", "a page break cuts a sentence; it was joined"),
    Kind("table_in_sentence", "sentences", "info", "a table stands inside a sentence; it was joined"),
    Kind("figure_in_sentence", "sentences", "info", "a figure stands inside a sentence; it was joined"),
    Kind("page_break_in_table", "source_tables", "info", "a page break cuts a table; it was joined"),
    Kind("table_parts_joined", "source_tables", "info", "a table is printed in parts; they were joined"),
    Kind("table_without_cells", "source_tables", "warning", "a table's label and caption stand without cells"),
    Kind("line_hyphen", "sentences", "info", "a hyphen seems left over from the end of a line; kept as printed"),
    Kind("reference_cut", "bib_references", "info", "an entry of the reference list is cut in two; it was joined"),
    Kind("stray_bullet", "bib_references", "info", "a bullet that belongs to no entry was taken away"),
    Kind("leading_space", "bib_references", "info", "white space before a line was taken away"),
    Kind("further_articles", "reviews", "info", "the file holds further articles, which are not read"),
    Kind("unknown_entity", "sentences", "warning", "a character entity that nothing defines"),
    Kind("wrong_encoding", "reviews", "warning", "the file is in another encoding than it says"),
    Kind("malformed_value", "bib_references", "warning",
         "an identifier, language or year that is none; it is left out"),
    Kind("table_not_recognised", "source_tables", "info",
         "a table whose headers name neither studies nor options; its cells stand in table_cells only",
         _not_recognised),
    Kind("reference_listed_twice", "bib_references", "warning",
         "references with the same title and year", _same_reference_twice),
)  # fmt: skip
