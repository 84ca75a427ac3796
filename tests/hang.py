"""What tells a hang from a slow machine: how time grows with size is measured in tests/benchmarks, not here."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CPU_SECONDS = 20.0
"""Far above what any of the inputs takes (below a second), far below what quadratic work on them would take."""


@contextmanager
def must_end() -> Iterator[None]:
    """Fails, and interrupts, what takes more than `CPU_SECONDS` of this process's own processor time."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {CPU_SECONDS:.0f} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
