"""Engines that process batches of items: in this process, in worker processes, or on a Dask cluster.

They hand batches to workers and recover when a worker dies. The contents of a batch are the caller's concern. This
module must not import Polars: a worker sets its number of threads before Polars is loaded.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pipelines.common.settings import DASK_VARIABLE

Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""A callback that receives the number of items done and the total."""


def ignore_progress(done: int, total: int) -> None:
    """A progress callback that does nothing."""


_WATCH_SECONDS = 0.5
"""How often time and memory of workers are looked at."""
_READY, _SUCCEEDED, _RAISED = "ready", "succeeded", "raised"


class EngineError(RuntimeError):
    """Workers cannot be started; the message says why."""


@dataclass(frozen=True, slots=True)
class BatchResult(Generic[Item, Result]):
    """A batch and the value that the work returned for it."""

    batch: Sequence[Item]
    result: Result


@dataclass(frozen=True, slots=True)
class LostItem(Generic[Item]):
    """An item that killed its worker twice: once within its batch and once alone. `reason` says how the worker died."""

    item: Item
    reason: str


class Engine(Protocol):
    """Runs `work` on each batch and yields the outcomes as they complete, not in the order of `batches`.

    `work` must be a picklable module-level function and its items must be picklable. If a worker dies, the items of its
    batch are retried one by one; an item whose worker dies again is a `LostItem`. An exception raised by `work` ends
    the run and is raised here.
    """

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[BatchResult[Item, Result] | LostItem[Item]]: ...


