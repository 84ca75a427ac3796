"""Hang tests use a limit of CPU time, not timing ratios. How time grows with size is measured in tests/benchmarks."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CPU_SECONDS = 20.0
"""Far above the CPU time of each of the inputs (below a second), far below that of quadratic work on them."""

HOSTILE_CELLS = (
    "pain improved and " * 6000,
    "more likely to have pain require " * 3000,
    "SRS was better than " * 5000,
    "not " * 25_000,
    "a" * 100_000,
    ";" * 100_000,
    "(" * 100_000,
)
"""Cells of an evidence table that are far longer than any printed one."""


@contextmanager
def must_end() -> Iterator[None]:
    """Interrupts its block and fails if the block uses more than `CPU_SECONDS` of this process's CPU time."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {CPU_SECONDS:.0f} s of CPU time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
