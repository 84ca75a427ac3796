"""How many evidence tables, columns and studies of reviews are found, compared with a gold read by eye.

    python -m tests.benchmarks.evidence_tables [--corpus DIR] [--evidence DIR] [--errors]

`DIR` are the unpacked development corpus and the folder with `evidence_tables.csv`, `evidence_columns.csv` and
`evidence_rows.csv`; the defaults are in `../shared/corpus` next to the checkout. Prints the figures for the two halves
of the reviews (by the CRC-32 of the review's id: even is `development`, odd is `held out`). Precision of tables counts
every other table of the same reviews. A role counts once per column; a column with two roles counts for both.
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.jats import read_jats
from tests.benchmarks.corpus_files import SHARED, unpacked_corpus
from tests.study_tables import build_study_tables

SAME_ROLE = {"study": "reference", "references": "reference", "n": "sample_size", "adverse": "adverse_events"}
"""Roles of the gold, and `study`, by the name under which they are compared."""

TableId = tuple[str, int]


class Gold(NamedTuple):
    """The class of each table, the roles of each column, and the references of each study row."""

    classes: dict[TableId, str]
    columns: dict[tuple[TableId, int], set[str]]
    rows: dict[tuple[TableId, int], set[int]]


def read_gold(folder: Path) -> Gold:
    def lines(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def table(line: dict[str, str]) -> TableId:
        return line["review_id"], int(line["table_no"])

    return Gold(
        {table(line): line["class"] for line in lines("evidence_tables.csv")},
        {
            (table(line), int(line["column_no"])): {SAME_ROLE.get(role, role) for role in line["roles"].split("+")}
            - {"other"}
            for line in lines("evidence_columns.csv")
        },
        {
            (table(line), int(line["row_no"])): {int(number) for number in line["ref_nos"].replace(";", " ").split()}
            for line in lines("evidence_rows.csv")
        },
    )


def extract_corpus(xml: Path, review_ids: set[str]) -> dict[str, pl.DataFrame]:
    """The extracted tables and study tables of these reviews, whose files are named after their ids."""
    paths = {f"pmc{path.stem.removeprefix('PMC')}": path for path in sorted(xml.glob("*.xml"))}
    reviews = [
        extract_review(SourceFacts(review_id, path.name, "0" * 64), read_jats(path.read_bytes(), name=path.name))
        for review_id, path in paths.items()
        if review_id in review_ids
    ]
    frames = build_frames(reviews)
    return {**frames, **build_study_tables(frames)}


def share(count: int, total: int) -> str:
    return f"{count} of {total}" + (f" ({count / total:.3f})" if total else "")


def report(half: str, gold: Gold, frames: dict[str, pl.DataFrame], *, shows_errors: bool) -> None:
    """Print the figures of one half."""
    reviews = {
        review_id
        for review_id, _ in gold.classes
        if (zlib.crc32(review_id.encode()) % 2 == 0) == (half == "development")
    }
    classes = {table: name for table, name in gold.classes.items() if table[0] in reviews}
    kinds = {
        (review_id, table_no): kind
        for review_id, table_no, kind in frames["source_tables"].select("review_id", "table_no", "kind").iter_rows()
        if review_id in reviews
    }
    evidence = {table for table, name in classes.items() if name == "evidence"}
    found = {table for table, kind in kinds.items() if kind == "evidence"}
    quality = {table for table, name in classes.items() if name == "quality"}
    print(f"\n{half}: {len(reviews)} reviews, {len(kinds)} tables")
    print(f"  evidence tables: recall {share(len(evidence & found), len(evidence))},", end=" ")
    print(f"precision {share(len(evidence & found), len(found))}")
    print(f"  quality tables: recall {share(sum(kinds[table] == 'quality' for table in quality), len(quality))}")
    if shows_errors:
        print(f"    missed {sorted(evidence - found)}, wrong {sorted(found - evidence)}")
    roles: dict[tuple[TableId, int], set[str]] = {}
    for review_id, table_no, column_no, role in (
        frames["column_roles"].select("review_id", "table_no", "column_no", "role").iter_rows()
    ):
        roles.setdefault(((review_id, table_no), column_no), set()).add(SAME_ROLE.get(role, role))
    right, gold_total, own_total = Counter[str](), Counter[str](), Counter[str]()
    for (table, column_no), names in gold.columns.items():
        if table in evidence:
            own = roles.get((table, column_no), set()) if table in found else set()
            right.update(names & own)
            gold_total.update(names)
            own_total.update(own)
            if shows_errors and own != names:
                print(f"    {table} column {column_no}: gold {sorted(names)}, found {sorted(own)}")
    for role, total in gold_total.most_common():
        print(f"  {role}: recall {share(right[role], total)}, precision {share(right[role], own_total[role])}")
    own_rows: dict[tuple[TableId, int], set[int]] = {
        ((review_id, table_no), row_no): set()
        for review_id, table_no, row_no in frames["studies"].select("review_id", "table_no", "row_no").iter_rows()
    }
    for review_id, table_no, row_no, ref_no in (
        frames["study_references"].select("review_id", "table_no", "row_no", "ref_no").iter_rows()
    ):
        own_rows[(review_id, table_no), row_no].add(ref_no)
    gold_rows = {row: ref_nos for row, ref_nos in gold.rows.items() if row[0] in evidence}
    both = [row for row in gold_rows if row in own_rows]
    n_links = sum(len(own_rows[row]) for row in both)
    n_wrong = sum(len(own_rows[row] - gold_rows[row]) for row in both)
    print(f"  study rows: recall {share(len(both), len(gold_rows))}")
    print(f"  links to references: wrong {share(n_wrong, n_links)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked development corpus")
    parser.add_argument("--evidence", type=Path, default=SHARED / "evidence", help="folder of the gold")
    parser.add_argument("--errors", action="store_true", help="print tables and columns that differ")
    options = parser.parse_args()
    gold = read_gold(options.evidence)
    with unpacked_corpus(options.corpus, "xml") as corpus:
        frames = extract_corpus(corpus / "xml", {review_id for review_id, _ in gold.classes})
    for half in ("development", "held out"):
        report(half, gold, frames, shows_errors=options.errors)


if __name__ == "__main__":
    main()
