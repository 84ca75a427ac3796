"""The rules on the content of a release: each counts the rows that it checks and its findings.

`evaluate_rules` takes the tables of some reviews and returns one result per rule. The consequences of a failure are
declared in `policies`; rows of the published table are made in `quality_checks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.checks.coverage import measure_coverage
from pipelines.checks.rule_result import RuleResult
from pipelines.checks.source_spans import SPANNED_COLUMNS, compare_spans
from pipelines.extract.table_numbers import explode_table_numbers
from pipelines.sources.source_folder import ListedSource

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of one table under one policy.

    `evaluate` takes all tables of some reviews. It is None for the spans, which are compared for all tables at once.
    """

    policy: str
    table: str
    evaluate: Callable[[Frames], RuleResult] | None = None

    @property
    def check_id(self) -> str:
        return f"{self.policy}_of_{self.table}"


def evaluate_rules(frames: Frames, sources: Mapping[str, ListedSource]) -> dict[str, RuleResult]:
    """The result of every rule by check_id. `sources` are the sources of the reviews, by review_id."""
    spans = compare_spans(frames, sources)
    return {rule.check_id: rule.evaluate(frames) if rule.evaluate else spans[rule.table] for rule in RULES}


def _check_all_sources_read(frames: Frames) -> RuleResult:
    quarantined = frames["quarantined_sources"]
    findings = [f"{row['review_id']}: {row['reason']}" for row in quarantined.iter_rows(named=True)]
    return RuleResult.from_findings(frames["reviews"].height + quarantined.height, findings)


def _check_references_numbered_through(frames: Frames) -> RuleResult:
    lists = (
        frames["bib_references"]
        .group_by("review_id")
        .agg(pl.len().alias("n"), pl.col("ref_no").max().alias("last"))
        .sort("review_id")
    )
    wrong = lists.filter(pl.col("n") != pl.col("last"))
    findings = [
        f"{row['review_id']}: {row['n']} references, the last is number {row['last']}"
        for row in wrong.iter_rows(named=True)
    ]
    return RuleResult.from_findings(lists.height, findings)


def _check_tables_as_mentioned(frames: Frames) -> RuleResult:
    prose = explode_table_numbers(frames["sentences"].filter(pl.col("kind") == "prose"), "text")
    printed = explode_table_numbers(frames["source_tables"], "label")
    mentioned = prose.select("review_id", "number").unique().sort("review_id", "number")
    missing = mentioned.join(printed, on=["review_id", "number"], how="anti")
    findings = [f"{row['review_id']}: Table {row['number']} is mentioned" for row in missing.iter_rows(named=True)]
    return RuleResult.from_findings(mentioned.height, findings)


def _check_mentions_counted(frames: Frames) -> RuleResult:
    """Every number in a marker gives a mention or, if no reference has it, a finding `dangling_citation`."""
    key = ["review_id", "marker_id"]
    mentions = frames["citation_mentions"].group_by(key).agg(pl.len().cast(pl.Int32).alias("n_mentions"))
    dangling = (
        frames["source_issues"]
        .filter((pl.col("code") == "dangling_citation") & (pl.col("subject_table") == "citation_markers"))
        .select("review_id", pl.col("subject_key").cast(pl.Int32).alias("marker_id"))
        .group_by(key)
        .agg(pl.len().cast(pl.Int32).alias("n_dangling"))
    )
    markers = (
        frames["citation_markers"]
        .join(mentions, on=key, how="left")
        .join(dangling, on=key, how="left")
        .with_columns(pl.col("n_mentions", "n_dangling").fill_null(0))
    )
    wrong = markers.filter(pl.col("n_mentions") + pl.col("n_dangling") != pl.col("n_refs")).sort(key)
    findings = [
        f"{row['review_id']}, marker {row['marker_id']}: {row['n_refs']} numbers, of which "
        f"{row['n_mentions']} have a mention and {row['n_dangling']} are not listed"
        for row in wrong.iter_rows(named=True)
    ]
    return RuleResult.from_findings(markers.height, findings)


