"""Sources → the extracted tables: each is read and extracted; one that cannot be is kept out, with its reason.

The I/O edge of extraction. Reviews are read in batches that an engine spreads over workers; each batch is validated and
kept as a part on disk, so that memory does not grow with the number of reviews, and a review that is known is not read
again. What a source says is left to the readers and to `extract`.
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

from pipelines.common.batching import REVIEWS_AT_ONCE
from pipelines.common.code_version import code_version
from pipelines.common.workers import Engine, InThisProcess, Lost, Processes, Progress, chosen, cores, unwatched
from pipelines.extract.cache import Known, parts_of, scan, write_part
from pipelines.extract.review_rows import TABLES, Rows, SourceFacts, extract_review, frames_of
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import FORMATS
from pipelines.sources.source_folder import (
    Listed,
    Source,
    SourceChangedError,
    SourceError,
    SourceUnreadableError,
    load_source,
)
from pipelines.tables.validation import Failure, InvalidTableError, reference_failures, table_failures
from schemas.tables import SPECS

QUARANTINED = "quarantined_sources"

BATCH_BYTES = 8_000_000
BATCH_REVIEWS = 200
WORTH_A_WORKER = 8_000_000
"""Bytes of sources below which a worker's start (some two seconds) takes longer than reading them here."""

Result = TypeVar("Result")
Reason = tuple[str, str, str]
"""A row of `quarantined_sources`: review_id, source_path, reason."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What is extracted of all sources, on disk until it is asked for. `n_read` reviews were read, the others known."""

    review_ids: Mapping[Path, Sequence[str]]
    quarantined: pl.DataFrame
    n_read: int

    @property
    def n_reviews(self) -> int:
        """How many reviews were read or were known, and are none of those left out."""
        return int(scan("reviews", self.review_ids).select(pl.len()).collect().item()) if self.review_ids else 0

    def batches(self, table: str) -> Iterator[pl.DataFrame]:
        """The rows of an extracted table, of the readers' findings or of `quarantined_sources`, by review_id.

        In batches of whole reviews, at least one.
        """
        if table == QUARANTINED:
            yield self.quarantined
            return
        if not self.review_ids:
            yield frames_of([])[table]
            return
        part_of = {review_id: part for part, review_ids in self.review_ids.items() for review_id in review_ids}
        review_ids = sorted(part_of)
        for first in range(0, len(review_ids), REVIEWS_AT_ONCE):
            some: dict[Path, list[str]] = {}
            for review_id in review_ids[first : first + REVIEWS_AT_ONCE]:
                some.setdefault(part_of[review_id], []).append(review_id)
            yield scan(table, some).collect()


@contextmanager
def ingested(
    sources: Sequence[Listed],
    cache: Path,
    *,
    engine: Engine | None = None,
    progress: Progress = unwatched,
    again: Collection[str] = (),
) -> Iterator[Ingested]:
    """The extracted tables of these sources, kept in `cache`; what is known there is not read, unless it is in `again`.

    A source that cannot be taken in or read, or that is another one once more (the same bytes, or the same DOI), does
    not stop the others: it is in `quarantined_sources` with its reason. Of the same sources the first by review_id
    stays. `engine` spreads the batches; left out, the one that `engine.chosen` names, or else
    processes on all cores where that is worth their start.
    """
    with parts_of(cache, code_version(_ingest_batch)) as parts:
        known = parts.known()
        waiting = [listed for listed in sources if listed.review_id in again or _key(listed) not in known]
        n_done = len(sources) - len(waiting)
        progress(n_done, len(sources))
        unkept: list[Reason] = []
        runs_on = engine or chosen() or _engine_for(waiting)
        for outcome in runs_on.run(partial(_ingest_batch, parts.folder), _batches(waiting)):
            if isinstance(outcome, Lost):
                n_done += 1
                unkept.append(_lost(outcome))
            else:
                n_done += len(outcome.batch)
                unkept += outcome.result
            progress(n_done, len(sources))
        known = parts.known()
        parts.prune({known[_key(listed)] for listed in sources if _key(listed) in known})
        yield _combined([listed for listed in sources if _key(listed) in known], known, unkept, len(waiting))


def ingest_source(source: Source) -> Rows:
    """The rows of all extracted tables for one source. Raises ReadError where its reader cannot read it."""
    document = FORMATS[source.about.format].read(source.data, name=source.path)
    about = source.about
    facts = SourceFacts(
        review_id=source.review_id,
        path=source.path,
        sha256=about.sha256,
        language=about.language,
        licence=about.licence or None,
        doi=about.doi,
    )
    return extract_review(facts, document)


@dataclass(frozen=True, slots=True)
class _Failed:
    """`of_source`: it would fail again, as long as source and code are the same."""

    reason: Reason
    of_source: bool


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A batch makes millions of small tuples, which the collector would look through again and again, in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_without_garbage_collection()
def _ingest_batch(parts: Path, batch: Sequence[Listed]) -> list[Reason]:
    """Read reviews and write what is extracted as a part in the folder `parts`.

    Returns those that failed for a reason that may not lie in the source: they are not in the part.
    """
    rows: dict[str, Rows] = {}
    failed: dict[str, _Failed] = {}

    def attempt(listed: Listed, work: Callable[[], Rows]) -> None:
        result = _attempt(listed, work)
        if isinstance(result, _Failed):
            failed[listed.review_id] = result
            rows.pop(listed.review_id, None)
        else:
            rows[listed.review_id] = result

    for listed in batch:
        attempt(listed, partial(_read, listed))
    frames = _attempt(batch[0], lambda: _validated(rows.values()))
    if isinstance(frames, _Failed):
        # Which of them it is shows when each is looked at alone.
        for listed in batch:
            if listed.review_id in rows:
                attempt(listed, partial(_alone, rows[listed.review_id]))
        frames = frames_of(rows.values())
    reasons = [failure.reason for failure in failed.values() if failure.of_source]
    unkept = [failure.reason for failure in failed.values() if not failure.of_source]
    left_out = {review_id for review_id, _, _ in unkept}
    write_part(
        parts,
        {**frames, QUARANTINED: _quarantined(reasons)},
        [_key(listed) for listed in batch if listed.review_id not in left_out],
    )
    return unkept


