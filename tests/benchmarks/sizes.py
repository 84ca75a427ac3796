"""Time per KB of the text reader and the reference parser, from 10 KB to 10 MB.

    python -m tests.benchmarks.sizes [--largest 10000]

Prints a Markdown table of milliseconds of processor time per KB, measured once. If a row does not rise with the size,
time is linear in size. The inputs are generated: a review with a growing number of paragraphs, tables and references,
and single references that repeat one phrase. References of a megabyte do not occur, but the parser must not hang on
one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

from pipelines.extract.reference_parser import parse_reference
from pipelines.readers.text import read_text

KB = (10, 30, 100, 300, 1000, 3000, 10_000)

PARAGRAPH = (
    "Heel pain was treated with a splint in {n} patients and with rest in others.{a},{b} Pain at one year was lower "
    "(2.{d} cm² vs 3.1 cm², P = 0.0{d}), as in a trial of Toe et al.{c} Adverse events were rare.\n\n"
)
TABLE = (
    "Table {n}. Trials of splints\n\nAuthor\tMethod\tOutcomes\n"
    "Toe 19{d}9{c}\tSplint\tPain improved\nHeel 2001\tRest\tNone\n\n"
)
ENTRY = "{n}. Toe AB, Heel CD and Sole E. Splints for the heel number {n}: a trial. *Foot J* 2{d}; 1{d}: 1–{d}.\n"
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

REFERENCES = {
    "authors": "Toe AB, ",
    "words": "splints for the heel ",
    "sentences": "Foot J Surg. ",
    "numbers": "2013; 100: 435–441. ",
    "brackets": "(2013) [In: ",
    "addresses": "https://doi.org/10.1/a. ",
    "one word": "a",
}


def make_review(size: int) -> bytes:
    """Return a review of about `size` bytes: four fifths body, one fifth references."""
    body: list[str] = []
    length = n = 0
    n_references = max(3, size // 5 // 90)
    while length < size * 4 // 5:
        n += 1
        cited = [str((n * step) % n_references + 1).translate(SUPERSCRIPTS) for step in (1, 2, 3)]
        part = (TABLE if n % 40 == 0 else PARAGRAPH).format(n=n, a=cited[0], b=cited[1], c=cited[2], d=n % 9 + 1)
        body.append(part)
        length += len(part)
    entries = "".join(ENTRY.format(n=number, d=number % 900 + 100) for number in range(1, n_references + 1))
    return f"Splints for the heel: a review\n\nIntroduction\n\n{''.join(body)}References\n\n{entries}".encode()


def measure_per_kb(work: Callable[[], object], size: int) -> float:
    """Return the milliseconds of processor time that `work` takes per KB of an input of `size` bytes."""
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started) / (size / 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=KB[-1], help="size of the largest input in KB")
    options = parser.parse_args()
    sizes = [size for size in KB if size <= options.largest]
    print("| ms per KB | " + " | ".join(f"{size:,} KB" for size in sizes) + " |")
    print("| --- |" + " ---: |" * len(sizes))
    texts = [make_review(size * 1000) for size in sizes]
    rows = {"text reader": [measure_per_kb(partial(read_text, text, name="made"), len(text)) for text in texts]}
    for kind, phrase in REFERENCES.items():
        entries = [phrase * (size * 1000 // len(phrase)) for size in sizes]
        rows[f"reference of {kind}"] = [
            measure_per_kb(partial(parse_reference, entry), len(entry)) for entry in entries
        ]
    for name, values in rows.items():
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")


if __name__ == "__main__":
    main()
