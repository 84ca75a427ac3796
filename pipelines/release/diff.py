"""What changed between two releases: columns and their types, and rows added, removed and changed, table by table.

Read off the Parquet files alone, so that releases of different schema versions can be compared. Rows are matched by
the primary key that stands in the newer file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.common.batching import in_batches
from pipelines.release.files import MANIFEST

N_EXAMPLES = 3


class DiffError(ValueError):
    """Two folders cannot be compared; the message names the one that is no release."""


@dataclass(frozen=True, slots=True)
class TableDiff:
    """What changed in a table. `status` is added, removed, changed or same.

    `changed_columns` has for each column the number of rows, there before and after, in which its value differs;
    the examples are keys of rows. Where the key itself changed, all rows are counted as removed and added.
    """

    table: str
    status: str
    n_old: int = 0
    n_new: int = 0
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: Mapping[str, str] = field(default_factory=dict)
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    changed_columns: Mapping[str, int] = field(default_factory=dict)
    examples_added: tuple[str, ...] = ()
    examples_removed: tuple[str, ...] = ()
    examples_changed: tuple[str, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether a query against the older release may fail on the newer one."""
        return self.status == "removed" or bool(self.columns_removed or self.columns_retyped)


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from the release `old` to the release `new`; `old` is None where there was none before."""

    old: str | None
    new: str
    tables: tuple[TableDiff, ...]

    @property
    def breaks(self) -> bool:
        return any(table.breaks for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "breaks": self.breaks}


def diff(old: Path | None, new: Path, release_id: str | None = None) -> Diff:
    """Compare two release folders; `release_id` names the newer one where its folder does not yet.

    Raises DiffError where a folder holds no release.
    """
    before = {} if old is None else _files(old)
    after = _files(new)
    tables = (
        [_compare(name, before.get(name), after.get(name)) for name in [*after, *sorted(set(before) - set(after))]]
        if old
        else []
    )
    return Diff(old.resolve().name if old else None, release_id or new.resolve().name, tuple(tables))


def diff_markdown(changes: Diff) -> str:
    """The changes to read: first what breaks, then a line a table that changed."""
    lines = [f"# Changes in {changes.new}", ""]
    if changes.old is None:
        return "\n".join([*lines, "There was no release before.", ""])
    lines += [f"Compared with {changes.old}.", ""]
    different = [table for table in changes.tables if table.status != "same"]
    if not different:
        return "\n".join([*lines, "No table differs.", ""])
    broken = [table for table in different if table.breaks]
    if broken:
        lines += [f"Queries on {', '.join(f'`{table.table}`' for table in broken)} may have to change.", ""]
    lines += [
        "| table | rows before | rows now | added | removed | changed |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{table.table}` | {table.n_old:,} | {table.n_new:,} | {table.rows_added:,} | {table.rows_removed:,} "
        f"| {table.rows_changed:,} |"
        for table in different
    ]
    lines.append("")
    for table in different:
        details = list(_details(table))
        if details:
            lines += [f"## {table.table}", "", *details, ""]
    return "\n".join(lines)


def _details(table: TableDiff) -> list[str]:
    details = []
    if table.status in ("added", "removed"):
        details.append(f"- table {table.status}")
    details += [f"- column `{name}` added" for name in table.columns_added]
    details += [f"- column `{name}` removed" for name in table.columns_removed]
    details += [f"- column `{name}` retyped: {types}" for name, types in table.columns_retyped.items()]
    for what, n, examples in (
        ("added", table.rows_added, table.examples_added),
        ("removed", table.rows_removed, table.examples_removed),
        ("changed", table.rows_changed, table.examples_changed),
    ):
        if examples:
            more = ", …" if n > len(examples) else ""
            details.append(f"- {n:,} {'row' if n == 1 else 'rows'} {what}: {', '.join(examples)}{more}")
    if table.changed_columns:
        counts = ", ".join(f"`{name}` {n:,}" for name, n in table.changed_columns.items())
        details.append(f"- changed values: {counts}")
    return details


def _files(release: Path) -> dict[str, Path]:
    folder = release / "parquet"
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    if not files:
        raise DiffError(
            f"{release}: holds no release ({folder} has no Parquet file); name the folder with its {MANIFEST}"
        )
    return files


def _compare(name: str, old: Path | None, new: Path | None) -> TableDiff:
    if old is None or new is None:
        n_old, n_new = (0 if path is None else _height(path) for path in (old, new))
        return TableDiff(
            name, "added" if old is None else "removed", n_old, n_new, rows_added=n_new, rows_removed=n_old
        )
    before, after = pl.scan_parquet(old), pl.scan_parquet(new)
    schemas = before.collect_schema(), after.collect_schema()
    key = pl.read_parquet_metadata(new)["primary_key"].split(", ")
    parts = [_compare_rows(name, some["before"], some["after"], key) for some in _together(before, after, schemas)]
    return reduce(_added, parts)


def _together(
    before: pl.LazyFrame, after: pl.LazyFrame, schemas: tuple[pl.Schema, pl.Schema]
) -> Iterator[Mapping[str, pl.DataFrame]]:
    """The rows of both, some reviews at a time where both say which review a row is of."""
    frames = {"before": before, "after": after}
    if all(schema.get("review_id") == pl.String for schema in schemas):
        return in_batches(frames)
    return iter([{name: frame.collect() for name, frame in frames.items()}])


def _compare_rows(name: str, before: pl.DataFrame, after: pl.DataFrame, key: list[str]) -> TableDiff:
    added = tuple(column for column in after.columns if column not in before.columns)
    removed = tuple(column for column in before.columns if column not in after.columns)
    shared = [column for column in after.columns if column in before.columns]
    retyped = {
        column: f"{before.schema[column]} to {after.schema[column]}"
        for column in shared
        if before.schema[column] != after.schema[column]
    }
    comparable = [column for column in shared if column not in retyped and column not in key]
    if not set(key) <= set(shared) - set(retyped):
        gone, come, both, values = before, after, before.clear(), {}
        key = list(before.columns[:1])
    else:
        gone = before.join(after, on=key, how="anti", nulls_equal=True)
        come = after.join(before, on=key, how="anti", nulls_equal=True)
        both = before.join(after.select(*key, *comparable), on=key, how="inner", nulls_equal=True, suffix=":new")
        differs = {column: both[column].ne_missing(both[f"{column}:new"]) for column in comparable}
        values = {column: int(mask.sum()) for column, mask in differs.items() if mask.any()}
        both = both.filter(pl.any_horizontal(differs[column] for column in values)) if values else both.clear()
    is_same = not (added or removed or retyped or gone.height or come.height or both.height)
    return TableDiff(
        table=name,
        status="same" if is_same else "changed",
        n_old=before.height,
        n_new=after.height,
        columns_added=added,
        columns_removed=removed,
        columns_retyped=retyped,
        rows_added=come.height,
        rows_removed=gone.height,
        rows_changed=both.height,
        changed_columns=values,
        examples_added=_examples(come, key),
        examples_removed=_examples(gone, key),
        examples_changed=_examples(both, key),
    )


def _added(one: TableDiff, other: TableDiff) -> TableDiff:
    """The difference of a table from those of two parts of its rows."""
    columns = dict.fromkeys([*one.changed_columns, *other.changed_columns])
    values = {name: one.changed_columns.get(name, 0) + other.changed_columns.get(name, 0) for name in columns}
    return replace(
        one,
        status="changed" if "changed" in (one.status, other.status) else one.status,
        n_old=one.n_old + other.n_old,
        n_new=one.n_new + other.n_new,
        rows_added=one.rows_added + other.rows_added,
        rows_removed=one.rows_removed + other.rows_removed,
        rows_changed=one.rows_changed + other.rows_changed,
        changed_columns=values,
        examples_added=(*one.examples_added, *other.examples_added)[:N_EXAMPLES],
        examples_removed=(*one.examples_removed, *other.examples_removed)[:N_EXAMPLES],
        examples_changed=(*one.examples_changed, *other.examples_changed)[:N_EXAMPLES],
    )


def _height(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _examples(frame: pl.DataFrame, key: list[str]) -> tuple[str, ...]:
    if not set(key) <= set(frame.columns):
        return ()
    rows = frame.sort(key, nulls_last=True).select(key).head(N_EXAMPLES).iter_rows()
    return tuple("/".join(str(part) for part in row) for row in rows)