def _attempt(listed: Listed, work: Callable[[], Result]) -> Result | _Failed:
    """The one boundary at which whatever goes wrong with a review is turned into the reason why it is left out."""
    try:
        return work()
    except (SourceError, ReadError) as error:
        is_same = not isinstance(error, (SourceChangedError, SourceUnreadableError))
        return _Failed((listed.review_id, listed.path.name, str(error)), of_source=is_same)
    except InvalidTableError as error:
        words = f"{listed.path.name}: what was read breaks the tables' rules\n{error}"
        return _Failed((listed.review_id, listed.path.name, words), of_source=True)
    except Exception as error:  # noqa: BLE001 - one review must not stop the others; type and place are in its reason
        # Published, so no path of this machine.
        said = str(error).replace(f"{listed.path.parent}{os.sep}", "")
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = (
            f"{listed.path.name}: the code failed on it: {type(error).__name__}: {said}, in {place.name} "
            f"({Path(place.filename).name}, line {place.lineno}); report it together with the file"
        )
        return _Failed((listed.review_id, listed.path.name, words), of_source=False)


def _read(listed: Listed) -> Rows:
    return ingest_source(load_source(listed))


def _alone(rows: Rows) -> Rows:
    _validated([rows])
    return rows


def _validated(batch: Collection[Rows]) -> dict[str, pl.DataFrame]:
    """One frame a table. Raises InvalidTableError where one breaks its model or points at rows that are not there."""
    frames = frames_of(batch)
    failures = failures_in(frames)
    if failures:
        raise InvalidTableError(failures, frames)
    return frames


def failures_in(frames: Mapping[str, pl.DataFrame]) -> list[Failure]:
    """What breaks the models of the extracted tables, within a table and between them."""
    failures = [failure for name in TABLES for failure in table_failures(name, frames[name])]
    # Journals are looked up later.
    with_journals = {**frames, "journals": pl.DataFrame(schema=SPECS["journals"].polars_schema)}
    return failures + [failure for name in TABLES for failure in reference_failures(name, with_journals)]


def _combined(sources: Sequence[Listed], known: Known, unkept: list[Reason], n_read: int) -> Ingested:
    of_part: dict[Path, list[str]] = {}
    for listed in sources:
        of_part.setdefault(known[_key(listed)], []).append(listed.review_id)
    if not of_part:
        return Ingested({}, _quarantined(unkept), n_read)
    doubles = _doubles(scan("reviews", of_part).select("review_id", "source_path", "source_sha256", "doi").collect())
    left_out = {review_id for review_id, _, _ in doubles}
    faults = scan(QUARANTINED, of_part).collect()
    stays = {part: [name for name in review_ids if name not in left_out] for part, review_ids in of_part.items()}
    return Ingested(stays, pl.concat([faults, _quarantined([*unkept, *doubles])]).sort("review_id"), n_read)


def _doubles(reviews: pl.DataFrame) -> list[Reason]:
    """The reviews, in the order given, whose bytes or DOI are those of one before that stays."""
    doubles: list[Reason] = []
    first_with: dict[str, str] = {}
    for review_id, path, sha256, doi in reviews.iter_rows():
        of_doi = doi.casefold() if doi else sha256
        if sha256 in first_with:
            words = f"{path}: its bytes are those of review {first_with[sha256]}, which stays; remove one of the two"
            doubles.append((review_id, path, words))
        elif of_doi in first_with:
            words = (
                f"{path}: its DOI {doi} is that of review {first_with[of_doi]}, which stays; remove one of the two, "
                "or mend the DOI where it is wrong"
            )
            doubles.append((review_id, path, words))
        else:
            first_with[sha256] = first_with[of_doi] = review_id
    return doubles


def _lost(lost: Lost[Listed]) -> Reason:
    name = lost.item.path.name
    words = (
        f"{name}: the process that read it was lost twice ({lost.reason}); it may need more memory than there is, "
        "or crash a library; remove it, or give it in another form"
    )
    return (lost.item.review_id, name, words)


def _quarantined(reasons: list[Reason]) -> pl.DataFrame:
    return pl.DataFrame(reasons, schema=SPECS[QUARANTINED].polars_schema, orient="row")


def _key(listed: Listed) -> tuple[str, str]:
    return listed.review_id, listed.sha256


def _batches(sources: Sequence[Listed]) -> list[list[Listed]]:
    batches: list[list[Listed]] = []
    room = 0
    for listed in sources:
        room -= listed.size
        if not batches or room < 0 or len(batches[-1]) == BATCH_REVIEWS:
            batches.append([])
            room = BATCH_BYTES - listed.size
        batches[-1].append(listed)
    return batches


def _engine_for(sources: Sequence[Listed]) -> Engine:
    workers = min(cores(), sum(listed.size for listed in sources) // WORTH_A_WORKER + 1)
    return Processes(workers) if workers > 1 else InThisProcess()
