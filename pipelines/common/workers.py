"""Work spread over processes or machines: one small interface, `Engine`, and the engines behind it.

Belongs here: handing batches to workers, and what becomes of a batch whose worker dies. What a batch holds and what is
done with it is the caller's; nothing here knows of reviews, and nothing here imports Polars, so that a worker can
choose its number of threads before Polars is loaded.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


Progress = Callable[[int, int], None]
"""Called with how many items are done, and of how many."""


def unwatched(done: int, total: int) -> None:
    """Progress that nobody watches."""


_READY, _DONE, _RAISED = "ready", "done", "raised"


class EngineError(RuntimeError):
    """Work cannot be spread; the message says why."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Item, Result]):
    """A batch, and what the work made of it."""

    batch: Sequence[Item]
    result: Result


@dataclass(frozen=True, slots=True)
class Lost(Generic[Item]):
    """An item that took its worker down with it, twice: in its batch and alone. `reason` says how the worker ended."""

    item: Item
    reason: str


class Engine(Protocol):
    """Runs `work` on each batch. Outcomes come in the order in which they are ready, which is not that of `batches`.

    `work` and the items must be picklable, and `work` a function of a module. A batch whose worker dies is done again,
    item by item; only an item whose worker dies then too is `Lost`. What `work` raises ends the run and is raised here.
    """

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]: ...


class InThisProcess:
    """One batch after the other, here: for work too small to be worth a worker's start."""

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        for batch in batches:
            yield Done(batch, work(batch))


class Processes:
    """Processes of this machine. They are started anew (spawned), as a fork of a process with threads may hang.

    Not `concurrent.futures`: its pool breaks as a whole when one worker is killed, and does not say at which batch.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        waiting = deque(batches)
        busy: dict[Connection, tuple[_Worker, Sequence[Item]]] = {}
        try:
            while waiting or busy:
                while waiting and len(busy) < self.workers:
                    _hand_out(_Worker(work), waiting.popleft(), busy)
                for connection in wait(list(busy)):
                    assert isinstance(connection, Connection)
                    worker, batch = busy[connection]
                    try:
                        kind, value = connection.recv()
                    except (EOFError, OSError):
                        del busy[connection]
                        ending = worker.end()
                        if not worker.is_ready and worker.process.exitcode != -signal.SIGKILL:
                            raise EngineError(f"a worker could not be started: it {ending}") from None
                        if len(batch) == 1:
                            yield Lost(batch[0], ending)
                        else:
                            waiting.extendleft([item] for item in reversed(batch))
                        continue
                    if kind == _READY:
                        worker.is_ready = True
                        continue
                    del busy[connection]
                    if kind == _DONE and waiting:
                        _hand_out(worker, waiting.popleft(), busy)
                    else:
                        worker.end()
                    if kind == _RAISED:
                        raise value
                    yield Done(batch, value)
        finally:
            for worker, _ in busy.values():
                worker.process.kill()
                worker.end()


class Dask:
    """Workers of a Dask cluster, on as many machines as it has. The folders that `work` names must be the same on all.

    `address` is the scheduler's (`tcp://host:8786`); None starts workers on this machine. Needs the package
    `distributed`. A killed worker's batches go to the others.
    """

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self.address = address
        self.workers = workers

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Sequence[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        dask: Any = import_module("distributed")
        where: dict[str, Any] = {"address": self.address}
        if self.address is None:
            where = {"n_workers": self.workers or cores(), "threads_per_worker": 1, "dashboard_address": None}
        with dask.Client(**where) as client:
            futures = {client.submit(work, batch, pure=False): batch for batch in batches}
            ready = dask.as_completed(list(futures))
            for future in ready:
                batch = futures.pop(future)
                error = future.exception()
                if isinstance(error, dask.KilledWorker) and len(batch) > 1:
                    for item in batch:
                        again = client.submit(work, [item], pure=False)
                        futures[again] = [item]
                        ready.add(again)
                elif isinstance(error, dask.KilledWorker):
                    yield Lost(batch[0], f"every worker that read it died: {error}")
                elif error is not None:
                    raise error
                else:
                    yield Done(batch, future.result())


def chosen() -> Engine | None:
    """The engine that `REVIEWMART_DASK`, the address of a Dask scheduler, chooses; None where it is not set."""
    address = os.environ.get("REVIEWMART_DASK")
    return Dask(address) if address else None


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A process that does one batch at a time, and this process's end of the pipe to it."""

    def __init__(self, work: Callable[[Sequence[Any]], Any]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.is_ready = False
        # Daemonic: it must not outlive this process.
        self.process: SpawnProcess = context.Process(target=_serve, args=(theirs, pickle.dumps(work)), daemon=True)
        self.process.start()
        # With this end closed the pipe ends when the worker does.
        theirs.close()

    def end(self) -> str:
        """Close the pipe, at which the worker stops, and say how it ended."""
        self.connection.close()
        self.process.join()
        code = self.process.exitcode
        return f"killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"


def _hand_out(worker: _Worker, batch: Sequence[Item], busy: dict[Connection, tuple[_Worker, Sequence[Item]]]) -> None:
    # A worker that died meanwhile is noticed where its answer is awaited.
    with contextlib.suppress(OSError):
        worker.connection.send(batch)
    busy[worker.connection] = (worker, batch)


def _serve(connection: Connection, pickled_work: bytes) -> None:
    """A worker's life: batches in, results out, until the pipe ends."""
    # One thread a worker, as there is a worker a core. Before the work, and Polars with it, is loaded.
    os.environ["POLARS_MAX_THREADS"] = "1"
    work = pickle.loads(pickled_work)
    connection.send((_READY, None))
    while True:
        try:
            batch = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = (_DONE, work(batch))
        except Exception as error:  # noqa: BLE001 - raised again in the process that handed the batch out
            answer = (_RAISED, error)
        connection.send(answer)
