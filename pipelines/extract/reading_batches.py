"""Reads sources in batches and extracts their tables; a source that fails is quarantined with the reason.

This is the I/O edge of extraction. An engine spreads the batches over workers; each batch is validated and cached as a
part on disk, so that memory does not grow with the number of reviews and unchanged reviews are not read again. Reading
a source is left to the readers, finding its rows to `extract.review_rows`. All later steps process tables in the
batches of `common.batching`.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from pipelines.common.batching import REVIEWS_PER_BATCH
from pipelines.common.code_version import code_version
from pipelines.common.workers import (
    Engine,
    LostItem,
    ProcessEngine,
    Progress,
    SerialEngine,
    count_available_cores,
    engine_from_environment,
    ignore_progress,
)
from pipelines.extract.cache import SourceKey, open_cache, scan_parts, write_part
from pipelines.extract.front_matter_rows import SourceFacts
from pipelines.extract.review_rows import extract_review
from pipelines.extract.row_frames import build_frame, build_frames
from pipelines.extract.row_types import QUARANTINED, TABLES, QuarantinedSourceRow, ReviewRows
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS
from pipelines.readers.reading_patterns import use_current_words
from pipelines.sources.source_folder import (
    ListedSource,
    LoadedSource,
    SourceChangedError,
    SourceError,
    SourceUnreadableError,
    load_source,
)
from pipelines.tables.validation import Failure, InvalidTableError, find_reference_failures, find_table_failures
from schemas.tables import SPECS

MAX_BYTES_PER_READING_BATCH = 8_000_000
"""The size of the files that a worker reads before it writes their rows as one part of the cache."""

MAX_REVIEWS_PER_READING_BATCH = 200
MIN_BYTES_PER_WORKER = 8_000_000
"""Below this size of the sources, starting a worker (about two seconds) takes longer than reading them here."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The extracted tables of all sources, left on disk until they are requested.

    `review_ids` has the accepted reviews of each part of the cache; `quarantined` is the table `quarantined_sources`;
    `n_read` counts the sources that were read in this run rather than taken from the cache.
    """

    review_ids: Mapping[Path, Sequence[str]]
    quarantined: pl.DataFrame
    n_read: int

    @property
    def n_reviews(self) -> int:
        """The number of reviews that are not quarantined."""
        if not self.review_ids:
            return 0
        return int(scan_parts("reviews", self.review_ids).select(pl.len()).collect().item())

    def read_batches(self, table: str) -> Iterator[pl.DataFrame]:
        """The rows of an extracted table, of `reader_findings` or of `quarantined_sources`, sorted by review_id.

        Yields at least one batch; the rows of a review are never split between batches.
        """
        if table == QUARANTINED:
            yield self.quarantined
            return
        if not self.review_ids:
            yield build_frame(table, [])
            return
        part_by_review = {review_id: part for part, review_ids in self.review_ids.items() for review_id in review_ids}
        review_ids = sorted(part_by_review)
        for first in range(0, len(review_ids), REVIEWS_PER_BATCH):
            wanted: dict[Path, list[str]] = {}
            for review_id in review_ids[first : first + REVIEWS_PER_BATCH]:
                wanted.setdefault(part_by_review[review_id], []).append(review_id)
            yield scan_parts(table, wanted).collect()


@contextmanager
def ingest_sources(
    sources: Sequence[ListedSource],
    cache: Path,
    *,
    engine: Engine | None = None,
    progress: Progress = ignore_progress,
    reread: Collection[str] = (),
) -> Iterator[Ingestion]:
    """The extracted tables of these sources. Sources in the cache are not read again, except the reviews in `reread`.

    A source that cannot be read, or that duplicates another (same bytes or same DOI), does not stop the others: it
    goes to `quarantined_sources` with the reason. Of duplicates the first by review_id is accepted. `engine` spreads
    the batches; by default it is the one that the environment configures, or else processes on all cores if there is
    enough work for them.
    """
    # Rows that do not match the schema are an error of the code and must not quarantine every source.
    build_frames([])
    # The words by which readers recognise parts of a review are data: an edit makes cached rows invalid, as code does.
    with open_cache(cache, f"{code_version(_ingest_batch)}-{use_current_words()[:16]}") as parts:
        cached = parts.find_parts_by_source()
        to_read = [source for source in sources if source.review_id in reread or _make_key(source) not in cached]
        n_done = len(sources) - len(to_read)
        progress(n_done, len(sources))
        uncached: list[QuarantinedSourceRow] = []
        chosen_engine = engine or engine_from_environment() or _choose_engine(to_read)
        for outcome in chosen_engine.run(partial(_ingest_batch, parts.folder), _split_into_reading_batches(to_read)):
            if isinstance(outcome, LostItem):
                n_done += 1
                uncached.append(_quarantine_lost(outcome))
            else:
                n_done += len(outcome.batch)
                uncached += outcome.result
            progress(n_done, len(sources))
        cached = parts.find_parts_by_source()
        parts.prune({cached[_make_key(source)] for source in sources if _make_key(source) in cached})
        review_ids: dict[Path, list[str]] = {}
        for source in sources:
            if _make_key(source) in cached:
                review_ids.setdefault(cached[_make_key(source)], []).append(source.review_id)
        yield _combine(review_ids, uncached, len(to_read))


def extract_source(source: LoadedSource) -> ReviewRows:
    """The rows of all extracted tables for one source. Raises ReadError if its reader cannot read it."""
    toml = source.toml
    document = FORMATS[toml.format].read(source.data, name=source.path)
    facts = SourceFacts(
        review_id=source.review_id,
        path=source.path,
        sha256=toml.sha256,
        language=toml.language,
        licence=toml.licence or None,
        doi=toml.doi,
    )
    return extract_review(facts, document)


@dataclass(frozen=True, slots=True)
class _FailedSource:
    """A source left out of its batch. It `is_permanent` if it fails again as long as source and code are the same."""

    row: QuarantinedSourceRow
    is_permanent: bool


@contextmanager
def _pause_garbage_collection() -> Iterator[None]:
    """Without this, the collector repeatedly traverses the millions of small tuples of a batch and frees nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_pause_garbage_collection()
