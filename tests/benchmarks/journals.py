"""How many journal references of a corpus have a journal, and samples of matches to read.

    python -m tests.benchmarks.journals [--corpus DIR] [--read N] [--seed S] [--missed N]

`DIR` is the unpacked development corpus, or another folder of JATS files; the default is in `../shared/corpus` next to
the checkout. A reference counts as one to a journal if it has a journal and a volume. `--read N` prints N distinct
printed names with the title of the journal found, drawn by a hash of name and seed; `--missed N` prints the most
frequent names without one.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections import Counter
from pathlib import Path

import polars as pl

from pipelines.common.settings import VOCABULARIES
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.readers.jats import read_jats
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.general_schemes import GENERAL
from pipelines.vocabularies.journal_index import load_journal_index
from tests.benchmarks.corpus_files import unpacked_corpus
from tests.benchmarks.evidence_tables import share


def read_names(folder: Path) -> Counter[str]:
    """How often each printed journal occurs in references with a volume."""
    names: Counter[str] = Counter()
    for path in sorted(folder.glob("*.xml")):
        document = read_jats(path.read_bytes(), name=path.name)
        rows = build_frames([extract_review(SourceFacts(path.stem.casefold(), path.name, "0" * 64), document)])
        references = rows["bib_references"].filter(pl.col("volume").is_not_null())
        names.update(references["journal_raw"].drop_nulls().to_list())
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="a folder of JATS files, or the unpacked development corpus")
    parser.add_argument("--read", type=int, default=0, help="number of matches to print")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample")
    parser.add_argument("--missed", type=int, default=0, help="number of names without a journal to print")
    options = parser.parse_args()
    start = time.perf_counter()
    index = load_journal_index(VOCABULARIES / GENERAL, load_vocabularies(VOCABULARIES).journals)
    print(f"loaded in {time.perf_counter() - start:.2f} s")
    with unpacked_corpus(options.corpus) as corpus:
        names = read_names(corpus / "xml" if (corpus / "xml").is_dir() else corpus)
    start = time.perf_counter()
    found = {name: index.find(name) for name in names}
    seconds = time.perf_counter() - start
    total = names.total()
    known = sum(n for name, n in names.items() if found[name] is not None)
    print(f"{len(names)} names looked up in {seconds:.2f} s")
    print(f"references with a volume that have a journal: {share(known, total)}")
    matched = sorted(
        (name for name in names if found[name]), key=lambda name: zlib.crc32(f"{options.seed}/{name}".encode())
    )
    for name in matched[: options.read]:
        print(f"  {name} = {index[found[name] or ''][0].title}")
    missed = Counter({name: n for name, n in names.items() if found[name] is None})
    for name, n in missed.most_common(options.missed):
        print(f"  {n} {name}")


if __name__ == "__main__":
    main()
