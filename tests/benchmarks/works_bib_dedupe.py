"""Runs bib-dedupe for `tests.benchmarks.works`, with an interpreter that has it.

    PYTHON works_bib_dedupe.py RECORDS.csv WORKS.csv

Writes ID and work_id of each record that has a duplicate, and prints the seconds from the records to the sets.
"""

import csv
import sys
import time
from pathlib import Path

import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep


def main() -> None:
    given, found = sys.argv[1:]
    records = pd.read_csv(given, dtype=str, keep_default_na=False)
    for column in ("doi", "abstract", "booktitle", "isbn", "series"):
        records[column] = ""
    start = time.perf_counter()
    matched = match(block(prep(records, verbosity_level=0), verbosity_level=0), verbosity_level=0)
    sets = cluster(matched, verbosity_level=0)
    seconds = time.perf_counter() - start
    with Path(found).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("ID", "work_id"))
        writer.writerows((record, members[0]) for members in sets for record in members)
    print(f"{seconds:.2f}")


if __name__ == "__main__":
    main()
