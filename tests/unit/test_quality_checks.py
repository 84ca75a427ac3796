"""The table `quality_checks`: the checks of several batches are merged into one row each."""

import polars as pl

from pipelines.checks.quality_checks import merge_checks
from schemas.tables import SPECS

COLUMNS = SPECS["quality_checks"].polars_schema


def test_a_check_that_fails_in_one_batch_fails() -> None:
    rows = {"check_id": "spans", "subject_table": "sections", "description": "d", "severity": "error"}
    good = pl.DataFrame([{**rows, "n_checked": 5, "n_findings": 0, "passed": True, "message": None}], schema=COLUMNS)
    bad = pl.DataFrame([{**rows, "n_checked": 2, "n_findings": 1, "passed": False, "message": "m"}], schema=COLUMNS)
    assert merge_checks([good, bad]).row(0)[4:] == (7, 1, False, "m")
