"""Claims by modality, outcome and direction, with the designs of the references behind them."""

import polars as pl
import pytest

from pipelines.analysis.evidence import evidence_map
from tests.mini_tables import designs, rows


def modalities_of_claims(*pairs: tuple[int, str, str]) -> pl.DataFrame:
    """`claim_modalities` from (claim_id, modality, level-1 modality)."""
    return rows(
        "claim_modalities",
        *(
            {"claim_id": claim_id, "modality_id": modality, "modality_group_id": top}
            for claim_id, modality, top in pairs
        ),
    )


def claim(
    claim_id: int, row_no: int, ref_no: int | None, direction: str, polarity: str = "neutral"
) -> dict[str, object]:
    return {
        "claim_id": claim_id,
        "table_no": 1,
        "row_no": row_no,
        "ref_no": ref_no,
        "outcome_id": "pain",
        "direction": direction,
        "polarity": polarity,
        "is_hedged": claim_id == 1,
    }


@pytest.fixture(name="cells")
def _cells() -> dict[str, dict[str, object]]:
    claims = rows(
        "claims",
        claim(1, 1, 12, "improved", "favourable"),
        claim(2, 1, 12, "improved", "favourable"),
        claim(3, 2, 3, "improved", "favourable"),
        claim(4, 3, None, "improved", "unfavourable"),
        claim(5, 2, 3, "worsened", "unfavourable"),
    )
    coded = modalities_of_claims(*((claim_id, "open", "surgery") for claim_id in range(1, 6)))
    stated = designs(
        (12, "case_report", "stated", 4),
        (12, "matched_pair_analysis", "stated", 3),
        (12, "systematic_review", "inferred", 1),
        (3, "comparative_cohort", "stated", 3),
        (3, "technical_report", "stated", None),
    )
    frame = evidence_map(claims, coded, stated)
    return {row["direction"]: row for row in frame.to_dicts()}


def test_claims_rows_and_references_of_a_cell_are_counted_separately(cells: dict[str, dict[str, object]]) -> None:
    improved = cells["improved"]
    names = ("n_claims", "n_claims_total", "n_hedged", "n_favourable", "n_unfavourable", "n_studies", "n_references")
    assert [improved[name] for name in names] == [4, 5, 1, 3, 1, 3, 2]
    assert improved["share"] == pytest.approx(0.8)
    assert improved["ref_nos"] == "3; 12"
    assert cells["worsened"]["ref_nos"] == "3"


def test_the_strongest_designs_are_the_stated_ones_with_the_lowest_level(cells: dict[str, dict[str, object]]) -> None:
    improved = cells["improved"]
    assert (improved["strongest_level"], improved["strongest_designs"]) == (
        3,
        "comparative_cohort; matched_pair_analysis",
    )
    assert improved["n_design_stated"] == 2


def test_the_strongest_design_is_null_if_no_stated_design_has_a_level() -> None:
    claims = rows("claims", claim(1, 1, 1, "improved"), claim(2, 2, None, "worsened"))
    coded = modalities_of_claims((1, "arc", "beam"), (2, "not_stated", "not_stated"))
    frame = evidence_map(claims, coded, designs((1, "technical_report", "stated", None)))
    assert frame.select(
        "modality_id", "direction", "ref_nos", "n_references", "n_design_stated", "strongest_level", "strongest_designs"
    ).rows() == [("arc", "improved", "1", 1, 1, None, None), ("not_stated", "worsened", None, 0, 0, None, None)]


def test_claims_of_options_are_left_out() -> None:
    point = {**claim(1, 1, None, "improved"), "table_no": 2, "point_no": 1}
    frame = evidence_map(rows("claims", point), modalities_of_claims((1, "arc", "beam")), designs())
    assert frame.is_empty()
