"""What a rule counted and what it found, and how that reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

SHOWN = 10
"""How many findings a message names."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule looked at and what it found fault with, each fault in words, or counted by what is at fault.

    The counts of some reviews and of others, added, are those of both. Of the faults only those to be shown are kept:
    a corpus may have millions.
    """

    n_checked: int
    faults: list[str] = field(default_factory=list)
    n_faults: int | None = None
    names: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        if self.n_faults is None:
            object.__setattr__(self, "n_faults", len(self.faults))
        object.__setattr__(self, "faults", self.faults[:SHOWN])

    @property
    def n_findings(self) -> int:
        return self.n_faults or 0

    def __add__(self, other: RuleResult) -> RuleResult:
        return RuleResult(
            self.n_checked + other.n_checked,
            self.faults + other.faults,
            self.n_findings + other.n_findings,
            self.names + other.names,
        )

    @property
    def message(self) -> str | None:
        if self.names:
            names = sorted(self.names.items(), key=lambda item: (-item[1], item[0]))
            return finding_lines([f"'{name}' ({n})" for name, n in names[:SHOWN]], len(names))
        if self.n_findings and not self.faults:
            return f"{self.n_findings} of {self.n_checked} have no code"
        return finding_lines(self.faults, self.n_findings) or None


def finding_lines(shown: list[str], n: int) -> str:
    """The findings that are shown, one a line, of `n` that there are."""
    return "\n".join([*shown, f"and {n - len(shown)} more"] if n > len(shown) else shown)
