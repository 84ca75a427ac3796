"""Reading at corpus size: documents a second by stage, on one core and on more, memory, and a second build.

    python -m tests.benchmarks.corpus [--corpus DIR] [--times 1] [--workers 2]

Prints Markdown tables. The first has the seconds of processor time that each stage takes on one core; the second the
reading of all documents into parts, with the largest memory of this process and of a worker, then once more with one
document changed. `--times 10` reads each file ten times, under another name and with another DOI. `DIR` is the unpacked
corpus; without it `corpus-dev.tar.xz` is looked for in `../shared/corpus` beside the checkout.
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

from pipelines.common.workers import Processes
from pipelines.extract.batches import failures_in, ingested
from pipelines.extract.cache import write_part
from pipelines.extract.review_rows import Rows, SourceFacts, extract_review, frames_of
from pipelines.readers.jats import read_jats
from pipelines.sources.source_folder import list_sources
from tests.benchmarks.corpus_files import unpacked_corpus

BATCH = 50
_DOI = re.compile(rb'pub-id-type="doi"[^>]*>\s*[^<\s]+')


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--times", type=int, default=1)
    arguments.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    chosen = arguments.parse_args()
    with unpacked_corpus(chosen.corpus, "xml") as corpus, tempfile.TemporaryDirectory() as temporary:
        folder = multiplied(corpus / "xml", Path(temporary) / "corpus", chosen.times)
        print("| workers | what | documents read | seconds | documents/s | MB, this process | MB, largest worker |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for workers in chosen.workers:
            cache = Path(temporary) / f"cache-{workers}"
            whole(folder, cache, workers, "all")
            changed = sorted(folder.iterdir())[0]
            changed.write_bytes(changed.read_bytes().replace(b"</article>", b"<!-- changed --></article>"))
            whole(folder, cache, None, "one changed")
        # Last, as it holds more in memory than a build does.
        stages(sorted((corpus / "xml").iterdir()), Path(temporary) / "parts")


def stages(files: list[Path], parts: Path) -> None:
    """The processor time of each stage, batch by batch, as a worker goes through them."""
    parts.mkdir()
    seconds = dict.fromkeys(("read_jats", "extract_review", "frames_of", "validation", "Parquet parts"), 0.0)
    failures_in(frames_of([]))  # Pandera is loaded before the clock runs.

    def timed(stage: str, started: float) -> None:
        seconds[stage] += time.process_time() - started

    for first in range(0, len(files), BATCH):
        batch = files[first : first + BATCH]
        gc.collect()
        gc.disable()
        started = time.process_time()
        documents = [read_jats(path.read_bytes(), name=path.name) for path in batch]
        timed("read_jats", started)
        started = time.process_time()
        rows: list[Rows] = [
            extract_review(SourceFacts(f"r{first + number}", path.name, "0" * 64), document)
            for number, (path, document) in enumerate(zip(batch, documents, strict=True))
        ]
        timed("extract_review", started)
        started = time.process_time()
        frames = frames_of(rows)
        timed("frames_of", started)
        started = time.process_time()
        failures = failures_in(frames)
        timed("validation", started)
        if failures:
            print(f"{len(failures)} rows break a rule", file=sys.stderr)
        started = time.process_time()
        write_part(parts, frames, [(f"r{first}", "0" * 64)])
        timed("Parquet parts", started)
        gc.enable()
    total = sum(seconds.values())
    size = sum(path.stat().st_size for path in files)
    print(f"\n{len(files)} documents, {size / 1e6:.0f} MB, one core, processor time\n")
    print("| stage | ms a document | documents/s |")
    print("| --- | --- | --- |")
    for stage, taken in [*seconds.items(), ("all", total)]:
        print(f"| {stage} | {1000 * taken / len(files):.1f} | {len(files) / taken:.0f} |")


def multiplied(source: Path, target: Path, times: int) -> Path:
    """Each file so many times, under names and DOIs of their own."""
    target.mkdir()
    for path in sorted(source.iterdir()):
        data = path.read_bytes()
        for number in range(times):
            copy = _DOI.sub(lambda match, number=number: match.group() + b".%d" % number, data, count=1)  # type: ignore[misc]
            (target / f"{path.stem}-{number}.xml").write_bytes(copy + b"<!-- %d -->" % number)
    return target


def whole(folder: Path, cache: Path, workers: int | None, what: str) -> None:
    """Reads what is not known; without a number of workers as a build does, which starts none for little work."""
    started = time.monotonic()
    with ingested(list_sources(folder), cache, engine=Processes(workers) if workers else None) as found:
        taken = time.monotonic() - started
        ours, workers_peak = (
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        rate = f"{found.n_read / taken:.1f}"
        print(f"| {workers or ''} | {what} | {found.n_read} | {taken:.1f} | {rate} | {ours:.0f} | {workers_peak:.0f} |")


if __name__ == "__main__":
    main()
