"""What `reviewmart check` prints of the results of checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.release import verify
from pipelines.release.verify import CheckResult

HASHES = CheckResult("hashes", passed=True, detail="9 files")
KEYS = CheckResult("keys", passed=False, detail="studies[1] has no key")


def run_check(monkeypatch: pytest.MonkeyPatch, release: Path, *results: CheckResult) -> tuple[int, list[str]]:
    """The exit status and the printed lines of `check`, if a release has these results."""
    monkeypatch.setattr(verify, "check_release", lambda folder: list(results))  # noqa: ARG005
    result = CliRunner().invoke(app, ["check", str(release)])
    return result.exit_code, result.output.splitlines()


def test_marks_each_check_that_passed_or_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    status, lines = run_check(monkeypatch, tmp_path, HASHES, KEYS)
    assert lines == ["ok   hashes: 9 files", "FAIL keys: studies[1] has no key", "error: 1 of 2 checks failed"]
    assert status == 1


def test_succeeds_if_all_checks_passed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    status, lines = run_check(monkeypatch, tmp_path, HASHES)
    assert lines == ["ok   hashes: 9 files", "1 checks passed"]
    assert status == 0