def _ingest_batch(parts: Path, batch: Sequence[ListedSource]) -> list[QuarantinedSourceRow]:
    """Read sources and write their rows as a part in the folder `parts`.

    Returns the sources that failed for a reason outside the source; they are not in the part and will be read again.
    """
    use_current_words()
    rows: dict[str, ReviewRows] = {}
    failed: dict[str, _FailedSource] = {}

    def collect(source: ListedSource, work: Callable[[], ReviewRows]) -> None:
        result = _attempt(source, work)
        if isinstance(result, _FailedSource):
            failed[source.review_id] = result
            rows.pop(source.review_id, None)
        else:
            rows[source.review_id] = result

    for source in batch:
        collect(source, partial(_read, source))
    frames = _attempt(batch[0], lambda: _build_valid_frames(rows.values()))
    if isinstance(frames, _FailedSource):
        # Validate each review alone to find those that break a rule.
        for source in batch:
            if source.review_id in rows:
                collect(source, partial(_validate_alone, rows[source.review_id]))
        frames = build_frames(rows.values())
    permanent = [failure.row for failure in failed.values() if failure.is_permanent]
    temporary = [failure.row for failure in failed.values() if not failure.is_permanent]
    left_out = {row.review_id for row in temporary}
    write_part(
        parts,
        {**frames, QUARANTINED: build_frame(QUARANTINED, permanent)},
        [_make_key(source) for source in batch if source.review_id not in left_out],
    )
    return temporary


def _attempt(source: ListedSource, work: Callable[[], Result]) -> Result | _FailedSource:
    """Do the work, or turn any exception into the reason why the source is left out."""
    is_permanent = True
    try:
        return work()
    except (SourceError, ReadError) as error:
        is_permanent = not isinstance(error, (SourceChangedError, SourceUnreadableError))
        reason = str(error)
    except InvalidTableError as error:
        reason = f"{source.path.name}: the extracted rows violate the rules of their tables\n{error}"
    except Exception as error:  # noqa: BLE001 - one review must not stop the others; type and place are in its reason
        is_permanent = False
        # The reason is published, so it must not contain paths of this machine.
        message = str(error).replace(f"{source.path.parent}{os.sep}", "")
        place = traceback.extract_tb(error.__traceback__)[-1]
        reason = (
            f"{source.path.name}: the code failed on it: {type(error).__name__}: {message}, in {place.name} "
            f"({Path(place.filename).name}, line {place.lineno}); report this together with the file"
        )
    return _FailedSource(_quarantine(source, reason), is_permanent)


def _quarantine(source: ListedSource, reason: str) -> QuarantinedSourceRow:
    return QuarantinedSourceRow(review_id=source.review_id, source_path=source.path.name, reason=reason)


