"""Tables that contain only the given rows; columns that a row leaves out are NULL."""

from collections.abc import Mapping

import polars as pl

from schemas.tables import SPECS

Record = Mapping[str, object]


def rows(table: str, *records: Record, review_id: str = "r") -> pl.DataFrame:
    """A table with these rows, of this review unless a row names another."""
    return pl.DataFrame([{"review_id": review_id, **record} for record in records], schema=SPECS[table].polars_schema)


def frames(**tables: tuple[Record, ...]) -> dict[str, pl.DataFrame]:
    """All tables with only these rows, of the review `heel` unless a row names another."""
    return {name: rows(name, *tables.get(name, ()), review_id="heel") for name in SPECS}


def designs(*coded: tuple[int, str, str, int | None]) -> pl.DataFrame:
    """`reference_designs` from (ref_no, design_id, basis, ocebm_level)."""
    return rows(
        "reference_designs",
        *({"ref_no": ref, "design_id": d, "basis": basis, "ocebm_level": level} for ref, d, basis, level in coded),
    )
