"""Processor time of reading quantities, compared with that of reading the reviews themselves.

    python -m tests.benchmarks.quantities [--corpus DIR] [--documents N]

Reads every document from XML to the extracted tables, then makes `quantities` from the tables of all documents at once,
and prints the milliseconds of processor time per document of both, and the number of quantities. `DIR` is the unpacked
corpus; the default is `corpus-dev.tar.xz` in `../shared/corpus` next to the checkout.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from pipelines.common.settings import VOCABULARIES
from pipelines.curate.quantities import build_quantity_rules, collect_quantities
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.jats import read_jats
from pipelines.vocabularies.quantity_words import load_quantity_words
from tests.benchmarks.corpus_files import unpacked_corpus


def measure(paths: list[Path]) -> tuple[float, float, int]:
    """Seconds of processor time for reading the documents and for making `quantities`, and its number of rows."""
    rules = build_quantity_rules(load_quantity_words(VOCABULARIES / "cues"))
    start = time.process_time()
    reviews = [
        extract_review(
            SourceFacts(path.stem.lower(), path.name, "0" * 64), read_jats(path.read_bytes(), name=path.name)
        )
        for path in paths
    ]
    frames = build_frames(reviews)
    read = time.process_time()
    found = collect_quantities(
        frames["sentences"], frames["table_cells"], frames["source_tables"], rules, frames["text_parts"]
    )
    return read - start, time.process_time() - read, found.height


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--documents", type=int, default=100)
    arguments = parser.parse_args()
    with unpacked_corpus(arguments.corpus, "xml") as corpus:
        paths = sorted((corpus / "xml").glob("*.xml"))[: arguments.documents]
        reading, quantities, n_rows = measure(paths)
    print("| documents | reading, ms each | quantities, ms each | share | quantities each |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    print(
        f"| {len(paths)} | {reading / len(paths) * 1000:.1f} | {quantities / len(paths) * 1000:.1f} "
        f"| {quantities / reading:.0%} | {n_rows / len(paths):.0f} |"
    )


if __name__ == "__main__":
    main()
