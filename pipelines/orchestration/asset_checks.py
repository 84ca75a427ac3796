"""The checks of a release as Dagster's asset checks: the numbers of `quality_checks` beside the tables, and drift."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.checks.drift import COMPARED, drifted
from pipelines.checks.policies import POLICIES, Policy, Severity
from pipelines.checks.rule_result import SHOWN, finding_lines
from pipelines.checks.rules import RULES
from pipelines.orchestration.resources import Folders
from pipelines.release.folders import ReleaseError, check_hashes, latest_release
from schemas.tables import SPECS

SEVERITIES: Mapping[Severity, dg.AssetCheckSeverity] = {
    "error": dg.AssetCheckSeverity.ERROR,
    "warning": dg.AssetCheckSeverity.WARN,
}


def _shown() -> list[tuple[str, str, str]]:
    """What the UI shows of `quality_checks`: check_id, table and policy; keys are shown where a frame is stored."""
    with_keys = [
        name
        for name, spec in SPECS.items()
        if spec.layer != "meta" and (spec.foreign_keys or any(column.vocabulary for column in spec.columns))
    ]
    return [
        *((f"foreign_keys_of_{name}", name, "foreign_keys") for name in with_keys),
        *((rule.check_id, rule.table, rule.policy) for rule in RULES),
    ]


def _of_the_release(policy: Policy) -> str:
    """Says what stops: Dagster calls these checks non-blocking, as they run after what is made of their table."""
    more = " (The asset `release` reads it in `quality_checks` and refuses.)" if policy.severity == "error" else ""
    return policy.description + more


@dg.multi_asset_check(
    name="checks_of_the_release",
    specs=[
        dg.AssetCheckSpec(
            policy,
            asset=table,
            additional_deps=["quality_checks"],
            description=_of_the_release(POLICIES[policy]),
            metadata={"severity": SEVERITIES[POLICIES[policy].severity].value},
        )
        for _, table, policy in _shown()
    ],
    ins={"quality_checks": dg.AssetIn("quality_checks")},
    # A rebuild of some assets shows the checks of those.
    can_subset=True,
)
def checks_of_the_release(
    context: dg.AssetCheckExecutionContext, quality_checks: pl.DataFrame
) -> Iterable[dg.AssetCheckResult]:
    """Shows the numbers of `quality_checks` beside the tables. A failed ERROR stops `release`, which reads them too."""
    found = {row["check_id"]: row for row in quality_checks.to_dicts()}
    for check_id, table, policy in _shown():
        if dg.AssetCheckKey(dg.AssetKey(table), policy) not in context.selected_asset_check_keys:
            continue
        row = found[check_id]
        yield dg.AssetCheckResult(
            check_name=policy,
            asset_key=table,
            passed=row["passed"],
            severity=SEVERITIES[POLICIES[policy].severity],
            description=_sentence(row["n_checked"], row["n_findings"], row["message"]),
            metadata={"checked": row["n_checked"], "findings": row["n_findings"]},
        )


def _sentence(n_checked: int, n_findings: int, message: str | None) -> str:
    return (
        f"{n_findings:,} of {n_checked:,}:\n{message}"
        if n_findings and message
        else f"{n_checked:,} looked at, all in order"
    )


@dg.asset_check(
    asset="builds",
    name="drift",
    description=POLICIES["drift"].description,
    additional_deps=COMPARED,
    # Before the release: after it there would be nothing to compare with.
    blocking=True,
)
def drift(folders: Folders) -> dg.AssetCheckResult:
    """Compares with the last release's files; passes where there is none, and fails where they are damaged."""
    last = latest_release(Path(folders.out))
    metadata = {
        "last release": dg.MetadataValue.text(last.name if last else "none"),
        "tables": dg.MetadataValue.int(len(COMPARED)),
    }
    severity = SEVERITIES[POLICIES["drift"].severity]
    if last is None:
        return dg.AssetCheckResult(
            passed=True, severity=severity, description="there is no release yet", metadata=metadata
        )
    try:
        check_hashes(last)
    except (ReleaseError, OSError) as error:
        words = f"not compared: the last release is damaged: {error}"
        return dg.AssetCheckResult(passed=False, severity=severity, description=words, metadata=metadata)
    stored = {name: folders.stored(name) for name in COMPARED}
    changed = drifted({name: frame for name, frame in stored.items() if frame is not None}, last / "parquet")
    return dg.AssetCheckResult(
        passed=not changed,
        severity=severity,
        description=finding_lines(changed[:SHOWN], len(changed))
        or f"{len(COMPARED)} tables have the rows of the last release, within a tenth",
        metadata={**metadata, "tables that drifted": dg.MetadataValue.int(len(changed))},
    )


ASSET_CHECKS = [checks_of_the_release, drift]
