"""The engines that spread batches: results, errors, and workers that are killed."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.common.workers import Dask, Done, Engine, InThisProcess, Lost, Processes


def doubled(batch: Sequence[int]) -> list[int]:
    return [2 * item for item in batch]


def refuses_seven(batch: Sequence[int]) -> int:
    if 7 in batch:
        raise ValueError("seven is too much")
    return len(batch)


def dies_of(batch: Sequence[tuple[str, int]]) -> int:
    """Kills its own process at a negative number: always at -1, and at -2 only the first time."""
    for folder, item in batch:
        mark = Path(folder) / "died"
        if item == -1 or (item == -2 and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return len(batch)


def needs_its_name(batch: Sequence[int]) -> int:
    return os.getpid() + 0 * len(batch)


@pytest.mark.parametrize("engine", [InThisProcess(), Processes(1), Processes(3)])
def test_every_batch_is_done_once(engine: Engine) -> None:
    batches = [[1, 2], [3], [4, 5, 6], [7]]
    outcomes = list(engine.run(doubled, batches))
    assert sorted((list(done.batch), done.result) for done in outcomes if isinstance(done, Done)) == [
        ([1, 2], [2, 4]),
        ([3], [6]),
        ([4, 5, 6], [8, 10, 12]),
        ([7], [14]),
    ]


def test_work_is_done_in_other_processes() -> None:
    pids = {done.result for done in Processes(2).run(needs_its_name, [[1], [2], [3]]) if isinstance(done, Done)}
    assert os.getpid() not in pids
    assert 1 <= len(pids) <= 2


@pytest.mark.parametrize("engine", [InThisProcess(), Processes(2)])
def test_what_the_work_raises_is_raised_here(engine: Engine) -> None:
    with pytest.raises(ValueError, match="seven is too much"):
        list(engine.run(refuses_seven, [[1], [7], [3]]))


def test_a_killed_worker_loses_only_the_item_that_kills_again(tmp_path: Path) -> None:
    folder = str(tmp_path)
    batches = [[(folder, 1), (folder, -1), (folder, 2)], [(folder, 3)]]
    outcomes = list(Processes(2).run(dies_of, batches))
    lost = [outcome for outcome in outcomes if isinstance(outcome, Lost)]
    assert [(outcome.item, outcome.reason) for outcome in lost] == [((folder, -1), "killed by signal 9")]
    done = [item for outcome in outcomes if isinstance(outcome, Done) for item in outcome.batch]
    assert sorted(item for _, item in done) == [1, 2, 3]


def test_a_worker_killed_once_loses_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path)
    outcomes = list(Processes(2).run(dies_of, [[(folder, -2), (folder, 5)], [(folder, 6)]]))
    assert not any(isinstance(outcome, Lost) for outcome in outcomes)
    assert sum(outcome.result for outcome in outcomes if isinstance(outcome, Done)) == 3


def test_a_dask_cluster_finishes_though_a_worker_is_killed(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the package distributed (extra: cluster) is not installed")
    folder = str(tmp_path)
    batches = [[(folder, 1)], [(folder, -2), (folder, 2)], [(folder, 3)]]
    outcomes = list(Dask(workers=2).run(dies_of, batches))
    assert not any(isinstance(outcome, Lost) for outcome in outcomes)
    assert sum(outcome.result for outcome in outcomes if isinstance(outcome, Done)) == 4
    assert (tmp_path / "died").exists()
