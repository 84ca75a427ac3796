"""The asset checks: the results in `quality_checks`, each beside its table, and the comparison with the last release.

The check of a table against its model is declared in `asset_specs` and made by `table_store`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.checks.drift import COMPARED_TABLES, find_drift
from pipelines.checks.policies import POLICIES, Policy, Severity
from pipelines.checks.rule_result import MAX_LISTED, format_findings
from pipelines.checks.rules import RULES
from pipelines.orchestration.resources import Folders
from pipelines.release import ReleaseError
from pipelines.release.folders import latest_release
from pipelines.release.manifest import check_hashes
from schemas.tables import SPECS

SEVERITIES: Mapping[Severity, dg.AssetCheckSeverity] = {
    "error": dg.AssetCheckSeverity.ERROR,
    "warning": dg.AssetCheckSeverity.WARN,
}


def _list_checks() -> list[tuple[str, str, str]]:
    """List the checks in `quality_checks` as (check_id, table, policy).

    The check `schema_and_keys` is left out, since it is made when a table is stored.
    """
    tables_with_references = [
        name
        for name, spec in SPECS.items()
        if spec.layer != "meta" and (spec.foreign_keys or any(column.vocabulary for column in spec.columns))
    ]
    return [
        *((f"foreign_keys_of_{name}", name, "foreign_keys") for name in tables_with_references),
        *((rule.check_id, rule.table, rule.policy) for rule in RULES),
    ]


def _describe(policy: Policy) -> str:
    """Describe a check. Dagster calls it non-blocking; the description says how a failure stops the release anyway."""
    effect = (
        " (The asset `release` reads the result in `quality_checks` and stops.)" if policy.severity == "error" else ""
    )
    return policy.description + effect


@dg.multi_asset_check(
    name="checks_of_the_release",
    specs=[
        dg.AssetCheckSpec(
            policy,
            asset=table,
            additional_deps=["quality_checks"],
            description=_describe(POLICIES[policy]),
            metadata={"severity": SEVERITIES[POLICIES[policy].severity].value},
        )
        for _, table, policy in _list_checks()
    ],
    ins={"quality_checks": dg.AssetIn("quality_checks")},
    # If only some assets are rebuilt, only their checks are reported.
    can_subset=True,
)
def release_checks(
    context: dg.AssetCheckExecutionContext, quality_checks: pl.DataFrame
) -> Iterable[dg.AssetCheckResult]:
    """Report each result in `quality_checks` beside its table. The asset `release` stops if a check of severity ERROR
    failed.
    """
    results = {row["check_id"]: row for row in quality_checks.to_dicts()}
    for check_id, table, policy in _list_checks():
        if dg.AssetCheckKey(dg.AssetKey(table), policy) not in context.selected_asset_check_keys:
            continue
        result = results[check_id]
        yield dg.AssetCheckResult(
            check_name=policy,
            asset_key=table,
            passed=result["passed"],
            severity=SEVERITIES[POLICIES[policy].severity],
            description=_summarise(result["n_checked"], result["n_findings"], result["message"]),
            metadata={"checked": result["n_checked"], "findings": result["n_findings"]},
        )


def _summarise(n_checked: int, n_findings: int, message: str | None) -> str:
    return (
        f"{n_findings:,} of {n_checked:,}:\n{message}"
        if n_findings and message
        else f"{n_checked:,} checked, no findings"
    )


@dg.asset_check(
    asset="builds",
    name="drift",
    description=POLICIES["drift"].description,
    additional_deps=COMPARED_TABLES,
    # It must run before `release` publishes, when `latest` still points at the release to compare with.
    blocking=True,
)
def drift(folders: Folders) -> dg.AssetCheckResult:
    """Compare the tables with the last release. Passes without a last release; fails if its files are damaged."""
    last = latest_release(Path(folders.out))
    metadata = {
        "last release": dg.MetadataValue.text(last.name if last else "none"),
        "tables": dg.MetadataValue.int(len(COMPARED_TABLES)),
    }
    severity = SEVERITIES[POLICIES["drift"].severity]
    if last is None:
        return dg.AssetCheckResult(
            passed=True, severity=severity, description="no release exists yet", metadata=metadata
        )
    try:
        check_hashes(last)
    except (ReleaseError, OSError) as error:
        description = f"not compared: the last release is damaged: {error}"
        return dg.AssetCheckResult(passed=False, severity=severity, description=description, metadata=metadata)
    frames = {name: frame for name in COMPARED_TABLES if (frame := folders.scan_frame(name)) is not None}
    changes = find_drift(frames, last / "parquet")
    return dg.AssetCheckResult(
        passed=not changes,
        severity=severity,
        description=format_findings(changes[:MAX_LISTED], len(changes))
        or f"{len(COMPARED_TABLES)} tables compared; no row count differs by more than a tenth from the last release",
        metadata={**metadata, "tables that drifted": dg.MetadataValue.int(len(changes))},
    )


ASSET_CHECKS = [release_checks, drift]