def _check_citations_resolve(frames: Frames) -> RuleResult:
    dangling = frames["source_issues"].filter(pl.col("code") == "dangling_citation").sort("review_id", "issue_id")
    findings = [f"{row['review_id']}: {row['message']}" for row in dangling.iter_rows(named=True)]
    return RuleResult.from_findings(frames["citation_markers"].height, findings)


def _check_reference_years_plausible(frames: Frames) -> RuleResult:
    reviews = frames["reviews"].select("review_id", "publication_year").drop_nulls()
    dated = frames["bib_references"].join(reviews, on="review_id").drop_nulls("year")
    late = dated.filter(pl.col("year") > pl.col("publication_year") + 1).sort("review_id", "ref_no")
    findings = [
        f"{row['review_id']}, reference {row['ref_no']}: dated {row['year']}, the review {row['publication_year']}"
        for row in late.iter_rows(named=True)
    ]
    return RuleResult.from_findings(dated.height, findings)


def _check_labels_agree(frames: Frames) -> RuleResult:
    comparable = frames["studies"].drop_nulls("label_matches_reference").sort("review_id", "table_no", "row_no")
    wrong = comparable.filter(~pl.col("label_matches_reference"))
    findings = [
        f"{row['review_id']}, table {row['table_no']}, row {row['row_no']}: '{row['study_label']}' cites reference "
        f"{row['ref_no']}"
        for row in wrong.iter_rows(named=True)
    ]
    return RuleResult.from_findings(comparable.height, findings)


def _check_coverage(
    subjects: str, codes: str, key: Sequence[str], required_field: str
) -> Callable[[Frames], RuleResult]:
    """A rule that each row of `subjects` with a `required_field` has a code in `codes`."""

    def evaluate(frames: Frames) -> RuleResult:
        base = frames[subjects].drop_nulls(required_field)
        counts = measure_coverage(required_field, base, frames[codes].drop_nulls(key), key).row(0, named=True)
        return RuleResult(counts["n_subjects"], counts["n_subjects"] - counts["n_coded"])

    return evaluate


def _check_journal_coverage(frames: Frames) -> RuleResult:
    printed = frames["bib_references"].drop_nulls("journal_raw")
    unknown = printed.filter(pl.col("journal_id").is_null())
    names = Counter(dict(unknown.group_by("journal_raw").len().iter_rows()))
    return RuleResult(printed.height, unknown.height, unknown_names=names)


_STUDY = ("review_id", "table_no", "row_no")
_REFERENCE = ("review_id", "ref_no")

RULES: tuple[Rule, ...] = (
    Rule("all_sources_read", "quarantined_sources", _check_all_sources_read),
    *(Rule("spans", table) for table in SPANNED_COLUMNS),
    Rule("references_numbered_through", "bib_references", _check_references_numbered_through),
    Rule("tables_as_mentioned", "source_tables", _check_tables_as_mentioned),
    Rule("mentions_counted", "citation_mentions", _check_mentions_counted),
    Rule("citations_resolve", "citation_markers", _check_citations_resolve),
    Rule("reference_years_plausible", "bib_references", _check_reference_years_plausible),
    Rule("labels_agree", "studies", _check_labels_agree),
    Rule("modality_coverage", "study_modalities", _check_coverage("studies", "study_modalities", _STUDY, "method")),
    Rule("outcome_coverage", "claims", _check_coverage("studies", "claims", _STUDY, "outcome")),
    Rule(
        "design_coverage",
        "reference_designs",
        _check_coverage("bib_references", "reference_designs", _REFERENCE, "title"),
    ),
    Rule("journal_coverage", "bib_references", _check_journal_coverage),
)
"""All rules. `Rule.policy` is a key of `policies.POLICIES`."""