class SerialEngine:
    """Runs one batch after the other in this process. Best if the work takes less time than starting a worker."""

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[BatchResult[Item, Result] | LostItem[Item]]:
        for batch in batches:
            yield BatchResult(batch, work(batch))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use; one that exceeds it is killed, and its items count as those of a worker that died.

    A batch may take `seconds`, and `seconds_per_item` more for each of its items. `memory` is in bytes; it is watched
    only where the system has `/proc`.
    """

    seconds: float = 120.0
    seconds_per_item: float = 5.0
    memory: int = 4 * 2**30


class ProcessEngine:
    """Runs batches in worker processes on this machine. They are spawned: forking a process with threads may deadlock.

    `concurrent.futures` will not do: its pool breaks when a worker is killed, and it does not report which batch was
    running.
    """

    def __init__(self, workers: int, limits: Limits = Limits()) -> None:
        self.workers = workers
        self.limits = limits

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[BatchResult[Item, Result] | LostItem[Item]]:
        waiting = deque(batches)
        busy: dict[Connection, tuple[_Worker, Sequence[Item]]] = {}
        try:
            while waiting or busy:
                while waiting and len(busy) < self.workers:
                    _send_batch(_Worker(work), waiting.popleft(), busy)
                answered = wait(list(busy), timeout=_WATCH_SECONDS)
                for worker, batch in busy.values():
                    worker.kill_if_over(self.limits, len(batch))
                for connection in answered:
                    assert isinstance(connection, Connection)
                    worker, batch = busy[connection]
                    try:
                        status, value = connection.recv()
                    except (EOFError, OSError):
                        del busy[connection]
                        exit_reason = worker.stop()
                        if not worker.is_ready and worker.process.exitcode != -signal.SIGKILL:
                            raise EngineError(f"a worker process could not be started: it {exit_reason}") from None
                        if len(batch) == 1:
                            yield LostItem(batch[0], exit_reason)
                        else:
                            waiting.extendleft([item] for item in reversed(batch))
                        continue
                    if status == _READY:
                        worker.begin()
                        continue
                    del busy[connection]
                    if status == _SUCCEEDED and waiting:
                        _send_batch(worker, waiting.popleft(), busy)
                    else:
                        worker.stop()
                    if status == _RAISED:
                        raise value
                    yield BatchResult(batch, value)
        finally:
            for worker, _ in busy.values():
                worker.process.kill()
                worker.stop()


class DaskEngine:
    """Runs batches on a Dask cluster, which may span several machines. All machines must see the same folders.

    `address` is the scheduler's address (`tcp://host:8786`); None starts workers on this machine. Requires the package
    `distributed`. The batches of a killed worker go to the other workers.
    """

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self.address = address
        self.workers = workers

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[BatchResult[Item, Result] | LostItem[Item]]:
        distributed: Any = import_module("distributed")
        cluster: dict[str, Any] = {"address": self.address}
        if self.address is None:
            cluster = {
                "n_workers": self.workers or count_available_cores(),
                "threads_per_worker": 1,
                "dashboard_address": None,
            }
        with distributed.Client(**cluster) as client:
            futures = {client.submit(work, batch, pure=False): batch for batch in batches}
            completed = distributed.as_completed(list(futures))
            for future in completed:
                batch = futures.pop(future)
                error = future.exception()
                if isinstance(error, distributed.KilledWorker) and len(batch) > 1:
                    for item in batch:
                        retry = client.submit(work, [item], pure=False)
                        futures[retry] = [item]
                        completed.add(retry)
                elif isinstance(error, distributed.KilledWorker):
                    yield LostItem(batch[0], f"every worker that processed it died: {error}")
                elif error is not None:
                    raise error
                else:
                    yield BatchResult(batch, future.result())


def engine_from_environment() -> Engine | None:
    """Return an engine for the Dask scheduler whose address is in `REVIEWMART_DASK`, or None if it is not set."""
    address = os.environ.get(DASK_VARIABLE)
    return DaskEngine(address) if address else None


def count_available_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A worker process that handles one batch at a time, and this process's end of the pipe to it."""

    def __init__(self, work: Callable[[Sequence[Any]], Any]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, worker_end = context.Pipe()
        self.is_ready = False
        self._started: float | None = None
        self._kill_reason: str | None = None
        # A daemon process does not outlive this process.
        self.process: SpawnProcess = context.Process(
            target=_run_worker, args=(worker_end, pickle.dumps(work)), daemon=True
        )
        self.process.start()
        # If this process kept the worker's end open, the pipe would not close when the worker dies.
        worker_end.close()

    def begin(self) -> None:
        """Start to measure the time: the worker is ready, or it gets another batch."""
        self.is_ready = True
        self._started = time.monotonic()

    def kill_if_over(self, limits: Limits, n_items: int) -> None:
        """Kill the process if it has used more time or memory than allowed for a batch of so many items."""
        if self._started is None or self._kill_reason is not None:
            return
        seconds = limits.seconds + limits.seconds_per_item * n_items
        if time.monotonic() - self._started > seconds:
            self._kill_reason = f"took more than {seconds:.0f} seconds"
        elif _memory_of(self.process.pid) > limits.memory:
            self._kill_reason = f"used more than {limits.memory // 2**20:,} MB of memory"
        if self._kill_reason is not None:
            self.process.kill()

    def stop(self) -> str:
        """Close the pipe, which stops the worker, and return how the process ended."""
        self.connection.close()
        self.process.join()
        if self._kill_reason is not None:
            return self._kill_reason
        code = self.process.exitcode
        return f"killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"


def _memory_of(pid: int | None) -> int:
    """The resident memory of a process in bytes; 0 if the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _send_batch(worker: _Worker, batch: Sequence[Item], busy: dict[Connection, tuple[_Worker, Sequence[Item]]]) -> None:
    # If the worker has died meanwhile, receiving its answer fails too, and that failure is handled.
    with contextlib.suppress(OSError):
        worker.connection.send(batch)
    if worker.is_ready:
        worker.begin()
    busy[worker.connection] = (worker, batch)


def _run_worker(connection: Connection, pickled_work: bytes) -> None:
    """Receive batches and send results until the pipe closes."""
    # One worker per core, so one thread per worker. Must be set before unpickling the work imports Polars.
    os.environ["POLARS_MAX_THREADS"] = "1"
    work = pickle.loads(pickled_work)
    connection.send((_READY, None))
    while True:
        try:
            batch = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = (_SUCCEEDED, work(batch))
        except Exception as error:  # noqa: BLE001 - raised again in the process that sent the batch
            answer = (_RAISED, error)
        connection.send(answer)
