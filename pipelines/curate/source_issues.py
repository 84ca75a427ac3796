"""Collects and numbers the unusual features of sources, which are kept as printed: the table `source_issues`.

Takes the extracted tables and the findings of readers and coders, and adds the findings of general checks over the
tables. `KINDS` declares every kind of finding with its severity, so that kinds without any finding are published as
well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipelines.curate.author_names import find_similar_names
from pipelines.curate.finding_frames import FINDING, Frames, subject_key, to_findings
from pipelines.curate.table_issues import (
    find_long_cells,
    find_long_tables,
    find_uneven_headers,
    find_unmentioned_tables,
    find_unrecognised_tables,
)
from schemas.tables import SPECS

_MAX_SUBJECT_DISTANCE = 8
"""Characters that may separate a finding from the row after it: a reference is preceded by its number."""

_WORD = r"\p{L}[\p{L}\p{N}]*(?:[-‐‑]\p{L}[\p{L}\p{N}]*)*"


@dataclass(frozen=True, slots=True)
class IssueKind:
    """A kind of finding about rows of `table`.

    `find` returns the findings without code and severity; it is None for kinds that readers and coders report. The
    severity says how much a finding matters to users of the data; none of them stops a release.
    """

    code: str
    table: str
    severity: Literal["info", "warning"]
    description: str
    find: Callable[[Frames], pl.DataFrame] | None = None


def collect_source_issues(frames: Frames, findings: pl.DataFrame) -> pl.DataFrame:
    """`source_issues`: one row per finding, numbered within each review in the order of the source.

    `frames` are the extracted tables and `studies` of a batch of reviews; the words of a thousand reviews at once would
    take gigabytes. `findings` are those of readers and coders, with columns `FINDING`.

    Raises KeyError if `findings` contains a code that is not declared in `KINDS`.
    """
    undeclared = set(findings["code"].unique()) - {kind.code for kind in KINDS}
    if undeclared:
        raise KeyError(f"findings of undeclared kinds {sorted(undeclared)}: add them to KINDS in {__name__}")
    parts = [_add_subjects(findings, frames).select(FINDING)]
    for kind in KINDS:
        if kind.find:
            rows = kind.find(frames).with_columns(pl.lit(kind.code).alias("code"))
            if "subject_table" not in rows.columns:
                rows = rows.with_columns(pl.lit(kind.table).alias("subject_table"))
            parts.append(rows.select(FINDING))
    severities = pl.DataFrame({"code": [kind.code for kind in KINDS], "severity": [kind.severity for kind in KINDS]})
    columns = SPECS["source_issues"].polars_schema
    return (
        pl.concat([part.cast({"start_char": pl.Int32, "end_char": pl.Int32}) for part in parts])
        .join(severities, on="code", how="left")
        .sort("review_id", "start_char", "code", "subject_key", "message", nulls_last=True)
        .with_columns(pl.int_range(1, pl.len() + 1).over("review_id").alias("issue_id"))
        .select(pl.col(name).cast(dtype) for name, dtype in columns.items())
    )


def _add_subjects(findings: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """The findings with the subject of those that have only a span: the shortest row around or beside it."""
    spans = findings.with_row_index("finding").filter(
        pl.col("subject_table").is_null() & pl.col("start_char").is_not_null()
    )
    candidates = []
    for table in ("sentences", "table_cells", "bib_references", "source_tables"):
        rows = frames[table].select(
            pl.col("review_id").alias("row_review"),
            subject_key(*SPECS[table].key[1:]).alias("row_key"),
            pl.col("start_char").alias("row_start"),
            pl.col("end_char").alias("row_end"),
        )
        candidates.append(
            spans.join_where(
                rows,
                pl.col("review_id") == pl.col("row_review"),
                pl.col("row_start") <= pl.col("end_char") + _MAX_SUBJECT_DISTANCE,
                pl.col("row_end") >= pl.col("start_char"),
            ).select(
                "finding",
                pl.lit(table).alias("row_table"),
                "row_key",
                (pl.col("row_end") - pl.col("row_start")).alias("length"),
                ((pl.col("row_start") <= pl.col("start_char")) & (pl.col("row_end") >= pl.col("end_char"))).alias(
                    "contains"
                ),
            )
        )
    nearest = pl.concat(candidates).sort("finding", "contains", "length", descending=[False, True, False])
    subjects = nearest.unique("finding", keep="first", maintain_order=True)
    return (
        findings.with_row_index("finding")
        .join(subjects, on="finding", how="left")
        .with_columns(
            pl.coalesce("subject_table", "row_table").alias("subject_table"),
            pl.coalesce("subject_key", "row_key").alias("subject_key"),
        )
        .drop("finding")
    )


def _find_label_mismatches(frames: Frames) -> pl.DataFrame:
    first = frames["reference_authors"].filter(pl.col("position") == 1).select("review_id", "ref_no", "surname")
    years = frames["bib_references"].select("review_id", "ref_no", pl.col("year").alias("ref_year"))
    rows = (
        frames["studies"]
        .filter(~pl.col("label_matches_reference"))
        .join(first, on=["review_id", "ref_no"], how="left")
        .join(years, on=["review_id", "ref_no"], how="left")
    )
    message = pl.format(
        "the row {} but cites reference {}, which is {} {}",
        pl.coalesce(pl.format("is labelled '{}'", "study_label"), pl.format("has the year {}", "year")),
        "ref_no",
        pl.col("surname").fill_null("(no author)"),
        pl.col("ref_year").cast(pl.String).fill_null("(no year)"),
    )
    return to_findings(rows, ("table_no", "row_no"), message)


def _find_shared_labels(frames: Frames) -> pl.DataFrame:
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
    message = pl.format("rows {} have the label '{}' but cite different references", "rows", "study_label")
    return to_findings(rows, ("table_no", "row_no"), message)


def _find_volumes_in_two_years(frames: Frames) -> pl.DataFrame:
    volume = ["review_id", "journal_raw", "volume"]
    rows = (
        frames["bib_references"]
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
    message = pl.format("volume {} of {} has the years {}", "volume", "journal_raw", "years")
    return to_findings(rows, ("ref_no",), message)


def _find_similar_surnames(frames: Frames) -> pl.DataFrame:
    authors = frames["reference_authors"]
    pairs = find_similar_names(authors).with_columns(
        pl.col("ref_nos_a").str.split("; ").list.first().cast(pl.Int32).alias("ref_no")
    )
    printed = pl.concat_str("surname", pl.col("initials").fill_null(""), separator=" ").str.strip_chars()
    places = authors.select("review_id", "ref_no", printed.alias("name_a"), "start_char", "end_char")
    rows = pairs.join(places, on=["review_id", "ref_no", "name_a"], how="left")
    message = pl.format(
        "'{}' (reference {}) and '{}' (reference {}) may be the same person: they share the co-author {}",
        "name_a",
        "ref_nos_a",
        "name_b",
        "ref_nos_b",
        "shared_coauthors",
    )
    return to_findings(rows, ("ref_no",), message)


def _find_variant_spellings(frames: Frames) -> pl.DataFrame:
    """Terms with spellings that differ in hyphens, spaces or inner capitals: `Cyber Knife`, `CyberKnife`.

    A term is a word of at least six letters, or two adjacent words of at least two letters each. A capital at the
    beginning of a word does not make a different spelling.
    """
    texts = pl.concat(
        [
            frames[table]
            .select(
                "review_id",
                pl.lit(table).alias("table"),
                subject_key(*keys).alias("key"),
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
        texts.select("review_id", "text_no", pl.col("text").str.extract_all(_WORD).alias("term"))
        .explode("term")
        .drop_nulls("term")
    )
    single = words.with_columns(_fold_term()).filter(pl.col("folded").str.len_chars() >= 6)
    # Pairs of words count only if they also occur as one word.
    pairs = (
        words.filter(pl.col("text_no") == pl.col("text_no").shift(-1))
        .with_columns(
            pl.concat_str(
                "term", words["term"].shift(-1).filter(words["text_no"] == words["text_no"].shift(-1)), separator=" "
            )
        )
        .filter(pl.col("term").str.contains(r"^\S{2,} \S{2,}$"))
        .with_columns(_fold_term())
        .join(single, on=["review_id", "folded"], how="semi")
        .join(texts.select("text_no", "text"), on="text_no")
        .filter(pl.col("text").str.contains(pl.col("term"), literal=True))
        .select(single.columns)
    )
    # A capital at the beginning, and a word all in capitals, is the same spelling.
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
        pl.format("this term is spelled {}; the last of these spellings is here", "spellings").alias("message"),
        pl.col("place").struct.field("start_char"),
        pl.col("place").struct.field("end_char"),
    )


def _fold_term() -> pl.Expr:
    return pl.col("term").str.replace_all(r"[\s\-‐‑]", "").str.to_lowercase().alias("folded")


def _find_uncited_references(frames: Frames) -> pl.DataFrame:
    rows = frames["bib_references"].join(frames["citation_mentions"], on=["review_id", "ref_no"], how="anti")
    return to_findings(rows, ("ref_no",), pl.format("reference {} is never cited", "ref_no"))


def _find_late_first_citations(frames: Frames) -> pl.DataFrame:
    """References whose first citation in prose follows that of a reference with a higher number.

    Only lists in citation order are checked. In a list in another order, such as an alphabetic one, at least a
    quarter of the references are cited late.
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
    return to_findings(rows, ("ref_no",), message)


