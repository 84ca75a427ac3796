"""How often the amount of an outcome is read right in sentences whose outcome, intervention and comparator are given.

    python -m tests.benchmarks.directions [--evidence DIR] [--errors]

`DIR` is the folder with `directions.csv`; the default is in `../shared/corpus` next to the checkout. The gold says
whether the outcome of the intervention is higher (`inc`), lower (`dec`) or not different (`nodiff`) against the
comparator. The gold is divided by the CRC-32 of the prompt's id modulo 4: 0 and 2 are `development`, 1 is `second
development`, 3 is `held out`. Prints the figures of each part, for all sentences and for those that name the outcome in
full. `--errors` prints the sentences of both development parts that are read wrong.
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

from pipelines.curate.amounts import HIGHER, LOWER, NO_DIFFERENCE, NOT_STATED, read_amount
from pipelines.curate.amounts.amount_rules import AmountRules
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.vocabularies.csv_files import load_vocabularies
from tests.benchmarks.corpus_files import SHARED

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"
GOLD_LABELS = {"inc": HIGHER, "dec": LOWER, "nodiff": NO_DIFFERENCE}
PARTS = ("development", "second development", "development", "held out")
ANSWERS = (HIGHER, LOWER, NO_DIFFERENCE, NOT_STATED)


def read_gold(folder: Path) -> list[dict[str, str]]:
    with (folder / "directions.csv").open(encoding="utf-8", newline="") as file:
        # Some cells have escaped characters, some of them twice ("&amp;nbsp;").
        return [
            {name: unescape(unescape(unescape(cell))) for name, cell in row.items()} for row in csv.DictReader(file)
        ]


def find_part(row: Mapping[str, str]) -> str:
    return PARTS[zlib.crc32(row["prompt_id"].encode()) % 4]


def share(count: int, total: int) -> str:
    return f"{count} of {total}" + (f" ({count / total:.3f})" if total else "")


def report(title: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Print the confusion table of (gold, answer) pairs, precision and recall."""
    counts = Counter(pairs)
    print(f"\n{title}: {len(pairs)} sentences")
    print("  gold \\ read   " + "".join(f"{answer:>15}" for answer in ANSWERS))
    for gold in ANSWERS[:3]:
        print(f"  {gold:<14}" + "".join(f"{counts[gold, answer]:>15}" for answer in ANSWERS))
    for name, labels in (("no_difference", {NO_DIFFERENCE}), ("higher or lower", {HIGHER, LOWER})):
        right = sum(gold == answer for gold, answer in pairs if gold in labels)
        n_read = sum(answer in labels for _, answer in pairs)
        n_gold = sum(gold in labels for gold, _ in pairs)
        print(f"  {name}: precision {share(right, n_read)}, recall {share(right, n_gold)}")


def read_all(rows: Sequence[Mapping[str, str]], rules: AmountRules) -> list[tuple[str, str]]:
    return [
        (
            GOLD_LABELS[row["label"]],
            read_amount(row["sentence"], row["outcome"], row["intervention"], row["comparator"], rules).amount,
        )
        for row in rows
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evidence", type=Path, default=SHARED / "evidence", help="folder of the gold")
    parser.add_argument("--errors", action="store_true", help="print what is read wrong in the development parts")
    options = parser.parse_args()
    rules = load_coding_rules(VOCABULARIES / "cues", load_vocabularies(VOCABULARIES)).amounts
    gold = read_gold(options.evidence)
    for part in dict.fromkeys(PARTS):
        rows = [row for row in gold if find_part(row) == part]
        pairs = read_all(rows, rules)
        report(f"{part}, all", pairs)
        named = [pair for row, pair in zip(rows, pairs, strict=True) if row["outcome_named_in_sentence"] == "full"]
        report(f"{part}, outcome named in full", named)
        if options.errors and part != "held out":
            for row, (label, answer) in zip(rows, pairs, strict=True):
                if label != answer:
                    print(f"\n{row['prompt_id']}: gold {label}, read {answer}; outcome: {row['outcome']}; ", end="")
                    print(f"{row['intervention']} against {row['comparator']}\n  {row['sentence']}")


if __name__ == "__main__":
    main()
