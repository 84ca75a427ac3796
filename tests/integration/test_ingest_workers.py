"""Ingestion by worker processes: a review that kills its worker, and results that do not depend on the workers."""

import os
import signal
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipelines.common.workers import DaskEngine, Engine, ProcessEngine, SerialEngine
from pipelines.extract import reading_batches
from pipelines.extract.row_types import TABLES, QuarantinedSourceRow
from pipelines.sources.source_folder import ListedSource
from tests import printed_pdf
from tests.mini_corpus import add_files, count_read, ingest_folder, make_article, quarantine_reasons


def die_at_c(parts: Path, batch: Sequence[ListedSource]) -> list[QuarantinedSourceRow]:
    if any(listed.review_id == "c" for listed in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return reading_batches._ingest_batch(parts, batch)


class EngineKilledAtC:
    """Worker processes that are killed when they read the review `c`."""

    def run(self, work: Any, batches: Any) -> Any:
        return ProcessEngine(2).run(partial(die_at_c, work.args[0]), batches)


def test_quarantines_a_review_that_kills_its_worker(tmp_path: Path) -> None:
    folder = add_files(
        tmp_path / "corpus",
        a__xml=make_article(1),
        b__xml=make_article(2),
        c__xml=make_article(3),
        d__xml=make_article(4),
    )
    tables = ingest_folder(folder, tmp_path / "cache", EngineKilledAtC())
    assert tables["reviews"]["review_id"].to_list() == ["a", "b", "d"]
    assert "killed by signal 9" in quarantine_reasons(tables)["c"]
    assert count_read(ingest_folder(folder, tmp_path / "cache")) == 1


def test_the_number_of_workers_does_not_change_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_batches, "MAX_REVIEWS_PER_READING_BATCH", 3)
    folder = add_files(tmp_path / "corpus", **{f"r{number:02}__xml": make_article(number) for number in range(11)})
    written = []
    engines: list[Engine] = [SerialEngine(), ProcessEngine(1), ProcessEngine(2)]
    if find_spec("distributed"):
        engines.append(DaskEngine(workers=2))
    for workers, engine in enumerate(engines):
        tables = ingest_folder(folder, tmp_path / f"cache{workers}", engine)
        assert tables["reviews"].height == 11
        files = {}
        for name in TABLES:
            path = tmp_path / f"{workers}-{name}.parquet"
            tables[name].write_parquet(path)
            files[name] = path.read_bytes()
        written.append(files)
    assert all(files == written[0] for files in written)


def test_a_pdf_is_read_in_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Engine] = []
    choose = reading_batches._choose_engine

    def note(sources: Sequence[ListedSource]) -> Engine:
        used.append(choose(sources))
        return used[-1]

    monkeypatch.setattr(reading_batches, "_choose_engine", note)
    ingest_folder(add_files(tmp_path / "xml", a__xml=make_article(1)), tmp_path / "cache")
    folder = add_files(tmp_path / "corpus", a__xml=make_article(1), heel__pdf=printed_pdf.review_pdf())
    tables = ingest_folder(folder, tmp_path / "cache")
    assert [type(engine) for engine in used] == [SerialEngine, ProcessEngine]
    formats = tables["reviews"].sort("review_id").select("review_id", "source_format").rows()
    assert formats == [("a", "jats"), ("heel", "pdf")]
    assert tables["page_boxes"]["review_id"].unique().to_list() == ["heel"]


def test_a_folder_that_cannot_be_listed_does_not_stop_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    unreadable = ListedSource("heel", tmp_path, "0" * 64, 0, "heel: Permission denied")
    assert isinstance(reading_batches._choose_engine([unreadable]), SerialEngine)
