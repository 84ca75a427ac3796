"""Counts by year, with a vocabulary of three levels."""

import polars as pl

from pipelines.analysis.trends import modality_trends, publication_trends
from schemas.tables import SPECS
from tests.mini_tables import designs, rows


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


def test_every_pair_has_a_row_per_year_and_totals_count_a_reference_once() -> None:
    # 1 names two narrower concepts of surgery, and beam; 2 has no year; 3 names no modality; 2001 has no reference.
    frame = publication_trends(
        references(r1=2000, r2=None, r3=2002, r4=2002),
        topics((1, "open"), (1, "robotic"), (1, "arc"), (2, "open"), (4, "beam")),
        designs(
            (1, "case_report", "stated", 4), (3, "case_report", "inferred", 4), (4, "not_stated", "not_stated", None)
        ),
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
