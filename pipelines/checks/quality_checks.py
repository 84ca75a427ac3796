"""The rows of the published table `quality_checks`: one per check, with its counts and its first findings.

Takes the tables of a release in batches of reviews. There are three kinds of checks: primary and foreign keys, findings
about the sources, and the rules of `rules`. A check without findings has a row too. Severities are declared in
`policies.POLICIES` and, for findings about the sources, in `pipelines.curate.source_issues.KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipelines.checks.policies import POLICIES
from pipelines.checks.rule_result import MAX_LISTED, RuleResult
from pipelines.checks.rules import RULES, Frames, evaluate_rules
from pipelines.curate.source_issues import KINDS
from pipelines.sources.source_folder import ListedSource
from pipelines.tables.validation import InvalidTableError, find_reference_failures
from schemas.tables import SPECS

UNCHECKED_TABLES = frozenset({"quality_checks", "codebook", "codes", "builds"})
"""The tables about the release itself, which this table does not check."""

_SCHEMA = SPECS["quality_checks"].polars_schema


def build_quality_checks(batches: Iterable[Frames], sources: Mapping[str, ListedSource]) -> pl.DataFrame:
    """The whole table for a release, sorted by check_id.

    Each batch has all tables except `UNCHECKED_TABLES` for some reviews; the vocabularies, which every batch has, are
    checked once. `sources` are the sources of the reviews, by review_id.
    """
    table_checks: list[pl.DataFrame] = []
    results: dict[str, RuleResult] = {}
    for frames in batches:
        table_checks.append(check_tables(frames, with_vocabularies=not table_checks))
        batch_results = evaluate_rules(frames, sources)
        results = {
            check_id: results[check_id] + result if results else result for check_id, result in batch_results.items()
        }
    return pl.concat([merge_checks(table_checks), build_rule_rows(results)]).sort("check_id")


def check_tables(frames: Frames, *, with_vocabularies: bool = True) -> pl.DataFrame:
    """The rows on keys and on findings about the sources, for one batch."""
    names = [
        name
        for name in SPECS
        if name not in UNCHECKED_TABLES and (with_vocabularies or SPECS[name].key[0] == "review_id")
    ]
    rows = []
    for name in names:
        rows.append(_primary_key_row(name, frames))
        if SPECS[name].foreign_keys or any(column.vocabulary for column in SPECS[name].columns):
            rows.append(_foreign_key_row(name, frames))
    return pl.DataFrame([*rows, *_source_issue_rows(frames)], schema=_SCHEMA).sort("check_id")


def merge_checks(batches: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The rows of a release from those of its batches: counts are summed, and the first message is kept."""
    return (
        pl.concat(batches)
        .group_by("check_id")
        .agg(
            pl.col("subject_table", "description", "severity").first(),
            pl.col("n_checked", "n_findings").sum(),
            pl.col("passed").all(),
            pl.col("message").drop_nulls().first(),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
        .sort("check_id")
    )


def build_rule_rows(results: Mapping[str, RuleResult]) -> pl.DataFrame:
    """One row per rule of `rules.RULES`, in their order."""
    rows = []
    for rule in RULES:
        policy = POLICIES[rule.policy]
        result = results[rule.check_id]
        description = policy.guards
        if policy.min_share < 1:
            description += f" At least {policy.min_share:.0%} must be in order."
        rows.append(
            {
                "check_id": rule.check_id,
                "subject_table": rule.table,
                "description": description,
                "severity": policy.severity,
                "n_checked": result.n_checked,
                "n_findings": result.n_findings,
                "passed": policy.is_satisfied(result.n_checked, result.n_findings),
                "message": result.message,
            }
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def _primary_key_row(name: str, frames: Frames) -> dict[str, object]:
    key = list(SPECS[name].key)
    n_duplicates = frames[name].height - frames[name].select(key).n_unique()
    return _row(
        f"primary_key_of_{name}",
        name,
        f"The primary key ({', '.join(key)}) is unique.",
        POLICIES["schema_and_keys"].severity,
        frames[name].height,
        n_duplicates,
    )


def _foreign_key_row(name: str, frames: Frames) -> dict[str, object]:
    failures = find_reference_failures(name, frames)
    return _row(
        f"foreign_keys_of_{name}",
        name,
        POLICIES["foreign_keys"].guards,
        POLICIES["foreign_keys"].severity,
        frames[name].height,
        len(failures),
        str(InvalidTableError(failures[:MAX_LISTED], frames)) if failures else None,
    )


def _source_issue_rows(frames: Frames) -> list[dict[str, object]]:
    counts = dict(frames["source_issues"].group_by("code").len().iter_rows())
    return [
        _row(
            kind.code, kind.table, kind.description, kind.severity, frames[kind.table].height, counts.get(kind.code, 0)
        )
        for kind in KINDS
    ]


def _row(
    check_id: str,
    table: str,
    description: str,
    severity: str,
    n_checked: int,
    n_findings: int,
    message: str | None = None,
) -> dict[str, object]:
    return {
        "check_id": check_id,
        "subject_table": table,
        "description": description,
        "severity": severity,
        "n_checked": n_checked,
        "n_findings": n_findings,
        "passed": n_findings == 0,
        "message": message,
    }
