"""Accuracy and speed of the reference parser on the development corpus, as a Markdown table.

    python tests/benchmarks/references.py [--corpus DIR] [--errors N]

`DIR` holds `corpus-dev.tar.xz` and `score_refs.py`; without it `../shared/corpus` beside the checkout is taken.
Accuracy is what the given scorer says of references of type `journal`; speed is strings a second in one process, the
best of ten rounds over each set.
"""

from __future__ import annotations

import argparse
import json
import runpy
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from pipelines.extract.reference_parser import ParsedReference, parse_reference  # noqa: E402

SETS = ("dev_sage", "dev_printed")


def candidate(number: int, parsed: ParsedReference) -> dict[str, Any]:
    """`parsed` in the shape that the scorer reads."""
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
    """The gold references of one set, read from the packed corpus."""
    member = f"corpus-dev/refs/{name}.json"
    with tarfile.open(archive) as corpus:
        packed = corpus.extractfile(member)
        if packed is None:
            raise FileNotFoundError(
                f"{archive} holds no file {member}; take the corpus that is shipped with the scorer"
            )
        gold: list[dict[str, Any]] = json.load(packed)
    return gold


def strings_per_second(strings: list[str], rounds: int = 10) -> float:
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for string in strings:
            parse_reference(string)
        best = min(best, time.perf_counter() - begin)
    return len(strings) / best


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    arguments.add_argument("--errors", type=int, default=0, help="references with an error to list, a set")
    options = arguments.parse_args()
    archive, scorer = options.corpus / "corpus-dev.tar.xz", options.corpus / "score_refs.py"
    for needed in (archive, scorer):
        if not needed.is_file():
            print(f"{needed} is not there; name the corpus folder with --corpus", file=sys.stderr)
            return 1
    score = runpy.run_path(str(scorer))["score"]
    print(
        "| set | strings | core record right | authors | title | journal | locator | exact parse | strings a second |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    listed = []
    for name in SETS:
        gold = read_set(archive, name)
        parsed = [parse_reference(reference["raw"]) for reference in gold]
        candidates = [candidate(reference["n"], result) for reference, result in zip(gold, parsed, strict=True)]
        result, errors = score(gold, candidates, "journal", options.errors)
        f1 = {field: values["F1_norm"] for field, values in result["fields"].items()}
        locator = min(f1[field] for field in ("year", "volume", "first_page", "last_page"))
        speed = strings_per_second([reference["raw"] for reference in gold])
        print(
            f"| {name} | {result['n']} | {result['record_core_norm']:.3f} | {f1['authors']:.3f} | {f1['title']:.3f} "
            f"| {f1['journal']:.3f} | {locator:.3f} | {sum(item.is_exact for item in parsed) / len(parsed):.3f} "
            f"| {speed:,.0f} |"
        )
        listed.extend(errors)
    for error in listed:
        print("\n" + "\n".join(str(part) for part in error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
