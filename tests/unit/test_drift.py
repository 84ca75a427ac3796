"""Reviews and rows that the last release has and the new one lacks are reported, and so is a damaged last release."""

from pathlib import Path

import dagster as dg

from pipelines.checks.drift import COMPARED_TABLES, find_drift
from pipelines.orchestration.asset_checks import drift
from pipelines.orchestration.resources import Folders
from tests.mini_tables import frames


def test_removed_reviews_and_shrunken_tables_are_drift(tmp_path: Path) -> None:
    heel, toe = {"review_id": "heel"}, {"review_id": "toe"}
    before = frames(
        reviews=(heel, toe),
        sentences=tuple({"sentence_id": number} for number in range(10)),
        bib_references=tuple({"ref_no": number} for number in range(10)),
    )
    for name in COMPARED_TABLES:
        before[name].write_parquet(tmp_path / f"{name}.parquet")
    now = frames(
        # A new review is not drift, and neither is a tenth of the rows.
        reviews=(heel, {"review_id": "ankle"}),
        sentences=(*({"sentence_id": number} for number in range(9)), {"review_id": "ankle", "sentence_id": 1}),
        bib_references=tuple({"ref_no": number} for number in range(8)),
    )
    assert find_drift({name: now[name].lazy() for name in COMPARED_TABLES}, tmp_path) == [
        "toe: only in the last release",
        "bib_references: 8 rows; the last release has 10 for the same reviews",
    ]


def test_a_damaged_last_release_fails_the_drift_check(tmp_path: Path) -> None:
    last = tmp_path / "releases" / "r000000000000"
    (last / "parquet").mkdir(parents=True)
    (last / "parquet" / "reviews.parquet").write_bytes(b"PAR1")
    (tmp_path / "latest").symlink_to(last)
    found = drift(Folders(out=str(tmp_path), frames=str(tmp_path / "frames")))
    assert isinstance(found, dg.AssetCheckResult)
    assert not found.passed
    assert str(found.description).startswith("not compared: the last release is damaged")
    assert str(last) in str(found.description)
