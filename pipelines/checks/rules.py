"""The rules over the tables of a release: each counts what it looked at and what it found fault with.

A rule is evaluated by `evaluate_rules` on all tables of some reviews, and its numbers become rows of `quality_checks`.
What each rule's failure means is declared in `policies`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.checks.coverage import coverage
from pipelines.checks.policies import POLICIES
from pipelines.checks.rule_result import RuleResult
from pipelines.checks.source_spans import SPANNED, compare_spans
from pipelines.extract.table_numbers import numbered
from pipelines.sources.source_folder import Listed
from schemas.tables import SPECS

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of a table, by a policy, over the frames of a release or of some of its reviews.

    `evaluate` is None for the spans, which are compared for all tables together.
    """

    policy: str
    table: str
    evaluate: Callable[[Frames], RuleResult] | None = None

    @property
    def check_id(self) -> str:
        return f"{self.policy}_of_{self.table}"


def evaluate_rules(frames: Frames, sources: Mapping[str, Listed]) -> dict[str, RuleResult]:
    """What each rule finds, by its check_id, in frames of all tables that the rules look at, and in their sources."""
    spans = compare_spans(frames, sources)
    return {rule.check_id: rule.evaluate(frames) if rule.evaluate else spans[rule.table] for rule in RULES}


def rule_rows(results: Mapping[str, RuleResult]) -> pl.DataFrame:
    """The rules' rows of `quality_checks`; one row is a rule."""
    rows = []
    for rule in RULES:
        policy = POLICIES[rule.policy]
        found = results[rule.check_id]
        good = 1 - found.n_findings / found.n_checked if found.n_checked else 1.0
        passed = found.n_findings == 0 if policy.least == 1 else good >= policy.least
        at_least = "" if policy.least == 1 else f" At least {policy.least:.0%} are expected to be in order."
        rows.append(
            (
                rule.check_id,
                rule.table,
                policy.guards + at_least,
                policy.severity,
                found.n_checked,
                found.n_findings,
                passed,
                found.message,
            )
        )
    return pl.DataFrame(rows, schema=SPECS["quality_checks"].polars_schema, orient="row")


def _sources_read(frames: Frames) -> RuleResult:
    left_out = frames["quarantined_sources"]
    reasons = [f"{review_id}: {reason}" for review_id, reason in left_out.select("review_id", "reason").iter_rows()]
    return RuleResult(frames["reviews"].height + left_out.height, reasons)


def _numbered_through(frames: Frames) -> RuleResult:
    lists = frames["bib_references"].group_by("review_id").agg(pl.len(), pl.col("ref_no").max()).sort("review_id")
    faults = [
        f"{review_id}: {n} references, the last is number {last}"
        for review_id, n, last in lists.iter_rows()
        if n != last
    ]
    return RuleResult(lists.height, faults)


def _tables_mentioned(frames: Frames) -> RuleResult:
    prose = numbered(frames["sentences"].filter(pl.col("kind") == "prose"), "text")
    mentioned = prose.select("review_id", "number").unique().sort("review_id", "number")
    missing = mentioned.join(numbered(frames["source_tables"], "label"), on=["review_id", "number"], how="anti")
    return RuleResult(
        mentioned.height, [f"{review_id}: Table {no} is mentioned" for review_id, no in missing.iter_rows()]
    )


def _mentions(frames: Frames) -> RuleResult:
    """A number that no reference has gives no mention and one finding, which `citations_resolve` shows."""
    key = ["review_id", "marker_id"]
    counts = frames["citation_mentions"].group_by(key).agg(pl.len().cast(pl.Int32).alias("found"))
    unlisted = (
        frames["source_issues"]
        .filter((pl.col("code") == "dangling_citation") & (pl.col("subject_table") == "citation_markers"))
        .select("review_id", pl.col("subject_key").cast(pl.Int32).alias("marker_id"))
        .group_by(key)
        .agg(pl.len().cast(pl.Int32).alias("unlisted"))
    )
    markers = (
        frames["citation_markers"]
        .join(counts, on=key, how="left")
        .join(unlisted, on=key, how="left")
        .with_columns(pl.col("found", "unlisted").fill_null(0))
    )
    wrong = markers.filter(pl.col("found") + pl.col("unlisted") != pl.col("n_refs"))
    return RuleResult(
        markers.height,
        [
            f"{review}, marker {no}: {n} stated, {found} found and {unlisted} that no reference has"
            for review, no, n, found, unlisted in wrong.select(*key, "n_refs", "found", "unlisted")
            .sort(key)
            .iter_rows()
        ],
    )


