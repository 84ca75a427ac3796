"""Counts by year, and claims by modality, with a vocabulary of three levels."""

import polars as pl
import pytest

from pipelines.analysis import evidence_map, modality_trends, publication_trends
from schemas.tables import SPECS

R = {"review_id": "r"}


def rows(table: str, *records: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([R | record for record in records], schema=SPECS[table].polars_schema)


def vocabulary() -> pl.DataFrame:
    tree = {"surgery": None, "open": "surgery", "keyhole": "surgery", "robotic": "keyhole", "beam": None, "arc": "beam"}
    level = {"surgery": 1, "open": 2, "keyhole": 2, "robotic": 3, "beam": 1, "arc": 2}
    return pl.DataFrame(
        [
            {"scheme": "modality", "concept_id": concept, "parent_id": parent, "level": level[concept]}
            for concept, parent in tree.items()
        ]
        # The same id in another scheme.
        + [{"scheme": "outcome", "concept_id": "open", "parent_id": None, "level": 1}],
        schema=SPECS["concepts"].polars_schema,
    )


CONCEPTS = vocabulary()


def references(**years: int | None) -> pl.DataFrame:
    return rows("bib_references", *({"ref_no": int(name[1:]), "year": year} for name, year in years.items()))


def topics(*pairs: tuple[int, str]) -> pl.DataFrame:
    named = ({"ref_no": ref, "scheme": "modality", "concept_id": concept} for ref, concept in pairs)
    return rows("reference_topics", *named, {"ref_no": 1, "scheme": "region", "concept_id": "cervical"})


def designs(*coded: tuple[int, str, str, int | None]) -> pl.DataFrame:
    return rows(
        "reference_designs",
        *({"ref_no": ref, "design_id": d, "basis": basis, "ocebm_level": level} for ref, d, basis, level in coded),
    )


def test_every_pair_has_a_row_per_year_and_totals_count_a_reference_once() -> None:
    # 1 names two narrower concepts of surgery, and beam; 2 has no year; 3 names no modality; 2001 has no reference.
    frame = publication_trends(
        references(r1=2000, r2=None, r3=2002, r4=2002),
        topics((1, "open"), (1, "robotic"), (1, "arc"), (2, "open"), (4, "beam")),
        designs((1, "case_report", "stated", 4), (3, "case_report", "inferred", 4), (4, "not_stated", "stated", None)),
        CONCEPTS,
    )
    assert frame.drop("review_id").rows() == [
        (2000, "beam", "case_report", 1, 1, 1.0),
        (2000, "beam", "not_stated", 0, 1, 0.0),
        (2000, "not_stated", "not_stated", 0, 1, 0.0),
        (2000, "surgery", "case_report", 1, 1, 1.0),
        (2001, "beam", "case_report", 0, 0, None),
        (2001, "beam", "not_stated", 0, 0, None),
        (2001, "not_stated", "not_stated", 0, 0, None),
        (2001, "surgery", "case_report", 0, 0, None),
        (2002, "beam", "case_report", 0, 2, 0.0),
        (2002, "beam", "not_stated", 1, 2, 0.5),
        (2002, "not_stated", "not_stated", 1, 2, 0.5),
        (2002, "surgery", "case_report", 0, 2, 0.0),
    ]


def test_a_broad_modality_includes_narrower_ones_once_and_excludes_comparators() -> None:
    study = {"table_no": 1}
    frame = modality_trends(
        references(r1=2000, r2=2001),
        topics((1, "robotic"), (1, "open"), (2, "arc")),
        rows(
            "studies",
            study | {"row_no": 1, "ref_no": 1, "year": 1990},  # the reference's year counts
            study | {"row_no": 2, "ref_no": None, "year": 2002},  # no reference: the label's
            study | {"row_no": 3, "ref_no": None, "year": None},  # neither: left out
        ),
        rows(
            "study_modalities",
            study | {"row_no": 1, "concept_id": "open", "role": "primary"},
            study | {"row_no": 1, "concept_id": "keyhole", "role": "component"},
            study | {"row_no": 1, "concept_id": "arc", "role": "comparator"},
            study | {"row_no": 2, "concept_id": "arc", "role": "primary"},
            study | {"row_no": 3, "concept_id": "arc", "role": "primary"},
        ),
        CONCEPTS,
    )
    seen = frame.filter((pl.col("n_references") > 0) | (pl.col("n_studies") > 0))
    assert seen.select("year", "modality_id", "level", "n_references", "n_studies").rows() == [
        (2000, "keyhole", 2, 1, 1),
        (2000, "open", 2, 1, 1),
        (2000, "robotic", 3, 1, 0),
        (2000, "surgery", 1, 1, 1),
        (2001, "arc", 2, 1, 0),
        (2001, "beam", 1, 1, 0),
        (2002, "arc", 2, 0, 1),
        (2002, "beam", 1, 0, 1),
    ]
    assert frame.height == 6 * 3
    last = frame.filter((pl.col("year") == 2002) & (pl.col("modality_id") == "beam"))
    assert last.select("n_references_total", "share_references", "n_studies_total", "share_studies").row(0) == (
        0,
        None,
        1,
        1.0,
    )


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
