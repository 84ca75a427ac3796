"""Speed and memory of reading and extracting a whole corpus.

    python -m tests.benchmarks.corpus [--corpus DIR] [--times 1] [--workers 1 2]

Prints two Markdown tables. The first has, per number of workers, the time to read and extract all documents and the
peak memory of this process and of the largest worker, then the same after one document was changed. The second has the
processor time of each stage on one core. `--times 10` makes ten copies of each file, each with a different name and
DOI. `DIR` is the unpacked corpus; the default is `corpus-dev.tar.xz` in `../shared/corpus` next to the checkout.
"""

from __future__ import annotations

import argparse
import gc
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from pipelines.common.workers import ProcessEngine
from pipelines.extract.cache import SourceKey, write_part
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.reading_batches import find_failures, ingest_sources
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frames
from pipelines.extract.row_types import ReviewRows
from pipelines.readers.jats import read_jats
from pipelines.sources.source_folder import list_sources
from tests.benchmarks.corpus_files import unpacked_corpus

BATCH = 50
_DOI = re.compile(rb'pub-id-type="doi"[^>]*>\s*[^<\s]+')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the unpacked corpus")
    parser.add_argument("--times", type=int, default=1, help="number of copies of each file")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2], help="numbers of workers to measure with")
    options = parser.parse_args()
    with unpacked_corpus(options.corpus, "xml") as corpus, tempfile.TemporaryDirectory() as temporary:
        folder = copy_articles(corpus / "xml", Path(temporary) / "corpus", options.times)
        print("| workers | run | documents read | seconds | documents/s | MB, main process | MB, largest worker |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for workers in options.workers:
            cache = Path(temporary) / f"cache-{workers}"
            measure_reading(folder, cache, workers, "all")
            changed = sorted(folder.iterdir())[0]
            changed.write_bytes(changed.read_bytes().replace(b"</article>", b"<!-- changed --></article>"))
            measure_reading(folder, cache, None, "one changed")
        # Last, because it needs more memory than a build and would raise the peak of this process.
        measure_stages(sorted((corpus / "xml").iterdir()), Path(temporary) / "parts")


def measure_stages(files: list[Path], parts: Path) -> None:
    """Print the processor time of each stage, processing batches as a worker does."""
    parts.mkdir()
    seconds = dict.fromkeys(("reading XML", "extraction", "frames", "validation", "Parquet"), 0.0)
    find_failures(build_frames([]))  # Loads pandera, so that its import is not timed.

    def add_time(stage: str, started: float) -> None:
        seconds[stage] += time.process_time() - started

    for first in range(0, len(files), BATCH):
        batch = files[first : first + BATCH]
        gc.collect()
        gc.disable()
        started = time.process_time()
        documents = [read_jats(path.read_bytes(), name=path.name) for path in batch]
        add_time("reading XML", started)
        started = time.process_time()
        rows: list[ReviewRows] = [
            extract_review(SourceFacts(f"r{first + number}", path.name, "0" * 64), document)
            for number, (path, document) in enumerate(zip(batch, documents, strict=True))
        ]
        add_time("extraction", started)
        started = time.process_time()
        frames = build_frames(rows)
        add_time("frames", started)
        started = time.process_time()
        failures = find_failures(frames)
        add_time("validation", started)
        if failures:
            print(f"{len(failures)} rows violate a rule", file=sys.stderr)
        started = time.process_time()
        write_part(parts, frames, [SourceKey(f"r{first}", "0" * 64)])
        add_time("Parquet", started)
        gc.enable()
    total = sum(seconds.values())
    size = sum(path.stat().st_size for path in files)
    print(f"\n{len(files)} documents, {size / 1e6:.0f} MB, one core, processor time\n")
    print("| stage | ms per document | documents/s |")
    print("| --- | --- | --- |")
    for stage, taken in [*seconds.items(), ("all", total)]:
        print(f"| {stage} | {1000 * taken / len(files):.1f} | {len(files) / taken:.0f} |")


def copy_articles(source: Path, target: Path, times: int) -> Path:
    """Copy each file of `source` the given number of times into `target`, each copy with a different name and DOI."""
    target.mkdir()
    for path in sorted(source.iterdir()):
        data = path.read_bytes()
        for number in range(times):
            copy = _DOI.sub(lambda match, number=number: match.group() + b".%d" % number, data, count=1)  # type: ignore[misc]
            (target / f"{path.stem}-{number}.xml").write_bytes(copy + b"<!-- %d -->" % number)
    return target


def measure_reading(folder: Path, cache: Path, workers: int | None, run: str) -> None:
    """Read the sources that are not in the cache and print one row of the table.

    Without a number of workers, the engine is chosen as in a build, which starts no workers for little work.
    """
    started = time.monotonic()
    with ingest_sources(list_sources(folder), cache, engine=ProcessEngine(workers) if workers else None) as extraction:
        seconds = time.monotonic() - started
        own_peak, workers_peak = (
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        rate = f"{extraction.n_read / seconds:.1f}"
        peaks = f"{own_peak:.0f} | {workers_peak:.0f}"
        print(f"| {workers or ''} | {run} | {extraction.n_read} | {seconds:.1f} | {rate} | {peaks} |")


if __name__ == "__main__":
    main()
