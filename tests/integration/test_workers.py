"""The engines that process batches: their results, errors raised by the work, and killed workers."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipelines.common.workers import BatchResult, DaskEngine, Engine, Limits, LostItem, ProcessEngine, SerialEngine


def double(batch: Sequence[int]) -> list[int]:
    return [2 * item for item in batch]


def reject_seven(batch: Sequence[int]) -> int:
    if 7 in batch:
        raise ValueError("seven is not allowed")
    return len(batch)


def die_at_negative_numbers(batch: Sequence[tuple[str, int]]) -> int:
    """Kill this process at a negative number: every time at -1, only the first time at -2."""
    for folder, item in batch:
        marker = Path(folder) / "died"
        if item == -1 or (item == -2 and not marker.exists()):
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return len(batch)


def hang_at_seven(batch: Sequence[int]) -> int:
    if 7 in batch:
        time.sleep(600)
    return len(batch)


def grow_at_seven(batch: Sequence[int]) -> int:
    held = []
    while 7 in batch:
        held.append(bytearray(b"x") * 2**24)
        time.sleep(0.01)
    return len(batch)


def get_process_id(batch: Sequence[int]) -> int:
    return os.getpid() + 0 * len(batch)


@pytest.mark.parametrize("engine", [SerialEngine(), ProcessEngine(1), ProcessEngine(3)])
def test_processes_every_batch_once(engine: Engine) -> None:
    batches = [[1, 2], [3], [4, 5, 6], [7]]
    outcomes = list(engine.run(double, batches))
    assert sorted((list(item.batch), item.result) for item in outcomes if isinstance(item, BatchResult)) == [
        ([1, 2], [2, 4]),
        ([3], [6]),
        ([4, 5, 6], [8, 10, 12]),
        ([7], [14]),
    ]


def test_runs_the_work_in_other_processes() -> None:
    process_ids = {
        outcome.result
        for outcome in ProcessEngine(2).run(get_process_id, [[1], [2], [3]])
        if isinstance(outcome, BatchResult)
    }
    assert os.getpid() not in process_ids
    assert 1 <= len(process_ids) <= 2


@pytest.mark.parametrize("engine", [SerialEngine(), ProcessEngine(2)])
def test_raises_the_error_of_the_work(engine: Engine) -> None:
    with pytest.raises(ValueError, match="seven is not allowed"):
        list(engine.run(reject_seven, [[1], [7], [3]]))


def test_loses_only_the_item_that_kills_its_worker_twice(tmp_path: Path) -> None:
    folder = str(tmp_path)
    batches = [[(folder, 1), (folder, -1), (folder, 2)], [(folder, 3)]]
    outcomes = list(ProcessEngine(2).run(die_at_negative_numbers, batches))
    lost = [outcome for outcome in outcomes if isinstance(outcome, LostItem)]
    assert [(outcome.item, outcome.reason) for outcome in lost] == [((folder, -1), "killed by signal 9")]
    done = [item for outcome in outcomes if isinstance(outcome, BatchResult) for item in outcome.batch]
    assert sorted(item for _, item in done) == [1, 2, 3]


@pytest.mark.parametrize(
    ("work", "limits", "reason"),
    [
        (hang_at_seven, Limits(seconds=1.5, seconds_per_item=0.0), "took more than 2 seconds"),
        (grow_at_seven, Limits(memory=600 * 2**20), "used more than 600 MB of memory"),
    ],
)
def test_kills_a_worker_that_exceeds_its_limits(
    work: Callable[[Sequence[int]], int], limits: Limits, reason: str
) -> None:
    outcomes = list(ProcessEngine(2, limits).run(work, [[1, 7, 2], [3]]))
    assert [(item.item, item.reason) for item in outcomes if isinstance(item, LostItem)] == [(7, reason)]
    done = [item for outcome in outcomes if isinstance(outcome, BatchResult) for item in outcome.batch]
    assert sorted(done) == [1, 2, 3]


def test_retries_the_batch_of_a_worker_killed_once(tmp_path: Path) -> None:
    folder = str(tmp_path)
    outcomes = list(ProcessEngine(2).run(die_at_negative_numbers, [[(folder, -2), (folder, 5)], [(folder, 6)]]))
    assert not any(isinstance(outcome, LostItem) for outcome in outcomes)
    assert sum(outcome.result for outcome in outcomes if isinstance(outcome, BatchResult)) == 3


def test_a_dask_cluster_survives_a_killed_worker(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the package distributed (extra: cluster) is not installed")
    folder = str(tmp_path)
    batches = [[(folder, 1)], [(folder, -2), (folder, 2)], [(folder, 3)]]
    outcomes = list(DaskEngine(workers=2).run(die_at_negative_numbers, batches))
    assert not any(isinstance(outcome, LostItem) for outcome in outcomes)
    assert sum(outcome.result for outcome in outcomes if isinstance(outcome, BatchResult)) == 4
    assert (tmp_path / "died").exists()
