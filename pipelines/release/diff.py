"""Compare two releases, table by table: columns and their types, and rows added, removed and changed.

Reads the Parquet files only, so that releases with different schema versions can be compared. Rows are matched by the
primary key in the metadata of the newer file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.common.batching import split_into_batches
from pipelines.release.manifest import MANIFEST

N_EXAMPLES = 3


class DiffError(ValueError):
    """Two folders cannot be compared; the message names the folder that is not a release."""


@dataclass(frozen=True, slots=True)
class TableDiff:
    """The changes in a table. `status` is added, removed, changed or same.

    `changed_columns` counts, per column, the rows of both releases whose value differs. Examples are keys of rows. If
    the key columns themselves changed, all rows are counted as removed and added.
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
    def is_breaking(self) -> bool:
        """Whether a query that works on the older release may fail on the newer one."""
        return self.status == "removed" or bool(self.columns_removed or self.columns_retyped)


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """The changes from the release `old` to the release `new`; `old` is None if there was no earlier release."""

    old: str | None
    new: str
    tables: tuple[TableDiff, ...]

    @property
    def is_breaking(self) -> bool:
        return any(table.is_breaking for table in self.tables)

    def to_dict(self) -> dict[str, Any]:
        """The contents of `changes.json`."""
        return {**asdict(self), "breaks": self.is_breaking}


def compare_releases(old: Path | None, new: Path, release_id: str | None = None) -> ReleaseDiff:
    """Compare two release folders. `release_id` is the id of the newer one if its folder still has a temporary name.

    Raises DiffError if a folder does not contain a release.
    """
    after = _find_tables(new)
    if old is None:
        return ReleaseDiff(None, release_id or new.resolve().name, ())
    before = _find_tables(old)
    names = [*after, *sorted(set(before) - set(after))]
    tables = tuple(_compare_table(name, before.get(name), after.get(name)) for name in names)
    return ReleaseDiff(old.resolve().name, release_id or new.resolve().name, tables)


def render_diff(changes: ReleaseDiff) -> str:
    """`CHANGES.md`: breaking changes first, then a table with one line per changed table, then the details."""
    lines = [f"# Changes in {changes.new}", ""]
    if changes.old is None:
        return "\n".join([*lines, "No earlier release exists to compare with.", ""])
    lines += [f"Compared with {changes.old}.", ""]
    changed = [table for table in changes.tables if table.status != "same"]
    if not changed:
        return "\n".join([*lines, "All tables are the same.", ""])
    breaking = [table for table in changed if table.is_breaking]
    if breaking:
        lines += [f"Queries on {', '.join(f'`{table.table}`' for table in breaking)} may have to change.", ""]
    lines += [
        "| table | rows before | rows now | added | removed | changed |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{table.table}` | {table.n_old:,} | {table.n_new:,} | {table.rows_added:,} | {table.rows_removed:,} "
        f"| {table.rows_changed:,} |"
        for table in changed
    ]
    lines.append("")
    for table in changed:
        details = _list_details(table)
        if details:
            lines += [f"## {table.table}", "", *details, ""]
    return "\n".join(lines)


def _list_details(table: TableDiff) -> list[str]:
    details = []
    if table.status in ("added", "removed"):
        details.append(f"- table {table.status}")
    details += [f"- column `{name}` added" for name in table.columns_added]
    details += [f"- column `{name}` removed" for name in table.columns_removed]
    details += [f"- column `{name}` retyped: {types}" for name, types in table.columns_retyped.items()]
    for change, n, examples in (
        ("added", table.rows_added, table.examples_added),
        ("removed", table.rows_removed, table.examples_removed),
        ("changed", table.rows_changed, table.examples_changed),
    ):
        if examples:
            more = ", …" if n > len(examples) else ""
            details.append(f"- {n:,} {'row' if n == 1 else 'rows'} {change}: {', '.join(examples)}{more}")
    if table.changed_columns:
        counts = ", ".join(f"`{name}` {n:,}" for name, n in table.changed_columns.items())
        details.append(f"- changed values: {counts}")
    return details


