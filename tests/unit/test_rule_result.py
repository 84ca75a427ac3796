"""Results of a rule: counts and findings of batches add up, and only the first findings are listed."""

from collections import Counter

from pipelines.checks.rule_result import RuleResult


def test_results_of_two_batches_add_up() -> None:
    both = RuleResult.from_findings(3, ["a: gone"]) + RuleResult.from_findings(4, ["b: gone"])
    assert (both.n_checked, both.n_findings, both.message) == (7, 2, "a: gone\nb: gone")
    uncoded = RuleResult(10, 2) + RuleResult(5, 0)
    assert (uncoded.n_findings, uncoded.message) == (2, "2 of 15 have no code")
    assert (RuleResult(3) + RuleResult(4)).message is None


def test_only_the_listed_findings_are_kept() -> None:
    one = RuleResult.from_findings(100, [f"a: row {number}" for number in range(25)])
    both = one + RuleResult.from_findings(100, [f"b: row {number}" for number in range(15)])
    assert (len(one.listed), one.n_findings) == (10, 25)
    assert (len(both.listed), both.n_checked, both.n_findings) == (10, 200, 40)
    assert both.message is not None
    assert both.message.splitlines()[0] == "a: row 0"
    assert both.message.splitlines()[9:] == ["a: row 9", "and 30 more"]


def test_unknown_names_are_counted_over_all_batches() -> None:
    one = RuleResult(5, 3, unknown_names=Counter({"Spine J": 2, "Cureus": 1}))
    other = RuleResult(5, 2, unknown_names=Counter({"Cureus": 2}))
    assert (one + other).message == "'Cureus' (3)\n'Spine J' (2)"
