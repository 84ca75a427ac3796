"""Accuracy and speed of the reference parser on the development corpus, as a Markdown table.

    python -m tests.benchmarks.references [--corpus DIR] [--errors N]

`DIR` contains `corpus-dev.tar.xz` and `score_refs.py`; the default is `../shared/corpus` next to the checkout. Accuracy
is the scorer's result for references of type `journal`. Speed is strings per second in one process, the best of ten
rounds over each set. "Pages corrected" counts against gold in which a page that the publisher tagged as an issue
(`5:641`) is a page.
"""

from __future__ import annotations

import argparse
import json
import re
import runpy
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

from pipelines.extract.reference_parser import ParsedReference, parse_reference

ROOT = Path(__file__).parents[2]
SETS = ("dev_sage", "dev_printed")


def to_candidate(number: int, parsed: ParsedReference) -> dict[str, Any]:
    """Convert a parsed reference to the scorer's format."""
    fields = parsed.fields
    return {
        "n": number,
        "authors": [
            {"family": name.surname, "initials": name.initials, "suffix": name.suffix} for name in fields.authors
        ],
        "et_al": fields.authors_truncated,
        "title": fields.title,
        "journal": fields.journal,
        "year": str(fields.year) if fields.year is not None else None,
        "volume": fields.volume,
        "issue": fields.issue,
        "first_page": fields.first_page,
        "last_page": fields.last_page,
        "doi": fields.doi,
        "note": fields.note,
    }


def read_set(archive: Path, name: str) -> list[dict[str, Any]]:
    """Read the gold references of a set from the corpus archive. Raises FileNotFoundError if the set is missing."""
    member = f"corpus-dev/refs/{name}.json"
    with tarfile.open(archive) as corpus:
        packed = corpus.extractfile(member)
        if packed is None:
            raise FileNotFoundError(f"{archive} has no file {member}; use the corpus that comes with the scorer")
        gold: list[dict[str, Any]] = json.load(packed)
    return gold


def correct_page(reference: dict[str, Any]) -> dict[str, Any]:
    """The gold with its issue as the first page if it is printed after a colon and no page is tagged."""
    issue = reference["issue"]
    is_page = issue and not reference["first_page"] and re.search(rf":\s?{re.escape(issue)}(?![\w(])", reference["raw"])
    return {**reference, "first_page": issue, "issue": None} if is_page else reference


def measure_speed(strings: list[str], rounds: int = 10) -> float:
    """Return the number of strings parsed per second in the fastest round."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for string in strings:
            parse_reference(string)
        best = min(best, time.perf_counter() - started)
    return len(strings) / best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--corpus", type=Path, default=ROOT.parent / "shared" / "corpus", help="folder of the archive and the scorer"
    )
    parser.add_argument("--errors", type=int, default=0, help="number of references with an error to list per set")
    options = parser.parse_args()
    archive, scorer = options.corpus / "corpus-dev.tar.xz", options.corpus / "score_refs.py"
    for path in (archive, scorer):
        if not path.is_file():
            print(f"{path} does not exist; give the folder of the corpus with --corpus", file=sys.stderr)
            return 1
    score = runpy.run_path(str(scorer))["score"]
    print(
        "| set | strings | core record right | pages corrected | authors | title | journal | locator | exact parse "
        "| strings per second |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    all_errors = []
    for name in SETS:
        gold = read_set(archive, name)
        parsed = [parse_reference(reference["raw"]) for reference in gold]
        candidates = [to_candidate(reference["n"], result) for reference, result in zip(gold, parsed, strict=True)]
        result, errors = score(gold, candidates, "journal", options.errors)
        corrected, _ = score([correct_page(reference) for reference in gold], candidates, "journal", 0)
        f1 = {field: values["F1_norm"] for field, values in result["fields"].items()}
        locator = min(f1[field] for field in ("year", "volume", "first_page", "last_page"))
        speed = measure_speed([reference["raw"] for reference in gold])
        print(
            f"| {name} | {result['n']} | {result['record_core_norm']:.3f} "
            f"| {corrected['record_core_norm']:.3f} | {f1['authors']:.3f} | {f1['title']:.3f} "
            f"| {f1['journal']:.3f} | {locator:.3f} | {sum(item.is_exact for item in parsed) / len(parsed):.3f} "
            f"| {speed:,.0f} |"
        )
        all_errors.extend(errors)
    for error in all_errors:
        print("\n" + "\n".join(str(part) for part in error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
