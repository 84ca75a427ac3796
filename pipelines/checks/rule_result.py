"""The result of a rule: how many rows it checked, how many findings it made, and the message that reports them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MAX_LISTED = 10
"""The number of findings that a message lists."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The result of a rule for some reviews; the sum of two results is the result for both groups of reviews.

    `listed` has the first `MAX_LISTED` findings as sentences. A rule about names that no vocabulary has fills
    `unknown_names` instead, and a coverage rule fills neither.
    """

    n_checked: int
    n_findings: int = 0
    listed: list[str] = field(default_factory=list)
    unknown_names: Counter[str] = field(default_factory=Counter)

    @classmethod
    def from_findings(cls, n_checked: int, findings: list[str]) -> RuleResult:
        return cls(n_checked, len(findings), findings[:MAX_LISTED])

    def __add__(self, other: RuleResult) -> RuleResult:
        return RuleResult(
            self.n_checked + other.n_checked,
            self.n_findings + other.n_findings,
            (self.listed + other.listed)[:MAX_LISTED],
            self.unknown_names + other.unknown_names,
        )

    @property
    def message(self) -> str | None:
        """The findings in words, one per line; None without findings."""
        if self.unknown_names:
            counts = sorted(self.unknown_names.items(), key=lambda item: (-item[1], item[0]))
            return format_findings([f"'{name}' ({n})" for name, n in counts[:MAX_LISTED]], len(counts))
        if self.n_findings and not self.listed:
            return f"{self.n_findings} of {self.n_checked} have no code"
        return format_findings(self.listed, self.n_findings) or None


def format_findings(listed: list[str], n_findings: int) -> str:
    """One line per listed finding, and a line with the number of the others."""
    more = [f"and {n_findings - len(listed)} more"] if n_findings > len(listed) else []
    return "\n".join([*listed, *more])