def _find_inexact_references(frames: Frames) -> pl.DataFrame:
    rows = frames["bib_references"].filter(~pl.col("is_exact_parse"))
    return to_findings(rows, ("ref_no",), pl.lit("the parsed fields, formatted again, differ from the printed entry"))


def _find_incomplete_references(frames: Frames) -> pl.DataFrame:
    rows = frames["bib_references"].filter(pl.col("year").is_null() | pl.col("title").is_null())
    missing = (
        pl.when(pl.col("title").is_not_null())
        .then(pl.lit("year"))
        .when(pl.col("year").is_not_null())
        .then(pl.lit("title"))
        .otherwise(pl.lit("title and year"))
    )
    return to_findings(rows, ("ref_no",), pl.format("the entry has no recognised {}", missing))


def _find_duplicate_references(frames: Frames) -> pl.DataFrame:
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
    return to_findings(rows, ("ref_no",), pl.format("references {} have the same title and year", "refs"))


KINDS: tuple[IssueKind, ...] = (
    IssueKind("label_disagrees_with_reference", "studies", "warning",
              "the label of a study names another author or year than its reference", _find_label_mismatches),
    IssueKind("label_is_no_key", "studies", "info",
              "several studies of a table have the same label", _find_shared_labels),
    IssueKind("volume_in_two_years", "bib_references", "warning",
              "references give the same volume of a journal different years", _find_volumes_in_two_years),
    IssueKind("surname_spelled_two_ways", "bib_references", "warning",
              "similar surnames with the same initials occur in author lists that share another author",
              _find_similar_surnames),
    IssueKind("variant_spelling", "sentences", "info",
              "a term is spelled both with and without a hyphen, a space or inner capitals", _find_variant_spellings),
    IssueKind("dangling_citation", "citation_markers", "warning",
              "a citation refers to a number that the reference list does not contain"),
    IssueKind("reference_never_cited", "bib_references", "warning",
              "a reference is never cited", _find_uncited_references),
    IssueKind("reference_cited_out_of_order", "bib_references", "info",
              "a reference is first cited after one with a higher number", _find_late_first_citations),
    IssueKind("table_never_mentioned", "source_tables", "warning",
              "the prose does not mention a numbered table", find_unmentioned_tables),
    IssueKind("reference_not_exact", "bib_references", "info",
              "the parsed fields of a reference, formatted again in its style, differ from the printed entry",
              _find_inexact_references),
    IssueKind("reference_incomplete", "bib_references", "warning",
              "no title or no year is recognised in a reference", _find_incomplete_references),
    IssueKind("unknown_modality", "studies", "warning", "words of a method cell match no label of a modality"),
    IssueKind("cut_off_cell", "studies", "warning", "a cell ends where another word should follow"),
    IssueKind("no_claim", "studies", "warning", "no outcome statement is recognised in an outcome cell"),
    IssueKind("contradictory_claims", "studies", "warning", "two statements of a study about one outcome contradict"),
    IssueKind("unknown_journal", "bib_references", "info", "the vocabulary does not contain a journal"),
    IssueKind("page_break_in_sentence", "sentences", "info", "a sentence was joined across a page break"),
    IssueKind("table_in_sentence", "sentences", "info", "a sentence was joined across a table"),
    IssueKind("figure_in_sentence", "sentences", "info", "a sentence was joined across a figure"),
    IssueKind("page_break_in_table", "source_tables", "info", "a table was joined across a page break"),
    IssueKind("table_parts_joined", "source_tables", "info", "a table printed in parts was joined"),
    IssueKind("table_with_uneven_header", "source_tables", "warning",
              "the header of a table covers another number of columns than its rows", find_uneven_headers),
    IssueKind("long_table", "source_tables", "info",
              "a table is so long that its kind is decided from its beginning", find_long_tables),
    IssueKind("long_cell", "table_cells", "info",
              "a cell is longer than many articles; probably the table is damaged", find_long_cells),
    IssueKind("table_without_cells", "source_tables", "warning", "a table has a label and caption but no cells"),
    IssueKind("page_without_text", "reviews", "warning", "a page of a PDF has no text layer; its text is not read"),
    IssueKind("line_hyphen", "sentences", "info", "a hyphen seems left over from a line break; kept as printed"),
    IssueKind("reference_cut", "bib_references", "info", "a reference that was cut in two was joined"),
    IssueKind("stray_bullet", "bib_references", "info", "a bullet that does not belong to a reference was removed"),
    IssueKind("leading_space", "bib_references", "info", "white space before a line was removed"),
    IssueKind("further_articles", "reviews", "info", "the file contains further articles, which are not read"),
    IssueKind("unknown_entity", "sentences", "warning", "a character entity is not defined"),
    IssueKind("wrong_encoding", "reviews", "warning", "the file has a different encoding than it declares"),
    IssueKind("malformed_value", "bib_references", "warning",
              "an identifier, language or year is malformed and was left out"),
    IssueKind("table_not_recognised", "source_tables", "info",
              "a table reports neither studies nor their quality nor options; its cells are only in table_cells",
              find_unrecognised_tables),
    IssueKind("reference_listed_twice", "bib_references", "warning",
              "references have the same title and year", _find_duplicate_references),
)  # fmt: skip