def _read(source: ListedSource) -> ReviewRows:
    return extract_source(load_source(source))


def _validate_alone(rows: ReviewRows) -> ReviewRows:
    _build_valid_frames([rows])
    return rows


def _build_valid_frames(batch: Collection[ReviewRows]) -> dict[str, pl.DataFrame]:
    """One frame per table. Raises InvalidTableError if a row violates its model or a foreign key."""
    frames = build_frames(batch)
    failures = find_failures(frames)
    if failures:
        raise InvalidTableError(failures, frames)
    return frames


def find_failures(frames: Mapping[str, pl.DataFrame]) -> list[Failure]:
    """The violations of the models and foreign keys of the extracted tables."""
    failures = [failure for name in TABLES for failure in find_table_failures(name, frames[name])]
    # `journal_id` is still empty, so an empty table of journals will do.
    with_journals = {**frames, "journals": pl.DataFrame(schema=SPECS["journals"].polars_schema)}
    return failures + [failure for name in TABLES for failure in find_reference_failures(name, with_journals)]


def _combine(
    review_ids: Mapping[Path, Sequence[str]], uncached: Sequence[QuarantinedSourceRow], n_read: int
) -> Ingestion:
    """The result for the cached sources of each part, without duplicates, and for the sources that are not cached."""
    if not review_ids:
        return Ingestion({}, build_frame(QUARANTINED, uncached), n_read)
    reviews = scan_parts("reviews", review_ids).select("review_id", "source_path", "source_sha256", "doi").collect()
    duplicates = _find_duplicates(reviews)
    left_out = {row.review_id for row in duplicates}
    accepted = {part: [name for name in names if name not in left_out] for part, names in review_ids.items()}
    quarantined = [scan_parts(QUARANTINED, review_ids).collect(), build_frame(QUARANTINED, [*uncached, *duplicates])]
    return Ingestion(accepted, pl.concat(quarantined).sort("review_id"), n_read)


def _find_duplicates(reviews: pl.DataFrame) -> list[QuarantinedSourceRow]:
    """The reviews whose bytes or DOI are those of an accepted review before them."""
    duplicates: list[QuarantinedSourceRow] = []
    first_with: dict[str, str] = {}
    for review_id, path, sha256, doi in reviews.select("review_id", "source_path", "source_sha256", "doi").iter_rows():
        doi_key = doi.casefold() if doi else sha256
        if sha256 in first_with:
            reason = f"{path}: its bytes are those of review {first_with[sha256]}, which is kept; remove one of the two"
        elif doi_key in first_with:
            reason = (
                f"{path}: its DOI {doi} is that of review {first_with[doi_key]}, which is kept; remove one of the two, "
                "or fix the DOI if it is wrong"
            )
        else:
            first_with[sha256] = first_with[doi_key] = review_id
            continue
        duplicates.append(QuarantinedSourceRow(review_id=review_id, source_path=path, reason=reason))
    return duplicates


def _quarantine_lost(lost: LostItem[ListedSource]) -> QuarantinedSourceRow:
    return _quarantine(
        lost.item,
        f"{lost.item.path.name}: the process that read it died twice ({lost.reason}); it may need more memory than "
        "there is, or crash a library; remove the file or provide it in another format",
    )


def _make_key(source: ListedSource) -> SourceKey:
    return SourceKey(review_id=source.review_id, sha256=source.sha256)


def _split_into_reading_batches(sources: Sequence[ListedSource]) -> list[list[ListedSource]]:
    batches: list[list[ListedSource]] = []
    room = 0
    for source in sources:
        room -= source.size
        if not batches or room < 0 or len(batches[-1]) == MAX_REVIEWS_PER_READING_BATCH:
            batches.append([])
            room = MAX_BYTES_PER_READING_BATCH - source.size
        batches[-1].append(source)
    return batches


def _choose_engine(sources: Sequence[ListedSource]) -> Engine:
    workers = min(count_available_cores(), sum(source.size for source in sources) // MIN_BYTES_PER_WORKER + 1)
    if workers == 1 and not any(map(_has_pdf, sources)):
        return SerialEngine()
    return ProcessEngine(workers)


def _has_pdf(source: ListedSource) -> bool:
    """Whether a source is a PDF. These are read in another process, which a damaged one may kill."""
    if source.read_error is not None:
        return False
    files = source.path.iterdir() if source.path.is_dir() else (source.path,)
    return any(file.suffix.lower() == ".pdf" for file in files)
