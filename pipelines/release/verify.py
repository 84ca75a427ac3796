"""Verify a release: hashes, schemas, keys and row counts. Reads the files of the release and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import polars as pl

from pipelines.common.batching import split_into_batches
from pipelines.release import ReleaseError
from pipelines.release.database import connect_duckdb
from pipelines.release.files import DATABASE, parquet_file
from pipelines.release.manifest import MANIFEST, check_hashes
from pipelines.release.verbatim import published_specs
from pipelines.tables.sql import identifier, identifiers, literal
from pipelines.tables.validation import (
    InvalidTableError,
    find_table_failures,
    validate_across_reviews,
    validate_together,
)
from schemas.tables import SPECS
from schemas.tables.base import Spec


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check of a release. `check` is its name, `detail` a sentence on what was checked or failed."""

    check: str
    passed: bool
    detail: str


def check_release(release: Path) -> list[CheckResult]:
    """Run all checks on a release and return their results.

    If the hashes fail, only their result is returned; if `builds` cannot be read, the results up to there.
    """
    results = [_run_check(f"hashes of {MANIFEST}", partial(_check_files, release))]
    if not results[0].passed:
        return results
    frames = {name: pl.scan_parquet(parquet_file(release, name)) for name in SPECS}
    try:
        is_verbatim = bool(frames["builds"].select(pl.col("is_verbatim").all()).collect().item())
    except pl.exceptions.PolarsError as error:
        detail = f"{explain_unreadable_builds(release, error)}; remove the release and build it again"
        return [*results, CheckResult("schema and keys of builds", passed=False, detail=detail)]
    for name, table in published_specs(verbatim=is_verbatim).items():
        results.append(_run_check(f"schema and keys of {name}", partial(_check_table, table, frames[name])))
    results.append(_run_check("foreign keys and codes between tables", partial(check_together, frames)))
    results.append(_run_check(f"{DATABASE} has the rows of the Parquet files", partial(check_database, release)))
    return results


def explain_unreadable_builds(release: Path, error: Exception) -> str:
    """The start of a message about a release whose table `builds` cannot be read."""
    return f"{parquet_file(release, 'builds')}: cannot be read ({str(error).splitlines()[0]})"


def check_together(frames: Mapping[str, pl.LazyFrame]) -> str:
    """Check foreign keys and codes over all tables; returns the detail. Raises InvalidTableError."""
    for batch in split_into_batches(frames):
        validate_together(batch)
    validate_across_reviews(frames)
    return f"{sum(len(table.foreign_keys) for table in SPECS.values())} foreign keys resolve"


def check_database(release: Path) -> str:
    """Check that the database has the same rows as the Parquet files; returns the detail. Raises ReleaseError."""
    n_rows = 0
    with connect_duckdb(release / DATABASE) as connection:
        for name, table in SPECS.items():
            columns = identifiers(column.name for column in table.columns)
            in_database = f"SELECT {columns} FROM {identifier(name)}"
            in_parquet = f"SELECT {columns} FROM read_parquet({literal(str(parquet_file(release, name)))})"
            # Compares sums of row hashes, because an anti-join would need memory for all rows.
            count = "SELECT count(*), sum(hash(record)::HUGEINT) FROM ({}) AS record"
            n_in_database, hash_in_database = connection.execute(count.format(in_database)).fetchall()[0]
            n_in_parquet, hash_in_parquet = connection.execute(count.format(in_parquet)).fetchall()[0]
            if (n_in_database, hash_in_database) != (n_in_parquet, hash_in_parquet):
                query = f"SELECT count(*) FROM ({in_database} EXCEPT ALL {in_parquet})"
                n_different = connection.execute(query).fetchall()[0][0]
                raise ReleaseError(
                    f"{release / DATABASE}: table {name} has {n_in_database} rows, its Parquet file {n_in_parquet}, "
                    f"{n_different} differ; remove the release and build it again"
                )
            n_rows += n_in_database
    return f"{n_rows} rows in {len(SPECS)} tables"


def _run_check(name: str, check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(name, passed=True, detail=check())
    except (InvalidTableError, ReleaseError, OSError, duckdb.Error) as error:
        return CheckResult(name, passed=False, detail=str(error))


def _check_files(release: Path) -> str:
    files = check_hashes(release)
    missing = [name for name in SPECS if f"parquet/{name}.parquet" not in files]
    if missing:
        raise ReleaseError(
            f"{release}: the Parquet file of {', '.join(missing)} is missing; remove the release and build it again"
        )
    return f"{len(files)} files are unchanged since publication"


def _check_table(table: Spec, frame: pl.LazyFrame) -> str:
    nullable = [column.name for column in table.columns if column.nullable]
    n_rows = 0
    for batch in split_into_batches({table.name: frame}):
        failures = find_table_failures(table.name, batch[table.name], nullable=nullable)
        if failures:
            raise InvalidTableError(failures, batch)
        n_rows += batch[table.name].height
    return f"{n_rows} rows"
