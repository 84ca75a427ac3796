"""The checks over a whole release, as a table with numbers: what each looked at and what it found.

Here keys are looked at and findings about the sources counted; a check that finds nothing is listed too. How severe
each is stands where it is declared: `pipelines.checks.policies.POLICIES` for what must hold of a release, `KINDS` of
`pipelines.curate.source_issues` for what is odd in a source. Broken keys stop the build before
(`pipelines.tables.validation`), so they are published with no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipelines.checks.policies import POLICIES
from pipelines.curate.source_issues import KINDS
from pipelines.tables.validation import InvalidTableError, reference_failures
from schemas.tables import SPECS

ABOUT_ITSELF = frozenset({"quality_checks", "codebook", "builds"})


def quality_checks(frames: Mapping[str, pl.DataFrame], *, with_vocabularies: bool = True) -> pl.DataFrame:
    """One row is a check; key check_id. `frames` holds all tables but those about the release itself.

    Of a release in batches of reviews the vocabularies, which come with each, are looked at once.
    """
    rows: list[tuple[str, str, str, str, int, int, bool, str | None]] = []

    def add(
        check_id: str, table: str, description: str, severity: str, n_findings: int, message: str | None = None
    ) -> None:
        n_checked = frames[table].height
        rows.append((check_id, table, description, severity, n_checked, n_findings, n_findings == 0, message))

    for name in SPECS:
        if name in ABOUT_ITSELF or not (with_vocabularies or SPECS[name].key[0] == "review_id"):
            continue
        key = list(SPECS[name].key)
        doubled = frames[name].height - frames[name].select(key).n_unique()
        add(
            f"primary_key_of_{name}",
            name,
            f"({', '.join(key)}) names one row",
            POLICIES["schema_and_keys"].severity,
            doubled,
        )
        if SPECS[name].foreign_keys or any(column.vocabulary for column in SPECS[name].columns):
            failures = reference_failures(name, frames)
            add(
                f"foreign_keys_of_{name}",
                name,
                "rows and concepts that it points at are there",
                POLICIES["foreign_keys"].severity,
                len(failures),
                str(InvalidTableError(failures[:10], frames)) if failures else None,
            )
    found = dict(frames["source_issues"].group_by("code").len().iter_rows())
    for kind in KINDS:
        add(kind.code, kind.table, kind.description, kind.severity, found.get(kind.code, 0))
    return pl.DataFrame(rows, schema=SPECS["quality_checks"].polars_schema, orient="row").sort("check_id")


def together(batches: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The checks of a release from those of its batches; of the messages the first."""
    return (
        pl.concat(batches)
        .group_by("check_id")
        .agg(
            pl.col("subject_table", "description", "severity").first(),
            pl.col("n_checked", "n_findings").sum(),
            pl.col("passed").all(),
            pl.col("message").drop_nulls().first(),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SPECS["quality_checks"].polars_schema.items())
        .sort("check_id")
    )