def _find_tables(release: Path) -> dict[str, Path]:
    folder = release / "parquet"
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    if not files:
        raise DiffError(
            f"{release}: not a release ({folder} has no Parquet file); name the folder that contains {MANIFEST}"
        )
    return files


def _compare_table(name: str, old: Path | None, new: Path | None) -> TableDiff:
    if old is None or new is None:
        n_old, n_new = (0 if path is None else _count_rows(path) for path in (old, new))
        return TableDiff(
            name, "added" if old is None else "removed", n_old, n_new, rows_added=n_new, rows_removed=n_old
        )
    key = pl.read_parquet_metadata(new)["primary_key"].split(", ")
    batches = _pair_batches(pl.scan_parquet(old), pl.scan_parquet(new))
    return reduce(_add_diffs, (_compare_rows(name, batch["before"], batch["after"], key) for batch in batches))


def _pair_batches(before: pl.LazyFrame, after: pl.LazyFrame) -> Iterator[Mapping[str, pl.DataFrame]]:
    """The rows of both releases, in batches of the same reviews if both have a `review_id`, otherwise all at once."""
    frames = {"before": before, "after": after}
    if all(frame.collect_schema().get("review_id") == pl.String for frame in frames.values()):
        return split_into_batches(frames)
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
    if set(key) <= set(shared) - set(retyped):
        rows_removed = before.join(after, on=key, how="anti", nulls_equal=True)
        rows_added = after.join(before, on=key, how="anti", nulls_equal=True)
        pairs = before.join(after.select(*key, *comparable), on=key, how="inner", nulls_equal=True, suffix=":new")
        differs = {column: pairs[column].ne_missing(pairs[f"{column}:new"]) for column in comparable}
        changed_columns = {column: int(mask.sum()) for column, mask in differs.items() if mask.any()}
        if changed_columns:
            rows_changed = pairs.filter(pl.any_horizontal(differs[column] for column in changed_columns))
        else:
            rows_changed = pairs.clear()
    else:
        rows_removed, rows_added, rows_changed, changed_columns = before, after, before.clear(), {}
        key = list(before.columns[:1])
    is_same = not (added or removed or retyped or rows_added.height or rows_removed.height or rows_changed.height)
    return TableDiff(
        table=name,
        status="same" if is_same else "changed",
        n_old=before.height,
        n_new=after.height,
        columns_added=added,
        columns_removed=removed,
        columns_retyped=retyped,
        rows_added=rows_added.height,
        rows_removed=rows_removed.height,
        rows_changed=rows_changed.height,
        changed_columns=changed_columns,
        examples_added=_first_keys(rows_added, key),
        examples_removed=_first_keys(rows_removed, key),
        examples_changed=_first_keys(rows_changed, key),
    )


def _add_diffs(first: TableDiff, second: TableDiff) -> TableDiff:
    """The diff of a table from the diffs of two parts of its rows."""
    columns = dict.fromkeys([*first.changed_columns, *second.changed_columns])
    return replace(
        first,
        status="changed" if "changed" in (first.status, second.status) else first.status,
        n_old=first.n_old + second.n_old,
        n_new=first.n_new + second.n_new,
        rows_added=first.rows_added + second.rows_added,
        rows_removed=first.rows_removed + second.rows_removed,
        rows_changed=first.rows_changed + second.rows_changed,
        changed_columns={
            name: first.changed_columns.get(name, 0) + second.changed_columns.get(name, 0) for name in columns
        },
        examples_added=(*first.examples_added, *second.examples_added)[:N_EXAMPLES],
        examples_removed=(*first.examples_removed, *second.examples_removed)[:N_EXAMPLES],
        examples_changed=(*first.examples_changed, *second.examples_changed)[:N_EXAMPLES],
    )


def _count_rows(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _first_keys(frame: pl.DataFrame, key: list[str]) -> tuple[str, ...]:
    """The keys of the first rows as text, such as `heel-review/3`."""
    if not set(key) <= set(frame.columns):
        return ()
    rows = frame.sort(key, nulls_last=True).select(key).head(N_EXAMPLES).iter_rows()
    return tuple("/".join(str(part) for part in row) for row in rows)