def _citations(frames: Frames) -> RuleResult:
    dangling = frames["source_issues"].filter(pl.col("code") == "dangling_citation").sort("review_id", "issue_id")
    faults = [f"{review}: {message}" for review, message in dangling.select("review_id", "message").iter_rows()]
    return RuleResult(frames["citation_markers"].height, faults)


def _years(frames: Frames) -> RuleResult:
    reviews = frames["reviews"].select("review_id", "publication_year").drop_nulls()
    dated = frames["bib_references"].join(reviews, on="review_id").drop_nulls("year")
    late = dated.filter(pl.col("year") > pl.col("publication_year") + 1).sort("review_id", "ref_no")
    return RuleResult(
        dated.height,
        [
            f"{review}, reference {no}: dated {year}, the review {published}"
            for review, no, year, published in late.select(
                "review_id", "ref_no", "year", "publication_year"
            ).iter_rows()
        ],
    )


def _labels(frames: Frames) -> RuleResult:
    told = frames["studies"].drop_nulls("label_matches_reference").sort("review_id", "table_no", "row_no")
    wrong = told.filter(~pl.col("label_matches_reference"))
    return RuleResult(
        told.height,
        [
            f"{review}, table {table}, row {row}: '{label}' cites reference {ref}"
            for review, table, row, label, ref in wrong.select(
                "review_id", "table_no", "row_no", "study_label", "ref_no"
            ).iter_rows()
        ],
    )


def _coverage(subjects: str, coded: str, key: tuple[str, ...], field: str) -> Callable[[Frames], RuleResult]:
    """How many rows of `subjects` with a `field` have a code in `coded`."""

    def evaluate(frames: Frames) -> RuleResult:
        base = frames[subjects].drop_nulls(field)
        counts = coverage(field, base, frames[coded].drop_nulls(key), key).row(0, named=True)
        return RuleResult(counts["n_subjects"], n_faults=counts["n_subjects"] - counts["n_coded"])

    return evaluate


def _journals(frames: Frames) -> RuleResult:
    printed = frames["bib_references"].drop_nulls("journal_raw")
    unknown = printed.filter(pl.col("journal_id").is_null())
    names = Counter(dict(unknown.group_by("journal_raw").len().iter_rows()))
    return RuleResult(printed.height, n_faults=unknown.height, names=names)


RULES: tuple[Rule, ...] = (
    Rule("all_sources_read", "quarantined_sources", _sources_read),
    *(Rule("spans", table) for table in SPANNED),
    Rule("references_numbered_through", "bib_references", _numbered_through),
    Rule("tables_as_mentioned", "source_tables", _tables_mentioned),
    Rule("mentions_counted", "citation_mentions", _mentions),
    Rule("citations_resolve", "citation_markers", _citations),
    Rule("reference_years_plausible", "bib_references", _years),
    Rule("labels_agree", "studies", _labels),
    Rule(
        "modality_coverage",
        "study_modalities",
        _coverage("studies", "study_modalities", ("review_id", "table_no", "row_no"), "method"),
    ),
    Rule("outcome_coverage", "claims", _coverage("studies", "claims", ("review_id", "table_no", "row_no"), "outcome")),
    Rule(
        "design_coverage",
        "reference_designs",
        _coverage("bib_references", "reference_designs", ("review_id", "ref_no"), "title"),
    ),
    Rule("journal_coverage", "bib_references", _journals),
)
