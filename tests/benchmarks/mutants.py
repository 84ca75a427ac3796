"""Changes single lines of the code at random and reports the share of changes that the tests detect.

    python -m tests.benchmarks.mutants --n 40 --seed 1 [--under pipelines/extract] [--tests tests/unit tests/data]

Each mutant changes one operator, condition or number in a copy of the project. The tests that import the changed module
run first, then all tests; the first failure ends the run. If no test fails, the mutant is printed with its place, so
that a test can be written for it. Some survivors are equivalent mutants: the changed program behaves the same.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("pipelines", "schemas")
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
OPERATORS: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "*"}
PATIENCE = 5
"""Tests that take this many times as long as without a mutant are stopped, and the mutant counts as detected."""

MAX_SECONDS = 3600
"""The limit for the tests without a mutant."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of line `line` (1-based) of `path` from `before` to `after`."""

    path: Path
    line: int
    before: str
    after: str


def make_mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file that changes an expression within one line."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()

    def replace(node: ast.expr, new: str) -> Iterator[Mutant]:
        if node.lineno != node.end_lineno or node.end_col_offset is None:
            return
        line = lines[node.lineno - 1].encode()
        after = (line[: node.col_offset] + new.encode() + line[node.end_col_offset :]).decode()
        if after != line.decode():
            yield Mutant(path, node.lineno, line.decode(), after)

    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in COMPARISONS:
                new = f"{ast.unparse(left)} {COMPARISONS[type(operator)]} {ast.unparse(right)}"
                yield from replace(node, f"({new})")
            case ast.BoolOp(op=operator, values=values):
                joined = (" or " if isinstance(operator, ast.And) else " and ").join(
                    f"({ast.unparse(value)})" for value in values
                )
                yield from replace(node, f"({joined})")
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                yield from replace(node, f"({ast.unparse(left)} {OPERATORS[type(operator)]} {ast.unparse(right)})")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from replace(node, f"bool({ast.unparse(operand)})")
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield from replace(test, f"(not ({ast.unparse(test)}))")
            case ast.Constant(value=bool(value)):
                yield from replace(node, str(not value))
            case ast.Constant(value=int(value)):
                yield from replace(node, str(value + 1))


def find_tests(module: str, folders: list[str]) -> list[str]:
    """Return the test files that name a module."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("test_*.py")
        if module in path.read_text(encoding="utf-8")
    )


def find_failure(copy: Path, tests: list[str], seconds: float) -> str | None:
    """The first test that fails in the copy of the project, or `timeout` after `seconds`; None if all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-n", "2", "-p", "no:cacheprovider", *tests]
    try:
        completed = subprocess.run(
            command,
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            # Tests that start processes may fail if the standard input is closed, as in the background.
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    if completed.returncode in (0, 5):
        return None
    output = completed.stdout + completed.stderr
    return next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), output[-2000:])


def find_detector(mutant: Mutant, copy: Path, folders: list[str], seconds: float) -> str | None:
    """The first test that fails with the mutant in the copy of the project; None if all pass within `seconds`."""
    relative = mutant.path.relative_to(ROOT)
    lines = mutant.path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[mutant.line - 1] = mutant.after + "\n"
    target = copy / relative
    target.write_text("".join(lines), encoding="utf-8")
    module = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
    nearest = find_tests(module, folders)
    try:
        return (find_failure(copy, nearest, seconds) if nearest else None) or find_failure(copy, folders, seconds)
    finally:
        shutil.copy(mutant.path, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=40, help="number of mutants")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choice")
    parser.add_argument("--under", nargs="+", default=list(PRODUCT), help="folders or files to change")
    parser.add_argument("--tests", nargs="+", default=["tests/unit", "tests/data"], help="folders of tests to run")
    options = parser.parse_args()
    files = [
        path
        for place in options.under
        for path in ([ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*.py")))
    ]
    candidates = [mutant for path in files for mutant in make_mutants(path)]
    mutants = random.Random(options.seed).sample(candidates, min(options.n, len(candidates)))
    n_detected = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".git", "outputs", ".venv", "__pycache__", ".hypothesis", "*.egg-info")
        shutil.copytree(ROOT, copy, ignore=ignored)
        (copy / "outputs").mkdir()
        started = time.monotonic()
        if failure := find_failure(copy, options.tests, MAX_SECONDS):
            raise SystemExit(f"a test fails without any mutant: {failure}")
        seconds = PATIENCE * (time.monotonic() - started)
        for number, mutant in enumerate(mutants, start=1):
            started = time.monotonic()
            detector = find_detector(mutant, copy, options.tests, seconds)
            n_detected += detector is not None
            place = f"{mutant.path.relative_to(ROOT)}:{mutant.line}"
            taken = time.monotonic() - started
            print(f"{number:3} {'detected' if detector else 'SURVIVED'} {taken:5.0f} s  {place}", flush=True)
            print(
                f"      - {mutant.before.strip()}\n      + {mutant.after.strip()}\n      {detector or ''}", flush=True
            )
    share = n_detected / len(mutants)
    print(f"{n_detected} of {len(mutants)} detected ({share:.0%}); {len(candidates):,} mutants possible")


if __name__ == "__main__":
    main()
